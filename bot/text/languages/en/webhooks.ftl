### What owners and operators are told of webhooks: addresses of other systems that hear what is published here.

listener-failing = ⚠️ The webhook { $name } does not take what it is told
listener-failing-text = Last taken: { $time }. What waits is kept and tried again, for five days; after that the webhook is disabled. You will hear when it works again.
listener-disabled = ⛔ The webhook { $name } has been disabled
listener-disabled-text = Last taken: { $time }. What waits is kept for two weeks; what is published from now on is not told there. When that address works again, have this run where the bot is installed, and all that waits goes out:
listener-recovered = ✅ The webhook { $name } works again
listener-recovered-text = What waited is being told now. There is nothing you need to do.
listener-never = never

listener-why-address = The address cannot be asked. Remove the webhook and add it with the right address
listener-why-scheme = The address begins with neither http:// nor https://
listener-why-credentials = The address carries a name and a password. Use one without them: what is told is signed
listener-why-port = Port { $detail } is closed: the bot asks on 80 and 443 only. If the server is yours, add its address with the port to FETCH_ALLOW
listener-why-network = The address leads into an internal network. If the server is yours, add its address to FETCH_ALLOW
listener-why-name = There is no server of that name. Check the address, and the DNS
listener-why-connection = The server does not answer, or breaks off. See whether it runs
listener-why-tls = The server’s certificate is not valid. Renew it
listener-why-timeout = The server did not answer in { $detail } s. It should take the message, answer at once, and work afterwards
listener-why-protocol = What answers there does not speak HTTP
listener-why-redirect = The server redirects ({ $detail }), and redirects are not followed. Remove the webhook and add it with the address it has now
listener-why-gone = The server says that nobody listens there any more ({ $detail })
listener-why-busy = The server asks to come later ({ $detail }). The bot does
listener-why-status = The server answers { $detail }; what is taken is answered with 200 or 204. See its log
listener-why-overflow = { $detail } messages wait, more than are kept for one address

webhooks-cli-added = Webhook { $n } added: { $address }. Its secret follows; keep it now, it is shown nowhere again.
webhooks-cli-no-address = nothing can be sent to such an address. A whole one is needed, such as https://site.example/visnyk
webhooks-cli-refused = { $address }: { $why }.
webhooks-cli-taken = { $address } is there already, or there are { $n } webhooks, which is the most.
webhooks-cli-hub = { $address } is the WebSub hub that WEBSUB_HUB names. To have it told nothing more, remove the setting and restart the bot; a hub understands no test message.
webhooks-cli-unknown = There is no webhook “{ $name }”. The list has their numbers.
webhooks-cli-removed = Webhook { $n } removed: { $address }. What it was still to be told is forgotten.
webhooks-cli-enabled = Webhook { $n } enabled: { $address }. Messages that wait for it: { $waiting }.
webhooks-cli-taken-test = { $address } has taken a test message.
webhooks-cli-state = { $state ->
    [active] at work
   *[disabled] disabled
}
