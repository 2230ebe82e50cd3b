/*
 * Subprocesses: started by posix_spawn in a process group of their own, ended
 * group by group. Functions that return int give 0, or an errno value.
 */
#ifndef BASE_PROCESS_H
#define BASE_PROCESS_H

#include "lib/base/compat.h"
#include "lib/base/strbuf.h"

struct process_spec {
	char *const *argv;	/* argv[0] is looked up in PATH of `env` */
	char *const *env;
	const char *dir;	/* working directory */
	int log_fd;		/* stdout and stderr */
	int keep_fd;		/* stays open in the child; -1: none */
};

struct process_end {
	int exit_code;		/* -1 if a signal ended it */
	int signal;		/* 0 if it exited */
	int64_t max_rss;	/* bytes */
	int64_t cpu_ms;		/* user and system, of it and its children */
};

/*
 * What execvp would start, but by the PATH of `env` and with relative entries
 * taken from `dir`. NULL and errno if nothing is there; the caller frees.
 */
char *process_find(const char *name, char *const *env, const char *dir);

/*
 * Starts it: stdin is /dev/null, signals are at their defaults, all other
 * descriptors are closed. ENOENT and EACCES are about the program, or about
 * the directory if that is not there.
 */
int process_spawn(const struct process_spec *spec, pid_t *pid);

/* The same, but stderr goes elsewhere than to log_fd. */
int process_spawn_apart(const struct process_spec *spec, int err_fd,
    pid_t *pid);

/*
 * Whether the leader of the group has ended. If so, whatever the group left
 * behind is killed, the leader reaped and *end filled in.
 */
bool process_reap(pid_t pid, struct process_end *end);

struct process_output {
	struct strbuf out, err;	/* appended to */
	size_t max;		/* of each; EFBIG if there is more */
};

/*
 * Runs a short one to its end and keeps what it said. Its status is in *end,
 * also when it failed.
 */
int process_capture(char *const *argv, char *const *env, const char *dir,
    struct process_output *output, struct process_end *end);

/* Sends the signal to the whole group; no error if it is gone. */
void process_signal_group(pid_t pgid, int signum);

/* Whether any process of the group still lives. */
bool process_group_alive(pid_t pgid);

/*
 * When the process was started, as a number that no other process of this
 * boot with that pid shares; 0 if there is none.
 */
int64_t process_start_time(pid_t pid);

#endif
