/*
 * Files that look like secrets. Names first; then the first bytes of what is
 * left, where a private key must begin a line, or a text in a JSON file:
 * source code that only speaks of keys is none.
 */
#include "lib/base/compat.h"

#include <fcntl.h>
#include <unistd.h>

#include "lib/base/io.h"
#include "lib/base/path.h"
#include "lib/base/xalloc.h"
#include "lib/package/below.h"
#include "lib/package/filelist.h"
#include "lib/package/secret.h"

/* How far to look: a bundle holds certificates before the key. */
enum { HEAD_MAX = 4096, KEY_FILE_MAX = 256 << 10 };

static const char named_so[] = "has the name of a file of secrets";

static bool
has_suffix(const char *name, const char *suffix)
{
	size_t len = strlen(name), n = strlen(suffix);

	return len >= n && strcmp(name + len - n, suffix) == 0;
}

static bool
is_one_of(const char *name, const char *const *names, size_t n)
{
	while (n-- > 0)
		if (strcmp(name, names[n]) == 0)
			return true;
	return false;
}

static const char *
judge_name(const char *path)
{
	static const char *const names[] = { ".env", ".netrc", "_netrc",
	    ".pypirc", ".pgpass", ".git-credentials", "id_rsa", "id_dsa",
	    "id_ecdsa", "id_ecdsa_sk", "id_ed25519", "id_ed25519_sk" };
	static const char *const harmless[] = { ".example", ".sample",
	    ".template" };
	const char *name = path_basename(path);
	size_t i;

	if (is_one_of(name, names, ARRAY_SIZE(names)) ||
	    strcmp(path, ".aws/credentials") == 0 ||
	    has_suffix(path, "/.aws/credentials"))
		return named_so;
	if (has_suffix(name, ".p12") || has_suffix(name, ".pfx"))
		return "is a store of keys";
	if (strncmp(name, ".env.", 5) != 0)
		return NULL;
	for (i = 0; i < ARRAY_SIZE(harmless); i++)
		if (has_suffix(name, harmless[i]))
			return NULL;
	return named_so;
}

/* Whether `-----BEGIN ... PRIVATE KEY-----` stands at `p`. */
static bool
is_key(const char *p, size_t len)
{
	static const char begin[] = "-----BEGIN ", end[] = "PRIVATE KEY";
	const char *stop;

	if (len < strlen(begin) || memcmp(p, begin, strlen(begin)) != 0)
		return false;
	len = len < 80 ? len : 80;
	stop = memchr(p, '\n', len);
	if (stop != NULL)
		len = (size_t)(stop - p);
	return memmem(p, len, end, strlen(end)) != NULL;
}

static bool
holds_key(const char *text, size_t len, bool json)
{
	const char *p = text, *end = text + len;
	static const char dashes[] = "-----BEGIN ";

	while ((p = memmem(p, (size_t)(end - p), dashes, strlen(dashes))) !=
	    NULL) {
		if ((p == text || p[-1] == '\n' || (json && p[-1] == '"')) &&
		    is_key(p, (size_t)(end - p)))
			return true;
		p++;
	}
	return false;
}

static const char *
judge_text(const char *name, const char *text, size_t len)
{
	static const char aws[] = "aws_secret_access_key";
	static const char putty[] = "PuTTY-User-Key-File-";

	if (holds_key(text, len, has_suffix(name, ".json")) ||
	    (len > strlen(putty) && memcmp(text, putty, strlen(putty)) == 0))
		return "holds a private key";
	if (strcmp(name, "credentials.json") == 0 &&
	    memmem(text, len, "\"private_key\"", 13) != NULL)
		return "holds a private key";
	if (strcmp(name, "credentials") == 0 &&
	    memmem(text, len, aws, strlen(aws)) != NULL)
		return "holds AWS credentials";
	return NULL;
}

/* Up to `size` bytes from the beginning; -1 with errno. */
static ssize_t
read_head(int dir, const char *name, char *buf, size_t size)
{
	size_t len = 0;
	ssize_t n = 0;
	int fd, saved;

	fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return -1;
	while (len < size && (n = read_some(fd, buf + len, size - len)) > 0)
		len += (size_t)n;
	saved = errno;
	close(fd);
	errno = saved;
	return n < 0 ? -1 : (ssize_t)len;
}

static bool
is_key_file(const char *name)
{
	return has_suffix(name, ".pem") || has_suffix(name, ".key");
}

static enum status
judge(struct below *below, const struct filelist *list, const char *path,
    char *buf, const char **why)
{
	const char *name;
	ssize_t len = -1;
	int dir;

	*why = judge_name(path);
	if (*why != NULL)
		return EXIT_DONE;
	dir = below_parent(below, path, false, &name);
	if (dir >= 0)
		len = read_head(dir, name, buf, is_key_file(name) ?
		    KEY_FILE_MAX : HEAD_MAX);
	if (len < 0)
		return error_errno(EXIT_LOCAL, "cannot read '%s/%s'",
		    list->dir, path);
	*why = judge_text(name, buf, (size_t)len);
	return EXIT_DONE;
}

enum status
secrets_find(struct secrets *secrets, const struct filelist *list)
{
	struct below below = BELOW_INIT;
	enum status status = EXIT_DONE;
	struct secret found;
	char *buf;
	size_t i;

	if (below_open(&below, list->dir) < 0)
		return error_errno(EXIT_LOCAL, "cannot open '%s'", list->dir);
	buf = xmalloc(KEY_FILE_MAX);
	for (i = 0; i < list->n && status == EXIT_DONE; i++) {
		/* A link's file is listed itself, and nothing holds nothing. */
		if (list->v[i].kind == FILELIST_LINK || list->v[i].size == 0)
			continue;
		found.path = list->v[i].path;
		status = judge(&below, list, found.path, buf, &found.why);
		if (status == EXIT_DONE && found.why != NULL) {
			ALLOC_GROW(secrets->v, secrets->n, secrets->cap);
			secrets->v[secrets->n++] = found;
		}
	}
	free(buf);
	below_close(&below);
	return status;
}

void
secrets_release(struct secrets *secrets)
{
	free(secrets->v);
	secrets->v = NULL;
	secrets->n = secrets->cap = 0;
}
