/*
 * The way to a cluster, step by step: name, port, TLS, gateway, login, version,
 * project, clock. Each says what was found; the first that fails says what to
 * do. Addresses and ports are looked at here rather than by libcurl, so that a
 * wrong name, a closed port and a wrong protocol are told apart.
 */
#include "lib/base/compat.h"

#include "lib/base/arena.h"
#include "lib/base/clock.h"
#include "lib/base/strbuf.h"
#include "lib/base/xalloc.h"
#include "lib/flyte/login/auth.h"
#include "lib/net/answer.h"
#include "lib/net/http.h"
#include "lib/net/url.h"
#include "lib/target/flyte/flyte.h"
#include "lib/target/flyte/reach.h"
#include "lib/text/jsonio.h"

enum { ANSWER_MAX = 4 << 20, AUTH_OFF = 501, NOT_FOUND = 404,
	SKEW_MAX_S = 60 };

struct probe {
	struct flyte flyte;
	const struct target_listener *listener;
	int64_t skew;		/* how far the server's clock is ahead */
	bool has_skew;
};

static void
tell(const struct probe *p, const char *name, bool failed, const char *text)
{
	struct target_check check = { name, failed, text };

	p->listener->check(p->listener->arg, &check);
}

static char *
make_url(const struct probe *p, const char *path, const char *segment)
{
	struct strbuf url = STRBUF_INIT;

	strbuf_addf(&url, "%s%s", p->flyte.origin, path);
	if (segment != NULL)
		url_add_segment(&url, segment);
	return strbuf_detach(&url);
}

/* The answer, to be released; `req` refers to the URL. */
static void
get(struct probe *p, const char *url, enum http_auth auth,
    struct http_request *req, struct http_response *res)
{
	http_response_init(res);
	http_request_init(req, HTTP_GET, url);
	req->auth = auth;
	req->max = ANSWER_MAX;
	http_call(p->flyte.http, req, res);
	if (res->date >= 0) {
		p->skew = res->date - clock_now().sec;
		p->has_skew = true;
	}
}

/* The row of what failed, then why and the next step. */
static enum status
fail(const struct probe *p, const char *name, const struct http_request *req,
    const struct http_response *res)
{
	struct strbuf text = STRBUF_INIT;
	enum status status;

	if (res->fault == HTTP_NO_TOKEN)
		strbuf_addstr(&text, "no token");
	else if (res->fault != HTTP_FINE && res->problem != NULL)
		strbuf_addstr(&text, res->problem);
	else
		answer_print(&text, res);
	tell(p, name, true, text.buf);
	status = http_report(req, res, NULL);
	if (res->fault == HTTP_NO_TOKEN)
		status = auth_status(p->flyte.auth);
	auth_explain(p->flyte.auth, res);
	strbuf_release(&text);
	return status;
}

/* Which step it is that the first request failed at. */
static const char *
step_of(enum http_fault fault)
{
	switch (fault) {
	case HTTP_RESOLVE:
		return "dns";
	case HTTP_CONNECT:
	case HTTP_PROXY:
		return "tcp";
	case HTTP_TLS:
	case HTTP_UNTRUSTED:
		return "tls";
	default:
		return "gateway";
	}
}

static void
tell_tls(const struct probe *p)
{
	if (strncmp(p->flyte.origin, "https:", 6) != 0)
		tell(p, "tls", false, "none: the connection is not encrypted");
	else if (p->flyte.config.skip_verify)
		tell(p, "tls", false, "the certificate is not verified "
		    "(admin.insecureSkipVerify)");
	else
		tell(p, "tls", false, "the certificate is trusted");
}

static enum status
check_gateway(struct probe *p)
{
	char *url = make_url(p, "/healthcheck", NULL);
	enum status status = EXIT_DONE;
	struct http_response res;
	struct http_request req;

	/* Open to all, unless a proxy in front wants a token of its own. */
	get(p, url, p->flyte.config.proxy_command.n > 0 ? HTTP_AUTH_BEARER :
	    HTTP_AUTH_NONE, &req, &res);
	if (res.fault != HTTP_FINE) {
		if (strcmp(step_of(res.fault), "gateway") == 0 &&
		    res.fault != HTTP_TIMEOUT)
			tell_tls(p);
		status = fail(p, step_of(res.fault), &req, &res);
		if (res.fault == HTTP_CUT && p->flyte.config.insecure)
			hint("a server that wants TLS does that: then "
			    "admin.insecure has to go");
	} else {
		tell_tls(p);
		if (res.status == 200) {
			tell(p, "gateway", false, p->flyte.origin);
		} else {
			status = fail(p, "gateway", &req, &res);
			hint("is '%s' the REST gateway of Flyte, and no other "
			    "server?", p->flyte.origin);
			if (status == EXIT_DONE)
				status = EXIT_NETWORK;
		}
	}
	http_response_release(&res);
	free(url);
	return status;
}

