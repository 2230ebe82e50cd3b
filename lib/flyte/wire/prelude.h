/*
 * The shell script under which each component runs on a cluster: the text of
 * share/flyte/prelude.sh, which scripts/embed makes C of.
 */
#ifndef FLYTE_PRELUDE_H
#define FLYTE_PRELUDE_H

#include "lib/base/compat.h"

extern const char flyte_prelude[];

/* Where copilot lays inputs and takes outputs; the prelude's arguments. */
#define PRELUDE_INPUTS "/var/inputs"
#define PRELUDE_OUTPUTS "/var/outputs"

#endif
