/* TAP for unit tests: `prove` runs these programs as they are. */
#ifndef UNIT_TAP_H
#define UNIT_TAP_H

#include "lib/base/compat.h"

static int tap_count, tap_failed;

static inline PRINTF_LIKE(2, 3) bool
ok(bool pass, const char *fmt, ...)
{
	va_list ap;

	printf("%sok %d - ", pass ? "" : "not ", ++tap_count);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
	if (!pass)
		tap_failed++;
	return pass;
}

static inline void
is_str(const char *got, const char *want, const char *name)
{
	bool same = got != NULL && want != NULL ? strcmp(got, want) == 0 :
	    got == want;

	if (!ok(same, "%s", name))
		printf("# got  '%s'\n# want '%s'\n", got ? got : "(null)",
		    want ? want : "(null)");
}

static inline void
is_int(long long got, long long want, const char *name)
{
	if (!ok(got == want, "%s", name))
		printf("# got  %lld\n# want %lld\n", got, want);
}

static inline int
tap_done(void)
{
	printf("1..%d\n", tap_count);
	return tap_failed != 0;
}

#endif