/* Parses a 2xx answer; NULL after a message if it is no object. */
static const struct json *
parse(const struct http_response *res, const char *url, struct arena *arena)
{
	const char *why;
	const struct json *map = json_parse(arena, res->body.buf,
	    res->body.len, &why);

	if (map != NULL && map->kind == JSON_MAP)
		return map;
	error(EXIT_NETWORK, "'%s' did not answer with a JSON object: is this "
	    "Flyte?", url);
	return NULL;
}

static const char *
text_of(const struct json *map, const char *name)
{
	const struct json *value = json_find(map, name);

	return value != NULL && value->kind == JSON_TEXT ? value->text : "";
}

/* Who the server takes us for; `off` if it takes everybody. */
static void
tell_identity(struct probe *p)
{
	static const char *const names[] = { "email", "preferred_username",
		"name", "subject" };
	char *url = make_url(p, "/me", NULL);
	struct strbuf text = STRBUF_INIT;
	struct arena arena = ARENA_INIT;
	const struct json *map = NULL;
	struct http_response res;
	struct http_request req;
	const char *why;
	size_t i;

	get(p, url, HTTP_AUTH_BEARER, &req, &res);
	if (res.fault == HTTP_FINE && res.status == AUTH_OFF) {
		strbuf_addstr(&text, "off: the cluster asks for no token");
	} else {
		auth_describe(p->flyte.auth, &text);
		if (res.fault == HTTP_FINE && res.status == 200)
			map = json_parse(&arena, res.body.buf, res.body.len,
			    &why);
		for (i = 0; i < ARRAY_SIZE(names); i++)
			if (*text_of(map, names[i]) != '\0')
				break;
		if (i < ARRAY_SIZE(names))
			strbuf_addf(&text, "%s%s", text.len > 0 ? ", as " :
			    "as ", text_of(map, names[i]));
	}
	tell(p, "auth", false, text.len > 0 ? text.buf : "no token was asked "
	    "for");
	arena_release(&arena);
	strbuf_release(&text);
	http_response_release(&res);
	free(url);
}

static enum status
tell_version(struct probe *p, const struct http_response *res,
    const char *url)
{
	struct arena arena = ARENA_INIT;
	const struct json *map = parse(res, url, &arena), *version;
	const char *text;

	version = json_find(map, "control_plane_version");
	if (version == NULL)
		version = json_find(map, "controlPlaneVersion");
	text = text_of(version, "Version");
	if (map == NULL)
		tell(p, "version", true, "no JSON object");
	else
		tell(p, "version", false, *text != '\0' &&
		    strcmp(text, "unknown") != 0 ? text :
		    "the cluster does not say");
	arena_release(&arena);
	return map != NULL ? EXIT_DONE : EXIT_NETWORK;
}

/* Where auth is on, no version is told to who has no token. */
static enum status
check_version(struct probe *p)
{
	char *url = make_url(p, "/api/v1/version", NULL);
	enum status status = EXIT_DONE;
	struct http_response res;
	struct http_request req;

	get(p, url, HTTP_AUTH_BEARER, &req, &res);
	if (res.fault == HTTP_FINE && res.status == 200) {
		tell_identity(p);
		status = tell_version(p, &res, url);
	} else {
		status = fail(p, res.fault == HTTP_NO_TOKEN ||
		    res.status == 401 || res.status == 403 ? "auth" :
		    "version", &req, &res);
		if (status == EXIT_DONE)
			status = EXIT_NETWORK;
	}
	http_response_release(&res);
	free(url);
	return status;
}

