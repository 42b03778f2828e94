"""What the owners are told of backups."""

from bot.model.backups import Backup, BackupRecord
from bot.screens.card import Card
from bot.screens.look import Look
from bot.text.styled import Styled, bold, join


def backup_late_card(record: BackupRecord, folder: str, look: Look) -> Card:
    """Return the news that no backup could be made, with the reason and which one is the newest."""
    say = look.say
    newest = say("backup-newest", time=look.moment(record.good_at)) if record.good_at else say("backup-none")
    why = say("backup-failed", why=record.why)
    return Card(join("\n\n", [bold(say("backup-late")), why, newest, say("backup-again", folder=folder)]))


def backup_well_card(made: Backup, look: Look) -> Card:
    """Return the news that there is a good backup again."""
    return Card(Styled(look.say("backup-well", path=made.path)))
