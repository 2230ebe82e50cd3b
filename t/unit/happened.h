/* What a simulation, or a scheduler, did: an event as the tests read it. */
#ifndef UNIT_HAPPENED_H
#define UNIT_HAPPENED_H

#include "lib/base/compat.h"
#include "lib/base/strbuf.h"
#include "lib/schedule/simulate.h"

static inline void
print_happened(struct strbuf *sb, const struct simulated *event,
    const char *end)
{
	static const char *const verbs[] = { "start", "wait", "skip",
		"cancel", "end" };

	strbuf_addf(sb, "%lld %s", (long long)event->at,
	    verbs[event->what]);
	if (event->what == SIMULATED_SKIP)
		strbuf_addf(sb, " %lld-%lld/%lld %s",
		    (long long)event->skipped.from,
		    (long long)event->skipped.to,
		    (long long)event->skipped.count,
		    skip_reason_name(event->skipped.reason));
	else
		strbuf_addf(sb, " %lld", (long long)event->t);
	if (event->by != 0)
		strbuf_addf(sb, " by %lld", (long long)event->by);
	strbuf_addf(sb, "%s%s%s", event->late ? " late" : "",
	    event->cancelled ? " cancelled" : "", end);
}

#endif
