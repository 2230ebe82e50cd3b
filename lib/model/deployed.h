/* Versions of an app that were deployed, as every target describes them. */
#ifndef MODEL_DEPLOYED_H
#define MODEL_DEPLOYED_H

#include "lib/base/compat.h"

/* A deployed snapshot of the source. Texts are owned by the struct. */
struct deployed {
	char *version;
	int64_t created_at;	/* milliseconds since 1970 */
	char *digest;		/* sha256 of its tar; "" without a source */
	char *identity;		/* of a clean git tree; NULL if it was none */
	char *app_digest;	/* sha256 of the app file */
	char *app_file;		/* where it lies in the version's directory */
	char *subject;		/* of the commit; NULL */
	int64_t files, bytes;	/* -1: the target does not say */
};

void deployed_release(struct deployed *deployed);

#endif
