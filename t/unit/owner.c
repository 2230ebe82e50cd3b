/* Locks that die with their holder: owners, and the runs they execute. */
#include "lib/base/compat.h"

#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "lib/base/io.h"
#include "lib/base/process.h"
#include "lib/base/strbuf.h"
#include "lib/base/tree.h"
#include "lib/target/local/owner.h"
#include "t/unit/tap.h"

static struct strbuf said = STRBUF_INIT;
static struct store *store;

static void
listen_to(void *arg, const char *text, size_t len)
{
	(void)arg;
	strbuf_add(&said, text, len);
}

static bool
exists(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0;
}

/*
 * A child that does one thing with the lock, tells its owner and stays until
 * it is killed.
 */
static pid_t
child_with(struct owner_lock *lock, void (*act)(struct owner_lock *lock),
    struct owner *told)
{
	int ends[2];
	pid_t pid;

	if (pipe(ends) < 0)
		die(EXIT_LOCAL, "no pipe");
	fflush(stdout);
	if ((pid = fork()) == 0) {
		alarm(120);
		act(lock);
		write_full(ends[1], &lock->owner, sizeof(lock->owner));
		for (;;)
			pause();
	}
	close(ends[1]);
	memset(told, 0, sizeof(*told));
	ok(pid > 0 && read_some(ends[0], told, sizeof(*told)) ==
	    (ssize_t)sizeof(*told), "a child");
	close(ends[0]);
	return pid;
}

