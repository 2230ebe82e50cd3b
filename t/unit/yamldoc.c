/* YAML documents: nodes with positions, and one sentence for each fault. */
#include "lib/base/compat.h"

#include "lib/base/arena.h"
#include "lib/base/diag.h"
#include "lib/base/strbuf.h"
#include "lib/text/yamldoc.h"
#include "t/unit/tap.h"

/* A node in short: LINE:COLUMN and the text (in quotes if it was), or kind. */
static void
describe(struct strbuf *sb, const struct yaml_node *node)
{
	const char *quote = node->plain ? "" : "'";
	size_t i;

	strbuf_addf(sb, "%d:%d", node->line, node->column);
	switch (node->kind) {
	case YAML_SCALAR:
		strbuf_addf(sb, "%s%s%s", quote, node->text, quote);
		break;
	case YAML_LIST:
		strbuf_addstr(sb, "[");
		for (i = 0; i < node->n; i++) {
			strbuf_addstr(sb, i > 0 ? " " : "");
			describe(sb, node->item[i]);
		}
		strbuf_addstr(sb, "]");
		break;
	case YAML_MAP:
		strbuf_addstr(sb, "{");
		for (i = 0; i < node->n; i++) {
			strbuf_addstr(sb, i > 0 ? " " : "");
			describe(sb, node->pair[i].key);
			strbuf_addstr(sb, "=");
			describe(sb, node->pair[i].value);
		}
		strbuf_addstr(sb, "}");
		break;
	}
}

/* The document described, or the only diagnostic. */
static void
parse(struct strbuf *sb, const char *data, size_t len)
{
	struct arena arena = ARENA_INIT;
	struct yaml_node *root;
	enum status status;
	struct diag diag;

	strbuf_reset(sb);
	diag_init(&diag, "f");
	status = yamldoc_parse(&arena, &diag, data, len, &root);
	if (status != EXIT_DONE && diag.n == 1 && diag.errors == 1 &&
	    status == EXIT_INPUT && root == NULL)
		strbuf_addf(sb, "%d:%d: %s", diag.entry[0].line,
		    diag.entry[0].column, diag.entry[0].message);
	else if (status != EXIT_DONE || diag.n != 0)
		strbuf_addf(sb, "status %d, %zu diagnostics", status, diag.n);
	else if (root == NULL)
		strbuf_addstr(sb, "nothing");
	else
		describe(sb, root);
	diag_release(&diag);
	arena_release(&arena);
}

static const struct {
	const char *text, *want;
} documents[] = {
	{ "", "nothing" },
	{ "\n# only a comment\n", "nothing" },
	{ "---\n", "nothing" },
	{ "---\n...\n", "nothing" },
	{ "--- ''\n", "1:5''" },
	{ "word", "1:1word" },
	{ "[]", "1:1[]" },
	{ "{}", "1:1{}" },
	{ "a: 1\nb: [x, \"y\", 'z']\n",
	    "1:1{1:1a=1:41 2:1b=2:4[2:5x 2:8'y' 2:13'z']}" },
	{ "---\na: 1\n", "2:1{2:1a=2:41}" },
	{ "%YAML 1.1\n---\na: 1\n...\n", "3:1{3:1a=3:41}" },
	{ "%YAML 1.2\n---\na: 1\n", "3:1{3:1a=3:41}" },
	{ "\xef\xbb\xbf" "a: 1\n", "1:1{1:1a=1:41}" },
	{ "a: 1\r\nb:\r\n  c: 2\r\n", "1:1{1:1a=1:41 2:1b=3:3{3:3c=3:62}}" },
	{ "a:\nb: ~\n", "1:1{1:1a=1:3 2:1b=2:4~}" },
	{ "a: ! 1", "1:1{1:1a=1:4'1'}" },
	{ "\xc3\xa4: {\xe2\x82\xac: \xf0\x9f\x98\x80, b: c}",
	    "1:1{1:1\xc3\xa4=1:4{1:5\xe2\x82\xac=1:8\xf0\x9f\x98\x80 "
	    "1:11b=1:14c}}" },
	{ "e: 0 0 * * *\n", "1:1{1:1e=1:40 0 * * *}" },
	{ "e: \"@daily\"\n", "1:1{1:1e=1:4'@daily'}" },
	{ "a: {x}", "1:1{1:1a=1:4{1:5x=1:6}}" },
	{ "a: no\nb: 1.10\nc: 010\n",
	    "1:1{1:1a=1:4no 2:1b=2:41.10 3:1c=3:4010}" },
	{ "a: |\n  x\n   y\n\nb: >-\n  p\n  q\n",
	    "1:1{1:1a=1:4'x\n y\n' 5:1b=5:4'p q'}" },
	{ "a:\t1\nb: x\ty\n", "1:1{1:1a=1:41 2:1b=2:4x\ty}" },
	{ "- - a\n  - b\n- {}\n- []\n",
	    "1:1[1:3[1:5a 2:5b] 3:3{} 4:3[]]" },
	{ "\"<<\": 1", "1:1{1:1'<<'=1:71}" },
	{ "a: <<", "1:1{1:1a=1:4<<}" },
	{ "A: 1\na: 2\n\"b\": 3\n",
	    "1:1{1:1A=1:41 2:1a=2:42 3:1'b'=3:63}" },
};

