/* Signals for a loop that waits; see signals.h for why they stay blocked. */
#include "lib/base/compat.h"

#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include "lib/base/err.h"
#include "lib/base/signals.h"
#include "lib/base/tempfile.h"

static const int noted[] = { SIGCHLD, SIGINT, SIGTERM, SIGHUP };

static struct sigaction former[ARRAY_SIZE(noted)];
static sigset_t former_mask;
static bool begun;
static volatile sig_atomic_t first, count;

static void
on_signal(int signum)
{
	if (signum == SIGCHLD)
		return;
	if (first == 0)
		first = signum;
	if (count < 100)
		count = count + 1;
}

void
signals_begin(void)
{
	struct sigaction sa;
	sigset_t block;
	size_t i;

	first = count = 0;
	begun = true;
	memset(&sa, 0, sizeof(sa));
	sa.sa_handler = on_signal;
	sigemptyset(&sa.sa_mask);
	sigemptyset(&block);
	for (i = 0; i < ARRAY_SIZE(noted); i++)
		sigaddset(&block, noted[i]);
	sigprocmask(SIG_BLOCK, &block, &former_mask);
	for (i = 0; i < ARRAY_SIZE(noted); i++) {
		sigaction(noted[i], NULL, &former[i]);
		/* What nohup(1) ignores stays ignored. */
		if (noted[i] != SIGCHLD && former[i].sa_handler == SIG_IGN)
			continue;
		sigaction(noted[i], &sa, NULL);
	}
}

void
signals_end(void)
{
	size_t i;

	if (!begun)
		return;
	begun = false;
	for (i = 0; i < ARRAY_SIZE(noted); i++)
		sigaction(noted[i], &former[i], NULL);
	sigprocmask(SIG_SETMASK, &former_mask, NULL);
}

void
signals_sleep(int64_t ms)
{
	signals_wait(NULL, 0, ms);
}

void
signals_wait(struct pollfd *fd, size_t n, int64_t ms)
{
	struct timespec ts;
	size_t i;

	if (ms < 0)
		ms = 0;
	ts.tv_sec = (time_t)(ms / 1000);
	ts.tv_nsec = (long)(ms % 1000) * 1000000;
	if (ppoll(fd, (nfds_t)n, &ts, &former_mask) < 0)
		for (i = 0; i < n; i++)
			fd[i].revents = 0;
}

int
signals_caught(void)
{
	return first;
}

int
signals_count(void)
{
	return count;
}

void
signals_forget(void)
{
	first = count = 0;
}

void
signals_raise(int signum)
{
	struct sigaction sa;
	sigset_t set;

	tempfile_unlink_all();
	memset(&sa, 0, sizeof(sa));
	sa.sa_handler = SIG_DFL;
	sigemptyset(&sa.sa_mask);
	sigaction(signum, &sa, NULL);
	sigemptyset(&set);
	sigaddset(&set, signum);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	raise(signum);
	die(EXIT_LOCAL, "signal %d did not end the program", signum);
}
