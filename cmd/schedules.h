/* What the subcommands of `unionml schedule` make of their operands. */
#ifndef CMD_SCHEDULES_H
#define CMD_SCHEDULES_H

#include "lib/base/compat.h"
#include "lib/base/err.h"
#include "lib/model/app.h"

struct context;
struct expression;
struct strbuf;

/* Reads it; EXIT_INPUT after a message that points into it. */
enum status schedules_expression(const char *text, struct expression *out);

/* The app's schedule of that name; EXIT_CONFLICT after a message. */
enum status schedules_find(const struct app *app, const char *name,
    const struct schedule **schedule);

/*
 * What the schedule runs, by what the target knows of that name, else by the
 * app file; EXIT_CONFLICT after a message.
 */
enum status schedules_kind(struct context *context, const char *name,
    enum workflow_kind *kind);

/* The target in use, by -t or by default. */
const char *schedules_target(const struct context *context);

/* The type of the app's target of that name; EXIT_INPUT after a message. */
enum status schedules_target_type(const struct app *app, const char *name,
    enum target_type *type);

/* ` since 2026-11-18 09:14 UTC by ci: INC-42`, as far as that is known. */
void schedules_add_pause(struct strbuf *sb, int64_t since, const char *who,
    const char *note);

/* Appends the command that runs the slots from the first to the last. */
void schedules_add_backfill(struct strbuf *sb, const char *schedule,
    int64_t first, int64_t last);

/* Says so if nothing fires the schedules of the target. */
void schedules_note_unserved(const struct context *context);

/* Who does this: user@host. The caller frees. */
char *schedules_who(void);

#endif
