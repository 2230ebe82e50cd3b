/* What deploy refuses because it would be a surprise later. */
#ifndef CMD_DEPLOY_REFUSE_H
#define CMD_DEPLOY_REFUSE_H

#include "lib/base/compat.h"
#include "lib/base/err.h"

struct app;
struct filelist;
struct strvec;
struct version;

/* Asks git about an app file that is not among the source's files, too. */
enum status deploy_ask_app_file(const struct app *app,
    struct version *source);

/* Changes that nobody committed: EXIT_INPUT after a message. */
enum status deploy_refuse_changes(const struct version *source);

/* Files that look like secrets, but for those in `allowed`: EXIT_INPUT. */
enum status deploy_refuse_secrets(const struct filelist *list,
    const struct strvec *allowed);

#endif
