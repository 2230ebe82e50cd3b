/*
 * The Flyte target: FlyteAdmin 1.16 by its REST gateway. This header is for its
 * own modules and for who lists the targets.
 */
#ifndef FLYTE_FLYTE_H
#define FLYTE_FLYTE_H

#include "lib/base/compat.h"
#include "lib/flyte/login/config.h"
#include "lib/target/setup.h"
#include "lib/target/target.h"

struct auth;
struct deployment;
struct http;

/* What `targets:` says, with ${} replaced, and the way to the cluster. */
struct flyte {
	struct target target;
	const struct target_decl *decl;
	const struct app *app;
	char *project, *domain;
	char *service_account;	/* NULL: the cluster's own choice */
	struct config config;
	char *origin;		/* `https://host[:port]` of the gateway */
	struct http *http;
	struct auth *auth;	/* supplies the client with its bearer */
	struct deployment *deployment;	/* the last one of it; NULL */
	/* Between signals_begin and _end: a signal ends what is under way. */
	bool waiting;
	int64_t until;		/* monotonic ms: when it is to be answered by;
				   0: never */
	bool dry_run;		/* the client sends reads alone */
	int haste;		/* of the client: also divides what we wait */
};

extern const struct target_ops flyte_target;
extern const struct target_setup flyte_setup;

/*
 * Reads the declaration, the configuration and the environment into zeroed
 * memory, and opens a client, which connects to nobody yet. To be closed
 * whatever comes back; what is wrong was told (EXIT_INPUT, EXIT_LOCAL).
 */
enum status flyte_connect(struct flyte *flyte, const struct app *app,
    const struct target_decl *decl);
void flyte_disconnect(struct flyte *flyte);

/* setup.c: the first half of flyte_connect, without endpoint and client. */
enum status flyte_configure(struct flyte *flyte, const struct app *app,
    const struct target_decl *decl);

/* probe.c: see target_setup. */
enum status flyte_test(const struct app *app, const struct target_decl *decl,
    const struct target_listener *listener);

#endif
