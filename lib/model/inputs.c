/*
 * The inputs of a run, typed against the interface of its workflow. Every
 * fault is told, each as `input 'NAME': what is wrong`, before anything runs.
 * Which names there are is offer.c's concern.
 */
#include "lib/base/compat.h"

#include <sys/stat.h>

#include "lib/base/arena.h"
#include "lib/base/err.h"
#include "lib/model/inputs.h"
#include "lib/model/literal.h"
#include "lib/model/offer.h"
#include "lib/text/jsonio.h"

struct resolving {
	struct arena *arena;
	const struct inputs_request *request;
	bool failed;
	const char *missing;	/* the first one; NULL: none */
};

/* The name of a variable or of its member, as messages have it. */
static const char *
full_name(struct resolving *r, const struct variable *parent,
    const struct variable *variable)
{
	if (parent == NULL)
		return variable->name;
	return arena_printf(r->arena, "%s.%s", parent->name, variable->name);
}

/* The result of literal_from_*, or NULL after its fault was told. */
static const struct literal *
checked(struct resolving *r, const char *name, const struct literal *value,
    const char *why)
{
	if (value == NULL) {
		error(EXIT_INPUT, "input '%s': %s", name, why);
		r->failed = true;
	}
	return value;
}

/* Of a variable with no members of its own, or of a member. */
static const struct literal *
simple_value(struct resolving *r, const struct variable *parent,
    const struct variable *variable, const char *text,
    const struct json *document)
{
	const char *name = full_name(r, parent, variable);
	const char *base = r->request->base, *why = NULL;
	const struct literal *value;

	if (text != NULL) {
		value = literal_from_text(r->arena, variable->type, text,
		    base, &why);
		return checked(r, name, value, why);
	}
	if (document != NULL) {
		value = literal_from_json(r->arena, variable->type, document,
		    base, &why);
		return checked(r, name, value, why);
	}
	if (variable->preset != NULL)
		return variable->preset;
	if (variable->now)
		return literal_datetime(r->arena, r->request->now);
	if (variable->optional)
		return NULL;
	error(EXIT_INPUT, "input '%s': missing, %s is wanted", name,
	    type_name(r->arena, variable->type));
	r->failed = true;
	if (r->missing == NULL)
		r->missing = name;
	return NULL;
}

/* The declared members, in their order; what is left out has its default. */
static const struct literal *
declared_object(struct resolving *r, const struct variable *variable,
    const struct json *base, const struct offer *offer)
{
	const struct interface *members = variable->members;
	struct json *object = json_map(r->arena);
	const struct variable *member;
	const struct literal *value;
	size_t i;

	for (i = 0; base != NULL && i < base->n; i++) {
		if (interface_find(members, base->member[i].name) != NULL)
			continue;
		offer_unknown_member(r->arena, variable,
		    base->member[i].name);
		r->failed = true;
	}
	for (i = 0; i < members->n; i++) {
		member = &members->v[i];
		value = simple_value(r, variable, member,
		    offer_find(offer, member->name),
		    json_find(base, member->name));
		if (value != NULL)
			json_set(r->arena, object, member->name,
			    literal_to_json(r->arena, value));
	}
	return literal_json(r->arena, object);
}

/* RFC 8259's grammar of numbers. */
static bool
is_json_number(const char *s)
{
	static const char digits[] = "0123456789";
	size_t n;

	s += *s == '-';
	n = *s == '0' ? 1 : strspn(s, digits);
	if (n == 0)
		return false;
	s += n;
	if (*s == '.') {
		n = strspn(++s, digits);
		if (n == 0)
			return false;
		s += n;
	}
	if (*s == 'e' || *s == 'E') {
		s++;
		s += *s == '-' || *s == '+';
		n = strspn(s, digits);
		if (n == 0)
			return false;
		s += n;
	}
	return *s == '\0';
}

/*
 * JSON if it parses as that, else text. A number that JSON cannot hold does
 * not turn into a text.
 */
static struct json *
free_value(struct resolving *r, const char *name, const char *text)
{
	const struct literal *string;
	struct json *value;
	const char *why;

	value = json_parse(r->arena, text, strlen(text), &why);
	if (value != NULL)
		return value;
	if (is_json_number(text)) {
		why = arena_printf(r->arena, "number %s is out of range",
		    literal_shorten(r->arena, text));
		checked(r, name, NULL, why);
		return NULL;
	}
	string = literal_from_text(r->arena, type_simple(TYPE_STRING), text,
	    NULL, &why);
	return checked(r, name, string, why) != NULL ?
	    json_text(r->arena, text) : NULL;
}

/* An object that declares no members, with those that -p sets laid over. */
static const struct literal *
free_object(struct resolving *r, const struct variable *variable,
    const struct json *base, const struct offer *offer)
{
	struct json *object = json_map(r->arena), *value;
	const char *name;
	size_t i;

	for (i = 0; base != NULL && i < base->n; i++)
		json_add(r->arena, object, base->member[i].name,
		    base->member[i].value);
	for (i = 0; i < offer->n; i++) {
		name = arena_printf(r->arena, "%s.%s", variable->name,
		    offer->member[i].name);
		value = free_value(r, name, offer->member[i].text);
		if (value != NULL)
			json_set(r->arena, object, offer->member[i].name,
			    value);
	}
	return literal_json(r->arena, object);
}

