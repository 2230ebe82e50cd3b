/* The inputs of a run: what -i and -p may say, and what comes of it. */
#include "lib/base/compat.h"

#include <sys/stat.h>

#include <fcntl.h>
#include <unistd.h>

#include "lib/base/arena.h"
#include "lib/base/strbuf.h"
#include "lib/base/strvec.h"
#include "lib/model/inputs.h"
#include "lib/model/literal.h"
#include "lib/text/jsonio.h"
#include "t/unit/tap.h"

struct test {
	const char *document;
	const char *pairs[6];
	const char *want;		/* JSON, or the messages */
};

static const struct test good[] = {
	{ NULL, { "rows=3" },
	    "{\"time\":\"2026-01-01T00:00:00Z\",\"rows\":3,\"labeled\":true,"
	    "\"hyperparameters\":{\"C\":1,\"max_iter\":1000},"
	    "\"splitter_kwargs\":{\"test_size\":0.2,"
	    "\"since\":\"2026-01-01T00:00:00Z\"},\"config\":{\"a\":1,\"b\":2}}"
	},
	{ "{\"rows\":4,\"config\":{\"z\":null},\"labeled\":false}", { NULL },
	    "{\"time\":\"2026-01-01T00:00:00Z\",\"rows\":4,\"labeled\":false,"
	    "\"hyperparameters\":{\"C\":1,\"max_iter\":1000},"
	    "\"splitter_kwargs\":{\"test_size\":0.2,"
	    "\"since\":\"2026-01-01T00:00:00Z\"},\"config\":{\"z\":null}}" },
};

/* Only what the pair of `name` becomes. */
static const struct {
	const char *name;
	struct test test;
} one[] = {
	{ "rows", { "{\"rows\":1}", { "rows=2", "rows=x", "rows=3" }, "3" } },
	{ "time", { NULL, { "time=2026-01-02T03:04+01:00" },
	    "\"2026-01-02T02:04:00Z\"" } },
	{ "hyperparameters", { NULL, { "hyperparameters.max_iter=5",
	    "hyperparameters.C=2", "hyperparameters.C=3" },
	    "{\"C\":3,\"max_iter\":5}" } },
	{ "hyperparameters", { "{\"hyperparameters\":{\"max_iter\":7}}",
	    { "hyperparameters.C=1e3" }, "{\"C\":1000,\"max_iter\":7}" } },
	{ "hyperparameters", { "{\"hyperparameters\":{\"max_iter\":7}}",
	    { "hyperparameters={\"C\":2}" }, "{\"C\":2,\"max_iter\":1000}" } },
	{ "hyperparameters", { NULL, { "hyperparameters.C=x",
	    "hyperparameters={\"max_iter\":2}" },
	    "{\"C\":1,\"max_iter\":2}" } },
	{ "hyperparameters", { NULL, { "hyperparameters={\"max_iter\":2}",
	    "hyperparameters.max_iter=3" }, "{\"C\":1,\"max_iter\":3}" } },
	{ "splitter_kwargs", { "{\"splitter_kwargs\":{\"since\":"
	    "\"2026-01-02T03:04+01:00\"}}", { NULL },
	    "{\"test_size\":0.2,\"since\":\"2026-01-02T02:04:00Z\"}" } },
	{ "config", { NULL, { "config.b=true", "config.c=x", "config.d=",
	    "config.e=[1]", "config.f=007" }, "{\"a\":1,\"b\":true,\"c\":"
	    "\"x\",\"d\":\"\",\"e\":[1],\"f\":\"007\"}" } },
	{ "config", { "{\"config\":{}}", { "config.x=a=b" },
	    "{\"x\":\"a=b\"}" } },
	{ "config", { NULL, { "config={\"q\":1}" }, "{\"q\":1}" } },
};

#define E "unionml: error: input "
#define GIVE "  give it by -p rows=VALUE, or with others by -i JSON\n"
#define KNOWN "  inputs of train: time rows labeled hyperparameters.C " \
	"hyperparameters.max_iter splitter_kwargs.test_size " \
	"splitter_kwargs.since config\n"

