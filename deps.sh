#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
#
# Installs what the build needs through the system's package manager: the compiler, make,
# pkg-config and the libraries named as arguments by their pkg-config names. If nothing is missing,
# nothing is done, and neither root nor a network is needed.
#
# Other commands can be named as command=NAME.

set -eu

pkg_config=${PKG_CONFIG:-pkg-config}
compiler=${CC:-cc}

# have WHAT: whether a library, or what is named as command=NAME, is there.
have() {
	case $1 in
	command=*) command -v "${1#command=}" >/dev/null 2>&1 ;;
	libbpf) "$pkg_config" --exists 'libbpf >= 1.0' 2>/dev/null ;;
	*) "$pkg_config" --exists "$1" 2>/dev/null ;;
	esac
}

# The system's headers are a package of their own; compilers do not ask for them.
have_headers() {
	# shellcheck disable=SC2086
	printf '#include <stdio.h>\n#include <linux/bpf.h>\n' |
		$compiler -E - >/dev/null 2>&1
}

# package WHAT: its name for the package manager at hand.
package() {
	case $manager:$1 in
	apt-get:compiler) echo gcc libc6-dev linux-libc-dev ;;
	apt-get:make) echo make ;;
	apt-get:pkg-config) echo pkg-config ;;
	apt-get:libbpf) echo libbpf-dev ;;
	apt-get:libelf) echo libelf-dev ;;
	apt-get:libmnl) echo libmnl-dev ;;
	apt-get:libmd) echo libmd-dev ;;
	apt-get:json-c) echo libjson-c-dev ;;
	apt-get:check) echo check ;;
	apt-get:command=ip | apt-get:command=tc) echo iproute2 ;;

	dnf:compiler) echo gcc glibc-devel kernel-headers ;;
	dnf:make) echo make ;;
	dnf:pkg-config) echo pkgconf-pkg-config ;;
	dnf:libbpf) echo libbpf-devel ;;
	dnf:libelf) echo elfutils-libelf-devel ;;
	dnf:libmnl) echo libmnl-devel ;;
	dnf:libmd) echo libmd-devel ;;
	dnf:json-c) echo json-c-devel ;;
	dnf:check) echo check-devel ;;
	dnf:command=g++) echo gcc-c++ ;;
	dnf:command=ip) echo iproute ;;
	dnf:command=tc) echo iproute-tc ;;

	# Arch has headers and pkg-config files in the packages of the libraries.
	pacman:compiler) echo gcc linux-api-headers ;;
	pacman:make) echo make ;;
	pacman:pkg-config) echo pkgconf ;;
	pacman:command=g++) echo gcc ;;
	pacman:command=ip | pacman:command=tc) echo iproute2 ;;
	pacman:libbpf | pacman:libelf | pacman:libmnl | pacman:libmd | pacman:json-c | pacman:check)
		echo "$1" ;;

	apk:compiler) echo gcc musl-dev linux-headers ;;
	apk:make) echo make ;;
	apk:pkg-config) echo pkgconf ;;
	apk:libbpf) echo libbpf-dev ;;
	apk:libelf) echo elfutils-dev ;;
	apk:libmnl) echo libmnl-dev ;;
	apk:libmd) echo libmd-dev ;;
	apk:json-c) echo json-c-dev ;;
	apk:check) echo check-dev ;;
	apk:command=ip) echo iproute2-minimal ;;
	apk:command=tc) echo iproute2-tc ;;

	*:command=xdp-loader) echo xdp-tools ;;
	*:command=*) echo "${1#command=}" ;;
	*) echo "deps: no package known for $1 here" >&2 && return 1 ;;
	esac
}

find_manager() {
	for manager in apt-get dnf pacman apk; do
		if command -v $manager >/dev/null 2>&1; then
			return
		fi
	done
	echo "deps: missing:$missing" >&2
	echo "deps: none of apt-get, dnf, pacman and apk is here; install these by hand" >&2
	exit 1
}

find_rights() {
	as_root=
	if [ "$(id -u)" -eq 0 ]; then
		return
	fi
	if ! command -v sudo >/dev/null 2>&1; then
		echo "deps: to be installed as root:$packages" >&2
		echo "deps: this is not root and there is no sudo" >&2
		exit 1
	fi
	as_root=sudo
}

# Fresh systems have no package lists.
apt_knows_all() {
	for name in $packages; do
		apt-cache show --no-all-versions "$name" >/dev/null 2>&1 || return 1
	done
}

# shellcheck disable=SC2086
install() {
	case $manager in
	apt-get)
		apt_knows_all || $as_root apt-get -q update
		set -- env DEBIAN_FRONTEND=noninteractive apt-get -q -y \
			--no-install-recommends install $packages
		# The lists may be too old for the mirrors.
		$as_root "$@" || { $as_root apt-get -q update && $as_root "$@"; }
		;;
	dnf) $as_root dnf -y install $packages ;;
	pacman)
		set -- --noconfirm --needed $packages
		$as_root pacman -S "$@" || $as_root pacman -Sy "$@"
		;;
	apk) $as_root apk add $packages ;;
	esac
}

list_missing() {
	missing=
	if ! command -v "${compiler%% *}" >/dev/null 2>&1 || ! have_headers; then
		missing="$missing compiler"
	fi
	command -v make >/dev/null 2>&1 || missing="$missing make"
	command -v "$pkg_config" >/dev/null 2>&1 || missing="$missing pkg-config"
	for what; do
		have "$what" || missing="$missing $what"
	done
}

list_missing "$@"
if [ -z "$missing" ]; then
	exit 0
fi
find_manager
packages=
for what in $missing; do
	packages="$packages $(package "$what")"
done
find_rights
echo "deps: installing with ${as_root:+$as_root }$manager:$packages"
install

list_missing "$@"
if [ -n "$missing" ]; then
	echo "deps: still missing, or too old (libbpf before 1.0), after that:$missing" >&2
	exit 1
fi
