/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * minimal DEVICE OBJECT PROGRAM - load an object, legacy or not,
 * and attach one of its classifiers
 *
 * All but the call that opens it is libbpf's.
 */
#include <errno.h>
#include <net/if.h>
#include <stdio.h>

#include <bpf/libbpf.h>
#include <elfmap.h>

static void print(
		enum elfmap_log_level level, const char *message, void *ctx)
{
	if (level <= ELFMAP_LOG_WARNING)
		fprintf(stderr, "%s\n", message);
	(void)ctx;
}

int main(int argc, char **argv)
{
	LIBBPF_OPTS(bpf_tc_hook, hook, .attach_point = BPF_TC_INGRESS);
	LIBBPF_OPTS(bpf_tc_opts, filter);
	struct bpf_program *program;
	struct bpf_object *object;
	int err;

	elfmap_set_log(print, NULL);
	hook.ifindex = argc == 4 ? (int)if_nametoindex(argv[1]) : 0;
	object = hook.ifindex ? elfmap_open_file(argv[2], NULL) : NULL;
	if (!object || bpf_object__load(object))
		return 1;
	program = bpf_object__find_program_by_name(object, argv[3]);
	filter.prog_fd = program ? bpf_program__fd(program) : -1;
	err = bpf_tc_hook_create(&hook);
	if (!err || err == -EEXIST)
		err = bpf_tc_attach(&hook, &filter);
	bpf_object__close(object);
	return err ? 1 : 0;
}
