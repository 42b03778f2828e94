### For the newsroom.

command-post = new article
command-drafts = drafts
command-scheduled = scheduled
command-published = published
command-feeds = feeds that news comes from
command-editors = people of the newsroom
command-sources = systems that bring news
command-claim = become the owner with a one-time code

post-ask = Send the text: the first line is the title, the second one, with no empty line before it, the lead. A photo with a caption or a forwarded message works as well.
words-ask = Got the photo. Now send the title and the text.
words-ask-video = Got the video. Now send the title and the text.
words-ask-file = Got the file. Now send the title and the text.
words-ask-album = Got the album. Now send the title and the text.
words-too-many = No more than { $most } attachments together: the last one was left out.
desk-media = { $n ->
    [one] { $n } attachment
   *[other] { $n } attachments
}
desk-left-out = The attachment was left out: the bot passes on only photos, videos, animations and files.
desk-parted = What was waiting for its words is not in it: a command is no answer. You can add it below.
desk-page = { $n ->
    [0] Read as a news page.
    [one] Read as a news page. { $n } line is left out: { $what }.
   *[other] Read as a news page. { $n } lines are left out: { $what }.
}
desk-page-timed = reading time
desk-page-heading = “{ $heading }”
desk-page-other = not part of the article
desk-page-early = The time on the page is still in the future, so the article will carry the time it is published.
desk-taken-whole = “{ $text }” wasn’t there, so all of what you sent was taken, arrow and all.
desk-edited = Updated from the edited message.
desk-edited-wordless = The message has no text any more; the draft keeps the words it had.
desk-not-edited = The message was edited, but the article has been changed or approved since: it stays as it was.
desk-part-edited = One of the several messages that the article was made of was edited, so it stays as it was. Change it with the buttons below.
desk-rest-left-out = The draft was changed while the rest of the text was on its way, so the rest is not in it. You can take the whole text you sent instead of what it says now.
desk-take-whole = ↻ Take the whole text
desk-take-edit = ↻ Take the message’s text
desk-edited-discarded = The message was edited, but the draft made of it was discarded.{ $whole ->
    [yes] { " Make a new one?" }
   *[no] { "" }
}
desk-edited-retracted = The message was edited, but the article made of it was retracted, so it can no longer be changed.{ $whole ->
    [yes] { " Make a new one?" }
   *[no] { "" }
}
desk-edited-captioned = The message has a caption now. Make an article of it?
desk-edited-published = The message was edited, but the article is out already:
own-output = That is the bot’s own message: no draft is made of it.
field-title = a title

desk-view-full = 👁 Full text
desk-view-headline = 👁 Headline
desk-pasted = { $n ->
    [one] A new draft from { $n } message.
   *[other] A new draft from { $n } messages.
}
desk-together = { $n ->
    [one] { $n } message
   *[other] { $n } messages
} taken together.
desk-perhaps-cut = This has the text of one message only. If it came in several, send the rest again.
desk-split = ✂️ Split
desk-title = ✏️ Title
desk-lead = ✏️ Lead
desk-body = ✏️ Text
desk-topics = 🏷 { $topics }
desk-no-topics = Choose topics
desk-topics-title = Topics of the article
desk-source = Source: { $source }
desk-language = 💬 { $language }
desk-date = 🗓 Own date
desk-date-set = 🗓 { $time }
desk-date-clear = ↩ No own date
desk-photo = 🖼 Add a photo
desk-photo-change = { $kind ->
    [video] 🎬 Change the video
    [animation] 🎬 Change the animation
    [document] 📎 Change the file
    [several] 🖼 Change the attachments
   *[photo] 🖼 Change the photo
}
desk-discard = 🗑 Discard
desk-publish = ✅ Publish
desk-urgent = 🔴 Urgent
desk-schedule = 🕒 Schedule
desk-move = 🕒 Move
desk-unschedule = ✖ Unschedule
desk-back = ← To the list
desk-open = 👁 Open
desk-link = 🔗 Link
links-own = In the bot:
links-post = “{ $channel }”:
links-copy-own = 📋 Copy: in the bot
links-copy-post = 📋 “{ $channel }”

