/*
 * The driver of a backfill against a target of words: slots with a state, and
 * runs that end after so many looks at them.
 */
#include "lib/base/compat.h"

#include "lib/base/strbuf.h"
#include "lib/base/xalloc.h"
#include "lib/target/backfill.h"
#include "lib/target/scheduling.h"
#include "t/unit/tap.h"

enum { SLOTS = 12 };

/* The target: the slot at t = i is slot[i]. */
static struct world {
	struct target target;
	enum audit_state state[SLOTS];
	bool has_run[SLOTS];
	int looks[SLOTS];		/* until its run ends */
	enum run_status end[SLOTS];	/* as what */
	int going, most;		/* runs at once */
	int64_t refused;		/* t whose start fails; -1: none */
	struct strbuf told;
} world;

static enum status
audit(struct target *target, const struct audit_request *request,
    enum status (*each)(void *arg, const struct audited *audited), void *arg)
{
	enum status status = EXIT_DONE;
	int64_t t;

	(void)target;
	for (t = request->from; t < request->to && status == EXIT_DONE; t++) {
		struct audited a = { .schedule = "s", .t = t,
		    .state = world.state[t], .version = "v" };

		if (world.has_run[t])
			a.run = "run";
		if (a.state == AUDIT_UNKNOWN)
			a.version = NULL;
		status = each(arg, &a);
	}
	return status;
}

static enum status
start(struct target *target, const struct start_request *request, char **id,
    bool *already)
{
	(void)target;
	if (request->t == world.refused)
		return error(EXIT_CONFLICT, "refused");
	*already = world.has_run[request->t] && !request->again;
	*id = xasprintf("%d", (int)request->t);
	strbuf_addf(&world.told, "%s%d%s ", *already ? "=" : "+",
	    (int)request->t, request->again ? "!" : "");
	world.has_run[request->t] = true;
	if (++world.going > world.most)
		world.most = world.going;
	return EXIT_DONE;
}

static enum status
show(struct target *target, const char *id, struct run_detail *detail)
{
	int t = (int)strtol(id, NULL, 10);

	(void)target;
	memset(detail, 0, sizeof(*detail));
	detail->run.id = xstrdup(id);
	detail->run.status = world.looks[t]-- > 0 ? RUN_RUNNING :
	    world.end[t];
	world.going -= detail->run.status != RUN_RUNNING;
	return EXIT_DONE;
}

static void
ended(void *arg, int64_t t, const struct run *run)
{
	(void)arg;
	strbuf_addf(&world.told, "%s%lld ", run->status == RUN_SUCCEEDED ?
	    "-" : "x", (long long)t);
}

static void
is_done(const char *states, int max_active, bool reprocess,
    enum status expected, const char *want, const char *name)
{
	static const struct schedule_ops schedules = { .audit = audit,
	    .start = start };
	static const struct target_ops ops = { .schedules = &schedules,
	    .show = show };
	struct backfill b = { .schedule = "s", .reprocess = reprocess,
	    .max_active = (size_t)max_active, .ended = ended };
	enum status status;
	int i, signum = -1;

	world.target.ops = &ops;
	world.going = world.most = 0;
	strbuf_reset(&world.told);
	for (i = 0; states[i] != '\0'; i++) {
		static const char words[] = "ofarDPSM2U";

		world.state[i] = (enum audit_state)(strchr(words, states[i]) -
		    words);
		world.has_run[i] = strchr("ofar2", states[i]) != NULL;
		world.looks[i] = 0;
		world.end[i] = RUN_SUCCEEDED;
	}
	if (strstr(name, "fails") != NULL)
		world.end[1] = RUN_FAILED;
	if (strstr(name, "later") != NULL)
		world.looks[0] = 3;
	b.to = i;
	ok(backfill_plan(&world.target, &b) == EXIT_DONE, "%s: a plan", name);
	status = backfill_run(&world.target, &b, &signum);
	is_int(status, expected, name);
	is_str(world.told.buf, want, name);
	ok(world.most <= max_active, "%s: %d at once", name, world.most);
	is_int(signum, 0, "no signal");
	backfill_release(&b);
}

static void
discard(void *arg, const char *text, size_t len)
{
	(void)arg;
	(void)text;
	(void)len;
}

int
main(void)
{
	err_set_sink(discard, NULL);
	world.refused = -1;
	strbuf_init(&world.told);
	is_done("", 1, false, EXIT_DONE, "", "no slots");
	is_done("oofaD2", 3, false, EXIT_DONE, "", "nothing to do");
	is_done("MPSU", 1, false, EXIT_DONE, "+0 -0 +1 -1 +2 -2 +3 -3 ",
	    "one after the other, oldest first");
	is_done("oMof", 1, true, EXIT_DONE, "+1 -1 +3! -3 ",
	    "those that failed once more");
	is_done("ooaM", 1, true, EXIT_DONE, "+2! -2 +3 -3 ", "and aborted");
	is_done("MMMMM", 2, false, EXIT_DONE,
	    "+0 +1 -1 +2 -2 +3 -3 +4 -0 -4 ", "the first one ends later");
	is_done("rM", 1, false, EXIT_DONE, "=0 -0 +1 -1 ",
	    "what runs is waited for");
	is_done("MMM", 1, false, EXIT_RUN, "+0 -0 +1 x1 +2 -2 ",
	    "one that fails does not end it");
	world.refused = 1;
	is_done("MMM", 1, false, EXIT_CONFLICT, "+0 -0 ",
	    "one that is refused does");
	is_done("MMM", 3, false, EXIT_CONFLICT, "+0 -0 ",
	    "when those before it have ended later");
	strbuf_release(&world.told);
	return tap_done();
}
