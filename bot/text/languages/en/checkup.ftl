### How the newsroom and its machine are.

command-status = whether all is well
command-doctor = what is wrong, and what to do

doctor-well = ✅ All is well.
doctor-title = Needs attention: { $n }
doctor-more = …and { $n } more: python -m bot doctor
status-well = ✅ All is well
status-remarks = ✅ News gets through, but something needs attention: { $command }
status-ill = 🛑 News may not get through: { $n ->
    [one] { $n } cause, see { $command }
   *[other] { $n } causes, see { $command }
}
status-version = Visnyk { $version }
status-database = Database: { $engine }, tables { $revision }, { $size } MB
status-readers = Readers: { $n }
status-lane = { $lane ->
    [reply] asked for – { $n }
    [urgent] urgent – { $n }
    [instant] at once – { $n }
   *[digest] digests – { $n }
}
status-waiting = Waiting: { $what }
status-nothing-waits = Nothing is waiting to be sent.
status-last = Last send: { $time }; messages a second over the last minute: { $rate }
status-updates = Updates waiting to be handled: { $n }
status-uncertain = Unknown whether it arrived: { $n }
status-feeds = Feeds that fail: { $n }
status-compact = Deliveries up to { $time } are compact: corrections reach them, their history is gone
status-backup = Last backup: { $time }
status-no-backup = No backup has been made yet.
doctor-no-token = There is no token. Get one from @BotFather and put it into BOT_TOKEN.
doctor-token-odd = What is in BOT_TOKEN, or in the file BOT_TOKEN_FILE, is not a token. Copy it from @BotFather once more, without spaces and quotation marks.
doctor-token-unread = The file that BOT_TOKEN_FILE names cannot be read. Check the path and the rights.
doctor-env-lines = These lines of .env cannot be read: { $lines }. They are left out: an “=” or a quotation mark is missing. Correct them.
doctor-misspelt = { $name } is not a setting and changes nothing. Should it be { $meant }? Correct the name.
doctor-two-tokens = Both BOT_TOKEN and BOT_TOKEN_FILE are set; the file counts. Remove one of them.
doctor-webhook-nowhere = WEBHOOK is on, but PUBLIC_URL or HTTP_BIND is empty: Telegram cannot reach the bot. Set both, or turn WEBHOOK off.
doctor-webhook-not-https = WEBHOOK is on, and PUBLIC_URL is not https: Telegram brings nothing there. Put a proxy with a certificate in front.
doctor-certificate = WEBHOOK_CERTIFICATE: { $why ->
        [key] this file holds a private key. Name one that holds the certificate alone: nobody may have the key, not even Telegram
        [several] this file holds more than one certificate. Name one that holds the server’s alone
        [unreadable] this file cannot be read. Check the path and the rights
       *[none] this file holds no certificate in PEM form (-----BEGIN CERTIFICATE-----)
    }. Until then the bot does not start in webhook mode.
