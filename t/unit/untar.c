/* Reading archives: ours, damaged ones, and those an enemy made. */
#include "lib/base/compat.h"

#include "lib/package/tar.h"
#include "lib/package/untar.h"
#include "t/unit/packing.h"

static struct strbuf archive = STRBUF_INIT;
static size_t at;

static enum status
keep(void *arg, const void *data, size_t len)
{
	(void)arg;
	strbuf_add(&archive, data, len);
	return EXIT_DONE;
}

static enum status
give(void *arg, void *buf, size_t len, size_t *got)
{
	(void)arg;
	*got = archive.len - at < len ? archive.len - at : len;
	memcpy(buf, archive.buf + at, *got);
	at += *got;
	return EXIT_DONE;
}

static struct tar
write_anew(void)
{
	struct tar tar = { keep, NULL, 0, 0 };

	strbuf_reset(&archive);
	return tar;
}

static struct untar
read_anew(void)
{
	struct untar u = UNTAR_INIT;

	at = 0;
	u.read = give;
	u.name = "a.tar";
	strbuf_reset(&said);
	return u;
}

/* The first status that is not EXIT_DONE, or that of the end. */
static enum status
read_all(void)
{
	struct untar u = read_anew();
	enum status status;
	char buf[100];
	size_t got;

	do {
		status = untar_next(&u);
		while (status == EXIT_DONE && u.kind == UNTAR_FILE &&
		    (status = untar_data(&u, buf, sizeof(buf), &got)) ==
		    EXIT_DONE && got > 0)
			;
	} while (status == EXIT_DONE && u.kind != UNTAR_END);
	untar_release(&u);
	return status;
}

static void
is_next(struct untar *u, enum untar_kind kind, const char *path,
    const char *target, int64_t size)
{
	is_int(untar_next(u), EXIT_DONE, path);
	is_int(u->kind, kind, "its kind");
	is_str(u->path.buf, path, "its path");
	is_str(u->target.buf, target, "its target");
	is_int(u->left, size, "its size");
}

static void
test_good(void)
{
	struct tar tar = write_anew();
	struct strbuf name = STRBUF_INIT, target = STRBUF_INIT;
	struct untar u;
	char buf[100];
	size_t got = 0;
	int i;

	for (i = 0; i < 30; i++) {
		strbuf_addf(&name, "%sd\xff%09d", i > 0 ? "/" : "", i);
		strbuf_addf(&target, "%s\xc3\xa9%09d", i > 0 ? "/" : "", i);
	}
	tar_file(&tar, "a", 600, true);
	memset(buf, 'x', sizeof(buf));
	for (i = 0; i < 6; i++)
		tar_data(&tar, buf, sizeof(buf));
	tar_file(&tar, "b", 0, false);
	tar_file(&tar, "d/c", 3, false);
	tar_data(&tar, "abc", 3);
	tar_file(&tar, name.buf, 1, false);
	tar_data(&tar, "z", 1);
	tar_link(&tar, "l", target.buf);
	tar_link(&tar, "m", "a");
	tar_end(&tar);

	u = read_anew();
	is_next(&u, UNTAR_FILE, "a", "", 600);
	ok(u.executable, "executable");
	is_int(untar_data(&u, buf, 100, &got), EXIT_DONE, "some of it");
	is_int((long long)got, 100, "100 bytes");
	is_next(&u, UNTAR_FILE, "b", "", 0);
	ok(!u.executable, "not executable");
	is_int(untar_data(&u, buf, 100, &got), EXIT_DONE, "nothing in it");
	is_int((long long)got, 0, "its end");
	is_next(&u, UNTAR_FILE, "d/c", "", 3);
	is_int(untar_data(&u, buf, 100, &got), EXIT_DONE, "all of it");
	ok(got == 3 && memcmp(buf, "abc", 3) == 0, "abc");
	is_int(untar_data(&u, buf, 100, &got), EXIT_DONE, "then");
	is_int((long long)got, 0, "its end");
	is_next(&u, UNTAR_FILE, name.buf, "", 1);
	is_next(&u, UNTAR_LINK, "l", target.buf, 0);
	is_next(&u, UNTAR_LINK, "m", "a", 0);
	is_int(untar_next(&u), EXIT_DONE, "the end");
	is_int(u.kind, UNTAR_END, "is known");
	is_int(u.at, (long long)archive.len, "all was read");
	untar_release(&u);
	strbuf_release(&name);
	strbuf_release(&target);
}

/* An archive of one file, for others to spoil. */
static void
write_one(const char *path, const char *content)
{
	struct tar tar = write_anew();
	size_t len = strlen(content);

	tar_file(&tar, path, (int64_t)len, false);
	if (len > 0)
		tar_data(&tar, content, len);
	tar_end(&tar);
}

static void
seal(size_t header)
{
	struct tar_header h;

	memcpy(&h, archive.buf + header, sizeof(h));
	snprintf(archive.buf + header + 148, 8, "%06o", tar_checksum(&h));
	archive.buf[header + 155] = ' ';
}

