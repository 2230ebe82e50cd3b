/*
 * Requests to an authorization server (RFC 6749): its metadata and its token
 * endpoint. They go through a client of their own, which has the proxy of
 * `admin.httpProxyURL`, and never carry the bearer.
 */
#ifndef FLYTE_OAUTH_H
#define FLYTE_OAUTH_H

#include "lib/base/compat.h"
#include "lib/base/arena.h"
#include "lib/base/err.h"
#include "lib/base/strvec.h"
#include "lib/net/http.h"

struct config;
struct json;
struct strbuf;
struct token;

struct oauth {
	struct http *http;
	const struct config *config;
	const char *origin;	/* the API's */
	int haste;		/* of the settings: divides waits */
	char *proxy_line;	/* `Proxy-Authorization: ...`, or NULL */
};

struct oauth_reply {
	struct http_response res;
	struct arena arena;
	struct json *json;	/* of a body that is an object; else NULL */
	const char *error;	/* its `error`, or "" */
};

/* Where to log in and as whom; what is not told is "" or an empty list. */
struct discovery {
	char *authorization_url, *token_url, *device_url;
	char *client_id, *redirect_uri, *audience, *header;
	struct strvec scopes;
};

void oauth_reply_release(struct oauth_reply *reply);

/*
 * Posts a form; `basic` is the value of the Authorization header or NULL. True
 * if an answer came, whatever its status.
 */
bool oauth_post(struct oauth *oauth, const char *url,
    const struct strbuf *form, const char *basic, enum http_retry retry,
    struct oauth_reply *reply);

/* Prints why the reply is no success; `what` as in http_report. */
enum status oauth_report(const struct oauth *oauth, const char *url,
    const struct oauth_reply *reply, const char *what);

/*
 * Makes a token of a 2xx reply. EXIT_NETWORK after a message if there is none
 * in it.
 */
enum status oauth_take_token(const char *url, const struct oauth_reply *reply,
    struct token *token);

/*
 * EXIT_DENIED after a message if a secret must not go there: to http:// beyond
 * this machine while the API is https://. `what` is the key that named it.
 */
enum status oauth_check_url(const struct oauth *oauth, const char *what,
    const char *url);

/*
 * Asks the API for /.well-known/oauth-authorization-server and
 * /config/v1/flyte_client. EXIT_CONFLICT after a message where auth is off.
 * With `client_only` only the second is asked for. To be released whatever
 * comes back.
 */
enum status discovery_fetch(struct discovery *d, struct oauth *oauth,
    bool client_only);
void discovery_release(struct discovery *d);

#endif
