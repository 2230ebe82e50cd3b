/*
 * flytectl's configuration: every key from the file and from the environment,
 * which of them wins, what is ignored, and each value that is wrong.
 */
#include "lib/base/compat.h"

#include <unistd.h>

#include "lib/base/diag.h"
#include "lib/base/io.h"
#include "lib/base/strbuf.h"
#include "lib/base/xalloc.h"
#include "lib/flyte/login/config.h"
#include "lib/flyte/login/configkeys.h"
#include "t/unit/tap.h"

static struct strbuf said = STRBUF_INIT;

static void
listen_to(void *arg, const char *text, size_t len)
{
	(void)arg;
	strbuf_add(&said, text, len);
}

/* Each key: its line in a file, its variable's value, how both are shown. */
static const struct {
	const char *yaml, *shown;
	const char *value, *shown_value;
	const char *preset;
} keys[CONFIG_KEYS] = {
	{ "admin: {endpoint: \"dns:///a\"}", "dns:///a", "b:81", "b:81", "" },
	{ "admin: {insecure: yes}", "true", "1", "true", "false" },
	{ "admin: {insecureSkipVerify: true}", "true", "ON", "true", "false" },
	{ "admin: {caCertFilePath: ~/ca.pem}", "/h/ca.pem", "/x", "/x", "" },
	{ "admin: {httpProxyURL: \"http://u:p@x:81\"}", "http://x:81",
	    "http://y", "http://y", "" },
	{ "admin: {authType: DeviceFlow}", "DeviceFlow", "external_process",
	    "ExternalCommand", "" },
	{ "admin: {clientId: 12}", "12", "ci", "ci", "flytepropeller" },
	{ "", "", "SECRET", "(set)", "" },
	{ "admin: {clientSecretEnvVar: X}", "X", "Y", "Y", "" },
	{ "admin: {clientSecretLocation: /s}", "/s", "~/t", "/h/t",
	    "/etc/secrets/client_secret" },
	{ "admin: {scopes: [a, b]}", "a b", " c , d,,", "c d", "" },
	{ "admin: {audience: aud}", "aud", "b", "b", "" },
	{ "admin: {useAudienceFromAdmin: \"true\"}", "true", NULL, NULL,
	    "false" },
	{ "admin: {tokenUrl: \"https://x/t\"}", "https://x/t", NULL, NULL,
	    "" },
	{ "admin: {authorizationHeader: x-tok}", "x-tok", NULL, NULL, "" },
	{ "admin: {command: [get, it, now]}", "get and 2 words", "get",
	    "get", "" },
	{ "admin: {proxyCommand: [a, b]}", "a and 1 word", "a,b c",
	    "a and 1 word", "" },
	{ "admin: {pkceConfig: {timeout: 1h2m3.5s}}", "1h2m3.5s", NULL, NULL,
	    "2m0s" },
	{ "admin: {deviceFlowConfig: {timeout: 5000000000}}", "5s", NULL,
	    NULL, "10m0s" },
	{ "admin: {deviceFlowConfig: {pollInterval: 500ms}}", "500ms", NULL,
	    NULL, "5s" },
	{ "console: {endpoint: \"https://c\"}", "https://c", "https://d",
	    "https://d", "" },
};

/* Ignored, or as if it was not there: the defaults stay. */
static const char *const harmless[] = {
	"", "---\n", "{}", "admin:", "admin: ~", "admin: {}", "storage: [x]",
	"admin: {insecure: }", "admin: {insecure: null}",
	"admin: {insecure: \"\"}", "admin: {scopes: []}", "logger: {level: 6}",
	"admin: {maxRetries: x, useAuth: true, tokenRefreshWindow: 5m}",
	"admin: {pkceConfig: , deviceFlowConfig: ~}", "endpoint: x",
	"root: {project: p}", "admin: {pkceConfig: {refreshTime: rubbish}}",
};

