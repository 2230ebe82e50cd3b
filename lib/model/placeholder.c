/*
 * Where an argument has placeholders. Whether a name is one of a declared
 * input or output is for the caller to judge.
 */
#include "lib/base/compat.h"

#include "lib/model/placeholder.h"

static size_t
ident_length(const char *s)
{
	size_t n = 0;

	while ((s[n] >= 'a' && s[n] <= 'z') || (s[n] >= 'A' && s[n] <= 'Z') ||
	    s[n] == '_' || (n > 0 && s[n] >= '0' && s[n] <= '9'))
		n++;
	return n;
}

/* Reads `{name}` or `{name.member}` at `s` into the piece. */
static bool
match_value(const char *s, struct piece *piece)
{
	const char *p = s + 1;

	if (*s != '{')
		return false;
	memset(piece, 0, sizeof(*piece));
	piece->kind = PIECE_VALUE;
	piece->text = s;
	piece->name = p;
	piece->name_len = ident_length(p);
	p += piece->name_len;
	if (piece->name_len == 0)
		return false;
	if (*p == '.') {
		piece->member = ++p;
		piece->member_len = ident_length(p);
		p += piece->member_len;
		if (piece->member_len == 0)
			return false;
	}
	piece->len = (size_t)(p + 1 - s);
	return *p == '}';
}

/* `{{name}}` */
static bool
match_escape(const char *s, struct piece *piece)
{
	return s[0] == '{' && match_value(s + 1, piece) &&
	    piece->text[piece->len] == '}';
}

static void
set_text(struct piece *piece, const char *text, size_t len)
{
	memset(piece, 0, sizeof(*piece));
	piece->kind = PIECE_TEXT;
	piece->text = text;
	piece->len = len;
}

bool
placeholder_next(const char **cursor, struct piece *piece)
{
	const char *begin = *cursor, *p = begin;
	struct piece ahead;

	if (*begin == '\0')
		return false;
	if (match_escape(begin, piece)) {
		/* `{name` now; the second of the two `}` begins the next. */
		set_text(piece, begin + 1, piece->len - 1);
		*cursor = begin + piece->len + 2;
		return true;
	}
	if (match_value(begin, piece)) {
		*cursor = begin + piece->len;
		return true;
	}
	do {
		p += 1 + strcspn(p + 1, "{");
	} while (*p != '\0' && !match_escape(p, &ahead) &&
	    !match_value(p, &ahead));
	set_text(piece, begin, (size_t)(p - begin));
	*cursor = p;
	return true;
}
