/*
 * Durations as text. The table of prints was written by Go's own
 * time.Duration.String.
 */
#include "lib/base/compat.h"

#include "lib/base/span.h"
#include "lib/base/strbuf.h"
#include "t/unit/tap.h"

static const struct {
	int64_t nsec;
	const char *text;
} go_prints[] = {
	{ 0, "0s" },
	{ 1, "1ns" },
	{ -1, "-1ns" },
	{ 999, "999ns" },
	{ 1000, "1\302\265s" },
	{ 1001, "1.001\302\265s" },
	{ 1100, "1.1\302\265s" },
	{ 999999, "999.999\302\265s" },
	{ 1000000, "1ms" },
	{ 1500000, "1.5ms" },
	{ 1000001, "1.000001ms" },
	{ 999999999, "999.999999ms" },
	{ 1000000000, "1s" },
	{ 1000000001, "1.000000001s" },
	{ 1100000000, "1.1s" },
	{ 1500000000, "1.5s" },
	{ -1500000000, "-1.5s" },
	{ 59999999999, "59.999999999s" },
	{ 60000000000, "1m0s" },
	{ 60500000000, "1m0.5s" },
	{ 90000000000, "1m30s" },
	{ 3599999999999, "59m59.999999999s" },
	{ 3600000000000, "1h0m0s" },
	{ 3600000000001, "1h0m0.000000001s" },
	{ 5400500000000, "1h30m0.5s" },
	{ 86400000000000, "24h0m0s" },
	{ -3661000000001, "-1h1m1.000000001s" },
	{ 123456789012345678, "34293h33m9.012345678s" },
	{ -500000000, "-500ms" },
	{ -20000, "-20\302\265s" },
	{ 9223372036854775807, "2562047h47m16.854775807s" },
	{ -9223372036854775807, "-2562047h47m16.854775807s" },
};

static void
test_print(void)
{
	struct strbuf sb = STRBUF_INIT;
	struct span d, back;
	const char *why;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(go_prints); i++) {
		d.sec = go_prints[i].nsec / 1000000000;
		d.nsec = (int32_t)(go_prints[i].nsec % 1000000000);
		strbuf_reset(&sb);
		span_print(&sb, d);
		is_str(sb.buf, go_prints[i].text, "printed");
		ok(span_parse(sb.buf, &back, &why) && back.sec == d.sec &&
		    back.nsec == d.nsec, "and read back");
	}
	d.sec = INT64_MIN;
	d.nsec = -999999999;
	strbuf_reset(&sb);
	span_print(&sb, d);
	is_str(sb.buf, "-2562047788015215h30m8.999999999s", "beyond Go's");
	strbuf_release(&sb);
}

static void
test_parse(void)
{
	static const struct {
		const char *text;
		int64_t sec;
		int32_t nsec;
	} cases[] = {
		{ "0", 0, 0 }, { "+0", 0, 0 }, { "-0", 0, 0 },
		{ "0s", 0, 0 }, { "90s", 90, 0 }, { "+90s", 90, 0 },
		{ "-90s", -90, 0 }, { "90m", 5400, 0 }, { "1h30m", 5400, 0 },
		{ "1h30m0.5s", 5400, 500000000 },
		{ "-1.5s", -1, -500000000 }, { "-1ns", 0, -1 },
		{ "1d", 86400, 0 }, { "1.5d", 129600, 0 },
		{ "2d12h", 216000, 0 }, { "30m1h", 5400, 0 },
		{ "500ms", 0, 500000000 }, { "1us", 0, 1000 },
		{ "1\302\265s", 0, 1000 }, { "1\316\274s", 0, 1000 },
		{ "1ns", 0, 1 }, { "1.s", 1, 0 }, { ".5s", 0, 500000000 },
		{ "0.333333333333333333333h", 1199, 999999999 },
		{ "0.1ns", 0, 0 }, { "0.000000001s", 0, 1 },
		{ "00000000000000000000000001s", 1, 0 },
		{ "1m1ms1s", 61, 1000000 },
		{ "2562047h47m16.854775807s", 9223372036, 854775807 },
		{ "-9223372036854775808ns", -9223372036, -854775808 },
		{ "PT1H30M", 5400, 0 }, { "P1D", 86400, 0 },
		{ "P2W", 1209600, 0 }, { "P1DT12H", 129600, 0 },
		{ "PT0S", 0, 0 }, { "P0D", 0, 0 }, { "PT36H", 129600, 0 },
		{ "PT0.5S", 0, 500000000 }, { "PT0,5S", 0, 500000000 },
		{ "PT1.5H", 5400, 0 }, { "P0.5D", 43200, 0 },
		{ "PT1H2M3.004S", 3723, 4000000 }, { "-PT1M", -60, 0 },
		{ "+P1D", 86400, 0 }, { "P1W2DT3H", 788400, 0 },
	};
	struct span d;
	const char *why;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		if (!ok(span_parse(cases[i].text, &d, &why), "%s",
		    cases[i].text))
			continue;
		is_int(d.sec, cases[i].sec, "seconds");
		is_int(d.nsec, cases[i].nsec, "nanoseconds");
	}
}

