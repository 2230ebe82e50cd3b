/* Memory that goes all at once, and the allocators below it. */
#include "lib/base/compat.h"

#include <sys/wait.h>

#include <unistd.h>

#include "lib/base/arena.h"
#include "lib/base/err.h"
#include "lib/base/xalloc.h"
#include "t/unit/tap.h"

static bool
all_zero(const unsigned char *p, size_t n)
{
	while (n > 0 && *p == 0)
		p++, n--;
	return n == 0;
}

/* Sizes from nothing to more than a block, each filled after it was seen. */
static void
test_alloc(void)
{
	struct arena arena = ARENA_INIT;
	int bad_zero = 0, bad_align = 0, bad_keep = 0;
	unsigned char *p[600];
	size_t i, size;

	for (i = 0; i < ARRAY_SIZE(p); i++) {
		size = i < 500 ? i : i * 100;
		p[i] = arena_alloc(&arena, size);
		bad_zero += !all_zero(p[i], size);
		bad_align += (uintptr_t)p[i] % _Alignof(max_align_t) != 0;
		memset(p[i], (int)(i % 250) + 1, size);
	}
	for (i = 0; i < ARRAY_SIZE(p); i++) {
		size = i < 500 ? i : i * 100;
		for (; size > 0; size--)
			bad_keep += p[i][size - 1] != i % 250 + 1;
	}
	is_int(bad_zero, 0, "zeroed");
	is_int(bad_align, 0, "aligned for any type");
	is_int(bad_keep, 0, "no two overlap");
	arena_release(&arena);
	ok(arena.head == NULL, "released");
	is_str(arena_strdup(&arena, "again"), "again", "and used again");
	arena_release(&arena);
	arena_release(&arena);
	arena_init(&arena);
	ok(arena.head == NULL, "initialized");
}

static void
test_strings(void)
{
	struct arena arena = ARENA_INIT;
	char *empty, *big, text[20001];
	long long *array;

	empty = arena_strdup(&arena, "");
	is_str(empty, "", "the empty string");
	is_str(arena_strndup(&arena, "abcdef", 3), "abc", "arena_strndup");
	is_str(arena_strndup(&arena, "abc", 0), "", "none of it");
	is_str(arena_printf(&arena, "%s-%d", "x", 42), "x-42", "arena_printf");
	is_str(arena_printf(&arena, "%s", ""), "", "of nothing");
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	big = arena_printf(&arena, "%s!", text);
	is_int((long long)strlen(big), 20001, "more than a block");
	is_str(empty, "", "the first one still stands");
	array = arena_array(&arena, 100, sizeof(*array));
	ok(all_zero((unsigned char *)array, 100 * sizeof(*array)),
	    "arena_array");
	ok(arena_array(&arena, 0, 8) != NULL, "of no elements");
	arena_release(&arena);
}

static void
impossible(int which)
{
	struct arena arena = ARENA_INIT;
	volatile size_t huge = SIZE_MAX;

	if (freopen("/dev/null", "w", stderr) == NULL)
		_exit(99);
	switch (which) {
	case 0:
		arena_alloc(&arena, huge);
		break;
	case 1:
		arena_array(&arena, huge / 2, 3);
		break;
	case 2:
		xreallocarray(NULL, huge / 2, 3);
		break;
	case 3:
		arena_alloc(&arena, huge - 64);
		break;
	}
	_exit(98);
}

static void
test_impossible(void)
{
	int i, status;
	pid_t pid;

	for (i = 0; i < 4; i++) {
		fflush(stdout);
		pid = fork();
		if (pid == 0)
			impossible(i);
		waitpid(pid, &status, 0);
		ok(WIFEXITED(status) && WEXITSTATUS(status) == EXIT_LOCAL,
		    "a size that overflows ends the program (%d)", i);
	}
}

static void
test_xalloc(void)
{
	int *array = NULL;
	size_t n = 0, cap = 0, bad = 0;
	char *s;

	free(xmalloc(0));
	free(xcalloc(0, 0));
	free(xreallocarray(NULL, 0, 8));
	for (; n < 1000; n++) {
		ALLOC_GROW(array, n, cap);
		array[n] = (int)n;
	}
	for (n = 0; n < 1000; n++)
		bad += array[n] != (int)n;
	is_int((long long)bad, 0, "ALLOC_GROW keeps what was there");
	is_int((long long)cap, 1024, "and doubles");
	free(array);
	s = xasprintf("%d%s", 7, "seven");
	is_str(s, "7seven", "xasprintf");
	free(s);
	s = xstrndup("abcdef", 3);
	is_str(s, "abc", "xstrndup");
	free(s);
}

int
main(void)
{
	test_alloc();
	test_strings();
	test_impossible();
	test_xalloc();
	return tap_done();
}
