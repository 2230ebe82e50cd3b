/* Writing tar archives, byte by byte. */
#include "lib/base/compat.h"

#include "lib/base/strbuf.h"
#include "lib/package/tar.h"
#include "t/unit/tap.h"

static struct strbuf out = STRBUF_INIT;
static size_t room;

static enum status
keep(void *arg, const void *data, size_t len)
{
	(void)arg;
	if (out.len + len > room)
		return EXIT_LOCAL;
	strbuf_add(&out, data, len);
	return EXIT_DONE;
}

static struct tar
begin(void)
{
	struct tar tar = { keep, NULL, 0, 0 };

	strbuf_reset(&out);
	room = SIZE_MAX;
	return tar;
}

static void
is_field(size_t at, size_t len, const char *want, const char *name)
{
	char text[200];

	snprintf(text, sizeof(text), "%.*s", (int)len, out.buf + at);
	is_str(text, want, name);
}

static void
test_header(void)
{
	struct tar tar = begin();
	size_t i, zeros = 0;

	is_int(tar_file(&tar, "bin/run", 5, true), EXIT_DONE, "a file");
	is_int(tar_data(&tar, "he", 2), EXIT_DONE, "its beginning");
	is_int(tar_data(&tar, "llo", 3), EXIT_DONE, "its end");
	is_int((long long)out.len, 1024, "two blocks");
	is_field(0, 100, "bin/run", "name");
	is_field(100, 8, "0000755", "mode");
	is_field(108, 8, "0000000", "uid");
	is_field(116, 8, "0000000", "gid");
	is_field(124, 12, "00000000005", "size");
	is_field(136, 12, "00000000000", "mtime");
	is_field(148, 7, "010502", "checksum");
	is_int(out.buf[154], 0, "NUL behind it");
	is_int(out.buf[155], ' ', "and a blank");
	is_int(out.buf[156], '0', "type");
	is_field(157, 100, "", "no link");
	ok(memcmp(out.buf + 257, "ustar\0" "00", 8) == 0, "magic, version");
	is_field(265, 32, "", "no user");
	is_field(297, 32, "", "no group");
	is_field(329, 8, "0000000", "devmajor");
	is_field(337, 8, "0000000", "devminor");
	is_field(345, 155, "", "no prefix");
	is_field(512, 512, "hello", "content");

	is_int(tar_file(&tar, "empty", 0, false), EXIT_DONE, "an empty file");
	is_int((long long)out.len, 1536, "a header alone");
	is_field(1024 + 100, 8, "0000644", "mode");
	is_int(tar_link(&tar, "d/l", "../empty"), EXIT_DONE, "a link");
	is_field(1536 + 100, 8, "0000777", "mode");
	is_field(1536 + 156, 1, "2", "type");
	is_field(1536 + 157, 100, "../empty", "target");
	is_int(tar_end(&tar), EXIT_DONE, "the end");
	is_int((long long)out.len, TAR_RECORD, "a whole record");
	is_int(tar.bytes, TAR_RECORD, "counted");
	for (i = 2048; i < out.len; i++)
		zeros += out.buf[i] == '\0';
	is_int((long long)zeros, TAR_RECORD - 2048, "zeros");
}

static void
test_end(void)
{
	struct tar tar = begin();
	char block[TAR_BLOCK] = "";
	int i;

	is_int(tar_end(&tar), EXIT_DONE, "an archive of nothing");
	is_int((long long)out.len, TAR_RECORD, "is a record");
	tar = begin();
	is_int(tar_file(&tar, "f", 18 * TAR_BLOCK, false), EXIT_DONE, "f");
	for (i = 0; i < 18; i++)
		tar_data(&tar, block, sizeof(block));
	is_int((long long)out.len, 19 * TAR_BLOCK, "room for one block more");
	is_int(tar_end(&tar), EXIT_DONE, "which is not enough");
	is_int((long long)out.len, 2 * TAR_RECORD, "for the end");
}

/* `a` n times, with slashes where `slashes` says. */
static const char *
long_name(size_t n, size_t slash)
{
	static char name[5000];

	memset(name, 'a', n);
	name[n] = '\0';
	if (slash > 0)
		name[slash] = '/';
	return name;
}

static void
test_prefix(void)
{
	static const struct row {
		size_t len, slash;
		int prefix;		/* -1: a pax header */
	} rows[] = {
		{ 99, 0, 0 }, { 100, 0, 0 }, { 101, 0, -1 }, { 101, 1, 1 },
		{ 101, 99, 99 }, { 101, 50, 50 }, { 102, 1, 1 },
		{ 103, 1, -1 }, { 256, 155, 155 }, { 256, 154, -1 },
		{ 256, 156, -1 }, { 257, 155, -1 }, { 257, 156, -1 },
		{ 200, 0, -1 }, { 4000, 155, -1 }
	};
	struct strbuf got = STRBUF_INIT;
	const char *name;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct tar tar = begin();

		name = long_name(rows[i].len, rows[i].slash);
		tar_file(&tar, name, 0, false);
		strbuf_reset(&got);
		if (rows[i].prefix < 0) {
			is_field(156, 1, "x", "a pax header");
			strbuf_addf(&got, "%zu path=%s\n", rows[i].len + 7 +
			    (rows[i].len > 989 ? 4 : 3), name);
			ok(memcmp(out.buf + 512, got.buf, got.len) == 0,
			    "the name is in its record");
			continue;
		}
		is_field(156, 1, "0", "no pax header");
		strbuf_addf(&got, "%.155s%s%.100s", out.buf + 345,
		    rows[i].prefix > 0 ? "/" : "", out.buf);
		is_str(got.buf, name, "in prefix and name");
		is_int((long long)strnlen(out.buf + 345, 155), rows[i].prefix,
		    "the prefix");
	}
	strbuf_release(&got);
}

