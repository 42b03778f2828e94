### The wizard at the terminal: python -m bot setup.

setup-offer = There is no token yet. Set the bot up now? It takes two minutes (yes/no)
setup-yes = yes
setup-hello = This sets your newsroom up. Enter takes what is in brackets; Ctrl+C quits, and nothing is changed before the last question.
setup-no-terminal = The setup asks questions, and there is no terminal here. Without one: install -m 600 .env.example .env, put the token into BOT_TOKEN, and start.
setup-language = Language of the newsroom
setup-not-understood = That is not one of them.
setup-token-how = You get a token from @BotFather in Telegram: /newbot, a name, an address that ends in “bot”. It is not shown while you paste it.
setup-token = Token
setup-token-odd = This is not a token. One looks like 123456789:AA… – a number, a colon, 35 characters.
setup-token-refused = Telegram does not know this token. Copy it from @BotFather once more: /mybots → your bot → API Token.
setup-token-good = The token belongs to @{ $bot }.
setup-token-keep = There is a token already, of @{ $bot }. Keep it? (yes/no)
setup-token-elsewhere = The token is in { $where } and belongs to @{ $bot }; it stays there.
setup-token-elsewhere-refused = Telegram does not know the token in { $where }. Put a valid one there, or remove that setting and start again.
setup-away = Telegram ({ $host }) cannot be reached from here. Check the connection, then press Enter to try again; Ctrl+C quits.
setup-zone = Time zone, or a large city in it
setup-name = Name of the newsroom: what the bot is called, and the source of what you write
setup-name-long = A name has 1 to { $n } characters.
setup-name-odd = This name has characters that do not fit into .env. Choose another.
setup-picture = Picture of the bot: the path of a JPEG file; Enter for none
setup-picture-odd = It has to be a JPEG file of { $megabytes } MB at most. There is none there.
setup-picture-refused = Telegram did not take the picture. Later: /setuserpic at @BotFather.
setup-picture-later = The bot can get a picture later, too: /setuserpic at @BotFather.
setup-written = Written: { $file }. Only you can read it.
setup-unwritten = { $file } cannot be written ({ system-reason }). Nothing was changed.
setup-environment = Note: { $names } is also set in the environment of this shell, and that is what counts.
setup-telling = Setting name, descriptions, commands and the menu button in Telegram…
setup-told = Done. Inline mode is turned on at @BotFather: /setinline.
setup-told-later = Telegram did not take all of that. The bot sets it when it runs.
setup-name-later = Telegram did not take the name: it lets a bot be renamed only a few times a day. Later: /setname at @BotFather.
setup-owners = The owners are named in ADMINS.
setup-owned = The newsroom has an owner already.
setup-code = You become the owner by opening this link and pressing Start once the bot runs. It is good for an hour, and for one person. Or send the bot: /claim { $code }
setup-code-later = The code that makes you the owner is printed when the bot starts.
setup-link = Your bot: { $link }
setup-next = To start it: make run
setup-broken-off = { $written ->
    [yes] Stopped. .env is written and valid; what is missing at Telegram, the bot sets when it runs. To finish here: python -m bot setup
   *[no] Stopped. Nothing was changed.
  }
