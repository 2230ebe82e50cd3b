/*
 * The writing half of jsonio.h. Nothing of jansson is used here: its reals
 * differ from version to version (0.1 is 0.10000000000000001 in 2.14), and a
 * text or a number must be the same bytes everywhere.
 */
#include "lib/base/compat.h"

#include <float.h>
#include <math.h>

#include "lib/base/clock.h"
#include "lib/base/strbuf.h"
#include "lib/text/jsonio.h"
#include "lib/text/utf8.h"

/* The digits of a double: 0.DIGITS times ten to the `point`. */
struct decimal {
	char digit[24];
	int n, point;
	bool negative;
};

/* Adds one to the last digit. */
static void
increment(struct decimal *d)
{
	int i;

	for (i = d->n - 1; i >= 0; i--) {
		if (d->digit[i] != '9') {
			d->digit[i]++;
			return;
		}
		d->digit[i] = '0';
	}
	d->digit[0] = '1';
	d->point++;
}

static bool
reads_back(const struct decimal *d, double value)
{
	char text[48];

	snprintf(text, sizeof(text), "0.%.*se%d", d->n, d->digit, d->point);
	return strtod(text, NULL) == value;
}

/*
 * The shortest digits that read back as `value`, which is positive; of those
 * the nearest to it. 15 digits always survive the way into a normal double
 * and back, so nothing shorter need be tried for one. Below a power of two
 * doubles lie closer than above: there the nearest decimal can fail while the
 * next one up reads back.
 */
static void
shortest(double value, struct decimal *d)
{
	int precision = value < DBL_MIN ? 1 : DBL_DIG;
	char text[40];

	for (; precision <= DBL_DECIMAL_DIG; precision++) {
		snprintf(text, sizeof(text), "%.*e", precision - 1, value);
		d->digit[0] = text[0];
		memcpy(d->digit + 1, text + 2, (size_t)precision - 1);
		d->n = precision;
		d->point = (int)strtol(strchr(text, 'e') + 1, NULL, 10) + 1;
		if (reads_back(d, value))
			break;
		increment(d);
		if (reads_back(d, value))
			break;
	}
	while (d->n > 1 && d->digit[d->n - 1] == '0')
		d->n--;
}

static void
decimal_from_double(double value, struct decimal *d)
{
	if (!isfinite(value))
		BUG("a number that is not finite in JSON");
	d->negative = signbit(value);
	if (value == 0) {
		d->digit[0] = '0';
		d->n = d->point = 1;
		return;
	}
	shortest(fabs(value), d);
}

static void
add_zeros(struct strbuf *sb, int n)
{
	for (; n > 0; n--)
		strbuf_addch(sb, '0');
}

static void
print_plain(struct strbuf *sb, const struct decimal *d)
{
	int whole = d->point < d->n ? d->point : d->n;

	if (d->negative)
		strbuf_addch(sb, '-');
	if (d->point <= 0) {
		strbuf_addstr(sb, "0.");
		add_zeros(sb, -d->point);
		strbuf_add(sb, d->digit, (size_t)d->n);
		return;
	}
	strbuf_add(sb, d->digit, (size_t)whole);
	add_zeros(sb, d->point - whole);
	if (whole < d->n) {
		strbuf_addch(sb, '.');
		strbuf_add(sb, d->digit + whole, (size_t)(d->n - whole));
	}
}

void
json_print_double(struct strbuf *sb, double value)
{
	struct decimal d;

	decimal_from_double(value, &d);
	if (value == 0 || (fabs(value) >= 1e-6 && fabs(value) < 0x1p63)) {
		print_plain(sb, &d);
		return;
	}
	if (d.negative)
		strbuf_addch(sb, '-');
	strbuf_addch(sb, d.digit[0]);
	if (d.n > 1) {
		strbuf_addch(sb, '.');
		strbuf_add(sb, d.digit + 1, (size_t)d.n - 1);
	}
	strbuf_addf(sb, "e%+d", d.point - 1);
}

void
json_print_decimal(struct strbuf *sb, double value)
{
	struct decimal d;

	decimal_from_double(value, &d);
	print_plain(sb, &d);
}

static void
print_escape(struct strbuf *sb, unsigned char c)
{
	switch (c) {
	case '\b':
		strbuf_addstr(sb, "\\b");
		break;
	case '\f':
		strbuf_addstr(sb, "\\f");
		break;
	case '\n':
		strbuf_addstr(sb, "\\n");
		break;
	case '\r':
		strbuf_addstr(sb, "\\r");
		break;
	case '\t':
		strbuf_addstr(sb, "\\t");
		break;
	case '"':
	case '\\':
		strbuf_addch(sb, '\\');
		strbuf_addch(sb, (char)c);
		break;
	default:
		strbuf_addf(sb, "\\u%04x", c);
		break;
	}
}

