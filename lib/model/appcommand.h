/* Commands of components: what their placeholders stand for. */
#ifndef MODEL_APPCOMMAND_H
#define MODEL_APPCOMMAND_H

#include "lib/base/compat.h"

struct app;
struct reading;

/* Checks the placeholders in the commands of all components. */
void appcommand_check(struct reading *r, const struct app *app);

#endif
