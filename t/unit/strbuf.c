/* Text that grows. */
#include "lib/base/compat.h"

#include <sys/wait.h>

#include <signal.h>
#include <unistd.h>

#include "lib/base/strbuf.h"
#include "t/unit/tap.h"

static void
is_sb(const struct strbuf *sb, const char *want, const char *name)
{
	is_str(sb->buf, want, name);
	is_int((long long)sb->len, (long long)strlen(want), "length");
}

static void
test_add(void)
{
	struct strbuf sb = STRBUF_INIT;
	char *s;

	is_sb(&sb, "", "new");
	ok(sb.cap == 0, "without memory");
	strbuf_reset(&sb);
	strbuf_setlen(&sb, 0);
	strbuf_rtrim(&sb);
	is_sb(&sb, "", "still new");
	strbuf_addstr(&sb, "abc");
	strbuf_addch(&sb, 'd');
	strbuf_add(&sb, "efgh", 2);
	strbuf_addf(&sb, "-%d-%s", 42, "x");
	is_sb(&sb, "abcdef-42-x", "added to");
	strbuf_addstr(&sb, "");
	strbuf_add(&sb, "x", 0);
	strbuf_addf(&sb, "%s", "");
	is_sb(&sb, "abcdef-42-x", "nothing added");
	strbuf_setlen(&sb, 3);
	is_sb(&sb, "abc", "shortened");
	strbuf_setlen(&sb, 3);
	is_sb(&sb, "abc", "to what it is");
	strbuf_add(&sb, "\0z", 2);
	is_int((long long)sb.len, 5, "a NUL inside counts");
	ok(memcmp(sb.buf, "abc\0z", 6) == 0, "and is kept");
	strbuf_reset(&sb);
	is_sb(&sb, "", "emptied");
	ok(sb.cap > 0, "with its memory");
	s = strbuf_detach(&sb);
	is_str(s, "", "detached");
	free(s);
	is_sb(&sb, "", "new again");
	s = strbuf_detach(&sb);
	is_str(s, "", "detached without memory: a copy to free all the same");
	free(s);
	strbuf_addstr(&sb, "x");
	strbuf_release(&sb);
	strbuf_release(&sb);
	is_sb(&sb, "", "released twice");
	is_str(strbuf_empty, "", "the shared empty text is untouched");
}

static void
test_growth(void)
{
	struct strbuf sb = STRBUF_INIT;
	size_t i, bad = 0;

	for (i = 0; i < 100000; i++) {
		strbuf_addch(&sb, (char)('a' + i % 26));
		bad += sb.len != i + 1 || sb.buf[sb.len] != '\0' ||
		    sb.cap <= sb.len;
	}
	for (i = 0; i < sb.len; i++)
		bad += sb.buf[i] != (char)('a' + i % 26);
	is_int((long long)bad, 0, "a hundred thousand characters");
	strbuf_release(&sb);
	for (i = 0; i < 300; i++) {
		strbuf_reset(&sb);
		strbuf_grow(&sb, i);
		bad += sb.cap <= i;
		strbuf_addf(&sb, "%*s", (int)i, "");
		bad += sb.len != i;
		strbuf_release(&sb);
	}
	is_int((long long)bad, 0, "each size at the edge of a doubling");
}

static void
test_rtrim(void)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{ "a", "a" }, { "a \t\r\n\v\f", "a" }, { " a b ", " a b" },
		{ " \n ", "" }, { "", "" }, { "a\302\240", "a\302\240" },
	};
	struct strbuf sb = STRBUF_INIT;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		strbuf_reset(&sb);
		strbuf_addstr(&sb, cases[i].text);
		strbuf_rtrim(&sb);
		is_sb(&sb, cases[i].want, "strbuf_rtrim");
	}
	strbuf_release(&sb);
}

static void
test_bug(void)
{
	struct strbuf sb = STRBUF_INIT;
	int status;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		if (freopen("/dev/null", "w", stderr) == NULL)
			_exit(99);
		strbuf_addstr(&sb, "abc");
		strbuf_setlen(&sb, 4);
		_exit(98);
	}
	waitpid(pid, &status, 0);
	ok(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT,
	    "longer by strbuf_setlen is a bug");
}

int
main(void)
{
	test_add();
	test_growth();
	test_rtrim();
	test_bug();
	return tap_done();
}
