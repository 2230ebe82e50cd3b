/* jsonload FILE: jansson merely reading the values in it, one by one. */
#include "lib/base/compat.h"

#include <jansson.h>

static char *
read_all(FILE *f, size_t len)
{
	char *data = malloc(len + 1);

	rewind(f);
	return data != NULL && fread(data, 1, len, f) == len ? data : NULL;
}

int
main(int argc, char **argv)
{
	FILE *f = argc == 2 ? fopen(argv[1], "r") : NULL;
	size_t len, at;
	json_error_t err;
	json_t *value;
	char *data;

	if (f == NULL || fseek(f, 0, SEEK_END) != 0)
		return 2;
	len = (size_t)ftell(f);
	data = read_all(f, len);
	if (data == NULL)
		return 2;
	for (at = 0; at < len; at += (size_t)err.position) {
		value = json_loadb(data + at, len - at,
		    JSON_REJECT_DUPLICATES | JSON_DISABLE_EOF_CHECK, &err);
		if (value == NULL)
			return 1;
		json_decref(value);
	}
	free(data);
	return fclose(f);
}
