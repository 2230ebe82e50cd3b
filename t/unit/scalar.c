/*
 * Scalars: each text, plain and quoted, read as each type and as any. What is
 * refused is shown by its message, which the table holds behind a `!`.
 */
#include "lib/base/compat.h"

#include "lib/appfile/reading.h"
#include "lib/appfile/scalar.h"
#include "lib/base/diag.h"
#include "lib/text/jsonio.h"
#include "lib/text/yamldoc.h"
#include "t/unit/tap.h"

static const struct row {
	const char *text;
	const char *as_text, *integer, *real, *boolean, *any;
} rows[] = {
	{ "", "!is empty", "!is empty", "!is empty", "!is empty", "null" },
	{ "~", "!'~' is nothing", "!an integer", "!a number", "!true or false",
	    "null" },
	{ "null", "!'null' is nothing", "!an integer", "!a number",
	    "!true or false", "null" },
	{ "NULL", "!'NULL' is nothing", "!an integer", "!a number",
	    "!true or false", "null" },
	{ "nil", "nil", "!an integer", "!a number", "!true or false",
	    "\"nil\"" },
	{ "\"\"", "", "!an integer", "!a number", "!true or false", "\"\"" },
	{ "'null'", "null", "!an integer", "!a number", "!true or false",
	    "\"null\"" },
	{ "1.10", "1.10", "!an integer is wanted, not 1.10", "1.1",
	    "!true or false", "1.1" },
	{ "0", "0", "0", "0", "!true or false", "0" },
	{ "-0", "-0", "0", "0", "!true or false", "0" },
	{ "+5", "+5", "5", "5", "!true or false", "5" },
	{ "-12", "-12", "-12", "-12", "!true or false", "-12" },
	{ "9223372036854775807", "9223372036854775807", "9223372036854775807",
	    "9223372036854776000", "!true or false", "9223372036854775807" },
	{ "9223372036854775808", "9223372036854775808", "!'9223372036854775808'"
	    " does not fit into 64 bits", "9223372036854776000",
	    "!true or false", "!'9223372036854775808' does not fit" },
	{ "\"7\"", "7", "!is a text; write 7 without quotes",
	    "!is a text; write 7 without quotes", "!true or false", "\"7\"" },
	{ "010", "010", "!'010' has a leading zero: octal or decimal? write 8 "
	    "or 10", "!'010' has a leading zero", "!true or false",
	    "!'010' has a leading zero: octal or decimal? write 8 or 10; quote "
	    "it if a text is meant" },
	{ "-017", "-017", "!'-017' has a leading zero: octal or decimal? write "
	    "-15 or -17", "!'-017' has", "!true or false", "!'-017' has" },
	{ "089", "089", "!'089' has a leading zero; write it without",
	    "!'089' has", "!true or false", "!'089' has" },
	{ "01.5", "01.5", "!'01.5' has a leading zero; write it without",
	    "!'01.5' has", "!true or false", "!'01.5' has" },
	{ "00", "00", "!'00' has a leading zero; write it without",
	    "!'00' has", "!true or false", "!'00' has" },
	{ "0x1F", "0x1F", "!'0x1F' is not decimal; write 31",
	    "!'0x1F' is not decimal", "!true or false",
	    "!'0x1F' is not decimal; write 31; quote it" },
	{ "-0x10", "-0x10", "!'-0x10' is not decimal; write -16",
	    "!'-0x10' is", "!true or false", "!'-0x10' is" },
	{ "0o17", "0o17", "!'0o17' is not decimal; write 15", "!'0o17' is",
	    "!true or false", "!'0o17' is" },
	{ "0b12", "0b12", "!'0b12' is not decimal; write it in decimal",
	    "!'0b12' is", "!true or false", "!'0b12' is" },
	{ "0xfffffffffffffffff", "0xfffffffffffffffff",
	    "!'0xfffffffffffffffff' is not decimal; write it in decimal",
	    "!'0xf", "!true or false", "!'0xf" },
	{ "0x", "0x", "!an integer", "!a number", "!true or false",
	    "\"0x\"" },
	{ "0xy", "0xy", "!an integer", "!a number", "!true or false",
	    "\"0xy\"" },
	{ "1_000", "1_000", "!'1_000' has underscores; write 1000",
	    "!'1_000' has", "!true or false", "!'1_000' has" },
	{ "_1", "_1", "!an integer", "!a number", "!true or false",
	    "\"_1\"" },
	{ "1.5", "1.5", "!an integer is wanted, not 1.5", "1.5",
	    "!true or false", "1.5" },
	{ ".5", ".5", "!an integer is wanted, not .5", "0.5",
	    "!true or false", "0.5" },
	{ "5.", "5.", "!an integer is wanted, not 5.", "5", "!true or false",
	    "5" },
	{ "1e3", "1e3", "!an integer is wanted, not 1e3", "1000",
	    "!true or false", "1000" },
	{ "-1.5E-3", "-1.5E-3", "!an integer is wanted", "-0.0015",
	    "!true or false", "-0.0015" },
	{ "1e999", "1e999", "!an integer is wanted", "!'1e999' is beyond",
	    "!true or false", "!'1e999' is beyond the largest float" },
	{ "1e-999", "1e-999", "!an integer is wanted", "0", "!true or false",
	    "0" },
	{ ".inf", ".inf", "!'.inf' is not a finite number", "!'.inf' is not",
	    "!true or false", "!'.inf' is not a finite number; quote it" },
	{ "-.INF", "-.INF", "!'-.INF' is not", "!'-.INF' is not",
	    "!true or false", "!'-.INF' is not" },
	{ ".nan", ".nan", "!'.nan' is not", "!'.nan' is not", "!true or false",
	    "!'.nan' is not" },
	{ "inf", "inf", "!an integer", "!a number is wanted, not 'inf'",
	    "!true or false", "\"inf\"" },
	{ "nan", "nan", "!an integer", "!a number", "!true or false",
	    "\"nan\"" },
	{ ".", ".", "!an integer", "!a number", "!true or false", "\".\"" },
	{ "-", "-", "!an integer", "!a number", "!true or false", "\"-\"" },
	{ "@x", NULL, NULL, NULL, NULL, NULL },
	{ "e3", "e3", "!an integer", "!a number", "!true or false",
	    "\"e3\"" },
	{ "1e", "1e", "!an integer", "!a number", "!true or false",
	    "\"1e\"" },
	{ "12:30", "12:30", "!an integer", "!a number", "!true or false",
	    "\"12:30\"" },
	{ "2026-01-01", "2026-01-01", "!an integer", "!a number",
	    "!true or false", "\"2026-01-01\"" },
	{ "true", "true", "!an integer", "!a number", "true", "true" },
	{ "false", "false", "!an integer", "!a number", "false", "false" },
	{ "True", "True", "!an integer", "!a number",
	    "!'True' is no boolean here; write true",
	    "!'True' is a boolean to some and a text to others" },
	{ "yes", "yes", "!an integer", "!a number",
	    "!'yes' is no boolean here; write true",
	    "!'yes' is a boolean to some" },
	{ "NO", "NO", "!an integer", "!a number",
	    "!'NO' is no boolean here; write false",
	    "!'NO' is a boolean to some" },
	{ "on", "on", "!an integer", "!a number",
	    "!'on' is no boolean here; write true", "!'on' is a boolean" },
	{ "y", "y", "!an integer", "!a number",
	    "!'y' is no boolean here; write true", "\"y\"" },
	{ "'false'", "false", "!an integer", "!a number",
	    "!'false' is no boolean here; write false without quotes",
	    "\"false\"" },
	{ "1", "1", "1", "1", "!true or false is wanted, not '1'", "1" },
	{ "{x}", "!an unquoted brace begins a mapping; quote it: \"{x}\"",
	    "!an unquoted brace", "!an unquoted brace", "!an unquoted brace",
	    NULL },
	{ "[a]", "!a text is wanted, not a list",
	    "!an integer is wanted, not a list", "!a number is wanted, not a "
	    "list", "!true or false is wanted, not a list", NULL },
	{ "{a: 1}", "!a text is wanted, not a mapping",
	    "!an integer is wanted, not a mapping", "!a number is wanted",
	    "!true or false is wanted", NULL },
	{ "caf\xc3\xa9", "caf\xc3\xa9", "!an integer", "!a number",
	    "!true or false", "\"caf\xc3\xa9\"" },
};

