/* The dialects of expressions: told apart, translated or refused. */
#include "lib/base/compat.h"

#include "lib/base/strbuf.h"
#include "lib/schedule/dialect.h"
#include "t/unit/tap.h"

static const struct {
	const char *text;
	enum dialect dialect;
	const char *unix_text;
} same_as[] = {
	{ "0 10 * * 1-5", DIALECT_UNIX, "0 10 * * 1-5" },
	{ "0 0 * * 7", DIALECT_UNIX, "0 0 * * 0" },
	{ "@daily", DIALECT_DESCRIPTOR, "0 0 * * *" },
	{ "@weekly", DIALECT_DESCRIPTOR, "0 0 * * 0" },
	{ "cron(0 10 ? * 2-6 *)", DIALECT_AWS, "0 10 * * 1-5" },
	{ "cron(0 10 * * ? *)", DIALECT_AWS, "0 10 * * *" },
	{ "cron(15 12 ? * * *)", DIALECT_AWS, "15 12 * * *" },
	{ "cron(0 18 ? * MON-FRI *)", DIALECT_AWS, "0 18 * * 1-5" },
	{ "cron(0 8 1 * ? *)", DIALECT_AWS, "0 8 1 * *" },
	{ "cron(0/15 * * * ? *)", DIALECT_AWS, "0-59/15 * * * *" },
	{ "cron(*/15 * * * ? *)", DIALECT_AWS, "*/15 * * * *" },
	{ "cron(0/5 8-17 ? * MON-FRI *)", DIALECT_AWS,
	    "0-59/5 8-17 * * 1-5" },
	{ "cron(0 0 ? * 1 *)", DIALECT_AWS, "0 0 * * 0" },
	{ "cron(0 0 ? * 7 *)", DIALECT_AWS, "0 0 * * 6" },
	{ "cron(0 0 ? * 1,7 *)", DIALECT_AWS, "0 0 * * 0,6" },
	{ "cron(0 0 ? * 1-7 *)", DIALECT_AWS, "0 0 * * 0-6" },
	{ "cron(0 0 ? * 2/2 *)", DIALECT_AWS, "0 0 * * 1,3,5" },
	{ "cron(0 0 ? * 7/2 *)", DIALECT_AWS, "0 0 * * 6" },
	{ "cron(0 0 ? * 1-5/2 *)", DIALECT_AWS, "0 0 * * 0,2,4" },
	{ "cron(0 0 ? * */2 *)", DIALECT_AWS, "0 0 * * */2" },
	{ "cron(0 0 ? * sun,2,Sat *)", DIALECT_AWS, "0 0 * * 0,1,6" },
	{ "cron(0 0 1,15 JAN,jul ? *)", DIALECT_AWS, "0 0 1,15 1,7 *" },
	{ "cron(  0  0 ? * WED\t* )", DIALECT_AWS, "0 0 * * 3" },
};

static const struct {
	const char *text;
	int column;
	const char *message;
} bad[] = {
	{ "", 1, "the expression is empty" },
	{ "0 25 * * *", 3, "hour 25 is out of range 0-23" },
	{ "cron(", 6, "cron(...) must end in ')'" },
	{ "cron()", 1, "cron(...) has 6 fields (minutes, hours, day of "
	    "month, month, day of week, year), found 0" },
	{ "cron(0 10 ? * 2-6 *", 20, "cron(...) must end in ')'" },
	{ "cron(0 10 ? * 2-6 *) ", 22, "cron(...) must end in ')'" },
	{ "cron(0 10 ? * 2-6)", 1, "cron(...) has 6 fields (minutes, hours, "
	    "day of month, month, day of week, year), found 5" },
	{ "cron(0 0 10 ? * 2-6 *)", 21, "cron(...) has 6 fields (minutes, "
	    "hours, day of month, month, day of week, year), found 7" },
	{ "cron(0 10 * * * *)", 15, "one of day of month and day of week "
	    "must be '?', the other not" },
	{ "cron(0 10 ? * ? *)", 15, "one of day of month and day of week "
	    "must be '?', the other not" },
	{ "cron(0 10 1 * 2 *)", 15, "one of day of month and day of week "
	    "must be '?', the other not" },
	{ "cron(0 10 L * ? *)", 11, "day of month: five fields cannot say "
	    "'L', the last one" },
	{ "cron(0 10 LW * ? *)", 11, "day of month: five fields cannot say "
	    "'L', the last one" },
	{ "cron(0 10 15W * ? *)", 13, "day of month: five fields cannot say "
	    "'W', the nearest weekday" },
	{ "cron(0 10 ? * 6L *)", 16, "day of week: five fields cannot say "
	    "'L', the last one" },
	{ "cron(0 10 ? * MON#2 *)", 18, "day of week: five fields cannot say "
	    "'#', the n-th of a month" },
	{ "cron(0 10 ? * 2-6 2027)", 19, "year: five fields cannot say "
	    "'2027', only '*'" },
	{ "cron(0 10 ? * 2-6 */2)", 19, "year: five fields cannot say '*/2', "
	    "only '*'" },
	{ "cron(0 25 * * ? *)", 8, "hour 25 is out of range 0-23" },
	{ "cron(0 0 ? * 0 *)", 14, "day of week 0 is out of range 1-7" },
	{ "cron(0 0 ? * 2,8 *)", 16, "day of week 8 is out of range 1-7" },
	{ "cron(0 0 ? * 6-2 *)", 14, "day of week: the range 6-2 runs "
	    "backwards" },
	{ "cron(0 0 ? * FRI-MON *)", 14, "day of week: the range FRI-MON "
	    "runs backwards" },
	{ "cron(? 0 ? * 2 *)", 6, "'?' stands alone, for one of the day "
	    "fields" },
	{ "cron(0 0 ?/2 * 2 *)", 10, "'?' stands alone, for one of the day "
	    "fields" },
	{ "cron(0 0 1,?,2 * 2 *)", 12, "'?' stands alone, for one of the day "
	    "fields" },
	{ "cron(0,,1 0 ? * 2 *)", 7, "a value is missing beside ','" },
	{ "cron(0, 0 ? * 2 *)", 7, "a value is missing beside ','" },
	{ "cron(*-5 0 ? * 2 *)", 6, "'*' is no beginning of a range" },
	{ "cron(+5 0 ? * 2 *)", 6, "'+' is not allowed" },
	{ "cron(\xc3\xa4 0 ? * 2 *)", 6, "minute: '\xc3\xa4' is no number" },
	{ "CRON(0 10 ? * 2-6 *)", 1, "write 'cron(' in lower case" },
	{ "rate(5 minutes)", 1, "'rate(...)' is no cron expression: use "
	    "'fixed_rate'" },
	{ "@every", 1, "'@every' wants a duration, as in '@every 90s'" },
	{ "@every 500ms", 8, "@every: only whole seconds are possible" },
	{ "@every 1.5s", 8, "@every: only whole seconds are possible" },
	{ "@every 0s", 8, "@every: the least is one second" },
	{ "@every -5s", 8, "@every: the least is one second" },
	{ "@Every 5s", 1, "unknown '@Every 5s': there are @hourly, @daily, "
	    "@midnight, @weekly, @monthly, @yearly and @annually" },
};

