/*
 * Options by tables. The tables are laid out once as a list of forms, all that
 * can stand on the command line behind a dash; looking up, abbreviating and
 * suggesting work on that list.
 */
#include "lib/base/compat.h"

#include "lib/base/arena.h"
#include "lib/base/opt.h"
#include "lib/base/span.h"
#include "lib/base/strbuf.h"
#include "lib/base/suggest.h"
#include "lib/base/xalloc.h"

enum { COUNT_MAX = 1000000000, HELP_COLUMN = 26, LINE_WIDTH = 80 };

struct form {
	const struct opt *opt;
	const char *name;		/* NULL: it has a letter alone */
	bool negated;
};

struct parser {
	int argc, at;			/* argv[at] comes next */
	char **argv;
	struct form *form;
	size_t n, cap;
	struct arena arena;
	bool *help;
};

/* Behind all others, so that a table may use -h for itself. */
static const struct opt help_table[] = {
	{ .kind = OPT_FLAG, .letter = 'h', .name = "help" },
	{ .kind = OPT_END },
};

static bool
takes_argument(const struct opt *opt)
{
	return opt->kind != OPT_FLAG && opt->kind != OPT_NEGATABLE;
}

static void
add_form(struct parser *p, const struct opt *opt, const char *name,
    bool negated)
{
	ALLOC_GROW(p->form, p->n, p->cap);
	p->form[p->n].opt = opt;
	p->form[p->n].name = name;
	p->form[p->n++].negated = negated;
}

static void
add_table(struct parser *p, const struct opt *opt)
{
	for (; opt->kind != OPT_END; opt++) {
		add_form(p, opt, opt->name, false);
		if (opt->kind == OPT_NEGATABLE)
			add_form(p, opt, arena_printf(&p->arena, "no-%s",
			    opt->name), true);
	}
}

static const struct form *
find_letter(const struct parser *p, char letter)
{
	size_t i;

	for (i = 0; i < p->n; i++)
		if (p->form[i].opt->letter == letter)
			return &p->form[i];
	return NULL;
}

static enum status
unknown(const struct parser *p, const char *dashes, const char *name,
    size_t len)
{
	const char **names = xcalloc(p->n, sizeof(*names)), *near;
	char *word = xstrndup(name, len);
	size_t i, n = 0;

	for (i = 0; i < p->n; i++)
		if (p->form[i].name != NULL)
			names[n++] = p->form[i].name;
	near = suggest(word, names, n);
	if (near != NULL)
		error(EXIT_USAGE, "unknown option '%s%s'. Did you mean '--%s'?",
		    dashes, word, near);
	else
		error(EXIT_USAGE, "unknown option '%s%s'", dashes, word);
	free(word);
	free(names);
	return EXIT_USAGE;
}

/* Two tables may have the same option, and one option may have two names. */
static bool
same_meaning(const struct form *a, const struct form *b)
{
	return strcmp(a->name, b->name) == 0 ||
	    (a->opt->value == b->opt->value && a->negated == b->negated);
}

/* NULL after a message. */
static const struct form *
find_long(const struct parser *p, const char *name, size_t len)
{
	const struct form *f, *first = NULL, *other = NULL;
	size_t i;

	for (i = 0; i < p->n; i++) {
		f = &p->form[i];
		if (f->name == NULL || strncmp(f->name, name, len) != 0)
			continue;
		if (f->name[len] == '\0')
			return f;
		if (first == NULL)
			first = f;
		else if (other == NULL && !same_meaning(first, f))
			other = f;
	}
	if (first == NULL || len == 0) {
		unknown(p, "--", name, len);
		return NULL;
	}
	if (other != NULL) {
		error(EXIT_USAGE, "option '--%.*s' is ambiguous: '--%s' or "
		    "'--%s'", (int)len, name, first->name, other->name);
		return NULL;
	}
	return first;
}

static enum status
set_count(const struct opt *opt, const char *shown, const char *arg)
{
	const char *p = arg;
	long value = 0;

	for (; isdigit((unsigned char)*p) && value <= COUNT_MAX; p++)
		value = value * 10 + (*p - '0');
	if (p == arg || *p != '\0' || value > COUNT_MAX)
		return error(EXIT_USAGE, "option '%s': '%s' is not a whole "
		    "number from 0 to %d", shown, arg, COUNT_MAX);
	*(long *)opt->value = value;
	return EXIT_DONE;
}

