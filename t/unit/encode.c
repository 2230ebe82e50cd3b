/*
 * The objects of a plan and their versions: what decides them, and that what
 * the cluster says later changes nothing of the rest.
 */
#include "lib/base/compat.h"

#include "lib/flyte/wire/encode.h"
#include "lib/flyte/wire/fnames.h"
#include "t/unit/planned.h"

static const char text[] =
    "name: digits\n"
    "image: a\n"
    "dataset:\n"
    "  reader:\n"
    "    inputs:\n"
    "      time: {type: datetime, default: now}\n"
    "      lookup: {type: file, default: lookup.csv}\n"
    "    command: [\"$$\", \"{{time}}{time}\", \"{data}\"]\n"
    "model:\n"
    "  trainer: {command: [t], format: joblib}\n"
    "  predictor: {command: [p]}\n"
    "schedules:\n"
    "  nightly: {workflow: train, expression: '@daily', "
    "reader_time_arg: time}\n"
    "  scoring: {workflow: predict, fixed_rate: 1h, reader_time_arg: time, "
    "model: latest-at-deploy}\n"
    "  local: {workflow: predict, fixed_rate: 1h, reader_time_arg: time, "
    "model: latest, targets: [local]}\n"
    "targets:\n"
    "  staging: {type: flyte, project: p, domain: d}\n";

static const char foreign_text[] =
    "name: digits\n"
    "schedules:\n"
    "  nightly: {workflow: train, expression: '0 0 * * *', "
    "inputs: {n: 1}}\n";

static bool
model_of(void *arg, const struct schedule *schedule,
    struct encode_model *model)
{
	(void)arg;
	model->uri = "s3://b/model";
	model->run = "r0";
	return strcmp(schedule->name, "scoring") == 0;
}

static const char *
uri_of(void *arg, const char *path, bool directory)
{
	(void)path;
	return directory ? NULL : arg;
}

static bool
foreign_of(void *arg, const struct launch_plan *plan,
    struct encode_foreign *foreign)
{
	static char name[] = "n";
	static struct json one = { .kind = JSON_INT, .integer = 1 };
	static struct json_member member = { name, &one };
	static const struct json map = { .kind = JSON_MAP, .n = 1,
	    .member = &member };

	(void)arg;
	foreign->version = "v9";
	foreign->parameters = foreign->literals = &map;
	return strcmp(plan->workflow_name, "digits.train") == 0;
}

static struct encode_place
place_of(const struct planned *p)
{
	return (struct encode_place){
		.target = "staging", .project = "p", .domain = "d",
		.app_version = "v1", .files = { .base = p->app.directory },
	};
}

static const char *
version(const struct encoding *e, enum object_kind kind, const char *name)
{
	const struct object *object = encoding_find(e, kind, name);

	return object != NULL ? object->version : "none";
}

static void
test_open(struct planned *p)
{
	struct encode_place place = place_of(p);
	struct encoding e;

	is_int(encode_plan(&e, &p->plan, &place), EXIT_DONE, "compiled");
	is_int((long long)e.n, 3 + 3 + 3 + 2, "tasks, workflows, launch plans");
	is_str(version(&e, OBJECT_TASK, "digits.reader"), "v1", "a task");
	is_str(version(&e, OBJECT_WORKFLOW, "digits.train"), "v1",
	    "a workflow");
	is_str(version(&e, OBJECT_LAUNCH_PLAN, "digits.predict_from_features"),
	    "v1", "a default launch plan");
	is_str(version(&e, OBJECT_LAUNCH_PLAN, "digits.train"), "v1-@file@",
	    "a default that is a file");
	is_str(version(&e, OBJECT_LAUNCH_PLAN, "digits.nightly"), "v1-@file@",
	    "a schedule with it");
	is_str(version(&e, OBJECT_LAUNCH_PLAN, "digits.scoring"),
	    "v1-@model@", "a model that is not known");
	is_str(version(&e, OBJECT_LAUNCH_PLAN, "digits.local"), "none",
	    "what lives elsewhere");
	ok(encoding_find(&e, OBJECT_TASK, "digits.train") == NULL,
	    "a workflow is no task");
	is_str(object_collection(OBJECT_LAUNCH_PLAN), "launch_plans",
	    "the word of the URL");
	encoding_release(&e);
}

static bool
has_suffix(const char *got)
{
	return strncmp(got, "v1-", 3) == 0 && strlen(got) == 10 &&
	    strspn(got + 3, "0123456789abcdef") == 7;
}

