/* A table whose columns are as wide as its first rows need. */
#include "lib/base/compat.h"

#include <unistd.h>

#include "cmd/table.h"
#include "lib/base/err.h"

enum { GAP = 2, WRITE_AT = 1 << 16 };

void
table_init(struct table *table, const char *const *head)
{
	memset(table, 0, sizeof(*table));
	strbuf_init(&table->held);
	strbuf_init(&table->out);
	table->head = head;
	table->coloured = output_coloured(STDOUT_FILENO);
	for (; head[table->columns] != NULL; table->columns++) {
		if (table->columns == TABLE_COLUMNS_MAX)
			BUG("a table of more than %d columns",
			    TABLE_COLUMNS_MAX);
		table->width[table->columns] = strlen(head[table->columns]);
	}
}

/* printf would double the time of a long list. */
static void
pad(struct strbuf *out, size_t n)
{
	static const char blanks[] = "                                ";

	for (; n >= sizeof(blanks); n -= sizeof(blanks) - 1)
		strbuf_add(out, blanks, sizeof(blanks) - 1);
	strbuf_add(out, blanks, n);
}

static void
put(struct table *t, size_t column, const char *text, enum colour colour)
{
	bool last = column + 1 == t->columns, tinted = colour != COLOUR_NONE;
	size_t len = strlen(text), width = t->width[column];

	if (tinted)
		strbuf_addstr(&t->out, output_colour(t->coloured, colour));
	strbuf_add(&t->out, text, len);
	if (tinted)
		strbuf_addstr(&t->out, output_colour(t->coloured,
		    COLOUR_NONE));
	if (last)
		strbuf_addch(&t->out, '\n');
	else
		pad(&t->out, (len < width ? width - len : 0) + GAP);
	if (last && t->out.len > WRITE_AT) {
		output_write(&t->out);
		strbuf_reset(&t->out);
	}
}

/* The head and the rows held back; from now on the widths stay. */
static void
start(struct table *t)
{
	const char *cell = t->held.buf;
	size_t i, column;

	for (i = 0; i < t->cells; i++, cell += strlen(cell) + 1) {
		column = i % t->columns;
		if (strlen(cell) > t->width[column])
			t->width[column] = strlen(cell);
	}
	for (i = 0; i < t->columns; i++)
		put(t, i, t->head[i], COLOUR_NONE);
	cell = t->held.buf;
	for (i = 0; i < t->cells; i++, cell += strlen(cell) + 1)
		put(t, i % t->columns, cell, t->colour[i]);
	strbuf_reset(&t->held);
	t->streaming = true;
}

void
table_add_coloured(struct table *table, const char *text, enum colour colour)
{
	if (table->streaming) {
		put(table, table->cells++ % table->columns, text, colour);
		return;
	}
	strbuf_add(&table->held, text, strlen(text) + 1);
	table->colour[table->cells++] = colour;
	if (table->cells == TABLE_ROWS_HELD * table->columns)
		start(table);
}

void
table_add(struct table *table, const char *text)
{
	table_add_coloured(table, text, COLOUR_NONE);
}

void
table_end(struct table *table)
{
	if (!table->streaming && table->cells > 0)
		start(table);
	output_write(&table->out);
	strbuf_release(&table->out);
	strbuf_release(&table->held);
}
