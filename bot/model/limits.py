"""How long things may be, for every door an article comes in by. Characters, unless it says otherwise."""

# What may be stored: an editor who types is told when something is longer, what arrives in a feed or a file is cut.
TITLE_MOST = 500  # the longest titles that agencies send; whatever came in can be corrected without shortening it
LEAD_MOST = 1_000  # a long paragraph
TEXT_MOST = 100_000  # of a body that somebody types; several times the longest article anybody reads
SOURCE_MOST = 200  # as the column has it
NOTE_MOST = 300  # what an editor says of a correction: a sentence or two
TOPIC_MOST = 60  # the name of a topic in a feed, or of a tag
TAGS_MOST = 40  # tags of one article
WORDS_SHOWN = 80  # of followed words as they were typed, which is how their reader knows them
PHRASE_MOST = 120  # the words that a reader follows, as lemmas with spaces between them; as the column has it
NAME_MOST = 200  # what an input calls an article or a story, as the columns have it

# What a text without named parts is taken for: longer than this, a line is a paragraph of the body.
TITLE_LINE = 250
LEAD_LINE = 600

# What is shown where there is little room, in Telegram's units; the article itself shows all of it.
TITLE_SHOWN = 300
LEAD_SHOWN = 600  # in a push
SOURCE_SHOWN = 48
