/*
 * Deployed versions: `versions/<version>/` holds snapshot.tar.gz, the tree
 * unpacked from it in `source/`, and the app file where that is not part of
 * it. All is made beside its place, synced and renamed, then written down; a
 * directory without a row is what a deploy that was cut short left.
 */
#include "lib/base/compat.h"

#include <sys/stat.h>

#include <sha2.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "lib/base/io.h"
#include "lib/base/path.h"
#include "lib/base/self.h"
#include "lib/base/tree.h"
#include "lib/base/xalloc.h"
#include "lib/package/filelist.h"
#include "lib/package/pack.h"
#include "lib/package/unpack.h"
#include "lib/package/version.h"
#include "lib/target/local/command.h"
#include "lib/target/local/local.h"
#include "lib/target/local/part.h"

static const char archive_name[] = "snapshot.tar.gz";
static const char source_name[] = "source";

struct deploying {
	struct local *local;
	const struct deploy_request *request;
	struct deployed *deployed;
	char *app_path;		/* of the working tree */
	char *versions;		/* the directory of them all */
	struct part part;
};

/* Where the app file lies in the version: in the source, or beside it. */
static char *
place_app(const struct deploying *d)
{
	const struct filelist_entry *entry = NULL;

	if (d->request->list != NULL)
		entry = filelist_find(d->request->list, d->app_path);
	return entry != NULL ?
	    xasprintf("%s/%s", source_name, entry->path) :
	    xstrdup(path_basename(d->app_path));
}

static char *
version_dir(const struct local *local, const char *version)
{
	return xasprintf("%s/versions/%s", local->dir, version);
}

/* Packs into the part, or only computes what the pack would be. */
static enum status
pack(struct deploying *d, bool write)
{
	struct pack made = { .sha256 = "" };
	enum status status = EXIT_DONE;
	char *archive;

	if (d->request->list != NULL && write) {
		archive = path_join(d->part.path, archive_name);
		status = pack_write(d->request->list, archive, &made);
		free(archive);
	} else if (d->request->list != NULL) {
		status = pack_digest(d->request->list, &made);
	}
	if (status == EXIT_DONE)
		d->deployed->digest = xstrdup(made.sha256);
	return status;
}

/* The digest of an app file that is not in the tar counts, too. */
static void
add_app_digest(const struct deployed *deployed, char hex[65])
{
	SHA2_CTX sha;

	SHA256Init(&sha);
	SHA256Update(&sha, (const uint8_t *)deployed->digest,
	    strlen(deployed->digest));
	SHA256Update(&sha, (const uint8_t *)deployed->app_digest,
	    strlen(deployed->app_digest));
	SHA256End(&sha, hex);
}

/* The version's name, once the digest is there if the name needs it. */
static void
set_name(struct deploying *d)
{
	struct version *source = d->request->source;
	struct deployed *deployed = d->deployed;
	const char *digest = deployed->digest;
	char both[65];

	if (d->request->name != NULL) {
		deployed->version = xstrdup(d->request->name);
		return;
	}
	if (digest != NULL && *digest == '\0') {
		digest = deployed->app_digest;
	} else if (digest != NULL &&
	    strchr(deployed->app_file, '/') == NULL) {
		add_app_digest(deployed, both);
		digest = both;
	}
	version_name(source, digest);
	deployed->version = xstrdup(source->name);
}

static bool
same(const struct deployed *a, const struct deployed *b)
{
	if (strcmp(a->app_digest, b->app_digest) != 0)
		return false;
	if (a->digest == NULL || b->digest == NULL)
		return a->identity != NULL && b->identity != NULL &&
		    strcmp(a->identity, b->identity) == 0;
	return strcmp(a->digest, b->digest) == 0;
}

/* A row is nothing without its directory: somebody may have removed that. */
static bool
is_whole(const struct local *local, const struct deployed *deployed)
{
	char *dir = version_dir(local, deployed->version);
	char *app = path_join(dir, deployed->app_file);
	struct stat st;
	bool whole = stat(app, &st) == 0;

	free(app);
	free(dir);
	return whole;
}

