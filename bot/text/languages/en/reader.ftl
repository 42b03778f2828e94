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
button-why = ❓ Why did I get this?
button-fold = Collapse
button-back = ← Back
button-original = Original
button-share = ↗ Share
button-open = Open
button-done = Done
button-cancel = Cancel
button-copy = 📋 Copy
turn-on = Next ▶
turn-back = ◀ Previous
button-restore = ↩ Bring back
cancel-nothing = There is nothing to cancel.
question-closed = That does not look like an answer, so the question “{ $question }” is closed.
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
resembles = Similar to: “{ $title }”
first-report = ↪ First reported by { $source }
first-report-nameless = another source
latest-title = Latest
latest-topic = Latest: { $topic }
latest-chosen = Latest in your topics
latest-everything = Latest news
latest-none = No news yet. The first will be here as soon as it is out.
latest-no-topics = No topic is chosen, so this list is empty. To choose: /topics; everything there is: /latest
related-title = More on this
related-read = You have just read everything else on this.
related-none = There is nothing else on this.
story-title = 🧵 { $name } ({ $n })
story-none = This article stands alone so far: nothing before it, nothing after it.
story-follow = 🔔 Follow this story
story-unfollow = 🔕 Stop following this story
story-unfollowed = You no longer follow this story.
story-followed = What comes next in this story will reach you.
search-title = Found for “{ $words }”
search-none = Nothing found. Try other words, or fewer.
search-meant = Perhaps { $words }?
search-newest = 🕒 Newest first
search-best = 🎯 Closest first
search-follow = 🔔 Follow these words
search-unfollow = 🔕 Stop following these words
search-unfollowed = You no longer follow these words.
search-followed = News with these words will come to you. In the last { $days } days: { $n ->
    [one] { $n } article
   *[other] { $n } articles
}, among them “{ $title }”.
search-followed-none = News with these words will come to you. In the last { $days } days there was none: perhaps these are too many words.
search-followed-many = News with these words will come to you. In the last { $days } days: { $n ->
    [one] { $n } article
   *[other] { $n } articles
}, about { $daily } a day. One more word makes it fewer.
inline-none = Nothing found. Search in the bot →
search-ask = What are you looking for? Write the words in any form.
digest-title = Digest · { $time } · { $n ->
    [one] { $n } headline
   *[other] { $n } headlines
}
digest-other = Other

## Welcome

newsroom-default = Visnyk
welcome-title = Welcome! This is { $newsroom }.
welcome-text = News comes here as soon as it is out. Choose topics, or read everything.
only-language = 🗞 { $code ->
    [uk] News in Ukrainian only
    [en] News in English only
   *[other] News in this language only: { $language }
}
button-latest = 📰 Latest
button-settings = ⚙️ Settings
welcome-paused = Sending is paused; to go on: /resume. You can choose topics meanwhile.
welcome-scheduled = News will come { $when }. Choose topics, or read everything.
welcome-nothing = Nothing is chosen yet, so no news comes. Choose topics, or all of it.
welcome-back = Good to see you again. Everything you chose is still here.
welcome-resumed = Sending was paused. News comes again from now on; to pause it: /pause
welcome-topic = You now follow “{ $topic }”.
hello-group = Hello! As soon as an administrator sends /topics here, news of the chosen topics will appear.
hello-channel = The channel “{ $name }” is connected. Send /topics in it to choose topics.

## Topics

topics-title = Topics
topics-everything = All news
topics-all = You get all news. Tap a topic to keep only that one.
topics-some = You get news of the ticked topics.
topics-none = Nothing is chosen, so no news comes.
topics-rules-only = No topic is chosen. Only news of your words, stories and sources comes: /settings
topics-nothing = nothing chosen
reason-everything = all news
reason-topic = the topic “{ $name }”
reason-source = the source “{ $name }”
reason-story = the story “{ $name }”
reason-keyword = the words “{ $name }”
reason-gone = { $kind ->
    [topic] a topic that is gone
    [source] a source that is gone
    [story] a story that is gone
   *[other] words that are gone
}

## Settings

settings-title = Settings
setting-news = What comes
setting-topics = 🏷 Topics
setting-schedule = 🕗 When
setting-quiet = 🌙 Quiet hours
setting-urgent = 🔴 Urgent news
setting-zone = 🌍 Time zone
setting-language = 💬 Language
setting-news-language = 🗞 News language
setting-look = 🖼 Look
setting-titles = 📄 Each article
setting-rules = 📋 Words and mutes
toggle-urgent = 🔴 Urgent
toggle-look = 🖼 Look
toggle-titles = 📄 Each article
urgent-at-once = always at once
urgent-like-others = like other news
look-rich = formatted
look-plain = plain text
titles-only = title only
titles-whole = title, lead and photo
language-title = Language
news-language-title = News language
news-language-text = Which language should the news that comes to you be in?
news-language-any = any
news-language-only = { $code ->
    [uk] Ukrainian only
    [en] English only
   *[other] { $language } only
}
paused-mark = ⏸ Sending is paused.
button-pause = ⏸ Pause
button-resume = ▶️ Resume
button-leave = 🚪 Unsubscribe
schedule-title = When to send
schedule-now = at once
schedule-hourly = hourly
schedule-hours = at { $times }
schedule-text = At once, every hour in one message, or at chosen hours ({ $zone }). Or type: /schedule 08:30 19:00
schedule-saved = News will come { $when }.
quiet-title = Quiet hours
quiet-text = No news disturbs you in these hours. What has gathered comes in one digest when they end.
quiet-off = off
timezone-title = Time zone
timezone-here = Now: { $city } ({ $zone }), { $time }
timezone-text = Choose a city, or write yours.
timezone-saved = Times now follow { $city }: { $time }.
rules-title = Words and mutes
rules-text = Tap one to take it away.
rules-none = There is nothing here.
paused = Sending is paused. To go on: /resume
resumed = On again. What came out meanwhile: /latest
leave-title = Unsubscribe?
leave-text = No more news will come. You can return to the same topics any time: /start
button-leave-sure = Yes, unsubscribe
button-stay = Stay
left = Done, no more news will come. To return to the same topics: /start

