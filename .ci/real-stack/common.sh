# Shared by the scripts of this folder; sourced, never run.
# Everything lives in one folder of the build: what is there already is not made again.
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive LC_ALL=C
scripts=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
project=$(cd "$scripts/../.." && pwd)
work=${CLUSTERLAB_REAL_STACK:-$project/target/real-stack}
mkdir -p "$work"

say() {
  printf 'real stack: %s (%ss)\n' "$*" "$SECONDS"
}

# The Debian archive that this machine is configured with (not the one of security updates).
archive() {
  apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' |
    sed -n 's#^\(https\{0,1\}:[^ ]*\).*#\1#p' | grep -v security | sort -u | sed -n 1p
}

suite() {
  (. /etc/os-release && printf '%s\n' "$VERSION_CODENAME")
}

# A suite of that archive in lists of its own: nothing of it reaches the machine's lists or what is installed.
with_suite() { # SUITE APT-GET-ARGUMENTS…
  local suite=$1
  shift
  mkdir -p "$work/apt/$suite/lists/partial" "$work/apt/$suite/archives/partial"
  printf 'deb %s %s main\n' "$(archive)" "$suite" >"$work/apt/$suite/sources.list"
  apt-get -qq -o Dir::Etc::sourcelist="$work/apt/$suite/sources.list" -o Dir::Etc::sourceparts=- \
    -o Dir::State::lists="$work/apt/$suite/lists" -o Dir::Cache::archives="$work/apt/$suite/archives" \
    -o Dir::State::status=/dev/null -o APT::Sandbox::User=root "$@"
}

# Unpacks packages without installing them.
unpack() { # SUITE FOLDER PACKAGE…
  local suite=$1 folder=$2 package
  shift 2
  mkdir -p "$folder" "$work/packages/$suite"
  ls "$work/apt/$suite/lists/"*Packages* >/dev/null 2>&1 || with_suite "$suite" update
  for package in "$@"; do
    (cd "$work/packages/$suite" && ls "${package}"_*.deb >/dev/null 2>&1 || with_suite "$suite" download "$package")
    dpkg-deb -x "$work/packages/$suite/${package}"_*.deb "$folder"
  done
}

engine_up() {
  [ -S "$work/docker.sock" ] && docker -H "unix://$work/docker.sock" version >/dev/null 2>&1
}

engine() {
  docker -H "unix://$work/docker.sock" "$@"
}
