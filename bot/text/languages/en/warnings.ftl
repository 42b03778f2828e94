clock-title = 🕒 The server’s clock jumped
clock-text = By the time that has passed it should be { $instead }, but it shows { $now }. Sends and digests continue; what is scheduled for an hour leaves by the new time. If that is wrong, set the server’s clock right.
codes-title = 🔑 Somebody is guessing the owner’s code
codes-text = { $n ->
    [one] { $n } wrong code was sent with /claim. Nobody gets in that way: the newsroom has an owner, and no code makes another. There is nothing you need to do.
   *[other] { $n } wrong codes were sent with /claim. Nobody gets in that way: the newsroom has an owner, and no code makes another. There is nothing you need to do.
}
error-old-code = This code has expired: it is valid for one hour. Start the bot again to get a new one.