## Why did I get this?

why-title = Why this came to you
why-nothing = None of your rules matches it now: they were changed after it came.
why-drop = ✖ Give up: { $rule }
why-mute-day = 🔕 For a day: { $rule }
why-mute-forever = 🔕 For ever: { $rule }
why-less = 🔕 Less of this
less-title = What should there be less of?
less-nothing = This article is filed under no topic, source or story.
less-day = a day
less-week = a week
less-ever = for good
muted-until = 🔕 { $rule }: muted until { $until }
muted-ever = 🔕 { $rule }: muted for good
drop-all-title = Give up all news?
drop-all-text = Only what you follow by itself will come: words, stories, sources.
drop-all-yes = Yes, give up
why-muted = Muted: { $rule }.
why-dropped = Given up: { $rule }.

## Help

help-title = What you can do
help-desk = For the newsroom
help-desk-text = A text, a photo with a caption or a forwarded message can also be sent without /post.
help-text = Write any words and the bot will offer to search for them. Every article has buttons under it.
command-start = begin
command-latest = latest news
command-search = search
command-read = open an article by its number or a link
command-related = more on an article
command-story = the whole story of an article
command-corrections = corrections
command-topics = choose topics
command-schedule = when to send
command-timezone = time zone
command-settings = all settings
command-pause = pause sending
command-resume = resume sending
command-stop = unsubscribe
command-help = help
command-cancel = close the question
bot-description = News in Telegram: choose topics, times and form. Full text, related articles and digests in one chat.
bot-short-description = News on your topics, at your times.

## Unknown

unknown-text = Search the news for “{ $words }”?
unknown-long = That is too long to search for. What you can do: /help
unknown-command = There is no such command. What you can do: /help
unknown-kind = I can’t read messages of this kind. What you can do: /help
button-search = 🔎 Search
read-usage = Give the article’s number or a link to it: /read 123. Or reply to a message that shows it with this command.
related-usage = Give the article’s number or a link to it: /related 123. Or reply to a message that shows it with this command.
story-usage = Give the article’s number or a link to it: /story 123. Or reply to a message that shows it with this command.

## Errors

error-unexpected = Something went wrong. The error has been noted; please try again.
error-bad-input = That could not be understood.
error-empty = There is no text in it. Send a text, a photo with a caption, or forward a message that has text.
error-too-long = Too long: { $length ->
    [one] { $length } character
   *[other] { $length } characters
}, and { $limit } is the most.
error-bad-time = “{ $text }” does not look like a time. Examples: tomorrow at 9, Friday 18:30, 25 December 9:00, in 2 hours.
error-bad-time-unquoted = That does not look like a time. Examples: tomorrow at 9, Friday 18:30, 25 December 9:00, in 2 hours.
error-bad-hours = “{ $text }” does not look like hours. Examples: /schedule 08:00 19:00, /schedule hourly, /schedule now.
error-bad-hours-unquoted = That does not look like hours. Examples: /schedule 08:00 19:00, /schedule hourly, /schedule now.
error-no-date = “{ $text }”: there is no such date.
error-no-date-unquoted = There is no such date.
error-past-time = “{ $text }” is over already. Give a time in the future.
error-past-time-unquoted = That time is over. Give a time in the future.
error-bad-zone = No city or zone “{ $text }” was found. Try the nearest large city, or a name like Europe/Kyiv.
error-bad-zone-unquoted = There is no such city or zone. Try the nearest large city, or a name like Europe/Kyiv.
error-bad-query = There is nothing to search for: add at least one meaningful word.
error-unknown-topic = There is no topic “{ $text }”. There are: { $topics }.
error-unknown-topic-unquoted = There is no such topic. There are: { $topics }.
error-not-there = “{ $text }” is not in it. Check how it is written there.
error-not-there-unquoted = That is not in it. Check how it is written there.
error-there-twice = “{ $text }” is in it more than once. Add the words beside it.
error-there-twice-unquoted = That is in it more than once. Add the words beside it.
error-not-found = Not found. Check the number, or see /latest.
error-not-allowed = Only the newsroom can do that.
error-approved = This article is approved already: only an editor can change it.
error-admins-only = In groups and channels only administrators can do that.
error-bad-invitation = This invitation has been used or has expired. Ask for a new one.
error-bad-code = The code does not fit: it is used up, or has a mistake in it.
error-stale = This has changed since. Here is how it stands now.
error-stale-button = This button is out of date. Send the command again.
error-not-ready = Still missing: { $what }.
error-too-many-rules =
    You have { $limit ->
        [one] { $limit } rule
       *[other] { $limit } rules
    } already, and there is no room for more. Take some away: topics at /topics; words, stories and mutes at /settings → “Words and mutes”.
error-slow-down = A little slower, please.

## Corrections

corrections-title = Corrections
corrections-none = No article has been corrected yet.
fix-typo = Typo
fix-correction = Correction
fix-retraction = Retracted
