/* Which table opens a target of which name, and what is given back. */
#include "lib/base/compat.h"

#include "lib/base/strbuf.h"
#include "lib/base/xalloc.h"
#include "lib/target/target.h"
#include "t/unit/tap.h"

static struct strbuf said = STRBUF_INIT;

static void
listen_to(void *arg, const char *text, size_t len)
{
	(void)arg;
	strbuf_add(&said, text, len);
}

/* What the tables below were asked for last. */
static struct {
	const struct app *app;
	const struct target_decl *decl;
	enum target_need need;
	int opened, closed;
} asked;

static enum status answer;

static enum status
open_one(struct target **target, const struct app *app,
    const struct target_decl *decl, enum target_need need);

static void
close_one(struct target *target)
{
	asked.closed++;
	free(target);
}

static const struct target_ops local_ops = {
	.type = TARGET_LOCAL, .open = open_one, .close = close_one,
};

static const struct target_ops flyte_ops = {
	.type = TARGET_FLYTE, .open = open_one, .close = close_one,
};

static enum status
open_one(struct target **target, const struct app *app,
    const struct target_decl *decl, enum target_need need)
{
	asked.app = app;
	asked.decl = decl;
	asked.need = need;
	asked.opened++;
	if (answer == EXIT_DONE) {
		*target = xcalloc(1, sizeof(**target));
		(*target)->ops = decl != NULL && decl->type == TARGET_FLYTE ?
		    &flyte_ops : &local_ops;
	}
	return answer;
}

static const struct target_ops *const both[] = { &local_ops, &flyte_ops,
	NULL };

static struct target_decl declared[] = {
	{ .name = "staging", .type = TARGET_FLYTE },
	{ .name = "rehearsal", .type = TARGET_LOCAL },
	{ .name = "production", .type = TARGET_FLYTE },
};

static struct target_decl own_local[] = {
	{ .name = "local", .type = TARGET_LOCAL, .store = "elsewhere" },
};

static const struct app app = {
	.file = "unionml.yaml", .default_target = "local",
	.target = declared, .n_targets = 3,
};

static const struct app app_staging = {
	.file = "unionml.yaml", .default_target = "staging",
	.target = declared, .n_targets = 3,
};

static const struct app app_own = {
	.file = "unionml.yaml", .default_target = "local",
	.target = own_local, .n_targets = 1,
};

static const struct app app_none = {
	.file = "x.yaml", .default_target = "local",
};

#define E "unionml: error: "
#define UNDECLARED(name, file) E "no target '" name "': it is not under " \
	"targets: of '" file "'\n"

static const struct test {
	const struct app *app;
	const char *name;
	const struct target_ops *const *types;
	const struct target_ops *ops;		/* NULL: it is refused */
	const struct target_decl *decl;
	const char *said;
} tests[] = {
	{ &app, NULL, both, &local_ops, NULL, "" },
	{ &app, "local", both, &local_ops, NULL, "" },
	{ &app, "staging", both, &flyte_ops, &declared[0], "" },
	{ &app, "rehearsal", both, &local_ops, &declared[1], "" },
	{ &app, "production", both, &flyte_ops, &declared[2], "" },
	{ &app_staging, NULL, both, &flyte_ops, &declared[0], "" },
	{ &app_staging, "local", both, &local_ops, NULL, "" },
	{ &app_own, NULL, both, &local_ops, &own_local[0], "" },
	{ &app_none, NULL, both, &local_ops, NULL, "" },
	{ &app, "stagin", both, NULL, NULL, E "no target 'stagin' in "
	    "'unionml.yaml'. Did you mean 'staging'?\n" },
	{ &app, "Local", both, NULL, NULL, E "no target 'Local' in "
	    "'unionml.yaml'. Did you mean 'local'?\n" },
	{ &app_none, "locla", both, NULL, NULL, E "no target 'locla' in "
	    "'x.yaml'. Did you mean 'local'?\n" },
	{ &app, "", both, NULL, NULL, UNDECLARED("", "unionml.yaml") },
	{ &app, "mars", both, NULL, NULL, UNDECLARED("mars", "unionml.yaml") },
	{ &app_none, "staging", both, NULL, NULL,
	    UNDECLARED("staging", "x.yaml") },
};

