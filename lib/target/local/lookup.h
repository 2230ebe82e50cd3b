/* What a command names: schedules of the store, and whose a slot is. */
#ifndef LOCAL_LOOKUP_H
#define LOCAL_LOOKUP_H

#include "lib/base/compat.h"
#include "lib/base/err.h"
#include "lib/schedule/tenure.h"
#include "lib/store/ledger.h"
#include "lib/target/local/local.h"

struct arena;
struct strvec;

/*
 * The names wanted, or if there are none those of all schedules, removed ones
 * too. EXIT_CONFLICT after messages for those that were never deployed.
 */
enum status lookup_names(struct local *local, const struct strvec *wanted,
    struct strvec *names);

/* What to say of a name that is not there: what there is. EXIT_CONFLICT. */
enum status lookup_unknown(struct local *local, const char *name);

/* The owners of a schedule's slots, each with what it was defined by. */
struct owners {
	struct tenure *tenure;			/* settled */
	struct ledger_definition *definition;	/* as many */
	size_t n;
};

/*
 * With `unowned` the first of them has what was before the first activation,
 * by the definition in force now; its version is NULL.
 */
enum status lookup_owners(struct store *store, struct arena *arena,
    const struct ledger_schedule *schedule, bool unowned,
    struct owners *owners);

#endif
