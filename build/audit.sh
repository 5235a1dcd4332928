#!/usr/bin/env bash
# Asks the registry of packages which of ours are known to be vulnerable. It first proves that the registry can name one: not every mirror serves advisories, and
# "none found" from one that does not would be a false comfort. $1: the dotnet command.
set -euo pipefail
root=$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")
dotnet=${1:-dotnet}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# GHSA-5crp-9r3c-p9vr, of 2022.
cat >"$scratch/vulnerable.csproj" <<'PROJECT'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><TargetFramework>net10.0</TargetFramework><NuGetAudit>false</NuGetAudit></PropertyGroup>
  <ItemGroup><PackageReference Include="Newtonsoft.Json" Version="12.0.1" /></ItemGroup>
</Project>
PROJECT

# What the command says of a project goes to a file; a failure is told as one.
list() { "$dotnet" list "$1" package --vulnerable --include-transitive --format json >"$2" 2>"$2.log" </dev/null; }

if ! "$dotnet" restore "$scratch/vulnerable.csproj" --nologo -v q >"$scratch/restore.log" 2>&1 </dev/null || ! list "$scratch/vulnerable.csproj" "$scratch/known.json"; then
    echo "audit not available: the registry of packages does not answer"
    exit 0
fi
if python3 "$root/build/supply-chain.py" audit "$scratch/known.json" >/dev/null; then
    echo "audit not available: this registry does not name a package that is known to be vulnerable"
    exit 0
fi
list "$root/Bereik.slnx" "$scratch/own.json" || { cat "$scratch/own.json.log" >&2; echo "audit failed: our own packages could not be listed"; exit 1; }
python3 "$root/build/supply-chain.py" audit "$scratch/own.json"
echo "audit: none of our packages is known to be vulnerable"
