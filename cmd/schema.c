/* unionml schema: the JSON Schema of the app file, for editors. */
#include "lib/base/compat.h"

#include "cmd/cmd.h"
#include "cmd/output.h"
#include "lib/appfile/appfile.h"
#include "lib/base/strbuf.h"

static enum status
run(struct context *context, const struct strvec *operands)
{
	struct strbuf out = STRBUF_INIT;

	(void)context;
	(void)operands;
	appfile_schema(&out);
	output_write(&out);
	strbuf_release(&out);
	return EXIT_DONE;
}

const struct cmd cmd_schema = {
	.name = "schema",
	.synopsis = "",
	.summary = "print the JSON Schema of the app file, for editors",
	.needs = CMD_NEEDS_NOTHING,
	.run = run,
};
