/* Where on a cluster: see encodeplace.h. */
#include "lib/base/compat.h"

#include "lib/appfile/appfile.h"
#include "lib/base/xalloc.h"
#include "lib/flyte/wire/encodeplace.h"

/* NULL after a message. */
static const char *
expand(struct arena *arena, const struct target_decl *decl, const char *key,
    const char *text)
{
	const char *kept;
	char *expanded, *why;

	expanded = appfile_expand(text, &why);
	if (expanded == NULL) {
		error(EXIT_INPUT, "targets.%s.%s: %s", decl->name, key, why);
		free(why);
		return NULL;
	}
	kept = arena_strdup(arena, expanded);
	free(expanded);
	if (*kept == '\0' || strchr(kept, '/') != NULL) {
		error(EXIT_INPUT, "targets.%s.%s: '%s' is no name: it %s",
		    decl->name, key, kept, *kept == '\0' ? "is empty" :
		    "has a '/'");
		return NULL;
	}
	return kept;
}

enum status
encode_place_init(struct encode_place *place, struct arena *arena,
    const struct app *app, const struct target_decl *decl)
{
	const char *account;

	memset(place, 0, sizeof(*place));
	place->files.base = app->directory;
	place->project = "@project@";
	place->domain = "@domain@";
	if (decl == NULL)
		return EXIT_DONE;
	place->target = decl->name;
	place->project = expand(arena, decl, "project", decl->project);
	place->domain = expand(arena, decl, "domain", decl->domain);
	account = decl->service_account;
	if (account != NULL) {
		place->service_account = expand(arena, decl,
		    "service_account", account);
		if (place->service_account == NULL)
			return EXIT_INPUT;
		place->outside = strcmp(account, place->service_account) != 0;
	}
	return place->project != NULL && place->domain != NULL ? EXIT_DONE :
	    EXIT_INPUT;
}
