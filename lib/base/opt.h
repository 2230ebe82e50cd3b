/*
 * Options as tables. One table drives parsing, the usage text, and what shell
 * completion is told. POSIX and GNU manners: short ones may be joined, `--`
 * ends them, `--name=value` and `--name value` are the same, a unique
 * beginning of a long name is enough, options and operands may mix.
 */
#ifndef BASE_OPT_H
#define BASE_OPT_H

#include "lib/base/compat.h"
#include "lib/base/err.h"
#include "lib/base/strvec.h"

enum opt_kind {
	OPT_FLAG,	/* bool *: set to true */
	OPT_NEGATABLE,	/* int *: --x sets 1, --no-x sets 0 */
	OPT_STRING,	/* const char **: the argument itself, not a copy */
	OPT_STRINGS,	/* struct strvec *: may be given again */
	OPT_COUNT,	/* long *: a whole number from 0 to 1e9 */
	OPT_SPAN,	/* struct span *: a duration, not negative */
	OPT_CHOICE,	/* const char **: one of `choices` */
	OPT_END
};

struct opt {
	enum opt_kind kind;
	char letter;			/* 0: none */
	const char *name;		/* long name, without dashes */
	void *value;
	const char *arg;		/* what usage calls the argument */
	const char *help;		/* lower case; NULL: not shown */
	const char *complete;		/* "file", "dir", "run", "target" ... */
	const char *const *choices;	/* NULL-terminated */
};

/*
 * Reads argv[1] up to argv[argc - 1] by several tables (NULL-terminated list
 * of tables, each ending in OPT_END) and pushes the operands onto `operands`.
 * With `stop_early` it stops at the first operand and pushes all the rest.
 * Returns EXIT_DONE, or EXIT_USAGE after a message. `help` is set when -h or
 * --help was met; parsing ends there.
 */
enum status opt_parse(int argc, char **argv, const struct opt *const *tables,
    bool stop_early, struct strvec *operands, bool *help);

struct strbuf;

/* Appends the lines of one table as usage shows them. */
void opt_usage(struct strbuf *sb, const struct opt *table);

/*
 * Appends a table for completion, a line an option form:
 * `-j TAB complete-or-arg TAB help`, `--jobs TAB ... TAB ...`; the second field
 * is empty for options without argument, `a|b|c` for choices.
 */
void opt_dump(struct strbuf *sb, const struct opt *table);

#endif
