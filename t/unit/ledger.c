/*
 * Schedules in the store: rows and definitions as they were written, what is
 * due, the store's own identity, and what is made of rows that no version of
 * the program writes.
 */
#include "lib/base/compat.h"

#include <sqlite3.h>
#include <unistd.h>

#include "lib/base/arena.h"
#include "lib/base/strbuf.h"
#include "lib/base/strvec.h"
#include "lib/base/tree.h"
#include "lib/base/xalloc.h"
#include "lib/store/ledger.h"
#include "t/unit/tap.h"

static struct strbuf said = STRBUF_INIT;

static void
listen_to(void *arg, const char *text, size_t len)
{
	(void)arg;
	strbuf_add(&said, text, len);
}

static struct store *
must_open(const char *dir)
{
	struct store *store;

	if (store_open(&store, dir, STORE_WRITE) != EXIT_DONE) {
		printf("Bail out! cannot open %s: %s\n", dir, said.buf);
		exit(1);
	}
	return store;
}

/* SQL of a stranger; the store must not be open. */
static void
meddle(const char *sql)
{
	sqlite3 *db;

	if (sqlite3_open("s/store.db", &db) != SQLITE_OK ||
	    sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		ok(false, "set-up: %s: %s", sql, sqlite3_errmsg(db));
	sqlite3_close(db);
}

static const struct ledger_definition plain = { .activated_at = 1000,
	.version = "v1", .when = "100s", .keys = "{}",
	.catchup = POLICY_CATCHUP_LATEST, .overlap = POLICY_SKIP };

static const struct ledger_definition full = { .activated_at = 2000,
	.version = "v2", .model = "rfedcba9876543210fed",
	.when = "30 2 * * 1-5", .timezone = "Europe/Berlin",
	.has_start = true, .start = -5, .has_end = true, .end = 0,
	.offset = 60, .window = 3600, .catchup = POLICY_CATCHUP_ALL,
	.overlap = POLICY_REPLACE, .keys = "{\"overlap\":\"replace\"}" };

/* Active, with the definition, as a deploy does it. */
static int64_t
add(struct store *store, const char *name,
    const struct ledger_definition *from, int64_t next_at)
{
	struct ledger_schedule schedule = { .name = name, .app = "digits",
		.workflow = "train", .state = SCHEDULE_ACTIVE, .since = 5000,
		.who = "ada", .w = 1000, .has_next = next_at != 0,
		.next_at = next_at };
	enum status status = ledger_begin(store);

	schedule.definition = *from;
	if (status == EXIT_DONE)
		status = ledger_add(store, &schedule);
	if (status == EXIT_DONE)
		status = ledger_add_definition(store, schedule.number,
		    &schedule.definition);
	if (status == EXIT_DONE)
		status = ledger_set(store, &schedule);
	if (ledger_end(store, status) != EXIT_DONE)
		ok(false, "set-up: %s", said.buf);
	return schedule.number;
}

static void
is_definition(const struct ledger_definition *got,
    const struct ledger_definition *want)
{
	is_int(got->activated_at, want->activated_at, "activated_at");
	is_str(got->version, want->version, "version");
	is_str(got->model, want->model, "model");
	is_str(got->when, want->when, "when");
	is_str(got->timezone, want->timezone, "timezone");
	is_int(got->has_start, want->has_start, "has_start");
	is_int(got->start, want->start, "start");
	is_int(got->has_end, want->has_end, "has_end");
	is_int(got->end, want->end, "end");
	is_int(got->offset, want->offset, "offset");
	is_int(got->window, want->window, "window");
	is_int(got->catchup, want->catchup, "catchup");
	is_int(got->overlap, want->overlap, "overlap");
	is_str(got->keys, want->keys, "keys");
}

static void
test_rows(void)
{
	struct ledger_definition other = full, *definitions;
	struct store *store = must_open("s");
	struct arena arena = ARENA_INIT;
	struct ledger_schedule got;
	int64_t number;
	size_t n;
	bool found;

	is_int(ledger_find(store, &arena, "nightly", &found, &got), EXIT_DONE,
	    "there is no schedule yet");
	ok(!found, "... so none is found");
	number = add(store, "nightly", &plain, 1100);
	ledger_find(store, &arena, "nightly", &found, &got);
	ok(found && got.number == number, "it is found by its name");
	is_str(got.name, "nightly", "name");
	is_str(got.app, "digits", "app");
	is_str(got.workflow, "train", "workflow");
	is_int(got.state, SCHEDULE_ACTIVE, "state");
	is_int(got.since, 5000, "since");
	is_str(got.who, "ada", "who");
	is_str(got.note, NULL, "note");
	is_int(got.w, 1000, "w");
	ok(got.has_next && got.next_at == 1100, "next_at");
	is_definition(&got.definition, &plain);
	ledger_begin(store);
	is_int(ledger_add_definition(store, number, &other), EXIT_DONE,
	    "a second definition");
	ok(other.gen > got.definition.gen, "... is a later one");
	got.definition = other;
	got.app = "figures";
	got.workflow = "predict";
	got.state = SCHEDULE_PAUSED;
	got.since = 6000;
	got.who = NULL;
	got.note = "the disk is being changed";
	got.w = 2000;
	got.has_next = false;
	is_int(ledger_set(store, &got), EXIT_DONE, "all of it is changed");
	ledger_end(store, EXIT_DONE);
	ledger_find(store, &arena, "nightly", &found, &got);
	is_str(got.app, "figures", "app");
	is_str(got.workflow, "predict", "workflow");
	is_int(got.state, SCHEDULE_PAUSED, "state");
	is_int(got.since, 6000, "since");
	is_str(got.who, NULL, "who");
	is_str(got.note, "the disk is being changed", "note");
	is_int(got.w, 2000, "w");
	is_int(got.has_next, false, "has_next");
	is_definition(&got.definition, &full);
	ledger_definitions(store, &arena, number, &definitions, &n);
	is_int((long long)n, 2, "both definitions are kept");
	is_definition(&definitions[0], &plain);
	is_definition(&definitions[1], &full);
	is_int(ledger_definition(store, &arena, definitions[0].gen, &other),
	    EXIT_DONE, "a definition by its generation");
	is_definition(&other, &plain);
	ledger_begin(store);
	got.state = SCHEDULE_REMOVED;
	ledger_set(store, &got);
	is_int(ledger_end(store, EXIT_CONFLICT), EXIT_CONFLICT,
	    "a change that fails");
	ledger_find(store, &arena, "nightly", &found, &got);
	is_int(got.state, SCHEDULE_PAUSED, "... is undone");
	arena_release(&arena);
	store_close(store);
	tree_remove("s");
}

static enum status
join_names(void *arg, const struct ledger_schedule *schedule)
{
	strbuf_addf(arg, "%s ", schedule->name);
	return strcmp(schedule->name, "stop") == 0 ? EXIT_RUN : EXIT_DONE;
}

static void
is_due(struct store *store, int64_t now, size_t max, const char *want)
{
	struct strvec names = STRVEC_INIT;
	struct strbuf sb = STRBUF_INIT;
	size_t i;

	is_int(ledger_due(store, now, max, &names), EXIT_DONE, "asked");
	for (i = 0; i < names.n; i++)
		strbuf_addf(&sb, "%s ", names.v[i]);
	is_str(sb.buf, want, "due");
	strvec_release(&names);
	strbuf_release(&sb);
}

static void
test_due(void)
{
	struct store *store = must_open("s");
	struct strbuf sb = STRBUF_INIT;
	int64_t t = 0;
	bool any;

	ledger_next_event(store, &any, &t);
	ok(!any, "nothing is to come");
	is_due(store, 99999, 10, "");
	add(store, "c", &plain, 1300);
	add(store, "a", &plain, 1200);
	add(store, "b", &plain, 0);
	add(store, "d", &plain, 1100);
	ledger_next_event(store, &any, &t);
	ok(any && t == 1100, "what comes next");
	is_due(store, 1099, 10, "");
	is_due(store, 1100, 10, "d ");
	is_due(store, 1250, 10, "a d ");
	is_due(store, 1250, 1, "d ");
	is_due(store, 5000, 10, "a c d ");
	is_due(store, 999, 10, "a b c d ");
	is_int(ledger_list(store, join_names, &sb), EXIT_DONE, "a list");
	is_str(sb.buf, "a b c d ", "... by name");
	add(store, "stop", &plain, 0);
	add(store, "z", &plain, 0);
	strbuf_reset(&sb);
	is_int(ledger_list(store, join_names, &sb), EXIT_RUN,
	    "a list that somebody ends");
	is_str(sb.buf, "a b c d stop ", "... ends there");
	strbuf_release(&sb);
	store_close(store);
	tree_remove("s");
}

static void
test_identity(void)
{
	struct ledger_place place, here = { (char *)" /a b\n%lld ", INT64_MIN,
		INT64_MAX };
	struct store *store = must_open("s");
	char *id, *again;

	is_int(ledger_store_id(store, &id), EXIT_DONE, "a store has an id");
	is_int((long long)strspn(id, "0123456789abcdef"), 32,
	    "... of 32 hex digits");
	is_int(ledger_place(store, &place), EXIT_DONE, "its place");
	ok(place.path == NULL, "... is none yet");
	ledger_set_place(store, &here);
	here.path = (char *)"/elsewhere/a b\n%lld ";
	is_int(ledger_set_place(store, &here), EXIT_DONE, "it is set");
	store_close(store);
	store = must_open("s");
	ledger_store_id(store, &again);
	is_str(again, id, "the id stays");
	is_int(ledger_place(store, &place), EXIT_DONE, "its place");
	is_str(place.path, "/elsewhere/a b\n%lld ", "... path");
	ok(place.device == INT64_MIN && place.inode == INT64_MAX,
	    "... device and inode");
	free(place.path);
	free(again);
	free(id);
	store_close(store);
	tree_remove("s");
}

/* What no version writes, and what is said of it. */
static const struct {
	const char *sql, *want;
} damages[] = {
	{ "UPDATE schedules SET state = 'asleep'", "state 'asleep'" },
	{ "UPDATE schedules SET app = x'00'", NULL },
	{ "UPDATE schedules SET gen = 99", "no definition" },
	{ "UPDATE schedules SET gen = NULL", "no definition" },
	{ "DELETE FROM definitions", "no definition" },
	{ "UPDATE definitions SET catchup = 'some'", "'some'" },
	{ "UPDATE definitions SET overlap = ''", "says ''" },
	{ "UPDATE definitions SET offset = -1", "out of range" },
	{ "UPDATE definitions SET offset = 9223372036854775807",
	    "out of range" },
	{ "UPDATE definitions SET window = -1", "out of range" },
	{ "UPDATE definitions SET starts = -9223372036854775807",
	    "out of range" },
	{ "UPDATE definitions SET ends = 9223372036854775807",
	    "out of range" },
	{ "UPDATE schedules SET w = 'noon'", NULL },
	{ "UPDATE schedules SET next_at = x'ff'", NULL },
	{ "UPDATE definitions SET starts = 'noon'", NULL },
};

static void
test_damage(void)
{
	struct arena arena = ARENA_INIT;
	struct ledger_schedule got;
	struct strbuf sql = STRBUF_INIT;
	struct store *store;
	enum status status;
	bool found;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(damages); i++) {
		store = must_open("s");
		add(store, "nightly", &plain, 1100);
		store_close(store);
		strbuf_reset(&sql);
		strbuf_addf(&sql, "PRAGMA ignore_check_constraints = 1; %s",
		    damages[i].sql);
		meddle(sql.buf);
		store = must_open("s");
		strbuf_reset(&said);
		status = ledger_find(store, &arena, "nightly", &found, &got);
		is_int(status, damages[i].want != NULL ? EXIT_LOCAL :
		    EXIT_DONE, damages[i].sql);
		ok(damages[i].want == NULL || (strstr(said.buf,
		    "store 's/store.db' is damaged") != NULL &&
		    strstr(said.buf, damages[i].want) != NULL),
		    "... is told: %s", damages[i].want != NULL ?
		    damages[i].want : "nothing");
		arena_release(&arena);
		store_close(store);
		tree_remove("s");
	}
	strbuf_release(&sql);
	strbuf_reset(&said);
}

