/* An access token (RFC 6749 section 5.1) and what is needed to renew it. */
#ifndef FLYTE_TOKEN_H
#define FLYTE_TOKEN_H

#include "lib/base/compat.h"

struct strbuf;
struct json;

struct token {
	char *access;		/* NULL: there is none */
	char *refresh;		/* NULL: it cannot be renewed */
	int64_t issued;		/* epoch seconds of this machine's clock */
	int64_t expires;	/* 0: not known */
	/* Of the answer that told where to get it; may be NULL. */
	char *client_id;	/* the public client's */
	char *token_url;
	char *header;		/* carries it too; see auth.c */
};

/* Frees all, wiping what is secret; it may be used again. */
void token_release(struct token *token);

/* What `from` holds is now in `to`, and what `to` held is gone. */
void token_move(struct token *to, struct token *from);

/* What a token endpoint answered at `now`. False without an access_token. */
bool token_from_answer(struct token *token, const struct json *answer,
    int64_t now);

/*
 * Whether it can be sent at `now`: not within the last 30 s or tenth of its
 * life, whichever is longer, but never the last half of a short one.
 */
bool token_is_fresh(const struct token *token, int64_t now);

/* Whether it can stand in a header: visible ASCII, not empty. */
bool token_is_clean(const char *text);

/*
 * What a JWT (RFC 7519) says of itself, for people, without its signature:
 * `audience https://x, scopes all, expires 2026-..`. Appends nothing for an
 * opaque token.
 */
void token_describe(struct strbuf *sb, const char *access);

/* The claim's epoch seconds (`exp`, `iat`, `nbf`), or 0. */
int64_t token_claim_time(const char *access, const char *claim);

#endif
