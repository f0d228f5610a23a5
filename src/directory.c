/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>

#include "cleanup.h"
#include "directory.h"
#include "iproute2.h"
#include "log.h"
#include "mounts.h"
#include "resolve.h"
#include "rights.h"

/* "a/b" to "a", "/a" to "/", "a" to "."; false where there is nothing above, as of "". */
static bool cut_last_component(char *path)
{
	char *slash = strrchr(path, '/');

	if (!*path || !strcmp(path, "/") || !strcmp(path, "."))
		return false;
	if (!slash)
		strcpy(path, ".");
	else
		slash[slash == path] = '\0';
	return true;
}

/* The length of the nearest ancestor that exists if it is on a bpffs, 0 if it is not. */
static size_t bpffs_ancestor(const char *path)
{
	CLEANUP(cleanup_free) char *copy = strdup(path);
	struct statfs fs;

	while (copy && cut_last_component(copy)) {
		/* bpffs says EPERM of a name with a dot, whether it is there or not */
		if (statfs(copy, &fs))
			continue;
		return (unsigned long)fs.f_type == BPF_FS_MAGIC ? strlen(copy) : 0;
	}
	return 0;
}

/* The root of the filesystem that a directory is on; changes it in place. */
static void go_to_root(char *directory)
{
	struct stat st, above;

	while (stat(directory, &st) == 0) {
		CLEANUP(cleanup_free) char *parent = strdup(directory);

		if (!parent || !cut_last_component(parent) || stat(parent, &above) ||
		    above.st_dev != st.st_dev)
			return;
		strcpy(directory, parent);
	}
}

/* How long to wait for a lock that anyone may hold who may read the directory, in seconds. */
#define LOCK_SECONDS 30

static void lock_directory(const char *directory, int fd)
{
	const struct timespec pause = { .tv_nsec = 20000000 };
	const long tries = LOCK_SECONDS * 1000000000L / pause.tv_nsec;

	for (long i = 0; i < tries; i++) {
		if (!flock(fd, LOCK_EX | LOCK_NB))
			return;
		nanosleep(&pause, NULL);
	}
	log_warning("%s: somebody has had this directory locked for %d seconds: going on without "
		    "waiting for other loads",
		    directory, LOCK_SECONDS);
}

/* What to lock for pins at path: the root of its bpffs, or where one will be mounted. */
static char *lock_place(const char *path, bool *on_bpffs)
{
	size_t ancestor = bpffs_ancestor(path);
	char *directory = ancestor ? strndup(path, ancestor) : strdup(path);

	*on_bpffs = ancestor;
	if (!directory)
		return NULL;
	if (ancestor)
		go_to_root(directory);
	while (!ancestor && access(directory, F_OK) && cut_last_component(directory))
		;
	return directory;
}

int directory_lock(const char *path)
{
	for (;;) {
		CLEANUP(cleanup_free) char *directory = NULL;
		bool on_bpffs, mounted_since;
		int fd;

		directory = lock_place(path, &on_bpffs);
		fd = directory ? open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
		if (fd < 0)
			return -1;
		lock_directory(directory, fd);
		mounted_since = !on_bpffs && bpffs_ancestor(path);
		if (!mounted_since)
			return fd;
		close(fd);
	}
}

static bool is_below_bpffs(const char *path)
{
	return bpffs_ancestor(path);
}

int directory_check_names(const char *who, const char *path)
{
	size_t ancestor = bpffs_ancestor(path);

	if (!ancestor || !strchr(path + ancestor, '.'))
		return 0;
	log_error("%s: cannot pin as %s: a bpffs takes no '.' in names", who, path);
	return -EINVAL;
}

static int make_directory(const char *who, const char *path, struct journal *journal)
{
	char remark[RIGHTS_TEXT_MAX];
	int err;

	if (mkdir(path, 0700) == 0) {
		err = journal_add_directory(journal, path);
		if (err)
			rmdir(path);
		return err;
	}
	if (errno == EEXIST)
		return 0;
	err = -errno;
	log_error("%s: cannot make directory %s: %s%s", who, path, strerror(-err),
		  rights_remark(err, remark));
	return err;
}

/* Every directory above the last component of path. */
static int make_above(const char *who, const char *path, struct journal *journal)
{
	CLEANUP(cleanup_free) char *copy = strdup(path);
	int err = 0;

	if (!copy)
		return -ENOMEM;
	for (char *slash = strchr(copy + !!*copy, '/'); !err && slash;
	     slash = strchr(slash + 1, '/')) {
		struct stat st;

		*slash = '\0';
		/* bpffs says EPERM for names with a dot before it says EEXIST */
		if (stat(copy, &st))
			err = make_directory(who, copy, journal);
		*slash = '/';
	}
	return err;
}

/* What to do where no bpffs can be mounted. */
static const char *mount_advice(int err)
{
	if (err == -EPERM || err == -EACCES)
		return "that needs root (CAP_SYS_ADMIN), who can do it for you";
	if (err == -ENODEV)
		return "this kernel has none (CONFIG_BPF_SYSCALL): nothing can be pinned";
	return "see to that, or do it yourself";
}

