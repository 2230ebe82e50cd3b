/*
 * The token cache on the disk. The name of a file is of the host, for people,
 * and of a digest of all that the token depends on. What it holds names those,
 * too, and is believed only if they agree.
 */
#include "lib/base/compat.h"

#include <sys/file.h>
#include <sys/stat.h>

#include <fcntl.h>
#include <sha2.h>
#include <unistd.h>

#include "lib/base/arena.h"
#include "lib/base/clock.h"
#include "lib/base/err.h"
#include "lib/base/io.h"
#include "lib/base/path.h"
#include "lib/base/strbuf.h"
#include "lib/base/tempfile.h"
#include "lib/base/tree.h"
#include "lib/base/xalloc.h"
#include "lib/flyte/login/token.h"
#include "lib/flyte/login/tokencache.h"
#include "lib/text/jsonio.h"

enum { FILE_MAX = 1 << 20, DIGEST_SHOWN = 16, LOCK_POLL_MS = 50,
	LOCK_TOLD_MS = 1000 };

static PRINTF_LIKE(2, 3) void
warn_once(struct tokencache *cache, const char *fmt, ...)
{
	struct strbuf sb = STRBUF_INIT;
	va_list ap;

	if (cache->warned)
		return;
	cache->warned = true;
	va_start(ap, fmt);
	strbuf_vaddf(&sb, fmt, ap);
	va_end(ap);
	warning("%s; the login is not kept", sb.buf);
	strbuf_release(&sb);
}

/* XDG Base Directory: a relative one is as good as none. */
static char *
state_directory(void)
{
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");

	if (state != NULL && *state == '/')
		return path_join(state, "unionml/tokens");
	if (home != NULL && *home == '/')
		return path_join(home, ".local/state/unionml/tokens");
	return NULL;
}

static void
add_digest(struct strbuf *sb, const struct tokencache *cache)
{
	char hex[SHA256_DIGEST_STRING_LENGTH];
	SHA2_CTX sha;

	SHA256Init(&sha);
	SHA256Update(&sha, (const uint8_t *)cache->origin,
	    strlen(cache->origin) + 1);
	SHA256Update(&sha, (const uint8_t *)cache->flow,
	    strlen(cache->flow) + 1);
	SHA256Update(&sha, (const uint8_t *)cache->client,
	    strlen(cache->client) + 1);
	SHA256End(&sha, hex);
	strbuf_add(sb, hex, DIGEST_SHOWN);
}

void
tokencache_open(struct tokencache *cache, const char *origin,
    const char *flow, const char *client)
{
	struct strbuf name = STRBUF_INIT;
	const char *p = strstr(origin, "://");
	char *dir = state_directory();

	memset(cache, 0, sizeof(*cache));
	cache->lock_fd = -1;
	cache->origin = xstrdup(origin);
	cache->flow = xstrdup(flow);
	cache->client = xstrdup(client);
	if (dir == NULL)
		return;
	for (p = p != NULL ? p + 3 : origin; *p != '\0' && name.len < 100; p++)
		strbuf_addch(&name, isalnum((unsigned char)*p) || *p == '.' ||
		    *p == '-' ? *p : '_');
	strbuf_addch(&name, '-');
	add_digest(&name, cache);
	cache->path = path_join(dir, name.buf);
	strbuf_release(&name);
	free(dir);
}

void
tokencache_close(struct tokencache *cache)
{
	tokencache_unlock(cache);
	free(cache->path);
	free(cache->origin);
	free(cache->flow);
	free(cache->client);
	memset(cache, 0, sizeof(*cache));
	cache->lock_fd = -1;
}

/* Ours and nobody else's to look at. */
static bool
is_private(struct tokencache *cache, const struct stat *st, const char *path)
{
	if (st->st_uid != geteuid())
		warn_once(cache, "'%s' belongs to somebody else", path);
	else if ((st->st_mode & 077) != 0)
		warn_once(cache, "'%s' can be read by others: make it yours "
		    "alone (chmod go= '%s')", path, path);
	else
		return true;
	return false;
}

/* Looks at the directory; with `make` makes it. */
static bool
directory_is_fine(struct tokencache *cache, bool make)
{
	char *dir = path_dirname(cache->path), *parent = path_dirname(dir);
	struct stat st;
	bool fine = false;

	if (make && (tree_mkdirs(parent) != 0 ||
	    (mkdir(dir, 0700) != 0 && errno != EEXIST)))
		warn_once(cache, "cannot make '%s': %s", dir,
		    strerror(errno));
	else if (lstat(dir, &st) == 0 && !S_ISDIR(st.st_mode))
		warn_once(cache, "'%s' is no directory", dir);
	else
		fine = lstat(dir, &st) == 0 && is_private(cache, &st, dir);
	free(dir);
	free(parent);
	return fine;
}

static char *
copy_of(const struct json *map, const char *name)
{
	const struct json *value = json_find(map, name);

	return value != NULL && value->kind == JSON_TEXT ?
	    xstrdup(value->text) : NULL;
}

