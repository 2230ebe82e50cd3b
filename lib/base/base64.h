/* Base64 (RFC 4648): with padding, and the form for URLs without it. */
#ifndef BASE_BASE64_H
#define BASE_BASE64_H

#include "lib/base/compat.h"

struct strbuf;

/* Appends the standard alphabet, padded: section 4. */
void base64_encode(struct strbuf *sb, const void *data, size_t len);

/* Appends the alphabet for URLs and file names, unpadded: section 5. */
void base64_encode_url(struct strbuf *sb, const void *data, size_t len);

/*
 * Appends what a text of the URL alphabet stands for, padded or not. False,
 * and nothing appended, if it is none.
 */
bool base64_decode_url(struct strbuf *sb, const char *text, size_t len);

/* The same of the standard alphabet. */
bool base64_decode(struct strbuf *sb, const char *text, size_t len);

#endif
