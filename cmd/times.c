/* Times on the command line. */
#include "lib/base/compat.h"

#include "cmd/times.h"
#include "lib/base/clock.h"
#include "lib/base/strbuf.h"

enum status
parse_since(const char *option, const char *text, int64_t *ms)
{
	const char *why_instant, *why_span;
	struct instant t;
	struct span d;

	if (span_parse(text, &d, &why_span) && d.sec >= 0 && d.nsec >= 0) {
		*ms = clock_now_ms() - span_ms(d);
		return EXIT_DONE;
	}
	if (instant_parse(text, &t, &why_instant)) {
		*ms = t.sec * 1000 + t.nsec / 1000000;
		return EXIT_DONE;
	}
	return error(EXIT_USAGE, "%s '%s' is neither a duration like 7d nor a "
	    "time like 2026-01-02T03:04Z", option, text);
}

enum status
parse_instant(const char *option, const char *text, struct instant *t)
{
	const char *why;

	if (instant_parse(text, t, &why))
		return EXIT_DONE;
	return error(EXIT_USAGE, "%s '%s': %s", option, text, why);
}

void
times_print(struct strbuf *sb, int64_t sec)
{
	instant_print(sb, (struct instant){ sec, 0 });
	if (sec % 60 == 0) {
		strbuf_setlen(sb, sb->len - strlen(":00Z"));
		strbuf_addch(sb, 'Z');
	}
}
