/*
 * Sentences for what libyaml dislikes. It knows nothing of the app file; the
 * raw text is looked at once more where a value can be shown as it should
 * have been written.
 */
#include "lib/base/compat.h"

#include <yaml.h>

#include "lib/base/diag.h"
#include "lib/base/strbuf.h"
#include "lib/text/utf8.h"
#include "lib/text/yamlfault.h"

enum { SHOWN_MAX = 72 };

/* Whose position counts: libyaml's problem, or the beginning of the thing. */
enum where { AT_PROBLEM, AT_CONTEXT };

static const struct sentence {
	const char *problem, *context;	/* a NULL context: any */
	enum where where;
	const char *text;
	bool began;		/* add where the thing began */
} sentences[] = {
	{ "did not find expected key", NULL, AT_PROBLEM,
	    "expected a key of the mapping: check the indentation and quotes",
	    true },
	{ "did not find expected '-' indicator", NULL, AT_PROBLEM,
	    "expected a '-' of the list: check the indentation", true },
	{ "did not find expected ',' or ']'", NULL, AT_PROBLEM,
	    "expected ',' or ']' in the list", true },
	{ "did not find expected ',' or '}'", NULL, AT_PROBLEM,
	    "expected ',' or '}' in the mapping", true },
	{ "did not find expected node content", NULL, AT_PROBLEM,
	    "expected a value", false },
	{ "did not find expected <document start>", NULL, AT_PROBLEM,
	    "expected the end of the file: check the indentation", false },
	{ "mapping values are not allowed in this context", NULL, AT_PROBLEM,
	    "':' is not allowed here: check the indentation, or put the text "
	    "in quotes", false },
	{ "mapping keys are not allowed in this context", NULL, AT_PROBLEM,
	    "'?' is not allowed here: put the text in quotes", false },
	{ "block sequence entries are not allowed in this context", NULL,
	    AT_PROBLEM, "a list cannot begin here: put '-' on a line of its "
	    "own", false },
	{ "could not find expected ':'", NULL, AT_CONTEXT,
	    "expected ': ' and a value behind this key", false },
	{ "found unexpected end of stream", "while scanning a quoted scalar",
	    AT_CONTEXT, "this quote is never closed", false },
	{ "found unexpected document indicator",
	    "while scanning a quoted scalar", AT_CONTEXT,
	    "this quote is not closed before the document ends", false },
	{ "found unknown escape character", NULL, AT_PROBLEM,
	    "unknown escape between double quotes: write '\\\\' for a "
	    "backslash, or use single quotes", false },
	{ "found incompatible YAML document", NULL, AT_PROBLEM,
	    "only YAML 1.1 and 1.2 can be read", false },
	{ "found undefined tag handle", NULL, AT_PROBLEM,
	    "tags are not supported: write the value without '!'", false },
};

static bool
allowed(uint32_t c)
{
	if (c < 0x20)
		return c == '\t' || c == '\n' || c == '\r';
	return c < 0x7f || c == 0x85 || (c >= 0xa0 && c < 0xfffe) ||
	    c > 0xffff;
}

/*
 * libyaml compares each %TAG with all before it, which takes minutes for a
 * file full of them; as no tag is taken, neither is the directive.
 */
static bool
is_tag_directive(const char *s, size_t len, int column)
{
	return column == 1 && len >= 4 && memcmp(s, "%TAG", 4) == 0;
}

/* The line breaks of YAML 1.1, by which libyaml counts. */
static bool
is_break(uint32_t c)
{
	return c == '\n' || c == '\r' || c == 0x85 || c == 0x2028 ||
	    c == 0x2029;
}

bool
yamlfault_check_text(struct diag *diag, const char *data, size_t len)
{
	int line = 1, column = 1;
	size_t i, n;
	uint32_t c;

	for (i = 0; i < len; i += n) {
		n = utf8_length(data + i, len - i);
		if (n == 0) {
			diag_error(diag, line, column, "byte 0x%02x is not "
			    "UTF-8: save the file in UTF-8",
			    (unsigned char)data[i]);
			return false;
		}
		c = utf8_char(data + i, n);
		if (c == 0) {
			diag_error(diag, line, column, "a NUL byte: this is "
			    "not a text in UTF-8");
			return false;
		}
		if (!allowed(c)) {
			diag_error(diag, line, column, "character U+%04X is "
			    "not allowed in YAML", (unsigned)c);
			return false;
		}
		if (is_tag_directive(data + i, len - i, column)) {
			diag_error(diag, line, column, "tags are not "
			    "supported: remove the %%TAG directive");
			return false;
		}
		if (c == '\r' && i + 1 < len && data[i + 1] == '\n')
			continue;
		if (is_break(c)) {
			line++;
			column = 1;
		} else {
			column++;
		}
	}
	return true;
}

