"""`make docs`: brings the documents together where mkdocs finds them, and has it make the site and check every link.

Links to files that are no documents – code, tests – lead into the repository where REPOSITORY says its address; else
they are words.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

SOURCE = Path("dist/site-source")
AT_TOP = {"README.md": "index.md", "CHANGELOG.md": "CHANGELOG.md", "SECURITY.md": "SECURITY.md"}
_LINK = re.compile(r"\[([^\]]*)\]\((?!https?://|#|mailto:)([^)#\s]+)(#[^)\s]*)?\)")


def rewritten(text: str, place: Path, repository: str) -> str:
    """Return a document's text with its links as the site has them; `place` is the file in the repository."""

    def link(found: "re.Match[str]") -> str:
        target = Path(*_normal((place.parent / found[2]).parts))
        anchor = found[3] or ""
        if target.as_posix() in AT_TOP:
            here = Path("docs") / AT_TOP[target.as_posix()]
        elif target.parts[0] == "docs" and target.suffix in {".md", ".png", ".svg", ".webp"}:
            here = target
        else:
            return f"[{found[1]}]({repository}/{target.as_posix()})" if repository else found[1]
        start = Path("docs") if place.as_posix() in AT_TOP else place.parent
        up = "../" * (len(start.parts) - 1)
        return f"[{found[1]}]({up}{here.relative_to('docs').as_posix()}{anchor})"

    return _LINK.sub(link, text)


def _normal(parts: tuple[str, ...]) -> list[str]:
    out: list[str] = []
    for part in parts:
        if part == "..":
            out.pop()
        elif part != ".":
            out.append(part)
    return out


def collect(root: Path, into: Path, repository: str) -> None:
    """Bring the documents together in an empty folder."""
    shutil.rmtree(into, ignore_errors=True)
    files = {Path(name): Path(new) for name, new in AT_TOP.items()}
    files |= {p.relative_to(root): p.relative_to(root / "docs") for p in (root / "docs").rglob("*") if p.is_file()}
    for old, new in files.items():
        (into / new).parent.mkdir(parents=True, exist_ok=True)
        if old.suffix == ".md":
            (into / new).write_text(
                rewritten((root / old).read_text(encoding="utf-8"), old, repository), encoding="utf-8"
            )
        else:
            shutil.copy2(root / old, into / new)


def main() -> int:
    """Make the site; returns mkdocs's status, which is not 0 when a link leads nowhere."""
    collect(Path(), SOURCE, os.environ.get("REPOSITORY", "").rstrip("/"))
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--config-file", ".ci/mkdocs.yml"]
    return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
