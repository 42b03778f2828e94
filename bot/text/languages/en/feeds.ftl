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
fetch-entities = The feed defines XML entities of its own. That is done to do harm, so the bot does not read it
fetch-encoding = The feed’s encoding is not known. Write to the site: it should be UTF-8
fetch-unreadable = The feed cannot be parsed: it is broken, or takes too much memory or time. Write to the site
