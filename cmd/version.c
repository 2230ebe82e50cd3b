/* unionml version. */
#include "lib/base/compat.h"

#include "cmd/cmd.h"
#include "cmd/output.h"
#include "lib/base/strbuf.h"

static enum status
run(struct context *context, const struct strvec *operands)
{
	struct strbuf out = STRBUF_INIT;
	struct json_writer w;

	(void)operands;
	if (context->globals.json) {
		json_writer_init(&w, &out, true);
		json_begin_map(&w, NULL);
		json_put_text(&w, "version", UNIONML_VERSION);
		json_end_map(&w);
		strbuf_addch(&out, '\n');
	} else {
		strbuf_addstr(&out, "unionml " UNIONML_VERSION "\n");
	}
	output_write(&out);
	strbuf_release(&out);
	return EXIT_DONE;
}

const struct cmd cmd_version = {
	.name = "version",
	.synopsis = "",
	.summary = "print the version",
	.needs = CMD_NEEDS_NOTHING,
	.run = run,
};
