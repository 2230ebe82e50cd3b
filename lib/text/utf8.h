/* UTF-8 as RFC 3629 has it: nothing overlong, no surrogates, up to U+10FFFF. */
#ifndef TEXT_UTF8_H
#define TEXT_UTF8_H

#include "lib/base/compat.h"

/*
 * The length in bytes of the character at the start of `s`, which holds at
 * least one byte; 0 if it is none.
 */
size_t utf8_length(const char *s, size_t len);

/* The character of that length at `s`. */
uint32_t utf8_char(const char *s, size_t length);

#endif