static struct arena arena = ARENA_INIT;
static struct diag diag;
static struct reading reading;

/* What was read, or `!` and the message. */
static void
check(const char *text, const char *as, const char *want, const char *got)
{
	const char *fault = diag.n > 0 ? diag.entry[0].message : NULL;
	bool same;

	if (want == NULL)
		return;
	if (*want == '!')
		same = fault != NULL && diag.n == 1 &&
		    strncmp(fault, want + 1, strlen(want + 1)) == 0;
	else
		same = fault == NULL && got != NULL && strcmp(got, want) == 0;
	if (!ok(same, "'%s' as %s", text, as))
		printf("# got  '%s'\n# fault '%s'\n# want '%s'\n",
		    got != NULL ? got : "(nothing)",
		    fault != NULL ? fault : "(none)", want);
	diag_release(&diag);
	diag_init(&diag, "test");
}

static const char *
decimal(double real)
{
	struct strbuf sb = STRBUF_INIT;
	const char *text;

	json_print_decimal(&sb, real);
	text = arena_strdup(&arena, sb.buf);
	strbuf_release(&sb);
	return strcmp(text, "-0") == 0 ? "0" : text;
}

static const char *
print_any(struct scalar s, const struct yaml_node *node)
{
	switch (s.kind) {
	case SCALAR_NULL:
		return "null";
	case SCALAR_BOOLEAN:
		return s.boolean ? "true" : "false";
	case SCALAR_INTEGER:
		return arena_printf(&arena, "%lld", (long long)s.integer);
	case SCALAR_FLOAT:
		return decimal(s.real);
	case SCALAR_TEXT:
		return arena_printf(&arena, "\"%s\"", node->text);
	case SCALAR_ERROR:
		break;
	}
	return NULL;
}

