/* The attempts of one node. */
#include "lib/base/compat.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "lib/base/arena.h"
#include "lib/base/clock.h"
#include "lib/base/io.h"
#include "lib/base/process.h"
#include "lib/base/strbuf.h"
#include "lib/base/xalloc.h"
#include "lib/plan/plan.h"
#include "lib/target/local/attempt.h"
#include "lib/target/local/command.h"
#include "lib/target/local/executor.h"
#include "lib/target/local/outputs.h"

void
slot_set_error(struct slot *slot, const char *text)
{
	char *p;

	free(slot->record.error);
	slot->record.error = text != NULL ? xstrdup(text) : NULL;
	for (p = slot->record.error; p != NULL && *p != '\0'; p++)
		if (iscntrl((unsigned char)*p))
			*p = ' ';
}

void
slot_take(struct slot *slot, const struct node_run *row, int64_t resumed)
{
	if (row->status == RUN_SUCCEEDED) {
		slot->state = SLOT_DONE;
		slot->record.status = RUN_SUCCEEDED;
		if (row->taken_from != NULL)
			slot->record.taken_from = xstrdup(row->taken_from);
		slot->began = clock_monotonic_ms();
		return;
	}
	/* Whoever dies loses at most one attempt of each node. */
	slot->lost = row->attempts < resumed ? row->attempts : resumed;
	slot->record.attempts = row->attempts;
	slot->record.started_at = row->started_at;
	slot->record.max_rss = row->max_rss;
	slot->record.cpu_ms = row->cpu_ms;
}

void
slot_release(struct slot *slot)
{
	free(slot->record.name);
	free(slot->record.error);
	free(slot->record.taken_from);
}

static int
open_log(struct arena *arena, const struct attempt_context *context,
    const struct slot *slot)
{
	const char *path = arena_printf(arena, "%s/%s/log", context->run_dir,
	    slot->node->id);
	char line[96];
	int fd, len;

	fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
	if (fd < 0) {
		error_errno(EXIT_LOCAL, "cannot open '%s'", path);
		return -1;
	}
	if (slot->record.attempts > 1) {
		len = snprintf(line, sizeof(line),
		    "unionml: attempt %lld of %lld\n",
		    (long long)slot->record.attempts,
		    (long long)(slot->node->task->container->retries +
		    slot->lost + 1));
		if (write_full(fd, line, (size_t)len) != 0) {
			error_errno(EXIT_LOCAL, "cannot write '%s'", path);
			close(fd);
			return -1;
		}
	}
	return fd;
}

/* For --verbose: what the placeholders became. */
static void
tell_command(const struct slot *slot, const struct strvec *argv)
{
	struct strbuf line = STRBUF_INIT;
	size_t i;

	if (err_verbosity() < VERBOSE)
		return;
	for (i = 0; i < argv->n; i++)
		strbuf_addf(&line, " %s", argv->v[i]);
	detail("%s:%s", slot->node->id, line.buf);
	strbuf_release(&line);
}

static int
spawn(struct arena *arena, const struct attempt_context *context,
    struct slot *slot, const struct node_value *value, int log_fd)
{
	struct strvec argv = STRVEC_INIT, env = STRVEC_INIT;
	struct component_call call = {
		.app = context->app,
		.workflow = context->workflow,
		.node = slot->node,
		.value = value,
		.out = outputs_part(arena, context->run_dir, slot->node->id),
		.run_id = context->run_id,
		.version = context->version,
		.attempt = slot->record.attempts,
		.schedule = context->schedule,
		.timezone = context->timezone,
	};
	struct process_spec spec = {
		.dir = context->work_dir,
		.log_fd = log_fd,
		.keep_fd = context->lock_fd,
	};
	char *text;
	int err;

	command_build(arena, &call, &argv, &env);
	tell_command(slot, &argv);
	spec.argv = argv.v;
	spec.env = env.v;
	err = process_spawn(&spec, &slot->pid);
	if (err != 0) {
		text = xasprintf("cannot start '%s': %s", argv.v[0],
		    strerror(err));
		slot_set_error(slot, text);
		write_full(log_fd, text, strlen(text));
		write_full(log_fd, "\n", 1);
		free(text);
	}
	strvec_release(&argv);
	strvec_release(&env);
	return err;
}

