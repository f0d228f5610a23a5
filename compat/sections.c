/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <string.h>

#include <bpf/libbpf.h>

#include "sections.h"

struct section_type {
	const char *section;
	enum bpf_prog_type type;
};

/* Default sections of tc and ip, and the two that their examples taught everyone. */
static const struct section_type iproute2_sections[] = {
	{ "classifier", BPF_PROG_TYPE_SCHED_CLS },
	{ "ingress", BPF_PROG_TYPE_SCHED_CLS },
	{ "egress", BPF_PROG_TYPE_SCHED_CLS },
	{ "action", BPF_PROG_TYPE_SCHED_ACT },
	{ "prog", BPF_PROG_TYPE_XDP },
};

uint32_t sections_program_type(const char *section)
{
	enum bpf_prog_type type;
	enum bpf_attach_type attach_type;

	for (size_t i = 0; i < sizeof(iproute2_sections) / sizeof(iproute2_sections[0]); i++)
		if (!strcmp(iproute2_sections[i].section, section))
			return iproute2_sections[i].type;
	if (libbpf_prog_type_by_name(section, &type, &attach_type) == 0)
		return type;
	return BPF_PROG_TYPE_UNSPEC;
}
