"""The files that others start the bot by: rules they keep, and that they name what is there."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.cli.parser import make_parser
from bot.config import Settings
from tests.support.containerfile import Instruction, instructions
from tests.support.process import ROOT

DEPLOY = ROOT / "docs" / "deploy"
FILE = instructions(DEPLOY / "Containerfile")
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
UNIT = (DEPLOY / "visnyk.service").read_text(encoding="utf-8")


def _all(word: str) -> list[Instruction]:
    return [one for one in FILE if one.word == word]


def _last(word: str) -> str:
    return _all(word)[-1].rest


def _understood(arguments: list[str]) -> None:
    make_parser().parse_args(arguments)


def test_the_image_is_of_two_stages_and_neither_is_called_latest() -> None:
    stages = [one.rest for one in _all("FROM")]
    assert len(stages) == 2
    assert all(re.fullmatch(r"\S+/python:\$\{PYTHON\}-slim-\w+( AS \w+)?", stage) for stage in stages)
    oldest = re.search(r'requires-python = ">=3\.(\d+)"', (ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert oldest is not None
    assert int(_all("ARG")[0].rest.removeprefix("PYTHON=3.")) >= int(oldest[1])


def test_the_image_is_not_roots_and_what_starts_gets_the_signals() -> None:
    end = max(n for n, one in enumerate(FILE) if one.word == "FROM")
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", _last("USER"))
    assert FILE.index(_all("USER")[-1]) > end
    for word in ("ENTRYPOINT", "CMD"):  # written as a list: no shell stands between
        assert _last(word).startswith('["')
    assert _last("STOPSIGNAL") == "SIGTERM"
    started = yaml.safe_load(_last("ENTRYPOINT")) + yaml.safe_load(_last("CMD"))
    assert started[:3] == ["python", "-m", "bot"]
    _understood(started[3:])
    checked = yaml.safe_load(_last("HEALTHCHECK").partition("CMD ")[2])
    assert checked[:3] == ["python", "-m", "bot"]
    _understood(checked[3:])


def test_the_image_is_built_from_the_lock_and_holds_no_secret() -> None:
    (pip,) = [one.rest for one in _all("RUN") if "pip install" in one.rest]
    for option in ("--require-hashes", "--no-cache-dir", "--only-binary :all:", "-r requirements.lock"):
        assert option in pip
    text = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
    assert not re.search(r"https?://|\bcurl\b|\bwget\b|\bADD\b|\bsudo\b|apt-get|index-url", text)
    assert not re.search(r"^(ARG|ENV)\b.*(TOKEN|PASSWORD|SECRET)", text, re.MULTILINE)
    copied = [name for one in _all("COPY") for name in one.rest.split()[:-1] if not name.startswith("--from")]
    ignored = (DEPLOY / "Containerfile.dockerignore").read_text(encoding="utf-8")
    let_through = set(re.findall(r"^!(\S+)$", ignored, re.MULTILINE))
    assert "\n*\n" in ignored
    assert let_through == {name for name in copied if not name.startswith("/")}
    assert all((ROOT / name).exists() for name in let_through)


def _settings_of(name: str) -> dict[str, str]:
    service: dict[str, dict[str, str]] = COMPOSE["services"][name]
    return service["environment"]


def test_every_process_in_compose_is_shut_in_and_has_settings_that_are_there() -> None:
    bots = {name: one for name, one in COMPOSE["services"].items() if one.get("image") == "visnyk"}
    assert set(bots) == {"visnyk", "web", "sender"}
    for name, service in bots.items():
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert int(service["stop_grace_period"].removesuffix("s")) > 10
        assert "privileged" not in service
        assert {key.lower() for key in _settings_of(name)} <= set(Settings.model_fields)
        assert (DEPLOY / service["build"]["context"]).resolve() == ROOT
        assert (ROOT / service["build"]["dockerfile"]).is_file()
        assert all((DEPLOY / file).resolve().parent == ROOT for file in service["env_file"])
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", ()))
        _understood(service.get("command", ["run"]))
        values = {key: value.replace("${POSTGRES_PASSWORD:-}", "s") for key, value in _settings_of(name).items()}
        Settings(_env_file=None, **{key.lower(): value for key, value in values.items()})  # type: ignore[call-arg,arg-type]


def test_compose_has_one_process_on_sqlite_and_web_with_two_senders_on_postgresql() -> None:
    services = COMPOSE["services"]
    by_profile = {p: {n for n, s in services.items() if p in s["profiles"]} for p in ("sqlite", "postgresql")}
    assert by_profile == {"sqlite": {"visnyk"}, "postgresql": {"web", "sender", "database"}}
    assert services["sender"]["deploy"]["replicas"] == 2
    assert services["web"]["depends_on"] == {"database": {"condition": "service_healthy"}}
    used = {mount.partition(":")[0] for service in services.values() for mount in service.get("volumes", ())}
    assert used == set(COMPOSE["volumes"])
    assert services["visnyk"]["volumes"] == ["data:/opt/visnyk/data"]
    assert f'["{services["visnyk"]["volumes"][0].partition(":")[2]}"]' == _last("VOLUME")
    known = {"image", "build", "env_file", "environment", "restart", "stop_grace_period", "read_only", "tmpfs", "cap_drop", "security_opt", "logging", "profiles", "volumes", "ports", "command", "depends_on", "deploy", "shm_size", "healthcheck"}  # fmt: skip
    assert {key for service in services.values() for key in service} <= known


def _installed(folder: Path, into: Path) -> "subprocess.CompletedProcess[str]":
    script = folder / "docs" / "deploy" / "install-service"
    settings = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "DESTDIR": str(into)}
    return subprocess.run([script, folder, "news"], env=settings, capture_output=True, text=True, check=False)


def test_the_service_is_written_for_its_folder_and_refused_where_it_could_not_run(tmp_path: Path) -> None:
    folder, into = tmp_path / "visnyk", tmp_path / "root"
    shutil.copytree(DEPLOY, folder / "docs" / "deploy")
    (folder / ".venv" / "bin").mkdir(parents=True)
    (folder / ".venv" / "bin" / "python").symlink_to("/bin/sh")
    refused = _installed(folder, into)
    assert refused.returncode == 1
    assert "There is no" in refused.stderr
    (folder / ".env").write_text("", encoding="utf-8")
    done = _installed(folder, into)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    unit = into / "etc" / "systemd" / "system" / "visnyk.service"
    written = unit.read_text(encoding="utf-8")
    assert "@" not in re.sub(r"@(?=system-service|privileged)", "", written)
    assert f"ExecStart={folder}/.venv/bin/python -m bot run\n" in written
    assert f"ReadWritePaths={folder}/data\n" in written
    assert "User=news\n" in written
    assert oct(unit.stat().st_mode)[-3:] == "644"
    assert not [path for path in unit.parent.iterdir() if path != unit]
    script = DEPLOY / "install-service"
    for bad in ("/home/olena/visnyk", "/opt/my newsroom"):
        refused = subprocess.run([script, bad, "news"], capture_output=True, text=True, check=False)
        assert (refused.returncode, "Move it first" in refused.stderr) == (1, True)
    if (analyze := shutil.which("systemd-analyze")) is not None:
        judged = subprocess.run([analyze, "verify", "--man=no", unit], capture_output=True, text=True, check=False)
        assert [line for line in judged.stderr.splitlines() if "visnyk.service" in line] == []


@pytest.mark.parametrize(
    "line", ["ProtectSystem=strict", "NoNewPrivileges=yes", "CapabilityBoundingSet=", "RestartPreventExitStatus=2", "SystemCallFilter=@system-service", "UMask=0077", "PrivateTmp=yes"]
)  # fmt: skip
def test_the_service_holds_no_more_rights_than_it_needs(line: str) -> None:
    assert f"\n{line}\n" in UNIT


def test_the_service_waits_longer_for_a_stop_than_a_stop_takes() -> None:
    found = re.search(r"^TimeoutStopSec=(\d+)$", UNIT, re.MULTILINE)
    assert found is not None
    assert int(found[1]) > 10