static void
test_known(struct planned *p)
{
	static char uri[] = "s3://b/file", other[] = "s3://b/other";
	struct encode_place place = place_of(p);
	struct encoding e, again, moved;
	struct strbuf sb = STRBUF_INIT;
	const char *name = "digits.scoring";

	place.model = model_of;
	place.files.uri = uri_of;
	place.files.arg = uri;
	encode_plan(&e, &p->plan, &place);
	place.snapshot = "s3://b/snapshot";
	encode_plan(&again, &p->plan, &place);
	ok(has_suffix(version(&e, OBJECT_LAUNCH_PLAN, name)),
	    "a known model makes a version");
	is_str(version(&again, OBJECT_LAUNCH_PLAN, name),
	    version(&e, OBJECT_LAUNCH_PLAN, name),
	    "the snapshot's place does not");
	place.files.arg = other;
	encode_plan(&moved, &p->plan, &place);
	ok(strcmp(version(&moved, OBJECT_LAUNCH_PLAN, name),
	    version(&e, OBJECT_LAUNCH_PLAN, name)) != 0,
	    "another file is another version");
	is_str(version(&moved, OBJECT_WORKFLOW, "digits.predict"), "v1",
	    "of what holds it alone");
	encode_body(&sb, &again, encoding_find(&again, OBJECT_LAUNCH_PLAN,
	    name));
	ok(strstr(sb.buf, "\"uri\":\"s3://b/model\"") != NULL, "the model");
	ok(strstr(sb.buf, "\"unionml/model-run\":\"r0\"") != NULL,
	    "its run");
	ok(strstr(sb.buf, "\"uri\":\"s3://b/file\"") != NULL, "the file");
	ok(strchr(sb.buf, '\n') == NULL && strchr(sb.buf, '@') == NULL,
	    "one line, nothing open");
	strbuf_reset(&sb);
	encode_body(&sb, &again, encoding_find(&again, OBJECT_WORKFLOW,
	    "digits.train"));
	ok(strstr(sb.buf, "\"uri\":\"s3://b/snapshot\"") != NULL,
	    "the snapshot");
	encoding_release(&e);
	encoding_release(&again);
	encoding_release(&moved);
	strbuf_release(&sb);
}

static void
test_outside(struct planned *p)
{
	struct encode_place place = place_of(p);
	struct encoding e;
	size_t i, bare = 0;

	place.outside = true;
	encode_plan(&e, &p->plan, &place);
	for (i = 0; i < e.n; i++)
		if (strcmp(e.object[i].version, "v1") == 0)
			bare++;
	is_int((long long)bare, 0, "what is outside is in every spec");
	ok(has_suffix(version(&e, OBJECT_TASK, "digits.reader")),
	    "a task's suffix");
	ok(strcmp(version(&e, OBJECT_TASK, "digits.reader"),
	    version(&e, OBJECT_TASK, "digits.trainer")) != 0,
	    "each has its own");
	encoding_release(&e);
	place.outside = false;
	place.app_version = "v1-0123abc";
	encode_plan(&e, &p->plan, &place);
	is_int((long long)fnames_app_version_len(version(&e, OBJECT_TASK,
	    "digits.reader")), 10, "what looks like a suffix gets one");
	encoding_release(&e);
}

static void
test_foreign(void)
{
	struct encode_place place;
	struct strbuf sb = STRBUF_INIT;
	struct encoding e;
	struct planned p;

	planned_begin(&p, foreign_text);
	place = place_of(&p);
	encode_plan(&e, &p.plan, &place);
	is_int((long long)e.n, 1, "no components, no objects but schedules");
	is_str(e.object[0].version, "v1-@workflow@", "whose workflow is where");
	encoding_release(&e);
	place.foreign = foreign_of;
	encode_plan(&e, &p.plan, &place);
	ok(has_suffix(e.object[0].version), "known when it is known");
	encode_body(&sb, &e, &e.object[0]);
	ok(strstr(sb.buf, "\"fixed_inputs\":{\"literals\":{\"n\":1}}") != NULL,
	    "literals as they were handed over");
	ok(strstr(sb.buf, "\"version\":\"v9\"") != NULL, "its version");
	encoding_release(&e);
	strbuf_release(&sb);
	planned_end(&p);
}

int
main(void)
{
	struct planned p;

	err_set_sink(listen_to, NULL);
	planned_begin(&p, text);
	test_open(&p);
	test_known(&p);
	test_outside(&p);
	planned_end(&p);
	test_foreign();
	strbuf_release(&said);
	return tap_done();
}
