/*
 * Signals for a loop that waits: handlers only note what came, and nothing is
 * lost between looking and sleeping because the signals stay blocked except
 * while it sleeps.
 */
#ifndef BASE_SIGNALS_H
#define BASE_SIGNALS_H

#include "lib/base/compat.h"

struct pollfd;

/* Blocks SIGCHLD, SIGINT, SIGTERM and SIGHUP and notes them from now on. */
void signals_begin(void);

/* Puts mask and handlers back as they were; fine if nothing was begun. */
void signals_end(void);

/* Sleeps for `ms` milliseconds, less if a signal comes. */
void signals_sleep(int64_t ms);

/* The same, less also if one of the descriptors is ready: see poll(2). */
void signals_wait(struct pollfd *fd, size_t n, int64_t ms);

/* The first of INT, TERM and HUP that came since signals_begin; 0: none. */
int signals_caught(void);

/* How many of them came: a second one means that somebody is impatient. */
int signals_count(void);

/* Forgets what came. */
void signals_forget(void);

/*
 * Dies by the signal, so that the caller sees 128 + N; temporary files go.
 */
void signals_raise(int signum) NORETURN;

#endif
