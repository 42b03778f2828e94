"""The inquiry: what the answers of Telegram prove of uncertain deliveries, case by case and for any world."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.delivery.inquiry import ANYWHERE, Inquiry, Question, one_counter
from bot.model.asking import Absent, Answer, Closed, Doubt, Found, Presence, Sighting, Unclear, Verdict, counter_of
from bot.model.outcomes import Refused
from bot.model.readers import ReaderState

THEN = datetime(2026, 11, 23, 12, tzinfo=UTC)
BLOCKED = Refused("bot was blocked by the user", ReaderState.BLOCKED)
THERE, OTHER, UNCLEAR = Presence.THERE, Presence.OTHER, Presence.UNCLEAR


def a_doubt(chat: int, after: int = 10, number: int = 0) -> Doubt:
    return Doubt(id=number or chat, attempt=1, chat_id=chat, after=after, since=THEN)


@dataclass(slots=True)
class Chats:
    """Which message is in which chat; what else a chat answers."""

    messages: Mapping[int, int] = field(default_factory=dict)
    says: Mapping[int, Answer] = field(default_factory=dict)
    asked: list[Question] = field(default_factory=list)

    def answer(self, question: Question) -> Answer:
        self.asked.append(question)
        chat, number = question
        if chat in self.says:
            return self.says[chat]
        return THERE if self.messages.get(number) == chat else Presence.MISSING


def ended(inquiry: Inquiry, chats: Chats) -> list[Verdict]:
    """Ask until nothing is left to ask; returns the verdicts in the order of the claims."""
    while (question := inquiry.next()) is not None:
        assert question not in chats.asked, "asked twice"
        inquiry.heard(question, chats.answer(question))
    return list(inquiry.verdicts().values())


TABLE: list[tuple[str, list[Doubt], list[int], Chats, dict[str, Sequence[int]], list[Verdict]]] = [
    ("no number is left", [a_doubt(1), a_doubt(2)], [], Chats(), {}, [Absent(), Absent()]),
    ("all arrived", [a_doubt(1), a_doubt(2)], [11, 12], Chats({11: 1, 12: 2}), {}, [Found(11), Found(12)]),
    ("one arrived", [a_doubt(1), a_doubt(2)], [11], Chats({11: 2}), {}, [Absent(), Found(11)]),
    ("in another order", [a_doubt(1), a_doubt(2)], [11, 12], Chats({11: 2, 12: 1}), {}, [Found(12), Found(11)]),
    ("a reader deleted it", [a_doubt(1), a_doubt(2)], [11, 12], Chats({11: 1}), {}, [Found(11), Unclear()]),
    ("left over before the claim of one", [a_doubt(1), a_doubt(2, after=12)], [11], Chats(), {}, [Unclear(), Absent()]),
    ("blocked, and the number may be theirs", [a_doubt(1)], [11], Chats(says={1: BLOCKED}), {},
     [Closed("bot was blocked by the user", ReaderState.BLOCKED)]),
    ("blocked, and nothing arrived", [a_doubt(1)], [], Chats(says={1: BLOCKED}), {}, [Absent()]),
    ("blocked, and the other is found", [a_doubt(1), a_doubt(2)], [11], Chats({11: 2}, {1: BLOCKED}), {},
     [Absent(), Found(11)]),
    ("muted says nothing", [a_doubt(1)], [11], Chats(says={1: Refused("no rights", ReaderState.MUTED)}), {}, [Unclear()]),
    ("a service message", [a_doubt(1)], [11], Chats(says={1: OTHER}), {}, [Absent()]),
    ("nobody can tell", [a_doubt(1), a_doubt(2)], [11, 12], Chats({12: 2}, {1: UNCLEAR}), {}, [Unclear(), Found(12)]),
    ("two of one chat arrived", [a_doubt(1), a_doubt(1, 11, 7)], [11, 13], Chats({11: 1, 13: 1}), {}, [Found(11), Found(13)]),
    ("one of two of one chat", [a_doubt(1), a_doubt(1, 11, 7)], [13], Chats({13: 1}), {}, [Unclear(), Unclear()]),
    ("a reply was cut off there", [a_doubt(1), a_doubt(2)], [11, 12], Chats({11: 1, 12: 2}), {"vague": [1]},
     [Unclear(), Found(12)]),
    ("a reply was cut off there, none is there", [a_doubt(1)], [], Chats(), {"vague": [1]}, [Absent()]),
    ("a reply was cut off elsewhere", [a_doubt(1), a_doubt(2)], [11, 12], Chats({11: 9, 12: 2}), {"elsewhere": [9]},
     [Absent(), Found(12)]),
    ("one may be anywhere", [a_doubt(1), a_doubt(2)], [11], Chats({11: 1}), {"vague": [ANYWHERE]}, [Unclear(), Absent()]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("doubts", "unknown", "chats", "options", "wanted"), [t[1:] for t in TABLE], ids=[t[0] for t in TABLE]
)
def test_what_the_answers_prove(
    doubts: list[Doubt], unknown: list[int], chats: Chats, options: dict[str, Sequence[int]], wanted: list[Verdict]
) -> None:
    asked = Chats(chats.messages, chats.says)
    assert ended(Inquiry(doubts, unknown, **options), asked) == wanted


def test_what_arrived_in_order_takes_one_question_each() -> None:
    chats = Chats({10 + n: n for n in range(1, 61)})
    assert ended(Inquiry([a_doubt(n) for n in range(1, 61)], chats.messages), chats) == [
        Found(10 + n) for n in range(1, 61)
    ]
    assert len(chats.asked) == 60


def test_so_many_questions_are_asked_and_no_more() -> None:
    chats = Chats(dict.fromkeys(range(11, 111), 99))
    assert set(ended(Inquiry([a_doubt(n) for n in range(1, 51)], chats.messages, most=70), chats)) == {Unclear()}
    assert len(chats.asked) == 70


@st.composite
def _worlds(draw: st.DrawFn) -> tuple[list[Doubt], dict[int, int], dict[str, list[int]], dict[Doubt, int], bool]:
    """Draw deliveries, whether each arrived, and what else may be in the span; returns what is true of each."""
    chats = draw(st.lists(st.integers(1, 6), min_size=1, max_size=6))
    vague = draw(st.sets(st.integers(1, 9), max_size=2))
    number, messages, truth, doubts, gone = 10, {}, {}, [], False
    for place, chat in enumerate(chats, 1):
        doubt = a_doubt(chat, number if draw(st.booleans()) else 10, place)
        doubts.append(doubt)
        for other in draw(st.lists(st.sampled_from(sorted(vague | {-1})), max_size=1)) if vague else ():
            number += 1
            if other == -1:
                gone = True  # deleted, or in a chat nobody thinks of: nobody has it
            else:
                messages[number] = other
        if draw(st.booleans()):
            number += 1
            truth[doubt] = number
            if draw(st.integers(0, 5)):
                messages[number] = chat
            else:
                gone = True
    left = range(11, number + 1)
    options = {"vague": sorted(vague), "elsewhere": sorted(vague)}
    return doubts, {n: messages.get(n, -1) for n in left}, options, truth, gone


def test_of_two_that_arrived_in_a_chat_it_is_told_which_is_which_only_where_it_is_known() -> None:
    for afters, known in (
        ((10, 11), [Found(11), Found(12)]),
        ((10, 10), [Found(None)] * 2),
        ((10, 12), [Unclear()] * 2),
    ):
        doubts = [a_doubt(1, after, place) for place, after in enumerate(afters, 1)]
        inquiry = Inquiry(doubts, [11, 12])
        ended(inquiry, Chats({11: 1, 12: 1}))
        assert list(inquiry.verdicts().values()) == known, afters


@settings(max_examples=150, deadline=None)
@given(_worlds())
def test_nothing_is_proven_that_is_not_so(
    world: tuple[list[Doubt], dict[int, int], dict[str, list[int]], dict[Doubt, int], bool],
) -> None:
    doubts, messages, options, truth, gone = world
    inquiry = Inquiry(doubts, messages, **options)
    ended(inquiry, Chats(messages))
    verdicts = inquiry.verdicts()
    assert set(verdicts) == set(doubts)
    for doubt, verdict in verdicts.items():
        match verdict:
            case Found(None):
                assert doubt in truth
            case Found(number):
                assert truth.get(doubt) == number
            case Absent():
                assert doubt not in truth
    once = all(sum(d.chat_id == doubt.chat_id for d in doubts) == 1 for doubt in doubts)
    if once and not gone and not options["vague"]:
        assert Unclear() not in verdicts.values(), "everything there was to know was known"


def _seen(*rows: tuple[int, int, int | None]) -> list[Sighting]:
    return [Sighting(*row) for row in rows]


@pytest.mark.parametrize(
    ("seen", "holds"),
    [
        (_seen((1, 11, 10), (2, 12, 11), (1, 13, 11)), True),
        (_seen((1, 11, 10), (2, 12, None)), False),  # nothing shows that it counts over two chats
        (_seen((1, 11, 10), (1, 12, 11)), False),  # the same
        (_seen((1, 5, None), (2, 11, 10), (3, 12, 10)), True),
        (_seen((1, 11, 10), (2, 11, 10)), False),  # one number for two messages
        (_seen((1, 11, 10), (2, 3, 10)), False),  # a counter of its own for each chat
        ([], False),
    ],
)
def test_the_counter_is_believed_only_as_far_as_the_records_show_it(seen: list[Sighting], holds: bool) -> None:
    assert one_counter(seen) is holds


@settings(max_examples=80, deadline=None)
@given(st.lists(st.integers(1, 5), min_size=4, max_size=30))
def test_counters_of_each_chat_are_not_taken_for_one(chats: list[int]) -> None:
    """Each message is claimed when the one before is known, as the slowest send does."""
    own: dict[int, int] = {}
    highest, seen = 0, []
    for chat in chats:
        own[chat] = own.get(chat, 0) + 1
        seen.append(Sighting(chat, own[chat], highest))
        highest = max(highest, own[chat])
    one_by_one = [Sighting(chat, number, number - 1) for number, chat in enumerate(chats, 1)]
    several = len(set(chats)) > 1
    assert not one_counter(seen)
    assert one_counter(one_by_one) is several


@pytest.mark.parametrize(
    ("chat_id", "own"),
    [(5, False), (-5, False), (-999_999_999_999, False), (-1_000_000_000_001, True), (-(10**12), True)],
)
def test_supergroups_and_channels_count_by_themselves(chat_id: int, own: bool) -> None:
    assert counter_of(chat_id) == (chat_id if own else 0)
