# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
#
# Completes each argument, a line that is typed up to the cursor, as bash would: its words are split at
# blanks, = and :. Prints what is offered, a line each, with a tab behind each word.

set -u
# shellcheck source=completion/elfmap.bash
source completion/elfmap.bash

[[ $(complete -p elfmap) == 'complete -F _elfmap elfmap' ]] || exit 1
COMP_WORDBREAKS=$' \t\n"\'><=;|&(:'
for COMP_LINE; do
	mapfile -t COMP_WORDS < <(
		sed -E 's/([=:]+)/\n\1\n/g; s/ *\n */\n/g; s/ +/\n/g; s/\n+$//' <<<"$COMP_LINE"
	)
	[[ $COMP_LINE != *' ' ]] || COMP_WORDS+=('')
	COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
	COMP_POINT=${#COMP_LINE}
	_elfmap "${COMP_WORDS[0]}" '' ''
	for ((i = 0; i < ${#COMPREPLY[@]}; i++)); do
		printf '%s\t' "${COMPREPLY[i]}"
	done
	printf '\n'
done
