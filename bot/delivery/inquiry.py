"""An inquiry: which questions tell what became of uncertain deliveries, and what their answers prove. Only arithmetic.

All messages of a counter have numbers that follow each other. Of those between one that was given before the claims and
one that was given when nothing of them could be carried out any more, all that are known are taken away. What is left
are messages nobody has recorded: the deliveries that did arrive are among them, and each stands in one chat.
"""

from collections import deque
from collections.abc import Collection, Iterable, Mapping, Sequence

from bot.model.asking import Absent, Answer, Closed, Doubt, Found, Presence, Sighting, Unclear, Verdict
from bot.model.outcomes import Refused
from bot.model.readers import ReaderState

ANYWHERE = 0
"""Among the vague chats: a message of unknown number may be in any chat."""
_ENOUGH = 2  # private chats in which the counter has been seen to be one
_CLOSED = frozenset({ReaderState.BLOCKED, ReaderState.DEACTIVATED, ReaderState.KICKED, ReaderState.GONE})

Question = tuple[int, int]
"""A chat and the number of a message that may be in it."""


def one_counter(seen: Sequence[Sighting]) -> bool:
    """Tell whether the bot's own records show that one counter numbers the messages of different private chats.

    Each number was given once, and each message has a higher one than any that was known when it was claimed.
    """
    known = [one for one in seen if one.after is not None]
    if len({one.message_id for one in seen}) < len(seen):
        return False
    if any(one.after is not None and one.message_id <= one.after for one in known):
        return False
    return len({one.chat_id for one in known}) >= _ENOUGH


class Inquiry:
    """One round of questions about deliveries of one counter.

    `unknown` are the numbers that nobody has recorded. In a `vague` chat one of them need not be a delivery's: a reply
    was cut off there, or others write there unseen. `elsewhere` are further chats where one may be. After `most`
    questions no other is asked.
    """

    def __init__(
        self,
        doubts: Sequence[Doubt],
        unknown: Iterable[int],
        *,
        vague: Collection[int] = (),
        elsewhere: Sequence[int] = (),
        most: int = 5_000,
    ) -> None:
        self._rows: dict[int, list[Doubt]] = {}
        for doubt in sorted(doubts, key=lambda one: (one.after or 0, one.id)):
            self._rows.setdefault(doubt.chat_id, []).append(doubt)
        self._left = sorted(unknown)
        self._vague = vague
        self._turns = deque([*self._rows, *(chat for chat in dict.fromkeys(elsewhere) if chat not in self._rows)])
        self._most = most
        self._asked: set[Question] = set()
        self._found: dict[int, list[int]] = {}
        self._closed: dict[int, Refused] = {}
        self._dark: set[int] = set()

    def next(self) -> Question | None:
        """Return the next question; None when no answer would tell more.

        Each chat in its turn is asked about the lowest number that is left: they were given in about the order of the
        claims, so of what arrived in order each first question is answered with yes.
        """
        while self._turns and self._left and len(self._asked) < self._most:
            chat = self._turns.popleft()
            if chat in self._closed or chat in self._dark or self._is_complete(chat):
                continue
            after = self._rows[chat][0].after or 0 if chat in self._rows else 0
            for number in self._left:
                if number > after and (chat, number) not in self._asked:
                    self._turns.append(chat)
                    return chat, number
        return None

    def heard(self, question: Question, answer: Answer) -> None:
        """Note an answer. A message that is in one chat is in no other."""
        chat, number = question
        self._asked.add(question)
        match answer:
            case Presence.THERE:
                self._found.setdefault(chat, []).append(number)
                self._left.remove(number)
            case Presence.OTHER:
                self._left.remove(number)
            case Refused(_, state) if state in _CLOSED:
                self._closed[chat] = answer
            case Presence.UNCLEAR | Refused():
                self._dark.add(chat)

    def verdicts(self) -> Mapping[Doubt, Verdict]:
        """Return what is proven of each delivery by what was heard so far."""
        return {
            row: verdict
            for chat, rows in self._rows.items()
            for row, verdict in zip(rows, self._of_chat(chat, rows), strict=True)
        }

    def _is_complete(self, chat: int) -> bool:
        """Tell whether every delivery to a chat is found; where others write unseen, the search goes on."""
        return not self._is_vague(chat) and len(self._found.get(chat, ())) == len(self._rows.get(chat, (None,)))

    def _is_vague(self, chat: int) -> bool:
        return chat in self._vague or ANYWHERE in self._vague

    def _of_chat(self, chat: int, rows: Sequence[Doubt]) -> Sequence[Verdict]:
        found = sorted(self._found.get(chat, ()))
        if found and self._is_vague(chat):
            return [Unclear()] * len(rows)
        if len(found) == len(rows):
            return _as_which(rows, found)
        if found:  # which of them arrived cannot be told
            return [Unclear()] * len(rows)
        return [self._not_found(chat, row) for row in rows]

    def _not_found(self, chat: int, row: Doubt) -> Verdict:
        """Return what is known of a delivery that is not there: an unknown number may be its, deleted since."""
        if not any(number > (row.after or 0) for number in self._left):
            return Absent()
        closed = self._closed.get(chat)
        if closed is not None and closed.reader_state is not None:
            return Closed(closed.reason, closed.reader_state)
        return Unclear()


def _as_which(rows: Sequence[Doubt], found: Sequence[int]) -> Sequence[Verdict]:
    """Return which message each of a chat's deliveries is, all of which arrived, from the last claimed to the first.

    Claims of one chat may have been carried out in another order: a number is a delivery's when no other can be.
    """
    left, verdicts = list(found), []
    for row in reversed(rows):
        possible = [number for number in left if number > (row.after or 0)]
        if not possible:  # one of them is no delivery's
            return [Unclear()] * len(rows)
        verdicts.append(Found(possible[0] if len(possible) == 1 else None))
        left.remove(possible[-1])
    return verdicts[::-1] if Found(None) not in verdicts else [Found(None)] * len(rows)
