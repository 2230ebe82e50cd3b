/*
 * What a text of the app file must look like beyond being one. Each rule is
 * there twice, as code for the parser and as a regular expression for the JSON
 * Schema; a test holds the two against each other.
 */
#ifndef APPFILE_KEYRULE_H
#define APPFILE_KEYRULE_H

#include "lib/base/compat.h"

struct keyrule {
	const char *pattern;	/* means the same in ERE and in ECMAScript */
	bool (*match)(const char *text);
	const char *wanted;	/* what is wanted, for the message */
};

extern const struct keyrule keyrule_some;	/* anything but blanks */
extern const struct keyrule keyrule_image;
extern const struct keyrule keyrule_format;
extern const struct keyrule keyrule_quantity;	/* Kubernetes, roughly */
extern const struct keyrule keyrule_count;
extern const struct keyrule keyrule_secret;	/* group/key */
extern const struct keyrule keyrule_zone;	/* the form of an IANA name */


/*
 * `${NAME}` and `${NAME:-default}` in `text`: NULL if all of them are well
 * formed, else what is wrong, in static text.
 */
const char *keyrule_expansions(const char *text);

#endif
