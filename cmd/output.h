/* What commands print: JSON documents, times, colours. */
#ifndef CMD_OUTPUT_H
#define CMD_OUTPUT_H

#include "lib/base/compat.h"
#include "lib/base/err.h"
#include "lib/model/run.h"
#include "lib/text/jsonio.h"

struct strbuf;

/*
 * Writes the buffer to stdout, or dies of why it cannot. What stdio still
 * holds back is looked at when stdout is closed.
 */
void output_write(const struct strbuf *sb);

/* Text that came from outside: a terminal gets no control characters of it. */
void output_masked(const char *text, size_t len);

/* Whether stdout is a terminal. */
bool output_is_terminal(void);

/* `2026-11-21 00:00 UTC`, or `-` for 0. */
void output_time(struct strbuf *sb, int64_t ms);

/* `Mon 2026-11-23 10:00 UTC`, with seconds only if there are some. */
void output_weekday(struct strbuf *sb, int64_t t);

/* How long it is to or from now, roughly: `45s`, `47min`, `23h`, `3d`. */
void output_ago(struct strbuf *sb, int64_t ms);

/* A time as a member of a JSON object, RFC 3339; null for 0. */
void output_json_time(struct json_writer *w, const char *name, int64_t ms);

/* The same of a slot, in seconds, of which 0 is one as any other. */
void output_json_slot(struct json_writer *w, const char *name, int64_t t);

/* `47.2 MiB`, `512 B`. */
void output_size(struct strbuf *sb, int64_t bytes);

enum colour { COLOUR_NONE, COLOUR_GREEN, COLOUR_RED, COLOUR_YELLOW };

/* Whether colours are wanted on this descriptor: a terminal, no NO_COLOR. */
bool output_coloured(int fd);
const char *output_colour(bool coloured, enum colour colour);
enum colour output_status_colour(enum run_status status);

/*
 * Metrics (JSON text: an object for each part of the data) as a table:
 * `train  accuracy 0.9923`.
 */
void output_metrics(struct strbuf *sb, const char *metrics);

#endif
