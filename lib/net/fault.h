/*
 * Why no answer came, in words: from libcurl's code and what else is known of
 * the attempt to enum http_fault, a sentence and the next step.
 */
#ifndef NET_FAULT_H
#define NET_FAULT_H

#include "lib/base/compat.h"
#include "lib/net/http.h"

struct fault_case {
	int curl_code;		/* CURLcode */
	enum http_fault known;	/* found on the way: it wins */
	const char *text;	/* libcurl's own words, "" if there are none */
	const char *url;
	int os_errno;
	int connect_status;	/* of a proxy's answer to CONNECT; 0: none */
	bool connected;		/* TCP and TLS stood */
	int64_t limit_ms;	/* that was passed; 0: connect_ms */
	bool stalled;		/* limit_ms is that of silence */
	const struct http_settings *settings;
	int attempts;
};

/* Sets fault, problem and next_step of the response. */
void fault_tell(const struct fault_case *c, struct http_response *res);

/* The fault alone. */
enum http_fault fault_find(const struct fault_case *c);

#endif
