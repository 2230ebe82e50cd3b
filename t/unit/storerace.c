/* Many programs at one store: one makes it, and each run is one's alone. */
#include "lib/base/compat.h"

#include <sys/wait.h>

#include <unistd.h>

#include "lib/base/io.h"
#include "lib/base/strbuf.h"
#include "lib/base/strvec.h"
#include "lib/base/tree.h"
#include "lib/base/xalloc.h"
#include "lib/store/store.h"
#include "t/unit/tap.h"

enum { WRITERS = 8, RUNS_EACH = 10 };

static struct strbuf said = STRBUF_INIT;
static const char *const nodes[] = { "reader", "trainer" };

static void
listen_to(void *arg, const char *text, size_t len)
{
	(void)arg;
	strbuf_add(&said, text, len);
}

static enum status
add_run(struct store *store)
{
	struct run run = { .workflow = xstrdup("train") };
	enum status status;

	status = store_create_run(store, &run, NULL, nodes, 2);
	run_release(&run);
	return status;
}

static enum status
count_run(void *arg, const struct run *run, const char *owner)
{
	int *n = arg;

	(void)run;
	(void)owner;
	(*n)++;
	return EXIT_DONE;
}

static int
count_runs(const char *dir)
{
	const struct run_filter all = { .status = -1 };
	struct store *store;
	int n = 0;

	if (store_open(&store, dir, STORE_READ) != EXIT_DONE)
		return -1;
	if (store != NULL && store_list_runs(store, &all, count_run, &n) !=
	    EXIT_DONE)
		n = -1;
	store_close(store);
	return n;
}

struct claims {
	struct store *store;
	int fd;
};

static enum status
claim_run(void *arg, const struct run *run, const char *owner)
{
	struct claims *claims = arg;
	struct owner self = { "", getpid(), 1 };
	bool taken;

	(void)owner;
	snprintf(self.id, sizeof(self.id), "o%019d", (int)getpid());
	if (store_claim_run(claims->store, run->id, &self, NULL, &taken) !=
	    EXIT_DONE)
		return EXIT_LOCAL;
	if (!taken)
		return EXIT_DONE;
	if (write(claims->fd, run->id, RUN_ID_LEN) != RUN_ID_LEN)
		return EXIT_LOCAL;
	return store_end_run(claims->store, run->id, RUN_SUCCEEDED, NULL,
	    "{\"model\":1}");
}

/* In a child: makes the store with all the others, then takes what it can. */
static void
compete(const char *dir, int start, int fd)
{
	const struct run_filter all = { .status = -1 };
	struct claims claims = { NULL, fd };
	int i, failed = 0;
	char byte;

	if (read(start, &byte, 1) != 0)
		_exit(1);
	if (store_open(&claims.store, dir, STORE_WRITE) != EXIT_DONE)
		failed++;
	for (i = 0; i < RUNS_EACH && !failed; i++) {
		failed += add_run(claims.store) != EXIT_DONE;
		failed += store_list_runs(claims.store, &all, claim_run,
		    &claims) != EXIT_DONE;
	}
	store_close(claims.store);
	if (failed)
		write_full(STDOUT_FILENO, said.buf, said.len);
	_exit(failed != 0);
}

static void
run_writers(const char *dir)
{
	char ids[WRITERS * RUNS_EACH * RUN_ID_LEN + 1];
	struct strvec seen = STRVEC_INIT;
	int start[2], claims[2], i, status, failed = 0;
	size_t len = 0;
	ssize_t n;

	if (pipe(start) < 0 || pipe(claims) < 0)
		return;
	fflush(stdout);
	for (i = 0; i < WRITERS; i++)
		if (fork() == 0) {
			close(start[1]);
			compete(dir, start[0], claims[1]);
		}
	close(start[0]);
	close(start[1]);
	close(claims[1]);
	while (len < sizeof(ids) && (n = read(claims[0], ids + len,
	    sizeof(ids) - len)) > 0)
		len += (size_t)n;
	close(claims[0]);
	for (i = 0; i < WRITERS; i++) {
		wait(&status);
		failed += status != 0;
	}
	is_int(failed, 0, "writers at once: none fails");
	is_int((long long)len, sizeof(ids) - 1, "each run is claimed once");
	for (; len >= RUN_ID_LEN; len -= RUN_ID_LEN) {
		char *id = xstrndup(ids + len - RUN_ID_LEN, RUN_ID_LEN);

		if (!strvec_contains(&seen, id))
			strvec_push(&seen, id);
		free(id);
	}
	is_int((long long)seen.n, WRITERS * RUNS_EACH, "and none twice");
	is_int(count_runs(dir), WRITERS * RUNS_EACH, "all are in the store");
	strvec_release(&seen);
}

int
main(void)
{
	char dir[] = "/tmp/unit-storerace-XXXXXX", name[16];
	int i;

	if (mkdtemp(dir) == NULL || chdir(dir) < 0)
		return 1;
	err_set_sink(listen_to, NULL);
	for (i = 0; i < 3; i++) {
		snprintf(name, sizeof(name), "w%d", i);
		run_writers(name);
	}
	strbuf_release(&said);
	if (chdir("/") < 0 || tree_remove(dir) < 0)
		ok(false, "cannot remove '%s'", dir);
	return tap_done();
}
