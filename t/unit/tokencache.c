/*
 * Tokens between commands: what is written is read again by who it is for and
 * by nobody else; modes; damaged files; two processes at once. And a token's
 * life, and what it says of itself.
 */
#include "lib/base/compat.h"

#include <sys/stat.h>
#include <sys/wait.h>

#include <unistd.h>

#include "lib/base/base64.h"
#include "lib/base/clock.h"
#include "lib/base/err.h"
#include "lib/base/io.h"
#include "lib/base/path.h"
#include "lib/base/strbuf.h"
#include "lib/base/tree.h"
#include "lib/base/xalloc.h"
#include "lib/flyte/login/token.h"
#include "lib/flyte/login/tokencache.h"
#include "t/unit/tap.h"

static const char origin[] = "https://flyte.test:8443";
static struct strbuf said = STRBUF_INIT;

static void
listen_to(void *arg, const char *text, size_t len)
{
	(void)arg;
	strbuf_add(&said, text, len);
}

static void
fill(struct token *t, const char *access)
{
	memset(t, 0, sizeof(*t));
	t->access = xstrdup(access);
	t->refresh = xstrdup("r\"\\");
	t->client_id = xstrdup("flytectl");
	t->token_url = xstrdup("https://idp.test/token");
	t->issued = 100;
	t->expires = 1900;
}

static int
mode_of(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0 ? (int)(st.st_mode & 07777) : -1;
}

static void
test_round(void)
{
	struct tokencache cache;
	struct token in, out;
	char *dir;

	memset(&out, 0, sizeof(out));
	tokencache_open(&cache, origin, "Pkce", "");
	ok(!tokencache_load(&cache, &out) && out.access == NULL,
	    "nothing at first");
	tokencache_drop(&cache);
	fill(&in, "secret");
	umask(0);
	tokencache_save(&cache, &in);
	umask(022);
	ok(tokencache_load(&cache, &out), "then what was saved");
	is_str(out.access, "secret", "access token");
	is_str(out.refresh, "r\"\\", "refresh token");
	is_str(out.client_id, "flytectl", "client");
	is_str(out.token_url, "https://idp.test/token", "URL");
	ok(out.header == NULL, "no header");
	is_int(out.issued, 100, "issued");
	is_int(out.expires, 1900, "expires");
	dir = path_dirname(cache.path);
	is_int(mode_of(cache.path), 0600, "the file is private");
	is_int(mode_of(dir), 0700, "the directory, too");
	ok(strstr(cache.path, "secret") == NULL &&
	    strstr(cache.path, "flyte.test_8443") != NULL,
	    "its name says which cluster");
	token_release(&in);
	token_release(&out);
	tokencache_close(&cache);
	free(dir);
}

static void
test_others(void)
{
	static const char *const other[][3] = {
		{ "https://flyte.test", "Pkce", "" },
		{ "http://flyte.test:8443", "Pkce", "" },
		{ "https://flyte.test:8443", "DeviceFlow", "" },
		{ "https://flyte.test:8443", "Pkce", "x" },
		{ "https://flyte.test:8443", "Pkcex", "" },
	};
	struct tokencache cache;
	struct token token;
	size_t i;

	memset(&token, 0, sizeof(token));
	for (i = 0; i < ARRAY_SIZE(other); i++) {
		tokencache_open(&cache, other[i][0], other[i][1],
		    other[i][2]);
		ok(!tokencache_load(&cache, &token), "not for %s %s %s",
		    other[i][0], other[i][1], other[i][2]);
		tokencache_close(&cache);
	}
}

