#!/usr/bin/env bash
# Sees that what the tests use is installed: scripts/prepare.sh
#
# On Debian and its kin, as root, it installs what is missing. Anywhere else it says what is missing and why, and fails
# only for what no check can do without; a test that misses something else says so and is skipped.
set -euo pipefail

# have_compiler reports whether a C program with headers can be built, which is what the race detector needs.
have_compiler() {
  printf '#include <stdlib.h>\nint main(void) { return EXIT_SUCCESS; }\n' | gcc -x c -o /dev/null - 2>/dev/null
}

have() { command -v "$1" >/dev/null 2>&1; }

# need COMMAND PACKAGES WHY notes what has to be installed.
missing=()
packages=()
need() {
  missing+=("$1: $3 (Debian: $2)")
  # shellcheck disable=SC2206 # several packages are meant to become several words
  packages+=($2)
}

# look fills the lists.
look() {
  missing=() packages=()
  if [ "$(uname -s)" = Linux ]; then
    have_compiler ||
      need "gcc with the C library's headers" "gcc libc6-dev" "the race detector, without which no test runs"
    have nft || need nft nftables "the tests of what a firewall does to a connection"
    have ip || need ip iproute2 "the tests of direct messages between hosts, each a network namespace"
  fi
  have git || need git git "the check that generated code is up to date"
  have zsh || need zsh zsh "the check that zsh can read its completion"
  have fish || need fish fish "the check that fish can read its completion"
  have mandoc || need mandoc mandoc "the check of the manual pages"
  have groff || need groff groff-base "the check of the manual pages"
  { have node && have npm; } || need "node and npm" "nodejs npm" "the test that uploads with tus-js-client"
  have tshark || need tshark tshark "the checks that Wireshark reads captures as we do"
  have python3 || need python3 python3 "the classroom programs that the tests let our server and client meet"
}

tell() {
  printf 'missing:\n' >&2
  printf '  %s\n' "${missing[@]}" >&2
}

have go || {
  printf 'missing: go, of the version that go.mod names; see https://go.dev/doc/install\n' >&2
  exit 1
}
look
[ ${#missing[@]} -gt 0 ] || exit 0
if [ "$(id -u)" = 0 ] && have apt-get; then
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -q || printf 'apt-get update failed; trying with the package lists that are here\n' >&2
  apt-get install -y -q --no-install-recommends "${packages[@]}" </dev/null || true
  look
  [ ${#missing[@]} -gt 0 ] || exit 0
fi
tell
[ "$(uname -s)" != Linux ] || have_compiler
