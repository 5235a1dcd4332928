#!/usr/bin/env bash
# Sets up what the tests need, builds, runs every test project and counts from their result files. ./test.sh --long runs the long tests too.
set -euo pipefail
root=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
cd "$root"
. build/steps.sh
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
short_lived

for argument in "$@"; do
    case $argument in
        --long) export BEREIK_LONG_TESTS=1 ;;
        *) say "Unknown option $argument. Usage: ./test.sh [--long]"; exit 2 ;;
    esac
done

results=$root/artifacts/test-results
mkdir -p artifacts
rm -rf "$results"
mkdir -p "$results"
begun=$SECONDS
stage() { printf '\n== %s (at %d s)\n' "$1" $((SECONDS - begun)); }

stage "Set-up"
find_sdk
need_npm
command -v python3 >/dev/null || install_packages python3-minimal
# A second reader of invitations; where it is not to be had, its test is skipped and says so.
python3 -c 'import argon2, cryptography' 2>/dev/null || /usr/bin/python3 -c 'import argon2, cryptography' 2>/dev/null || install_packages python3-argon2 python3-cryptography || true
if ! command -v chromium >/dev/null && ! command -v google-chrome >/dev/null; then install_packages chromium fonts-liberation; fi
# What opens a letter as a reader, a printer and a telephone do.
if ! command -v pdftotext >/dev/null || ! command -v zbarimg >/dev/null; then install_packages poppler-utils zbar-tools; fi

stage "Build"
build_everything() {
    "$dotnet" restore Bereik.slnx --locked-mode --nologo -v q 9>&-
    "$dotnet" build Bereik.slnx -c Release --no-restore --nologo -v q 9>&- </dev/null
    compile_ahead
    touch artifacts/programs.stamp
}
while_locked build_everything

stage "Supply chain"
# What it is made of, under which licences, and whether any of it is known to be vulnerable. The tests go on; the run fails at its end.
python3 build/supply-chain.py sbom artifacts/sbom.json && python3 build/supply-chain.py licences && build/audit.sh "$dotnet" || touch "$results/supply-chain.failed"

# One project, its output shown whole when it ends. A failure leaves a mark.
run_project() {
    local name=$1 code=0
    "artifacts/bin/$name/release/$name" -result-trx "$results/$name.trx" -noLogo >"$results/$name.log" 2>&1 </dev/null || code=$?
    stage "$name"
    cat "$results/$name.log"
    if [ $code -ne 0 ]; then touch "$results/$name.failed"; fi
}

# Two at a time, since they mostly wait: the one with whole networks and a browser takes as long as all others together. It runs in front, since what a script
# starts behind itself ignores Ctrl-C, which a demo must hear.
long=Bereik.EndToEnd.Tests
run_others() {
    local project name
    for project in tests/*/*.csproj; do
        name=$(basename "$project" .csproj)
        [ "$name" = "$long" ] || run_project "$name"
    done
}
run_others &
run_project "$long"
wait

stage "Result"
# Zero tests in a project, or no result file, is a failure: a project that was not run proves nothing.
python3 build/count-tests.py "$results" tests && [ -z "$(find "$results" -name '*.failed' -print -quit)" ]
