/*
 * The place on this machine to which a browser brings the authorization code
 * (RFC 8252 section 7.3): an HTTP server for one request, and for all the stray
 * ones that come before it.
 */
#ifndef FLYTE_LISTENER_H
#define FLYTE_LISTENER_H

#include "lib/base/compat.h"
#include "lib/base/err.h"

struct listener;
struct strbuf;

/*
 * Listens at host, port and path of the redirect URI, which must be http on
 * this machine; `localhost` is 127.0.0.1 and ::1. EXIT_LOCAL after a message if
 * the port is taken, EXIT_DENIED if the URI is of elsewhere.
 */
enum status listener_open(struct listener **listener,
    const char *redirect_uri);

/* Fine with NULL. */
void listener_close(struct listener *listener);

int listener_port(const struct listener *listener);

/*
 * Waits for the request with that `state` and appends its code. EXIT_DENIED
 * after a message if it brings an error, nobody comes in time, or a signal
 * does.
 */
enum status listener_wait(struct listener *listener, const char *state,
    int64_t timeout_ms, struct strbuf *code);

#endif
