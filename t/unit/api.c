/* Paths, what refusals and rubbish mean, and lists page by page. */
#include "lib/base/compat.h"

#include "lib/base/arena.h"
#include "lib/target/flyte/api.h"
#include "lib/text/jsonio.h"
#include "t/unit/canned.h"
#include "t/unit/tap.h"

static void
test_paths(void)
{
	struct flyte flyte = { .project = (char []){ "p" },
	    .domain = (char []){ "d" } };
	struct arena arena = ARENA_INIT;
	const char *path;

	is_str(api_path(&arena, "tasks", "a b", "\xc3\xa4:+%", NULL),
	    "/api/v1/tasks/a%20b/%C3%A4%3A%2B%25", "segments are encoded");
	is_str(api_path(&arena, "tasks", "..", NULL), "/api/v1/tasks/%2E%2E",
	    "dots stay");
	path = api_query(&arena, "/x", "filters", "eq(a,b)+ne(c,d)");
	is_str(path, "/x?filters=eq%28a%2Cb%29%2Bne%28c%2Cd%29", "a query");
	is_str(api_query(&arena, path, "limit", "1"),
	    "/x?filters=eq%28a%2Cb%29%2Bne%28c%2Cd%29&limit=1", "two");
	is_str(api_object(&arena, &flyte, "tasks", "n", "v"),
	    "/api/v1/tasks/p/d/n/v", "an object");
	is_str(api_object(&arena, &flyte, "tasks", "n", NULL),
	    "/api/v1/tasks/p/d/n", "its versions");
	is_str(api_object(&arena, &flyte, "tasks", NULL, "v"),
	    "/api/v1/tasks/p/d", "all of them");
	arena_release(&arena);
}

static const struct canned answers[] = {
	{ "/there", 200, "{\"a\":1}", 0 },
	{ "/html", 200, "<html>sign in</html>", 0 },
	{ "/list", 200, "[]", 0 },
	{ "/empty", 200, "", 0 },
	{ "/cut", 200, "{\"a\":", 0 },
	{ "/gone", 404, "{\"code\":5,\"message\":\"missing entity\"}", 0 },
	{ "/nowhere", 404, "<html>no such page</html>", 0 },
	{ "/wrong", 400, "{\"code\":3,\"message\":\"bad\\u001b[31m filter\"}",
	    0 },
	{ "/denied", 403, "{\"code\":7,\"message\":\"not yours\"}", 0 },
	{ "/down", 503, "upstream", 0 },
	{ "/twice", 503, "upstream", 2 },
	{ "/twice", 200, "{\"a\":2}", 0 },
	{ NULL, 0, NULL, 0 },
};

static const struct {
	const char *path;
	enum status find, get;
	const char *said;		/* of get; part of it */
} asked[] = {
	{ "/there", EXIT_DONE, EXIT_DONE, "" },
	{ "/twice", EXIT_DONE, EXIT_DONE, "" },
	{ "/gone", EXIT_DONE, EXIT_CONFLICT, "there is no such thing" },
	{ "/nowhere", EXIT_CONFLICT, EXIT_CONFLICT, "cannot look: " },
	{ "/html", EXIT_NETWORK, EXIT_NETWORK, "cannot look: " },
	{ "/list", EXIT_NETWORK, EXIT_NETWORK, "cannot look: " },
	{ "/empty", EXIT_NETWORK, EXIT_NETWORK, "cannot look: " },
	{ "/cut", EXIT_NETWORK, EXIT_NETWORK, "cannot look: " },
	{ "/wrong", EXIT_INPUT, EXIT_INPUT, "bad [31m filter" },
	{ "/denied", EXIT_DENIED, EXIT_DENIED, "not yours" },
	{ "/down", EXIT_NETWORK, EXIT_NETWORK, "503" },
};

static void
test_answers(void)
{
	struct arena arena = ARENA_INIT;
	struct flyte flyte;
	struct json *json;
	size_t i;

	canned_open(&flyte, answers);
	for (i = 0; i < ARRAY_SIZE(asked); i++) {
		is_int(api_find(&flyte, &arena, asked[i].path, "cannot look",
		    &json), asked[i].find, asked[i].path);
		ok((json != NULL) == (asked[i].get == EXIT_DONE),
		    "%s: what is found", asked[i].path);
		strbuf_reset(&canned_said);
		is_int(api_get(&flyte, &arena, asked[i].path, "cannot look",
		    &json), asked[i].get, asked[i].path);
		ok(strstr(canned_said.buf, asked[i].said) != NULL &&
		    (*asked[i].said != '\0' || canned_said.len == 0),
		    "%s: what is said", asked[i].path);
	}
	canned_close(&flyte);
	arena_release(&arena);
}

static const struct canned pages[] = {
	{ "/runs?limit=2&token=2 ", 200,
	    "{\"runs\":[3,4],\"token\":\"4\"}", 0 },
	{ "/runs?limit=2&token=4 ", 200, "{\"runs\":[],\"token\":\"\"}", 0 },
	{ "/runs?limit=2 ", 200, "{\"runs\":[1,2],\"token\":\"2\"}", 0 },
	/* It gives a token for ever, and no rows. */
	{ "/vain?limit=2", 200, "{\"runs\":[],\"token\":\"9\"}", 0 },
	{ "/other?limit=2", 200, "{\"tasks\":[1],\"token\":\"\"}", 0 },
	{ "/text?limit=2", 200, "{\"runs\":\"x\",\"token\":\"\"}", 0 },
	{ NULL, 0, NULL, 0 },
};

struct sum {
	struct strbuf seen;
	bool stop;
	int64_t last;
};

static enum status
add(void *arg, const struct json *item)
{
	struct sum *s = arg;

	strbuf_addf(&s->seen, "%lld ", (long long)item->integer);
	s->stop = item->integer == s->last;
	return item->integer < 100 ? EXIT_DONE : EXIT_RUN;
}

static void
test_lists(void)
{
	static const struct {
		const char *path, *seen;
		int64_t last;
		enum status status;
	} lists[] = {
		{ "/runs", "1 2 3 4 ", 0, EXIT_DONE },
		{ "/runs", "1 2 3 ", 3, EXIT_DONE },
		{ "/runs", "1 ", 1, EXIT_DONE },
		{ "/vain", "", 0, EXIT_DONE },
		{ "/other", "", 0, EXIT_NETWORK },
		{ "/text", "", 0, EXIT_NETWORK },
		{ "/nothing", "", 0, EXIT_CONFLICT },
	};
	struct flyte flyte;
	size_t i;

	canned_open(&flyte, pages);
	for (i = 0; i < ARRAY_SIZE(lists); i++) {
		const struct api_list list = { .path = lists[i].path,
		    .member = "runs", .page = 2, .what = "cannot list" };
		struct sum sum = { STRBUF_INIT, false, lists[i].last };

		is_int(api_list(&flyte, &list, add, &sum, &sum.stop),
		    lists[i].status, lists[i].path);
		is_str(sum.seen.buf, lists[i].seen, "its rows");
		strbuf_release(&sum.seen);
	}
	canned_close(&flyte);
}

int
main(void)
{
	test_paths();
	test_answers();
	test_lists();
	strbuf_release(&canned_said);
	return tap_done();
}
