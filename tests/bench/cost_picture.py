"""The growth of what relevance costs as a picture: four charts."""

from tests.bench.cost_measures import Figures
from tests.bench.picture import Chart, Value


def _p95(name: str) -> Value:
    def value(one: Figures) -> float:
        return one.times[name][1]

    return value


CHARTS = (
    Chart(
        "Related items, CPU ms, 95th percentile", 0.1, 100,
        (("anew", _p95("related")), ("any age", _p95("any age")), ("remembered", _p95("cached"))),
        ((1e4, 3e5, 5), (3e5, 1e6, 20)),
    ),
    Chart(
        "Search, CPU ms, 95th percentile", 0.1, 100,
        (("three words", _p95("search")), ("two words", _p95("two words")), ("common word", _p95("common word"))),
        ((1e4, 1e6, 20),),
    ),
    Chart(
        "Import of one article, CPU ms, median", 0.1, 100,
        (("its words", lambda one: one.words), ("its place", lambda one: one.place), ("storing", lambda one: one.store)),
        ((1e4, 1e6, 1),),
    ),
    Chart(
        "Memory of the process and the index, MB", 10, 10_000,
        (("process", lambda one: one.memory / 1e6), ("index", lambda one: one.index / 1e6)),
        ((1e4, 1e6, 250),),
    ),
)  # fmt: skip
