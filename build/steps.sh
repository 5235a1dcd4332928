# Steps that ./bereik and ./test.sh share. Sourced, with $root set to the repository's folder.
# What a step has to say goes to standard error: standard output belongs to the command.

say() { printf '%s\n' "$*" >&2; }

# The .NET 10 SDK: from PATH, DOTNET_ROOT or where its install script puts it.
find_sdk() {
    local candidate
    for candidate in "$(command -v dotnet || true)" "${DOTNET_ROOT:-}/dotnet" "$HOME/.dotnet/dotnet" /usr/share/dotnet/dotnet /usr/lib/dotnet/dotnet; do
        [ -x "$candidate" ] || continue
        if "$candidate" --list-sdks 2>/dev/null | grep -q '^10\.'; then
            dotnet=$candidate
            DOTNET_ROOT=$(dirname "$(readlink -f "$candidate")")
            export DOTNET_ROOT
            return 0
        fi
    done
    say "Bereik needs the .NET 10 SDK, which is not on this machine."
    say "Debian and Ubuntu: apt-get install dotnet-sdk-10.0 (packages.microsoft.com). Elsewhere: https://dot.net/download"
    return 1
}

# Installs Debian packages when it may, else says which command does.
install_packages() {
    if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
        say "Installing $* ..."
        { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"; } >"$root/artifacts/install.log" 2>&1 9>&- && return 0
        tail -n 20 "$root/artifacts/install.log" >&2
        say "Installing $* failed; the whole output is in artifacts/install.log."
        return 1
    fi
    say "Missing on this machine: $*. Install them with: sudo apt-get install $*"
    return 1
}

# The style sheet of the pages is built with npm.
need_npm() {
    command -v npm >/dev/null && command -v node >/dev/null && return 0
    install_packages nodejs npm
}

# Runs a function while no other launch builds. $1: the function.
while_locked() {
    mkdir -p "$root/artifacts"
    # Whatever the build leaves running gets no copy of the lock: descriptor 9 is closed for it.
    if command -v flock >/dev/null; then ( flock 9; "$1" ) 9>"$root/artifacts/build.lock"; else "$1"; fi
}

# Whether the programs are older than what they are made from. A folder's time tells of files that went.
is_stale() {
    [ -x "$root/artifacts/bin/Bereik.Cli/release/bereik" ] && [ -e "$root/artifacts/programs.stamp" ] || return 0
    [ -n "$(cd "$root" && find src protocols framework Directory.Build.props Directory.Packages.props global.json Bereik.slnx build \
        \( -name node_modules -o -path 'src/Bereik.Node/Assets' -type d \) -prune -o ! -path src/Bereik.Node -newer artifacts/programs.stamp -print -quit)" ] && return 0
    [ -d "$root/src/Bereik.Node/Assets" ] && [ -n "$(find "$root/src/Bereik.Node/Assets" -maxdepth 1 -type f ! -name '.*' -newer "$root/artifacts/programs.stamp" -print -quit)" ]
}

build_programs() {
    is_stale || return 0
    find_sdk && need_npm || return 1
    local log=$root/artifacts/build.log
    say "Building Bereik ..."
    touch "$root/artifacts/programs.stamp.next"
    if ! ( cd "$root" \
            && "$dotnet" restore build/programs.slnf --locked-mode --nologo -v q \
            && "$dotnet" build build/programs.slnf -c Release --no-restore --nologo -v q ) >"$log" 2>&1 </dev/null 9>&-; then
        cat "$log" >&2
        say "The build failed."
        return 1
    fi
    mv "$root/artifacts/programs.stamp.next" "$root/artifacts/programs.stamp"
}
