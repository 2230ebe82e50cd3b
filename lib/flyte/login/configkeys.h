/*
 * The keys of flytectl's configuration that matter to REST, as a table: the
 * reader, the environment and `unionml config` go by its rows.
 */
#ifndef FLYTE_CONFIGKEYS_H
#define FLYTE_CONFIGKEYS_H

#include "lib/base/compat.h"

struct config;
struct diag;
struct strbuf;
struct yaml_node;

enum config_kind {
	CONFIG_TEXT,
	CONFIG_URL,		/* shown without user and password */
	CONFIG_PATH,		/* `~` is HOME */
	CONFIG_HEADER,		/* a field name of HTTP */
	CONFIG_SECRET,		/* never shown */
	CONFIG_FLAG,
	CONFIG_WORDS,		/* a list, or a text with commas */
	CONFIG_ARGV,		/* a list; shown by its first word */
	CONFIG_SPAN,		/* Go's duration, or nanoseconds */
	CONFIG_FLOW
};

struct config_key {
	const char *path;	/* "admin.endpoint"; NULL: variable only */
	const char *variable;	/* flytekit's name; or NULL */
	enum config_kind kind;
	size_t at;		/* offset in struct config */
	const char *preset;	/* default, as text; or NULL */
};

/* CONFIG_KEYS rows, in the order in which they are shown. */
extern const struct config_key config_keys[];

/*
 * Sets the member of the key. An empty text is as if it was not given: *given
 * is false. NULL, or what is wrong as a text of the config's arena.
 */
const char *config_key_set(struct config *config, const struct config_key *key,
    const char *text, bool *given);

/* The same from a node; errors go into `diag`. */
void config_key_read(struct config *config, const struct config_key *key,
    const struct yaml_node *node, struct diag *diag, bool *given);

/* Appends the value as it may be shown; nothing if it is not set. */
void config_key_print(struct strbuf *sb, const struct config *config,
    const struct config_key *key);

#endif
