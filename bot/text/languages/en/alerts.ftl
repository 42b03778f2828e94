### What the bot tells owners about Telegram.

alert-wait = ⏳ Telegram asks to wait until { $time }
alert-wait-bot = The whole bot is limited. One message is tried every minute; as soon as it gets through, sending resumes by itself. There is nothing you need to do.
alert-wait-chats = { $n ->
    [one] This is about { $n } chat; everybody else gets everything as usual. What is out of date by then arrives there in a digest.
   *[other] This is about { $n } chats; everybody else gets everything as usual. What is out of date by then arrives there in a digest.
}
alert-rival = ⚠️ Another program takes this bot’s updates
alert-rival-text = It has been doing so since { $time }. Some messages and taps go there and not here, and people get no answer. Stop the second copy; if it is not yours, get a new token from @BotFather (/revoke), put it into BOT_TOKEN and restart the bot.
alert-webhook = ⚠️ Somebody set a webhook for this bot
alert-webhook-text = While it was there no updates came in. It has been removed, and nothing that came in was lost. If it was not you, get a new token from @BotFather (/revoke), put it into BOT_TOKEN and restart the bot.
alert-webhook-replaced = ⚠️ Somebody changed this bot’s webhook
alert-webhook-replaced-text = The bot has set its own again, and nothing that came in was lost. If it was not you, get a new token from @BotFather (/revoke), put it into BOT_TOKEN and restart the bot.
alert-webhook-fails = ⚠️ Telegram cannot deliver updates
alert-webhook-fails-text = { $n ->
    [one] { $n } update is waiting.
   *[other] { $n } updates are waiting.
 } Readers get no answers. Telegram says: “{ $reason }”. Check PUBLIC_URL, the certificate and the proxy; nothing is lost, and the updates will come once the connection is back.
alert-webhook-works = ✅ Telegram delivers updates again
alert-token = ⚠️ Telegram did not accept the bot’s token
alert-token-text = From { $since } to { $until } the bot received and sent nothing. It works again now; what is out of date arrives in a digest.
alert-locked = ⏳ Another program holds the database
alert-locked-text = { $name } has not let go of it since { $time }. Sends, and answers that have to write something, are waiting; nothing is lost and nothing comes twice. As soon as it lets go, everything continues by itself.
alert-locked-end = If it is a forgotten transaction, end it in psql: SELECT pg_terminate_backend({ $process });
alert-apart = 🕒 The servers’ clocks differ
alert-apart-ahead = { $n ->
    [one] On the machine { $name } it is { $n } second ahead of the database’s.
   *[other] On the machine { $name } it is { $n } seconds ahead of the database’s.
}
alert-apart-behind = { $n ->
    [one] On the machine { $name } it is { $n } second behind the database’s.
   *[other] On the machine { $name } it is { $n } seconds behind the database’s.
}
alert-apart-text = So processes on different machines may take each other for gone: Telegram has to be asked about some of what was sent, and an answer may come twice. Turn on time synchronisation (NTP) on all machines.
alert-unread = { $n ->
    [one] ⚠️ { $n } update from Telegram could not be read
   *[other] ⚠️ { $n } updates from Telegram could not be read
}
alert-unread-text = They were set aside, and the bot keeps working. Somebody may be without an answer.

alert-read = ✅ The model has read all the news
alert-read-text = { $n ->
    [one] It has read { $n } article.
   *[other] It has read { $n } articles.
} “More on this” now goes by meaning as well as by words, also between languages. New articles are read as they go out. There is nothing you need to do.

unread-show = ⚠️ Show what was not read
unread-button = ⚠️ Not read: { $n }
unread-title = Not read: { $n }
unread-text = The bot could not read or handle these updates from Telegram. They are kept in the database for 30 days; nothing that people wrote is shown here. The number and the reason tell a developer what happened.
unread-none = Everything has been read.
unread-line = • { $time } · { $what } · no. { $number } · { $why }
unread-more = …and { $n } more
unread-message = a message
unread-callback-query = a tap on a button
unread-channel-post = a post in a channel
unread-inline-query = a search from another chat
unread-my-chat-member = a change of the bot’s rights
unread-unknown = something unknown
backup-late = ⚠️ There is no new backup
backup-newest = The newest good one is from { $time }.
backup-none = There is no good one yet.
backup-again = The bot keeps trying and will tell you when it works. Destination: { $folder }
backup-well = ✅ Backups work again. The newest was opened and checked: { $path }
backup-failed = { $why ->
    [full] There is no room on the disk of the backups. Make room or choose another folder.
    [unwritable] The folder of the backups cannot be written to. Check that it is there and who owns it.
    [failing] The disk of the backups reports errors. Choose another one.
    [damaged] The backup cannot be read properly: it, or the database it was made from, is damaged.
    [unreadable] An article in the backup cannot be shown: its text is damaged.
    [foreign] This is not a Visnyk backup.
    [newer] This backup was made by a newer Visnyk. Update the program first.
    [differs] The copy of the database does not agree with the database.
    [passphrase] The passphrase does not open this backup: it was encrypted with another one. Look at BACKUP_PASSPHRASE.
    [slow] This machine would take too long to open the backup: a much faster one encrypted it. Open it there, or with age: tar xf FILE && age -d -i key.age -o visnyk.db visnyk.db.age
    [scratch] There is no room, or no right, to open the backup in the folder for temporary files. Make room, or name another folder in TMPDIR.
    [locked] This backup is encrypted. Put its passphrase into BACKUP_PASSPHRASE or BACKUP_PASSPHRASE_FILE.
    [open] Backups that go to a chat leave this machine, so they have to be encrypted: set BACKUP_PASSPHRASE, and keep it somewhere else as well.
    [stranger] The chat in BACKUP_TO does not belong to an owner.
    [too-large] The backup is larger than 50 MB, the most that a bot can send. Name a folder in BACKUP_TO.
    [not-sent] Telegram did not take the backup; the log says why.
    [stopped] The bot was stopped before the backup was done.
   *[other] The backup could not be made; the log says why.
}

## Outside Telegram, for ALERT_URL

outside-telegram = Visnyk: Telegram has not answered for two minutes. Nothing is lost, and the bot carries on by itself when it answers. See whether this machine can reach the internet.
outside-token = Visnyk: Telegram does not accept the bot’s token any more. Get the current one from @BotFather, put it into BOT_TOKEN, and restart.
outside-over = Visnyk: that is over. Everything works again.
