/*
 * The inputs of a schedule whose workflow something else registered: a Python
 * UnionML app, say. Who has asked the cluster for its interface brings them
 * typed by that; as long as nobody has, the values say themselves what they
 * look like.
 */
#include "lib/base/compat.h"

#include "lib/base/strbuf.h"
#include "lib/flyte/wire/encodepart.h"
#include "lib/text/jsonio.h"

static void
put_primitive(struct json_writer *w, const struct json *value)
{
	struct strbuf sb = STRBUF_INIT;

	json_begin_map(w, "primitive");
	switch (value->kind) {
	case JSON_BOOL:
		json_put_bool(w, "boolean", value->boolean);
		break;
	case JSON_INT:
		strbuf_addf(&sb, "%lld", (long long)value->integer);
		json_put_text(w, "integer", sb.buf);
		break;
	case JSON_DOUBLE:
		json_put_double(w, "float_value", value->real);
		break;
	default:
		json_put_text(w, "string_value", value->text);
		break;
	}
	json_end_map(w);
	strbuf_release(&sb);
}

static void
put_guess(struct json_writer *w, const char *name, const struct json *value)
{
	size_t i;

	json_begin_map(w, name);
	if (value->kind == JSON_LIST) {
		json_begin_map(w, "collection");
		json_begin_list(w, "literals");
		for (i = 0; i < value->n; i++)
			put_guess(w, NULL, value->item[i]);
		json_end_list(w);
		json_end_map(w);
		json_end_map(w);
		return;
	}
	json_begin_map(w, "scalar");
	if (value->kind == JSON_MAP) {
		json_put(w, "generic", value);
	} else if (value->kind == JSON_NULL_VALUE) {
		json_begin_map(w, "none_type");
		json_end_map(w);
	} else {
		put_primitive(w, value);
	}
	json_end_map(w);
	json_end_map(w);
}

/* The kickoff time is all that may be free. */
static void
guess_parameters(struct json_writer *w, const struct schedule *s)
{
	const struct variable v = { .name = s->reader_time_arg,
		.type = type_simple(TYPE_DATETIME) };

	json_begin_map(w, "parameters");
	if (v.name != NULL) {
		json_begin_map(w, v.name);
		encode_variable(w, "var", &v);
		json_put_bool(w, "required", true);
		json_end_map(w);
	}
	json_end_map(w);
}

static void
guess_literals(struct json_writer *w, const struct encoding *encoding,
    const struct schedule *s)
{
	const struct json *bound = s->bound;
	const struct json_member *m;
	size_t i;

	json_begin_map(w, "literals");
	if (s->model.source != MODEL_UNSET)
		encode_model_object(w, encoding, s, type_simple(TYPE_FILE));
	for (i = 0; bound != NULL && i < bound->n; i++) {
		m = &bound->member[i];
		put_guess(w, m->name, m->value);
	}
	json_end_map(w);
}

bool
encode_find_foreign(const struct encoding *encoding,
    const struct launch_plan *plan, struct encode_foreign *foreign)
{
	const struct encode_place *place = &encoding->place;

	if (place->foreign != NULL &&
	    place->foreign(place->arg, plan, foreign))
		return true;
	foreign->version = "@workflow@";
	return false;
}

void
encode_foreign_inputs(struct json_writer *w, const struct encoding *encoding,
    const struct launch_plan *plan)
{
	struct encode_foreign foreign;
	bool known = encode_find_foreign(encoding, plan, &foreign);

	json_begin_map(w, "default_inputs");
	if (known)
		json_put(w, "parameters", foreign.parameters);
	else
		guess_parameters(w, plan->schedule);
	json_end_map(w);
	json_begin_map(w, "fixed_inputs");
	if (known)
		json_put(w, "literals", foreign.literals);
	else
		guess_literals(w, encoding, plan->schedule);
	json_end_map(w);
}
