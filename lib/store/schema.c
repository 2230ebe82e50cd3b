/*
 * Versions of store.db. A step of `migrations` is never edited once a release
 * had it: a change of the tables is another step at the end and STORE_SCHEMA
 * one higher.
 *
 * Times are milliseconds since 1970, NULL where there is none; `kickoff` is
 * seconds. A run's `number` orders those created in the same millisecond and,
 * unlike a bare rowid, stays when somebody vacuums the file.
 */
#include "lib/base/compat.h"

#include "lib/store/schema.h"
#include "lib/store/sql.h"
#include "lib/store/store.h"

/* "UnML", for file(1) and for us. */
enum { APPLICATION_ID = 0x556e4d4c };

static const char create_tables[] =
    "CREATE TABLE meta ("
    "  name TEXT NOT NULL PRIMARY KEY,"
    "  value TEXT NOT NULL"
    ") WITHOUT ROWID;"
    "INSERT INTO meta VALUES ('id', lower(hex(randomblob(16))));"

    /* Long texts come last, so that the rest is read without them. */
    "CREATE TABLE runs ("
    "  number INTEGER PRIMARY KEY,"
    "  id TEXT NOT NULL UNIQUE,"
    "  workflow TEXT NOT NULL,"
    "  status TEXT NOT NULL CHECK (status IN"
    "    ('pending', 'running', 'succeeded', 'failed', 'aborted')),"
    "  created_at INTEGER NOT NULL,"
    "  started_at INTEGER,"
    "  ended_at INTEGER,"
    "  schedule TEXT,"
    "  kickoff INTEGER,"
    "  app_version TEXT,"
    "  retry_of TEXT,"
    "  model TEXT,"
    "  owner TEXT,"
    "  owner_pid INTEGER,"
    "  owner_start INTEGER,"
    "  stop_requested INTEGER NOT NULL DEFAULT 0,"
    "  error TEXT,"
    "  inputs TEXT NOT NULL,"
    "  outputs TEXT"
    ");"

    /* One for each question of `runs list`; all end in the list's order. */
    "CREATE INDEX runs_created ON runs (created_at);"
    "CREATE INDEX runs_status ON runs (status, created_at);"
    "CREATE INDEX runs_open ON runs (created_at)"
    "  WHERE status IN ('pending', 'running');"
    "CREATE INDEX runs_workflow ON runs (workflow, created_at);"
    "CREATE INDEX runs_workflow_status"
    "  ON runs (workflow, status, created_at);"
    "CREATE INDEX runs_schedule ON runs (schedule, created_at)"
    "  WHERE schedule IS NOT NULL;"
    "CREATE INDEX runs_schedule_status"
    "  ON runs (schedule, status, created_at)"
    "  WHERE schedule IS NOT NULL;"

    "CREATE TABLE nodes ("
    "  run INTEGER NOT NULL,"
    "  position INTEGER NOT NULL,"
    "  name TEXT NOT NULL,"
    "  status TEXT NOT NULL,"
    "  attempts INTEGER NOT NULL DEFAULT 0,"
    "  started_at INTEGER,"
    "  ended_at INTEGER,"
    "  max_rss INTEGER,"
    "  cpu_ms INTEGER,"
    "  error TEXT,"
    "  taken_from TEXT,"
    "  pgid INTEGER,"
    "  pgid_start INTEGER,"
    "  PRIMARY KEY (run, position)"
    ") WITHOUT ROWID;"

    /* What succeeded runs made: the newest model without a search. */
    "CREATE TABLE made ("
    "  run INTEGER NOT NULL,"
    "  output TEXT NOT NULL,"
    "  created_at INTEGER NOT NULL,"
    "  PRIMARY KEY (run, output)"
    ") WITHOUT ROWID;"
    "CREATE INDEX made_output ON made (output, created_at);";

