/*
 * Who owned the slots of a schedule on Flyte (scheduler-spec section 6, items
 * 5 to 9). The cluster keeps no record of activations: what is known comes
 * from the journal, from runs, and from what the cluster has now. Instants are
 * seconds.
 */
#ifndef FLYTE_TENANCY_H
#define FLYTE_TENANCY_H

#include "lib/base/compat.h"
#include "lib/flyte/slots/schedversion.h"
#include "lib/schedule/tenure.h"

/* What the journal says of the time after an instant. */
struct decree {
	int64_t after;
	const struct schedversion *version;	/* NULL: not there any more */
	bool active;
};

/* A slot that the scheduler ran under a version. */
struct sighting {
	int64_t t;
	const struct schedversion *version;
};

struct tenancy_facts {
	const struct schedversion *version;	/* by creation; at least one */
	size_t n_versions;
	const struct decree *decree;	/* by time */
	size_t n_decrees;
	const struct sighting *seen;		/* by time */
	size_t n_seen;
	bool has_pause;
	int64_t pause;			/* since then, says the marker */
	bool unowned;			/* also the time before all versions */
};

enum term_kind {
	TERM_UNKNOWN,		/* nobody can know who, if any */
	TERM_ACTIVE,
	TERM_PAUSED
};

/* The tenure of the same index has no version where nobody can know. */
struct term {
	enum term_kind kind;
	const struct schedversion *version;	/* whose slots they are */
};

struct tenancy {
	struct tenure *tenure;
	struct term *term;
	size_t n, cap;
};

/* Into zeroed memory, to be released. */
void tenancy_make(struct tenancy *tenancy, const struct tenancy_facts *facts);
void tenancy_release(struct tenancy *tenancy);

/* The version that is in force, else the newest. */
const struct schedversion *tenancy_present(const struct tenancy_facts *facts);

#endif
