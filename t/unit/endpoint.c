/* Spellings of endpoints, as people have them in their files. */
#include "lib/base/compat.h"

#include "lib/base/strbuf.h"
#include "lib/flyte/login/endpoint.h"
#include "t/unit/tap.h"

static const struct {
	const char *text;
	bool insecure;
	const char *origin;
} good[] = {
	{ "dns:///flyte.test", false, "https://flyte.test" },
	{ "dns:///flyte.test", true, "http://flyte.test" },
	{ "dns:///flyte.test:8089", false, "https://flyte.test:8089" },
	{ "dns:///localhost:30080", true, "http://localhost:30080" },
	{ "dns:///127.0.0.1:8089", true, "http://127.0.0.1:8089" },
	{ "dns://flyte.test:8089", false, "https://flyte.test:8089" },
	{ "dns:flyte.test:8089", false, "https://flyte.test:8089" },
	{ "dns://8.8.8.8/flyte.test:81", false, "https://flyte.test:81" },
	{ "DNS:///flyte.test", false, "https://flyte.test" },
	{ "passthrough:///flyte.test:81", false, "https://flyte.test:81" },
	{ "flyte.test", false, "https://flyte.test" },
	{ "flyte.test:443", false, "https://flyte.test" },
	{ "flyte.test:80", true, "http://flyte.test" },
	{ "flyte.test:443", true, "http://flyte.test:443" },
	{ "127.0.0.1:8088", true, "http://127.0.0.1:8088" },
	{ "flyte_admin:81", true, "http://flyte_admin:81" },
	{ "dns:8080", true, "http://dns:8080" },
	{ "https://flyte.test/", false, "https://flyte.test" },
	{ "https://flyte.test", true, "https://flyte.test" },
	{ "http://flyte.test", false, "http://flyte.test" },
	{ "HTTPS://Flyte.Test:8443/", false, "https://flyte.test:8443" },
	{ "dns:///flyte.test/", false, "https://flyte.test" },
	{ " flyte.test ", false, "https://flyte.test" },
	{ "::1", true, "http://[::1]" },
	{ "[::1]:8088", true, "http://[::1]:8088" },
	{ "dns:///[2001:db8::1]:81", false, "https://[2001:db8::1]:81" },
	{ "dns:///2001:db8::1", false, "https://[2001:db8::1]" },
};

static const char *const bad[] = {
	"", "/", "dns:///", "https://", "http:///", "unix:///tmp/x",
	"unix:x", "flyte.test:0", "flyte.test:99999", "flyte.test:http",
	"flyte.test:", "grpc://flyte.test", "ftp://flyte.test",
	"https://flyte.test/api", "https://flyte.test?x=1",
	"https://u:p@flyte.test", "u@flyte.test", "flyte test",
	"dns:///flyte.test/v1/x", "fly\303\274te.test", "fly\ttest\n", "[::1",
	"flyte.test#x", "https://https://flyte.test",
};

int
main(void)
{
	struct strbuf origin = STRBUF_INIT;
	const char *why;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(good); i++) {
		strbuf_reset(&origin);
		why = "";
		ok(endpoint_parse(&origin, good[i].text, good[i].insecure,
		    &why), "'%s' can be used (%s)", good[i].text, why);
		is_str(origin.buf, good[i].origin, good[i].text);
	}
	strbuf_reset(&origin);
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		why = NULL;
		ok(!endpoint_parse(&origin, bad[i], false, &why) &&
		    why != NULL && *why != '\0', "%zu cannot: %s", i,
		    why != NULL ? why : "no reason");
		is_str(origin.buf, "", "and nothing is appended");
	}
	strbuf_release(&origin);
	return tap_done();
}
