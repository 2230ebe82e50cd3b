/* Subprocesses: what they get, how they end, what they leave behind. */
#include "lib/base/compat.h"

#include <sys/wait.h>

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "lib/base/process.h"
#include "t/unit/tap.h"

static char out_path[] = "/tmp/unionml-process-XXXXXX";

static char *const plain_env[] = { (char *)"PATH=/usr/bin:/bin", NULL };

static int
open_out(void)
{
	return open(out_path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
}

static const char *
read_out(void)
{
	static char text[4096];
	int fd = open(out_path, O_RDONLY | O_CLOEXEC);
	ssize_t n = read(fd, text, sizeof(text) - 1);

	text[n > 0 ? n : 0] = '\0';
	close(fd);
	return text;
}

static struct process_spec
shell(const char *script, int log_fd)
{
	static char *argv[4];
	struct process_spec spec = { argv, plain_env, "/", log_fd, -1 };

	argv[0] = (char *)"sh";
	argv[1] = (char *)"-c";
	argv[2] = (char *)(uintptr_t)script;
	argv[3] = NULL;
	return spec;
}

static bool
wait_for(pid_t pid, struct process_end *end)
{
	int64_t start = clock_monotonic_ms();
	struct timespec ts = { 0, 5000000 };

	while (clock_monotonic_ms() - start < 20000) {
		if (process_reap(pid, end))
			return true;
		nanosleep(&ts, NULL);
	}
	return false;
}

static void
run(const char *script, struct process_end *end)
{
	int fd = open_out();
	struct process_spec spec = shell(script, fd);
	pid_t pid = 0;

	memset(end, 0, sizeof(*end));
	is_int(process_spawn(&spec, &pid), 0, script);
	close(fd);
	ok(wait_for(pid, end), "it ends");
}

static void
test_ends(void)
{
	struct process_end end;

	run("echo out; echo err >&2", &end);
	is_int(end.exit_code, 0, "exit status 0");
	is_int(end.signal, 0, "no signal");
	ok(end.max_rss > 100000, "memory is in bytes: %lld",
	    (long long)end.max_rss);
	is_str(read_out(), "out\nerr\n", "stdout and stderr in one log");
	run("exit 7", &end);
	is_int(end.exit_code, 7, "exit status 7");
	run("kill -USR1 $$", &end);
	is_int(end.exit_code, -1, "no exit status after a signal");
	is_int(end.signal, SIGUSR1, "the signal");
	run("i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done", &end);
	ok(end.cpu_ms >= 10, "cpu time: %lld ms", (long long)end.cpu_ms);
}

static void
test_surroundings(void)
{
	struct process_end end;

	run("pwd; cat; echo $PATH; env | wc -l", &end);
	ok(strncmp(read_out(), "/\n/usr/bin:/bin\n", 16) == 0,
	    "directory, empty stdin, environment");
	signal(SIGPIPE, SIG_IGN);
	run("kill -PIPE $$; echo survived", &end);
	is_int(end.signal, SIGPIPE, "ignored signals are at their default");
	signal(SIGPIPE, SIG_DFL);
	run("ls /proc/self/fd | wc -l", &end);
	is_int(read_out()[0] - '0', 4, "only 0, 1, 2 and what ls opens");
}

/* A zombie that nobody reaps is as good as gone. */
static bool
lives(pid_t pid)
{
	char path[64], text[512] = "";
	ssize_t n = 0;
	int fd;

	snprintf(path, sizeof(path), "/proc/%ld/stat", (long)pid);
	if ((fd = open(path, O_RDONLY | O_CLOEXEC)) >= 0) {
		n = read(fd, text, sizeof(text) - 1);
		close(fd);
	}
	return n > 0 && strstr(text, ") Z ") == NULL;
}

static bool
dies(pid_t pid)
{
	struct timespec ts = { 0, 5000000 };
	int i;

	for (i = 0; i < 1000 && lives(pid); i++)
		nanosleep(&ts, NULL);
	return !lives(pid);
}

static void
test_group(void)
{
	int64_t start = clock_monotonic_ms();
	struct process_end end;
	pid_t grandchild;

	run("sleep 60 & echo $!", &end);
	is_int(end.exit_code, 0, "a leader with a child left behind");
	ok(clock_monotonic_ms() - start < 10000, "nobody waits for it");
	grandchild = (pid_t)strtol(read_out(), NULL, 10);
	ok(grandchild > 1 && dies(grandchild), "it was killed");
}

static void
test_signal(void)
{
	int fd = open_out();
	struct process_spec spec = shell("trap '' TERM; echo ready; "
	    "while :; do sleep 1; done", fd);
	struct timespec ts = { 0, 20000000 };
	struct process_end end;
	pid_t pid;
	int i;

	is_int(process_spawn(&spec, &pid), 0, "one that ignores TERM");
	close(fd);
	for (i = 0; i < 500 && strcmp(read_out(), "ready\n") != 0; i++)
		nanosleep(&ts, NULL);
	ok(process_group_alive(pid), "its group lives");
	ok(process_start_time(pid) > 0, "it has a start time");
	ok(process_start_time(pid) >= process_start_time(getpid()),
	    "which is after ours");
	process_signal_group(pid, SIGTERM);
	nanosleep(&ts, NULL);
	ok(!process_reap(pid, &end), "TERM does not end it");
	process_signal_group(pid, SIGKILL);
	ok(wait_for(pid, &end), "KILL does");
	is_int(end.signal, SIGKILL, "and is told");
	is_int(process_start_time(pid), 0, "no start time any more");
	process_signal_group(0, SIGKILL);
	process_signal_group(1, SIGKILL);
	ok(true, "group 0 and 1 are nobody's to signal");
}

static void
test_faults(void)
{
	char *const missing[] = { (char *)"no-such-program", NULL };
	char *const directory[] = { (char *)"/", NULL };
	char *const ls[] = { (char *)"ls", NULL };
	char *const relative[] = { (char *)"bin/sh", (char *)"-c",
	    (char *)"exit 3", NULL };
	struct process_end end;
	int fd = open_out();
	struct process_spec spec = { missing, plain_env, "/", fd, -1 };
	pid_t pid;

	is_int(process_spawn(&spec, &pid), ENOENT, "no such program");
	/* valgrind makes vfork a fork: nobody hears of the child's errno. */
	if (getenv("UNIONML_VALGRIND") == NULL) {
		spec.argv = directory;
		is_int(process_spawn(&spec, &pid), EACCES, "a directory");
		spec.argv = ls;
		spec.dir = "/no/such/directory";
		is_int(process_spawn(&spec, &pid), ENOENT,
		    "no such directory");
		spec.dir = "/";
	}
	spec.argv = relative;
	is_int(process_spawn(&spec, &pid), 0, "relative to the directory");
	ok(wait_for(pid, &end) && end.exit_code == 3, "and it ran");
	close(fd);
}

static void
captured(const char *script, size_t max, int want, int code, const char *out,
    const char *err)
{
	struct process_output output = { STRBUF_INIT, STRBUF_INIT, max };
	char *argv[] = { (char *)(uintptr_t)"sh", (char *)(uintptr_t)"-c",
	    (char *)(uintptr_t)script, NULL };
	struct process_end end = { .exit_code = -2 };

	is_int(process_capture(argv, plain_env, "/", &output, &end), want,
	    script);
	is_int(end.exit_code, code, "its status");
	is_str(output.out.buf, out, "its stdout");
	is_str(output.err.buf, err, "its stderr");
	strbuf_release(&output.out);
	strbuf_release(&output.err);
}

static void
test_capture(void)
{
	struct process_output output = { STRBUF_INIT, STRBUF_INIT, 10 };
	char *missing[] = { (char *)(uintptr_t)"no-such-program", NULL };
	struct process_end end;
	int64_t start;

	captured("echo one; echo two >&2; exit 3", 10, 0, 3, "one\n",
	    "two\n");
	captured(":", 10, 0, 0, "", "");
	captured("pwd; cat", 10, 0, 0, "/\n", "");
	captured("printf 1234567890", 10, 0, 0, "1234567890", "");
	captured("printf 12345678901", 10, EFBIG, 0, "", "");
	captured("kill -9 $$", 10, 0, -1, "", "");
	start = clock_monotonic_ms();
	captured("sleep 60 & echo on", 10, 0, 0, "on\n", "");
	ok(clock_monotonic_ms() - start < 20000,
	    "what stays behind is not waited for");
	strbuf_addstr(&output.out, "kept ");
	is_int(process_capture(missing, plain_env, "/", &output, &end), ENOENT,
	    "no such program");
	is_str(output.out.buf, "kept ", "appended to");
	strbuf_release(&output.out);
}

int
main(void)
{
	int fd = mkstemp(out_path);

	close(fd);
	test_ends();
	test_surroundings();
	test_group();
	test_signal();
	test_faults();
	test_capture();
	unlink(out_path);
	return tap_done();
}
