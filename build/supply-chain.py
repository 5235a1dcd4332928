"""What Bereik is made of. `sbom FILE` writes a software bill of materials (CycloneDX 1.6, JSON) from the lock files; `licences` refuses a package whose
licence is not on the list; `audit FILE` reads what `dotnet list package --vulnerable --format json` said and fails when it names a package.

Reads `packages.lock.json` and `package-lock.json` below the folder of `--root`, and the licence of a NuGet package from its own nuspec in the cache of
packages (`--cache`). Nothing is asked of the network."""
import argparse
import base64
import hashlib
import json
import pathlib
import re
import sys
import uuid
import xml.etree.ElementTree as tree

# What may be linked into or shipped with a program under EUPL-1.2, by SPDX id. Anything else is a decision to make, not a default.
ALLOWED = {"MIT", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "0BSD", "BlueOak-1.0.0", "CC0-1.0", "EUPL-1.2", "MPL-2.0", "MS-PL", "OFL-1.1"}

# Licence files that a person read, by the SHA-256 of the file: for packages whose nuspec gives a file instead of an SPDX id.
READ_BY_HAND = {"1621fadaedf3637f6877e88708ca4dde270481023e061d330dbf6b9d3f3a228a": "MIT"}  # Sylvan.Data.Csv

SKIPPED = {"node_modules", "artifacts", "bin", "obj", ".git"}


def lock_files(root, name):
    return sorted(path for path in root.rglob(name) if not SKIPPED & set(path.relative_to(root).parts[:-1]))


def nuget(root):
    """Every package with the hash of its lock file, and the projects that use it."""
    found = {}
    for lock in lock_files(root, "packages.lock.json"):
        project = lock.parent.relative_to(root).as_posix()
        for packages in json.loads(lock.read_text("utf-8"))["dependencies"].values():
            for name, entry in packages.items():
                if entry["type"] == "Project":
                    continue
                part = found.setdefault((name, entry["resolved"]), {"hash": entry.get("contentHash"), "projects": set(), "needs": set()})
                part["projects"].add(project)
                part["needs"] |= {(needed, packages[needed]["resolved"]) for needed in entry.get("dependencies", {}) if needed in packages and "resolved" in packages[needed]}
    return found


def npm(root):
    found = {}
    for lock in lock_files(root, "package-lock.json"):
        project = lock.parent.relative_to(root).as_posix()
        for path, entry in json.loads(lock.read_text("utf-8")).get("packages", {}).items():
            if path and not entry.get("link"):
                part = found.setdefault((path.rpartition("node_modules/")[2], entry["version"]), {"integrity": entry.get("integrity"), "licence": entry.get("license"), "projects": set()})
                part["projects"].add(project)
    return found


def nuspec_licence(cache, name, version):
    """The SPDX expression of a nuspec; None when the package is not in the cache; else what stands there instead."""
    for nuspec in (cache / name.lower() / version.lower()).glob("*.nuspec"):
        stated = {(element.tag.rpartition("}")[2], element.get("type")): (element.text or "").strip() for element in tree.parse(nuspec).iter()}
        if ("license", "expression") in stated:
            return stated[("license", "expression")]
        if ("license", "file") in stated:
            file = nuspec.parent / stated[("license", "file")].replace("\\", "/")
            return READ_BY_HAND.get(hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else "", f"see {file.name}")
        return f"see {stated[('licenseUrl', None)]}" if ("licenseUrl", None) in stated else "none stated"
    return None


def is_allowed(expression):
    """An SPDX expression of one or more ids. AND needs all of them, OR one of them; anything else in it is not allowed."""
    if not re.fullmatch(r"[A-Za-z0-9.+\-() ]+", expression or ""):
        return False
    words = re.findall(r"[()]|[^\s()]+", expression)

    def either(at):
        value, at = both(at)
        while at < len(words) and words[at] == "OR":
            other, at = both(at + 1)
            value = value or other
        return value, at

    def both(at):
        value, at = one(at)
        while at < len(words) and words[at] == "AND":
            other, at = one(at + 1)
            value = value and other
        return value, at

    def one(at):
        if at < len(words) and words[at] == "(":
            value, at = either(at + 1)
            return (value, at + 1) if at < len(words) and words[at] == ")" else (False, len(words) + 1)
        return (words[at] in ALLOWED, at + 1) if at < len(words) else (False, len(words) + 1)

    value, at = either(0)
    return value and at == len(words)


