/*
 * flytectl's configuration: which file, what it says, what the environment says
 * over it, and the defaults below. Nothing is sent and no secret is read here
 * but by config_read_secret.
 */
#include "lib/base/compat.h"

#include <strings.h>

#include <unistd.h>

#include "lib/appfile/scalar.h"
#include "lib/base/diag.h"
#include "lib/base/io.h"
#include "lib/base/path.h"
#include "lib/base/strbuf.h"
#include "lib/flyte/login/config.h"
#include "lib/flyte/login/configkeys.h"
#include "lib/text/yamldoc.h"

enum { SECRET_MAX = 64 << 10 };

static const char usual_file[] = "~/.flyte/config.yaml";

/* The member of that name, or else one that differs in case only. */
static const struct yaml_node *
find_folded(const struct yaml_node *map, const char *name, size_t len)
{
	const struct yaml_node *folded = NULL;
	size_t i;

	for (i = 0; map->kind == YAML_MAP && i < map->n; i++) {
		const struct yaml_node *key = map->pair[i].key;

		if (key->n != len || strncasecmp(key->text, name, len) != 0)
			continue;
		if (strncmp(key->text, name, len) == 0)
			return map->pair[i].value;
		if (folded == NULL)
			folded = map->pair[i].value;
	}
	return folded;
}

/* Follows `admin.pkceConfig.timeout` down from the root. */
static const struct yaml_node *
find_key(const struct yaml_node *node, const char *path)
{
	size_t len;

	for (;; path += len + 1) {
		len = strcspn(path, ".");
		node = find_folded(node, path, len);
		if (node == NULL || path[len] == '\0')
			return node;
	}
}

/* What ought to hold keys of ours and does not. */
static void
check_sections(const struct yaml_node *root, struct diag *diag)
{
	static const char *const sections[] = {
		"admin", "admin.pkceConfig", "admin.deviceFlowConfig",
		"console"
	};
	const struct yaml_node *node;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(sections); i++) {
		node = find_key(root, sections[i]);
		if (node != NULL && node->kind != YAML_MAP &&
		    !scalar_is_nothing(node))
			diag_error(diag, node->line, node->column, "%s: a "
			    "mapping is wanted, not %s", sections[i],
			    yaml_kind_name(node));
	}
}

enum status
config_parse(struct config *config, struct diag *diag, const char *data,
    size_t len)
{
	const struct yaml_node *node;
	struct yaml_node *root;
	bool given;
	size_t i;

	if (data[strspn(data, " \t\r\n")] == '[') {
		diag_error(diag, 1, 1, "this is flytekit's INI form; "
		    "flytectl's YAML is wanted: 'flytectl config init' "
		    "writes it");
		return EXIT_INPUT;
	}
	if (yamldoc_parse(&config->arena, diag, data, len, &root) != EXIT_DONE)
		return EXIT_INPUT;
	if (root == NULL)
		return EXIT_DONE;
	if (root->kind != YAML_MAP) {
		diag_error(diag, root->line, root->column, "a mapping is "
		    "wanted, not %s", yaml_kind_name(root));
		return EXIT_INPUT;
	}
	check_sections(root, diag);
	for (i = 0; i < CONFIG_KEYS; i++) {
		const struct config_key *key = &config_keys[i];

		node = key->path ? find_key(root, key->path) : NULL;
		if (node == NULL)
			continue;
		config_key_read(config, key, node, diag, &given);
		if (given)
			config->from[i] = arena_printf(&config->arena,
			    "%s:%d", diag->file, node->line);
	}
	return diag->errors > 0 ? EXIT_INPUT : EXIT_DONE;
}

/* An empty variable is as good as none: CI sets what it lacks to nothing. */
static enum status
read_environment(struct config *c)
{
	enum status status = EXIT_DONE;
	const char *value, *why;
	bool given;
	size_t i;

	for (i = 0; i < CONFIG_KEYS; i++) {
		const struct config_key *key = &config_keys[i];

		value = key->variable ? getenv(key->variable) : NULL;
		if (value == NULL)
			continue;
		why = config_key_set(c, key, value, &given);
		if (why != NULL)
			status = error(EXIT_INPUT, "%s in the environment: "
			    "%s", key->variable, why);
		else if (given)
			c->from[i] = key->variable;
	}
	return status;
}

static void
fill_defaults(struct config *c)
{
	bool given;
	size_t i;

	for (i = 0; i < CONFIG_KEYS; i++) {
		const struct config_key *key = &config_keys[i];

		if (c->from[i] != NULL || key->preset == NULL)
			continue;
		if (config_key_set(c, key, key->preset, &given) != NULL)
			BUG("bad default of '%s'", key->path);
		c->from[i] = "default";
	}
}

