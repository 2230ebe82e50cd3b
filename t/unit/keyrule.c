/*
 * Rules of texts: the code and the regular expression of each say the same,
 * here of a table of texts and of all texts of one and two characters.
 */
#include "lib/base/compat.h"

#include <regex.h>

#include "lib/appfile/keyrule.h"
#include "t/unit/tap.h"

static const struct rule {
	const char *name;
	const struct keyrule *rule;
	const char *good, *bad;		/* separated by commas */
} rules[] = {
	{ "some", &keyrule_some, "a, a b,a\n,\n a,.", ",  ,\n,\t \n" },
	{ "image", &keyrule_image, "a,ghcr.io/acme/digits:3,a@sha256:0",
	    ",a b, a,a\n" },
	{ "format", &keyrule_format, "csv,tar.gz,7z,a-b_c",
	    ",.csv,../x,a/b,a b,-a,_a,"
	    "a2345678901234567890123456789012345678901" },
	{ "quantity", &keyrule_quantity, "2,0.5,500m,4Gi,1E,10k,3Ki,0,1.25M",
	    ",two,4 Gi,.5,5.,-1,1K,1mi,1e3,Gi,4GiB,1.2.3" },
	{ "count", &keyrule_count, "0,1,12,123456789",
	    ",1.5,-1,one,1234567890,1 " },
	{ "secret", &keyrule_secret, "a/b,digits/dsn",
	    ",a,/b,a/,a/b/c,a b/c,a/b ,/" },
	{ "zone", &keyrule_zone,
	    "UTC,Europe/Berlin,America/Argentina/Buenos_Aires,Etc/GMT+5,"
	    "Etc/GMT-1,EST5EDT",
	    ",/UTC,Europe/,Europe//Berlin,Europe Berlin,../x,Zürich,a.b" },
};

static void
check_list(const struct rule *rule, regex_t *re, const char *list, bool want)
{
	char text[64];
	size_t len;
	int n;

	for (n = 1;; n++) {
		len = strcspn(list, ",");
		memcpy(text, list, len);
		text[len] = '\0';
		ok(rule->rule->match(text) == want, "%s: %s text %d",
		    rule->name, want ? "good" : "bad", n);
		ok((regexec(re, text, 0, NULL, 0) == 0) == want,
		    "%s: its pattern says the same", rule->name);
		if (list[len] == '\0')
			return;
		list += len + 1;
	}
}

static void
check_rule(const struct rule *rule)
{
	char text[3] = "";
	regex_t re;
	int a, b, wrong = 0;

	if (!ok(regcomp(&re, rule->rule->pattern, REG_EXTENDED | REG_NOSUB) ==
	    0, "%s: the pattern is one", rule->name))
		return;
	check_list(rule, &re, rule->good, true);
	check_list(rule, &re, rule->bad, false);
	for (a = 1; a < 128; a++) {
		for (b = 0; b < 128; b++) {
			text[0] = (char)a;
			text[1] = (char)b;
			wrong += rule->rule->match(text) !=
			    (regexec(&re, text, 0, NULL, 0) == 0);
		}
	}
	is_int(wrong, 0, "code and pattern agree on all short texts");
	regfree(&re);
}

static void
check_expansions(void)
{
	static const char *const good[] = {
		"", "a", "$", "$A", "${A}", "x${A_1}y${b:-c d}", "${A:-}", "}",
		"{A}", "$ {A}", "${A:-${B}", "$${A}"
	};
	static const char *const bad[] = {
		"${", "${A", "${}", "${1}", "${A-b}", "${A b}", "${A:b}",
		"${A}${", "${:-a}", "${A:}"
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(good); i++)
		ok(keyrule_expansions(good[i]) == NULL, "'%s' is fine",
		    good[i]);
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		ok(keyrule_expansions(bad[i]) != NULL, "'%s' is not", bad[i]);
}

int
main(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rules); i++)
		check_rule(&rules[i]);
	check_expansions();
	return tap_done();
}
