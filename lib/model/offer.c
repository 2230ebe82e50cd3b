/*
 * The names that -i and -p use: found in the interface, or answered with the
 * name that was meant.
 */
#include "lib/base/compat.h"

#include "lib/base/arena.h"
#include "lib/base/err.h"
#include "lib/base/strbuf.h"
#include "lib/base/strvec.h"
#include "lib/base/suggest.h"
#include "lib/model/inputs.h"
#include "lib/model/literal.h"
#include "lib/model/offer.h"
#include "lib/text/jsonio.h"

struct gathering {
	struct arena *arena;
	const struct inputs_request *request;
	const struct inputs *held;
	struct offer *offers;
	bool failed;
	bool listed;		/* the known inputs were shown */
};

static PRINTF_LIKE(3, 4) void
fault(struct gathering *g, const char *name, const char *fmt, ...)
{
	struct strbuf sb = STRBUF_INIT;
	va_list ap;

	va_start(ap, fmt);
	strbuf_vaddf(&sb, fmt, ap);
	va_end(ap);
	error(EXIT_INPUT, "input '%s': %s", literal_shorten(g->arena, name),
	    sb.buf);
	strbuf_release(&sb);
	g->failed = true;
}

static void
add_members(struct strbuf *sb, const struct variable *variable)
{
	size_t i;

	for (i = 0; i < variable->members->n; i++)
		strbuf_addf(sb, " %s.%s", variable->name,
		    variable->members->v[i].name);
}

/* Shows, once, all that may be given, as -p would name it. */
static void
list_known(struct gathering *g)
{
	const struct interface *interface = g->request->interface;
	struct strbuf sb = STRBUF_INIT;
	size_t i;

	if (g->listed)
		return;
	g->listed = true;
	for (i = 0; i < interface->n; i++) {
		if (inputs_find(g->held, interface->v[i].name) != NULL)
			continue;
		if (interface->v[i].members != NULL)
			add_members(&sb, &interface->v[i]);
		else
			strbuf_addf(&sb, " %s", interface->v[i].name);
	}
	if (sb.len > 0)
		hint("inputs of %s:%s", g->request->workflow, sb.buf);
	else
		hint("%s takes no inputs", g->request->workflow);
	strbuf_release(&sb);
}

static const char *
dotted(struct arena *arena, const char *name, const char *member)
{
	return arena_printf(arena, "%s.%s", name, member);
}

static const char *
nearest_variable(struct gathering *g, const char *word)
{
	const struct interface *interface = g->request->interface;
	const char **names;
	size_t i, n = 0;

	names = arena_array(g->arena, interface->n, sizeof(*names));
	for (i = 0; i < interface->n; i++)
		if (inputs_find(g->held, interface->v[i].name) == NULL)
			names[n++] = interface->v[i].name;
	return suggest(word, names, n);
}

static const char *
nearest_member(struct arena *arena, const struct variable *variable,
    const char *word)
{
	const struct interface *members = variable->members;
	const char **names, *nearest;
	size_t i;

	names = arena_array(arena, members->n, sizeof(*names));
	for (i = 0; i < members->n; i++)
		names[i] = members->v[i].name;
	nearest = suggest(word, names, members->n);
	return nearest != NULL ? dotted(arena, variable->name, nearest) : NULL;
}

/* A member's bare name comes first: nothing else is called that. */
static const char *
nearest_name(struct gathering *g, const char *word)
{
	const struct interface *interface = g->request->interface;
	const struct variable *v;
	const char *nearest;
	size_t i;

	for (i = 0; i < interface->n; i++) {
		v = &interface->v[i];
		if (v->members != NULL && interface_find(v->members, word))
			return dotted(g->arena, v->name, word);
	}
	nearest = nearest_variable(g, word);
	for (i = 0; i < interface->n && nearest == NULL; i++)
		if (interface->v[i].members != NULL)
			nearest = nearest_member(g->arena, &interface->v[i],
			    word);
	return nearest;
}

/* `member` is NULL for a name without a dot. */
static void
unknown_input(struct gathering *g, const char *name, const char *head,
    const char *member)
{
	const char *nearest;

	if (member == NULL) {
		nearest = nearest_name(g, head);
	} else {
		nearest = nearest_variable(g, head);
		nearest = nearest != NULL ?
		    dotted(g->arena, nearest, member) :
		    nearest_name(g, member);
	}
	if (nearest != NULL) {
		fault(g, name, "no such input of %s. Did you mean '%s'?",
		    g->request->workflow, literal_shorten(g->arena, nearest));
		return;
	}
	fault(g, name, "no such input of %s", g->request->workflow);
	list_known(g);
}

