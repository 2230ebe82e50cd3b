/* The vector of RFC 7636 appendix B, and that no two are the same. */
#include "lib/base/compat.h"

#include "lib/flyte/login/pkce.h"
#include "t/unit/tap.h"

static const char alphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

int
main(void)
{
	char challenge[PKCE_SIZE], one[PKCE_SIZE], two[PKCE_SIZE];
	int i;

	pkce_challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
	    challenge);
	is_str(challenge, "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
	    "appendix B");
	for (i = 0; i < 100; i++) {
		pkce_random(one);
		pkce_random(two);
		if (strlen(one) != 43 || strspn(one, alphabet) != 43 ||
		    strcmp(one, two) == 0)
			ok(false, "a verifier like '%s'", one);
	}
	ok(true, "verifiers are of 43 unreserved characters");
	return tap_done();
}
