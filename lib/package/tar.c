/*
 * Writing tar archives, as POSIX.1-2017's pax describes them: IEEE Std 1003.1,
 * "ustar Interchange Format" and "pax Extended Header". What readers disagree
 * on (base-256 numbers, GNU's long names) is not used.
 */
#include "lib/base/compat.h"

#include "lib/base/strbuf.h"
#include "lib/package/tar.h"
#include "lib/text/utf8.h"

/* What eleven octal digits hold. */
#define USTAR_SIZE_MAX INT64_C(077777777777)

static const char zeros[TAR_BLOCK];

unsigned int
tar_checksum(const struct tar_header *header)
{
	const unsigned char *p = (const unsigned char *)header;
	size_t i, at = offsetof(struct tar_header, checksum);
	unsigned int sum = 0;

	for (i = 0; i < sizeof(*header); i++)
		sum += i >= at && i < at + sizeof(header->checksum) ? ' ' :
		    p[i];
	return sum;
}

static enum status
put(struct tar *tar, const void *data, size_t len)
{
	tar->bytes += (int64_t)len;
	return tar->write(tar->arg, data, len);
}

/* Up to the next multiple of `unit`. */
static enum status
pad(struct tar *tar, int64_t unit)
{
	enum status status = EXIT_DONE;
	int64_t n = (unit - tar->bytes % unit) % unit;

	for (; n > 0 && status == EXIT_DONE; n -= TAR_BLOCK)
		status = put(tar, zeros, n < TAR_BLOCK ? (size_t)n : TAR_BLOCK);
	return status;
}

/* Where to cut a name for the field `prefix`; 0: it needs none; -1: cannot. */
static int
cut_for_prefix(const char *path, size_t len)
{
	const struct tar_header *h;
	size_t i;

	if (len <= sizeof(h->name))
		return 0;
	for (i = len - sizeof(h->name) - 1; i <= sizeof(h->prefix) &&
	    i + 1 < len; i++)
		if (i > 0 && path[i] == '/')
			return (int)i;
	return -1;
}

static enum status
put_header(struct tar *tar, struct tar_header *h, char type, unsigned int mode,
    int64_t size)
{
	snprintf(h->mode, sizeof(h->mode), "%07o", mode);
	snprintf(h->uid, sizeof(h->uid), "%07o", 0);
	snprintf(h->gid, sizeof(h->gid), "%07o", 0);
	snprintf(h->size, sizeof(h->size), "%011llo", (unsigned long long)size);
	snprintf(h->mtime, sizeof(h->mtime), "%011o", 0);
	h->type = type;
	memcpy(h->magic, "ustar", sizeof(h->magic));
	memcpy(h->version, "00", sizeof(h->version));
	snprintf(h->devmajor, sizeof(h->devmajor), "%07o", 0);
	snprintf(h->devminor, sizeof(h->devminor), "%07o", 0);
	/* Six digits, NUL, blank. */
	snprintf(h->checksum, sizeof(h->checksum) - 1, "%06o", tar_checksum(h));
	h->checksum[7] = ' ';
	return put(tar, h, sizeof(*h));
}

/* `LENGTH KEY=VALUE\n`, where LENGTH counts its own digits too. */
static void
add_record(struct strbuf *sb, const char *key, const char *value)
{
	size_t rest = strlen(key) + strlen(value) + 3, len = rest, digits;
	char text[24];

	do {
		digits = (size_t)snprintf(text, sizeof(text), "%zu", len);
		len = rest + digits;
	} while (snprintf(NULL, 0, "%zu", len) != (int)digits);
	strbuf_addf(sb, "%zu %s=%s\n", len, key, value);
}

static bool
is_utf8(const char *s)
{
	size_t len = strlen(s), n;

	for (; len > 0; s += n, len -= n)
		if ((n = utf8_length(s, len)) == 0)
			return false;
	return true;
}

