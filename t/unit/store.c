/* Runs in the store: what is written is what is read, once and in order. */
#include "lib/base/compat.h"

#include <sys/stat.h>

#include <unistd.h>

#include "lib/base/io.h"
#include "lib/base/strbuf.h"
#include "lib/base/strvec.h"
#include "lib/base/tree.h"
#include "lib/base/xalloc.h"
#include "lib/store/store.h"
#include "t/unit/tap.h"

/* Stands in for libc's: how often it shall give the same bytes again. */
static int repeats;

void
arc4random_buf(void *buf, size_t len)
{
	static uint64_t state = 1, last;
	unsigned char *p = buf;
	size_t i;

	if (repeats > 0)
		repeats--;
	else
		last = ++state * 0x9e3779b97f4a7c15u;
	for (i = 0; i < len; i++)
		p[i] = (unsigned char)(last >> i % 8 * 8);
}

static struct strbuf said = STRBUF_INIT;

static void
listen_to(void *arg, const char *text, size_t len)
{
	(void)arg;
	strbuf_add(&said, text, len);
}

static void
is_said(const char *want, const char *name)
{
	is_str(said.buf, want, name);
	strbuf_reset(&said);
}

static bool
exists(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0;
}

static struct store *
must_open(const char *dir, enum store_mode need)
{
	struct store *store;

	if (store_open(&store, dir, need) != EXIT_DONE)
		ok(false, "set-up: cannot open '%s': %s", dir, said.buf);
	return store;
}

static const char *const nodes[] = { "reader", "splitter", "trainer" };
static const struct owner me = { "o1234567890abcdef012", 100, 555 };
static const struct owner you = { "oaaaaaaaaaaaaaaaaaaa", 200, 777 };

static char *
add_run(struct store *store, const char *workflow, int64_t created_at)
{
	struct run run = { .created_at = created_at };

	run.workflow = xstrdup(workflow);
	if (store_create_run(store, &run, NULL, nodes, 3) != EXIT_DONE)
		ok(false, "set-up: cannot create: %s", said.buf);
	free(run.workflow);
	return run.id;
}

static void
test_open(void)
{
	struct strbuf sb = STRBUF_INIT;
	struct store *store;
	char *path;

	store = (struct store *)&store;
	is_int(store_open(&store, "none", STORE_READ), EXIT_DONE,
	    "reading without a store");
	ok(store == NULL, "... there is none");
	ok(!exists("none"), "... and none is made");
	store = must_open("deep/er/s", STORE_WRITE);
	is_int(read_file("deep/er/s/.gitignore", &sb, 100), 0,
	    "a new store is ignored by git");
	is_str(sb.buf, "*\n", "... all of it");
	ok(store_dir(store)[0] == '/', "the directory is absolute");
	path = store_run_dir(store, "rid");
	ok(strstr(path, "/deep/er/s/runs/rid") != NULL && *path == '/',
	    "run directory '%s'", path);
	free(path);
	path = store_owner_path(store, "oid");
	ok(strstr(path, "/deep/er/s/owners/oid") != NULL && *path == '/',
	    "owner path '%s'", path);
	free(path);
	store_close(store);
	ok(!exists("deep/er/s/store.db-wal"), "closing leaves one file");
	mkdir("own", 0777);
	write_file("own/.gitignore", "mine\n", 5);
	store_close(must_open("own", STORE_WRITE));
	strbuf_reset(&sb);
	read_file("own/.gitignore", &sb, 100);
	is_str(sb.buf, "mine\n", "a .gitignore that was there is kept");
	store = must_open("own", STORE_READ);
	ok(store != NULL, "and it can be read");
	store_close(store);
	store_close(NULL);
	strbuf_release(&sb);
	is_said("", "nothing is said");
}

