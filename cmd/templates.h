/*
 * The templates of `unionml init`, compiled in: scripts/embed makes their C of
 * share/templates/.
 */
#ifndef CMD_TEMPLATES_H
#define CMD_TEMPLATES_H

#include "lib/base/compat.h"

struct template_file {
	const char *path;	/* a name, without directories */
	unsigned mode;		/* 0644 or 0755 */
	const char *text;	/* @NAME@: the app; @IMAGE@: its image */
};

struct template_need {
	const char *program;
	const char *package;	/* Debian's */
};

struct template {
	const char *name;
	const char *about;	/* one line */
	const char *first;	/* what to run before training, or "" */
	const struct template_need *needs;	/* ends in a NULL program */
	const struct template_file *files;	/* ends in a NULL path */
};

/* The default one first; ends in a NULL name. */
extern const struct template templates[];

/* Their names, up to a NULL. */
extern const char *const template_names[];

#endif
