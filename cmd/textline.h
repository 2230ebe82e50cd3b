/* Options whose value is a line of text that is kept and shown later. */
#ifndef CMD_TEXTLINE_H
#define CMD_TEXTLINE_H

#include "lib/base/compat.h"
#include "lib/base/err.h"

/*
 * Whether it is UTF-8 of one line, without control characters and of at most
 * 200 bytes, which is what a Flyte cluster keeps. EXIT_USAGE after a message
 * that names the option.
 */
enum status check_text_line(const char *option, const char *text);

#endif
