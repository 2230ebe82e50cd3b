/* Which definition owns an instant, against a search from the newest on. */
#include "lib/base/compat.h"

#include "lib/base/strbuf.h"
#include "lib/schedule/tenure.h"
#include "t/unit/random.h"
#include "t/unit/tap.h"

enum { N = 6, HORIZON = 300 };

static struct tenure
every(int64_t after, int64_t rate)
{
	struct tenure tenure = { .after = after };

	tenure.slots.expression.dialect = DIALECT_EVERY;
	tenure.slots.expression.every.sec = rate;
	return tenure;
}

/* `12 20 30`: the instants that come of it. */
static void
is_list(const struct tenure *tenure, size_t n, int64_t after, int64_t last,
    const char *want, const char *name)
{
	const struct tenure *owner;
	struct strbuf got = STRBUF_INIT;
	int64_t t = after;

	while (tenures_next(tenure, n, t, &t, &owner) && t <= last)
		strbuf_addf(&got, "%s%lld:%d", got.len > 0 ? " " : "",
		    (long long)t, (int)(owner - tenure));
	is_str(got.buf, want, name);
	strbuf_release(&got);
}

static void
test_lists(void)
{
	struct tenure a[] = { every(10, 10), every(40, 15), every(70, 10) };
	struct tenure back[] = { every(10, 10), every(60, 10), every(35, 15) };
	struct tenure same[] = { every(10, 10), every(30, 5), every(30, 20) };

	tenures_settle(a, 3);
	is_list(a, 3, INT64_MIN, 90, "20:0 30:0 40:0 45:1 60:1 80:2 90:2",
	    "each from after its activation up to and with the next");
	is_list(a, 3, 60, 90, "80:2 90:2", "from between two on");
	ok(tenures_find(a, 3, 10) == NULL, "nobody owns the activation itself");
	ok(tenures_find(a, 3, 11) == &a[0] && tenures_find(a, 3, 40) == &a[0] &&
	    tenures_find(a, 3, 41) == &a[1] &&
	    tenures_find(a, 3, INT64_MAX) == &a[2], "owners");
	ok(tenures_find(a, 3, INT64_MIN) == NULL, "the first instant of all");
	tenures_settle(back, 3);
	is_list(back, 3, 0, 80, "20:0 30:0 45:2 60:2 75:2",
	    "the clock went back: the later one has it");
	tenures_settle(same, 3);
	is_list(same, 3, 0, 60, "20:0 30:0 40:2 60:2",
	    "two at one instant: the later one");
	is_list(same, 0, 0, 60, "", "none");
}

/* The newest that was activated before, looked at one by one. */
static int
owner_of(const struct tenure *tenure, int n, int64_t t)
{
	while (n-- > 0)
		if (tenure[n].after < t)
			return n;
	return -1;
}

static void
test_random(void)
{
	struct rng rng = { test_seed() };
	long round, rounds = test_states() / 100, wrong = 0;
	struct tenure v[N];

	for (round = 0; round < rounds && wrong == 0; round++) {
		const struct tenure *owner = NULL, *found;
		int64_t t, next = INT64_MIN;
		int i, n = (int)below(&rng, N + 1);
		bool any;

		for (i = 0; i < n; i++)
			v[i] = every((i > 0 && below(&rng, 4) > 0 ?
			    v[i - 1].after : 0) + below(&rng, 80),
			    1 + below(&rng, 30));
		tenures_settle(v, (size_t)n);
		any = tenures_next(v, (size_t)n, INT64_MIN, &next, &owner);
		for (t = 0; t < HORIZON; t++) {
			i = owner_of(v, n, t);
			found = tenures_find(v, (size_t)n, t);
			wrong += found != (i < 0 ? NULL : &v[i]);
			if (i < 0 || t % v[i].slots.expression.every.sec != 0)
				continue;
			wrong += !any || next != t || owner != &v[i];
			any = tenures_next(v, (size_t)n, t, &next, &owner);
		}
		wrong += any && next < HORIZON;
	}
	ok(wrong == 0, "%ld histories (seed %llu)", rounds,
	    (unsigned long long)test_seed());
}

int
main(void)
{
	test_lists();
	test_random();
	return tap_done();
}
