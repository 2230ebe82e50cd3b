/*
 * Proof Key for Code Exchange (RFC 7636), by which a program without a secret
 * shows that it is the one that asked for the code.
 */
#ifndef FLYTE_PKCE_H
#define FLYTE_PKCE_H

#include "lib/base/compat.h"

/* The same length for both: 32 bytes in base64url, and NUL. */
enum { PKCE_SIZE = 44 };

/* 256 bits of the system's random source, as `verifier` or `state`. */
void pkce_random(char text[PKCE_SIZE]);

/* Section 4.2, method S256. */
void pkce_challenge(const char *verifier, char challenge[PKCE_SIZE]);

#endif
