/*
 * Diagnostics of one file, collected so that all of them are told in one run
 * and in the order of the file: `FILE:LINE:COL: error: KEY: what is wrong`.
 */
#ifndef BASE_DIAG_H
#define BASE_DIAG_H

#include "lib/base/compat.h"

struct diag_entry {
	int line, column;	/* from 1; 0 where there is no position */
	bool warning;
	char *message;
	size_t order;		/* as reported, for those at one position */
};

struct diag {
	char *file;		/* as the user wrote it */
	struct diag_entry *entry;
	size_t n, cap;
	size_t errors;
};

void diag_init(struct diag *diag, const char *file);
void diag_release(struct diag *diag);

void diag_error(struct diag *diag, int line, int column, const char *fmt, ...)
    PRINTF_LIKE(4, 5);
void diag_warning(struct diag *diag, int line, int column, const char *fmt,
    ...) PRINTF_LIKE(4, 5);

/* Sorts by position; entries of one position keep their order. */
void diag_sort(struct diag *diag);

/* Sorts, then writes each entry to stderr, at most 100 of them. */
void diag_print(struct diag *diag);

#endif
