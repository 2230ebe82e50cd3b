/* What deploy tells of files and of versions. */
#ifndef CMD_DEPLOY_LIST_H
#define CMD_DEPLOY_LIST_H

#include "lib/base/compat.h"
#include "lib/base/err.h"

struct context;
struct filelist;
struct strbuf;

/* `1 file`, `14 files`. */
void deploy_count(struct strbuf *sb, int64_t n, const char *noun);

/* Prints the `limit` largest files (0: all) and why each is in. */
void deploy_list_files(struct context *context, const struct filelist *list,
    long limit);

/* Warns of a source so large that something in it must be a mistake. */
void deploy_warn_of_size(const struct filelist *list);

/* What keeps files out of the list. */
const char *deploy_ignore_file(const struct filelist *list);

/* Prints the versions that the target has, the newest first. */
enum status deploy_list_versions(struct context *context);

#endif