static void
test_rubbish(void)
{
	static const char *const rubbish[] = {
		"", "{", "[]", "7", "{}", "{\"access_token\": \"x\"}",
		"{\"origin\": \"https://flyte.test:8443\", \"flow\": "
		    "\"Pkce\", \"client\": \"\"}",
		"{\"origin\": \"https://flyte.test:8443\", \"flow\": "
		    "\"Pkce\", \"client\": \"\", \"access_token\": 5}",
		"{\"origin\": \"https://flyte.test:8443\", \"flow\": "
		    "\"Pkce\", \"client\": \"\", \"access_token\": "
		    "\"a\\r\\nHost: x\"}",
		"{\"origin\": \"https://other.test\", \"flow\": "
		    "\"Pkce\", \"client\": \"\", \"access_token\": \"x\"}",
	};
	struct tokencache cache;
	struct token token;
	size_t i;

	memset(&token, 0, sizeof(token));
	tokencache_open(&cache, origin, "Pkce", "");
	for (i = 0; i < ARRAY_SIZE(rubbish); i++) {
		write_file(cache.path, rubbish[i], strlen(rubbish[i]));
		chmod(cache.path, 0600);
		ok(!tokencache_load(&cache, &token) && token.access == NULL,
		    "rubbish is as good as nothing: %zu", i);
	}
	is_str(said.buf, "", "and nothing is said of it");
	tokencache_close(&cache);
}

static void
test_modes(void)
{
	static const int modes[] = { 0640, 0604, 0660, 0610, 0602 };
	struct tokencache cache;
	struct token token;
	size_t i;

	fill(&token, "x");
	for (i = 0; i < ARRAY_SIZE(modes); i++) {
		tokencache_open(&cache, origin, "Pkce", "");
		tokencache_save(&cache, &token);
		chmod(cache.path, (mode_t)modes[i]);
		strbuf_reset(&said);
		ok(!tokencache_load(&cache, &token), "not of mode %o",
		    (unsigned)modes[i]);
		ok(strstr(said.buf, "can be read by others") != NULL,
		    "which is told");
		strbuf_reset(&said);
		tokencache_load(&cache, &token);
		is_str(said.buf, "", "once");
		tokencache_close(&cache);
	}
	tokencache_open(&cache, origin, "Pkce", "");
	tokencache_save(&cache, &token);
	is_int(mode_of(cache.path), 0600, "a new one is private again");
	unlink(cache.path);
	is_int(symlink("/etc/passwd", cache.path), 0, "a link");
	ok(!tokencache_load(&cache, &token), "is not followed");
	tokencache_close(&cache);
	token_release(&token);
}

/* Each child takes the lock, reads a number, waits, writes the next one. */
static void
test_lock(const char *counter)
{
	enum { CHILDREN = 4, ROUNDS = 5 };
	const struct timespec pause = { 0, 2000000 };
	struct strbuf text = STRBUF_INIT;
	struct tokencache cache;
	int i, k, status, failed = 0;

	write_file(counter, "0", 1);
	for (i = 0; i < CHILDREN; i++) {
		if (fork() != 0)
			continue;
		for (k = 0; k < ROUNDS; k++) {
			long n;

			tokencache_open(&cache, origin, "Pkce", "");
			tokencache_lock(&cache, 60000);
			strbuf_reset(&text);
			read_file(counter, &text, 100);
			n = strtol(text.buf, NULL, 10) + 1;
			nanosleep(&pause, NULL);
			strbuf_reset(&text);
			strbuf_addf(&text, "%ld", n);
			write_file(counter, text.buf, text.len);
			tokencache_close(&cache);
		}
		_exit(0);
	}
	while (wait(&status) > 0)
		failed += status != 0;
	is_int(failed, 0, "all have ended");
	strbuf_reset(&text);
	read_file(counter, &text, 100);
	is_int(strtol(text.buf, NULL, 10), CHILDREN * ROUNDS,
	    "one at a time");
	strbuf_release(&text);
}

static void
test_lock_limit(void)
{
	struct tokencache one, two;
	int64_t start = clock_monotonic_ms();

	tokencache_open(&one, origin, "Pkce", "");
	tokencache_open(&two, origin, "Pkce", "");
	tokencache_lock(&one, 1000);
	ok(one.lock_fd >= 0, "locked");
	tokencache_lock(&two, 200);
	ok(two.lock_fd < 0, "the other gives up");
	ok(clock_monotonic_ms() - start >= 200, "after its time");
	tokencache_unlock(&one);
	tokencache_lock(&two, 200);
	ok(two.lock_fd >= 0, "and gets it when it is free");
	tokencache_close(&one);
	tokencache_close(&two);
}

