/*
 * The store when things are not as they should be: files of other versions
 * and other programs, damage, a full disk, no permission.
 */
#include "lib/base/compat.h"

#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <signal.h>
#include <unistd.h>

#include "lib/base/io.h"
#include "lib/base/strbuf.h"
#include "lib/base/strvec.h"
#include "lib/base/tree.h"
#include "lib/base/xalloc.h"
#include "lib/store/store.h"
#include "t/unit/tap.h"

enum { AT_VERSION = 60, AT_APPLICATION = 68, PAGE = 4096 };

static struct strbuf said = STRBUF_INIT;
static const char *const nodes[] = { "reader", "trainer" };
static const struct owner me = { "o1234567890abcdef012", 100, 555 };

static void
listen_to(void *arg, const char *text, size_t len)
{
	(void)arg;
	strbuf_add(&said, text, len);
}

static void
set_number(struct strbuf *image, size_t at, uint32_t value)
{
	int i;

	for (i = 0; i < 4; i++)
		image->buf[at + (size_t)i] = (char)(value >> (24 - 8 * i));
}

/* Puts a file in the place of the store in directory `f`. */
static void
put_image(const struct strbuf *image)
{
	unlink("f/store.db-wal");
	unlink("f/store.db-shm");
	if (write_file("f/store.db", image->buf, image->len) < 0)
		ok(false, "set-up: cannot write");
}

static bool
is_unchanged(const struct strbuf *image)
{
	struct strbuf now = STRBUF_INIT;
	bool same;

	same = read_file("f/store.db", &now, 1 << 24) == 0 &&
	    now.len == image->len &&
	    memcmp(now.buf, image->buf, now.len) == 0;
	strbuf_release(&now);
	return same;
}

static enum status
add_run(struct store *store, char **id)
{
	struct run run = { .workflow = xstrdup("train") };
	enum status status;

	status = store_create_run(store, &run, NULL, nodes, 2);
	free(run.workflow);
	if (id != NULL)
		*id = run.id;
	else
		free(run.id);
	return status;
}

/* A store with some runs of each kind, as bytes. */
static void
make_image(struct strbuf *image)
{
	struct store *store;
	bool taken;
	char *id;
	int i;

	if (store_open(&store, "f", STORE_WRITE) != EXIT_DONE)
		ok(false, "set-up: %s", said.buf);
	for (i = 0; i < 30; i++) {
		add_run(store, &id);
		if (i % 3 > 0)
			store_claim_run(store, id, &me, NULL, &taken);
		if (i % 3 > 1)
			store_end_run(store, id, RUN_SUCCEEDED, NULL,
			    "{\"model\":1}");
		free(id);
	}
	store_close(store);
	if (read_file("f/store.db", image, 1 << 24) < 0)
		ok(false, "set-up: no store");
}

static void
is_refused(const struct strbuf *image, const char *want, const char *name)
{
	struct store *store;
	int need;

	put_image(image);
	for (need = STORE_READ; need <= STORE_WRITE; need++) {
		strbuf_reset(&said);
		is_int(store_open(&store, "f", (enum store_mode)need),
		    EXIT_LOCAL, name);
		ok(store == NULL && strncmp(said.buf, want, strlen(want)) == 0,
		    "... is said");
		if (strncmp(said.buf, want, strlen(want)) != 0)
			printf("# %s", said.buf);
		ok(is_unchanged(image), "... and it is left alone");
	}
	strbuf_reset(&said);
}

static void
test_foreign(const struct strbuf *good)
{
	static const char foreign[] = "unionml: error: store 'f/store.db' is "
	    "a SQLite database of some other program\n";
	static const char garbage[] = "unionml: error: cannot open store "
	    "'f/store.db': it is not a SQLite database\n";
	struct strbuf image = STRBUF_INIT, newer = STRBUF_INIT;
	size_t i;

	strbuf_add(&image, good->buf, good->len);
	set_number(&image, AT_VERSION, 7);
	strbuf_addf(&newer, "unionml: error: store 'f/store.db' is of schema "
	    "7, this unionml knows %d: use a newer unionml\n", STORE_SCHEMA);
	is_refused(&image, newer.buf, "newer schema");
	strbuf_release(&newer);
	set_number(&image, AT_VERSION, 0xffffffff);
	is_refused(&image, "unionml: error: store 'f/store.db' is damaged: "
	    "schema version -1\n", "negative schema");
	set_number(&image, AT_VERSION, 0);
	is_refused(&image, "unionml: error: store 'f/store.db' is damaged: "
	    "schema version 0\n", "tables without version");
	set_number(&image, AT_APPLICATION, 0);
	is_refused(&image, foreign, "tables without application");
	set_number(&image, AT_VERSION, 1);
	is_refused(&image, foreign, "no application");
	set_number(&image, AT_APPLICATION, 0x0f055112);
	is_refused(&image, foreign, "some other application");
	strbuf_reset(&image);
	strbuf_addstr(&image, "hello");
	is_refused(&image, garbage, "a short text");
	for (i = 0; i < 3000; i++)
		strbuf_addf(&image, "line %zu\n", i);
	is_refused(&image, garbage, "a long text");
	strbuf_release(&image);
}

