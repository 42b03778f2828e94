### The command line: how it is called, and why it cannot do what it is asked for.

args-usage = usage:
args-positional = arguments
args-options = options
args-help = show this help
args-version = show the version

args-missing = Arguments are missing: { $names }
args-unknown = Unknown arguments: { $names }
args-choice = { $name }: { $value } does not fit; there are: { $choices }
args-number = { $name }: { $value } is not a number
args-value-missing = { $name }: a value is missing
args-value-needless = { $name }: it takes no value, but { $value } was given
args-ambiguous = { $name } may mean several: { $choices }
args-count = { $name }: it must be a number from 1 to 200
args-port = { $name }: it must be a number from 0 to 65535
args-speed = { $name }: it must be a number greater than 0
args-wrong = That is not how the command is used; { $command } shows how.

args-visnyk = Visnyk: a newsroom inside Telegram.
args-run = start the bot (settings: README)
args-role = what this process does: talk to people (web), send (sender), or both (all); several need PostgreSQL (default: %(default)s)
args-setup = set the bot up, question by question: token, name, language; writes .env
args-offer = only if there is no token, and somebody at a terminal agrees (make run)
args-alive = tell by the exit status whether the process at HTTP_BIND lives
args-ready = whether it can serve, and if not, why
args-demo = show the whole product on this machine, without Telegram
args-demo-port = where the page is served (default: %(default)s)
args-terminal = in this terminal instead of a page
args-demo-language = whose terminal it is (default: %(default)s)
args-demo-speed = how fast the clock runs (default: %(default)s)
args-import = take in files: RSS, Atom, JSON, CSV, Telegram; docs/IMPORT.md
args-files = a file, a folder of files, or “-” for standard input
args-push = also send what is imported to readers (default: archive only)
args-update = also take in what has changed since (default: it is only reported)
args-zone = time zone of dates that have none (default: TIMEZONE)
args-feeds = add, list, remove or try feeds that news comes from; docs/IMPORT.md
args-feeds-add = add feeds; nothing is sent of what they hold already
args-feed = a feed, a page that has one, or an OPML file
args-mode = what becomes of new items: drafts, published at once, or only the archive (default: %(default)s)
args-feeds-list = list the feeds, a line each, columns separated by tabs
args-opml = print them as an OPML list, which other readers of feeds understand
args-feeds-remove = remove feeds; what came from them stays
args-feed-listed = the feed’s address, as it is listed
args-feeds-check = show what is at an address; adds nothing, needs no database
args-feed-or-page = a feed, or a page that has one
args-token = make, list or revoke tokens of systems that bring articles; docs/API.md
args-token-add = make a token; it is printed once and kept nowhere
args-token-name = what it is called here
args-source = the source its articles name (default: NAME)
args-scope = what it is good for; may be given several times
args-token-list = list the tokens, a line each, columns separated by tabs
args-token-revoke = end a token; what it has brought stays
args-token-listed = as it is listed
args-webhooks = tell other systems what is published; docs/HTTP.md
args-webhooks-add = add an address; the secret that signs is printed once
args-webhook-address = where it is told: https://…
args-events = what it is told (default: everything)
args-webhooks-list = list the webhooks, a line each, columns separated by tabs
args-webhooks-remove = end a webhook; what it was still to be told is forgotten
args-webhooks-test = send it a test message now, and say what comes of it
args-webhooks-enable = tell one again that was disabled; what waits goes out
args-webhook = its number, or its address
args-backup = make a backup and check it; the bot may be running; docs/OPERATIONS.md
args-backup-folder = a folder (default: BACKUP_TO, else backups)
args-restore = put a backup into an empty database; docs/OPERATIONS.md
args-backup-file = the backup
args-restore-check = only read it through and say what it holds
args-copy = copy everything into an empty database of either engine; docs/OPERATIONS.md
args-copy-from = sqlite:///file or postgresql://user:password@host/name
args-copy-to = the same, of an empty one
args-doctor = say what is wrong and what to do; exit status 1 when anything is
args-json = one JSON object
args-status = say how the newsroom stands; exit status 1 when news does not get through
args-who = the number of a person, group or channel; a person’s own is at the end of /help
args-export = write everything stored about somebody as JSON; docs/OPERATIONS.md
args-export-to = a new file (default: standard output)
args-erase = erase everything stored about somebody; the bot may be running
args-yes = do not ask
args-related = list what is related to articles; docs/RELEVANCE.md
args-articles = an article’s number, the id it was imported with, or “-” for standard input
args-json-lines = one JSON object a line
args-limit = at most so many (default: %(default)s)
args-search = search the archive as readers do; docs/RELEVANCE.md
args-words = what to look for, or “-” for a query a line on standard input
args-json-queries = one JSON object a query, on one line
args-newest = newest first, not best first
args-compare = tell whether two texts are duplicates or one story; docs/RELEVANCE.md
args-compare-long = Reads JSON Lines { $pair } and answers each with { $answer }, in order. Needs no database.
args-compare-semantic = let the optional model read the texts too (make semantic)
args-reindex = work out the word index anew; the bot may be running
args-semantic = the optional model that ranks by meaning; docs/RELEVANCE.md
args-semantic-act = on, off: turn it on or off; fill: let it read what is published; status: tell how far it is; wanted: the exit status tells whether there is room for it here and the setting agrees; serve: texts on standard input, a JSON string a line, are answered with vectors (what the bot starts)

