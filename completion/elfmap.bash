# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
#
# Bash completion for elfmap. Commands and options are taken from what elfmap --help says, so that
# they need no word here; what an option's value can be does. The words of tc and ip stand in tables
# below. bash-completion loads this file by its name, and is not needed.
#
# All functions share the locals of _elfmap: words, those of the line up to the cursor; typed, the
# last one, and cur, the part of it that is to be completed, behind head; tool, the command.

# Names can come from an object that nobody trusts: they are compared and quoted, never expanded.

# Offer those of the arguments that begin with what is typed.
_elfmap_offer() {
	local word

	for word; do
		if [[ $word == "$cur"* ]]; then
			printf -v word %q "$word"
			COMPREPLY+=("$word")
		fi
	done
}

# Offer each line of the input.
_elfmap_offer_lines() {
	local line

	while IFS= read -r line; do
		_elfmap_offer "$line"
	done
}

_elfmap_option() {
	compopt -o "$1" 2>/dev/null || :
}

# Offer directories, and the files whose name ends in the argument; none ends in a slash.
_elfmap_files() {
	local plain=${cur//\\/} file

	while IFS= read -r file; do
		[[ ! -d $file && $file != *"${1-/}" ]] || COMPREPLY+=("$file")
	done < <(compgen -f -- "$plain")
	_elfmap_option filenames
}

_elfmap_names_in() {
	local path

	for path in "$1"/*; do
		[[ ! -e $path ]] || _elfmap_offer "${2-}${path##*/}"
	done
}

# Where pins are, as tc and ip have them.
_elfmap_pins() {
	local bpffs=${TC_BPF_MNT:-/sys/fs/bpf}

	if [[ $cur == m:globals/* ]]; then
		_elfmap_names_in "$bpffs/tc/globals" m:globals/
	elif [[ -z $cur || m:globals/ == "$cur"* ]]; then
		_elfmap_offer "$bpffs/" m:globals/
		_elfmap_option nospace
	else
		_elfmap_files ''
	fi
}

# --- what elfmap says of itself ------------------------------------------------------------------

_elfmap_commands() {
	sed -n '/^commands:/,/^$/s/^  \([a-z][a-z0-9-]*\) .*/\1/p' <<<"$1"
}

# The options that a help text names; tc's and ip's are -j[son] there.
_elfmap_options() {
	grep -oE -e '(^|[ ,(])--?[[:alnum:]][][[:alnum:]-]*' <<<"$1" | tr -d '[] ,(' | sort -u
}

# What a help text calls the value of an option, nothing if it has none: -b[atch] FILE, --type TYPE.
_elfmap_value_name() {
	local option words_of='(^|[ ,])(-[^ ,]*)[ =]([A-Z][A-Z=]*)' line

	while IFS= read -r line; do
		if [[ $line =~ $words_of ]]; then
			option=${BASH_REMATCH[2]}
			if [[ $2 == "${option//[][]/}" || $2 == "${option%%[[]*}" ]]; then
				echo "${BASH_REMATCH[3]}"
				return
			fi
		fi
	done <<<"$1"
}

# The names of an object file's sections, programs or maps.
_elfmap_of_object() {
	local name='"name":"\([^"]*\)"' section='"section":"\([^"]*\)"' json

	[[ -n $2 ]] || return
	json=$("$tool" inspect -j "${2/#\~/$HOME}" 2>/dev/null | sed 's/},{/\n/g; s/\[{/\n/g')
	case $1 in
	sections) sed -n "s/^$name,$section,\"insns\".*/\\2/p" <<<"$json" ;;
	programs) sed -n "s/^$name,$section,\"insns\".*/\\1/p" <<<"$json" ;;
	maps) sed -n "s/^$name,$section,\"offset\".*/\\1/p" <<<"$json" ;;
	esac | sort -u
}

# --- values of options ---------------------------------------------------------------------------

_elfmap_types() {
	_elfmap_offer socket_filter kprobe sched_cls sched_act tracepoint xdp perf_event cgroup_skb \
		cgroup_sock lwt_in lwt_out lwt_xmit sock_ops sk_skb cgroup_device sk_msg \
		raw_tracepoint cgroup_sock_addr lwt_seg6local lirc_mode2 sk_reuseport \
		flow_dissector cgroup_sysctl raw_tracepoint_writable cgroup_sockopt tracing \
		struct_ops ext lsm sk_lookup syscall netfilter
}