static void
set_running(struct slot *slot)
{
	int64_t limit = span_ms(slot->node->task->container->timeout);

	slot->state = SLOT_RUNNING;
	slot->pid_start = process_start_time(slot->pid);
	slot->began = clock_monotonic_ms();
	slot->deadline = limit > 0 ? slot->began + limit : 0;
	slot->kill_at = 0;
	slot->timed_out = false;
	slot->record.status = RUN_RUNNING;
	slot_set_error(slot, NULL);
}

enum status
attempt_start(struct slot *slot, const struct attempt_context *context)
{
	const struct node *node = slot->node;
	struct arena arena = ARENA_INIT;
	struct node_value *value;
	enum status status;
	int log_fd = -1;

	value = arena_array(&arena, node->n_bindings, sizeof(*value));
	values_bind(&arena, context->workflow, node, context->inputs,
	    context->run_dir, value);
	status = values_write(&arena, context->run_dir, node->id, value,
	    node->n_bindings);
	if (status == EXIT_DONE)
		status = outputs_prepare(&arena, context->run_dir, node);
	if (status != EXIT_DONE)
		goto out;
	slot->record.attempts++;
	if (slot->record.started_at == 0)
		slot->record.started_at = clock_now_ms();
	slot->began = clock_monotonic_ms();
	if ((log_fd = open_log(&arena, context, slot)) < 0) {
		status = EXIT_LOCAL;
		goto out;
	}
	if (spawn(&arena, context, slot, value, log_fd) != 0)
		status = EXIT_RUN;
	else
		set_running(slot);
out:
	if (log_fd >= 0)
		close(log_fd);
	arena_release(&arena);
	return status;
}

void
attempt_terminate(struct slot *slot, int64_t now, int64_t grace)
{
	process_signal_group(slot->pid, SIGTERM);
	process_signal_group(slot->pid, SIGCONT);
	slot->kill_at = now + grace;
}

void
attempt_check_time(struct slot *slot, int64_t now)
{
	if (slot->kill_at != 0 && now >= slot->kill_at) {
		process_signal_group(slot->pid, SIGKILL);
		slot->kill_at = now + 1000;
	}
	if (slot->deadline != 0 && now >= slot->deadline &&
	    !slot->timed_out) {
		slot->timed_out = true;
		if (slot->kill_at == 0)
			attempt_terminate(slot, now, GRACE_MS);
	}
}

static void
describe_end(const struct slot *slot, const struct process_end *end,
    struct strbuf *fault)
{
	if (slot->timed_out) {
		strbuf_addstr(fault, "ran into its time limit of ");
		span_print(fault, slot->node->task->container->timeout);
	} else if (end->signal != 0) {
		strbuf_addf(fault, "killed by signal %d (%s)", end->signal,
		    strsignal(end->signal));
	} else {
		strbuf_addf(fault, "exit status %d", end->exit_code);
	}
}

bool
attempt_ended(struct slot *slot, const struct attempt_context *context,
    enum status *result)
{
	struct strbuf fault = STRBUF_INIT;
	struct arena arena = ARENA_INIT;
	struct process_end end;

	if (!process_reap(slot->pid, &end))
		return false;
	slot->record.ended_at = clock_now_ms();
	slot->record.cpu_ms += end.cpu_ms;
	if (end.max_rss > slot->record.max_rss)
		slot->record.max_rss = end.max_rss;
	*result = EXIT_RUN;
	if (slot->timed_out || end.exit_code != 0)
		describe_end(slot, &end, &fault);
	else if (outputs_check(&arena, context->run_dir, slot->node, &fault))
		*result = outputs_publish(&arena, context->run_dir,
		    slot->node);
	if (*result == EXIT_RUN)
		slot_set_error(slot, fault.buf);
	arena_release(&arena);
	strbuf_release(&fault);
	return true;
}
