/*
 * Opens libcurl by dlopen. It is never closed: what it and the TLS library
 * behind it registered for the end of the process must stay there.
 */
#include "lib/base/compat.h"

#include <dlfcn.h>

#include "lib/base/xalloc.h"
#include "lib/net/curltable.h"

static const struct {
	const char *name;
	size_t offset;
} symbols[] = {
#define ROW(name) { "curl_" #name, offsetof(struct curltable, name) }
	ROW(global_init), ROW(version_info), ROW(easy_init), ROW(easy_cleanup),
	ROW(easy_reset), ROW(easy_setopt), ROW(easy_getinfo),
	ROW(easy_strerror), ROW(multi_init), ROW(multi_cleanup),
	ROW(multi_setopt), ROW(multi_add_handle), ROW(multi_remove_handle),
	ROW(multi_perform), ROW(multi_poll), ROW(multi_info_read),
	ROW(slist_append), ROW(slist_free_all),
#undef ROW
};

/* POSIX lets dlsym's pointer be a function; ISO C wants it copied. */
static const char *
fill(struct curltable *table, void *library)
{
	void *address;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(symbols); i++) {
		address = dlsym(library, symbols[i].name);
		if (!address)
			return symbols[i].name;
		memcpy((char *)table + symbols[i].offset, &address,
		    sizeof(address));
	}
	return NULL;
}

const struct curltable *
curltable_open(const char *const *sonames, char **why)
{
	static struct curltable table;
	const char *lacks, *const *name;
	void *library = NULL;

	for (name = sonames; *name && !library; name++)
		library = dlopen(*name, RTLD_NOW | RTLD_LOCAL);
	if (!library) {
		*why = xasprintf("cannot load %s, the HTTP library",
		    sonames[0]);
		return NULL;
	}
	lacks = fill(&table, library);
	if (!lacks && table.global_init(CURL_GLOBAL_ALL) == CURLE_OK)
		return &table;
	*why = lacks ? xasprintf("%s is too old: it lacks %s", name[-1],
	    lacks) : xasprintf("%s does not start", name[-1]);
	dlclose(library);
	return NULL;
}

const struct curltable *
curltable_get(char **why)
{
	/* Debian's git needs the second, so that it is there quite often. */
	static const char *const sonames[] = {
		"libcurl.so.4", "libcurl-gnutls.so.4", NULL
	};
	static const struct curltable *table;

	if (!table)
		table = curltable_open(sonames, why);
	return table;
}
