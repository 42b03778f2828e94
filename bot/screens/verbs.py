"""The verbs of buttons: what is done with a draft, a send, a story, a person. The values stand in callback data.

A value is never given another meaning: buttons made long ago are still pressed.
"""

from enum import StrEnum


class DeskVerb(StrEnum):
    """What an editor does with a draft, or with an article that is out."""

    OPEN = "o"  # from a list, whatever has become of it
    SHOW_HEADLINE = "h"
    SHOW_FULL = "f"
    SHOW_PUBLISHED_FULL = "pf"
    ASK_TITLE = "qt"
    ASK_LEAD = "ql"
    ASK_BODY = "qb"
    ASK_SOURCE = "qs"
    ASK_PHOTO = "qp"
    ASK_DATE = "qd"
    CLEAR_DATE = "nd"
    CHOOSE_TOPICS = "tp"  # value: which page of them, the first without one
    TOGGLE_TOPIC = "t"  # value: + or - and the topic's number; of old without the sign
    CHANGE_LANGUAGE = "lg"
    ASK_TO_DISCARD = "ds"
    DISCARD = "dd"
    CONFIRM = "pb"  # the last question; value: the policy's number, or nothing
    CONFIRM_URGENT = "ur"  # the same
    CHOOSE_POLICY = "pl"  # value: as for PUBLISH
    PUBLISH = "go"  # value: n, or u for urgent, and the policy's number
    ASK_WHEN = "sc"
    SCHEDULE = "at"  # value: when, as it could be typed
    UNSCHEDULE = "un"


class DeskListName(StrEnum):
    """Which list of the desk."""

    DRAFTS = "drafts"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"


class SendVerb(StrEnum):
    """What an editor does with a send that runs."""

    SHOW = "back"
    PAUSE = "pause"
    RESUME = "resume"
    UNDO = "undo"  # from a button of an older version
    ASK_TO_STOP = "stop"
    STOP = "stopped"
    SHOW_DOUBTS = "doubts"
    RESEND_DOUBTS = "resend"
    DROP_DOUBTS = "drop"
    OPEN = "open"  # what was sent


class DoubtsVerb(StrEnum):
    """What an owner does with uncertain deliveries that belong to no send."""

    SHOW = "show"
    RESEND = "resend"
    DROP = "drop"


class BacklogVerb(StrEnum):
    """What happens to what has waited through a long stop."""

    SEND = "send"
    DROP = "drop"


class CorrectionVerb(StrEnum):
    """What an editor does with a published article."""

    CHOOSE = "fix"  # what is wrong
    ASK_TITLE = "title"
    ASK_LEAD = "lead"
    ASK_BODY = "body"
    ASK_REASON = "retract"  # to take it back
    SEND_AS_TYPO = "typo"
    ASK_NOTE = "correction"  # what the correction tells readers
    GIVE_NO_REASON = "bare"  # to take it back
    RETRACT = "gone"
    LEAVE = "none"  # as it is


class StoryVerb(StrEnum):
    """What an editor does with an article's story."""

    ASK_TO_CUT = "ask"
    CUT = "cut"
    PUT_BACK = "put"
    SHOW_NEAR = "near"  # the stories it may be one with
    JOIN = "join"


class RelatedVerb(StrEnum):
    """What an editor does with what is related to an article."""

    SHOW = "show"
    PIN = "pin"  # or not any more; from a button of an older version
    BAN = "ban"  # the same
    SAY_PINNED = "p"
    SAY_BANNED = "b"
    UNSAY = "u"
    ADD = "add"


class StaffVerb(StrEnum):
    """What an owner does with the people of the desk."""

    LIST = "list"
    SHOW = "show"
    ADD = "add"
    APPOINT = "role"
    REMOVE = "remove"  # asks first
    DISMISS = "gone"


class TokenVerb(StrEnum):
    """What an owner does with the tokens of systems."""

    LIST = "l"  # number: which page
    SHOW = "s"
    ADD = "a"  # number: the scopes that are chosen so far
    NAME = "n"  # the same; asks for a name
    REVOKE = "r"  # asks first
    REVOKED = "d"
    HIDE = "h"  # number: the message with the secret


class FeedVerb(StrEnum):
    """What an editor does with a feed."""

    LIST = "l"  # value: which page, the first without one
    SHOW = "s"
    ADD = "a"
    OFFER = "o"  # one of several that were found
    ACCEPT = "k"  # value: the mode's number
    MODE = "m"  # the same
    CHOOSE_EVERY = "ce"
    EVERY = "e"  # value: seconds
    CHOOSE_LANGUAGE = "cg"
    LANGUAGE = "g"  # value: its code, or nothing
    TOPICS = "t"
    CATEGORY = "c"  # value: the category's letters, and which page of the topics
    TOPIC = "p"  # value: the category's letters, and the topic's number, 0 for none, a for by itself
    ASK_SOURCE = "n"
    PAUSE = "z"
    RESUME = "y"
    ASK_NOW = "w"
    FULL_TEXT = "f"  # value: 1 or 0
    PAGE_PICTURES = "i"  # the same
    REMOVE = "r"  # asks first
    REMOVED = "d"
    HELD = "h"
    RELEASE = "q"  # value: the mode's number, x to drop


class SourceVerb(StrEnum):
    """What an editor answers when a source has changed an article."""

    TYPO = "t"
    CORRECTION = "c"
    LEAVE = "l"


class TopicsPlace(StrEnum):
    """Where topics are chosen."""

    WELCOME = "welcome"
    TOPICS = "topics"
