/* Starts a browser and leaves it alone: no shell, no output of its own. */
#include "lib/base/compat.h"

#include <fcntl.h>
#include <unistd.h>

#include "lib/base/process.h"
#include "lib/base/strbuf.h"
#include "lib/base/strvec.h"
#include "lib/base/xalloc.h"
#include "lib/flyte/login/browser.h"

extern char **environ;

/* A word of the command; `%s` in it is the URL. */
static bool
push_word(struct strvec *argv, const char *word, size_t len, const char *url)
{
	const char *mark = memmem(word, len, "%s", 2);
	size_t before;

	if (mark == NULL) {
		strvec_push_owned(argv, xstrndup(word, len));
		return false;
	}
	before = (size_t)(mark - word);
	strvec_pushf(argv, "%.*s%s%.*s", (int)before, word, url,
	    (int)(len - before - 2), mark + 2);
	return true;
}

static bool
start(const char *command, size_t len, const char *url)
{
	struct process_spec spec = { NULL, environ, ".", -1, -1 };
	struct strvec argv = STRVEC_INIT;
	const char *end = command + len;
	bool placed = false;
	size_t word;
	pid_t pid;
	int err = ENOENT;

	for (;;) {
		while (command < end && *command == ' ')
			command++;
		for (word = 0; command + word < end && command[word] != ' ';)
			word++;
		if (word == 0)
			break;
		placed |= push_word(&argv, command, word, url);
		command += word;
	}
	if (!placed)
		strvec_push(&argv, url);
	spec.argv = argv.v;
	spec.log_fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
	if (spec.log_fd >= 0 && (argv.n > 1 || placed))
		err = process_spawn(&spec, &pid);
	if (spec.log_fd >= 0)
		close(spec.log_fd);
	strvec_release(&argv);
	return err == 0;
}

bool
browser_open(const char *url)
{
	const char *list = getenv("BROWSER");
	size_t len;

	for (; list != NULL && *list != '\0'; list += len) {
		len = strcspn(list, ":");
		if (len > 0 && start(list, len, url))
			return true;
		len += list[len] == ':';
	}
	if (getenv("DISPLAY") == NULL && getenv("WAYLAND_DISPLAY") == NULL)
		return false;
	return start("xdg-open", strlen("xdg-open"), url);
}
