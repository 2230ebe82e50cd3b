/* The settings of a Flyte target: read, told, and made a client of. */
#include "lib/base/compat.h"

#include "lib/appfile/appfile.h"
#include "lib/base/path.h"
#include "lib/base/signals.h"
#include "lib/base/strbuf.h"
#include "lib/base/xalloc.h"
#include "lib/flyte/login/auth.h"
#include "lib/flyte/login/configkeys.h"
#include "lib/flyte/login/endpoint.h"
#include "lib/net/http.h"
#include "lib/target/flyte/dryrun.h"
#include "lib/target/flyte/flyte.h"

/* A text of the declaration with ${} replaced; NULL stays NULL. */
static enum status
expand(const struct app *app, const struct target_decl *decl, const char *key,
    const char *text, char **out)
{
	char *why;

	*out = NULL;
	if (text == NULL || (*out = appfile_expand(text, &why)) != NULL)
		return EXIT_DONE;
	error(EXIT_INPUT, "%s:%d: targets.%s.%s: %s", app->file,
	    decl->at.line, decl->name, key, why);
	free(why);
	return EXIT_INPUT;
}

/* A relative one is the app file's; `~/...` is shown as it was written. */
static enum status
load_config(struct flyte *flyte, const struct app *app)
{
	const struct target_decl *decl = flyte->decl;
	char *text, *from, *path = NULL;
	enum status status;

	status = expand(app, decl, "config", decl->config, &text);
	if (status != EXIT_DONE)
		return status;
	from = xasprintf("%s:%d", app->file, decl->at.line);
	if (text != NULL && *text != '/' && *text != '~')
		path = path_join(app->directory, text);
	status = config_load(&flyte->config, path != NULL ? path : text, from);
	free(path);
	free(from);
	free(text);
	return status;
}

enum status
flyte_configure(struct flyte *flyte, const struct app *app,
    const struct target_decl *decl)
{
	enum status status;

	flyte->decl = decl;
	flyte->app = app;
	status = expand(app, decl, "project", decl->project, &flyte->project);
	if (status == EXIT_DONE)
		status = expand(app, decl, "domain", decl->domain,
		    &flyte->domain);
	if (status == EXIT_DONE)
		status = expand(app, decl, "service_account",
		    decl->service_account, &flyte->service_account);
	return status == EXIT_DONE ? load_config(flyte, app) : status;
}

static enum status
find_origin(struct flyte *flyte)
{
	const struct config *c = &flyte->config;
	struct strbuf origin = STRBUF_INIT;
	const char *why;

	if (c->endpoint == NULL) {
		error(EXIT_INPUT, "no endpoint for target '%s': '%s' %s",
		    flyte->decl->name, c->file, c->has_file ?
		    "has no admin.endpoint" : "is not there");
		hint("'flytectl config init --host HOST' writes one; or set "
		    "FLYTE_PLATFORM_URL");
		return EXIT_INPUT;
	}
	if (!endpoint_parse(&origin, c->endpoint, c->insecure, &why)) {
		error(EXIT_INPUT, "the endpoint (%s) cannot be used: %s",
		    c->from[0], why);
		hint("write it as dns:///HOST:PORT or https://HOST:PORT");
		strbuf_release(&origin);
		return EXIT_INPUT;
	}
	flyte->origin = strbuf_detach(&origin);
	return EXIT_DONE;
}

static bool
is_interrupted(void *arg)
{
	const struct flyte *flyte = arg;

	if (!flyte->waiting)
		return false;
	signals_sleep(0);
	return signals_caught() != 0;
}

enum status
flyte_connect(struct flyte *flyte, const struct app *app,
    const struct target_decl *decl)
{
	struct http_settings settings;
	enum status status;

	status = flyte_configure(flyte, app, decl);
	if (status == EXIT_DONE)
		status = find_origin(flyte);
	if (status != EXIT_DONE)
		return status;
	detail("cluster %s", flyte->origin);
	http_settings_init(&settings);
	settings.ca_file = flyte->config.ca_file;
	settings.skip_verify = flyte->config.skip_verify;
	settings.stop = is_interrupted;
	settings.would_send = dry_run_show;
	settings.arg = flyte;
	flyte->haste = settings.haste;
	flyte->http = http_open(&settings);
	flyte->auth = auth_open(&flyte->config, flyte->origin, flyte->http,
	    &settings);
	return EXIT_DONE;
}

void
flyte_disconnect(struct flyte *flyte)
{
	auth_close(flyte->auth);
	http_close(flyte->http);
	config_release(&flyte->config);
	free(flyte->origin);
	free(flyte->project);
	free(flyte->domain);
	free(flyte->service_account);
	memset(flyte, 0, sizeof(*flyte));
}

static void
tell(const struct target_listener *l, const char *name, const char *value,
    const char *from)
{
	struct target_setting setting = { name, value, from };

	l->setting(l->arg, &setting);
}

/* What was not said, but follows from what was. */
static void
tell_derived(const struct target_listener *l, const struct flyte *flyte)
{
	const struct config *c = &flyte->config;
	struct strbuf origin = STRBUF_INIT;
	const char *why, *secret = config_secret_from(c);

	if (c->endpoint != NULL && endpoint_parse(&origin, c->endpoint,
	    c->insecure, &why))
		tell(l, "url", origin.buf, "admin.endpoint");
	else
		tell(l, "url", NULL, c->endpoint != NULL ? why : NULL);
	if (c->flow == FLOW_UNSET)
		tell(l, "flow", config_flow_name(config_flow(c)),
		    secret != NULL ? "there is a client secret" :
		    "there is no client secret");
	else
		tell(l, "flow", config_flow_name(c->flow), "admin.authType");
	tell(l, "client secret", secret != NULL ? "(set)" : NULL, secret);
	strbuf_release(&origin);
}

static void
tell_keys(const struct target_listener *l, const struct config *c)
{
	struct strbuf value = STRBUF_INIT;
	size_t i;

	for (i = 0; i < CONFIG_KEYS; i++) {
		const struct config_key *key = &config_keys[i];

		if (key->path == NULL)
			continue;
		strbuf_reset(&value);
		if (c->from[i] != NULL)
			config_key_print(&value, c, key);
		tell(l, key->path, c->from[i] != NULL ? value.buf : NULL,
		    c->from[i]);
	}
	strbuf_release(&value);
}

static enum status
describe(const struct app *app, const struct target_decl *decl,
    const struct target_listener *listener)
{
	enum status status;
	struct flyte flyte;
	char *from;

	memset(&flyte, 0, sizeof(flyte));
	status = flyte_configure(&flyte, app, decl);
	if (status == EXIT_DONE) {
		from = xasprintf("%s:%d", app->file, decl->at.line);
		tell(listener, "project", flyte.project, from);
		tell(listener, "domain", flyte.domain, from);
		tell(listener, "service_account", flyte.service_account,
		    flyte.service_account != NULL ? from : NULL);
		tell(listener, "config", flyte.config.has_file ?
		    flyte.config.file : "(there is no file)",
		    flyte.config.file_from);
		tell_keys(listener, &flyte.config);
		tell_derived(listener, &flyte);
		free(from);
	}
	flyte_disconnect(&flyte);
	return status;
}

const struct target_setup flyte_setup = {
	.type = TARGET_FLYTE,
	.describe = describe,
	.test = flyte_test,
};
