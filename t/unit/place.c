/* Stores that were moved or copied, as a scheduler meets them. */
#include "lib/base/compat.h"

#include <unistd.h>

#include "lib/base/strbuf.h"
#include "lib/base/tree.h"
#include "lib/base/xalloc.h"
#include "lib/store/ledger.h"
#include "lib/target/local/place.h"
#include "t/unit/tap.h"

static struct strbuf said = STRBUF_INIT;

static void
listen_to(void *arg, const char *text, size_t len)
{
	(void)arg;
	strbuf_add(&said, text, len);
}

static enum status
check(const char *dir, bool adopt)
{
	struct store *store;
	enum status status;

	strbuf_reset(&said);
	status = store_open(&store, dir, STORE_WRITE);
	if (status == EXIT_DONE)
		status = place_check(store, adopt);
	store_close(store);
	return status;
}

static void
must_copy(const char *from, const char *to)
{
	if (tree_copy(from, to, TREE_COPY) != 0)
		die(EXIT_LOCAL, "cannot copy '%s'", from);
}

static bool
has_said(const char *text)
{
	return strstr(said.buf, text) != NULL;
}

int
main(void)
{
	char dir[] = "/tmp/unionml-place-XXXXXX";

	if (mkdtemp(dir) == NULL || chdir(dir) != 0)
		return 1;
	err_set_sink(listen_to, NULL);

	is_int(check("a", false), EXIT_DONE, "a new store");
	is_int(check("a", false), EXIT_DONE, "the same again");
	ok(said.len == 0, "nothing to say of it");
	must_copy("a", "b");
	is_int(check("b", false), EXIT_LOCAL, "a copy is refused");
	ok(has_said("is a copy of") && has_said("/a'") && has_said("--adopt"),
	    "it is said what of, and the way out");
	is_int(check("a", false), EXIT_DONE, "the original is not");
	is_int(check("b", false), EXIT_LOCAL, "the copy still is");
	is_int(check("b", true), EXIT_DONE, "until it is adopted");
	ok(has_said("takes the place of"), "which is said");
	is_int(check("b", false), EXIT_DONE, "it stays so");
	is_int(check("a", false), EXIT_LOCAL, "the original is refused then");

	is_int(rename("b", "c"), 0, "move it");
	is_int(check("c", false), EXIT_DONE, "a store that was moved");
	ok(said.len == 0, "is the very same directory");
	must_copy("c", "d");
	is_int(tree_remove("c"), 0, "remove what was copied");
	is_int(check("d", false), EXIT_DONE, "a copy without an original");
	ok(has_said("was moved from"), "counts as moved");
	must_copy("d", "e");
	is_int(tree_remove("d"), 0, "remove it");
	is_int(rename("e", "d"), 0, "and put a backup there");
	is_int(check("d", false), EXIT_DONE, "it is the store of that path");
	ok(said.len == 0, "nothing to say of it");

	must_copy("d", "f");
	is_int(tree_remove("d"), 0, "remove it");
	is_int(check("d", false), EXIT_DONE, "another store at its path");
	is_int(check("f", false), EXIT_DONE, "is no original of the copy");

	if (chdir("/") != 0 || tree_remove(dir) != 0)
		return 1;
	strbuf_release(&said);
	return tap_done();
}
