/*
 * Expressions of all dialects. A refusal has words and a column within the
 * text; what is taken is printed, and read again means the same.
 */
#include "lib/base/compat.h"

#include "lib/base/err.h"
#include "lib/base/strbuf.h"
#include "lib/schedule/dialect.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_fixed_point(const struct cron *cron)
{
	struct strbuf once = STRBUF_INIT, twice = STRBUF_INIT;
	struct cron_error err;
	struct cron again;

	cron_print(&once, cron);
	if (!cron_parse(once.buf, &again, &err))
		BUG("%s: %s", once.buf, err.message);
	cron_print(&twice, &again);
	if (memcmp(cron->bits, again.bits, sizeof(again.bits)) != 0 ||
	    memcmp(cron->star, again.star, sizeof(again.star)) != 0 ||
	    memcmp(cron->wild, again.wild, sizeof(again.wild)) != 0 ||
	    strcmp(once.buf, twice.buf) != 0)
		BUG("%s became %s", once.buf, twice.buf);
	strbuf_release(&once);
	strbuf_release(&twice);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct strbuf text = STRBUF_INIT;
	struct expression e;
	struct cron_error err;

	strbuf_add(&text, data, size);
	memset(&err, 0, sizeof(err));
	if (!expression_parse(text.buf, &e, &err)) {
		if (err.message[0] == '\0' || err.column < 1 ||
		    (size_t)err.column > strlen(text.buf) + 1)
			BUG("column %d: '%s'", err.column, err.message);
	} else if (e.dialect == DIALECT_EVERY) {
		if (e.every.sec < 1 || e.every.nsec != 0)
			BUG("every %lld s", (long long)e.every.sec);
	} else {
		check_fixed_point(&e.cron);
	}
	strbuf_release(&text);
	return 0;
}
