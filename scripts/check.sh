#!/usr/bin/env bash
# Checks the whole project: scripts/check.sh [quick|test|soak]
#
#   quick  what a change needs while it is being made; under two minutes
#   test   everything, as the continuous integration runs it
#   soak   everything, and the long tests at their full size (build tag soak)
#
# Every stage runs, even after one has failed, so that one run shows all there is to mend. Stages and tests are counted
# together; the last line says how many passed, failed and were skipped. FUZZTIME is how often each fuzz target runs, as
# in 5000x: a time, such as 60s, makes some fail for nothing when it is over (https://go.dev/issue/75804). VULNTIME is
# how many seconds the search for known vulnerabilities may take.
set -uo pipefail
cd "$(dirname "$0")/.."

mode=${1:-test}
case $mode in
quick | test) fuzztime=${FUZZTIME:-5000x} tags='' ;;
soak) fuzztime=${FUZZTIME:-300000x} tags=soak ;;
*) sed -n '2,12s/^# \{0,1\}//p' "$0" >&2 && exit 2 ;;
esac

# stage NAME COMMAND... runs one check and reports it as a test of the package "check". What the command prints goes to
# the terminal (descriptor 3): standard output is for events alone.
stage() {
  local name=$1 outcome=pass begin=$SECONDS
  shift
  begins "$name"
  "$@" >&3 2>&1 || outcome=fail
  printf '{"Action":"%s","Package":"check","Test":"%s"}\n' "$outcome" "$name"
  ends "$begin"
}

# tests NAME ARGUMENT... runs `go test` and passes its events on.
tests() {
  local name=$1 begin=$SECONDS
  shift
  begins "$name"
  printf '{"Action":"command","Package":"%s"}\n' "$name"
  go test -json "$@" 2>&3 || printf '{"Action":"exit","Package":"%s"}\n' "$name"
  ends "$begin"
}

begins() { printf '== %s\n' "$1" >&3; }

ends() { [ $((SECONDS - $1)) -lt 10 ] || printf '== (%d s)\n' $((SECONDS - $1)) >&3; }

formatted() {
  local files
  files=$(gofmt -l .) && [ -z "$files" ] || { printf 'not formatted by gofmt: %s\n' "$files" && return 1; }
}

# generated runs the generators and compares every file of the project with what it was.
generated() {
  local before after
  git rev-parse --git-dir >/dev/null || return 1
  before=$(fingerprints)
  go generate ./... || return 1
  after=$(fingerprints)
  diff <(printf '%s\n' "$before") <(printf '%s\n' "$after") ||
    { printf 'go generate has changed these files: look at them and commit them\n' && return 1; }
}

fingerprints() {
  git ls-files -z --cached --others --exclude-standard | while IFS= read -r -d '' file; do
    [ ! -f "$file" ] || printf '%s %s\n' "$(git hash-object "$file")" "$file"
  done
}

# builds OS ARCH builds everything for a system, and vets it with its tests.
builds() {
  CGO_ENABLED=0 GOOS=$1 GOARCH=$2 go build ./... && CGO_ENABLED=0 GOOS=$1 GOARCH=$2 go vet ./...
}

# vulnerabilities looks for code that is known to be vulnerable, in whatever is used here. The list of what is known is in
# a database on the network; where that cannot be reached, the search counts as skipped.
vulnerabilities() {
  local begin=$SECONDS outcome=pass code program=$scratch/govulncheck limit=${VULNTIME:-180}
  begins govulncheck
  : >"$program.out"
  go build -o "$program" golang.org/x/vuln/cmd/govulncheck >&3 2>&1 && within "$limit" "$program" ./... >"$program.out" 2>&1
  code=$?
  cat "$program.out" >&3
  if [ $code = 124 ]; then
    skips govulncheck "not run: it did not end within $limit s"
    outcome=skip
  elif [ $code != 0 ] && grep -q '^govulncheck: fetching vulnerabilities' "$program.out"; then
    skips govulncheck "not run: its database of known vulnerabilities cannot be reached"
    outcome=skip
  elif [ $code != 0 ]; then
    outcome=fail
  fi
  printf '{"Action":"%s","Package":"check","Test":"govulncheck"}\n' "$outcome"
  ends "$begin"
}

# skips NAME REASON gives the reason for which a check is skipped.
skips() { printf '{"Action":"output","Package":"check","Test":"%s","Output":"%s\\n"}\n' "$1" "$2"; }

# within SECONDS COMMAND... runs a command, and ends it if it takes longer: then the status is 124. Not every system has
# timeout(1).
within() {
  local end=$((SECONDS + $1)) pid
  shift
  "$@" &
  pid=$!
  while kill -0 $pid 2>/dev/null; do
    if [ $SECONDS -ge $end ]; then
      kill $pid
      wait $pid 2>/dev/null
      return 124
    fi
    sleep 1
  done
  wait $pid
}

# fuzz runs every fuzz target that there is for a while. A case that fails is kept under testdata/fuzz: mend what
# it shows, and commit it. Each package is built once for all its targets; the cache of interesting cases is go's own.
fuzz() {
  local folder target cache found=0
  cache=$(go env GOCACHE)/fuzz
  for folder in $(grep -rl --include='*_test.go' '^func Fuzz' . | xargs -n 1 dirname | sort -u); do
    stage "fuzz build $folder" go test -c -fuzz=Fuzz -o "$scratch/fuzz.test" "$folder"
    for target in $("$scratch/fuzz.test" -test.list '^Fuzz'); do
      stage "fuzz $folder $target" run_in "$folder" "$scratch/fuzz.test" -test.run='^$' -test.fuzz="^$target\$" \
        -test.fuzztime="$fuzztime" -test.fuzzcachedir="$cache/parley/$folder"
      found=1
    done
    rm -f "$scratch/fuzz.test"
  done
  [ $found = 1 ] || stage "fuzz targets exist" false
}

run_in() { (cd "$1" && shift && "$@"); }

static() {
  stage gofmt formatted
  stage "go vet" go vet ./...
}

whole() {
  static
  stage "go vet, soak" go vet -tags soak ./...
  stage staticcheck go tool staticcheck ./...
  vulnerabilities
  stage "go mod tidy" go mod tidy -diff
  stage "go generate" generated
  local system
  for system in linux/amd64 linux/arm64 linux/arm darwin/amd64 darwin/arm64 windows/amd64; do
    stage "build $system" builds "${system%/*}" "${system#*/}"
  done
  tests "go test -race" -race -tags "$tags" -count=1 -timeout "$1" ./...
  tests "go test on one processor" -exec 'env GOMAXPROCS=1' -tags "$tags" -count=1 -timeout "$1" ./...
  fuzz
}

run() {
  case $mode in
  quick) static && tests "go test" ./... ;;
  test) whole 15m ;;
  soak) whole 3h ;;
  esac
}

scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
go build -o "$scratch/testsum" ./scripts/testsum || exit 1
exec 3>&1
run | "$scratch/testsum"
