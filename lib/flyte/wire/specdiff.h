/*
 * What is to be registered against what a cluster has. Answers name every
 * field of a message, unset ones too, and numbers of 64 bits are texts there:
 * neither is a difference.
 */
#ifndef FLYTE_SPECDIFF_H
#define FLYTE_SPECDIFF_H

#include "lib/base/compat.h"

struct json;
struct strbuf;

struct specdiff {
	struct strbuf *out;	/* NULL: only counted */
	const char *indent;
	size_t n;		/* differences */
	/*
	 * Those of two versions of an app: what names them, and where their
	 * sources lie, is no difference, nor are the keys of a schedule once
	 * more. NULL: it is one.
	 */
	const char *old_version, *new_version;
};

/*
 * Appends a line for each field, `PATH: OLD -> NEW`, and counts them; `stored`
 * is the old one. Either may be NULL.
 */
void specdiff(struct specdiff *diff, const struct json *stored,
    const struct json *sent);

#endif
