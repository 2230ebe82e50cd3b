/* Option tables: what is stored, what is refused and in which words. */
#include "lib/base/compat.h"

#include "lib/base/opt.h"
#include "lib/base/span.h"
#include "lib/base/strbuf.h"
#include "t/unit/tap.h"

static bool quiet, json, verbose, yes;
static int schedule;
static const char *version, *for_target;
static struct strvec params = STRVEC_INIT;
static long jobs;
static struct span timeout;

static const char *const target_types[] = { "local", "flyte", NULL };

static const struct opt command[] = {
	{ OPT_COUNT, 'j', "jobs", &jobs, NULL, "how many nodes run at once",
	  NULL, NULL },
	{ OPT_STRINGS, 'p', "param", &params, "NAME=VALUE",
	  "an input, over those of -i", "input", NULL },
	{ OPT_NEGATABLE, 0, "schedule", &schedule, NULL,
	  "whether the schedules are deployed, too", NULL, NULL },
	{ OPT_STRING, 'v', "app-version", &version, "V",
	  "the deployed snapshot that is run instead of the working tree, "
	  "whose changes are then not seen by any component", "version", NULL },
	{ OPT_SPAN, 0, "timeout", &timeout, NULL, "wait at most so long", NULL,
	  NULL },
	{ OPT_CHOICE, 0, "for", &for_target, "TYPE", "the wire of a target",
	  NULL, target_types },
	{ OPT_FLAG, 'y', NULL, &yes, NULL, "ask nothing", NULL, NULL },
	{ OPT_CHOICE, 0, "an-option-with-a-name", &for_target, NULL,
	  "too long for its column", NULL, target_types },
	{ .kind = OPT_STRING, .name = "hidden", .value = &version },
	{ .kind = OPT_END },
};

static const struct opt global[] = {
	{ OPT_FLAG, 'q', "quiet", &quiet, NULL, "results alone", NULL, NULL },
	{ OPT_FLAG, 0, "json", &json, NULL, "results as JSON", NULL, NULL },
	{ OPT_FLAG, 0, "verbose", &verbose, NULL, "details", NULL, NULL },
	{ OPT_FLAG, 'v', "schedule", &verbose, NULL, "shadowed", NULL, NULL },
	{ .kind = OPT_END },
};

static const struct opt *const tables[] = { command, global, NULL };

static struct strbuf messages = STRBUF_INIT;
static struct strvec operands = STRVEC_INIT;
static bool help;

static void
sink(void *arg, const char *text, size_t len)
{
	(void)arg;
	strbuf_add(&messages, text, len);
}

/* Parses a line cut at blanks; `_` stands for an empty word. */
static enum status
parse(const char *line, bool stop_early)
{
	struct strvec argv = STRVEC_INIT;
	static char *kept[64];
	static size_t n_kept;
	enum status status;
	size_t len, i;

	quiet = json = verbose = yes = false;
	schedule = -1;
	version = for_target = NULL;
	jobs = -1;
	timeout.sec = timeout.nsec = -1;
	strvec_release(&params);
	strvec_release(&operands);
	strbuf_reset(&messages);
	for (i = 0; i < n_kept; i++)
		free(kept[i]);
	strvec_push(&argv, "unionml");
	for (; *line != '\0'; line += len + strspn(line + len, " ")) {
		len = strcspn(line, " ");
		strvec_pushf(&argv, "%.*s", *line == '_' ? 0 : (int)len, line);
	}
	status = opt_parse((int)argv.n, argv.v, tables, stop_early, &operands,
	    &help);
	/* What was stored points into the words. */
	for (n_kept = 0; n_kept < argv.n; n_kept++)
		kept[n_kept] = argv.v[n_kept];
	argv.n = 0;
	strvec_release(&argv);
	return status;
}

static void
is_list(const struct strvec *sv, const char *want, const char *name)
{
	struct strbuf sb = STRBUF_INIT;
	size_t i;

	for (i = 0; i < sv->n; i++)
		strbuf_addf(&sb, "%s%s", i > 0 ? " " : "",
		    sv->v[i][0] != '\0' ? sv->v[i] : "_");
	is_str(sb.buf, want, name);
	strbuf_release(&sb);
}

