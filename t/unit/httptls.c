/* TLS with certificates made for the occasion, proxies, and no libcurl. */
#include "lib/base/compat.h"

#include "lib/base/clock.h"
#include "lib/net/curltable.h"
#include "t/unit/faulty.h"
#include "t/unit/tap.h"

static char dir[] = "/tmp/unionml-httptls-XXXXXX";
static char *cert, *key, *log_path;

static bool
run(char *const *argv)
{
	int status = -1;
	pid_t pid;

	if (posix_spawnp(&pid, argv[0], NULL, NULL, argv, environ) != 0)
		return false;
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return false;
	return status == 0;
}

/* A certificate of that name, signed by itself, in the directory. */
static bool
make_certificate(const char *san)
{
	char *const argv[] = { (char *)"sh", (char *)"-c",
		(char *)"printf '[req]\\ndistinguished_name=d\\n[d]\\n' >$1.c; "
		"exec openssl req -x509 -newkey ec -pkeyopt "
		"ec_paramgen_curve:prime256v1 -nodes -days 3650 -subj /CN=test "
		"-addext \"$3\" -config $1.c -keyout $1 -out $2 2>/dev/null",
		(char *)"sh", key, cert, (char *)(uintptr_t)san, NULL };

	return run(argv);
}

static void
call(const struct http_settings *set, const char *url,
    struct http_response *res)
{
	struct http *h = http_open(set);
	struct http_request req;

	http_request_init(&req, HTTP_GET, url);
	http_call(h, &req, res);
	http_close(h);
}

static void
test_trust(const struct faulty *tls)
{
	struct http_settings set;
	struct http_response res;
	char want[128];

	faulty_settings(&set);
	http_response_init(&res);
	call(&set, faulty_url(tls, "/unknown/ok/5"), &res);
	is_int(res.fault, HTTP_UNTRUSTED, "signed by nobody known");
	is_int(res.attempts, 1, "is not tried again");
	snprintf(want, sizeof(want), "cannot trust the certificate of "
	    "127.0.0.1:%d: self-signed certificate", tls->port);
	is_str(res.problem, want, "in words");
	is_int(http_exit_status(&res), EXIT_NETWORK, "exit status");
	is_int(faulty_count(log_path, "unknown"), 0, "nothing was sent");
	set.ca_file = cert;
	call(&set, faulty_url(tls, "/known/ok/5"), &res);
	is_int(res.fault, HTTP_FINE, "with its CA");
	is_int((long long)res.body.len, 5, "the body");
	set.ca_file = key;
	call(&set, faulty_url(tls, "/badca/ok/5"), &res);
	is_int(res.fault, HTTP_UNTRUSTED, "a file that is no CA");
	set.ca_file = "/nonexistent/ca.pem";
	call(&set, faulty_url(tls, "/noca/ok/5"), &res);
	is_str(res.problem, "cannot use '/nonexistent/ca.pem' as a file of CA "
	    "certificates", "a file that is not there");
	strbuf_reset(&faulty_said);
	set.skip_verify = true;
	call(&set, faulty_url(tls, "/skip/ok/5"), &res);
	is_int(res.fault, HTTP_FINE, "not verified beats the CA file");
	is_str(faulty_said.buf, "unionml: warning: the certificate of "
	    "127.0.0.1 is not verified, as the configuration says\n",
	    "and is said");
	http_response_release(&res);
}

static void
test_warned_once(const struct faulty *tls)
{
	struct http_settings set;
	struct http_response res;
	struct http_request req;
	struct http *h;
	const char *p;
	int i, n = 0;

	faulty_settings(&set);
	set.skip_verify = true;
	strbuf_reset(&faulty_said);
	http_response_init(&res);
	h = http_open(&set);
	for (i = 0; i < 3; i++) {
		http_request_init(&req, HTTP_GET, faulty_url(tls,
		    "/once/ok/5"));
		ok(http_call(h, &req, &res), "request %d", i);
	}
	for (p = faulty_said.buf; (p = strstr(p, "warning")) != NULL; p++)
		n++;
	is_int(n, 1, "one warning for all of them");
	http_close(h);
	http_response_release(&res);
}

static void
test_wrong_name(void)
{
	const char *options[] = { "--tls", cert, key, NULL };
	struct http_settings set;
	struct http_response res;
	struct faulty other;

	ok(make_certificate("subjectAltName=DNS:flyte.example.com"),
	    "a certificate of another name");
	faulty_start(&other, options);
	faulty_settings(&set);
	set.ca_file = cert;
	http_response_init(&res);
	call(&set, faulty_url(&other, "/name/ok/5"), &res);
	is_int(res.fault, HTTP_UNTRUSTED, "another name");
	ok(strstr(res.problem, "does not match") ||
	    strstr(res.problem, "no alternative certificate"), "in words: %s",
	    res.problem);
	http_response_release(&res);
	faulty_stop(&other);
}

