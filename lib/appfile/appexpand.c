/*
 * `${NAME}` in texts that depend on the place. The app keeps them as written;
 * they are replaced where they are used, so that a file can name targets whose
 * environment is not there.
 */
#include "lib/base/compat.h"

#include "lib/appfile/appfile.h"
#include "lib/appfile/keyrule.h"
#include "lib/base/strbuf.h"
#include "lib/base/xalloc.h"

/* Appends the value of what stands between the braces; false if it has none. */
static bool
append_value(struct strbuf *sb, const char *inside, size_t len, char **why)
{
	const char *preset = memmem(inside, len, ":-", 2);
	size_t name_len = preset != NULL ? (size_t)(preset - inside) : len;
	char *name = xstrndup(inside, name_len);
	const char *value = getenv(name);

	if (value != NULL && (*value != '\0' || preset == NULL))
		strbuf_addstr(sb, value);
	else if (preset != NULL)
		strbuf_add(sb, preset + 2, len - name_len - 2);
	else
		*why = xasprintf("'%s' is not set in the environment; set it, "
		    "or write '${%s:-default}'", name, name);
	free(name);
	return *why == NULL;
}

char *
appfile_expand(const char *text, char **why)
{
	const char *fault = keyrule_expansions(text), *next;
	struct strbuf sb = STRBUF_INIT;
	size_t len;

	*why = NULL;
	if (fault != NULL) {
		*why = xstrdup(fault);
		return NULL;
	}
	while ((next = strstr(text, "${")) != NULL) {
		strbuf_add(&sb, text, (size_t)(next - text));
		len = strcspn(next, "}");
		if (!append_value(&sb, next + 2, len - 2, why)) {
			strbuf_release(&sb);
			return NULL;
		}
		text = next + len + 1;
	}
	strbuf_addstr(&sb, text);
	return strbuf_detach(&sb);
}
