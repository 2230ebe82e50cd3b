/* Who watches is told of a change, and nothing depends on it. */
#include "lib/base/compat.h"

#include <sys/stat.h>

#include <poll.h>
#include <unistd.h>

#include "lib/base/path.h"
#include "lib/base/tree.h"
#include "lib/store/store.h"
#include "lib/target/local/wake.h"
#include "t/unit/tap.h"

static bool
told(int fd, int ms)
{
	struct pollfd p = { fd, POLLIN, 0 };

	return poll(&p, 1, ms) == 1;
}

static void
test_watch(const struct store *store)
{
	int one = wake_watch(store), other = wake_watch(store), i;

	ok(one >= 0 && other >= 0, "two watch");
	ok(!told(one, 0), "nothing happened yet");
	wake_others(store);
	ok(told(one, 1000) && told(other, 1000), "both are told");
	wake_drain(one);
	ok(!told(one, 0), "once");
	ok(told(other, 0), "each for itself");
	for (i = 0; i < 1000; i++)
		wake_others(store);
	wake_drain(one);
	ok(!told(one, 0), "many are drained at once");
	wake_others(store);
	ok(told(one, 1000), "and it goes on");
	close(one);
	close(other);
	wake_drain(-1);
}

/* A directory in its place: nobody can be told, and nobody fails. */
static void
test_silent(const struct store *store)
{
	char *path = path_join(store_dir(store), "wake");
	int fd;

	unlink(path);
	mkdir(path, 0777);
	wake_others(store);
	ok(true, "who cannot wake others goes on");
	rmdir(path);
	fd = wake_watch(store);
	ok(fd >= 0, "the file is made by who watches");
	wake_others(store);
	ok(told(fd, 1000), "and works");
	close(fd);
	free(path);
}

int
main(void)
{
	char dir[] = "/tmp/unionml-wake-XXXXXX";
	struct store *store;

	if (mkdtemp(dir) == NULL ||
	    store_open(&store, dir, STORE_WRITE) != EXIT_DONE) {
		ok(false, "a store");
		return tap_done();
	}
	test_watch(store);
	test_silent(store);
	store_close(store);
	tree_remove(dir);
	return tap_done();
}
