/*
 * The HTTP client of unionml (RFC 9110), on libcurl, which is opened at the
 * first request and not before. One thread, any number of requests at a time
 * up to a cap, connections kept and reused, HTTP/2 where TLS offers it.
 *
 * What a request may carry and whether it may be repeated is declared by it,
 * never guessed: its auth, its retry class, where its body comes from and where
 * the answer goes. Nothing is collected that can be streamed.
 *
 * Nothing here prints but warnings of the settings, and with --verbose a line
 * for each request and for each answer. No header, no body and no query of a
 * signed URL is ever printed. Times are in milliseconds, sizes in bytes.
 */
#ifndef NET_HTTP_H
#define NET_HTTP_H

#include "lib/base/compat.h"
#include "lib/base/err.h"
#include "lib/base/strbuf.h"

struct http;
struct http_request;
struct http_response;
struct strvec;

enum http_method { HTTP_GET, HTTP_POST, HTTP_PUT, HTTP_DELETE };

enum http_auth {
	HTTP_AUTH_NONE,		/* open, or the caller's own headers */
	HTTP_AUTH_BEARER,	/* what http_set_bearer supplies */
	HTTP_AUTH_SIGNED,	/* the URL is the secret: nothing is added */
};

/* Which faults let a request be sent again; retry.h has the table. */
enum http_retry {
	HTTP_RETRY_READ,	/* changes nothing */
	HTTP_RETRY_WRITE,	/* may be done twice with the same outcome */
	HTTP_RETRY_NEVER,	/* only what surely never reached the server */
};

/*
 * What stood between a request and its answer. With HTTP_FINE there is one,
 * whatever its status.
 */
enum http_fault {
	HTTP_FINE,
	HTTP_NO_LIBRARY,	/* libcurl is not installed, or too old */
	HTTP_BAD_URL,		/* not http(s), or not where the bearer goes */
	HTTP_RESOLVE,		/* no address by that name */
	HTTP_CONNECT,		/* refused, unreachable */
	HTTP_PROXY,		/* the proxy cannot be reached, or refuses */
	HTTP_TLS,		/* no common TLS, or this is no TLS port */
	HTTP_UNTRUSTED,		/* its certificate, or no use of ca_file */
	HTTP_TIMEOUT,		/* one of the limits below */
	HTTP_CUT,		/* the connection broke off */
	HTTP_TOO_LARGE,		/* the answer is over its cap */
	HTTP_PROTOCOL,		/* what came is no HTTP */
	HTTP_GRPC,		/* what came is gRPC: the wrong port */
	HTTP_REDIRECT,		/* a redirect that is not followed */
	HTTP_SOURCE,		/* the file being sent cannot be read */
	HTTP_SINK,		/* the answer cannot be put where it goes */
	HTTP_NO_TOKEN,		/* the supplier of the bearer has failed */
	HTTP_STOPPED,		/* the `stop` of the settings said so */
	HTTP_NOT_SENT,		/* a write, and this is a dry run */
};

enum {
	HTTP_PARALLEL = 8,
	HTTP_CONNECT_MS = 10 * 1000,
	HTTP_STALL_MS = 30 * 1000,
	HTTP_STALL_BYTES = 1024,
	HTTP_ATTEMPT_MS = 60 * 1000,
	HTTP_RETRY_MS = 60 * 1000,
	HTTP_BODY_MAX = 64 << 20,	/* as JSON_SIZE_MAX */
	HTTP_REDIRECTS = 5,
};

struct http_settings {
	const char *ca_file;	/* PEM, in place of the system's; or NULL */
	bool skip_verify;	/* beats ca_file; a warning says so, once */
	/*
	 * Wins over HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY, which
	 * hold where this is NULL. "": no proxy.
	 */
	const char *proxy;
	const char *user_agent;
	int parallel;		/* requests under way at a time */