static int64_t
number_of(const struct json *map, const char *name)
{
	const struct json *value = json_find(map, name);

	return value != NULL && value->kind == JSON_INT ? value->integer : 0;
}

static bool
says(const struct json *map, const char *name, const char *text)
{
	const struct json *value = json_find(map, name);

	return value != NULL && value->kind == JSON_TEXT &&
	    strcmp(value->text, text) == 0;
}

/* A damaged file is as good as none: the next login writes it anew. */
static bool
parse(const struct tokencache *cache, const struct strbuf *text,
    struct token *token)
{
	struct arena arena = ARENA_INIT;
	struct token read;
	const char *why;
	struct json *map = json_parse(&arena, text->buf, text->len, &why);
	bool fine;

	memset(&read, 0, sizeof(read));
	fine = says(map, "origin", cache->origin) &&
	    says(map, "flow", cache->flow) &&
	    says(map, "client", cache->client);
	if (fine) {
		read.access = copy_of(map, "access_token");
		read.refresh = copy_of(map, "refresh_token");
		read.client_id = copy_of(map, "client_id");
		read.token_url = copy_of(map, "token_url");
		read.header = copy_of(map, "header");
		read.issued = number_of(map, "issued_at");
		read.expires = number_of(map, "expires_at");
		fine = read.access != NULL && token_is_clean(read.access);
	}
	arena_release(&arena);
	if (fine)
		token_move(token, &read);
	token_release(&read);
	return fine;
}

bool
tokencache_load(struct tokencache *cache, struct token *token)
{
	struct strbuf text = STRBUF_INIT;
	struct stat st;
	bool fine;
	int fd;

	if (cache->path == NULL)
		return false;
	fd = open(cache->path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0)
		return false;
	fine = directory_is_fine(cache, false) && fstat(fd, &st) == 0 &&
	    S_ISREG(st.st_mode) && is_private(cache, &st, cache->path) &&
	    read_fd(fd, &text, FILE_MAX) == 0 && parse(cache, &text, token);
	close(fd);
	explicit_bzero(text.buf, text.len);
	strbuf_release(&text);
	return fine;
}

static void
print(const struct tokencache *cache, const struct token *token,
    struct strbuf *sb)
{
	struct json_writer w;

	json_writer_init(&w, sb, true);
	json_begin_map(&w, NULL);
	json_put_text(&w, "origin", cache->origin);
	json_put_text(&w, "flow", cache->flow);
	json_put_text(&w, "client", cache->client);
	json_put_text_or_null(&w, "client_id", token->client_id);
	json_put_text_or_null(&w, "token_url", token->token_url);
	json_put_text_or_null(&w, "header", token->header);
	json_put_int(&w, "issued_at", token->issued);
	json_put_int(&w, "expires_at", token->expires);
	json_put_text(&w, "access_token", token->access);
	json_put_text_or_null(&w, "refresh_token", token->refresh);
	json_end_map(&w);
	strbuf_addch(sb, '\n');
}

void
tokencache_save(struct tokencache *cache, const struct token *token)
{
	struct tempfile file = TEMPFILE_INIT;
	struct strbuf text = STRBUF_INIT;

	if (cache->path == NULL || !directory_is_fine(cache, true))
		return;
	print(cache, token, &text);
	if (tempfile_create(&file, cache->path, 0600) != 0 ||
	    write_full(file.fd, text.buf, text.len) != 0 ||
	    tempfile_commit(&file) != 0)
		warn_once(cache, "cannot write '%s': %s", cache->path,
		    strerror(errno));
	tempfile_abort(&file);
	explicit_bzero(text.buf, text.len);
	strbuf_release(&text);
}

void
tokencache_drop(struct tokencache *cache)
{
	if (cache->path != NULL)
		unlink(cache->path);
}

void
tokencache_lock(struct tokencache *cache, int64_t timeout_ms)
{
	const struct timespec pause = { 0, LOCK_POLL_MS * 1000000L };
	int64_t start = clock_monotonic_ms(), waited = 0;
	bool told = false;
	char *path;

	if (cache->path == NULL || cache->lock_fd >= 0 ||
	    !directory_is_fine(cache, true))
		return;
	path = xasprintf("%s.lock", cache->path);
	cache->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW,
	    0600);
	free(path);
	while (cache->lock_fd >= 0 &&
	    flock(cache->lock_fd, LOCK_EX | LOCK_NB) != 0) {
		waited = clock_monotonic_ms() - start;
		if (errno != EWOULDBLOCK || waited >= timeout_ms) {
			tokencache_unlock(cache);
			return;
		}
		if (!told && waited >= LOCK_TOLD_MS) {
			note("waiting for another unionml to log in");
			told = true;
		}
		nanosleep(&pause, NULL);
	}
}

/* The file stays: to remove it would let two hold locks of one name. */
void
tokencache_unlock(struct tokencache *cache)
{
	if (cache->lock_fd >= 0)
		close(cache->lock_fd);
	cache->lock_fd = -1;
}
