/*
 * The reader goes through the text once. Values come from slabs, texts lie
 * beside each other in one piece, and the members of a value that is still
 * open wait on a stack, since nobody knows how many there will be.
 */
#include "lib/base/compat.h"

#include <math.h>

#include "lib/base/arena.h"
#include "lib/base/nameset.h"
#include "lib/base/xalloc.h"
#include "lib/text/jsonio.h"
#include "lib/text/jsonquick.h"
#include "lib/text/utf8.h"

enum {
	SLAB_FIRST = 4, SLAB_MOST = 256,
	/* So many digits are below 2^63 whatever they are. */
	SAFE_DIGITS = 18,
	REAL_MAX = 63,
	/* Up to there comparing each with each is quicker than sorting. */
	FEW_MEMBERS = 16
};

struct reader {
	struct arena *arena;
	const char *p, *end;
	/*
	 * Where the next text goes. There is room for all: a NUL takes the
	 * place of two quotes, and no escape is shorter than what it means.
	 */
	char *text;
	struct json *slab;
	size_t left, size;	/* of the slab */
	struct json_member *open;
	size_t n_open, cap_open;
};

static struct json *
value_new(struct reader *r, enum json_kind kind)
{
	struct json *value;

	if (r->left == 0) {
		r->size = r->size == 0 ? SLAB_FIRST : r->size < SLAB_MOST ?
		    2 * r->size : SLAB_MOST;
		r->left = r->size;
		r->slab = arena_array(r->arena, r->left, sizeof(*r->slab));
	}
	value = r->slab++;
	r->left--;
	value->kind = kind;
	return value;
}

static void
skip_blanks(struct reader *r)
{
	while (r->p < r->end && (*r->p == ' ' || *r->p == '\n' ||
	    *r->p == '\t' || *r->p == '\r'))
		r->p++;
}

/* Skips that character and the blanks before it, if it comes next. */
static bool
skip(struct reader *r, char c)
{
	skip_blanks(r);
	if (r->p == r->end || *r->p != c)
		return false;
	r->p++;
	return true;
}

/*
 * Whether one of the eight bytes is a quote, a backslash, a control character
 * or beyond ASCII. It may say so of a byte above one that is.
 */
static bool
any_special(uint64_t w)
{
	const uint64_t ones = UINT64_MAX / 255, high = ones * 0x80;
	uint64_t quote = w ^ ones * '"', backslash = w ^ ones * '\\';

	return ((w | (w - ones * 0x20) | (quote - ones) | (backslash - ones)) &
	    high) != 0;
}

/* Copies what stands for itself. */
static char *
copy_plain(struct reader *r, char *out)
{
	const char *p = r->p;
	uint64_t w;

	while (r->end - p >= (ptrdiff_t)sizeof(w)) {
		memcpy(&w, p, sizeof(w));
		if (any_special(w))
			break;
		memcpy(out, &w, sizeof(w));
		p += sizeof(w);
		out += sizeof(w);
	}
	while (p < r->end && *p != '"' && *p != '\\' &&
	    (unsigned char)*p >= 0x20 && (unsigned char)*p < 0x80)
		*out++ = *p++;
	r->p = p;
	return out;
}

/* \uXXXX of one character that is no half of a pair and not NUL; else 0. */
static uint32_t
read_hex(struct reader *r)
{
	uint32_t c = 0;
	int i;

	if (r->end - r->p < 4)
		return 0;
	for (i = 0; i < 4; i++, r->p++) {
		c <<= 4;
		if (*r->p >= '0' && *r->p <= '9')
			c |= (uint32_t)(*r->p - '0');
		else if (*r->p >= 'a' && *r->p <= 'f')
			c |= (uint32_t)(*r->p - 'a' + 10);
		else if (*r->p >= 'A' && *r->p <= 'F')
			c |= (uint32_t)(*r->p - 'A' + 10);
		else
			return 0;
	}
	return c >= 0xd800 && c < 0xe000 ? 0 : c;
}

