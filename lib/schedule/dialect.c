/*
 * Which dialect an expression is in, and AWS's six fields as five. EventBridge
 * demands a `?` in one of the day fields, so that its expressions never mean
 * either of two days: a `?` is a star, and with it both dialects agree.
 */
#include "lib/base/compat.h"

#include <strings.h>

#include "lib/schedule/dialect.h"

enum { AWS_FIELDS = 6, AWS_YEAR = 5 };

/* AWS: minutes hours day-of-month month day-of-week year. */
struct aws_field {
	size_t at, len;
};

static const struct {
	char mark;
	const char *meaning;
} unsayable[] = {
	{ 'L', "the last one" },
	{ 'W', "the nearest weekday" },
	{ '#', "the n-th of a month" },
};

/* The fields between the parentheses; false unless there are six. */
static bool
split_aws(const char *text, size_t at, size_t end,
    struct aws_field field[AWS_FIELDS], struct cron_error *err)
{
	size_t start, extra = 0;
	int n = 0;

	while (at < end) {
		if (cron_space(text + at) != 0) {
			at += cron_space(text + at);
			continue;
		}
		start = at;
		while (at < end && cron_space(text + at) == 0)
			at++;
		if (n < AWS_FIELDS) {
			field[n].at = start;
			field[n].len = at - start;
		} else if (n == AWS_FIELDS) {
			extra = start;
		}
		n++;
	}
	if (n == AWS_FIELDS)
		return true;
	return cron_fail(err, text, extra, "cron(...) has 6 fields (minutes, "
	    "hours, day of month, month, day of week, year), found %d", n);
}

/* L, W and # of the day fields; no name of a weekday has an L. */
static bool
check_sayable(const char *text, const struct aws_field *f,
    enum cron_field which, struct cron_error *err)
{
	const char *day = which == CRON_DAY ? "day of month" : "day of week";
	size_t i, j;
	char c;

	for (i = f->at; i < f->at + f->len; i++) {
		c = (char)toupper((unsigned char)text[i]);
		if (c == 'W' && which == CRON_WEEKDAY)
			continue;
		for (j = 0; j < ARRAY_SIZE(unsayable); j++)
			if (c == unsayable[j].mark)
				return cron_fail(err, text, i, "%s: five "
				    "fields cannot say '%c', %s", day,
				    text[i], unsayable[j].meaning);
	}
	return true;
}

static bool
is_question(const char *text, const struct aws_field *f)
{
	return f->len == 1 && text[f->at] == '?';
}

/* What robfig takes in its fields and AWS does not. */
static bool
check_strict(const char *text, const struct aws_field *f, bool day,
    struct cron_error *err)
{
	size_t i, end = f->at + f->len;
	bool begins, ends;

	if (day && is_question(text, f))
		return true;
	for (i = f->at; i < end; i++) {
		begins = i == f->at || text[i - 1] == ',';
		ends = i + 1 == end || text[i + 1] == ',';
		if (text[i] == '?')
			return cron_fail(err, text, i, "'?' stands alone, "
			    "for one of the day fields");
		if (text[i] == '+')
			return cron_fail(err, text, i, "'+' is not allowed");
		if (text[i] == ',' && (begins || ends))
			return cron_fail(err, text, i, "a value is missing "
			    "beside ','");
		if (text[i] == '*' && i + 1 < end && text[i + 1] == '-')
			return cron_fail(err, text, i, "'*' is no beginning "
			    "of a range");
	}
	return true;
}

static bool
check_aws(const char *text, const struct aws_field field[AWS_FIELDS],
    struct cron_error *err)
{
	const struct aws_field *day = &field[CRON_DAY];
	const struct aws_field *weekday = &field[CRON_WEEKDAY];
	const struct aws_field *year = &field[AWS_YEAR];
	int i;

	if (!check_sayable(text, day, CRON_DAY, err) ||
	    !check_sayable(text, weekday, CRON_WEEKDAY, err))
		return false;
	for (i = 0; i < CRON_FIELDS; i++)
		if (!check_strict(text, &field[i],
		    i == CRON_DAY || i == CRON_WEEKDAY, err))
			return false;
	if (is_question(text, day) == is_question(text, weekday))
		return cron_fail(err, text, weekday->at, "one of day of month "
		    "and day of week must be '?', the other not");
	if (year->len != 1 || text[year->at] != '*')
		return cron_fail(err, text, year->at, "year: five fields "
		    "cannot say '%.*s', only '*'",
		    year->len < 32 ? (int)year->len : 32, text + year->at);
	return true;
}

static bool
parse_aws(const char *text, struct cron *cron, struct cron_error *err)
{
	struct aws_field field[AWS_FIELDS];
	size_t len = strlen(text), at = strlen("cron(");
	int i;

	if (text[len - 1] != ')')
		return cron_fail(err, text, len, "cron(...) must end in ')'");
	if (!split_aws(text, at, len - 1, field, err) ||
	    !check_aws(text, field, err))
		return false;
	for (i = 0; i < CRON_FIELDS; i++)
		if (!cron_parse_field(text, field[i].at, field[i].len,
		    (enum cron_field)i, i == CRON_WEEKDAY, cron, err))
			return false;
	return true;
}

static bool
parse_every(const char *text, struct span *every, struct cron_error *err)
{
	size_t at = strlen("@every ");
	const char *why;

	if (!span_parse(text + at, every, &why))
		return cron_fail(err, text, at, "@every: %s", why);
	if (every->nsec != 0)
		return cron_fail(err, text, at, "@every: only whole seconds "
		    "are possible");
	if (every->sec < 1)
		return cron_fail(err, text, at, "@every: the least is one "
		    "second");
	return true;
}

bool
expression_parse(const char *text, struct expression *out,
    struct cron_error *err)
{
	memset(out, 0, sizeof(*out));
	if (strncmp(text, "@every ", 7) == 0) {
		out->dialect = DIALECT_EVERY;
		return parse_every(text, &out->every, err);
	}
	if (strcmp(text, "@every") == 0)
		return cron_fail(err, text, 0, "'@every' wants a duration, "
		    "as in '@every 90s'");
	if (strncmp(text, "cron(", 5) == 0) {
		out->dialect = DIALECT_AWS;
		return parse_aws(text, &out->cron, err);
	}
	if (strncasecmp(text, "cron(", 5) == 0)
		return cron_fail(err, text, 0, "write 'cron(' in lower case");
	if (strncmp(text, "rate(", 5) == 0)
		return cron_fail(err, text, 0, "'rate(...)' is no cron "
		    "expression: use 'fixed_rate'");
	out->dialect = text[0] == '@' ? DIALECT_DESCRIPTOR : DIALECT_UNIX;
	return cron_parse(text, &out->cron, err);
}
