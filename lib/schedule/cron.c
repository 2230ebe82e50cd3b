/*
 * The language of robfig/cron v3's ParseStandard (its parser.go is the
 * reference, function by function), with errors that point into the text.
 */
#include "lib/base/compat.h"

#include <strings.h>

#include "lib/base/err.h"
#include "lib/base/strbuf.h"
#include "lib/schedule/cron.h"

static const char *const months[] = { "jan", "feb", "mar", "apr", "may",
	"jun", "jul", "aug", "sep", "oct", "nov", "dec", NULL };
static const char *const weekdays[] = { "sun", "mon", "tue", "wed", "thu",
	"fri", "sat", NULL };

static const struct bounds {
	const char *name;
	int min, max;
	const char *const *names;
} bounds[CRON_FIELDS] = {
	[CRON_MINUTE] = { "minute", 0, 59, NULL },
	[CRON_HOUR] = { "hour", 0, 23, NULL },
	[CRON_DAY] = { "day of month", 1, 31, NULL },
	[CRON_MONTH] = { "month", 1, 12, months },
	[CRON_WEEKDAY] = { "day of week", 0, 6, weekdays },
};

static const struct descriptor {
	const char *name, *text;
} descriptors[] = {
	{ "@hourly", "0 * * * *" },
	{ "@daily", "0 0 * * *" },
	{ "@midnight", "0 0 * * *" },
	{ "@weekly", "0 0 * * 0" },
	{ "@monthly", "0 0 1 * *" },
	{ "@yearly", "0 0 1 1 *" },
	{ "@annually", "0 0 1 1 *" },
};

/* The field being read; a piece of it is a place in `text` and a length. */
struct reader {
	const char *text;
	const struct bounds *bounds;
	int first, last;	/* the numbers that may be written */
	int shift;		/* of a written number against its bit */
	struct cron_error *err;
};

struct piece {
	size_t at, len;
};

bool
cron_fail(struct cron_error *err, const char *text, size_t at,
    const char *fmt, ...)
{
	va_list ap;
	size_t i;

	err->column = 1;
	for (i = 0; i < at; i++)
		if (((unsigned char)text[i] & 0xc0) != 0x80)
			err->column++;
	va_start(ap, fmt);
	vsnprintf(err->message, sizeof(err->message), fmt, ap);
	va_end(ap);
	return false;
}

/* So much of a piece as a message can hold, whole characters of it. */
static int
shown(const struct reader *r, struct piece p)
{
	size_t n = p.len;

	if (n > 32)
		for (n = 32; n > 0; n--)
			if (((unsigned char)r->text[p.at + n] & 0xc0) != 0x80)
				break;
	return (int)n;
}

static bool
piece_has(const struct reader *r, struct piece p, char c)
{
	return memchr(r->text + p.at, c, p.len) != NULL;
}

/* Cuts at the first `c`: what is before it stays in *p. */
static bool
cut(const struct reader *r, struct piece *p, char c, struct piece *rest)
{
	const char *start = r->text + p->at, *found;

	found = memchr(start, c, p->len);
	if (found == NULL)
		return false;
	rest->at = p->at + (size_t)(found - start) + 1;
	rest->len = p->len - (size_t)(found - start) - 1;
	p->len = (size_t)(found - start);
	return true;
}

static bool
is_star(const struct reader *r, struct piece p)
{
	return p.len == 1 &&
	    (r->text[p.at] == '*' || r->text[p.at] == '?');
}

/* As Go's strconv.Atoi, but for negative numbers. */
static bool
parse_number(const struct reader *r, struct piece p, int64_t *out)
{
	const char *s = r->text + p.at;
	int64_t value = 0;
	size_t i = 0;
	int digit;

	if (p.len > 0 && s[0] == '+')
		i++;
	if (i == p.len)
		return false;
	for (; i < p.len; i++) {
		if (!isdigit((unsigned char)s[i]))
			return false;
		digit = s[i] - '0';
		if (value > (INT64_MAX - digit) / 10)
			return false;
		value = value * 10 + digit;
	}
	*out = value;
	return true;
}

