"""Everything that can go wrong in a way a person should hear about, each with the key of the phrase they see.

VisnykError
├── BadInput               what was sent cannot be used, and why
│   ├── Empty              there is no text in it
│   ├── TooLong            longer than allowed
│   ├── BadTime            not understood as a time
│   │   ├── BadHours       not as hours of a schedule
│   │   ├── BadQuiet       not as quiet hours
│   │   ├── BadMoment      not as a time that is over
│   │   └── NoSuchDate     no calendar has that day
│   ├── PastTime           a time that is over
│   ├── FutureTime         a time that is yet to come
│   ├── BadZone            no such city or zone
│   ├── BadQuery           nothing to search for
│   │   ├── BadWords       nothing to follow or to keep away
│   │   └── TooManyWords   more words in one rule than anybody needs
│   ├── TooMuchAtOnce      more rules in one message than are taken
│   ├── NoPicture          a picture was asked for
│   ├── NotThere           what is to be replaced does not stand there
│   ├── ThereTwice         it stands there more than once
│   ├── UnknownTopic       no such topic
│   ├── UnknownArticle     no such published article
│   └── BadPerson          nobody is named in it
│       └── HiddenPerson   somebody who hides themselves
├── NotFound               there is no such thing (any more)
│   └── NoStory            an article that belongs to no story
├── NotAllowed             not for this person
│   ├── Approved           an editor has approved it, an author cannot change it
│   ├── AdminsOnly         in groups and channels, only their administrators
│   ├── BadCode            the code was wrong or is used up
│   │   └── OldCode        it was right, and came too late
│   ├── BadInvitation      the link was used up, came too late or is made up
│   └── LastOwner          a newsroom needs one
├── SlowDown               more at once than anybody needs
├── TooManyRules           more subscriptions and mutes than one reader may have
├── Stale                  a button of an older version was pressed
├── NotReady               the article lacks something it needs to be published
├── BackupFailed           a backup cannot be made, or is none
├── BadSetting             the value of one setting does not fit
├── Refused                the database does not take what an import brings
└── ConfigError            the settings do not fit; ends the start with one sentence
    └── DatabaseAway       the database does not answer; another start may find it there
"""


class VisnykError(Exception):
    """Something a person should be told. Keyword arguments are the variables of the phrase."""

    phrase: str = "error-unexpected"

    def __init__(self, detail: str = "", **variables: str | int) -> None:
        super().__init__(detail or self.phrase)
        self.variables = variables


class BadInput(VisnykError):
    """What was sent cannot be used."""

    phrase = "error-bad-input"


class Empty(BadInput):
    """There is no text in what was sent."""

    phrase = "error-empty"


class Unchanged(Empty):
    """What was sent stands there already."""

    phrase = "error-unchanged"


class TooLong(BadInput):
    """What was sent is longer than allowed. Variables: `limit`, `length`."""

    phrase = "error-too-long"


class NameTaken(BadInput):
    """Something has that name already, or had it. Variable: `name`."""

    phrase = "error-name-taken"


class BadTime(BadInput):
    """Not understood as a time. Variable: `text`."""

    phrase = "error-bad-time"


class BadHours(BadTime):
    """Not understood as the hours of a schedule. Variable: `text`."""

    phrase = "error-bad-hours"


class BadQuiet(BadTime):
    """Not understood as quiet hours, from one time of the day to another. Variable: `text`."""

    phrase = "error-bad-quiet"


class BadMoment(BadTime):
    """Not understood as a time that is over. Variable: `text`."""

    phrase = "error-bad-moment"


class NoSuchDate(BadTime):
    """A date that no calendar has. Variable: `text`."""

    phrase = "error-no-date"


class PastTime(BadInput):
    """The time is over. Variable: `text`."""

    phrase = "error-past-time"


class FutureTime(BadInput):
    """The time is yet to come. Variable: `text`."""

    phrase = "error-future-time"


class BadZone(BadInput):
    """No city or zone of that name. Variable: `text`."""

    phrase = "error-bad-zone"


class BadQuery(BadInput):
    """Nothing in the words to search for."""

    phrase = "error-bad-query"


class BadWords(BadQuery):
    """Nothing in the words to follow or to keep away."""

    phrase = "error-bad-words"


