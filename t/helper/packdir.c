/*
 * packdir list|secrets|version|digest DIR, packdir pack DIR ARCHIVE,
 * packdir unpack|unpack-any ARCHIVE DIR: the room lib/package without a command
 * around it, for scripts that compare it with other programs.
 */
#include "lib/base/compat.h"

#include "lib/base/err.h"
#include "lib/package/filelist.h"
#include "lib/package/pack.h"
#include "lib/package/secret.h"
#include "lib/package/unpack.h"
#include "lib/package/version.h"

static enum status
print_list(const struct filelist *list)
{
	size_t i;

	for (i = 0; i < list->n; i++) {
		const struct filelist_entry *e = &list->v[i];

		printf("%s\t%lld\t%s\t%s%s%s\n", e->kind == FILELIST_LINK ?
		    "link" : e->executable ? "0755" : "0644",
		    (long long)e->size, filelist_why_text(e->why), e->path,
		    e->target != NULL ? " -> " : "",
		    e->target != NULL ? e->target : "");
	}
	return EXIT_DONE;
}

static enum status
print_secrets(const struct filelist *list)
{
	struct secrets secrets = SECRETS_INIT;
	enum status status = secrets_find(&secrets, list);
	size_t i;

	for (i = 0; i < secrets.n; i++)
		printf("%s: %s\n", secrets.v[i].path, secrets.v[i].why);
	secrets_release(&secrets);
	return status;
}

static enum status
print_version(const char *dir)
{
	struct version v = VERSION_INIT;
	struct filelist list;
	struct pack pack = { .sha256 = "" };
	enum status status = version_ask(&v, dir);
	size_t i;

	if (status == EXIT_DONE && version_needs_digest(&v)) {
		status = filelist_load(&list, dir);
		if (status == EXIT_DONE)
			status = pack_digest(&list, &pack);
		filelist_release(&list);
	}
	if (status == EXIT_DONE) {
		version_name(&v, pack.sha256);
		printf("%s%s \"%s\" %s\n", v.name, v.dirty ? " dirty" : "",
		    v.subject, v.identity);
		for (i = 0; i < v.changes.n; i++)
			printf("%s\n", v.changes.v[i]);
	}
	version_release(&v);
	return status;
}

static enum status
use_list(const char *what, const char *dir, const char *archive)
{
	struct filelist list;
	struct pack pack;
	enum status status = filelist_load(&list, dir);

	if (status != EXIT_DONE) {
		filelist_release(&list);
		return status;
	}
	if (strcmp(what, "list") == 0)
		status = print_list(&list);
	else if (strcmp(what, "secrets") == 0)
		status = print_secrets(&list);
	else if (archive != NULL)
		status = pack_write(&list, archive, &pack);
	else
		status = pack_digest(&list, &pack);
	if (status == EXIT_DONE && (*what == 'p' || *what == 'd'))
		printf("%s %lld\n", pack.sha256, (long long)pack.tar_bytes);
	filelist_release(&list);
	return status;
}

int
main(int argc, char **argv)
{
	char sha256[65];
	enum status status;

	if (argc == 4 && strncmp(argv[1], "unpack", 6) == 0) {
		status = (argv[1][6] == '\0' ? unpack : unpack_any)(argv[2],
		    argv[3], sha256);
		if (status == EXIT_DONE)
			printf("%s\n", sha256);
		return status;
	}
	if (argc == 3 && strcmp(argv[1], "version") == 0)
		return print_version(argv[2]);
	if (argc == 4 && strcmp(argv[1], "pack") == 0)
		return use_list(argv[1], argv[2], argv[3]);
	if (argc == 3 && (strcmp(argv[1], "list") == 0 ||
	    strcmp(argv[1], "secrets") == 0 || strcmp(argv[1], "digest") == 0))
		return use_list(argv[1], argv[2], NULL);
	return EXIT_USAGE;
}
