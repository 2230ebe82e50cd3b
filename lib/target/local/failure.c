/*
 * The command of `on_failure:`, in the directory of the snapshot and with the
 * facts of the run in its environment. It comes after the run's end is written,
 * in the process that executed it, so that no scheduler waits for it. It is
 * taken from the store: that a version's files are gone is to be told, too.
 */
#include "lib/base/compat.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "lib/base/arena.h"
#include "lib/base/clock.h"
#include "lib/base/io.h"
#include "lib/base/path.h"
#include "lib/base/process.h"
#include "lib/base/signals.h"
#include "lib/base/strbuf.h"
#include "lib/base/strvec.h"
#include "lib/base/xalloc.h"
#include "lib/target/local/command.h"
#include "lib/target/local/executor.h"
#include "lib/target/local/failure.h"
#include "lib/text/jsonio.h"

enum { LIMIT_MS = 60000 };

static void
put(struct strvec *env, const char *name, const char *value)
{
	strvec_pushf(env, "UNIONML_%s=%s", name, value != NULL ? value : "");
}

/* The node that ended the run, if one did, and the log to look into. */
static void
put_node(struct strvec *env, const struct run_detail *detail,
    const char *run_dir)
{
	const char *node = NULL;
	char *log;
	size_t i;

	for (i = 0; i < detail->n_nodes && node == NULL; i++)
		if (detail->node[i].status == RUN_FAILED)
			node = detail->node[i].name;
	log = node != NULL ? xasprintf("%s/%s/log", run_dir, node) :
	    path_join(run_dir, "unionml.log");
	put(env, "NODE", node);
	put(env, "LOG", log);
	free(log);
}

static void
put_facts(struct strvec *env, const struct ledger_run *run,
    const struct prepared *p, const struct run_detail *detail)
{
	struct instant kickoff = { run->t, 0 };
	struct strbuf text = STRBUF_INIT;

	instant_print(&text, kickoff);
	put(env, "APP", p->app.name);
	put(env, "APP_VERSION", run->definition.version);
	put(env, "APP_DIR", p->app.directory);
	put(env, "WORKFLOW", run->workflow);
	put(env, "SCHEDULE", run->schedule);
	put(env, "TIMEZONE", run->definition.timezone != NULL ?
	    run->definition.timezone : "UTC");
	put(env, "KICKOFF", text.buf);
	put(env, "RUN_ID", detail->run.id);
	put(env, "STATUS", run_status_name(detail->run.status));
	put(env, "ERROR", detail->run.error);
	strbuf_release(&text);
}

/* As the schedule was deployed with it; empty: none. */
static void
find_command(const struct ledger_run *run, struct strvec *argv)
{
	const char *keys = run->definition.keys, *why;
	struct arena arena = ARENA_INIT;
	const struct json *all, *command;
	size_t i;

	all = json_parse(&arena, keys, strlen(keys), &why);
	command = all != NULL ? json_find(all, "on_failure") : NULL;
	if (command != NULL && command->kind == JSON_TEXT) {
		strvec_push(argv, "sh");
		strvec_push(argv, "-euc");
		strvec_push(argv, command->text);
	}
	for (i = 0; command != NULL && command->kind == JSON_LIST &&
	    i < command->n; i++)
		if (command->item[i]->kind == JSON_TEXT)
			strvec_push(argv, command->item[i]->text);
	arena_release(&arena);
}

/* The caller frees. */
static char *
find_directory(const struct prepared *p)
{
	const char *dir = p->snapshot.directory;

	return dir != NULL && access(dir, X_OK) == 0 ? xstrdup(dir) :
	    command_directory(&p->app);
}

static void
write_line(int fd, const char *text)
{
	write_full(fd, text, strlen(text));
	write_full(fd, "\n", 1);
}

/*
 * Its group goes with it: TERM at the limit or by a signal, then KILL. False
 * if a signal cut it short.
 */
static bool
wait_for(pid_t pid, int log_fd)
{
	int64_t now, end = clock_monotonic_ms() + LIMIT_MS;
	bool asked = false, stopped = false;
	struct process_end ended;

	while (!process_reap(pid, &ended)) {
		now = clock_monotonic_ms();
		if (!asked && (now >= end || signals_caught() != 0)) {
			stopped = now < end;
			write_line(log_fd, stopped ? "unionml: stopped" :
			    "unionml: it ran into its time limit of 60s");
			process_signal_group(pid, SIGTERM);
			end = now + GRACE_MS;
			asked = true;
		} else if (now >= end) {
			process_signal_group(pid, SIGKILL);
			end = now + GRACE_MS;
		}
		signals_wait(NULL, 0, end - now);
	}
	return !stopped;
}

static bool
run_command(const struct strvec *argv, const struct strvec *env,
    const char *dir, int log_fd)
{
	struct process_spec spec = { .dir = dir, .log_fd = log_fd,
	    .keep_fd = -1 };
	bool done = true;
	char *text;
	pid_t pid;
	int err;

	spec.argv = argv->v;
	spec.env = env->v;
	signals_begin();
	if ((err = process_spawn(&spec, &pid)) == 0) {
		done = wait_for(pid, log_fd);
	} else {
		text = xasprintf("unionml: cannot start '%s': %s", argv->v[0],
		    strerror(err));
		write_line(log_fd, text);
		free(text);
	}
	signals_end();
	return done;
}

bool
failure_tell(struct local *local, const char *id,
    const struct ledger_run *run, const struct prepared *p)
{
	struct strvec argv = STRVEC_INIT, env = STRVEC_INIT;
	struct run_detail detail;
	char *run_dir, *log, *dir;
	bool done = true;
	int fd;

	find_command(run, &argv);
	if (argv.n == 0 ||
	    store_get_run(local->store, id, &detail) != EXIT_DONE) {
		strvec_release(&argv);
		return true;
	}
	run_dir = store_run_dir(local->store, id);
	log = path_join(run_dir, "on_failure.log");
	dir = find_directory(p);
	command_environment(&p->app, &env);
	put_facts(&env, run, p, &detail);
	put_node(&env, &detail, run_dir);
	fd = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
	if (fd >= 0) {
		done = run_command(&argv, &env, dir, fd);
		close(fd);
	} else {
		error_errno(EXIT_LOCAL, "cannot open '%s'", log);
	}
	strvec_release(&argv);
	strvec_release(&env);
	run_detail_release(&detail);
	free(dir);
	free(log);
	free(run_dir);
	return done;
}
