/* Filters of lists: see filter.h. */
#include "lib/base/compat.h"

#include "lib/base/strbuf.h"
#include "lib/flyte/wire/filter.h"
#include "lib/model/app.h"

bool
filter_is_plain(const char *text)
{
	return *text != '\0' && text[strspn(text,
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "0123456789._-")] == '\0';
}

void
filter_add(struct strbuf *sb, const char *function, const char *field,
    const char *value)
{
	strbuf_addf(sb, "%s%s(%s,%s)", sb->len > 0 ? "+" : "", function,
	    field, value);
}

void
filter_add_instant(struct strbuf *sb, const char *function,
    const char *field, struct instant t)
{
	struct strbuf value = STRBUF_INIT;

	instant_print(&value, t);
	filter_add(sb, function, field, value.buf);
	strbuf_release(&value);
}

void
filter_add_app(struct strbuf *sb, const char *app)
{
	struct strbuf names = STRBUF_INIT;
	int i;

	for (i = 0; i < WORKFLOW_KINDS; i++)
		strbuf_addf(&names, "%s%s.%s", i > 0 ? ";" : "", app,
		    workflow_name((enum workflow_kind)i));
	filter_add(sb, "value_in", "workflow.name", names.buf);
	strbuf_release(&names);
}

void
filter_add_schedules(struct strbuf *sb, const char *app,
    const char *const *names, size_t n)
{
	struct strbuf plans = STRBUF_INIT;
	size_t i;

	for (i = 0; i < n; i++)
		if (filter_is_plain(names[i]))
			strbuf_addf(&plans, "%s%s.%s;%s", plans.len > 0 ?
			    ";" : "", app, names[i], names[i]);
	if (plans.len > 0)
		filter_add(sb, "value_in", "launch_plan.name", plans.buf);
	strbuf_release(&plans);
}
