/* The slots that lack a run get one, oldest first, a few at a time. */
#include "lib/base/compat.h"

#include "lib/base/clock.h"
#include "lib/base/signals.h"
#include "lib/base/strvec.h"
#include "lib/base/xalloc.h"
#include "lib/target/backfill.h"
#include "lib/target/scheduling.h"

enum { POLL_FIRST_MS = 10, POLL_MAX_MS = 500, SLOTS_MAX = 1000000 };

/* So long nobody has begun it, or gone on with it, before it is looked into. */
enum { PENDING_MS = 10000, INTERRUPTED_MS = 1000 };

/* A run that was started here, or found. */
struct lane {
	const struct backfill_slot *slot;
	char *id;
	bool ours;
	int64_t since;			/* monotonic: last started */
};

struct filling {
	struct target *target;
	struct backfill *b;
	struct lane *lane;
	size_t n, next;			/* lanes taken; the next slot */
	bool failed;
};

static bool
is_wanted(const struct backfill *b, const struct audited *a)
{
	switch (a->state) {
	case AUDIT_FAILED:
	case AUDIT_ABORTED:
		return b->reprocess;
	case AUDIT_RUNNING:
	case AUDIT_MISSED:
		return true;
	case AUDIT_OK:
	case AUDIT_DUE:
		return false;
	default:
		return a->run == NULL;
	}
}

static enum status
plan_slot(void *arg, const struct audited *a)
{
	struct backfill *b = arg;
	struct backfill_slot *slot;

	b->count[a->state]++;
	if (!is_wanted(b, a))
		return EXIT_DONE;
	if (b->n == SLOTS_MAX)
		return error(EXIT_INPUT, "more than %d slots lack a run: take "
		    "them in parts", SLOTS_MAX);
	ALLOC_GROW(b->slot, b->n, b->cap);
	slot = &b->slot[b->n++];
	slot->t = a->t;
	slot->state = a->state;
	slot->unowned = a->version == NULL;
	return EXIT_DONE;
}

enum status
backfill_plan(struct target *target, struct backfill *backfill)
{
	struct strvec names = STRVEC_INIT;
	struct audit_request request = { .names = &names,
	    .from = backfill->from, .to = backfill->to, .unowned = true };
	enum status status;

	strvec_push(&names, backfill->schedule);
	status = target->ops->schedules->audit(target, &request, plan_slot,
	    backfill);
	strvec_release(&names);
	return status;
}

static struct start_request
start_request(const struct backfill *b, const struct backfill_slot *slot)
{
	return (struct start_request){
		.schedule = b->schedule,
		.origin = ORIGIN_BACKFILL,
		.has_slot = true,
		.t = slot->t,
		.again = slot->state == AUDIT_FAILED ||
		    slot->state == AUDIT_ABORTED,
	};
}

enum status
backfill_show(struct target *target, const struct backfill *b)
{
	enum status status = EXIT_DONE;
	struct start_request request;
	bool already;
	char *id;
	size_t i;

	target->ops->dry_run(target);
	for (i = 0; i < b->n && status == EXIT_DONE; i++) {
		request = start_request(b, &b->slot[i]);
		status = target->ops->schedules->start(target, &request, &id,
		    &already);
		free(id);
	}
	return status;
}

static enum status
start(struct filling *f, const struct backfill_slot *slot, char **id,
    bool *already)
{
	const struct start_request request = start_request(f->b, slot);
	enum status status;

	/* A process that is made of this one takes its signals as it was. */
	signals_end();
	status = f->target->ops->schedules->start(f->target, &request, id,
	    already);
	signals_begin();
	return status;
}

static enum status
fill_lanes(struct filling *f)
{
	enum status status;
	bool already;

	while (f->n < f->b->max_active && f->next < f->b->n) {
		struct lane *lane = &f->lane[f->n];

		lane->slot = &f->b->slot[f->next];
		status = start(f, lane->slot, &lane->id, &already);
		if (status != EXIT_DONE)
			return status;
		lane->ours = !already;
		lane->since = clock_monotonic_ms();
		f->next++;
		f->n++;
	}
	return EXIT_DONE;
}