static void
test_values(void)
{
	static const char *const fours[] = { "-j4", "-j 4", "--jobs=4",
		"--jobs 4", "--job 4", "-j 9 -j4", "-qj4", "-qyj 4",
		"-j 0004" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(fours); i++) {
		is_int(parse(fours[i], false), EXIT_DONE, fours[i]);
		is_int(jobs, 4, "4");
	}
	is_int(parse("-j 1000000000 --timeout 1h30m", false), 0, "limits");
	is_int(jobs, 1000000000, "the highest count");
	ok(timeout.sec == 5400 && timeout.nsec == 0, "a duration");
	is_int(parse("-p a=1 --param b=2 -pc=3 --param= --param=--", false), 0,
	    "again and again");
	is_list(&params, "a=1 b=2 c=3 _ --", "all kept, in order");
	is_int(parse("--schedule", false), 0, "--schedule");
	is_int(schedule, 1, "1");
	ok(!verbose, "the first table has it");
	is_int(parse("--no-schedule", false), 0, "--no-schedule");
	is_int(schedule, 0, "0");
	is_int(parse("--no-s", false), 0, "abbreviated");
	is_int(schedule, 0, "0");
	is_int(parse("--no-schedule --sched", false), 0, "the last counts");
	is_int(schedule, 1, "1");
	is_int(parse("--for flyte", false), 0, "a choice");
	ok(for_target == target_types[1], "the table's own text");
	is_int(parse("--app-version -5", false), 0, "begins with a dash");
	is_str(version, "-5", "taken all the same");
	is_int(parse("-v -- -v", false), EXIT_USAGE, "-- as an argument");
	is_str(version, "--", "taken all the same");
	is_int(parse("-v3f2c --js", false), 0, "a letter of two tables");
	is_str(version, "3f2c", "the first table's");
	ok(!verbose && json && !quiet, "and the second table's flag");
	is_int(parse("--app-version=", false), 0, "empty");
	is_str(version, "", "stored");
	is_int(parse("--hidden x", false), 0, "one that usage does not show");
	is_str(version, "x", "stored");
	is_int(parse("", false), 0, "nothing");
	is_int(jobs, -1, "left alone");
	is_str(messages.buf, "", "and nothing said");
}

static void
test_operands(void)
{
	is_int(parse("a -q b - --json c", false), 0, "mixed");
	is_list(&operands, "a b - c", "operands");
	ok(quiet && json, "options");
	is_int(parse("a -- -q -- b", false), 0, "--");
	is_list(&operands, "a -q -- b", "what follows is no option");
	ok(!quiet, "not set");
	is_int(parse("_ a", false), 0, "an empty operand");
	is_list(&operands, "_ a", "kept");
	is_int(parse("-q train --json -j x", true), 0, "stop early");
	is_list(&operands, "train --json -j x", "the rest untouched");
	ok(quiet && !json, "only what stood before");
	is_int(parse("-q -- train --", true), 0, "stop early after --");
	is_list(&operands, "train --", "which is dropped");
	is_int(parse("- -q", true), 0, "a dash is an operand");
	is_list(&operands, "- -q", "and stops");
}

static void
test_help(void)
{
	static const char *const lines[] = { "-h", "--help", "--he", "-qh",
		"a -h --rubbish", "-hx" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(lines); i++) {
		is_int(parse(lines[i], false), 0, lines[i]);
		ok(help, "help");
	}
	is_int(parse("-- -h", false), 0, "behind --");
	ok(!help, "no help");
	is_int(parse("train -h", true), 0, "behind the command");
	ok(!help, "is the command's");
}

