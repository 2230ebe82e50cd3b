/* What a command did to schedules, or would do, as it is told. */
#ifndef CMD_CHANGES_H
#define CMD_CHANGES_H

#include "lib/base/compat.h"
#include "lib/model/scheduled.h"

struct json_writer;
struct strbuf;

/* Whether anything is changed by them. */
bool changes_any(const struct schedule_changes *changes);

/* Whether a schedule is active after them. */
bool changes_leave_active(const struct schedule_changes *changes);

/* A member of an object: a list with an object for each. */
void changes_put_json(struct json_writer *w, const char *name,
    const struct schedule_changes *changes);

/*
 * A deploy's line: `schedules: 1 new, 1 changed (nightly: expression)`.
 * Without states, they were only made known.
 */
void changes_summarize(struct strbuf *out,
    const struct schedule_changes *changes, bool states);

/*
 * A line for each that has something to tell, at most `limit` of them: `  +
 * nightly  from ...`. What only goes over to another version is told if `all`
 * is set. With `ahead` it has not been done yet.
 */
void changes_list(struct strbuf *out, const struct schedule_changes *changes,
    bool all, size_t limit, bool ahead);

#endif
