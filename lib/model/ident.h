/* Names, as DESIGN's words have them: app, schedule, target, input. */
#ifndef MODEL_IDENT_H
#define MODEL_IDENT_H

#include "lib/base/compat.h"

enum { IDENT_MAX = 40 };

enum ident_kind {
	IDENT_NAME,	/* [A-Za-z_][A-Za-z0-9_-]* */
	IDENT_INPUT,	/* the same without '-' */
	IDENT_ENV	/* as IDENT_INPUT, of any length */
};

/*
 * NULL if `name` is one, else what is wrong with it, in static text that goes
 * behind a colon: `a name begins with a letter or '_'`.
 */
const char *ident_check(enum ident_kind kind, const char *name);

#endif
