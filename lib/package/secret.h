/*
 * Files that look like secrets: by their name (`.env`, `.netrc`, `id_rsa`) or
 * by a private key in their first bytes. Whoever reaches a cluster can read
 * what was deployed there, so these are for the user to decide on.
 */
#ifndef PACKAGE_SECRET_H
#define PACKAGE_SECRET_H

#include "lib/base/compat.h"
#include "lib/base/err.h"

struct filelist;

struct secret {
	const char *path;	/* the list's own text */
	const char *why;	/* static: "holds a private key" */
};

struct secrets {
	struct secret *v;	/* in the list's order */
	size_t n, cap;
};

#define SECRETS_INIT { NULL, 0, 0 }

/* Looks at each file of the list. What cannot be read is EXIT_LOCAL. */
enum status secrets_find(struct secrets *secrets, const struct filelist *list);

void secrets_release(struct secrets *secrets);

#endif
