/*
 * What every target says about a run: the words of its status, what they mean
 * for an exit status, and the JSON that commands print.
 */
#include "lib/base/compat.h"

#include "lib/base/clock.h"
#include "lib/base/strbuf.h"
#include "lib/model/run.h"
#include "lib/text/jsonio.h"

static const char *const names[RUN_STATUSES] = {
	[RUN_PENDING] = "pending", [RUN_RUNNING] = "running",
	[RUN_INTERRUPTED] = "interrupted", [RUN_SUCCEEDED] = "succeeded",
	[RUN_FAILED] = "failed", [RUN_ABORTED] = "aborted",
};

const char *
run_status_name(enum run_status status)
{
	if ((unsigned int)status >= RUN_STATUSES)
		BUG("%d is no status of a run", (int)status);
	return names[status];
}

bool
run_status_from_name(const char *name, enum run_status *status)
{
	int i;

	for (i = 0; i < RUN_STATUSES; i++) {
		if (strcmp(name, names[i]) == 0) {
			*status = (enum run_status)i;
			return true;
		}
	}
	return false;
}

bool
run_ended(enum run_status status)
{
	return status == RUN_SUCCEEDED || status == RUN_FAILED ||
	    status == RUN_ABORTED;
}

enum status
run_exit_status(enum run_status status)
{
	switch (status) {
	case RUN_SUCCEEDED:
		return EXIT_DONE;
	case RUN_FAILED:
	case RUN_ABORTED:
	case RUN_INTERRUPTED:
		return EXIT_RUN;
	default:
		return EXIT_PENDING;
	}
}

void
run_make_id(char id[RUN_ID_LEN + 1], char letter)
{
	unsigned char random[RUN_ID_LEN / 2];
	size_t i;

	arc4random_buf(random, sizeof(random));
	for (i = 0; i < sizeof(random); i++)
		snprintf(id + 2 * i, 3, "%02x", random[i]);
	id[0] = letter;
}

void
run_release(struct run *run)
{
	free(run->id);
	free(run->workflow);
	free(run->schedule);
	free(run->app_version);
	free(run->retry_of);
	free(run->model);
	free(run->inputs);
	free(run->error);
	memset(run, 0, sizeof(*run));
}

void
node_run_release(struct node_run *node)
{
	size_t i;

	for (i = 0; i < node->n_links; i++) {
		free(node->link[i].name);
		free(node->link[i].uri);
	}
	free(node->link);
	free(node->name);
	free(node->error);
	free(node->first_error);
	free(node->taken_from);
	memset(node, 0, sizeof(*node));
}

void
run_detail_release(struct run_detail *detail)
{
	size_t i;

	for (i = 0; i < detail->n_nodes; i++)
		node_run_release(&detail->node[i]);
	free(detail->node);
	free(detail->console);
	run_release(&detail->run);
	memset(detail, 0, sizeof(*detail));
}

const struct node_run *
run_detail_find(const struct run_detail *detail, const char *name)
{
	size_t i;

	for (i = 0; i < detail->n_nodes; i++)
		if (strcmp(detail->node[i].name, name) == 0)
			return &detail->node[i];
	return NULL;
}

static void
put_ms(struct json_writer *w, const char *name, int64_t ms)
{
	if (ms != 0)
		json_put_instant(w, name, instant_from_ms(ms));
	else
		json_put_null(w, name);
}

void
run_write_json(struct json_writer *w, const struct run *run)
{
	struct instant kickoff = { run->kickoff, 0 };

	json_put_text(w, "id", run->id);
	json_put_text(w, "workflow", run->workflow);
	json_put_text(w, "status", run_status_name(run->status));
	put_ms(w, "started_at", run->started_at);
	put_ms(w, "ended_at", run->ended_at);
	json_put_text_or_null(w, "schedule", run->schedule);
	if (run->has_kickoff)
		json_put_instant(w, "kickoff", kickoff);
	else
		json_put_null(w, "kickoff");
	json_put_text_or_null(w, "app_version", run->app_version);
	json_put_text_or_null(w, "retry_of", run->retry_of);
}
