### For the reader.

## Time

moment-yesterday = yesterday, { $time }
moment-tomorrow = tomorrow, { $time }
moment-date = { $date }, { $time }
duration-seconds = { $n } s
duration-minutes = { $n } min
moment-in-full = { $date }, { $time } ({ $place }) · in { $left }
duration-days = { $n ->
    [one] { $n } day
   *[other] { $n } days
}
duration-hours = { $minutes ->
    [0] { $hours } h
   *[other] { $hours } h { $minutes } min
}
reading-time = { $n } min read

## News

button-read = Read
button-related = More on this
button-story = 🧵 The whole story
button-why = ❓ Why am I seeing this?
button-sources = { $n ->
    [one] +{ $n } source
   *[other] +{ $n } sources
}
sources-title = The same from other sources
button-fold = Collapse
button-back = ← Back
button-previous = ◀ Previous
button-next = Next ▶
button-original = Original
button-share = ↗ Share
button-open = Open
button-done = Done
button-cancel = Cancel
button-copy = 📋 Copy
button-restore = ↩ Undo
cancel-nothing = There is nothing to cancel.
question-closed = That does not look like an answer, so the question “{ $question }” is closed.
question-in-group = In a group, reply to this message.
question-in-channel = Your own: type a command, for example { $example }
search-in-channel = Send the words together with the command, for example: /search bridge repair
words-in-channel = Send the words together with the command, for example: /words bridge repair, -football
page-of = { $page } / { $pages }
urgent-mark = 🔴 URGENT
corrected-mark = ✎ Corrected { $time }
corrected-short = ✎
retracted-mark = ✖ Retracted
retracted-notice = “{ $title }”. We apologise.
retracted-why = “{ $title }”. Reason: { $reason } We apologise.
headline-only = Headline only so far.
source-label = Source:
also-label = Also:
article-number = No. { $n }
apart = { " – " }
resembles = Similar to: “{ $title }”
first-report = ↪ First reported by { $source }
first-report-nameless = another source
latest-title = Latest
latest-topic = Latest: { $topic }
latest-chosen = Latest in your topics
latest-all = Latest news
latest-none = No news yet. Once there is some, /latest will show it.
latest-none-in = { $code ->
    [uk] No news in Ukrainian yet.
    [en] No news in English yet.
   *[other] No news in this language yet: { $language }.
} To read news in any language: /settings, “News language”.
latest-none-chosen = Nothing in your topics yet. To read everything: /latest
latest-no-topics = You get no news by topic at the moment, so this list is empty. To choose: /topics; to read everything: /latest
related-title = More on this
related-read = You’ve just read everything else on this.
related-unsure = Nothing here is a sure match; “More” shows what comes closest.
related-more = More
related-also = also: { $source }
related-none = Nothing else on this yet.
story-title = 🧵 { $name } ({ $n })
story-none = This article stands alone so far: nothing before it, nothing after it.
story-follow = 🔔 Follow this story
story-unfollow = 🔕 Stop following this story
story-unfollowed = You no longer follow this story.
story-followed = You’ll get what comes next in this story.
search-title = Found for “{ $words }”
search-none = Nothing found. Try other words, or fewer.
search-meant = Perhaps { $words }?
search-newest = 🕒 Newest first
search-best = 🎯 Closest first
search-follow = 🔔 Follow these words
search-unfollow = 🔕 Stop following these words
search-unfollowed = You no longer follow these words.
search-followed = You’ll get news with these words.
search-without = You won’t get news with these words: { $names }.
words-lately = { $n ->
    [1] In the last { $days } days there was one article:
   *[other] In the last { $days } days there were { $n } articles, among them
} “{ $title }”.
words-lately-none = Nothing in the last { $days } days matches{ $words ->
    [1] .
   *[other] : perhaps that’s too many words at once.
}
words-lately-many = In the last { $days } days: { $n ->
    [one] { $n } article
   *[other] { $n } articles
}, about { $daily } a day. Adding a word narrows it down.
inline-none = Nothing found. Search in the bot →
search-ask = What are you looking for? Type the words in any form.
digest-title = Digest · { $time } · { $n ->
    [one] { $n } headline
   *[other] { $n } headlines
}
digest-other = Other

## Welcome

