/*
 * Launch plans that have a schedule. Other tools make them, too: what cannot
 * be read here has no slots that anybody could know.
 */
#include "lib/base/compat.h"

#include "lib/base/arena.h"
#include "lib/flyte/slots/schedversion.h"
#include "lib/flyte/wire/apijson.h"
#include "lib/flyte/wire/fnames.h"
#include "lib/schedule/zone.h"
#include "lib/text/jsonio.h"

enum { ZONE_LEN = 128 };

/* Behind `CRON_TZ=ZONE ` or `TZ=ZONE `, as robfig reads it; NULL: no zone. */
static const char *
read_zone(const char *text, const struct zone **zone)
{
	char name[ZONE_LEN] = "UTC";
	const char *why;
	size_t len;

	if (strncmp(text, "CRON_TZ=", 8) == 0 ||
	    strncmp(text, "TZ=", 3) == 0) {
		text = strchr(text, '=') + 1;
		len = strcspn(text, " ");
		if (len >= sizeof(name))
			return NULL;
		if (len > 0) {
			memcpy(name, text, len);
			name[len] = '\0';
		}
		text += len;
	}
	*zone = zone_find(name, &why);
	return *zone != NULL ? text : NULL;
}

void
schedversion_read(struct schedversion *version, const char *text)
{
	struct slots *slots = &version->slots;
	struct cron_error err;

	memset(slots, 0, sizeof(*slots));
	slots->rule = DST_ROBFIG;
	text = read_zone(text, &slots->zone);
	if (text == NULL)
		return;
	text += strspn(text, " ");
	if (!expression_parse(text, &slots->expression, &err))
		return;
	if (slots->expression.dialect == DIALECT_EVERY)
		version->rate = slots->expression.every.sec;
	else
		version->known = true;
}

/* admin.FixedRate; a value of 0 is never fired. */
static int64_t
read_rate(const struct json *rate)
{
	const char *unit = api_text(rate, "unit");
	int64_t value = api_int(rate, "value");

	if (value < 0 || value > 1000000)
		return 0;
	if (strcmp(unit, "DAY") == 0)
		return value * 86400;
	return value * (strcmp(unit, "HOUR") == 0 ? 3600 : 60);
}

const char *
schedversion_text(const struct json *schedule)
{
	const char *text = api_text(json_find(schedule, "cron_schedule"),
	    "schedule");

	return *text != '\0' ? text : api_text(schedule, "cron_expression");
}

bool
schedversion_read_schedule(struct schedversion *version,
    const struct json *schedule)
{
	const struct json *rate = json_find(schedule, "rate");
	const char *text = schedversion_text(schedule);

	if (*text != '\0') {
		schedversion_read(version, text);
		return true;
	}
	if (rate == NULL || rate->kind != JSON_MAP)
		return false;
	version->rate = read_rate(rate);
	return true;
}

bool
schedversion_decode(struct schedversion *version, struct arena *arena,
    const struct json *launch_plan, const char *app)
{
	const struct json *id = json_find(launch_plan, "id");
	const struct json *spec = json_find(launch_plan, "spec");
	const struct json *closure = json_find(launch_plan, "closure");
	const struct json *schedule = api_dig(spec, "entity_metadata",
	    "schedule", NULL);
	const char *kickoff = api_text(schedule, "kickoff_time_input_arg");
	const struct json *workflow = json_find(spec, "workflow_id");
	const char *code = api_text(workflow, "version");
	size_t len = strlen(app);

	memset(version, 0, sizeof(*version));
	if (!schedversion_read_schedule(version, schedule))
		return false;
	version->plan = arena_strdup(arena, api_text(id, "name"));
	version->version = arena_strdup(arena, api_text(id, "version"));
	version->workflow = arena_strdup(arena, api_text(workflow, "name"));
	version->app_version = arena_strndup(arena, code,
	    fnames_app_version_len(code));
	version->schedule = version->plan;
	if (strncmp(version->plan, app, len) == 0 && version->plan[len] == '.')
		version->schedule += len + 1;
	if (*kickoff != '\0')
		version->kickoff = arena_strdup(arena, kickoff);
	version->created = api_time(closure, "created_at");
	version->updated = api_time(closure, "updated_at");
	if (version->updated < version->created)
		version->updated = version->created;
	version->active = strcmp(api_text(closure, "state"), "ACTIVE") == 0;
	version->limited = api_int(json_find(spec, "concurrency_policy"),
	    "max") > 0;
	return true;
}
