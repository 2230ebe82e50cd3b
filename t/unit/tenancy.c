/* Who owned the slots of a schedule on Flyte, case by case. */
#include "lib/base/compat.h"

#include "lib/base/strbuf.h"
#include "lib/flyte/slots/tenancy.h"
#include "t/unit/tap.h"

enum { VERSIONS = 3, DECREES = 3, SEEN = 4 };

static struct schedversion v[VERSIONS];

/* Versions v1, v2, v3, made at 100, 200 and 300, of a slot each 10 s. */
static void
make_versions(void)
{
	static const char *const names[] = { "v1", "v2", "v3" };
	int i;

	memset(v, 0, sizeof(v));
	for (i = 0; i < VERSIONS; i++) {
		v[i].version = v[i].app_version = names[i];
		v[i].created = v[i].updated = (i + 1) * 100000;
		v[i].known = true;
		v[i].slots.expression.dialect = DIALECT_EVERY;
		v[i].slots.expression.every.sec = 10;
	}
}

/* `100 ? 110 v1 150 v1-`: unknown, active, paused from then on. */
static void
print(struct strbuf *sb, const struct tenancy *y)
{
	size_t i;

	for (i = 0; i < y->n; i++) {
		if (y->tenure[i].after >= y->tenure[i].until)
			continue;
		if (sb->len > 0)
			strbuf_addch(sb, ' ');
		if (y->tenure[i].after == INT64_MIN)
			strbuf_addstr(sb, "ever");
		else
			strbuf_addf(sb, "%lld",
			    (long long)y->tenure[i].after);
		if (y->term[i].kind == TERM_UNKNOWN)
			strbuf_addstr(sb, " ?");
		else
			strbuf_addf(sb, " %s%s", y->tenure[i].version,
			    y->term[i].kind == TERM_PAUSED ? "-" : "");
	}
}

static void
is_tenancy(const struct tenancy_facts *facts, const char *want,
    const char *name)
{
	struct tenancy y = { .n = 0 };
	struct strbuf got = STRBUF_INIT;

	tenancy_make(&y, facts);
	print(&got, &y);
	is_str(got.buf, want, name);
	strbuf_release(&got);
	tenancy_release(&y);
}

static void
test_no_record(void)
{
	struct tenancy_facts f = { .version = v, .n_versions = 1 };

	make_versions();
	is_tenancy(&f, "100 v1-", "never activated");
	v[0].active = true;
	is_tenancy(&f, "100 v1", "active, since it was made");
	f.unowned = true;
	is_tenancy(&f, "ever ? 100 v1", "and before");
	f.unowned = false;
	v[0].updated = 150000;
	is_tenancy(&f, "100 ? 150 v1", "a pause at an unknown time before");
	v[0].active = false;
	is_tenancy(&f, "100 ? 150 v1-", "paused by another tool");
	f.has_pause = true;
	f.pause = 140;
	is_tenancy(&f, "100 ? 140 v1-", "the marker knows better");
}

static void
test_seen(void)
{
	const struct sighting seen[SEEN] = {
		{ 110, &v[0] }, { 150, &v[0] }, { 230, &v[1] },
		{ 250, &v[1] },
	};
	struct tenancy_facts f = { .version = v, .n_versions = 2,
	    .seen = seen, .n_seen = SEEN };

	make_versions();
	v[1].active = true;
	is_tenancy(&f, "100 ? 109 v1 150 ? 200 v2",
	    "between two of its runs, and since it is active");
	v[0].updated = 160000;
	is_tenancy(&f, "100 ? 109 v1 110 ? 149 v1 150 ? 200 v2",
	    "a pause may lie between two runs");
	v[1].active = false;
	v[0].updated = v[0].created;
	is_tenancy(&f, "100 ? 109 v1 150 ? 229 v2 250 ?",
	    "nothing is active: unknown after the last run");
	v[0].active = true;
	is_tenancy(&f, "100 ? 109 v1 150 ? 229 v2 250 v1",
	    "the older one again");
}

static void
test_journal(void)
{
	struct decree decree[DECREES] = {
		{ 120, &v[0], true }, { 140, &v[0], false },
		{ 210, &v[1], true },
	};
	const struct sighting seen[] = { { 130, &v[0] }, { 260, &v[2] } };
	struct tenancy_facts f = { .version = v, .n_versions = 2,
	    .decree = decree, .n_decrees = DECREES, .seen = seen,
	    .n_seen = 1 };

	make_versions();
	v[1].active = true;
	is_tenancy(&f, "100 ? 120 v1 140 v1- 210 v2", "as it says");
	v[1].active = false;
	is_tenancy(&f, "100 ? 120 v1 140 v1- 210 v2",
	    "wanted active, and never made so");
	v[1].updated = 240000;
	is_tenancy(&f, "100 ? 120 v1 140 v1- 210 v2 240 v2-",
	    "deactivated by another tool");
	f.n_versions = 3;
	f.n_seen = 2;
	v[2].active = true;
	is_tenancy(&f, "100 ? 120 v1 140 v1- 210 ? 300 v3",
	    "another version, by another tool");
	f.n_decrees = 2;
	is_tenancy(&f, "100 ? 120 v1 140 v1- 259 v3",
	    "paused, and activated by another tool");
	decree[1].version = NULL;
	is_tenancy(&f, "100 ? 120 v1 140 ?", "of a version that is gone");
}

static void
test_unknown_slots(void)
{
	struct tenancy_facts f = { .version = v, .n_versions = 1 };
	struct tenancy y = { .n = 0 };
	const struct tenure *owner;
	int64_t t;

	make_versions();
	v[0].active = true;
	v[0].known = false;
	v[0].rate = 60;
	tenancy_make(&y, &f);
	ok(!tenures_next(y.tenure, y.n, 0, &t, &owner),
	    "a rate has no slots that anybody knows");
	ok(tenures_find(y.tenure, y.n, 500) == &y.tenure[y.n - 1],
	    "but an owner");
	tenancy_release(&y);
}

int
main(void)
{
	test_no_record();
	test_seen();
	test_journal();
	test_unknown_slots();
	return tap_done();
}
