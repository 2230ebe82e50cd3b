/* Times on the command line. */
#ifndef CMD_TIMES_H
#define CMD_TIMES_H

#include "lib/base/compat.h"
#include "lib/base/err.h"

/*
 * An instant (RFC 3339) or a duration before now, as milliseconds since 1970.
 * EXIT_USAGE after a message that names the option.
 */
enum status parse_since(const char *option, const char *text, int64_t *ms);

struct instant;
struct strbuf;

/* RFC 3339; EXIT_USAGE after a message that names the option. */
enum status parse_instant(const char *option, const char *text,
    struct instant *t);

/* As short as a command takes it: 2026-01-02T03:04Z. */
void times_print(struct strbuf *sb, int64_t sec);

#endif
