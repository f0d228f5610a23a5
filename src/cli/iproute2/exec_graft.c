/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Replacing one slot of a prog array that programs jump through already. Facts: bpf_graft_map() in
 * lib/bpf_legacy.c of iproute2, which looks at the array last; here it is looked at first.
 */
#include <errno.h>
#include <string.h>
#include <bpf/bpf.h>

#include "cleanup.h"
#include "cli/cli.h"
#include "descriptor.h"
#include "exec.h"
#include "iproute2.h"
#include "cli/object.h"
#include "owner.h"
#include "program_words.h"
#include "transaction.h"
#include "cli/tail_calls.h"
#include "cli/memory.h"

struct graft {
	const char *map; /* as it was said */
	bool has_key;
	__u32 key;
	struct program_choice choice;

	char *path; /* of map's pin, owned */
	int map_fd; /* owned */
	__u32 max_entries;
};

static void cleanup_graft(struct graft *graft)
{
	free(graft->path);
	cleanup_fd(&graft->map_fd);
}

/* --- words -------------------------------------------------------------------------------- */

static enum cli_status take_key(struct words *words, struct graft *graft)
{
	if (graft->has_key)
		return words_wrong(words, "'key' is given twice");
	graft->has_key = true;
	return words_take_number(words, "key", (__u32)-1, &graft->key);
}

static enum cli_status take_word(struct words *words, const char *word, struct graft *graft)
{
	enum cli_status status;

	if (program_words_begin(word))
		return program_words_take(words, word, &graft->choice);
	if (program_words_take_more(words, word, &graft->choice, &status))
		return status;
	if (word_matches(word, "key"))
		return take_key(words, graft);
	if (graft->choice.kind && word_matches(word, "type"))
		return words_wrong(words, "'type' must stand right behind obj FILE");
	return words_wrong(words, "what is '%s'?", word);
}

static enum cli_status parse(struct words *words, struct graft *graft)
{
	enum cli_status status = words_take_value(words, "graft", &graft->map);

	while (status == CLI_OK && words_left(words))
		status = take_word(words, words_take(words), graft);
	if (status != CLI_OK)
		return status;
	/* which type it is of is between the array and the kernel */
	if (graft->choice.pinned)
		graft->choice.kind = NULL;
	if (graft->choice.export_path)
		message_warning(words->cli,
				"%s: no maps are exported: 'export' is for filters "
				"and actions",
				words->command);
	return program_words_check(words, &graft->choice);
}

/* --- the slot ----------------------------------------------------------------------------- */

static enum cli_status check_key(struct cli *cli, const struct graft *graft)
{
	if (graft->key < graft->max_entries)
		return CLI_OK;
	message_error(cli, "%s: it has no slot %u: its %u slots begin at 0", graft->path,
		      graft->key, graft->max_entries);
	return CLI_REFUSED;
}

/* A key that was not said is in the section's name. */
static enum cli_status find_key(struct words *words, struct graft *graft, const char *section)
{
	__u32 id;

	if (graft->has_key)
		return CLI_OK;
	if (!iproute2_parse_tail_call(section, &id, &graft->key))
		return words_wrong(words,
				   "key KEY is missing: section '%s', which is not named ID/KEY, "
				   "does not tell it",
				   section);
	graft->has_key = true;
	return check_key(words->cli, graft);
}

/* As far as the words tell: what follows needs no load to be refused. */
static enum cli_status find_key_of_words(struct words *words, struct graft *graft)
{
	const struct program_choice *choice = &graft->choice;

	if (graft->has_key)
		return check_key(words->cli, graft);
	if (choice->pinned)
		return words_wrong(words, "key KEY is missing, which a pinned program cannot tell");
	if (choice->section || !choice->program)
		return find_key(words, graft,
				choice->section ? choice->section : choice->kind->default_section);
	return CLI_OK;
}

static enum cli_status check_map(struct cli *cli, struct graft *graft)
{
	struct bpf_map_info info = { 0 };
	__u32 size = sizeof(info);

