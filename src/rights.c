/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <errno.h>
#include <linux/capability.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "rights.h"

/* PROC_USER_INIT_INO of the kernel's source, since Linux 3.8. */
#define FIRST_USER_NAMESPACE 0xEFFFFFFDu

/* Linux 5.8, which headers may be older than */
#ifndef CAP_BPF
#define CAP_BPF 39
#endif

/* --- this process ------------------------------------------------------------------------------ */

static uint64_t effective_capabilities(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = { 0 };

	if (syscall(SYS_capget, &header, data))
		return 0;
	return (uint64_t)data[1].effective << 32 | data[0].effective;
}

static bool in_user_namespace(void)
{
	struct stat st;

	return stat("/proc/self/ns/user", &st) == 0 && st.st_ino != FIRST_USER_NAMESPACE;
}

static bool kernel_is_before(unsigned int major, unsigned int minor)
{
	unsigned int has_major, has_minor;
	struct utsname name;

	if (uname(&name) || sscanf(name.release, "%u.%u", &has_major, &has_minor) != 2)
		return false;
	return has_major < major || (has_major == major && has_minor < minor);
}

void rights_read(struct rights *out)
{
	struct rights rights = {
		.capabilities = effective_capabilities(),
		.has_cap_bpf = prctl(PR_CAPBSET_READ, CAP_BPF, 0, 0, 0) >= 0,
		.in_user_namespace = in_user_namespace(),
		.charges_memlock = kernel_is_before(5, 11),
		.has_seccomp_filter = prctl(PR_GET_SECCOMP, 0, 0, 0, 0) == SECCOMP_MODE_FILTER,
	};
	struct rlimit limit;

	if (getrlimit(RLIMIT_MEMLOCK, &limit) == 0) {
		rights.memlock_is_limited = limit.rlim_cur != RLIM_INFINITY;
		rights.memlock = limit.rlim_cur;
	}
	*out = rights;
}

/* --- the sentence ------------------------------------------------------------------------------ */

static bool has(const struct rights *rights, unsigned int capability)
{
	return rights->capabilities >> capability & 1;
}

static bool may_use_bpf(const struct rights *rights)
{
	return has(rights, CAP_SYS_ADMIN) || (rights->has_cap_bpf && has(rights, CAP_BPF));
}

static bool may_use_networks(const struct rights *rights)
{
	return has(rights, CAP_SYS_ADMIN) || has(rights, CAP_NET_ADMIN);
}

void rights_explain(const struct rights *rights, char *text, size_t size)
{
	if (!may_use_bpf(rights))
		snprintf(text, size, "this needs root, or %s and CAP_NET_ADMIN",
			 rights->has_cap_bpf ? "CAP_BPF" : "CAP_SYS_ADMIN");
	else if (rights->in_user_namespace)
		snprintf(text, size,
			 "root in a user namespace (a rootless container?) has no rights to load "
			 "BPF: run this as root outside of it");
	else if (!may_use_networks(rights))
		snprintf(text, size,
			 "this process has CAP_BPF, and lacks CAP_NET_ADMIN, which network "
			 "programs need: run this as root, or with both");
	else if (rights->charges_memlock && rights->memlock_is_limited)
		snprintf(text, size,
			 "this kernel charges maps and programs to RLIMIT_MEMLOCK, which is %llu "
			 "bytes: raise it: ulimit -l unlimited",
			 (unsigned long long)rights->memlock);
	else if (rights->has_seccomp_filter)
		snprintf(text, size,
			 "this process has the rights, but also a seccomp filter, as containers "
			 "have: allow bpf(2) in it, or run this outside of the container");
	else
		snprintf(text, size,
			 "this process has the rights, so a security module (SELinux, AppArmor) or "
			 "kernel lockdown forbids it: dmesg and the audit log say which");
}

const char *rights_remark(int err, char text[RIGHTS_TEXT_MAX])
{
	struct rights rights;

	text[0] = '\0';
	if (err == -EACCES && geteuid() != 0) {
		snprintf(text, RIGHTS_TEXT_MAX, ": this needs root, or access to that path");
	} else if (err == -EPERM) {
		rights_read(&rights);
		memcpy(text, ": ", 2);
		rights_explain(&rights, text + 2, RIGHTS_TEXT_MAX - 2);
	}
	return text;
}
