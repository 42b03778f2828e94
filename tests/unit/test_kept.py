"""What is kept of what was worked out: bounded, the oldest goes first, nothing is made twice."""

from bot.relevance.kept import Kept


def test_what_was_used_last_stays_and_the_weight_is_bounded() -> None:
    kept: Kept[str, str] = Kept(10)
    made: list[str] = []

    def get(key: str) -> str:
        return kept.get(key, lambda: made.append(key) or key * 4, len)

    assert [get(key) for key in "aba"] == ["aaaa", "bbbb", "aaaa"]
    assert made == ["a", "b"]
    get("c")  # 12: the one used longest ago goes
    get("a")
    assert made == ["a", "b", "c"]
    get("b")
    assert made == ["a", "b", "c", "b"]
    assert len(kept) == 2


def test_what_is_too_heavy_is_kept_alone() -> None:
    kept: Kept[str, str] = Kept(10)
    kept.get("a", lambda: "small", len)
    kept.get("b", lambda: "x" * 1000, len)
    assert len(kept) == 1
    kept.get("c", lambda: "small", len)
    assert len(kept) == 1