## Settings that do not fit

config-settings = Settings: { $what }.
value-number = { $setting }: it must be a valid number
value-whole = { $setting }: it must be a valid integer
value-above = { $setting }: it must be greater than { $n }
value-least = { $setting }: it must be at least { $n }
value-most = { $setting }: it must be at most { $n }
value-choice = { $setting }: it must be one of: { $choices }
value-network = { $setting }: it must be addresses or networks, separated by commas
value-entry = { $setting }: entry { $n } is not a network, an address or a name, with or without a port
value-zone = { $setting }: there is no time zone of that name; one looks like Europe/Kyiv
value-bind = { $setting }: it looks like 127.0.0.1:8080 or [::]:8080
value-hub = { $setting }: it must start with http:// or https:// and have no spaces
value-address = { $setting }: it must start with http:// or https:// and name a server, such as https://proxy.example:3128
value-ascii = { $setting }: it must be one line of ASCII: it goes into the head of a request
value-chat = { $setting }: a chat looks like chat:123456789; a person’s number is at the end of /help
value-days = { $setting }: it must be 0, or { $n } at least
value-public = { $setting }: it looks like https://news.example, without spaces, ? and #
value-people = { $setting }: a person’s number is positive and stands at the end of /help; those of groups and channels do not belong here
value-empty = { $setting }: it is set, and empty. Name a database, or remove the setting: then it is sqlite:///data/visnyk.db
value-odd = { $setting }: this value does not fit

system-reason = { $code ->
    [ENOENT] no such file or folder
    [EACCES] not allowed
    [EPERM] not allowed
    [EISDIR] it is a folder
    [ENOTDIR] a part of its path is a file, not a folder
    [EEXIST] there is such a file already
    [ENOSPC] no room on the disk
    [EDQUOT] no room on the disk
    [EFBIG] a file of that size is not allowed
    [EROFS] the disk is read-only
    [EIO] the disk reports errors
    [ENAMETOOLONG] the name is too long
    [EILSEQ] the text in it is not UTF-8
    [EADDRINUSE] the port is taken
    [EADDRNOTAVAIL] this machine has no such address
   *[other] the system refuses, { $code }
 }

config-no-token = BOT_TOKEN is not set. Get a token from @BotFather and put it into .env, or try everything without one: make demo
config-no-token-read = BOT_TOKEN is not set, and line { $line } of .env cannot be read: an “=” or a quotation mark is missing. Correct it.
config-no-token-named = BOT_TOKEN is not set. There is { $name }, which is not a setting: should it be BOT_TOKEN?
config-token-odd = { $setting }: this is not a token; one looks like 123456789:AA… and comes from @BotFather.
config-token-refused = BOT_TOKEN: Telegram does not accept this token. Get a new one from @BotFather: /mybots → your bot → API Token.
config-unreadable = { $setting } cannot be read: { system-reason }.
config-system = { $name }: { system-reason }.
config-not-utf8 = .env is not in UTF-8. Save it as UTF-8.
config-passphrase-empty = The file that BACKUP_PASSPHRASE_FILE names is empty.
config-passphrase-short = The passphrase of backups is too short: at least { $n } characters.
config-certificate = WEBHOOK_CERTIFICATE: { $why ->
    [key] this file holds a private key. Name one that holds the certificate alone.
    [several] this file holds more than one certificate. Name one that holds the server’s alone.
    [unreadable] this file cannot be read.
   *[none] this file holds no certificate in PEM form (-----BEGIN CERTIFICATE-----).
 }
config-bind = HTTP_BIND: cannot listen on { $address }: { system-reason }.
config-hub = WEBSUB_HUB needs HTTP_BIND and PUBLIC_URL: without them there are no feeds it could fetch.
config-webhook = WEBHOOK=on needs { $setting }: without it Telegram cannot bring anything.
config-not-https = PUBLIC_URL: Telegram brings updates to https:// only.
config-role = --role: SQLite serves one process, which does everything. Several need PostgreSQL.
config-zone = --zone: there is no time zone “{ $zone }”; a name looks like Europe/Kyiv.
config-language-file = { $file }: the file of a language cannot be read ({ $reason }).
config-no-languages = VISNYK_LANGUAGES: there is no folder { $folder }.
config-no-database = There is no database in { $path }. Check { $setting }.
config-no-file = There is no file { $file }.
config-no-libraries = This Python ({ $python }) does not have what Visnyk needs: { $missing }. Install it, in { $folder }: make setup
config-no-owner = This newsroom has no owner yet. Send the bot, within an hour:  /claim { $code }

