/*
 * stopwatch ROUNDS COMMAND... [-- PEER...]: runs the commands by turns and
 * prints the medians of their wall times in microseconds, the highest of their
 * peak memories in KiB, and the medians of their CPU times in microseconds:
 * `ours peer ours-KiB peer-KiB ours-CPU peer-CPU`. A small process of its own,
 * since Linux counts the memory of whoever calls exec in the peak.
 */
#include "lib/base/compat.h"

#include <sys/resource.h>
#include <sys/wait.h>

#include <fcntl.h>
#include <unistd.h>

enum { MAX_ROUNDS = 1000 };

struct command {
	char **argv;
	int64_t us[MAX_ROUNDS], cpu[MAX_ROUNDS];
	long kib;
};

static int64_t
now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static int64_t
to_us(struct timeval t)
{
	return (int64_t)t.tv_sec * 1000000 + t.tv_usec;
}

static void
run(struct command *command, int round)
{
	int64_t start = now_us();
	struct rusage usage;
	int null, status;
	pid_t pid;

	pid = fork();
	if (pid == 0) {
		null = open("/dev/null", O_RDWR);
		dup2(null, 0);
		dup2(null, 1);
		dup2(null, 2);
		execvp(command->argv[0], command->argv);
		_exit(127);
	}
	if (pid < 0 || wait4(pid, &status, 0, &usage) != pid ||
	    !WIFEXITED(status) || WEXITSTATUS(status) != 0) {
		fprintf(stderr, "stopwatch: %s failed\n", command->argv[0]);
		exit(1);
	}
	command->us[round] = now_us() - start;
	command->cpu[round] = to_us(usage.ru_utime) + to_us(usage.ru_stime);
	if (usage.ru_maxrss > command->kib)
		command->kib = usage.ru_maxrss;
}

static int
compare(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/* 0 of what was not run. */
static long long
median(int64_t *us, int rounds)
{
	qsort(us, (size_t)rounds, sizeof(*us), compare);
	return us[rounds / 2];
}

int
main(int argc, char **argv)
{
	static struct command ours, peer;
	int rounds, i;

	rounds = argc > 2 ? (int)strtol(argv[1], NULL, 10) : 0;
	if (rounds < 1 || rounds > MAX_ROUNDS) {
		fputs("usage: stopwatch ROUNDS COMMAND... [-- PEER...]\n",
		    stderr);
		return 2;
	}
	ours.argv = argv + 2;
	for (i = 2; i < argc && peer.argv == NULL; i++)
		if (strcmp(argv[i], "--") == 0) {
			argv[i] = NULL;
			peer.argv = argv + i + 1;
		}
	for (i = 0; i < rounds; i++) {
		run(&ours, i);
		if (peer.argv != NULL)
			run(&peer, i);
	}
	printf("%lld %lld %ld %ld %lld %lld\n", median(ours.us, rounds),
	    median(peer.us, rounds), ours.kib, peer.kib,
	    median(ours.cpu, rounds), median(peer.cpu, rounds));
	return 0;
}
