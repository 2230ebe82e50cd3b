/* From the snapshot's file to a directory that a run can work in. */
#ifndef PACKAGE_UNPACK_H
#define PACKAGE_UNPACK_H

#include "lib/base/compat.h"
#include "lib/base/err.h"

/*
 * Extracts the .tar.gz `archive` into `dir`, which is made and must not exist.
 * Nothing is written outside of it whatever the archive says: absolute names,
 * `..`, links that lead out, a name twice, devices and hard links are refused,
 * as is damage (EXIT_INPUT). `sha256` is that of the tar, for the caller to
 * compare. After a failure `dir` is gone again. Nothing is synced.
 */
enum status unpack(const char *archive, const char *dir, char sha256[65]);

/*
 * The same of an archive that another program made of a directory (untar.h):
 * the output of a component, which tar packed where it ran.
 */
enum status unpack_any(const char *archive, const char *dir,
    char sha256[65]);

#endif
