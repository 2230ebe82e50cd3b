/* Archives that want out of their directory, and those that are not whole. */
#include "lib/base/compat.h"

#include <fcntl.h>

#include "lib/package/gzip.h"
#include "lib/package/tar.h"
#include "lib/package/unpack.h"
#include "t/unit/packing.h"

static struct strbuf archive = STRBUF_INIT;

static enum status
keep(void *arg, const void *data, size_t len)
{
	(void)arg;
	strbuf_add(&archive, data, len);
	return EXIT_DONE;
}

static struct tar
begin(void)
{
	struct tar tar = { keep, NULL, 0, 0 };

	strbuf_reset(&archive);
	return tar;
}

static void
add_file(struct tar *tar, const char *path, const char *text)
{
	tar_file(tar, path, (int64_t)strlen(text), false);
	if (*text != '\0')
		tar_data(tar, text, strlen(text));
}

static void
add_directory(struct tar *tar, const char *path)
{
	struct tar_header h;
	size_t at = archive.len;

	tar_file(tar, path, 0, true);
	memcpy(&h, archive.buf + at, sizeof(h));
	h.type = '5';
	snprintf(h.checksum, 8, "%06o", tar_checksum(&h));
	h.checksum[7] = ' ';
	memcpy(archive.buf + at, &h, sizeof(h));
}

static void
write_archive(const char *path)
{
	struct gzip_writer *w;
	int64_t bytes;
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	w = gzip_create(fd, path);
	gzip_write(w, archive.buf, archive.len);
	gzip_finish(w, &bytes);
	close(fd);
}

static void
is_content(const char *path, const char *want)
{
	struct strbuf sb = STRBUF_INIT;

	if (read_file(path, &sb, 1000) < 0)
		ok(false, "cannot read '%s'", path);
	is_str(sb.buf, want, path);
	strbuf_release(&sb);
}

static mode_t
mode_of(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0 ? st.st_mode & 07777 : 0;
}

static void
test_good(void)
{
	struct tar tar = begin();
	char sha256[65], target[100];
	ssize_t n;

	add_file(&tar, "a", "alpha");
	tar_file(&tar, "bin/run", 2, true);
	tar_data(&tar, "#!", 2);
	add_directory(&tar, "d/");
	add_directory(&tar, "d/e");
	add_file(&tar, "d/e/f", "");
	add_directory(&tar, "d");
	add_file(&tar, "d\\..\\x", "a name like another");
	tar_link(&tar, "d/l", "../a");
	tar_link(&tar, "dangling", "no/where");
	tar_end(&tar);
	write_archive("good.tgz");
	is_int(unpack("good.tgz", "good", sha256), EXIT_DONE, "unpacked");
	is_content("good/a", "alpha");
	is_content("good/d/l", "alpha");
	is_content("good/d/e/f", "");
	is_int(mode_of("good/a"), 0644, "a plain file");
	is_int(mode_of("good/bin/run"), 0755, "one to be executed");
	n = readlink("good/dangling", target, sizeof(target));
	ok(n == 8 && memcmp(target, "no/where", 8) == 0, "a link is kept");
	strbuf_reset(&said);
	is_int(unpack("good.tgz", "good", sha256), EXIT_LOCAL, "not twice");
	has_said("cannot make 'good': File exists");
	is_content("good/a", "alpha");
	is_int(unpack("none.tgz", "x", sha256), EXIT_LOCAL, "no archive");
	has_said("cannot open 'none.tgz': No such file or directory");
	is_int(unpack("good.tgz", "x/y", sha256), EXIT_LOCAL, "no parent");
	has_said("cannot make 'x/y': No such file or directory");
}

/* The archive so far is refused, and nothing is left, in or out. */
static void
is_refused(struct tar *tar, const char *why)
{
	char sha256[65];

	tar_end(tar);
	write_archive("bad.tgz");
	is_int(unpack("bad.tgz", "in/bad", sha256), EXIT_INPUT, why);
	has_said(why);
	ok(access("in/bad", F_OK) < 0, "nothing is left");
	is_content("in/precious", "precious");
	is_content("precious", "precious");
}