newsroom-default = Visnyk
welcome-title = Welcome! This is { $newsroom }.
welcome-text = News arrives here as soon as it’s published. Choose topics, or read everything.
only-language = 🗞 { $code ->
    [uk] News in Ukrainian only
    [en] News in English only
   *[other] News in this language only: { $language }
}
button-latest = 📰 Latest
button-settings = ⚙️ Settings
welcome-paused = Sending is paused; to resume: /resume. You can choose topics meanwhile.
welcome-scheduled = News will arrive { $when }. Choose topics, or read everything.
welcome-nothing = Nothing is chosen yet, so no news will come. Choose topics, or read everything.
welcome-back = Good to see you again. Everything you chose is still here.
welcome-resumed = Sending was paused. News will come again from now on; to pause it: /pause
welcome-topic = You now follow “{ $topic }”.
hello-group = Hello! As soon as an administrator sends /topics here, news of the chosen topics will appear.
private-only = { $command } works only in your own chat with the bot.
button-own-chat = Open the chat
hello-channel = The channel “{ $name }” is connected. Send /topics in it to choose topics.

## Topics

topics-title = Topics
topics-everything = All news
topics-all = You get all news. Tap a topic to keep only that one.
topics-some = You get news of the ticked topics.
topics-none = Nothing is chosen, so no news comes.
topics-rules-only = No topic is chosen. You get only what matches your words, stories and sources: /settings
topics-resting = What you chose is muted for now, so no news comes. For details: /settings
topics-rules-resting = Your topics are muted for now. You get only what matches your words, stories and sources: /settings
topics-nothing = nothing for now
reason-everything = all news
reason-topic = the topic “{ $name }”
reason-source = the source “{ $name }”
reason-story = the story “{ $name }”
reason-keyword = the { $n ->
    [1] word
   *[other] words
} “{ $name }”
excluded-keyword = without the { $n ->
    [1] word
   *[other] words
} “{ $name }”
reason-gone = { $kind ->
    [topic] a topic that no longer exists
    [source] a source that no longer exists
    [story] a story that no longer exists
   *[other] words that no longer exist
}

## Settings

settings-title = Settings
setting-news = What you get
setting-topics = 🏷 Topics
setting-schedule = 🕗 When
setting-quiet = 🌙 Quiet hours
setting-urgent = 🔴 Urgent news
setting-zone = 🌍 Time zone
setting-language = 💬 Language
setting-news-language = 🗞 News language
setting-sources = ➕ Other sources
setting-look = 🖼 Look
setting-titles = 📄 Each article
setting-rules = 📋 Words, stories and exceptions
urgent-at-once = at once
urgent-like-others = on schedule
look-rich = formatted
look-plain = plain text
titles-only = title only
titles-whole = title, lead and photo
sources-sent = sent
sources-folded = silently, under the first
sources-setting-title = The same from other sources
sources-setting-text = Sometimes another source reports, in its own words, news you already have. It doesn’t have to be a separate message: a “+1 source” button can appear under the first one instead, silently. Urgent news always comes.
sources-send = Send it
sources-fold = Silently: “+2 sources” under the first
language-title = Language
news-language-title = News language
news-language-text = Which language should your news be in?
news-language-any = any
news-language-only = { $code ->
    [uk] Ukrainian only
    [en] English only
   *[other] { $language } only
}
paused-mark = ⏸ Sending is paused.
left-mark = 🚪 You have unsubscribed, so no news comes. To return: /start
button-pause = ⏸ Pause
button-resume = ▶️ Resume
button-leave = 🚪 Unsubscribe
schedule-title = When to send
schedule-now = at once
schedule-hourly = hourly
schedule-hours = { $hour ->
   *[other] at
} { $times }
schedule-text = At once, every hour in one message, or at chosen hours. Time zone: { $city }.
schedule-saved = News will come { $when }.
hours-ask = At what hours? Type them, for example: 8, 13 and 19:30
hours-jumped-over = ⏰ On { $date } the clock goes forward: there is no { $time } that day, so { $instead } takes its place.
button-digest-now = 📬 Digest now
digest-asked = 📬 Your digest is on its way: { $n ->
    [one] { $n } headline
   *[other] { $n } headlines
}.
digest-nothing = Nothing new: you’ve had everything that was waiting.
digest-under-way = Your digest is already on its way.
digest-left = You have unsubscribed, so nothing is waiting. To return: /start
schedule-saved-now = You’ll get each article as soon as it’s published.
quiet-title = Quiet hours
quiet-text = During quiet hours no news disturbs you. Whatever gathers comes in one digest when they end.
quiet-off = off
quiet-all-day = all day, digest { $hour ->
   *[other] at
} { $time }
quiet-saved = Quiet hours: { $hours }.
quiet-ask = From when to when? Type it, for example: 22:30–7:15. To have none, type “off”.
button-pick-hours = 🕐 Choose others
quiet-pick-start = When do they begin?
quiet-pick-end = From { $start } until when?
quiet-or-typed = Or type both, for example: 22:30–7:15.
timezone-title = Time zone
timezone-here = Now: { $city } ({ $zone }), { $time }
timezone-text = Choose a city or type yours.
timezone-saved = Time zone: { $city }. It’s { $time } there now.
rules-title = Words, stories and exceptions
rules-text = Tap one to remove it. An exception beats everything you have chosen.
rules-none = Nothing here yet. Add words to follow, or words that must not occur.
rules-ask = Which words? Type them in any form, separated by commas: bridge repairs, NATO. A minus marks words that must not occur: -football
button-add-words = ➕ Add words
words-followed = 🔔 News with the { $n ->
    [1] word
   *[other] words
} “{ $name }” will reach you.
words-excluded = ➖ News with the { $n ->
    [1] word
   *[other] words
} “{ $name }” won’t reach you, whatever else you have chosen.
words-were-excluded = { $n ->
    [1] Until now it was an exception.
   *[other] Until now they were an exception.
}
words-were-followed = { $n ->
    [1] Until now you followed it.
   *[other] Until now you followed them.
}
words-excluded-lately = In the last { $days } days there { $n ->
    [0] was none.
    [one] was { $n } such article.
   *[other] were { $n } such articles.
}
paused-without-end = Sending is paused until you resume it: /resume. A pause cannot be set to end by itself.
paused = Sending is paused. To resume: /resume
resumed = Sending resumed. To see what you missed: /latest
leave-title = Unsubscribe?
leave-text = No more news will come. You can return to the same topics any time: /start
button-leave-sure = Yes, unsubscribe
button-stay = Stay
left = Done, no more news will come. To return to the same topics: /start

