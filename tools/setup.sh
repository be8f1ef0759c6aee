# shellcheck shell=sh
# The set-up behind tools/seedbed and tools/test: packages, configure, build. Sourced, with `root`
# set to the checkout. Nothing here writes to stdout, and where everything is in place nothing here
# says a word.
#
#   ensure_built PRESET TARGET     # build/PRESET holds an up-to-date TARGET, or the script ends: 4
: "${root:?}"

say() { printf 'seedbed: %s\n' "$*" >&2; }
die() { say "$*"; exit 4; }

# packages SECTION: the names below [SECTION] in cmake/packages.txt; the first part is [build].
packages() {
  section=build
  while read -r name _; do
    case $name in
      '' | '#'*) ;;
      '['*']') section=${name#'['} section=${section%']'} ;;
      *) if [ "$section" = "$1" ]; then echo "$name"; fi ;;
    esac
  done <"$root/cmake/packages.txt"
}

# missing_packages SECTION...: those that dpkg does not have. Knows nothing where there is no dpkg.
missing_packages() {
  command -v dpkg-query >/dev/null || return 0
  for wanted_section in "$@"; do
    for package in $(packages "$wanted_section"); do
      status=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) || status=none
      case $status in installed*) ;; *) echo "$package" ;; esac
    done
  done
}

# quietly COMMAND...: its output is shown only if it fails.
quietly() {
  log=$(mktemp) || return 1
  "$@" >"$log" 2>&1 </dev/null && failed=0 || failed=$?
  if [ "$failed" -ne 0 ]; then cat "$log" >&2; fi
  rm -f "$log"
  return "$failed"
}

# install_packages SECTION...: installs what is missing, as root or with sudo.
install_packages() {
  missing=$(missing_packages "$@" | tr '\n' ' ')
  missing=${missing% }
  [ -n "$missing" ] || return 0
  by_hand="apt-get update && apt-get install -y $missing"
  command -v apt-get >/dev/null || die "missing packages: $missing (and there is no apt-get)"
  if [ "$(id -u)" -eq 0 ]; then
    as_root='env'
  elif command -v sudo >/dev/null && { sudo -n true 2>/dev/null || { [ -t 2 ] && sudo -v; }; }; then
    as_root='sudo env'
  else
    die "missing packages: $missing
seedbed: neither root nor sudo here to install them; as root, run: $by_hand"
  fi
  say "installing $missing"
  # shellcheck disable=SC2086 # both are lists of words
  { quietly $as_root apt-get -o DPkg::Lock::Timeout=300 -q update &&
    quietly $as_root DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 -q -y \
      install --no-install-recommends $missing; } ||
    die "the packages could not be installed; as root, run: $by_hand"
}

# configure PRESET BUILD STAMP: the stamp says for which checkout; a copied one starts afresh, for
# its build would still be of the sources it was copied from.
configure() {
  fresh=
  if [ -f "$3" ] && ! configured_here "$3"; then fresh=--fresh; fi
  case $1 in
    aarch64 | s390x) install_packages build machines ;;
    *) install_packages build ;;
  esac
  for tool in cmake ninja; do
    command -v "$tool" >/dev/null || die "$tool is missing; cmake/packages.txt lists what is needed"
  done
  say "configuring build/$1"
  # shellcheck disable=SC2086 # an empty word is no word
  (cd "$root" && quietly cmake $fresh --preset "$1") || die "the configure step failed"
  printf '%s\n' "$root" >"$3"
}

configured_here() {
  read -r configured_for <"$1" && [ "$configured_for" = "$root" ]
}

# Configured for this checkout, and since the last change of what configuring starts from.
# shellcheck disable=SC3013 # -nt is older than its place in POSIX
configured() {
  [ -f "$1" ] && configured_here "$1" &&
    ! [ "$root/cmake/packages.txt" -nt "$1" ] && ! [ "$root/CMakePresets.json" -nt "$1" ]
}

up_to_date() {
  case $(ninja -C "$1" -n "$2" 2>&1) in *'ninja: no work to do.'*) ;; *) return 1 ;; esac
}

# run_ninja BUILD TARGET: progress on a terminal, else silence unless it fails.
run_ninja() {
  quiet=
  if ! [ -t 2 ]; then quiet=--quiet; fi
  say "building ${1#"$root/"}"
  # shellcheck disable=SC2086 # an empty word is no word
  ninja -C "$1" $quiet "$2" >&2 </dev/null || die 'the build failed'
}

# Looking takes a shared lock on the build, building an exclusive one: ninja's files are never read
# while they are written. Whatever the build starts inherits the lock, so a killed script does not
# free it too early.
lock() {
  if [ -n "$flock" ]; then flock "$1" 9 || say "the build is not locked"; fi
}

ensure_built() {
  build=$root/build/$1
  stamp=$build/.configured
  [ -d "$build" ] || mkdir -p "$build" || die "cannot make $build"
  flock=$(command -v flock) || flock=
  exec 9>"$build/.lock"
  lock -s
  if ! { configured "$stamp" && up_to_date "$build" "$2"; }; then
    lock -x
    configured "$stamp" || configure "$1" "$build" "$stamp"
    up_to_date "$build" "$2" || run_ninja "$build" "$2"
  fi
  exec 9>&-
}