static void
kill_child(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static void
acquire(struct owner_lock *lock)
{
	if (owner_acquire(lock, store) != EXIT_DONE)
		_exit(1);
}

static void
nothing(struct owner_lock *lock)
{
	(void)lock;
}

static void
test_alone(void)
{
	struct owner_lock one = OWNER_LOCK_INIT, two = OWNER_LOCK_INIT;
	char id[RUN_ID_LEN + 1], path[64];

	owner_release(&one);
	ok(!owner_alive(store, NULL) && !owner_alive(store, "") &&
	    !owner_alive(store, "o1234567890abcdef012"),
	    "nobody, and one that never was");

	is_int(owner_acquire(&one, store), EXIT_DONE, "an owner");
	is_int((long long)strlen(one.owner.id), RUN_ID_LEN, "its id");
	ok(one.owner.id[0] == 'o' && strspn(one.owner.id + 1,
	    "0123456789abcdef") == RUN_ID_LEN - 1, "'%s'", one.owner.id);
	is_int(one.owner.pid, getpid(), "its pid");
	is_int(one.owner.pid_start, process_start_time(getpid()), "its start");
	ok(owner_alive(store, one.owner.id), "it lives");
	ok(exists(one.path), "its file is there");

	is_int(owner_acquire(&two, store), EXIT_DONE, "another");
	ok(strcmp(one.owner.id, two.owner.id) != 0, "has another id");
	memcpy(id, one.owner.id, sizeof(id));
	snprintf(path, sizeof(path), "s/owners/%s", id);
	ok(exists(path), "both are below the store");
	owner_release(&one);
	ok(!owner_alive(store, id), "released it is dead");
	ok(!exists(path), "its file is removed");
	ok(one.fd == -1 && one.path == NULL, "and nothing is held");
	owner_release(&one);
	ok(owner_alive(store, two.owner.id), "the other lives on");
	owner_release(&two);
}

static void
test_killed(void)
{
	struct owner_lock lock = OWNER_LOCK_INIT;
	struct owner told;
	char path[64];
	pid_t pid = child_with(&lock, acquire, &told);

	is_int(told.pid, pid, "it is an owner");
	ok(owner_alive(store, told.id), "which lives");
	ok(owner_alive(store, told.id), "looking does not take its lock");
	if (symlink(told.id, "s/owners/link") < 0)
		ok(false, "set-up: cannot link");
	ok(!owner_alive(store, "link"), "a link to it is nobody");
	kill_child(pid);
	ok(!owner_alive(store, told.id), "kill -9: dead");
	snprintf(path, sizeof(path), "s/owners/%s", told.id);
	ok(exists(path), "though its file is there");
}

static void
test_handed_over(void)
{
	struct owner_lock lock = OWNER_LOCK_INIT;
	char id[RUN_ID_LEN + 1], path[64];
	struct owner told;
	pid_t pid;

	is_int(owner_acquire(&lock, store), EXIT_DONE, "one to hand over");
	memcpy(id, lock.owner.id, sizeof(id));
	snprintf(path, sizeof(path), "s/owners/%s", id);
	pid = child_with(&lock, owner_adopt, &told);
	is_str(told.id, id, "the child is the same owner");
	is_int(told.pid, pid, "with its own pid");
	is_int(told.pid_start, process_start_time(pid), "and start");
	is_int(lock.owner.pid, getpid(), "the parent's is what it was");
	owner_leave(&lock);
	ok(lock.fd == -1 && lock.path == NULL, "the parent holds nothing");
	ok(owner_alive(store, id), "the child holds it");
	ok(exists(path), "the file is there");
	owner_leave(&lock);
	owner_release(&lock);
	ok(exists(path), "leaving twice does not remove it");
	kill_child(pid);
	ok(!owner_alive(store, id), "it dies with the child");

	is_int(owner_acquire(&lock, store), EXIT_DONE, "one that is kept");
	pid = child_with(&lock, owner_adopt, &told);
	kill_child(pid);
	ok(owner_alive(store, told.id), "outlives the child's end");
	pid = child_with(&lock, owner_leave, &told);
	ok(owner_alive(store, told.id), "and that a child left");
	kill_child(pid);
	pid = child_with(&lock, owner_release, &told);
	ok(!owner_alive(store, told.id) && !exists(lock.path),
	    "a child's release is one for all");
	kill_child(pid);
	owner_leave(&lock);
}

static void
test_no_directory(void)
{
	struct owner_lock lock = OWNER_LOCK_INIT;

	if (tree_remove("s/owners") < 0 || write_file("s/owners", "", 0) < 0)
		ok(false, "set-up: cannot replace owners");
	strbuf_reset(&said);
	is_int(owner_acquire(&lock, store), EXIT_LOCAL,
	    "a file where the directory is to be");
	ok(strncmp(said.buf, "unionml: error: cannot make '/", 30) == 0 &&
	    strstr(said.buf, "/s/owners': Not a directory\n") != NULL,
	    "said: %s", said.buf);
	ok(!owner_alive(store, lock.owner.id), "no owner");
	owner_release(&lock);
	ok(exists("s/owners"), "which is left alone");
	unlink("s/owners");
}

static void
test_run(void)
{
	struct owner_lock none = OWNER_LOCK_INIT;
	struct owner told;
	pid_t pid, group[4];
	int fd;

	is_int(run_lock("run"), -1, "a run without a directory");
	is_int(errno, ENOENT, "ENOENT");
	ok(!run_locked("run"), "is not locked");
	is_int((long long)run_groups("run", group, 4), 0, "by no group");
	tree_mkdirs("run");
	ok(!run_locked("run"), "nor is a new one");
	ok(!exists("run/lock"), "looking makes no file");

	ok((fd = run_lock("run")) >= 0, "locked");
	ok(run_locked("run"), "it is");
	is_int(run_lock("run"), -1, "a second time");
	is_int(errno, EWOULDBLOCK, "EWOULDBLOCK");
	is_int((long long)run_groups("run", group, 4), 0,
	    "our own group is not told");
	pid = child_with(&none, nothing, &told);
	close(fd);
	ok(run_locked("run"), "a child that was there holds it");
	kill_child(pid);
	ok(!run_locked("run"), "until it ends");
	ok((fd = run_lock("run")) >= 0, "locked again, the file being there");
	close(fd);
}

static pid_t
spawn(const char *script, int keep_fd)
{
	char *argv[] = { (char *)(uintptr_t)"sh", (char *)(uintptr_t)"-c",
	    (char *)(uintptr_t)script, NULL };
	char *env[] = { (char *)(uintptr_t)"PATH=/usr/bin:/bin", NULL };
	struct process_spec spec = { argv, env, "/", 2, keep_fd };
	pid_t pid = 0;

	is_int(process_spawn(&spec, &pid), 0, script);
	return pid;
}

static void
kill_spawned(pid_t pid)
{
	struct process_end end;
	struct timespec ts = { 0, 5000000 };

	process_signal_group(pid, SIGKILL);
	while (!process_reap(pid, &end))
		nanosleep(&ts, NULL);
}

/* What was killed with its leader holds its descriptors for a moment. */
static size_t
groups_left(size_t want, pid_t *group, size_t max)
{
	int64_t start = clock_monotonic_ms();
	struct timespec ts = { 0, 5000000 };
	size_t n;

	while ((n = run_groups("run", group, max)) != want &&
	    clock_monotonic_ms() - start < 20000)
		nanosleep(&ts, NULL);
	return n;
}

static void
test_groups(void)
{
	pid_t with, without, other, group[4] = { 0 };
	int fd = run_lock("run");
	size_t n;

	with = spawn("sleep 60", fd);
	without = spawn("sleep 61", -1);
	other = spawn("sleep 62 & sleep 63", fd);
	close(fd);
	ok(run_locked("run"), "components hold the lock that they inherit");
	n = run_groups("run", group, 4);
	is_int((long long)n, 2, "the groups of those");
	ok((group[0] == with && group[1] == other) ||
	    (group[0] == other && group[1] == with),
	    "and not the one without: %ld %ld of %ld %ld %ld", (long)group[0],
	    (long)group[1], (long)with, (long)other, (long)without);
	is_int((long long)run_groups("run", group, 1), 1, "no more than fit");
	is_int((long long)run_groups("run", group, 0), 0, "none");
	kill_spawned(with);
	ok(run_locked("run"), "one of two holds it");
	is_int((long long)groups_left(1, group, 4), 1, "its group");
	is_int(group[0], other, "is told");
	kill_spawned(other);
	is_int((long long)groups_left(0, group, 4), 0, "both are gone");
	ok(!run_locked("run"), "nobody holds it");
	kill_spawned(without);
}

static void
look(struct owner_lock *lock)
{
	int fd = open("run/lock", O_RDONLY | O_CLOEXEC);

	(void)lock;
	setpgid(0, 0);
	if (flock(fd, LOCK_SH) != 0)
		_exit(1);
}

/* Who looks shares the lock for a moment. */
static void
test_looking(void)
{
	struct owner_lock none = OWNER_LOCK_INIT;
	struct owner told;
	pid_t group[4], pid = child_with(&none, look, &told);

	ok(!run_locked("run"), "one that looks does not hold");
	is_int((long long)run_groups("run", group, 4), 0,
	    "and its group is not told");
	kill_child(pid);
}

static void
test_leaderless(void)
{
	pid_t leader, group[4] = { 0 };
	struct timespec ts = { 0, 5000000 };
	int fd = run_lock("run"), i;

	leader = spawn("sleep 64 & exit 0", fd);
	close(fd);
	for (i = 0; i < 1000; i++) {
		siginfo_t info = { .si_pid = 0 };

		if (waitid(P_PID, (id_t)leader, &info, WEXITED | WNOHANG |
		    WNOWAIT) == 0 && info.si_pid == leader)
			break;
		nanosleep(&ts, NULL);
	}
	ok(run_locked("run"), "what a component left behind holds it");
	is_int((long long)run_groups("run", group, 4), 1, "a group");
	is_int(group[0], leader, "whose leader is gone");
	kill_spawned(leader);
	is_int((long long)groups_left(0, group, 4), 0,
	    "it was killed with the group");
	ok(!run_locked("run"), "nobody holds it");
}

int
main(void)
{
	char dir[] = "/tmp/unionml-owner-XXXXXX";

	if (mkdtemp(dir) == NULL || chdir(dir) < 0)
		return 1;
	err_set_sink(listen_to, NULL);
	if (store_open(&store, "s", STORE_WRITE) != EXIT_DONE)
		ok(false, "set-up: %s", said.buf);
	test_alone();
	test_killed();
	test_handed_over();
	test_no_directory();
	test_run();
	test_groups();
	test_looking();
	test_leaderless();
	store_close(store);
	err_set_sink(NULL, NULL);
	strbuf_release(&said);
	if (chdir("/") < 0 || tree_remove(dir) < 0)
		ok(false, "clean up");
	return tap_done();
}