# The first word of the line that can be an object file.
_elfmap_object_typed() {
	local word

	for word in "${words[@]:1}"; do
		if [[ $word == *.o && -f ${word//\\/} ]]; then
			printf '%s\n' "${word//\\/}"
			return
		fi
	done
}

_elfmap_pin_path() {
	local map

	if [[ $cur == *=* ]]; then
		head+=${cur%%=*}=
		cur=${cur#*=}
		_elfmap_files ''
		return
	fi
	while IFS= read -r map; do
		_elfmap_offer "$map="
	done < <(_elfmap_of_object maps "$(_elfmap_object_typed)")
	_elfmap_option nospace
}

# _elfmap_value OPTION NAME: offer values of an option, those of other options by the value's name.
_elfmap_value() {
	case $1 in
	--layout)
		_elfmap_offer_lines < <("$tool" inspect --layouts 2>/dev/null |
			sed -n 's/^  \([^ ][^ ]*\) .*/\1/p')
		;;
	--type) _elfmap_types ;;
	--for) _elfmap_offer libbpf tc bpftool ;;
	--pin-policy) _elfmap_offer auto none ;;
	--pin-dir) _elfmap_files ;;
	--pin-path) _elfmap_pin_path ;;
	-n | -netns) _elfmap_names_in /run/netns ;;
	-c | -color) _elfmap_offer always auto never ;;
	*)
		case $2 in
		FILE | PATH | OBJECT | SOCKET) _elfmap_files '' ;;
		DIR) _elfmap_files ;;
		DEV) _elfmap_names_in /sys/class/net ;;
		esac
		;;
	esac
}

# Complete the value of an option, if that is what the cursor is at.
_elfmap_is_value() {
	local help=$1 name

	if [[ $cur == -*=* ]]; then
		name=${cur%%=*}
		head=$name=
		cur=${cur#*=}
		_elfmap_value "$name" "$(_elfmap_value_name "$help" "$name")"
		return 0
	fi
	[[ $prev == -* ]] || return 1
	name=$(_elfmap_value_name "$help" "$prev")
	[[ -n $name ]] || return 1
	_elfmap_value "$prev" "$name"
}

# --- tc and ip -----------------------------------------------------------------------------------

_elfmap_places='dev block ingress egress root parent protocol prio pref handle chain'
_elfmap_program='obj pinned sec program verb'
_elfmap_controls='ok pass drop shot pipe continue reclassify trap goto jump'
_elfmap_actions="bpf gact mirred $_elfmap_controls index cookie no_percpu skip_sw skip_hw action"
_elfmap_xdp='xdp xdpgeneric xdpdrv xdpoffload'
_elfmap_route='via dev src table metric protocol scope tos onlink pref mtu advmss hoplimit encap'

# Offer the words of a table.
_elfmap_table() {
	local table

	for table; do
		# shellcheck disable=SC2086
		_elfmap_offer $table
	done
}

# Whether one of the words behind the verb is one of the arguments.
_elfmap_said() {
	local word said

	for said in "${rest[@]:0:${#rest[@]}-1}"; do
		for word; do
			[[ $said != "$word" ]] || return 0
		done
	done
	return 1
}

# The object file that was named last.
_elfmap_obj() {
	local i

	for ((i = ${#words[@]} - 2; i > 0; i--)); do
		if [[ ${words[i - 1]} == obj* && ${words[i]} != pinned ]]; then
			printf '%s\n' "${words[i]//\\/}"
			return
		fi
	done
}

# Offer what can follow the previous word, if that wants a value.
_elfmap_follows() {
	case $prev in
	dev | oif) _elfmap_names_in /sys/class/net ;;
	obj | object-file) _elfmap_files .o ;;
	sec | section) _elfmap_offer_lines < <(_elfmap_of_object sections "$(_elfmap_obj)") ;;
	program) _elfmap_offer_lines < <(_elfmap_of_object programs "$(_elfmap_obj)") ;;
	pinned | object-pinned | graft) _elfmap_pins ;;
	export | import) _elfmap_files '' ;;
	goto) _elfmap_offer chain ;;
	mirred) _elfmap_offer ingress egress ;;
	ingress | egress)
		[[ ${words[${#words[@]} - 3]} == mirred ]] || return 1
		_elfmap_offer redirect mirror
		;;
	redirect | mirror) _elfmap_offer dev ;;
	xdp | xdpgeneric | xdpdrv | xdpoffload) _elfmap_offer obj pinned off none ;;
	encap) _elfmap_offer bpf ;;
	in | out | xmit) _elfmap_offer obj pinned ;;
	type) _elfmap_offer cls act xdp lwt_in lwt_out lwt_xmit ;;
	scope) _elfmap_offer global site link host nowhere ;;
	table) _elfmap_offer main local default ;;
	protocol)
		if [[ $object == route ]]; then
			_elfmap_offer kernel boot static
		else
			_elfmap_offer all ip ipv6 arp 802.1Q 802.1ad
		fi
		;;
	pref)
		[[ $object != route ]] || _elfmap_offer low medium high
		;;
	prio | handle | chain | block | ingress_block | egress_block | parent | classid | flowid | \
		index | cookie | jump | key | via | src | metric | tos | mtu | advmss | hoplimit | \
		headroom) ;;
	*) return 1 ;;
	esac
}

