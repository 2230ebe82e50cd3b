/*
 * Types and literals in the words of flyteidl, as FlyteAdmin's gateway reads
 * them: 64-bit integers are texts there, durations seconds with an `s`.
 */
#include "lib/base/compat.h"

#include <ctype.h>

#include "lib/base/arena.h"
#include "lib/base/strbuf.h"
#include "lib/flyte/wire/apijson.h"
#include "lib/flyte/wire/encodetype.h"
#include "lib/model/literal.h"
#include "lib/text/jsonio.h"

static const char *const simple[] = {
	[TYPE_INTEGER] = "INTEGER", [TYPE_FLOAT] = "FLOAT",
	[TYPE_STRING] = "STRING", [TYPE_BOOLEAN] = "BOOLEAN",
	[TYPE_DATETIME] = "DATETIME", [TYPE_DURATION] = "DURATION",
	[TYPE_JSON] = "STRUCT",
};

static const char *
blob_format(const struct type *type)
{
	if (type->kind == TYPE_DIRECTORY)
		return ENCODE_ARCHIVE;
	return type->format != NULL ? type->format : "";
}

static void
put_blob_type(struct json_writer *w, const char *name, const struct type *type)
{
	const struct json *blob = json_find(type->wire, "blob");

	if (blob != NULL) {
		json_put(w, name, blob);
		return;
	}
	json_begin_map(w, name);
	json_put_text(w, "format", blob_format(type));
	json_put_text(w, "dimensionality", "SINGLE");
	json_end_map(w);
}

static void
put_type(struct json_writer *w, const char *name, const struct type *type)
{
	json_begin_map(w, name);
	switch (type->kind) {
	case TYPE_LIST:
		put_type(w, "collection_type", type->element);
		break;
	case TYPE_MAP:
		put_type(w, "map_value_type", type->element);
		break;
	case TYPE_FILE:
	case TYPE_DIRECTORY:
		put_blob_type(w, "blob", type);
		break;
	default:
		json_put_text(w, "simple", simple[type->kind]);
		break;
	}
	if (type->kind == TYPE_DIRECTORY) {
		json_begin_map(w, "metadata");
		json_put_bool(w, "directory", true);
		json_end_map(w);
	}
	json_end_map(w);
}

/* parser_kwargs has the ParserkwargsSchema, as marshmallow names it. */
static void
schema_name(struct strbuf *sb, const char *name)
{
	const char *p;

	for (p = name; *p != '\0'; p++)
		if (*p != '_')
			strbuf_addch(sb, sb->len == 0 ?
			    (char)toupper((unsigned char)*p) : *p);
	strbuf_addstr(sb, "Schema");
}

static void
put_property(struct json_writer *w, const struct variable *member)
{
	static const char *const types[] = {
		[TYPE_INTEGER] = "integer", [TYPE_FLOAT] = "number",
		[TYPE_STRING] = "string", [TYPE_BOOLEAN] = "boolean",
		[TYPE_DATETIME] = "string",
	};
	struct arena arena = ARENA_INIT;

	json_begin_map(w, member->name);
	json_put_text(w, "title", member->name);
	json_put_text(w, "type", types[member->type->kind]);
	if (member->type->kind == TYPE_FLOAT)
		json_put_text(w, "format", "float");
	else if (member->type->kind == TYPE_DATETIME)
		json_put_text(w, "format", "date-time");
	if (member->description != NULL)
		json_put_text(w, "description", member->description);
	if (member->preset != NULL)
		json_put(w, "default", literal_to_json(&arena,
		    member->preset));
	json_end_map(w);
	arena_release(&arena);
}

static void
put_schema(struct json_writer *w, const struct variable *object)
{
	const struct interface *members = object->members;
	struct strbuf name = STRBUF_INIT, ref = STRBUF_INIT;
	size_t i;

	schema_name(&name, object->name);
	strbuf_addf(&ref, "#/definitions/%s", name.buf);
	json_begin_map(w, "metadata");
	json_put_text(w, "$schema", "http://json-schema.org/draft-07/schema#");
	json_begin_map(w, "definitions");
	json_begin_map(w, name.buf);
	json_put_text(w, "type", "object");
	json_begin_map(w, "properties");
	for (i = 0; i < members->n; i++)
		put_property(w, &members->v[i]);
	json_end_map(w);
	json_put_bool(w, "additionalProperties", false);
	json_end_map(w);
	json_end_map(w);
	json_put_text(w, "$ref", ref.buf);
	json_end_map(w);
	strbuf_release(&name);
	strbuf_release(&ref);
}

void
encode_type(struct json_writer *w, const char *name,
    const struct variable *variable)
{
	const struct interface *members = variable->members;
	size_t i;

	if (members == NULL) {
		put_type(w, name, variable->type);
		return;
	}
	json_begin_map(w, name);
	json_put_text(w, "simple", "STRUCT");
	put_schema(w, variable);
	json_begin_map(w, "structure");
	json_begin_map(w, "dataclass_type");
	for (i = 0; i < members->n; i++)
		put_type(w, members->v[i].name, members->v[i].type);
	json_end_map(w);
	json_end_map(w);
	json_end_map(w);
}

void
encode_variable(struct json_writer *w, const char *name,
    const struct variable *variable)
{
	json_begin_map(w, name);
	encode_type(w, "type", variable);
	json_put_text(w, "description", variable->description != NULL ?
	    variable->description : "");
	json_end_map(w);
}

