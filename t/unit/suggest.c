/* What is near enough to be meant, and what is not. */
#include "lib/base/compat.h"

#include "lib/base/suggest.h"
#include "t/unit/tap.h"

static const char *const commands[] = {
	"train", "predict", "schedule", "scheduler", "runs", "check", "compile",
	"deploy", "init", "fetch", "version", "help", "schema", "C", NULL
};

static void
test_commands(void)
{
	static const struct {
		const char *word, *want;
	} cases[] = {
		{ "trian", "train" },		/* neighbours swapped */
		{ "tran", "train" },
		{ "traain", "train" },
		{ "trsin", "train" },
		{ "TRAIN", "train" },
		{ "Trian", "train" },
		{ "train", "train" },
		{ "perdict", "predict" },
		{ "pre", "predict" },		/* cut short */
		{ "sched", "schedule" },
		{ "schedul", "schedule" },
		{ "schedulre", "schedule" },
		{ "schedulers", "scheduler" },
		{ "run", "runs" },
		{ "ru", NULL },			/* ru -> runs is two slips */
		{ "rusn", "runs" },
		{ "c", "C" },
		{ "x", NULL },
		{ "pr", NULL },			/* two letters say too little */
		{ "hlep", "help" },
		{ "halt", "help" },
		{ "inti", "init" },
		{ "complie", "compile" },
		{ "vresoin", "version" },
		{ "dploi", "deploy" },
		{ "destroy", NULL },
		{ "activate", NULL },
		{ "", NULL },
		{ "\377\376\001", NULL },
		{ "train\n", "train" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++)
		is_str(suggest(cases[i].word, commands, SIZE_MAX),
		    cases[i].want, cases[i].word);
}

static void
test_order(void)
{
	static const char *const names[] = { "timeout-long", "tame", "timeout",
		"TIME" };
	static const char *const same[] = { "aab", "aac" };

	is_str(suggest("time", names, 4), "TIME", "case alone is nearest");
	is_str(suggest("time", names, 3), "timeout",
	    "then what it begins, the shortest");
	is_str(suggest("time", names, 2), "timeout-long", "whatever is left");
	is_str(suggest("tima", names + 1, 1), "tame", "two slips in four");
	is_str(suggest("time", names, 0), NULL, "no names");
	is_str(suggest("aad", same, 2), "aab", "the first of equals");
}

static void
test_long(void)
{
	char word[4096];
	const char *names[2];

	memset(word, 'a', sizeof(word) - 1);
	word[sizeof(word) - 1] = '\0';
	names[0] = word;
	names[1] = word + sizeof(word) - 1 - 100;
	is_str(suggest(word, commands, SIZE_MAX), NULL, "a very long word");
	is_str(suggest("aaa", names, 1), NULL, "a very long name");
	ok(suggest(names[1] + 1, names, 2) == names[1], "99 of 100 characters");
	ok(suggest(names[1], names, 2) == names[1], "100 characters");
	is_str(suggest(names[1] - 1, names, 2), NULL, "101 characters");
}

int
main(void)
{
	test_commands();
	test_order();
	test_long();
	return tap_done();
}
