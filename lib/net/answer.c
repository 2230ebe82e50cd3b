/*
 * What the body of an answer says, for messages and for the table of what is
 * tried again. It comes from anywhere: a gateway, a store, a proxy between.
 */
#include "lib/base/compat.h"

#include "lib/base/arena.h"
#include "lib/base/strbuf.h"
#include "lib/base/xalloc.h"
#include "lib/net/answer.h"
#include "lib/net/http.h"
#include "lib/text/jsonio.h"

enum { MESSAGE_MAX = 400 };

static const struct {
	int status;
	const char *phrase;
} phrases[] = {
	{ 200, "OK" }, { 201, "Created" }, { 202, "Accepted" },
	{ 204, "No Content" }, { 206, "Partial Content" },
	{ 301, "Moved Permanently" }, { 302, "Found" }, { 303, "See Other" },
	{ 307, "Temporary Redirect" }, { 308, "Permanent Redirect" },
	{ 400, "Bad Request" }, { 401, "Unauthorized" }, { 403, "Forbidden" },
	{ 404, "Not Found" }, { 405, "Method Not Allowed" },
	{ 407, "Proxy Authentication Required" }, { 408, "Request Timeout" },
	{ 409, "Conflict" }, { 410, "Gone" }, { 411, "Length Required" },
	{ 412, "Precondition Failed" }, { 413, "Content Too Large" },
	{ 414, "URI Too Long" }, { 415, "Unsupported Media Type" },
	{ 416, "Range Not Satisfiable" }, { 429, "Too Many Requests" },
	{ 431, "Request Header Fields Too Large" },
	{ 499, "Client Closed Request" }, { 500, "Internal Server Error" },
	{ 501, "Not Implemented" }, { 502, "Bad Gateway" },
	{ 503, "Service Unavailable" }, { 504, "Gateway Timeout" },
};

const char *
answer_phrase(int status)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(phrases); i++)
		if (phrases[i].status == status)
			return phrases[i].phrase;
	return "";
}

/* Runs of blanks become one; what is too long ends in dots. */
static char *
one_line(const char *text, size_t len)
{
	struct strbuf sb = STRBUF_INIT;
	size_t i;

	for (i = 0; i < len && sb.len < MESSAGE_MAX; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c > ' ')
			strbuf_addch(&sb, (char)c);
		else if (sb.len > 0 && sb.buf[sb.len - 1] != ' ')
			strbuf_addch(&sb, ' ');
	}
	if (i < len) {
		/* Not within a character of UTF-8. */
		while (i > 0 && ((unsigned char)text[i] & 0xc0) == 0x80) {
			i--;
			strbuf_setlen(&sb, sb.len - 1);
		}
		strbuf_addstr(&sb, "...");
	}
	strbuf_rtrim(&sb);
	if (sb.len == 0) {
		strbuf_release(&sb);
		return NULL;
	}
	return strbuf_detach(&sb);
}

static char *
member_text(const struct json *map, const char *name)
{
	const struct json *value = json_find(map, name);

	return value && value->kind == JSON_TEXT ?
	    one_line(value->text, value->n) : NULL;
}

static bool
read_json(struct answer *a, const struct strbuf *body)
{
	struct arena arena = ARENA_INIT;
	const struct json *map, *code;
	const char *why;

	map = json_parse(&arena, body->buf, body->len, &why);
	if (map) {
		code = json_find(map, "code");
		a->kind = ANSWER_JSON;
		a->message = member_text(map, "message");
		a->name = member_text(map, "error");
		if (code && code->kind == JSON_INT && code->integer >= 0 &&
		    code->integer <= 16) {
			a->kind = ANSWER_STATUS;
			a->code = (int)code->integer;
		} else if (a->name) {
			a->kind = ANSWER_OAUTH;
			free(a->message);
			a->message = member_text(map, "error_description");
		}
	}
	arena_release(&arena);
	return map != NULL;
}

/* The text of the first element of that name, entities left as they are. */
static char *
element_text(const char *body, const char *name)
{
	char tag[32];
	const char *start, *end;

	snprintf(tag, sizeof(tag), "<%s>", name);
	start = strcasestr(body, tag);
	if (!start)
		return NULL;
	start += strlen(tag);
	end = strchr(start, '<');
	return end ? one_line(start, (size_t)(end - start)) : NULL;
}

static bool
has_nul(const struct strbuf *body)
{
	return memchr(body->buf, '\0', body->len) != NULL;
}

void
answer_read(struct answer *a, const struct http_response *res)
{
	const struct strbuf *body = &res->body;
	const char *start = body->buf + strspn(body->buf, " \t\r\n");

	memset(a, 0, sizeof(*a));
	a->code = -1;
	if (*start == '\0' || has_nul(body))
		return;
	if ((*start == '{' || *start == '[') && read_json(a, body))
		return;
	if (*start == '<' && strstr(start, "<Error>")) {
		a->kind = ANSWER_STORE;
		a->name = element_text(start, "Code");
		a->message = element_text(start, "Message");
	} else if (*start == '<' || (res->content_type &&
	    strncasecmp(res->content_type, "text/html", 9) == 0)) {
		a->kind = ANSWER_HTML;
		a->message = element_text(start, "title");
	} else {
		a->kind = ANSWER_TEXT;
		a->message = one_line(start, strlen(start));
	}
}

void
answer_release(struct answer *a)
{
	free(a->name);
	free(a->message);
	memset(a, 0, sizeof(*a));
}

void
answer_print(struct strbuf *sb, const struct http_response *res)
{
	const char *phrase = answer_phrase(res->status);
	struct answer a;

	answer_read(&a, res);
	strbuf_addf(sb, "%d", res->status);
	if (*phrase != '\0')
		strbuf_addf(sb, " %s", phrase);
	if (a.name)
		strbuf_addf(sb, ": %s", a.name);
	if (a.message && a.kind == ANSWER_HTML)
		strbuf_addf(sb, ": a page '%s'", a.message);
	else if (a.kind == ANSWER_HTML)
		strbuf_addstr(sb, ": a page, not an answer of the API");
	else if (a.message && strcmp(a.message, phrase) != 0)
		strbuf_addf(sb, ": %s", a.message);
	answer_release(&a);
}
