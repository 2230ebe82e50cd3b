/*
 * Opening and closing the store. What is written to it is in storewrite.c,
 * what is read from it in storeread.c and storelist.c; the tables are
 * schema.c's.
 *
 * In WAL mode with `synchronous = NORMAL` a commit is not synced, a
 * checkpoint is: a killed program loses nothing, a power cut the last few
 * commits, and never does it leave half of one. That is sound because the
 * outputs of a node are synced before its row says so: a lost commit makes
 * a run look less far than it was (it shows as interrupted), never further.
 * A new run whose row is lost leaves a directory without a row: rubbish. The
 * one write for which the order is the other way round is the removal of a
 * run, whose row must be gone before its files are: that one is synced.
 */
#include "lib/base/compat.h"

#include <sys/stat.h>

#include <fcntl.h>
#include <unistd.h>

#include "lib/base/io.h"
#include "lib/base/path.h"
#include "lib/base/strbuf.h"
#include "lib/base/tree.h"
#include "lib/base/xalloc.h"
#include "lib/store/schema.h"
#include "lib/store/sql.h"
#include "lib/store/store.h"

/* SQLite's own limit (MAX_PATHNAME), less what it appends. */
enum { DB_PATH_MAX = 500 };

static struct store *
store_new(const char *dir)
{
	struct store *store = xcalloc(1, sizeof(*store));

	store->dir = path_absolute(dir);
	store->path = path_join(dir, "store.db");
	return store;
}

static void
disconnect(struct store *store)
{
	size_t i;

	for (i = 0; i < store->n_cached; i++)
		sqlite3_finalize(store->cached[i].stmt);
	store->n_cached = 0;
	sqlite3_close(store->db);
	store->db = NULL;
}

void
store_close(struct store *store)
{
	if (store == NULL)
		return;
	disconnect(store);
	free(store->dir);
	free(store->path);
	free(store);
}

const char *
store_dir(const struct store *store)
{
	return store->dir;
}

char *
store_run_dir(const struct store *store, const char *id)
{
	return xasprintf("%s/runs/%s", store->dir, id);
}

char *
store_owner_path(const struct store *store, const char *owner)
{
	return xasprintf("%s/owners/%s", store->dir, owner);
}

/*
 * The directory with a .gitignore, which comes first: no commit shall ever
 * find a store that git does not ignore. One that is there is kept.
 */
