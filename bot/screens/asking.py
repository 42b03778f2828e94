"""What is being found out of deliveries of which nobody knew whether they arrived, and what came of it."""

from bot.model.asking import Findings
from bot.screens.card import Card
from bot.screens.look import Look
from bot.text.styled import bold, join


def asking_card(number: int, look: Look) -> Card:
    """Return the news that Telegram is asked about so many deliveries."""
    return Card(join("\n\n", [bold(look.say("progress-asking", n=number)), look.say("asking-text")]))


def findings_card(findings: Findings, look: Look) -> Card:
    """Return what Telegram said, in numbers; what is nought is left out."""
    lines = findings_lines(findings.found, findings.returned, look)
    lines += [look.say("progress-failed", n=findings.closed)] if findings.closed else []
    lines += [look.say("progress-uncertain", n=findings.unclear)] if findings.unclear else []
    said = "\n".join(lines) or look.say("doubts-none")
    return Card(join("\n\n", [bold(look.say("findings-title")), said]))


def findings_lines(found: int, returned: int, look: Look) -> list[str]:
    """Return what was found out, a line for each; none of what is nought."""
    said = (("findings-found", found), ("findings-returned", returned))
    return [look.say(key, n=number) for key, number in said if number]