## Why am I seeing this?

why-title = Why you are seeing this
why-nothing = None of your rules matches it any more: they changed after it arrived.
why-drop = ✖ Unfollow “{ $name }”
why-drop-all = ✖ Unfollow all news
why-mute-day = 🔕 1 day
why-mute-week = 🔕 1 week
why-mute-forever = 🔕 For good
why-less = 🔕 Less of this
less-title = What would you like less of?
less-nothing = This article is filed under no topic, source or story.
muted-until = 🔕 { $rule }: muted until { $until }
muted-ever = 🔕 { $rule }: muted for good
drop-all-title = Unfollow all news?
drop-all-text = Only what you follow separately will come: words, stories, sources.
drop-all-yes = Yes, unfollow
mute-over = No longer muted: { $rule }.
exception-over = No longer an exception: { $rule }.
why-dropped = Unfollowed: { $rule }.
why-dropped-all = All news is off. Choose topics, or bring it back.

## Help

help-title = What you can do
help-desk = For the newsroom
help-desk-text = A text, a photo with a caption or a forwarded message can also be sent without /post.
help-text = Type any words, and the bot offers to search for them. Every article has buttons under it.
help-among-others = Commands work here when an administrator sends them. “{ $read }” and “{ $related }” under articles work for everybody, in their own chat with the bot.
command-start = begin
command-latest = latest news
command-search = search
command-read = open an article by its number or a link
command-related = more on an article
command-story = the whole story of an article
command-corrections = corrections
command-topics = choose topics
command-words = words to follow, and exceptions
command-schedule = when to send
command-quiet = quiet hours
command-digest = digest now
command-timezone = time zone
command-settings = all settings
command-pause = pause sending
command-resume = resume sending
command-stop = unsubscribe
command-mydata = everything stored about you, as a file
command-forget = erase everything about you
command-help = help
command-cancel = close the question
bot-description = News in Telegram: choose topics and times. Full text, related articles and digests in one chat.
bot-short-description = News on your topics, at your times.

## Unknown

unknown-text = Search the news for “{ $words }”?
unknown-long = That is too long for a search: a few words will do. What you can do: /help
unknown-command = There is no such command. What you can do: /help
unknown-kind = I can’t read messages of this kind. What you can do: /help
button-search = 🔎 Search
read-usage = Give the article’s number or a link to it: /read 123. Or reply to a message that shows it with this command.
related-usage = Give the article’s number or a link to it: /related 123. Or reply to a message that shows it with this command.
story-usage = Give the article’s number or a link to it: /story 123. Or reply to a message that shows it with this command.