static enum status
judge_project(const struct probe *p, const struct json *project)
{
	const struct json *domains = json_find(project, "domains");
	struct strbuf known = STRBUF_INIT;
	const struct flyte *f = &p->flyte;
	enum status status = EXIT_CONFLICT;
	size_t i;

	for (i = 0; domains != NULL && domains->kind == JSON_LIST &&
	    i < domains->n; i++) {
		const char *id = text_of(domains->item[i], "id");

		if (strcmp(id, f->domain) == 0)
			status = EXIT_DONE;
		strbuf_addf(&known, "%s%s", i > 0 ? ", " : "", id);
	}
	if (strcmp(text_of(project, "state"), "ARCHIVED") == 0) {
		tell(p, "project", true, "is archived");
		status = error(EXIT_CONFLICT, "project '%s' is archived: it "
		    "takes nothing new", f->project);
	} else if (status != EXIT_DONE) {
		tell(p, "project", true, "has no such domain");
		status = error(EXIT_CONFLICT, "there is no domain '%s', "
		    "only %s", f->domain, known.buf);
	} else {
		strbuf_reset(&known);
		strbuf_addf(&known, "%s, domain %s", f->project, f->domain);
		tell(p, "project", false, known.buf);
	}
	strbuf_release(&known);
	return status;
}

static enum status
check_project(struct probe *p)
{
	char *url = make_url(p, "/api/v1/projects", p->flyte.project);
	struct arena arena = ARENA_INIT;
	const struct json *project;
	struct http_response res;
	struct http_request req;
	enum status status;

	get(p, url, HTTP_AUTH_BEARER, &req, &res);
	if (res.fault == HTTP_FINE && res.status == NOT_FOUND) {
		tell(p, "project", true, "is not there");
		status = error(EXIT_CONFLICT, "there is no project '%s' at "
		    "'%s'", p->flyte.project, p->flyte.origin);
		hint("'unionml -t %s deploy' makes it",
		    p->flyte.decl->name);
	} else if (res.fault != HTTP_FINE || res.status != 200) {
		status = fail(p, "project", &req, &res);
		if (status == EXIT_DONE)
			status = EXIT_NETWORK;
	} else {
		project = parse(&res, url, &arena);
		status = project != NULL ? judge_project(p, project) :
		    EXIT_NETWORK;
	}
	arena_release(&arena);
	http_response_release(&res);
	free(url);
	return status;
}

/* A token's life, and the times of schedules, are told by both clocks. */
static enum status
check_clock(const struct probe *p)
{
	int64_t skew = p->skew < 0 ? -p->skew : p->skew;
	struct strbuf text = STRBUF_INIT;
	bool far = p->has_skew && skew > SKEW_MAX_S;

	if (!p->has_skew) {
		strbuf_addstr(&text, "the server does not tell its time");
	} else if (!far) {
		strbuf_addf(&text, "within %llds of the server's",
		    (long long)(skew > 1 ? skew : 1));
	} else {
		elapsed_print(&text, skew * 1000);
		strbuf_addstr(&text, p->skew > 0 ? " behind the server's" :
		    " ahead of the server's");
	}
	tell(p, "clock", far, text.buf);
	if (far) {
		error(EXIT_LOCAL, "this machine's clock is %s", text.buf);
		hint("set it right (NTP): tokens and schedules go by it");
	}
	strbuf_release(&text);
	return far ? EXIT_LOCAL : EXIT_DONE;
}

enum status
flyte_test(const struct app *app, const struct target_decl *decl,
    const struct target_listener *listener)
{
	struct strbuf text = STRBUF_INIT;
	enum status status;
	struct probe p;

	memset(&p, 0, sizeof(p));
	p.listener = listener;
	status = flyte_connect(&p.flyte, app, decl);
	strbuf_addf(&text, "%s (%s)", p.flyte.config.has_file ?
	    p.flyte.config.file : "no file", p.flyte.config.file_from != NULL ?
	    p.flyte.config.file_from : "");
	tell(&p, "config", status != EXIT_DONE, text.buf);
	if (status == EXIT_DONE)
		status = reach_test(p.flyte.origin, listener);
	if (status == EXIT_DONE)
		status = check_gateway(&p);
	if (status == EXIT_DONE)
		status = check_version(&p);
	if (status == EXIT_DONE)
		status = check_project(&p);
	if (status == EXIT_DONE)
		status = check_clock(&p);
	flyte_disconnect(&p.flyte);
	strbuf_release(&text);
	return status;
}
