/*
 * Apps for the tests of lib/plan, made without an app file. A shape names the
 * components by a letter each: r(eader), s(plitter), p(arser), t(rainer),
 * e(valuator), x: the predictor.
 */
#ifndef UNIT_SAMPLE_H
#define UNIT_SAMPLE_H

#include "lib/base/compat.h"
#include "lib/model/app.h"
#include "lib/model/literal.h"

static inline struct variable *
sample_input(struct app *app, struct interface *interface, const char *name,
    enum type_kind kind, const char *preset)
{
	struct variable v = { .name = name, .type = type_simple(kind) };
	const char *why;

	if (preset != NULL && strcmp(preset, "now") == 0)
		v.now = true;
	else if (preset != NULL)
		v.preset = literal_from_text(&app->arena, v.type, preset,
		    NULL, &why);
	interface_add(&app->arena, interface, &v);
	return &interface->v[interface->n - 1];
}

static inline struct component *
sample_component(struct app *app, enum component_kind kind,
    const char *format)
{
	static const char *argv[] = { "run", "{data}", NULL };
	struct component *c = &app->component[kind];

	c->declared = true;
	c->command.argv = argv;
	c->command.n = 2;
	c->format = format;
	c->container.retries = -1;
	return c;
}

/* Each component writes another format and has one input of its own. */
static inline void
sample_app(struct app *app, const char *shape)
{
	static const struct {
		char letter;
		const char *format, *input;
		enum type_kind type;
		const char *preset;
	} kinds[COMPONENT_KINDS] = {
		{ 'r', "csv", "time", TYPE_DATETIME, "now" },
		{ 's', "part", "test_size", TYPE_FLOAT, "0.2" },
		{ 'p', "npy", "scale", TYPE_BOOLEAN, "true" },
		{ 't', "joblib", "folds", TYPE_INTEGER, NULL },
		{ 'e', NULL, "beta", TYPE_FLOAT, "1" },
		{ 'x', "json", "mmap_mode", TYPE_STRING, "" },
	};
	size_t i;

	memset(app, 0, sizeof(*app));
	arena_init(&app->arena);
	app->name = "digits";
	app->source = ".";
	for (i = 0; i < COMPONENT_KINDS; i++) {
		if (strchr(shape, kinds[i].letter) == NULL)
			continue;
		sample_component(app, i, kinds[i].format);
		sample_input(app, &app->component[i].inputs, kinds[i].input,
		    kinds[i].type, kinds[i].preset);
	}
	sample_input(app, &app->hyperparameters, "C", TYPE_FLOAT, "1.0");
}

#endif
