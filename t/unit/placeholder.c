/* Placeholders: each argument is cut into texts and values. */
#include "lib/base/compat.h"

#include "lib/base/strbuf.h"
#include "lib/model/placeholder.h"
#include "t/unit/tap.h"

/* Values come as <name>, or <name|member>; texts in quotes. */
static const struct {
	const char *argument, *want;
} cases[] = {
	{ "", "" },
	{ "python3", "'python3'" },
	{ "{data}", "<data>" },
	{ "{hyperparameters.C}", "<hyperparameters|C>" },
	{ "--n={n}", "'--n='<n>" },
	{ "{a}{b}", "<a><b>" },
	{ "x{a}y{b}z", "'x'<a>'y'<b>'z'" },
	{ "{_a1}", "<_a1>" },
	{ "{print $1}", "'{print $1}'" },
	{ "{}", "'{}'" },
	{ "{", "'{'" },
	{ "}", "'}'" },
	{ "{{", "'{{'" },
	{ "{1}", "'{1}'" },
	{ "{a", "'{a'" },
	{ "{a.}", "'{a.}'" },
	{ "{.a}", "'{.a}'" },
	{ "{a.b.c}", "'{a.b.c}'" },
	{ "{a-b}", "'{a-b}'" },
	{ "{ a }", "'{ a }'" },
	{ "{a,b}", "'{a,b}'" },
	{ "{{name}}", "'{name''}'" },
	{ "{{name}}x{y}", "'{name''}x'<y>" },
	{ "a{{n.m}}b", "'a''{n.m''}b'" },
	{ "{{{name}}}", "'{''{name''}}'" },
	{ "{{name}", "'{'<name>" },
	{ "{name}}", "<name>'}'" },
	{ "{{a}{b}}", "'{'<a><b>'}'" },
	{ "{{a}}{{b}}", "'{a''}''{b''}'" },
	{ "{{a}}{b}", "'{a''}'<b>" },
	{ "\xff{x}\xfe", "'\xff'<x>'\xfe'" },
};

static void
cut(const char *argument, struct strbuf *sb)
{
	const char *cursor = argument;
	struct piece piece;

	while (placeholder_next(&cursor, &piece)) {
		strbuf_addch(sb, piece.kind == PIECE_TEXT ? '\'' : '<');
		if (piece.kind == PIECE_TEXT)
			strbuf_add(sb, piece.text, piece.len);
		else
			strbuf_add(sb, piece.name, piece.name_len);
		if (piece.member != NULL) {
			strbuf_addch(sb, '|');
			strbuf_add(sb, piece.member, piece.member_len);
		}
		strbuf_addch(sb, piece.kind == PIECE_TEXT ? '\'' : '>');
	}
}

int
main(void)
{
	struct strbuf sb = STRBUF_INIT;
	const char *cursor = "a{x.y}b";
	struct piece piece;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		strbuf_reset(&sb);
		cut(cases[i].argument, &sb);
		is_str(sb.buf, cases[i].want, cases[i].argument);
	}
	strbuf_release(&sb);
	placeholder_next(&cursor, &piece);
	placeholder_next(&cursor, &piece);
	ok(strncmp(piece.text, "{x.y}b", 6) == 0 && piece.len == 5,
	    "a value's text has its braces");
	return tap_done();
}
