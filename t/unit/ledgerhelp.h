/*
 * A store `s` with a schedule of every hundred seconds, its steps as text, and
 * a stranger who writes to its tables.
 */
#ifndef UNIT_LEDGERHELP_H
#define UNIT_LEDGERHELP_H

#include "lib/base/compat.h"

#include <sqlite3.h>

#include "lib/base/arena.h"
#include "lib/base/strbuf.h"
#include "lib/base/strvec.h"
#include "lib/base/tree.h"
#include "lib/target/local/step.h"
#include "t/unit/tap.h"

static struct strbuf said = STRBUF_INIT;
static struct arena arena = ARENA_INIT;

static inline void
listen_to(void *arg, const char *text, size_t len)
{
	(void)arg;
	strbuf_add(&said, text, len);
}

static inline void
must(enum status status, const char *what)
{
	if (status == EXIT_DONE)
		return;
	printf("Bail out! %s: %s\n", what, said.buf);
	exit(1);
}

static inline void
meddle(const char *sql)
{
	sqlite3 *db;

	if (sqlite3_open("s/store.db", &db) != SQLITE_OK ||
	    sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		ok(false, "set-up: %s: %s", sql, sqlite3_errmsg(db));
	sqlite3_close(db);
}

static inline struct ledger_schedule
find(struct store *store, const char *name)
{
	struct ledger_schedule schedule;
	bool found;

	must(ledger_find(store, &arena, name, &found, &schedule), "find");
	if (!found)
		must(EXIT_CONFLICT, name);
	return schedule;
}

static inline void
print_event(void *arg, const struct scheduler_event *event)
{
	static const char *const verbs[] = { [SCHEDULER_START] = "start",
		[SCHEDULER_WAIT] = "wait", [SCHEDULER_SKIP] = "skip",
		[SCHEDULER_CANCEL] = "cancel" };

	strbuf_addf(arg, "%s %s %lld", event->schedule, verbs[event->what],
	    (long long)event->t);
	if (event->what == SCHEDULER_SKIP)
		strbuf_addf(arg, "-%lld %s", (long long)event->skipped.to,
		    skip_reason_name(event->skipped.reason));
	if (event->run != NULL)
		strbuf_addf(arg, " as %.1s..%s", event->run, event->run + 17);
	if (event->by != NULL)
		strbuf_addf(arg, " by %.1s..%s", event->by,
		    *event->by == 'f' ? event->by + 17 : "");
	strbuf_addf(arg, "%s; ", event->late ? " late" : "");
}

/* What the step tells of must be `want`. */
static inline void
step(struct store *store, const char *name, int64_t now, const char *want)
{
	struct strbuf sb = STRBUF_INIT;
	struct step_observer observer = { &sb, print_event };
	struct ledger_schedule schedule;

	must(ledger_begin(store), "begin");
	schedule = find(store, name);
	must(ledger_end(store, step_schedule(store, &schedule, now,
	    &observer)), "step");
	is_str(sb.buf, want, "a step");
	strbuf_release(&sb);
}

/* Every hundred seconds from 1000 on. */
static inline void
add(struct store *store, const char *name, enum policy_overlap overlap)
{
	struct ledger_definition definition = { .activated_at = 1000,
		.version = "v1", .model = "rfedcba9876543210fed",
		.when = "100s", .keys = "{}", .catchup = POLICY_CATCHUP_ALL,
		.overlap = overlap };
	struct ledger_schedule schedule = { .name = name, .app = "digits",
		.workflow = "train", .state = SCHEDULE_ACTIVE, .w = 1000 };

	must(ledger_begin(store), "begin");
	must(ledger_add(store, &schedule), "add");
	must(ledger_add_definition(store, schedule.number, &definition),
	    "define");
	schedule.definition = definition;
	must(ledger_end(store, ledger_set(store, &schedule)), "set");
	step(store, name, 1000, "");
}

static inline const char *
pending(struct store *store, size_t i)
{
	struct strvec ids = STRVEC_INIT;
	const char *id = NULL;

	must(ledger_pending(store, 100, &ids), "pending");
	if (i < ids.n)
		id = arena_strdup(&arena, ids.v[i]);
	strvec_release(&ids);
	return id;
}

static inline struct store *
open_store(enum policy_overlap overlap)
{
	struct store *store;

	tree_remove("s");
	must(store_open(&store, "s", STORE_WRITE), "open");
	add(store, "hourly", overlap);
	return store;
}

#endif
