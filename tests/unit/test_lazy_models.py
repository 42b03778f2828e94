"""aiogram's types are completed when they are first used; then they are what aiogram makes of them at once."""

import json
import re
import subprocess
import sys

import pytest

from tests.support.process import ROOT

_ALL = """
import json
from aiogram import methods, types
models = [getattr(place, name) for place in (types, methods) for name in place.__all__]
models = {one.__name__: one for one in models if hasattr(one, "model_rebuild")}
early = [name for name, one in models.items() if one.__pydantic_complete__]
for one in models.values():
    one.model_rebuild()
fields = {name: {f: [repr(field.annotation), repr(field)] for f, field in one.model_fields.items()} for name, one in models.items()}
answer = {"message_id": 1, "date": 1, "chat": {"id": 1, "type": "private"}, "text": "а", "new_key": [1]}
read = methods.Response[types.Message | bool].model_validate({"ok": True, "result": answer})
print(json.dumps([sorted(early), fields, repr(read), sorted(types.Update.model_validate({"update_id": 1, "message": answer}).model_dump(mode="json").items())]))
"""


def _told(first: str) -> list[object]:
    command = [sys.executable, "-c", first + _ALL]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    told: list[object] = json.loads(re.sub(r" at 0x\w+", "", done.stdout))
    return told


@pytest.mark.thorough
def test_a_type_that_is_completed_late_is_the_same_and_the_start_is_spared_it() -> None:
    early, *late = _told("import bot\n")
    all_early, *at_once = _told("")
    assert late == at_once
    assert isinstance(early, list)
    assert isinstance(all_early, list)
    assert "Update" in all_early
    assert "Update" not in early
    assert len(early) < len(all_early) / 2


@pytest.mark.wide
def test_whoever_has_loaded_aiogram_first_has_it_as_it_comes() -> None:
    script = "import aiogram, bot, sys; print(aiogram.types.Update.__pydantic_complete__, len(sys.meta_path))"
    command = [sys.executable, "-c", f"import sys; print(len(sys.meta_path)); {script}"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    before, complete, after = done.stdout.split()
    assert complete == "True"
    assert after == before
