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
    [ -n "$(cd "$root" && find src protocols framework letters Directory.Build.props Directory.Packages.props global.json Bereik.slnx build \
        \( -name node_modules -o -path 'src/Bereik.Node/Assets' -type d \) -prune -o ! -path src/Bereik.Node -newer artifacts/programs.stamp -print -quit)" ] && return 0
    [ -d "$root/src/Bereik.Node/Assets" ] && [ -n "$(find "$root/src/Bereik.Node/Assets" -maxdepth 1 -type f ! -name '.*' -newer "$root/artifacts/programs.stamp" -print -quit)" ]
}

# Compiles the assemblies of the programs ahead of time, each once, next to their intermediate code: a town of twelve nodes then starts in half the time. What cannot be
# compiled so, or a machine for which there is no such compiler, keeps what the build made: slower, and the same.
compile_ahead() {
    local compiler runtime shared folder file made kept=$root/artifacts/ahead
    local references=()
    compiler=$(find "${NUGET_PACKAGES:-$HOME/.nuget/packages}" -maxdepth 4 -path '*/microsoft.netcore.app.crossgen2.*/tools/crossgen2' 2>/dev/null | sort -V | tail -n 1)
    [ -n "$compiler" ] || { say "No compiler ahead of time: programs start slower."; return 0; }
    shared=$DOTNET_ROOT/shared
    for runtime in Microsoft.NETCore.App Microsoft.AspNetCore.App; do references+=(-r "$(find "$shared/$runtime" -maxdepth 1 -name '10.*' | sort -V | tail -n 1)/*.dll"); done
    mkdir -p "$kept"
    touch "$kept/.begun"
    chmod u+x "$compiler"
    for folder in "$root"/artifacts/bin/Bereik.{Cli,DevelopmentLogin,Hub,Local,Pseudonymiser,Source}/release; do
        for file in "$folder"/*.dll; do
            made=$kept/$(sha256sum <"$file" | cut -c 1-32)
            if [ -e "$made.done" ]; then touch "$made.done"; continue; fi
            if [ ! -e "$made.dll" ]; then
                # Two that run at once never see half a file.
                "$compiler" "$file" -o "$made.part" "${references[@]}" -r "$folder/*.dll" --targetos linux -O >"$kept/last.log" 2>&1 9>&- && mv "$made.part" "$made.dll" || cp "$file" "$made.dll"
            fi
            touch "$made.dll"
            cp "$made.dll" "$file.part" && mv "$file.part" "$file"
            touch "$kept/$(sha256sum <"$file" | cut -c 1-32).done"
        done
    done
    find "$kept" -type f ! -newer "$kept/.begun" -delete
}

# Programs that live for minutes do not earn back what compiling their methods again and again for speed costs: only what is called some four thousand times is (the number is hexadecimal).
short_lived() {
    export DOTNET_TieredPGO="${DOTNET_TieredPGO:-0}" DOTNET_TC_CallCountThreshold="${DOTNET_TC_CallCountThreshold:-1000}"
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
    compile_ahead
    mv "$root/artifacts/programs.stamp.next" "$root/artifacts/programs.stamp"
}
