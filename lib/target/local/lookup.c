/* Schedules by their names, and the definitions that own their slots. */
#include "lib/base/compat.h"

#include "lib/base/arena.h"
#include "lib/base/strbuf.h"
#include "lib/base/strvec.h"
#include "lib/base/xalloc.h"
#include "lib/target/known.h"
#include "lib/target/local/lookup.h"
#include "lib/target/local/schedules.h"

struct deployed_names {
	struct strvec all, there;	/* there: not removed */
};

static enum status
add_known(void *arg, const struct ledger_schedule *schedule)
{
	struct deployed_names *known = arg;

	strvec_push(&known->all, schedule->name);
	if (schedule->state != SCHEDULE_REMOVED)
		strvec_push(&known->there, schedule->name);
	return EXIT_DONE;
}

static enum status
find_known(struct local *local, struct deployed_names *known)
{
	strvec_init(&known->all);
	strvec_init(&known->there);
	if (local->store == NULL)
		return EXIT_DONE;
	return ledger_list(local->store, add_known, known);
}

static void
release_known(struct deployed_names *known)
{
	strvec_release(&known->all);
	strvec_release(&known->there);
}

enum status
lookup_unknown(struct local *local, const char *name)
{
	struct deployed_names known;
	const struct known there = { .names = &known.there };
	enum status status = find_known(local, &known);

	if (status == EXIT_DONE) {
		status = known_refuse(&there, name);
		known_hint(&there);
	}
	release_known(&known);
	return status;
}

enum status
lookup_names(struct local *local, const struct strvec *wanted,
    struct strvec *names)
{
	struct deployed_names known;
	const struct known there = { .names = &known.there };
	enum status status = find_known(local, &known);
	size_t i, unknown = 0;

	for (i = 0; i < wanted->n && status != EXIT_LOCAL; i++) {
		if (strvec_contains(&known.all, wanted->v[i])) {
			if (!strvec_contains(names, wanted->v[i]))
				strvec_push(names, wanted->v[i]);
			continue;
		}
		status = known_refuse(&there, wanted->v[i]);
		unknown++;
	}
	if (unknown > 0)
		known_hint(&there);
	for (i = 0; i < known.all.n && wanted->n == 0; i++)
		strvec_push(names, known.all.v[i]);
	release_known(&known);
	return status;
}

static enum status
make_tenure(const struct ledger_definition *from, struct tenure *tenure)
{
	struct definition definition;
	enum status status = ledger_compile(from, &definition);

	tenure->after = from->activated_at;
	tenure->version = from->version;
	if (status == EXIT_DONE) {
		tenure->slots = definition.slots;
		tenure->offset = definition.offset;
	}
	return status;
}

enum status
lookup_owners(struct store *store, struct arena *arena,
    const struct ledger_schedule *schedule, bool unowned,
    struct owners *owners)
{
	struct ledger_definition *definition;
	enum status status;
	size_t i, n;

	status = ledger_definitions(store, arena, schedule->number,
	    &definition, &n);
	if (status != EXIT_DONE)
		return status;
	owners->n = unowned && n > 0 ? n + 1 : n;
	owners->definition = arena_array(arena, n + 1, sizeof(*definition));
	owners->tenure = arena_array(arena, n + 1, sizeof(*owners->tenure));
	for (i = 0; i < owners->n && status == EXIT_DONE; i++) {
		/* What nobody owned comes first. */
		owners->definition[i] = owners->n == n ? definition[i] :
		    i == 0 ? schedule->definition : definition[i - 1];
		status = make_tenure(&owners->definition[i],
		    &owners->tenure[i]);
	}
	if (owners->n > n) {
		owners->tenure[0].after = INT64_MIN;
		owners->tenure[0].version = NULL;
	}
	tenures_settle(owners->tenure, owners->n);
	return status;
}

enum status
local_identity(struct target *target, const char *schedule,
    struct slot_identity *identity)
{
	struct local *local = (struct local *)target;
	struct arena arena = ARENA_INIT;
	struct ledger_schedule row;
	enum status status;
	bool found = false;
	char *id;

	memset(identity, 0, sizeof(*identity));
	if (local->store == NULL)
		return EXIT_DONE;
	status = ledger_find(local->store, &arena, schedule, &found, &row);
	if (status == EXIT_DONE && found)
		status = ledger_store_id(local->store, &id);
	if (status == EXIT_DONE && found) {
		identity->scope = xasprintf("local:%s", id);
		identity->name = xasprintf("%s.%s", row.app, row.name);
		identity->version = xstrdup("");
		free(id);
	}
	arena_release(&arena);
	return status;
}
