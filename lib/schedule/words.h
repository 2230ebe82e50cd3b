/* A cron expression for people, and for the other dialects. */
#ifndef SCHEDULE_WORDS_H
#define SCHEDULE_WORDS_H

#include "lib/base/compat.h"
#include "lib/schedule/cron.h"

struct span;
struct strbuf;

/* Appends what it means: `at 10:00, Monday to Friday`. */
void words_print(struct strbuf *sb, const struct cron *cron);

/*
 * Appends the same as five fields that crontab(5) of Unix takes for the same
 * days as robfig does: there a day field that begins as a star is one.
 */
void words_unix(struct strbuf *sb, const struct cron *cron);

/*
 * Appends the same as AWS's `cron(...)`; false where that cannot say it, for
 * want of days that match by either field.
 */
bool words_aws(struct strbuf *sb, const struct cron *cron);

/*
 * The cron whose times in UTC are the multiples of the rate since 1970; false
 * if there is none.
 */
bool words_rate(const struct span *rate, struct cron *cron);

#endif
