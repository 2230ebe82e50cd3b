/*
 * The one table of what Flyte's native scheduler makes of the keys of a
 * schedule: how it keeps to them, and what is refused with which way out. It is
 * what check, deploy and compile tell; unionml-flyte(7) has it, too.
 */
#ifndef PLAN_CAPABILITYROWS_H
#define PLAN_CAPABILITYROWS_H

#include "lib/base/compat.h"
#include "lib/model/app.h"

enum capability {
	CAPABILITY_KEPT,
	CAPABILITY_IN_PART,	/* a warning of check */
	CAPABILITY_REFUSED	/* an error of check and deploy */
};

struct capability_row {
	const char *key;
	enum capability kind;
	enum schedule_key at;	/* where a message points to */
	bool of_model;		/* no, to the model */
	bool (*asks)(const struct schedule *s);	/* NULL: it is no fault */
	const char *said;
	const char *way_out;	/* NULL: none is needed */
};

/* The last one's key is NULL. */
extern const struct capability_row capability_rows[];

#endif
