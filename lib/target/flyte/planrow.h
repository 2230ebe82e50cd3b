/*
 * What a deploy has registered, as rows of the journal: the launch plans of
 * schedules (admin.LaunchPlan), whose annotations hold what the app file said.
 */
#ifndef FLYTE_PLANROW_H
#define FLYTE_PLANROW_H

#include "lib/base/compat.h"
#include "lib/base/err.h"
#include "lib/target/flyte/journal.h"

struct flyte;
struct json;

/*
 * Fills in what the launch plan says of the schedule: all but its state. Texts
 * are copied into the arena. False if no deploy of the app has made it.
 */
bool planrow_read(struct journal_row *row, struct arena *arena,
    const struct json *launch_plan, const char *app);

struct planrows {
	struct arena arena;
	struct journal_row *row;	/* by name */
	size_t n, cap;
	struct nameset names;
};

/*
 * The schedules of a version of the app, each as it was registered last.
 * EXIT_CONFLICT after a message if there is no such version. To be released
 * whatever comes back.
 */
enum status planrows_of_version(struct flyte *flyte, const char *version,
    struct planrows *rows);

/* The row, or NULL. */
const struct journal_row *planrows_find(const struct planrows *rows,
    const char *name);

void planrows_release(struct planrows *rows);

#endif