static void
test_damage(void)
{
	struct tar tar;
	size_t i, len, bad = 0, flips = 0;
	char whole[2 * TAR_RECORD];

	write_one("file", "content");
	len = archive.len;
	memcpy(whole, archive.buf, len);
	is_int(read_all(), EXIT_DONE, "the whole");
	for (i = 2048; i-- > 0; ) {
		strbuf_setlen(&archive, i);
		bad += read_all() == EXIT_INPUT;
	}
	is_int((long long)bad, 2048, "cut anywhere before its end");
	has_said("is damaged at byte");
	strbuf_setlen(&archive, 0);
	strbuf_add(&archive, whole, len);
	/* Of the header each byte counts, and each after the content. */
	for (i = 0; i < len; i++) {
		if (i >= 512 && i < 1024)
			continue;
		archive.buf[i] ^= 1;
		flips++;
		bad = read_all() == EXIT_INPUT;
		archive.buf[i] ^= 1;
		if (!bad)
			ok(false, "byte %zu flipped is noticed", i);
	}
	is_int((long long)flips, (long long)len - 512, "all bytes flipped");
	is_int(read_all(), EXIT_DONE, "the whole again");

	tar = write_anew();
	tar_end(&tar);
	is_int(read_all(), EXIT_DONE, "nothing in it");
	strbuf_setlen(&archive, 1024);
	is_int(read_all(), EXIT_DONE, "no record filled up");
	strbuf_reset(&archive);
	is_int(read_all(), EXIT_INPUT, "no bytes at all");
	strbuf_add(&archive, whole, 1024);
	strbuf_add(&archive, whole + 1024, 512);
	strbuf_add(&archive, whole, 512);
	is_int(read_all(), EXIT_INPUT, "one block of zeros, then more");
	has_said("a block of zeros stands alone");
	strbuf_reset(&archive);
	strbuf_add(&archive, whole, len);
	strbuf_addch(&archive, 'x');
	is_int(read_all(), EXIT_INPUT, "a byte behind the end");
	has_said("goes on behind its end");
}

static void
test_fields(void)
{
	static const struct row {
		size_t at;
		const char *bytes;
		size_t len;
		const char *why;	/* NULL: still good */
	} rows[] = {
		{ 124, "-0000000001", 12, "a number in a header is wrong" },
		{ 124, "\x80\0\0\0\0\0\0\0\0\0\0\7", 12, "a number" },
		{ 124, "00000000 07", 12, "a number in a header" },
		{ 124, "0000000000x", 12, "a number in a header" },
		{ 124, "\0\0\0\0\0\0\0\0\0\0\0", 12, "a number" },
		{ 124, "7\0\0\0\0\0\0\0\0\0\0", 12, NULL },
		{ 124, "          7", 12, "a number in a header" },
		{ 124, "77777777777", 12, "it is cut short" },
		{ 124, "777777777777", 12, "it is cut short" },
		{ 100, "rwxr-xr", 8, "a number in a header" },
		{ 100, "77777777", 8, NULL },
		{ 257, "ustar  ", 8, "it is no ustar archive" },
		{ 257, "\0\0\0\0\0\0\0", 8, "it is no ustar archive" },
		{ 257, "ustar\0" "11", 8, "it is no ustar archive" },
		{ 0, "/etc/x", 7, "'/etc/x', which is absolute" },
		{ 0, "../x", 5, "'../x', which has '..' in it" },
		{ 0, "a/../x", 7, "has '..' in it" },
		{ 0, "a/..", 5, "has '..' in it" },
		{ 0, "./x", 4, "has '.' in it" }, { 0, ".", 2, "has '.'" },
		{ 0, "a//x", 5, "has an empty name in it" },
		{ 0, "a/", 3, "has an empty name in it" },
		{ 0, "\0\0\0\0", 4, "'', which is no name" },
		{ 345, "..", 3, "has '..' in it" },
		{ 345, "/", 2, "which is absolute" },
		{ 156, "1", 1, "neither file, directory nor symbolic link" },
		{ 156, "3", 1, "neither file" },
		{ 156, "4", 1, "neither file" },
		{ 156, "6", 1, "neither file" },
		{ 156, "7", 1, "neither file" },
		{ 156, "g", 1, "neither file" },
		{ 156, "L", 1, "neither file" },
		{ 156, "S", 1, "neither file" }, { 156, "\0", 1, NULL }
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		write_one("file", "content");
		memcpy(archive.buf + rows[i].at, rows[i].bytes, rows[i].len);
		seal(0);
		is_int(read_all(), rows[i].why != NULL ? EXIT_INPUT :
		    EXIT_DONE, rows[i].why != NULL ? rows[i].why : "good");
		has_said(rows[i].why != NULL ? rows[i].why : "");
	}
	write_one("file", "content");
	memset(archive.buf, 'a', 100);
	memset(archive.buf + 345, 'b', 155);
	seal(0);
	is_int(read_all(), EXIT_DONE, "both fields full, without NUL");
}

