// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test/generate_parts.h"
#include "test/random.h"
#include "test/tests.h"

/* --- instructions -------------------------------------------------------------------------- */

static void emit(struct generated_program *program, struct bpf_insn insn)
{
	ck_assert_uint_lt(program->nr_insns, GENERATED_INSNS_MAX);
	program->insns[program->nr_insns++] = insn;
}

static unsigned int any_register(uint64_t *state)
{
	return random_between(state, BPF_REG_1, BPF_REG_9) & 0xf;
}

static void emit_wide(struct generated_program *program, uint64_t *state, uint64_t value)
{
	emit(program, (struct bpf_insn){
			      .code = BPF_LD | BPF_IMM | BPF_DW,
			      .dst_reg = any_register(state) & 0xf,
			      .imm = (__s32)value,
		      });
	emit(program, (struct bpf_insn){ .imm = (__s32)(value >> 32) });
}

static void emit_reference(struct generated_program *program, uint64_t *state, size_t map)
{
	program->references[program->nr_references++] =
		(struct generated_reference){ program->nr_insns, map };
	emit_wide(program, state, 0);
}

/* Something that every verifier takes, with all fields of an instruction in use. */
static void emit_noise(struct generated_program *program, uint64_t *state)
{
	switch (random_below(state, 4)) {
	case 0:
		emit_wide(program, state, random_next(state));
		break;
	case 1:
		emit(program, (struct bpf_insn){
				      .code = BPF_ST | BPF_MEM | BPF_W,
				      .dst_reg = BPF_REG_10,
				      .off = (__s16)(-4 * (int)random_between(state, 1, 100)),
				      .imm = (__s32)random_next(state),
			      });
		break;
	case 2:
		emit(program, (struct bpf_insn){
				      .code = BPF_ALU64 | BPF_MOV | BPF_X,
				      .dst_reg = any_register(state) & 0xf,
				      .src_reg = BPF_REG_10,
			      });
		break;
	default:
		emit(program, (struct bpf_insn){
				      .code = BPF_ALU64 | BPF_MOV | BPF_K,
				      .dst_reg = any_register(state) & 0xf,
				      .imm = (__s32)random_next(state),
			      });
	}
}

static void write_code(const struct generated *generated, uint64_t *state,
		       struct generated_program *program)
{
	size_t references = random_below(state, GENERATED_REFERENCES_MAX + 1);

	for (size_t i = 0; i < references; i++) {
		if (random_one_in(state, 2))
			emit_noise(program, state);
		emit_reference(program, state, random_below(state, generated->nr_maps));
	}
	for (size_t i = random_below(state, 4); i; i--)
		emit_noise(program, state);
	emit(program, (struct bpf_insn){ .code = BPF_ALU64 | BPF_MOV | BPF_K,
					 .dst_reg = BPF_REG_0,
					 .imm = (__s32)random_between(state, 0, 2) });
	emit(program, (struct bpf_insn){ .code = BPF_JMP | BPF_EXIT });
}

/* --- programs ------------------------------------------------------------------------------ */

static struct generated_program *add_program(struct generated *generated, uint64_t *state,
					     size_t section, size_t offset)
{
	struct generated_program *program;
	char name[sizeof(program->name)];

	generate_name(generated, state, name, sizeof(name));
	generated->programs = reallocarray(generated->programs, generated->nr_programs + 1,
					   sizeof(*generated->programs));
	ck_assert_ptr_nonnull(generated->programs);
	program = &generated->programs[generated->nr_programs++];
	*program = (struct generated_program){ .section = section, .offset = offset };
	memcpy(program->name, name, sizeof(name));
	write_code(generated, state, program);
	return program;
}

static void give_symbol(struct generated_program *program, uint64_t *state, bool untyped,
			bool alone)
{
	program->type = untyped ? STT_NOTYPE : STT_FUNC;
	program->is_sized = !untyped && random_below(state, 8);
	program->bind = random_one_in(state, 12) ? STB_WEAK : STB_GLOBAL;
	/* libbpf takes none beside others, and old compilers did not mark which is which */
	if (alone && random_one_in(state, 8))
		program->bind = STB_LOCAL;
	program->has_label = random_one_in(state, 3);
}

/* Append a section with its programs. */
static struct generated_section *add_section(struct generated *generated, uint64_t *state,
					     const char *name, uint32_t prog_type)
{
	size_t index = generated->nr_sections, count = random_one_in(state, 6) ? 2 : 1, offset = 0;
	bool untyped = random_one_in(state, 3);
	struct generated_section *section;

	generated->sections =
		reallocarray(generated->sections, index + 1, sizeof(*generated->sections));
	ck_assert_ptr_nonnull(generated->sections);
	section = &generated->sections[generated->nr_sections++];
	*section = (struct generated_section){ 0 };
	snprintf(section->name, sizeof(section->name), "%s", name);
	for (size_t i = 0; i < count; i++) {
		struct generated_program *program = add_program(generated, state, index, offset);

		give_symbol(program, state, untyped, count == 1);
		program->prog_type = prog_type;
		offset += program->nr_insns * sizeof(struct bpf_insn);
	}
	return section;
}

