/* What differs between an answer of Flyte's and what is to be sent. */
#include "lib/base/compat.h"

#include "lib/base/arena.h"
#include "lib/base/strbuf.h"
#include "lib/flyte/wire/specdiff.h"
#include "lib/text/jsonio.h"
#include "t/unit/tap.h"

static const struct {
	const char *old, *new, *want;
} rows[] = {
	{ "{\"a\":1}", "{\"a\":1}", "" },
	{ "{\"a\":1,\"b\":null,\"c\":\"\",\"d\":[],\"e\":{\"f\":0}}",
	    "{\"a\":1}", "" },
	{ "{\"a\":1}", "{\"a\":1,\"b\":false}", "" },
	{ "{\"a\":\"8\"}", "{\"a\":8}", "" },
	{ "{\"a\":1.0}", "{\"a\":1}", "" },
	{ "{\"a\":\"UNKNOWN\"}", "{}", "" },
	{ "{\"a\":1}", "{\"a\":2}", "a: 1 -> 2\n" },
	{ "{\"a\":true}", "{}", "a: true -> nothing\n" },
	{ "{}", "{\"a\":[1]}", "a: nothing -> [1]\n" },
	{ "{\"a\":[1,{\"b\":2}]}", "{\"a\":[1,{\"b\":3},4]}",
	    "a[1].b: 2 -> 3\na[2]: nothing -> 4\n" },
	/* Keys of the user's, and values of the user's. */
	{ "{\"variables\":{\"x\":{}}}", "{\"variables\":{}}",
	    "variables.x: {} -> nothing\n" },
	{ "{\"variables\":{\"x\":{\"d\":\"\"}}}",
	    "{\"variables\":{\"x\":{}}}", "" },
	{ "{\"generic\":{\"C\":0}}", "{\"generic\":{}}",
	    "generic.C: 0 -> nothing\n" },
	{ "{\"generic\":{\"a\":{\"C\":\"\"}}}",
	    "{\"generic\":{\"a\":{\"C\":0}}}", "generic.a.C: \"\" -> 0\n" },
	/* Nodes have names, and Flyte's compiler puts in two of its own. */
	{ "{\"nodes\":[{\"id\":\"start-node\"},{\"id\":\"end-node\",\"inputs\":"
	    "[{\"var\":\"x\"}]},{\"id\":\"b\"},{\"id\":\"a\",\"n\":1}]}",
	    "{\"nodes\":[{\"id\":\"a\",\"n\":1},{\"id\":\"b\"}]}", "" },
	{ "{\"nodes\":[{\"id\":\"start-node\"},{\"id\":\"a\",\"n\":1},"
	    "{\"id\":\"c\"}]}",
	    "{\"nodes\":[{\"id\":\"b\"},{\"id\":\"a\",\"n\":2}]}",
	    "nodes[b]: nothing -> {\"id\":\"b\"}\nnodes[a].n: 1 -> 2\n"
	    "nodes[c]: {\"id\":\"c\"} -> nothing\n" },
	{ "{\"generic\":[{\"id\":\"a\"},{\"id\":\"b\"}]}",
	    "{\"generic\":[{\"id\":\"b\"}]}", "generic[0].id: \"a\" -> \"b\"\n"
	    "generic[1]: {\"id\":\"b\"} -> nothing\n" },
	{ "{\"version\":\"v1\"}", "{\"version\":\"v2\"}",
	    "version: \"v1\" -> \"v2\"\n" },
};

static void
check(const char *old, const char *new, const char *version,
    const char *want)
{
	struct strbuf out = STRBUF_INIT;
	struct specdiff diff = { .out = &out, .indent = "",
	    .old_version = version, .new_version = "v2" };
	struct arena arena = ARENA_INIT;
	const char *why;
	size_t i, n = 0;

	specdiff(&diff, json_parse(&arena, old, strlen(old), &why),
	    json_parse(&arena, new, strlen(new), &why));
	is_str(out.buf, want, new);
	for (i = 0; i < out.len; i++)
		n += out.buf[i] == '\n';
	is_int((long long)diff.n, (long long)n, "as many as lines");
	strbuf_release(&out);
	arena_release(&arena);
}

int
main(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++)
		check(rows[i].old, rows[i].new, NULL, rows[i].want);
	check("{\"version\":\"v1-12ab34f\",\"e\":\"v1\"}",
	    "{\"version\":\"v2\",\"e\":\"v2\"}", "v1-12ab34f", "");
	check("{\"u\":\"s3://b/unionml-1/snapshot.tar.gz\"}",
	    "{\"u\":\"s3://b/unionml-2/snapshot.tar.gz\"}", "v1", "");
	check("{\"u\":\"v\"}", "{\"u\":\"w\"}", "v1",
	    "u: \"v\" -> \"w\"\n");
	return tap_done();
}
