"""What the tests share: people, a newsroom to put them in, a clock, a PostgreSQL."""
