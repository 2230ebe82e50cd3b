/*
 * What is wrong with a YAML text, as one sentence with a position. libyaml
 * says where it was and what token it missed; people want to know what to
 * change.
 */
#ifndef TEXT_YAMLFAULT_H
#define TEXT_YAMLFAULT_H

#include "lib/base/compat.h"

struct diag;
struct yaml_parser_s;

/*
 * Looks for bytes that are no UTF-8, NUL and characters that YAML does not
 * allow, so that libyaml never meets them. False with the first in `diag`.
 */
bool yamlfault_check_text(struct diag *diag, const char *data, size_t len);

/* Adds the error at which libyaml stopped while it read `data`. */
void yamlfault_report(struct diag *diag, const struct yaml_parser_s *parser,
    const char *data, size_t len);

/*
 * A copy of the value that begins with the character number `index` of
 * `data`, in quotes as YAML has them; NULL if it is too long to be shown. The
 * caller frees it.
 */
char *yamlfault_quoted(const char *data, size_t len, size_t index);

#endif