/* https to a port without TLS, and http to one with it. */
static void
test_mixed_up(const struct faulty *plain, const struct faulty *tls)
{
	struct http_settings set;
	struct http_response res;
	char url[64], want[128];

	faulty_settings(&set);
	http_response_init(&res);
	snprintf(url, sizeof(url), "https://127.0.0.1:%d/x/ok/1",
	    plain->port);
	call(&set, url, &res);
	is_int(res.fault, HTTP_TLS, "a port without TLS");
	snprintf(want, sizeof(want), "127.0.0.1:%d does not speak TLS",
	    plain->port);
	is_str(res.problem, want, "in words");
	is_int(res.attempts, 1, "once");
	snprintf(url, sizeof(url), "http://127.0.0.1:%d/x/ok/1", tls->port);
	call(&set, url, &res);
	ok(res.fault == HTTP_PROTOCOL || res.fault == HTTP_CUT,
	    "a port with TLS: %s", res.problem);
	http_response_release(&res);
}

static int
count_proxied(void)
{
	struct strbuf sb = STRBUF_INIT;
	int n;

	read_file(log_path, &sb, 1 << 20);
	n = strstr(sb.buf, "GET http://ok/proxied/ok/5 ") != NULL;
	strbuf_release(&sb);
	return n;
}

/* The plain server as a proxy: it sees the absolute URL as the target. */
static void
test_proxy(const struct faulty *plain)
{
	struct http_settings set;
	struct http_response res;
	char proxy[64];
	int dead = faulty_dead_port();

	faulty_settings(&set);
	http_response_init(&res);
	snprintf(proxy, sizeof(proxy), "http://u:SECRET@127.0.0.1:%d", dead);
	set.proxy = proxy;
	call(&set, "http://flyte.example.com/x/ok/1", &res);
	is_int(res.fault, HTTP_PROXY, "a proxy that is not there");
	ok(!strstr(res.problem, "SECRET"), "%s", res.problem);
	snprintf(proxy, sizeof(proxy), "http://127.0.0.1:%d", plain->port);
	call(&set, "http:///x", &res);
	is_int(res.fault, HTTP_BAD_URL, "no host");
	call(&set, "https://flyte.example.com/x/ok/1", &res);
	is_int(res.fault, HTTP_PROXY, "one that refuses CONNECT");
	setenv("http_proxy", proxy, 1);
	setenv("no_proxy", "", 1);
	set.proxy = NULL;
	call(&set, "http://ok/proxied/ok/5", &res);
	is_int(res.status, 200, "http_proxy of the environment");
	is_int(count_proxied(), 1, "saw the request");
	setenv("no_proxy", "127.0.0.1", 1);
	setenv("http_proxy", "http://127.0.0.1:1", 1);
	call(&set, faulty_url(plain, "/direct/ok/5"), &res);
	is_int(res.status, 200, "no_proxy of the environment");
	set.proxy = "";
	setenv("no_proxy", "", 1);
	call(&set, faulty_url(plain, "/direct/ok/5"), &res);
	is_int(res.status, 200, "no proxy, whatever the environment says");
	http_response_release(&res);
}

static void
test_library(void)
{
	static const char *const none[] = { "libcurl-none.so.9", NULL };
	static const char *const other[] = { "libz.so.1", NULL };
	char *why = NULL;

	ok(curltable_open(none, &why) == NULL, "no libcurl");
	is_str(why, "cannot load libcurl-none.so.9, the HTTP library",
	    "in words");
	free(why);
	ok(curltable_open(other, &why) == NULL, "another library");
	is_str(why, "libz.so.1 is too old: it lacks curl_global_init",
	    "in words");
	free(why);
}

int
main(void)
{
	const char *options[] = { "--log", NULL, NULL };
	const char *tls_options[] = { "--tls", NULL, NULL, "--log", NULL,
		NULL };
	struct faulty plain, tls;
	char *rm[] = { (char *)"rm", (char *)"-rf", dir, NULL };

	if (!mkdtemp(dir))
		die(EXIT_LOCAL, "no directory");
	cert = xasprintf("%s/cert.pem", dir);
	key = xasprintf("%s/key.pem", dir);
	log_path = xasprintf("%s/log", dir);
	err_set_sink(faulty_hear, NULL);
	test_library();
	ok(make_certificate("subjectAltName=IP:127.0.0.1"), "a certificate");
	options[1] = tls_options[4] = log_path;
	tls_options[1] = cert;
	tls_options[2] = key;
	faulty_start(&plain, options);
	faulty_start(&tls, tls_options);
	test_trust(&tls);
	test_warned_once(&tls);
	test_mixed_up(&plain, &tls);
	test_proxy(&plain);
	faulty_stop(&plain);
	faulty_stop(&tls);
	test_wrong_name();
	run(rm);
	free(cert);
	free(key);
	free(log_path);
	strbuf_release(&faulty_said);
	return tap_done();
}
