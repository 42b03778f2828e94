"""aiogram's types, each completed when it is first used. To complete all of them takes most of a start: seconds.

At the end of its import aiogram has pydantic build a validator for each of its four hundred types; a bot uses a few
dozen. pydantic can do that by itself at the first use, if the modules know the names that the annotations have, which
aiogram imports only for type checkers. So the orders to build are noted during the import, and the names handed out
after it.
"""

import inspect
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import ModuleType
from typing import Any

_LIBRARY = "aiogram"
_NAME = re.compile(r"\w+")


class _Finder:
    """Finds aiogram, once, and has it loaded by the loader below."""

    @classmethod
    def find_spec(cls, name: str, path: object = None, target: object = None) -> ModuleSpec | None:  # noqa: ARG003
        if name != _LIBRARY:
            return None
        sys.meta_path.remove(cls)
        spec = PathFinder.find_spec(name)
        if spec is not None and type(spec.loader) is SourceFileLoader:
            spec.loader = _Loader(spec.loader.name, spec.loader.path)
        return spec


class _Loader(SourceFileLoader):
    """Loads aiogram; what its types need to be completed later, they are given at the end."""

    def exec_module(self, module: ModuleType) -> None:
        with _put_off() as orders:
            super().exec_module(module)
        for model, names in orders:
            _hand_out(model, names)


@contextmanager
def _put_off() -> Iterator[list[tuple[type, Mapping[str, Any]]]]:
    """Have models that are to be completed with some names not be; gives them, with the names."""
    from pydantic import BaseModel

    orders: list[tuple[type, Mapping[str, Any]]] = []
    build = BaseModel.__dict__["model_rebuild"]

    def note(model: Any, /, **how: Any) -> bool | None:
        names = how.get("_types_namespace")
        if names is None:
            result: bool | None = build.__get__(None, model)(**how)
            return result
        orders.append((model, names))
        return None

    type.__setattr__(BaseModel, "model_rebuild", classmethod(note))
    try:
        yield orders
    finally:
        type.__setattr__(BaseModel, "model_rebuild", build)


def _hand_out(model: type, names: Mapping[str, Any]) -> None:
    """Put those of the names that a model's annotations have, inherited ones too, where pydantic looks for them."""
    place = vars(sys.modules[model.__module__])
    for ancestor in model.__mro__:
        if not ancestor.__module__.startswith(_LIBRARY):
            continue
        for annotation in inspect.get_annotations(ancestor).values():
            for name in _NAME.findall(annotation) if isinstance(annotation, str) else ():
                if name in names:
                    place.setdefault(name, names[name])


def put_off_building() -> None:
    """Have aiogram loaded so; does nothing where it is loaded already."""
    if _LIBRARY not in sys.modules and _Finder not in sys.meta_path:
        sys.meta_path.insert(0, _Finder)
