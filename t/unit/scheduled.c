/* The words for a schedule's state and for what became of a slot. */
#include "lib/base/compat.h"

#include "lib/base/xalloc.h"
#include "lib/model/audit.h"
#include "lib/model/scheduled.h"
#include "t/unit/tap.h"

static const char *const states[] = { "active", "paused", "inactive",
	"removed" };

static const struct {
	const char *name;
	bool bad;
} audited[] = {
	{ "ok", false }, { "failed", true }, { "aborted", true },
	{ "running", false }, { "due", false }, { "paused", false },
	{ "skipped", false }, { "MISSED", true }, { "DUPLICATE", true },
	{ "UNKNOWN", true },
};

static void
test_states(void)
{
	enum schedule_state state;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(states); i++) {
		ok(schedule_state_from_name(states[i], &state) &&
		    state == (enum schedule_state)i, "%s", states[i]);
		is_str(schedule_state_name(state), states[i],
		    "... there and back");
	}
	is_int(SCHEDULE_STATES, ARRAY_SIZE(states), "no other");
	ok(!schedule_state_from_name("Active", &state), "not in capitals");
	ok(!schedule_state_from_name("", &state), "not empty");
}

static void
test_audited(void)
{
	enum audit_state state;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(audited); i++) {
		ok(audit_state_from_name(audited[i].name, &state) &&
		    state == (enum audit_state)i, "%s", audited[i].name);
		is_str(audit_state_name(state), audited[i].name,
		    "... there and back");
		is_int(audit_is_bad(state), audited[i].bad,
		    "... whether it is bad");
	}
	is_int(AUDIT_STATES, ARRAY_SIZE(audited), "no other");
	ok(audit_state_from_name("unknown", &state) && state == AUDIT_UNKNOWN,
	    "somebody may type it in small letters");
	ok(!audit_state_from_name("lost", &state), "what is none");
}

static void
test_changes(void)
{
	struct schedule_changes changes = SCHEDULE_CHANGES_INIT;
	struct schedule_change *change;
	int i;

	for (i = 0; i < 20; i++) {
		change = schedule_changes_add(&changes);
		ok(change->name == NULL && change->version == NULL &&
		    !change->existed, "a new change is empty");
		change->name = xasprintf("s%d", i);
	}
	is_int((long long)changes.n, 20, "all are there");
	is_str(changes.v[19].name, "s19", "... in order");
	schedule_changes_release(&changes);
	ok(changes.v == NULL && changes.n == 0, "released");
}

int
main(void)
{
	test_states();
	test_audited();
	test_changes();
	return tap_done();
}
