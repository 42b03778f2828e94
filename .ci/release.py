"""`make release VERSION=1.2.3`: checks, writes version and changelog, commits, builds what is handed out, and tags.

Everything is made from what git has, so that whoever makes it gets the same bytes. Nothing leaves the machine.
"""

import argparse
import hashlib
import json
import re
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

VERSION = Path("bot/__init__.py")
CHANGES = Path("CHANGELOG.md")
_PIN = re.compile(r"^([a-z0-9][\w.-]*)(?:\[[^\]]*\])?==(\S+)(?: ; (.*?))?(?: \\)?$")


class Refused(Exception):
    """Why there is no release; told as it stands."""


def git(folder: Path, *arguments: str) -> str:
    """Run git and return what it says; raises Refused with its own words."""
    done = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Refused(f"git {arguments[0]}: {done.stderr.strip()}")
    return done.stdout.strip()


def numbers(version: str) -> tuple[int, ...]:
    """Return a version as numbers; raises Refused when it is none."""
    if not re.fullmatch(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)", version):
        raise Refused(f"{version!r} is no version; one looks like 1.2.3")
    return tuple(map(int, version.split(".")))


def current(folder: Path) -> str:
    """Return the version that the program says it is."""
    found = re.search(r'^__version__ = "(.+)"$', (folder / VERSION).read_text(encoding="utf-8"), re.MULTILINE)
    if found is None:
        raise Refused(f"{VERSION} names no version")
    return found[1]


def check(folder: Path, version: str) -> None:
    """Refuse what could not be taken back quietly."""
    newer = numbers(version) >= numbers(current(folder))
    if not newer:
        raise Refused(f"{version} is older than {current(folder)}, which it would follow")
    if git(folder, "tag", "--list", f"v{version}"):
        raise Refused(f"there is a tag v{version} already")
    if git(folder, "status", "--porcelain"):
        raise Refused("there are changes that are not committed")
    news = (folder / CHANGES).read_text(encoding="utf-8").partition("## Unreleased\n")[2].partition("\n## ")[0]
    if not news.strip():
        raise Refused(f"{CHANGES} says nothing under Unreleased")


def write(folder: Path, version: str, day: str) -> None:
    """Write the version, and date what changed."""
    text = (folder / VERSION).read_text(encoding="utf-8")
    text = re.sub(r'(?m)^__version__ = ".+"$', f'__version__ = "{version}"', text)
    (folder / VERSION).write_text(text, encoding="utf-8")
    text = (folder / CHANGES).read_text(encoding="utf-8")
    dated = text.replace("## Unreleased\n", f"## Unreleased\n\n## {version}, {day}\n", 1)
    (folder / CHANGES).write_text(dated, encoding="utf-8")


def pins(lock: str) -> Iterator[tuple[str, str, str, list[str]]]:
    """Yield name, version, condition and who asks for it, of each part in a lock file."""
    for block in re.split(r"(?m)^(?=[a-z0-9])", lock):
        if (found := _PIN.match(block.partition("\n")[0])) is not None:
            via = re.findall(r"(?m)^    #(?:   | via) ([a-z0-9][\w.-]*)", block)
            yield found[1], found[2], found[3] or "", via


def parts_list(folder: Path, version: str, when: str) -> dict[str, object]:
    """Return what is inside, by the lock files, in CycloneDX's form; the model's parts are optional."""
    found = {}
    for lock, scope in (("requirements.lock", "required"), ("requirements-semantic.lock", "optional")):
        for name, number, condition, via in pins((folder / lock).read_text(encoding="utf-8")):
            found.setdefault(name, (number, condition, via, scope))
    purl = {name: f"pkg:pypi/{name}@{number}" for name, (number, *_) in found.items()}
    needs: dict[str, list[str]] = {own: [] for own in ("visnyk", *found)}
    for name, (_, _, via, _) in found.items():
        for asking in via:
            needs.setdefault(asking, []).append(purl[name])
    application = {"type": "application", "bom-ref": "visnyk", "name": "visnyk", "version": version}
    components = []
    for name, (number, condition, _, scope) in sorted(found.items()):
        part = {"type": "library", "bom-ref": purl[name], "name": name, "version": number, "scope": scope}
        part["purl"] = purl[name]
        if condition:
            part["properties"] = [{"name": "visnyk:only-where", "value": condition}]
        components.append(part)
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'visnyk/{version}/{when}')}",
        "version": 1,
        "metadata": {"timestamp": when, "component": application},
        "components": components,
        "dependencies": [{"ref": purl.get(own, own), "dependsOn": sorted(n)} for own, n in sorted(needs.items())],
    }


