/*
 * What a dry run tells beside the names: of each object that the cluster has
 * not by this version, the fields that differ from its newest version there.
 */
#include "lib/base/compat.h"

#include "lib/base/self.h"
#include "lib/base/strbuf.h"
#include "lib/base/xalloc.h"
#include "lib/flyte/wire/specdiff.h"
#include "lib/target/flyte/api.h"
#include "lib/target/flyte/deployment.h"
#include "lib/text/jsonio.h"

struct comparing {
	struct deployment *d;
	char **text;		/* of each object; NULL: nothing to tell */
	enum status status;
};

struct asked {
	struct comparing *c;
	size_t i;
	bool whole;		/* the answer is the object, not a list */
};

static void ask(struct comparing *c, size_t i, const char *version);

static void
tell_new(struct comparing *c, size_t i)
{
	const struct object *object = &c->d->encoding.object[i];

	c->text[i] = xasprintf("+ %s %s\n",
	    object_collection(object->kind), object->name);
}

static void
compare(struct comparing *c, size_t i, const struct json *stored)
{
	const struct object *object = &c->d->encoding.object[i];
	struct strbuf out = STRBUF_INIT;
	const char *version = api_text(json_find(stored, "id"), "version");
	struct specdiff diff = { .out = &out, .indent = "    ",
	    .old_version = version, .new_version = object->version };

	register_compare(&diff, &c->d->encoding, object, stored);
	if (diff.n > 0)
		c->text[i] = xasprintf("~ %s %s  %s -> %s\n%s",
		    object_collection(object->kind), object->name,
		    version, object->version, out.buf);
	strbuf_release(&out);
}

static void
answered(void *arg, const struct api_request *request,
    const struct api_answer *answer)
{
	struct asked *asked = arg;
	struct comparing *c = asked->c;
	const struct object *object = &c->d->encoding.object[asked->i];
	const struct json *list, *item = NULL;

	list = json_find(answer->json, object_collection(object->kind));
	if (list != NULL && list->kind == JSON_LIST && list->n > 0)
		item = list->item[0];
	if (http_exit_status(&answer->res) != EXIT_DONE) {
		if (c->status == EXIT_DONE)
			c->status = api_report(c->d->flyte, request, answer);
	} else if (asked->whole) {
		compare(c, asked->i, answer->json);
	} else if (item == NULL) {
		tell_new(c, asked->i);
	} else if (object->kind == OBJECT_WORKFLOW) {
		/* Lists leave out what workflows do. */
		ask(c, asked->i, api_text(json_find(item, "id"), "version"));
	} else {
		compare(c, asked->i, item);
	}
	free(asked);
}

/* The version, or of all of them the newest. */
static void
ask(struct comparing *c, size_t i, const char *version)
{
	const struct object *object = &c->d->encoding.object[i];
	struct asked *asked = xcalloc(1, sizeof(*asked));
	struct arena *arena = &c->d->arena;
	struct api_request request;
	const char *path;

	*asked = (struct asked){ c, i, version != NULL };
	path = api_object(arena, c->d->flyte, object_collection(object->kind),
	    object->name, version);
	if (version == NULL) {
		path = api_query(arena, path, "limit", "1");
		path = api_query(arena, path, "sort_by.key", "created_at");
		path = api_query(arena, path, "sort_by.direction",
		    "DESCENDING");
	}
	api_request_init(&request, path,
	    "cannot look at what is registered");
	api_add(c->d->flyte, &request, answered, asked);
}

enum status
deploy_diff(struct deployment *d)
{
	const struct registration *r = &d->registration;
	struct comparing c = { .d = d, .status = EXIT_DONE };
	struct strbuf all = STRBUF_INIT;
	bool refused = false;
	size_t i;

	c.text = xcalloc(d->encoding.n + 1, sizeof(*c.text));
	for (i = 0; i < d->encoding.n; i++)
		if (r->state[i] == REGISTERED_NOT)
			ask(&c, i, NULL);
	api_run(d->flyte);
	if (!d->uploaded)
		strbuf_addf(&all, "+ source %.12s\n", d->pack.sha256);
	for (i = 0; i < d->encoding.n; i++) {
		refused = refused || r->state[i] == REGISTERED_OTHER;
		if (r->state[i] == REGISTERED_OTHER)
			strbuf_addf(&all, "! %s %s  %s is registered with "
			    "another content\n%s", object_collection(
			    d->encoding.object[i].kind),
			    d->encoding.object[i].name,
			    d->encoding.object[i].version, r->difference[i]);
		else if (c.text[i] != NULL)
			strbuf_addstr(&all, c.text[i]);
		free(c.text[i]);
	}
	free(c.text);
	if (refused && c.status == EXIT_DONE) {
		warning("the cluster will refuse what is marked by '!': a "
		    "version stays what it is");
		hint("give this one another name: %s deploy -v NAME",
		    self_call());
	}
	d->result->changes = strbuf_detach(&all);
	return c.status;
}