static void
test_create(void)
{
	struct store *store = must_open("create", STORE_WRITE);
	struct run_detail detail;
	struct run run = {
		.workflow = xstrdup("predict"), .schedule = xstrdup("nightly"),
		.kickoff = 0, .has_kickoff = true, .app_version = xstrdup("v1"),
		.retry_of = xstrdup("r0000000000000000000"),
		.model = xstrdup("r1111111111111111111"),
		.inputs = xstrdup("{\"f\":\"\xc3\xa9'\"}"),
		.status = RUN_FAILED,
	};
	struct run_owner owner;
	char *first, *outputs;

	is_int(store_create_run(store, &run, &me, nodes, 3), EXIT_DONE,
	    "create");
	is_int(run.status, RUN_PENDING, "a new run is pending");
	ok(run.id[0] == 'r' && strlen(run.id) == RUN_ID_LEN &&
	    strspn(run.id + 1, "0123456789abcdef") == RUN_ID_LEN - 1,
	    "id '%s'", run.id);
	ok(run.created_at > 1600000000000, "created now");
	is_int(store_get_run(store, run.id, &detail), EXIT_DONE, "get");
	is_str(detail.run.id, run.id, "id");
	is_str(detail.run.workflow, "predict", "workflow");
	is_int(detail.run.status, RUN_PENDING, "status");
	is_int(detail.run.created_at, run.created_at, "created_at");
	is_int(detail.run.started_at, 0, "started_at");
	is_int(detail.run.ended_at, 0, "ended_at");
	is_str(detail.run.schedule, "nightly", "schedule");
	ok(detail.run.has_kickoff, "a kickoff of 0 is one");
	is_int(detail.run.kickoff, 0, "kickoff");
	is_str(detail.run.app_version, "v1", "app_version");
	is_str(detail.run.retry_of, run.retry_of, "retry_of");
	is_str(detail.run.model, run.model, "model");
	is_str(detail.run.inputs, run.inputs, "inputs");
	is_str(detail.run.error, NULL, "error");
	is_int((long long)detail.n_nodes, 3, "nodes");
	is_str(detail.node[0].name, "reader", "first node");
	is_str(detail.node[2].name, "trainer", "last node");
	is_int(detail.node[1].status, RUN_PENDING, "node status");
	run_detail_release(&detail);
	is_int(store_get_owner(store, run.id, &owner), EXIT_DONE, "owner");
	is_str(owner.owner.id, me.id, "the owner it was given");
	is_int(store_get_outputs(store, run.id, &outputs), EXIT_DONE,
	    "outputs");
	is_str(outputs, NULL, "none yet");
	first = xstrdup(run.id);
	repeats = 3;
	is_int(store_create_run(store, &run, NULL, NULL, 0), EXIT_DONE,
	    "an id that exists");
	is_int(repeats, 0, "... was tried");
	ok(strcmp(first, run.id) != 0, "... and another is taken");
	is_int(store_get_run(store, run.id, &detail), EXIT_DONE,
	    "a run without nodes");
	is_int((long long)detail.n_nodes, 0, "has none");
	run_detail_release(&detail);
	is_int(store_get_run(store, "r", &detail), EXIT_CONFLICT, "no run");
	is_said("unionml: error: no run 'r'\n", "... is said");
	free(first);
	run_release(&run);
	store_close(store);
}

