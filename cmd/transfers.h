/* Progress of uploads and downloads on a terminal. */
#ifndef CMD_TRANSFERS_H
#define CMD_TRANSFERS_H

#include "lib/base/compat.h"

struct transfer;

/*
 * For a target: a line on stderr that goes when the transfer ends, for those
 * that take a moment. NULL where there is no terminal, and with --quiet.
 */
const struct transfer *transfers_shown(void);

#endif
