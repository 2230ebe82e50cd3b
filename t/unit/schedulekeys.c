/* What a schedule declares as text, and the difference of two in words. */
#include "lib/base/compat.h"

#include "lib/appfile/appfile.h"
#include "lib/base/diag.h"
#include "lib/base/strbuf.h"
#include "lib/model/app.h"
#include "lib/model/schedulekeys.h"
#include "t/unit/tap.h"

#define APP "name: a\n" \
    "dataset: {reader: {inputs: {time: {type: datetime, default: now}," \
    " n: {type: integer, default: 1}, f: {type: float, default: 1}," \
    " o: {type: json, default: {}}}, command: [cat, \"{data}\"]}}\n" \
    "model:\n" \
    "  hyperparameters: {C: {type: float, default: 1}," \
    " B: {type: integer, default: 2}}\n" \
    "  trainer: {command: [cp, \"{train}\", \"{model_object}\"]}\n" \
    "  predictor: {command: [cp, \"{features}\", \"{predictions}\"]}\n" \
    "targets: {there: {type: local, store: x}}\n" \
    "schedules:\n  s: "

/* The keys of a schedule as the app file gives them. */
static void
print(struct strbuf *keys, const char *schedule)
{
	struct strbuf text = STRBUF_INIT;
	struct diag diag;
	struct app app;

	strbuf_addf(&text, "%s%s\n", APP, schedule);
	diag_init(&diag, "unionml.yaml");
	strbuf_reset(keys);
	if (ok(appfile_parse(&app, &diag, "unionml.yaml", text.buf,
	    text.len) == EXIT_DONE, "it is an app file: %s", schedule))
		schedule_keys_print(keys, &app.schedule[0]);
	else
		diag_print(&diag);
	app_release(&app);
	diag_release(&diag);
	strbuf_release(&text);
}

static void
test_print(void)
{
	static const struct {
		const char *schedule, *want;
	} cases[] = {
		{ "{workflow: train, expression: '@daily'}",
		    "{\"workflow\":\"train\",\"expression\":\"@daily\"}" },
		{ "{workflow: train, fixed_rate: 60m}",
		    "{\"workflow\":\"train\",\"fixed_rate\":\"60m\"}" },
		{ "{workflow: train, expression: '@every 1h'}",
		    "{\"workflow\":\"train\",\"expression\":\"@every 1h\"}" },
		{ "{workflow: train, expression: '@daily', timezone: UTC,"
		    " active: true, targets: [there], inputs: {},"
		    " offset: PT0S}",
		    "{\"workflow\":\"train\",\"expression\":\"@daily\"}" },
		{ "{on_failure: [echo, a b], active: false, overlap: queue,"
		    " catchup_window: 1d, catchup: all,"
		    " hyperparameters: {C: 2, B: 3},"
		    " inputs: {o: {z: [{y: 1, x: 2}], a: 0.5}, n: 7},"
		    " reader_time_arg: time, end: 2026-02-01T00:00Z,"
		    " start: 2026-01-01T01:00+01:00,"
		    " timezone: Europe/Berlin, offset: PT5M,"
		    " expression: 0 2 * * *, workflow: train}",
		    "{\"workflow\":\"train\",\"expression\":\"0 2 * * *\","
		    "\"offset\":\"5m0s\",\"timezone\":\"Europe/Berlin\","
		    "\"start\":\"2026-01-01T00:00:00Z\","
		    "\"end\":\"2026-02-01T00:00:00Z\","
		    "\"reader_time_arg\":\"time\","
		    "\"inputs\":{\"n\":7,"
		    "\"o\":{\"a\":0.5,\"z\":[{\"x\":2,\"y\":1}]}},"
		    "\"hyperparameters\":{\"B\":3,\"C\":2},"
		    "\"catchup\":\"all\",\"catchup_window\":\"24h0m0s\","
		    "\"overlap\":\"queue\",\"active\":false,"
		    "\"on_failure\":[\"echo\",\"a b\"]}" },
		{ "{workflow: predict, fixed_rate: 1h, model: latest,"
		    " on_failure: echo x}",
		    "{\"workflow\":\"predict\",\"fixed_rate\":\"1h\","
		    "\"model\":\"latest\",\"on_failure\":\"echo x\"}" },
		{ "{workflow: predict, fixed_rate: 1h,"
		    " model: {version: r0, app_version: v}}",
		    "{\"workflow\":\"predict\",\"fixed_rate\":\"1h\","
		    "\"model\":{\"version\":\"r0\",\"app_version\":\"v\"}}" },
		{ "{workflow: predict, fixed_rate: 1h, model: {file: m}}",
		    "{\"workflow\":\"predict\",\"fixed_rate\":\"1h\","
		    "\"model\":{\"file\":\"m\"}}" },
	};
	struct strbuf keys = STRBUF_INIT;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		print(&keys, cases[i].schedule);
		is_str(keys.buf, cases[i].want, cases[i].schedule);
	}
	strbuf_release(&keys);
}

