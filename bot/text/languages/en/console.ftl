### The command line.

import-summary = New: { $new }, known: { $known }, rejected: { $rejected }.
import-undated = Without a date: { $n }. Search and “More on this” find them; they are not among the latest.
import-no-file = there is no such file
import-unknown-kind = neither RSS nor Atom nor JSON Lines nor the text of a page
import-too-large = the file is too large
import-entities = the file defines XML entities, which is not read
import-no-items = there is no news in the file
import-not-json = the line is not JSON
import-not-object = the line is not a JSON object
import-no-text = there is neither a title nor a text
import-bad-date = the date cannot be read
import-future = the date is in the future
import-not-a-page = this is not the text of an agency’s page: there is no line like “07:35 26.06.2023”
reindex-title = Rebuilding the index
reindex-done = The index is rebuilt. Articles: { $n }.
semantic-missing = The model is not installed. Run: make semantic
semantic-on = Ranking by meaning is on. The bot has new articles read as they come; “python -m bot semantic fill” has all of them read now.
semantic-off = Ranking by meaning is off. What the model has read is kept.
semantic-is-off = Ranking by meaning is off. To turn it on: make semantic
semantic-filling = Reading
semantic-filled = The model has read { $read } of { NUMBER($n) ->
    [one] { $n } article.
   *[other] { $n } articles.
  }
semantic-status = Ranking by meaning: { $on ->
    [yes] on
   *[no] off
  }. Model: { $installed ->
    [yes] installed
   *[no] not installed
  }. Articles read: { $read } of { $n }.
semantic-failed = The model does not run: { $reason }.
