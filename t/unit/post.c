/* POSTs of executions whose answers are lost: settled, and never doubled. */
#include "lib/base/compat.h"

#include "lib/appfile/appfile.h"
#include "lib/target/flyte/api.h"
#include "lib/target/flyte/flyte.h"
#include "lib/target/flyte/post.h"
#include "t/unit/faulty.h"
#include "t/unit/tap.h"

/* What the cluster says: of a POST, of names that exist or not. */
#define MADE "code:200:0:made"
#define THERE "code:200:0:here"
#define NOT_THERE "code:404:5:none"
#define EXISTS "code:409:6:value+with+matching+already+exists"

static const struct post_case {
	const char *name;
	const char *answers;	/* of the POST, a GET, the next POST ... */
	bool alone;		/* nobody else uses the name: not told */
	enum status status;
	enum post_outcome outcome;
	int requests;
	const char *says;	/* in what is printed; NULL: nothing is */
} cases[] = {
	{ "carried out", MADE, false, EXIT_DONE, POST_MADE, 1, NULL },
	{ "the answer was lost, it ran", "reset," THERE, false, EXIT_DONE,
	  POST_MADE, 2, NULL },
	{ "503, it ran all the same", "status:503," THERE, false, EXIT_DONE,
	  POST_MADE, 2, NULL },
	{ "it was lost itself: sent again", "reset," NOT_THERE "," MADE, false,
	  EXIT_DONE, POST_MADE, 3, NULL },
	{ "lost twice, then the answer is", "close," NOT_THERE ",close,"
	  NOT_THERE ",close," THERE, false, EXIT_DONE, POST_MADE, 6, NULL },
	{ "somebody else's", EXISTS "," THERE, false, EXIT_DONE, POST_FOUND,
	  2, NULL },
	{ "lost, then somebody else's", "reset," NOT_THERE "," EXISTS ","
	  THERE, false, EXIT_DONE, POST_FOUND, 4, NULL },
	{ "nobody else could: our own", "reset," NOT_THERE "," EXISTS ","
	  THERE, true, EXIT_DONE, POST_MADE, 4, NULL },
	{ "refused, and none is there: a limit", EXISTS "," NOT_THERE, false,
	  EXIT_DONE, POST_LIMITED, 2, NULL },
	{ "for one alone a limit is an error", EXISTS "," NOT_THERE, true,
	  EXIT_CONFLICT, POST_LIMITED, 2, "already exists" },
	{ "a refusal is asked about no more", "code:400:3:bad+inputs", false,
	  EXIT_INPUT, POST_REFUSED, 1, "bad inputs" },
	{ "given up after five", "reset," NOT_THERE ",reset," NOT_THERE
	  ",reset," NOT_THERE ",reset," NOT_THERE ",reset," NOT_THERE "," MADE,
	  false, EXIT_NETWORK, POST_LOST, 10, "cannot start the run" },
	{ "nobody can tell", "reset,code:403:7:no", false, EXIT_DENIED,
	  POST_REFUSED, 2, "it may have begun all the same" },
};

static struct faulty server;
static struct http_settings set;
static char log_path[] = "/tmp/unionml-post-XXXXXX";

static void
test_case(const struct post_case *c, int number)
{
	struct target_decl decl = { .name = "staging" };
	struct flyte flyte = { .decl = &decl, .project = xstrdup("p"),
	    .domain = xstrdup("d"), .haste = 1000 };
	const struct post post = { .path = "", .body = "{\"name\":\"r1\"}",
	    .name = "r1", .what = "cannot start the run" };
	enum post_outcome outcome = POST_LOST;
	enum status status;
	char name[16];
	int n;

	snprintf(name, sizeof(name), "post%d", number);
	flyte.origin = xstrdup(faulty_url(&server, "/%s/%s/2", name,
	    c->answers));
	flyte.http = http_open(&set);
	strbuf_reset(&faulty_said);
	status = post_execution(&flyte, &post, c->alone ? NULL : &outcome);
	ok(status == c->status, "%s: status %d", c->name, status);
	ok(c->alone || outcome == c->outcome, "%s: outcome %d", c->name,
	    outcome);
	n = faulty_count(log_path, name);
	ok(n == c->requests, "%s: %d requests", c->name, n);
	if (c->says != NULL)
		ok(strstr(faulty_said.buf, c->says) != NULL, "%s: said",
		    c->name);
	else
		is_str(faulty_said.buf, "", "and nothing is said");
	http_close(flyte.http);
	free(flyte.origin);
	free(flyte.project);
	free(flyte.domain);
}

int
main(void)
{
	const char *const options[] = { "--log", log_path, NULL };
	size_t i;

	close(mkstemp(log_path));
	faulty_start(&server, options);
	faulty_settings(&set);
	err_set_sink(faulty_hear, NULL);
	for (i = 0; i < ARRAY_SIZE(cases); i++)
		test_case(&cases[i], (int)i);
	faulty_stop(&server);
	unlink(log_path);
	strbuf_release(&faulty_said);
	return tap_done();
}
