/*
 * Schedules activated and paused by hand, all that are named or none of them.
 * With a version that is to take over, what that version declares is looked up
 * in the app file of its snapshot.
 */
#include "lib/base/compat.h"

#include "lib/appfile/appfile.h"
#include "lib/base/diag.h"
#include "lib/base/strvec.h"
#include "lib/base/xalloc.h"
#include "lib/target/known.h"
#include "lib/target/local/adopt.h"
#include "lib/target/local/pin.h"
#include "lib/target/local/schedules.h"

struct activating {
	struct local *local;
	const struct activation *wanted;
	struct adopting all;
	struct app app;			/* of the version that takes over */
	bool has_app;
	struct strvec known;		/* what there is to name */
	struct adoption *adoption;
	size_t n;
};

static enum status
load_version(struct activating *a)
{
	const char *version = a->wanted->version;
	struct snapshot snapshot;
	enum status status;
	struct diag diag;

	status = local_snapshot(&a->local->target, version, &snapshot);
	if (status == EXIT_DONE) {
		diag_init(&diag, snapshot.app_path);
		status = appfile_load(&a->app, &diag, snapshot.app_path);
		a->has_app = true;
		if (diag.errors > 0)
			diag_print(&diag);
		diag_release(&diag);
	}
	free(snapshot.app_path);
	free(snapshot.directory);
	a->all.app = &a->app;
	a->all.version = version;
	return status;
}

static enum status
add_known(void *arg, const struct ledger_schedule *row)
{
	struct activating *a = arg;
	const char *version = a->wanted->version;

	if (row->state != SCHEDULE_REMOVED && (version == NULL ||
	    strcmp(row->definition.version, version) == 0))
		strvec_push(&a->known, row->name);
	return EXIT_DONE;
}

/* Those of the store; of a version that takes over, those it declares. */
static enum status
find_known(struct activating *a)
{
	size_t i;

	if (!a->has_app)
		return a->all.store == NULL ? EXIT_DONE :
		    ledger_list(a->all.store, add_known, a);
	for (i = 0; i < a->app.n_schedules; i++)
		if (schedule_lives_on(&a->app.schedule[i], a->wanted->target))
			strvec_push(&a->known, a->app.schedule[i].name);
	strvec_sort(&a->known);
	return EXIT_DONE;
}

/* Without names, what cannot be active is left as it is, and told. */
static enum status
refuse_missing(const struct activating *a, const struct adoption *one)
{
	if (a->wanted->names->n == 0)
		return EXIT_DONE;
	return error(EXIT_CONFLICT, "schedule '%s' cannot be active: %s",
	    one->name, one->missing);
}

static enum status
weigh_activation(struct activating *a, struct adoption *one)
{
	if (a->has_app)
		one->redefine = !adopt_exists(one) || adopt_differs(one);
	else
		one->missing = pin_missing(&a->all, one->row.definition.keys,
		    one->row.definition.model);
	if (one->missing == NULL) {
		one->state = SCHEDULE_ACTIVE;
		return EXIT_DONE;
	}
	one->redefine = !adopt_exists(one);
	if (one->redefine)
		one->state = SCHEDULE_INACTIVE;
	return refuse_missing(a, one);
}

static enum status
weigh_one(struct activating *a, const char *name, struct adoption *one)
{
	enum status status = adopt_look(&a->all, name, one);

	if (status == EXIT_DONE && a->has_app)
		status = adopt_define(&a->all, app_find_schedule(&a->app,
		    name), one);
	if (status == EXIT_DONE && a->wanted->active)
		return weigh_activation(a, one);
	one->state = SCHEDULE_PAUSED;
	one->note = a->wanted->note;
	return status;
}

static enum status
weigh(struct activating *a, struct schedule_changes *changes)
{
	const struct known known = { &a->known, a->wanted->version, NULL };
	const struct strvec *names = a->wanted->names;
	enum status status;
	size_t i;

	status = find_known(a);
	if (status == EXIT_DONE)
		status = known_check(&known, names);
	if (status != EXIT_DONE)
		return status;
	if (names->n == 0)
		names = &a->known;
	a->adoption = xcalloc(names->n, sizeof(*a->adoption));
	for (i = 0; i < names->n && status == EXIT_DONE; i++)
		status = weigh_one(a, names->v[i], &a->adoption[a->n++]);
	for (i = 0; i < a->n && status == EXIT_DONE; i++)
		status = adopt_describe(&a->all, &a->adoption[i], changes);
	return status;
}

static enum status
write_all(struct activating *a)
{
	enum status status = EXIT_DONE;
	size_t i;

	for (i = 0; i < a->n && status == EXIT_DONE; i++)
		if (adopt_changes(&a->adoption[i]))
			status = adopt_write(&a->all, &a->adoption[i]);
	return status;
}

static enum status
read_back(struct activating *a)
{
	enum status status = EXIT_DONE;
	size_t i;

	for (i = 0; i < a->n && status == EXIT_DONE; i++)
		status = adopt_read_back(&a->all, &a->adoption[i]);
	return status;
}

static enum status
carry_out(struct activating *a, struct schedule_changes *changes)
{
	enum status status;

	/* Nothing was ever deployed here, so every name is unknown. */
	if (a->all.store == NULL)
		return weigh(a, changes);
	status = adopting_begin(&a->all);
	if (status != EXIT_DONE)
		return status;
	status = weigh(a, changes);
	if (status == EXIT_DONE)
		status = write_all(a);
	status = ledger_end(a->all.store, status);
	if (status == EXIT_DONE) {
		adopting_tell(&a->all);
		status = read_back(a);
	}
	return status;
}

enum status
local_set_active(struct target *target, const struct activation *activation,
    struct schedule_changes *changes)
{
	struct activating a = { .local = (struct local *)target,
	    .wanted = activation };
	enum status status = EXIT_DONE;

	if (a.local->store != NULL)
		status = local_reopen(a.local);
	if (status != EXIT_DONE)
		return status;
	adopting_init(&a.all, a.local->store, activation->who);
	strvec_init(&a.known);
	if (activation->active && activation->version != NULL)
		status = load_version(&a);
	if (status == EXIT_DONE)
		status = carry_out(&a, changes);
	if (a.has_app)
		app_release(&a.app);
	free(a.adoption);
	strvec_release(&a.known);
	adopting_release(&a.all);
	return status;
}
