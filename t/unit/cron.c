/* Cron expressions: robfig's language, errors that point, the fixed point. */
#include "lib/base/compat.h"

#include "lib/base/strbuf.h"
#include "lib/schedule/cron.h"
#include "t/unit/tap.h"

/*
 * Bits, then flags: `*` for a star, `?` for a field that begins as one and is
 * none, `,` for a star that does not begin the field, `.` for neither. The
 * bits are what robfig/cron v3.0.1 gives.
 */
static const struct {
	const char *text;
	uint64_t bits[CRON_FIELDS];
	const char *flags, *printed;
} good[] = {
	{ "* * * * *",
	    { 0xfffffffffffffff, 0xffffff, 0xfffffffe, 0x1ffe, 0x7f },
	    "*****", "* * * * *" },
	{ "? ? ? ? ?",
	    { 0xfffffffffffffff, 0xffffff, 0xfffffffe, 0x1ffe, 0x7f },
	    "*****", "* * * * *" },
	{ "*/1 ?/1 */01 *-5 ?-x",
	    { 0xfffffffffffffff, 0xffffff, 0xfffffffe, 0x1ffe, 0x7f },
	    "*****", "* * * * *" },
	{ "0 0 1 1 0", { 1, 1, 2, 2, 1 }, ".....", "0 0 1 1 0" },
	{ "59 23 31 12 6",
	    { 0x800000000000000, 0x800000, 0x80000000, 0x1000, 0x40 },
	    ".....", "59 23 31 12 6" },
	{ "*/15 9-17 * * 1-5",
	    { 0x200040008001, 0x3fe00, 0xfffffffe, 0x1ffe, 0x3e },
	    "?.**.", "*/15 9-17 * * 1-5" },
	{ "0-59 0-23 1-31 1-12 0-6",
	    { 0xfffffffffffffff, 0xffffff, 0xfffffffe, 0x1ffe, 0x7f },
	    ".....", "0-59 0-23 1-31 1-12 0-6" },
	{ "5/20 2/8 10/10 10/1 4/1",
	    { 0x200002000020, 0x40404, 0x40100400, 0x1c00, 0x70 },
	    ".....", "5,25,45 2,10,18 10,20,30 10-12 4-6" },
	{ "0-59/15 */6 */2 */3 */2",
	    { 0x200040008001, 0x41041, 0xaaaaaaaa, 0x492, 0x55 },
	    ".????", "0-59/15 */6 */2 */3 */2" },
	{ "5,*/2 1,*/3 2,* 3,?/1 1,*",
	    { 0x555555555555575, 0x24924b, 0xfffffffe, 0x1ffe, 0x7f },
	    "..,,,", "0,2,4-6,8,10,12,14,16,18,20,22,24,26,28,30,32,34,36,"
	    "38,40,42,44,46,48,50,52,54,56,58 0,1,3,6,9,12,15,18,21 1,* 1,* "
	    "0,*" },
	{ "*/2,1 ?/5 1 jan-mar Mon-fri",
	    { 0x555555555555557, 0x108421, 2, 0xe, 0x3e },
	    "??...", "*/2,1 */5 1 1-3 1-5" },
	{ "1,,2, 3,4 5,6,7 FEB,apr SUN,SAT",
	    { 6, 0x18, 0xe0, 0x14, 0x41 },
	    ".....", "1,2 3,4 5-7 2,4 0,6" },
	{ "0 0 1 1 7", { 1, 1, 2, 2, 1 }, ".....", "0 0 1 1 0" },
	{ "0 0 1 1 5-7", { 1, 1, 2, 2, 0x61 }, ".....", "0 0 1 1 0,5,6" },
	{ "0 0 1 1 1-7/2", { 1, 1, 2, 2, 0x2b }, ".....",
	    "0 0 1 1 0,1,3,5" },
	{ "0 0 1 1 0-7", { 1, 1, 2, 2, 0x7f }, ".....", "0 0 1 1 0-6" },
	{ "+5 007 1 1 */9223372036854775807", { 0x20, 0x80, 2, 2, 1 },
	    "....?", "5 7 1 1 */7" },
	{ "  0\t0 \v1\f1\r\n0 ", { 1, 1, 2, 2, 1 }, ".....", "0 0 1 1 0" },
	{ "0\xc2\xa0" "0\xe2\x80\x83" "1\xe3\x80\x80" "1\xc2\x85" "0",
	    { 1, 1, 2, 2, 1 }, ".....", "0 0 1 1 0" },
	{ "@hourly", { 1, 0xffffff, 0xfffffffe, 0x1ffe, 0x7f }, ".****",
	    "0 * * * *" },
	{ "@daily", { 1, 1, 0xfffffffe, 0x1ffe, 0x7f }, "..***",
	    "0 0 * * *" },
	{ "@midnight", { 1, 1, 0xfffffffe, 0x1ffe, 0x7f }, "..***",
	    "0 0 * * *" },
	{ "@weekly", { 1, 1, 0xfffffffe, 0x1ffe, 1 }, "..**.",
	    "0 0 * * 0" },
	{ "@monthly", { 1, 1, 2, 0x1ffe, 0x7f }, "...**", "0 0 1 * *" },
	{ "@yearly", { 1, 1, 2, 2, 0x7f }, "....*", "0 0 1 1 *" },
	{ "@annually", { 1, 1, 2, 2, 0x7f }, "....*", "0 0 1 1 *" },
};

