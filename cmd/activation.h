/* What activate-schedules and deactivate-schedules share. */
#ifndef CMD_ACTIVATION_H
#define CMD_ACTIVATION_H

#include "lib/base/compat.h"
#include "lib/base/err.h"

struct context;
struct strvec;

struct activation_options {
	struct strvec *names;		/* of --name; gets the operands, too */
	const char *version;
	const char *note;
	bool now;
};

/* Activates the schedules or deactivates them, and prints what it did. */
enum status activation_run(struct context *context,
    const struct strvec *operands, const struct activation_options *options,
    bool active);

#endif