static void
test_life(void)
{
	static const struct {
		int64_t issued, expires, now;
		bool fresh;
	} cases[] = {
		{ 0, 1800, 0, true },
		{ 0, 1800, 1619, true },
		{ 0, 1800, 1620, false },	/* a tenth */
		{ 0, 200, 169, true },
		{ 0, 200, 170, false },		/* 30 s */
		{ 0, 20, 9, true },
		{ 0, 20, 10, false },		/* half of it */
		{ 0, 0, 1000000, true },	/* nobody knows */
		{ 1000, 2800, 900, false },	/* of the future */
	};
	struct token t;
	size_t i;

	memset(&t, 0, sizeof(t));
	ok(!token_is_fresh(&t, 0), "none is not fresh");
	t.access = xstrdup("x");
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		t.issued = cases[i].issued;
		t.expires = cases[i].expires;
		ok(token_is_fresh(&t, cases[i].now) == cases[i].fresh,
		    "life %zu", i);
	}
	token_release(&t);
}

static void
describe_is(const char *claims, const char *want)
{
	struct strbuf access = STRBUF_INIT, got = STRBUF_INIT;

	strbuf_addstr(&access, "e30.");
	base64_encode_url(&access, claims, strlen(claims));
	strbuf_addstr(&access, ".sig");
	token_describe(&got, access.buf);
	is_str(got.buf, want, claims);
	strbuf_release(&access);
	strbuf_release(&got);
}

static void
test_claims(void)
{
	static const char *const opaque[] = { "", "x", ".", "..", "a.b.c",
		"a.e30.c.d", "a.!!.c", "..." };
	struct strbuf got = STRBUF_INIT;
	size_t i;

	describe_is("{\"aud\":[\"a\",\"b\"],\"scp\":[\"all\"],\"exp\":0}",
	    "audience a b, scopes all");
	describe_is("{\"aud\":\"a\",\"exp\":1767225600,\"iss\":\"i\"}",
	    "audience a, issuer i, expires 2026-01-01T00:00:00Z");
	describe_is("{\"scp\":\"all offline\"}", "scopes all offline");
	describe_is("{\"aud\":5,\"exp\":\"x\",\"scp\":{}}", "");
	describe_is("[]", "");
	describe_is("{\"exp\":9223372036854775807}", "");
	describe_is("rubbish", "");
	for (i = 0; i < ARRAY_SIZE(opaque); i++)
		token_describe(&got, opaque[i]);
	is_str(got.buf, "", "opaque tokens say nothing");
	is_int(token_claim_time("e30.eyJuYmYiOjEyfQ.x", "nbf"), 12, "nbf");
	is_int(token_claim_time("e30.eyJuYmYiOjEyfQ.x", "iat"), 0, "no iat");
	strbuf_release(&got);
}

static void
test_nowhere(void)
{
	struct tokencache cache;
	struct token token;

	fill(&token, "x");
	unsetenv("XDG_STATE_HOME");
	unsetenv("HOME");
	strbuf_reset(&said);
	tokencache_open(&cache, origin, "Pkce", "");
	ok(cache.path == NULL, "no HOME, no place");
	tokencache_lock(&cache, 100);
	tokencache_save(&cache, &token);
	tokencache_drop(&cache);
	ok(!tokencache_load(&cache, &token), "and that is fine");
	tokencache_close(&cache);
	setenv("XDG_STATE_HOME", "/dev/null", 1);
	tokencache_open(&cache, origin, "Pkce", "");
	tokencache_save(&cache, &token);
	ok(strstr(said.buf, "the login is not kept") != NULL,
	    "a place that cannot be is told of");
	tokencache_close(&cache);
	token_release(&token);
}

int
main(void)
{
	char dir[] = "/tmp/unionml-tokens-XXXXXX";
	char *counter;

	if (mkdtemp(dir) == NULL)
		return 1;
	counter = path_join(dir, "counter");
	setenv("XDG_STATE_HOME", dir, 1);
	err_set_sink(listen_to, NULL);
	test_round();
	test_others();
	test_rubbish();
	test_modes();
	test_lock(counter);
	test_lock_limit();
	test_life();
	test_claims();
	test_nowhere();
	tree_remove(dir);
	free(counter);
	strbuf_release(&said);
	return tap_done();
}