static char *
add_char(char *out, uint32_t c)
{
	if (c < 0x80) {
		*out++ = (char)c;
	} else if (c < 0x800) {
		*out++ = (char)(0xc0 | c >> 6);
		*out++ = (char)(0x80 | (c & 0x3f));
	} else {
		*out++ = (char)(0xe0 | c >> 12);
		*out++ = (char)(0x80 | (c >> 6 & 0x3f));
		*out++ = (char)(0x80 | (c & 0x3f));
	}
	return out;
}

/* Behind a backslash. NULL: for jansson. */
static char *
read_escape(struct reader *r, char *out)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	const char *found;
	uint32_t c;

	if (r->p == r->end || *r->p == '\0')
		return NULL;
	if (*r->p == 'u') {
		r->p++;
		c = read_hex(r);
		return c != 0 ? add_char(out, c) : NULL;
	}
	found = strchr(from, *r->p++);
	if (found == NULL)
		return NULL;
	*out++ = to[found - from];
	return out;
}

/* Behind the quote that begins it. */
static const char *
read_text(struct reader *r, size_t *len)
{
	char *text = r->text, *out = text;
	size_t n;

	for (;;) {
		out = copy_plain(r, out);
		if (r->p == r->end)
			return NULL;
		if (*r->p == '"')
			break;
		if (*r->p == '\\') {
			r->p++;
			out = read_escape(r, out);
			if (out == NULL)
				return NULL;
			continue;
		}
		n = utf8_length(r->p, (size_t)(r->end - r->p));
		if (n < 2)
			return NULL;
		memcpy(out, r->p, n);
		out += n;
		r->p += n;
	}
	r->p++;
	*len = (size_t)(out - text);
	*out = '\0';
	r->text = out + 1;
	return text;
}

static struct json *
read_word(struct reader *r, const char *word, enum json_kind kind,
    bool boolean)
{
	size_t len = strlen(word);
	struct json *value;

	if ((size_t)(r->end - r->p) < len || memcmp(r->p, word, len) != 0)
		return NULL;
	r->p += len;
	value = value_new(r, kind);
	value->boolean = boolean;
	return value;
}

static size_t
skip_digits(struct reader *r)
{
	const char *from = r->p;

	while (r->p < r->end && *r->p >= '0' && *r->p <= '9')
		r->p++;
	return (size_t)(r->p - from);
}

/* Behind the integer that it begins with. */
static struct json *
read_real(struct reader *r, const char *from)
{
	char text[REAL_MAX + 1];
	struct json *value;
	double real;

	if (r->p < r->end && *r->p == '.') {
		r->p++;
		if (skip_digits(r) == 0)
			return NULL;
	}
	if (r->p < r->end && (*r->p == 'e' || *r->p == 'E')) {
		r->p++;
		if (r->p < r->end && (*r->p == '+' || *r->p == '-'))
			r->p++;
		if (skip_digits(r) == 0)
			return NULL;
	}
	if (r->p - from > REAL_MAX)
		return NULL;
	memcpy(text, from, (size_t)(r->p - from));
	text[r->p - from] = '\0';
	real = strtod(text, NULL);
	if (!isfinite(real))
		return NULL;
	value = value_new(r, JSON_DOUBLE);
	value->real = real;
	return value;
}

static struct json *
read_number(struct reader *r)
{
	const char *from = r->p, *digits;
	bool negative = *from == '-';
	struct json *value;
	int64_t integer;
	size_t n;

	if (negative)
		r->p++;
	digits = r->p;
	n = skip_digits(r);
	if (n == 0 || (n > 1 && *digits == '0'))
		return NULL;
	if (r->p < r->end && (*r->p == '.' || *r->p == 'e' || *r->p == 'E'))
		return read_real(r, from);
	if (n > SAFE_DIGITS)
		return NULL;
	for (integer = 0; digits < r->p; digits++)
		integer = integer * 10 + (*digits - '0');
	value = value_new(r, JSON_INT);
	value->integer = negative ? -integer : integer;
	return value;
}

static void
push(struct reader *r, const char *name, struct json *value)
{
	ALLOC_GROW(r->open, r->n_open, r->cap_open);
	r->open[r->n_open++] = (struct json_member){ name, value };
}

