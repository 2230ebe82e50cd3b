/*
 * URLs as they may be shown. Pure text, and one place: whatever prints a URL
 * of a request goes through here.
 */
#ifndef NET_REDACT_H
#define NET_REDACT_H

#include "lib/base/compat.h"

struct strbuf;

/*
 * Appends the URL without user and password. Of a signed one (`signed_url`, or
 * a query that bears a signature: S3, GCS, Azure) the whole query becomes
 * `?...`; of others the values of names like token, code, secret and state
 * become `...`.
 */
void redact_url(struct strbuf *sb, const char *url, bool signed_url);

#endif
