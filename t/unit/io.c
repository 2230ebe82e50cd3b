/* Whole reads and writes: sizes at the limits, pipes, signals, bad paths. */
#include "lib/base/compat.h"

#include <sys/stat.h>
#include <sys/wait.h>

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "lib/base/io.h"
#include "lib/base/strbuf.h"
#include "lib/base/tree.h"
#include "lib/base/xalloc.h"
#include "t/unit/tap.h"

enum { BIG = 1000000 };

static void
test_read_file(void)
{
	struct strbuf sb = STRBUF_INIT;

	is_int(write_file("f", "hello\0world", 11), 0, "write_file");
	is_int(read_file("f", &sb, 100), 0, "read_file");
	is_int((long long)sb.len, 11, "length");
	ok(memcmp(sb.buf, "hello\0world", 12) == 0, "bytes, and a NUL behind");
	is_int(read_file("f", &sb, 11), 0, "exactly max");
	is_int((long long)sb.len, 22, "appended");
	errno = 0;
	is_int(read_file("f", &sb, 10), -1, "one more than max");
	is_int(errno, EFBIG, "EFBIG");
	is_int((long long)sb.len, 22, "the buffer is as it was");
	is_int(read_file("f", &sb, SIZE_MAX), 0, "no limit");
	is_int(read_file("none", &sb, 10), -1, "no such file");
	is_int(errno, ENOENT, "ENOENT");
	is_int(read_file(".", &sb, 10), -1, "a directory");
	is_int(errno, EISDIR, "EISDIR");
	strbuf_release(&sb);

	is_int(write_file("f", "", 0), 0, "write_file, empty");
	is_int(read_file("f", &sb, 0), 0, "empty with max 0");
	is_int((long long)sb.len, 0, "nothing");
	is_str(sb.buf, "", "a string");
	is_int(write_file("none/f", "x", 1), -1, "write_file, no directory");
	is_int(errno, ENOENT, "ENOENT");
	is_int(write_file("/dev/full", "x", 1), -1, "write_file, no room");
	is_int(errno, ENOSPC, "ENOSPC");
	strbuf_release(&sb);
}

static void
test_tail(void)
{
	static const struct {
		const char *text;
		size_t max;
		const char *want;
	} cases[] = {
		{ "", 10, "" },
		{ "a\nb\n", 10, "a\nb\n" },
		{ "a\nb\n", 4, "a\nb\n" },
		{ "a\nb\n", 3, "b\n" },
		{ "a\nb\n", 2, "b\n" },
		{ "a\nb\n", 1, "\n" },
		{ "a\nb\n", 0, "" },
		{ "one\ntwo\nthree", 9, "two\nthree" },
		{ "one\ntwo\nthree", 8, "three" },
		{ "one\ntwo\nthree", 5, "three" },
		{ "one\ntwo\nthree", 3, "ree" },
		{ "one\nlonger\n", 4, "ger\n" },
		{ "abcdef", 3, "def" },
		{ "a\n\n\n", 2, "\n\n" },
	};
	struct strbuf sb = STRBUF_INIT;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		write_file("t", cases[i].text, strlen(cases[i].text));
		strbuf_reset(&sb);
		is_int(read_tail("t", &sb, cases[i].max), 0, "read_tail");
		is_str(sb.buf, cases[i].want, "tail");
	}
	strbuf_reset(&sb);
	strbuf_addstr(&sb, "x");
	write_file("t", "a\nb\n", 4);
	is_int(read_tail("t", &sb, 2), 0, "read_tail appends");
	is_str(sb.buf, "xb\n", "behind what was there");
	is_int(read_tail("none", &sb, 2), -1, "no such file");
	is_int(read_tail(".", &sb, 2), -1, "a directory");
	is_str(sb.buf, "xb\n", "the buffer is as it was");
	strbuf_release(&sb);
}

static void
on_alarm(int sig)
{
	(void)sig;
}

/* A pipe holds less than BIG, and a timer interrupts both ends. */
static void
test_pipe(void)
{
	struct sigaction sa;
	struct strbuf sb = STRBUF_INIT;
	char *big = xmalloc(BIG);
	int fd[2], status, rc;
	size_t i;
	pid_t pid;

	for (i = 0; i < BIG; i++)
		big[i] = (char)(i % 251);
	memset(&sa, 0, sizeof(sa));
	sa.sa_handler = on_alarm;
	sigaction(SIGALRM, &sa, NULL);
	if (pipe2(fd, O_CLOEXEC) < 0)
		return;
	pid = fork();
	if (pid == 0) {
		close(fd[0]);
		usleep(20000);
		rc = write_full(fd[1], big, BIG);
		free(big);
		_exit(rc == 0 ? 0 : 1);
	}
	close(fd[1]);
	ualarm(5000, 1000);
	rc = read_fd(fd[0], &sb, BIG);
	ualarm(0, 0);
	is_int(rc, 0, "read_fd");
	ok(sb.len == BIG && memcmp(sb.buf, big, BIG) == 0, "all of it");
	close(fd[0]);
	ok(waitpid(pid, &status, 0) == pid && status == 0, "write_full");
	strbuf_release(&sb);
	free(big);
}

static void
test_copy(void)
{
	struct strbuf a = STRBUF_INIT, b = STRBUF_INIT;
	int from, to, i;

	for (i = 0; i < 40000; i++)
		strbuf_addf(&a, "line %d\n", i);
	write_file("from", a.buf, a.len);
	from = open("from", O_RDONLY);
	to = open("to", O_WRONLY | O_CREAT, 0666);
	is_int(copy_fd(from, to), 0, "copy_fd");
	is_int(copy_fd(from, to), 0, "copy_fd at the end of the file");
	is_int(copy_fd(to, from), -1, "copy_fd from what cannot be read");
	is_int(errno, EBADF, "EBADF");
	close(from);
	close(to);
	read_file("to", &b, SIZE_MAX);
	ok(a.len == b.len && memcmp(a.buf, b.buf, a.len) == 0, "the same");
	strbuf_release(&a);
	strbuf_release(&b);

	from = open("from", O_RDONLY);
	to = open("/dev/full", O_WRONLY);
	is_int(copy_fd(from, to), -1, "copy_fd, no room");
	is_int(errno, ENOSPC, "ENOSPC");
	close(from);
	close(to);
	is_int(write_full(-1, "x", 1), -1, "write_full, bad descriptor");
	is_int(write_full(-1, "x", 0), 0, "write_full of nothing");
}

int
main(void)
{
	char tmp[] = "/tmp/unit-io-XXXXXX";

	if (mkdtemp(tmp) == NULL || chdir(tmp) < 0)
		return 1;
	test_read_file();
	test_tail();
	test_pipe();
	test_copy();
	is_int(sync_parent("to"), 0, "sync_parent");
	is_int(sync_parent("/tmp"), 0, "sync_parent of the root");
	is_int(sync_parent("none/x"), -1, "sync_parent, no directory");
	is_int(errno, ENOENT, "ENOENT");
	if (chdir("/") == 0 && tree_remove(tmp) < 0)
		ok(false, "clean up");
	return tap_done();
}