static enum status
set_span(const struct opt *opt, const char *shown, const char *arg)
{
	struct span span;
	const char *why;

	if (!span_parse(arg, &span, &why))
		return error(EXIT_USAGE, "option '%s': '%s': %s", shown, arg,
		    why);
	if (span.sec < 0 || span.nsec < 0)
		return error(EXIT_USAGE, "option '%s': '%s' is negative",
		    shown, arg);
	*(struct span *)opt->value = span;
	return EXIT_DONE;
}

static void
join_choices(struct strbuf *sb, const struct opt *opt, const char *between)
{
	const char *const *c;

	for (c = opt->choices; *c != NULL; c++)
		strbuf_addf(sb, "%s%s", c == opt->choices ? "" : between, *c);
}

static enum status
set_choice(const struct opt *opt, const char *shown, const char *arg)
{
	struct strbuf sb = STRBUF_INIT;
	const char *const *c;
	const char *near;

	for (c = opt->choices; *c != NULL; c++)
		if (strcmp(*c, arg) == 0) {
			*(const char **)opt->value = *c;
			return EXIT_DONE;
		}
	join_choices(&sb, opt, ", ");
	near = suggest(arg, opt->choices, SIZE_MAX);
	if (near != NULL)
		error(EXIT_USAGE, "option '%s': '%s' is none of %s. "
		    "Did you mean '%s'?", shown, arg, sb.buf, near);
	else
		error(EXIT_USAGE, "option '%s': '%s' is none of %s", shown,
		    arg, sb.buf);
	strbuf_release(&sb);
	return EXIT_USAGE;
}

/* `shown` is the option as messages name it. */
static enum status
set(const struct parser *p, const struct form *f, const char *shown,
    const char *arg)
{
	switch (f->opt->kind) {
	case OPT_FLAG:
		*(f->opt == help_table ? p->help : (bool *)f->opt->value) =
		    true;
		break;
	case OPT_NEGATABLE:
		*(int *)f->opt->value = !f->negated;
		break;
	case OPT_STRING:
		*(const char **)f->opt->value = arg;
		break;
	case OPT_STRINGS:
		strvec_push(f->opt->value, arg);
		break;
	case OPT_COUNT:
		return set_count(f->opt, shown, arg);
	case OPT_SPAN:
		return set_span(f->opt, shown, arg);
	case OPT_CHOICE:
		return set_choice(f->opt, shown, arg);
	case OPT_END:
		break;
	}
	return EXIT_DONE;
}

static enum status
set_with_next(struct parser *p, const struct form *f, const char *shown)
{
	const char *arg = f->opt->arg;

	if (p->at < p->argc)
		return set(p, f, shown, p->argv[p->at++]);
	return error(EXIT_USAGE, "option '%s' needs an argument%s%s", shown,
	    arg != NULL ? ": " : "", arg != NULL ? arg : "");
}

static enum status
parse_long(struct parser *p, const char *name)
{
	size_t len = strcspn(name, "=");
	const struct form *f = find_long(p, name, len);
	enum status status;
	char *shown;

	if (f == NULL)
		return EXIT_USAGE;
	shown = xasprintf("--%s", f->name);
	if (name[len] == '\0' && takes_argument(f->opt))
		status = set_with_next(p, f, shown);
	else if (name[len] == '=' && !takes_argument(f->opt))
		status = error(EXIT_USAGE, "option '%s' takes no argument",
		    shown);
	else
		status = set(p, f, shown, name + len + (name[len] == '='));
	free(shown);
	return status;
}

static enum status
parse_letters(struct parser *p, const char *letters)
{
	const char *c = letters;
	const struct form *f;
	enum status status;
	char shown[3] = "-?";

	for (; *c != '\0' && !*p->help; c++) {
		f = find_letter(p, *c);
		/* All of it, where it looks like `-name` or is no ASCII. */
		if (f == NULL && (c == letters || (unsigned char)*c >= 0x80))
			return unknown(p, "-", c, strcspn(c, "="));
		if (f == NULL)
			return unknown(p, "-", c, 1);
		shown[1] = *c;
		if (takes_argument(f->opt))
			return c[1] != '\0' ? set(p, f, shown, c + 1) :
			    set_with_next(p, f, shown);
		status = set(p, f, shown, NULL);
		if (status != EXIT_DONE)
			return status;
	}
	return EXIT_DONE;
}

