/*
 * Where tokens are kept between commands: a file of mode 0600 for each origin,
 * flow and client in ~/.local/state/unionml/tokens (XDG_STATE_HOME), 0700. It
 * is a convenience and never fatal: where it cannot be kept or must not be
 * trusted, a warning says so once and logging in goes on without.
 */
#ifndef FLYTE_TOKENCACHE_H
#define FLYTE_TOKENCACHE_H

#include "lib/base/compat.h"

struct token;

struct tokencache {
	char *path;		/* NULL: there is no place for it */
	char *origin, *flow, *client;
	int lock_fd;		/* -1: not locked */
	bool warned;
};

/* Looks at the disk, but makes nothing. */
void tokencache_open(struct tokencache *cache, const char *origin,
    const char *flow, const char *client);

/* Unlocks it, too. Fine for zeroed memory whose lock_fd is -1. */
void tokencache_close(struct tokencache *cache);

/* False, and the token as it was, if there is none to be trusted. */
bool tokencache_load(struct tokencache *cache, struct token *token);

/* By rename: whoever reads meanwhile has the old one or the new one. */
void tokencache_save(struct tokencache *cache, const struct token *token);

/* Removes it. */
void tokencache_drop(struct tokencache *cache);

/*
 * One process at a time logs in or refreshes: the others wait here, then load
 * what that one got. Gives up after `timeout_ms`, and where the file system
 * has no locks goes on without.
 */
void tokencache_lock(struct tokencache *cache, int64_t timeout_ms);
void tokencache_unlock(struct tokencache *cache);

#endif
