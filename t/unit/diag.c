/* Diagnostics: order, form, number. */
#include "lib/base/compat.h"

#include "lib/base/diag.h"
#include "lib/base/err.h"
#include "lib/base/strbuf.h"
#include "t/unit/tap.h"

static struct strbuf said = STRBUF_INIT;

static void
sink(void *arg, const char *text, size_t len)
{
	(void)arg;
	strbuf_add(&said, text, len);
}

static void
test_order(void)
{
	struct diag d;

	diag_init(&d, "unionml.yaml");
	diag_print(&d);
	is_str(said.buf, "", "nothing to tell");
	diag_error(&d, 14, 7, "schedules.%s: %d is too much", "daily", 25);
	diag_error(&d, 3, 9, "second of its place");
	diag_warning(&d, 3, 5, "a warning");
	diag_error(&d, 3, 9, "third of its place");
	diag_error(&d, 0, 0, "of the whole file");
	diag_error(&d, 3, 9, "fourth");
	is_int((long long)d.n, 6, "all of them");
	is_int((long long)d.errors, 5, "errors");
	diag_print(&d);
	is_str(said.buf,
	    "unionml.yaml: error: of the whole file\n"
	    "unionml.yaml:3:5: warning: a warning\n"
	    "unionml.yaml:3:9: error: second of its place\n"
	    "unionml.yaml:3:9: error: third of its place\n"
	    "unionml.yaml:3:9: error: fourth\n"
	    "unionml.yaml:14:7: error: schedules.daily: 25 is too much\n",
	    "by position, then as reported");
	strbuf_reset(&said);
	diag_sort(&d);
	is_str(d.entry[0].message, "of the whole file", "sorted again");
	diag_release(&d);
	ok(d.n == 0 && d.entry == NULL, "released");
	diag_release(&d);
}

static void
test_many(void)
{
	struct diag d;
	size_t i, lines = 0;

	diag_init(&d, "f");
	for (i = 250; i > 0; i--)
		diag_error(&d, (int)i, 1, "bad \033 line");
	diag_print(&d);
	for (i = 0; i < said.len; i++)
		lines += said.buf[i] == '\n';
	is_int((long long)lines, 101, "a hundred, and one line more");
	ok(strncmp(said.buf, "f:1:1: error: bad ? line\nf:2:1: ", 32) == 0,
	    "the first ones, masked");
	is_str(strrchr(said.buf, '('), "(150 more)\n", "how many are not told");
	diag_release(&d);
}

int
main(void)
{
	err_set_sink(sink, NULL);
	test_order();
	test_many();
	strbuf_release(&said);
	return tap_done();
}
