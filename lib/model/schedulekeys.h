/*
 * What a schedule declares, as text that can be kept with it and compared
 * later, and the difference of two such texts in words.
 */
#ifndef MODEL_SCHEDULEKEYS_H
#define MODEL_SCHEDULEKEYS_H

#include "lib/base/compat.h"

struct schedule;
struct strbuf;

/*
 * Appends one JSON object: the keys of the app file that the schedule was
 * given, always in one order, objects by name. Times and lengths are in one
 * form, expression and rate as written. A key with the value that it has
 * without being given is left out, and so are the name and `targets`, which
 * say where a schedule lives and not what it is.
 */
void schedule_keys_print(struct strbuf *sb, const struct schedule *schedule);

/*
 * What became of the keys: appends to `names` those that differ (`expression,
 * overlap`) and to `words` the values (`expression "0 2 * * *" -> "0 3 * * *",
 * overlap skip -> queue`); either may be NULL. False if they are the same.
 * What is no such text differs as a whole.
 */
bool schedule_keys_differ(const char *before, const char *after,
    struct strbuf *names, struct strbuf *words);

#endif
