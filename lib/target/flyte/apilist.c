/*
 * Lists of FlyteAdmin, page by page. The token of the next page is the last
 * thing in a page, so that one is asked for before this one is parsed: the
 * server makes it while we read. What was so found is a guess until the page
 * has been parsed, and a request that went wrong meanwhile is made again.
 */
#include "lib/base/compat.h"

#include "lib/base/arena.h"
#include "lib/base/xalloc.h"
#include "lib/target/flyte/api.h"
#include "lib/target/flyte/flyte.h"
#include "lib/text/jsonio.h"

/* A page that was asked for. */
struct page {
	struct arena arena;
	const char *token;
	struct api_request request;
	struct api_answer answer;
	bool guessed;		/* asked for before it was sure */
	bool ended;
	bool dropped;		/* nobody waits for it any more */
};

static const char *
page_path(struct arena *arena, const struct api_list *list, const char *token)
{
	long rows = list->page > 0 ? list->page : API_PAGE;
	const char *path = list->path;

	path = api_query(arena, path, "limit", arena_printf(arena, "%ld",
	    rows));
	if (list->filters != NULL)
		path = api_query(arena, path, "filters", list->filters);
	if (list->sort_key != NULL) {
		path = api_query(arena, path, "sort_by.key", list->sort_key);
		path = api_query(arena, path, "sort_by.direction",
		    list->ascending ? "ASCENDING" : "DESCENDING");
	}
	return *token != '\0' ? api_query(arena, path, "token", token) : path;
}

static void
page_free(struct page *page)
{
	api_answer_release(&page->answer);
	arena_release(&page->arena);
	free(page);
}

static void
arrived(void *arg, struct http_response *res)
{
	struct page *page = arg;

	page->answer.res = *res;
	http_response_init(res);
	page->ended = true;
	if (page->dropped)
		page_free(page);
}

static struct page *
page_ask(struct flyte *flyte, const struct api_list *list, const char *token,
    bool guessed)
{
	struct page *page = xcalloc(1, sizeof(*page));
	struct http_request req;
	char *url;

	page->guessed = guessed;
	page->token = arena_strdup(&page->arena, token);
	api_request_init(&page->request, page_path(&page->arena, list,
	    page->token), list->what);
	if (guessed)
		page->request.retry_ms = -1;
	http_response_init(&page->answer.res);
	url = api_to_http(flyte, &page->request, &req);
	http_add(flyte->http, &req, arrived, page);
	free(url);
	if (guessed)
		http_start(flyte->http);
	return page;
}

static void
page_drop(struct page *page)
{
	if (page == NULL)
		return;
	page->dropped = true;
	if (page->ended)
		page_free(page);
}

/* Back over blanks. */
static size_t
back(const char *text, size_t at)
{
	while (at > 0 && strchr(" \t\r\n", text[at - 1]) != NULL)
		at--;
	return at;
}

/* Back over that character and the blanks before it; 0: it is not there. */
static size_t
back_over(const char *text, size_t at, char c)
{
	at = back(text, at);
	return at > 0 && text[at - 1] == c ? back(text, at - 1) : 0;
}

/* The T of a body that ends in `"token":"T"}`; NULL if it does not. */
static const char *
peek_token(struct arena *arena, const struct strbuf *body)
{
	static const char name[] = "\"token\"";
	const char *text = body->buf;
	size_t end, from, at, len = sizeof(name) - 1;

	end = back_over(text, body->len, '}');
	if (end == 0 || text[end - 1] != '"')
		return NULL;
	for (from = --end; from > 0 && text[from - 1] != '"'; from--)
		if (text[from - 1] == '\\')
			return NULL;
	at = from > 1 ? back_over(text, from - 1, ':') : 0;
	if (from == end || at < len ||
	    memcmp(text + at - len, name, len) != 0)
		return NULL;
	return arena_strndup(arena, text + from, end - from);
}

/* Waits for it; a guess that went wrong is asked for once more. */
static enum status
page_await(struct flyte *flyte, const struct api_list *list,
    struct page **page)
{
	struct page *again;

	while (!(*page)->ended)
		http_run(flyte->http);
	if (!(*page)->guessed ||
	    http_exit_status(&(*page)->answer.res) == EXIT_DONE)
		return http_exit_status(&(*page)->answer.res);
	again = page_ask(flyte, list, (*page)->token, false);
	page_free(*page);
	*page = again;
	return page_await(flyte, list, page);
}

/* *items are those of the page. */
static enum status
page_read(const struct flyte *flyte, const struct api_list *list,
    struct page *page, const struct json **items)
{
	enum status status = api_read_answer(flyte, &page->arena,
	    &page->answer);

	*items = NULL;
	if (status != EXIT_DONE)
		return api_report(flyte, &page->request, &page->answer);
	*items = json_find(page->answer.json, list->member);
	if (*items == NULL || (*items)->kind != JSON_LIST)
		return error(EXIT_NETWORK, "%s: the answer of '%s' has no "
		    "list '%s'", list->what, flyte->origin, list->member);
	return EXIT_DONE;
}

static enum status
give(const struct json *items,
    enum status (*each)(void *arg, const struct json *item), void *arg,
    const bool *stop)
{
	enum status status = EXIT_DONE;
	size_t i;

	for (i = 0; i < items->n && status == EXIT_DONE &&
	    (stop == NULL || !*stop); i++)
		status = each(arg, items->item[i]);
	return status;
}

/* One page; *page becomes the next, or NULL behind the last. */
static enum status
take_page(struct flyte *flyte, const struct api_list *list,
    struct page **page, enum status (*each)(void *arg,
	const struct json *item), void *arg, const bool *stop)
{
	enum status status = page_await(flyte, list, page);
	struct page *this = *page, *next = NULL;
	const struct json *items;
	const char *token;

	token = status == EXIT_DONE && stop == NULL ?
	    peek_token(&this->arena, &this->answer.res.body) : NULL;
	if (token != NULL)
		next = page_ask(flyte, list, token, true);
	status = page_read(flyte, list, this, &items);
	if (status == EXIT_DONE)
		status = give(items, each, arg, stop);
	/* A page without rows is the last one whatever it says. */
	token = status == EXIT_DONE && items->n > 0 &&
	    (stop == NULL || !*stop) ?
	    api_text(this->answer.json, "token") : "";
	if (next != NULL && strcmp(next->token, token) != 0) {
		page_drop(next);
		next = NULL;
	}
	if (next == NULL && *token != '\0')
		next = page_ask(flyte, list, token, false);
	page_free(this);
	*page = next;
	return status;
}

enum status
api_list(struct flyte *flyte, const struct api_list *list,
    enum status (*each)(void *arg, const struct json *item), void *arg,
    const bool *stop)
{
	struct page *page = page_ask(flyte, list, "", false);
	enum status status = EXIT_DONE;

	while (page != NULL && status == EXIT_DONE)
		status = take_page(flyte, list, &page, each, arg, stop);
	return status;
}