static void
test_hostile(void)
{
	struct tar tar;
	int i;

	put("precious", "precious");
	put("in/precious", "precious");
	tar = begin();
	add_file(&tar, "../precious", "gotcha");
	is_refused(&tar, "'../precious', which has '..' in it");
	tar = begin();
	add_file(&tar, "/tmp/x", "gotcha");
	is_refused(&tar, "which is absolute");
	tar = begin();
	add_directory(&tar, "..");
	is_refused(&tar, "has '..' in it");
	tar = begin();
	tar_link(&tar, "l", "..");
	add_file(&tar, "l/precious", "gotcha");
	is_refused(&tar, "leads out of the directory");
	tar = begin();
	tar_link(&tar, "l", "../precious");
	add_file(&tar, "l", "gotcha");
	is_refused(&tar, "leads out of the directory");

	/* A link that stays inside may not be written through either. */
	tar = begin();
	add_file(&tar, "d/f", "1");
	tar_link(&tar, "l", "d");
	add_file(&tar, "l/f", "2");
	is_refused(&tar, "holds 'l/f' in the place of another file");
	tar = begin();
	add_file(&tar, "f", "1");
	tar_link(&tar, "l", "f");
	add_file(&tar, "l", "2");
	is_refused(&tar, "holds 'l' in the place of another file");
	tar = begin();
	tar_link(&tar, "l", "new");
	add_file(&tar, "l", "2");
	is_refused(&tar, "holds 'l' in the place of another file");
	tar = begin();
	tar_link(&tar, "l", "d");
	add_directory(&tar, "l");
	is_refused(&tar, "holds 'l' in the place of another file");
	tar = begin();
	add_file(&tar, "f", "1");
	add_file(&tar, "f", "2");
	is_refused(&tar, "holds 'f' in the place of another file");
	tar = begin();
	add_file(&tar, "f", "1");
	add_file(&tar, "f/g", "2");
	is_refused(&tar, "holds 'f/g' in the place of another file");
	tar = begin();
	add_file(&tar, "f/g", "1");
	add_file(&tar, "f", "2");
	is_refused(&tar, "holds 'f' in the place of another file");
	tar = begin();
	add_file(&tar, "f", "1");
	add_directory(&tar, "f");
	is_refused(&tar, "holds 'f' in the place of another file");
	tar = begin();
	add_file(&tar, "f", "1");
	tar_link(&tar, "f", "g");
	is_refused(&tar, "holds 'f' in the place of another file");
	for (i = 0; i < 4; i++) {
		tar = begin();
		add_file(&tar, "dev", "");
		archive.buf[156] = "1346"[i];
		snprintf(archive.buf + 148, 7, "%06o",
		    tar_checksum((const struct tar_header *)archive.buf));
		is_refused(&tar, "neither file, directory nor symbolic link");
	}
}

static void
test_damage(void)
{
	struct strbuf gz = STRBUF_INIT;
	struct tar tar = begin();
	char sha256[65];
	size_t i, refused = 0, left = 0;

	add_file(&tar, "a/b", "content");
	tar_end(&tar);
	write_archive("whole.tgz");
	read_file("whole.tgz", &gz, 10000);
	for (i = 0; i < gz.len; i++) {
		write_file("cut.tgz", gz.buf, i);
		refused += unpack("cut.tgz", "cut", sha256) == EXIT_INPUT;
		left += access("cut", F_OK) == 0;
	}
	is_int((long long)refused, (long long)gz.len, "cut anywhere");
	is_int((long long)left, 0, "nothing is left");
	has_said("'cut.tgz' is cut short");
	strbuf_setlen(&archive, 700);
	write_archive("short.tgz");
	is_int(unpack("short.tgz", "short", sha256), EXIT_INPUT, "a tar cut");
	has_said("'short.tgz' is damaged at byte 519: it is cut short");
	strbuf_release(&gz);
}

int
main(void)
{
	char tmp[] = "/tmp/unit-unpack-XXXXXX";

	packing_begin(tmp);
	test_good();
	test_hostile();
	test_damage();
	strbuf_release(&archive);
	return packing_end(tmp);
}