static const struct literal *
resolve(struct resolving *r, const struct variable *variable,
    const struct offer *offer)
{
	const struct literal *whole = variable->preset;

	if (variable->type->kind != TYPE_JSON ||
	    (variable->members == NULL && offer->n == 0))
		return simple_value(r, NULL, variable, offer->text,
		    offer->document);
	if (offer->text != NULL || offer->document != NULL) {
		whole = simple_value(r, NULL, variable, offer->text,
		    offer->document);
		if (whole == NULL)
			return NULL;
	}
	if (variable->members != NULL)
		return declared_object(r, variable,
		    whole != NULL ? whole->json : NULL, offer);
	return free_object(r, variable, whole != NULL ? whole->json : NULL,
	    offer);
}

/* A retry reads it again, so a file is a regular one. */
static void
check_path(struct resolving *r, const char *name, const struct literal *value)
{
	bool directory = value->kind == TYPE_DIRECTORY;
	struct stat st;

	if (literal_is_uri(value->path))
		return;
	if (stat(value->path, &st) != 0)
		error_errno(EXIT_INPUT, "input '%s': '%s'", name, value->path);
	else if (directory && !S_ISDIR(st.st_mode))
		error(EXIT_INPUT, "input '%s': '%s' is no directory", name,
		    value->path);
	else if (!directory && S_ISDIR(st.st_mode))
		error(EXIT_INPUT, "input '%s': '%s' is a directory, a file is "
		    "wanted", name, value->path);
	else if (!directory && !S_ISREG(st.st_mode))
		error(EXIT_INPUT, "input '%s': '%s' is no regular file", name,
		    value->path);
	else
		return;
	r->failed = true;
}

static void
check_paths(struct resolving *r, const char *name,
    const struct literal *value)
{
	size_t i;

	switch (value->kind) {
	case TYPE_FILE:
	case TYPE_DIRECTORY:
	case TYPE_DATASET:
		check_path(r, name, value);
		break;
	case TYPE_UNION:
		check_paths(r, name, value->chosen.value);
		break;
	case TYPE_LIST:
		for (i = 0; i < value->n; i++)
			check_paths(r, name, value->item[i]);
		break;
	case TYPE_MAP:
		for (i = 0; i < value->n; i++)
			check_paths(r, name, value->entry[i].value);
		break;
	default:
		break;
	}
}

enum status
inputs_resolve(struct arena *arena, const struct inputs_request *request,
    struct inputs *inputs)
{
	const struct interface *interface = request->interface;
	struct resolving r = { arena, request, false, NULL };
	struct inputs resolved = { NULL, 0 };
	const struct variable *variable;
	const struct literal *value;
	struct offer *offers;
	size_t i;

	offers = arena_array(arena, interface->n, sizeof(*offers));
	r.failed = !offers_gather(arena, request, inputs, offers);
	for (i = 0; i < interface->n; i++) {
		variable = &interface->v[i];
		value = inputs_find(inputs, variable->name);
		if (value == NULL) {
			value = resolve(&r, variable, &offers[i]);
			if (value != NULL)
				check_paths(&r, variable->name, value);
		}
		if (value != NULL)
			inputs_set(arena, &resolved, variable, value);
	}
	if (r.missing != NULL)
		hint("give it by -p %s=VALUE, or with others by -i JSON",
		    r.missing);
	if (r.failed)
		return EXIT_INPUT;
	for (i = 0; i < inputs->n; i++)
		inputs_set(arena, &resolved, inputs->v[i].variable,
		    inputs->v[i].value);
	*inputs = resolved;
	return EXIT_DONE;
}

static struct input *
find(const struct inputs *inputs, const char *name)
{
	size_t i;

	for (i = 0; i < inputs->n; i++)
		if (strcmp(inputs->v[i].variable->name, name) == 0)
			return &inputs->v[i];
	return NULL;
}

const struct literal *
inputs_find(const struct inputs *inputs, const char *name)
{
	const struct input *input = find(inputs, name);

	return input != NULL ? input->value : NULL;
}

/* The capacity is not stored: `n` is full when it is a power of two. */
void
inputs_set(struct arena *arena, struct inputs *inputs,
    const struct variable *variable, const struct literal *value)
{
	struct input *input = find(inputs, variable->name), *more;
	size_t n = inputs->n;

	if (input == NULL) {
		if ((n & (n - 1)) == 0) {
			more = arena_array(arena, n != 0 ? 2 * n : 1,
			    sizeof(*more));
			if (n != 0)
				memcpy(more, inputs->v, n * sizeof(*more));
			inputs->v = more;
		}
		input = &inputs->v[inputs->n++];
	}
	input->variable = variable;
	input->value = value;
}

struct json *
inputs_to_json(struct arena *arena, const struct inputs *inputs)
{
	struct json *object = json_map(arena);
	size_t i;

	for (i = 0; i < inputs->n; i++)
		json_add(arena, object, inputs->v[i].variable->name,
		    literal_to_json(arena, inputs->v[i].value));
	return object;
}