void
offer_unknown_member(struct arena *arena, const struct variable *variable,
    const char *member)
{
	const char *name = dotted(arena, variable->name,
	    literal_shorten(arena, member));
	const char *nearest = nearest_member(arena, variable, member);
	struct strbuf sb = STRBUF_INIT;

	if (nearest != NULL) {
		error(EXIT_INPUT, "input '%s': no such member of %s. Did you "
		    "mean '%s'?", name, variable->name, nearest);
		return;
	}
	error(EXIT_INPUT, "input '%s': no such member of %s", name,
	    variable->name);
	add_members(&sb, variable);
	hint("members of %s:%s", variable->name,
	    sb.len > 0 ? sb.buf : " none");
	strbuf_release(&sb);
}

/* The variable's offer, or NULL after a message. */
static struct offer *
find_offer(struct gathering *g, const char *name, const char *head,
    const char *member)
{
	const struct interface *interface = g->request->interface;
	const struct variable *variable;

	if (inputs_find(g->held, head) != NULL) {
		fault(g, name, "is given %s", strcmp(head, "model_object") == 0
		    ? "by -m" : strcmp(head, "features") == 0 ? "by -f" :
		    "already");
		return NULL;
	}
	variable = interface_find(interface, head);
	if (variable == NULL) {
		unknown_input(g, name, head, member);
		return NULL;
	}
	return &g->offers[variable - interface->v];
}

static void
gather_document(struct gathering *g, const struct json *document)
{
	struct offer *offer;
	const char *name;
	size_t i;

	if (document->kind != JSON_MAP) {
		g->failed = true;
		error(EXIT_INPUT, "inputs: expected an object, got %s",
		    json_kind_name(document));
		return;
	}
	for (i = 0; i < document->n; i++) {
		name = document->member[i].name;
		offer = find_offer(g, name, name, NULL);
		if (offer != NULL)
			offer->document = document->member[i].value;
	}
}

static void
set_member(struct arena *arena, struct offer *offer, const char *name,
    const char *text)
{
	struct offer_member *more;
	size_t i, n = offer->n;

	for (i = 0; i < n; i++) {
		if (strcmp(offer->member[i].name, name) == 0) {
			offer->member[i].text = text;
			return;
		}
	}
	/* The capacity is not stored: `n` is full when it is a power of two. */
	if ((n & (n - 1)) == 0) {
		more = arena_array(arena, n != 0 ? 2 * n : 1, sizeof(*more));
		if (n != 0)
			memcpy(more, offer->member, n * sizeof(*more));
		offer->member = more;
	}
	offer->member[n].name = name;
	offer->member[n].text = text;
	offer->n++;
}

static void
gather_member(struct gathering *g, struct offer *offer, const char *name,
    const char *member, const char *text)
{
	const struct variable *variable;
	const char *dot = strchr(member, '.');

	variable = &g->request->interface->v[offer - g->offers];
	if (variable->type->kind != TYPE_JSON)
		fault(g, name, "'%s' is of type %s and has no members",
		    variable->name, type_name(g->arena, variable->type));
	else if (*member == '\0' || dot == member)
		fault(g, name, "the name of the member is missing");
	else if (dot != NULL)
		fault(g, name, "-p sets members of the first level; deeper "
		    "ones go as JSON: -p '%s.%.*s={...}'", variable->name,
		    (int)(dot - member), member);
	else if (variable->members != NULL &&
	    interface_find(variable->members, member) == NULL) {
		offer_unknown_member(g->arena, variable, member);
		g->failed = true;
	} else {
		set_member(g->arena, offer, member, text);
	}
}

static void
gather_pair(struct gathering *g, const char *pair)
{
	const char *equals = strchr(pair, '=');
	const char *name, *head, *member = NULL;
	struct offer *offer;

	if (equals == NULL || equals == pair) {
		fault(g, pair, "-p takes NAME=VALUE");
		return;
	}
	name = arena_strndup(g->arena, pair, (size_t)(equals - pair));
	head = arena_strndup(g->arena, name, strcspn(name, "."));
	if (strchr(name, '.') != NULL)
		member = strchr(name, '.') + 1;
	offer = find_offer(g, name, head, member);
	if (offer == NULL)
		return;
	if (member != NULL) {
		gather_member(g, offer, name, member, equals + 1);
		return;
	}
	offer->text = equals + 1;
	offer->n = 0;
}

bool
offers_gather(struct arena *arena, const struct inputs_request *request,
    const struct inputs *held, struct offer *offers)
{
	struct gathering g = { arena, request, held, offers, false, false };
	size_t i;

	if (request->document != NULL)
		gather_document(&g, request->document);
	for (i = 0; request->pairs != NULL && i < request->pairs->n; i++)
		gather_pair(&g, request->pairs->v[i]);
	return !g.failed;
}

const char *
offer_find(const struct offer *offer, const char *member)
{
	size_t i;

	for (i = 0; i < offer->n; i++)
		if (strcmp(offer->member[i].name, member) == 0)
			return offer->member[i].text;
	return NULL;
}
