/*
 * Progress of a run on stderr: a line for each node that ended and, on a
 * terminal, one below them for what is running now.
 */
#ifndef CMD_PROGRESS_H
#define CMD_PROGRESS_H

#include "lib/base/compat.h"
#include "lib/target/target.h"

enum { PROGRESS_NODES = 16 };

struct progress {
	bool terminal, coloured;
	bool shown;			/* a line that is to be replaced */
	struct { char name[48]; int64_t since; } running[PROGRESS_NODES];
	size_t n;
	struct observer observer;
};

/* The observer is progress->observer; quiet ones tell nothing. */
void progress_init(struct progress *progress);

/* Takes the line of what is running away. */
void progress_end(struct progress *progress);

#endif
