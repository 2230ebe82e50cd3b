/*
 * Filters of FlyteAdmin's lists: `function(field,value)`, of several values
 * `value_in(field,a;b)`, and a `+` between those that must all hold.
 */
#ifndef FLYTE_FILTER_H
#define FLYTE_FILTER_H

#include "lib/base/compat.h"
#include "lib/base/clock.h"

struct strbuf;

/* Whether it is one value: anything else would be read as more filter. */
bool filter_is_plain(const char *text);

/* Appends one; the value is plain, or several of them. */
void filter_add(struct strbuf *sb, const char *function, const char *field,
    const char *value);
void filter_add_instant(struct strbuf *sb, const char *function,
    const char *field, struct instant t);

/* What is of an app is of one of its workflows. */
void filter_add_app(struct strbuf *sb, const char *app);

/*
 * The launch plans of schedules: `APP.NAME` is ours, the bare name UnionML's.
 * A name that is not plain is passed over, for there is no such plan; with
 * none but such nothing is appended.
 */
void filter_add_schedules(struct strbuf *sb, const char *app,
    const char *const *names, size_t n);

#endif
