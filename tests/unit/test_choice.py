"""Whether meaning counts: the setting first, then what was said by hand, then what memory there is."""

from pathlib import Path

import pytest

from bot.cli.parser import make_parser
from bot.config import Settings
from bot.relevance.choice import AUTO, NEEDED_MB, Reason, Setting, chosen, free_megabytes

MEMINFO = "MemTotal:  8000000 kB\nMemFree:  100 kB\nMemAvailable:   1024000 kB\n"


@pytest.mark.parametrize(
    ("setting", "switch", "installed", "free", "on", "reason"),
    [
        ("auto", None, True, NEEDED_MB, True, Reason.ROOM),
        ("auto", None, True, NEEDED_MB - 1, False, Reason.ROOM),
        ("auto", AUTO, True, NEEDED_MB - 1, False, Reason.ROOM),
        ("auto", None, True, None, False, Reason.UNKNOWN),
        ("auto", None, False, 9000, False, Reason.MISSING),
        ("auto", True, True, 10, True, Reason.HAND),
        ("auto", False, True, 9000, False, Reason.HAND),
        ("on", None, True, 10, True, Reason.SETTING),
        ("on", False, True, None, True, Reason.SETTING),
        ("on", None, False, 9000, False, Reason.MISSING),
        ("off", True, True, 9000, False, Reason.SETTING),
    ],
)
def test_what_is_chosen_and_why(
    setting: Setting, switch: object, installed: bool, free: int | None, on: bool, reason: Reason
) -> None:
    choice = chosen(setting, switch, installed=installed, free=free)
    assert (choice.on, choice.reason) == (on, reason)


def test_meaning_is_the_normal_way() -> None:
    field = Settings.model_fields["semantic"]
    assert field.default == "auto"
    assert f"{NEEDED_MB} MB" in str(field.description)
    assert make_parser().parse_args(["semantic", "wanted"]).act == "wanted"


def _machine(root: Path, **files: str) -> Path:
    for name, text in files.items():
        path = root / name.replace("__", "/").replace("_dot_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def test_a_machine_without_bounds_has_what_it_says(tmp_path: Path) -> None:
    assert free_megabytes(_machine(tmp_path, proc__meminfo=MEMINFO)) == 1000


def test_a_machine_that_tells_nothing_is_not_guessed_at(tmp_path: Path) -> None:
    assert free_megabytes(tmp_path) is None


@pytest.mark.parametrize("folder", ["sys/fs/cgroup", "sys/fs/cgroup/visnyk.slice", "sys/fs/cgroup/visnyk.slice/bot.service"])  # fmt: skip
def test_a_share_of_the_machine_is_what_counts_and_kept_files_can_be_let_go(tmp_path: Path, folder: str) -> None:
    _machine(tmp_path, proc__meminfo=MEMINFO, proc__self__cgroup="0::/visnyk.slice/bot.service\n")
    own = tmp_path / folder
    own.mkdir(parents=True, exist_ok=True)
    for name, text in (("memory.max", f"{512 * 1024 * 1024}\n"), ("memory.current", f"{400 * 1024 * 1024}\n")):
        (own / name).write_text(text, encoding="utf-8")
    assert free_megabytes(tmp_path) == 112
    (own / "memory.stat").write_text(f"anon 5\ninactive_file {100 * 1024 * 1024}\n", encoding="utf-8")
    assert free_megabytes(tmp_path) == 212
    (own / "memory.max").write_text("max\n", encoding="utf-8")
    assert free_megabytes(tmp_path) == 1000


def test_older_groups_are_read_too(tmp_path: Path) -> None:
    _machine(tmp_path, proc__meminfo=MEMINFO, proc__self__cgroup="12:memory:/docker/1\n")
    own = tmp_path / "sys/fs/cgroup/memory"
    own.mkdir(parents=True)
    (own / "memory.limit_in_bytes").write_text(f"{256 * 1024 * 1024}", encoding="utf-8")
    (own / "memory.usage_in_bytes").write_text(f"{56 * 1024 * 1024}", encoding="utf-8")
    assert free_megabytes(tmp_path) == 200