/* Whether the version is there, the very same or another. */
static enum status
look_up(struct deploying *d, bool *there, bool *equal)
{
	struct deployed old = { .version = NULL };
	enum status status = EXIT_DONE;

	*there = *equal = false;
	if (d->local->store != NULL)
		status = store_find_version(d->local->store,
		    d->deployed->version, there, &old);
	if (status == EXIT_DONE && *there)
		*equal = same(&old, d->deployed);
	if (*equal && !is_whole(d->local, &old))
		*there = *equal = false;
	deployed_release(&old);
	return status;
}

static enum status
taken(const struct deploying *d)
{
	error(EXIT_CONFLICT, "version '%s' is deployed with other contents",
	    d->deployed->version);
	hint("give this one another name: %s deploy -v NAME", self_call());
	return EXIT_CONFLICT;
}

/* What the archive holds must be what was packed; it is what will run. */
static enum status
fill_part(struct deploying *d)
{
	char *archive = path_join(d->part.path, archive_name);
	char *source = path_join(d->part.path, source_name);
	char *app = path_join(d->part.path, d->deployed->app_file);
	enum status status = EXIT_DONE;
	char digest[65];
	struct stat st;

	if (d->request->list != NULL) {
		status = unpack(archive, source, digest);
		if (status == EXIT_DONE &&
		    strcmp(digest, d->deployed->digest) != 0)
			status = error(EXIT_LOCAL, "'%s' is not what was "
			    "written: the disk is at fault", archive);
	}
	if (status == EXIT_DONE && lstat(app, &st) != 0 &&
	    tree_copy(d->app_path, app, TREE_COPY) != 0)
		status = error_errno(EXIT_LOCAL, "cannot copy '%s'",
		    d->app_path);
	if (status == EXIT_DONE)
		status = part_sync(&d->part);
	free(archive);
	free(source);
	free(app);
	return status;
}

/* Without a row, what is there is what a deploy that was cut short left. */
static enum status
publish(struct deploying *d)
{
	char *dir = version_dir(d->local, d->deployed->version);
	enum status status = EXIT_DONE;
	bool added;

	if (tree_remove(dir) != 0 || rename(d->part.path, dir) != 0 ||
	    sync_parent(dir) != 0)
		status = error_errno(EXIT_LOCAL, "cannot rename '%s' to '%s'",
		    d->part.path, dir);
	free(dir);
	d->deployed->created_at = clock_now_ms();
	if (status == EXIT_DONE)
		status = store_add_version(d->local->store, d->deployed,
		    &added);
	return status;
}

/* One deploy at a time says what a name stands for. */
static enum status
publish_alone(struct deploying *d, bool *unchanged)
{
	enum status status;
	bool there;
	int fd;

	if ((status = part_lock(d->versions, &fd)) != EXIT_DONE)
		return status;
	status = look_up(d, &there, unchanged);
	if (status == EXIT_DONE && there && !*unchanged)
		status = taken(d);
	else if (status == EXIT_DONE && !there)
		status = publish(d);
	close(fd);
	return status;
}

static enum status
digest_app(struct deploying *d)
{
	char hex[65];

	if (tree_sha256(d->app_path, hex) != 0)
		return error_errno(EXIT_LOCAL, "cannot read '%s'",
		    d->app_path);
	d->deployed->app_digest = xstrdup(hex);
	return EXIT_DONE;
}

/* Everything that is known before a file of the source is read. */
static enum status
describe(struct deploying *d)
{
	const struct version *source = d->request->source;
	const struct filelist *list = d->request->list;
	struct deployed *deployed = d->deployed;

	if (source->identity[0] != '\0')
		deployed->identity = xstrdup(source->identity);
	if (source->subject != NULL && source->subject[0] != '\0')
		deployed->subject = xstrdup(source->subject);
	deployed->app_file = place_app(d);
	deployed->files = list != NULL ? (int64_t)list->n : 0;
	deployed->bytes = list != NULL ? list->bytes : 0;
	return digest_app(d);
}

