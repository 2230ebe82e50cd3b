/*
 * Files below a directory, reached name by name through no symbolic link: a
 * path leads where it says, or nowhere, whoever puts links in the way.
 */
#ifndef PACKAGE_BELOW_H
#define PACKAGE_BELOW_H

#include "lib/base/compat.h"
#include "lib/base/strbuf.h"

struct below {
	int top;
	int dir;		/* the directory used last; may be `top` */
	struct strbuf path;	/* of `dir`; "" is the top */
};

#define BELOW_INIT { -1, -1, STRBUF_INIT }

/* 0, or -1 with errno. */
int below_open(struct below *below, const char *dir);

/*
 * The descriptor of the directory that holds `path`, good until the next
 * call; *name is the last part of `path`. With `make` directories that are
 * missing are made. -1 with errno: ENOTDIR or ELOOP where a parent is a link.
 * `path` is relative, without `.`, `..` and empty names.
 */
int below_parent(struct below *below, const char *path, bool make,
    const char **name);

void below_close(struct below *below);

#endif