static const char create_versions[] =
    "CREATE TABLE versions ("
    "  version TEXT NOT NULL PRIMARY KEY,"
    "  created_at INTEGER NOT NULL,"
    "  digest TEXT NOT NULL,"
    "  identity TEXT,"
    "  app_digest TEXT NOT NULL,"
    "  app_file TEXT NOT NULL,"
    "  subject TEXT,"
    "  files INTEGER NOT NULL,"
    "  bytes INTEGER NOT NULL"
    ") WITHOUT ROWID;";

/*
 * Here w, next_at, kickoffs and the like are seconds. A definition stays for
 * ever: what owned a slot is asked long after.
 */
static const char create_schedules[] =
    "ALTER TABLE runs ADD COLUMN origin TEXT;"
    "ALTER TABLE runs ADD COLUMN gen INTEGER;"
    "ALTER TABLE runs ADD COLUMN resumed INTEGER NOT NULL DEFAULT 0;"
    "CREATE INDEX runs_busy ON runs (schedule)"
    "  WHERE gen IS NOT NULL AND status IN ('pending', 'running');"

    "CREATE TABLE schedules ("
    "  number INTEGER PRIMARY KEY,"
    "  name TEXT NOT NULL UNIQUE,"
    "  app TEXT NOT NULL,"
    "  workflow TEXT NOT NULL,"
    "  gen INTEGER,"
    "  state TEXT NOT NULL CHECK (state IN"
    "    ('active', 'paused', 'inactive', 'removed')),"
    "  w INTEGER NOT NULL,"
    "  next_at INTEGER,"
    "  since INTEGER NOT NULL,"
    "  who TEXT,"
    "  note TEXT"
    ");"
    "CREATE INDEX schedules_next ON schedules (next_at)"
    "  WHERE next_at IS NOT NULL;"
    "CREATE INDEX schedules_w ON schedules (w) WHERE state = 'active';"

    "CREATE TABLE definitions ("
    "  gen INTEGER PRIMARY KEY,"
    "  schedule INTEGER NOT NULL,"
    "  activated_at INTEGER NOT NULL,"
    "  version TEXT NOT NULL,"
    "  model TEXT,"
    "  expression TEXT NOT NULL,"
    "  timezone TEXT,"
    "  starts INTEGER,"
    "  ends INTEGER,"
    "  offset INTEGER NOT NULL,"
    "  catchup TEXT NOT NULL CHECK (catchup IN ('none', 'latest', 'all')),"
    "  window INTEGER NOT NULL,"
    "  overlap TEXT NOT NULL CHECK (overlap IN"
    "    ('allow', 'skip', 'queue', 'replace')),"
    "  keys TEXT NOT NULL"
    ");"
    "CREATE INDEX definitions_schedule ON definitions (schedule);"

    /* The runs of slots; outcome and error once the run's row is gone. */
    "CREATE TABLE slots ("
    "  schedule INTEGER NOT NULL,"
    "  kickoff INTEGER NOT NULL,"
    "  attempt INTEGER NOT NULL,"
    "  run TEXT NOT NULL,"
    "  gen INTEGER NOT NULL,"
    "  origin TEXT NOT NULL,"
    "  created_at INTEGER NOT NULL,"
    "  outcome TEXT,"
    "  error TEXT,"
    "  PRIMARY KEY (schedule, kickoff, attempt)"
    ") WITHOUT ROWID;"

    "CREATE TABLE queue ("
    "  schedule INTEGER NOT NULL,"
    "  kickoff INTEGER NOT NULL,"
    "  due INTEGER NOT NULL,"
    "  gen INTEGER NOT NULL,"
    "  seen INTEGER NOT NULL,"
    "  late INTEGER NOT NULL,"
    "  PRIMARY KEY (schedule, kickoff)"
    ") WITHOUT ROWID;"

    /* All slots of that definition, from the first to the last. */
    "CREATE TABLE skipped ("
    "  schedule INTEGER NOT NULL,"
    "  first INTEGER NOT NULL,"
    "  last INTEGER NOT NULL,"
    "  gen INTEGER NOT NULL,"
    "  reason TEXT NOT NULL,"
    "  run TEXT,"
    "  PRIMARY KEY (schedule, first)"
    ") WITHOUT ROWID;";