static void
is_compiled(const char *when, const char *zone, enum status want)
{
	struct ledger_definition from = plain;
	struct definition d;

	from.when = when;
	from.timezone = zone;
	is_int(ledger_compile(&from, &d), want, when);
}

static void
test_compile(void)
{
	struct ledger_definition from = full;
	struct definition d;
	int64_t t;

	from.gen = 7;
	from.has_start = from.has_end = false;
	is_int(ledger_compile(&from, &d), EXIT_DONE, "a definition");
	ok(d.gen == 7 && d.offset == 60 && d.window == 3600 &&
	    d.catchup == POLICY_CATCHUP_ALL && d.overlap == POLICY_REPLACE,
	    "... its numbers");
	ok(slots_next(&d.slots, 0, &t) && t == 5400,
	    "... its slots: 1970-01-01 02:30 in Berlin");
	is_compiled("@every 90m", NULL, EXIT_DONE);
	is_compiled("1d", NULL, EXIT_DONE);
	is_compiled("cron(0 10 * * ? *)", NULL, EXIT_DONE);
	is_compiled("@daily", "Asia/Kolkata", EXIT_DONE);
	strbuf_reset(&said);
	is_compiled("@daily", "Mars/Phobos", EXIT_LOCAL);
	is_str(said.buf, "unionml: error: the time zone 'Mars/Phobos' of a "
	    "schedule is no time zone that this system knows\n",
	    "a zone that is gone");
	strbuf_reset(&said);
	is_compiled("now and then", NULL, EXIT_LOCAL);
	is_str(said.buf, "unionml: error: the store has a schedule with the "
	    "expression 'now and then', which is none\n",
	    "what is no expression");
	is_compiled("", NULL, EXIT_LOCAL);
	is_compiled("0s", NULL, EXIT_LOCAL);
	is_compiled("-1h", NULL, EXIT_LOCAL);
	is_compiled("1500ms", NULL, EXIT_LOCAL);
	strbuf_reset(&said);
}

