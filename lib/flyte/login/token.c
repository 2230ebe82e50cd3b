/* Tokens: their life, and what those that are JWTs say of themselves. */
#include "lib/base/compat.h"

#include "lib/base/arena.h"
#include "lib/base/base64.h"
#include "lib/base/clock.h"
#include "lib/base/strbuf.h"
#include "lib/base/xalloc.h"
#include "lib/flyte/login/token.h"
#include "lib/text/jsonio.h"

enum { MARGIN_SECONDS = 30, LIFE_MAX = 10 * 366 * 86400 };

static void
wipe(char **text)
{
	if (*text != NULL)
		explicit_bzero(*text, strlen(*text));
	free(*text);
	*text = NULL;
}

void
token_release(struct token *token)
{
	wipe(&token->access);
	wipe(&token->refresh);
	free(token->client_id);
	free(token->token_url);
	free(token->header);
	memset(token, 0, sizeof(*token));
}

void
token_move(struct token *to, struct token *from)
{
	token_release(to);
	*to = *from;
	memset(from, 0, sizeof(*from));
}

static const char *
text_of(const struct json *map, const char *name)
{
	const struct json *value = json_find(map, name);

	return value != NULL && value->kind == JSON_TEXT && value->n > 0 ?
	    value->text : NULL;
}

/* Seconds as a number or, as some send them, a text of one. */
static int64_t
seconds_of(const struct json *map, const char *name)
{
	const struct json *value = json_find(map, name);
	const char *why;

	if (value == NULL)
		return 0;
	if (value->kind == JSON_INT)
		return value->integer;
	if (value->kind == JSON_DOUBLE && value->real > 0 &&
	    value->real < 1e15)
		return (int64_t)value->real;
	if (value->kind == JSON_TEXT)
		return strtonum(value->text, 0, INT64_MAX, &why);
	return 0;
}

bool
token_is_clean(const char *text)
{
	const char *p;

	for (p = text; *p > ' ' && *p < 0x7f; p++)
		;
	return p > text && *p == '\0';
}

bool
token_from_answer(struct token *token, const struct json *answer, int64_t now)
{
	const char *access = text_of(answer, "access_token");
	const char *refresh = text_of(answer, "refresh_token");
	int64_t life = seconds_of(answer, "expires_in");

	if (access == NULL || !token_is_clean(access))
		return false;
	token->access = xstrdup(access);
	if (refresh != NULL)
		token->refresh = xstrdup(refresh);
	token->issued = now;
	if (life > 0)
		token->expires = now + (life < LIFE_MAX ? life : LIFE_MAX);
	return true;
}

bool
token_is_fresh(const struct token *token, int64_t now)
{
	int64_t life = token->expires - token->issued, margin = life / 10;

	if (token->access == NULL)
		return false;
	if (token->expires == 0)
		return true;
	if (margin < MARGIN_SECONDS)
		margin = MARGIN_SECONDS;
	if (margin > life / 2)
		margin = life / 2;
	/* Issued in the future: the clock was set back, so nobody knows. */
	return now < token->expires - margin && now >= token->issued - 60;
}

/* The claims, the second of three parts between dots; NULL if it has none. */
static struct json *
claims(struct arena *arena, const char *access)
{
	const char *first = strchr(access, '.'), *second, *why;
	struct strbuf text = STRBUF_INIT;
	struct json *map = NULL;

	second = first != NULL ? strchr(first + 1, '.') : NULL;
	if (second != NULL && strchr(second + 1, '.') == NULL &&
	    base64_decode_url(&text, first + 1, (size_t)(second - first - 1)))
		map = json_parse(arena, text.buf, text.len, &why);
	strbuf_release(&text);
	return map != NULL && map->kind == JSON_MAP ? map : NULL;
}

int64_t
token_claim_time(const char *access, const char *claim)
{
	struct arena arena = ARENA_INIT;
	int64_t seconds = seconds_of(claims(&arena, access), claim);

	arena_release(&arena);
	return seconds;
}

static void
describe_words(struct strbuf *sb, const char *what, const struct json *value)
{
	size_t i;

	if (value == NULL)
		return;
	if (value->kind == JSON_TEXT)
		strbuf_addf(sb, "%s %s, ", what, value->text);
	if (value->kind != JSON_LIST || value->n == 0)
		return;
	strbuf_addstr(sb, what);
	for (i = 0; i < value->n; i++)
		if (value->item[i]->kind == JSON_TEXT)
			strbuf_addf(sb, " %s", value->item[i]->text);
	strbuf_addstr(sb, ", ");
}

void
token_describe(struct strbuf *sb, const char *access)
{
	struct arena arena = ARENA_INIT;
	struct json *map = claims(&arena, access);
	struct instant expires = { 0, 0 };
	size_t before = sb->len;

	describe_words(sb, "audience", json_find(map, "aud"));
	describe_words(sb, "issuer", json_find(map, "iss"));
	describe_words(sb, "scopes", json_find(map, "scp"));
	expires.sec = seconds_of(map, "exp");
	if (expires.sec > 0 && expires.sec < (int64_t)1 << 36) {
		strbuf_addstr(sb, "expires ");
		instant_print(sb, expires);
	} else if (sb->len > before) {
		strbuf_setlen(sb, sb->len - 2);
	}
	arena_release(&arena);
}
