/* Verifiers and their challenges. */
#include "lib/base/compat.h"

#include <sha2.h>

#include "lib/base/base64.h"
#include "lib/base/strbuf.h"
#include "lib/flyte/login/pkce.h"

static void
print(const unsigned char bytes[SHA256_DIGEST_LENGTH], char text[PKCE_SIZE])
{
	struct strbuf sb = STRBUF_INIT;

	base64_encode_url(&sb, bytes, SHA256_DIGEST_LENGTH);
	memcpy(text, sb.buf, PKCE_SIZE);
	explicit_bzero(sb.buf, sb.len);
	strbuf_release(&sb);
}

void
pkce_random(char text[PKCE_SIZE])
{
	unsigned char bytes[SHA256_DIGEST_LENGTH];

	arc4random_buf(bytes, sizeof(bytes));
	print(bytes, text);
	explicit_bzero(bytes, sizeof(bytes));
}

void
pkce_challenge(const char *verifier, char challenge[PKCE_SIZE])
{
	unsigned char digest[SHA256_DIGEST_LENGTH];
	SHA2_CTX sha;

	SHA256Init(&sha);
	SHA256Update(&sha, (const uint8_t *)verifier, strlen(verifier));
	SHA256Final(digest, &sha);
	print(digest, challenge);
}