static enum status
put_records(struct tar *tar, const struct strbuf *records)
{
	struct tar_header h = { .name = "././@PaxHeader" };
	enum status status;

	status = put_header(tar, &h, 'x', 0644, (int64_t)records->len);
	if (status == EXIT_DONE)
		status = put(tar, records->buf, records->len);
	return status == EXIT_DONE ? pad(tar, TAR_BLOCK) : status;
}

/* What a field of the header cannot hold goes into a record before it. */
static enum status
put_entry(struct tar *tar, char type, unsigned int mode, const char *path,
    const char *target, int64_t size)
{
	struct strbuf records = STRBUF_INIT;
	struct tar_header h = { .name = "" };
	size_t len = strlen(path), linked = strlen(target);
	int cut = cut_for_prefix(path, len);
	enum status status = EXIT_DONE;
	char text[24];

	if ((cut < 0 && !is_utf8(path)) ||
	    (linked > sizeof(h.linkname) && !is_utf8(target)))
		add_record(&records, "hdrcharset", "BINARY");
	if (cut < 0)
		add_record(&records, "path", path);
	else if (cut > 0)
		memcpy(h.prefix, path, (size_t)cut);
	path += cut > 0 ? cut + 1 : 0;
	len -= cut > 0 ? (size_t)cut + 1 : 0;
	memcpy(h.name, path, len < sizeof(h.name) ? len : sizeof(h.name));
	if (linked > sizeof(h.linkname))
		add_record(&records, "linkpath", target);
	memcpy(h.linkname, target, linked < sizeof(h.linkname) ? linked :
	    sizeof(h.linkname));
	if (size > USTAR_SIZE_MAX) {
		snprintf(text, sizeof(text), "%lld", (long long)size);
		add_record(&records, "size", text);
	}
	if (records.len > 0)
		status = put_records(tar, &records);
	strbuf_release(&records);
	if (status != EXIT_DONE)
		return status;
	return put_header(tar, &h, type, mode, size > USTAR_SIZE_MAX ? 0 :
	    size);
}

enum status
tar_file(struct tar *tar, const char *path, int64_t size, bool executable)
{
	if (tar->left != 0)
		BUG("'%s' begins before another file's end", path);
	tar->left = size;
	return put_entry(tar, '0', executable ? 0755 : 0644, path, "", size);
}

enum status
tar_data(struct tar *tar, const void *data, size_t len)
{
	enum status status;

	if ((uint64_t)len > (uint64_t)tar->left)
		BUG("%zu bytes for a file of which %lld are left", len,
		    (long long)tar->left);
	tar->left -= (int64_t)len;
	status = put(tar, data, len);
	return status == EXIT_DONE && tar->left == 0 ? pad(tar, TAR_BLOCK) :
	    status;
}

enum status
tar_link(struct tar *tar, const char *path, const char *target)
{
	if (tar->left != 0)
		BUG("'%s' begins before another file's end", path);
	return put_entry(tar, '2', 0777, path, target, 0);
}

enum status
tar_end(struct tar *tar)
{
	enum status status = put(tar, zeros, TAR_BLOCK);

	if (status == EXIT_DONE)
		status = put(tar, zeros, TAR_BLOCK);
	return status == EXIT_DONE ? pad(tar, TAR_RECORD) : status;
}

const char *
tar_link_fault(const char *path, const char *target)
{
	bool named = false;
	size_t len;

	if (*target == '\0')
		return "is empty";
	if (*target == '/')
		return "is absolute";
	for (; *target != '\0'; target += len + (target[len] == '/')) {
		len = strcspn(target, "/");
		if (len == 0 || (len == 1 && *target == '.'))
			continue;
		if (len != 2 || memcmp(target, "..", 2) != 0) {
			named = true;
			continue;
		}
		if (named)
			return "has '..' behind a name";
		path = strchr(path, '/');
		if (path == NULL)
			return "leads out of the directory";
		path++;
	}
	return NULL;
}
