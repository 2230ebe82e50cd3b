/*
 * What went wrong, in words and as a number. One enum is the result of every
 * function that can fail for a user's reason and, unchanged, the exit status.
 *
 * error() prints `unionml: error: ...` on stderr and yields the status, so
 * that a library function can `return error(EXIT_INPUT, ...)`. A message is
 * lower case, has no full stop, and names its subject in single quotes. It is
 * written by one write(2), control characters masked.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include "lib/base/compat.h"

enum status {
	EXIT_DONE = 0,		/* done; an empty list is done */
	EXIT_RUN = 1,		/* the run failed, or the answer is no */
	EXIT_USAGE = 2,		/* wrong usage */
	EXIT_INPUT = 3,		/* wrong input: app file, JSON, cron text */
	EXIT_LOCAL = 4,		/* this machine: file, disk, memory, stdout */
	EXIT_NETWORK = 5,	/* network or server: worth a retry */
	EXIT_CONFLICT = 6,	/* no such thing, or another under that name */
	EXIT_PENDING = 7,	/* still running when the wait ended */
	EXIT_DENIED = 8,	/* not allowed: log in or ask */
};

enum status error(enum status status, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* As error(), followed by `: ` and what errno says. */
enum status error_errno(enum status status, const char *fmt, ...)
    PRINTF_LIKE(2, 3);

void warning(const char *fmt, ...) PRINTF_LIKE(1, 2);

/* The next step: an indented line below an error, for the person reading. */
void hint(const char *fmt, ...) PRINTF_LIKE(1, 2);

/* Chatter for stderr: not printed with --quiet. */
void note(const char *fmt, ...) PRINTF_LIKE(1, 2);

/* Details for stderr: printed with --verbose only. */
void detail(const char *fmt, ...) PRINTF_LIKE(1, 2);

/* For main.c, cmd/ and the x-allocators alone: nothing else in lib/ exits. */
void die(enum status status, const char *fmt, ...) NORETURN PRINTF_LIKE(2, 3);

/* A broken promise inside the program: message, then abort (134). */
#define BUG(...) bug_at(__FILE__, __LINE__, __VA_ARGS__)
void bug_at(const char *file, int line, const char *fmt, ...) NORETURN
    PRINTF_LIKE(3, 4);

/*
 * Writes a whole line to stderr, however long, as it stands but for control
 * characters.
 */
void err_line(const char *text, size_t len);

/*
 * All of the above flush stdout before, so that the order is kept where both
 * go to one file. What that last failed with; 0: it never did.
 */
int err_stdout_errno(void);

enum verbosity { QUIET = -1, NORMAL = 0, VERBOSE = 1 };
void err_set_verbosity(enum verbosity v);
enum verbosity err_verbosity(void);

/* Sends all of the above elsewhere (tests, fuzzing); NULL restores stderr. */
void err_set_sink(void (*sink)(void *arg, const char *text, size_t len),
    void *arg);

#endif
