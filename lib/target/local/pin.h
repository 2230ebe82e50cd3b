/* Which model a schedule of predictions is deployed with. */
#ifndef LOCAL_PIN_H
#define LOCAL_PIN_H

#include "lib/base/compat.h"
#include "lib/base/err.h"

struct adopting;
struct app;
struct schedule;

/*
 * The training run that `model:` names: the newest success for
 * `latest-at-deploy`, the very run for a version. NULL for all others, and
 * while there is no success: *missing then says so. A run that is not there, or
 * has no model, is EXIT_CONFLICT after a message. The texts live as long as
 * `all`.
 */
enum status pin_model(struct adopting *all, const struct schedule *schedule,
    const char **run, const char **missing);

/* EXIT_INPUT after a message if `model:` names a file that is not there. */
enum status pin_check_file(const struct app *app,
    const struct schedule *schedule);

/*
 * Of a definition that is in the store, by its keys: why it has no model and
 * cannot be active, or NULL.
 */
const char *pin_missing(struct adopting *all, const char *keys,
    const char *run);

#endif
