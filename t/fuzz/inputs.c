/*
 * Inputs. The first line is either a type, and the rest a value of it, as text
 * and as JSON; or `NAME:TYPE` several times (`NAME.MEMBER:TYPE` for a member
 * of the json before it), and the rest -p lines up to an empty one and then
 * the document of -i. What was taken must survive its own record.
 */
#include "lib/base/compat.h"

#include "lib/base/arena.h"
#include "lib/base/err.h"
#include "lib/base/strbuf.h"
#include "lib/base/strvec.h"
#include "lib/model/inputs.h"
#include "lib/model/literal.h"
#include "lib/text/jsonio.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { VARIABLES_MAX = 12 };

static void
swallow(void *arg, const char *text, size_t len)
{
	(void)arg;
	(void)text;
	(void)len;
}

/* An object may hold integers that come back as floats. */
static bool
is_lossy(const struct literal *value)
{
	size_t i;

	for (i = 0; value->kind == TYPE_LIST && i < value->n; i++)
		if (is_lossy(value->item[i]))
			return true;
	for (i = 0; value->kind == TYPE_MAP && i < value->n; i++)
		if (is_lossy(value->entry[i].value))
			return true;
	return value->kind == TYPE_JSON;
}

static void
check_record(struct arena *arena, const struct type *type,
    const struct literal *value)
{
	struct strbuf first = STRBUF_INIT, second = STRBUF_INIT;
	const struct literal *again = NULL;
	const struct json *json;
	const char *why;

	if (type_is_scalar(type))
		literal_print(&first, value);
	strbuf_reset(&first);
	json_print(&first, literal_to_json(arena, value));
	json = json_parse(arena, first.buf, first.len, &why);
	if (json != NULL)
		again = literal_from_json(arena, type, json, NULL, &why);
	if (again != NULL)
		json_print(&second, literal_to_json(arena, again));
	if (!is_lossy(value) && strcmp(first.buf, second.buf) != 0)
		BUG("%s came back as %s", first.buf, second.buf);
	strbuf_release(&first);
	strbuf_release(&second);
}

static void
try_value(struct arena *arena, const struct type *type, const char *text,
    size_t len)
{
	const struct literal *value;
	const struct json *json;
	const char *why;

	value = literal_from_text(arena, type, text, "/", &why);
	if (value != NULL)
		check_record(arena, type, value);
	json = json_parse(arena, text, len, &why);
	if (json == NULL)
		return;
	value = literal_from_json(arena, type, json, "/", &why);
	if (value != NULL)
		check_record(arena, type, value);
}

/* Every other variable has a default. */
static void
declare(struct arena *arena, struct interface *interface, char *word)
{
	static const struct literal zero = { .kind = TYPE_INTEGER };
	char *colon = strchr(word, ':'), *dot;
	struct interface *members;
	struct variable v;

	if (colon == NULL)
		return;
	*colon = '\0';
	memset(&v, 0, sizeof(v));
	v.name = word;
	v.type = type_parse(arena, colon + 1, NULL);
	if (v.type == NULL)
		return;
	if (v.type->kind == TYPE_INTEGER && interface->n % 2 == 0)
		v.preset = &zero;
	v.now = v.type->kind == TYPE_DATETIME;
	dot = strchr(word, '.');
	if (dot == NULL) {
		interface_add(arena, interface, &v);
		return;
	}
	if (interface->n == 0 ||
	    interface->v[interface->n - 1].type->kind != TYPE_JSON)
		return;
	members = (struct interface *)interface->v[interface->n - 1].members;
	if (members == NULL)
		members = arena_alloc(arena, sizeof(*members));
	v.name = dot + 1;
	interface_add(arena, members, &v);
	interface->v[interface->n - 1].members = members;
}

static void
try_inputs(struct arena *arena, char *line, char *rest)
{
	struct interface interface = { NULL, 0 };
	struct strvec pairs = STRVEC_INIT;
	struct inputs inputs = { NULL, 0 };
	struct inputs_request request;
	char *word, *save = NULL;
	const char *why;
	size_t len;

	for (word = strtok_r(line, " ", &save); word != NULL &&
	    interface.n < VARIABLES_MAX; word = strtok_r(NULL, " ", &save))
		declare(arena, &interface, word);
	while ((len = strcspn(rest, "\n")) > 0) {
		strvec_push_owned(&pairs, strndup(rest, len));
		rest += len + (rest[len] == '\n');
	}
	memset(&request, 0, sizeof(request));
	request.interface = &interface;
	request.workflow = "train";
	request.pairs = &pairs;
	request.base = "/";
	if (*rest == '\n')
		request.document = json_parse(arena, rest + 1,
		    strlen(rest + 1), &why);
	if (inputs_resolve(arena, &request, &inputs) == EXIT_DONE)
		inputs_to_json(arena, &inputs);
	strvec_release(&pairs);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = ARENA_INIT;
	const struct type *type;
	char *line, *rest;

	err_set_sink(swallow, NULL);
	line = arena_strndup(&arena, (const char *)data, size);
	rest = line + strcspn(line, "\n");
	if (*rest == '\n')
		*rest++ = '\0';
	type = type_parse(&arena, line, NULL);
	if (type != NULL)
		try_value(&arena, type, rest, strlen(rest));
	else
		try_inputs(&arena, line, rest);
	arena_release(&arena);
	return 0;
}
