/*
 * JSON. What was read is printed, and that read and printed again is the same,
 * but for reals that look like integers beyond 64 bits.
 */
#include "lib/base/compat.h"

#include <math.h>

#include "lib/base/arena.h"
#include "lib/base/err.h"
#include "lib/base/strbuf.h"
#include "lib/text/jsonio.h"

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

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct strbuf once = STRBUF_INIT, twice = STRBUF_INIT;
	struct arena arena = ARENA_INIT;
	const struct json *value, *again;
	struct json_writer w;
	const char *why = NULL;

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
