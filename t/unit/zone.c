/* Zones: names, spans, and the rule for the years after the file's. */
#include "lib/base/compat.h"

#include <sys/stat.h>

#include <fcntl.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "lib/base/path.h"
#include "lib/base/strbuf.h"
#include "lib/schedule/zone.h"
#include "t/unit/tap.h"

static int64_t
at(const char *text)
{
	struct instant t = { 0, 0 };
	const char *why;

	if (!instant_parse(text, &t, &why))
		ok(false, "%s: %s", text, why);
	return t.sec;
}

static const struct {
	const char *zone, *at, *from, *until;	/* NULL: for ever */
	int32_t offset;
	const char *abbreviation;
} spans[] = {
	{ "UTC", "2026-01-01T00:00Z", NULL, NULL, 0, "UTC" },
	{ "Asia/Kolkata", "2026-01-01T00:00Z", "1945-10-14T17:30Z", NULL,
	    19800, "IST" },
	{ "Asia/Kathmandu", "1985-12-31T18:29:59Z", "1919-12-31T18:18:44Z",
	    "1985-12-31T18:30Z", 19800, "+0530" },
	{ "Asia/Kathmandu", "1985-12-31T18:30Z", "1985-12-31T18:30Z", NULL,
	    20700, "+0545" },
	{ "Europe/Berlin", "1800-01-01T00:00Z", NULL, "1893-03-31T23:06:32Z",
	    3208, "LMT" },
	{ "Europe/Berlin", "2027-03-28T00:59:59Z", "2026-10-25T01:00Z",
	    "2027-03-28T01:00Z", 3600, "CET" },
	{ "Europe/Berlin", "2027-03-28T01:00Z", "2027-03-28T01:00Z",
	    "2027-10-31T01:00Z", 7200, "CEST" },
	{ "Europe/Berlin", "2100-07-01T00:00Z", "2100-03-28T01:00Z",
	    "2100-10-31T01:00Z", 7200, "CEST" },
	{ "Europe/Berlin", "2527-03-27T00:59:59Z", "2526-10-27T01:00Z",
	    "2527-03-30T01:00Z", 3600, "CET" },
	{ "Europe/Berlin", "9999-12-31T23:59:59Z", "9999-10-31T01:00Z", NULL,
	    3600, "CET" },
	{ "Europe/Dublin", "2026-07-01T00:00Z", "2026-03-29T01:00Z",
	    "2026-10-25T01:00Z", 3600, "IST" },
	{ "Europe/Dublin", "2060-12-01T00:00Z", "2060-10-31T01:00Z",
	    "2061-03-27T01:00Z", 0, "GMT" },
	{ "America/New_York", "2026-03-08T06:59:59Z", "2025-11-02T06:00Z",
	    "2026-03-08T07:00Z", -18000, "EST" },
	{ "America/Havana", "2026-03-08T05:00Z", "2026-03-08T05:00Z",
	    "2026-11-01T05:00Z", -14400, "CDT" },
	{ "America/Sao_Paulo", "2026-01-01T00:00Z", "2019-02-17T02:00Z", NULL,
	    -10800, "-03" },
	{ "Asia/Beirut", "2050-04-01T00:00Z", "2050-03-26T22:00Z",
	    "2050-10-29T21:00Z", 10800, "EEST" },
	{ "Australia/Lord_Howe", "2040-06-01T00:00Z", "2040-03-31T15:00Z",
	    "2040-10-06T15:30Z", 37800, "+1030" },
	{ "Pacific/Apia", "2011-12-30T09:59:59Z", "2011-09-24T14:00Z",
	    "2011-12-30T10:00Z", -36000, "-10" },
	{ "Pacific/Apia", "2011-12-30T10:00Z", "2011-12-30T10:00Z",
	    "2012-03-31T14:00Z", 50400, "+14" },
	{ "Africa/Casablanca", "2026-03-01T00:00Z", "2026-02-15T02:00Z",
	    "2026-03-22T02:00Z", 0, "+00" },
	{ "Africa/Casablanca", "2200-03-01T00:00Z", "2087-05-11T02:00Z", NULL,
	    3600, "+01" },
};

static void
is_time(int64_t got, const char *want, const char *name)
{
	struct strbuf a = STRBUF_INIT, b = STRBUF_INIT;

	if (want != NULL)
		instant_print(&b, (struct instant){ at(want), 0 });
	if (got != INT64_MIN && got != INT64_MAX && (want != NULL ||
	    got < at("9999-12-31T23:59:59Z")))
		instant_print(&a, (struct instant){ got, 0 });
	is_str(a.buf, b.buf, name);
	strbuf_release(&a);
	strbuf_release(&b);
}