## The database

database-address = { $setting } must start with sqlite:/// or postgresql://, and look like sqlite:///data/visnyk.db or postgresql://user:password@host/name.
database-no-file = { $setting }: SQLite needs a file, for example sqlite:///data/visnyk.db.
database-no-options = { $setting }: the address of a SQLite file takes no options, and its name no “?”. Take out “?” and what follows it, or rename the file, as in sqlite:///data/visnyk.db.
database-held = Another Visnyk is running on { $path }. Stop it first: on SQLite there can be only one. For several, set DATABASE_URL to a PostgreSQL database.
database-in-use = Visnyk is running on the PostgreSQL database. Stop every process of it first.
database-newer = The database belongs to a newer Visnyk (its tables are at { $revision }): update the program.
database-half = This database is being filled by copy-database or restore, or that was cut off. Run the same command again: it carries on where it stopped.
database-older-runs = This version changes the tables ({ $revisions }) in a way that an older Visnyk cannot live with, and one is running on this database. Stop every process of it first, then start this one.
database-copied = This database is being copied. Start again when that is done.
database-silent = The database does not answer ({ $reason }). Check { $setting }; in a password the signs @ : / # % are written %40 %3A %2F %23 %25.
database-trouble = { $why ->
    [damaged] The database { $path } is damaged, or is not an SQLite database. Nothing was changed. Put the newest backup in its place, or save what can be read: sqlite3 { $path } .recover | sqlite3 saved.db.
    [full] There is no room on the disk for the database { $path }. Make room, then start again: nothing is lost.
    [failing] The disk reports errors in the database { $path }. Copy the whole folder before anything else.
   *[unwritable] The database { $path } cannot be opened for writing. Check that it is a file, not a folder, and that this user may write to it and to the folder it is in.
 }
database-lost = { $why ->
    [gone] The database, or a table of it, is not there any more.
    [forbidden] The database refuses: the rights for it are missing, or were taken away.
    [read-only] The database cannot be written to any more.
    [full] There is no room on the disk of the database.
    [busy] The database did not answer in time, or takes no more connections.
    [failing] The disk of the database reports errors, or what is on it cannot be read.
   *[lost] The connection to the database was lost: the server has stopped, restarts, or has ended it.
} { $then ->
    [start] Nothing is lost: the next start carries on.
    [on] Nothing was changed at the source. Run the same command again when that is over: it carries on where it stopped.
    [once] It was made as a whole or not at all: { $list } shows which. If it is there and you have not seen its secret, remove it and make it anew.
    [again] What it has done stays, and nothing is half done. Run the same command again when that is over: it does the rest.
   *[nothing] Nothing was changed. Run the same command again when that is over.
}
copy-other-version = The database to copy from has the tables of another version. Start this version on it once, stop it in good order, then copy.
copy-of-another = A copy of another database was begun here. Start with an empty one.
copy-whole = Everything has already been copied here and compared, and no bot has run on it since.
copy-not-empty = The database to copy into is not empty: there are rows in { $table }.
copy-differs = The copy is not what it was copied from: { $table } has { $there } rows there and { $here } at the source, or they say something else. Nothing was changed at the source, and nothing starts on the copy. Empty it, see that no bot runs on the source, and copy again.
restore-not-empty = There is already a database in { $path }, or the log of one. Move it away first: nothing is overwritten.

## When there is nothing to answer

shell-nothing-found = Nothing was found for “{ $query }”.
shell-nothing-meant = Instead of “{ $query }”, did you mean “{ $suggestion }”?
shell-nothing-to-search = There is nothing to search for in “{ $query }”.
shell-no-article = There is no published article “{ $name }”.
shell-odd-pair = { $what ->
    [no-json] This line is not JSON.
    [no-object] This line is not a JSON object.
    [no-number] { $part } is not a number.
    [missing] { $part } is missing.
    [no-text] { $part } is not text.
   *[empty] { $part } has neither a title nor a text.
}
shell-nothing-related = Nothing is related to it.
shell-no-feeds = There are no feeds. To add one: python -m bot feeds add ADDRESS
shell-no-tokens = There are no tokens. To make one: python -m bot token add NAME --scope draft
shell-no-webhooks = There are no webhooks. To add one: python -m bot webhooks add ADDRESS
shell-no-items = There are no items in this feed now.
shell-detail = Technically: { $detail }

## The demo

shell-demo-open = Visnyk is open:  { $address }  To stop it: Ctrl+C
shell-demo-help =
    r <text>   the reader writes      r <number>   the reader presses that button
    e <text>   the editor writes      e <number>   the editor presses that button
    Several lines: end a line with \   Leave: q
