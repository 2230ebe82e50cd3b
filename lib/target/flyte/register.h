/*
 * The objects of an encoding on the cluster: which it has, and those that it
 * has not registered, level by level, for each refers to the one before.
 */
#ifndef FLYTE_REGISTER_H
#define FLYTE_REGISTER_H

#include "lib/base/compat.h"
#include "lib/base/arena.h"
#include "lib/base/err.h"
#include "lib/flyte/wire/encode.h"
#include "lib/target/flyte/standing.h"

struct flyte;
struct json;
struct specdiff;

enum registered {
	REGISTERED_NOT,		/* the cluster has no such version */
	REGISTERED_SAME,
	REGISTERED_OTHER,	/* it seems to be another: the server decides */
	REGISTERED_OPEN		/* cannot be sent yet: object.open */
};

struct registration {
	struct flyte *flyte;
	const struct encoding *encoding;
	enum registered *state;		/* of each object */
	const char **difference;	/* of OTHER: lines, or NULL */
	size_t n_sent[OBJECT_KINDS];	/* new to the cluster */
	size_t n_there[OBJECT_KINDS];
	struct standing standing;	/* when it was looked at */
	struct arena arena;
	enum status status;		/* of the requests under way */
};

/* What the cluster has. To be released whatever comes back. */
enum status register_look(struct registration *r, struct flyte *flyte,
    const struct encoding *encoding);

/*
 * Registers all but what is the same or open. EXIT_CONFLICT after a message
 * that shows the difference if a version is another already.
 */
enum status register_send(struct registration *r);

/* Whether the cluster has everything that can be sent. */
bool register_is_whole(const struct registration *r);

/* The object against what the cluster answers for one of its kind. */
void register_compare(struct specdiff *diff, const struct encoding *encoding,
    const struct object *object, const struct json *stored);

void registration_release(struct registration *r);

#endif
