/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Slots of objects that libbpf loads by itself, as their BTF tells them by tags: what iproute2's own
 * loader makes of them, which is asked for one program and loads those in slots with it.
 */
#ifndef ELFMAP_FILL_OPENED_H
#define ELFMAP_FILL_OPENED_H

struct bpf_object;
struct bpf_program;

/* Before the load: let the programs that go into slots be loaded too, with the type of the one asked for. */
int fill_opened_choose(struct bpf_object *opened, const struct bpf_program *asked);

/* After it: elfmap_fill_slots(), which stores all but the one asked for; NULL for none. */
int fill_opened_store(const struct bpf_object *loaded, const struct bpf_program *asked);

#endif
