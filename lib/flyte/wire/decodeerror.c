/* A component's own words in what Flyte makes of its failure. */
#include "lib/base/compat.h"

#include "lib/base/strbuf.h"
#include "lib/base/xalloc.h"
#include "lib/flyte/wire/decodeerror.h"

/* What Flyte 1.16.8 says of a container that ended by itself. */
static const char ended[] = " terminated with exit code (";
static const char message_of[] = "Message: \n";

/* Behind `[1/1] currentAttempt done. Last Error: USER::`, if it is there. */
static const char *
skip_wrapping(const char *message)
{
	static const char last[] = "Last Error: ";
	const char *p = strstr(message, last), *colons;

	if (p == NULL)
		return message;
	p += strlen(last);
	colons = p + strspn(p, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_");
	return strncmp(colons, "::", 2) == 0 ? colons + 2 : p;
}

/* The last container that failed: sidecars end with 0. */
static const char *
find_container(const char *message, int *code)
{
	const char *found = NULL, *p = message;
	int n;

	while ((p = strstr(p, ended)) != NULL) {
		p += strlen(ended);
		n = (int)strtol(p, NULL, 10);
		if (n != 0 || found == NULL) {
			found = p;
			*code = n;
		}
	}
	return found;
}

/* `Message: \nsome stdout\nboom\n.`: the lines between. */
static bool
find_words(const char *container, const char **from, const char **end)
{
	const char *p = strstr(container, message_of), *next;

	if (p == NULL)
		return false;
	p += strlen(message_of);
	next = strstr(p, ".\r\n[");
	*from = p;
	*end = next != NULL ? next : p + strlen(p);
	if (next == NULL && *end > p && (*end)[-1] == '.')
		(*end)--;
	return true;
}

char *
decode_last_words(const char *message)
{
	const char *container, *from, *end;
	int code;

	container = find_container(message, &code);
	if (container == NULL || !find_words(container, &from, &end))
		return NULL;
	while (end > from && strchr("\r\n\t ", end[-1]) != NULL)
		end--;
	return end > from ? xstrndup(from, (size_t)(end - from)) : NULL;
}

static bool
is_blank(const char *line, size_t len)
{
	return strspn(line, " \t\r") >= len;
}

/* Python's last word, which is not the reason. */
static bool
is_verdict(const char *line, size_t len)
{
	return len >= 11 && (strncmp(line, "User error.", 11) == 0 ||
	    strncmp(line, "SYSTEM ERRO", 11) == 0);
}

static const char *
next_line(const char *line)
{
	line += strcspn(line, "\n");
	return *line == '\n' ? line + 1 : line;
}

/* The first line that says something; with `last`, the last one. */
static const char *
pick_line(const char *text, bool last)
{
	const char *line, *found = NULL;
	size_t len;

	for (line = text; *line != '\0'; line = next_line(line)) {
		len = strcspn(line, "\n");
		if (is_blank(line, len) || is_verdict(line, len))
			continue;
		found = line;
		if (!last)
			break;
	}
	return found;
}

static char *
copy_line(const char *line)
{
	const char *end = line + strcspn(line, "\n");

	line += strspn(line, " \t\r");
	while (end > line && strchr(" \t\r", end[-1]) != NULL)
		end--;
	return xstrndup(line, (size_t)(end - line));
}

/* flytekit's: a traceback, whose last line says it, or one under `Message:`. */
static char *
reason_of_text(const char *text)
{
	const char *line = NULL, *heading = strstr(text, "Message:\n");

	if (heading != NULL)
		line = pick_line(next_line(heading), false);
	if (line == NULL)
		line = pick_line(text, strstr(text, "Traceback ") != NULL);
	return line != NULL ? copy_line(line) : NULL;
}

char *
decode_reason(const char *message)
{
	static const char own[] = "unionml: ";
	const char *container, *line;
	char *words, *reason;
	int code;

	container = find_container(message, &code);
	if (container == NULL)
		return reason_of_text(skip_wrapping(message));
	words = decode_last_words(message);
	if (words == NULL)
		return xasprintf("exit status %d", code);
	line = pick_line(words, true);
	reason = copy_line(line != NULL ? line : words);
	free(words);
	if (strncmp(reason, own, strlen(own)) == 0)
		memmove(reason, reason + strlen(own),
		    strlen(reason) - strlen(own) + 1);
	return reason;
}