static void
test_rubbish(void)
{
	static const char form[] =
	    "not a duration like 90s, 1h30m, 1d or PT1H30M";
	static const char no_unit[] = "no unit (ns, us, ms, s, m, h or d)";
	static const char unit[] = "unknown unit (ns, us, ms, s, m, h or d)";
	static const char vary[] =
	    "years and months vary in length: give days";
	static const char far[] = "longer than 292 years";
	static const struct {
		const char *text, *why;
	} cases[] = {
		{ "", form }, { "-", form }, { "+", form }, { "s", form },
		{ ".", form }, { ".s", form }, { "h1", form },
		{ " 1s", form }, { "--1s", form }, { "+-1s", form },
		{ "1s -1s", form }, { "1s-1s", form }, { "nan", form },
		{ "\001", form }, { "0x1s", unit },
		{ "1", no_unit }, { "90", no_unit }, { "1.5", no_unit },
		{ "00", no_unit }, { "1h30", no_unit },
		{ "1 s", unit }, { "1s ", form }, { "1w", unit },
		{ "1y", unit }, { "1S", unit }, { "1H", unit },
		{ "1e3s", unit }, { "1\302s", unit }, { "1\265s", unit },
		{ "1,5s", unit },
		{ "P", form }, { "PT", form }, { "P1", form }, { "P1DT", form },
		{ "PD", form }, { "P1H", form }, { "P1S", form },
		{ "PT1D", form }, { "PT1W", form }, { "P1D2W", form },
		{ "P1D1D", form }, { "PT1M1H", form }, { "PT1S1S", form },
		{ "PT1.5H1M", form }, { "PT1.S", form }, { "PT.5S", form },
		{ "PT1.5.5S", form }, { "P-1D", form }, { "P1DT1HT1M", form },
		{ "P1D ", form }, { "pt1h", form }, { "P1d", form },
		{ "PT1H30", form }, { "P1D1H", form },
		{ "P1Y", vary }, { "P1M", vary }, { "P1Y2M", vary },
		{ "P1D1M", vary },
		{ "9223372036854775808ns", far },
		{ "-9223372036854775809ns", far },
		{ "2562047h47m16.854775808s", far },
		{ "106752d", far }, { "999999999999999999999999s", far },
		{ "P106752D", far }, { "P15251W", far },
		{ "106751d106751d", far },
		{ "PT9223372036.854775808S", far },
	};
	struct span d = { 7, 8 };
	const char *why;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		why = NULL;
		ok(!span_parse(cases[i].text, &d, &why), "refused: '%s'",
		    cases[i].text);
		is_str(why, cases[i].why, "why");
	}
	ok(d.sec == 7 && d.nsec == 8, "nothing was stored");
}

static void
test_ms(void)
{
	static const struct {
		struct span d;
		int64_t ms;
	} cases[] = {
		{ { 0, 0 }, 0 }, { { 1, 500000000 }, 1500 },
		{ { 0, 999999 }, 0 }, { { -1, -500000000 }, -1500 },
		{ { 9223372036, 854775807 }, 9223372036854 },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++)
		is_int(span_ms(cases[i].d), cases[i].ms, "span_ms");
}

int
main(void)
{
	test_print();
	test_parse();
	test_rubbish();
	test_ms();
	return tap_done();
}