ask-title = Send the new title, or just the fix: old -> new.
ask-lead = Send the new lead, or just the fix: old -> new. To remove it: “-”.
ask-body = Send the new text of the article, without title and lead, or just the fix: old -> new.
ask-source = Send the name of the source and, if there is one, the link to the original. To remove them: “-”.
ask-date = Send the date the article should carry: 26.06.2023 07:35, yesterday at 6 pm, 2 hours ago. Without one, readers see when it was published; “-” removes it.
ask-photo = Send a photo or a video; readers see its caption as well. To remove it: “-”.
asked-photo = That is not a photo or a video; one sent as a file does not count.
cancelled = All right, nothing has changed.

confirm-title = Publish?
confirm-urgent-title = 🔴 Publish as urgent?
confirm-audience = { $now ->
    [one] { $now } reader now
   *[other] { $now } readers now
}, { $later ->
    [0] nobody in digests
   *[other] { $later } in digests
}{ $now ->
    [0] .
   *[other] ; takes about { $time }.
}
confirm-nobody = Nobody gets this article now: no active reader has chosen news like this. It will be in the latest news and in search.
confirm-yes = Yes, publish
warning-no-topics = No topic: only those who read everything, or follow its words, source or story, will get it.
warning-no-text = No text, only a title.
warning-repeated = This seems to be out already: “{ $title }”.
warning-resembles = Check that it is not the same: it is similar to “{ $title }”.
warning-long-title = A long title: { $n ->
    [one] { $n } character
   *[other] { $n } characters
}.
warning-capitals = The title is all capitals.

when-title = When should it be published?
when-text = Choose or type: tomorrow at 9, Friday 18:30, 25 December 9:00, in 2 hours. Time zone: { $city }.
when-guess = Did you mean this?
when-guess-else = If so, tap it; if not, type it another way.
preset-15m = In 15 min
preset-1h = In an hour
preset-3h = In 3 hours
preset-t8 = Tomorrow at 8:00
preset-t19 = Tomorrow at 19:00
scheduled-note = 🕒 Goes out { $time }
scheduled-due = 🕒 Was due { $time }
scheduled-missing = The clock goes forward, so there is no { $typed } that day: it goes out { $time }.
unscheduled = Unscheduled; the article is a draft again.
discard-title = Discard this draft?
discard-yes = Yes, discard
discarded = The draft is discarded.

progress-starting = Starting…
progress-going = Sending…
progress-counting = Sent: { $n }, still counting the other readers
progress-nobody = Nobody got this article: no active reader had chosen news like this. It is in the latest news and in search.
progress-sent = Sent: { $n } of { $total }
progress-left = Left: { $n }
progress-failed = Failed: { $n }
progress-uncertain = Unknown whether it arrived: { $n }
progress-asking = Unknown whether it arrived: { $n }, finding out…
asking-text = The connection broke when sending had begun. The bot asks Telegram what arrived and sends the rest again. There is nothing for you to do.
findings-title = After the connection broke
findings-found = Found to have arrived: { $n }
findings-returned = Had not arrived, sent again: { $n }
progress-expired = Not sent: { $n }
progress-held = In digests: { $n }
progress-told = Silently, under the first message: { $n }
progress-to-go = About { $time } to go
progress-paused = ⏸ Paused
progress-stopped = Stopped
progress-done = ✅ Done in { $time }
published-reach = Sent: { $sent }, in digests: { $held }, failed: { $failed }

list-drafts = Drafts
list-drafts-none = There are no drafts. A new one: /post
list-scheduled = Scheduled
list-scheduled-none = Nothing is scheduled.
list-published = Published
list-published-none = Nothing is published yet.

