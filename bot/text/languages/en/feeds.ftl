### Feeds: why something could not be fetched, the screens of /feeds, what the desk is told.

fetch-address = This is no address. It should look like https://example.org/feed
fetch-scheme = Only addresses that begin with http:// or https:// will do
fetch-credentials = The address carries a name and a password. The bot keeps no such addresses: ask the site for one without them
fetch-port = Port { $detail } is closed: the bot asks on 80 and 443 only. If the server is yours, add its address with the port to FETCH_ALLOW
fetch-network = { $detail ->
    [loopback] This address leads to the bot’s own machine.
    [metadata] This address hands out the keys of a cloud server.
    [multicast] This is an address of many machines, not of a server.
    [reserved] There is no such address on the internet: it is reserved.
    [unspecified] This address leads nowhere.
    [mapped] This address is written in a roundabout way: IPv4 inside IPv6.
    [translated] This address leads through a NAT64 translator, nobody knows where to.
    [tunnel] This address leads through a tunnel, nobody knows where to.
    [carrier] This address leads into a provider’s own network.
   *[other] This address leads into an internal network.
} If the feed is really there, add the address to FETCH_ALLOW
fetch-name = There is no server of that name. Check the address for a slip
fetch-connection = The server does not answer, or breaks off. The bot keeps trying by itself; if it goes on, ask the site
fetch-tls = The site’s certificate is not valid, so nobody knows who really answers. Write to the site; do not switch the feed to http://
fetch-timeout = The server did not manage in { $detail } s. The bot keeps trying by itself
fetch-protocol = What the server says is not what a site says. Check the address
fetch-redirects = The address goes in circles: after { $detail } redirects there is no end. Write to the site
fetch-redirect = The server redirects without saying where to. Write to the site
fetch-size = The feed is too large: more than { $detail } MB. Look for a shorter one on the site
fetch-packing = The answer is compressed in a way that cannot be undone. Write to the site
fetch-kind = This is neither a feed nor a page but a file ({ $detail })
fetch-denied = The site does not let the bot in ({ $detail }). Ask the site to open the feed to programs; what the bot calls itself stands in its requests
fetch-missing = There is nothing at this address ({ $detail }). The feed may have moved: look for its new address on the site
fetch-gone = The site says that the feed is gone for good ({ $detail }). The bot does not ask for it any more
fetch-busy = The site wants to be asked less often ({ $detail }). The bot does that; there is nothing you need to do
fetch-server = The site has an error ({ $detail }). The bot keeps trying by itself
fetch-status = The site’s answer makes no sense ({ $detail }). Check the address
fetch-no-feed = This address is not a feed. Check it: RSS, Atom or JSON Feed should be there
fetch-damaged = Some characters of the feed are damaged. Let the site know.
fetch-damaged-taken = Taken without them: { $titles }.
fetch-damaged-refused = Not taken, as too much of the text is lost or a part of a number: { $titles }.
fetch-entities = The feed defines XML entities of its own. That is done to do harm, so the bot does not read it
fetch-encoding = The feed’s encoding is not known. Write to the site: it should be UTF-8
fetch-robots = The site asks programs not to read these pages, or not to show their text (robots.txt, a mark like noarchive). The bot obeys; ask the site, or turn full texts off
fetch-paid = The whole text is for the site’s subscribers only. Ask the site for a full feed, or turn full texts off
fetch-no-text = There is no text of an article on the page. The site may show it in browsers only
fetch-unreadable = The feed cannot be parsed: it is broken, or takes too much memory or time. Write to the site

