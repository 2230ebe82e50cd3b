/*
 * Faults of the wire, in words. libcurl's own texts differ from release to
 * release and between its TLS libraries: they are shown where they say more
 * than the code, and decide only where nothing else tells two cases apart.
 */
#include "lib/base/compat.h"

#include "lib/base/clock.h"
#include "lib/base/xalloc.h"
#include "lib/net/curltable.h"
#include "lib/net/fault.h"
#include "lib/net/url.h"

enum { GRPC_PORT = 8089 };

static const struct {
	CURLcode code;
	enum http_fault fault;
} codes[] = {
	{ CURLE_URL_MALFORMAT, HTTP_BAD_URL },
	{ CURLE_COULDNT_RESOLVE_PROXY, HTTP_PROXY },
	{ CURLE_COULDNT_RESOLVE_HOST, HTTP_RESOLVE },
	{ CURLE_COULDNT_CONNECT, HTTP_CONNECT },
	{ CURLE_HTTP2, HTTP_CUT },
	{ CURLE_PARTIAL_FILE, HTTP_CUT },
	{ CURLE_OPERATION_TIMEDOUT, HTTP_TIMEOUT },
	{ CURLE_SSL_CONNECT_ERROR, HTTP_TLS },
	{ CURLE_GOT_NOTHING, HTTP_CUT },
	{ CURLE_SEND_ERROR, HTTP_CUT },
	{ CURLE_RECV_ERROR, HTTP_CUT },
	{ CURLE_SSL_CERTPROBLEM, HTTP_TLS },
	{ CURLE_SSL_CIPHER, HTTP_TLS },
	{ CURLE_PEER_FAILED_VERIFICATION, HTTP_UNTRUSTED },
	{ CURLE_USE_SSL_FAILED, HTTP_TLS },
	{ CURLE_SEND_FAIL_REWIND, HTTP_CUT },
	{ CURLE_SSL_ENGINE_INITFAILED, HTTP_TLS },
	{ CURLE_SSL_CACERT_BADFILE, HTTP_UNTRUSTED },
	{ CURLE_SSL_ISSUER_ERROR, HTTP_UNTRUSTED },
	{ CURLE_HTTP2_STREAM, HTTP_CUT },
	{ CURLE_PROXY, HTTP_PROXY },
};

/* `Failed to connect to HOST port N` names the proxy, if it was that. */
static bool
text_names_other(const char *text, const char *host)
{
	const char *start = strstr(text, "Failed to connect to ");
	size_t len;

	if (!start)
		return false;
	start += strlen("Failed to connect to ");
	len = strcspn(start, " ");
	return strlen(host) != len || strncasecmp(host, start, len) != 0;
}

static bool
is_other_host(const struct fault_case *c)
{
	const char *why;
	struct url url;
	bool other;

	other = url_parse(c->url, &url, &why) &&
	    text_names_other(c->text, url.host);
	url_release(&url);
	return other;
}

enum http_fault
fault_find(const struct fault_case *c)
{
	size_t i;

	if (c->known != HTTP_FINE || c->curl_code == CURLE_OK)
		return c->known;
	if (c->connect_status >= 300)
		return HTTP_PROXY;
	/* A handshake that the other side broke off says nothing of TLS. */
	if (c->curl_code == CURLE_SSL_CONNECT_ERROR &&
	    strstr(c->text, "SSL_connect: "))
		return HTTP_CONNECT;
	if (c->curl_code == CURLE_COULDNT_CONNECT && is_other_host(c))
		return HTTP_PROXY;
	for (i = 0; i < ARRAY_SIZE(codes); i++)
		if ((int)codes[i].code == c->curl_code)
			return codes[i].fault;
	return HTTP_PROTOCOL;
}

static void
put_limit(struct strbuf *sb, const struct fault_case *c)
{
	elapsed_print(sb, c->limit_ms > 0 ? c->limit_ms :
	    c->settings->connect_ms);
}

/* errno where it says something, else what libcurl says. */
static void
put_reason(struct strbuf *sb, const struct fault_case *c)
{
	const char *text;

	if (c->curl_code == CURLE_SSL_CONNECT_ERROR) {
		strbuf_addstr(sb, "the TLS handshake was broken off");
	} else if (c->os_errno != 0) {
		text = strerror(c->os_errno);
		strbuf_addch(sb, (char)tolower((unsigned char)text[0]));
		strbuf_addstr(sb, text + 1);
	} else if (*c->text != '\0') {
		strbuf_addstr(sb, c->text);
	} else {
		strbuf_addstr(sb, "no connection");
	}
}

static void
put_tls(struct strbuf *sb, const struct fault_case *c, const char *at)
{
	if (c->curl_code == CURLE_SSL_CACERT_BADFILE)
		strbuf_addf(sb, "cannot use '%s' as a file of CA certificates",
		    c->settings->ca_file ? c->settings->ca_file : "");
	else if (strstr(c->text, "wrong version number") ||
	    strstr(c->text, "unexpected packet") ||
	    strstr(c->text, "packet length too long"))
		strbuf_addf(sb, "%s does not speak TLS", at);
	else
		strbuf_addf(sb, "no TLS with %s: %s", at, c->text);
}