static void
leave_lane(struct filling *f, size_t i)
{
	free(f->lane[i].id);
	f->n--;
	memmove(f->lane + i, f->lane + i + 1,
	    (f->n - i) * sizeof(*f->lane));
}

/*
 * What nobody works at gets another process. Looking for that too often would
 * only disturb those who are about to begin it.
 */
static enum status
start_again(struct filling *f, struct lane *lane, enum run_status run)
{
	int64_t patience = run == RUN_PENDING ? PENDING_MS : INTERRUPTED_MS;
	enum status status;
	bool already;
	char *id;

	if ((run != RUN_PENDING && run != RUN_INTERRUPTED) ||
	    clock_monotonic_ms() - lane->since < patience)
		return EXIT_DONE;
	lane->since = clock_monotonic_ms();
	status = start(f, lane->slot, &id, &already);
	if (status == EXIT_DONE)
		free(id);
	return status;
}

static enum status
look(struct filling *f, size_t i, bool *ended)
{
	struct run_detail detail;
	enum run_status run;
	enum status status;

	status = f->target->ops->show(f->target, f->lane[i].id, &detail);
	if (status != EXIT_DONE)
		return status;
	run = detail.run.status;
	*ended = run_ended(run);
	if (*ended) {
		f->failed |= run != RUN_SUCCEEDED;
		f->b->ended(f->b->arg, f->lane[i].slot->t, &detail.run);
	}
	run_detail_release(&detail);
	return *ended ? EXIT_DONE : start_again(f, &f->lane[i], run);
}

/* Looks at all that go on; *any says whether one of them has ended. */
static enum status
look_at_lanes(struct filling *f, bool *any)
{
	enum status status = EXIT_DONE;
	bool ended;
	size_t i;

	*any = false;
	for (i = 0; i < f->n && status == EXIT_DONE;) {
		status = look(f, i, &ended);
		if (status != EXIT_DONE)
			break;
		*any |= ended;
		if (ended)
			leave_lane(f, i);
		else
			i++;
	}
	return status;
}

/* The runs that go on: stopped if they are to be, and ours. */
static enum status
stop_lanes(struct filling *f)
{
	enum status status = EXIT_DONE;
	size_t i;

	for (i = 0; i < f->n && f->b->stop; i++)
		if (f->lane[i].ours && f->target->ops->stop(f->target,
		    f->lane[i].id, NULL) != EXIT_DONE)
			status = EXIT_LOCAL;
	return status;
}

/* Until all have ended, or a signal came. */
static enum status
fill(struct filling *f)
{
	enum status looked, status = EXIT_DONE;
	int64_t pause = POLL_FIRST_MS;
	bool any;

	while (signals_caught() == 0) {
		if (status == EXIT_DONE)
			status = fill_lanes(f);
		looked = look_at_lanes(f, &any);
		if (looked != EXIT_DONE)
			return looked;
		if (f->n == 0 && (status != EXIT_DONE || f->next == f->b->n))
			return status;
		if (any) {
			pause = POLL_FIRST_MS;
			continue;
		}
		signals_sleep(pause);
		if ((pause *= 2) > POLL_MAX_MS)
			pause = POLL_MAX_MS;
	}
	return EXIT_DONE;
}

enum status
backfill_run(struct target *target, struct backfill *backfill, int *signum)
{
	struct filling f = { .target = target, .b = backfill };
	enum status status;

	*signum = 0;
	if (backfill->max_active > backfill->n)
		backfill->max_active = backfill->n;
	f.lane = xcalloc(backfill->max_active + 1, sizeof(*f.lane));
	signals_begin();
	status = fill(&f);
	*signum = signals_caught();
	signals_end();
	if (*signum != 0)
		status = stop_lanes(&f);
	while (f.n > 0)
		leave_lane(&f, f.n - 1);
	free(f.lane);
	return status == EXIT_DONE && f.failed ? EXIT_RUN : status;
}

void
backfill_release(struct backfill *backfill)
{
	free(backfill->slot);
	backfill->slot = NULL;
	backfill->n = backfill->cap = 0;
}
