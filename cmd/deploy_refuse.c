/*
 * What would be a surprise later: changes that nobody committed, files that
 * look like secrets.
 */
#include "lib/base/compat.h"

#include "cmd/deploy_list.h"
#include "cmd/deploy_refuse.h"
#include "lib/base/strvec.h"
#include "lib/model/app.h"
#include "lib/package/filelist.h"
#include "lib/package/secret.h"
#include "lib/package/version.h"

enum { CHANGES_SHOWN = 5 };

enum status
deploy_ask_app_file(const struct app *app, struct version *source)
{
	struct version file = VERSION_INIT;
	enum status status = version_ask_file(&file, app->file);
	size_t i;

	if (status == EXIT_DONE && source->git && !file.git)
		strvec_pushf(&source->changes, "?? %s", app->file);
	for (i = 0; i < file.changes.n; i++)
		strvec_push(&source->changes, file.changes.v[i]);
	source->dirty = source->git && source->changes.n > 0;
	if (source->dirty)
		source->identity[0] = '\0';
	version_release(&file);
	return status;
}

enum status
deploy_refuse_changes(const struct version *source)
{
	size_t i;

	if (!source->dirty)
		return EXIT_DONE;
	error(EXIT_INPUT, "the source has changes that are not committed");
	for (i = 0; i < source->changes.n && i < CHANGES_SHOWN; i++)
		hint("%s", source->changes.v[i]);
	if (source->changes.n > CHANGES_SHOWN)
		hint("and %zu more", source->changes.n - CHANGES_SHOWN);
	hint("commit them, or deploy them as they are: --allow-uncommitted");
	return EXIT_INPUT;
}

enum status
deploy_refuse_secrets(const struct filelist *list,
    const struct strvec *allowed)
{
	struct secrets secrets = SECRETS_INIT;
	enum status status;
	size_t i;

	status = secrets_find(&secrets, list);
	for (i = 0; i < secrets.n; i++) {
		if (strvec_contains(allowed, secrets.v[i].path))
			continue;
		error(EXIT_INPUT, "'%s' looks like a secret: it %s",
		    secrets.v[i].path, secrets.v[i].why);
		hint("keep it out with %s, or: --allow-secret %s",
		    deploy_ignore_file(list), secrets.v[i].path);
		status = EXIT_INPUT;
	}
	secrets_release(&secrets);
	return status;
}
