/* The user's browser. */
#ifndef FLYTE_BROWSER_H
#define FLYTE_BROWSER_H

#include "lib/base/compat.h"

/*
 * Shows the URL by $BROWSER (a list with colons of commands, in which `%s` is
 * the URL, else it comes last), or where there is a display by xdg-open(1).
 * False if none could be started. It is not waited for.
 */
bool browser_open(const char *url);

#endif
