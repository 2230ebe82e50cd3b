/* Versions of an app that were deployed. */
#include "lib/base/compat.h"

#include "lib/model/deployed.h"

void
deployed_release(struct deployed *deployed)
{
	free(deployed->version);
	free(deployed->digest);
	free(deployed->identity);
	free(deployed->app_digest);
	free(deployed->app_file);
	free(deployed->subject);
	memset(deployed, 0, sizeof(*deployed));
}
