"""Runs migrations on the connection that `storage.schema.migrate` hands over."""

from alembic import context

from storage.schema.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite cannot change a column; the table is made anew
    transaction_per_migration=False,
)
context.run_migrations()
