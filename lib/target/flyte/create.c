/*
 * A run (flyteidl's admin.ExecutionCreateRequest) of a registered workflow,
 * under a name of ours. Files that it takes are uploaded first.
 */
#include "lib/base/compat.h"

#include <fcntl.h>
#include <unistd.h>

#include "lib/base/arena.h"
#include "lib/base/strbuf.h"
#include "lib/base/tree.h"
#include "lib/base/xalloc.h"
#include "lib/flyte/wire/encodetype.h"
#include "lib/model/literal.h"
#include "lib/plan/plan.h"
#include "lib/target/flyte/api.h"
#include "lib/target/flyte/ops.h"
#include "lib/target/flyte/post.h"
#include "lib/target/flyte/upload.h"
#include "lib/text/jsonio.h"

/* Beyond that a double, as Flyte keeps numbers of objects, is not exact. */
#define INTEGER_MAX ((int64_t)1 << 53)

struct creation {
	struct flyte *flyte;
	struct arena arena;
	const struct run_request *request;
	enum status status;	/* of the uploads */
};

/* Each is sent once: what is there already is found. */
static const char *
upload(void *arg, const char *path, bool directory)
{
	struct creation *c = arg;
	const char *uri = "";

	if (c->status == EXIT_DONE)
		c->status = upload_path(c->flyte, &c->arena, path, directory,
		    false, &uri);
	return uri;
}

static const char *
parts(void *arg, const char *path)
{
	struct creation *c = arg;
	const char *uri = "";

	if (c->status == EXIT_DONE)
		c->status = upload_parts(c->flyte, &c->arena, path, false,
		    &uri);
	return uri;
}

/* The file is to be `.csv`, and the URI that of its directory. */
static const char *
upload_dataset(void *arg, const char *path)
{
	struct creation *c = arg;
	struct upload upload = { .name = ".csv", .what = "cannot upload" };
	const char *uri = "";
	char sha256[65];
	int fd;

	if (c->status != EXIT_DONE)
		return uri;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || tree_sha256(path, sha256) != 0) {
		c->status = error_errno(EXIT_LOCAL, "cannot read '%s'", path);
	} else {
		upload.sha256 = sha256;
		c->status = upload_send(c->flyte, &c->arena, &upload, fd,
		    &uri);
	}
	if (fd >= 0)
		close(fd);
	return arena_strndup(&c->arena, uri, strlen(uri) > 5 ?
	    strlen(uri) - 5 : 0);
}

static void
put_inputs(struct creation *c, struct json_writer *w)
{
	const struct encode_files files = { .base = "", .uri = upload,
	    .parts = parts, .dataset = upload_dataset, .arg = c };
	const struct inputs *inputs = c->request->inputs;
	size_t i;

	json_begin_map(w, "inputs");
	json_begin_map(w, "literals");
	for (i = 0; i < inputs->n; i++)
		encode_literal(w, inputs->v[i].variable->name,
		    inputs->v[i].variable->type, inputs->v[i].value, &files);
	json_end_map(w);
	json_end_map(w);
}

static void
put_spec(const struct creation *c, struct json_writer *w)
{
	const struct run_request *request = c->request;

	json_begin_map(w, "spec");
	json_begin_map(w, "launch_plan");
	json_put_text(w, "resource_type", "LAUNCH_PLAN");
	json_put_text(w, "project", c->flyte->project);
	json_put_text(w, "domain", c->flyte->domain);
	json_put_text(w, "name", request->workflow->name);
	json_put_text(w, "version", request->version);
	json_end_map(w);
	json_begin_map(w, "metadata");
	json_put_text(w, "mode", "MANUAL");
	json_end_map(w);
	if (request->model != NULL) {
		json_begin_map(w, "annotations");
		json_begin_map(w, "values");
		json_put_text(w, "unionml/model-run", request->model);
		json_end_map(w);
		json_end_map(w);
	}
	json_end_map(w);
}

static void
put_body(struct creation *c, struct strbuf *body, const char *id)
{
	struct json_writer w;

	json_writer_init(&w, body, false);
	json_begin_map(&w, NULL);
	json_put_text(&w, "project", c->flyte->project);
	json_put_text(&w, "domain", c->flyte->domain);
	json_put_text(&w, "name", id);
	put_spec(c, &w);
	put_inputs(c, &w);
	json_end_map(&w);
}

static bool
numbers_fit(const struct json *json)
{
	size_t i;

	if (json->kind == JSON_INT)
		return json->integer <= INTEGER_MAX &&
		    json->integer >= -INTEGER_MAX;
	if (json->kind == JSON_LIST || json->kind == JSON_MAP)
		for (i = 0; i < json->n; i++)
			if (!numbers_fit(json->kind == JSON_LIST ?
			    json->item[i] : json->member[i].value))
				return false;
	return true;
}

/* What has a value, but none that this type could be given by JSON. */
static enum status
check_inputs(const struct inputs *inputs)
{
	enum status status = EXIT_DONE;
	const struct input *input;
	size_t i;

	for (i = 0; i < inputs->n; i++) {
		input = &inputs->v[i];
		if (input->value->kind == TYPE_ANY)
			status = error(EXIT_INPUT, "input '%s': its type on "
			    "the cluster is one that has no values here",
			    input->variable->name);
		else if (input->value->kind == TYPE_JSON &&
		    !numbers_fit(input->value->json))
			status = error(EXIT_INPUT, "input '%s': an integer "
			    "beyond 2^53 is not exact in an object on Flyte",
			    input->variable->name);
		else if (input->value->kind == TYPE_DATASET &&
		    !literal_is_uri(input->value->path) &&
		    !encode_takes_csv(input->variable->type))
			status = error(EXIT_INPUT, "input '%s': a dataset "
			    "that is no CSV cannot be made from here: give "
			    "the URI of one", input->variable->name);
	}
	return status;
}

enum status
flyte_create(struct target *target, const struct run_request *request,
    char **id)
{
	struct creation c = { (struct flyte *)target, ARENA_INIT, request,
	    EXIT_DONE };
	struct strbuf body = STRBUF_INIT;
	char name[RUN_ID_LEN + 1];
	struct post post = { .name = name, .what = "cannot start the run" };
	enum status status;

	*id = NULL;
	status = check_inputs(request->inputs);
	if (status == EXIT_DONE) {
		run_make_id(name, 'r');
		put_body(&c, &body, name);
		status = c.status;
	}
	if (status == EXIT_DONE) {
		post.path = api_path(&c.arena, "executions", NULL);
		post.body = body.buf;
		status = post_execution(c.flyte, &post, NULL);
	}
	if (status == EXIT_DONE)
		*id = xstrdup(name);
	strbuf_release(&body);
	arena_release(&c.arena);
	return status;
}