static bool
parse_value(const struct reader *r, struct piece p, int *out)
{
	const struct bounds *b = r->bounds;
	int64_t number;
	int i;

	for (i = 0; b->names != NULL && b->names[i] != NULL; i++)
		if (p.len == 3 &&
		    strncasecmp(r->text + p.at, b->names[i], 3) == 0) {
			*out = b->min + i;
			return true;
		}
	if (p.len == 0)
		return cron_fail(r->err, r->text, p.at, "%s: a number is "
		    "missing", b->name);
	if (!parse_number(r, p, &number)) {
		if (strspn(r->text + p.at, "0123456789") >= p.len)
			number = INT64_MAX;
		else if (b->names == NULL)
			return cron_fail(r->err, r->text, p.at, "%s: '%.*s' "
			    "is no number", b->name, shown(r, p),
			    r->text + p.at);
		else
			return cron_fail(r->err, r->text, p.at, "%s: '%.*s' "
			    "is neither a number nor a name of three letters",
			    b->name, shown(r, p), r->text + p.at);
	}
	if (number < r->first || number > r->last)
		return cron_fail(r->err, r->text, p.at, "%s %.*s is out of "
		    "range %d-%d", b->name, shown(r, p), r->text + p.at,
		    r->first, r->last);
	*out = (int)number - r->shift;
	return true;
}

static bool
parse_step(const struct reader *r, struct piece p, int64_t *step)
{
	const struct bounds *b = r->bounds;

	if (piece_has(r, p, '/'))
		return cron_fail(r->err, r->text, p.at, "%s: more than one "
		    "'/'", b->name);
	if (!parse_number(r, p, step))
		return cron_fail(r->err, r->text, p.at, "%s: step '%.*s' is "
		    "no number", b->name, shown(r, p), r->text + p.at);
	if (*step == 0)
		return cron_fail(r->err, r->text, p.at, "%s: step 0 leads "
		    "nowhere, the least is 1", b->name);
	return true;
}

/*
 * `*` `N` `N-M`, each with `/STEP` or not. What follows a `*-` is not looked
 * at, as robfig has it. N/STEP runs up to the greatest value.
 */
static bool
parse_range(const struct reader *r, struct piece p, uint64_t *bits,
    bool *star)
{
	const struct bounds *b = r->bounds;
	struct piece low, high, after;
	int start = b->min, end = b->max;
	int64_t i, step = 1;
	bool stepped, ranged, all;

	low = p;
	stepped = cut(r, &low, '/', &after);
	ranged = cut(r, &low, '-', &high);
	all = is_star(r, low);
	if (!all) {
		if (!parse_value(r, low, &start))
			return false;
		if (ranged && piece_has(r, high, '-'))
			return cron_fail(r->err, r->text, p.at, "%s: more "
			    "than one '-' in '%.*s'", b->name, shown(r, p),
			    r->text + p.at);
		end = start;
		if (ranged && !parse_value(r, high, &end))
			return false;
	}
	if (stepped && !parse_step(r, after, &step))
		return false;
	if (stepped && !ranged)
		end = b->max;
	if (start > end)
		return cron_fail(r->err, r->text, p.at, ranged ?
		    "%s: the range %.*s runs backwards" : "%s: %.*s goes "
		    "beyond the week, begin at 0", b->name, shown(r, p),
		    r->text + p.at);
	for (i = start; i <= end; i += step) {
		*bits |= (uint64_t)1 << (i > b->max ? b->min : (int)i);
		if (step > end - i)
			break;
	}
	if (all && step == 1)
		*star = true;
	return true;
}

bool
cron_parse_field(const char *text, size_t at, size_t len,
    enum cron_field field, int sunday, struct cron *cron,
    struct cron_error *err)
{
	struct reader r = { .text = text, .bounds = &bounds[field],
		.first = bounds[field].min, .last = bounds[field].max,
		.err = err };
	struct piece p = { at, len }, rest = { at, len };
	uint64_t bits = 0;
	bool star = false, more = true;

	if (field == CRON_WEEKDAY) {
		r.first = r.shift = sunday;
		r.last = 7;
	}
	while (more) {
		p = rest;
		more = cut(&r, &p, ',', &rest);
		if (p.len != 0 && !parse_range(&r, p, &bits, &star))
			return false;
	}
	if (bits == 0)
		return cron_fail(err, text, at, "%s: no value",
		    bounds[field].name);
	cron->bits[field] = bits;
	cron->star[field] = star;
	cron->wild[field] = text[at] == '*' || text[at] == '?';
	return true;
}

