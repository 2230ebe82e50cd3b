/* Names. */
#include "lib/base/compat.h"

#include "lib/model/ident.h"
#include "t/unit/tap.h"

#define FORTY "a234567890123456789012345678901234567890"

static const struct {
	const char *name;
	bool as_name, as_input, as_env;
} cases[] = {
	{ "digits", true, true, true },
	{ "_x", true, true, true },
	{ "X9_y", true, true, true },
	{ "daily-training", true, false, false },
	{ FORTY, true, true, true },
	{ FORTY "1", false, false, true },
	{ "", false, false, false },
	{ "-x", false, false, false },
	{ "9x", false, false, false },
	{ "a.b", false, false, false },
	{ "a b", false, false, false },
	{ "a\n", false, false, false },
	{ "../a", false, false, false },
	{ "na\xc3\xafve", false, false, false },
	{ "\xff", false, false, false },
};

int
main(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		ok((ident_check(IDENT_NAME, cases[i].name) == NULL) ==
		    cases[i].as_name, "case %zu as a name", i);
		ok((ident_check(IDENT_INPUT, cases[i].name) == NULL) ==
		    cases[i].as_input, "case %zu as an input", i);
		ok((ident_check(IDENT_ENV, cases[i].name) == NULL) ==
		    cases[i].as_env, "case %zu as a variable", i);
	}
	is_str(ident_check(IDENT_NAME, ""), "a name cannot be empty", "empty");
	is_str(ident_check(IDENT_NAME, "9"),
	    "a name begins with a letter or '_'", "begin");
	is_str(ident_check(IDENT_NAME, "a.b"),
	    "a name holds letters, digits, '_' and '-' only", "name");
	is_str(ident_check(IDENT_INPUT, "a-b"),
	    "a name here holds letters, digits and '_' only", "input");
	is_str(ident_check(IDENT_INPUT, FORTY "1"),
	    "a name has at most 40 characters", "long");
	return tap_done();
}
