// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * How fast elfmap is beside those who do the same for BTF-defined maps, and how large: see
 * make bench. Compares what is installed, and fails only where nothing can be measured.
 *
 * bench [-j] TOOL STRIPPED_LIBRARY PEAK_PROGRAM
 * bench [-j] -i	the ratios by instructions, counted by callgrind
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench/callgrind.h"
#include "bench/process.h"
#include "bench/rows.h"
#include "bench/steps.h"
#include "bench/tc.h"
#include "cleanup.h"

struct setting {
	const char *tool, *library, *peak;
	char directory[128];
};

/* --- in this process --------------------------------------------------------------------------- */

struct side {
	const struct step *step;
	struct input input;
};

static const struct pair {
	const char *what;
	double bound; /* 0: none, it explains the row above */
	struct side sides[2];
	bool is_per_map;
} pairs[] = {
#define OPEN(n, has_btf) \
	{ { &step_elfmap_open, { n, has_btf } }, { &step_libbpf_open, { n, has_btf } } }, false
#define OPEN_IMAGE(n, has_btf) \
	{ { &step_open_image, { n, has_btf } }, { &step_libbpf_open, { n, has_btf } } }, false
	{ "open 1 map, beside libbpf", 1.5, OPEN(1, false) },
	{ "open 1 map with BTF, beside libbpf", 1.5, OPEN(1, true) },
	{ "open 64 maps, beside libbpf", 1.0, OPEN(64, false) },
	{ "  libbpf's part in that", 0, OPEN_IMAGE(64, false) },
	{ "open 64 maps with BTF, beside libbpf", 1.0, OPEN(64, true) },
	{ "  libbpf's part in that", 0, OPEN_IMAGE(64, true) },
	{ "open 1000 maps, beside libbpf", 0.8, OPEN(1000, false) },
	{ "  libbpf's part in that", 0, OPEN_IMAGE(1000, false) },
	{ "open 1000 maps with BTF, beside libbpf", 0.8, OPEN(1000, true) },
	{ "  libbpf's part in that", 0, OPEN_IMAGE(1000, true) },
#undef OPEN
#undef OPEN_IMAGE
#define TRANSLATE(n, has_btf) \
	{ { &step_translate, { n, has_btf } }, { &step_open_image, { n, has_btf } } }, false
	{ "translate 64 maps, beside opening these", 0.5, TRANSLATE(64, false) },
	{ "translate 64 with BTF, beside opening it", 0.5, TRANSLATE(64, true) },
	{ "translate 1000 maps, beside opening these", 0.1, TRANSLATE(1000, false) },
	{ "translate 1000 with BTF, beside opening it", 0.1, TRANSLATE(1000, true) },
	{ "translate 10000 maps, beside opening these", 0.1, TRANSLATE(10000, false) },
#undef TRANSLATE
#define GROW(n, than) \
	{ { &step_translate, { n, false } }, { &step_translate, { than, false } } }, true
	{ "translate 1 of 10000 maps, beside 1 of 100", 1.2, GROW(10000, 100) },
	{ "translate 1 of 65000 maps, beside 1 of 100", 1.5, GROW(65000, 100) },
#undef GROW
};

#define NR_PAIRS (sizeof(pairs) / sizeof(pairs[0]))

static struct row row_of(const struct pair *pair)
{
	return (struct row){ .what = pair->what, .bound = pair->bound };
}

static void print_comparison(struct row row, const struct comparison *comparison)
{
	row.figure = comparison->ratio;
	row.spread = comparison->spread;
	row.instructions = comparison->instructions;
	row.us[0] = comparison->us[0];
	row.us[1] = comparison->us[1];
	rows_print(&row);
}

static void compare_steps(const struct setting *setting, const struct pair *pair)
{
	struct row row = row_of(pair);
	struct subject subjects[2];
	struct measured measured[2];
	struct comparison comparison;

	for (size_t i = 0; i < 2; i++) {
		const struct side *side = &pair->sides[i];

		subject_make(&subjects[i], setting->directory, side->input);
		measured[i] = (struct measured){ side->step->run, &subjects[i],
						 pair->is_per_map ? side->input.nr_maps : 1 };
	}
	if (measure_compare(&measured[0], &measured[1], &comparison)) {
		row.why_not = "a step failed";
		rows_print(&row);
	} else {
		print_comparison(row, &comparison);
	}
	for (size_t i = 0; i < 2; i++)
		subject_remove(&subjects[i]);
}

/* The same by instructions alone, as callgrind counts them, where that takes no minutes. */
static void count_steps(const struct pair *pair)
{
	struct row row = row_of(pair);
	double counts[2] = { 0, 0 };

	for (size_t i = 0; i < 2; i++) {
		const struct side *side = &pair->sides[i];

		if (side->step != &step_translate && side->input.nr_maps > 1000)
			row.why_not = "it takes minutes";
		else
			counts[i] = callgrind_count(side->step, side->input);
		if (pair->is_per_map)
			counts[i] /= (double)side->input.nr_maps;
	}
	if (!row.why_not && counts[0] > 0 && counts[1] > 0)
		row.figure = counts[0] / counts[1];
	else if (!row.why_not)
		row.why_not = "valgrind is not installed";
	rows_print(&row);
}

/* --- whole processes --------------------------------------------------------------------------- */