static void
is_record(const char *want, const char *name)
{
	is_field(156, 1, "x", "a pax header");
	is_field(0, 100, "././@PaxHeader", "its name");
	is_field(512, strlen(want), want, name);
	is_int(out.buf[512 + strlen(want)], 0, "and nothing behind it");
}

static void
test_records(void)
{
	struct strbuf want = STRBUF_INIT;
	struct tar tar = begin();

	tar_file(&tar, "big", INT64_C(077777777777), false);
	is_field(156, 1, "0", "8 GiB less one byte fit");
	is_field(124, 12, "77777777777", "into eleven digits");
	tar = begin();
	tar_file(&tar, "big", INT64_C(0100000000000), false);
	is_record("19 size=8589934592\n", "8 GiB");
	is_field(1024 + 124, 12, "00000000000", "not in the field");
	is_field(1024, 100, "big", "the file's header follows");

	tar = begin();
	tar_link(&tar, "l", long_name(101, 0));
	strbuf_addf(&want, "115 linkpath=%s\n", long_name(101, 0));
	is_record(want.buf, "a long link");
	is_field(1024 + 157, 100, long_name(100, 0), "cut in the field");
	tar = begin();
	tar_link(&tar, "l", long_name(100, 0));
	is_field(156, 1, "2", "one of 100 bytes fits");

	/* The length of a record may grow by counting itself. */
	strbuf_reset(&want);
	tar = begin();
	tar_link(&tar, "l", long_name(984, 0));
	strbuf_addf(&want, "998 linkpath=%s\n", long_name(984, 0));
	ok(memcmp(out.buf + 512, want.buf, want.len) == 0, "998");
	is_int((long long)want.len, 998, "is its length");
	strbuf_reset(&want);
	tar = begin();
	tar_link(&tar, "l", long_name(986, 0));
	strbuf_addf(&want, "1001 linkpath=%s\n", long_name(986, 0));
	ok(memcmp(out.buf + 512, want.buf, want.len) == 0, "1001");
	is_int((long long)want.len, 1001, "is its length");
	strbuf_release(&want);
}

static void
test_charset(void)
{
	char name[151];
	struct tar tar = begin();

	tar_file(&tar, "\xff\xfe", 0, false);
	is_field(0, 100, "\xff\xfe", "bytes of no charset fit as they are");
	is_field(156, 1, "0", "no pax header");
	memset(name, 'a', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	memcpy(name, "\xc3\xa9", 2);
	tar = begin();
	tar_file(&tar, name, 0, false);
	is_field(512, 9, "160 path=", "long UTF-8 needs no charset");
	name[0] = '\xff';
	tar = begin();
	tar_file(&tar, name, 0, false);
	is_field(512, 30, "21 hdrcharset=BINARY\n160 path=",
	    "other bytes do");
	tar = begin();
	tar_link(&tar, "l", name);
	is_field(512, 34, "21 hdrcharset=BINARY\n164 linkpath=",
	    "in a link too");
}

static void
test_links(void)
{
	static const struct row {
		const char *path, *target, *fault;
	} rows[] = {
		{ "l", "f", NULL }, { "l", "./f", NULL }, { "l", "d/f", NULL },
		{ "l", ".", NULL }, { "l", "d/", NULL }, { "l", "d//f", NULL },
		{ "d/l", "../f", NULL }, { "d/l", "..", NULL },
		{ "d/l", "../", NULL }, { "d/l", "./../f", NULL },
		{ "d/e/l", "../../f", NULL }, { "l", "...", NULL },
		{ "l", "..f", NULL }, { "l", "f..", NULL },
		{ "d/l", "..//./f", NULL },
		{ "l", "", "is empty" }, { "l", "/", "is absolute" },
		{ "d/l", "/d/f", "is absolute" },
		{ "l", "..", "leads out of the directory" },
		{ "l", "../f", "leads out of the directory" },
		{ "d/l", "../../f", "leads out of the directory" },
		{ "d/l", ".././/../", "leads out of the directory" },
		{ "l", "d/../f", "has '..' behind a name" },
		{ "d/l", "../e/../f", "has '..' behind a name" },
		{ "l", "d/..", "has '..' behind a name" }
	};
	const char *fault;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		fault = tar_link_fault(rows[i].path, rows[i].target);
		is_str(fault, rows[i].fault, rows[i].target);
	}
}

static void
test_full(void)
{
	struct tar tar = begin();

	room = 600;
	is_int(tar_file(&tar, "f", 600, false), EXIT_DONE, "a header fits");
	is_int(tar_data(&tar, out.buf, 500), EXIT_LOCAL, "no data");
	tar = begin();
	room = 600;
	is_int(tar_file(&tar, long_name(3000, 0), 6, false), EXIT_LOCAL,
	    "no pax record");
	is_int(tar_end(&tar), EXIT_LOCAL, "no end");
}

int
main(void)
{
	test_header();
	test_end();
	test_prefix();
	test_records();
	test_charset();
	test_links();
	test_full();
	strbuf_release(&out);
	return tap_done();
}
