/* Expressions in words, and in the other dialects: the same times there. */
#include "lib/base/compat.h"

#include "lib/base/strbuf.h"
#include "lib/schedule/dialect.h"
#include "lib/schedule/next.h"
#include "lib/schedule/words.h"
#include "lib/schedule/zone.h"
#include "t/unit/randomcron.h"
#include "t/unit/tap.h"

static const struct {
	const char *expression, *words, *unix_fields, *aws;
} table[] = {
	{ "* * * * *", "every minute", "* * * * *", "cron(* * * * ? *)" },
	{ "*/15 * * * *", "every 15 minutes", "*/15 * * * *",
	    "cron(0/15 * * * ? *)" },
	{ "5/15 * * * *", "at minutes 5, 20, 35 and 50 of every hour",
	    "5-59/15 * * * *", "cron(5/15 * * * ? *)" },
	{ "*/25 * * * *", "at minutes 0, 25 and 50 of every hour",
	    "*/25 * * * *", "cron(0/25 * * * ? *)" },
	{ "@hourly", "every hour", "0 * * * *", "cron(0 * * * ? *)" },
	{ "5 * * * *", "every hour, at minute 5", "5 * * * *",
	    "cron(5 * * * ? *)" },
	{ "0 0 * * *", "at 00:00, every day", "0 0 * * *",
	    "cron(0 0 * * ? *)" },
	{ "0 9,12,18 * * *", "at 09:00, 12:00 and 18:00, every day",
	    "0 9,12,18 * * *", "cron(0 9,12,18 * * ? *)" },
	{ "0,30 8,20 * * 1", "at 08:00, 08:30, 20:00 and 20:30, on Mondays",
	    "0,30 8,20 * * 1", "cron(0,30 8,20 ? * 2 *)" },
	{ "cron(0 10 ? * 2-6 *)", "at 10:00, Monday to Friday",
	    "0 10 * * 1-5", "cron(0 10 ? * 2-6 *)" },
	{ "*/15 9-17 * * 1-5",
	    "every 15 minutes from 09:00 to 17:45, Monday to Friday",
	    "*/15 9-17 * * 1-5", "cron(0/15 9-17 ? * 2-6 *)" },
	{ "* 2 * * *", "every minute from 02:00 to 02:59", "* 2 * * *",
	    "cron(* 2 * * ? *)" },
	{ "30 9-17 * * *", "every hour from 09:30 to 17:30",
	    "30 9-17 * * *", "cron(30 9-17 * * ? *)" },
	{ "0 */2 * * *", "every 2 hours", "0 */2 * * *",
	    "cron(0 0/2 * * ? *)" },
	{ "30 3/6 * * *", "every 6 hours from 03:30", "30 3-23/6 * * *",
	    "cron(30 3/6 * * ? *)" },
	{ "0 */5 * * *",
	    "at 00:00, 05:00, 10:00, 15:00 and 20:00, every day",
	    "0 */5 * * *", "cron(0 0/5 * * ? *)" },
	{ "1,2,3,10 1-3,9 * * *",
	    "at minutes 1 to 3 and 10 of the hours 1 to 3 and 9",
	    "1-3,10 1-3,9 * * *", "cron(1-3,10 1-3,9 * * ? *)" },
	{ "*/10 1,5 * * *", "every 10 minutes of the hours 1 and 5",
	    "*/10 1,5 * * *", "cron(0/10 1,5 * * ? *)" },
	{ "0 0 31 * *", "at 00:00, on day 31 of the month", "0 0 31 * *",
	    "cron(0 0 31 * ? *)" },
	{ "0 0 1,15 * ?", "at 00:00, on days 1 and 15 of the month",
	    "0 0 1,15 * *", "cron(0 0 1,15 * ? *)" },
	{ "0 0 29 2 *", "at 00:00, on 29 February", "0 0 29 2 *",
	    "cron(0 0 29 2 ? *)" },
	{ "@yearly", "at 00:00, on 1 January", "0 0 1 1 *",
	    "cron(0 0 1 1 ? *)" },
	{ "0 0 1 */3 *", "at 00:00, on day 1 of the month, in January, "
	    "April, July and October", "0 0 1 */3 *",
	    "cron(0 0 1 1/3 ? *)" },
	{ "0 0 * 6-8 *", "at 00:00, every day, in June to August",
	    "0 0 * 6-8 *", "cron(0 0 * 6-8 ? *)" },
	{ "* * * 6 *", "every minute, in June", "* * * 6 *",
	    "cron(* * * 6 ? *)" },
	{ "@weekly", "at 00:00, on Sundays", "0 0 * * 0",
	    "cron(0 0 ? * 1 *)" },
	{ "0 0 * * sat,sun", "at 00:00, on Saturdays and Sundays",
	    "0 0 * * 0,6", "cron(0 0 ? * 1,7 *)" },
	{ "0 0 * * 0,2-4",
	    "at 00:00, on Tuesdays to Thursdays and Sundays",
	    "0 0 * * 0,2-4", "cron(0 0 ? * 1,3-5 *)" },
	{ "0 0 * * 5-7", "at 00:00, Friday to Sunday", "0 0 * * 0,5,6",
	    "cron(0 0 ? * 1,6,7 *)" },
	/* Either day. */
	{ "0 0 13 * 5", "at 00:00, on day 13 of the month and on every "
	    "Friday", "0 0 13 * 5", NULL },
	{ "0 0 13 6 1-5", "at 00:00, on day 13 of the month and on each day "
	    "from Monday to Friday, in June", "0 0 13 6 1-5", NULL },
	{ "0 0 */2 * 1", "at 00:00, on every second day of the month from "
	    "day 1 and on every Monday", "0 0 1-31/2 * 1", NULL },
	{ "0 0 2/4 * *", "at 00:00, on every 4th day of the month from day "
	    "2", "0 0 2-31/4 * *", "cron(0 0 2/4 * ? *)" },
	{ "0 0 13 * */2", "at 00:00, on day 13 of the month and on every "
	    "Tuesday, Thursday, Saturday and Sunday", "0 0 13 * 0-6/2",
	    NULL },
	{ "0 0 1-31 * 1", "at 00:00, every day", "0 0 1-31 * 1",
	    "cron(0 0 * * ? *)" },
	{ "0 0 */1 * 1", "at 00:00, on Mondays", "0 0 * * 1",
	    "cron(0 0 ? * 2 *)" },
	{ "0 0 1,* * 1", "at 00:00, on Mondays", "0 0 * * 1",
	    "cron(0 0 ? * 2 *)" },
};