static const struct test bad[] = {
	{ NULL, { NULL }, E "'rows': missing, integer is wanted\n" GIVE },
	{ "{\"rows\":\"x\"}", { NULL },
	    E "'rows': expected integer, got string \"x\"\n" },
	{ "{\"rows\":null}", { NULL },
	    E "'rows': expected integer, got null\n" },
	{ "[1]", { "rows=1" },
	    "unionml: error: inputs: expected an object, got list\n" },
	{ NULL, { "rows=99999999999999999999" },
	    E "'rows': integer 99999999999999999999 is beyond 64 bits\n" },
	{ NULL, { "rows" }, E "'rows': -p takes NAME=VALUE\n"
	    E "'rows': missing, integer is wanted\n" GIVE },
	{ NULL, { "=1", "rows=1" }, E "'=1': -p takes NAME=VALUE\n" },
	{ NULL, { "", "rows=1" }, E "'': -p takes NAME=VALUE\n" },
	{ NULL, { "rwos=1", "rows=1" },
	    E "'rwos': no such input of train. Did you mean 'rows'?\n" },
	{ "{\"test_size\":1}", { "rows=1" }, E "'test_size': no such input "
	    "of train. Did you mean 'splitter_kwargs.test_size'?\n" },
	{ NULL, { "tset_size=1", "rows=1" }, E "'tset_size': no such input "
	    "of train. Did you mean 'splitter_kwargs.test_size'?\n" },
	{ NULL, { "hyperparameter.C=1", "rows=1" }, E "'hyperparameter.C': "
	    "no such input of train. Did you mean 'hyperparameters.C'?\n" },
	{ NULL, { "model.max_iter=1", "rows=1" }, E "'model.max_iter': no "
	    "such input of train. Did you mean 'hyperparameters.max_iter'?\n"
	},
	{ "{\"zzzz\":1}", { "qqqq=1", "rows=1" },
	    E "'zzzz': no such input of train\n" KNOWN
	    E "'qqqq': no such input of train\n" },
	{ NULL, { "hyperparameters.c=1", "rows=1" }, E "'hyperparameters.c': "
	    "no such member of hyperparameters. Did you mean "
	    "'hyperparameters.C'?\n" },
	{ "{\"hyperparameters\":{\"qq\":1}}", { "rows=1" },
	    E "'hyperparameters.qq': no such member of hyperparameters\n"
	    "  members of hyperparameters: hyperparameters.C "
	    "hyperparameters.max_iter\n" },
	{ "{\"hyperparameters\":[]}", { "rows=1" },
	    E "'hyperparameters': expected json (an object), got list\n" },
	{ "{\"hyperparameters\":{\"C\":\"1\",\"max_iter\":1.5}}", { "rows=1" },
	    E "'hyperparameters.C': expected float, got string \"1\"\n"
	    E "'hyperparameters.max_iter': expected integer, got float 1.5\n"
	},
	{ NULL, { "hyperparameters.C=nan", "rows=1" },
	    E "'hyperparameters.C': NaN and infinities are no inputs\n" },
	{ NULL, { "hyperparameters.C.x=1", "rows=1" },
	    E "'hyperparameters.C.x': -p sets members of the first level; "
	    "deeper ones go as JSON: -p 'hyperparameters.C={...}'\n" },
	{ NULL, { "config.a.b=1", "rows=1" },
	    E "'config.a.b': -p sets members of the first level; deeper ones "
	    "go as JSON: -p 'config.a={...}'\n" },
	{ NULL, { "config.=1", "rows=1" },
	    E "'config.': the name of the member is missing\n" },
	{ NULL, { "config..a=1", "rows=1" },
	    E "'config..a': the name of the member is missing\n" },
	{ NULL, { "config.a=99999999999999999999", "rows=1" },
	    E "'config.a': number 99999999999999999999 is out of range\n" },
	{ NULL, { "config.a=-1.5e+999", "rows=1" },
	    E "'config.a': number -1.5e+999 is out of range\n" },
	{ NULL, { "config.a=\xff", "rows=1" }, E "'config.a': expected "
	    "string, got bytes that are not UTF-8\n" },
	{ NULL, { "rows.a=1", "rows=1" },
	    E "'rows.a': 'rows' is of type integer and has no members\n" },
	{ NULL, { "labeled=yes", "time=now", "rows=1" },
	    E "'time': expected datetime, got \"now\": not a time like "
	    "2026-01-02T03:04:05Z (RFC 3339)\n"
	    E "'labeled': expected boolean, got \"yes\": use true or false\n"
	},
};

