// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "test/namespace.h"
#include "test/tests.h"

#define BPFFS "/sys/fs/bpf"

static void raise_limits(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
	/* Kernels before 5.11 account maps to it. */
	limit.rlim_cur = RLIM_INFINITY;
	limit.rlim_max = RLIM_INFINITY;
	setrlimit(RLIMIT_MEMLOCK, &limit);
}

static void mount_bpffs(void)
{
	/* A bare root directory has no sysfs. */
	if (access(BPFFS, F_OK) < 0 && mount("sysfs", "/sys", "sysfs", 0, NULL) < 0)
		test_skip_kernel("no sysfs can be mounted on /sys: %s", strerror(errno));
	if (mount("bpffs", BPFFS, "bpf", 0, "mode=0700") < 0)
		test_skip_kernel("no bpffs can be mounted on " BPFFS ": %s", strerror(errno));
}

static void bring_up(const char *device)
{
	int err = set_link_up(device);

	ck_assert_msg(err == 0, "setting %s up: %s", device, strerror(-err));
}

static void make_devices(void)
{
	int err;

	bring_up("lo");
	err = make_veth_pair("veth0", "veth1");
	if (err)
		test_skip_kernel("no veth devices can be made: %s", strerror(-err));
	bring_up("veth0");
	bring_up("veth1");
	err = wait_for_link("veth0");
	ck_assert_msg(err == 0, "waiting for veth0: %s", strerror(-err));
	err = wait_for_link("veth1");
	ck_assert_msg(err == 0, "waiting for veth1: %s", strerror(-err));
}

void enter_private_namespaces(void)
{
	if (unshare(CLONE_NEWNET | CLONE_NEWNS) < 0)
		test_skip_kernel("private namespaces need root: %s", strerror(errno));
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		test_skip_kernel("mounts cannot be made private: %s", strerror(errno));
	raise_limits();
	unsetenv("TC_BPF_MNT"); /* which would lead elsewhere */
	mount_bpffs();
	make_devices();
}

void mount_tmpfs(const char *directory)
{
	if (mount("tmpfs", directory, "tmpfs", 0, "mode=0755") < 0)
		test_skip_kernel("no tmpfs can be mounted on %s: %s", directory, strerror(errno));
}

void mount_tracefs(const char *directory)
{
	if (mount("tracefs", directory, "tracefs", 0, NULL) < 0)
		test_skip_kernel("no tracefs can be mounted on %s: %s", directory, strerror(errno));
}

static void name_network_namespace(const char *name)
{
	char path[64];
	int fd;

	/* which /var/run leads to */
	mount_tmpfs("/run");
	ck_assert_int_eq(mkdir("/run/netns", 0755), 0);
	snprintf(path, sizeof(path), "/run/netns/%s", name);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	ck_assert_msg(fd >= 0, "%s: %s", path, strerror(errno));
	close(fd);
	ck_assert_msg(mount("/proc/self/ns/net", path, NULL, MS_BIND, NULL) == 0, "%s: %s", path,
		      strerror(errno));
}

int leave_network_namespace(const char *name)
{
	int fd = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);

	ck_assert_int_ge(fd, 0);
	name_network_namespace(name);
	ck_assert_msg(unshare(CLONE_NEWNET) == 0, "a network namespace: %s", strerror(errno));
	return fd;
}

void return_to_network_namespace(int fd)
{
	ck_assert_msg(setns(fd, CLONE_NEWNET) == 0, "the first one: %s", strerror(errno));
	close(fd);
}

/* Where the system has no /etc/iproute2: lay a file system over /etc that has it. */
static void add_iproute2_directory(void)
{
	mount_tmpfs("/mnt");
	if (mkdir("/mnt/upper", 0755) < 0 || mkdir("/mnt/work", 0755) < 0)
		ck_abort_msg("directories in /mnt: %s", strerror(errno));
	if (mount("overlay", "/etc", "overlay", 0,
		  "lowerdir=/etc,upperdir=/mnt/upper,workdir=/mnt/work") < 0)
		test_skip_kernel("no overlay can be mounted on /etc: %s", strerror(errno));
	if (mkdir("/etc/iproute2", 0755) < 0)
		ck_abort_msg("/etc/iproute2: %s", strerror(errno));
}

void put_pinning_database(const char *text)
{
	FILE *file;

	if (access("/etc/iproute2", F_OK) < 0)
		add_iproute2_directory();
	mount_tmpfs("/etc/iproute2");
	file = fopen("/etc/iproute2/bpf_pinning", "w");
	ck_assert_msg(file && fputs(text, file) >= 0 && fclose(file) == 0,
		      "/etc/iproute2/bpf_pinning: %s", strerror(errno));
}

void send_packet(const char *device, uint16_t ethertype, uint8_t protocol)
{
	struct frame frame = { .ethertype = ethertype, .protocol = protocol };
	int err = send_frame(device, &frame);

	ck_assert_msg(err == 0, "sending a frame out of %s: %s", device, strerror(-err));
}
