/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * The words of ip route. The table of keywords is in the order in which ip compares
 * (iproute_modify() in ip/iproute.c of iproute2), since abbreviations depend on it. What ip lets be
 * said twice counts the last time.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <linux/icmpv6.h>

#include "addresses.h"
#include "cli/cli.h"
#include "ip_route.h"
#include "route_names.h"

/* The first address decides. */
static void set_family(struct route_request *request, int family)
{
	if (request->route.family == AF_UNSPEC)
		request->route.family = family;
}

static enum cli_status wrong_address(struct words *words, const char *value, int family)
{
	return words_wrong(words, "'%s' is no %saddress", value,
			   family == AF_INET  ? "IPv4 " :
			   family == AF_INET6 ? "IPv6 " :
						"");
}

static enum cli_status take_source(struct words *words, void *ctx)
{
	struct route_request *request = ctx;
	enum cli_status status;
	const char *value;

	status = words_take_value(words, "src", &value);
	if (status != CLI_OK)
		return status;
	if (!read_address(value, request->route.family, &request->route.source))
		return wrong_address(words, value, request->route.family);
	set_family(request, request->route.source.family);
	return CLI_OK;
}

/* --- the gateway -------------------------------------------------------------------------- */

static enum cli_status take_gateway(struct words *words, void *ctx)
{
	struct route_request *request = ctx;
	int family = request->route.family;
	enum cli_status status;
	const char *value;

	if (request->route.gateway.family)
		return words_wrong(words, "'via' is given twice; several next hops are left to the "
					  "stock 'ip route'");
	status = words_take_value(words, "via", &value);
	if (status == CLI_OK && (!strcmp(value, "inet") || !strcmp(value, "inet6"))) {
		family = strcmp(value, "inet") ? AF_INET6 : AF_INET;
		status = words_take_value(words, value, &value);
	}
	if (status != CLI_OK)
		return status;
	if (!read_address(value, family, &request->route.gateway))
		return wrong_address(words, value, family);
	set_family(request, request->route.gateway.family);
	return CLI_OK;
}

static enum cli_status take_onlink(struct words *words, void *ctx)
{
	struct route_request *request = ctx;

	(void)words;
	request->route.flags |= RTNH_F_ONLINK;
	return CLI_OK;
}

static enum cli_status take_device(struct words *words, void *ctx)
{
	struct route_request *request = ctx;

	return words_take_value(words, "dev", &request->device);
}

/* --- numbers ------------------------------------------------------------------------------ */

static enum cli_status take_priority(struct words *words, void *ctx)
{
	struct route_request *request = ctx;

	request->route.has_priority = true;
	return words_take_number(words, "metric", (__u32)-1, &request->route.priority);
}

static enum cli_status take_named(struct words *words, const char *keyword,
				  const struct route_names *names, __u32 *number)
{
	enum cli_status status;
	const char *value;

	status = words_take_value(words, keyword, &value);
	if (status != CLI_OK)
		return status;
	if (!read_named_number(names, value, number))
		return words_wrong(words, "'%s' is no %s", value, keyword);
	return CLI_OK;
}

static enum cli_status take_tos(struct words *words, void *ctx)
{
	struct route_request *request = ctx;
	__u32 number = 0;
	enum cli_status status = take_named(words, "tos", &route_tos_names, &number);

	request->route.tos = (__u8)number;
	return status;
}

static enum cli_status take_scope(struct words *words, void *ctx)
{
	struct route_request *request = ctx;
	__u32 number = 0;
	enum cli_status status = take_named(words, "scope", &route_scope_names, &number);

	request->has_scope = true;
	request->route.scope = (__u8)number;
	return status;
}

static enum cli_status take_protocol(struct words *words, void *ctx)
{
	struct route_request *request = ctx;
	__u32 number = 0;
	enum cli_status status = take_named(words, "protocol", &route_protocol_names, &number);

	request->route.protocol = (__u8)number;
	return status;
}

static enum cli_status take_table(struct words *words, void *ctx)
{
	struct route_request *request = ctx;

	request->has_table = true;
	return take_named(words, "table", &route_table_names, &request->route.table);
}

static enum cli_status take_preference(struct words *words, void *ctx)
{
	struct route_request *request = ctx;
	enum cli_status status;
	const char *value;
	__u32 number;