struct world {
	struct arena arena;
	struct interface interface;
	struct strbuf said;
	char directory[32];
};

static void
listen(void *arg, const char *text, size_t len)
{
	strbuf_add(arg, text, len);
}

static struct variable
variable_of(struct world *w, const char *name, const char *type,
    const char *preset)
{
	struct variable v;
	const char *why;

	memset(&v, 0, sizeof(v));
	v.name = name;
	v.type = type_parse(&w->arena, type, &why);
	v.now = preset != NULL && strcmp(preset, "now") == 0;
	if (preset != NULL && !v.now)
		v.preset = literal_from_text(&w->arena, v.type, preset, NULL,
		    &why);
	return v;
}

static void
declare(struct world *w, const char *name, const char *type,
    const char *preset)
{
	struct variable v = variable_of(w, name, type, preset);

	interface_add(&w->arena, &w->interface, &v);
}

static void
declare_object(struct world *w, const char *name, const char *const member[6])
{
	struct interface *members = arena_alloc(&w->arena, sizeof(*members));
	struct variable v = variable_of(w, name, "json", NULL), m;
	int i;

	for (i = 0; i < 6; i += 3) {
		m = variable_of(w, member[i], member[i + 1], member[i + 2]);
		interface_add(&w->arena, members, &m);
	}
	v.members = members;
	interface_add(&w->arena, &w->interface, &v);
}

static enum status
resolve(struct world *w, const char *first, const struct test *t,
    struct inputs *inputs)
{
	struct strvec pairs = STRVEC_INIT;
	struct inputs_request request;
	enum status status;
	const char *why;
	size_t i;

	memset(&request, 0, sizeof(request));
	request.interface = &w->interface;
	request.workflow = "train";
	if (t->document != NULL)
		request.document = json_parse(&w->arena, t->document,
		    strlen(t->document), &why);
	if (first != NULL)
		strvec_push(&pairs, first);
	for (i = 0; i < ARRAY_SIZE(t->pairs) && t->pairs[i] != NULL; i++)
		strvec_push(&pairs, t->pairs[i]);
	request.pairs = pairs.n > 0 ? &pairs : NULL;
	request.base = w->directory;
	request.now.sec = 1767225600;
	strbuf_reset(&w->said);
	err_set_sink(listen, &w->said);
	status = inputs_resolve(&w->arena, &request, inputs);
	err_set_sink(NULL, NULL);
	strvec_release(&pairs);
	return status;
}

static const char *
as_json(struct world *w, const struct json *json)
{
	struct strbuf sb = STRBUF_INIT;
	const char *text;

	json_print(&sb, json);
	text = arena_strdup(&w->arena, sb.buf);
	strbuf_release(&sb);
	return text;
}

static void
test_tables(struct world *w)
{
	const struct literal *value;
	struct inputs inputs;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(good); i++) {
		memset(&inputs, 0, sizeof(inputs));
		is_int(resolve(w, NULL, &good[i], &inputs), EXIT_DONE,
		    "resolved");
		is_str(w->said.buf, "", "nothing is said");
		is_str(as_json(w, inputs_to_json(&w->arena, &inputs)),
		    good[i].want, "the inputs");
	}
	for (i = 0; i < ARRAY_SIZE(one); i++) {
		memset(&inputs, 0, sizeof(inputs));
		is_int(resolve(w, "rows=1", &one[i].test, &inputs), EXIT_DONE,
		    one[i].name);
		is_str(w->said.buf, "", "nothing is said");
		value = inputs_find(&inputs, one[i].name);
		is_str(value == NULL ? NULL : as_json(w,
		    literal_to_json(&w->arena, value)), one[i].test.want,
		    one[i].test.want);
	}
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		memset(&inputs, 0, sizeof(inputs));
		is_int(resolve(w, NULL, &bad[i], &inputs), EXIT_INPUT,
		    "refused");
		is_str(w->said.buf, bad[i].want, "what is said");
		ok(inputs.n == 0, "nothing is set");
	}
}

