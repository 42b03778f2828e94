### The command line.

import-summary = New: { $new }, known: { $known }, rejected: { $rejected }.
import-undated = Without a date: { $n }. Search and “More on this” find them; they are not among the latest.
import-no-file = there is no such file
import-not-a-file = this is not an ordinary file; to import what another program writes, pipe it into: import -
import-unreadable = the file cannot be read
import-unknown-kind = neither RSS nor Atom nor JSON nor CSV nor OPML nor the text of a page
import-too-large = the file is too large: the limit is { $limit } MB
import-too-many = the file has more than { $limit } items; the rest was left out
import-encoding = unknown encoding: neither UTF-8 nor Windows-1251 nor KOI8-U. Save the text as UTF-8
import-entities = the file defines XML entities; such files are not read
import-no-items = there is no news in the file
import-pages-only = { $n ->
    [one] { $n } page without a news title: left out
   *[other] { $n } pages without a news title: left out
 }
import-no-feeds = the list names no feed
import-no-columns = the first line of the table names no columns: it needs at least title or text
import-bad-row = the row has { $n ->
    [one] { $n } cell
   *[other] { $n } cells
}, the table { $columns ->
    [one] { $columns } column
   *[other] { $columns } columns
}
import-bad-table = record { $n } cannot be read: a quotation mark is out of place
import-not-json = the line is not JSON
import-not-json-file = this is not JSON
import-not-object = the record is not a JSON object
import-long-line = the line is too long: more than 5 MB
import-long-item = the text is too long: more than 5 million characters
import-no-text = there is neither a title nor a text
import-unparsed = it cannot be read: something in it is written as no feed has it
import-not-out = it is not for readers: { $status }
import-not-article = it is not an article: { $kind }
import-only-media = there is no text, only the file { $file }
import-private-chat = “{ $chat }” is not a channel and was left out; export that chat by itself to take it
import-future = the date is in the future
import-not-a-page = this is not the text of an agency’s page: there is no line like “07:35 26.06.2023”
import-cut = the file ends in the middle of item { $n }: that item was left out
import-broken = item { $n } is not JSON and was left out
import-refused = the database does not take this record
import-bad-feed = this is not the address of a feed: { $address }

# Of what was taken, but not all of it, or not as it is written.
import-ends-early = the file ends early, after item { $n }
import-guessed = the file is not in UTF-8; read as { $encoding }
import-damaged = the text had damaged characters, which were left out
import-encoded-twice = the text had been encoded twice, which was undone
import-lost-places = bytes that make no characters, in { $n ->
    [one] { $n } place
   *[other] { $n } places
}; they were left out
import-spoilt = too much of the text is lost, or a part of a number
import-bad-date = the date cannot be read: “{ $date }”; taken without a date
import-unknown-zone = unknown time zone { $zone }; the time was taken as UTC
import-unresolved = incomplete address, the link was left out: { $address }
import-enclosure = this attachment was left out: { $address }
import-media = this file was left out: { $file }
import-pictures = pictures beside the first that were left out: { $n }
import-shared-address = { $n } different items without ids of their own have the address “{ $address }”: they are told apart by title and day
import-shortened-title = the title is too long; its first { $limit } characters were kept
import-shortened-lead = the lead is too long; its first { $limit } characters were kept
import-poll = this poll was left out: “{ $question }”
import-only-poll = this is only a poll: “{ $question }”
import-repeated-id = { $n } different items have the id “{ $id }”: they are told apart by address, or else by title and day
import-id-reused = the id “{ $id }” already belongs to another article: this one is known by its address, else by its title and day
import-rare-tags = rare tags stay tags and become no topics ({ $n }); search finds them: { $tags }
import-changed = changed at its source: “{ $title }”. To take the change over, add --update
import-changed-edited = changed at its source, but your desk has corrected it since and its text stays: “{ $title }”
import-updated = updated: “{ $title }”
import-changes = Changed at their source: { $changed }, updated: { $updated }.
import-follows = Feeds in the list: { $n }. To have them followed: python -m bot feeds add FILE. Their addresses:
reindex-title = Rebuilding the index
reindex-done = The index is rebuilt. Articles: { $n }.
semantic-missing = The model is not installed. Run: make semantic
semantic-on = Ranking by meaning is on. The bot has new articles read as they come; “python -m bot semantic fill” has all of them read now.
semantic-off = Ranking by meaning is off. What the model has read is kept.
semantic-is-off = Ranking by meaning is off. To turn it on: make semantic { $why }
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
semantic-unopened = Lists of “More on this” that were shown at least { $least } times and never led anywhere: { $n }.
semantic-choice = SEMANTIC={ $setting }: { $on ->
    [yes] by words and by meaning
   *[no] by words alone
  }{ $reason ->
    [setting] , as the settings say
    [hand] , as “python -m bot semantic” was told
    [room] , with { $free } MB of memory free, where 300 are needed
    [missing] , because the model is not installed: make semantic
   *[unknown] , because this machine does not tell how much memory is free; to turn it on all the same: SEMANTIC=on
  }.
semantic-failed = The model does not run: { $reason }.

feeds-cli-added = added: { $name } ({ $address })
feeds-cli-there = there already: { $address }
feeds-cli-removed = removed: { $address }
feeds-cli-unknown = there is no such feed: { $address }
feeds-cli-holds = items: { $n }, could not be taken: { $left }

## Tokens

token-cli-made = Token “{ $name }” made. Save it now: it will not be shown again.
token-cli-taken = There is a token called “{ $name }” already.
token-cli-name = A name may not be empty, nor longer than { $n } characters.
token-cli-unknown = There is no valid token called “{ $name }”.
token-cli-revoked = Token “{ $name }” revoked. What it has brought stays.
backup-cli-made = Backup made, opened and checked: { $path }
backup-cli-good = The backup is good: { $path }
backup-cli-holds = It holds { $rows ->
    [one] { $rows } row
   *[other] { $rows } rows
 }: articles { $articles }, readers { $readers }, deliveries { $deliveries }. Articles drawn to try: { $drawn }.
backup-cli-beat = The bot last ran on it at { $time } (UTC). What happened later is not in it.
restore-done = Restored. Start the bot: before anything that waits goes out, it asks the owners.
restore-copying = Restoring
copy-title = Copying
copy-done = Copied and compared: { $rows ->
    [one] { $rows } row
   *[other] { $rows } rows
 } in { $seconds } s. Now set DATABASE_URL to the new database and start the bot: before anything that waits goes out, it asks the owners. Never start the bot on the old one again.

## Whether it lives

alive-silent = The process at HTTP_BIND does not answer.
alive-nowhere = HTTP_BIND is empty: the bot listens nowhere, so nobody can ask whether it lives.
