/* The settings of the local target: one, where its state is. */
#include "lib/base/compat.h"

#include <unistd.h>

#include "lib/base/path.h"
#include "lib/base/xalloc.h"
#include "lib/target/local/local.h"

static enum status
describe(const struct app *app, const struct target_decl *decl,
    const struct target_listener *listener)
{
	struct target_setting store = { "store", NULL, "default" };
	enum status status;
	char *dir = NULL, *from = NULL;

	status = local_find_dir(app, decl, &dir);
	if (status == EXIT_DONE) {
		if (decl != NULL && decl->store != NULL)
			store.from = from = xasprintf("%s:%d", app->file,
			    decl->at.line);
		store.value = dir;
		listener->setting(listener->arg, &store);
	}
	free(from);
	free(dir);
	return status;
}

/* Whether what is to be written there can be: it, or what it will be put in. */
static enum status
check_writable(const char *dir, const struct target_listener *listener)
{
	struct target_check check = { "writable", false, dir };
	enum status status = EXIT_DONE;
	char *at = xstrdup(dir), *up;

	while (access(at, F_OK) != 0 && strcmp(at, "/") != 0) {
		up = path_dirname(at);
		free(at);
		at = up;
	}
	check.failed = access(at, W_OK | X_OK) != 0;
	check.text = at;
	listener->check(listener->arg, &check);
	if (check.failed)
		status = error_errno(EXIT_LOCAL, "cannot write to '%s'", at);
	free(at);
	return status;
}

static enum status
test(const struct app *app, const struct target_decl *decl,
    const struct target_listener *listener)
{
	struct target_check check = { "store", false, NULL };
	struct target *target = NULL;
	struct local *local;
	enum status status;

	status = local_target.open(&target, app, decl, TARGET_READ);
	local = (struct local *)target;
	check.failed = status != EXIT_DONE;
	check.text = local->dir == NULL ? "cannot be told" :
	    local->store == NULL && !check.failed ? "nothing was run yet" :
	    local->dir;
	listener->check(listener->arg, &check);
	if (status == EXIT_DONE)
		status = check_writable(local->dir, listener);
	local_target.close(target);
	return status;
}

const struct target_setup local_setup = {
	.type = TARGET_LOCAL,
	.describe = describe,
	.test = test,
};