	int64_t connect_ms;	/* name, TCP and TLS together */
	int64_t stall_ms;	/* ends what moves less than stall_bytes */
	int64_t stall_bytes;	/* in that time, either way */
	int64_t attempt_ms;	/* one attempt; see struct http_request */
	int64_t retry_ms;	/* no attempt begins later than that */
	/*
	 * For tests: all times above and all delays are divided by it.
	 * http_settings_init takes it from UNIONML_TEST_HASTE.
	 */
	int haste;

	/*
	 * Dry run: reads are sent; a write goes to `would_send` (if any), and
	 * its fault is HTTP_NOT_SENT.
	 */
	bool dry_run;
	void (*would_send)(void *arg, const struct http_request *req);
	/*
	 * Asked several times a second (or NULL): true ends all that is under
	 * way with HTTP_STOPPED.
	 */
	bool (*stop)(void *arg);
	void *arg;		/* of both */
};

/* The defaults above, no proxy of its own, the system's certificates. */
void http_settings_init(struct http_settings *s);

/*
 * Copies the settings. Opens nothing: neither libcurl nor a connection. Never
 * NULL; http_close(NULL) is fine.
 */
struct http *http_open(const struct http_settings *s);
void http_close(struct http *h);

/*
 * Who supplies the bearer. Both functions are called between transfers and may
 * themselves call http_call with the same client: such a call goes through
 * connections of its own and carries no bearer.
 */
struct http_bearer {
	/*
	 * Appends whole lines (`Authorization: Bearer T`) for a request to
	 * `origin`; none at all is fine (no token cached: the answer tells if
	 * one is needed). False, after an error message: HTTP_NO_TOKEN.
	 */
	bool (*headers)(void *arg, struct strvec *lines);
	/*
	 * A 401 came back for what `headers` gave last. True: the request is
	 * sent once more, with what `headers` gives then. It is called once
	 * for all requests under way; each of them is repeated once. False:
	 * the 401 is the answer (`required scope`, no JSON with code 16).
	 */
	bool (*renew)(void *arg, const struct http_response *refusal);
	void *arg;
	/* `https://host[:port]`: no other place ever gets the lines. */
	const char *origin;
};

/* Copies; NULL takes it away. */
void http_set_bearer(struct http *h, const struct http_bearer *bearer);

struct http_request {
	enum http_method method;
	const char *url;	/* absolute; sent byte for byte */
	enum http_auth auth;
	enum http_retry retry;
	/*
	 * A POST that changes nothing that matters (a token, a signed URL):
	 * a dry run sends it, too.
	 */
	bool harmless;

	/*
	 * Whole lines, NULL at the end; or NULL. Always sent are `Host` and
	 * `User-Agent`, and but for HTTP_AUTH_SIGNED also `Accept:
	 * application/json` and with a body `Content-Type: application/json`,
	 * each unless a line here has another value.
	 */
	const char *const *headers;

	/*
	 * The body: `body_len` bytes at `body`, or if body_fd is not -1 those
	 * from body_offset of that file on, read by pread(2) as they are sent.
	 * POST and PUT always have a Content-Length.
	 */
	const void *body;
	int64_t body_len;
	int body_fd;
	int64_t body_offset;

	/*
	 * Where the body of a 2xx answer goes; those of others are for the
	 * response alone. By default into the response, at most `max` bytes
	 * (0: HTTP_BODY_MAX). With sink_fd not -1 it is written to that file
	 * (a regular one), its byte 0 at sink_offset. Else with `sink` it is
	 * called for each piece; false ends the request (HTTP_SINK). With
	 * either `max` 0 means no cap.
	 */
	int64_t max;
	int sink_fd;
	int64_t sink_offset;
	bool (*sink)(void *arg, const char *data, size_t len);
	/*
	 * With `sink`: the answer begins anew, forget what came. Where it is
	 * NULL nothing is repeated once a piece was given, but by Range.
	 */
	void (*restart)(void *arg);
	/*
	 * After a cut go on by Range (GET to sink or sink_fd), if the server
	 * does and it is still the same thing by ETag and length; else anew.
	 * range_from > 0 asks for the rest only: for a download that goes on
	 * under another signed URL, of which the last response gave `received`,
	 * `etag` and `total`.
	 */
	bool resume;
	int64_t range_from;
	const char *range_etag;
	int64_t range_total;	/* -1: not known */

