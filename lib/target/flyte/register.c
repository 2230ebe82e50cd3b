/*
 * Registration. What is there under its version is read and compared, and sent
 * only if it is not the same; the server has the last word on that (409: the
 * same; 400: another). Sending again what was sent is harmless.
 */
#include "lib/base/compat.h"

#include "lib/base/self.h"
#include "lib/base/strbuf.h"
#include "lib/base/xalloc.h"
#include "lib/flyte/wire/specdiff.h"
#include "lib/target/flyte/api.h"
#include "lib/target/flyte/flyte.h"
#include "lib/target/flyte/register.h"
#include "lib/text/jsonio.h"

enum { SHOWN_LINES = 10, SHOWN_BYTES = 500 };

/* A request that is under way. */
struct pending {
	struct registration *r;
	size_t i;			/* the object */
};

static const char *const nouns[OBJECT_KINDS] = {
	[OBJECT_TASK] = "task", [OBJECT_WORKFLOW] = "workflow",
	[OBJECT_LAUNCH_PLAN] = "launch plan",
};

/* What was sent of it, in what the cluster gives back. */
static const struct json *
stored_spec(enum object_kind kind, const struct json *json)
{
	switch (kind) {
	case OBJECT_TASK:
		return api_dig(json, "closure", "compiled_task", "template",
		    NULL);
	case OBJECT_WORKFLOW:
		return api_dig(json, "closure", "compiled_workflow", "primary",
		    "template", NULL);
	default:
		return api_dig(json, "spec", NULL);
	}
}

static const struct json *
sent_spec(const struct encoding *e, const struct object *object,
    struct arena *arena)
{
	struct strbuf sb = STRBUF_INIT;
	const struct json *json;
	const char *why;

	encode_body(&sb, e, object);
	json = json_parse(arena, sb.buf, sb.len, &why);
	strbuf_release(&sb);
	if (json == NULL)
		BUG("body of '%s': %s", object->name, why);
	return object->kind == OBJECT_LAUNCH_PLAN ?
	    api_dig(json, "spec", NULL) :
	    api_dig(json, "spec", "template", NULL);
}

void
register_compare(struct specdiff *diff, const struct encoding *e,
    const struct object *object, const struct json *json)
{
	struct arena arena = ARENA_INIT;

	specdiff(diff, stored_spec(object->kind, json),
	    sent_spec(e, object, &arena));
	arena_release(&arena);
}

static void
note_found(struct registration *r, size_t i, const struct json *json)
{
	const struct object *object = &r->encoding->object[i];
	struct strbuf out = STRBUF_INIT;
	struct specdiff diff = { .out = &out, .indent = "  " };

	register_compare(&diff, r->encoding, object, json);
	r->state[i] = diff.n == 0 ? REGISTERED_SAME : REGISTERED_OTHER;
	if (diff.n > 0)
		r->difference[i] = arena_strdup(&r->arena, out.buf);
	strbuf_release(&out);
}

static void
looked(void *arg, const struct api_request *request,
    const struct api_answer *answer)
{
	struct pending *pending = arg;
	struct registration *r = pending->r;

	if (answer->json != NULL && http_exit_status(&answer->res) ==
	    EXIT_DONE)
		note_found(r, pending->i, answer->json);
	else if (answer->code != API_NOT_FOUND && r->status == EXIT_DONE)
		r->status = api_report(r->flyte, request, answer);
	free(pending);
}

static void
look_at(struct registration *r, size_t i)
{
	const struct object *object = &r->encoding->object[i];
	struct pending *pending = xcalloc(1, sizeof(*pending));
	struct api_request request;

	*pending = (struct pending){ r, i };
	api_request_init(&request, api_object(&r->arena, r->flyte,
	    object_collection(object->kind), object->name, object->version),
	    "cannot look at what is registered");
	api_add(r->flyte, &request, looked, pending);
}

static enum status
look_at_plan(void *arg, const struct json *item)
{
	const struct json *id = json_find(item, "id");
	struct registration *r = arg;
	const struct object *object;
	size_t i;

	object = encoding_find(r->encoding, OBJECT_LAUNCH_PLAN,
	    api_text(id, "name"));
	if (object == NULL || strcmp(object->version,
	    api_text(id, "version")) != 0)
		return EXIT_DONE;
	i = (size_t)(object - r->encoding->object);
	if (r->state[i] == REGISTERED_NOT)
		note_found(r, i, item);
	return EXIT_DONE;
}

/* Those that do not fire. */
static enum status
look_at_idle(struct registration *r, const char *which)
{
	const struct encode_place *place = &r->encoding->place;
	const struct api_list list = {
		.path = api_object(&r->arena, r->flyte, "launch_plans", NULL,
		    NULL),
		.member = "launch_plans",
		.filters = arena_printf(&r->arena, "%s+contains(version,%s)+"
		    "contains(name,%s.)", which, place->app_version,
		    r->encoding->plan->app->name),
		.sort_key = "created_at",
		.ascending = true,
		.what = "cannot look at what is registered",
	};

	return api_list(r->flyte, &list, look_at_plan, r, NULL);
}

/* Launch plans may be many: they are listed, and those that are ACTIVE once. */
static enum status
look_at_plans(struct registration *r)
{
	enum status status = standing_read(r->flyte, &r->standing,
	    look_at_plan, r);

	if (status == EXIT_DONE)
		status = look_at_idle(r, "eq(state,0)");
	if (status == EXIT_DONE)
		status = look_at_idle(r, "eq(state,1)+eq(schedule_type,NONE)");
	return status;
}

