/*
 * Values from text: what `-p NAME=VALUE` gives, and what components write
 * into files. Numbers are read strictly, by grammars of their own, since
 * strtoll and strtod take blanks, signs, hex and words besides.
 */
#include "lib/base/compat.h"

#include <math.h>

#include "lib/base/arena.h"
#include "lib/model/literal.h"
#include "lib/text/jsonio.h"
#include "lib/text/utf8.h"

static const struct literal *
mismatch(struct arena *arena, const struct type *type, const char *text,
    const char *detail, const char **why)
{
	*why = arena_printf(arena, "expected %s, got %s%s",
	    type_name(arena, type), literal_quote(arena, text), detail);
	return NULL;
}

static const struct literal *
integer_from_text(struct arena *arena, const struct type *type,
    const char *text, const char **why)
{
	const char *digits = text + (*text == '-');
	size_t n = strspn(digits, "0123456789");
	struct literal *value;

	if (n == 0 || digits[n] != '\0')
		return mismatch(arena, type, text, "", why);
	if (n > 1 && *digits == '0')
		return mismatch(arena, type, text,
		    ": a leading zero is ambiguous", why);
	value = arena_alloc(arena, sizeof(*value));
	value->kind = TYPE_INTEGER;
	errno = 0;
	value->integer = strtoll(text, NULL, 10);
	if (errno == 0)
		return value;
	*why = arena_printf(arena, "integer %s is beyond 64 bits",
	    literal_shorten(arena, text));
	return NULL;
}

/* `12`, `1.5`, `.5`, `5.`, each with `-` before and an exponent behind. */
static bool
is_decimal(const char *s)
{
	size_t whole, fraction = 0;

	s += *s == '-';
	whole = strspn(s, "0123456789");
	s += whole;
	if (*s == '.') {
		fraction = strspn(++s, "0123456789");
		s += fraction;
	}
	if (whole + fraction == 0)
		return false;
	if (*s == 'e' || *s == 'E') {
		s++;
		s += *s == '-' || *s == '+';
		if (!isdigit((unsigned char)*s))
			return false;
		s += strspn(s, "0123456789");
	}
	return *s == '\0';
}

static bool
is_not_finite(const char *s)
{
	static const char *const words[] = { "nan", "inf", "infinity" };
	size_t i;

	s += *s == '-' || *s == '+' || *s == '.';
	for (i = 0; i < ARRAY_SIZE(words); i++)
		if (strcasecmp(s, words[i]) == 0)
			return true;
	return false;
}

static const struct literal *
float_from_text(struct arena *arena, const struct type *type,
    const char *text, const char **why)
{
	struct literal *value;

	if (is_not_finite(text)) {
		*why = "NaN and infinities are no inputs";
		return NULL;
	}
	if (!is_decimal(text))
		return mismatch(arena, type, text, "", why);
	value = arena_alloc(arena, sizeof(*value));
	value->kind = TYPE_FLOAT;
	value->real = strtod(text, NULL) + 0.0;	/* -0.0 becomes 0 */
	if (isfinite(value->real))
		return value;
	*why = arena_printf(arena, "float %s is beyond the range of a double",
	    literal_shorten(arena, text));
	return NULL;
}

static const struct literal *
boolean_from_text(struct arena *arena, const struct type *type,
    const char *text, const char **why)
{
	struct literal *value;

	if (strcmp(text, "true") != 0 && strcmp(text, "false") != 0)
		return mismatch(arena, type, text, ": use true or false", why);
	value = arena_alloc(arena, sizeof(*value));
	value->kind = TYPE_BOOLEAN;
	value->boolean = *text == 't';
	return value;
}

static bool
is_utf8(const char *s)
{
	size_t len = strlen(s), n;

	for (; len > 0; s += n, len -= n) {
		n = utf8_length(s, len);
		if (n == 0)
			return false;
	}
	return true;
}

static const struct literal *
string_from_text(struct arena *arena, const char *text, const char **why)
{
	struct literal *value;

	if (!is_utf8(text)) {
		*why = "expected string, got bytes that are not UTF-8";
		return NULL;
	}
	value = arena_alloc(arena, sizeof(*value));
	value->kind = TYPE_STRING;
	value->text = arena_strdup(arena, text);
	return value;
}

static const struct literal *
json_from_text(struct arena *arena, const struct type *type,
    const char *text, const char *base, const char **why)
{
	const struct json *json;
	const char *fault;

	json = json_parse(arena, text, strlen(text), &fault);
	if (json != NULL)
		return literal_from_json(arena, type, json, base, why);
	*why = arena_printf(arena, "expected %s%s, got %s: %s",
	    type_name(arena, type), type->kind == TYPE_JSON ? "" : " as JSON",
	    literal_quote(arena, text), fault);
	return NULL;
}

const struct literal *
literal_from_text(struct arena *arena, const struct type *type,
    const char *text, const char *base, const char **why)
{
	switch (type->kind) {
	case TYPE_INTEGER:
		return integer_from_text(arena, type, text, why);
	case TYPE_FLOAT:
		return float_from_text(arena, type, text, why);
	case TYPE_BOOLEAN:
		return boolean_from_text(arena, type, text, why);
	case TYPE_STRING:
		return string_from_text(arena, text, why);
	case TYPE_DATETIME:
	case TYPE_DURATION:
		return literal_from_time(arena, type, text, why);
	case TYPE_FILE:
	case TYPE_DIRECTORY:
	case TYPE_DATASET:
		return literal_from_path(arena, type, text, base, why);
	case TYPE_ENUM:
	case TYPE_UNION:
	case TYPE_NONE:
	case TYPE_ANY:
		return literal_foreign_from_text(arena, type, text, base,
		    why);
	case TYPE_JSON:
	case TYPE_LIST:
	case TYPE_MAP:
		break;
	}
	return json_from_text(arena, type, text, base, why);
}