static void
test_claim(void)
{
	struct store *store = must_open("claim", STORE_WRITE);
	char *id = add_run(store, "train", 0);
	struct run_detail detail;
	struct run_owner owner;
	bool taken;

	is_int(store_get_owner(store, id, &owner), EXIT_DONE, "no owner");
	is_str(owner.owner.id, "", "... is empty");
	store_claim_run(store, id, &me, you.id, &taken);
	ok(taken, "nobody's run is free");
	store_get_run(store, id, &detail);
	is_int(detail.run.status, RUN_RUNNING, "a claimed run is running");
	ok(detail.run.started_at > 0, "... since now");
	run_detail_release(&detail);
	store_get_owner(store, id, &owner);
	is_str(owner.owner.id, me.id, "owner");
	is_int(owner.owner.pid, 100, "pid");
	is_int(owner.owner.pid_start, 555, "pid_start");
	is_int(store_claim_run(store, id, &you, NULL, &taken), EXIT_DONE,
	    "somebody's run");
	ok(!taken, "is not taken");
	store_claim_run(store, id, &you, you.id, &taken);
	ok(!taken, "nor by who was not its owner");
	store_claim_run(store, id, &you, me.id, &taken);
	ok(taken, "it is taken from the one who was");
	store_claim_run(store, id, &me, me.id, &taken);
	ok(!taken, "who has it no more");
	is_int(store_claim_run(store, "rnone", &me, NULL, &taken),
	    EXIT_CONFLICT, "no such run");
	is_said("unionml: error: no run 'rnone'\n", "... is said");
	store_end_run(store, id, RUN_FAILED, "trainer: exit status 1", NULL);
	store_claim_run(store, id, &me, you.id, &taken);
	ok(!taken, "an ended run is not taken");
	is_int(store_end_run(store, id, RUN_SUCCEEDED, NULL, "{}"),
	    EXIT_CONFLICT, "an ended run ends once");
	strbuf_reset(&said);
	store_get_run(store, id, &detail);
	is_int(detail.run.status, RUN_FAILED, "as it did first");
	is_str(detail.run.error, "trainer: exit status 1", "error");
	ok(detail.run.ended_at >= detail.run.started_at, "ended_at");
	run_detail_release(&detail);
	store_get_owner(store, id, &owner);
	is_str(owner.owner.id, "", "then it is nobody's");
	free(id);
	store_close(store);
}

static void
test_abort(void)
{
	struct store *store = must_open("abort", STORE_WRITE);
	char *id = add_run(store, "train", 0), *idle;
	struct node_run node = { .name = xstrdup("splitter"),
	    .status = RUN_RUNNING, .attempts = 1, .started_at = 5 };
	struct run_detail detail;
	bool done, asked;

	store_claim_run(store, id, &me, NULL, &done);
	store_update_node(store, id, &node, 4711, 42);
	store_abort_run(store, id, NULL, "stopped", &done);
	ok(!done, "a claimed run is not aborted");
	store_abort_run(store, id, you.id, "stopped", &done);
	ok(!done, "nor in another's name");
	store_stop_requested(store, id, &asked);
	ok(!asked, "no stop was asked for");
	is_int(store_request_stop(store, id), EXIT_DONE, "ask for it");
	store_stop_requested(store, id, &asked);
	ok(asked, "now it was");
	is_int(store_abort_run(store, id, me.id, "stopped", &done), EXIT_DONE,
	    "abort in its owner's name");
	ok(done, "is done");
	store_get_run(store, id, &detail);
	is_int(detail.run.status, RUN_ABORTED, "run");
	is_str(detail.run.error, "stopped", "error");
	is_int(detail.node[0].status, RUN_PENDING, "a node that never ran");
	is_int(detail.node[1].status, RUN_ABORTED, "a node that ran");
	ok(detail.node[1].ended_at > 0, "ended");
	run_detail_release(&detail);
	is_int(store_request_stop(store, id), EXIT_DONE, "stop of an ended");
	store_abort_run(store, id, me.id, NULL, &done);
	ok(!done, "an ended run is not aborted");
	idle = add_run(store, "train", 0);
	store_abort_run(store, idle, "", NULL, &done);
	ok(done, "nobody's run is");
	is_said("", "nothing is said");
	is_int(store_abort_run(store, "r1", NULL, NULL, &done),
	    EXIT_CONFLICT, "no run to abort");
	is_int(store_request_stop(store, "r1"), EXIT_CONFLICT, "or stop");
	is_int(store_stop_requested(store, "r1", &asked), EXIT_CONFLICT,
	    "or ask");
	strbuf_reset(&said);
	free(node.name);
	free(id);
	free(idle);
	store_close(store);
}

