// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
#include <string.h>
#include <linux/bpf.h>

#include <bpf/libbpf.h>

#include "test/kernel.h"
#include "test/namespace.h"
#include "test/setup.h"
#include "test/tool.h"

void enter_kernel(void)
{
	enter_private_namespaces();
	require_bpf();
	libbpf_set_print(NULL);
}

void enter_with_clsact(void)
{
	enter_kernel();
	tool_works("tc qdisc add dev veth0 clsact");
}

struct test_object bad_counter(void)
{
	const struct bpf_insn bad = { .code = BPF_ALU64 | BPF_MOV | BPF_X, .src_reg = BPF_REG_9 };
	struct test_object object = object_load("counter");

	memcpy(object_section_bytes(&object, "classifier"), &bad, sizeof(bad));
	return object;
}
