/* TZif: files made here, cut short and damaged ones, and a system's own. */
#include "lib/base/compat.h"

#include "lib/base/io.h"
#include "lib/base/strbuf.h"
#include "lib/schedule/tzif.h"
#include "t/unit/randomcron.h"
#include "t/unit/tap.h"

static void
put32(struct strbuf *sb, uint32_t v)
{
	int i;

	for (i = 24; i >= 0; i -= 8)
		strbuf_addch(sb, (char)(v >> i & 0xff));
}

static void
put_header(struct strbuf *sb, char version, uint32_t leap, uint32_t time,
    uint32_t type, uint32_t names)
{
	static const char zero[15];

	strbuf_addstr(sb, "TZif");
	strbuf_addch(sb, version);
	strbuf_add(sb, zero, sizeof(zero));
	put32(sb, 0);
	put32(sb, 0);
	put32(sb, leap);
	put32(sb, time);
	put32(sb, type);
	put32(sb, names);
}

static void
put_type(struct strbuf *sb, int32_t offset, bool summer, int name)
{
	put32(sb, (uint32_t)offset);
	strbuf_addch(sb, (char)summer);
	strbuf_addch(sb, (char)name);
}

/* A slim file, as zic -b slim makes it: no 32-bit data to speak of. */
static void
put_slim(struct strbuf *sb, char version, const char *footer)
{
	strbuf_reset(sb);
	put_header(sb, version, 0, 0, 1, 1);
	put_type(sb, 0, false, 0);
	strbuf_addch(sb, '\0');
	put_header(sb, version, 0, 2, 3, 12);
	put32(sb, 0xffffffff);			/* -86400 */
	put32(sb, 0xfffeae80);
	put32(sb, 0);
	put32(sb, 1000000000);			/* 2001-09-09T01:46:40Z */
	strbuf_add(sb, "\1\2", 2);
	put_type(sb, 3208, false, 0);
	put_type(sb, 3600, false, 4);
	put_type(sb, 7200, true, 8);
	strbuf_add(sb, "LMT\0CET\0DST", 12);
	strbuf_addf(sb, "\n%s\n", footer);
}

static bool
decode(const struct strbuf *sb, struct tzif *tz, const char **why)
{
	return tzif_decode(sb->buf, sb->len, tz, why);
}

static void
is_change(const struct tzif *tz, size_t i, int64_t from, int32_t offset,
    const char *name)
{
	if (!ok(i < tz->n, "change %zu is there", i))
		return;
	is_int(tz->v[i].from, from, "  from");
	is_int(tz->v[i].offset, offset, "  offset");
	is_str(tz->names + tz->v[i].name, name, "  name");
}

static void
test_good(void)
{
	struct strbuf sb = STRBUF_INIT;
	struct tzif tz;
	const char *why = "";
	char version[] = "version 2";

	for (; version[8] <= '4'; version[8]++) {
		put_slim(&sb, version[8], "");
		if (ok(decode(&sb, &tz, &why), "%s", version)) {
			is_int((long long)tz.n, 3, "its changes");
			is_change(&tz, 0, INT64_MIN, 3208, "LMT");
			is_change(&tz, 1, -86400, 3600, "CET");
			is_change(&tz, 2, 1000000000, 7200, "DST");
			ok(tz.repeats == INT64_MAX, "and none to come");
		}
		tzif_release(&tz);
	}
	strbuf_reset(&sb);
	put_header(&sb, '\0', 0, 1, 2, 8);
	put32(&sb, 0x80000000);
	strbuf_addch(&sb, 1);
	put_type(&sb, -18000, false, 0);
	put_type(&sb, -14400, true, 4);
	strbuf_add(&sb, "EST\0EDT", 8);
	ok(decode(&sb, &tz, &why), "version 1: 32 bits, no footer");
	is_int((long long)tz.n, 2, "its changes");
	is_change(&tz, 1, INT32_MIN, -14400, "EDT");
	tzif_release(&tz);
	strbuf_release(&sb);
}

static void
test_footer(void)
{
	struct strbuf sb = STRBUF_INIT;
	struct tzif tz;
	const char *why = "";

	put_slim(&sb, '2', "CET-1CEST,M3.5.0,M10.5.0/3");
	ok(decode(&sb, &tz, &why), "a rule for the years to come");
	is_change(&tz, 3, 1004230800, 3600, "CET");	/* 2001-10-28 */
	is_change(&tz, 4, 1017536400, 7200, "CEST");	/* 2002-03-31 */
	ok(tz.n > 800 && tz.n < 820, "worked out for 400 years");
	ok(tz.repeats < tz.v[tz.n - 1].from &&
	    tz.repeats - TZIF_CYCLE > tz.v[4].from, "the cycle lies within");
	tzif_release(&tz);
	put_slim(&sb, '3', "WWW3EDT4,0/0,J365/23");
	ok(decode(&sb, &tz, &why), "daylight saving all the year");
	is_int((long long)tz.n, 4, "is one change");
	is_change(&tz, 3, 1009854000, -14400, "EDT");	/* 2002-01-01 */
	ok(tz.repeats == INT64_MAX, "and no cycle");
	tzif_release(&tz);
	put_slim(&sb, '2', "CET-1");
	ok(decode(&sb, &tz, &why) && tz.n == 3, "a rule without changes");
	tzif_release(&tz);
	put_slim(&sb, '2', "CET-1CEST");
	ok(!decode(&sb, &tz, &why), "a rule that is none");
	tzif_release(&tz);
	strbuf_release(&sb);
}