/* Failed runs whose `on_failure` is owed; the owner is who sees to it. */
static const char create_untold[] =
    "CREATE TABLE untold ("
    "  run TEXT NOT NULL PRIMARY KEY,"
    "  owner TEXT NOT NULL,"
    "  tries INTEGER NOT NULL"
    ") WITHOUT ROWID;";

/* The step from version i to version i + 1. */
static const char *const migrations[] = {
	create_tables,
	create_versions,
	create_schedules,
	create_untold,
};

_Static_assert(ARRAY_SIZE(migrations) == STORE_SCHEMA,
    "a step for each version");

static enum status
read_number(struct store *store, const char *sql, int64_t *number)
{
	sqlite3_stmt *stmt = sql_query(store, sql, NULL, 0);
	enum status status;
	bool row;

	if (stmt == NULL)
		return EXIT_LOCAL;
	status = sql_step(store, stmt, &row);
	if (status == EXIT_DONE && !row)
		BUG("no row: %s", sql);
	if (status == EXIT_DONE)
		*number = sqlite3_column_int64(stmt, 0);
	sqlite3_reset(stmt);
	return status;
}

/* Must run within a transaction: the three numbers belong together. */
static enum status
read_version(struct store *store, int64_t *version, bool *empty)
{
	int64_t application, tables;
	enum status status;

	status = read_number(store, "PRAGMA application_id", &application);
	if (status == EXIT_DONE)
		status = read_number(store, "PRAGMA user_version", version);
	if (status == EXIT_DONE)
		status = read_number(store,
		    "SELECT count(*) FROM sqlite_master", &tables);
	if (status != EXIT_DONE)
		return status;
	*empty = *version == 0 && tables == 0;
	if (application != APPLICATION_ID && (application != 0 || !*empty)) {
		error(EXIT_LOCAL, "store '%s' is a SQLite database of some "
		    "other program", store->path);
		hint("it was left as it is; give the target another 'store'");
		return EXIT_LOCAL;
	}
	if (*version > STORE_SCHEMA)
		return error(EXIT_LOCAL, "store '%s' is of schema %lld, this "
		    "unionml knows %d: use a newer unionml", store->path,
		    (long long)*version, STORE_SCHEMA);
	if (*version < 0 || (*version == 0 && !*empty))
		return sql_damaged(store, "schema version %lld",
		    (long long)*version);
	return EXIT_DONE;
}

enum status
schema_check(struct store *store, enum schema_state *state)
{
	enum status status;
	int64_t version;
	bool empty;

	status = sql_script(store, "open", "BEGIN");
	if (status != EXIT_DONE)
		return status;
	status = read_version(store, &version, &empty);
	status = sql_end(store, status);
	if (status == EXIT_DONE)
		*state = empty ? SCHEMA_NONE : version < STORE_SCHEMA ?
		    SCHEMA_OLD : SCHEMA_CURRENT;
	return status;
}

enum status
schema_migrate(struct store *store)
{
	enum status status;
	int64_t version;
	char sql[128];
	bool empty;

	status = sql_begin(store);
	if (status != EXIT_DONE)
		return status;
	status = read_version(store, &version, &empty);
	for (; status == EXIT_DONE && version < STORE_SCHEMA; version++)
		status = sql_script(store, "write", migrations[version]);
	if (status == EXIT_DONE) {
		snprintf(sql, sizeof(sql), "PRAGMA application_id = %d;"
		    "PRAGMA user_version = %d", APPLICATION_ID, STORE_SCHEMA);
		status = sql_script(store, "write", sql);
	}
	return sql_end(store, status);
}