static const struct {
	const char *text;
	int column;
	const char *message;
} bad[] = {
	{ "", 1, "the expression is empty" },
	{ "  ", 1, "expected 5 fields (minute, hour, day of month, month, "
	    "day of week), found 0" },
	{ "* * * *", 1, "expected 5 fields (minute, hour, day of month, "
	    "month, day of week), found 4" },
	{ "0 0 * * * *", 11, "expected 5 fields (minute, hour, day of month, "
	    "month, day of week), found 6" },
	{ "0 25 * * *", 3, "hour 25 is out of range 0-23" },
	{ "60 0 * * *", 1, "minute 60 is out of range 0-59" },
	{ "0 0 0 * *", 5, "day of month 0 is out of range 1-31" },
	{ "0 0 1-32 * *", 7, "day of month 32 is out of range 1-31" },
	{ "0 0 * 1,13 *", 9, "month 13 is out of range 1-12" },
	{ "0 0 * 0 *", 7, "month 0 is out of range 1-12" },
	{ "0 0 * * 8", 9, "day of week 8 is out of range 0-7" },
	{ "99999999999999999999 0 * * *", 1, "minute 99999999999999999999 is "
	    "out of range 0-59" },
	{ "0 */0 * * *", 5, "hour: step 0 leads nowhere, the least is 1" },
	{ "*/0 * * * *", 3, "minute: step 0 leads nowhere, the least is 1" },
	{ "*/-0 * * * *", 3, "minute: step '-0' is no number" },
	{ "*/ * * * *", 3, "minute: step '' is no number" },
	{ "*/9223372036854775808 * * * *", 3, "minute: step "
	    "'9223372036854775808' is no number" },
	{ "*/2/3 * * * *", 3, "minute: more than one '/'" },
	{ "1-2-3 * * * *", 1, "minute: more than one '-' in '1-2-3'" },
	{ "5-1 * * * *", 1, "minute: the range 5-1 runs backwards" },
	{ "0 0 * * 0,sat-sun", 11, "day of week: the range sat-sun runs "
	    "backwards" },
	{ "0 0 * * 7/2", 9, "day of week: 7/2 goes beyond the week, begin "
	    "at 0" },
	{ "-5 * * * *", 1, "minute: a number is missing" },
	{ "5- * * * *", 3, "minute: a number is missing" },
	{ "/5 * * * *", 1, "minute: a number is missing" },
	{ ", * * * *", 1, "minute: no value" },
	{ "0 0 * * ,,", 9, "day of week: no value" },
	{ "x 0 * * *", 1, "minute: 'x' is no number" },
	{ "0 mon * * *", 3, "hour: 'mon' is no number" },
	{ "0 0 L * *", 5, "day of month: 'L' is no number" },
	{ "0 0 * janu *", 7, "month: 'janu' is neither a number nor a name "
	    "of three letters" },
	{ "0 0 * * 5#2", 9, "day of week: '5#2' is neither a number nor a "
	    "name of three letters" },
	{ "** * * * *", 1, "minute: '**' is no number" },
	{ "5-* * * * *", 3, "minute: '*' is no number" },
	{ "0 \xc3\xa4,\xc3\xa4 * * *", 3, "hour: '\xc3\xa4' is no number" },
	{ "0 0 \xc3\xa4,1 * *", 5, "day of month: '\xc3\xa4' is no number" },
	{ "0,\xc3\xa4/1,99 0 * * *", 3, "minute: '\xc3\xa4' is no number" },
	{ "*-\xc3\xa4,99 0 * * *", 5, "minute 99 is out of range 0-59" },
	{ "\xff\xfe 0 * * *", 1, "minute: '\xff\xfe' is no number" },
	{ "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\xc3\xa4zzzz * * * *", 1,
	    "minute: 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' is no number" },
	{ "TZ=UTC * * * * *", 1, "a time zone is given with 'timezone', not "
	    "within the expression" },
	{ "CRON_TZ=Europe/Berlin 0 0 * * *", 1, "a time zone is given with "
	    "'timezone', not within the expression" },
	{ "CRON_TZ=", 1, "a time zone is given with 'timezone', not within "
	    "the expression" },
	{ "@every 1h", 1, "'@every' is a fixed rate and no cron expression: "
	    "use 'fixed_rate'" },
	{ "@reboot", 1, "'@reboot' is no time that a schedule could have" },
	{ "@Daily", 1, "write '@daily' in lower case" },
	{ "@daily ", 7, "nothing may follow '@daily', not even a blank" },
	{ " @daily", 1, "expected 5 fields (minute, hour, day of month, "
	    "month, day of week), found 1" },
	{ "@dayly", 1, "unknown '@dayly': there are @hourly, @daily, "
	    "@midnight, @weekly, @monthly, @yearly and @annually" },
};

