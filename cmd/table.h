/*
 * A table of fixed columns, as wide as the first rows need: those are held
 * back until enough of them have come, the rest streams.
 */
#ifndef CMD_TABLE_H
#define CMD_TABLE_H

#include "lib/base/compat.h"
#include "lib/base/strbuf.h"

#include "cmd/output.h"

enum { TABLE_COLUMNS_MAX = 8, TABLE_ROWS_HELD = 256 };

struct table {
	const char *const *head;	/* NULL-terminated */
	size_t columns;
	size_t width[TABLE_COLUMNS_MAX];
	bool coloured;
	bool streaming;
	struct strbuf held;		/* the cells, each ending in NUL */
	enum colour colour[TABLE_ROWS_HELD * TABLE_COLUMNS_MAX];
	size_t cells;
	struct strbuf out;
};

/* `head` are the names of the columns. Rows go to stdout. */
void table_init(struct table *table, const char *const *head);

/* The next cell, from left to right; the last one of a row ends it. */
void table_add(struct table *table, const char *text);
void table_add_coloured(struct table *table, const char *text,
    enum colour colour);

/* Writes what is held back. Nothing at all is written of a table of no rows. */
void table_end(struct table *table);

#endif