static enum status
make_dir(struct store *store)
{
	enum status status = EXIT_DONE;
	char *ignore;
	int fd;

	if (tree_mkdirs(store->dir) < 0)
		return error_errno(EXIT_LOCAL, "cannot make '%s'", store->dir);
	ignore = path_join(store->dir, ".gitignore");
	fd = open(ignore, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (fd >= 0) {
		if (write_full(fd, "*\n", 2) < 0)
			status = error_errno(EXIT_LOCAL, "cannot write '%s'",
			    ignore);
		close(fd);
		if (status != EXIT_DONE)
			unlink(ignore);
	} else if (errno != EEXIST)
		status = error_errno(EXIT_LOCAL, "cannot make '%s'", ignore);
	free(ignore);
	return status;
}

/* Looks whether the file is there; `exists` may turn stale at once. */
static enum status
look(struct store *store, const char *file, bool *exists)
{
	struct stat st;

	*exists = stat(file, &st) == 0;
	if (!*exists && errno != ENOENT)
		return error_errno(EXIT_LOCAL, "cannot open store '%s'",
		    store->path);
	if (*exists && !S_ISREG(st.st_mode))
		return error(EXIT_LOCAL, "cannot open store '%s': it is not "
		    "a regular file", store->path);
	if (strlen(file) > DB_PATH_MAX)
		return error(EXIT_LOCAL, "cannot open store '%s': a path of "
		    "more than %d bytes is too long for SQLite", file,
		    DB_PATH_MAX);
	return EXIT_DONE;
}

/*
 * Settings of a connection. A file from elsewhere is data only: no triggers
 * or views of its own, no functions called from its schema.
 */
static enum status
configure(struct store *store)
{
	sqlite3_extended_result_codes(store->db, 1);
	sqlite3_busy_timeout(store->db, SQL_BUSY_MS);
	sqlite3_db_config(store->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(store->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_db_config(store->db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
	sqlite3_db_config(store->db, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
	return sql_script(store, "open", "PRAGMA synchronous = NORMAL;"
	    "PRAGMA cell_size_check = ON");
}

static enum status
connect_db(struct store *store, const char *file, int flags)
{
	if (sqlite3_open_v2(file, &store->db, flags | SQLITE_OPEN_NOMUTEX |
	    SQLITE_OPEN_PRIVATECACHE, NULL) != SQLITE_OK)
		return sql_fail(store, "open");
	return configure(store);
}

/*
 * Two programs that switch a new file to WAL at once: SQLite tells one of
 * them "busy" without waiting, lest they wait for each other.
 */
static enum status
use_wal(struct store *store)
{
	static const struct timespec pause = { 0, 5000000 };
	int waited, code;

	for (waited = 0;; waited += 5) {
		code = sqlite3_exec(store->db, "PRAGMA journal_mode = WAL",
		    NULL, NULL, NULL);
		if ((code & 0xff) != SQLITE_BUSY || waited >= SQL_BUSY_MS)
			break;
		nanosleep(&pause, NULL);
	}
	return code == SQLITE_OK ? EXIT_DONE : sql_fail(store, "open");
}

/* `file` as a URI of SQLite that says nobody will change it. */
static char *
immutable_uri(const char *file)
{
	struct strbuf sb = STRBUF_INIT;
	const char *p;

	strbuf_addstr(&sb, "file:");
	for (p = file; *p != '\0'; p++) {
		if (isalnum((unsigned char)*p) || strchr("/._-", *p))
			strbuf_addch(&sb, *p);
		else
			strbuf_addf(&sb, "%%%02x", (unsigned char)*p);
	}
	strbuf_addstr(&sb, "?immutable=1");
	return strbuf_detach(&sb);
}

/*
 * Whether the store lies where nothing can be written and no program has it
 * open (there would be a log beside it): then it can be read as it is.
 */
static bool
is_frozen(const char *file)
{
	char *log = xasprintf("%s-wal", file), *dir = path_dirname(file);
	struct stat st;
	bool frozen;

	frozen = access(dir, W_OK) < 0 && stat(log, &st) < 0;
	free(log);
	free(dir);
	return frozen;
}

/*
 * What is old and cannot be written is read all the same: from a copy that
 * can be migrated.
 */
static enum status
copy_to_memory(struct store *store)
{
	enum status status = EXIT_DONE;
	sqlite3_backup *backup = NULL;
	sqlite3 *copy = NULL;

	if (sqlite3_open_v2(":memory:", &copy, SQLITE_OPEN_READWRITE |
	    SQLITE_OPEN_NOMUTEX, NULL) == SQLITE_OK)
		backup = sqlite3_backup_init(copy, "main", store->db, "main");
	if (backup != NULL)
		sqlite3_backup_step(backup, -1);
	if (backup == NULL || sqlite3_backup_finish(backup) != SQLITE_OK) {
		status = error(EXIT_LOCAL, "cannot read store '%s': %s",
		    store->path, sqlite3_errmsg(copy));
		sqlite3_close(copy);
		return status;
	}
	disconnect(store);
	store->db = copy;
	return configure(store);
}

static enum status
open_to_read(struct store *store, const char *file, bool *empty)
{
	bool frozen = is_frozen(file);
	enum schema_state state;
	enum status status;
	char *uri;

	if (frozen) {
		uri = immutable_uri(file);
		status = connect_db(store, uri, SQLITE_OPEN_READONLY |
		    SQLITE_OPEN_URI);
		free(uri);
	} else
		status = connect_db(store, file, SQLITE_OPEN_READWRITE);
	if (status == EXIT_DONE)
		status = schema_check(store, &state);
	if (status == EXIT_DONE && state == SCHEMA_OLD && frozen)
		status = copy_to_memory(store);
	if (status == EXIT_DONE && state == SCHEMA_OLD)
		status = schema_migrate(store);
	*empty = status == EXIT_DONE && state == SCHEMA_NONE;
	return status;
}

static enum status
open_to_write(struct store *store, const char *file, bool exists)
{
	enum schema_state state;
	enum status status;

	if (!exists) {
		status = make_dir(store);
		if (status != EXIT_DONE)
			return status;
	}
	status = connect_db(store, file, SQLITE_OPEN_READWRITE |
	    SQLITE_OPEN_CREATE);
	if (status == EXIT_DONE)
		status = schema_check(store, &state);
	if (status != EXIT_DONE)
		return status;
	if (sqlite3_db_readonly(store->db, "main") == 1) {
		error(EXIT_LOCAL, "cannot write store '%s': it is read-only",
		    store->path);
		hint("its file and directory must be writable");
		return EXIT_LOCAL;
	}
	status = use_wal(store);
	if (status == EXIT_DONE && state != SCHEMA_CURRENT)
		status = schema_migrate(store);
	return status;
}

enum status
store_open(struct store **out, const char *dir, enum store_mode mode)
{
	struct store *store = store_new(dir);
	char *file = path_join(store->dir, "store.db");
	enum status status;
	bool exists, empty;

	*out = NULL;
	status = look(store, file, &exists);
	if (status == EXIT_DONE && mode == STORE_WRITE) {
		status = open_to_write(store, file, exists);
		empty = false;
	} else if (status == EXIT_DONE && exists)
		status = open_to_read(store, file, &empty);
	else
		empty = true;
	free(file);
	if (status != EXIT_DONE || empty)
		store_close(store);
	else
		*out = store;
	return status;
}