/* As jsonio.c's grow() would have left it: a power of two. */
static size_t
capacity(size_t n)
{
	size_t cap = 1;

	while (cap < n)
		cap *= 2;
	return cap;
}

static bool
any_twice(struct reader *r, const struct json_member *v, size_t n)
{
	struct nameset names;
	size_t i, j;

	if (n > FEW_MEMBERS) {
		nameset_init(&names, r->arena, v, n, sizeof(*v));
		for (i = 1; i < n; i++)
			if (strcmp(names.v[i].name, names.v[i - 1].name) == 0)
				return true;
		return false;
	}
	for (i = 1; i < n; i++)
		for (j = 0; j < i; j++)
			if (v[i].name[0] == v[j].name[0] &&
			    strcmp(v[i].name, v[j].name) == 0)
				return true;
	return false;
}

/* The members that were pushed since there were `from`. */
static struct json *
close_list(struct reader *r, size_t from)
{
	size_t i, n = r->n_open - from;
	struct json *value = value_new(r, JSON_LIST);

	if (n > 0)
		value->item = arena_array(r->arena, capacity(n),
		    sizeof(*value->item));
	for (i = 0; i < n; i++)
		value->item[i] = r->open[from + i].value;
	value->n = n;
	r->n_open = from;
	return value;
}

static struct json *
close_map(struct reader *r, size_t from)
{
	size_t n = r->n_open - from;
	struct json *value;

	if (n > 1 && any_twice(r, r->open + from, n))
		return NULL;
	value = value_new(r, JSON_MAP);
	if (n > 0) {
		value->member = arena_array(r->arena, capacity(n),
		    sizeof(*value->member));
		memcpy(value->member, r->open + from,
		    n * sizeof(*value->member));
	}
	value->n = n;
	r->n_open = from;
	return value;
}

static struct json *read_value(struct reader *r, int depth);

static struct json *
read_list(struct reader *r, int depth)
{
	size_t from = r->n_open;
	struct json *item;

	r->p++;
	if (skip(r, ']'))
		return close_list(r, from);
	do {
		item = read_value(r, depth);
		if (item == NULL)
			return NULL;
		push(r, NULL, item);
	} while (skip(r, ','));
	return skip(r, ']') ? close_list(r, from) : NULL;
}

static struct json *
read_map(struct reader *r, int depth)
{
	size_t from = r->n_open, len;
	struct json *value;
	const char *name;

	r->p++;
	if (skip(r, '}'))
		return close_map(r, from);
	do {
		name = skip(r, '"') ? read_text(r, &len) : NULL;
		if (name == NULL || !skip(r, ':'))
			return NULL;
		value = read_value(r, depth);
		if (value == NULL)
			return NULL;
		push(r, name, value);
	} while (skip(r, ','));
	return skip(r, '}') ? close_map(r, from) : NULL;
}

static struct json *
read_value(struct reader *r, int depth)
{
	struct json *value;
	const char *text;
	size_t len;

	skip_blanks(r);
	if (r->p == r->end)
		return NULL;
	switch (*r->p) {
	case '"':
		r->p++;
		text = read_text(r, &len);
		if (text == NULL)
			return NULL;
		value = value_new(r, JSON_TEXT);
		value->text = text;
		value->n = len;
		return value;
	case '{':
		return depth < JSON_DEPTH_MAX ? read_map(r, depth + 1) : NULL;
	case '[':
		return depth < JSON_DEPTH_MAX ? read_list(r, depth + 1) : NULL;
	case 't':
		return read_word(r, "true", JSON_BOOL, true);
	case 'f':
		return read_word(r, "false", JSON_BOOL, false);
	case 'n':
		return read_word(r, "null", JSON_NULL_VALUE, false);
	default:
		return read_number(r);
	}
}

struct json *
jsonquick_parse(struct arena *arena, const char *data, size_t len)
{
	struct reader r = { .arena = arena, .p = data, .end = data + len };
	struct json *value;

	if (len == 0)
		return NULL;
	r.text = arena_alloc(arena, len);
	value = read_value(&r, 0);
	skip_blanks(&r);
	free(r.open);
	return r.p == r.end ? value : NULL;
}
