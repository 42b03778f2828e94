### What owners and operators are told of webhooks: addresses of other systems that hear what is published here.

listener-failing = ⚠️ The webhook { $name } does not accept messages
listener-failing-text = Last accepted: { $time }. What is waiting is kept and tried again for five days; after that the webhook is disabled. You will hear when it works again.
listener-disabled = ⛔ The webhook { $name } has been disabled
listener-disabled-text = Last accepted: { $time }. What is waiting is kept for two weeks; what is published from now on is not sent there. When that address works again, run this where the bot is installed, and everything that is waiting goes out:
listener-recovered = ✅ The webhook { $name } works again
listener-recovered-text = What was waiting is being sent now. There is nothing you need to do.
listener-never = never

listener-why-address = Nothing can be sent to this address. Remove the webhook and add it with the right address
listener-why-scheme = The address begins with neither http:// nor https://
listener-why-credentials = The address contains a name and a password. Use one without them: messages are signed
listener-why-port = Port { $detail } is closed: the bot asks on 80 and 443 only. If the server is yours, add its address with the port to FETCH_ALLOW
listener-why-network = The address leads into an internal network. If the server is yours, add its address to FETCH_ALLOW
listener-why-name = There is no server of that name. Check the address, and the DNS
listener-why-connection = The server does not answer, or drops the connection. Check that it runs
listener-why-tls = The server’s certificate is not valid. Renew it
listener-why-timeout = The server did not answer in { $detail } s. It should take the message, answer at once, and do the work afterwards
listener-why-protocol = What answers there does not speak HTTP
listener-why-redirect = The server redirects ({ $detail }), and redirects are not followed. Remove the webhook and add it with the address it has now
listener-why-gone = The server says that nobody listens there any more ({ $detail })
listener-why-busy = The server asks to be tried later ({ $detail }). The bot does so
listener-why-status = The server answers { $detail }; what is taken is answered with 200 or 204. See its log
listener-why-overflow = { $detail } messages are waiting, more than are kept for one address

webhooks-cli-added = Webhook { $n } added: { $address }. Its secret follows; save it now, it will not be shown again.
webhooks-cli-no-address = nothing can be sent to such an address. A whole one is needed, such as https://site.example/visnyk
webhooks-cli-refused = { $address }: { $why }.
webhooks-cli-taken = { $address } is there already, or there are { $n } webhooks, which is the limit.
webhooks-cli-hub = { $address } is the WebSub hub that WEBSUB_HUB names. To have it told nothing more, remove the setting and restart the bot; a hub understands no test message.
webhooks-cli-unknown = There is no webhook “{ $name }”. The list has their numbers.
webhooks-cli-removed = Webhook { $n } removed: { $address }. What was still to be sent there is forgotten.
webhooks-cli-enabled = Webhook { $n } enabled: { $address }. Messages that wait for it: { $waiting }.
webhooks-cli-taken-test = { $address } has accepted a test message.
webhooks-cli-state = { $state ->
    [active] active
   *[disabled] disabled
}
