/* How this program is called, for messages that name the next command. */
#include "lib/base/compat.h"

#include "lib/base/self.h"

/* No name is longer than 40 bytes; one that is wrong is told elsewhere. */
static char call[64] = "unionml";

void
self_set_target(const char *target)
{
	snprintf(call, sizeof(call), "unionml%s%.40s", target != NULL ?
	    " -t " : "", target != NULL ? target : "");
}

const char *
self_call(void)
{
	return call;
}