/* A store of the version before had runs, and keeps them. */
static void
test_migration(void)
{
	struct run run = { .workflow = (char *)"train" };
	struct arena arena = ARENA_INIT;
	struct ledger_schedule got;
	struct run_detail detail;
	struct store *store = must_open("s");
	bool found;

	if (store_create_run(store, &run, NULL, NULL, 0) != EXIT_DONE)
		ok(false, "set-up: %s", said.buf);
	store_close(store);
	meddle("DROP TABLE schedules; DROP TABLE definitions;"
	    "DROP TABLE slots; DROP TABLE queue; DROP TABLE skipped;"
	    "DROP TABLE untold;"
	    "DROP INDEX runs_busy; ALTER TABLE runs DROP COLUMN origin;"
	    "ALTER TABLE runs DROP COLUMN gen;"
	    "ALTER TABLE runs DROP COLUMN resumed; PRAGMA user_version = 2");
	store = must_open("s");
	is_int(ledger_find(store, &arena, "nightly", &found, &got), EXIT_DONE,
	    "a store of schema 2 gets the tables");
	ok(!found, "... which are empty");
	is_int(store_get_run(store, run.id, &detail), EXIT_DONE,
	    "... and its runs are kept");
	is_int(detail.run.status, RUN_PENDING, "... as they were");
	run_detail_release(&detail);
	add(store, "nightly", &full, 1100);
	ledger_find(store, &arena, "nightly", &found, &got);
	ok(found, "... and it takes schedules");
	free(run.id);
	arena_release(&arena);
	store_close(store);
	tree_remove("s");
}

int
main(void)
{
	char dir[] = "/tmp/unit-ledger-XXXXXX";

	if (mkdtemp(dir) == NULL || chdir(dir) < 0)
		return 1;
	err_set_sink(listen_to, NULL);
	test_rows();
	test_due();
	test_identity();
	test_damage();
	test_compile();
	test_migration();
	strbuf_release(&said);
	if (chdir("/") < 0 || tree_remove(dir) < 0)
		ok(false, "cannot remove '%s'", dir);
	return tap_done();
}
