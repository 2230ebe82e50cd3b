/*
 * UTF-8, judged byte by byte after table 3-7 of the Unicode standard: no
 * locale and no mbstate_t, so that all machines agree.
 */
#include "lib/base/compat.h"

#include "lib/text/utf8.h"

size_t
utf8_length(const char *text, size_t len)
{
	const unsigned char *s = (const unsigned char *)text;
	size_t i, n;

	if (s[0] < 0x80)
		return 1;
	if (s[0] < 0xc2 || s[0] > 0xf4)
		return 0;
	n = s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : 4;
	if (n > len)
		return 0;
	for (i = 1; i < n; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f) ||
	    (s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] > 0x8f))
		return 0;
	return n;
}

uint32_t
utf8_char(const char *text, size_t length)
{
	const unsigned char *s = (const unsigned char *)text;
	uint32_t c;
	size_t i;

	if (length == 1)
		return s[0];
	c = s[0] & (0x7fu >> length);
	for (i = 1; i < length; i++)
		c = c << 6 | (s[i] & 0x3fu);
	return c;
}
