/*
 * Members of what FlyteAdmin answers. It is believed as far as it goes: any
 * member may be absent, null or of another kind.
 */
#include "lib/base/compat.h"

#include <stdarg.h>
#include <stdlib.h>

#include "lib/base/clock.h"
#include "lib/flyte/wire/apijson.h"
#include "lib/text/jsonio.h"

const char *
api_text(const struct json *json, const char *name)
{
	const struct json *value = json_find(json, name);

	return value != NULL && value->kind == JSON_TEXT ? value->text : "";
}

int64_t
api_int(const struct json *json, const char *name)
{
	const struct json *value = json_find(json, name);

	if (value != NULL && value->kind == JSON_INT)
		return value->integer;
	if (value != NULL && value->kind == JSON_TEXT)
		return strtoll(value->text, NULL, 10);
	return 0;
}

const struct json *
api_dig(const struct json *json, ...)
{
	const char *name;
	va_list ap;

	va_start(ap, json);
	while ((name = va_arg(ap, const char *)) != NULL)
		json = json != NULL ? json_find(json, name) : NULL;
	va_end(ap);
	return json;
}

int64_t
api_time(const struct json *json, const char *name)
{
	struct instant t;
	const char *why;

	if (!instant_parse(api_text(json, name), &t, &why))
		return 0;
	return t.sec * 1000 + t.nsec / 1000000;
}
