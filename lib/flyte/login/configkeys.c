/*
 * What each key of flytectl's configuration may hold, and how it is shown. A
 * value is set from its text, wherever that was found; lists may be lists.
 */
#include "lib/base/compat.h"

#include <strings.h>

#include "lib/appfile/scalar.h"
#include "lib/base/diag.h"
#include "lib/base/path.h"
#include "lib/base/span.h"
#include "lib/base/strbuf.h"
#include "lib/flyte/login/config.h"
#include "lib/flyte/login/configkeys.h"
#include "lib/net/redact.h"
#include "lib/text/yamldoc.h"

#define AT(member) offsetof(struct config, member)
#define PLATFORM "FLYTE_PLATFORM_"
#define CREDENTIALS "FLYTE_CREDENTIALS_"

const struct config_key config_keys[] = {
	{ "admin.endpoint", PLATFORM "URL", CONFIG_URL, AT(endpoint), NULL },
	{ "admin.insecure", PLATFORM "INSECURE", CONFIG_FLAG, AT(insecure),
	    "false" },
	{ "admin.insecureSkipVerify", PLATFORM "INSECURE_SKIP_VERIFY",
	    CONFIG_FLAG, AT(skip_verify), "false" },
	{ "admin.caCertFilePath", PLATFORM "CA_CERT_FILE_PATH", CONFIG_PATH,
	    AT(ca_file), NULL },
	{ "admin.httpProxyURL", PLATFORM "HTTP_PROXY_URL", CONFIG_URL,
	    AT(oauth_proxy), NULL },
	{ "admin.authType", CREDENTIALS "AUTH_MODE", CONFIG_FLOW, AT(flow),
	    NULL },
	{ "admin.clientId", CREDENTIALS "CLIENT_ID", CONFIG_TEXT,
	    AT(client_id), "flytepropeller" },
	{ NULL, CREDENTIALS "CLIENT_SECRET", CONFIG_SECRET,
	    AT(client_secret), NULL },
	{ "admin.clientSecretEnvVar", CREDENTIALS "CLIENT_SECRET_ENV_VAR",
	    CONFIG_TEXT, AT(secret_variable), NULL },
	{ "admin.clientSecretLocation", CREDENTIALS "CLIENT_SECRET_LOCATION",
	    CONFIG_PATH, AT(secret_file), "/etc/secrets/client_secret" },
	{ "admin.scopes", CREDENTIALS "SCOPES", CONFIG_WORDS, AT(scopes),
	    NULL },
	{ "admin.audience", CREDENTIALS "AUDIENCE", CONFIG_TEXT, AT(audience),
	    NULL },
	{ "admin.useAudienceFromAdmin", NULL, CONFIG_FLAG,
	    AT(audience_from_admin), "false" },
	{ "admin.tokenUrl", NULL, CONFIG_URL, AT(token_url), NULL },
	{ "admin.authorizationHeader", NULL, CONFIG_HEADER,
	    AT(authorization_header), NULL },
	{ "admin.command", CREDENTIALS "COMMAND", CONFIG_ARGV, AT(command),
	    NULL },
	{ "admin.proxyCommand", CREDENTIALS "PROXY_COMMAND", CONFIG_ARGV,
	    AT(proxy_command), NULL },
	{ "admin.pkceConfig.timeout", NULL, CONFIG_SPAN, AT(pkce_ms), "2m" },
	{ "admin.deviceFlowConfig.timeout", NULL, CONFIG_SPAN, AT(device_ms),
	    "10m" },
	{ "admin.deviceFlowConfig.pollInterval", NULL, CONFIG_SPAN,
	    AT(device_interval_ms), "5s" },
	{ "console.endpoint", PLATFORM "CONSOLE_ENDPOINT", CONFIG_URL,
	    AT(console), NULL },
};

_Static_assert(ARRAY_SIZE(config_keys) == CONFIG_KEYS,
    "CONFIG_KEYS is the number of rows");

