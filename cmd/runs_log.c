/*
 * unionml runs log: what the components said, with -f while they say it. A
 * target that keeps no log file tells what it kept when all is over.
 */
#include "lib/base/compat.h"

#include <fcntl.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "cmd/output.h"
#include "lib/base/signals.h"
#include "lib/base/xalloc.h"

enum { POLL_MS = 200 };

static bool follow;

static const struct opt log_options[] = {
	{ OPT_FLAG, 'f', "follow", &follow, NULL,
	    "keep printing until the run has ended", NULL, NULL },
	{ OPT_END, 0, NULL, NULL, NULL, NULL, NULL, NULL },
};

/* One log, and how much of it was shown. */
struct tail {
	char *node;
	struct run_log log;
	off_t shown;
};

static void
show_text(const struct tail *tail, bool name)
{
	if (name)
		printf("==> %s <==\n", tail->node);
	output_masked(tail->log.text, strlen(tail->log.text));
	fflush(stdout);
}

static enum status
show_more(struct tail *tail, bool name)
{
	char buf[1 << 14];
	ssize_t n;
	int fd;

	if (tail->log.path == NULL) {
		show_text(tail, name);
		return EXIT_DONE;
	}
	fd = open(tail->log.path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		if (errno == ENOENT)
			return EXIT_DONE;	/* it has not begun */
		return error_errno(EXIT_LOCAL, "cannot open '%s'",
		    tail->log.path);
	}
	while ((n = pread(fd, buf, sizeof(buf), tail->shown)) > 0) {
		if (name && tail->shown == 0)
			printf("==> %s <==\n", tail->node);
		output_masked(buf, (size_t)n);
		tail->shown += n;
	}
	close(fd);
	fflush(stdout);
	return EXIT_DONE;
}

static enum status
show_all(struct tail *tails, size_t n)
{
	enum status status = EXIT_DONE;
	size_t i;

	for (i = 0; i < n && status == EXIT_DONE; i++)
		status = show_more(&tails[i], n > 1);
	return status;
}

static enum status
go_on(struct context *context, const char *id, struct tail *tails, size_t n)
{
	const struct target_ops *ops = context->target->ops;
	struct run_detail detail;
	enum status status;
	bool live = true;

	signals_begin();
	do {
		status = ops->show(context->target, id, &detail);
		if (status != EXIT_DONE)
			break;
		live = detail.run.status == RUN_PENDING ||
		    detail.run.status == RUN_RUNNING;
		run_detail_release(&detail);
		status = show_all(tails, n);
		if (live && status == EXIT_DONE)
			signals_sleep(POLL_MS);
		if (signals_caught() != 0)
			signals_raise(signals_caught());
	} while (live && status == EXIT_DONE);
	signals_end();
	return status;
}

static enum status
find_tails(struct context *context, const char *id, const char *node,
    struct tail *tails, size_t *n, size_t max)
{
	const struct target_ops *ops = context->target->ops;
	struct run_detail detail;
	enum status status;
	size_t i;

	*n = 0;
	status = ops->show(context->target, id, &detail);
	if (status != EXIT_DONE)
		return status;
	for (i = 0; i < detail.n_nodes && *n < max && status == EXIT_DONE;
	    i++) {
		const char *name = node != NULL ? node :
		    detail.node[i].name;

		status = ops->log(context->target, id, name,
		    &tails[*n].log);
		if (status != EXIT_DONE)
			break;
		tails[*n].node = xstrdup(name);
		tails[(*n)++].shown = 0;
		if (node != NULL)
			break;
	}
	run_detail_release(&detail);
	return status;
}

static void
release_tails(struct tail *tails, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		free(tails[i].node);
		run_log_release(&tails[i].log);
	}
}

/* However it ends. */
static enum status
wait_for_end(struct context *context, const char *id)
{
	const struct observer silent = { NULL, NULL, NULL };
	enum status status;
	int signum = 0;

	status = context->target->ops->watch(context->target, id, &silent, 0,
	    &signum);
	if (signum != 0)
		signals_raise(signum);
	return status == EXIT_RUN ? EXIT_DONE : status;
}

static enum status
show_log(struct context *context, const char *id, const char *node)
{
	struct tail tails[64];
	enum status status;
	bool grows = true;
	size_t n;

	status = find_tails(context, id, node, tails, &n, ARRAY_SIZE(tails));
	if (status == EXIT_DONE && follow && n > 0)
		grows = tails[0].log.path != NULL;
	if (status == EXIT_DONE && !grows) {
		release_tails(tails, n);
		n = 0;
		status = wait_for_end(context, id);
		if (status == EXIT_DONE)
			status = find_tails(context, id, node, tails, &n,
			    ARRAY_SIZE(tails));
	}
	if (status == EXIT_DONE)
		status = follow && grows ? go_on(context, id, tails, n) :
		    show_all(tails, n);
	release_tails(tails, n);
	return status;
}

static enum status
run(struct context *context, const struct strvec *operands)
{
	enum status status;
	char *id;

	status = context->target->ops->resolve(context->target,
	    operands->v[0], &id);
	if (status != EXIT_DONE)
		return status;
	status = show_log(context, id, operands->n > 1 ? operands->v[1] :
	    NULL);
	free(id);
	return status;
}

const struct cmd cmd_runs_log = {
	.name = "log",
	.synopsis = "[-f] RUN|latest [NODE]",
	.summary = "print what a run's components wrote",
	.needs = CMD_NEEDS_READ,
	.of_store = true,
	.options = log_options,
	.min_operands = 1,
	.max_operands = 2,
	.complete = "run node",
	.run = run,
};
