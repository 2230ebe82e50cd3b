/* unionml init: an app that trains and predicts at once, of a template. */
#include "lib/base/compat.h"

#include "cmd/cmd.h"
#include "cmd/output.h"
#include "cmd/scaffold.h"
#include "cmd/templates.h"
#include "lib/base/path.h"
#include "lib/base/process.h"
#include "lib/base/strbuf.h"
#include "lib/base/xalloc.h"
#include "lib/model/ident.h"

extern char **environ;

static struct {
	const char *template;
	bool list;
} o;

static const struct opt init_options[] = {
	{ OPT_CHOICE, 't', "template", &o.template, NULL,
	    "what to start from (default: the first)", NULL, template_names },
	{ OPT_FLAG, 0, "list", &o.list, NULL,
	    "list the templates and what they need", NULL, NULL },
	{ OPT_END, 0, NULL, NULL, NULL, NULL, NULL, NULL },
};

static bool
is_here(const struct template_need *need)
{
	char *path = process_find(need->program, environ, ".");

	free(path);
	return path != NULL;
}

static void
put_template(struct json_writer *w, const struct template *t)
{
	const struct template_need *need;

	json_begin_map(w, NULL);
	json_put_text(w, "name", t->name);
	json_put_text(w, "description", t->about);
	json_begin_list(w, "needs");
	for (need = t->needs; need->program != NULL; need++) {
		json_begin_map(w, NULL);
		json_put_text(w, "program", need->program);
		json_put_text(w, "debian_package", need->package);
		json_put_bool(w, "found", is_here(need));
		json_end_map(w);
	}
	json_end_list(w);
	json_end_map(w);
}

static void
add_table(struct strbuf *sb)
{
	const struct template_need *need;
	const struct template *t;
	int width = 0;

	for (t = templates; t->name != NULL; t++)
		if ((int)strlen(t->about) > width)
			width = (int)strlen(t->about);
	strbuf_addf(sb, "TEMPLATE  %-*s  NEEDS\n", width, "WHAT IT IS");
	for (t = templates; t->name != NULL; t++) {
		strbuf_addf(sb, "%-8s  %-*s  ", t->name, width, t->about);
		for (need = t->needs; need->program != NULL; need++)
			strbuf_addf(sb, "%s%s%s", need == t->needs ? "" : ", ",
			    need->program, is_here(need) ? "" : " (missing)");
		strbuf_addch(sb, '\n');
	}
}

static enum status
list(bool as_json)
{
	struct strbuf out = STRBUF_INIT;
	const struct template *t;
	struct json_writer w;

	if (as_json) {
		json_writer_init(&w, &out, true);
		json_begin_list(&w, NULL);
		for (t = templates; t->name != NULL; t++)
			put_template(&w, t);
		json_end_list(&w);
		strbuf_addch(&out, '\n');
	} else {
		add_table(&out);
	}
	output_write(&out);
	strbuf_release(&out);
	return EXIT_DONE;
}

/* A name like the one given, but one that would do. */
static void
add_proposal(struct strbuf *sb, const char *name)
{
	char c;

	if (isdigit((unsigned char)*name))
		strbuf_addstr(sb, "app_");
	for (; *name != '\0' && sb->len < IDENT_MAX; name++) {
		c = isalnum((unsigned char)*name) || *name == '-' ? *name : '_';
		if (c == '_' ? sb->len > 0 && sb->buf[sb->len - 1] != '_' :
		    sb->len > 0 || c != '-')
			strbuf_addch(sb, c);
	}
	while (sb->len > 0 && sb->buf[sb->len - 1] == '_')
		strbuf_setlen(sb, sb->len - 1);
	if (sb->len == 0)
		strbuf_addstr(sb, "app");
}

static enum status
check_name(const char *name, bool here)
{
	const char *why = ident_check(IDENT_NAME, name);
	struct strbuf proposal = STRBUF_INIT;

	if (why == NULL)
		return EXIT_DONE;
	add_proposal(&proposal, name);
	error(EXIT_USAGE, "'%s' cannot name an app: %s", name, why);
	hint("%s would do: unionml init %s%s", proposal.buf, proposal.buf,
	    here ? " makes a directory of that name" : "");
	strbuf_release(&proposal);
	return EXIT_USAGE;
}

