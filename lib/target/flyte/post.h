/*
 * An execution is created once: FlyteAdmin overwrites the inputs of one that
 * exists when it refuses another of that name, so nothing is posted twice
 * without a look.
 */
#ifndef FLYTE_POST_H
#define FLYTE_POST_H

#include "lib/base/compat.h"
#include "lib/base/err.h"

struct flyte;

struct post {
	const char *path;		/* as api_path makes it */
	const char *body;		/* JSON, the name in it */
	const char *name;		/* of the new execution */
	const char *what;		/* "cannot start the run" */
};

/*
 * A refusal by 409 means two things: the name exists, or the concurrency
 * policy of the launch plan lets no other run begin.
 */
enum post_outcome {
	POST_MADE,
	POST_FOUND,			/* refused: there was one already */
	POST_LIMITED,			/* refused: too many go on */
	POST_REFUSED,			/* an error: for another reason */
	POST_LOST			/* an error: it never arrived */
};

/*
 * Where the answer is lost, a GET of the name says whether the execution was
 * created; if not, the very same body is posted again, a few times. Where the
 * GET fails, too, that is the error, and a note says what may have happened.
 * `outcome` is NULL for who alone uses the name: found is made then, and a
 * limit an error.
 */
enum status post_execution(struct flyte *flyte, const struct post *post,
    enum post_outcome *outcome);

/* Whether there is an execution of that name. */
enum status post_exists(struct flyte *flyte, const char *name,
    const char *what, bool *exists);

#endif
