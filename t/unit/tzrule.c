/* POSIX TZ strings: what is read, when the clock is changed, rubbish. */
#include "lib/base/compat.h"

#include "lib/base/clock.h"
#include "lib/base/strbuf.h"
#include "lib/schedule/tzrule.h"
#include "t/unit/tap.h"

static const struct {
	const char *text;
	int32_t standard, daylight;	/* 1: has none */
	const char *begin, *end;	/* in 2028, a leap year */
} good[] = {
	{ "UTC0", 0, 1, NULL, NULL },
	{ "EST5", -18000, 1, NULL, NULL },
	{ "<+0545>-5:45", 20700, 1, NULL, NULL },
	{ "<-00>0", 0, 1, NULL, NULL },
	{ "LMT-0:53:28", 3208, 1, NULL, NULL },
	{ "AAA24", -86400, 1, NULL, NULL },
	{ "AAA-24:59:59", 89999, 1, NULL, NULL },
	{ "CET-1CEST,M3.5.0,M10.5.0/3", 3600, 7200, "2028-03-26T01:00:00Z",
	    "2028-10-29T01:00:00Z" },
	{ "EST5EDT,M3.2.0,M11.1.0", -18000, -14400, "2028-03-12T07:00:00Z",
	    "2028-11-05T06:00:00Z" },
	{ "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", 37800, 39600,
	    "2028-09-30T15:30:00Z", "2028-04-01T15:00:00Z" },
	{ "IST-1GMT0,M10.5.0,M3.5.0/1", 3600, 0, "2028-10-29T01:00:00Z",
	    "2028-03-26T01:00:00Z" },
	{ "CST5CDT,M3.2.0/0,M11.1.0/1", -18000, -14400,
	    "2028-03-12T05:00:00Z", "2028-11-05T05:00:00Z" },
	{ "<-02>2<-01>,M3.5.0/-1,M10.5.0/0", -7200, -3600,
	    "2028-03-26T01:00:00Z", "2028-10-29T01:00:00Z" },
	{ "EET-2EEST,M3.4.4/50,M10.4.4/50", 7200, 10800,
	    "2028-03-25T00:00:00Z", "2028-10-27T23:00:00Z" },
	{ "AAA0BBB,J59/0,J60/0", 0, 3600, "2028-02-28T00:00:00Z",
	    "2028-02-29T23:00:00Z" },
	{ "AAA0BBB,59/0,60/0", 0, 3600, "2028-02-29T00:00:00Z",
	    "2028-02-29T23:00:00Z" },
	{ "AAA0BBB,0/0,365/0", 0, 3600, "2028-01-01T00:00:00Z",
	    "2028-12-30T23:00:00Z" },
	{ "WWW3EDT4,0/0,J365/23", -10800, -14400, "2028-01-01T03:00:00Z",
	    "2029-01-01T03:00:00Z" },
	{ "AAA0BBB,M2.5.2/167,M12.1.1/-167:59:59", 0, 3600,
	    "2028-03-06T23:00:00Z", "2028-11-26T23:00:01Z" },
};

static const char *const bad[] = { "", "A", "AB", "AB1", "ABC", "ABC-", "ABC+",
	"<ABC1", "<>1", "<A>1", "ABC25", "ABC1:60", "ABC1:00:60", "ABC1:", "1",
	"ABC1x", "ABC1D", "ABC1DEF", "ABC1DEF2", "ABC1DEF,", "ABC1DEF,M3.2.0",
	"ABC1DEF,M3.2.0,", "ABC1DEF,M0.2.0,M11.1.0", "ABC1DEF,M13.2.0,M11.1.0",
	"ABC1DEF,M3.0.0,M11.1.0", "ABC1DEF,M3.6.0,M11.1.0",
	"ABC1DEF,M3.2.7,M11.1.0", "ABC1DEF,M3.2,M11.1.0", "ABC1DEF,J0,J9",
	"ABC1DEF,J366,J9", "ABC1DEF,366,9", "ABC1DEF,1,2,3",
	"ABC1DEF,1/168,2", "ABC1DEF,1/,2", "ABC1DEF,1,2 ", " ABC1",
	"ABC99999999999999999999", "ABC1DEF,M3.2.99999999999,M11.1.0",
	"ABCDEFGHIJKLMNOP1", ":Europe/Berlin" };

static void
is_time(int64_t got, const char *want, const char *text, const char *what)
{
	struct strbuf sb = STRBUF_INIT, name = STRBUF_INIT;

	instant_print(&sb, (struct instant){ got, 0 });
	strbuf_addf(&name, "%s: %s", text, what);
	is_str(sb.buf, want, name.buf);
	strbuf_release(&sb);
	strbuf_release(&name);
}

int
main(void)
{
	struct tzrule rule;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(good); i++) {
		if (!ok(tzrule_parse(good[i].text, strlen(good[i].text),
		    &rule), "'%s' is read", good[i].text))
			continue;
		is_int(rule.standard.offset, good[i].standard, "  standard");
		is_int(rule.has_daylight ? rule.daylight.offset : 1,
		    good[i].daylight, "  daylight");
		if (!rule.has_daylight)
			continue;
		is_time(tzrule_begin(&rule, 2028), good[i].begin,
		    good[i].text, "begins");
		is_time(tzrule_end(&rule, 2028), good[i].end, good[i].text,
		    "ends");
	}
	tzrule_parse("<-0330>3:30NDT,1,2", 18, &rule);
	is_str(rule.standard.name, "-0330", "a name in brackets");
	is_str(rule.daylight.name, "NDT", "the other name");
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		ok(!tzrule_parse(bad[i], strlen(bad[i]), &rule),
		    "'%s' is refused", bad[i]);
	ok(!tzrule_parse("ABC1", 3, &rule), "no more than the length is read");
	return tap_done();
}