static const struct {
	const char *text, *want;
} faults[] = {
	/* The traps. */
	{ "schedules:\n  s:\n    expression: @daily\n",
	    "3:17: a value cannot begin with '@' in YAML; quote it: "
	    "\"@daily\"" },
	{ "a: */5 * * * *   # often", "1:4: a value cannot begin with '*' in "
	    "YAML; quote it: \"*/5 * * * *\"" },
	{ "a: * * * * *\r\nb: 1\r\n", "1:4: a value cannot begin with '*' in "
	    "YAML; quote it: \"* * * * *\"" },
	{ "s: {e: */5 1,2 * * *, w: train}", "1:8: a value cannot begin with "
	    "'*' in YAML; quote it: \"*/5 1,2 * * *\"" },
	{ "a: [x, @y{z}]", "1:8: a value cannot begin with '@' in YAML; "
	    "quote it: \"@y{z}\"" },
	{ "\xc3\xa4: '\xe2\x82\xac'\n\xc3\xa4\xc3\xa4: @x", "2:5: a value "
	    "cannot begin with '@' in YAML; quote it: \"@x\"" },
	{ "\xef\xbb\xbf" "a: @x", "1:4: a value cannot begin with '@' in "
	    "YAML; quote it: \"@x\"" },
	{ "a: @say \"it's\"", "1:4: a value cannot begin with '@' in YAML; "
	    "quote it: '@say \"it''s\"'" },
	{ "a: `date`", "1:4: a value cannot begin with '`' in YAML; quote "
	    "it: \"`date`\"" },
	{ "a: %d", "1:4: a value cannot begin with '%' in YAML; quote it: "
	    "\"%d\"" },
	{ "a: @aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	    "aaaaaaaaaaaaaaa", "1:4: a value cannot begin with '@' in YAML; "
	    "put it in quotes" },
	{ "a:\n\tb: 1\n", "2:1: a tab: YAML forbids tabs in the indentation, "
	    "use blanks" },
	{ "a: 1\n\tb: 2\n", "2:1: a tab: YAML forbids tabs in the "
	    "indentation, use blanks" },
	{ "a: |\n  x\n\ty\n", "3:1: a tab: YAML forbids tabs in the "
	    "indentation, use blanks" },
	/* What this project does without. */
	{ "a: *x", "1:4: aliases are not supported: write the value out, or "
	    "if a text is meant, quote it: \"*x\"" },
	{ "a: &x 1\nb: *x\n", "1:4: anchors are not supported: remove '&x' "
	    "and write the value out where it is needed" },
	{ "a: &m {b: 1}", "1:4: anchors are not supported: remove '&m' and "
	    "write the value out where it is needed" },
	{ "<<: {a: 1}", "1:1: merge keys are not supported: write the "
	    "members out in place of '<<'" },
	{ "a: !!int 1", "1:4: tags are not supported: write the value "
	    "without '!'" },
	{ "a: !mine [1]", "1:4: tags are not supported: write the value "
	    "without '!'" },
	{ "a: !x!y 1", "1:4: tags are not supported: write the value without "
	    "'!'" },
	{ "# first\n%TAG ! tag:x,2000:\n---\na: 1\n", "2:1: tags are not "
	    "supported: remove the %TAG directive" },
	{ "%YAML 2.0\n---\na: 1\n", "1:1: only YAML 1.1 and 1.2 can be "
	    "read" },
	{ "a: 1\n---\nb: 2\n", "2:1: a second document begins here: only one "
	    "is allowed" },
	{ "---\n---\n", "2:1: a second document begins here: only one is "
	    "allowed" },
	{ "? [a]\n: 1\n", "1:3: a key must be a text, not a list" },
	{ "{{x}: y}", "1:2: a key must be a text, not a mapping" },
	{ "a: 1\nb:\n  c: 1\n  d: 2\n  \"c\": 3\n",
	    "5:3: duplicate key 'c', first set on line 3" },
	{ "b: 1\na: 2\na: 3\nb: 4\na: 5\n",
	    "3:1: duplicate key 'a', first set on line 2" },
	{ "{a: 1, a: 2}", "1:8: duplicate key 'a', first set on line 1" },
	{ "x: \"a\\0b\"", "1:4: a text cannot hold a NUL (\\0)" },
	/* Bytes. */
	{ "a: b\nc: \xc3\xa4\xff", "2:5: byte 0xff is not UTF-8: save the "
	    "file in UTF-8" },
	{ "a: \xc0\x80", "1:4: byte 0xc0 is not UTF-8: save the file in "
	    "UTF-8" },
	{ "a: \xed\xa0\x80", "1:4: byte 0xed is not UTF-8: save the file in "
	    "UTF-8" },
	{ "\r\n\r\r\xe2\x82", "4:1: byte 0xe2 is not UTF-8: save the file in "
	    "UTF-8" },
	{ "\xff\xfe" "a", "1:1: the file is in UTF-16: save it in UTF-8" },
	{ "\xfe\xff" "a", "1:1: the file is in UTF-16: save it in UTF-8" },
	{ "a: \x1b[0m", "1:4: character U+001B is not allowed in YAML" },
	{ "a: \xc2\x9b", "1:4: character U+009B is not allowed in YAML" },
	/* Syntax. */
	{ "a: \"x\nb: 1\n", "1:4: this quote is never closed" },
	{ "a: 'x\n---\n", "1:4: this quote is not closed before the document "
	    "ends" },
	{ "a: b: c", "1:5: ':' is not allowed here: check the indentation, "
	    "or put the text in quotes" },
	{ "a: 1\nfoo\nb: 2\n", "2:1: expected ': ' and a value behind this "
	    "key" },
	{ "a: \"\\q\"", "1:5: unknown escape between double quotes: write "
	    "'\\\\' for a backslash, or use single quotes" },
	{ "- a\nb: 1\n", "2:1: expected a '-' of the list: check the "
	    "indentation (it began on line 1)" },
	{ "a: 1\n- b\n", "2:1: expected a key of the mapping: check the "
	    "indentation and quotes (it began on line 1)" },
	{ "\na: \"x\" y\n", "2:8: expected a key of the mapping: check the "
	    "indentation and quotes (it began on line 2)" },
	{ "a: - b", "1:4: a list cannot begin here: put '-' on a line of its "
	    "own" },
	{ "a: ? b", "1:4: '?' is not allowed here: put the text in quotes" },
	{ "a: [1, 2\nb: 1\n", "2:2: expected ',' or ']' in the list (it "
	    "began on line 1)" },
	{ "a: {x: 1\nb: 1}", "2:2: expected ',' or '}' in the mapping (it "
	    "began on line 1)" },
	{ "a: }", "1:4: expected a value" },
	{ "a\n...\nb\n", "3:1: expected the end of the file: check the "
	    "indentation" },
	{ "a: |x\n", "1:5: did not find expected comment or line break while "
	    "scanning a block scalar" },
};

