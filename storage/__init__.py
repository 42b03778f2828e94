"""What Visnyk remembers: tables, migrations, and one module for each family of rows, on SQLite and PostgreSQL."""
