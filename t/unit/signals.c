/* Signals for a waiting loop: noted, counted, never lost, put back. */
#include "lib/base/compat.h"

#include <sys/wait.h>

#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "lib/base/signals.h"
#include "t/unit/tap.h"

/* A sleep of more than SOON_MS was not cut short. */
enum { LONG_MS = 60000, SOON_MS = 30000 };

static volatile sig_atomic_t ours;

static void
our_handler(int signum)
{
	ours = signum;
}

/* Whether a long sleep was cut short. */
static bool
wakes(void)
{
	int64_t start = clock_monotonic_ms();

	signals_sleep(LONG_MS);
	return clock_monotonic_ms() - start < SOON_MS;
}

static int64_t
sleep_took(int64_t ms)
{
	int64_t start = clock_monotonic_ms();

	signals_sleep(ms);
	return clock_monotonic_ms() - start;
}

static void
test_noted(void)
{
	static const int each[] = { SIGINT, SIGTERM, SIGHUP };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(each); i++) {
		signals_begin();
		is_int(signals_caught(), 0, strsignal(each[i]));
		is_int(signals_count(), 0, "none came");
		raise(each[i]);
		is_int(signals_caught(), 0, "it waits until the loop sleeps");
		ok(wakes(), "what came before the sleep ends it at once");
		is_int(signals_caught(), each[i], "it is noted");
		is_int(signals_count(), 1, "once");
		ok(sleep_took(20) >= 20, "it ends one sleep only");
		signals_end();
	}
}

static void
test_during_sleep(void)
{
	pid_t pid;

	signals_begin();
	if ((pid = fork()) == 0) {
		poll(NULL, 0, 50);
		kill(getppid(), SIGTERM);
		_exit(0);
	}
	ok(wakes(), "a signal or the child's end cut the sleep short");
	waitpid(pid, NULL, 0);
	signals_sleep(0);
	is_int(signals_caught(), SIGTERM, "one that came during the sleep");
	signals_end();
}

static void
test_count(void)
{
	int i;

	signals_begin();
	raise(SIGTERM);
	signals_sleep(0);
	raise(SIGINT);
	signals_sleep(0);
	is_int(signals_caught(), SIGTERM, "of two the first is told");
	is_int(signals_count(), 2, "both are counted");
	signals_forget();
	is_int(signals_caught(), 0, "forgotten");
	is_int(signals_count(), 0, "the count too");
	raise(SIGHUP);
	signals_sleep(0);
	is_int(signals_caught(), SIGHUP, "the next is the first again");
	for (i = 0; i < 150; i++) {
		raise(SIGINT);
		signals_sleep(0);
	}
	is_int(signals_count(), 100, "nobody counts further than 100");
	signals_end();
	signals_begin();
	is_int(signals_count(), 0, "beginning anew forgets");
	signals_end();
}

static void
test_child(void)
{
	int status;
	pid_t pid;

	signal(SIGCHLD, SIG_IGN);
	signals_begin();
	if ((pid = fork()) == 0)
		_exit(3);
	ok(wakes(), "the end of a child cuts a sleep short");
	is_int(signals_caught(), 0, "but is not told");
	is_int(signals_count(), 0, "nor counted");
	is_int(waitpid(pid, &status, 0), pid,
	    "it can be waited for, though the caller ignored SIGCHLD");
	is_int(WIFEXITED(status) ? WEXITSTATUS(status) : -1, 3, "its status");
	signals_end();
	ok(signal(SIGCHLD, SIG_DFL) == SIG_IGN, "which it does again");
}

static void
test_sleep(void)
{
	signals_begin();
	ok(sleep_took(30) >= 30, "a sleep in full");
	ok(sleep_took(0) < SOON_MS, "none");
	ok(sleep_took(-1) < SOON_MS, "less than none");
	ok(sleep_took(INT64_MIN) < SOON_MS, "far less than none");
	signals_end();
}