static void
test_tables(void)
{
	struct strbuf sb = STRBUF_INIT;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(documents); i++) {
		parse(&sb, documents[i].text, strlen(documents[i].text));
		if (strcmp(sb.buf, documents[i].want) != 0)
			is_str(sb.buf, documents[i].want, "document");
		else
			ok(true, "document %zu", i);
	}
	for (i = 0; i < ARRAY_SIZE(faults); i++) {
		parse(&sb, faults[i].text, strlen(faults[i].text));
		is_str(sb.buf, faults[i].want, faults[i].want);
	}
	parse(&sb, "a: \0b\n", 6);
	is_str(sb.buf, "1:4: a NUL byte: this is not a text in UTF-8", "NUL");
	parse(&sb, NULL, 0);
	is_str(sb.buf, "nothing", "no bytes at all");
	strbuf_release(&sb);
}

static void
repeat(struct strbuf *sb, const char *s, int n)
{
	while (n-- > 0)
		strbuf_addstr(sb, s);
}

static void
test_limits(void)
{
	struct strbuf text = STRBUF_INIT, got = STRBUF_INIT;

	repeat(&text, "[", YAMLDOC_DEPTH_MAX);
	repeat(&text, "]", YAMLDOC_DEPTH_MAX);
	parse(&got, text.buf, text.len);
	is_int(got.buf[0] == '1' && strchr(got.buf, '[') != NULL, 1,
	    "the depth allowed");

	strbuf_reset(&text);
	repeat(&text, "- ", YAMLDOC_DEPTH_MAX + 1);
	parse(&got, text.buf, text.len);
	is_str(got.buf, "1:129: nested more than 64 levels deep", "one more");

	strbuf_reset(&text);
	repeat(&text, "[", YAMLDOC_SIZE_MAX);
	parse(&got, text.buf, text.len);
	is_str(got.buf, "1:65: nested more than 64 levels deep",
	    "four million more");
	strbuf_addch(&text, '\n');
	parse(&got, text.buf, text.len);
	is_str(got.buf, "0:0: 4194305 bytes, more than the 4194304 allowed",
	    "a byte too many");

	strbuf_reset(&text);
	repeat(&text, "#\n", YAMLDOC_SIZE_MAX / 2);
	parse(&got, text.buf, text.len);
	is_str(got.buf, "nothing", "the size allowed");
	strbuf_release(&text);
	strbuf_release(&got);
}

