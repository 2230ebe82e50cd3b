/*
 * A main for fuzz targets where there is no libFuzzer. It gives the target
 * every file of its corpus, t/fuzz/corpus/NAME, and then the same files
 * mutated, always in the same way: TAP for `make check`. With `-t SECONDS` it
 * goes on for so long, from another seed each time; with operands it runs
 * those files alone. An input that kills the target is left in ./crash-NAME.
 */
#include "lib/base/compat.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "lib/base/err.h"
#include "lib/base/io.h"
#include "lib/base/strbuf.h"
#include "lib/base/strvec.h"

enum { INPUT_MAX = 1 << 20, ROUNDS = 2000, LIMIT_SECONDS = 20 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct strbuf input = STRBUF_INIT;	/* what the target has now */
static struct strbuf crash_path = STRBUF_INIT;
static uint64_t state;

static uint32_t
rnd(uint32_t below)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (uint32_t)((state >> 16) % below);
}

static void
crashed(int sig)
{
	int fd = open(crash_path.buf, O_WRONLY | O_CREAT | O_TRUNC, 0644);

	if (fd >= 0 && write_full(fd, input.buf, input.len) == 0)
		write_full(STDERR_FILENO, crash_path.buf, crash_path.len);
	signal(sig, SIG_DFL);
	raise(sig);
}

static void
swallow(void *arg, const char *text, size_t len)
{
	(void)arg;
	(void)text;
	(void)len;
}

/* A block of its own size, so that a sanitizer sees one byte too far. */
static void
run_input(void)
{
	uint8_t *copy = malloc(input.len != 0 ? input.len : 1);

	if (copy == NULL)
		die(EXIT_LOCAL, "out of memory");
	memcpy(copy, input.buf, input.len);
	err_set_sink(swallow, NULL);
	LLVMFuzzerTestOneInput(copy, input.len);
	err_set_sink(NULL, NULL);
	free(copy);
}

static void
load(const char *path)
{
	strbuf_reset(&input);
	if (read_file(path, &input, INPUT_MAX) != 0)
		die(EXIT_LOCAL, "cannot read '%s'", path);
}

static void
mutate_once(void)
{
	static const char *const tokens[] = { "\n", " ", ":", "\"", "'", "{",
	    "}", "[", "]", "- ", "&a", "*a", "0", "-1", "1e999", "\xff", "\t",
	    "9223372036854775808", "<<: ", "!!str ", "# ", "\\", "null" };
	const char *token;
	uint32_t len = (uint32_t)input.len, at, n;

	at = len != 0 ? rnd(len) : 0;
	switch (rnd(5)) {
	case 0:
		if (len != 0)
			input.buf[at] ^= (char)(1 << rnd(8));
		break;
	case 1:
		if (len != 0)
			input.buf[at] = (char)rnd(256);
		break;
	case 2:				/* cut out */
		n = len != 0 ? rnd(len - at) : 0;
		memmove(input.buf + at, input.buf + at + n, len - at - n);
		strbuf_setlen(&input, len - n);
		break;
	case 3:				/* say again */
		n = len != 0 ? rnd(len - at) : 0;
		strbuf_grow(&input, n);
		strbuf_add(&input, input.buf + at, n);
		break;
	default:
		token = tokens[rnd(ARRAY_SIZE(tokens))];
		n = (uint32_t)strlen(token);
		strbuf_add(&input, token, n);
		memmove(input.buf + at + n, input.buf + at, len - at);
		memcpy(input.buf + at, token, n);
		break;
	}
}

static void
run_mutated(const char *path)
{
	uint32_t n = 1 + rnd(4);

	load(path);
	while (n-- > 0)
		mutate_once();
	run_input();
}

static void
list_corpus(const char *dir, struct strvec *paths)
{
	struct strbuf path = STRBUF_INIT;
	struct dirent *e;
	DIR *d = opendir(dir);

	if (d == NULL)
		die(EXIT_LOCAL, "no corpus in '%s'", dir);
	while ((e = readdir(d)) != NULL) {
		if (e->d_name[0] == '.')
			continue;
		strbuf_reset(&path);
		strbuf_addf(&path, "%s/%s", dir, e->d_name);
		strvec_push(paths, path.buf);
	}
	closedir(d);
	strbuf_release(&path);
	strvec_sort(paths);
}

static void
run_corpus(const char *name, const struct strvec *paths, long seconds)
{
	time_t end = time(NULL) + (seconds != 0 ? seconds : LIMIT_SECONDS);
	size_t i, rounds;

	for (i = 0; i < paths->n; i++) {
		load(paths->v[i]);
		run_input();
	}
	printf("ok 1 - %s: %zu files of the corpus\n", name, paths->n);
	fflush(stdout);
	for (rounds = 0; paths->n != 0 && time(NULL) < end; rounds++) {
		if (seconds == 0 && rounds == ROUNDS)
			break;
		run_mutated(paths->v[rnd((uint32_t)paths->n)]);
	}
	printf("ok 2 - %s: %zu inputs made from them\n1..2\n", name, rounds);
}

int
main(int argc, char **argv)
{
	struct strvec paths = STRVEC_INIT;
	struct strbuf dir = STRBUF_INIT;
	const char *name = strrchr(argv[0], '/');
	long seconds = 0;
	int i;

	name = name != NULL ? name + 1 : argv[0];
	state = 88172645463325252ULL;
	if (argc > 2 && strcmp(argv[1], "-t") == 0) {
		seconds = strtol(argv[2], NULL, 10);
		state ^= (uint64_t)time(NULL) << 20 ^ (uint64_t)getpid();
	}
	strbuf_addf(&crash_path, "crash-%s", name);
	signal(SIGSEGV, crashed);
	signal(SIGBUS, crashed);
	signal(SIGFPE, crashed);
	signal(SIGABRT, crashed);
	if (argc > 1 && seconds == 0) {
		for (i = 1; i < argc; i++) {
			load(argv[i]);
			run_input();
		}
	} else {
		strbuf_addf(&dir, "t/fuzz/corpus/%s", name);
		list_corpus(dir.buf, &paths);
		run_corpus(name, &paths, seconds);
	}
	strbuf_release(&dir);
	strvec_release(&paths);
	strbuf_release(&input);
	strbuf_release(&crash_path);
	return 0;
}
