/* Messages: their form, what is masked, what is quiet, how programs end. */
#include "lib/base/compat.h"

#include <sys/wait.h>

#include <signal.h>
#include <unistd.h>

#include "lib/base/err.h"
#include "lib/base/io.h"
#include "lib/base/strbuf.h"
#include "t/unit/tap.h"

static struct strbuf said = STRBUF_INIT;
static int writes;

static void
sink(void *arg, const char *text, size_t len)
{
	strbuf_add(arg, text, len);
	writes++;
}

static void
is_said(const char *want, const char *name)
{
	is_str(said.buf, want, name);
	is_int(writes, *want != '\0', "written at once");
	strbuf_reset(&said);
	writes = 0;
}

static void
test_forms(void)
{
	is_int(error(EXIT_INPUT, "no input '%s'", "x"), EXIT_INPUT, "error");
	is_said("unionml: error: no input 'x'\n", "its text");
	errno = ENOENT;
	is_int(error_errno(EXIT_LOCAL, "cannot open '%s'", "a"), EXIT_LOCAL,
	    "error_errno");
	is_int(errno, ENOENT, "leaves errno alone");
	is_said("unionml: error: cannot open 'a': No such file or directory\n",
	    "its text");
	warning("%d things", 2);
	is_said("unionml: warning: 2 things\n", "warning");
	hint("try '%s'", "b");
	is_said("  try 'b'\n", "hint");
	err_line("ab\0c", 4);
	is_said("ab?c\n", "err_line");
	err_line("", 0);
	is_said("\n", "an empty line");
}

static void
test_long_line(void)
{
	struct strbuf text = STRBUF_INIT;
	int i;

	for (i = 0; i < 30000; i++)
		strbuf_addstr(&text, i % 3 == 0 ? "\xc2\x9b" : "x");
	err_line(text.buf, text.len);
	is_int((long long)said.len, (long long)text.len + 1,
	    "a long line is whole");
	ok(memchr(said.buf, 0xc2, said.len) == NULL, "its pairs are masked");
	ok(strncmp(said.buf, "??xx??", 6) == 0, "the rest is not");
	strbuf_reset(&said);
	writes = 0;
	strbuf_release(&text);
}

static void
test_verbosity(void)
{
	is_int(err_verbosity(), NORMAL, "normal at first");
	note("note");
	is_said("note\n", "note");
	detail("detail");
	is_said("", "no detail");
	err_set_verbosity(VERBOSE);
	detail("detail");
	is_said("detail\n", "detail with --verbose");
	err_set_verbosity(QUIET);
	note("note");
	is_said("", "no note with --quiet");
	detail("detail");
	is_said("", "no detail either");
	hint("hint");
	is_said("  hint\n", "but a hint");
	warning("warning");
	is_said("unionml: warning: warning\n", "a warning");
	error(EXIT_RUN, "error");
	is_said("unionml: error: error\n", "and an error");
	err_set_verbosity(NORMAL);
}

static void
test_masked(void)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{ "plain", "plain\n" },
		{ "tab\tand\nline", "tab\tand\nline\n" },
		{ "\033[31mred", "?[31mred\n" },
		{ "a\rb\bc\ad\177e\001", "a?b?c?d?e?\n" },
		{ "C1 \302\233 there", "C1 ?? there\n" },
		{ "\303\251 \302\240 \342\202\254",
		  "\303\251 \302\240 \342\202\254\n" },
		{ "cut \302", "cut \302\n" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		note("%s", cases[i].text);
		is_said(cases[i].want, "masked");
	}
}

static void
test_long(void)
{
	static char text[20000];

	memset(text, 'x', sizeof(text) - 1);
	error(EXIT_RUN, "%s", text);
	is_int((long long)said.len, 8192, "a long one is cut");
	is_int(said.buf[said.len - 1], '\n', "and ends its line");
	strbuf_reset(&said);
	errno = EIO;
	error_errno(EXIT_RUN, "%s", text);
	is_int((long long)said.len, 8192, "with errno, too");
	strbuf_reset(&said);
	writes = 0;
}

static void
end(int which)
{
	switch (which) {
	case 0:
		die(EXIT_USAGE, "no command '%s'", "x");
	case 1:
		BUG("%d is odd", 3);
	case 2:
		error(EXIT_RUN, "to stderr");
		_exit(0);
	}
	_exit(99);
}

static void
test_ends(void)
{
	static const struct {
		int status;
		bool aborted;
		const char *begin, *end;
	} cases[] = {
		{ EXIT_USAGE, false, "unionml: error: no ", "command 'x'\n" },
		{ 0, true, "unionml: bug: t/unit/err.c:", ": 3 is odd\n" },
		{ 0, false, "unionml: error: to ", "stderr\n" },
	};
	struct strbuf sb = STRBUF_INIT;
	int fd[2], status;
	size_t i, len;
	pid_t pid;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		if (pipe(fd) < 0)
			return;
		fflush(stdout);
		pid = fork();
		if (pid == 0) {
			err_set_sink(NULL, NULL);
			dup2(fd[1], STDERR_FILENO);
			end((int)i);
		}
		close(fd[1]);
		strbuf_reset(&sb);
		read_fd(fd[0], &sb, 10000);
		close(fd[0]);
		waitpid(pid, &status, 0);
		ok(cases[i].aborted ? WIFSIGNALED(status) &&
		    WTERMSIG(status) == SIGABRT : WIFEXITED(status) &&
		    WEXITSTATUS(status) == cases[i].status, "the right end");
		len = strlen(cases[i].end);
		ok(strncmp(sb.buf, cases[i].begin, strlen(cases[i].begin)) ==
		    0 && sb.len > len && strcmp(sb.buf + sb.len - len,
		    cases[i].end) == 0, "and says so: %.*s",
		    (int)strcspn(sb.buf, "\n"), sb.buf);
	}
	strbuf_release(&sb);
}

int
main(void)
{
	err_set_sink(sink, &said);
	test_forms();
	test_long_line();
	test_verbosity();
	test_masked();
	test_long();
	test_ends();
	strbuf_release(&said);
	return tap_done();
}
