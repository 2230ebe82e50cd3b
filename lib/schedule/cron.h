/*
 * Cron expressions of five fields, with the language and meaning of
 * robfig/cron v3's ParseStandard, which Flyte validates with and fires by.
 * Here: the parser with its ranges, and the printer. A field is a set of
 * bits; a star flag remembers that it began as `*` or `?`.
 */
#ifndef SCHEDULE_CRON_H
#define SCHEDULE_CRON_H

#include "lib/base/compat.h"

struct strbuf;

enum cron_field { CRON_MINUTE, CRON_HOUR, CRON_DAY, CRON_MONTH, CRON_WEEKDAY,
	CRON_FIELDS };

struct cron {
	uint64_t bits[CRON_FIELDS];
	bool star[CRON_FIELDS];	/* robfig's flag: kept by * and its step 1 */
	bool wild[CRON_FIELDS];	/* the field's text begins with * or ? */
};

/* What is wrong, and where in the text: column from 1. */
struct cron_error {
	char message[160];
	int column;
};

/*
 * Reads an expression of five fields or a descriptor (`@hourly` `@daily`
 * `@midnight` `@weekly` `@monthly` `@yearly` `@annually`, lower case). 7 for
 * Sunday is taken besides. `TZ=`, `CRON_TZ=`, `@every` and `@reboot` are
 * refused with a word about what to use.
 */
bool cron_parse(const char *text, struct cron *cron, struct cron_error *err);

/* Appends a canonical expression: parsing it gives the same cron again. */
void cron_print(struct strbuf *sb, const struct cron *cron);

#endif