class TooManyWords(BadQuery):
    """More words in one rule than are taken. Variables: `limit`, `number`."""

    phrase = "error-too-many-words"


class TooMuchAtOnce(BadInput):
    """More rules in one message than are taken. Variables: `limit`, `number`."""

    phrase = "error-too-much-at-once"


class NoPicture(BadInput):
    """A picture was asked for, and this is none."""

    phrase = "asked-photo"


class NotThere(BadInput):
    """What is to be replaced does not stand in the text. Variable: `text`."""

    phrase = "error-not-there"


class ThereTwice(BadInput):
    """What is to be replaced stands in the text more than once. Variable: `text`."""

    phrase = "error-there-twice"


class UnknownTopic(BadInput):
    """No topic of that name. Variable: `text`."""

    phrase = "error-unknown-topic"


class UnknownArticle(BadInput):
    """No published article of that number or address."""

    phrase = "tie-unknown"


class BadPerson(BadInput):
    """Neither an id nor a message forwarded from a person."""

    phrase = "editors-bad-id"


class HiddenPerson(BadPerson):
    """The person hides behind their name in forwarded messages."""

    phrase = "editors-hidden"


class NotFound(VisnykError):
    """There is no such article, draft or editor (any more)."""

    phrase = "error-not-found"


class NoStory(NotFound):
    """The article belongs to no story."""

    phrase = "story-none"


class NotAllowed(VisnykError):
    """This is not for that person. Variable: `role`, which it takes, where people of the newsroom may be told so."""

    phrase = "error-not-allowed"


class Approved(NotAllowed):
    """An editor has approved the article: an author changes it no more."""

    phrase = "error-approved"


class AdminsOnly(NotAllowed):
    """In a group or channel only its administrators may do that."""

    phrase = "error-admins-only"


class BadCode(NotAllowed):
    """The one-time code was wrong or is used up."""

    phrase = "error-bad-code"


class OldCode(BadCode):
    """The one-time code is the one that was printed, and it is not good any more."""

    phrase = "error-old-code"


class BadInvitation(NotAllowed):
    """The invitation was used up, came too late, or is made up."""

    phrase = "error-bad-invitation"


class LastOwner(NotAllowed):
    """The last owner can neither leave nor become less."""

    phrase = "editors-last-owner"


class OnDesk(NotAllowed):
    """Who works at the desk cannot be erased: what was published names them."""

    phrase = "forget-on-desk"


class SlowDown(VisnykError):
    """Somebody does more at once than anybody needs."""

    phrase = "error-slow-down"


class TooManyRules(VisnykError):
    """The reader has as many subscriptions and mutes as one may have. Variable: `limit`."""

    phrase = "error-too-many-rules"


class Stale(VisnykError):
    """The button belongs to an older version of the draft."""

    phrase = "error-stale"


class NoSuchPicture(VisnykError):
    """An uploaded picture is not there for whoever names it: gone, somebody else's, or in another article."""

    phrase = "error-no-such-picture"


class NotReady(VisnykError):
    """The article lacks something it needs. Variable: `what`, the key of a phrase."""

    phrase = "error-not-ready"


class Refused(VisnykError):
    """The database does not take something of a batch that is imported; nothing of the batch was stored."""

    phrase = "import-refused"


class BackupFailed(VisnykError):
    """A backup could not be made, or is not good. Variable: `why`, a word that the phrase knows."""

    phrase = "backup-failed"


class BadSetting(VisnykError, ValueError):
    """The value of a setting does not fit. What is wrong is a phrase of its own, whose `setting` is the name."""

    def __init__(self, phrase: str, **variables: str | int) -> None:
        super().__init__(f"{phrase} {variables}", **variables)
        self.phrase = phrase


class ConfigError(VisnykError):
    """What the operator has set or called does not fit: ends the command with a phrase; `faults` are its `what`."""

    def __init__(self, phrase: str, *faults: VisnykError, **variables: str | int) -> None:
        super().__init__(" ".join([phrase, *map(str, faults), str(variables)]), **variables)
        self.phrase, self.faults = phrase, faults


class DatabaseAway(ConfigError):
    """The database does not answer: the settings may be wrong, or it comes back by itself. Variable: `reason`."""
