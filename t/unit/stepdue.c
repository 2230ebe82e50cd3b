/* All that is due at once, also beside a schedule that cannot be stepped. */
#include "lib/base/compat.h"

#include <unistd.h>

#include "lib/base/xalloc.h"
#include "lib/target/local/stepdue.h"
#include "t/unit/ledgerhelp.h"

enum { MANY = 250 };

struct seen {
	int starts, others;
	struct store *store;
	bool early;		/* told before it was on the disk */
};

static void
count(void *arg, const struct scheduler_event *event)
{
	struct seen *seen = arg;
	struct run_detail detail;

	if (event->what != SCHEDULER_START) {
		seen->others++;
		return;
	}
	seen->starts++;
	if (store_get_run(seen->store, event->run, &detail) != EXIT_DONE) {
		seen->early = true;
		return;
	}
	if (strcmp(detail.run.schedule, event->schedule) != 0)
		seen->others++;
	run_detail_release(&detail);
}

static void
wake_until(struct store *store, struct seen *seen, int64_t now,
    int64_t until, size_t want)
{
	struct step_observer observer = { seen, count };
	char text[24];
	size_t n;

	snprintf(text, sizeof(text), "%lld", (long long)now);
	setenv("UNIONML_TEST_NOW", text, 1);
	seen->starts = seen->others = 0;
	is_int(step_due(store, until, &observer, &n), EXIT_DONE, "a wake-up");
	is_int((long long)n, (long long)want, "... steps so many");
}

static void
wake(struct store *store, struct seen *seen, int64_t now, size_t want)
{
	wake_until(store, seen, now, STEP_NOW, want);
}

static void
test_many(void)
{
	struct store *store = open_store(POLICY_SKIP), *other;
	struct seen seen = { 0, 0, NULL, false };
	char name[16];
	int i;

	for (i = 1; i < MANY; i++) {
		snprintf(name, sizeof(name), "s%d", i);
		add(store, name, POLICY_SKIP);
	}
	must(store_open(&other, "s", STORE_WRITE), "open");
	seen.store = other;
	wake(store, &seen, 1099, 0);
	wake(store, &seen, 1100, MANY);
	is_int(seen.starts, MANY, "each has started");
	ok(!seen.early && seen.others == 0, "... and then it was told");
	wake(other, &seen, 1100, 0);
	wake(other, &seen, 1200, MANY);
	ok(seen.starts == 0 && seen.others == MANY, "each was skipped");
	wake(store, &seen, 1150, MANY);
	wake(store, &seen, 1150, 0);
	is_int(step_due(store, STEP_NOW, NULL, &(size_t){ 0 }), EXIT_DONE,
	    "nobody need listen");
	store_close(other);
	store_close(store);
}

/* What comes after the instant is left to others. */
static void
test_until(void)
{
	struct store *store = open_store(POLICY_ALLOW);
	struct seen seen = { 0, 0, store, false };

	add(store, "other", POLICY_ALLOW);
	wake_until(store, &seen, 1350, 1210, 2);
	is_int(seen.starts, 4, "1100 and 1200 of both");
	is_int(find(store, "other").w, 1210, "no more is taken in");
	wake_until(store, &seen, 1350, 1210, 0);
	step(store, "other", 1320, "other start 1300 as f..000; ");
	wake_until(store, &seen, 1350, 1310, 1);
	is_int(seen.starts, 1, "1300 of the one");
	is_int(find(store, "other").w, 1320,
	    "the other, which is further, is not set back");
	store_close(store);
}

static void
test_broken(void)
{
	struct store *store = open_store(POLICY_SKIP);
	struct seen seen = { 0, 0, store, false };
	int64_t t;
	bool any;

	add(store, "broken", POLICY_SKIP);
	store_close(store);
	meddle("UPDATE definitions SET expression = '@daily',"
	    " timezone = 'Mars/Phobos' WHERE gen = 2");
	must(store_open(&store, "s", STORE_WRITE), "open");
	seen.store = store;
	strbuf_reset(&said);
	wake(store, &seen, 1100, 1);
	is_int(seen.starts, 1, "the other has started");
	is_str(said.buf, "unionml: error: the time zone 'Mars/Phobos' of a "
	    "schedule is no time zone that this system knows\n"
	    "  schedule 'broken' stands still; it is tried again in a "
	    "minute\n", "which one has not, and why");
	is_int(find(store, "broken").w, 1000, "it stands where it stood");
	must(ledger_next_event(store, &any, &t), "next");
	is_int(t, 1160, "it is tried again");
	strbuf_reset(&said);
	wake(store, &seen, 1150, 0);
	is_str(said.buf, "", "not before");
	wake(store, &seen, 900, 1);
	ok(said.len > 0, "a clock that went back makes it no harder");
	store_close(store);
}

int
main(void)
{
	char dir[] = "/tmp/unit-stepdue-XXXXXX";

	if (mkdtemp(dir) == NULL || chdir(dir) < 0)
		return 1;
	err_set_sink(listen_to, NULL);
	test_many();
	test_until();
	test_broken();
	arena_release(&arena);
	strbuf_release(&said);
	if (chdir("/") < 0 || tree_remove(dir) < 0)
		ok(false, "cannot remove '%s'", dir);
	return tap_done();
}
