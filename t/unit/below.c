/* Files below a directory, and links in the way. */
#include "lib/base/compat.h"

#include "lib/package/below.h"
#include "t/unit/packing.h"

static void
leads(struct below *below, const char *path, bool make, int want)
{
	const char *name = NULL;
	struct stat st;
	int dir;

	errno = 0;
	dir = below_parent(below, path, make, &name);
	if (want != 0) {
		ok(dir < 0 && errno == want, "%s: %s", path, strerror(want));
		return;
	}
	ok(dir >= 0, "%s: its directory", path);
	if (!make)
		ok(fstatat(dir, name, &st, 0) == 0, "%s is there", name);
}

int
main(void)
{
	char tmp[] = "/tmp/unit-below-XXXXXX";
	struct below below = BELOW_INIT;
	const char *name;
	struct stat st;
	int dir;

	packing_begin(tmp);
	put("t/a", "");
	put("t/d/b", "");
	put("t/d/e/c", "");
	put("t/dd/c", "");
	put("outside/f", "");
	link_to("../outside", "t/out");
	link_to("d", "t/in");
	link_to("..", "t/d/up");

	is_int(below_open(&below, "none"), -1, "no such directory");
	is_int(errno, ENOENT, "ENOENT");
	below_close(&below);
	is_int(below_open(&below, "t"), 0, "a directory");
	leads(&below, "a", false, 0);
	leads(&below, "d/b", false, 0);
	leads(&below, "d/e/c", false, 0);
	leads(&below, "dd/c", false, 0);
	leads(&below, "d/b", false, 0);
	leads(&below, "out/f", false, ENOTDIR);
	leads(&below, "in/b", false, ENOTDIR);
	leads(&below, "d/up/a", false, ENOTDIR);
	leads(&below, "a/x", false, ENOTDIR);
	leads(&below, "no/x", false, ENOENT);
	leads(&below, "d/no/x", false, ENOENT);
	dir = below_parent(&below, "d/b", false, &name);
	is_int(below_parent(&below, "d/x", false, &name), dir,
	    "the same directory stays open");
	is_str(name, "x", "its last part");

	leads(&below, "n/e/w/f", true, 0);
	ok(stat("t/n/e/w", &st) == 0 && S_ISDIR(st.st_mode), "made");
	leads(&below, "n/e/x/f", true, 0);
	leads(&below, "out/n/f", true, ENOTDIR);
	leads(&below, "a/n/f", true, ENOTDIR);
	ok(stat("outside/n", &st) < 0, "nothing made outside");
	below_close(&below);
	below_close(&below);
	return packing_end(tmp);
}
