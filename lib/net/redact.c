/*
 * What of a URL may be shown. A signed URL is a password for as long as it
 * lives, so its query goes as a whole; in others single values do.
 */
#include "lib/base/compat.h"

#include "lib/base/strbuf.h"
#include "lib/net/redact.h"

/* Names whose mere presence says that the URL is signed. */
static const char *const signatures[] = {
	"X-Amz-Signature", "X-Amz-Credential", "X-Amz-Security-Token",
	"X-Goog-Signature", "X-Goog-Credential", "X-OSS-Signature",
	"AWSAccessKeyId", "GoogleAccessId", "Signature", "sig",
};

/* Names whose value is nobody's business, whole or as the last word. */
static const char *const secrets[] = {
	"token", "code", "secret", "password", "passwd", "assertion", "state",
	"verifier", "key", "apikey", "auth", "authorization", "credential",
	"nonce", "challenge",
};

static bool
name_is_in(const char *const *list, size_t n, const char *name, size_t len)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (strlen(list[i]) == len &&
		    strncasecmp(list[i], name, len) == 0)
			return true;
	return false;
}

/* `access_token` and `client-secret` end in a word of the list. */
static bool
is_secret(const char *name, size_t len)
{
	size_t start = len;

	while (start > 0 && name[start - 1] != '_' && name[start - 1] != '-')
		start--;
	return name_is_in(secrets, ARRAY_SIZE(secrets), name + start,
	    len - start);
}

static bool
query_is_signed(const char *query)
{
	size_t len;

	for (; *query != '\0'; query += len + (query[len] != '\0')) {
		len = strcspn(query, "&;");
		if (name_is_in(signatures, ARRAY_SIZE(signatures), query,
		    strcspn(query, "=&;")))
			return true;
	}
	return false;
}

static void
add_query(struct strbuf *sb, const char *query)
{
	size_t len, name;

	for (; *query != '\0'; query += len) {
		len = strcspn(query, "&;");
		name = strcspn(query, "=&;");
		if (name < len && is_secret(query, name)) {
			strbuf_add(sb, query, name);
			strbuf_addstr(sb, "=...");
		} else {
			strbuf_add(sb, query, len);
		}
		if (query[len] != '\0')
			strbuf_addch(sb, query[len++]);
	}
}

void
redact_url(struct strbuf *sb, const char *url, bool signed_url)
{
	const char *p = strstr(url, "://"), *at;
	size_t len;

	if (p) {
		p += 3;
		strbuf_add(sb, url, (size_t)(p - url));
	} else {
		p = url;
	}
	len = strcspn(p, "/?#");
	at = memrchr(p, '@', len);
	if (at) {
		len -= (size_t)(at + 1 - p);
		p = at + 1;
	}
	len += strcspn(p + len, "?#");
	strbuf_add(sb, p, len);
	p += len;
	if (*p == '\0')
		return;
	strbuf_addch(sb, *p++);
	if (signed_url || query_is_signed(p))
		strbuf_addstr(sb, "...");
	else
		add_query(sb, p);
}
