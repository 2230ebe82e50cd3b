/*
 * Archives. What the reader lets pass must be harmless by rules written here
 * once more, and be the same when it is read in other pieces.
 */
#include "lib/base/compat.h"

#include "lib/base/err.h"
#include "lib/base/strbuf.h"
#include "lib/base/xalloc.h"
#include "lib/package/tar.h"
#include "lib/package/untar.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct input {
	const uint8_t *data;
	size_t len, at;
};

static enum status
give(void *arg, void *buf, size_t len, size_t *got)
{
	struct input *in = arg;

	*got = in->len - in->at < len ? in->len - in->at : len;
	memcpy(buf, in->data + in->at, *got);
	in->at += *got;
	return EXIT_DONE;
}

static void
swallow(void *arg, const char *text, size_t len)
{
	(void)arg;
	(void)text;
	(void)len;
}

/* Walks the path as a kernel would: how deep it gets, -1 where it leaves. */
static int
depth_of(const char *path, int depth)
{
	size_t len;

	if (*path == '/')
		return -1;
	for (; *path != '\0' && depth >= 0; path += len + (path[len] == '/')) {
		len = strcspn(path, "/");
		if (len == 2 && memcmp(path, "..", 2) == 0)
			depth--;
		else if (len > 0 && !(len == 1 && *path == '.'))
			depth++;
	}
	return depth;
}

static bool
has_dots(const char *path)
{
	size_t len = strlen(path);

	return strcmp(path, "..") == 0 || strncmp(path, "../", 3) == 0 ||
	    strstr(path, "/../") != NULL ||
	    (len > 3 && strcmp(path + len - 3, "/..") == 0);
}

static void
check_entry(const struct untar *u)
{
	int depth = depth_of(u->path.buf, 0);

	if (depth <= 0 || has_dots(u->path.buf) ||
	    strlen(u->path.buf) != u->path.len)
		BUG("path '%s' passed", u->path.buf);
	if (u->kind == UNTAR_LINK && (u->target.len == 0 ||
	    depth_of(u->target.buf, depth - 1) < 0))
		BUG("link '%s' to '%s' passed", u->path.buf, u->target.buf);
	if (u->kind == UNTAR_SAME && (depth_of(u->target.buf, 0) <= 0 ||
	    has_dots(u->target.buf)))
		BUG("'%s' is the same as '%s'", u->path.buf, u->target.buf);
	if (u->left < 0)
		BUG("'%s' of %lld bytes", u->path.buf, (long long)u->left);
}

/* Reads it in pieces of so many bytes; 0: passes over the contents. */
static enum status
read_all(const uint8_t *data, size_t size, bool any, size_t piece,
    struct strbuf *names)
{
	struct input in = { data, size, 0 };
	struct untar u = UNTAR_INIT;
	enum status status;
	char buf[1000];
	size_t got;

	u.read = give;
	u.arg = &in;
	u.name = "fuzz.tar";
	u.any = any;
	for (;;) {
		status = untar_next(&u);
		if (status != EXIT_DONE || u.kind == UNTAR_END)
			break;
		check_entry(&u);
		strbuf_addf(names, "%d %s %s\n", (int)u.kind, u.path.buf,
		    u.target.buf);
		do {
			got = 0;
			if (u.kind == UNTAR_FILE && piece > 0)
				status = untar_data(&u, buf, piece, &got);
		} while (status == EXIT_DONE && got > 0);
		if (status != EXIT_DONE)
			break;
	}
	if (status == EXIT_DONE && in.at != size)
		BUG("only %zu of %zu bytes were read", in.at, size);
	untar_release(&u);
	return status;
}

static void
try_archive(const uint8_t *data, size_t size)
{
	struct strbuf first = STRBUF_INIT, second = STRBUF_INIT;
	bool any = false;

	do {
		if (read_all(data, size, any, 1000, &first) !=
		    read_all(data, size, any, 0, &second) ||
		    strcmp(first.buf, second.buf) != 0)
			BUG("read differently the second time");
		any = !any;
	} while (any);
	strbuf_release(&first);
	strbuf_release(&second);
}

/* With checksums made right, or hardly any change would get past them. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *copy = xmalloc(size + 1);
	struct tar_header h;
	size_t i;

	err_set_sink(swallow, NULL);
	try_archive(data, size);
	memcpy(copy, data, size);
	for (i = 0; i + sizeof(h) <= size; i += sizeof(h)) {
		memcpy(&h, copy + i, sizeof(h));
		if (memcmp(h.magic, "ustar", strlen("ustar")) == 0) {
			snprintf(h.checksum, sizeof(h.checksum), "%06o",
			    tar_checksum(&h));
			memcpy(copy + i, &h, sizeof(h));
		}
	}
	try_archive(copy, size);
	free(copy);
	return 0;
}