size_t
cron_space(const char *text)
{
	const unsigned char *s = (const unsigned char *)text;

	if (s[0] == ' ' || (s[0] >= '\t' && s[0] <= '\r'))
		return 1;
	if (s[0] == 0xc2)
		return s[1] == 0x85 || s[1] == 0xa0 ? 2 : 0;
	if (s[0] == 0xe1)
		return s[1] == 0x9a && s[2] == 0x80 ? 3 : 0;
	if (s[0] == 0xe2 && s[1] == 0x80)
		return (s[2] >= 0x80 && s[2] <= 0x8a) || s[2] == 0xa8 ||
		    s[2] == 0xa9 || s[2] == 0xaf ? 3 : 0;
	if (s[0] == 0xe2)
		return s[1] == 0x81 && s[2] == 0x9f ? 3 : 0;
	return s[0] == 0xe3 && s[1] == 0x80 && s[2] == 0x80 ? 3 : 0;
}

/* Counts the fields and keeps the places of the first five and the sixth. */
static int
split(const char *text, struct piece field[CRON_FIELDS + 1])
{
	struct piece p = { 0, 0 };
	int n = 0;
	size_t space;

	while (text[p.at] != '\0') {
		space = cron_space(text + p.at);
		if (space != 0) {
			p.at += space;
			continue;
		}
		p.len = 0;
		while (text[p.at + p.len] != '\0' &&
		    cron_space(text + p.at + p.len) == 0)
			p.len++;
		if (n <= CRON_FIELDS)
			field[n] = p;
		n++;
		p.at += p.len;
	}
	return n;
}

static bool
parse_fields(const char *text, struct cron *cron, struct cron_error *err)
{
	struct piece field[CRON_FIELDS + 1] = { { 0, 0 } };
	int i, n = split(text, field);

	if (n != CRON_FIELDS)
		return cron_fail(err, text,
		    n > CRON_FIELDS ? field[CRON_FIELDS].at : 0,
		    "expected 5 fields (minute, hour, day of month, month, "
		    "day of week), found %d", n);
	for (i = 0; i < CRON_FIELDS; i++)
		if (!cron_parse_field(text, field[i].at, field[i].len,
		    (enum cron_field)i, 0, cron, err))
			return false;
	return true;
}

static bool
parse_descriptor(const char *text, struct cron *cron, struct cron_error *err)
{
	size_t i, n;

	for (i = 0; i < ARRAY_SIZE(descriptors); i++) {
		n = strlen(descriptors[i].name);
		if (strcmp(text, descriptors[i].name) == 0)
			return parse_fields(descriptors[i].text, cron, err);
		if (strcasecmp(text, descriptors[i].name) == 0)
			return cron_fail(err, text, 0, "write '%s' in lower "
			    "case", descriptors[i].name);
		if (strncmp(text, descriptors[i].name, n) == 0 &&
		    cron_space(text + n) != 0)
			return cron_fail(err, text, n, "nothing may follow "
			    "'%s', not even a blank", descriptors[i].name);
	}
	if (strncmp(text, "@every", 6) == 0)
		return cron_fail(err, text, 0, "'@every' is a fixed rate and "
		    "no cron expression: use 'fixed_rate'");
	if (strcasecmp(text, "@reboot") == 0)
		return cron_fail(err, text, 0, "'@reboot' is no time that a "
		    "schedule could have");
	return cron_fail(err, text, 0, "unknown '%.16s': there are @hourly, "
	    "@daily, @midnight, @weekly, @monthly, @yearly and @annually",
	    text);
}

bool
cron_parse(const char *text, struct cron *cron, struct cron_error *err)
{
	memset(cron, 0, sizeof(*cron));
	if (text[0] == '\0')
		return cron_fail(err, text, 0, "the expression is empty");
	if (strncmp(text, "TZ=", 3) == 0 ||
	    strncmp(text, "CRON_TZ=", 8) == 0)
		return cron_fail(err, text, 0, "a time zone is given with "
		    "'timezone', not within the expression");
	if (text[0] == '@')
		return parse_descriptor(text, cron, err);
	return parse_fields(text, cron, err);
}
