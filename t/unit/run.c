/* What is said about a run. */
#include "lib/base/compat.h"

#include "lib/base/strbuf.h"
#include "lib/base/xalloc.h"
#include "lib/model/run.h"
#include "lib/text/jsonio.h"
#include "t/unit/tap.h"

static const struct {
	enum run_status status;
	const char *name;
	bool ended;
	enum status exit;
} cases[] = {
	{ RUN_PENDING, "pending", false, EXIT_PENDING },
	{ RUN_RUNNING, "running", false, EXIT_PENDING },
	{ RUN_INTERRUPTED, "interrupted", false, EXIT_RUN },
	{ RUN_SUCCEEDED, "succeeded", true, EXIT_DONE },
	{ RUN_FAILED, "failed", true, EXIT_RUN },
	{ RUN_ABORTED, "aborted", true, EXIT_RUN },
};

static void
write_run(struct strbuf *sb, const struct run *run)
{
	struct json_writer w;

	strbuf_reset(sb);
	json_writer_init(&w, sb, false);
	json_begin_map(&w, NULL);
	run_write_json(&w, run);
	json_end_map(&w);
}

static void
test_json(void)
{
	struct strbuf sb = STRBUF_INIT;
	struct run_detail detail;
	struct run *run = &detail.run;

	memset(&detail, 0, sizeof(detail));
	run->id = xstrdup("r3f9c1c0a6b2d7e418f5");
	run->workflow = xstrdup("train");
	write_run(&sb, run);
	is_str(sb.buf, "{\"id\":\"r3f9c1c0a6b2d7e418f5\",\"workflow\":"
	    "\"train\",\"status\":\"pending\",\"started_at\":null,"
	    "\"ended_at\":null,\"schedule\":null,\"kickoff\":null,"
	    "\"app_version\":null,\"retry_of\":null}", "a bare one");
	run->status = RUN_FAILED;
	run->started_at = 1767225600000;
	run->ended_at = 1767225604120;
	run->schedule = xstrdup("daily");
	run->has_kickoff = true;
	run->app_version = xstrdup("3f2c1d0a9b8e");
	run->retry_of = xstrdup("r81c2e0");
	run->model = xstrdup("r1");
	run->inputs = xstrdup("{}");
	run->error = xstrdup("trainer: exit status 1");
	detail.node = xcalloc(2, sizeof(*detail.node));
	detail.n_nodes = 2;
	detail.node[0].name = xstrdup("reader");
	detail.node[1].name = xstrdup("trainer");
	detail.node[1].error = xstrdup("exit status 1");
	detail.node[1].taken_from = xstrdup("r1");
	write_run(&sb, run);
	is_str(sb.buf, "{\"id\":\"r3f9c1c0a6b2d7e418f5\",\"workflow\":"
	    "\"train\",\"status\":\"failed\","
	    "\"started_at\":\"2026-01-01T00:00:00Z\","
	    "\"ended_at\":\"2026-01-01T00:00:04.12Z\",\"schedule\":\"daily\","
	    "\"kickoff\":\"1970-01-01T00:00:00Z\","
	    "\"app_version\":\"3f2c1d0a9b8e\",\"retry_of\":\"r81c2e0\"}",
	    "a full one");
	run->started_at = -1;
	write_run(&sb, run);
	ok(strstr(sb.buf, "\"1969-12-31T23:59:59.999Z\"") != NULL,
	    "before 1970");
	run_detail_release(&detail);
	ok(run->id == NULL && detail.n_nodes == 0, "released");
	strbuf_release(&sb);
}

int
main(void)
{
	enum run_status status;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		is_str(run_status_name(cases[i].status), cases[i].name,
		    cases[i].name);
		ok(run_status_from_name(cases[i].name, &status) &&
		    status == cases[i].status, "and back");
		ok(run_ended(cases[i].status) == cases[i].ended, "ended");
		is_int(run_exit_status(cases[i].status), cases[i].exit,
		    "exit status");
	}
	ok(!run_status_from_name("SUCCEEDED", &status), "Flyte's word");
	ok(!run_status_from_name("", &status), "no word");
	test_json();
	return tap_done();
}