/* --- tail calls ---------------------------------------------------------------------------- */

/* As C writes integers: iproute2 takes them all. */
static void spell(uint64_t *state, uint32_t number, char *text, size_t size)
{
	static const char *const formats[] = { "%u", "%u", "0x%x", "0X%X", "0%o", "+%u" };
	const char *format = random_choice(state, formats);

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	snprintf(text, size, format, number);
#pragma GCC diagnostic pop
}

static void add_tail_call(struct generated *generated, uint64_t *state, uint32_t id, uint32_t key,
			  uint32_t prog_type)
{
	char id_text[16], key_text[16], name[40];
	struct generated_section *section;

	spell(state, id, id_text, sizeof(id_text));
	spell(state, key, key_text, sizeof(key_text));
	snprintf(name, sizeof(name), "%s/%s", id_text, key_text);
	section = add_section(generated, state, name, prog_type);
	section->is_entered = true;
	section->id = id;
	section->key = key;
}

/* A few programs for slots of a prog array that has an id. */
static void fill_prog_array(struct generated *generated, uint64_t *state, size_t map,
			    uint32_t prog_type)
{
	const struct elfmap_map_def def = generated->maps[map].def;
	size_t count = 1 + random_below(state, def.max_entries < 3 ? def.max_entries : 3);
	uint32_t keys[3];

	for (size_t i = 0; i < count; i++) {
		bool again;

		do {
			again = false;
			keys[i] = random_between(state, 0, def.max_entries - 1);
			for (size_t j = 0; j < i; j++)
				again |= keys[j] == keys[i];
		} while (again);
		add_tail_call(generated, state, def.id, keys[i], prog_type);
	}
}

/* Where nothing else tells the layout from another of its size. */
static bool needs_call(const struct generated *generated)
{
	return generated->layout->evidence == EVIDENCE_CALL && !generated->has_btf;
}

static void make_prog_array(struct generated *generated, uint64_t *state)
{
	struct generated_map *map = &generated->maps[0];

	for (size_t i = 0; map->group && i < generated->nr_maps; i++)
		map = &generated->maps[i];
	ck_assert(!map->group);
	map->def.type = BPF_MAP_TYPE_PROG_ARRAY;
	map->def.key_size = 4;
	map->def.value_size = 4;
	map->def.max_entries = random_between(state, 1, 8);
	map->is_annotated = false;
	map->is_typed = false;
	if (!map->def.id)
		map->def.id = generate_id(generated, state);
}

static void add_tail_calls(struct generated *generated, uint64_t *state, uint32_t prog_type)
{
	bool has_id = made_layout_has(generated->layout) & ELFMAP_DEF_ID;
	size_t before = generated->nr_sections;

	for (size_t i = 0; has_id && i < generated->nr_maps; i++) {
		const struct elfmap_map_def *def = &generated->maps[i].def;

		if (def->type == BPF_MAP_TYPE_PROG_ARRAY && def->id && random_below(state, 4) &&
		    generated->nr_sections < 20)
			fill_prog_array(generated, state, i, prog_type);
	}
	if (needs_call(generated) && generated->nr_sections == before) {
		make_prog_array(generated, state);
		for (size_t i = 0; i < generated->nr_maps; i++) {
			if (generated->maps[i].def.type == BPF_MAP_TYPE_PROG_ARRAY &&
			    generated->maps[i].def.id && generated->nr_sections == before)
				fill_prog_array(generated, state, i, prog_type);
		}
	}
	/* an id that no map has: stored nowhere */
	if (random_one_in(state, 8))
		add_tail_call(generated, state, generate_id(generated, state), 0, prog_type);
}

/* One section of XDP alone, and no tail calls from xdp: one attach type for all. */
static void add_alike(struct generated *generated, uint64_t *state)
{
	bool by_libbpf = !needs_call(generated) && random_one_in(state, 2);

	add_section(generated, state, by_libbpf ? "xdp" : "prog", BPF_PROG_TYPE_XDP);
	if (!by_libbpf)
		add_tail_calls(generated, state, BPF_PROG_TYPE_XDP);
}

static void add_sections(struct generated *generated, uint64_t *state, const char **names,
			 size_t most, uint32_t prog_type)
{
	size_t count = 1 + random_below(state, most);

	random_shuffle(state, names, most, sizeof(*names));
	for (size_t i = 0; i < count; i++)
		add_section(generated, state, names[i], prog_type);
	add_tail_calls(generated, state, prog_type);
}

void generate_programs(struct generated *generated, uint64_t *state)
{
	const char *tc[] = { "classifier", "ingress", "egress", "tc" };
	const char *xdp[] = { "xdp", "prog" };

	/* maps alone are an object too */
	if (random_one_in(state, 15) && !needs_call(generated))
		return;
	if (!random_one_in(state, 5))
		add_sections(generated, state, tc, 4, BPF_PROG_TYPE_SCHED_CLS);
	else if (generated->options.mixed_attach_types)
		add_sections(generated, state, xdp, 2, BPF_PROG_TYPE_XDP);
	else
		add_alike(generated, state);
}