static void
test_spans(void)
{
	const struct zone *zone;
	struct zone_span span;
	const char *why = "";
	size_t i;

	for (i = 0; i < ARRAY_SIZE(spans); i++) {
		zone = zone_find(spans[i].zone, &why);
		if (!ok(zone != NULL, "%s at %s %s", spans[i].zone,
		    spans[i].at, why))
			continue;
		zone_at(zone, at(spans[i].at), &span);
		is_time(span.from, spans[i].from, "  from");
		is_time(span.until, spans[i].until, "  until");
		is_int(span.offset, spans[i].offset, "  offset");
		is_str(span.abbreviation, spans[i].abbreviation, "  name");
	}
	zone = zone_find("Europe/Berlin", &why);
	ok(zone == zone_find("Europe/Berlin", &why), "zones are shared");
	ok(zone_changes(zone) && !zone_changes(zone_find("UTC", &why)),
	    "whose clock was changed");
	zone_at(zone, INT64_MIN, &span);
	is_str(span.abbreviation, "LMT", "the beginning of time");
	zone_at(zone, INT64_MAX / 4, &span);
	ok(span.from <= INT64_MAX / 4 && span.until > INT64_MAX / 4,
	    "far ahead");
}

/* Each span ends where the next one begins, over the cycles' seams too. */
static void
test_seams(void)
{
	const char *why;
	const struct zone *zone = zone_find("Europe/Berlin", &why);
	struct zone_span span, next;
	bool joined = true;
	int n = 0;

	for (zone_at(zone, at("1700-01-01T00:00Z"), &span);
	    span.until < at("3500-01-01T00:00Z"); span = next) {
		zone_at(zone, span.until, &next);
		joined = joined && next.from == span.until &&
		    next.offset != span.offset;
		n++;
	}
	ok(joined, "no seam shows in 1500 years");
	is_int(n, 27 + 2 * (3500 - 1980), "nor any change too many");
}

static const char *const unknown[] = { "", "/", "Europe/", "/etc/passwd",
	"/usr/share/zoneinfo/Europe/Berlin", "../zoneinfo/Europe/Berlin",
	"Europe/../Europe/Berlin", "Europe/./Berlin", "Europe//Berlin",
	"europe/berlin", "localtime", "posixrules", "right/Europe/Berlin",
	"posix/UTC", "Local", "Europe", "Europe/Berlni", "zone.tab",
	"Europe/Berlin ", "Europe/Berlin\n", "CET-1CEST", "Z\xc3\xbcrich" };

static void
test_unknown(void)
{
	const char *why;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(unknown); i++) {
		why = "";
		ok(zone_find(unknown[i], &why) == NULL &&
		    strcmp(why, "is no time zone that this system knows") == 0,
		    "'%s' is unknown", unknown[i]);
	}
}

static void
test_names(void)
{
	const char *const *names = zone_names();
	bool found = false, sorted = true;
	size_t i;

	for (i = 0; names[i] != NULL; i++) {
		found = found || strcmp(names[i], "Africa/Casablanca") == 0;
		sorted = sorted && (i == 0 ||
		    strcmp(names[i - 1], names[i]) < 0);
	}
	ok(found && sorted && i == 12, "names below TZDIR, in order");
	ok(zone_names() == names, "and again");
}

/* A directory where there is a file, and a file that is none of TZif's. */
static void
test_damaged(void)
{
	char dir[] = "/tmp/zone-XXXXXX", *path;
	const char *why = "";
	int fd;

	if (!ok(mkdtemp(dir) != NULL, "a directory of zones"))
		return;
	setenv("TZDIR", dir, 1);
	path = path_join(dir, "Rubbish");
	fd = open(path, O_CREAT | O_WRONLY, 0600);
	ok(fd >= 0 && write(fd, "TZif2", 5) == 5 && close(fd) == 0, "rubbish");
	ok(zone_find("Rubbish", &why) == NULL, "is refused");
	is_str(why, "has a damaged file in the system's zoneinfo", "and why");
	unlink(path);
	free(path);
	rmdir(dir);
	ok(zone_find("Rubbish", &why) == NULL, "and unknown when it is gone");
	setenv("TZDIR", "relative", 1);
	ok(zone_find("Rubbish", &why) == NULL, "a relative TZDIR is ignored");
}

int
main(void)
{
	char *dir = path_absolute("t/3010/zoneinfo");

	setenv("TZDIR", dir, 1);
	test_spans();
	test_seams();
	test_unknown();
	test_names();
	test_damaged();
	free(dir);
	return tap_done();
}
