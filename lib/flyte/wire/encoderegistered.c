/*
 * Values for types that only what is registered on a cluster has: they repeat
 * their type as it was registered.
 */
#include "lib/base/compat.h"

#include "lib/base/err.h"
#include "lib/flyte/wire/apijson.h"
#include "lib/flyte/wire/encodetype.h"
#include "lib/model/literal.h"
#include "lib/text/jsonio.h"

bool
encode_takes_csv(const struct type *type)
{
	const struct json *wanted = json_find(type->wire,
	    "structured_dataset_type");
	const char *format = api_text(wanted, "format");

	return wanted != NULL && (*format == '\0' ||
	    strcmp(format, "csv") == 0);
}

/* The type asked for, with the format that there is. */
static void
put_dataset_type(struct json_writer *w, const struct json *wanted, bool csv)
{
	const char *format = api_text(wanted, "format");
	size_t i;

	json_begin_map(w, "structured_dataset_type");
	for (i = 0; i < wanted->n; i++)
		if (strcmp(wanted->member[i].name, "format") != 0)
			json_put(w, wanted->member[i].name,
			    wanted->member[i].value);
	json_put_text(w, "format", csv ? "csv" : *format != '\0' ? format :
	    "parquet");
	json_end_map(w);
}

static void
put_dataset(struct json_writer *w, const struct type *type,
    const struct literal *value, const struct encode_files *files)
{
	const struct json *wanted = json_find(type->wire,
	    "structured_dataset_type");
	bool remote = literal_is_uri(value->path);

	json_begin_map(w, wanted != NULL ? "structured_dataset" : "schema");
	json_put_text(w, "uri", remote ? value->path :
	    files->dataset(files->arg, value->path));
	if (wanted == NULL) {
		json_put(w, "type", json_find(type->wire, "schema"));
	} else {
		json_begin_map(w, "metadata");
		put_dataset_type(w, wanted, !remote);
		json_end_map(w);
	}
	json_end_map(w);
}

void
encode_registered(struct json_writer *w, const char *name,
    const struct type *type, const struct literal *value,
    const struct encode_files *files)
{
	json_begin_map(w, name);
	switch (value->kind) {
	case TYPE_UNION:
		json_begin_map(w, "union");
		encode_literal(w, "value", value->chosen.variant,
		    value->chosen.value, files);
		json_put(w, "type", value->chosen.variant->wire);
		json_end_map(w);
		break;
	case TYPE_DATASET:
		put_dataset(w, type, value, files);
		break;
	case TYPE_NONE:
		json_begin_map(w, "none_type");
		json_end_map(w);
		break;
	default:
		BUG("a value of kind %d", (int)value->kind);
	}
	json_end_map(w);
}