static const struct {
	const char *yaml, *message;
} wrong[] = {
	{ "admin: x", "1:8 admin: a mapping is wanted, not a text" },
	{ "admin: [x]", "1:8 admin: a mapping is wanted, not a list" },
	{ "- admin", "1:1 a mapping is wanted, not a list" },
	{ "x", "1:1 a mapping is wanted, not a text" },
	{ "[platform]\nurl = x", "1:1 this is flytekit's INI form; "
	    "flytectl's YAML is wanted: 'flytectl config init' writes it" },
	{ "console: 5", "1:10 console: a mapping is wanted, not a text" },
	{ "admin: {pkceConfig: 5}", "1:21 admin.pkceConfig: a mapping is "
	    "wanted, not a text" },
	{ "admin:\n  endpoint: {x: y}", "2:13 admin.endpoint: a text is "
	    "wanted, not a mapping" },
	{ "admin: {insecure: 2}", "1:19 admin.insecure: true or false is "
	    "wanted, not '2'" },
	{ "admin: {insecure: [true]}", "1:19 admin.insecure: a text is "
	    "wanted, not a list" },
	{ "admin: {authType: pkse}", "1:19 admin.authType: 'pkse' is none of "
	    "ClientSecret, Pkce, DeviceFlow, ExternalCommand" },
	{ "admin: {scopes: {a: b}}", "1:17 admin.scopes: a list is wanted, "
	    "not a mapping" },
	{ "admin: {scopes: [a, [b]]}", "1:21 admin.scopes: a text is wanted, "
	    "not a list" },
	{ "admin: {command: get it}", "1:18 admin.command: a list of words "
	    "is wanted, not a text" },
	{ "admin: {pkceConfig: {timeout: \"30\"}}", "1:31 "
	    "admin.pkceConfig.timeout: '30': no unit (ns, us, ms, s, m, h or "
	    "d)" },
	{ "admin: {pkceConfig: {timeout: 0}}", "1:31 "
	    "admin.pkceConfig.timeout: '0' is no time to wait" },
	{ "admin: {pkceConfig: {timeout: -5s}}", "1:31 "
	    "admin.pkceConfig.timeout: '-5s' is no time to wait" },
	{ "admin: {pkceConfig: {timeout: 99999999999999999999}}", "1:31 "
	    "admin.pkceConfig.timeout: '99999999999999999999': too large" },
	{ "admin: {authorizationHeader: \"x: y\"}", "1:30 "
	    "admin.authorizationHeader: 'x: y' is no name of an HTTP "
	    "header" },
};

/* The environment of a test: nothing of flytekit's, HOME is /h. */
static void
clear(void)
{
	size_t i;

	for (i = 0; i < CONFIG_KEYS; i++)
		if (config_keys[i].variable != NULL)
			unsetenv(config_keys[i].variable);
	unsetenv("FLYTECTL_CONFIG");
	setenv("HOME", "/h", 1);
	strbuf_reset(&said);
}

static void
shown_is(const struct config *c, size_t i, const char *want, const char *from)
{
	const struct config_key *key = &config_keys[i];
	struct strbuf sb = STRBUF_INIT;
	const char *name = key->path ? key->path : key->variable;

	config_key_print(&sb, c, key);
	is_str(sb.buf, want, name);
	is_str(c->from[i], from, name);
	strbuf_release(&sb);
}

static void
test_file(const char *path)
{
	struct config c;
	size_t i;
	char *at;

	for (i = 0; i < CONFIG_KEYS; i++) {
		if (*keys[i].yaml == '\0')
			continue;
		clear();
		write_file(path, keys[i].yaml, strlen(keys[i].yaml));
		is_int(config_load(&c, path, "test"), EXIT_DONE, "loads");
		at = xasprintf("%s:1", path);
		shown_is(&c, i, keys[i].shown, at);
		free(at);
		config_release(&c);
	}
	is_str(said.buf, "", "nothing was said");
}

static void
test_environment(const char *path)
{
	struct config c;
	size_t i;

	for (i = 0; i < CONFIG_KEYS; i++) {
		const char *variable = config_keys[i].variable;

		if (variable == NULL)
			continue;
		clear();
		write_file(path, keys[i].yaml, strlen(keys[i].yaml));
		setenv(variable, keys[i].value, 1);
		is_int(config_load(&c, path, "test"), EXIT_DONE, "loads");
		shown_is(&c, i, keys[i].shown_value, variable);
		config_release(&c);
		setenv(variable, "", 1);
		is_int(config_load(&c, path, "test"), EXIT_DONE, "loads");
		ok(c.from[i] == NULL || strcmp(c.from[i], variable) != 0,
		    "an empty %s is none", variable);
		config_release(&c);
	}
	is_str(said.buf, "", "nothing was said");
}

static void
test_defaults(const char *path)
{
	struct config c;
	size_t i, k;

	for (i = 0; i < ARRAY_SIZE(harmless); i++) {
		clear();
		write_file(path, harmless[i], strlen(harmless[i]));
		is_int(config_load(&c, path, "test"), EXIT_DONE,
		    "harmless");
		is_str(said.buf, "", "nothing was said");
		for (k = 0; k < CONFIG_KEYS; k++)
			shown_is(&c, k, keys[k].preset,
			    *keys[k].preset != '\0' ? "default" : NULL);
		config_release(&c);
	}
}

