/*
 * The schedules that a target has, for who named one that it has not: all
 * names that are wrong are told, then those that would be right.
 */
#ifndef TARGET_KNOWN_H
#define TARGET_KNOWN_H

#include "lib/base/compat.h"
#include "lib/base/err.h"

struct strvec;

struct known {
	const struct strvec *names;	/* of those that may be named */
	const char *version;		/* whose they are; NULL: of any */
	const char *target;		/* its name; NULL: this machine */
};

/* Names the one that is not there: EXIT_CONFLICT. */
enum status known_refuse(const struct known *known, const char *name);

/* What there is: once, below all that was refused. */
void known_hint(const struct known *known);

/* Both, for all of the names that are not there; else EXIT_DONE. */
enum status known_check(const struct known *known,
    const struct strvec *names);

#endif
