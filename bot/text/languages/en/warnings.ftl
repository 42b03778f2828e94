clock-title = 🕒 The server’s clock jumped
clock-text = By its run so far it should be { $instead }, and it shows { $now }. Sends and digests go on; what is scheduled for an hour leaves by the new time. If that is wrong, set the server’s clock right.
codes-title = 🔑 Somebody is guessing the owner’s code
codes-text = { $n ->
    [one] { $n } wrong code was sent with /claim. Nobody gets in that way: the newsroom has an owner, and no code makes another. There is nothing you have to do.
   *[other] { $n } wrong codes were sent with /claim. Nobody gets in that way: the newsroom has an owner, and no code makes another. There is nothing you have to do.
}
error-old-code = This code is out of date: it is good for one hour. Start the bot again, and it prints a new one.
