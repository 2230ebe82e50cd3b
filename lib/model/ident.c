/*
 * What a name may look like. Names become identifiers on Flyte, file names,
 * and parts of environment variables; what is allowed fits all three.
 */
#include "lib/base/compat.h"

#include "lib/model/ident.h"

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

const char *
ident_check(enum ident_kind kind, const char *name)
{
	size_t i;

	if (*name == '\0')
		return "a name cannot be empty";
	if (!is_letter(*name))
		return "a name begins with a letter or '_'";
	for (i = 1; name[i] != '\0'; i++) {
		if (is_letter(name[i]) || (name[i] >= '0' && name[i] <= '9'))
			continue;
		if (kind == IDENT_NAME && name[i] == '-')
			continue;
		return kind == IDENT_NAME ?
		    "a name holds letters, digits, '_' and '-' only" :
		    "a name here holds letters, digits and '_' only";
	}
	if (kind != IDENT_ENV && i > IDENT_MAX)
		return "a name has at most 40 characters";
	return NULL;
}
