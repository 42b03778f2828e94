"""A Containerfile taken apart, and carried out in a folder instead of by an engine."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
from contextlib import suppress
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


_DAYS = 7
"""So long a layer that nobody asks for is kept."""


@dataclass(slots=True)
class Layer:
    """What the first instructions make that copy only one file: taken, as an engine does, from what was made before.

    `kept` is a folder for layers. One is known by the instructions, the file, and the Python that carries them out.
    """

    building: "Building"
    first: list[Instruction]
    kept: Path

    def lay(self) -> None:
        """Carry the instructions out, or take what they made the last time."""
        made = self.kept / self._name()
        if not made.is_dir():
            for one in self.first:
                self.building.carry_out(one)
            self._keep(made)
            return
        made.touch()
        for one in self.first:
            if one.word not in {"RUN", "COPY"}:
                self.building.carry_out(one)
        shutil.copytree(made, self.building.root, symlinks=True, dirs_exist_ok=True)

    def _name(self) -> str:
        python = subprocess.run(["python", "-VV"], capture_output=True, text=True, check=True).stdout
        known = hashlib.sha256(f"{python} {sys.platform} {self.first}".encode())
        for one in self.first:
            if one.word == "COPY":
                known.update((self.building.context / one.rest.split()[0]).read_bytes())
        return known.hexdigest()[:20]

    def _keep(self, made: Path) -> None:
        """Keep a layer whole or not at all, and drop those that nobody has asked for lately."""
        begun = self.kept / f"{made.name}.{os.getpid()}"
        shutil.copytree(self.building.root, begun, symlinks=True)
        try:
            begun.rename(made)
        except OSError:  # another clone has kept the same one meanwhile
            shutil.rmtree(begun)
        for other in self.kept.iterdir():
            with suppress(FileNotFoundError):  # another clone has dropped it
                if time.time() - other.stat().st_mtime > _DAYS * 86_400:
                    shutil.rmtree(other, ignore_errors=True)


def parted(all_of_them: list[Instruction]) -> tuple[list[Instruction], list[Instruction]]:
    """Return the instructions before the first that copies a folder, and the others."""
    folder = next(n for n, one in enumerate(all_of_them) if one.word == "COPY" and "." not in one.rest.split()[0])
    return all_of_them[:folder], all_of_them[folder:]


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