def build(folder: Path, version: str, into: Path) -> list[Path]:
    """Make the archive, the list of parts and the sums of what is committed; returns the files."""
    name = f"visnyk-{version}"
    into.mkdir(parents=True, exist_ok=True)
    archive, listed, sums = into / f"{name}.tar.gz", into / f"{name}.cdx.json", into / "SHA256SUMS"
    git(folder, "archive", "--format=tar.gz", f"--prefix={name}/", f"--output={archive.resolve()}", "HEAD")
    when = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(int(git(folder, "log", "-1", "--format=%ct"))))
    text = json.dumps(parts_list(folder, version, when), ensure_ascii=False, indent=1)
    listed.write_text(f"{text}\n", encoding="utf-8")
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in (archive, listed)]
    sums.write_text("".join(lines), encoding="utf-8")
    return [archive, listed, sums]


def release(folder: Path, version: str, *, checked: bool) -> list[Path]:
    """Make a release; returns what is handed out. What was there before is there again when it fails."""
    check(folder, version)
    if not checked and subprocess.run(["make", "check"], cwd=folder, check=False).returncode:
        raise Refused("make check found something")
    before = git(folder, "rev-parse", "HEAD")
    try:
        write(folder, version, time.strftime("%Y-%m-%d", time.gmtime()))
        git(folder, "commit", "--quiet", "-m", f"Release {version}", str(VERSION), str(CHANGES))
        files = build(folder, version, folder / "dist")
        git(folder, "tag", "-a", f"v{version}", "-m", f"Visnyk {version}")
    except BaseException:
        git(folder, "reset", "--quiet", "--hard", before)  # nothing else was changed: that is checked
        raise
    return files


def rehearse(folder: Path, version: str, *, checked: bool) -> list[str]:
    """Make the release in a copy that is thrown away; returns the names of what it made."""
    check(folder, version)
    if not checked and subprocess.run(["make", "check"], cwd=folder, check=False).returncode:
        raise Refused("make check found something")
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch) / "visnyk"
        git(folder, "clone", "--quiet", "--no-hardlinks", ".", str(copy))
        for name in ("user.name", "user.email"):
            git(copy, "config", name, git(folder, "config", "--get", name))
        return [f"{path.name}, {path.stat().st_size} bytes" for path in release(copy, version, checked=True)]


def main() -> int:
    """Run from the command line; returns 0, or 1 when there is no release."""
    parser = argparse.ArgumentParser(prog="make release VERSION=1.2.3")
    parser.add_argument("version")
    parser.add_argument("--dry-run", action="store_true", help="make it in a copy, and throw that away")
    parser.add_argument("--checked", action="store_true", help="make check has passed on this commit: leave it out")
    options, folder = parser.parse_args(), Path.cwd()
    try:
        if options.dry_run:
            print("It would make:", *rehearse(folder, options.version, checked=options.checked), sep="\n  ")
            return 0
        files = release(folder, options.version, checked=options.checked)
    except (Refused, OSError) as reason:
        print(f"No release: {reason}.", file=sys.stderr)
        return 1
    print("Made:", *(path.relative_to(folder) for path in files), sep="\n  ")
    print(f"Hand it out: git push origin HEAD v{options.version}, and these files beside the tag.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
