"""Upkeep: what nobody needs any more is forgotten."""

from datetime import timedelta

from bot.wiring.ground import Ground
from storage.index.writing import trim_hot


async def forget_old(ground: Ground) -> None:
    """Forget what is old enough; called once an hour, and may be repeated."""
    now, store = ground.clock.now(), ground.store
    await store.inbox.forget(now - timedelta(days=2), poisoned_before=now - timedelta(days=30))
    await store.message_ids.forget(now - timedelta(days=2))
    await store.dialogs.forget(now - timedelta(days=7))
    await store.message_screens.forget(now - timedelta(days=90))
    await store.feeds.forget_offers(now - timedelta(days=1))
    await store.feed_items.forget(now - timedelta(days=90))
    await store.feed_notices.forget(now - timedelta(days=90))
    await store.tokens.forget(now - timedelta(days=2), now - timedelta(minutes=10))
    await store.pictures.forget(now - timedelta(days=3))  # later than the answers that name them
    await store.listeners.forget(now - timedelta(days=14))
    await trim_hot(ground.database)


async def sweep_erased(ground: Ground) -> None:
    """Delete what the ledger holds of readers who are erased, a stretch at a time; may be repeated."""
    while await ground.store.personal_data.sweep(ground.clock.now()):
        pass