static void
test_one(const struct test *t, enum target_need need)
{
	struct target *target = (struct target *)&target;
	const char *name = t->name != NULL ? t->name : "(default)";

	memset(&asked, 0, sizeof(asked));
	strbuf_reset(&said);
	is_int(target_open(&target, t->types, t->app, t->name, need),
	    t->ops != NULL ? EXIT_DONE : EXIT_INPUT, name);
	is_str(said.buf, t->said, "... what is said");
	is_int(asked.opened, t->ops != NULL, "... how often it is opened");
	if (t->ops == NULL) {
		ok(target == NULL, "... no target");
		return;
	}
	ok(asked.app == t->app && asked.decl == t->decl &&
	    asked.need == need, "... with the app, what it declares, the need");
	ok(target != NULL && target->ops == t->ops, "... by that table");
	target_close(target);
	is_int(asked.closed, 1, "... and closed by it");
}

static void
test_fault(void)
{
	struct target *target = (struct target *)&target;

	strbuf_reset(&said);
	answer = EXIT_LOCAL;
	is_int(target_open(&target, both, &app, NULL, TARGET_READ), EXIT_LOCAL,
	    "what the table says is said on");
	ok(target == NULL, "... there is no target then");
	is_str(said.buf, "", "... and no message besides the table's");
	answer = EXIT_DONE;
	asked.closed = 0;
	target_close(NULL);
	is_int(asked.closed, 0, "closing none");
}

static bool
all_zero(const void *data, size_t len)
{
	const unsigned char *p = data;

	while (len > 0 && *p == 0) {
		p++;
		len--;
	}
	return len == 0;
}

/* Leaks are for the sanitizers and valgrind to see. */
static void
test_releases(void)
{
	struct run_outputs outputs = { .n = 2 };
	struct deployed deployed = { .files = 3, .bytes = 4 };
	struct artifact artifact = { .directory = true };

	artifact.run = xstrdup("r1");
	artifact.path = xstrdup("/p");
	artifact.text = xstrdup("{}");
	artifact_release(&artifact);
	ok(all_zero(&artifact, sizeof(artifact)), "artifact_release");
	artifact_release(&artifact);
	ok(all_zero(&artifact, sizeof(artifact)), "... again");

	deployed.version = xstrdup("v1");
	deployed.digest = xstrdup("d");
	deployed.identity = xstrdup("i");
	deployed.app_digest = xstrdup("a");
	deployed.app_file = xstrdup("unionml.yaml");
	deployed.subject = xstrdup("s");
	deployed_release(&deployed);
	ok(all_zero(&deployed, sizeof(deployed)), "deployed_release");
	deployed_release(&deployed);
	ok(all_zero(&deployed, sizeof(deployed)), "... again");

	outputs.v = xcalloc(2, sizeof(*outputs.v));
	outputs.v[0].name = xstrdup("model_object");
	outputs.v[0].path = xstrdup("/m");
	outputs.v[1].name = xstrdup("half made");
	outputs.metrics = xstrdup("{}");
	run_outputs_release(&outputs);
	ok(all_zero(&outputs, sizeof(outputs)), "run_outputs_release");
	run_outputs_release(&outputs);
	ok(all_zero(&outputs, sizeof(outputs)), "... again");
}

int
main(void)
{
	size_t i;

	err_set_sink(listen_to, NULL);
	for (i = 0; i < ARRAY_SIZE(tests); i++)
		test_one(&tests[i], i % 2 == 0 ? TARGET_READ : TARGET_WRITE);
	test_fault();
	test_releases();
	err_set_sink(NULL, NULL);
	strbuf_release(&said);
	return tap_done();
}
