"""The launcher: `python -m bot <command>`. Commands import what they need themselves, so that help is quick."""

import sys

from bot.errors import ConfigError


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit status: 0 done, 1 failed, 2 called wrongly."""
    try:
        from bot.cli.parser import make_parser  # lists the languages: one that is broken is told here

        options = make_parser().parse_args(arguments)
        return int(options.run(options))
    except ConfigError as error:
        print(error, file=sys.stderr)  # noqa: T201  the command line's way to speak
        return 2
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
