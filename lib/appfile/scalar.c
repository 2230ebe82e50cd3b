/*
 * Scalars by the type that is wanted. A number is sorted by its form first, so
 * that each form which some YAML reader takes for another value has a message
 * of its own.
 */
#include "lib/base/compat.h"

#include <math.h>
#include <strings.h>

#include "lib/appfile/reading.h"
#include "lib/appfile/scalar.h"
#include "lib/base/arena.h"
#include "lib/text/yamldoc.h"

enum form {
	FORM_TEXT,
	FORM_INTEGER,
	FORM_REAL,
	FORM_LEADING_ZERO,	/* 010: octal in YAML 1.1, ten in 1.2 */
	FORM_BASE,		/* 0x1F, 0o17, 0b1 */
	FORM_UNDERSCORE,	/* 1_000: a number in YAML 1.1 */
	FORM_NOT_FINITE		/* .inf, .nan */
};

bool
scalar_is_nothing(const struct yaml_node *node)
{
	return node->kind == YAML_SCALAR && node->plain &&
	    (node->n == 0 || strcmp(node->text, "~") == 0 ||
	    strcmp(node->text, "null") == 0 ||
	    strcmp(node->text, "Null") == 0 || strcmp(node->text, "NULL") == 0);
}

/* An unquoted {x} is a mapping of x to nothing. */
static bool
is_brace(const struct yaml_node *node)
{
	const struct yaml_node *value;

	if (node->kind != YAML_MAP || node->n != 1)
		return false;
	value = node->pair[0].value;
	return value->kind == YAML_SCALAR && value->plain && value->n == 0;
}

/* False after an error if it is no scalar, or one without a value. */
static bool
is_scalar(struct reading *r, const struct yaml_node *node, const char *wanted)
{
	if (is_brace(node))
		reading_error(r, node, "an unquoted brace begins a mapping; "
		    "quote it: \"{%s}\"", node->pair[0].key->text);
	else if (node->kind != YAML_SCALAR)
		reading_error(r, node, "%s is wanted, not %s", wanted,
		    yaml_kind_name(node));
	else if (node->n == 0 && node->plain)
		reading_error(r, node, "is empty; %s is wanted", wanted);
	else
		return true;
	return false;
}

const char *
scalar_text(struct reading *r, const struct yaml_node *node)
{
	if (!is_scalar(r, node, "a text"))
		return NULL;
	if (scalar_is_nothing(node)) {
		reading_error(r, node, "'%s' is nothing in YAML, and so is "
		    "empty; quote it: \"%s\"", node->text, node->text);
		return NULL;
	}
	return node->text;
}

static bool
is_digits(const char *s)
{
	return *s != '\0' && s[strspn(s, "0123456789")] == '\0';
}

/* core schema: [-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)? */
static bool
is_real(const char *s)
{
	size_t whole, part = 0;

	s += *s == '-' || *s == '+';
	whole = strspn(s, "0123456789");
	s += whole;
	if (*s == '.') {
		s++;
		part = strspn(s, "0123456789");
		s += part;
	}
	if (whole + part == 0)
		return false;
	if (*s == 'e' || *s == 'E') {
		s++;
		s += *s == '-' || *s == '+';
		return is_digits(s);
	}
	return *s == '\0';
}

/* Digits and underscores, perhaps with a fraction, and at least one of both. */
static bool
has_underscores(const char *s)
{
	return isdigit((unsigned char)*s) && strchr(s, '_') != NULL &&
	    s[strspn(s, "0123456789_.")] == '\0';
}

static enum form
form_of(const char *text)
{
	static const char *const endless[] = {
		".inf", ".Inf", ".INF", ".nan", ".NaN", ".NAN"
	};
	const char *s = text + (*text == '-' || *text == '+');
	size_t i;

	for (i = 0; i < ARRAY_SIZE(endless); i++)
		if (strcmp(s, endless[i]) == 0)
			return FORM_NOT_FINITE;
	if (s[0] == '0' && s[1] != '\0' && strchr("xXoObB", s[1]) != NULL)
		return s[2] != '\0' &&
		    s[2 + strspn(s + 2, "0123456789abcdefABCDEF_")] == '\0' ?
		    FORM_BASE : FORM_TEXT;
	if (has_underscores(s))
		return FORM_UNDERSCORE;
	if (!is_real(text))
		return FORM_TEXT;
	if (s[0] == '0' && isdigit((unsigned char)s[1]))
		return FORM_LEADING_ZERO;
	return is_digits(s) ? FORM_INTEGER : FORM_REAL;
}

/* `1_000` without the underscores. */
static const char *
without_underscores(struct reading *r, const char *text)
{
	char *copy = arena_strdup(r->arena, text), *to = copy;

	for (; *text != '\0'; text++)
		if (*text != '_')
			*to++ = *text;
	*to = '\0';
	return copy;
}

/* The number in decimal, with its sign, or NULL if it is no such number. */
static const char *
in_decimal(struct reading *r, const char *text, size_t prefix, int base)
{
	const char *digits = without_underscores(r, text);
	unsigned long long value;
	const char *sign = "";
	char *end;

	if (*digits == '-')
		sign = "-";
	digits += *digits == '-' || *digits == '+';
	digits += prefix;
	errno = 0;
	value = strtoull(digits, &end, base);
	if (errno != 0 || *end != '\0' || end == digits)
		return NULL;
	return arena_printf(r->arena, "%s%llu", sign, value);
}