static const struct test paths_bad[] = {
	{ NULL, { "features=none" }, "'features': '%s/none': No such file or "
	    "directory\n" },
	{ "{\"features\":\"d\"}", { NULL }, "'features': '%s/d' is a "
	    "directory, a file is wanted\n" },
	{ NULL, { "features=f" }, "'features': '%s/f' is no regular file\n" },
	{ NULL, { "features=" }, "'features': expected the path of a file, "
	    "got an empty text\n" },
	{ NULL, { "features=a.csv", "images=a.csv" },
	    "'images': '%s/a.csv' is no directory\n" },
	{ NULL, { "features=a.csv", "more=[\"a.csv\",\"none\"]" },
	    "'more': '%s/none': No such file or directory\n" },
	{ NULL, { "features=a.csv", "map={\"k\":\"d\"}" },
	    "'map': '%s/d' is a directory, a file is wanted\n" },
};

static void
test_paths(struct world *w)
{
	static const struct test fine = { NULL, { "features=a.csv",
	    "images=d", "more=[\"a.csv\"]", "map={\"k\":\"a.csv\"}" }, NULL };
	struct inputs inputs = { NULL, 0 };
	struct strbuf want = STRBUF_INIT;
	const char *split;
	char path[64];
	size_t i;

	snprintf(path, sizeof(path), "%s/a.csv", w->directory);
	close(open(path, O_CREAT | O_WRONLY, 0600));
	snprintf(path, sizeof(path), "%s/d", w->directory);
	mkdir(path, 0700);
	snprintf(path, sizeof(path), "%s/f", w->directory);
	mkfifo(path, 0600);

	w->interface.n = 0;
	declare(w, "features", "file", NULL);
	declare(w, "images", "directory", w->directory);
	declare(w, "more", "list<file>", "[]");
	declare(w, "map", "map<file>", "{}");
	for (i = 0; i < ARRAY_SIZE(paths_bad); i++) {
		is_int(resolve(w, NULL, &paths_bad[i], &inputs), EXIT_INPUT,
		    "refused");
		strbuf_reset(&want);
		strbuf_addstr(&want, E);
		split = strstr(paths_bad[i].want, "%s");
		if (split != NULL) {
			strbuf_add(&want, paths_bad[i].want,
			    (size_t)(split - paths_bad[i].want));
			strbuf_addstr(&want, w->directory);
			strbuf_addstr(&want, split + 2);
		} else {
			strbuf_addstr(&want, paths_bad[i].want);
		}
		is_str(w->said.buf, want.buf, "what is said");
	}
	is_int(resolve(w, NULL, &fine, &inputs), EXIT_DONE, "files");
	strbuf_reset(&want);
	strbuf_addf(&want, "%s/a.csv", w->directory);
	is_str(inputs_find(&inputs, "features")->path, want.buf, "its path");
	is_int(inputs_find(&inputs, "images")->kind, TYPE_DIRECTORY, "kind");
	strbuf_release(&want);
}

static void
clean_up(const struct world *w)
{
	char path[64];

	snprintf(path, sizeof(path), "%s/a.csv", w->directory);
	unlink(path);
	snprintf(path, sizeof(path), "%s/d", w->directory);
	rmdir(path);
	snprintf(path, sizeof(path), "%s/f", w->directory);
	unlink(path);
	rmdir(w->directory);
}

