/* What commands print. */
#include "lib/base/compat.h"

#include <unistd.h>

#include "cmd/output.h"
#include "lib/base/arena.h"
#include "lib/base/clock.h"
#include "lib/base/strbuf.h"

void
output_write(const struct strbuf *sb)
{
	if (fwrite(sb->buf, 1, sb->len, stdout) < sb->len)
		die(EXIT_LOCAL, "cannot write to stdout: %s",
		    strerror(errno));
}

bool
output_is_terminal(void)
{
	return isatty(STDOUT_FILENO) == 1;
}

void
output_masked(const char *text, size_t len)
{
	bool raw = !output_is_terminal();
	size_t i;

	for (i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];

		if (!raw && ((c < 0x20 && c != '\n' && c != '\t') ||
		    c == 0x7f))
			c = '?';
		putchar(c);
	}
}

void
output_time(struct strbuf *sb, int64_t ms)
{
	struct civil c;

	if (ms == 0) {
		strbuf_addch(sb, '-');
		return;
	}
	civil_from_seconds(ms / 1000, &c);
	strbuf_addf(sb, "%04lld-%02d-%02d %02d:%02d UTC", (long long)c.year,
	    c.month, c.day, c.hour, c.minute);
}

void
output_weekday(struct strbuf *sb, int64_t t)
{
	static const char days[] = "Sun\0Mon\0Tue\0Wed\0Thu\0Fri\0Sat";
	struct civil c;

	civil_from_seconds(t, &c);
	strbuf_addf(sb, "%s %04d-%02d-%02d %02d:%02d", days + 4 *
	    civil_weekday(t), (int)c.year, c.month, c.day, c.hour, c.minute);
	if (c.second != 0)
		strbuf_addf(sb, ":%02d", c.second);
	strbuf_addstr(sb, " UTC");
}

void
output_ago(struct strbuf *sb, int64_t ms)
{
	static const struct {
		int64_t seconds, up_to;
		const char *unit;
	} units[] = {
		{ 1, 60, "s" },
		{ 60, 3600, "min" },
		{ 3600, 2 * 86400, "h" },
		{ 86400, INT64_MAX, "d" },
	};
	int64_t seconds = ms > 0 ? ms / 1000 : 0;
	size_t i = 0;

	while (seconds >= units[i].up_to)
		i++;
	strbuf_addf(sb, "%lld%s", (long long)(seconds / units[i].seconds),
	    units[i].unit);
}

void
output_json_time(struct json_writer *w, const char *name, int64_t ms)
{
	if (ms != 0)
		json_put_instant(w, name, instant_from_ms(ms));
	else
		json_put_null(w, name);
}

void
output_json_slot(struct json_writer *w, const char *name, int64_t t)
{
	json_put_instant(w, name, (struct instant){ t, 0 });
}

void
output_size(struct strbuf *sb, int64_t bytes)
{
	static const char *const units[] = { "KiB", "MiB", "GiB", "TiB" };
	double size = (double)bytes;
	size_t i = 0;

	if (bytes < 1024) {
		strbuf_addf(sb, "%lld B", (long long)bytes);
		return;
	}
	for (size /= 1024; size >= 1024 && i + 1 < ARRAY_SIZE(units); i++)
		size /= 1024;
	strbuf_addf(sb, size < 10 ? "%.1f %s" : "%.0f %s", size, units[i]);
}

bool
output_coloured(int fd)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	return (no == NULL || *no == '\0') && term != NULL &&
	    strcmp(term, "dumb") != 0 && isatty(fd);
}

const char *
output_colour(bool coloured, enum colour colour)
{
	static const char *const codes[] = {
		[COLOUR_NONE] = "\033[m",
		[COLOUR_GREEN] = "\033[32m",
		[COLOUR_RED] = "\033[31m",
		[COLOUR_YELLOW] = "\033[33m",
	};

	return coloured ? codes[colour] : "";
}

enum colour
output_status_colour(enum run_status status)
{
	switch (status) {
	case RUN_SUCCEEDED:
		return COLOUR_GREEN;
	case RUN_FAILED:
		return COLOUR_RED;
	case RUN_ABORTED:
	case RUN_INTERRUPTED:
		return COLOUR_YELLOW;
	default:
		return COLOUR_NONE;
	}
}

static void
print_number(struct strbuf *sb, const struct json *value)
{
	if (value->kind == JSON_DOUBLE)
		strbuf_addf(sb, "%.4g", value->real);
	else
		json_print(sb, value);
}

static void
print_part(struct strbuf *sb, const struct json_member *m)
{
	const struct json *part = m->value;
	size_t i;

	if (part->kind == JSON_MAP && part->n == 0)
		return;
	strbuf_addf(sb, "%-5s ", m->name);
	/* A Python UnionML app has one number for each. */
	if (part->kind != JSON_MAP) {
		strbuf_addch(sb, ' ');
		print_number(sb, part);
	}
	for (i = 0; part->kind == JSON_MAP && i < part->n; i++) {
		strbuf_addf(sb, " %s ", part->member[i].name);
		print_number(sb, part->member[i].value);
	}
	strbuf_addch(sb, '\n');
}

/* Clusters give them in any order: train comes first. */
void
output_metrics(struct strbuf *sb, const char *metrics)
{
	struct arena arena = ARENA_INIT;
	const struct json *all;
	const char *why = "";
	size_t i, n;

	all = json_parse(&arena, metrics, strlen(metrics), &why);
	n = all != NULL && all->kind == JSON_MAP ? all->n : 0;
	for (i = 0; i < n; i++)
		if (strcmp(all->member[i].name, "train") == 0)
			print_part(sb, &all->member[i]);
	for (i = 0; i < n; i++)
		if (strcmp(all->member[i].name, "train") != 0)
			print_part(sb, &all->member[i]);
	arena_release(&arena);
}
