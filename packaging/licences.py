#!/usr/bin/env python3
"""The licences of everything that is built into the program, for its package: licences.py [CARGO ARGUMENTS] > FILE

Apart from cargo deny, which judges licences: this one passes their words on, as most of them ask for. It reads what cargo
has fetched and asks no network.
"""
import json
import pathlib
import subprocess
import sys


def metadata():
    command = ["cargo", "metadata", "--format-version", "1", "--locked", *sys.argv[1:]]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def built_in(tree):
    """The ids of the packages that the program is linked of: no tools of the build, no tests."""
    nodes = {node["id"]: node for node in tree["resolve"]["nodes"]}
    root = tree["resolve"]["root"]
    seen, open_ids = set(), [root]
    while open_ids:
        current = open_ids.pop()
        if current in seen:
            continue
        seen.add(current)
        for dependency in nodes[current]["deps"]:
            if any(kind["kind"] is None for kind in dependency["dep_kinds"]):
                open_ids.append(dependency["pkg"])
    return seen - {root}


def texts(package):
    folder = pathlib.Path(package["manifest_path"]).parent
    names = ("LICENSE", "LICENCE", "COPYING", "NOTICE", "UNLICENSE")
    for path in sorted(folder.iterdir()):
        if path.is_file() and path.name.upper().startswith(names):
            yield path.read_text(encoding="utf-8", errors="replace").strip()


def main():
    tree = metadata()
    wanted = built_in(tree)
    packages = sorted((p for p in tree["packages"] if p["id"] in wanted), key=lambda p: (p["name"], p["version"]))
    by_text = {}
    print("hedui is built of these, under their licences; the words of the licences stand below.\n")
    for package in packages:
        named = f"{package['name']} {package['version']}"
        print(f"{named}: {package['license'] or 'see below'}  {package['repository'] or ''}".rstrip())
        for text in texts(package):
            by_text.setdefault(text, []).append(named)
    for text, named in by_text.items():
        print(f"\n{'=' * 78}\n{', '.join(named)}\n{'-' * 78}\n{text}")


main()
