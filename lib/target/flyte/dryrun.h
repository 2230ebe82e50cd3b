/*
 * A dry run: the client sends what only reads, and with --verbose each other
 * request is shown as it would be sent: `would send POST URL`, then its JSON.
 */
#ifndef FLYTE_DRYRUN_H
#define FLYTE_DRYRUN_H

#include "lib/base/compat.h"

struct flyte;
struct http_request;

/* From here to the end. */
void dry_run_begin(struct flyte *flyte);

/* Whether somebody wants to see what would be sent. */
bool dry_run_is_shown(const struct flyte *flyte);

/* As `would_send` of struct http_settings. */
void dry_run_show(void *arg, const struct http_request *req);

#endif
