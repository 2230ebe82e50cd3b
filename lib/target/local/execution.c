/* How an execution begins and ends; what the store has of it. */
#include "lib/base/compat.h"

#include "lib/base/arena.h"
#include "lib/base/clock.h"
#include "lib/base/signals.h"
#include "lib/base/strbuf.h"
#include "lib/base/xalloc.h"
#include "lib/plan/plan.h"
#include "lib/store/ledger.h"
#include "lib/store/store.h"
#include "lib/target/local/execution.h"
#include "lib/target/local/executor.h"
#include "lib/target/local/outputs.h"
#include "lib/text/jsonio.h"

void
execution_tell(struct execution *e, enum node_event event,
    const struct slot *slot)
{
	if (e->observer->node != NULL)
		e->observer->node(e->observer->arg, event, &slot->record,
		    clock_monotonic_ms() - slot->began);
}

void
execution_ask_why(struct execution *e)
{
	struct arena arena = ARENA_INIT;
	struct ledger_run run;

	store_stop_requested(e->store, e->context.run_id, &e->asked_to_stop);
	if (e->asked_to_stop && e->context.schedule != NULL &&
	    ledger_run(e->store, &arena, e->context.run_id, &run) ==
	    EXIT_DONE)
		e->replaced = run.replaced;
	arena_release(&arena);
}

static const char *
describe_failure(struct arena *arena, const struct execution *e)
{
	const struct slot *slot = e->failed;
	int64_t retries;

	if (e->fault != EXIT_DONE)
		return "this machine could not go on";
	if (slot == NULL && e->replaced)
		return LOCAL_REPLACED;
	if (slot == NULL)
		return e->asked_to_stop ? LOCAL_STOPPED :
		    arena_printf(arena, "stopped by signal %d (%s)",
		    signals_caught(), strsignal(signals_caught()));
	retries = slot->node->task->container->retries;
	if (retries == 0)
		return arena_printf(arena, "%s: %s", slot->node->id,
		    slot->record.error);
	return arena_printf(arena, "%s: %s, attempt %lld of %lld",
	    slot->node->id, slot->record.error,
	    (long long)slot->record.attempts,
	    (long long)(retries + slot->lost + 1));
}

enum status
execution_end(struct execution *e, struct arena *arena)
{
	bool failed = e->failed != NULL || e->fault != EXIT_DONE;
	struct strbuf text = STRBUF_INIT;
	enum status status, ended;
	struct json *outputs;

	if (!e->stopping) {
		status = outputs_collect(arena, e->context.run_dir,
		    e->context.workflow, e->context.inputs, &outputs);
		if (status != EXIT_DONE)
			return status;
		json_print(&text, outputs);
		status = store_end_run(e->store, e->context.run_id,
		    RUN_SUCCEEDED, NULL, text.buf);
		strbuf_release(&text);
		return status;
	}
	ended = store_end_run(e->store, e->context.run_id,
	    failed ? RUN_FAILED : RUN_ABORTED, describe_failure(arena, e),
	    NULL);
	if (e->fault != EXIT_DONE)
		return e->fault;
	return ended != EXIT_DONE ? ended : EXIT_RUN;
}

/* What is known of the schedule that the run is of. */
static enum status
look_up_schedule(struct execution *e, struct arena *arena)
{
	struct ledger_run run;
	enum status status;

	status = ledger_run(e->store, arena, e->context.run_id, &run);
	if (status != EXIT_DONE)
		return status;
	e->context.schedule = run.schedule;
	e->context.timezone = run.definition.timezone != NULL ?
	    run.definition.timezone : "UTC";
	e->resumed = run.resumed;
	return EXIT_DONE;
}

enum status
execution_begin(struct execution *e, struct arena *arena)
{
	struct run_detail detail;
	enum status status;
	size_t i, j;

	status = store_get_run(e->store, e->context.run_id, &detail);
	if (status != EXIT_DONE)
		return status;
	if (detail.run.schedule != NULL)
		status = look_up_schedule(e, arena);
	if (status != EXIT_DONE) {
		run_detail_release(&detail);
		return status;
	}
	e->n = e->context.workflow->n_nodes;
	e->slot = arena_array(arena, e->n, sizeof(*e->slot));
	for (i = 0; i < e->n; i++) {
		struct slot *slot = &e->slot[i];

		slot->node = &e->context.workflow->node[i];
		slot->record.name = xstrdup(slot->node->id);
		for (j = 0; j < detail.n_nodes; j++) {
			if (strcmp(detail.node[j].name, slot->node->id) != 0)
				continue;
			slot_take(slot, &detail.node[j], e->resumed);
			if (slot->state == SLOT_DONE)
				execution_tell(e, NODE_TAKEN, slot);
		}
	}
	run_detail_release(&detail);
	return EXIT_DONE;
}

void
execution_release(struct execution *e)
{
	size_t i;

	for (i = 0; i < e->n; i++)
		slot_release(&e->slot[i]);
}
