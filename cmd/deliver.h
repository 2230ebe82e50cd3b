/* Putting what a run made where the user wants it. */
#ifndef CMD_DELIVER_H
#define CMD_DELIVER_H

#include "lib/base/compat.h"
#include "lib/base/err.h"

struct artifact;
struct strbuf;
struct target;

/*
 * Whether `to` can be delivered to: nothing there but a directory for it, or
 * --force, or no regular file (a device, a pipe). "-" always. EXIT_LOCAL
 * after a message if not.
 */
enum status deliver_check(const char *to, bool force);

/*
 * Copies the artifact (a file, a directory or a value, here or on the target)
 * to the path: written beside it and renamed; what is no regular file is
 * written straight; "-" is stdout, which takes no directory (EXIT_USAGE).
 */
enum status deliver(struct target *target, const struct artifact *artifact,
    const char *to, bool force);

/* Appends its bytes, at most `max` (EXIT_LOCAL). Not of a directory. */
enum status deliver_read(struct target *target,
    const struct artifact *artifact, struct strbuf *sb, size_t max);

#endif