editors-title = People of the newsroom
editors-add = ➕ Add
editors-add-title = Who joins?
editors-add-text = Send this link to the person. Whoever opens it first becomes an author, and the bot tells you at once who that is: then you can change their role. The link works once, for a day; a new one cancels it.
editors-invite = ↗ Send the invitation
editors-invite-text = Join our newsroom
editors-joined = The invitation was accepted. What will this person be?
editors-used = The invitation has been used: { $name } is in the newsroom now. Roles: /editors
editors-replaced = This link no longer works: you have made a newer one.
editors-withdrawn = Cancelled. The link no longer works.
editors-over = This link no longer works. Who is in the newsroom: /editors
editors-you = { $name } (you)
editors-unmet = hasn’t written to the bot yet (id { $id })
editors-ask = Send the person’s contact or numeric id here, or forward any message of theirs. The bot shows them their id in answer to /help.
editors-remove = ✖ Remove
editors-remove-title = Remove from the newsroom?
editors-remove-text = They will no longer see the newsroom’s side of the bot. Their drafts stay.
editors-remove-yes = Yes, remove
editors-left = You are no longer one of the newsroom’s people. You can go on reading the news.
editors-last-owner = The last owner cannot be removed.
editors-bad-id = I can’t tell who that is.
editors-hidden = This person’s privacy settings hide who they are. Send them the link, or send me their numeric id.
editors-your-id = Your id: { $id }
editors-welcome = You are now in the newsroom: { $role }. A new article: /post
role-reader = reader
role-author = author
role-editor = editor
role-owner = owner
role-reader-may = A reader only reads.
role-author-may = An author writes drafts, which go out once an editor has approved them.
role-editor-may = An editor writes, publishes, schedules, corrects and retracts.
role-owner-may = An owner does all that an editor does, and adds people.
welcome-desk = You are in the newsroom: { $role }. A new article: /post
act-order = ✅ Your article was approved and is going out:
act-planned = ✅ Your article was approved and goes out { $time }:
act-out = ✅ Your article was approved and is out:
act-approved = ✅ Your article was approved:
act-cancel = ↩ Your article is a draft again:
act-discard = 🗑 Your draft was discarded:

new-draft = 📝 New draft: { $author }
new-drafts = 📝 { $n ->
    [one] { $n } new draft
   *[other] { $n } new drafts
}
new-drafts-all = 🗂 All drafts
claimed = You are now the owner of this newsroom. A new article: /post, your team: /editors
claimed-no-news = The news itself is not sent to you. To get it as readers do: /topics
claim-usage = Send the code printed at the start: /claim code
button-compose = 📝 Make it a draft
unknown-editor-text = Make an article of it, or search for it?

desk-fix = ✎ Correct
fix-title = What needs correcting?
fix-ask-note = In one sentence: what has changed? Readers see it beside “Corrected”.
fix-ask-reason = In one sentence: why is the article retracted? Everybody who got it will read this, and it goes into the list of corrections.
fix-as-typo = ✎ Typo – no notice
fix-as-correction = 📣 Correction – notify { $n ->
    [one] { $n } reader
   *[other] { $n } readers
}
fix-as-correction-unheard = 📣 Correction
change-what = What changes
change-title = Title
change-lead = Lead
change-body = Text
change-of-form = only formatting or links have changed
fix-retract = ✖ Retract the article
fix-no-reason = Give no reason
fix-retract-title = Retract this article?
fix-retract-text = For everybody who got it, a notice takes its place, and a separate message says so. This cannot be undone.
fix-retract-yes = Yes, retract

