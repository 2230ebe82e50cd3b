/*
 * The zones of this process. A name is a path below a directory that TZDIR or
 * the system names, so that it is looked at before it is opened: IANA's names
 * are words that begin with a capital letter, which leaves out `localtime`,
 * `posixrules` and the copies below `posix/` and `right/`.
 */
#include "lib/base/compat.h"

#include <sys/stat.h>

#include <dirent.h>

#include "lib/base/io.h"
#include "lib/base/path.h"
#include "lib/base/strbuf.h"
#include "lib/base/strvec.h"
#include "lib/base/xalloc.h"
#include "lib/schedule/tzif.h"
#include "lib/schedule/zone.h"

enum { FILE_MAX = 1 << 20, DEPTH_MAX = 3 };

struct zone {
	char *name;
	struct tzif tz;
	struct zone *next;
};

static struct tzif_change utc_change = { INT64_MIN, 0, 0 };
static char utc_name[] = "UTC";
static struct zone utc = {
	.name = utc_name,
	.tz = { .v = &utc_change, .n = 1, .names = utc_name,
	    .repeats = INT64_MAX },
};
static struct zone *zones = &utc;

static const char system_directory[] = "/usr/share/zoneinfo";

static const char *
first_directory(void)
{
	const char *dir = getenv("TZDIR");

	return dir != NULL && dir[0] == '/' ? dir : system_directory;
}

static bool
check_name(const char *name)
{
	const char *p;
	bool begins = true;

	for (p = name; *p != '\0'; p++) {
		if (begins && !(*p >= 'A' && *p <= 'Z'))
			return false;
		begins = *p == '/';
		if (!begins && *p != '_' && *p != '+' && *p != '-' &&
		    !isalnum((unsigned char)*p))
			return false;
	}
	return !begins;
}

static bool
load(const char *dir, const char *name, struct strbuf *data)
{
	char *path = path_join(dir, name);
	bool read = read_file(path, data, FILE_MAX) == 0;

	free(path);
	return read;
}

const struct zone *
zone_find(const char *name, const char **why)
{
	const char *dir = first_directory();
	struct strbuf data = STRBUF_INIT;
	struct zone *zone;
	struct tzif tz;
	struct stat st;

	for (zone = zones; zone != NULL; zone = zone->next)
		if (strcmp(zone->name, name) == 0)
			return zone;
	*why = "is no time zone that this system knows";
	if (!check_name(name))
		return NULL;
	if (!load(dir, name, &data) && !load(system_directory, name, &data)) {
		strbuf_release(&data);
		if (stat(dir, &st) != 0 && stat(system_directory, &st) != 0)
			*why = "cannot be looked up: this system has no time "
			    "zones (install tzdata)";
		return NULL;
	}
	if (tzif_decode(data.buf, data.len, &tz, why)) {
		zone = xcalloc(1, sizeof(*zone));
		zone->name = xstrdup(name);
		zone->tz = tz;
		zone->next = zones;
		zones = zone;
	} else {
		tzif_release(&tz);
	}
	strbuf_release(&data);
	return zone;
}

/* Adds the names below dir/prefix. */
static void
collect(struct strvec *names, const char *dir, const char *prefix, int depth)
{
	char *path = path_join(dir, prefix), *name, *file;
	struct dirent *entry;
	struct stat st;
	DIR *d;

	d = depth > DEPTH_MAX ? NULL : opendir(path);
	while (d != NULL && (entry = readdir(d)) != NULL) {
		if (!check_name(entry->d_name))
			continue;
		name = prefix[0] == '\0' ? xstrdup(entry->d_name) :
		    path_join(prefix, entry->d_name);
		file = path_join(dir, name);
		if (stat(file, &st) == 0 && S_ISDIR(st.st_mode))
			collect(names, dir, name, depth + 1);
		else
			strvec_push(names, name);
		free(file);
		free(name);
	}
	if (d != NULL)
		closedir(d);
	free(path);
}

const char *const *
zone_names(void)
{
	static struct strvec names = STRVEC_INIT;

	if (names.n == 0) {
		strvec_push(&names, "UTC");
		collect(&names, first_directory(), "", 0);
		if (names.n == 1)
			collect(&names, system_directory, "", 0);
		strvec_sort(&names);
	}
	return (const char *const *)names.v;
}

void
zone_at(const struct zone *zone, int64_t t, struct zone_span *span)
{
	const struct tzif *tz = &zone->tz;
	const struct tzif_change *v = tz->v;
	size_t n = tz->n, half;
	int64_t shift = 0;

	if (t >= tz->repeats) {
		shift = ((t - tz->repeats) / TZIF_CYCLE + 1) * TZIF_CYCLE;
		t -= shift;
	}
	/* The last change at or before t; no branch is there to mispredict. */
	while (n > 1) {
		half = n / 2;
		v = v[half].from <= t ? v + half : v;
		n -= half;
	}
	span->from = v->from == INT64_MIN ? INT64_MIN : v->from + shift;
	span->until = v + 1 == tz->v + tz->n ? INT64_MAX : v[1].from + shift;
	span->offset = v->offset;
	span->abbreviation = tz->names + v->name;
}

bool
zone_changes(const struct zone *zone)
{
	return zone->tz.n > 1;
}