static void
test_faults(void)
{
	static const struct {
		const char *line, *message;
	} cases[] = {
		{ "--jbos", "unknown option '--jbos'. Did you mean '--jobs'?" },
		{ "--jbos=4",
		  "unknown option '--jbos'. Did you mean '--jobs'?" },
		{ "--no-shedule", "unknown option '--no-shedule'. "
		  "Did you mean '--no-schedule'?" },
		{ "--rubbish", "unknown option '--rubbish'" },
		{ "--no-jobs", "unknown option '--no-jobs'" },
		{ "--=x", "unknown option '--'" },
		{ "---", "unknown option '---'" },
		{ "-x", "unknown option '-x'" },
		{ "-5", "unknown option '-5'" },
		{ "-qx", "unknown option '-x'" },
		{ "-timeout", "unknown option '-timeout'. "
		  "Did you mean '--timeout'?" },
		{ "-\303\251", "unknown option '-\303\251'" },
		{ "-q\303\251", "unknown option '-\303\251'" },
		{ "-\033[m", "unknown option '-?[m'" },
		{ "--ve --a",
		  "option '--a' is ambiguous: '--app-version' or "
		  "'--an-option-with-a-name'" },
		{ "--j=4",
		  "option '--j' is ambiguous: '--jobs' or '--json'" },
		{ "--jobs", "option '--jobs' needs an argument" },
		{ "a --job", "option '--jobs' needs an argument" },
		{ "-p", "option '-p' needs an argument: NAME=VALUE" },
		{ "-qv", "option '-v' needs an argument: V" },
		{ "--json=1", "option '--json' takes no argument" },
		{ "--quiet=", "option '--quiet' takes no argument" },
		{ "--no-sch=1", "option '--no-schedule' takes no argument" },
		{ "-j x", "option '-j': 'x' is not a whole number from 0 to "
		  "1000000000" },
		{ "-j=4", "option '-j': '=4' is not a whole number from 0 to "
		  "1000000000" },
		{ "-j -1", "option '-j': '-1' is not a whole number from 0 to "
		  "1000000000" },
		{ "-j +1", "option '-j': '+1' is not a whole number from 0 to "
		  "1000000000" },
		{ "-j _", "option '-j': '' is not a whole number from 0 to "
		  "1000000000" },
		{ "--jo 4x", "option '--jobs': '4x' is not a whole number "
		  "from 0 to 1000000000" },
		{ "-j 1000000001", "option '-j': '1000000001' is not a whole "
		  "number from 0 to 1000000000" },
		{ "-j 99999999999999999999999", "option '-j': "
		  "'99999999999999999999999' is not a whole number from 0 to "
		  "1000000000" },
		{ "--timeout 90", "option '--timeout': '90': no unit "
		  "(ns, us, ms, s, m, h or d)" },
		{ "--timeout -1s", "option '--timeout': '-1s' is negative" },
		{ "--timeout -0.5s",
		  "option '--timeout': '-0.5s' is negative" },
		{ "--for aws", "option '--for': 'aws' is none of local, "
		  "flyte" },
		{ "--for fylte", "option '--for': 'fylte' is none of local, "
		  "flyte. Did you mean 'flyte'?" },
	};
	struct strbuf want = STRBUF_INIT;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		is_int(parse(cases[i].line, false), EXIT_USAGE, cases[i].line);
		strbuf_reset(&want);
		strbuf_addf(&want, "unionml: error: %s\n", cases[i].message);
		is_str(messages.buf, want.buf, "message");
		ok(!help, "no help");
	}
	strbuf_release(&want);
}

static void
test_usage(void)
{
	struct strbuf sb = STRBUF_INIT;

	opt_usage(&sb, command);
	is_str(sb.buf,
"  -j, --jobs N            how many nodes run at once\n"
"  -p, --param NAME=VALUE  an input, over those of -i\n"
"      --[no-]schedule     whether the schedules are deployed, too\n"
"  -v, --app-version V     the deployed snapshot that is run instead of the\n"
"                          working tree, whose changes are then not "
"seen by any\n"
"                          component\n"
"      --timeout D         wait at most so long\n"
"      --for TYPE          the wire of a target\n"
"  -y                      ask nothing\n"
"      --an-option-with-a-name local|flyte\n"
"                          too long for its column\n", "usage");
	strbuf_reset(&sb);
	opt_dump(&sb, command);
	is_str(sb.buf,
"-j\tN\thow many nodes run at once\n"
"--jobs\tN\thow many nodes run at once\n"
"-p\tinput\tan input, over those of -i\n"
"--param\tinput\tan input, over those of -i\n"
"--schedule\t\twhether the schedules are deployed, too\n"
"--no-schedule\t\twhether the schedules are deployed, too\n"
"-v\tversion\tthe deployed snapshot that is run instead of the working tree, "
"whose changes are then not seen by any component\n"
"--app-version\tversion\tthe deployed snapshot that is run instead of the "
"working tree, whose changes are then not seen by any component\n"
"--timeout\tD\twait at most so long\n"
"--for\tlocal|flyte\tthe wire of a target\n"
"-y\t\task nothing\n"
"--an-option-with-a-name\tlocal|flyte\ttoo long for its column\n", "dump");
	strbuf_release(&sb);
}

int
main(void)
{
	err_set_sink(sink, NULL);
	test_values();
	test_operands();
	test_help();
	test_faults();
	test_usage();
	parse("", false);
	err_set_sink(NULL, NULL);
	strvec_release(&params);
	strvec_release(&operands);
	strbuf_release(&messages);
	return tap_done();
}