static void
check_row(const struct row *row)
{
	const char *text;
	struct yaml_node *root;
	int64_t integer;
	double real;
	bool flag;

	text = arena_printf(&arena, "[%s]", row->text);
	if (*row->text == '\0')
		text = "k:";
	if (yamldoc_parse(&arena, &diag, text, strlen(text), &root) !=
	    EXIT_DONE) {
		ok(row->as_text == NULL, "'%s' is not YAML", row->text);
		diag_release(&diag);
		diag_init(&diag, "test");
		return;
	}
	root = root->kind == YAML_LIST ? root->item[0] : root->pair[0].value;
	text = scalar_text(&reading, root);
	check(row->text, "text", row->as_text, text);
	text = scalar_integer(&reading, root, &integer) ?
	    arena_printf(&arena, "%lld", (long long)integer) : NULL;
	check(row->text, "integer", row->integer, text);
	text = scalar_float(&reading, root, &real) ? decimal(real) : NULL;
	check(row->text, "float", row->real, text);
	text = scalar_boolean(&reading, root, &flag) ?
	    (flag ? "true" : "false") : NULL;
	check(row->text, "boolean", row->boolean, text);
	if (root->kind == YAML_SCALAR)
		check(row->text, "any", row->any,
		    print_any(scalar_any(&reading, root), root));
}

int
main(void)
{
	size_t i;

	diag_init(&diag, "test");
	reading.arena = &arena;
	reading.diag = &diag;
	strbuf_init(&reading.path);
	for (i = 0; i < ARRAY_SIZE(rows); i++)
		check_row(&rows[i]);
	diag_release(&diag);
	strbuf_release(&reading.path);
	arena_release(&arena);
	return tap_done();
}
