/* Interfaces: kept in order, searched by name; which variables are required. */
#include "lib/base/compat.h"

#include "lib/base/arena.h"
#include "lib/model/interface.h"
#include "lib/model/literal.h"
#include "t/unit/tap.h"

static void
test_add(struct arena *arena)
{
	struct interface interface = { NULL, 0 };
	struct variable variable;
	bool in_order = true;
	size_t i;

	ok(interface_find(&interface, "x") == NULL, "an empty interface");
	memset(&variable, 0, sizeof(variable));
	variable.type = type_simple(TYPE_INTEGER);
	for (i = 0; i < 100; i++) {
		variable.name = arena_printf(arena, "x%zu", i);
		variable.line = (int)i;
		interface_add(arena, &interface, &variable);
	}
	is_int((long long)interface.n, 100, "100 variables");
	for (i = 0; i < 100; i++)
		in_order = in_order && interface.v[i].line == (int)i;
	ok(in_order, "in their order");
	is_int(interface_find(&interface, "x0")->line, 0, "the first");
	is_int(interface_find(&interface, "x63")->line, 63, "one within");
	is_int(interface_find(&interface, "x99")->line, 99, "the last");
	ok(interface_find(&interface, "x100") == NULL, "one that is not there");
	ok(interface_find(&interface, "") == NULL, "no name");
}

static void
test_required(struct arena *arena)
{
	struct interface members = { NULL, 0 };
	struct variable v, member;

	memset(&v, 0, sizeof(v));
	v.name = "hyperparameters";
	v.type = type_simple(TYPE_JSON);
	ok(variable_required(&v), "without a default");
	v.members = &members;
	ok(!variable_required(&v), "no members");
	memset(&member, 0, sizeof(member));
	member.name = "C";
	member.type = type_simple(TYPE_DATETIME);
	member.now = true;
	interface_add(arena, &members, &member);
	ok(!variable_required(&v), "a member with a default");
	member.name = "max_iter";
	member.now = false;
	interface_add(arena, &members, &member);
	ok(variable_required(&v), "and one without");
	v.preset = literal_path(arena, false, "x");
	ok(!variable_required(&v), "a default for the whole");
	v.preset = NULL;
	v.members = NULL;
	v.now = true;
	ok(!variable_required(&v), "now");
}

int
main(void)
{
	struct arena arena = ARENA_INIT;

	test_add(&arena);
	test_required(&arena);
	arena_release(&arena);
	return tap_done();
}