/* flytectl's names, then flytekit's; whatever the case, as the latter. */
static const struct {
	const char *name;
	enum config_flow flow;
} flows[] = {
	{ "ClientSecret", FLOW_CLIENT_SECRET },
	{ "Pkce", FLOW_PKCE },
	{ "DeviceFlow", FLOW_DEVICE },
	{ "ExternalCommand", FLOW_COMMAND },
	{ "basic", FLOW_CLIENT_SECRET },
	{ "client_credentials", FLOW_CLIENT_SECRET },
	{ "standard", FLOW_PKCE },
	{ "external_process", FLOW_COMMAND },
};

const char *
config_flow_name(enum config_flow flow)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(flows); i++)
		if (flows[i].flow == flow)
			return flows[i].name;
	return "";
}

static void *
member(const struct config *config, const struct config_key *key)
{
	return (char *)(uintptr_t)config + key->at;
}

static const char *
set_flag(struct config *c, bool *flag, const char *text)
{
	static const char *const yes[] = { "true", "yes", "on", "1", "t", "y" };
	static const char *const no[] = { "false", "no", "off", "0", "f",
	    "n" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(yes); i++)
		if (strcasecmp(text, yes[i]) == 0 ||
		    strcasecmp(text, no[i]) == 0) {
			*flag = strcasecmp(text, yes[i]) == 0;
			return NULL;
		}
	return arena_printf(&c->arena, "true or false is wanted, not '%s'",
	    text);
}

static const char *
set_flow(struct config *c, enum config_flow *flow, const char *text)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(flows); i++)
		if (strcasecmp(text, flows[i].name) == 0) {
			*flow = flows[i].flow;
			return NULL;
		}
	return arena_printf(&c->arena, "'%s' is none of ClientSecret, Pkce, "
	    "DeviceFlow, ExternalCommand", text);
}

/* A text of Go's time.ParseDuration; a bare number is nanoseconds. */
static const char *
set_span(struct config *c, int64_t *ms, const char *text, bool bare)
{
	const char *why = NULL;
	struct span span = { 0, 0 };
	long long ns;

	if (bare && text[strspn(text, "0123456789")] == '\0') {
		ns = strtonum(text, 0, INT64_MAX, &why);
		*ms = ns / 1000000;
	} else if (span_parse(text, &span, &why)) {
		*ms = span_ms(span);
	}
	if (why != NULL)
		return arena_printf(&c->arena, "'%s': %s", text, why);
	if (*ms <= 0)
		return arena_printf(&c->arena, "'%s' is no time to wait",
		    text);
	return NULL;
}

/* RFC 9110 section 5.1: a token. */
static const char *
set_header(struct config *c, const char **name, const char *text)
{
	static const char others[] = "!#$%&'*+-.^_`|~";
	const char *p;

	for (p = text; *p != '\0'; p++)
		if (!isalnum((unsigned char)*p) && strchr(others, *p) == NULL)
			return arena_printf(&c->arena, "'%s' is no name of an "
			    "HTTP header", text);
	*name = arena_strdup(&c->arena, text);
	return NULL;
}

/* Words between commas, blanks around them gone. */
static void
set_words(struct config *c, struct config_list *list, const char *text)
{
	size_t len, n = 1;
	const char *p;

	for (p = text; *p != '\0'; p++)
		n += *p == ',';
	list->v = arena_array(&c->arena, n + 1, sizeof(*list->v));
	list->n = 0;
	for (p = text;; p += len + 1) {
		const char *start = p, *end;

		len = strcspn(p, ",");
		end = p + len;
		while (start < end && isspace((unsigned char)*start))
			start++;
		while (end > start && isspace((unsigned char)end[-1]))
			end--;
		if (end > start)
			list->v[list->n++] = arena_strndup(&c->arena, start,
			    (size_t)(end - start));
		if (p[len] == '\0')
			break;
	}
}

static const char *
set_text(struct config *c, const struct config_key *key, const char *text,
    bool bare)
{
	void *at = member(c, key);
	char *expanded;

	switch (key->kind) {
	case CONFIG_FLAG:
		return set_flag(c, at, text);
	case CONFIG_FLOW:
		return set_flow(c, at, text);
	case CONFIG_SPAN:
		return set_span(c, at, text, bare);
	case CONFIG_HEADER:
		return set_header(c, at, text);
	case CONFIG_WORDS:
	case CONFIG_ARGV:
		set_words(c, at, text);
		return NULL;
	case CONFIG_PATH:
		expanded = path_expand_home(text);
		*(const char **)at = arena_strdup(&c->arena, expanded);
		free(expanded);
		return NULL;
	case CONFIG_TEXT:
	case CONFIG_URL:
	case CONFIG_SECRET:
		break;
	}
	*(const char **)at = arena_strdup(&c->arena, text);
	return NULL;
}