static enum status
read_yaml(struct config *c, const char *path)
{
	struct strbuf text = STRBUF_INIT;
	enum status status;
	struct diag diag;

	if (read_file(path, &text, YAMLDOC_SIZE_MAX) != 0) {
		strbuf_release(&text);
		c->has_file = errno != ENOENT && errno != ENOTDIR;
		if (!c->has_file && strcmp(c->file_from, "default") == 0)
			return EXIT_DONE;
		error_errno(c->has_file ? EXIT_LOCAL : EXIT_INPUT, "cannot "
		    "read '%s'", c->file);
		hint("%s says to", c->file_from);
		return c->has_file ? EXIT_LOCAL : EXIT_INPUT;
	}
	c->has_file = true;
	diag_init(&diag, c->file);
	status = config_parse(c, &diag, text.buf, text.len);
	if (diag.errors > 0)
		diag_print(&diag);
	diag_release(&diag);
	strbuf_release(&text);
	return status;
}

enum status
config_load(struct config *config, const char *file, const char *from)
{
	const char *named = getenv("FLYTECTL_CONFIG");
	enum status status, other;
	char *path;

	memset(config, 0, sizeof(*config));
	if (file == NULL && named != NULL && *named != '\0') {
		file = named;
		from = "FLYTECTL_CONFIG";
	} else if (file == NULL) {
		file = usual_file;
		from = "default";
	}
	config->file = arena_strdup(&config->arena, file);
	config->file_from = arena_strdup(&config->arena, from);
	path = path_expand_home(file);
	status = read_yaml(config, path);
	free(path);
	detail("config %s (%s)%s", config->file, config->file_from,
	    config->has_file ? "" : ": there is none");
	other = read_environment(config);
	fill_defaults(config);
	return status != EXIT_DONE ? status : other;
}

void
config_release(struct config *config)
{
	arena_release(&config->arena);
	memset(config, 0, sizeof(*config));
}

const char *
config_secret_from(const struct config *config)
{
	const char *value;

	if (config->client_secret != NULL)
		return "FLYTE_CREDENTIALS_CLIENT_SECRET";
	if (config->secret_variable != NULL) {
		value = getenv(config->secret_variable);
		return value != NULL && *value != '\0' ?
		    config->secret_variable : NULL;
	}
	return access(config->secret_file, R_OK) == 0 ? config->secret_file :
	    NULL;
}

enum config_flow
config_flow(const struct config *config)
{
	if (config->flow != FLOW_UNSET)
		return config->flow;
	return config_secret_from(config) != NULL ? FLOW_CLIENT_SECRET :
	    FLOW_PKCE;
}

/* Blanks and newlines around it are the editor's. */
static void
add_trimmed(struct strbuf *sb, const char *text, size_t len)
{
	while (len > 0 && isspace((unsigned char)*text)) {
		text++;
		len--;
	}
	while (len > 0 && isspace((unsigned char)text[len - 1]))
		len--;
	strbuf_add(sb, text, len);
}

static enum status
read_secret_file(const char *path, struct strbuf *secret)
{
	struct strbuf text = STRBUF_INIT;
	enum status status = EXIT_DONE;

	if (read_file(path, &text, SECRET_MAX) != 0) {
		error_errno(EXIT_INPUT, "cannot read the client's secret from "
		    "'%s'", path);
		hint("name the variable that has it by clientSecretEnvVar, "
		    "or its file by clientSecretLocation");
		status = EXIT_INPUT;
	} else {
		add_trimmed(secret, text.buf, text.len);
		explicit_bzero(text.buf, text.len);
	}
	strbuf_release(&text);
	return status;
}

enum status
config_read_secret(const struct config *config, struct strbuf *secret)
{
	const char *value;
	enum status status;

	if (config->client_secret != NULL) {
		strbuf_addstr(secret, config->client_secret);
		return EXIT_DONE;
	}
	if (config->secret_variable != NULL) {
		value = getenv(config->secret_variable);
		if (value == NULL || *value == '\0')
			return error(EXIT_INPUT, "'%s', which is to hold the "
			    "client's secret, is not set in the environment",
			    config->secret_variable);
		strbuf_addstr(secret, value);
		return EXIT_DONE;
	}
	status = read_secret_file(config->secret_file, secret);
	if (status == EXIT_DONE && secret->len == 0)
		status = error(EXIT_INPUT, "the client's secret in '%s' is "
		    "empty", config->secret_file);
	return status;
}