static void compare_conversion(const struct setting *setting, const char *what, size_t nr_maps)
{
	CLEANUP(cleanup_free) char *objcopy = process_find("llvm-objcopy");
	struct row row = { .what = what, .bound = 0.15 };
	struct comparison comparison;
	struct subject subject;
	char to[256];

	subject_make(&subject, setting->directory, (struct input){ nr_maps, false });
	snprintf(to, sizeof(to), "%s/new.o", setting->directory);
	{
		const char *const ours[] = { "elfmap", "convert", subject.legacy_path, to, NULL };
		const char *const theirs[] = { "llvm-objcopy",
					       "--rename-section",
					       "maps=.maps",
					       subject.legacy_path,
					       to,
					       NULL };
		struct process sides[] = { { setting->tool, ours }, { objcopy, theirs } };
		const struct measured a = { process_run, &sides[0], 1 };
		const struct measured b = { process_run, &sides[1], 1 };

		if (!objcopy)
			row.why_not = "llvm-objcopy is not installed";
		else if (measure_compare(&a, &b, &comparison))
			row.why_not = "a run failed";
	}
	if (row.why_not)
		rows_print(&row);
	else
		print_comparison(row, &comparison);
	unlink(to);
	subject_remove(&subject);
}

static void compare_tc(const struct setting *setting)
{
	struct row time = { .what = "tc filter replace, beside stock tc", .bound = 1.0 };
	struct row calls = { .what = "  system calls, stock tc's are the bound",
			     .unit = ROW_CALLS };
	struct subject subject;
	struct tc_result result;

	subject_make(&subject, setting->directory, (struct input){ 1, false });
	tc_measure(setting->tool, subject.legacy_path, setting->directory, &result);
	calls.figure = (double)result.calls[0];
	calls.bound = (double)result.calls[1];
	if (*result.why_not) {
		time.why_not = calls.why_not = result.why_not;
		rows_print(&time);
	} else {
		print_comparison(time, &result.time);
	}
	if (!calls.why_not && (result.calls[0] < 0 || result.calls[1] < 0))
		calls.why_not = "no ptrace";
	rows_print(&calls);
	subject_remove(&subject);
}

/* --- sizes ------------------------------------------------------------------------------------- */

static void measure_peak(const struct setting *setting, const char *what, size_t nr_maps)
{
	struct row row = { .what = what, .unit = ROW_KIB, .bound = 1024 + (double)nr_maps / 2 };
	CLEANUP(cleanup_free) char *command = NULL;
	double bytes;
	FILE *output;

	if (asprintf(&command, "'%s' %zu", setting->peak, nr_maps) < 0)
		exit(1);
	output = popen(command, "re");
	if (output && fscanf(output, "%lf", &bytes) == 1)
		row.figure = bytes / 1024;
	else
		row.why_not = "it cannot be counted with this C library";
	if (output)
		pclose(output);
	rows_print(&row);
}

static void measure_library(const struct setting *setting)
{
	struct row row = { .what = "the shared library, stripped", .unit = ROW_KIB, .bound = 150 };
	struct stat st;

	if (stat(setting->library, &st))
		row.why_not = "it cannot be stripped here";
	else
		row.figure = (double)st.st_size / 1024;
	rows_print(&row);
}

/* --- all of it --------------------------------------------------------------------------------- */

/* In memory where there is such a place, so that no disk is measured. */
static void make_directory(struct setting *setting)
{
	const char *place = getenv("TMPDIR");

	if (!place)
		place = access("/dev/shm", W_OK) ? "/tmp" : "/dev/shm";
	snprintf(setting->directory, sizeof(setting->directory), "%s/elfmap-bench.XXXXXX", place);
	if (!mkdtemp(setting->directory)) {
		fprintf(stderr, "bench: %s: %s\n", setting->directory, strerror(errno));
		exit(1);
	}
}

static void measure_all(const struct setting *setting)
{
	for (size_t i = 0; i < NR_PAIRS; i++)
		compare_steps(setting, &pairs[i]);
	compare_conversion(setting, "convert 1 map, beside llvm-objcopy", 1);
	compare_conversion(setting, "convert 64 maps, beside llvm-objcopy", 64);
	compare_conversion(setting, "convert 1000 maps, beside llvm-objcopy", 1000);
	compare_tc(setting);
	measure_peak(setting, "memory to translate 1000 maps", 1000);
	measure_peak(setting, "memory to translate 65000 maps", 65000);
	measure_library(setting);
}

int main(int argc, char **argv)
{
	bool is_once = argc == 5 && !strcmp(argv[1], "--once");
	bool as_json = argc > 1 && !strcmp(argv[1], "-j");
	bool by_instructions = argc == 2 + as_json && !strcmp(argv[1 + as_json], "-i");
	struct setting setting = { 0 };
	int err = 0;

	if (!is_once && !by_instructions && argc != 4 + as_json) {
		fputs("usage: bench [-j] {-i | TOOL STRIPPED_LIBRARY PEAK_PROGRAM}\n", stderr);
		return 2;
	}
	make_directory(&setting);
	if (is_once) {
		err = callgrind_run(&argv[2], setting.directory);
	} else {
		rows_begin(as_json);
		argv += as_json;
		for (size_t i = 0; by_instructions && i < NR_PAIRS; i++)
			count_steps(&pairs[i]);
		setting.tool = argv[1];
		setting.library = argv[2];
		setting.peak = argv[3];
		if (!by_instructions)
			measure_all(&setting);
		rows_end();
	}
	rmdir(setting.directory);
	return err ? 1 : 0;
}
