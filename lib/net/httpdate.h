/* The dates of HTTP headers (RFC 9110 section 5.6.7). */
#ifndef NET_HTTPDATE_H
#define NET_HTTPDATE_H

#include "lib/base/compat.h"

/*
 * Reads `Sun, 06 Nov 1994 08:49:37 GMT` and the two obsolete forms of it
 * (RFC 850 and asctime). False if it is none of them. `now` (epoch seconds)
 * says which century a year of two digits is in.
 */
bool httpdate_parse(const char *text, int64_t now, int64_t *seconds);

/*
 * Retry-After (RFC 9110 section 10.2.3): seconds, or a date, of which what
 * lies between it and `now` counts. In milliseconds, 0 for what is past; -1 if
 * it is neither.
 */
int64_t httpdate_retry_after(const char *text, int64_t now);

#endif
