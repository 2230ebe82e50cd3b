/*
 * How a target is reached: its settings, where each was read, and whether the
 * way there is open. Apart from target_ops, because it is for when nothing can
 * be opened.
 */
#ifndef TARGET_SETUP_H
#define TARGET_SETUP_H

#include "lib/base/compat.h"
#include "lib/base/err.h"
#include "lib/model/app.h"

struct target_setting {
	const char *name;	/* as it is spelled where it is set */
	const char *value;	/* NULL: not set. Never a secret */
	const char *from;	/* `FILE:LINE`, a variable, `default`; NULL */
};

/* A step of the way, from the nearest to the farthest. */
struct target_check {
	const char *name;	/* "dns", "tcp", "tls" ... */
	bool failed;
	const char *text;	/* what was found */
};

/* Told of each as it comes; texts live as long as the call. */
struct target_listener {
	void *arg;
	void (*setting)(void *arg, const struct target_setting *setting);
	void (*check)(void *arg, const struct target_check *check);
};

struct target_setup {
	enum target_type type;

	/* `decl` is NULL for the `local` that nobody declared. */
	enum status (*describe)(const struct app *app,
	    const struct target_decl *decl,
	    const struct target_listener *listener);

	/*
	 * Goes the way step by step up to the first that fails, after whose
	 * check it prints what to do; its status is the result.
	 */
	enum status (*test)(const struct app *app,
	    const struct target_decl *decl,
	    const struct target_listener *listener);
};

#endif
