/* The defaults at the top of the app file, laid under each component's. */
#ifndef APPFILE_APPCONTAINER_H
#define APPFILE_APPCONTAINER_H

#include "lib/base/compat.h"

struct app;
struct reading;

/* Fills them in, and checks that no variable has a value and a secret. */
void appcontainer_check(struct reading *r, struct app *app);

#endif
