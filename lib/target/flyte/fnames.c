/* Names and versions on Flyte: see fnames.h. */
#include "lib/base/compat.h"

#include <sha2.h>

#include "lib/base/arena.h"
#include "lib/target/flyte/fnames.h"

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
	return arena_printf(arena, "%s-%.7s", app_version, hex);
}