/* What is the matter with a number of that form, and what to write. */
static const char *
advice(struct reading *r, const char *text, enum form form)
{
	const char *s = text + (*text == '-' || *text == '+');
	const char *octal, *decimal;
	int base;

	switch (form) {
	case FORM_LEADING_ZERO:
		octal = in_decimal(r, text, 0, 8);
		decimal = in_decimal(r, text, 0, 10);
		if (octal != NULL && decimal != NULL &&
		    strcmp(octal, decimal) != 0)
			return arena_printf(r->arena, "'%s' has a leading "
			    "zero: octal or decimal? write %s or %s", text,
			    octal, decimal);
		return arena_printf(r->arena, "'%s' has a leading zero; "
		    "write it without", text);
	case FORM_BASE:
		base = strchr("xX", s[1]) != NULL ? 16 :
		    strchr("oO", s[1]) != NULL ? 8 : 2;
		decimal = in_decimal(r, text, 2, base);
		return arena_printf(r->arena, "'%s' is not decimal; write %s",
		    text, decimal != NULL ? decimal : "it in decimal");
	case FORM_UNDERSCORE:
		return arena_printf(r->arena, "'%s' has underscores; write %s",
		    text, without_underscores(r, text));
	case FORM_NOT_FINITE:
		return arena_printf(r->arena, "'%s' is not a finite "
		    "number", text);
	case FORM_TEXT:
	case FORM_INTEGER:
	case FORM_REAL:
		break;
	}
	return NULL;
}

static bool
to_integer(struct reading *r, const struct yaml_node *node, int64_t *out)
{
	errno = 0;
	*out = strtoll(node->text, NULL, 10);
	if (errno == 0)
		return true;
	reading_error(r, node, "'%s' does not fit into 64 bits (%lld to %lld)",
	    node->text, (long long)INT64_MIN, (long long)INT64_MAX);
	return false;
}

static bool
to_real(struct reading *r, const struct yaml_node *node, double *out)
{
	*out = strtod(node->text, NULL);
	if (isfinite(*out))
		return true;
	reading_error(r, node, "'%s' is beyond the largest float", node->text);
	return false;
}

/* The form of a scalar that is to be a number, or FORM_TEXT after an error. */
static enum form
number_form(struct reading *r, const struct yaml_node *node,
    const char *wanted)
{
	enum form form;
	const char *what;

	if (!is_scalar(r, node, wanted))
		return FORM_TEXT;
	form = form_of(node->text);
	what = advice(r, node->text, form);
	if (form == FORM_TEXT)
		reading_error(r, node, "%s is wanted, not '%s'", wanted,
		    node->text);
	else if (what != NULL)
		reading_error(r, node, "%s", what);
	else if (!node->plain)
		reading_error(r, node, "is a text; write %s without quotes",
		    node->text);
	else
		return form;
	return FORM_TEXT;
}

bool
scalar_integer(struct reading *r, const struct yaml_node *node, int64_t *out)
{
	enum form form = number_form(r, node, "an integer");

	if (form == FORM_TEXT)
		return false;
	if (form == FORM_INTEGER)
		return to_integer(r, node, out);
	reading_error(r, node, "an integer is wanted, not %s", node->text);
	return false;
}

bool
scalar_float(struct reading *r, const struct yaml_node *node, double *out)
{
	return number_form(r, node, "a number") != FORM_TEXT &&
	    to_real(r, node, out);
}

/* 'true' or 'false' if the word is a boolean in YAML 1.1, else NULL. */
static const char *
boolean_word(const char *text)
{
	static const char *const yes[] = { "true", "yes", "on" };
	static const char *const no[] = { "false", "no", "off" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(yes); i++) {
		if (strcasecmp(text, yes[i]) == 0)
			return "true";
		if (strcasecmp(text, no[i]) == 0)
			return "false";
	}
	return NULL;
}

bool
scalar_boolean(struct reading *r, const struct yaml_node *node, bool *out)
{
	const char *word;

	if (!is_scalar(r, node, "true or false"))
		return false;
	word = boolean_word(node->text);
	if (word == NULL && strcasecmp(node->text, "y") == 0)
		word = "true";
	if (word == NULL && strcasecmp(node->text, "n") == 0)
		word = "false";
	if (word == NULL) {
		reading_error(r, node, "true or false is wanted, not '%s'",
		    node->text);
		return false;
	}
	if (!node->plain || strcmp(word, node->text) != 0) {
		reading_error(r, node, "'%s' is no boolean here; write %s%s",
		    node->text, word, node->plain ? "" : " without quotes");
		return false;
	}
	*out = *word == 't';
	return true;
}

struct scalar
scalar_any(struct reading *r, const struct yaml_node *node)
{
	struct scalar s = { .kind = SCALAR_TEXT };
	const char *word, *what;
	enum form form;

	if (!node->plain)
		return s;
	if (scalar_is_nothing(node)) {
		s.kind = SCALAR_NULL;
		return s;
	}
	word = boolean_word(node->text);
	if (word != NULL) {
		s.kind = SCALAR_BOOLEAN;
		s.boolean = *word == 't';
		if (strcmp(word, node->text) == 0)
			return s;
		reading_error(r, node, "'%s' is a boolean to some and a text "
		    "to others; quote it, or write %s", node->text, word);
		s.kind = SCALAR_ERROR;
		return s;
	}
	form = form_of(node->text);
	what = advice(r, node->text, form);
	if (what != NULL) {
		reading_error(r, node, "%s; quote it if a text is meant", what);
		s.kind = SCALAR_ERROR;
	} else if (form == FORM_INTEGER) {
		s.kind = to_integer(r, node, &s.integer) ? SCALAR_INTEGER :
		    SCALAR_ERROR;
	} else if (form == FORM_REAL) {
		s.kind = to_real(r, node, &s.real) ? SCALAR_FLOAT :
		    SCALAR_ERROR;
	}
	return s;
}
