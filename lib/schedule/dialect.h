/*
 * The ways in which an expression can be written: cron's five fields, a
 * descriptor, `@every D`, and AWS's six fields `cron(...)`, which are
 * translated where five fields can say the same and refused where not.
 */
#ifndef SCHEDULE_DIALECT_H
#define SCHEDULE_DIALECT_H

#include "lib/base/compat.h"
#include "lib/base/clock.h"
#include "lib/schedule/cron.h"

enum dialect { DIALECT_UNIX, DIALECT_DESCRIPTOR, DIALECT_EVERY, DIALECT_AWS };

struct expression {
	enum dialect dialect;
	struct cron cron;	/* all but DIALECT_EVERY */
	struct span every;	/* DIALECT_EVERY: whole seconds, positive */
};

/* The error's column counts from the start of `text`, in all dialects. */
bool expression_parse(const char *text, struct expression *out,
    struct cron_error *err);

#endif
