/*
 * How a Flyte cluster is reached: flytectl's configuration file and, over it,
 * flytekit's environment variables. The file is not ours: keys that mean
 * nothing to REST (storage, logger, gRPC's) and unknown ones are ignored. Keys
 * are those of flyteidl's client Config (clients/go/admin/config.go).
 */
#ifndef FLYTE_CONFIG_H
#define FLYTE_CONFIG_H

#include "lib/base/compat.h"
#include "lib/base/arena.h"
#include "lib/base/err.h"

struct diag;
struct strbuf;

/* How a token is come by; `admin.authType`. */
enum config_flow {
	FLOW_UNSET, FLOW_CLIENT_SECRET, FLOW_PKCE, FLOW_DEVICE, FLOW_COMMAND
};

struct config_list {
	const char **v;		/* NULL-terminated; NULL if n is 0 */
	size_t n;
};

enum { CONFIG_KEYS = 21 };

/* Texts that are not given are NULL. Times are in milliseconds. */
struct config {
	struct arena arena;
	const char *file;	/* as the user would name it */
	const char *file_from;	/* who named it */
	bool has_file;		/* false: there is none by that name */

	const char *endpoint;
	bool insecure, skip_verify;
	const char *ca_file;
	const char *oauth_proxy;
	const char *console;

	enum config_flow flow;
	const char *client_id;
	const char *client_secret;	/* the variable's own value */
	const char *secret_variable, *secret_file;
	struct config_list scopes;
	const char *audience;
	bool audience_from_admin;
	const char *token_url;
	const char *authorization_header;
	struct config_list command, proxy_command;
	int64_t pkce_ms, device_ms, device_interval_ms;

	/*
	 * Where each of configkeys.h was read: `FILE:LINE`, the variable's
	 * name, `default`, or NULL for one that nobody gave.
	 */
	const char *from[CONFIG_KEYS];
};

/*
 * Reads the file and the environment. `file` (NULL: $FLYTECTL_CONFIG, else
 * ~/.flyte/config.yaml) is what `from` asked for. EXIT_INPUT after messages,
 * all of them, if one that was asked for is not there or a value is wrong;
 * EXIT_LOCAL if it cannot be read. To be released whatever comes back.
 */
enum status config_load(struct config *config, const char *file,
    const char *from);

/* The same from memory; what is wrong goes into `diag` only. */
enum status config_parse(struct config *config, struct diag *diag,
    const char *data, size_t len);

/* Frees all of it; fine for zeroed memory. */
void config_release(struct config *config);

/*
 * What `flow` means when it is not given: ClientSecret if there is a secret,
 * else Pkce. flytectl and flytekit do not agree on it.
 */
enum config_flow config_flow(const struct config *config);

/* "ClientSecret" and so on, as flytectl spells them. */
const char *config_flow_name(enum config_flow flow);

/*
 * Where the client's secret would be read: a text of the config, for people,
 * or NULL if there is none.
 */
const char *config_secret_from(const struct config *config);

/*
 * Appends the secret. EXIT_INPUT after a message if the variable that was
 * named is not set or the file is not there.
 */
enum status config_read_secret(const struct config *config,
    struct strbuf *secret);

#endif