void
json_print_text(struct strbuf *sb, const char *text, size_t len)
{
	unsigned char c;
	size_t n;

	strbuf_addch(sb, '"');
	for (; len > 0; text += n, len -= n) {
		c = (unsigned char)*text;
		n = utf8_length(text, len);
		if (n == 0) {
			strbuf_addstr(sb, "\xef\xbf\xbd");
			n = 1;
		} else if (c < 0x20 || c == 0x7f || c == '"' || c == '\\') {
			print_escape(sb, c);
		} else {
			strbuf_add(sb, text, n);
		}
	}
	strbuf_addch(sb, '"');
}

void
json_writer_init(struct json_writer *w, struct strbuf *out, bool pretty)
{
	w->out = out;
	w->pretty = pretty;
	w->depth = 0;
	w->first = true;
}

static void
new_line(struct json_writer *w)
{
	int i;

	if (!w->pretty)
		return;
	strbuf_addch(w->out, '\n');
	for (i = 0; i < w->depth; i++)
		strbuf_addstr(w->out, "  ");
}

/* What goes before a value. */
static void
begin_value(struct json_writer *w, const char *name)
{
	if (!w->first)
		strbuf_addch(w->out, ',');
	if (w->depth > 0)
		new_line(w);
	w->first = false;
	if (name == NULL)
		return;
	json_print_text(w->out, name, strlen(name));
	strbuf_addstr(w->out, w->pretty ? ": " : ":");
}

static void
begin_level(struct json_writer *w, const char *name, char bracket)
{
	begin_value(w, name);
	strbuf_addch(w->out, bracket);
	w->depth++;
	w->first = true;
}

static void
end_level(struct json_writer *w, char bracket)
{
	if (w->depth == 0)
		BUG("'%c' without a beginning", bracket);
	w->depth--;
	if (!w->first)
		new_line(w);
	strbuf_addch(w->out, bracket);
	w->first = false;
}

void
json_begin_map(struct json_writer *w, const char *name)
{
	begin_level(w, name, '{');
}

void
json_end_map(struct json_writer *w)
{
	end_level(w, '}');
}

void
json_begin_list(struct json_writer *w, const char *name)
{
	begin_level(w, name, '[');
}

void
json_end_list(struct json_writer *w)
{
	end_level(w, ']');
}

void
json_put_text(struct json_writer *w, const char *name, const char *text)
{
	begin_value(w, name);
	json_print_text(w->out, text, strlen(text));
}

void
json_put_int(struct json_writer *w, const char *name, int64_t value)
{
	begin_value(w, name);
	strbuf_addf(w->out, "%lld", (long long)value);
}

void
json_put_double(struct json_writer *w, const char *name, double value)
{
	begin_value(w, name);
	json_print_double(w->out, value);
}

void
json_put_bool(struct json_writer *w, const char *name, bool value)
{
	begin_value(w, name);
	strbuf_addstr(w->out, value ? "true" : "false");
}

void
json_put_null(struct json_writer *w, const char *name)
{
	begin_value(w, name);
	strbuf_addstr(w->out, "null");
}

void
json_put_text_or_null(struct json_writer *w, const char *name,
    const char *text)
{
	if (text != NULL)
		json_put_text(w, name, text);
	else
		json_put_null(w, name);
}

void
json_put_instant(struct json_writer *w, const char *name, struct instant t)
{
	begin_value(w, name);
	strbuf_addch(w->out, '"');
	instant_print(w->out, t);
	strbuf_addch(w->out, '"');
}

void
json_put_span(struct json_writer *w, const char *name, struct span span)
{
	begin_value(w, name);
	strbuf_addch(w->out, '"');
	span_print(w->out, span);
	strbuf_addch(w->out, '"');
}

void
json_put(struct json_writer *w, const char *name, const struct json *value)
{
	size_t i;

	switch (value->kind) {
	case JSON_NULL_VALUE:
		json_put_null(w, name);
		break;
	case JSON_BOOL:
		json_put_bool(w, name, value->boolean);
		break;
	case JSON_INT:
		json_put_int(w, name, value->integer);
		break;
	case JSON_DOUBLE:
		json_put_double(w, name, value->real);
		break;
	case JSON_TEXT:
		json_put_text(w, name, value->text);
		break;
	case JSON_LIST:
		json_begin_list(w, name);
		for (i = 0; i < value->n; i++)
			json_put(w, NULL, value->item[i]);
		json_end_list(w);
		break;
	case JSON_MAP:
		json_begin_map(w, name);
		for (i = 0; i < value->n; i++)
			json_put(w, value->member[i].name,
			    value->member[i].value);
		json_end_map(w);
		break;
	}
}

void
json_print(struct strbuf *sb, const struct json *value)
{
	struct json_writer w;

	json_writer_init(&w, sb, false);
	json_put(&w, NULL, value);
}
