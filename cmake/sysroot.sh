#!/bin/sh
# The libraries of cmake/packages.txt as another processor needs them, unpacked into a folder. Nothing
# is installed, apt and dpkg keep their state elsewhere, and it takes no root. Does nothing where the
# folder is newer than the list.
#
#   cmake/sysroot.sh s390x build/sysroot-s390x
set -eu

root=$(dirname -- "$(dirname -- "$(readlink -f -- "$0")")")
# shellcheck source=tools/setup.sh
. "$root/tools/setup.sh"
machine=$1 out=$2
case $machine in aarch64) architecture=arm64 ;; *) architecture=$machine ;; esac

# shellcheck disable=SC3013 # -nt is older than its place in POSIX
if [ "$out" -nt "$root/cmake/packages.txt" ]; then exit 0; fi
mkdir -p "${out%/*}"
work=$(mktemp -d "$out.XXXXXX")
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/lists/partial" "$work/cache/archives/partial" "$work/root"
: >"$work/status"

# The sources of this system; of everything else, nothing.
apt() {
  quietly apt-get -q -y -o APT::Architecture="$architecture" -o APT::Architectures="$architecture" \
    -o APT::Sandbox::User= -o Debug::NoLocking=1 -o Dir::State::lists="$work/lists" \
    -o Dir::State::status="$work/status" -o Dir::Cache="$work/cache" "$@"
}

say "fetching the libraries for $machine"
apt update || die 'apt-get update failed'
# shellcheck disable=SC2046 # a list of words
apt install --download-only --no-install-recommends $(packages build | grep -e '-dev$') ||
  die "the libraries for $machine could not be fetched"
for package in "$work"/cache/archives/*.deb; do dpkg-deb -x "$package" "$work/root"; done
rm -rf "$out"
mv "$work/root" "$out"
touch "$out"
