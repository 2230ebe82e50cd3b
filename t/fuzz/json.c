/*
 * JSON. What was read is printed, and that read and printed again is the same,
 * but for reals that look like integers beyond 64 bits. What the quick reader
 * takes is what jansson makes of it.
 */
#include "lib/base/compat.h"

#include <jansson.h>
#include <math.h>

#include "lib/base/arena.h"
#include "lib/base/err.h"
#include "lib/base/strbuf.h"
#include "lib/text/jsonio.h"
#include "lib/text/jsonquick.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool
looks_too_big(const struct json *value)
{
	size_t i;

	if (value->kind == JSON_DOUBLE)
		return fabs(value->real) >= 0x1p63 &&
		    fabs(value->real) < 1e21;
	for (i = 0; i < value->n; i++) {
		if (value->kind == JSON_LIST && looks_too_big(value->item[i]))
			return true;
		if (value->kind == JSON_MAP &&
		    looks_too_big(value->member[i].value))
			return true;
	}
	return false;
}

static bool
same(const struct json *value, const json_t *theirs)
{
	const char *text;
	size_t i;

	switch (value->kind) {
	case JSON_NULL_VALUE:
		return json_is_null(theirs);
	case JSON_BOOL:
		return json_is_boolean(theirs) &&
		    json_is_true(theirs) == value->boolean;
	case JSON_INT:
		return json_is_integer(theirs) &&
		    json_integer_value(theirs) == value->integer;
	case JSON_DOUBLE:
		return json_is_real(theirs) &&
		    json_real_value(theirs) == value->real;
	case JSON_TEXT:
		text = json_string_value(theirs);
		return text != NULL &&
		    json_string_length(theirs) == value->n &&
		    memcmp(text, value->text, value->n + 1) == 0;
	case JSON_LIST:
		for (i = 0; i < value->n; i++)
			if (!same(value->item[i], json_array_get(theirs, i)))
				return false;
		return json_is_array(theirs) &&
		    json_array_size(theirs) == value->n;
	default:
		for (i = 0; i < value->n; i++)
			if (!same(value->member[i].value, json_object_get(
			    theirs, value->member[i].name)))
				return false;
		return json_is_object(theirs) &&
		    json_object_size(theirs) == value->n;
	}
}

static void
compare_readers(struct arena *arena, const char *data, size_t size)
{
	const struct json *quick = jsonquick_parse(arena, data, size);
	json_error_t err;
	json_t *theirs;

	if (quick == NULL)
		return;
	theirs = json_loadb(data, size, JSON_REJECT_DUPLICATES |
	    JSON_DECODE_ANY, &err);
	if (!same(quick, theirs))
		BUG("read otherwise than by jansson");
	json_decref(theirs);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct strbuf once = STRBUF_INIT, twice = STRBUF_INIT;
	struct arena arena = ARENA_INIT;
	const struct json *value, *again;
	struct json_writer w;
	const char *why = NULL;

	compare_readers(&arena, (const char *)data, size);
	json_print_text(&once, (const char *)data, size);
	value = json_parse(&arena, (const char *)data, size, &why);
	if (value == NULL && strncmp(why, "line ", 5) != 0)
		BUG("refused with '%s'", why);
	strbuf_reset(&once);
	if (value != NULL && !looks_too_big(value)) {
		json_writer_init(&w, &once, true);
		json_put(&w, NULL, value);
		again = json_parse(&arena, once.buf, once.len, &why);
		if (again == NULL)
			BUG("%s: %s", once.buf, why);
		strbuf_reset(&once);
		json_print(&once, value);
		json_print(&twice, again);
		/* -0 is read as the integer 0. */
		if (strcmp(once.buf, twice.buf) != 0 &&
		    strstr(once.buf, "-0") == NULL)
			BUG("%s became %s", once.buf, twice.buf);
	}
	strbuf_release(&once);
	strbuf_release(&twice);
	arena_release(&arena);
	return 0;
}