static void
test_wait(void)
{
	struct pollfd fd[2] = { { -1, POLLIN, 0 }, { -1, POLLIN, 0 } };
	int64_t start = clock_monotonic_ms();
	int ends[2];

	if (!ok(pipe(ends) == 0, "a pipe"))
		return;
	fd[1].fd = ends[0];
	signals_begin();
	signals_wait(fd, 2, 30);
	ok(clock_monotonic_ms() - start >= 30, "nothing to read: in full");
	is_int(fd[1].revents, 0, "and nothing is ready");
	ok(write(ends[1], "x", 1) == 1, "something is written");
	signals_wait(fd, 2, LONG_MS);
	is_int(fd[1].revents, POLLIN, "what can be read ends it");
	raise(SIGTERM);
	fd[1].fd = -1;
	signals_wait(fd, 2, LONG_MS);
	is_int(fd[1].revents, 0, "after a signal nothing is ready");
	is_int(signals_caught(), SIGTERM, "the signal ended it");
	ok(clock_monotonic_ms() - start < SOON_MS, "at once, both times");
	signals_end();
	close(ends[0]);
	close(ends[1]);
}

static void
test_ignored(void)
{
	signal(SIGHUP, SIG_IGN);
	signals_begin();
	raise(SIGHUP);
	ok(sleep_took(30) >= 30, "what nohup ignores ends no sleep");
	is_int(signals_caught(), 0, "and is not noted");
	raise(SIGTERM);
	ok(wakes(), "the others end it");
	is_int(signals_caught(), SIGTERM, "and are noted");
	signals_end();
	ok(signal(SIGHUP, SIG_DFL) == SIG_IGN, "it is ignored behind that");
}

static bool
is_blocked(int signum)
{
	sigset_t set;

	sigprocmask(SIG_BLOCK, NULL, &set);
	return sigismember(&set, signum) == 1;
}

static void
test_end(void)
{
	struct sigaction mine, found;
	sigset_t before, after;

	memset(&mine, 0, sizeof(mine));
	mine.sa_handler = our_handler;
	mine.sa_flags = SA_RESTART;
	sigemptyset(&mine.sa_mask);
	sigaddset(&mine.sa_mask, SIGUSR2);
	sigaction(SIGINT, &mine, NULL);
	sigemptyset(&before);
	sigaddset(&before, SIGUSR1);
	sigprocmask(SIG_SETMASK, &before, NULL);

	signals_begin();
	ok(is_blocked(SIGCHLD) && is_blocked(SIGINT) && is_blocked(SIGTERM) &&
	    is_blocked(SIGHUP), "the four are blocked");
	ok(is_blocked(SIGUSR1), "beside what was");
	ok(!is_blocked(SIGUSR2), "and nothing else");
	raise(SIGINT);
	ok(wakes() && ours == 0, "the caller's handler is not asked");
	raise(SIGINT);
	signals_end();

	is_int(ours, SIGINT, "what came last is for the caller's handler");
	sigaction(SIGINT, NULL, &found);
	ok(found.sa_handler == our_handler, "which is back");
	ok((found.sa_flags & SA_RESTART) != 0, "with its flags");
	is_int(sigismember(&found.sa_mask, SIGUSR2), 1, "and its mask");
	sigaction(SIGTERM, NULL, &found);
	ok(found.sa_handler == SIG_DFL, "a default is back");
	sigprocmask(SIG_BLOCK, NULL, &after);
	ok(is_blocked(SIGUSR1) && !is_blocked(SIGCHLD) &&
	    !is_blocked(SIGINT) && !is_blocked(SIGTERM) &&
	    !is_blocked(SIGHUP), "so is the mask");
	sigemptyset(&before);
	sigprocmask(SIG_SETMASK, &before, NULL);
	signal(SIGINT, SIG_DFL);
}

static void
test_raise(void)
{
	static const int each[] = { SIGINT, SIGTERM, SIGHUP };
	static const char *const when[] = { "at any time", "where ignored",
	    "while they are noted" };
	size_t i, j;
	int status;
	pid_t pid;

	for (i = 0; i < ARRAY_SIZE(each); i++) {
		for (j = 0; j < ARRAY_SIZE(when); j++) {
			fflush(stdout);
			if ((pid = fork()) == 0) {
				if (j == 1)
					signal(each[i], SIG_IGN);
				if (j == 2)
					signals_begin();
				signals_raise(each[i]);
			}
			status = 0;
			ok(waitpid(pid, &status, 0) == pid &&
			    WIFSIGNALED(status) && WTERMSIG(status) == each[i],
			    "%s ends the program %s", strsignal(each[i]),
			    when[j]);
		}
	}
}

int
main(void)
{
	test_noted();
	test_during_sleep();
	test_count();
	test_child();
	test_sleep();
	test_wait();
	test_ignored();
	test_end();
	test_raise();
	return tap_done();
}