	status = words_take_value(words, "pref", &value);
	if (status != CLI_OK)
		return status;
	if (!strcmp(value, "low"))
		number = ICMPV6_ROUTER_PREF_LOW;
	else if (!strcmp(value, "medium"))
		number = ICMPV6_ROUTER_PREF_MEDIUM;
	else if (!strcmp(value, "high"))
		number = ICMPV6_ROUTER_PREF_HIGH;
	else if (!read_number(value, 0xff, &number))
		return words_wrong(words, "'%s' is no pref: low, medium or high?", value);
	request->route.has_preference = true;
	request->route.preference = (__u8)number;
	return CLI_OK;
}

static enum cli_status take_metric(struct words *words, struct route_request *request,
				   const char *keyword, unsigned int metric, __u32 most)
{
	struct attach_route *route = &request->route;

	if (words_left(words) && !strcmp(*words->next, "lock")) {
		words_take(words);
		route->locked |= 1U << metric;
	}
	route->has_metrics |= 1U << metric;
	return words_take_number(words, keyword, most, &route->metrics[metric]);
}

static enum cli_status take_mtu(struct words *words, void *ctx)
{
	return take_metric(words, ctx, "mtu", RTAX_MTU, (__u32)-1);
}

static enum cli_status take_hoplimit(struct words *words, void *ctx)
{
	return take_metric(words, ctx, "hoplimit", RTAX_HOPLIMIT, 0xff);
}

static enum cli_status take_advmss(struct words *words, void *ctx)
{
	return take_metric(words, ctx, "advmss", RTAX_ADVMSS, (__u32)-1);
}

/* --- the destination ---------------------------------------------------------------------- */

/* In ip's order (ip/rtm_map.c). */
static const struct route_type {
	const char *word;
	bool exact;
	__u8 type;
} types[] = {
	{ "local", true, RTN_LOCAL },
	{ "nat", true, RTN_NAT },
	{ "broadcast", false, RTN_BROADCAST },
	{ "brd", true, RTN_BROADCAST },
	{ "anycast", false, RTN_ANYCAST },
	{ "multicast", false, RTN_MULTICAST },
	{ "prohibit", false, RTN_PROHIBIT },
	{ "unreachable", false, RTN_UNREACHABLE },
	{ "blackhole", false, RTN_BLACKHOLE },
	{ "xresolve", false, RTN_XRESOLVE },
	{ "unicast", false, RTN_UNICAST },
	{ "throw", true, RTN_THROW },
	{ NULL, false, 0 },
};

static const struct route_type *find_type(const char *word)
{
	const struct route_type *type = types;

	while (type->word &&
	       !(type->exact ? !strcmp(word, type->word) : word_matches(word, type->word)))
		type++;
	return type->word ? type : NULL;
}

static enum cli_status read_destination(struct words *words, struct route_request *request,
					const char *word)
{
	struct prefix prefix;

	if (word_matches(word, "help"))
		return words_take_help(words, NULL);
	if (!read_prefix(word, request->route.family, &prefix))
		return words_wrong(words, "what is '%s'? no word of ip route, and no prefix", word);
	if (request->destination)
		return words_wrong(words, "'%s' is a second destination", word);
	request->destination = word;
	request->route.destination = prefix.address;
	request->route.destination_length = prefix.length;
	set_family(request, prefix.address.family);
	return CLI_OK;
}

/* "[TYPE] PREFIX" */
static enum cli_status take_destination(struct words *words, struct route_request *request,
					const char *word)
{
	const struct route_type *type = find_type(word);
	enum cli_status status = CLI_OK;

	if (type) {
		request->route.type = type->type;
		status = words_take_value(words, type->word, &word);
	}
	return status == CLI_OK ? read_destination(words, request, word) : status;
}

static enum cli_status take_to(struct words *words, void *ctx)
{
	enum cli_status status;
	const char *value;

	status = words_take_value(words, "to", &value);
	return status == CLI_OK ? take_destination(words, ctx, value) : status;
}

/* --- all of them -------------------------------------------------------------------------- */

static enum cli_status take_tunnel(struct words *words, void *ctx)
{
	return route_parse_tunnel(words, ctx);
}