_elfmap_filter_words() {
	case $verb in
	add | replace | change) ;;
	delete | get) _elfmap_table "$_elfmap_places" bpf && return ;;
	*) _elfmap_table "$_elfmap_places" && return ;;
	esac
	if _elfmap_said action; then
		_elfmap_table "$_elfmap_program export" "$_elfmap_actions"
	elif _elfmap_said bpf; then
		_elfmap_table "$_elfmap_program export" \
			'da direct-action classid flowid action skip_hw skip_sw'
	else
		_elfmap_table "$_elfmap_places" bpf
	fi
}

_elfmap_action_words() {
	if ! _elfmap_said action; then
		_elfmap_offer action
	elif [[ $verb == add || $verb == replace || $verb == change ]]; then
		_elfmap_table "$_elfmap_actions" "$_elfmap_program export"
	elif ! _elfmap_said bpf gact mirred; then
		_elfmap_offer bpf gact mirred
	elif [[ $verb == delete || $verb == get ]]; then
		_elfmap_offer index action
	fi
}

_elfmap_exec_words() {
	if _elfmap_said run; then
		if [[ $prev == run ]]; then
			_elfmap_offer_lines < <(compgen -c -- "$cur")
		else
			_elfmap_files ''
		fi
	elif _elfmap_said graft; then
		_elfmap_table key "$_elfmap_program" type
	elif _elfmap_said import; then
		_elfmap_offer run
	else
		_elfmap_offer graft import dbg
	fi
}

