/*
 * Placeholders in an argument vector: `{name}` or `{name.member}` with nothing
 * else between the braces; `{{name}}` stands for the text `{name}`; every
 * other brace is itself.
 */
#ifndef MODEL_PLACEHOLDER_H
#define MODEL_PLACEHOLDER_H

#include "lib/base/compat.h"

enum piece_kind {
	PIECE_TEXT,	/* as it stands */
	PIECE_VALUE	/* {name} or {name.member} */
};

struct piece {
	enum piece_kind kind;
	const char *text;	/* where it begins in the argument */
	size_t len;		/* of the text; of a value: of the braces too */
	const char *name;	/* of a value: not NUL-terminated */
	size_t name_len;
	const char *member;	/* NULL if there is none */
	size_t member_len;
};

/*
 * Cuts the next piece off *cursor. False at the end. A `{{name}}` comes as two
 * texts: `{name`, and `}` with what follows. Names may be of any length.
 */
bool placeholder_next(const char **cursor, struct piece *piece);

#endif