static void
test_many_keys(void)
{
	struct strbuf text = STRBUF_INIT, got = STRBUF_INIT;
	int i;

	for (i = 0; i < 100000; i++)
		strbuf_addf(&text, "k%d: 1\n", (i * 7919) % 100003);
	parse(&got, text.buf, text.len);
	ok(strncmp(got.buf, "1:1{1:1k0=1:51 2:1k7919=", 24) == 0,
	    "100000 keys keep their order");
	strbuf_addstr(&text, "k7919: 2\n");
	parse(&got, text.buf, text.len);
	is_str(got.buf, "100001:1: duplicate key 'k7919', first set on line 2",
	    "and one of them twice");
	strbuf_release(&text);
	strbuf_release(&got);
}

static void
test_find(void)
{
	static const char text[] = "a: x\nb: [1, 2]\nc: {d: }\ne: ''\n";
	struct arena arena = ARENA_INIT;
	struct yaml_node *root, *c;
	struct diag diag;

	diag_init(&diag, "f");
	is_int(yamldoc_parse(&arena, &diag, text, strlen(text), &root),
	    EXIT_DONE, "parsed");
	is_str(yaml_find(root, "a")->text, "x", "found");
	is_int((long long)yaml_find(root, "b")->n, 2, "two items");
	c = yaml_find(root, "c");
	ok(yaml_find(root, "d") == NULL, "not found");
	ok(yaml_find(yaml_find(root, "a"), "a") == NULL, "not in a text");
	ok(yaml_find(NULL, "a") == NULL, "not in nothing");
	is_str(yaml_kind_name(root), "a mapping", "a mapping");
	is_str(yaml_kind_name(yaml_find(root, "b")), "a list", "a list");
	is_str(yaml_kind_name(yaml_find(root, "a")), "a text", "a text");
	is_str(yaml_kind_name(yaml_find(c, "d")), "nothing", "nothing");
	is_str(yaml_kind_name(yaml_find(root, "e")), "a text",
	    "an empty text in quotes is a text");
	diag_release(&diag);
	arena_release(&arena);
}

int
main(void)
{
	test_tables();
	test_limits();
	test_many_keys();
	test_find();
	return tap_done();
}
