/*
 * The ways to a token, one for each `admin.authType`. Each prints why it
 * fails: EXIT_DENIED for a refusal, EXIT_NETWORK for what may heal, EXIT_INPUT
 * for what is not configured, EXIT_LOCAL for this machine.
 */
#ifndef FLYTE_FLOWS_H
#define FLYTE_FLOWS_H

#include "lib/base/compat.h"
#include "lib/base/err.h"

struct config_list;
struct discovery;
struct oauth;
struct strbuf;
struct token;

/*
 * ClientSecret: RFC 6749 section 4.4. Credentials go as Basic, and if that is
 * refused in the form.
 */
enum status flow_client_secret(struct oauth *oauth,
    const struct discovery *d, struct token *token);

/* Pkce: RFC 8252 with a browser and a listener on this machine. */
enum status flow_pkce(struct oauth *oauth, const struct discovery *d,
    struct token *token);

/* DeviceFlow: RFC 8628. */
enum status flow_device(struct oauth *oauth, const struct discovery *d,
    struct token *token);

/*
 * RFC 6749 section 6, by what the token itself holds; the old refresh token
 * stays where no new one comes. EXIT_DENIED without a message where the server
 * does not take it; EXIT_NETWORK with one where there was no answer.
 */
enum status flow_refresh(struct oauth *oauth, struct token *token);

/*
 * ExternalCommand and proxyCommand: the program's stdout, trimmed. It has the
 * environment, no stdin and a minute; its stderr is ours. `key` names it.
 */
enum status flow_command(const struct config_list *argv, const char *key,
    struct strbuf *token);

/* Words as a form has them: scope, between blanks. Appends nothing of none. */
void flow_add_scopes(struct strbuf *form, char *const *scopes, size_t n);

#endif
