"""The database: connections of both engines, transactions, column types, prepared statements."""