static void
flags(const struct cron *cron, char out[CRON_FIELDS + 1])
{
	int i;

	for (i = 0; i < CRON_FIELDS; i++)
		out[i] = cron->star[i] ? cron->wild[i] ? '*' : ',' :
		    cron->wild[i] ? '?' : '.';
	out[i] = '\0';
}

static void
test_good(void)
{
	struct strbuf sb = STRBUF_INIT;
	char got[CRON_FIELDS + 1];
	struct cron_error err;
	struct cron cron;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(good); i++) {
		if (!cron_parse(good[i].text, &cron, &err)) {
			ok(false, "'%s': %s", good[i].text, err.message);
			continue;
		}
		ok(memcmp(cron.bits, good[i].bits, sizeof(cron.bits)) == 0,
		    "bits of case %zu", i);
		flags(&cron, got);
		is_str(got, good[i].flags, "flags");
		strbuf_reset(&sb);
		cron_print(&sb, &cron);
		is_str(sb.buf, good[i].printed, good[i].printed);
	}
	strbuf_release(&sb);
}

static void
test_bad(void)
{
	struct cron_error err;
	struct cron cron;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		memset(&err, 0, sizeof(err));
		ok(!cron_parse(bad[i].text, &cron, &err), "refused: case %zu",
		    i);
		is_str(err.message, bad[i].message, "its message");
		is_int(err.column, bad[i].column, "its column");
	}
}

static uint64_t seed = 88172645463325252u;

static int
below(int n)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (int)(seed % (uint64_t)n);
}

static void
random_piece(struct strbuf *sb, int min, int max)
{
	int from = min + below(max - min + 1);
	int to = from + below(max - from + 1);

	switch (below(5)) {
	case 0:
		strbuf_addch(sb, below(2) ? '*' : '?');
		break;
	case 1:
	case 2:
		strbuf_addf(sb, "%d", from);
		break;
	default:
		strbuf_addf(sb, "%d-%d", from, to);
		break;
	}
	if (below(2) != 0)
		strbuf_addf(sb, "/%d", 1 + below(below(3) ? 5 : 70));
}

static void
random_expression(struct strbuf *sb)
{
	static const int min[] = { 0, 0, 1, 1, 0 };
	static const int max[] = { 59, 23, 31, 12, 6 };
	int i, n;

	strbuf_reset(sb);
	for (i = 0; i < CRON_FIELDS; i++) {
		strbuf_addstr(sb, i > 0 ? " " : "");
		for (n = below(3) ? 1 : 1 + below(4); n > 0; n--) {
			random_piece(sb, min[i], max[i]);
			if (n > 1)
				strbuf_addch(sb, ',');
		}
	}
}

static bool
same(const struct cron *a, const struct cron *b)
{
	return memcmp(a->bits, b->bits, sizeof(a->bits)) == 0 &&
	    memcmp(a->star, b->star, sizeof(a->star)) == 0 &&
	    memcmp(a->wild, b->wild, sizeof(a->wild)) == 0;
}

/* What is printed reads back the same, and is printed the same again. */
static void
test_fixed_point(void)
{
	struct strbuf text = STRBUF_INIT, once = STRBUF_INIT,
	    twice = STRBUF_INIT;
	struct cron_error err;
	struct cron cron, back;
	int i, wrong = 0;

	for (i = 0; i < 100000; i++) {
		random_expression(&text);
		strbuf_reset(&once);
		strbuf_reset(&twice);
		if (cron_parse(text.buf, &cron, &err)) {
			cron_print(&once, &cron);
			if (cron_parse(once.buf, &back, &err) &&
			    same(&cron, &back)) {
				cron_print(&twice, &back);
				if (strcmp(once.buf, twice.buf) == 0)
					continue;
			}
		}
		if (wrong++ < 10)
			printf("# '%s' became '%s'\n", text.buf, once.buf);
	}
	is_int(wrong, 0, "100000 random expressions read back as printed");
	strbuf_release(&text);
	strbuf_release(&once);
	strbuf_release(&twice);
}

static void
test_rubbish(void)
{
	static const char alphabet[] = "*?,-/0123456789 LW#@+x\xff\xc3\xa4=";
	struct cron_error err;
	struct cron cron;
	char text[24];
	int i, j, n, wrong = 0;

	for (i = 0; i < 200000; i++) {
		n = below((int)sizeof(text));
		for (j = 0; j < n; j++)
			text[j] = alphabet[below((int)sizeof(alphabet) - 1)];
		text[n] = '\0';
		memset(&err, 0, sizeof(err));
		if (!cron_parse(text, &cron, &err) &&
		    (err.column < 1 || err.column > n + 1 ||
		    err.message[0] == '\0'))
			wrong++;
	}
	is_int(wrong, 0, "rubbish is refused with a message and a column");
}

int
main(void)
{
	test_good();
	test_bad();
	test_fixed_point();
	test_rubbish();
	return tap_done();
}
