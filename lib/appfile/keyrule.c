/* Rules for texts: written by hand, since regcomp(3) costs more than a file. */
#include "lib/base/compat.h"

#include "lib/appfile/keyrule.h"

#define DIGITS "0123456789"
#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define BLANKS " \t\n\r\f\v"

static bool
is_some(const char *s)
{
	return s[strspn(s, BLANKS)] != '\0';
}

static bool
is_image(const char *s)
{
	return *s != '\0' && s[strcspn(s, BLANKS)] == '\0';
}

static bool
is_format(const char *s)
{
	size_t len = strspn(s, LETTERS DIGITS "._-");

	return len > 0 && len <= 40 && s[len] == '\0' &&
	    isalnum((unsigned char)*s);
}

static bool
is_quantity(const char *s)
{
	static const char *const suffix[] = {
		"", "m", "k", "M", "G", "T", "P", "E",
		"Ki", "Mi", "Gi", "Ti", "Pi", "Ei"
	};
	size_t i, len = strspn(s, DIGITS);

	if (len == 0)
		return false;
	s += len;
	if (*s == '.') {
		len = strspn(s + 1, DIGITS);
		if (len == 0)
			return false;
		s += 1 + len;
	}
	for (i = 0; i < ARRAY_SIZE(suffix); i++)
		if (strcmp(s, suffix[i]) == 0)
			return true;
	return false;
}

static bool
is_count(const char *s)
{
	size_t len = strspn(s, DIGITS);

	return len > 0 && len <= 9 && s[len] == '\0';
}

static bool
is_secret(const char *s)
{
	const char *slash = strchr(s, '/');

	return slash != NULL && slash != s && slash[1] != '\0' &&
	    strchr(slash + 1, '/') == NULL && s[strcspn(s, BLANKS)] == '\0';
}

static bool
is_zone(const char *s)
{
	size_t len;

	for (;;) {
		len = strspn(s, LETTERS DIGITS "_+-");
		if (len == 0)
			return false;
		s += len;
		if (*s == '\0')
			return true;
		if (*s++ != '/')
			return false;
	}
}

const struct keyrule keyrule_some = {
	"[^ \t\n\r\f\v]", is_some, "a text"
};
const struct keyrule keyrule_image = {
	"^[^ \t\n\r\f\v]+$", is_image, "an image's name without blanks"
};
const struct keyrule keyrule_format = {
	"^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$", is_format,
	"a file extension like 'csv'"
};
const struct keyrule keyrule_quantity = {
	"^[0-9]+(\\.[0-9]+)?([mkMGTPE]|[KMGTPE]i)?$", is_quantity,
	"a quantity like 2, 500m or 4Gi"
};
const struct keyrule keyrule_count = {
	"^[0-9]{1,9}$", is_count, "a whole number"
};
const struct keyrule keyrule_secret = {
	"^[^/ \t\n\r\f\v]+/[^/ \t\n\r\f\v]+$", is_secret,
	"a secret's group/key like 'digits/dsn'"
};
const struct keyrule keyrule_zone = {
	"^[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+)*$", is_zone,
	"an IANA time zone like 'Europe/Berlin'"
};

const char *
keyrule_expansions(const char *text)
{
	const char *name;
	size_t len;

	while ((text = strstr(text, "${")) != NULL) {
		name = text + 2;
		text = strchr(name, '}');
		if (text == NULL)
			return "'${' has no '}' behind it";
		len = strspn(name, LETTERS DIGITS "_");
		if (len == 0 || isdigit((unsigned char)*name) ||
		    (name[len] != '}' && strncmp(name + len, ":-", 2) != 0))
			return "only '${NAME}' and '${NAME:-default}' are "
			    "replaced";
	}
	return NULL;
}
