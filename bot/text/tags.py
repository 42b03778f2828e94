"""Reading the tags of any HTML."""

from html.parser import HTMLParser


class Tags(HTMLParser):
    """A parser of HTML that no HTML breaks."""

    def parse_marked_section(self, i: int, report: bool = True) -> int:  # noqa: FBT001, FBT002  as the library calls it
        """Pass over "<![...": what begins like a section and is none is a comment, as it is to browsers.

        The library's own takes it for a mistake of the program (AssertionError).
        """
        try:
            return super().parse_marked_section(i, report)
        except AssertionError:
            return self.parse_bogus_comment(i, report)