/* A clean commit that is there needs no file to be read. */
static enum status
is_known_commit(struct deploying *d, bool *known)
{
	enum status status;
	bool there;

	*known = false;
	if (d->deployed->identity == NULL || (d->request->name == NULL &&
	    version_needs_digest(d->request->source)))
		return EXIT_DONE;
	set_name(d);
	status = look_up(d, &there, known);
	if (*known)
		return status;
	free(d->deployed->version);
	d->deployed->version = NULL;
	return status;
}

static enum status
deploy(struct deploying *d, struct deploy_result *result)
{
	bool write = !d->request->dry_run, there;
	enum status status;

	if ((status = describe(d)) != EXIT_DONE ||
	    (status = is_known_commit(d, &result->unchanged)) != EXIT_DONE ||
	    result->unchanged)
		return status;
	if (write && (status = part_make(&d->part, d->versions)) !=
	    EXIT_DONE)
		return status;
	if ((status = pack(d, write)) != EXIT_DONE)
		return status;
	set_name(d);
	status = look_up(d, &there, &result->unchanged);
	if (status != EXIT_DONE || result->unchanged)
		return status;
	if (there)
		return taken(d);
	if (!write)
		return EXIT_DONE;
	status = fill_part(d);
	return status == EXIT_DONE ? publish_alone(d, &result->unchanged) :
	    status;
}

enum status
local_deploy(struct target *target, const struct deploy_request *request,
    struct deploy_result *result)
{
	struct deploying d = { .local = (struct local *)target,
	    .request = request, .deployed = &result->deployed,
	    .part = PART_INIT };
	enum status status;

	memset(result, 0, sizeof(*result));
	if (!request->dry_run &&
	    (status = local_reopen(d.local)) != EXIT_DONE)
		return status;
	d.app_path = path_absolute(request->app->file);
	d.versions = path_join(d.local->dir, "versions");
	status = deploy(&d, result);
	part_release(&d.part);
	free(d.versions);
	free(d.app_path);
	return status;
}

static enum status
is_gone(const char *version, const char *app_path)
{
	error(EXIT_LOCAL, "version '%s' was removed: '%s' is not there",
	    version, app_path);
	hint("%s deploy -v %s makes it again from the same source",
	    self_call(), version);
	return EXIT_LOCAL;
}

static enum status
no_such_version(const char *version)
{
	error(EXIT_CONFLICT, "no version '%s' is deployed here", version);
	hint("'%s deploy --list' lists those that are", self_call());
	return EXIT_CONFLICT;
}

enum status
local_snapshot(struct target *target, const char *version,
    struct snapshot *snapshot)
{
	struct local *local = (struct local *)target;
	struct deployed deployed = { .version = NULL };
	enum status status = EXIT_DONE;
	bool found = false;
	struct stat st;
	char *dir;

	memset(snapshot, 0, sizeof(*snapshot));
	if (local->store != NULL)
		status = store_find_version(local->store, version, &found,
		    &deployed);
	if (status == EXIT_DONE && !found)
		status = no_such_version(version);
	if (status == EXIT_DONE) {
		dir = version_dir(local, version);
		snapshot->app_path = path_join(dir, deployed.app_file);
		snapshot->directory = path_join(dir, source_name);
		free(dir);
		if (stat(snapshot->app_path, &st) != 0)
			status = is_gone(version, snapshot->app_path);
	}
	/* Without a source the components run where they did. */
	if (status == EXIT_DONE && *deployed.digest == '\0') {
		free(snapshot->directory);
		snapshot->directory = NULL;
	}
	deployed_release(&deployed);
	return status;
}

enum status
local_versions(struct target *target,
    enum status (*each)(void *arg, const struct deployed *deployed),
    void *arg)
{
	struct local *local = (struct local *)target;

	return local->store == NULL ? EXIT_DONE :
	    store_list_versions(local->store, each, arg);
}