static void
put_untrusted(struct strbuf *sb, const struct fault_case *c, const char *at)
{
	static const char prefix[] = "SSL certificate problem: ";
	const char *text = c->text;

	if (c->curl_code == CURLE_SSL_CACERT_BADFILE) {
		put_tls(sb, c, at);
		return;
	}
	if (strncmp(text, prefix, strlen(prefix)) == 0)
		text += strlen(prefix);
	if (strncmp(text, "SSL: ", 5) == 0)
		text += 5;
	strbuf_addf(sb, "cannot trust the certificate of %s: %s", at,
	    *text != '\0' ? text : "it is signed by nobody known");
}

static void
put_cut(struct strbuf *sb, const struct http_response *res, const char *at)
{
	strbuf_addf(sb, "%s broke the connection off ", at);
	if (res->status == 0)
		strbuf_addstr(sb, "without an answer");
	else if (res->total > 0 && res->received > 0)
		strbuf_addf(sb, "after %lld of %lld bytes",
		    (long long)res->received, (long long)res->total);
	else
		strbuf_addstr(sb, "in the middle of the answer");
}

static void
put_proxy(struct strbuf *sb, const struct fault_case *c, const char *at)
{
	if (c->connect_status >= 300)
		strbuf_addf(sb, "the proxy does not let through to %s: "
		    "status %d", at, c->connect_status);
	else
		strbuf_addf(sb, "cannot reach the proxy for %s: %s", at,
		    *c->text != '\0' ? c->text : "no connection");
}

static void
put_timeout(struct strbuf *sb, const struct fault_case *c, const char *at)
{
	if (!c->connected) {
		strbuf_addf(sb, "cannot reach %s: no connection within ", at);
	} else if (c->stalled) {
		strbuf_addf(sb, "%s went silent for ", at);
	} else {
		strbuf_addf(sb, "no whole answer from %s within ", at);
	}
	put_limit(sb, c);
}

static void
put_sentence(struct strbuf *sb, enum http_fault fault,
    const struct fault_case *c, const struct http_response *res,
    const char *at, const char *host)
{
	switch (fault) {
	case HTTP_RESOLVE:
		strbuf_addf(sb, "cannot reach %s: no address of '%s' is known",
		    at, host);
		break;
	case HTTP_CONNECT:
		strbuf_addf(sb, "cannot reach %s: ", at);
		put_reason(sb, c);
		break;
	case HTTP_PROXY:
		put_proxy(sb, c, at);
		break;
	case HTTP_TLS:
		put_tls(sb, c, at);
		break;
	case HTTP_UNTRUSTED:
		put_untrusted(sb, c, at);
		break;
	case HTTP_TIMEOUT:
		put_timeout(sb, c, at);
		break;
	case HTTP_CUT:
		put_cut(sb, res, at);
		break;
	case HTTP_TOO_LARGE:
		strbuf_addf(sb, "the answer of %s is too large", at);
		break;
	case HTTP_SINK:
		strbuf_addf(sb, "what %s sends cannot be kept", at);
		break;
	case HTTP_SOURCE:
		strbuf_addf(sb, "what %s shall get cannot be read", at);
		break;
	case HTTP_GRPC:
		strbuf_addf(sb, "%s speaks gRPC, not HTTP with JSON", at);
		break;
	case HTTP_REDIRECT:
		strbuf_addf(sb, "%s redirects elsewhere", at);
		break;
	case HTTP_STOPPED:
		strbuf_addf(sb, "the request to %s was broken off", at);
		break;
	default:
		strbuf_addf(sb, "%s does not answer in HTTP", at);
		if (c->known == HTTP_FINE && *c->text != '\0')
			strbuf_addf(sb, ": %s", c->text);
		break;
	}
}

static const char *
next_step(const struct fault_case *c, const struct http_response *res,
    const struct url *url)
{
	switch (res->fault) {
	case HTTP_RESOLVE:
		return "is the host's name right, and its network (a VPN) on?";
	case HTTP_TLS:
		return "is it a port without TLS (insecure: true, http://)?";
	case HTTP_UNTRUSTED:
		return c->curl_code == CURLE_SSL_CACERT_BADFILE ?
		    "it must be there, readable, and PEM" :
		    "if it is the right server, name the file of the CA that "
		    "signed it (caCertFilePath)";
	case HTTP_CUT:
		return res->status == 0 && !url->tls ? "is it a port with TLS "
		    "(https://), or that of gRPC?" : NULL;
	case HTTP_GRPC:
		return "8089 is FlyteAdmin's gRPC port; its HTTP gateway is "
		    "mostly at 8088, or at the same host's ingress";
	case HTTP_PROXY:
		return "see HTTPS_PROXY, HTTP_PROXY and NO_PROXY in the "
		    "environment";
	default:
		return NULL;
	}
}

void
fault_tell(const struct fault_case *c, struct http_response *res)
{
	struct strbuf sentence = STRBUF_INIT, at = STRBUF_INIT;
	const char *why, *step;
	struct url url;

	res->fault = fault_find(c);
	if (!url_parse(c->url, &url, &why))
		BUG("'%s' was let through", why);
	url_print_authority(&at, &url);
	/* The port whose silence is known to mean it. */
	if (res->fault == HTTP_CUT && res->status == 0 && !url.tls &&
	    url.port == GRPC_PORT)
		res->fault = HTTP_GRPC;
	put_sentence(&sentence, res->fault, c, res, at.buf, url.host);
	if (c->attempts > 1)
		strbuf_addf(&sentence, " (%d attempts)", c->attempts);
	free(res->problem);
	free(res->next_step);
	res->problem = strbuf_detach(&sentence);
	step = next_step(c, res, &url);
	res->next_step = step ? xstrdup(step) : NULL;
	strbuf_release(&at);
	url_release(&url);
}