enum status
register_look(struct registration *r, struct flyte *flyte,
    const struct encoding *encoding)
{
	const struct object *object;
	size_t i;

	memset(r, 0, sizeof(*r));
	r->flyte = flyte;
	r->encoding = encoding;
	r->state = arena_array(&r->arena, encoding->n, sizeof(*r->state));
	r->difference = arena_array(&r->arena, encoding->n,
	    sizeof(*r->difference));
	for (i = 0; i < encoding->n; i++) {
		object = &encoding->object[i];
		if (object->open != NULL)
			r->state[i] = REGISTERED_OPEN;
		else if (object->kind != OBJECT_LAUNCH_PLAN)
			look_at(r, i);
	}
	api_run(flyte);
	if (r->status == EXIT_DONE)
		r->status = look_at_plans(r);
	return r->status;
}

/* The first lines, and how much more there is. */
static void
show_difference(const char *text)
{
	size_t len, shown;
	int lines;

	note("  registered -> to be registered:");
	for (lines = 0; *text != '\0' && lines < SHOWN_LINES; lines++) {
		len = strcspn(text, "\n");
		shown = len < SHOWN_BYTES ? len : SHOWN_BYTES;
		note("  %.*s%s", (int)shown, text, shown < len ? "..." : "");
		text += len + (text[len] == '\n');
	}
	if (*text != '\0')
		note("  ... (%zu bytes more)", strlen(text));
}

static enum status
refuse_other(const struct registration *r, size_t i, const char *message)
{
	const struct object *object = &r->encoding->object[i];

	error(EXIT_CONFLICT, "version '%s' of the %s '%s' is registered with "
	    "another content", object->version, nouns[object->kind],
	    object->name);
	show_difference(r->difference[i] != NULL ? r->difference[i] :
	    message);
	hint("a version stays what it is: other source, or what another "
	    "release of unionml makes of it, is another version");
	hint("give this one another name: %s deploy -v NAME", self_call());
	return EXIT_CONFLICT;
}

/*
 * A refusal of another content tells the difference, and one that is longer
 * than admin can hand to its gateway becomes an internal error.
 */
static bool
is_taken(enum registered state, const struct api_answer *answer)
{
	if (answer->message == NULL)
		return false;
	return (answer->code == API_INVALID &&
	    strstr(answer->message, "different structure") != NULL) ||
	    (answer->code == API_INTERNAL && state == REGISTERED_OTHER);
}

static void
sent(void *arg, const struct api_request *request,
    const struct api_answer *answer)
{
	struct pending *pending = arg;
	struct registration *r = pending->r;
	size_t i = pending->i;
	enum object_kind kind = r->encoding->object[i].kind;

	/* What was not there before is new, if an answer was lost, too. */
	if (http_exit_status(&answer->res) == EXIT_DONE ||
	    (answer->code == API_EXISTS && r->state[i] == REGISTERED_NOT)) {
		r->n_sent[kind]++;
		r->state[i] = REGISTERED_SAME;
	} else if (answer->code == API_EXISTS) {
		r->n_there[kind]++;
		r->state[i] = REGISTERED_SAME;
	} else if (r->status != EXIT_DONE) {
		/* One refusal of a level says enough. */
	} else if (is_taken(r->state[i], answer)) {
		r->status = refuse_other(r, i, answer->message);
	} else {
		r->status = api_report(r->flyte, request, answer);
	}
	free(pending);
}

static void
send_one(struct registration *r, size_t i)
{
	const struct object *object = &r->encoding->object[i];
	struct pending *pending = xcalloc(1, sizeof(*pending));
	struct strbuf body = STRBUF_INIT;
	struct api_request request;

	*pending = (struct pending){ r, i };
	encode_body(&body, r->encoding, object);
	api_request_init(&request, api_path(&r->arena,
	    object_collection(object->kind), NULL),
	    arena_printf(&r->arena, "cannot register the %s '%s'",
	    nouns[object->kind], object->name));
	request.method = HTTP_POST;
	request.retry = HTTP_RETRY_WRITE;
	request.body = body.buf;
	api_add(r->flyte, &request, sent, pending);
	strbuf_release(&body);
}

static void
tell(const struct registration *r, enum object_kind kind, size_t n)
{
	if (n > 0 && !r->flyte->dry_run)
		note("registering %zu %s%s", n, nouns[kind], n > 1 ? "s" :
		    "");
}

static void
send_level(struct registration *r, enum object_kind kind)
{
	size_t i, n = 0;

	for (i = 0; i < r->encoding->n; i++) {
		if (r->encoding->object[i].kind != kind)
			continue;
		n += r->state[i] == REGISTERED_NOT;
		r->n_there[kind] += r->state[i] == REGISTERED_SAME;
	}
	tell(r, kind, n);
	for (i = 0; i < r->encoding->n && r->status == EXIT_DONE; i++)
		if (r->encoding->object[i].kind == kind &&
		    (r->state[i] == REGISTERED_NOT ||
		    r->state[i] == REGISTERED_OTHER))
			send_one(r, i);
	api_run(r->flyte);
}

enum status
register_send(struct registration *r)
{
	int kind;

	for (kind = 0; kind < OBJECT_KINDS && r->status == EXIT_DONE; kind++)
		send_level(r, (enum object_kind)kind);
	return r->status;
}

bool
register_is_whole(const struct registration *r)
{
	size_t i;

	for (i = 0; i < r->encoding->n; i++)
		if (r->state[i] == REGISTERED_NOT ||
		    r->state[i] == REGISTERED_OTHER)
			return false;
	return true;
}

void
registration_release(struct registration *r)
{
	standing_release(&r->standing);
	arena_release(&r->arena);
	memset(r, 0, sizeof(*r));
}