doctor-certificate-unused = WEBHOOK_CERTIFICATE is set, but WEBHOOK is off: nobody needs the certificate. Turn WEBHOOK on, or remove it.
doctor-hub-nowhere = WEBSUB_HUB is set, but PUBLIC_URL or HTTP_BIND is empty: there are no feeds the hub could fetch, and the bot will not start. Set both, or remove WEBSUB_HUB.
doctor-public-unheard = PUBLIC_URL is set, but the bot listens nowhere: its pages do not open. Set HTTP_BIND, or remove PUBLIC_URL.
doctor-paid-nothing = PAID_RATE is set, but PAID_STARS is 0: nothing is sent as a paid broadcast. Set both, or remove PAID_RATE.
doctor-too-fast = SEND_RATE is { $rate }, and Telegram allows 30 messages a second: it will refuse what is above. Set 30; for more there are paid broadcasts.
doctor-open-file = Everybody on this machine can read { $file }. Close it: chmod 600 { $file }
doctor-zones = This machine does not know these time zones: { $zones }. Their readers get digests at wrong hours. Update the system’s tzdata, or the Python package tzdata.
doctor-no-database = There is no database yet. If there should be one, check DATABASE_URL; otherwise start the bot.
doctor-other-version = The tables of the database are at { $revision }, which is another version’s. Start this version on it, or, if the database is newer, update the program.
doctor-damaged = The database is damaged. Stop the bot and put the newest backup in its place: python -m bot restore.
doctor-not-durable = PostgreSQL runs with synchronous_commit off: after a crash headlines can go out twice. Turn it on.
doctor-large-log = SQLite’s log has grown to { $size } MB. See whether another program keeps the database open for reading; when it ends, the log shrinks by itself.
doctor-little-room = Only { $size } MB are free on the disk of the database. Make room: on a full disk sending stops.
doctor-no-owner = The newsroom has no owner. Send the bot /claim and the code it prints when it starts, or name yourself in ADMINS.
doctor-slow-statements = The database is slow: { $n ->
    [one] a statement took
   *[other] { $n } statements took
} up to { $seconds } s (“{ $statement }”). See whether another program keeps its disk or processor busy; if not, tell the developers which statement it is.
doctor-token-refused = Telegram does not accept the token. Get a new one from @BotFather, put it into BOT_TOKEN and restart the bot.
doctor-telegram-away = Telegram cannot be reached ({ $error }). Check the network, the firewall and TELEGRAM_API_URL. What only Telegram knows is left out here.
doctor-webhook-of-others = Somebody has set a webhook for this bot, so no updates come in. Restart the bot, which removes it; if it was not you, get a new token from @BotFather.
doctor-webhook-lost = WEBHOOK is on, but Telegram brings updates elsewhere or nowhere. Restart the bot, and see that no other program uses the token.
doctor-webhook-fails = Telegram cannot bring updates: “{ $reason }”. Check PUBLIC_URL, the certificate and the proxy.
doctor-updates-missing = Telegram does not bring updates of these kinds: { $kinds }. Restart the bot; if that does not help, another program uses the token.
doctor-updates-not-fetched = Updates that wait at Telegram and that nobody fetches: { $n }. See that the bot runs, and that no other program uses its token.
doctor-clock = The machine’s clock is off by { $n } s. Turn on NTP: timedatectl set-ntp true
doctor-chat-closed = The bot may not write to “{ $chat }” ({ $status }). Let an administrator there give it the right, or remove it from the chat.
doctor-not-running = The bot is not running. Start it, and see in its log why it ended.
doctor-held = Sending waits for an owner’s answer: send, or skip, what waited through a stop. The question is in the chat with the bot.
doctor-second-poller = Another program has been asking Telegram for this bot’s updates for { $n } min, and takes some of them away. Stop it; if you do not know it, get a new token from @BotFather.
doctor-updates-late = Updates waiting to be handled: { $n }, the oldest for over a minute. See the log; if the machine is too slow, move to a faster one.
doctor-sends-late = A send has been under way for over six hours; copies still waiting: { $n }. See whether it is paused, and whether Telegram asks to wait.
doctor-set-aside = Updates that could not be read: { $n }. Look at them under /editors; a developer finds the cause by their numbers.
doctor-uncertain = Deliveries that may or may not have arrived: { $n }. Decide about them in the card of the send, under /published.
doctor-feeds-fail = Feeds that fail: { $n } ({ $feeds }). See why under /feeds; remove those that are gone.
doctor-no-backups = No backups are made. Name a folder in BACKUP_TO, best on another disk.
doctor-backup-unwritable = The folder of BACKUP_TO cannot be written to: it cannot be made, is a file, or the rights are missing. There will be no backups.
doctor-backup-lost = The newest backup is not in its place any more: { $file }. Make one: python -m bot backup
doctor-backup-fails = The last backup could not be made. { $why ->
    [full] There is no room on the disk: make room.
    [stranger] The chat that BACKUP_TO names does not belong to an owner. Name an owner’s chat, or a folder.
    [not-sent] Telegram did not take it. See whether the owner has blocked the bot.
    [too-large] It has become too large for a chat: name a folder.
    [unwritable] The folder of BACKUP_TO cannot be written to: check its rights.
   *[other] The log says why.
}
doctor-backup-open = BACKUP_TO names a chat, and there is no passphrase: nothing is sent there. Set BACKUP_PASSPHRASE, or name a folder.
doctor-two-passphrases = BACKUP_PASSPHRASE and BACKUP_PASSPHRASE_FILE are both set; the file counts. Remove the other.
doctor-passphrase-empty = The passphrase of backups is set, and empty: they are not encrypted. Fill it in, or remove it.
doctor-backup-old = The newest good backup is { $n } h old. See in the log why no newer one was made, or make one: python -m bot backup
doctor-backup-beside = The backups are in the folder of the database, and would be lost with it. Name a folder on another disk in BACKUP_TO.
doctor-backup-room = Only { $size } MB are free for backups, less than two of them need. Make room, or lower BACKUP_KEEP.
doctor-set-twice = { $setting } is in .env more than once, with different values; the last one counts. Remove the others.
doctor-unfilled = { $setting } in .env names a variable, as in “$” and braces, that is set nowhere: nothing stands in its place. Set the variable, or write the value itself.
doctor-model-missing = SEMANTIC is on, but the model is not installed: related items go by words. Install it: make semantic
doctor-api-plain = TELEGRAM_API_URL begins with http:// and leads to another network: everybody on the way can read the token. Use https://.
doctor-webhook-unreachable = WEBHOOK is on, but Telegram cannot reach PUBLIC_URL: it has to be a public address, at port 443, 80, 88 or 8443.
doctor-passphrase = The passphrase of backups cannot be used: { $why ->
        [short] it has fewer than ten characters
        [empty] the file that BACKUP_PASSPHRASE_FILE names is empty
       *[unread] the file that BACKUP_PASSPHRASE_FILE names cannot be read
    }. Correct it: until then the bot does not start.
doctor-owners-away = The bot cannot write to any of the owners: they have not pressed Start yet, or have blocked it. Nobody hears of trouble. Write to the bot.
doctor-no-fsync = PostgreSQL runs with fsync off: after a power cut the database can be damaged. Turn it on.
doctor-encoding = The database has the encoding { $encoding }: it does not hold every letter. Make one with the encoding UTF8 and copy: python -m bot copy-database.
doctor-few-connections = PostgreSQL takes { $n } connections at most, and one process may need { $least }. Raise max_connections.
doctor-overdue = Publications that should have gone out over ten minutes ago but have not begun: { $n }. See the log, and restart the bot.
doctor-webhooks-fail = Webhooks that take nothing: { $n } ({ $addresses }). Repair what listens there; to turn on one that is disabled: python -m bot webhooks enable.
doctor-backup-short = The newest backup is not all there: { $file }. Check the disk, and make a new one: python -m bot backup