## Errors

error-unexpected = Something went wrong. The error was logged; please try again.
error-bad-input = I couldn’t understand that. What you can do: /help
error-empty = There is no text in it. Send a text, a photo with a caption, or forward a message that has text.
error-unchanged = That’s what it says already: nothing has changed.
error-too-long = Too long: { $length ->
    [one] { $length } character
   *[other] { $length } characters
}, and the limit is { $limit }.
error-bad-time = “{ $text }” does not look like a time. Examples: tomorrow at 9, Friday 18:30, 25 December 9:00, in 2 hours.
error-bad-time-unquoted = That does not look like a time. Examples: tomorrow at 9, Friday 18:30, 25 December 9:00, in 2 hours.
error-bad-hours = “{ $text }” does not look like hours. Examples: 8, 13 and 19:30; hourly; now.
error-bad-hours-unquoted = That does not look like hours. Examples: 8, 13 and 19:30; hourly; now.
error-bad-quiet = “{ $text }” does not look like quiet hours. Examples: 22:30–7:15; 9 pm to 7 am; off.
error-bad-quiet-unquoted = That does not look like quiet hours. Examples: 22:30–7:15; 9 pm to 7 am; off.
error-no-date = “{ $text }”: there is no such date. Check the day and the month.
error-no-date-unquoted = There is no such date. Check the day and the month.
error-past-time = “{ $text }” has already passed. Give a time in the future.
error-past-time-unquoted = That time has already passed. Give a time in the future.
error-bad-moment = “{ $text }” does not look like a date. Examples: 26.06.2023 07:35, yesterday at 6 pm, Monday 9:00, 2 hours ago.
error-bad-moment-unquoted = That does not look like a date. Examples: 26.06.2023 07:35, yesterday at 6 pm, Monday 9:00, 2 hours ago.
error-future-time = “{ $text }” is yet to come. An article’s date has to be in the past.
error-future-time-unquoted = That time is yet to come. An article’s date has to be in the past.
error-bad-zone = There is no city or time zone “{ $text }”. Try the nearest large city, or a name like Europe/Kyiv.
error-bad-zone-unquoted = There is no such city or time zone. Try the nearest large city, or a name like Europe/Kyiv.
error-bad-query = There is nothing to search for: add at least one meaningful word.
words-address = That is an address, not words: it cannot be followed. Type words that the news should have.
error-bad-words = There are no words here to follow: add at least one meaningful word.
error-too-many-words = That is { $number } words that must all occur in one article, and the limit is { $limit }. Put commas between words that may occur separately.
error-too-much-at-once = That is { $number } rules, and the limit is { $limit } at a time. Send them in parts.
error-unknown-topic = There is no topic “{ $text }”. There are: { $topics }.
error-unknown-topic-unquoted = There is no such topic. There are: { $topics }.
error-not-there = “{ $text }” isn’t in the text. Check how it is written there.
error-not-there-unquoted = That isn’t in the text. Check how it is written there.
error-there-twice = “{ $text }” is in the text more than once. Add the words next to it.
error-there-twice-unquoted = That is in the text more than once. Add the words next to it.
error-not-found = Not found. Check the number, or see /latest.
error-not-allowed = Only the newsroom can do that.
error-role = { $role ->
    [owner] Only an owner can do that.
   *[editor] Only an editor can do that.
}
error-approved = This article has been approved: only an editor can change it now.
error-admins-only = In groups and channels only administrators can do that.
error-bad-invitation = This invitation has been used or has expired. Ask for a new one.
error-bad-code = The code doesn’t work: it has been used, or there is a mistake in it.
error-stale = This has changed since. Here is how it stands now.
error-no-such-picture = There is no such uploaded picture, or another article has it already. Upload it again.
error-stale-button = This button is out of date. Send the command again.
error-not-ready = Still missing: { $what }.
error-too-many-rules = 
    There is no room for that: the limit is { $limit ->
        [one] { $limit } rule
       *[other] { $limit } rules
    }. Remove some: topics at /topics; words, stories and exceptions at /words.
error-slow-down = A little slower, please.

## Corrections

corrections-title = Corrections
corrections-none = No article has been corrected yet.
fix-typo = Typo
fix-correction = Correction
fix-retraction = Retracted
