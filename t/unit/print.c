/*
 * The plan as JSON, to the byte: one app with every key that a component and a
 * schedule can have, one with none of them.
 */
#include "lib/base/compat.h"

#include "lib/base/strbuf.h"
#include "lib/plan/plan.h"
#include "lib/text/jsonio.h"
#include "t/unit/printed.h"
#include "t/unit/sample.h"
#include "t/unit/tap.h"

static const char *const alarm_argv[] = { "alarm", "it's \"late\"" };

static struct setting env[] = { { .name = "THREADS", .value = "2" } };
static struct setting secrets[] = { { .name = "DSN", .value = "digits/dsn" } };
static const char *path[] = { ".venv/bin" };
static const char *targets[] = { "local", "staging" };

static void
full_schedules(struct app *app)
{
	struct schedule *s = arena_array(&app->arena, 2, sizeof(*s));
	struct cron_error err;
	const char *why, bound[] = "{\"hyperparameters\":{\"C\":0.1}}";

	app->schedule = s;
	app->n_schedules = 2;
	s[0].name = "nightly";
	s[0].workflow = TRAIN;
	s[0].when = "cron(0 3 * * ? *)";
	expression_parse(s[0].when, &s[0].expression, &err);
	s[0].bound = json_parse(&app->arena, bound, strlen(bound), &why);
	s[0].reader_time_arg = "time";
	s[0].timezone = "Europe/Berlin";
	s[0].active = true;

	s[1].name = "hourly";
	s[1].workflow = TRAIN;
	s[1].when = "60m";
	s[1].expression.dialect = DIALECT_EVERY;
	s[1].expression.every.sec = s[1].catchup_window.sec = 3600;
	s[1].offset.sec = 90;
	s[1].model.source = MODEL_VERSION;
	s[1].model.version = "r1";
	s[1].model.app_version = "v1";
	s[1].has_start = s[1].has_end = true;
	s[1].start.sec = 1767225600;
	s[1].end.sec = 1767229200;
	s[1].catchup = CATCHUP_ALL;
	s[1].overlap = OVERLAP_QUEUE;
	s[1].targets.v = targets;
	s[1].targets.n = 2;
	s[1].on_failure.argv = arena_array(&app->arena, 3, sizeof(char *));
	memcpy(s[1].on_failure.argv, alarm_argv, sizeof(alarm_argv));
	s[1].on_failure.n = 2;
}

static void
full_app(struct app *app)
{
	struct component *c;

	sample_app(app, "rte");
	app->description = "Handwritten digits";
	app->path.v = path;
	app->path.n = 1;
	app->component[READER].inputs.v[0].description = "which day";
	c = &app->component[TRAINER];
	c->command = (struct command){ .script = "fit\n" };
	c->container.image = "${IMAGE:-ghcr.io/acme/digits:3}";
	c->container.resources = (struct resources){ "2", "4Gi", "0" };
	c->container.retries = 2;
	c->container.timeout.sec = 5400;
	c->container.env = (struct settings){ env, 1 };
	c->container.secrets = (struct settings){ secrets, 1 };
	c->format = NULL;
	c->directory = true;
	full_schedules(app);
}

static void
test_print(void)
{
	struct strbuf sb = STRBUF_INIT, again = STRBUF_INIT;
	struct arena arena = ARENA_INIT;
	const char *why = "";
	struct plan plan;
	struct app app;

	full_app(&app);
	plan_compile(&plan, &app);
	plan_print_json(&sb, &plan);
	is_str(sb.buf, full, "every key");
	ok(json_parse(&arena, sb.buf, sb.len, &why) != NULL, "is JSON %s",
	    why);
	plan_print_json(&again, &plan);
	is_str(again.buf, sb.buf, "the same a second time");
	plan_release(&plan);
	app_release(&app);

	strbuf_reset(&sb);
	sample_app(&app, "");
	app.source = NULL;
	plan_compile(&plan, &app);
	plan_print_json(&sb, &plan);
	is_str(sb.buf, empty, "an app of nothing");
	plan_release(&plan);
	app_release(&app);
	arena_release(&arena);
	strbuf_release(&sb);
	strbuf_release(&again);
}

/* `expression` is what was written, beside it what it means. */
static void
test_when(void)
{
	static const struct {
		const char *when, *expression, *cron, *fixed_rate;
	} cases[] = {
		{ "0 0 * * *", "0 0 * * *", "0 0 * * *", NULL },
		{ "@daily", "@daily", "0 0 * * *", NULL },
		{ "cron(0 10 ? * 2-6 *)", "cron(0 10 ? * 2-6 *)",
		    "0 10 * * 1-5", NULL },
		{ "@every 90m", "@every 90m", NULL, "1h30m0s" },
	};
	const struct json *plans, *schedule;
	struct strbuf sb = STRBUF_INIT;
	struct schedule s = { .name = "s" };
	struct cron_error err;
	const char *why;
	struct plan plan;
	struct app app;
	size_t i;

	sample_app(&app, "rt");
	app.schedule = &s;
	app.n_schedules = 1;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		s.when = cases[i].when;
		ok(expression_parse(s.when, &s.expression, &err), "%s",
		    s.when);
		strbuf_reset(&sb);
		plan_compile(&plan, &app);
		plan_print_json(&sb, &plan);
		plans = json_find(json_parse(&app.arena, sb.buf, sb.len, &why),
		    "launch_plans");
		schedule = json_find(plans->item[plans->n - 1], "schedule");
		is_str(json_find(schedule, "expression")->text,
		    cases[i].expression, "as written");
		is_str(json_find(schedule, "cron")->text, cases[i].cron,
		    "cron");
		is_str(json_find(schedule, "fixed_rate")->text,
		    cases[i].fixed_rate, "fixed rate");
		plan_release(&plan);
	}
	app_release(&app);
	strbuf_release(&sb);
}

int
main(void)
{
	test_print();
	test_when();
	return tap_done();
}
