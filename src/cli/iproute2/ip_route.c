/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * elfmap ip route: the verbs that change routes. The words are read in ip_route_words.c and
 * ip_route_tunnel.c; showing routes is left to ip.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "attach_route_shared.h"
#include "cleanup.h"
#include "cli/cli.h"
#include "ip.h"
#include "ip_route.h"
#include "iproute2_command.h"
#include "programs.h"
#include "rtnetlink.h"
#include "stand_in.h"

/* --- what to do about a refusal ----------------------------------------------------------- */

#define HINT_GATEWAY "the gateway must be in a device's network, or dev DEV onlink takes it unseen"

/* Which routes a hint is for. */
enum hint_scope {
	HINT_ANY,
	HINT_PROGRAMS, /* with programs */
	HINT_REPLACED, /* that replace another */
};

static const struct hint {
	int err;
	enum hint_scope scope;
	const char *text;
} hints[] = {
	{ EEXIST, HINT_REPLACED, "a like route stands behind the one to replace: delete that" },
	{ EEXIST, HINT_ANY, "elfmap ip route replace puts another in its place" },
	{ ENOENT, HINT_ANY, "there is no such route to change; elfmap ip route replace makes one" },
	{ ESRCH, HINT_PROGRAMS, "ip -d route show lists the routes with their programs' names" },
	{ ESRCH, HINT_ANY, "ip route show lists the routes" },
	{ ENODEV, HINT_ANY, "name the device that the packets leave by: dev DEV" },
	{ ENETDOWN, HINT_ANY, "the device must be up: ip link set dev DEV up" },
	{ ENETUNREACH, HINT_ANY, HINT_GATEWAY },
	{ EHOSTUNREACH, HINT_ANY, HINT_GATEWAY },
	{ EOPNOTSUPP, HINT_PROGRAMS, "encap bpf needs a kernel (4.10) with CONFIG_LWTUNNEL_BPF" },
	{ ERANGE, HINT_PROGRAMS, "headroom may be 256 at most" },
};

#define NR_HINTS (sizeof(hints) / sizeof(hints[0]))

static bool replaces(enum attach_route_verb verb)
{
	return verb == ATTACH_ROUTE_REPLACE || verb == ATTACH_ROUTE_CHANGE;
}

static bool applies(const struct hint *hint, int err, enum attach_route_verb verb,
		    const struct attach_route *route)
{
	return hint->err == -err &&
	       (hint->scope != HINT_PROGRAMS || attach_route_has_programs(route)) &&
	       (hint->scope != HINT_REPLACED || replaces(verb));
}

static void hint_at_way_out(struct cli *cli, int err, enum attach_route_verb verb,
			    const struct attach_route *route)
{
	size_t i = 0;

	while (i < NR_HINTS && !applies(&hints[i], err, verb, route))
		i++;
	if (i < NR_HINTS)
		message_detail(cli, "%s", hints[i].text);
}

/* --- sending ------------------------------------------------------------------------------ */

/*
 * What replaces a route with the same names would go on with the programs of that one: give them
 * names of their own for a moment.
 */
static int send_renamed(struct netlink *nl, enum attach_route_verb verb,
			const struct attach_route *route)
{
	struct attach_route renamed = *route;
	size_t hook;

	for (hook = 0; hook < ATTACH_ROUTE_HOOKS; hook++) {
		if (renamed.programs[hook].name[0])
			snprintf(renamed.programs[hook].name, sizeof(renamed.programs[hook].name),
				 "elfmap %ld", (long)getpid());
	}
	return attach_route(nl, verb, &renamed);
}

/* There is no way back from the first step, so the second one is tried as long as it may help. */
#define ATTEMPTS 5

static int send_twice(struct netlink *nl, enum attach_route_verb verb,
		      const struct attach_route *route)
{
	int err = send_renamed(nl, verb, route);
	int left;

	if (err)
		return err;
	err = attach_route(nl, verb, route);
	for (left = ATTEMPTS; err && left > 0; left--)
		err = attach_route(nl, verb, route);
	return err;
}

static int send_route(struct netlink *nl, enum attach_route_verb verb,
		      const struct attach_route *route, bool *shared)
{
	struct attach_route_sharers sharers = { false, false };
	int err = 0;

	if (verb != ATTACH_ROUTE_DELETE)
		err = attach_route_find_sharers(nl, route, &sharers);
	if (err && err != -EINTR)
		return err;
	err = 0;
	if (sharers.itself && !sharers.others && replaces(verb))
		return send_twice(nl, verb, route);
	err = attach_route(nl, verb, route);
	*shared = sharers.others;
	return err;
}