void
encode_blob(struct json_writer *w, const char *name, const struct type *type,
    const char *uri)
{
	json_begin_map(w, name);
	json_begin_map(w, "blob");
	json_begin_map(w, "metadata");
	put_blob_type(w, "type", type);
	json_end_map(w);
	json_put_text(w, "uri", uri);
	json_end_map(w);
	json_end_map(w);
}

/* Ours never are: archives, which are one file, say so in their metadata. */
static bool
is_multipart(const struct type *type)
{
	return strcmp(api_text(json_find(type->wire, "blob"),
	    "dimensionality"), "MULTIPART") == 0;
}

static void
put_file(struct json_writer *w, const char *name, const struct type *type,
    const char *path, const struct encode_files *files)
{
	bool directory = type->kind == TYPE_DIRECTORY;
	struct strbuf sb = STRBUF_INIT;
	const char *uri = NULL;
	size_t len;

	if (literal_is_uri(path))
		uri = path;
	else if (files->parts != NULL && is_multipart(type))
		uri = files->parts(files->arg, path);
	else if (files->uri != NULL)
		uri = files->uri(files->arg, path, directory);
	if (uri == NULL) {
		len = strlen(files->base);
		if (strncmp(path, files->base, len) == 0 && path[len] == '/')
			path += len + 1;
		strbuf_addf(&sb, "@file:%s@", path);
		uri = sb.buf;
	}
	encode_blob(w, name, type, uri);
	strbuf_release(&sb);
}

void
encode_duration(struct strbuf *sb, struct span d)
{
	int32_t nsec = d.nsec < 0 ? -d.nsec : d.nsec;
	uint64_t sec = d.sec < 0 ? 0 - (uint64_t)d.sec : (uint64_t)d.sec;

	strbuf_addf(sb, "%s%llu", d.sec < 0 || d.nsec < 0 ? "-" : "",
	    (unsigned long long)sec);
	if (nsec % 1000 != 0)
		strbuf_addf(sb, ".%09d", (int)nsec);
	else if (nsec % 1000000 != 0)
		strbuf_addf(sb, ".%06d", (int)nsec / 1000);
	else if (nsec != 0)
		strbuf_addf(sb, ".%03d", (int)nsec / 1000000);
	strbuf_addch(sb, 's');
}

static void
put_primitive(struct json_writer *w, const struct literal *value)
{
	struct strbuf sb = STRBUF_INIT;

	json_begin_map(w, "primitive");
	switch (value->kind) {
	case TYPE_INTEGER:
		literal_print(&sb, value);
		json_put_text(w, "integer", sb.buf);
		break;
	case TYPE_FLOAT:
		json_put_double(w, "float_value", value->real);
		break;
	case TYPE_STRING:
		json_put_text(w, "string_value", value->text);
		break;
	case TYPE_BOOLEAN:
		json_put_bool(w, "boolean", value->boolean);
		break;
	case TYPE_DATETIME:
		literal_print(&sb, value);
		json_put_text(w, "datetime", sb.buf);
		break;
	case TYPE_DURATION:
		encode_duration(&sb, value->duration);
		json_put_text(w, "duration", sb.buf);
		break;
	default:
		BUG("no primitive");
	}
	json_end_map(w);
	strbuf_release(&sb);
}

static void
put_scalar(struct json_writer *w, const struct type *type,
    const struct literal *value, const struct encode_files *files)
{
	switch (value->kind) {
	case TYPE_FILE:
	case TYPE_DIRECTORY:
		put_file(w, "scalar", type, value->path, files);
		return;
	case TYPE_UNION:
	case TYPE_NONE:
	case TYPE_DATASET:
		encode_registered(w, "scalar", type, value, files);
		return;
	case TYPE_JSON:
		json_begin_map(w, "scalar");
		json_put(w, "generic", value->json);
		break;
	default:
		json_begin_map(w, "scalar");
		put_primitive(w, value);
		break;
	}
	json_end_map(w);
}

void
encode_literal(struct json_writer *w, const char *name,
    const struct type *type, const struct literal *value,
    const struct encode_files *files)
{
	bool map = value->kind == TYPE_MAP;
	size_t i;

	json_begin_map(w, name);
	if (value->kind != TYPE_LIST && !map) {
		put_scalar(w, type, value, files);
		json_end_map(w);
		return;
	}
	json_begin_map(w, map ? "map" : "collection");
	if (map)
		json_begin_map(w, "literals");
	else
		json_begin_list(w, "literals");
	for (i = 0; i < value->n; i++)
		encode_literal(w, map ? value->entry[i].name : NULL,
		    type->element, map ? value->entry[i].value :
		    value->item[i], files);
	if (map)
		json_end_map(w);
	else
		json_end_list(w);
	json_end_map(w);
	json_end_map(w);
}

bool
encode_has_default(const struct variable *variable)
{
	size_t i;

	if (variable->members == NULL)
		return variable->preset != NULL;
	for (i = 0; i < variable->members->n; i++)
		if (variable->members->v[i].preset == NULL)
			return false;
	return true;
}

const struct literal *
encode_object(struct arena *arena, const struct variable *variable,
    const struct json *given)
{
	struct json *object = json_map(arena);
	const struct literal *value;
	const struct variable *member;
	const struct json *own;
	const char *why;
	size_t i;

	for (i = 0; i < variable->members->n; i++) {
		member = &variable->members->v[i];
		value = member->preset;
		own = json_find(given, member->name);
		if (own != NULL && (value = literal_from_json(arena,
		    member->type, own, NULL, &why)) == NULL)
			BUG("'%s' was checked: %s", member->name, why);
		if (value != NULL)
			json_add(arena, object, member->name,
			    literal_to_json(arena, value));
	}
	return literal_json(arena, object);
}