static int cannot_mount(const struct elfmap_object *object, const char *bpffs, int err)
{
	log_error("%s: no bpffs is mounted on %s, and it cannot be: %s: %s: mount -t bpf bpf %s",
		  object->view.name, bpffs, strerror(-err), mount_advice(err), bpffs);
	return err;
}

/* Whether the first process has other mounts than this one. */
static bool has_mounts_of_its_own(void)
{
	struct stat own, first;

	return !stat("/proc/self/ns/mnt", &own) && !stat("/proc/1/ns/mnt", &first) &&
	       own.st_ino != first.st_ino;
}

/* "ip netns exec" gives each command a mount namespace of its own, and a new /sys. */
static void tell_mount(const struct elfmap_object *object, const char *bpffs)
{
	if (has_mounts_of_its_own())
		log_warning(
			"%s: mounted a bpffs on %s, in a mount namespace that is not the "
			"system's: what is pinned there goes with it (in place of ip netns exec "
			"NAME elfmap tc: elfmap tc -n NAME)",
			object->view.name, bpffs);
	else
		log_info("%s: mounted a bpffs on %s", object->view.name, bpffs);
}

static int mount_bpffs(struct elfmap_object *object, const char *bpffs)
{
	struct stat st;
	int err = 0;

	if (stat(bpffs, &st))
		err = make_directory(object->view.name, bpffs, &object->journal);
	if (err)
		return err;
	if (mount("bpf", bpffs, "bpf", 0, "mode=0700"))
		return cannot_mount(object, bpffs, -errno);
	err = journal_add_mount(&object->journal, bpffs);
	if (err)
		umount(bpffs);
	else
		tell_mount(object, bpffs);
	return err;
}

static int make_link(struct elfmap_object *object, const char *bpffs, const char *name)
{
	CLEANUP(cleanup_free) char *path = NULL;
	int err;

	if (asprintf(&path, "%s/%s", bpffs, name) < 0) {
		path = NULL;
		return -ENOMEM;
	}
	/* a convenience: what stands there already may be anything */
	if (symlink(iproute2_dir, path))
		return 0;
	err = journal_add_file(&object->journal, path);
	if (err)
		unlink(path);
	return err;
}

/* Whether iproute2's loader would have come by: other loaders' pins need no directories of its. */
static bool has_iproute2_pins(const struct elfmap_object *object)
{
	for (size_t i = 0; i < object->nr_maps; i++)
		if (object->maps[i].pin_path && object->maps[i].def.pin == ELFMAP_PIN_BY_NUMBER)
			return true;
	return false;
}

/* What iproute2 leaves on a bpffs: tc/globals, and ip and xdp as other names of tc. */
static int make_iproute2_places(struct elfmap_object *object, const char *bpffs)
{
	CLEANUP(cleanup_free) char *below_globals = NULL;
	int err;

	if (asprintf(&below_globals, "%s/%s/globals/", bpffs, iproute2_dir) < 0) {
		below_globals = NULL;
		return -ENOMEM;
	}
	err = make_above(object->view.name, below_globals, &object->journal);
	if (!err)
		err = make_link(object, bpffs, "xdp");
	return err ? err : make_link(object, bpffs, "ip");
}

static bool starts_with_directory(const char *path, const char *directory)
{
	size_t length = strlen(directory);

	return !strncmp(path, directory, length) && path[length] == '/';
}

static int is_not_on_bpffs(const char *who, const char *bpffs, const char *path)
{
	CLEANUP(cleanup_free) char *directory = strdup(path);

	if (!directory)
		return -ENOMEM;
	cut_last_component(directory);
	log_error(
		"%s: cannot pin as %s: not on a bpffs: pin below %s, or make it one: mount -t bpf "
		"bpf %s",
		who, path, bpffs, directory);
	return -ENOENT;
}

int directory_make_above(const char *who, const char *bpffs, const char *path,
			 struct journal *journal)
{
	if (!is_below_bpffs(path))
		return is_not_on_bpffs(who, bpffs, path);
	return make_above(who, path, journal);
}

int directory_make_parents(struct elfmap_object *object, const char *path)
{
	const char *bpffs = resolve_bpffs(object);
	bool is_objects = bpffs && !object->has_pin_dir && starts_with_directory(path, bpffs);
	int err = bpffs ? 0 : -ENOMEM;

	/* another mounted over one that is there would hide its pins */
	if (!err && !is_below_bpffs(path) && is_objects && !mounts_is(bpffs, BPF_FS_MAGIC))
		err = mount_bpffs(object, bpffs);
	if (err)
		return err;
	if (is_objects && is_below_bpffs(path) && has_iproute2_pins(object))
		err = make_iproute2_places(object, bpffs);
	if (err)
		return err;
	return directory_make_above(object->view.name, bpffs, path, &object->journal);
}
