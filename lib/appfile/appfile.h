/*
 * The app file: found, read, every key typed and checked against the table of
 * keys (keys.h), and what crosses keys checked behind that. All errors of a
 * file are found in one run.
 */
#ifndef APPFILE_APPFILE_H
#define APPFILE_APPFILE_H

#include "lib/base/compat.h"
#include "lib/base/err.h"

struct app;
struct diag;
struct strbuf;

/*
 * The app file for a command: `file` if given (relative to `dir`, not looked
 * for), for UnionML's `app:model` spelling `app.yaml` or `app/unionml.yaml`,
 * else unionml.yaml in `dir` (NULL: the working directory) or the nearest
 * directory above. On success *path is the caller's to free; else a message
 * was printed and EXIT_INPUT is the result.
 */
enum status appfile_find(const char *dir, const char *file,
    const char *unionml_name, char **path);

/*
 * Loads and checks it. What is wrong goes into `diag` only, which the caller
 * has initialised; the result is EXIT_INPUT if there are errors (`app` is not
 * to be used then, but still to be released). A file that cannot be read is
 * EXIT_LOCAL, one that is not there EXIT_INPUT, both after a message.
 */
enum status appfile_load(struct app *app, struct diag *diag,
    const char *path);

/* The same from memory, for tests and fuzzing: `file` is its name only. */
enum status appfile_parse(struct app *app, struct diag *diag,
    const char *file, const char *data, size_t len);

/* Appends the JSON Schema (2020-12) of the app file, made from the keys. */
void appfile_schema(struct strbuf *sb);

/*
 * A text of the app file with `${NAME}` and `${NAME:-default}` replaced from
 * the environment; the caller frees. NULL and *why (to be freed) if a name is
 * not set and has no default.
 */
char *appfile_expand(const char *text, char **why);

#endif