/* An empty database, byte by byte as SQLite's file format has it. */
static void
make_empty(struct strbuf *image, uint32_t application)
{
	static const unsigned char header[] = { 0x10, 0, 1, 1, 0, 64, 32, 32,
	    0, 0, 0, 1, 0, 0, 0, 1 };

	strbuf_reset(image);
	strbuf_grow(image, PAGE);
	memset(image->buf, 0, PAGE);
	memcpy(image->buf, "SQLite format 3", 16);
	memcpy(image->buf + 16, header, sizeof(header));
	set_number(image, 44, 4);
	set_number(image, 56, 1);
	set_number(image, AT_APPLICATION, application);
	set_number(image, 92, 1);
	set_number(image, 96, 3040001);
	image->buf[100] = 0x0d;
	image->buf[105] = 0x10;
	image->len = PAGE;
}

static void
test_version_0(void)
{
	static const uint32_t applications[] = { 0, 0x556e4d4c, 0 };
	static const char *const names[] =
	    { "an empty database", "... of ours", "an empty file" };
	struct strbuf image = STRBUF_INIT;
	struct run_detail detail;
	struct store *store;
	size_t i;
	char *id;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		make_empty(&image, applications[i]);
		if (i == 2)
			strbuf_reset(&image);
		put_image(&image);
		is_int(store_open(&store, "f", STORE_READ), EXIT_DONE,
		    names[i]);
		ok(store == NULL, "... has nothing to read");
		ok(is_unchanged(&image), "... and stays what it is");
		is_int(store_open(&store, "f", STORE_WRITE), EXIT_DONE,
		    "... is migrated to be written");
		is_int(add_run(store, &id), EXIT_DONE, "... takes a run");
		store_close(store);
		store_open(&store, "f", STORE_READ);
		is_int(store_get_run(store, id, &detail), EXIT_DONE,
		    "... which is read");
		run_detail_release(&detail);
		store_close(store);
		free(id);
	}
	is_str(said.buf, "", "nothing is said");
	strbuf_release(&image);
}

static void
test_places(void)
{
	struct store *store;

	mkdir("p", 0777);
	mkdir("p/store.db", 0777);
	is_int(store_open(&store, "p", STORE_READ), EXIT_LOCAL,
	    "a directory for a store");
	is_str(said.buf, "unionml: error: cannot open store 'p/store.db': "
	    "it is not a regular file\n", "... is said");
	rmdir("p/store.db");
	mkfifo("p/store.db", 0666);
	is_int(store_open(&store, "p", STORE_WRITE), EXIT_LOCAL, "a FIFO");
	strbuf_reset(&said);
	write_file("file", "", 0);
	is_int(store_open(&store, "file", STORE_WRITE), EXIT_LOCAL,
	    "a file for the directory");
	is_str(said.buf, "unionml: error: cannot open store 'file/store.db': "
	    "Not a directory\n", "... is said");
	strbuf_reset(&said);
}

static enum status
touch_run(void *arg, const struct run *run, const char *owner)
{
	struct store *store = arg;
	struct run_detail detail;
	struct run_owner now;
	bool done;

	(void)owner;
	if (store_get_run(store, run->id, &detail) == EXIT_DONE)
		run_detail_release(&detail);
	store_get_owner(store, run->id, &now);
	store_abort_run(store, run->id, me.id, "why not", &done);
	store_delete_run(store, run->id, &done);
	return EXIT_DONE;
}

/* Does all there is to do with a file that may be rubbish. */
static void
use_image(int *opened, int *failed)
{
	const struct run_filter all = { .status = -1 };
	struct strvec ids = STRVEC_INIT;
	struct store *store;
	enum status status;
	char *id = NULL;

	strbuf_reset(&said);
	if (store_open(&store, "f", STORE_WRITE) != EXIT_DONE) {
		*failed += said.len > 0 && store == NULL;
		return;
	}
	(*opened)++;
	status = store_newest_with(store, "model", &id);
	free(id);
	if (status == EXIT_DONE)
		status = store_find_runs(store, "r", 5, &ids);
	strvec_release(&ids);
	add_run(store, NULL);
	store_list_runs(store, &all, touch_run, store);
	store_close(store);
}

