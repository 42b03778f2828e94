"""A Containerfile taken apart, and carried out in a folder instead of by an engine."""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction: its word, and the rest of it in one line."""

    word: str
    rest: str


def instructions(path: Path) -> list[Instruction]:
    """Return the instructions of a file, without comments."""
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    whole = re.sub(r"\\\n\s*", "", "\n".join(lines))
    return [Instruction(*line.split(maxsplit=1)) for line in whole.splitlines() if line.strip()]


@dataclass(slots=True)
class Building:
    """Carries instructions out: each stage has a folder that stands for its `/`, `context` is copied from.

    Absolute paths that a stage has made itself are read inside it; what the base image brings is the machine's.
    """

    context: Path
    folder: Path
    stages: dict[str, Path] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict)
    root: Path = field(default=Path())
    workdir: str = "/"
    said: dict[str, str] = field(default_factory=dict)

    def carry_out(self, instruction: Instruction) -> None:
        """Do what an instruction says."""
        rest = instruction.rest
        match instruction.word:
            case "FROM":
                name = rest.partition(" AS ")[2] or "last"
                self.root = self.stages[name] = self.folder / name
                self.root.mkdir()
                self.workdir, self.environment = "/", {}
            case "WORKDIR":
                self.workdir = rest
                self._at(rest).mkdir(parents=True, exist_ok=True)
            case "COPY":
                self._copy(rest.split())
            case "ENV":
                self.environment |= dict(pair.split("=", 1) for pair in rest.split())
            case "RUN":
                self._run(rest)
            case _:
                self.said[instruction.word] = rest

    def _at(self, path: str) -> Path:
        return self.root / str(Path(self.workdir) / path).lstrip("/")

    def _copy(self, words: list[str]) -> None:
        source, left = self.context, ["__pycache__"]
        if words[0].startswith("--from="):
            source, left = self.stages[words.pop(0).removeprefix("--from=")], []
        *names, last = words
        for name in names:
            found, target = source / name.lstrip("/"), self._at(last)
            if found.is_dir():
                shutil.copytree(found, target, symlinks=True, dirs_exist_ok=True, ignore=shutil.ignore_patterns(*left))  # fmt: skip
            else:
                shutil.copy2(found, target / found.name if last.endswith("/") else target)

    def _run(self, line: str) -> None:
        kept = ("PATH", "HOME", "PIP_INDEX_URL", "PIP_CONFIG_FILE", "PIP_CERT", "SSL_CERT_FILE", "HTTPS_PROXY")
        environment = {name: os.environ[name] for name in kept if name in os.environ} | self.environment
        if os.geteuid() != 0:  # to give files away is root's
            line = re.sub(r" -[og] \d+", "", line)
        done = subprocess.run(["sh", "-euc", line], cwd=self._at("."), env=environment, capture_output=True, text=True, check=False)  # fmt: skip
        assert done.returncode == 0, f"{line}\n{done.stdout[-2000:]}{done.stderr[-4000:]}"
