/* The events of simulated schedules as a table or as JSON, a line each. */
#ifndef CMD_SIMULATED_H
#define CMD_SIMULATED_H

#include "lib/base/compat.h"
#include "cmd/table.h"
#include "lib/schedule/simulate.h"

/* What all schedules are printed to; rows go out as they come. */
struct simulated_output {
	bool json;
	struct table table;
	struct strbuf text;
};

/* Prints for one schedule, and counts. */
struct simulated_printer {
	struct simulated_output *output;
	const char *schedule;
	const struct definition *definition;
	int64_t ran, late, skipped;
};

void simulated_output_init(struct simulated_output *output, bool json);
void simulated_output_end(struct simulated_output *output);

/* Both are the caller's, and outlive it. */
void simulated_printer_init(struct simulated_printer *printer,
    struct simulated_output *output, const char *schedule,
    const struct definition *definition);

/* The simulation's callback; `arg` is a struct simulated_printer. */
void simulated_print(void *arg, const struct simulated *event);

/*
 * Appends why slots are skipped, and how many if they are several; `going` is
 * whose run goes on ("run r1"), NULL where nobody knows.
 */
void simulated_print_skip(struct strbuf *sb, const struct skipped *skipped,
    const char *going);

/* What it came to, as a note; nothing beside JSON. */
void simulated_summary(const struct simulated_printer *printer);

#endif
