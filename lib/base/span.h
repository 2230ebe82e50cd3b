/* Lengths of time and their text. */
#ifndef BASE_SPAN_H
#define BASE_SPAN_H

#include "lib/base/compat.h"

struct strbuf;

/* Both parts have the same sign. */
struct span {
	int64_t sec;
	int32_t nsec;		/* -999999999 to 999999999 */
};

/*
 * A duration: Go's (`1h30m0.5s`, `500ms`), with `d` for 24 hours besides, or
 * ISO 8601 (`PT1H30M`, `P1D`, `P2W`; no years or months, whose length varies).
 * A bare number other than 0 is refused, and so is what 64 bits of nanoseconds
 * do not hold (292 years). True if it was read whole; else *why says what is
 * wrong, in static text.
 */
bool span_parse(const char *text, struct span *out, const char **why);

/* Go's time.Duration.String: `1h30m0.5s`, `500ms`, `-1s`, `0s`. */
void span_print(struct strbuf *sb, struct span d);

int64_t span_ms(struct span d);

static inline bool
span_is_zero(struct span d)
{
	return d.sec == 0 && d.nsec == 0;
}

#endif
