"""What an owner sees of how the newsroom is: what is wrong, and all of it on one screen."""

from collections.abc import Sequence

from bot.model.backups import BackupRecord
from bot.model.load import Load
from bot.model.vitals import DatabaseVitals, Finding
from bot.screens.card import Card
from bot.screens.look import Look
from bot.text.phrasebook import Phrasebook
from bot.text.styled import Styled, bold, join

_MOST = 15
_MEGABYTE = 2**20


def sentence(finding: Finding, say: Phrasebook) -> str:
    """Return what a finding says: what is wrong, and what to do; of the database what every command would say."""
    return say(finding.name if finding.name.startswith("database-") else f"doctor-{finding.name}", **finding.values)


def doctor_card(found: Sequence[Finding], look: Look) -> Card:
    """Return what is wrong, or that nothing is."""
    say = look.say
    if not found:
        return Card(Styled(say("doctor-well")))
    lines = [f"{'🛑' if one.grave else '⚠️'} {sentence(one, say)}" for one in found[:_MOST]]
    if len(found) > _MOST:
        lines.append(say("doctor-more", n=len(found) - _MOST))
    return Card(join("\n\n", [bold(say("doctor-title", n=len(found))), *lines]))


def waiting(load: Load | None) -> dict[str, int]:
    """Return how many copies wait, by lane; what is held for digests stands with the digests."""
    if load is None:
        return {}
    lanes = {lane.name.lower(): number for lane, number in sorted(load.lanes.items())}
    return lanes | {"digest": lanes.get("digest", 0) + load.held}


def status_lines(
    database: DatabaseVitals, load: Load | None, failing: Sequence[str], backup: BackupRecord | None, look: Look
) -> list[str]:
    """Return how the newsroom stands, a line each."""
    say = look.say
    size = max(1, max(database.size, load.size if load is not None else 0) // _MEGABYTE)
    lines = [say("status-database", engine=database.engine, revision=database.revision or "—", size=size)]
    lines.append(say("status-readers", n=database.readers))
    parts = [say("status-lane", lane=name, n=number) for name, number in waiting(load).items() if number]
    lines.append(say("status-waiting", what=", ".join(parts)) if parts else say("status-nothing-waits"))
    if database.last_send is not None:
        lines.append(say("status-last", time=look.moment(database.last_send), rate=round(database.rate, 1)))
    if load is not None:
        lines.append(say("status-updates", n=load.updates))
        if load.uncertain:
            lines.append(say("status-uncertain", n=load.uncertain))
    if database.compact_until is not None:
        lines.append(say("status-compact", time=look.moment(database.compact_until)))
    if failing:
        lines.append(say("status-feeds", n=len(failing)))
    if backup is not None:
        made = backup.good_at
        lines.append(say("status-backup", time=look.moment(made)) if made is not None else say("status-no-backup"))
    return lines


def status_head(found: Sequence[Finding], command: str, say: Phrasebook) -> str:
    """Return the sentence that says whether all is well; what is not, a command tells."""
    grave = sum(one.grave for one in found)
    if grave:
        return say("status-ill", n=grave, command=command)
    return say("status-remarks", command=command) if found else say("status-well")


def status_card(found: Sequence[Finding], version: str, lines: Sequence[str], look: Look) -> Card:
    """Return one screen that says whether all is well; what is not, `/doctor` tells."""
    say = look.say
    head = status_head(found, "/doctor", say)
    return Card(join("\n\n", [bold(head), "\n".join([say("status-version", version=version), *lines])]))
