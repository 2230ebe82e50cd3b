/* Names and versions on Flyte: see fnames.h. */
#include "lib/base/compat.h"

#include <sha2.h>

#include "lib/base/arena.h"
#include "lib/flyte/wire/fnames.h"

enum { HEX_LEN = 7 };

const char *
fnames_task(struct arena *arena, const char *app, const char *component)
{
	return arena_printf(arena, "%s.%s", app, component);
}

const char *
fnames_version(struct arena *arena, const char *app_version,
    const char *spec, size_t len)
{
	char hex[SHA256_DIGEST_STRING_LENGTH];

	SHA256Data((const uint8_t *)spec, len, hex);
	return arena_printf(arena, "%s-%.*s", app_version, HEX_LEN,
	    hex);
}

size_t
fnames_app_version_len(const char *version)
{
	size_t len = strlen(version);
	const char *end;

	if (len <= HEX_LEN + 1)
		return len;
	end = version + len - HEX_LEN;
	if (end[-1] != '-' || strspn(end, "0123456789abcdef") != HEX_LEN)
		return len;
	return len - HEX_LEN - 1;
}

bool
fnames_is_ambiguous(const char *app_version)
{
	return fnames_app_version_len(app_version) < strlen(app_version);
}

bool
fnames_is_version(const char *version, const char *app_version)
{
	size_t len = fnames_app_version_len(version);

	return strcmp(version, app_version) == 0 ||
	    (strlen(app_version) == len &&
	    memcmp(version, app_version, len) == 0);
}