enum status
opt_parse(int argc, char **argv, const struct opt *const *tables,
    bool stop_early, struct strvec *operands, bool *help)
{
	struct parser p = { .argc = argc, .at = 1, .argv = argv, .help = help };
	enum status status = EXIT_DONE;
	const char *arg;

	*help = false;
	for (; *tables != NULL; tables++)
		add_table(&p, *tables);
	add_table(&p, help_table);
	while (p.at < argc && status == EXIT_DONE && !*help) {
		arg = argv[p.at];
		if (arg[0] != '-' || arg[1] == '\0') {
			if (stop_early)
				break;
			strvec_push(operands, arg);
			p.at++;
			continue;
		}
		p.at++;
		if (strcmp(arg, "--") == 0)
			break;
		status = arg[1] == '-' ? parse_long(&p, arg + 2) :
		    parse_letters(&p, arg + 1);
	}
	if (status == EXIT_DONE && !*help)
		for (; p.at < argc; p.at++)
			strvec_push(operands, argv[p.at]);
	free(p.form);
	arena_release(&p.arena);
	return status;
}

/* What usage calls the argument of an option whose row does not say it. */
static void
add_argument(struct strbuf *sb, const struct opt *opt)
{
	if (opt->arg != NULL)
		strbuf_addstr(sb, opt->arg);
	else if (opt->kind == OPT_CHOICE)
		join_choices(sb, opt, "|");
	else if (opt->kind == OPT_COUNT)
		strbuf_addstr(sb, "N");
	else
		strbuf_addstr(sb, opt->kind == OPT_SPAN ? "D" : "TEXT");
}

/* Breaks at blanks; each line after the first begins at HELP_COLUMN. */
static void
add_help(struct strbuf *sb, const char *text)
{
	size_t len, at = HELP_COLUMN;

	for (; *text != '\0'; text += len + strspn(text + len, " ")) {
		len = strcspn(text, " ");
		if (at > HELP_COLUMN && at + 1 + len > LINE_WIDTH) {
			strbuf_addf(sb, "\n%*s", HELP_COLUMN, "");
			at = HELP_COLUMN;
		} else if (at > HELP_COLUMN) {
			strbuf_addch(sb, ' ');
			at++;
		}
		strbuf_add(sb, text, len);
		at += len;
	}
	strbuf_addch(sb, '\n');
}

void
opt_usage(struct strbuf *sb, const struct opt *opt)
{
	size_t start, width;

	for (; opt->kind != OPT_END; opt++) {
		if (opt->help == NULL)
			continue;
		start = sb->len;
		if (opt->letter != '\0')
			strbuf_addf(sb, "  -%c%s", opt->letter,
			    opt->name != NULL ? ", " : "");
		else
			strbuf_addstr(sb, "      ");
		if (opt->name != NULL)
			strbuf_addf(sb, "--%s%s", opt->kind == OPT_NEGATABLE ?
			    "[no-]" : "", opt->name);
		if (takes_argument(opt)) {
			strbuf_addch(sb, ' ');
			add_argument(sb, opt);
		}
		width = sb->len - start;
		if (width > HELP_COLUMN - 2)
			strbuf_addf(sb, "\n%*s", HELP_COLUMN, "");
		else
			strbuf_addf(sb, "%*s", (int)(HELP_COLUMN - width), "");
		add_help(sb, opt->help);
	}
}

static void
dump_tail(struct strbuf *sb, const struct opt *opt)
{
	strbuf_addch(sb, '\t');
	if (opt->kind == OPT_CHOICE)
		join_choices(sb, opt, "|");
	else if (takes_argument(opt) && opt->complete != NULL)
		strbuf_addstr(sb, opt->complete);
	else if (takes_argument(opt))
		add_argument(sb, opt);
	strbuf_addf(sb, "\t%s\n", opt->help);
}

void
opt_dump(struct strbuf *sb, const struct opt *opt)
{
	for (; opt->kind != OPT_END; opt++) {
		if (opt->help == NULL)
			continue;
		if (opt->letter != '\0') {
			strbuf_addf(sb, "-%c", opt->letter);
			dump_tail(sb, opt);
		}
		if (opt->name != NULL) {
			strbuf_addf(sb, "--%s", opt->name);
			dump_tail(sb, opt);
		}
		if (opt->kind == OPT_NEGATABLE) {
			strbuf_addf(sb, "--no-%s", opt->name);
			dump_tail(sb, opt);
		}
	}
}
