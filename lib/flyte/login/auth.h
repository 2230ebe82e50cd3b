/*
 * The login of one cluster: which token goes with a request, when a new one is
 * got and how. Nobody knows ahead whether a cluster wants one, so the first
 * request goes with what the cache has, and a 401 of Flyte's own (code 16)
 * leads to one login and one repetition.
 */
#ifndef FLYTE_AUTH_H
#define FLYTE_AUTH_H

#include "lib/base/compat.h"
#include "lib/base/err.h"

struct auth;
struct config;
struct http;
struct http_response;
struct http_settings;
struct strbuf;

/*
 * For the API at `origin`, whose client, made of `settings`, gets its bearer
 * from now on; all must outlive it. Requests to authorization servers go by
 * the same client, or where admin.httpProxyURL is set by one with that proxy.
 */
struct auth *auth_open(const struct config *config, const char *origin,
    struct http *http, const struct http_settings *settings);

/* Fine with NULL. */
void auth_close(struct auth *auth);

/*
 * Why no token could be had, for a request that ended with HTTP_NO_TOKEN or
 * 401 (EXIT_DENIED where nothing else is known). EXIT_DONE: nothing failed.
 */
enum status auth_status(const struct auth *auth);

/*
 * Whether the answer is a 401 by which Flyte itself wants a token, not a proxy
 * in front, and not for lack of the scope that the token would need.
 */
bool auth_is_wanted(const struct http_response *res);

/* Hints below the report of a 401: what it means, what the token says. */
void auth_explain(const struct auth *auth, const struct http_response *res);

/*
 * Appends what was sent last, for people: `ClientSecret, client 'ci', expires
 * 2026-..`. Nothing if no token was.
 */
void auth_describe(const struct auth *auth, struct strbuf *sb);

#endif