_elfmap_link_words() {
	if [[ ${#rest[@]} -eq 1 ]]; then
		_elfmap_offer dev
		_elfmap_names_in /sys/class/net
	fi
	if [[ $verb == show ]]; then
		_elfmap_offer up
	elif [[ ${#rest[@]} -gt 1 ]]; then
		_elfmap_table "$_elfmap_xdp" 'up down mtu'
		# shellcheck disable=SC2086
		! _elfmap_said $_elfmap_xdp || _elfmap_table "$_elfmap_program"
	fi
}

_elfmap_route_words() {
	if [[ ${#rest[@]} -eq 1 ]]; then
		_elfmap_offer default unicast local broadcast multicast anycast unreachable \
			prohibit blackhole throw
	elif _elfmap_said encap; then
		_elfmap_table "in out xmit headroom" "$_elfmap_program" "$_elfmap_route"
	else
		_elfmap_table "$_elfmap_route"
	fi
}

_elfmap_words() {
	case $object in
	qdisc)
		_elfmap_offer dev
		[[ $verb == show ]] ||
			_elfmap_offer clsact ingress ingress_block egress_block
		;;
	filter) _elfmap_filter_words ;;
	action) _elfmap_action_words ;;
	exec) _elfmap_exec_words ;;
	link) _elfmap_link_words ;;
	route) _elfmap_route_words ;;
	esac
}

# What elfmap does of tc's and ip's objects and verbs. Abbreviations are looked up in this order.
declare -gA _elfmap_objects=([tc]='qdisc filter action exec' [ip]='route link')
declare -gA _elfmap_verbs=(
	[qdisc]='add replace delete show list' [filter]='add replace change delete get show list'
	[action]='add replace change delete get list show flush' [exec]='bpf'
	[link]='set change show list' [route]='add change replace prepend append delete'
)

# The first word of a table that the word abbreviates.
_elfmap_full_word() {
	local word

	for word in ${1-}; do
		if [[ $word == "$2"* ]]; then
			echo "$word"
			return
		fi
	done
	echo "$2"
}

# _elfmap_iproute2 tc|ip FIRST HELP: FIRST is where the words behind tc or ip begin.
_elfmap_iproute2() {
	local object='' verb='' rest=() i last=$((${#words[@]} - 1)) word

	for ((i = $2; i < last; i++)); do
		word=${words[i]}
		if [[ $word == -* ]]; then
			[[ -z $(_elfmap_value_name "$3" "$word") ]] || ((i++))
		elif [[ -z $object ]]; then
			object=$(_elfmap_full_word "${_elfmap_objects[$1]}" "${word/%actions/action}")
		elif [[ -z $verb ]]; then
			verb=$(_elfmap_full_word "${_elfmap_verbs[$object]-}" "$word")
			verb=${verb/#list/show}
		else
			rest+=("$word")
		fi
	done
	rest+=("$cur")
	if [[ $cur == -* && -z $object ]]; then
		_elfmap_offer_lines < <(_elfmap_options "$3")
	elif [[ $cur == --* ]]; then
		_elfmap_offer_lines < <(_elfmap_options "$3" | grep -e ^--)
	elif [[ -z $object ]]; then
		_elfmap_table "${_elfmap_objects[$1]} help"
	elif [[ -z $verb ]]; then
		_elfmap_table "${_elfmap_verbs[$object]-} help"
	elif ! _elfmap_follows; then
		_elfmap_words
	fi
}

# --- the line ------------------------------------------------------------------------------------

# The words as a shell will see them: bash splits them at = and : too.
_elfmap_split() {
	local line=${COMP_LINE:0:COMP_POINT} behind i

	for ((i = 0; i <= COMP_CWORD; i++)); do
		behind=${line#"${line%%[![:blank:]]*}"}
		if [[ $i -gt 0 && $behind == "$line" ]]; then
			words[${#words[@]} - 1]+=${line:0:${#COMP_WORDS[i]}}
		else
			words+=("${behind:0:${#COMP_WORDS[i]}}")
		fi
		line=${behind:${#COMP_WORDS[i]}}
	done
}

# Bash replaces what is behind the last = or : only.
_elfmap_trim() {
	local i cut='' mark

	for ((i = 1; i <= ${#typed}; i++)); do
		mark=${typed:i-1:1}
		[[ $mark != [=:] || $COMP_WORDBREAKS != *"$mark"* ]] || cut=${typed:0:i}
	done
	for i in "${!COMPREPLY[@]}"; do
		COMPREPLY[i]=$head${COMPREPLY[i]}
		COMPREPLY[i]=${COMPREPLY[i]#"$cut"}
	done
}

# _elfmap_exec FIRST HELP: options up to the command, which has its own words; FIRST is where the words
# behind exec begin.
_elfmap_exec() {
	local i last=$((${#words[@]} - 1))

	for ((i = $1; i < last; i++)); do
		case ${words[i]} in
		--)
			((++i))
			break
			;;
		-*) [[ -z $(_elfmap_value_name "$2" "${words[i]}") ]] || ((++i)) ;;
		*) break ;;
		esac
	done
	if ((i < last)); then
		_elfmap_files ''
	elif [[ $cur == -* && $prev != -- ]]; then
		_elfmap_is_value "$2" || _elfmap_offer_lines < <(_elfmap_options "$2")
	elif [[ $prev == -- ]] || ! _elfmap_is_value "$2"; then
		_elfmap_offer_lines < <(compgen -c -- "$cur" | sort -u)
		_elfmap_files ''
	fi
}

# Operands of elfmap's own commands.
_elfmap_operands() {
	case $1 in
	inspect | convert | load) _elfmap_files .o ;;
	*) _elfmap_files '' ;;
	esac
}

_elfmap_line() {
	local help command='' i

	help=$("$tool" --help 2>/dev/null)
	for ((i = 1; i < ${#words[@]} - 1; i++)); do
		case ${words[i]} in
		help) ;;
		-*) [[ -z $(_elfmap_value_name "$help" "${words[i]}") ]] || ((i++)) ;;
		*)
			command=${words[i]}
			break
			;;
		esac
	done
	if [[ $command == tc || $command == ip ]]; then
		help=$("$tool" "$command" --help 2>/dev/null)
	elif [[ -n $command ]]; then
		help+=$'\n'$("$tool" "$command" --help 2>/dev/null)
	fi
	if [[ $command == exec ]]; then
		_elfmap_exec $((i + 1)) "$help"
	elif _elfmap_is_value "$help"; then
		return
	elif [[ $command == tc || $command == ip ]]; then
		_elfmap_iproute2 "$command" $((i + 1)) "$help"
	elif [[ $cur == -* ]]; then
		_elfmap_offer_lines < <(_elfmap_options "$help")
	elif [[ -z $command ]]; then
		_elfmap_offer_lines < <(_elfmap_commands "$help"; echo help)
	else
		_elfmap_operands "$command"
	fi
}

_elfmap() {
	local words=() typed cur prev head='' tool

	COMPREPLY=()
	_elfmap_split
	typed=${words[${#words[@]} - 1]} cur=$typed prev=${words[${#words[@]} - 2]}
	tool=${words[0]/#\~/$HOME}
	type -P "$tool" >/dev/null || tool=elfmap
	type -P "$tool" >/dev/null || return 0
	_elfmap_line
	_elfmap_trim
}

complete -F _elfmap elfmap
