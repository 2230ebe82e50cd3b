/* Bytes as text and back, six bits a character. */
#include "lib/base/compat.h"

#include "lib/base/base64.h"
#include "lib/base/strbuf.h"

static const char standard[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char for_urls[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static void
encode(struct strbuf *sb, const unsigned char *p, size_t len,
    const char *alphabet, bool padded)
{
	unsigned long bits;
	size_t i, n;

	for (; len > 0; p += n, len -= n) {
		n = len < 3 ? len : 3;
		bits = (unsigned long)p[0] << 16;
		if (n > 1)
			bits |= (unsigned long)p[1] << 8;
		if (n > 2)
			bits |= p[2];
		for (i = 0; i <= n; i++)
			strbuf_addch(sb, alphabet[bits >> (18 - 6 * i) & 63]);
		for (; padded && i < 4; i++)
			strbuf_addch(sb, '=');
	}
}

void
base64_encode(struct strbuf *sb, const void *data, size_t len)
{
	encode(sb, data, len, standard, true);
}

void
base64_encode_url(struct strbuf *sb, const void *data, size_t len)
{
	encode(sb, data, len, for_urls, false);
}

static bool
decode(struct strbuf *sb, const char *text, size_t len, const char *alphabet)
{
	size_t before = sb->len, i, held = 0;
	unsigned long bits = 0;
	const char *at;

	if (len > 0 && len % 4 == 0 && text[len - 1] == '=')
		len -= text[len - 2] == '=' ? 2 : 1;
	/* One character more than a multiple of four is six bits: no byte. */
	if (len % 4 == 1)
		return false;
	for (i = 0; i < len; i++) {
		at = text[i] != '\0' ? strchr(alphabet, text[i]) : NULL;
		if (at == NULL) {
			strbuf_setlen(sb, before);
			return false;
		}
		bits = (bits << 6 | (unsigned long)(at - alphabet)) & 0xffffff;
		held += 6;
		if (held >= 8) {
			held -= 8;
			strbuf_addch(sb, (char)(bits >> held & 0xff));
		}
	}
	return true;
}

bool
base64_decode_url(struct strbuf *sb, const char *text, size_t len)
{
	return decode(sb, text, len, for_urls);
}

bool
base64_decode(struct strbuf *sb, const char *text, size_t len)
{
	return decode(sb, text, len, standard);
}
