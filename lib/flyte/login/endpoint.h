/* `admin.endpoint` as people spell it, and the URL that it means to REST. */
#ifndef FLYTE_ENDPOINT_H
#define FLYTE_ENDPOINT_H

#include "lib/base/compat.h"

struct strbuf;

/*
 * Appends `https://host[:port]`. gRPC's names of resolvers (`dns:///host`,
 * `passthrough:///host`) go; a given http:// or https:// beats `insecure`; an
 * IPv6 address may lack its brackets. False, and *why in static text, if it
 * means nothing to REST.
 */
bool endpoint_parse(struct strbuf *origin, const char *text, bool insecure,
    const char **why);

#endif
