/* The project that a deploy goes to. */
#include "lib/base/compat.h"

#include "lib/base/strbuf.h"
#include "lib/target/flyte/api.h"
#include "lib/target/flyte/deployment.h"
#include "lib/text/jsonio.h"

static enum status
check_domain(const struct flyte *flyte, const struct json *project)
{
	const struct json *domains = json_find(project, "domains");
	struct strbuf names = STRBUF_INIT;
	const char *id;
	size_t i;

	if (domains == NULL || domains->kind != JSON_LIST || domains->n == 0)
		return EXIT_DONE;
	for (i = 0; i < domains->n; i++) {
		id = api_text(domains->item[i], "id");
		if (strcmp(id, flyte->domain) == 0)
			break;
		strbuf_addf(&names, "%s%s", i > 0 ? ", " : "", id);
	}
	if (i == domains->n) {
		error(EXIT_INPUT, "targets.%s.domain: the cluster has no "
		    "domain '%s'", flyte->decl->name, flyte->domain);
		hint("it has: %s", names.buf);
	}
	strbuf_release(&names);
	return i < domains->n ? EXIT_DONE : EXIT_INPUT;
}

enum status
deploy_find_project(struct deployment *d)
{
	struct flyte *flyte = d->flyte;
	struct json *project;
	enum status status;

	status = api_find(flyte, &d->arena, api_path(&d->arena, "projects",
	    flyte->project, NULL), "cannot look for the project", &project);
	if (status != EXIT_DONE || project == NULL)
		return status;
	d->has_project = true;
	if (strcmp(api_text(project, "state"), "ARCHIVED") == 0) {
		error(EXIT_CONFLICT, "project '%s' is archived",
		    flyte->project);
		hint("flytectl update project -p %s --activate",
		    flyte->project);
		return EXIT_CONFLICT;
	}
	return check_domain(flyte, project);
}

enum status
deploy_make_project(struct deployment *d)
{
	const char *name = d->flyte->project;
	struct strbuf body = STRBUF_INIT;
	struct api_request request;
	struct api_answer answer;
	enum status status;
	struct json_writer w;

	if (d->has_project)
		return EXIT_DONE;
	json_writer_init(&w, &body, false);
	json_begin_map(&w, NULL);
	json_begin_map(&w, "project");
	json_put_text(&w, "id", name);
	json_put_text(&w, "name", name);
	json_end_map(&w);
	json_end_map(&w);
	api_request_init(&request, api_path(&d->arena, "projects", NULL),
	    "cannot make the project");
	request.method = HTTP_POST;
	request.retry = HTTP_RETRY_WRITE;
	request.body = body.buf;
	status = api_call(d->flyte, &d->arena, &request, &answer);
	if (status != EXIT_DONE && answer.code == API_EXISTS)
		status = EXIT_DONE;
	else if (status != EXIT_DONE)
		status = api_report(d->flyte, &request, &answer);
	else if (!d->flyte->dry_run)
		note("project '%s' is new", name);
	api_answer_release(&answer);
	strbuf_release(&body);
	return status;
}