const char *
config_key_set(struct config *config, const struct config_key *key,
    const char *text, bool *given)
{
	*given = *text != '\0';
	return *given ? set_text(config, key, text, false) : NULL;
}

static void
read_list(struct config *c, const struct config_key *key,
    const struct yaml_node *node, struct diag *diag)
{
	struct config_list *list = member(c, key);
	const struct yaml_node *item;
	size_t i;

	list->v = arena_array(&c->arena, node->n + 1, sizeof(*list->v));
	list->n = 0;
	for (i = 0; i < node->n; i++) {
		item = node->item[i];
		if (item->kind != YAML_SCALAR || scalar_is_nothing(item))
			diag_error(diag, item->line, item->column, "%s: a "
			    "text is wanted, not %s", key->path,
			    yaml_kind_name(item));
		else
			list->v[list->n++] = arena_strdup(&c->arena,
			    item->text);
	}
}

void
config_key_read(struct config *config, const struct config_key *key,
    const struct yaml_node *node, struct diag *diag, bool *given)
{
	bool listed = key->kind == CONFIG_WORDS || key->kind == CONFIG_ARGV;
	const char *wanted = key->kind == CONFIG_ARGV ? "a list of words" :
	    key->kind == CONFIG_WORDS ? "a list" : "a text", *why;

	*given = node->n > 0 && !scalar_is_nothing(node);
	if (!*given)
		return;
	if (listed && node->kind == YAML_LIST) {
		read_list(config, key, node, diag);
		return;
	}
	if (node->kind != YAML_SCALAR || key->kind == CONFIG_ARGV) {
		diag_error(diag, node->line, node->column, "%s: %s is wanted, "
		    "not %s", key->path, wanted, yaml_kind_name(node));
		return;
	}
	why = set_text(config, key, node->text, node->plain);
	if (why != NULL)
		diag_error(diag, node->line, node->column, "%s: %s", key->path,
		    why);
}

static void
print_words(struct strbuf *sb, const struct config_list *list)
{
	size_t i;

	for (i = 0; i < list->n; i++)
		strbuf_addf(sb, "%s%s", i > 0 ? " " : "", list->v[i]);
}

/* Further words are not shown: they may be a secret. */
static void
print_argv(struct strbuf *sb, const struct config_list *list)
{
	if (list->n == 0)
		return;
	strbuf_addstr(sb, list->v[0]);
	if (list->n > 1)
		strbuf_addf(sb, " and %zu word%s", list->n - 1,
		    list->n > 2 ? "s" : "");
}

static void
print_span(struct strbuf *sb, int64_t ms)
{
	struct span span = { ms / 1000, (int32_t)(ms % 1000) * 1000000 };

	span_print(sb, span);
}

void
config_key_print(struct strbuf *sb, const struct config *config,
    const struct config_key *key)
{
	const void *at = member(config, key);
	const char *text;

	switch (key->kind) {
	case CONFIG_FLAG:
		strbuf_addstr(sb, *(const bool *)at ? "true" : "false");
		return;
	case CONFIG_FLOW:
		strbuf_addstr(sb, config_flow_name(
		    *(const enum config_flow *)at));
		return;
	case CONFIG_SPAN:
		print_span(sb, *(const int64_t *)at);
		return;
	case CONFIG_WORDS:
		print_words(sb, at);
		return;
	case CONFIG_ARGV:
		print_argv(sb, at);
		return;
	case CONFIG_TEXT:
	case CONFIG_URL:
	case CONFIG_PATH:
	case CONFIG_HEADER:
	case CONFIG_SECRET:
		break;
	}
	text = *(const char *const *)at;
	if (text == NULL)
		return;
	if (key->kind == CONFIG_SECRET)
		strbuf_addstr(sb, "(set)");
	else if (key->kind == CONFIG_URL && strstr(text, "://") != NULL)
		redact_url(sb, text, false);
	else
		strbuf_addstr(sb, text);
}