static void
test_nodes(void)
{
	struct store *store = must_open("nodes", STORE_WRITE);
	char *id = add_run(store, "train", 0);
	char name[] = "trainer", nobody[] = "nobody";
	char failure[] = "exit \xff", origin[] = "r2";
	struct node_run node = { .name = name, .status = RUN_RUNNING,
	    .attempts = 2, .started_at = 10 };
	struct run_detail detail;
	struct run_owner owner;

	is_int(store_update_node(store, id, &node, 31, 32), EXIT_DONE,
	    "a node runs");
	store_get_owner(store, id, &owner);
	is_int((long long)owner.n_groups, 1, "its group is known");
	is_int(owner.group[0].pgid, 31, "pgid");
	is_int(owner.group[0].start, 32, "start");
	node = (struct node_run){ .name = name, .status = RUN_FAILED,
	    .attempts = 3, .started_at = 10, .ended_at = 20,
	    .max_rss = INT64_MAX, .cpu_ms = 7, .error = failure,
	    .taken_from = origin };
	store_update_node(store, id, &node, 0, 0);
	store_get_owner(store, id, &owner);
	is_int((long long)owner.n_groups, 0, "an ended node has no group");
	store_get_run(store, id, &detail);
	is_int(detail.node[2].status, RUN_FAILED, "status");
	is_int(detail.node[2].attempts, 3, "attempts");
	is_int(detail.node[2].started_at, 10, "started_at");
	is_int(detail.node[2].ended_at, 20, "ended_at");
	is_int(detail.node[2].max_rss, INT64_MAX, "max_rss");
	is_int(detail.node[2].cpu_ms, 7, "cpu_ms");
	is_str(detail.node[2].error, "exit \xff", "error");
	is_str(detail.node[2].taken_from, "r2", "taken_from");
	run_detail_release(&detail);
	node = (struct node_run){ .name = nobody };
	is_int(store_update_node(store, id, &node, 0, 0), EXIT_CONFLICT,
	    "no such node");
	ok(strstr(said.buf, "has no node 'nobody'") != NULL, "is said");
	is_int(store_update_node(store, "r3", &node, 0, 0), EXIT_CONFLICT,
	    "no such run");
	strbuf_reset(&said);
	free(id);
	store_close(store);
}

static void
test_made(void)
{
	struct store *store = must_open("made", STORE_WRITE);
	char *old = add_run(store, "train", 1000);
	char *new = add_run(store, "train", 2000);
	char *failed = add_run(store, "train", 3000);
	char *predict = add_run(store, "predict", 4000);
	char *id, *outputs;
	bool done;

	store_newest_with(store, "model", &id);
	is_str(id, NULL, "no model yet");
	store_delete_run(store, new, &done);
	ok(!done, "a pending run is not removed");
	store_end_run(store, new, RUN_SUCCEEDED, NULL,
	    "{\"model\":{\"model\":1},\"metrics\":null}");
	store_end_run(store, old, RUN_SUCCEEDED, NULL, "{\"model\":2}");
	store_end_run(store, failed, RUN_FAILED, NULL, "{\"model\":3}");
	store_end_run(store, predict, RUN_SUCCEEDED, NULL,
	    "{\"predictions\":[]}");
	store_newest_with(store, "model", &id);
	is_str(id, new, "the newest success that has it");
	free(id);
	store_newest_with(store, "predictions", &id);
	is_str(id, predict, "of another workflow");
	free(id);
	store_get_outputs(store, new, &outputs);
	is_str(outputs, "{\"model\":{\"model\":1},\"metrics\":null}",
	    "outputs as written");
	free(outputs);
	is_int(store_delete_run(store, new, &done), EXIT_DONE, "remove it");
	ok(done, "is done");
	store_newest_with(store, "model", &id);
	is_str(id, old, "then the one before");
	free(id);
	is_said("", "nothing is said");
	is_int(store_delete_run(store, new, &done), EXIT_CONFLICT, "gone");
	is_int(store_get_outputs(store, new, &outputs), EXIT_CONFLICT, "all");
	strbuf_reset(&said);
	free(old);
	free(new);
	free(failed);
	free(predict);
	store_close(store);
}

int
main(void)
{
	char dir[] = "/tmp/unit-store-XXXXXX";

	if (mkdtemp(dir) == NULL || chdir(dir) < 0)
		return 1;
	err_set_sink(listen_to, NULL);
	test_open();
	test_create();
	test_claim();
	test_abort();
	test_nodes();
	test_made();
	strbuf_release(&said);
	if (chdir("/") < 0 || tree_remove(dir) < 0)
		ok(false, "cannot remove '%s'", dir);
	return tap_done();
}