static const struct keyword keywords[] = {
	{ "src", true, take_source },
	{ "as", true, NULL },
	{ "via", true, take_gateway },
	{ "from", true, NULL },
	{ "tos", true, take_tos },
	{ "dsfield", false, take_tos },
	{ "expires", true, NULL },
	{ "metric", false, take_priority },
	{ "priority", false, take_priority },
	{ "preference", true, take_priority },
	{ "scope", true, take_scope },
	{ "mtu", true, take_mtu },
	{ "hoplimit", true, take_hoplimit },
	{ "advmss", true, take_advmss },
	{ "reordering", false, NULL },
	{ "rtt", true, NULL },
	{ "rto_min", true, NULL },
	{ "window", false, NULL },
	{ "cwnd", false, NULL },
	{ "initcwnd", false, NULL },
	{ "initrwnd", false, NULL },
	{ "features", false, NULL },
	{ "quickack", false, NULL },
	{ "congctl", false, NULL },
	{ "rttvar", false, NULL },
	{ "ssthresh", false, NULL },
	{ "realms", false, NULL },
	{ "onlink", true, take_onlink },
	{ "nexthop", true, NULL },
	{ "nhid", true, NULL },
	{ "protocol", false, take_protocol },
	{ "table", false, take_table },
	{ "vrf", false, NULL },
	{ "dev", true, take_device },
	{ "oif", true, take_device },
	{ "pref", false, take_preference },
	{ "encap", true, take_tunnel },
	{ "ttl-propagate", true, NULL },
	{ "fastopen_no_cookie", false, NULL },
	{ "to", true, take_to },
	{ NULL, false, NULL },
};

static enum cli_status take_word(struct words *words, struct route_request *request,
				 const char *word)
{
	const struct keyword *row = find_keyword(keywords, word);

	return row ? words_apply(words, row, word, request) :
		     take_destination(words, request, word);
}

static void begin(enum attach_route_verb verb, int family, struct attach_route *route)
{
	*route = (struct attach_route){
		.family = family,
		.table = RT_TABLE_MAIN,
		.scope = RT_SCOPE_NOWHERE,
	};
	if (verb == ATTACH_ROUTE_DELETE)
		return;
	route->type = RTN_UNICAST;
	route->protocol = RTPROT_BOOT;
	route->scope = RT_SCOPE_UNIVERSE;
}

static __u8 default_scope(enum attach_route_verb verb, const struct attach_route *route)
{
	if (route->family == AF_INET6)
		return RT_SCOPE_UNIVERSE;
	switch (route->type) {
	case RTN_LOCAL:
	case RTN_NAT:
		return RT_SCOPE_HOST;
	case RTN_BROADCAST:
	case RTN_MULTICAST:
	case RTN_ANYCAST:
		return RT_SCOPE_LINK;
	case RTN_UNICAST:
	case RTN_UNSPEC:
		if (verb == ATTACH_ROUTE_DELETE)
			return RT_SCOPE_NOWHERE;
		return route->gateway.family ? route->scope : RT_SCOPE_LINK;
	default:
		return route->scope;
	}
}

static void complete(enum attach_route_verb verb, struct route_request *request)
{
	struct attach_route *route = &request->route;

	set_family(request, AF_INET);
	if (!request->has_table && (route->type == RTN_LOCAL || route->type == RTN_BROADCAST ||
				    route->type == RTN_NAT || route->type == RTN_ANYCAST))
		route->table = RT_TABLE_LOCAL;
	if (!request->has_scope)
		route->scope = default_scope(verb, route);
}

enum cli_status route_parse(struct words *words, enum attach_route_verb verb,
			    struct route_request *request)
{
	enum cli_status status = CLI_OK;
	const char *word;

	begin(verb, words->cli->family, &request->route);
	while (status == CLI_OK && (word = words_take(words)))
		status = take_word(words, request, word);
	if (status != CLI_OK || words->wants_help)
		return status;
	if (!request->destination)
		return words_wrong(words, "the destination is missing: PREFIX or default");
	complete(verb, request);
	return CLI_OK;
}

void route_where(const struct route_request *request, char *text)
{
	snprintf(text, ROUTE_WHERE_SIZE, "%s%s%s", request->destination,
		 request->device ? " dev " : "", request->device ? request->device : "");
}
