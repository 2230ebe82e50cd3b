/*
 * What FlyteAdmin tells anybody of how to log in: RFC 8414's metadata and the
 * public client (flyteidl.service.PublicClientAuthConfigResponse). Names come
 * in snake case if `Accept` is exactly application/json, which lib/net sends;
 * a proxy that changes it gets camel case, so both are read.
 */
#include "lib/base/compat.h"

#include "lib/base/strbuf.h"
#include "lib/base/xalloc.h"
#include "lib/flyte/login/oauth.h"
#include "lib/text/jsonio.h"

enum { ANSWER_MAX = 1 << 20, AUTH_OFF = 501, NOT_FOUND = 404 };

/* `token_endpoint`, or the same as `tokenEndpoint`. */
static const struct json *
find_either(const struct json *map, const char *snake)
{
	const struct json *value = json_find(map, snake);
	char camel[64];
	size_t n = 0;

	if (value != NULL)
		return value;
	for (; *snake != '\0' && n + 1 < sizeof(camel); snake++)
		if (*snake == '_' && snake[1] != '\0')
			camel[n++] = (char)toupper((unsigned char)*++snake);
		else
			camel[n++] = *snake;
	camel[n] = '\0';
	return json_find(map, camel);
}

static char *
text_of(const struct json *map, const char *name)
{
	const struct json *value = find_either(map, name);

	return xstrdup(value != NULL && value->kind == JSON_TEXT ?
	    value->text : "");
}

/* Discovery is anonymous, but a proxy in front of it may not be. */
static enum status
fetch(struct oauth *oauth, const char *path, struct arena *arena,
    struct json **map)
{
	const char *headers[2] = { oauth->proxy_line, NULL }, *why;
	char *url = xasprintf("%s%s", oauth->origin, path);
	enum status status = EXIT_DONE;
	struct http_response res;
	struct http_request req;

	*map = NULL;
	http_response_init(&res);
	http_request_init(&req, HTTP_GET, url);
	req.headers = headers;
	req.max = ANSWER_MAX;
	http_call(oauth->http, &req, &res);
	if (res.fault == HTTP_FINE && (res.status == AUTH_OFF ||
	    res.status == NOT_FOUND)) {
		status = error(EXIT_DENIED, "'%s' does not say how to log "
		    "in: it answers %s with %d", oauth->origin, path,
		    res.status);
	} else {
		status = http_report(&req, &res, "cannot find out how to log "
		    "in: ");
	}
	if (status == EXIT_DONE) {
		*map = json_parse(arena, res.body.buf, res.body.len, &why);
		if (*map == NULL || (*map)->kind != JSON_MAP)
			status = error(EXIT_NETWORK, "'%s' is no JSON "
			    "object: is '%s' really Flyte?", url,
			    oauth->origin);
	}
	http_response_release(&res);
	free(url);
	return status;
}

static void
take_scopes(struct strvec *scopes, const struct json *list)
{
	size_t i;

	for (i = 0; list != NULL && list->kind == JSON_LIST && i < list->n; i++)
		if (list->item[i]->kind == JSON_TEXT)
			strvec_push(scopes, list->item[i]->text);
}

enum status
discovery_fetch(struct discovery *d, struct oauth *oauth, bool client_only)
{
	struct json *client = NULL, *server = NULL;
	struct arena arena = ARENA_INIT;
	enum status status = EXIT_DONE;

	memset(d, 0, sizeof(*d));
	strvec_init(&d->scopes);
	if (!client_only)
		status = fetch(oauth, "/.well-known/oauth-authorization-server",
		    &arena, &server);
	if (status == EXIT_DONE)
		status = fetch(oauth, "/config/v1/flyte_client", &arena,
		    &client);
	d->authorization_url = text_of(server, "authorization_endpoint");
	d->token_url = text_of(server, "token_endpoint");
	d->device_url = text_of(server, "device_authorization_endpoint");
	d->client_id = text_of(client, "client_id");
	d->redirect_uri = text_of(client, "redirect_uri");
	d->audience = text_of(client, "audience");
	d->header = text_of(client, "authorization_metadata_key");
	take_scopes(&d->scopes, find_either(client, "scopes"));
	arena_release(&arena);
	return status;
}

void
discovery_release(struct discovery *d)
{
	free(d->authorization_url);
	free(d->token_url);
	free(d->device_url);
	free(d->client_id);
	free(d->redirect_uri);
	free(d->audience);
	free(d->header);
	strvec_release(&d->scopes);
	memset(d, 0, sizeof(*d));
}
