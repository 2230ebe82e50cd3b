/*
 * Subprocesses in groups of their own. posix_spawn rather than fork: it says
 * why the program could not be started, and stays safe beside threads that a
 * library may have made.
 */
#include "lib/base/compat.h"

#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <unistd.h>

#include "lib/base/io.h"
#include "lib/base/path.h"
#include "lib/base/process.h"
#include "lib/base/strbuf.h"
#include "lib/base/xalloc.h"

/* Where the child finds the descriptor that it is to keep. */
enum { KEPT_FD = 3 };

static const char *
search_path(char *const *env)
{
	size_t i;

	for (i = 0; env[i] != NULL; i++)
		if (strncmp(env[i], "PATH=", 5) == 0)
			return env[i] + 5;
	return "/usr/local/bin:/usr/bin:/bin";
}

char *
process_find(const char *name, char *const *env, const char *dir)
{
	const char *p = search_path(env);
	int err = ENOENT;
	struct stat st;

	if (strchr(name, '/') != NULL)
		return path_join(dir, name);
	for (;;) {
		size_t len = strcspn(p, ":");
		char *entry = len > 0 ? xstrndup(p, len) : xstrdup(".");
		char *base = path_join(dir, entry);
		char *full = path_join(base, name);

		free(entry);
		free(base);
		if (stat(full, &st) == 0 && S_ISREG(st.st_mode)) {
			if (access(full, X_OK) == 0)
				return full;
			err = EACCES;
		}
		free(full);
		if (p[len] == '\0')
			break;
		p += len + 1;
	}
	errno = err;
	return NULL;
}

static int
set_attributes(posix_spawnattr_t *attr)
{
	sigset_t none, all;
	int err;

	sigemptyset(&none);
	sigfillset(&all);
	if ((err = posix_spawnattr_setsigmask(attr, &none)) != 0 ||
	    (err = posix_spawnattr_setsigdefault(attr, &all)) != 0 ||
	    (err = posix_spawnattr_setpgroup(attr, 0)) != 0)
		return err;
	return posix_spawnattr_setflags(attr, POSIX_SPAWN_SETPGROUP |
	    POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
}

static int
set_files(posix_spawn_file_actions_t *files, const struct process_spec *spec,
    int err_fd)
{
	int err, next = KEPT_FD;

	if ((err = posix_spawn_file_actions_addopen(files, STDIN_FILENO,
	    "/dev/null", O_RDONLY, 0)) != 0 ||
	    (err = posix_spawn_file_actions_adddup2(files, spec->log_fd,
	    STDOUT_FILENO)) != 0 ||
	    (err = posix_spawn_file_actions_adddup2(files, err_fd,
	    STDERR_FILENO)) != 0)
		return err;
	if (spec->keep_fd >= 0) {
		err = posix_spawn_file_actions_adddup2(files, spec->keep_fd,
		    next++);
		if (err != 0)
			return err;
	}
	if ((err = posix_spawn_file_actions_addclosefrom_np(files,
	    next)) != 0)
		return err;
	return posix_spawn_file_actions_addchdir_np(files, spec->dir);
}

int
process_spawn_apart(const struct process_spec *spec, int err_fd, pid_t *pid)
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	char *program;
	int err;

	program = process_find(spec->argv[0], spec->env, spec->dir);
	if (program == NULL)
		return errno;
	if ((err = posix_spawn_file_actions_init(&files)) != 0)
		goto out;
	if ((err = posix_spawnattr_init(&attr)) != 0)
		goto out_files;
	if ((err = set_attributes(&attr)) == 0 &&
	    (err = set_files(&files, spec, err_fd)) == 0)
		err = posix_spawn(pid, program, &files, &attr, spec->argv,
		    spec->env);
	posix_spawnattr_destroy(&attr);
out_files:
	posix_spawn_file_actions_destroy(&files);
out:
	free(program);
	return err;
}

int
process_spawn(const struct process_spec *spec, pid_t *pid)
{
	return process_spawn_apart(spec, spec->log_fd, pid);
}

bool
process_reap(pid_t pid, struct process_end *end)
{
	struct rusage use;
	siginfo_t info;
	int status;
	pid_t got;

	memset(&info, 0, sizeof(info));
	if (waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) != 0 ||
	    info.si_pid == 0)
		return false;
	/* The leader, not yet reaped, still holds the group's number. */
	process_signal_group(pid, SIGKILL);
	do
		got = wait4(pid, &status, 0, &use);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return false;
	end->exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
	end->signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
	end->max_rss = (int64_t)use.ru_maxrss * 1024;
	end->cpu_ms = ((int64_t)use.ru_utime.tv_sec + use.ru_stime.tv_sec) *
	    1000 + (use.ru_utime.tv_usec + use.ru_stime.tv_usec) / 1000;
	return true;
}

static int
take_back(int fd, struct strbuf *sb, size_t max)
{
	if (lseek(fd, 0, SEEK_SET) < 0 || read_fd(fd, sb, max) < 0)
		return errno;
	return 0;
}

/*
 * Into memory files rather than pipes: nothing fills up, and what outlives the
 * leader of the group is not waited for.
 */
int
process_capture(char *const *argv, char *const *env, const char *dir,
    struct process_output *output, struct process_end *end)
{
	struct process_spec spec = { argv, env, dir, -1, -1 };
	int err_fd = -1, err, rc;
	siginfo_t info;
	pid_t pid;

	spec.log_fd = memfd_create("stdout", MFD_CLOEXEC);
	if (spec.log_fd >= 0)
		err_fd = memfd_create("stderr", MFD_CLOEXEC);
	if (err_fd < 0) {
		err = errno;
		goto out;
	}
	if ((err = process_spawn_apart(&spec, err_fd, &pid)) != 0)
		goto out;
	do
		rc = waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT);
	while (rc < 0 && errno == EINTR);
	if (rc < 0 || !process_reap(pid, end)) {
		err = ECHILD;
		goto out;
	}
	if ((err = take_back(spec.log_fd, &output->out, output->max)) == 0)
		err = take_back(err_fd, &output->err, output->max);
out:
	if (err_fd >= 0)
		close(err_fd);
	if (spec.log_fd >= 0)
		close(spec.log_fd);
	return err;
}

void
process_signal_group(pid_t pgid, int signum)
{
	if (pgid > 1)
		kill(-pgid, signum);
}

bool
process_group_alive(pid_t pgid)
{
	return pgid > 1 && (kill(-pgid, 0) == 0 || errno == EPERM);
}

/* Field 22 of proc_pid_stat(5); the name in field 2 may hold anything. */
int64_t
process_start_time(pid_t pid)
{
	struct strbuf sb = STRBUF_INIT;
	char path[64];
	const char *p;
	int64_t start = 0;
	int field;

	snprintf(path, sizeof(path), "/proc/%ld/stat", (long)pid);
	if (read_file(path, &sb, 4096) == 0 &&
	    (p = strrchr(sb.buf, ')')) != NULL) {
		for (field = 2; field < 22 && p != NULL; field++)
			if ((p = strchr(p, ' ')) != NULL)
				p++;
		for (; p != NULL && isdigit((unsigned char)*p); p++)
			start = start * 10 + (*p - '0');
	}
	strbuf_release(&sb);
	return start;
}
