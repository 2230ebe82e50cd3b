/*
 * What a type of target cannot do of all that an app file can say. A key is
 * kept to or refused, with the way out; it is never dropped in silence.
 */
#ifndef PLAN_CAPABILITY_H
#define PLAN_CAPABILITY_H

#include "lib/base/compat.h"
#include "lib/base/err.h"
#include "lib/model/app.h"

struct diag;

/*
 * Adds to `diag` what the declared targets cannot keep to: of each schedule by
 * the targets where it lives, of the components by all.
 */
void capability_check(struct diag *diag, const struct app *app);

/*
 * The same of the one target that is about to be used (`decl` NULL: one of that
 * type that nobody declared), printed, without the warnings. EXIT_INPUT if
 * there is anything.
 */
enum status capability_refuse(const struct app *app, enum target_type type,
    const struct target_decl *decl);

/* Tells the table of what Flyte makes of a schedule's keys, with --verbose. */
void capability_tell(void);

#endif
