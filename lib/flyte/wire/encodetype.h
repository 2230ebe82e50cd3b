/*
 * Types, interfaces and literals as flyteidl's JSON (core/types.proto,
 * core/interface.proto, core/literals.proto).
 */
#ifndef FLYTE_ENCODETYPE_H
#define FLYTE_ENCODETYPE_H

#include "lib/base/compat.h"
#include "lib/base/span.h"
#include "lib/model/interface.h"

struct json;
struct json_writer;
struct literal;
struct strbuf;

/* What a directory and the source travel as. */
#define ENCODE_ARCHIVE "tar.gz"

/* What the source is called where it lies. */
#define ENCODE_SNAPSHOT "snapshot." ENCODE_ARCHIVE

/*
 * Where a file of the user's lies in the cluster's store; NULL: not known, and
 * a text that names it takes its place. The path is absolute.
 */
struct encode_files {
	const char *base;	/* left away where the text names it */
	const char *(*uri)(void *arg, const char *path, bool directory);
	/* Of a directory that lies there file by file: the prefix of them. */
	const char *(*parts)(void *arg, const char *path);
	/* Of a dataset's file of CSV: where as `URI/.csv` it lies. */
	const char *(*dataset)(void *arg, const char *path);
	void *arg;
};

/*
 * The LiteralType of a variable. A directory is a blob of format tar.gz with
 * `directory: true` in the type's metadata; an object with declared members is
 * a STRUCT with their types in structure.dataclass_type (without which Flyte
 * binds none of them) and a JSON Schema as metadata, as UnionML registers it.
 */
void encode_type(struct json_writer *w, const char *name,
    const struct variable *variable);

/* A core.Variable. */
void encode_variable(struct json_writer *w, const char *name,
    const struct variable *variable);

/* A core.Literal. The type says a file's format. */
void encode_literal(struct json_writer *w, const char *name,
    const struct type *type, const struct literal *value,
    const struct encode_files *files);

/*
 * encoderegistered.c: a union, none or dataset, the value of a literal. A file
 * of a dataset goes by encode_takes_csv.
 */
void encode_registered(struct json_writer *w, const char *name,
    const struct type *type, const struct literal *value,
    const struct encode_files *files);

/* Whether a dataset of that type may be CSV, which it is from here. */
bool encode_takes_csv(const struct type *type);

/* core.Scalar's blob at that URI; the value of a literal or a binding. */
void encode_blob(struct json_writer *w, const char *name,
    const struct type *type, const char *uri);

/* google.protobuf.Duration: seconds with 0, 3, 6 or 9 digits behind a dot. */
void encode_duration(struct strbuf *sb, struct span duration);

/*
 * Whether all that the variable wants is there without a value: Flyte knows
 * neither `default: now` nor defaults of members, so these count as absent.
 */
bool encode_has_default(const struct variable *variable);

/*
 * The default of an object that declares members, as a literal in the arena:
 * those of `given` (NULL: none) over the members' own.
 */
const struct literal *encode_object(struct arena *arena,
    const struct variable *variable, const struct json *given);

#endif
