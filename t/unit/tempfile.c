/* Files that appear whole or not at all, whatever ends the program. */
#include "lib/base/compat.h"

#include <sys/stat.h>
#include <sys/wait.h>

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "lib/base/err.h"
#include "lib/base/io.h"
#include "lib/base/strbuf.h"
#include "lib/base/tempfile.h"
#include "lib/base/tree.h"
#include "t/unit/tap.h"

static int
count(const char *path)
{
	struct dirent *entry;
	DIR *dir = opendir(path);
	int n = 0;

	if (dir == NULL)
		return -1;
	while ((entry = readdir(dir)) != NULL)
		if (strcmp(entry->d_name, ".") != 0 &&
		    strcmp(entry->d_name, "..") != 0)
			n++;
	closedir(dir);
	return n;
}

static void
is_content(const char *path, const char *want)
{
	struct strbuf sb = STRBUF_INIT;

	if (read_file(path, &sb, 1000) < 0)
		ok(false, "cannot read '%s'", path);
	is_str(sb.buf, want, path);
	strbuf_release(&sb);
}

static mode_t
mode_of(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 ? st.st_mode & 07777 : 0;
}

static void
test_commit(void)
{
	struct tempfile t = TEMPFILE_INIT;

	tree_mkdirs("d");
	write_file("d/f", "old", 3);
	is_int(tempfile_create(&t, "d/f", 0664), 0, "create");
	ok(strncmp(t.path, "d/.unionml-", 11) == 0, "beside its place");
	is_int(mode_of(t.path), 0664, "the mode, whatever the umask");
	ok((fcntl(t.fd, F_GETFD) & FD_CLOEXEC) != 0, "close on exec");
	is_int(write_full(t.fd, "new", 3), 0, "write");
	is_content("d/f", "old");
	is_int(tempfile_commit(&t), 0, "commit");
	is_content("d/f", "new");
	is_int(mode_of("d/f"), 0664, "mode");
	is_int(count("d"), 1, "nothing else is left");
	ok(t.path == NULL && t.target == NULL && t.fd == -1, "as before");
	tempfile_abort(&t);
	is_content("d/f", "new");

	is_int(tempfile_create(&t, "here", 0400), 0, "in this directory");
	is_int(write_full(t.fd, "x", 1), 0, "a read-only file is written");
	is_int(tempfile_commit(&t), 0, "commit");
	is_int(mode_of("here"), 0400, "mode");
	is_int(tempfile_create(&t, "secret", 0600), 0, "again");
	is_int(tempfile_commit(&t), 0, "an empty one");
	is_int(mode_of("secret"), 0600, "mode");
	is_content("secret", "");
}

static void
test_abort(void)
{
	struct tempfile a = TEMPFILE_INIT, b = TEMPFILE_INIT,
	    c = TEMPFILE_INIT;

	tempfile_create(&a, "d/a", 0644);
	tempfile_create(&b, "d/b", 0644);
	tempfile_create(&c, "d/c", 0644);
	is_int(count("d"), 4, "three more");
	tempfile_abort(&b);
	is_int(count("d"), 3, "the middle one is gone");
	tempfile_abort(&b);
	is_int(tempfile_commit(&a), 0, "the first one");
	tempfile_unlink_all();
	is_int(count("d"), 2, "all that were open are gone");
	is_int(tempfile_commit(&c), -1, "and cannot be committed");
	is_int(errno, ENOENT, "ENOENT");
	ok(c.path == NULL, "nothing is left of it");
	ok(access("d/a", F_OK) == 0 && access("d/c", F_OK) < 0,
	    "one was committed");
}

static void
test_faults(void)
{
	struct tempfile t = TEMPFILE_INIT;

	is_int(tempfile_create(&t, "none/f", 0644), -1, "no directory");
	is_int(errno, ENOENT, "ENOENT");
	ok(t.path == NULL && t.fd == -1, "none is open");
	tempfile_abort(&t);
	tree_mkdirs("e/f/g");
	is_int(tempfile_create(&t, "e/f", 0644), 0, "onto a directory");
	is_int(tempfile_commit(&t), -1, "is not committed");
	is_int(errno, EISDIR, "EISDIR");
	is_int(count("e"), 1, "and removed");
	is_int(tempfile_create(&t, "e/x", 0644), 0, "create");
	close(t.fd);
	is_int(tempfile_commit(&t), -1, "a descriptor closed too early");
	is_int(errno, EBADF, "EBADF");
	is_int(count("e"), 1, "removed");
}