/* As a word of the shell. */
static void
add_word(struct strbuf *sb, const char *text)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789_-./+,:@%=";

	if (*text != '\0' && text[strspn(text, plain)] == '\0') {
		strbuf_addstr(sb, text);
		return;
	}
	strbuf_addch(sb, '\'');
	for (; *text != '\0'; text++)
		if (*text == '\'')
			strbuf_addstr(sb, "'\\''");
		else
			strbuf_addch(sb, *text);
	strbuf_addch(sb, '\'');
}

/* The directory as seen from where unionml was called: `-C` comes first. */
static char *
seen_from_caller(const char *directory, const char *dir)
{
	if (directory == NULL)
		return xstrdup(dir);
	return strcmp(dir, ".") == 0 ? xstrdup(directory) :
	    path_join(directory, dir);
}

/* What trains the new app. */
static char *
next_step(const struct template *t, const char *dir)
{
	struct strbuf sb = STRBUF_INIT;

	if (strcmp(dir, ".") != 0) {
		strbuf_addstr(&sb, "cd ");
		add_word(&sb, dir);
		strbuf_addstr(&sb, " && ");
	}
	if (*t->first != '\0')
		strbuf_addf(&sb, "%s && ", t->first);
	strbuf_addstr(&sb, "unionml train");
	return strbuf_detach(&sb);
}

static void
print_made(const struct template *t, const char *dir, const char *app,
    const char *next)
{
	const struct template_file *f;
	struct strbuf out = STRBUF_INIT;
	struct json_writer w;

	json_writer_init(&w, &out, true);
	json_begin_map(&w, NULL);
	json_put_text(&w, "name", app);
	json_put_text(&w, "template", t->name);
	json_put_text(&w, "path", dir);
	json_begin_list(&w, "files");
	for (f = t->files; f->path != NULL; f++)
		json_put_text(&w, NULL, f->path);
	json_end_list(&w);
	json_put_text(&w, "next", next);
	json_end_map(&w);
	strbuf_addch(&out, '\n');
	output_write(&out);
	strbuf_release(&out);
}

static void
tell(const struct template *t, const char *dir, const char *next)
{
	const struct template_file *f;
	const struct template_need *need;
	struct strbuf sb = STRBUF_INIT;

	for (f = t->files; f->path != NULL; f++)
		strbuf_addf(&sb, " %s", f->path);
	note("created %s/ from template %s:%s", dir, t->name, sb.buf);
	for (need = t->needs; need->program != NULL; need++)
		if (!is_here(need))
			warning("'%s' is needed and not in PATH (on Debian: "
			    "apt install %s)", need->program, need->package);
	note("next: %s", next);
	strbuf_release(&sb);
}

static const struct template *
find_template(void)
{
	const struct template *t = templates;

	while (o.template != NULL && strcmp(t->name, o.template) != 0)
		t++;
	return t;
}

static enum status
make(struct context *context, const char *name)
{
	const struct template *t = find_template();
	char *dir = xstrdup(name), *full, *seen, *next;
	size_t len = strlen(dir);
	enum status status;
	const char *app;
	bool here;

	for (; len > 1 && dir[len - 1] == '/'; len--)
		dir[len - 1] = '\0';
	here = strcmp(dir, ".") == 0;
	full = path_absolute(dir);
	app = path_basename(*dir != '\0' ? full : dir);
	status = check_name(app, here);
	if (status == EXIT_DONE)
		status = here ? scaffold_fill(t, app) :
		    scaffold_create(t, dir, app);
	if (status == EXIT_DONE) {
		seen = seen_from_caller(context->globals.directory, dir);
		next = next_step(t, seen);
		tell(t, seen, next);
		if (context->globals.json)
			print_made(t, full, app, next);
		free(next);
		free(seen);
	}
	free(full);
	free(dir);
	return status;
}

static enum status
run(struct context *context, const struct strvec *operands)
{
	if (o.list && operands->n == 0)
		return list(context->globals.json);
	if (o.list)
		return error(EXIT_USAGE, "--list takes no argument '%s'",
		    operands->v[0]);
	if (operands->n == 0) {
		error(EXIT_USAGE, "init wants the name of the new directory");
		hint("unionml init digits makes digits/; --list shows the "
		    "templates");
		return EXIT_USAGE;
	}
	return make(context, operands->v[0]);
}

const struct cmd cmd_init = {
	.name = "init",
	.synopsis = "[-t TEMPLATE] NAME | --list",
	.summary = "make a new app that trains and predicts at once",
	.needs = CMD_NEEDS_NOTHING,
	.options = init_options,
	.max_operands = 1,
	.complete = "dir",
	.run = run,
};