static void
test_good(void)
{
	struct strbuf sb = STRBUF_INIT;
	struct expression e;
	struct cron_error err;
	struct cron want;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(same_as); i++) {
		if (!expression_parse(same_as[i].text, &e, &err)) {
			ok(false, "'%s': %s", same_as[i].text, err.message);
			continue;
		}
		is_int(e.dialect, same_as[i].dialect, same_as[i].text);
		strbuf_reset(&sb);
		cron_print(&sb, &e.cron);
		is_str(sb.buf, same_as[i].unix_text, same_as[i].text);
		ok(cron_parse(same_as[i].unix_text, &want, &err) &&
		    memcmp(want.bits, e.cron.bits, sizeof(want.bits)) == 0 &&
		    memcmp(want.star, e.cron.star, sizeof(want.star)) == 0,
		    "and means the same");
	}
	strbuf_release(&sb);
}

static void
test_bad(void)
{
	struct expression e;
	struct cron_error err;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		memset(&err, 0, sizeof(err));
		ok(!expression_parse(bad[i].text, &e, &err), "refused: '%s'",
		    bad[i].text);
		is_str(err.message, bad[i].message, "its message");
		is_int(err.column, bad[i].column, "its column");
	}
	ok(!expression_parse("@every soon", &e, &err) && err.column == 8 &&
	    strncmp(err.message, "@every: ", 8) == 0, "@every soon");
	ok(!expression_parse("@every  5s", &e, &err) && err.column == 8,
	    "@every and two blanks, which robfig refuses too");
}

static void
test_every(void)
{
	static const struct {
		const char *text;
		int seconds;
	} cases[] = {
		{ "@every 90s", 90 },
		{ "@every 1s", 1 },
		{ "@every 1h30m", 5400 },
		{ "@every 1d", 86400 },
		{ "@every PT15M", 900 },
		{ "@every 2000ms", 2 },
	};
	struct expression e;
	struct cron_error err;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		if (!expression_parse(cases[i].text, &e, &err)) {
			ok(false, "'%s': %s", cases[i].text, err.message);
			continue;
		}
		is_int(e.dialect, DIALECT_EVERY, cases[i].text);
		is_int(e.every.sec, cases[i].seconds, "its seconds");
		is_int(e.every.nsec, 0, "whole ones");
	}
}

/* Each pair of weekdays as a range, by number and by name. */
static void
test_weekdays(void)
{
	static const char *const name[] = { "SUN", "MON", "TUE", "WED", "THU",
		"FRI", "SAT" };
	struct expression number, named;
	struct cron_error err;
	int from, to, wrong = 0;
	char text[64];
	uint64_t want;

	for (from = 0; from < 7; from++) {
		for (to = from; to < 7; to++) {
			want = (((uint64_t)1 << (to + 1)) - 1) &
			    ~(((uint64_t)1 << from) - 1);
			snprintf(text, sizeof(text), "cron(0 0 ? * %d-%d *)",
			    from + 1, to + 1);
			if (!expression_parse(text, &number, &err) ||
			    number.cron.bits[CRON_WEEKDAY] != want)
				wrong++;
			snprintf(text, sizeof(text), "cron(0 0 ? * %s-%s *)",
			    name[from], name[to]);
			if (!expression_parse(text, &named, &err) ||
			    named.cron.bits[CRON_WEEKDAY] != want)
				wrong++;
		}
	}
	is_int(wrong, 0, "AWS's Sunday is 1, its names are the same");
}

int
main(void)
{
	test_good();
	test_bad();
	test_every();
	test_weekdays();
	return tap_done();
}