static void
test_damage(const struct strbuf *good)
{
	int opened = 0, failed = 0, tried = 0;
	struct strbuf image = STRBUF_INIT;
	size_t at;

	for (at = 0; at < good->len; at += at < 200 ? 3 : 401, tried++) {
		strbuf_reset(&image);
		strbuf_add(&image, good->buf, good->len);
		image.buf[at] = (char)~image.buf[at];
		put_image(&image);
		use_image(&opened, &failed);
	}
	is_int(opened + failed, tried, "a byte flipped: opens, or says why");
	ok(opened > 0 && failed > 0, "both happen: %d, %d", opened, failed);
	opened = failed = tried = 0;
	/* Up to the last page: SQLite misses that one only when it reads it. */
	for (at = 2; at <= good->len - PAGE; at += at < 200 ? 13 : 1511,
	    tried++) {
		strbuf_reset(&image);
		strbuf_add(&image, good->buf, at);
		put_image(&image);
		use_image(&opened, &failed);
	}
	is_int(failed, tried, "a file cut short is refused");
	for (at = 0; PAGE * (at + 2) <= good->len; at++) {
		strbuf_reset(&image);
		strbuf_add(&image, good->buf, good->len);
		memset(image.buf + PAGE * (at + 1), (int)at, PAGE);
		put_image(&image);
		use_image(&opened, &failed);
	}
	ok(true, "pages overwritten crash nothing");
	strbuf_reset(&said);
	strbuf_release(&image);
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

/* In a child: adds runs until files may not grow; exits with how many. */
static void
fill_up(rlim_t bytes)
{
	const struct rlimit limit = { bytes, bytes };
	static const char want[] = "unionml: error: cannot ";
	struct store *store;
	int n = 0;

	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &limit);
	if (store_open(&store, "full", STORE_WRITE) == EXIT_DONE)
		while (n < 200 && add_run(store, NULL) == EXIT_DONE)
			n++;
	if (strncmp(said.buf, want, strlen(want)) != 0)
		_exit(255);
	store_close(store);
	_exit(n);
}

static void
test_full(void)
{
	static const rlim_t limits[] = { 0, 1, 4096, 40000, 80000, 131072,
	    200000, 300000, 500000 };
	int before = 0, status;
	size_t i;
	pid_t pid;

	for (i = 0; i < ARRAY_SIZE(limits); i++) {
		pid = fork();
		if (pid == 0)
			fill_up(limits[i]);
		waitpid(pid, &status, 0);
		ok(WIFEXITED(status) && WEXITSTATUS(status) < 200,
		    "files of at most %ld bytes: it fails, and says so",
		    (long)limits[i]);
		before += WEXITSTATUS(status);
		is_int(count_runs("full"), before, "... every run is there");
	}
	ok(before > 0, "some were written: %d", before);
	strbuf_reset(&said);
}

/* In a child: as somebody who may not write. */
static void
try_read_only(void)
{
	struct store *store;
	bool good;

	if (getuid() == 0 && (setgid(65534) < 0 || setuid(65534) < 0))
		_exit(9);
	good = count_runs("ro") == 1;
	if (store_open(&store, "ro", STORE_WRITE) != EXIT_LOCAL ||
	    strstr(said.buf, "ro/store.db'") == NULL)
		good = false;
	strbuf_reset(&said);
	if (store_open(&store, "ro/new", STORE_WRITE) != EXIT_LOCAL ||
	    strstr(said.buf, "Permission denied") == NULL)
		good = false;
	_exit(good ? 0 : 1);
}

static void
test_read_only(void)
{
	struct store *store;
	int status;
	pid_t pid;

	store_open(&store, "ro", STORE_WRITE);
	add_run(store, NULL);
	store_close(store);
	chmod("ro", 0555);
	chmod("ro/store.db", 0444);
	pid = fork();
	if (pid == 0)
		try_read_only();
	waitpid(pid, &status, 0);
	is_int(status, 0, "a read-only store is read, and not written");
	chmod("ro", 0755);
}

int
main(void)
{
	char dir[] = "/tmp/unit-storefault-XXXXXX";
	struct strbuf good = STRBUF_INIT;

	if (mkdtemp(dir) == NULL || chdir(dir) < 0 || chmod(".", 0755) < 0)
		return 1;
	err_set_sink(listen_to, NULL);
	make_image(&good);
	test_foreign(&good);
	test_version_0();
	test_places();
	test_damage(&good);
	test_full();
	test_read_only();
	strbuf_release(&good);
	strbuf_release(&said);
	if (chdir("/") < 0 || tree_remove(dir) < 0)
		ok(false, "cannot remove '%s'", dir);
	return tap_done();
}