feeds-title = 📡 Feeds
feeds-none = Nothing comes from here yet. Add the address of a site or of its feed (RSS, Atom or JSON Feed), or a Telegram channel where the bot is an administrator.
feeds-add = ➕ Add a feed
feeds-ask = Send the address of a feed, or of a site that has one. A Telegram channel where the bot is an administrator is named by its @name, a link to one of its posts, or a forwarded post.
feed-looking = 🔎 Looking what is there…
feed-not-found = No feed was found
feed-offers = The page has several feeds
feed-offers-text = Which one shall be shown? In brackets is how many items it holds.
feed-offer = { $n ->
    [one] The feed holds { $n } item: it goes to the archive and is not sent. What shall be done with new ones?
   *[other] The feed holds { $n } items: they go to the archive and are not sent. What shall be done with new ones?
}
feed-offer-empty = The feed is empty so far. What shall be done with items when they come?
feed-there = This feed is there already.
feed-added = Added. It is being asked for the first time.
feed-added-channel = Added. What the channel posts from now on comes by itself.
feed-channel = a Telegram channel
feed-channel-not-ours = The bot is no administrator of “{ $name }”, so it does not see what is posted there. Make it an administrator (no rights are needed) and try again.
feed-channel-reads = This channel receives the newsroom’s news. Its own posts go to everybody else, not back to it.
feed-channel-unknown = The bot sees no such channel. Check its name, or forward one of its posts here. The bot has to be an administrator there.
feed-offer-channel = What is in the channel already stays there: Telegram shows the bot only what is new. What is to become of new posts?
feed-over-channel = The bot is no administrator of this channel any more, so its posts do not reach it. Everything it has brought stays. Make the bot an administrator again, and it goes on.
feed-full-text = Full text, from the pages
feed-page-pictures = Pictures from the pages
feed-page-trouble = 📄 The full text could not be had the last time, so the feed’s own was taken. { $reason }
feed-show = Show the feed
feed-asked = Asking. The feed’s card will show what came of it.
feed-mode-approve = For approval
feed-mode-publish = Publish at once
feed-mode-archive = Archive only
feed-mode-approve-text = What is new becomes drafts: an editor publishes.
feed-mode-publish-text = What is new goes out at once, without an editor. It is never urgent by itself.
feed-mode-archive-text = What is new can be found and is listed under its topics, but is not sent.
feed-active = at work
feed-paused = paused
feed-ended = over
feed-offered = not added
feed-last = last answer: { $time }
feed-next = next: { $time }
feed-never = never so far
feed-rate = { $n ->
    [one] { $n } item a day
   *[other] { $n } items a day
}
feed-failures = { $n ->
    [one] Failed attempts: { $n }.
   *[other] Failed attempts in a row: { $n }.
}
feed-held = 🌊 Held back: { $n }
feed-every = ⏱ { $every }
feed-every-auto = by activity
feed-every-text = How often shall it be asked? “By activity” asks more often the more news there is. Where the site wants to be asked less often, the bot obeys.
feed-language = 🌐 { $language }
feed-language-own = by its text
feed-language-text = In which language is this feed?
feed-topics = 🏷 Categories
feed-topics-text = The feed’s category → the newsroom’s topic. Tap to change. A feed makes no new topics: a category without one stays a tag, which search finds.
feed-topic-text = Under which topic shall it go?
feed-topic-every = Everything in this feed
feed-topic-auto = by name and text
feed-topic-none = no topic
feed-source = ✏️ Source name
feed-ask-source = What shall the source be called under the news? To call it as the feed does, send “-”.
feed-pause = ⏸ Pause
feed-resume = ▶️ Turn on
feed-ask-now = 🔄 Ask now
feed-remove = ✖ Remove
feed-remove-title = Remove the feed?
feed-remove-text = Everything that came from it stays.
feed-remove-yes = Yes, remove it

feed-damaged = ⚠️ The feed “{ $name }” comes with damaged characters
feed-failing = ⚠️ The feed “{ $name }” does not answer as it should
feed-failing-text = The last good answer: { $time }. You will hear when it works again.
feed-over = ⚠️ The feed “{ $name }” is over
feed-over-text = The site says that nothing new will come, so the bot does not ask any more. Everything that came from it stays. The site may have a new address.
feed-recovered = ✅ The feed “{ $name }” works again
feed-recovered-text = There is nothing you need to do.

flood-title = { $n ->
    [one] 🌊 A feed brought { $n } new item at once
   *[other] 🌊 A feed brought { $n } new items at once
}
flood-text = That happens when a site is rebuilt. They are held back, and nothing was sent to anybody. What shall be done with them?
flood-archive = 🗄 All to the archive, send none
flood-approve = 📝 All to the drafts
flood-publish = 📣 Publish and send all
flood-drop = ✖ Take none
flood-released = { $n ->
    [one] Done: { $n } item.
   *[other] Done: { $n } items.
}

source-changed = 🔁 “{ $name }” has changed an article
source-take = Take the new text
source-typo = Mend it silently
source-correction = Correct it and tell readers
source-leave = Leave it as it is
source-taken = ✅ The text is up to date
source-left = Left as it was
source-note = The source updated the text.
source-vanished = 🕳 “{ $name }” has taken an article away
source-vanished-text = It is not in the feed any more, though older ones are. Nobody knows why; nothing was changed here.

### /sources: systems that bring news through the API.
tokens-title = 🔑 Sources through the API
tokens-text = Systems that bring news by themselves: a site, a CMS, a script. Each has a token of its own.
tokens-none = None so far.
tokens-add = ➕ New token
token-used = last used: { $time }
token-unused = not used yet
token-since = Made: { $time }
token-may-draft = drafts
token-may-publish = publishes
token-may-correct = corrects
token-new = A new token
token-new-text = What may this system do? Its name comes next.
token-draft = Bring drafts
token-publish = Publish, plan, put into the archive
token-correct = Correct and retract what is public
token-next = Next: its name
token-ask-name = What is this source called? That is what stands under its news.
token-made = ✅ The token “{ $name }” is made
token-made-text = It is in the message above. Copy it into the system’s settings: it will be nowhere else. Then remove that message from the chat.
token-made-may = It may do this: { $may }.
token-hide = 🗑 Remove the token from the chat
token-hidden = Removed
token-revoke = ✖ Revoke
token-revoke-title = Revoke the token “{ $name }”?
token-revoke-text = The system loses access at once, and this token cannot be brought back. Everything it has brought stays.
token-revoke-yes = Yes, revoke it
token-revoked = The token “{ $name }” is revoked
error-name-taken = The name “{ $name }” was used before. Send another.
