/*
 * URLs of http and https as text (RFC 3986): taken apart, put together,
 * encoded. Nothing here looks up a name.
 */
#ifndef NET_URL_H
#define NET_URL_H

#include "lib/base/compat.h"

struct strbuf;

struct url {
	bool tls;
	bool has_user;		/* `user:password@` stands in it */
	char *host;		/* lower case, no brackets */
	int port;		/* the scheme's own if none is given */
	char *path;		/* `/...` without query; "/" at least */
	char *query;		/* behind the `?`; NULL if there is none */
};

/*
 * Takes an absolute URL apart; no fragment. False, and *why in static text, if
 * it is none: another scheme, no host, a bad port, blanks, control characters
 * or bytes beyond ASCII. url_release is right in both cases.
 */
bool url_parse(const char *text, struct url *url, const char **why);
void url_release(struct url *url);

/* `https://host[:port]`: without the port that the scheme has anyway. */
void url_print_origin(struct strbuf *sb, const struct url *url);

/* `host:port`, with brackets where the host is an IPv6 address. */
void url_print_authority(struct strbuf *sb, const struct url *url);

/* Same scheme, host and port; false if one of them is no URL. */
bool url_same_origin(const char *a, const char *b);

/* `localhost`, 127.0.0.0/8 or ::1. */
bool url_host_is_loopback(const char *host);

/*
 * Appends what a reference (RFC 3986 section 5.2) found in an answer of `base`
 * means: absolute, `//host/..`, `/..`, `?..` or relative; a fragment goes.
 * False if it does not make a URL that url_parse takes.
 */
bool url_resolve(struct strbuf *sb, const char *base, const char *reference);

/*
 * Appends the text as one path segment or query value: all but the unreserved
 * characters (letters, digits, `-._~`) as %XX. Segments `.` and `..` would
 * vanish on the way: their dots are encoded, too.
 */
void url_encode(struct strbuf *sb, const char *text);

/* `/` and the segment, encoded. */
void url_add_segment(struct strbuf *sb, const char *segment);

/* `?NAME=VALUE`, or `&...` if the buffer holds a `?` already. */
void url_add_query(struct strbuf *sb, const char *name, const char *value);

/*
 * The same for a body of application/x-www-form-urlencoded: `&` between the
 * pairs, none before the first.
 */
void url_add_form(struct strbuf *sb, const char *name, const char *value);

/*
 * Appends the text with %XX decoded and, if `form`, `+` as a blank. False, and
 * nothing appended, for a bad %XX or a NUL.
 */
bool url_decode(struct strbuf *sb, const char *text, size_t len, bool form);

#endif
