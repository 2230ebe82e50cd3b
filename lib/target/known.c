/* Schedules that are not there, and those that are: see known.h. */
#include "lib/base/compat.h"

#include "lib/base/self.h"
#include "lib/base/strbuf.h"
#include "lib/base/strvec.h"
#include "lib/base/suggest.h"
#include "lib/target/known.h"

enum { NAMED = 20 };

enum status
known_refuse(const struct known *known, const char *name)
{
	const char *near = suggest(name,
	    (const char *const *)known->names->v, known->names->n);
	struct strbuf sb = STRBUF_INIT;

	strbuf_addf(&sb, "no schedule '%s'", name);
	if (known->version != NULL)
		strbuf_addf(&sb, " of version '%s'", known->version);
	if (known->target != NULL)
		strbuf_addf(&sb, " is deployed to target '%s'", known->target);
	else
		strbuf_addstr(&sb, " is deployed here");
	if (near != NULL)
		strbuf_addf(&sb, ". Did you mean '%s'?", near);
	error(EXIT_CONFLICT, "%s", sb.buf);
	strbuf_release(&sb);
	return EXIT_CONFLICT;
}

void
known_hint(const struct known *known)
{
	struct strbuf names = STRBUF_INIT;

	strvec_print(known->names, &names, NAMED);
	if (known->names->n > 0)
		hint("there %s: %s", known->names->n == 1 ? "is" : "are",
		    names.buf);
	else if (known->target != NULL)
		hint("there is none: 'unionml -t %s deploy' makes those of "
		    "the app file known there", known->target);
	else
		hint("there is none: '%s deploy' makes those of the app file "
		    "known here", self_call());
	strbuf_release(&names);
}

enum status
known_check(const struct known *known, const struct strvec *names)
{
	enum status status = EXIT_DONE;
	size_t i;

	for (i = 0; i < names->n; i++)
		if (!strvec_contains(known->names, names->v[i]))
			status = known_refuse(known, names->v[i]);
	if (status != EXIT_DONE)
		known_hint(known);
	return status;
}