/* The order in which keys and values are written says nothing. */
static void
test_order(void)
{
	struct strbuf a = STRBUF_INIT, b = STRBUF_INIT;

	print(&a, "{workflow: train, expression: '0 2 * * *',"
	    " inputs: {n: 1, f: 2}, hyperparameters: {C: 1, B: 2}}");
	print(&b, "{hyperparameters: {B: 2, C: 1.0}, inputs: {f: 2.0, n: 1},"
	    " expression: '0 2 * * *', workflow: train}");
	is_str(a.buf, b.buf, "the same in another order");
	ok(!schedule_keys_differ(a.buf, b.buf, NULL, NULL), "no difference");
	strbuf_release(&a);
	strbuf_release(&b);
}

static void
test_differ(void)
{
	static const struct {
		const char *before, *after, *names, *words;
	} cases[] = {
		{ "{\"expression\":\"0 2 * * *\",\"overlap\":\"skip\"}",
		    "{\"expression\":\"0 3 * * *\",\"overlap\":\"queue\"}",
		    "expression, overlap",
		    "expression \"0 2 * * *\" -> \"0 3 * * *\", "
		    "overlap skip -> queue" },
		{ "{\"expression\":\"@daily\"}", "{\"fixed_rate\":\"1h\"}",
		    "expression, fixed_rate",
		    "expression \"@daily\" -> unset, "
		    "fixed_rate unset -> 1h" },
		{ "{}", "{\"timezone\":\"Asia/Tokyo\",\"active\":false}",
		    "timezone, active",
		    "timezone UTC -> Asia/Tokyo, active true -> false" },
		{ "{\"hyperparameters\":{\"A\":1,\"C\":0.1}}",
		    "{\"hyperparameters\":{\"C\":0.2,\"D\":\"a b\"}}",
		    "hyperparameters",
		    "hyperparameters.A 1 -> unset, "
		    "hyperparameters.C 0.1 -> 0.2, "
		    "hyperparameters.D unset -> \"a b\"" },
		{ "{}", "{\"inputs\":{\"n\":1}}", "inputs",
		    "inputs.n unset -> 1" },
		{ "{\"model\":\"latest\"}", "{\"model\":{\"file\":\"m\"}}",
		    "model", "model latest -> {\"file\":\"m\"}" },
		{ "{\"model\":{\"version\":\"r1\"}}",
		    "{\"model\":{\"version\":\"r2\",\"app_version\":\"v\"}}",
		    "model", "model.version r1 -> r2, "
		    "model.app_version unset -> v" },
		{ "{\"on_failure\":\"0123456789012345678901234567890123456789"
		    "a\"}",
		    "{\"on_failure\":\"0123456789012345678901234567890123456789"
		    "b\"}", "on_failure", "on_failure changed" },
		{ "{\"on_failure\":\"\"}", "{\"on_failure\":[\"\\u0007\"]}",
		    "on_failure", "on_failure \"\" -> [\"\\u0007\"]" },
		{ "", "{}", "keys", "keys changed" },
		{ "[1]", "{\"a\":1}", "keys", "keys changed" },
		{ "{\"a\":1", "{\"a\":1}", "keys", "keys changed" },
		{ "{}", "{ }", "keys", "keys changed" },
	};
	struct strbuf names = STRBUF_INIT, words = STRBUF_INIT;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		strbuf_reset(&names);
		strbuf_reset(&words);
		ok(schedule_keys_differ(cases[i].before, cases[i].after,
		    &names, &words), "%s and %s differ", cases[i].before,
		    cases[i].after);
		is_str(names.buf, cases[i].names, "the keys that do");
		is_str(words.buf, cases[i].words, "and how");
	}
	ok(schedule_keys_differ("{}", "{\"a\":1}", NULL, NULL),
	    "nobody need want the words");
	ok(!schedule_keys_differ("nonsense", "nonsense", &names, &words),
	    "equal texts are equal whatever they say");
	strbuf_release(&names);
	strbuf_release(&words);
}

int
main(void)
{
	test_print();
	test_order();
	test_differ();
	return tap_done();
}