def sbom(root, cache, file):
    components, dependencies = [], []
    for (name, version), part in sorted(nuget(root).items()):
        purl = f"pkg:nuget/{name}@{version}"
        components.append(component(name, version, purl, part["projects"], nuspec_licence(cache, name, version), ("SHA-512", base64.b64decode(part["hash"]).hex()) if part["hash"] else None))
        dependencies.append({"ref": purl, "dependsOn": sorted(f"pkg:nuget/{needed}@{which}" for needed, which in part["needs"])})
    for (name, version), part in sorted(npm(root).items()):
        purl = f"pkg:npm/{name.replace('@', '%40')}@{version}"
        kind, _, value = (part["integrity"] or "").partition("-")
        components.append(component(name, version, purl, part["projects"], part["licence"], ("SHA-512", base64.b64decode(value).hex()) if kind == "sha512" else None))
        dependencies.append({"ref": purl})
    bill = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json", "bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(components, sort_keys=True))}",
        "metadata": {"component": {"type": "application", "bom-ref": "bereik", "name": "Bereik", "licenses": [{"license": {"id": "EUPL-1.2"}}]}},
        "components": components, "dependencies": dependencies,
    }
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(bill, indent=2) + "\n", "utf-8")
    print(f"{len(components)} packages in {file.name}")
    return 0 if components else 1


def component(name, version, purl, projects, licence, digest):
    made = {"type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl, "scope": "required" if any(project.startswith("src/") for project in projects) else "excluded"}
    if licence:
        made["licenses"] = [{"expression": licence}] if re.fullmatch(r"[A-Za-z0-9.+\-() ]+", licence) and not licence.startswith(("see ", "none ")) else [{"license": {"name": licence}}]
    if digest:
        made["hashes"] = [{"alg": digest[0], "content": digest[1]}]
    return made


def licences(root, cache):
    wrong, seen = [], {}
    for (name, version), part in sorted(nuget(root).items()):
        licence = nuspec_licence(cache, name, version)
        seen[licence] = seen.get(licence, 0) + 1
        if licence is None:
            wrong.append(f"{name} {version}: not in the cache of packages, so its licence cannot be read; restore first")
        elif not is_allowed(licence):
            wrong.append(f"{name} {version}: {licence}")
    for (name, version), part in sorted(npm(root).items()):
        seen[part["licence"]] = seen.get(part["licence"], 0) + 1
        if not is_allowed(part["licence"]):
            wrong.append(f"{name} {version} (npm): {part['licence']}")
    for sentence in wrong:
        print(f"Licence not on the list: {sentence}")
    print(f"{sum(seen.values())} packages: {', '.join(f'{count} {licence}' for licence, count in sorted(seen.items(), key=lambda one: str(one)))}")
    return 1 if wrong or not seen else 0


def audit(file):
    named = []
    for project in json.loads(file.read_text("utf-8")).get("projects", []):
        for framework in project.get("frameworks", []):
            for package in framework.get("topLevelPackages", []) + framework.get("transitivePackages", []):
                for advisory in package.get("vulnerabilities", []):
                    named.append(f"{package['id']} {package['resolvedVersion']}: {advisory.get('severity', '')} {advisory.get('advisoryurl', '')}")
    for sentence in sorted(set(named)):
        print(f"Known vulnerable: {sentence}")
    return 1 if named else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=["sbom", "licences", "audit"])
    parser.add_argument("file", nargs="?", type=pathlib.Path)
    parser.add_argument("--root", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parent.parent)
    parser.add_argument("--cache", type=pathlib.Path, default=pathlib.Path.home() / ".nuget" / "packages")
    asked = parser.parse_args()
    if asked.command != "licences" and asked.file is None:
        parser.error("say which FILE")
    if asked.command == "sbom":
        return sbom(asked.root, asked.cache, asked.file)
    return licences(asked.root, asked.cache) if asked.command == "licences" else audit(asked.file)


if __name__ == "__main__":
    sys.exit(main())