static void
test_links(void)
{
	static const struct row {
		const char *path, *target, *why;
	} rows[] = {
		{ "l", "/etc/passwd", "which is absolute" },
		{ "l", "..", "leads out" }, { "d/l", "../../x", "leads out" },
		{ "l", "d/../../x", "has '..' behind a name" },
		{ "l", "", "is empty" }, { "../l", "x", "has '..' in it" },
		{ "d/l", "../x", NULL }
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct tar tar = write_anew();

		tar_link(&tar, rows[i].path, rows[i].target);
		tar_end(&tar);
		is_int(read_all(), rows[i].why != NULL ? EXIT_INPUT :
		    EXIT_DONE, rows[i].target);
		has_said(rows[i].why != NULL ? rows[i].why : "");
	}
}

/* An archive of a pax header with these records, and a file. */
static void
write_records(const char *records, size_t len)
{
	struct tar tar = write_anew();

	tar_file(&tar, "pax", (int64_t)len, false);
	if (len > 0)
		tar_data(&tar, records, len);
	archive.buf[156] = 'x';
	seal(0);
	tar_file(&tar, "file", 3, false);
	tar_data(&tar, "abc", 3);
	tar_end(&tar);
}

static void
test_records(void)
{
	static const struct row {
		const char *records;
		size_t len;		/* 0: strlen */
		const char *why;
	} rows[] = {
		{ "9 path=x\n", 0, NULL }, { "9 a=path\n", 0, NULL },
		{ "10 size=3\n", 0, NULL }, { "10 mtime=\n", 0, NULL },
		{ "9 path=x\n9 path=y\n", 0, NULL },
		{ "", 0, "a pax header is empty or over 64 KiB" },
		{ "9 path=x", 0, "a pax record is wrong" },
		{ "8 path=x\n", 0, "a pax record is wrong" },
		{ "11 path=x\n", 0, "a pax record is wrong" },
		{ "x path=x\n", 0, "a pax record is wrong" },
		{ "-9 path=x\n", 0, "a pax record is wrong" },
		{ "1 path=x\n", 0, "a pax record is wrong" },
		{ "0 path=x\n", 0, "a pax record is wrong" },
		{ "9999999999999999999 path=x\n", 0, "a pax record is wrong" },
		{ "8 pathxx\n", 0, "a pax record is wrong" },
		{ "8 path=\n", 0, "a pax record is wrong" },
		{ "11 path=x\0y\n", 12, "a pax record is wrong" },
		{ "12 path=x\0y\n", 12, "a pax record is wrong" },
		{ "\n", 0, "a pax record is wrong" },
		{ "3 \n", 0, "a pax record is wrong" },
		{ "11 size=-1\n", 0, "a pax record is wrong" },
		{ "12 size=0x1\n", 0, "a pax record is wrong" },
		{ "13 size=9999\n", 0, "it is cut short" },
		{ "28 size=9223372036854775807\n", 0, "a pax record is wrong" },
		{ "27 size=999999999999999999\n", 0, "it is cut short" },
		{ "13 path=../x\n", 0, "has '..' in it" },
		{ "11 path=/x\n", 0, "is absolute" },
		{ "\0\0\0", 3, "a pax record is wrong" }
	};
	struct strbuf sb = STRBUF_INIT;
	size_t i, len;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		len = rows[i].len > 0 ? rows[i].len : strlen(rows[i].records);
		write_records(rows[i].records, len);
		is_int(read_all(), rows[i].why != NULL ? EXIT_INPUT :
		    EXIT_DONE, rows[i].records);
		has_said(rows[i].why != NULL ? rows[i].why : "");
	}
	strbuf_addstr(&sb, "5009 path=");
	for (i = 0; i < 2499; i++)
		strbuf_addstr(&sb, "a/");
	strbuf_addstr(&sb, "\n");
	sb.buf[sb.len - 2] = 'a';
	write_records(sb.buf, sb.len);
	is_int(read_all(), EXIT_INPUT, "a path that nobody can open");
	has_said("is too long");
	strbuf_reset(&sb);
	strbuf_addf(&sb, "266 path=%0256d\n", 0);
	write_records(sb.buf, sb.len);
	is_int(read_all(), EXIT_INPUT, "a name that nobody can open");
	has_said("has a name over 255 bytes in it");
	strbuf_release(&sb);

	write_records("9 path=x\n", 9);
	archive.buf[1024 + 156] = 'x';
	seal(1024);
	is_int(read_all(), EXIT_INPUT, "two pax headers");
	has_said("a pax header belongs to nothing");
	write_records("9 path=x\n", 9);
	memset(archive.buf + 1024, 0, archive.len - 1024);
	is_int(read_all(), EXIT_INPUT, "a pax header and nothing");
	has_said("a pax header belongs to nothing");
}

int
main(void)
{
	err_set_sink(listen_to, NULL);
	test_good();
	test_damage();
	test_fields();
	test_links();
	test_records();
	strbuf_release(&archive);
	strbuf_release(&said);
	return tap_done();
}