/* The model is there already, as are the features. */
static void
test_held(struct world *w)
{
	static const struct test twice = { "{\"model_object\":\"m\"}",
	    { "features=x", "other=1", "hyperparameters.max_iter=2" }, NULL };
	static const struct test unknown = { NULL, { "features2=x" }, NULL };
	static const struct test plain = { NULL, { "hyperparameters.k=2" },
	    NULL };
	const char *const members[6] = { "C", "float", NULL, "k", "integer",
	    "1" };
	struct variable model = variable_of(w, "model_object", "file", NULL);
	struct variable features = variable_of(w, "features", "file", NULL);
	struct variable other = variable_of(w, "other", "integer", NULL);
	struct inputs inputs = { NULL, 0 };

	w->interface.n = 0;
	declare_object(w, "hyperparameters", members);
	declare(w, "model_object", "file", NULL);
	declare(w, "features", "file", NULL);
	inputs_set(&w->arena, &inputs, &other, literal_path(&w->arena, false,
	    "/o"));
	inputs_set(&w->arena, &inputs, &model, literal_path(&w->arena, false,
	    "/nowhere"));
	inputs_set(&w->arena, &inputs, &features, literal_path(&w->arena,
	    false, "/f"));
	is_int(resolve(w, NULL, &twice, &inputs), EXIT_INPUT, "given twice");
	is_str(w->said.buf, E "'model_object': is given by -m\n"
	    E "'features': is given by -f\n" E "'other': is given already\n"
	    E "'hyperparameters.max_iter': no such member of "
	    "hyperparameters\n"
	    "  members of hyperparameters: hyperparameters.C "
	    "hyperparameters.k\n"
	    E "'hyperparameters.C': missing, float is wanted\n"
	    "  give it by -p hyperparameters.C=VALUE, or with others by -i "
	    "JSON\n", "what is said");
	is_int((long long)inputs.n, 3, "as it was");
	is_int(resolve(w, "hyperparameters.C=1", &unknown, &inputs),
	    EXIT_INPUT, "what is held is not suggested");
	is_str(w->said.buf, E "'features2': no such input of train\n"
	    "  inputs of train: hyperparameters.C hyperparameters.k\n",
	    "what is said");
	is_int(resolve(w, "hyperparameters.C=1", &plain, &inputs), EXIT_DONE,
	    "taken over");
	is_str(as_json(w, inputs_to_json(&w->arena, &inputs)),
	    "{\"hyperparameters\":{\"C\":1,\"k\":2},\"model_object\":"
	    "\"/nowhere\",\"features\":\"/f\",\"other\":\"/o\"}",
	    "in the interface's order");
	inputs_set(&w->arena, &inputs, &model, literal_path(&w->arena, false,
	    "/new"));
	is_str(inputs_find(&inputs, "model_object")->path, "/new", "replaced");
	is_int((long long)inputs.n, 4, "not added");
	ok(inputs_find(&inputs, "none") == NULL, "one that is not there");
}

static void
test_none(struct world *w)
{
	static const struct test nothing = { "{}", { NULL }, NULL };
	static const struct test some = { "{\"a\":1}", { NULL }, NULL };
	struct inputs inputs = { NULL, 0 };

	w->interface.n = 0;
	is_int(resolve(w, NULL, &nothing, &inputs), EXIT_DONE, "no inputs");
	is_int(resolve(w, NULL, &some, &inputs), EXIT_INPUT, "one too many");
	is_str(w->said.buf, E "'a': no such input of train\n"
	    "  train takes no inputs\n", "what is said");
}

int
main(void)
{
	const char *const hyperparameters[6] = { "C", "float", "1.0",
	    "max_iter", "integer", "1000" };
	const char *const kwargs[6] = { "test_size", "float", "0.2",
	    "since", "datetime", "now" };
	struct world w = { ARENA_INIT, { NULL, 0 }, STRBUF_INIT,
	    "/tmp/unionml-inputs-XXXXXX" };

	if (mkdtemp(w.directory) == NULL)
		return 1;
	declare(&w, "time", "datetime", "now");
	declare(&w, "rows", "integer", NULL);
	declare(&w, "labeled", "boolean", "true");
	declare_object(&w, "hyperparameters", hyperparameters);
	declare_object(&w, "splitter_kwargs", kwargs);
	declare(&w, "config", "json", "{\"a\":1,\"b\":2}");
	test_tables(&w);
	test_paths(&w);
	test_held(&w);
	test_none(&w);
	clean_up(&w);
	strbuf_release(&w.said);
	arena_release(&w.arena);
	return tap_done();
}
