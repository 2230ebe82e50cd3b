/*
 * A store remembers the path, device and inode under which a scheduler last
 * used it. Under the same path it is the same store, whatever a restore from a
 * backup did to its inode; under another path it was moved, or copied: then the
 * original is still where it was, with the same id.
 */
#include "lib/base/compat.h"

#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include <fcntl.h>
#include <unistd.h>

#include "lib/base/path.h"
#include "lib/base/xalloc.h"
#include "lib/store/ledger.h"
#include "lib/target/local/place.h"

/* statfs(2): what serves several machines, whose locks do not meet. */
static const struct {
	unsigned long type;
	const char *name;
} shared_systems[] = {
	{ 0x6969, "NFS" },
	{ 0x517b, "SMB" },
	{ 0xff534d42, "CIFS" },
	{ 0xfe534d42, "SMB2" },
	{ 0x5346414f, "AFS" },
	{ 0x6b414653, "AFS" },
	{ 0x01021997, "9P" },
};

static enum status
refuse_system(const char *dir, const char *name)
{
	error(EXIT_LOCAL, "store '%s' lies on %s, whose locks do not tell "
	    "whether a scheduler is alive", dir, name);
	hint("give the target a 'store' on a disk of this machine");
	return EXIT_LOCAL;
}

/*
 * Whether a lock on one opening of the file keeps another one out. Should the
 * first be refused, it is by somebody who just tries the same. It is not tried
 * on store.db: to close that file drops the locks that SQLite has on it in this
 * process (fcntl(2)), and another process would take itself for the only one.
 */
static bool
locks_work(const char *dir)
{
	char *path = path_join(dir, "scheduler.lock");
	int first = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
	int second = open(path, O_RDWR | O_CLOEXEC);
	bool refused = false;

	free(path);
	if (first >= 0 && second >= 0)
		refused = (flock(first, LOCK_SH | LOCK_NB) != 0 ||
		    flock(second, LOCK_EX | LOCK_NB) != 0) &&
		    errno == EWOULDBLOCK;
	if (first >= 0)
		close(first);
	if (second >= 0)
		close(second);
	return refused;
}

static enum status
check_system(const char *dir)
{
	struct statfs fs;
	size_t i;

	if (statfs(dir, &fs) != 0)
		return error_errno(EXIT_LOCAL, "cannot look at '%s'", dir);
	for (i = 0; i < ARRAY_SIZE(shared_systems); i++)
		if (((unsigned long)fs.f_type & 0xffffffff) ==
		    shared_systems[i].type)
			return refuse_system(dir, shared_systems[i].name);
	return locks_work(dir) ? EXIT_DONE :
	    refuse_system(dir, "a file system without working locks");
}

/* The path under which no other name leads to the directory. */
static char *
real_path(const char *dir)
{
	char *real = realpath(dir, NULL);

	return real != NULL ? real : xstrdup(dir);
}

/* The store that lies there, if it has that id; else NULL. */
static struct store *
open_other(const char *path, const char *id, enum store_mode mode)
{
	char *file = path_join(path, "store.db");
	struct store *other = NULL;
	char *its_id = NULL;
	struct stat st;

	if (stat(file, &st) == 0 &&
	    store_open(&other, path, mode) == EXIT_DONE && other != NULL &&
	    (ledger_store_id(other, &its_id) != EXIT_DONE ||
	    strcmp(its_id, id) != 0)) {
		store_close(other);
		other = NULL;
	}
	free(its_id);
	free(file);
	return other;
}

static enum status
write_place(struct store *store, const struct ledger_place *place)
{
	enum status status = ledger_begin(store);

	if (status == EXIT_DONE)
		status = ledger_end(store, ledger_set_place(store, place));
	return status;
}

static enum status
refuse_copy(const struct ledger_place *here, const struct ledger_place *was)
{
	error(EXIT_LOCAL, "store '%s' is a copy of '%s', which is still "
	    "there: both would run every slot", here->path, was->path);
	hint("remove that one, or let this one take its place: unionml "
	    "scheduler --adopt");
	return EXIT_LOCAL;
}

/* From now on it is the other one that a scheduler refuses. */
static enum status
disown(const struct ledger_place *here, const struct ledger_place *was,
    const char *id)
{
	struct store *other = open_other(was->path, id, STORE_WRITE);
	enum status status = EXIT_DONE;

	if (other != NULL)
		status = write_place(other, here);
	store_close(other);
	if (status == EXIT_DONE)
		note("store '%s' takes the place of '%s'", here->path,
		    was->path);
	return status;
}

/* It was last used under another path. */
static enum status
check_moved(struct store *store, const struct ledger_place *here,
    const struct ledger_place *was, bool adopt)
{
	enum status status;
	struct store *other;
	char *id;

	if (here->device == was->device && here->inode == was->inode)
		return EXIT_DONE;
	if ((status = ledger_store_id(store, &id)) != EXIT_DONE)
		return status;
	other = open_other(was->path, id, STORE_READ);
	if (other == NULL)
		note("store '%s' was moved from '%s'", here->path, was->path);
	else if (adopt)
		status = disown(here, was, id);
	else
		status = refuse_copy(here, was);
	store_close(other);
	free(id);
	return status;
}

static enum status
check_place(struct store *store, const char *dir, bool adopt)
{
	struct ledger_place here = { real_path(dir), 0, 0 };
	struct ledger_place was = { .path = NULL };
	enum status status = EXIT_DONE;
	struct stat st;

	if (stat(dir, &st) != 0) {
		status = error_errno(EXIT_LOCAL, "cannot look at '%s'", dir);
	} else {
		here.device = (int64_t)st.st_dev;
		here.inode = (int64_t)st.st_ino;
		status = ledger_place(store, &was);
	}
	if (status == EXIT_DONE && was.path != NULL &&
	    strcmp(was.path, here.path) != 0)
		status = check_moved(store, &here, &was, adopt);
	if (status == EXIT_DONE && (was.path == NULL ||
	    strcmp(was.path, here.path) != 0 || was.device != here.device ||
	    was.inode != here.inode))
		status = write_place(store, &here);
	free(was.path);
	free(here.path);
	return status;
}

enum status
place_check(struct store *store, bool adopt)
{
	const char *dir = store_dir(store);
	enum status status = check_system(dir);

	return status == EXIT_DONE ? check_place(store, dir, adopt) : status;
}
