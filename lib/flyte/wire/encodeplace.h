/* The place of a plan on a cluster, as the app file's target declares it. */
#ifndef FLYTE_ENCODEPLACE_H
#define FLYTE_ENCODEPLACE_H

#include "lib/base/compat.h"
#include "lib/base/err.h"
#include "lib/flyte/wire/encode.h"

/*
 * Fills in target, project, domain, service account and the base of files, with
 * ${NAME} replaced from the environment; all else is zero, and the caller's to
 * set (app_version at least). `decl` is NULL where nobody declared a target:
 * project and domain are `@project@` and `@domain@` then. EXIT_INPUT after a
 * message for each thing that is wrong.
 */
enum status encode_place_init(struct encode_place *place,
    struct arena *arena, const struct app *app,
    const struct target_decl *decl);

#endif
