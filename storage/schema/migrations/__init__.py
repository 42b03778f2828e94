"""The history of the tables, one for both engines. `HEAD` is the newest revision; a test holds it to the scripts."""

HEAD = "0008"
