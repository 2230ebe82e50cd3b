/* What deploy tells without deploying: the source's files, the versions. */
#include "lib/base/compat.h"

#include "cmd/cmd.h"
#include "cmd/deploy_list.h"
#include "cmd/output.h"
#include "lib/base/arena.h"
#include "lib/base/strbuf.h"
#include "lib/package/filelist.h"

enum { LARGE_SOURCE = 10 << 20, LARGEST_SHOWN = 5 };

void
deploy_count(struct strbuf *sb, int64_t n, const char *noun)
{
	strbuf_addf(sb, "%lld %s%s", (long long)n, noun, n == 1 ? "" : "s");
}

const char *
deploy_ignore_file(const struct filelist *list)
{
	return list->git ? ".gitignore" : ".unionmlignore";
}

static int
by_size(const void *pa, const void *pb)
{
	const struct filelist_entry *a = *(const struct filelist_entry *const *)
	    pa, *b = *(const struct filelist_entry *const *)pb;

	if (a->size != b->size)
		return a->size > b->size ? -1 : 1;
	return strcmp(a->path, b->path);
}

/* The list's entries, the largest first, in memory of the arena. */
static const struct filelist_entry **
largest_first(struct arena *arena, const struct filelist *list)
{
	const struct filelist_entry **v;
	size_t i;

	v = arena_array(arena, list->n, sizeof(*v));
	for (i = 0; i < list->n; i++)
		v[i] = &list->v[i];
	if (list->n > 1)
		qsort(v, list->n, sizeof(*v), by_size);
	return v;
}

static void
put_file(struct json_writer *w, const struct filelist_entry *entry)
{
	json_begin_map(w, NULL);
	json_put_text(w, "path", entry->path);
	json_put_int(w, "size", entry->size);
	json_put_text(w, "why", filelist_why_text(entry->why));
	json_put_text_or_null(w, "link", entry->target);
	json_end_map(w);
}

static void
put_file_text(struct strbuf *out, const struct filelist_entry *entry)
{
	struct strbuf size = STRBUF_INIT;

	output_size(&size, entry->size);
	strbuf_addf(out, "%8s  %-11s  %s%s%s\n", size.buf,
	    filelist_why_text(entry->why), entry->path,
	    entry->target != NULL ? " -> " : "",
	    entry->target != NULL ? entry->target : "");
	strbuf_release(&size);
}

void
deploy_list_files(struct context *context, const struct filelist *list,
    long limit)
{
	struct strbuf out = STRBUF_INIT, sum = STRBUF_INIT;
	struct arena arena = ARENA_INIT;
	const struct filelist_entry **v;
	bool json = context->globals.json;
	struct json_writer w;
	size_t i;

	v = largest_first(&arena, list);
	json_writer_init(&w, &out, true);
	if (json)
		json_begin_list(&w, NULL);
	for (i = 0; i < list->n && (limit == 0 || i < (size_t)limit); i++)
		if (json)
			put_file(&w, v[i]);
		else
			put_file_text(&out, v[i]);
	if (json) {
		json_end_list(&w);
		strbuf_addch(&out, '\n');
		output_write(&out);
	} else {
		output_masked(out.buf, out.len);
	}
	deploy_count(&sum, (int64_t)list->n, "file");
	strbuf_addstr(&sum, ", ");
	output_size(&sum, list->bytes);
	note("%s", sum.buf);
	strbuf_release(&sum);
	strbuf_release(&out);
	arena_release(&arena);
}

void
deploy_warn_of_size(const struct filelist *list)
{
	struct strbuf size = STRBUF_INIT;
	struct arena arena = ARENA_INIT;
	const struct filelist_entry **v;
	size_t i;

	if (list->bytes <= LARGE_SOURCE)
		return;
	output_size(&size, list->bytes);
	warning("the source has %s; its largest files:", size.buf);
	v = largest_first(&arena, list);
	for (i = 0; i < list->n && i < LARGEST_SHOWN; i++) {
		strbuf_reset(&size);
		output_size(&size, v[i]->size);
		hint("%8s  %s", size.buf, v[i]->path);
	}
	hint("%s keeps files out", deploy_ignore_file(list));
	strbuf_release(&size);
	arena_release(&arena);
}

struct printer {
	struct strbuf out;
	struct json_writer json;
	bool as_json;
	size_t rows;
};

static void
put_version(struct json_writer *w, const struct deployed *d)
{
	json_begin_map(w, NULL);
	json_put_text(w, "version", d->version);
	output_json_time(w, "deployed_at", d->created_at);
	if (d->files >= 0) {
		json_put_int(w, "files", d->files);
		json_put_int(w, "bytes", d->bytes);
	} else {
		json_put_null(w, "files");
		json_put_null(w, "bytes");
	}
	json_put_text_or_null(w, "subject", d->subject);
	json_end_map(w);
}

static void
put_version_text(struct strbuf *out, const struct deployed *d)
{
	struct strbuf cell = STRBUF_INIT;

	output_time(&cell, d->created_at);
	strbuf_addf(out, "%-20s  %-20s  ", d->version, cell.buf);
	strbuf_reset(&cell);
	if (d->files >= 0)
		output_size(&cell, d->bytes);
	else
		strbuf_addch(&cell, '-');
	if (d->files >= 0)
		strbuf_addf(out, "%5lld  ", (long long)d->files);
	else
		strbuf_addf(out, "%5s  ", "-");
	strbuf_addf(out, "%8s  %s\n", cell.buf,
	    d->subject != NULL ? d->subject : "-");
	strbuf_release(&cell);
}

static enum status
each_version(void *arg, const struct deployed *d)
{
	struct printer *p = arg;

	if (!p->as_json && p->rows == 0)
		strbuf_addf(&p->out, "%-20s  %-20s  %5s  %8s  %s\n",
		    "VERSION", "DEPLOYED", "FILES", "SIZE", "SUBJECT");
	if (p->as_json)
		put_version(&p->json, d);
	else
		put_version_text(&p->out, d);
	p->rows++;
	return EXIT_DONE;
}

enum status
deploy_list_versions(struct context *context)
{
	struct printer p = { .as_json = context->globals.json };
	enum status status;

	strbuf_init(&p.out);
	json_writer_init(&p.json, &p.out, true);
	if (p.as_json)
		json_begin_list(&p.json, NULL);
	status = context->target->ops->versions(context->target,
	    each_version, &p);
	if (p.as_json) {
		json_end_list(&p.json);
		strbuf_addch(&p.out, '\n');
	}
	if (status == EXIT_DONE && !p.as_json && p.rows == 0)
		note("no version is deployed");
	if (status == EXIT_DONE)
		output_masked(p.out.buf, p.out.len);
	strbuf_release(&p.out);
	return status;
}