static struct cron
parse(const char *text)
{
	struct expression e;
	struct cron_error err;

	if (!expression_parse(text, &e, &err))
		ok(false, "%s: %s", text, err.message);
	return e.cron;
}

static void
test_table(void)
{
	struct strbuf sb = STRBUF_INIT;
	struct cron cron;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(table); i++) {
		cron = parse(table[i].expression);
		strbuf_reset(&sb);
		words_print(&sb, &cron);
		is_str(sb.buf, table[i].words, table[i].expression);
		strbuf_reset(&sb);
		words_unix(&sb, &cron);
		is_str(sb.buf, table[i].unix_fields, "  in five fields");
		strbuf_reset(&sb);
		is_str(words_aws(&sb, &cron) ? sb.buf : NULL, table[i].aws,
		    "  as AWS");
	}
	strbuf_release(&sb);
}

/* Two that fire at the same times. */
static bool
same_times(const struct cron *a, const struct cron *b, struct random *r)
{
	const char *why;
	const struct zone *utc = zone_find("UTC", &why);
	int64_t t, ta = 0, tb = 0;
	int i;

	for (i = 0; i < 10; i++) {
		t = (int64_t)random_below(r, 2000000000);
		if (cron_next(a, utc, DST_ONCE, t, &ta) !=
		    cron_next(b, utc, DST_ONCE, t, &tb) || ta != tb)
			return false;
	}
	return true;
}

static void
test_random(void)
{
	struct strbuf text = STRBUF_INIT, sb = STRBUF_INIT;
	struct random r = { 11 };
	struct cron cron, again;
	int i, bad = 0, said = 0;

	for (i = 0; i < 5000; i++) {
		random_expression(&r, &text);
		cron = parse(text.buf);
		strbuf_reset(&sb);
		words_print(&sb, &cron);
		bad += sb.len == 0;
		strbuf_reset(&sb);
		words_unix(&sb, &cron);
		again = parse(sb.buf);
		bad += !same_times(&cron, &again, &r);
		strbuf_reset(&sb);
		if (!words_aws(&sb, &cron))
			continue;
		again = parse(sb.buf);
		bad += !same_times(&cron, &again, &r);
		said++;
	}
	is_int(bad, 0, "5,000 expressions mean the same in other dialects");
	ok(said > 2500 && said < 4900, "AWS can say most of them: %d", said);
	strbuf_release(&text);
	strbuf_release(&sb);
}

static void
test_rate(void)
{
	static const struct {
		const char *rate, *cron;
	} rates[] = {
		{ "1m", "* * * * *" }, { "5m", "*/5 * * * *" },
		{ "30m", "*/30 * * * *" }, { "1h", "0 * * * *" },
		{ "12h", "0 */12 * * *" }, { "1d", "0 0 * * *" },
		{ "7d", "0 0 * * 4" }, { "7m", NULL }, { "90m", NULL },
		{ "5h", NULL }, { "2d", NULL }, { "30s", NULL },
		{ "90s", NULL }, { "14d", NULL },
	};
	struct strbuf sb = STRBUF_INIT;
	struct cron cron;
	struct span rate;
	const char *why;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rates); i++) {
		strbuf_reset(&sb);
		span_parse(rates[i].rate, &rate, &why);
		if (words_rate(&rate, &cron))
			words_unix(&sb, &cron);
		is_str(sb.len > 0 ? sb.buf : NULL, rates[i].cron,
		    rates[i].rate);
	}
	strbuf_release(&sb);
}

int
main(void)
{
	test_table();
	test_random();
	test_rate();
	return tap_done();
}
