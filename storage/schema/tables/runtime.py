"""What processes keep between them and over a restart."""

from sqlalchemy import BigInteger, Column, Index, SmallInteger, String, Table, Text

from storage.engine.columns import Instant, Json, Key
from storage.schema.tables.base import metadata, only

lease = Table(
    "lease",
    metadata,
    # What only one process may do at a time: ask Telegram for updates, for example.
    Column("name", String(64), primary_key=True),
    Column("owner", String(36), key="holder", nullable=False),
    Column("until", Instant, nullable=False),
)

pace = Table(
    "pace",
    metadata,
    # The limiter that several processes share: the instant up to which slots are taken, microseconds since 1970.
    Column("name", String(64), primary_key=True),
    Column("taken_to", BigInteger, nullable=False),
)

inbox = Table(
    "inbox",
    metadata,
    # Updates are here before Telegram is told that they arrived, so none is lost and none is handled twice.
    Column("update_id", BigInteger, primary_key=True, autoincrement=False),
    Column("chat_id", BigInteger, nullable=False),  # whose order they keep
    Column("payload", Text),  # the update's JSON; NULL once it is done
    Column("state", SmallInteger, nullable=False, server_default="0"),  # storage/runtime/inbox.py
    Column("attempts", SmallInteger, nullable=False, server_default="0"),
    Column("owner", String(36), key="holder"),
    Column("lease_until", Instant),
    Column("error", Text),
    Column("received_at", Instant, nullable=False, index=True),
    Column("sent", Json),  # by a handling that did not come to its end, by request: [[chat, mark, number, …], …]
)
Index("ix_inbox_open", inbox.c.chat_id, inbox.c.update_id, **only("state IN (0, 1)"))
Index("ix_inbox_aside", inbox.c.received_at, **only("state = 3"))

message_ids = Table(
    "message_ids",
    metadata,
    # The numbers of messages that are known, as they were learnt: [[first, last], …]. One counter (0) for all private
    # chats and basic groups, one for each other chat, by its id.
    Column("id", Key, primary_key=True),
    Column("counter", BigInteger, nullable=False),
    Column("first", BigInteger, nullable=False),
    Column("last", BigInteger, nullable=False),
    Column("ranges", Json, nullable=False),
    Column("at", Instant, nullable=False),
    Index("ix_message_ids_counter_last", "counter", "last"),
)

loose_message = Table(
    "loose_message",
    metadata,
    # Chats where a message may be whose number nobody knows: a reply that is being sent, or one whose answer was lost.
    Column("id", Key, primary_key=True),
    Column("chat_id", BigInteger, nullable=False),  # 0: nobody knows in which
    Column("at", Instant, nullable=False, index=True),
)

throttle = Table(
    "throttle",
    metadata,
    # What Telegram asked us to wait for: "bot", or a chat's id. Remembered over a restart.
    Column("scope", String(40), primary_key=True),
    Column("until", Instant, nullable=False),
)

fact = Table(
    "note",
    metadata,
    # Small facts of the installation: the owner's one-time code (hashed), the heartbeat, the poller's lease.
    Column("name", String(60), primary_key=True),
    Column("value", Json, nullable=False),
    Column("updated_at", Instant, nullable=False),
)