/* libyaml counts in characters. */
static size_t
offset_of(const char *data, size_t len, size_t index)
{
	size_t i = 0;

	for (; i < len && index > 0; index--) {
		i++;
		while (i < len && ((unsigned char)data[i] & 0xc0) == 0x80)
			i++;
	}
	return i;
}

/*
 * The length of the plain value meant at `s`: up to the end of the line, a
 * comment, or what would end it in a flow list or mapping.
 */
static size_t
value_length(const char *s, size_t len)
{
	size_t i;
	int open = 0;

	for (i = 0; i < len && s[i] != '\n' && s[i] != '\r'; i++) {
		if (s[i] == '#' && i > 0 && isblank((unsigned char)s[i - 1]))
			break;
		if (s[i] == ',' && i + 1 < len && s[i + 1] == ' ')
			break;
		if (s[i] == '{' || s[i] == '[')
			open++;
		else if ((s[i] == '}' || s[i] == ']') && --open < 0)
			break;
	}
	while (i > 0 && isblank((unsigned char)s[i - 1]))
		i--;
	return i;
}

char *
yamlfault_quoted(const char *data, size_t len, size_t index)
{
	size_t i, from = offset_of(data, len, index);
	size_t n = value_length(data + from, len - from);
	struct strbuf sb = STRBUF_INIT;
	char quote;

	if (n == 0 || n > SHOWN_MAX)
		return NULL;
	quote = memchr(data + from, '"', n) != NULL ||
	    memchr(data + from, '\\', n) != NULL ? '\'' : '"';
	strbuf_addch(&sb, quote);
	for (i = from; i < from + n; i++) {
		if (data[i] == '\'' && quote == '\'')
			strbuf_addch(&sb, '\'');
		strbuf_addch(&sb, data[i]);
	}
	strbuf_addch(&sb, quote);
	return strbuf_detach(&sb);
}

/* A value that begins with a character which YAML keeps for itself. */
static bool
report_indicator(struct diag *diag, const yaml_mark_t *mark, const char *data,
    size_t len)
{
	size_t at = offset_of(data, len, mark->index);
	int line = (int)mark->line + 1, column = (int)mark->column + 1;
	char *quoted;

	if (at == len || strchr("@`%*", data[at]) == NULL)
		return false;
	quoted = yamlfault_quoted(data, len, mark->index);
	if (quoted != NULL)
		diag_error(diag, line, column, "a value cannot begin with "
		    "'%c' in YAML; quote it: %s", data[at], quoted);
	else
		diag_error(diag, line, column, "a value cannot begin with "
		    "'%c' in YAML; put it in quotes", data[at]);
	free(quoted);
	return true;
}

static bool
report_tab(struct diag *diag, const yaml_parser_t *parser, const char *data,
    size_t len)
{
	const yaml_mark_t *mark = &parser->problem_mark;
	size_t at = offset_of(data, len, mark->index);

	if (strstr(parser->problem, "a tab character") == NULL &&
	    (at == len || data[at] != '\t'))
		return false;
	diag_error(diag, (int)mark->line + 1, (int)mark->column + 1,
	    "a tab: YAML forbids tabs in the indentation, use blanks");
	return true;
}

static bool
report_sentence(struct diag *diag, const yaml_parser_t *parser)
{
	const yaml_mark_t *mark;
	const struct sentence *s;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(sentences); i++) {
		s = &sentences[i];
		if (strcmp(s->problem, parser->problem) != 0)
			continue;
		if (s->context != NULL && (parser->context == NULL ||
		    strcmp(s->context, parser->context) != 0))
			continue;
		mark = s->where == AT_CONTEXT && parser->context != NULL ?
		    &parser->context_mark : &parser->problem_mark;
		if (s->began && parser->context != NULL)
			diag_error(diag, (int)mark->line + 1,
			    (int)mark->column + 1, "%s (it began on line %zu)",
			    s->text, parser->context_mark.line + 1);
		else
			diag_error(diag, (int)mark->line + 1,
			    (int)mark->column + 1, "%s", s->text);
		return true;
	}
	return false;
}

void
yamlfault_report(struct diag *diag, const struct yaml_parser_s *parser,
    const char *data, size_t len)
{
	const char *problem = parser->problem, *context = parser->context;
	const yaml_mark_t *mark = &parser->problem_mark;

	if (problem == NULL) {
		diag_error(diag, 0, 0, "cannot be read as YAML");
		return;
	}
	if (context != NULL && strcmp(context, "while scanning an alias") == 0
	    && report_indicator(diag, &parser->context_mark, data, len))
		return;
	if (strcmp(problem, "found character that cannot start any token") ==
	    0 && report_indicator(diag, mark, data, len))
		return;
	if (report_tab(diag, parser, data, len) ||
	    report_sentence(diag, parser))
		return;
	if (context != NULL)
		diag_error(diag, (int)mark->line + 1, (int)mark->column + 1,
		    "%s %s", problem, context);
	else
		diag_error(diag, (int)mark->line + 1, (int)mark->column + 1,
		    "%s", problem);
}