static void
refused(struct strbuf *sb, const char *part, const char *name)
{
	struct tzif tz;
	const char *why = "";

	ok(!decode(sb, &tz, &why) && strstr(why, part) != NULL, "%s", name);
	tzif_release(&tz);
}

static void
test_bad(void)
{
	struct strbuf sb = STRBUF_INIT;
	struct tzif tz;
	const char *why;
	size_t i, len, second = 44 + 7, taken = 0;

	put_slim(&sb, '2', "CET-1");
	for (len = 0; len < sb.len; len++) {
		taken += tzif_decode(sb.buf, len, &tz, &why);
		tzif_release(&tz);
	}
	is_int((long long)taken, 0, "no beginning of a file is one");
	sb.buf[second + 44 + 16] = 3;
	refused(&sb, "damaged", "a type that is not there");
	put_slim(&sb, '2', "CET-1");
	sb.buf[second + 44 + 18 + 5] = 12;
	refused(&sb, "damaged", "a name that is not there");
	put_slim(&sb, '2', "CET-1");
	sb.buf[second + 44 + 18] = 0x7f;
	refused(&sb, "damaged", "an offset of years");
	put_slim(&sb, '2', "CET-1");
	sb.buf[second + 44 + 8] = (char)0x80;
	refused(&sb, "damaged", "times that go back");
	put_slim(&sb, '2', "CET-1");
	sb.buf[second + 44 + 18 + 18 + 11] = 'x';
	refused(&sb, "damaged", "a name without end");
	for (i = 20; i < 44; i += 4) {
		put_slim(&sb, '2', "CET-1");
		memset(sb.buf + second + i, 0xff, 4);
		refused(&sb, "damaged", "a count of 4 G");
		put_slim(&sb, '2', "CET-1");
		memset(sb.buf + i, 0xff, 4);
		refused(&sb, "damaged", "and in the first header");
	}
	strbuf_reset(&sb);
	put_header(&sb, '\0', 1, 0, 1, 4);
	put_type(&sb, 0, false, 0);
	strbuf_add(&sb, "UTC\0\0\0\0\0\0\0\0", 12);
	refused(&sb, "leap seconds", "leap seconds");
	strbuf_reset(&sb);
	put_header(&sb, '\0', 0, 0, 0, 0);
	refused(&sb, "damaged", "no type at all");
	strbuf_release(&sb);
}

/* Whatever is read of a damaged file, it ascends. */
static bool
is_sound(const struct tzif *tz)
{
	size_t i;

	if (tz->n == 0 || tz->v[0].from != INT64_MIN)
		return false;
	for (i = 0; i < tz->n; i++)
		if ((i > 0 && tz->v[i].from <= tz->v[i - 1].from) ||
		    tz->v[i].name >= tz->names_len)
			return false;
	return true;
}

static void
test_flipped(const char *path)
{
	struct strbuf sb = STRBUF_INIT, copy = STRBUF_INIT;
	struct random r = { 5 };
	struct tzif tz;
	const char *why;
	size_t i, taken = 0;
	bool sound = true;

	if (!ok(read_file(path, &sb, 1 << 20) == 0, "%s is there", path))
		return;
	for (i = 0; i < sb.len * 8 + 20000; i++) {
		strbuf_reset(&copy);
		strbuf_add(&copy, sb.buf, sb.len);
		if (i < sb.len * 8)
			copy.buf[i / 8] ^= (char)(1 << i % 8);
		else
			copy.buf[random_below(&r, (int)sb.len)] =
			    (char)random_below(&r, 256);
		if (decode(&copy, &tz, &why)) {
			taken++;
			sound = is_sound(&tz) && sound;
		}
		tzif_release(&tz);
	}
	ok(taken > 0 && sound, "bits flipped: nothing gets out of order");
	strbuf_release(&copy);
	strbuf_release(&sb);
}

int
main(void)
{
	test_good();
	test_footer();
	test_bad();
	test_flipped("t/3010/zoneinfo/Pacific/Apia");
	test_flipped("t/3010/zoneinfo/Asia/Kathmandu");
	return tap_done();
}
