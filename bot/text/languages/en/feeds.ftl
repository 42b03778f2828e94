### Feeds: why something could not be fetched, the screens of /feeds, what the desk is told.

fetch-address = This isn’t an address. It should look like https://example.org/feed
fetch-scheme = Only addresses that begin with http:// or https:// will do
fetch-credentials = The address contains a name and a password. The bot doesn’t keep such addresses: ask the site for one without them
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
fetch-name = There is no server of that name. Check the address for a typo
fetch-connection = The server does not answer, or drops the connection. The bot keeps trying; if that doesn’t help, ask the site
fetch-tls = The site’s certificate is not valid, so nobody knows who really answers. Write to the site; do not switch the feed to http://
fetch-timeout = The server took longer than { $detail } s. The bot keeps trying
fetch-protocol = What answers there is not a website. Check the address
fetch-redirects = The address leads in circles: { $detail } redirects, and no end. Write to the site
fetch-redirect = The server redirects without saying where to. Write to the site
fetch-size = The feed is too large: more than { $detail } MB. Look for a shorter one on the site
fetch-packing = The answer is compressed in a way that cannot be undone. Write to the site
fetch-kind = This is neither a feed nor a page but a file ({ $detail })
fetch-denied = The site does not let the bot in ({ $detail }). Ask the site to open the feed to programs; its requests say what the bot calls itself
fetch-missing = There is nothing at this address ({ $detail }). The feed may have moved: look for its new address on the site
fetch-gone = The site says that the feed is gone for good ({ $detail }). The bot no longer checks it
fetch-busy = The site wants fewer requests ({ $detail }). The bot will slow down; there is nothing you need to do
fetch-server = The site has an error ({ $detail }). The bot keeps trying
fetch-status = The site’s answer makes no sense ({ $detail }). Check the address
fetch-no-feed = This address is not a feed. Check it: RSS, Atom or JSON Feed should be there
fetch-damaged = Some characters of the feed are damaged. Let the site know.
fetch-damaged-taken = Taken without them: { $titles }.
fetch-damaged-refused = Not taken, as too much of the text is lost or a part of a number: { $titles }.
fetch-entities = The feed defines XML entities of its own. That is a way to do harm, so the bot does not read it
fetch-encoding = The feed’s encoding is not known. Write to the site: it should be UTF-8
fetch-robots = The site asks programs not to read these pages, or not to show their text (robots.txt, a mark like noarchive). The bot obeys; ask the site, or turn full texts off
fetch-paid = The whole text is for the site’s subscribers only. Ask the site for a full feed, or turn full texts off
fetch-no-text = No article text was found on the page. The site may show it only in browsers
fetch-unreadable = The feed cannot be parsed: it is broken, or takes too much memory or time. Write to the site

