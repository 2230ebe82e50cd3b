/* What the subcommands of `unionml schedule` make of their operands. */
#ifndef CMD_SCHEDULES_H
#define CMD_SCHEDULES_H

#include "lib/base/compat.h"
#include "lib/base/err.h"
#include "lib/model/app.h"

struct context;
struct expression;

/* Reads it; EXIT_INPUT after a message that points into it. */
enum status schedules_expression(const char *text, struct expression *out);

/* The app's schedule of that name; EXIT_CONFLICT after a message. */
enum status schedules_find(const struct app *app, const char *name,
    const struct schedule **schedule);

bool schedules_live_on(const struct schedule *schedule, const char *target);

/* The target in use, by -t or by default. */
const char *schedules_target(const struct context *context);

/* The type of the app's target of that name; EXIT_INPUT after a message. */
enum status schedules_target_type(const struct app *app, const char *name,
    enum target_type *type);

#endif
