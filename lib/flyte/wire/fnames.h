/*
 * Names and versions of what is registered on Flyte. A name or version with a
 * `/` could be registered and never be reached by a URL: none has one.
 */
#ifndef FLYTE_FNAMES_H
#define FLYTE_FNAMES_H

#include "lib/base/compat.h"

struct arena;

/*
 * The name of a component's task: `digits.trainer`. Workflows and launch plans
 * have theirs from the plan.
 */
const char *fnames_task(struct arena *arena, const char *app,
    const char *component);

/*
 * The version of a spec that holds more than what follows from the snapshot:
 * `APPVERSION-<7 hex digits of the spec's sha256>`.
 */
const char *fnames_version(struct arena *arena, const char *app_version,
    const char *spec, size_t len);

/*
 * How much of the version is the app version: all but what fnames_version puts
 * behind it.
 */
size_t fnames_app_version_len(const char *version);

/*
 * Whether an app version itself ends as if fnames_version had made it. No
 * object has such a one as it is, or its end would be taken for a hash.
 */
bool fnames_is_ambiguous(const char *app_version);

/* Whether the version is that app version, with something behind it or not. */
bool fnames_is_version(const char *version, const char *app_version);

#endif
