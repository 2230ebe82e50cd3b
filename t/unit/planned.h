/*
 * What the unit tests of lib/target/local share: a plan and its inputs from
 * texts, a directory of their own, and trees of files as text.
 */
#ifndef UNIT_PLANNED_H
#define UNIT_PLANNED_H

#include "lib/base/compat.h"

#include <sys/stat.h>

#include <dirent.h>
#include <unistd.h>

#include "lib/appfile/appfile.h"
#include "lib/base/diag.h"
#include "lib/base/err.h"
#include "lib/base/io.h"
#include "lib/base/path.h"
#include "lib/base/strbuf.h"
#include "lib/base/tree.h"
#include "lib/model/inputs.h"
#include "lib/model/literal.h"
#include "lib/plan/plan.h"
#include "lib/text/jsonio.h"
#include "t/unit/tap.h"

struct planned {
	struct app app;
	struct plan plan;
	struct arena arena;
};

static struct strbuf said = STRBUF_INIT;

static inline void
listen_to(void *arg, const char *text, size_t len)
{
	(void)arg;
	strbuf_add(&said, text, len);
}

/* Forgets it, too. */
static inline void
is_said(const char *want)
{
	is_str(said.buf, want, "... what is said");
	strbuf_reset(&said);
}

/* Makes the file and its directories. */
static inline void
put(const char *path, const char *text)
{
	char *dir = path_dirname(path);

	if (tree_mkdirs(dir) < 0 || write_file(path, text, strlen(text)) < 0)
		ok(false, "set-up: cannot write '%s'", path);
	free(dir);
}

static inline void
link_to(const char *target, const char *path)
{
	if (symlink(target, path) < 0)
		ok(false, "set-up: cannot link '%s'", path);
}

static inline void
list_entry(struct strbuf *sb, const char *path, size_t skip)
{
	struct dirent **entry = NULL;
	char target[4096] = "", *child;
	struct stat st;
	int i, n;

	if (lstat(path, &st) == 0 && S_ISLNK(st.st_mode)) {
		if (readlink(path, target, sizeof(target) - 1) < 0)
			strbuf_addstr(sb, "no link ");
		strbuf_addf(sb, "%s -> %s\n", path + skip, target);
		return;
	}
	if ((n = scandir(path, &entry, NULL, alphasort)) < 0) {
		strbuf_addf(sb, "%s = ", path + skip);
		if (read_file(path, sb, 1 << 20) < 0)
			strbuf_addstr(sb, strerror(errno));
		strbuf_addch(sb, '\n');
		return;
	}
	if (n == 2)
		strbuf_addf(sb, "%s/\n", path + skip);
	for (i = 0; i < n; i++) {
		if (strcmp(entry[i]->d_name, ".") != 0 &&
		    strcmp(entry[i]->d_name, "..") != 0) {
			child = path_join(path, entry[i]->d_name);
			list_entry(sb, child, skip);
			free(child);
		}
		free(entry[i]);
	}
	free(entry);
}

/*
 * A directory as lines in the order of names: `FILE = CONTENT`, `LINK ->
 * TARGET`, and `DIRECTORY/` of an empty one.
 */
static inline void
is_tree(const char *dir, const char *want, const char *name)
{
	struct strbuf sb = STRBUF_INIT;

	list_entry(&sb, dir, strlen(dir) + 1);
	is_str(sb.buf, want, name);
	strbuf_release(&sb);
}

static inline void
bail_out(const char *what)
{
	printf("Bail out! %s: %s", what, said.buf);
	exit(1);
}

static inline void
planned_begin(struct planned *p, const char *text)
{
	enum status status;
	struct diag diag;

	memset(p, 0, sizeof(*p));
	arena_init(&p->arena);
	diag_init(&diag, "unionml.yaml");
	status = appfile_parse(&p->app, &diag, "unionml.yaml", text,
	    strlen(text));
	diag_print(&diag);
	diag_release(&diag);
	if (status != EXIT_DONE || said.len > 0 ||
	    plan_compile(&p->plan, &p->app) != EXIT_DONE)
		bail_out("the app file");
}

static inline void
planned_end(struct planned *p)
{
	plan_release(&p->plan);
	app_release(&p->app);
	arena_release(&p->arena);
}

/* The inputs of a run, as -i gives them; files by absolute paths. */
static inline void
planned_inputs(struct planned *p, const struct workflow *workflow,
    const char *document, struct inputs *inputs)
{
	struct inputs_request request = {
		.interface = &workflow->inputs,
		.workflow = "train",
		.now = { 1767225600, 0 },
	};
	const char *why;

	memset(inputs, 0, sizeof(*inputs));
	request.document = json_parse(&p->arena, document, strlen(document),
	    &why);
	if (request.document == NULL ||
	    inputs_resolve(&p->arena, &request, inputs) != EXIT_DONE)
		bail_out("the inputs");
}

/* A directory of its own to work in; `tmp` becomes its true name. */
static inline void
planned_dir(char *tmp)
{
	if (mkdtemp(tmp) == NULL || chdir(tmp) < 0)
		bail_out("no directory");
	err_set_sink(listen_to, NULL);
}

static inline int
planned_done(const char *tmp)
{
	err_set_sink(NULL, NULL);
	strbuf_release(&said);
	if (chdir("/") < 0 || tree_remove(tmp) < 0)
		ok(false, "clean up");
	return tap_done();
}

#endif