policy-title = If nobody knows whether it arrived
policy-text = Sometimes the connection breaks in the middle of sending, and there is no way to find out whether the article arrived. What then?
policy-hold = Ask me
policy-resend = Send again
policy-drop = Don’t resend
progress-undo = Goes out in { $n } s. It can still be undone.
progress-edited = Changed: { $n } of { $total }
progress-unreachable = Unreachable: { $n }
progress-paused-spike = ⏸ Paused automatically: most deliveries fail
progress-stopping = Stopping…
control-pause = ⏸ Pause
control-resume = ▶ Resume
control-stop = ⏹ Stop
control-undo = ↩ Undo
control-doubts = Unknown: { $n }
control-stop-title = Stop this send?
control-stop-text = { $n ->
    [one] { $n } reader will not get the article.
   *[other] { $n } readers will not get the article.
}
control-stop-yes = Yes, stop
undone = Undone; the article is a draft again.
doubts-title = Unknown whether it arrived: { $n }
doubts-text = The connection broke when sending had begun. Send again, and somebody may get it twice; don’t resend, and somebody may miss it.
doubts-loose-title = Unknown whether these digests and correction notes arrived: { $n }
doubts-loose = Unknown whether digests arrived: { $n }
doubts-digest = digest
doubts-note = correction note
doubts-more = …and { $n } more
doubts-resend = Send again
doubts-drop = Don’t resend
doubts-none = Nothing is unknown any more.
doubts-resent = Sending again: { $n }
doubts-dropped = Not resent: { $n }
spike-title = ⏸ Sending was paused automatically
spike-text = Most deliveries fail. The last reason: { $reason }
gate-title = ⏸ Sending is waiting for you
gate-stopped = The bot has not run since { $time }, or the database was restored from a backup: what is waiting may have been sent already.
gate-restored = The database was restored from a backup: what is waiting in it may have been sent already.
gate-lost = What happened after { $time } is not in it: articles, readers, and what was sent.
gate-deliveries = { $n ->
    [one] { $n } delivery is waiting.
   *[other] { $n } deliveries are waiting.
}
gate-planned = { $n ->
    [one] { $n } planned publication is waiting.
   *[other] { $n } planned publications are waiting.
}
gate-unfinished = { $n ->
    [one] { $n } send has begun but not reached every reader yet.
   *[other] { $n } sends have begun but not reached every reader yet.
}
gate-drafts = If you skip, what is planned becomes a draft again.
gate-send = Send everything that is waiting
gate-drop = Skip what is waiting
gate-answered = This has been decided already.
gate-sent = Sending continues.
gate-dropped = { $n ->
    [one] { $n } delivery was skipped.
   *[other] { $n } deliveries were skipped.
}
gate-back = { $n ->
    [one] { $n } planned publication is a draft again.
   *[other] { $n } planned publications are drafts again.
}
gate-doubts = { $n ->
    [one] Nobody knows whether { $n } delivery arrived: it was not skipped.
   *[other] Nobody knows whether { $n } deliveries arrived: they were not skipped.
} The bot asks Telegram about it; what it cannot find out is for you to decide, with the buttons below.
gate-doubts-of = { $title }: { $n }
gate-on = From now on everything runs as usual.

disk-title = 🛑 Sending has stopped: the database is in danger
disk-gone = The database file is not in its place: it was deleted or moved. Whatever the bot writes from now on will be lost.
disk-replaced = Another file is in the place of the database. Whatever the bot writes from now on will be lost.
disk-damaged = The database file is damaged and can no longer be read properly.
disk-unwritable = The database file or its folder cannot be written to. As soon as it can be, the bot carries on by itself.
disk-full = The disk of the database is full. As soon as there is room, the bot carries on by itself; nothing is lost.
disk-failing = The disk of the database reports errors. First of all, copy the whole folder of the database to another place.
disk-saved = Everything the bot remembers is saved in the file { $copy }. Stop the bot, put that file in the place of the database and start the bot again.
disk-not-saved = A copy could not be saved. Stop the bot and put your newest backup in the place of the database.
disk-well = ✅ All is well with the database again. Sending continues.

button-desk = 🗂 For editors
story-join = 🔗 Merge with another story
story-join-one = 🔗 Add to a story
story-cut-title = Take it out of the story?
story-cut-text = The article itself stays as it is, but leaves the story “{ $name }”, and the bot will not put it back. Nobody is notified.
story-cut-yes = ✂️ Yes, take it out
story-was-cut = ✂️ Taken out of the story “{ $name }”.
story-put = ↩ Put it back
story-back = 🧵 To the story
story-near-title = 🔗 Merge with what?
story-near-text = Whoever follows either of the two stories will follow the one they become. Nobody is notified.
story-near-none = There are no similar or recent stories.
story-joined = Merged.
tie-title = 🗂 More on this: the editors’ choice
tie-use = Shown: { $shown }. Opened from here: { $opened }.
tie-text = 📌 always first, 🚫 never. Another tap undoes it.
tie-add = ➕ Pin by number or link
tie-ask = Send the article’s number or a link to it. It will stand first under “More on this”.
tie-unknown = There is no such article.