	/* Body bytes so far, and how many there will be or -1. */
	void (*progress)(void *arg, int64_t done, int64_t total);
	void *arg;		/* of sink, restart, progress */

	/*
	 * 0: those of the settings, and no attempt_ms for a request with a
	 * body_fd, sink_fd or sink. -1: no limit; no retry.
	 */
	int64_t attempt_ms;
	int64_t retry_ms;
};

/*
 * A request without headers, body and sinks. Its retry class is that of its
 * method (RFC 9110 section 9.2.2): GET reads, PUT and DELETE may be repeated,
 * POST never.
 */
void http_request_init(struct http_request *req, enum http_method method,
    const char *url);

struct http_response {
	enum http_fault fault;
	int status;		/* 0: none came. With a fault: it broke off */
	struct strbuf body;	/* NUL-terminated, unlike its source */

	char *content_type, *location, *etag;	/* NULL: not given */
	int64_t retry_after;	/* ms from now; -1: not given */
	int64_t total;		/* of the whole thing, also with 206; or -1 */
	int64_t date;		/* of the server, epoch seconds; or -1 */

	int64_t received;	/* what the sink has: range_from counts */
	int attempts;		/* how often it was sent */
	int64_t ms;		/* from the first attempt to the end */

	/*
	 * With a fault: what happened, as a message of err.h has it (`cannot
	 * reach HOST:PORT: connection refused`), and the next step or NULL.
	 */
	char *problem, *next_step;
};

void http_response_init(struct http_response *res);
void http_response_release(struct http_response *res);

/* From now on it is a dry run, or is none any more. */
void http_set_dry_run(struct http *h, bool dry_run);

/* Sends it and waits. True if an answer came: HTTP_FINE, whatever status. */
bool http_call(struct http *h, const struct http_request *req,
    struct http_response *res);

/*
 * Queues a request. `done` is called by http_run, http_add or http_call, once
 * for each, in the order in which they end; it may take the body away
 * (strbuf_detach) and may add more. Strings, headers and a body in memory are
 * copied; descriptors stay open until then. When more than a few are queued
 * for each one under way it first waits for some to end, but not if called
 * by a `done`, which may not call http_call or http_run either.
 */
void http_add(struct http *h, const struct http_request *req,
    void (*done)(void *arg, struct http_response *res), void *arg);

/* Until all that was added has ended. */
void http_run(struct http *h);

/*
 * Sends off what was added, for who has something else to do until http_run;
 * it waits for nothing.
 */
void http_start(struct http *h);

/* Drops what is queued or under way; their `done` gets HTTP_STOPPED. */
void http_cancel(struct http *h);

/*
 * The exit status that goes with it: EXIT_DONE for 2xx and HTTP_NOT_SENT;
 * EXIT_NETWORK for what may heal (faults of the wire, 408, 429, 5xx, an answer
 * that is no HTTP); EXIT_DENIED for 401, 403 and HTTP_NO_TOKEN; EXIT_CONFLICT
 * for 404, 409, 410 and 412; EXIT_LOCAL for libcurl, source and sink;
 * EXIT_INPUT for a bad URL and other 4xx.
 */
enum status http_exit_status(const struct http_response *res);

/*
 * Prints the problem of a response that has a fault, or for a status that is
 * not 2xx `METHOD PATH: 503 Service Unavailable: what the server says`; and
 * the next step. `what` (or NULL) comes first: `cannot list the runs: `.
 * Returns http_exit_status; nothing was printed if that is EXIT_DONE. Of
 * HTTP_NO_TOKEN the supplier has told already.
 */
enum status http_report(const struct http_request *req,
    const struct http_response *res, const char *what);

#endif