static void
test_wrong(void)
{
	struct strbuf got = STRBUF_INIT;
	struct config c;
	struct diag diag;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(wrong); i++) {
		memset(&c, 0, sizeof(c));
		diag_init(&diag, "x.yaml");
		is_int(config_parse(&c, &diag, wrong[i].yaml,
		    strlen(wrong[i].yaml)), EXIT_INPUT, "refused");
		strbuf_reset(&got);
		if (diag.n > 0)
			strbuf_addf(&got, "%d:%d %s", diag.entry[0].line,
			    diag.entry[0].column, diag.entry[0].message);
		is_str(got.buf, wrong[i].message, "with a position");
		is_int((long long)diag.n, 1, "one message");
		diag_release(&diag);
		config_release(&c);
	}
	strbuf_release(&got);
}

static void
test_case(const char *path)
{
	static const char both[] = "ADMIN: {Endpoint: b, endpoint: a, "
	    "SCOPES: all}\nadmin2: {endpoint: c}\n";
	static const char exact[] = "Admin: {endpoint: b}\nadmin: "
	    "{endpoint: a}\n";
	struct config c;

	clear();
	write_file(path, both, strlen(both));
	config_load(&c, path, "test");
	is_str(c.endpoint, "a", "the exact case first");
	is_int((long long)c.scopes.n, 1, "a text is a list of one");
	config_release(&c);
	write_file(path, exact, strlen(exact));
	config_load(&c, path, "test");
	is_str(c.endpoint, "a", "of sections, too");
	config_release(&c);
}

static void
test_secret(const char *path)
{
	static const char named[] = "admin: {clientSecretEnvVar: MINE}";
	static const char file[] = "admin: {clientSecretLocation: "
	    "t/unit/tap.h}";
	struct strbuf secret = STRBUF_INIT;
	struct config c;

	clear();
	unsetenv("MINE");
	write_file(path, named, strlen(named));
	config_load(&c, path, "test");
	ok(config_secret_from(&c) == NULL, "a variable that is not set");
	is_int(config_flow(&c), FLOW_PKCE, "so a browser it is");
	is_int(config_read_secret(&c, &secret), EXIT_INPUT, "is told of");
	setenv("MINE", "s", 1);
	is_str(config_secret_from(&c), "MINE", "now it is set");
	is_int(config_flow(&c), FLOW_CLIENT_SECRET, "so a secret it is");
	is_int(config_read_secret(&c, &secret), EXIT_DONE, "read");
	is_str(secret.buf, "s", "the variable's");
	config_release(&c);
	setenv("FLYTE_CREDENTIALS_CLIENT_SECRET", "t", 1);
	config_load(&c, path, "test");
	strbuf_reset(&secret);
	config_read_secret(&c, &secret);
	is_str(secret.buf, "t", "flytekit's variable comes first");
	config_release(&c);
	clear();
	write_file(path, file, strlen(file));
	config_load(&c, path, "test");
	strbuf_reset(&secret);
	is_int(config_read_secret(&c, &secret), EXIT_DONE, "a file");
	ok(strncmp(secret.buf, "/* TAP", 6) == 0 &&
	    strcmp(secret.buf + secret.len - 6, "#endif") == 0,
	    "without the newline at its end");
	config_release(&c);
	strbuf_release(&secret);
}

static void
test_which(const char *path)
{
	struct config c;

	clear();
	write_file(path, "admin: {endpoint: a}", 20);
	is_int(config_load(&c, NULL, NULL), EXIT_DONE, "no file at all");
	ok(!c.has_file && c.endpoint == NULL, "and nothing in it");
	is_str(c.file, "~/.flyte/config.yaml", "the usual one");
	config_release(&c);
	setenv("FLYTECTL_CONFIG", path, 1);
	is_int(config_load(&c, NULL, NULL), EXIT_DONE, "the named one");
	is_str(c.file_from, "FLYTECTL_CONFIG", "by its variable");
	is_str(c.endpoint, "a", "is read");
	config_release(&c);
	is_int(config_load(&c, "/nowhere/x", "a target"), EXIT_INPUT,
	    "the target's own is not there");
	ok(strstr(said.buf, "cannot read '/nowhere/x'") != NULL &&
	    strstr(said.buf, "a target says to") != NULL, "which is told");
	config_release(&c);
}

int
main(void)
{
	char path[] = "/tmp/unionml-config-XXXXXX";
	int fd = mkstemp(path);

	if (fd < 0)
		return 1;
	close(fd);
	err_set_sink(listen_to, NULL);
	test_file(path);
	test_environment(path);
	test_defaults(path);
	test_wrong();
	test_case(path);
	test_secret(path);
	test_which(path);
	unlink(path);
	strbuf_release(&said);
	return tap_done();
}
