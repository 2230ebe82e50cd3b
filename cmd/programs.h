/* Whether the programs of an app will be found when nobody is at the shell. */
#ifndef CMD_PROGRAMS_H
#define CMD_PROGRAMS_H

#include "lib/base/compat.h"

struct app;
struct filelist;

/*
 * Warns of each component whose program is not where a service would look: in
 * a directory of the app's `path:` or of the plain PATH that systemd gives. One
 * named by a relative path must be in the snapshot (NULL: there is none).
 */
void programs_warn(const struct app *app, const struct filelist *list);

#endif