	if (!descriptor_is(graft->map_fd, "bpf-map")) {
		message_error(cli, "%s: what is pinned there is no map", graft->path);
		return CLI_REFUSED;
	}
	if (bpf_obj_get_info_by_fd(graft->map_fd, &info, &size))
		return message_refused(cli, -errno, "%s: cannot look at the map", graft->path);
	if (info.type != BPF_MAP_TYPE_PROG_ARRAY) {
		message_error(cli,
			      "%s: the map is of type %s, and must be prog_array to hold programs",
			      graft->path, map_type_name(info.type));
		return CLI_REFUSED;
	}
	graft->max_entries = info.max_entries;
	return CLI_OK;
}

static enum cli_status open_map(struct cli *cli, struct graft *graft)
{
	enum cli_status status;

	graft->path = iproute2_full_path(graft->map);
	if (!graft->path)
		out_of_memory();
	graft->map_fd = bpf_obj_get(graft->path);
	if (graft->map_fd >= 0)
		return check_map(cli, graft);
	status = message_refused(cli, -errno, "%s: cannot get the pinned map", graft->path);
	message_detail(cli, "MAP is the pin of a prog array, such as m:globals/NAME");
	return status;
}

/*
 * The expected attach type of those that are in the array, which must be the program's too. Those
 * of iproute2's loader have none; libbpf takes one from the section's name.
 */
static __u32 find_attach_type(const struct graft *graft)
{
	__u32 type = graft->choice.kind->type;

	if (type != BPF_PROG_TYPE_XDP || owner_takes(graft->map_fd, type, 0))
		return 0;
	return owner_takes(graft->map_fd, type, BPF_XDP) ? BPF_XDP : 0;
}

/* --- grafting ----------------------------------------------------------------------------- */

static enum cli_status store(struct cli *cli, const struct graft *graft,
			     const struct loaded_program *loaded)
{
	CLEANUP(cleanup_free) char *why = NULL;
	int err = 0;

	if (bpf_map_update_elem(graft->map_fd, &graft->key, &loaded->fd, BPF_ANY))
		err = -errno;
	if (!err) {
		message_verbose(cli, "%s: slot %u: %s", graft->path, graft->key, loaded->name);
		return CLI_OK;
	}
	why = err == -EINVAL ? owner_explain(graft->map_fd, loaded->fd) : NULL;
	message_error(cli, "%s: slot %u: the kernel does not store %s there: %s%s%s", graft->path,
		      graft->key, loaded->name, strerror(-err), why ? ": " : "", why ? why : "");
	if (why && graft->choice.kind)
		message_detail(
			cli,
			"'type T' behind obj FILE says as what it is loaded: cls, act, xdp ...");
	return CLI_KERNEL;
}

static enum cli_status load_and_store(struct words *words, struct graft *graft)
{
	CLEANUP(cleanup_transaction) struct transaction transaction = { 0 };
	CLEANUP(cleanup_loaded_program) struct loaded_program loaded = NO_PROGRAM;
	enum cli_status status;

	transaction_begin(&transaction);
	if (graft->choice.kind)
		graft->choice.attach_type = find_attach_type(graft);
	status = program_load(words->cli, &graft->choice, transaction.lock, &loaded);
	if (status != CLI_OK)
		return status;
	status = find_key(words, graft, loaded.section);
	/* the last that can fail: there is no slot to be put back */
	if (status == CLI_OK)
		status = store(words->cli, graft, &loaded);
	if (status != CLI_OK)
		program_undo(&loaded);
	else if (loaded.obj)
		tail_calls_warn(words->cli, loaded.obj);
	return status;
}

enum cli_status exec_graft(struct words *words, int change)
{
	CLEANUP(cleanup_graft)
	struct graft graft = { .map_fd = -1, .choice.keeps_live_slots = true };
	enum cli_status status;

	(void)change;
	status = parse(words, &graft);
	if (status == CLI_OK)
		status = open_map(words->cli, &graft);
	if (status == CLI_OK)
		status = find_key_of_words(words, &graft);
	if (status == CLI_OK)
		status = load_and_store(words, &graft);
	return status;
}
