### A reader’s own data.

mydata-caption = Everything the newsroom stores about you: settings, subscriptions, what was sent to you and when.
mydata-failed = The file could not be sent. Try again later, or ask the newsroom for it.
forget-title = Erase everything about you?
forget-text = Settings, subscriptions, searches and the record of what you were sent will be gone for good; nothing more will come. What was sent stays in this chat, but if any of it is corrected or retracted, you will not learn of it. To only unsubscribe and be able to return: /stop
forget-sure = Yes, erase everything
forgotten = Done: nothing about you is left here. Backups made earlier expire by themselves. If you ever write again, you start afresh.
forget-on-desk = You work for the newsroom, and what was published names you, so your data is not erased. An owner has to remove you from the newsroom first: /editors

## The command line

data-who = { $who } is not a chat’s number. A person’s own is at the end of /help, a group’s or a channel’s begins with -
data-nothing = Nothing is stored about { $chat }.
data-written = Written: { $path }
data-cannot-write = { $path } cannot be written: { system-reason }
data-staff = { $chat } works for the newsroom, and what was published names them. An owner has to remove them first, in the bot: /editors
data-ask = Erase everything about { $chat } ({ $name }) for good? Copies they hold can no longer be corrected. Type “{ $word }”:
data-yes = erase
data-no-terminal = Nobody is here to ask. If you are sure: erase-reader { $chat } --yes
data-left = Nothing was erased.
data-erased = Erased: { $chat }. Backups made before still hold it until they are rotated away.
data-in-chat = A group or channel that the bot is still in becomes a reader again with its next command. Take the bot out of it first if it is to stay erased.
data-sweeping = Reading the record of deliveries