static void warn(struct words *words, const struct route_request *request, const char *where,
		 bool shared)
{
	if (shared) {
		message_warning(words->cli,
				"%s: %s: the kernel runs the programs of a like route there, which "
				"have the same names",
				words->command, where);
		message_detail(words->cli, "to run those just loaded, delete that route first, or "
					   "load a file of another name");
	}
	if (request->route.headroom && !request->choices[ATTACH_ROUTE_XMIT].kind)
		message_warning(words->cli, "%s: %s: headroom is for xmit, and does nothing here",
				words->command, where);
}

static enum cli_status send(struct words *words, enum attach_route_verb verb,
			    const struct route_request *request)
{
	CLEANUP(netlink_close) struct netlink nl = { 0 };
	char where[ROUTE_WHERE_SIZE];
	enum cli_status status;
	bool shared = false;
	int err;

	status = rtnetlink_open(words->cli, &nl);
	if (status != CLI_OK)
		return status;
	route_where(request, where);
	err = send_route(&nl, verb, &request->route, &shared);
	status = rtnetlink_answer(words, &nl, err, where);
	if (status == CLI_OK)
		warn(words, request, where, shared);
	else
		hint_at_way_out(words->cli, err, verb, &request->route);
	return status;
}

/* --- programs ----------------------------------------------------------------------------- */

static enum cli_status load_stand_in(struct cli *cli, struct programs *programs,
				     const struct program_choice *choice,
				     const struct loaded_program **loaded)
{
	struct loaded_program *program = &programs->list[programs->count];
	enum cli_status status = stand_in_load(cli, choice, program);

	if (status != CLI_OK)
		return status;
	programs->count++;
	*loaded = program;
	return CLI_OK;
}

static enum cli_status load(struct cli *cli, enum attach_route_verb verb, struct programs *programs,
			    struct route_request *request)
{
	const struct loaded_program *loaded;
	enum cli_status status = CLI_OK;
	size_t hook;

	for (hook = 0; status == CLI_OK && hook < ATTACH_ROUTE_HOOKS; hook++) {
		const struct program_choice *choice = &request->choices[hook];
		struct attach_route_program *program = &request->route.programs[hook];

		if (!choice->kind)
			continue;
		status = verb == ATTACH_ROUTE_DELETE ?
				 load_stand_in(cli, programs, choice, &loaded) :
				 programs_load(cli, programs, choice, &loaded);
		if (status != CLI_OK)
			break;
		program->fd = loaded->fd;
		snprintf(program->name, sizeof(program->name), "%s", loaded->name);
	}
	return status;
}

static enum cli_status load_and_send(struct words *words, enum attach_route_verb verb,
				     struct route_request *request)
{
	CLEANUP(cleanup_programs) struct programs programs = { 0 };
	enum cli_status status = load(words->cli, verb, &programs, request);

	if (status == CLI_OK)
		status = send(words, verb, request);
	if (status == CLI_OK)
		programs_warn(words->cli, &programs);
	else
		programs_undo(&programs);
	return status;
}

static enum cli_status change_route(struct words *words, int change)
{
	enum attach_route_verb verb = (enum attach_route_verb)change;
	struct route_request request = { 0 };
	enum cli_status status = route_parse(words, verb, &request);

	if (status != CLI_OK)
		return status;
	if (words->wants_help)
		return iproute2_print_help(words);
	if (request.device) {
		request.route.ifindex = rtnetlink_find_device(words->cli, request.device);
		if (!request.route.ifindex)
			return CLI_REFUSED;
	}
	return load_and_send(words, verb, &request);
}

/* --- verbs -------------------------------------------------------------------------------- */

/* in the order in which ip compares */
static const struct iproute2_verb verbs[] = {
	{ "add", "ip route add", change_route, ATTACH_ROUTE_ADD },
	{ "change", "ip route change", change_route, ATTACH_ROUTE_CHANGE },
	{ "chg", "ip route change", change_route, ATTACH_ROUTE_CHANGE },
	{ "replace", "ip route replace", change_route, ATTACH_ROUTE_REPLACE },
	{ "prepend", "ip route prepend", change_route, ATTACH_ROUTE_PREPEND },
	{ "append", "ip route append", change_route, ATTACH_ROUTE_APPEND },
	{ "test", "ip route test", NULL, 0 },
	{ "delete", "ip route del", change_route, ATTACH_ROUTE_DELETE },
	{ "list", "ip route list", NULL, 0 },
	{ "show", "ip route show", NULL, 0 },
	{ "lst", "ip route list", NULL, 0 },
	{ "get", "ip route get", NULL, 0 },
	{ "flush", "ip route flush", NULL, 0 },
	{ "save", "ip route save", NULL, 0 },
	{ "restore", "ip route restore", NULL, 0 },
	{ "showdump", "ip route showdump", NULL, 0 },
	{ "help", "ip route", iproute2_help_verb, 0 },
	{ NULL, NULL, NULL, 0 },
};

enum cli_status ip_route(struct words *words)
{
	return iproute2_run_verb(words, verbs);
}
