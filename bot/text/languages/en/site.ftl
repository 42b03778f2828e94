### The public pages.

site-open = Read in Telegram
site-feed = RSS feed
site-missing = There is no such article here
