/* Rows of `schedule list`, as a table with remarks or as JSON. */
#ifndef CMD_SCHEDULETABLE_H
#define CMD_SCHEDULETABLE_H

#include "lib/base/compat.h"
#include "lib/base/strvec.h"
#include "lib/model/app.h"
#include "lib/model/scheduled.h"
#include "lib/text/jsonio.h"

#include "cmd/table.h"

struct schedule_ops;

struct schedule_row {
	const struct scheduled *scheduled;	/* NULL: not deployed */
	const struct schedule *declared;	/* NULL: it is not */
	const char *drift;		/* between the two; NULL: none */
	const char *changes;		/* of keys, in words; NULL */
};

struct schedule_table {
	const struct schedule_ops *ops;
	bool as_json;
	int64_t now;			/* milliseconds */
	struct table table;
	struct strbuf text;		/* of a cell, or all of the JSON */
	struct json_writer json;
	struct strvec remarks;
	size_t rows, active, remarked;
};

void schedule_table_init(struct schedule_table *t,
    const struct schedule_ops *ops, bool as_json);
void schedule_table_add(struct schedule_table *t,
    const struct schedule_row *row);

/* Writes what is held back, then the remarks. */
void schedule_table_end(struct schedule_table *t);
void schedule_table_release(struct schedule_table *t);

#endif