static void
on_term(int sig)
{
	tempfile_unlink_all();
	signal(sig, SIG_DFL);
	raise(sig);
}

enum end { END_EXIT, END_DIE, END_SIGNAL, END_BUSY };

/* A child with two files open that ends in some way. */
static void
child(enum end end)
{
	struct tempfile a = TEMPFILE_INIT, b = TEMPFILE_INIT;
	int i;

	err_set_verbosity(QUIET);
	signal(SIGTERM, on_term);
	tempfile_create(&a, "w/a", 0644);
	tempfile_create(&b, "w/b", 0644);
	switch (end) {
	case END_EXIT:
		exit(0);
	case END_DIE:
		if (freopen("/dev/null", "w", stderr) == NULL)
			_exit(1);
		die(EXIT_LOCAL, "out of luck");
	case END_SIGNAL:
		raise(SIGTERM);
		break;
	case END_BUSY:
		for (i = 0;; i++) {
			struct tempfile c = TEMPFILE_INIT;

			tempfile_create(&c, "w/c", 0644);
			if (i % 2 == 0)
				tempfile_abort(&c);
			else
				tempfile_commit(&c);
		}
	}
	_exit(1);
}

static void
test_ends(void)
{
	static const char *const names[] = { "exit", "die", "signal" };
	int end, status, i, left = 0;
	pid_t pid;

	tree_mkdirs("w");
	for (end = END_EXIT; end <= END_SIGNAL; end++) {
		fflush(stdout);
		pid = fork();
		if (pid == 0)
			child((enum end)end);
		waitpid(pid, &status, 0);
		is_int(count("w"), 0, names[end]);
		ok(end == END_SIGNAL ? WIFSIGNALED(status) &&
		    WTERMSIG(status) == SIGTERM : WIFEXITED(status),
		    "ended that way");
	}
	for (i = 0; i < 100; i++) {
		fflush(stdout);
		pid = fork();
		if (pid == 0)
			child(END_BUSY);
		usleep((useconds_t)(500 + i * 37));
		kill(pid, SIGTERM);
		waitpid(pid, &status, 0);
		unlink("w/c");
		left += count("w") != 0;
		tree_remove("w");
		tree_mkdirs("w");
	}
	is_int(left, 0, "killed at 100 instants, nothing left behind");
}

/* What a child does at its end leaves the parent's files alone. */
static void
test_fork(void)
{
	struct tempfile t = TEMPFILE_INIT, own = TEMPFILE_INIT;
	int status;
	pid_t pid;

	tempfile_create(&t, "w/parent", 0644);
	write_full(t.fd, "p", 1);
	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		tempfile_unlink_all();
		exit(0);
	}
	waitpid(pid, &status, 0);
	is_int(count("w"), 1, "still there after a child that made none");
	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		tempfile_create(&own, "w/child", 0644);
		tempfile_abort(&t);
		exit(0);
	}
	waitpid(pid, &status, 0);
	is_int(count("w"), 1, "and after one that did");
	is_int(tempfile_commit(&t), 0, "commit");
	is_content("w/parent", "p");
}

static void
test_scratch(void)
{
	struct tempfile t = TEMPFILE_INIT;
	const char *dir;

	tree_mkdirs("x");
	setenv("TMPDIR", "x", 1);
	is_int(tempfile_scratch(&t, &dir), 0, "scratch");
	ok(strncmp(t.path, "x/.unionml-", 11) == 0, "in $TMPDIR");
	is_int(mode_of(t.path), 0600, "for nobody else");
	tempfile_abort(&t);
	is_int(count("x"), 0, "gone");
	setenv("TMPDIR", "none", 1);
	is_int(tempfile_scratch(&t, &dir), -1, "no such directory");
	is_str(dir, "none", "which is told");
	setenv("TMPDIR", "", 1);
	is_int(tempfile_scratch(&t, &dir), 0, "an empty one");
	is_str(dir, "/tmp", "is none");
	tempfile_abort(&t);
}

int
main(void)
{
	char tmp[] = "/tmp/unit-tempfile-XXXXXX";

	umask(077);
	if (mkdtemp(tmp) == NULL || chdir(tmp) < 0)
		return 1;
	test_commit();
	test_abort();
	test_faults();
	test_ends();
	test_fork();
	test_scratch();
	if (chdir("/") < 0 || tree_remove(tmp) < 0)
		ok(false, "clean up");
	return tap_done();
}
