/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <bpf/bpf.h>

#include "cleanup.h"
#include "cli/cli.h"
#include "output.h"
#include "program_info.h"

static int get_info(__u32 id, struct bpf_prog_info *info)
{
	CLEANUP(cleanup_fd) int fd = bpf_prog_get_fd_by_id(id);
	__u32 size = sizeof(*info);

	return fd < 0 ? fd : bpf_obj_get_info_by_fd(fd, info, &size);
}

static void put_details(struct output *out, const struct bpf_prog_info *info)
{
	output_number(out, "load_time", "load_time ", (long long)info->load_time);
	output_number(out, "created_by_uid", "created_by_uid ", info->created_by_uid);
	if (info->btf_id)
		output_number(out, "btf_id", "btf_id ", info->btf_id);
}

bool program_info_put(const struct cli *cli, struct output *out, __u32 id)
{
	struct output prog = output_nest(out, "prog");
	struct bpf_prog_info info = { 0 };

	output_number(&prog, "id", "id ", id);
	if (get_info(id, &info))
		return false;
	if (info.name[0])
		output_string(&prog, "name", "name ", info.name);
	output_tag(&prog, info.tag);
	if (prog.object)
		output_number(&prog, "jited", "", info.jited_prog_len != 0);
	else if (info.jited_prog_len)
		output_true(&prog, "jited");
	if (cli->details)
		put_details(&prog, &info);
	return true;
}
