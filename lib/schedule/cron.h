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
 * `@midnight` `@weekly` `@monthly` `@yearly` `@annually`, lower case). The
 * language is robfig's to the letter, oddities included (`1,,2`, `*-5`),
 * since other tools' schedules are read with it too, except that:
 * - 7 for Sunday is taken besides, alone or at the end of a range;
 * - a field without any value (`,`), which would never fire, is refused;
 * - `TZ=`, `CRON_TZ=` and `@every` are refused with a word about what to use.
 */
bool cron_parse(const char *text, struct cron *cron, struct cron_error *err);

/*
 * Reads the `len` bytes at text[at] as one field. Weekdays count from
 * `sunday`: 0, or 1 as AWS has it (then 7 is Saturday). The error's column
 * counts from the start of `text`.
 */
bool cron_parse_field(const char *text, size_t at, size_t len,
    enum cron_field field, int sunday, struct cron *cron,
    struct cron_error *err);

/* Sets the error at text[at], its column counted in characters. Is false. */
bool cron_fail(struct cron_error *err, const char *text, size_t at,
    const char *fmt, ...) PRINTF_LIKE(4, 5);

/* The length of the white space at `s` (as Go's unicode.IsSpace), or 0. */
size_t cron_space(const char *s);

/*
 * Appends a canonical expression: parsing it gives the same cron again. No
 * field is empty.
 */
void cron_print(struct strbuf *sb, const struct cron *cron);

#endif
