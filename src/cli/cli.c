/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * The table of commands, and the way from the command line into one of them.
 */
#include <string.h>
#include <bpf/libbpf.h>

#include "cli.h"
#include "elfmap.h"
#include "options.h"

static const char usage[] =
	"usage: elfmap [OPTIONS] COMMAND ...\n"
	"\n"
	"Loads legacy BPF objects, those with maps in SEC(\"maps\"), with libbpf 1.x.\n"
	"\n"
	"commands:\n";

static const char usage_options[] =
	"\n"
	"options, before the command; inspect, convert, load and exec take them behind\n"
	"it too, exec without -j:\n"
	"  -j, --json      output as JSON\n"
	"  -p, --pretty    indent the JSON\n"
	"  -v, --verbose   say what is done, and all that libbpf and the verifier say\n"
	"  --layout NAME   read all legacy map definitions as this layout\n"
	"  -V, --version   print the versions of elfmap and libbpf\n"
	"  -h, --help      print this, or how to use the command\n"
	"\n"
	"exit status: 0 done, 1 refused by the object or the kernel, 2 wrong usage;\n"
	"that of tc and ip is theirs: 1 wrong usage or object, 2 refused by the kernel;\n"
	"that of exec is the command's\n";

static const struct command *const commands[] = {
	&inspect_command, &convert_command, &load_command, &tc_command, &ip_command, &exec_command,
};

#define NR_COMMANDS (sizeof(commands) / sizeof(commands[0]))

static const struct command *find_command(const char *name)
{
	size_t i;

	for (i = 0; i < NR_COMMANDS; i++) {
		if (!strcmp(commands[i]->name, name))
			return commands[i];
	}
	return NULL;
}

static void print_usage(FILE *stream)
{
	size_t i;

	fputs(usage, stream);
	for (i = 0; i < NR_COMMANDS; i++)
		fprintf(stream, "  %-9s %s\n", commands[i]->name, commands[i]->summary);
	fputs(usage_options, stream);
}

enum cli_status cli_print_version(void)
{
	printf("elfmap %s, libbpf %s\n", elfmap_version_string(), libbpf_version_string());
	return CLI_OK;
}

static enum cli_status run_command(struct cli *cli, const struct command *command,
				   struct arguments *arguments)
{
	enum cli_status status = CLI_OK;

	if (!command->own_options && cli->no_qdisc)
		return message_usage(cli, command->name, "--no-qdisc is for elfmap tc");
	if (!command->own_options && command != &load_command && cli->keep_tail_calls)
		return message_usage(cli, command->name,
				     "--keep-tail-calls is for elfmap load, tc and ip");
	if (!command->own_options)
		status = options_parse(cli, command->name, command->options,
				       command->leading_options, arguments);
	if (status != CLI_OK)
		return status;
	if (cli->version)
		return cli_print_version();
	if (cli->help) {
		fputs(command->help, stdout);
		return CLI_OK;
	}
	if (arguments->count < command->least_words)
		return message_usage(cli, command->name, "%s: too few arguments", command->name);
	if (arguments->count > command->most_words)
		return message_usage(cli, command->name, "%s: what is '%s'?", command->name,
				     arguments->words[command->most_words]);
	return command->run(cli, arguments);
}

/* "elfmap help [COMMAND]" is "elfmap [COMMAND] --help". */
static const char *take_command_name(struct cli *cli, struct arguments *arguments)
{
	const char *name = NULL;

	while (arguments->count && !name) {
		name = *arguments->words++;
		arguments->count--;
		if (!strcmp(name, "help")) {
			cli->help = true;
			name = NULL;
		}
	}
	return name;
}

static enum cli_status run(struct cli *cli, struct arguments *arguments,
			   const struct command **command)
{
	enum cli_status status;
	const char *name;

	status = options_parse(cli, NULL, iproute2_long_options, true, arguments);
	if (status != CLI_OK)
		return status;
	if (cli->version)
		return cli_print_version();
	name = take_command_name(cli, arguments);
	if (!name) {
		print_usage(cli->help ? stdout : stderr);
		return cli->help ? CLI_OK : CLI_USAGE;
	}
	*command = find_command(name);
	if (!*command)
		return message_usage(cli, NULL, "unknown command '%s'", name);
	return run_command(cli, *command, arguments);
}

int cli_run(struct cli *cli, int argc, char **argv)
{
	static const int own_status[] = {
		[CLI_OK] = 0,
		[CLI_REFUSED] = 1,
		[CLI_USAGE] = 2,
		[CLI_KERNEL] = 1,
		/* only tc and exec run commands */
		[CLI_NO_COMMAND] = 1,
		[CLI_COMMAND_NOT_RUN] = 1,
	};
	struct arguments arguments = { .count = argc - 1, .words = argv + 1 };
	const struct command *command = NULL;
	enum cli_status status;

	if (argc < 1)
		return own_status[CLI_USAGE];
	status = run(cli, &arguments, &command);
	return command && command->exit_status ? command->exit_status[status] : own_status[status];
}
