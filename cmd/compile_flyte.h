/* `unionml compile --for flyte`, for compile.c alone. */
#ifndef CMD_COMPILE_FLYTE_H
#define CMD_COMPILE_FLYTE_H

#include "lib/base/compat.h"
#include "lib/base/err.h"

struct context;
struct strbuf;

/*
 * Appends what deploy would send to the target in use, if it is a Flyte
 * cluster, else to the only one declared; `version` is the user's name for the
 * source, or NULL. EXIT_INPUT if it cannot be told which is meant.
 */
enum status compile_flyte(struct context *context, const char *version,
    struct strbuf *out);

#endif
