/* MessagePack, read only: a byte says what follows, lengths are big endian. */
#include "lib/base/compat.h"

#include <math.h>

#include "lib/base/arena.h"
#include "lib/base/base64.h"
#include "lib/base/strbuf.h"
#include "lib/text/jsonio.h"
#include "lib/text/msgpack.h"
#include "lib/text/utf8.h"

struct reader {
	struct arena *arena;
	const unsigned char *p, *end;
	const char *why;	/* NULL: fine so far */
};

static struct json *read_value(struct reader *r, int depth);

static struct json *
fail(struct reader *r, const char *why)
{
	if (r->why == NULL)
		r->why = why;
	return json_null_value(r->arena);
}

/* The next `len` bytes, or NULL. */
static const unsigned char *
take(struct reader *r, size_t len)
{
	const unsigned char *p = r->p;

	if ((size_t)(r->end - p) < len) {
		fail(r, "it is cut short");
		return NULL;
	}
	r->p += len;
	return p;
}

static uint64_t
read_number(struct reader *r, size_t width)
{
	const unsigned char *p = take(r, width);
	uint64_t n = 0;
	size_t i;

	for (i = 0; p != NULL && i < width; i++)
		n = n << 8 | p[i];
	return n;
}

static struct json *
unsigned_value(struct reader *r, uint64_t n)
{
	if (n <= INT64_MAX)
		return json_int(r->arena, (int64_t)n);
	return json_text(r->arena, arena_printf(r->arena, "%llu",
	    (unsigned long long)n));
}

static struct json *
signed_value(struct reader *r, size_t width)
{
	uint64_t n = read_number(r, width);
	uint64_t sign = (uint64_t)1 << (8 * width - 1);

	/* Of two's complement, whatever its width. */
	return json_int(r->arena, (int64_t)((n ^ sign) - sign));
}

static struct json *
real_value(struct reader *r, size_t width)
{
	uint64_t bits = read_number(r, width);
	uint32_t narrow = (uint32_t)bits;
	double real;
	float f;

	if (width == sizeof(f)) {
		memcpy(&f, &narrow, sizeof(f));
		real = (double)f;
	} else {
		memcpy(&real, &bits, sizeof(real));
	}
	if (isfinite(real))
		return json_double(r->arena, real);
	return json_text(r->arena, isnan(real) ? "NaN" : real > 0 ?
	    "Infinity" : "-Infinity");
}

static struct json *
text_value(struct reader *r, uint64_t len)
{
	const unsigned char *p = take(r, len);
	const char *text;
	size_t i, n;

	if (p == NULL)
		return json_null_value(r->arena);
	text = (const char *)p;
	for (i = 0; i < len; i += n)
		if (text[i] == '\0' ||
		    (n = utf8_length(text + i, len - i)) == 0)
			return fail(r, "a text in it is no UTF-8");
	return json_text(r->arena, arena_strndup(r->arena, text, len));
}

static struct json *
bytes_value(struct reader *r, uint64_t len)
{
	const unsigned char *p = take(r, len);
	struct strbuf sb = STRBUF_INIT;
	struct json *json;

	if (p == NULL)
		return json_null_value(r->arena);
	base64_encode(&sb, p, len);
	json = json_text(r->arena, sb.buf);
	strbuf_release(&sb);
	return json;
}

static struct json *
list_value(struct reader *r, uint64_t n, int depth)
{
	struct json *list = json_list(r->arena);

	for (; n > 0 && r->why == NULL; n--)
		json_append(r->arena, list, read_value(r, depth));
	return list;
}

static const char *
key_text(struct reader *r, const struct json *key)
{
	struct strbuf sb = STRBUF_INIT;
	const char *text;

	if (key->kind == JSON_TEXT)
		return key->text;
	json_print(&sb, key);
	text = arena_strdup(r->arena, sb.buf);
	strbuf_release(&sb);
	return text;
}

static struct json *
map_value(struct reader *r, uint64_t n, int depth)
{
	struct json *map = json_map(r->arena), *value;
	const char *name;

	for (; n > 0 && r->why == NULL; n--) {
		name = key_text(r, read_value(r, depth));
		value = read_value(r, depth);
		if (r->why == NULL)
			json_set(r->arena, map, name, value);
	}
	return map;
}

/* From 0xc0 on, but for the small negative integers. */
static struct json *
read_tagged(struct reader *r, unsigned tag, int depth)
{
	switch (tag) {
	case 0xc2:
	case 0xc3:
		return json_bool(r->arena, tag == 0xc3);
	case 0xc4:
	case 0xc5:
	case 0xc6:
		return bytes_value(r, read_number(r, 1u << (tag - 0xc4)));
	case 0xc7:
	case 0xc8:
	case 0xc9:	/* a length, and one byte for the type */
		return bytes_value(r, read_number(r, 1u << (tag - 0xc7)) + 1);
	case 0xca:
	case 0xcb:
		return real_value(r, 4u << (tag - 0xca));
	case 0xcc:
	case 0xcd:
	case 0xce:
	case 0xcf:
		return unsigned_value(r, read_number(r, 1u << (tag - 0xcc)));
	case 0xd0:
	case 0xd1:
	case 0xd2:
	case 0xd3:
		return signed_value(r, 1u << (tag - 0xd0));
	case 0xd4:
	case 0xd5:
	case 0xd6:
	case 0xd7:
	case 0xd8:
		return bytes_value(r, (1u << (tag - 0xd4)) + 1);
	case 0xd9:
	case 0xda:
	case 0xdb:
		return text_value(r, read_number(r, 1u << (tag - 0xd9)));
	case 0xdc:
	case 0xdd:
		return list_value(r, read_number(r, 2u << (tag - 0xdc)),
		    depth);
	case 0xde:
	case 0xdf:
		return map_value(r, read_number(r, 2u << (tag - 0xde)),
		    depth);
	case 0xc0:
		return json_null_value(r->arena);
	default:
		return fail(r, "a byte in it has no meaning");
	}
}

static struct json *
read_value(struct reader *r, int depth)
{
	const unsigned char *p = take(r, 1);
	unsigned tag = p != NULL ? *p : 0xc0;

	if (depth >= JSON_DEPTH_MAX)
		return fail(r, "it is nested too deep");
	if (tag < 0x80)
		return json_int(r->arena, tag);
	if (tag < 0x90)
		return map_value(r, tag & 0x0f, depth + 1);
	if (tag < 0xa0)
		return list_value(r, tag & 0x0f, depth + 1);
	if (tag < 0xc0)
		return text_value(r, tag & 0x1f);
	if (tag >= 0xe0)
		return json_int(r->arena, (int64_t)tag - 0x100);
	return read_tagged(r, tag, depth + 1);
}

struct json *
msgpack_parse(struct arena *arena, const char *data, size_t len,
    const char **why)
{
	const unsigned char *bytes = (const unsigned char *)data;
	struct reader r = { arena, bytes, bytes + len, NULL };
	struct json *json = read_value(&r, 0);

	if (r.why == NULL && r.p < r.end)
		r.why = "something follows it";
	*why = r.why;
	return r.why == NULL ? json : NULL;
}