feeds-title = 📡 Feeds
feeds-none = There are no feeds yet. Add the address of a site or of its feed (RSS, Atom or JSON Feed), or a Telegram channel where the bot is an administrator.
feeds-add = ➕ Add a feed
feeds-ask = Send the address of a feed, or of a site that has one. A Telegram channel where the bot is an administrator is named by its @name, a link to one of its posts, or a forwarded post.
feed-looking = 🔎 Looking at what’s there…
feed-not-found = No feed was found
feed-offers = The page has several feeds
feed-offers-text = Which one do you want to see? The number of its items is in brackets.
feed-offer = { $n ->
    [one] The feed holds { $n } item: it goes to the archive and is not sent. What should happen to new ones?
   *[other] The feed holds { $n } items: they go to the archive and are not sent. What should happen to new ones?
}
feed-offer-empty = The feed is empty so far. What should happen to items when they come?
feed-there = This feed is there already.
feed-added = Added. Checking it for the first time.
feed-added-channel = Added. What the channel posts from now on comes by itself.
feed-channel = a Telegram channel
feed-channel-not-ours = The bot is not an administrator of “{ $name }”, so it does not see what is posted there. Make it an administrator (no rights are needed) and try again.
feed-channel-reads = This channel receives the newsroom’s news. Its own posts go to everybody else, not back to it.
feed-channel-unknown = The bot sees no such channel. Check its name, or forward one of its posts here. The bot has to be an administrator there.
feed-offer-channel = What is in the channel already stays there: Telegram shows the bot only what is new. What should happen to new posts?
feed-over-channel = The bot is no longer an administrator of this channel, so the posts do not reach it. Everything that came from it stays. Make the bot an administrator again, and it carries on.
feed-full-text = Full text, from the pages
feed-page-pictures = Pictures from the pages
feed-page-trouble = 📄 The full text could not be fetched last time, so the feed’s own was taken. { $reason }
feed-show = Show the feed
feed-asked = Checking. The feed’s card will show the result.
feed-mode-approve = For approval
feed-mode-publish = Publish at once
feed-mode-archive = Archive only
feed-mode-approve-text = What is new becomes drafts: an editor publishes.
feed-mode-publish-text = What is new goes out at once, without an editor. It is never urgent by itself.
feed-mode-archive-text = What is new can be found and is listed under its topics, but is not sent.
feed-active = active
feed-paused = paused
feed-ended = ended
feed-offered = not added
feed-last = last answer: { $time }
feed-next = next check: { $time }
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
feed-every-text = How often should the bot check it? “By activity”: the more news there is, the more often. If the site wants fewer requests, the bot obeys.
feed-language = 🌐 { $language }
feed-language-own = by its text
feed-language-text = Which language is this feed in?
feed-topics = 🏷 Categories
feed-topics-text = The feed’s category → the newsroom’s topic. Tap to change. A feed makes no new topics: a category without one stays a tag, which search finds.
feed-topic-text = Which topic should it go under?
feed-topic-every = Everything in this feed
feed-topic-auto = by name and text
feed-topic-none = no topic
feed-source = ✏️ Source name
feed-ask-source = What should the source be called under the news? To use the feed’s own name, send “-”.
feed-pause = ⏸ Pause
feed-resume = ▶️ Turn on
feed-ask-now = 🔄 Check now
feed-remove = ✖ Remove
feed-remove-title = Remove the feed?
feed-remove-text = Everything that came from it stays.
feed-remove-yes = Yes, remove it

feed-damaged = ⚠️ The feed “{ $name }” has damaged characters
feed-failing = ⚠️ The feed “{ $name }” does not answer as it should
feed-failing-text = The last good answer: { $time }. You will hear when it works again.
feed-over = ⚠️ The feed “{ $name }” has ended
feed-over-text = The site says that nothing new will come, so the bot no longer checks it. Everything that came from it stays. The site may have a new address.
feed-recovered = ✅ The feed “{ $name }” works again
feed-recovered-text = There is nothing you need to do.

flood-title = { $n ->
    [one] 🌊 A feed brought { $n } new item at once
   *[other] 🌊 A feed brought { $n } new items at once
}
flood-text = That happens when a site is rebuilt. They are held back, and nothing was sent to anybody. What should happen to them?
flood-archive = 🗄 Archive all, send none
flood-approve = 📝 Put all into drafts
flood-publish = 📣 Publish and send all
flood-drop = ✖ Take none
flood-released = { $n ->
    [one] Done: { $n } item.
   *[other] Done: { $n } items.
}

source-changed = 🔁 “{ $name }” has changed an article
source-take = Take the new text
source-typo = Fix it silently
source-correction = Correct it and tell readers
source-leave = Leave it as it is
source-taken = ✅ The text is up to date
source-left = Left as it was
source-note = The source updated the text.
source-vanished = 🕳 “{ $name }” has removed an article
source-vanished-text = It is not in the feed any more, though older ones are. Nobody knows why; nothing was changed here.

### /sources: systems that bring news through the API.
tokens-title = 🔑 Sources through the API
tokens-text = Systems that send in news by themselves: a site, a CMS, a script. Each has its own token.
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
token-made-text = It is in the message above. Copy it into the system’s settings: it will not be shown anywhere else. Then remove that message from the chat.
token-made-may = It may do this: { $may }.
token-hide = 🗑 Remove the token from the chat
token-hidden = Removed
token-revoke = ✖ Revoke
token-revoke-title = Revoke the token “{ $name }”?
token-revoke-text = The system loses access at once, and this token cannot be brought back. Everything it has brought stays.
token-revoke-yes = Yes, revoke it
token-revoked = The token “{ $name }” is revoked
error-name-taken = The name “{ $name }” has been used before. Send another.
