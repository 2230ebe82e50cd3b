/*
 * Who executes a run, known by locks that the kernel frees when their holder
 * dies: one of the process that owns it, one of the run that its components
 * inherit. Neither pids nor leases in wall time are believed.
 */
#ifndef LOCAL_OWNER_H
#define LOCAL_OWNER_H

#include "lib/base/compat.h"
#include "lib/base/err.h"
#include "lib/store/store.h"

struct owner_lock {
	struct owner owner;
	char *path;
	int fd;			/* -1: not held */
};

#define OWNER_LOCK_INIT { { "", 0, 0 }, NULL, -1 }

/* Makes this process an owner. EXIT_LOCAL after a message. */
enum status owner_acquire(struct owner_lock *lock, const struct store *store);

/* After a fork: the child goes on as the owner with its own pid. */
void owner_adopt(struct owner_lock *lock);

/* Lets go in this process only: a child that adopted it keeps it. */
void owner_leave(struct owner_lock *lock);

/* Gives it up. */
void owner_release(struct owner_lock *lock);

/* Whether the process that is this owner still lives. */
bool owner_alive(const struct store *store, const char *owner);

/*
 * The lock of a run, to be given to its components; -1 with errno if it
 * cannot be had (EWOULDBLOCK: something of the run still lives).
 */
int run_lock(const char *run_dir);
bool run_locked(const char *run_dir);

/*
 * The process groups, at most `max`, in which the run's lock is held: also
 * those that nobody came to record, and those whose leader is gone. Returns
 * how many.
 */
size_t run_groups(const char *run_dir, pid_t *group, size_t max);

#endif
