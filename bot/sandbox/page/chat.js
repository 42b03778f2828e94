/** One phone: the chats of whoever plays a role, and what they can do in them. */

import { blockAs, doings } from "./api.js";
import { Composer } from "./composer.js";
import { Hints } from "./hints.js";
import { Taps } from "./keyboard.js";
import { language, say } from "./language.js";
import { follow, safeAddress } from "./links.js";
import { Notices } from "./notices.js";
import { Places } from "./places.js";
import { topicOf } from "./store.js";
import { Stream } from "./stream.js";

/** Fills a section with a phone. `store` knows the world, `now` tells its time in seconds. */
export class Chat {
  #root;
  #store;
  #stream;
  #composer;
  #hints;
  #notices;
  #places;
  #here = null; // the place that is open, null for the person's own chat with the bot
  #topic = 0;
  #taps = new Taps();
  #do = doings(() => ({ person: this.person, chat: this.place, thread: this.#topic }));

  constructor(root, template, store, now) {
    root.append(template.content.cloneNode(true));
    this.#root = root;
    this.role = root.dataset.role;
    this.#store = store;
    const part = (selector) => root.querySelector(selector);
    const places = { box: part(".messages"), list: part(".stream"), toBottom: part(".to-bottom") };
    this.#stream = new Stream(places, this, now);
    this.#notices = new Notices(part(".screen"), part(".toasts"));
    this.#composer = new Composer(part(".foot"), this);
    this.#hints = new Hints(part(".hints"), this);
    this.#places = new Places(part(".places"), (place, topic) => this.#open(place, topic));
    part(".intro-editor").hidden = this.role !== "editor";
    part(".start").addEventListener("click", () => this.send("/start"));
    part(".unblock").addEventListener("click", () => this.#block(false));
    part(".add").addEventListener("click", () => this.#setPresent(true));
    this.#prepareMenu(part(".more"), part(".head-popup"));
  }

  #prepareMenu(button, popup) {
    const open = (shown) => {
      popup.hidden = !shown;
      button.setAttribute("aria-expanded", shown);
    };
    button.addEventListener("click", () => open(popup.hidden));
    popup.querySelector("button").addEventListener("click", () => {
      if (this.#here) this.#setPresent(!this.#here.present);
      else this.#block(!this.#isBlocked);
    });
    document.addEventListener("click", (event) => button.contains(event.target) || open(false));
    this.#root.addEventListener("keydown", (event) => event.key === "Escape" && open(false));
  }

  /** The bot, as the Bot API describes it. */
  get bot() {
    return this.#store.bot;
  }

  /** The number of the chat that is open. */
  get place() {
    return this.#here?.id ?? this.person;
  }

  get #isBlocked() {
    return this.#store.blocked.has(this.person);
  }

  get #isAdmin() {
    return Boolean(this.#here?.admins.includes(this.person));
  }

  /** Show somebody's chats: the one that is open, else the one with the bot. */
  show(person) {
    const places = [{ id: person, kind: "bot" }, ...this.#store.places[language()]];
    const open = this.person === person && places.find(({ id }) => id === this.place);
    const topic = this.#topic;
    this.person = person;
    this.#places.offer(places);
    if (open && open.id !== person) this.#places.open(open.id, topic);
  }

  #open(place, topic) {
    this.#here = place.kind === "bot" ? null : place;
    this.#topic = topic;
    this.#composer.open(`${this.person} ${this.place} ${topic}`);
    this.#composer.setCommands(this.#here ? [] : (this.#store.menus[this.person] ?? []));
    this.#stream.show(this.#store.messages(this.place, topic));
    this.refresh();
  }

  /** Bring everything round the messages up to date. */
  refresh() {
    const part = (selector) => this.#root.querySelector(selector);
    const state = this.#state();
    this.#root.dataset.state = state;
    this.#root.dataset.admin = this.#isAdmin;
    part(".who h2").textContent = this.#here?.title ?? say("product");
    part(".presence").textContent = this.#presence();
    part(".caption-text").textContent = say(`${this.role}-caption`, { name: this.#store.people[this.person].first_name });
    part(".aside").textContent = say(state === "outside" ? "no-bot" : "read-only");
    // An editor who blocks the bot has nothing to show.
    part(".more").hidden = this.#here ? !this.#isAdmin : this.role !== "reader";
    part(".head-popup button").textContent = say(this.#popupKey());
    this.#hints.show(!this.#here && state === "open");
  }

  #popupKey() {
    if (this.#here) return this.#here.present ? "remove-bot" : "add-bot";
    return this.#isBlocked ? "unblock" : "block";
  }

  #state() {
    return this.#stateOf(this.#here);
  }

  #stateOf(place) {
    if (!place) return this.#isBlocked ? "blocked" : this.#store.isEmpty(this.person) ? "empty" : "open";
    if (!place.present) return "outside";
    return place.kind === "channel" && !place.admins.includes(this.person) ? "reading" : "open";
  }

  #presence() {
    if (!this.#here) return say(this.#isBlocked ? "blocked" : "bot");
    const member = this.#here.kind === "channel" ? "presence-reader" : "presence-member";
    return say(this.#isAdmin ? "presence-admin" : member);
  }

  /** Tell whether a message is among those that are shown. */
  shows(place, message) {
    return place === this.place && topicOf(message) === this.#topic;
  }

  /** Take a message that came to a chat: show it, or count it; returns whether the chat is one of this person's. */
  arrived(place, message) {
    if (!this.shows(place, message)) return this.isMine(message) ? false : this.#places.count(place);
    this.put(message);
    return true;
  }

  /** Tell whether a message is from this person. */
  isMine(message) {
    return message.from?.id === this.person;
  }

  /** Return the name to be shown over a message: of others, in a group. */
  nameOver(message) {
    if (!this.#here || this.isMine(message)) return "";
    return message.from?.is_bot ? say("product") : (message.from?.first_name ?? "");
  }

  /** Show a message, new or changed. */
  put(message) {
    this.#stream.put(message);
    this.refresh();
  }

  /** Take a message away. */
  remove(id) {
    this.#stream.remove(id);
    this.refresh();
  }

  /** Offer these commands. */
  setCommands(commands) {
    this.#composer.setCommands(this.#here ? [] : commands);
  }

  /** Show the answer to a tap: a word in passing, an alert, or a link that is followed. */
  answer({ tap, text, show_alert, url }) {
    this.#taps.answered(tap);
    if (text && show_alert) this.#notices.alert(text);
    else if (text) this.#notices.toast(text);
    const address = url ? safeAddress(url) : null;
    if (address) follow(address, this);
  }

  /** Say something in passing. */
  toast(text) {
    this.#notices.toast(text);
  }

  /** Bring a message into view. */
  goTo(id) {
    this.#stream.goTo(id);
  }

  /** Write a text; returns whether it was sent. A long one becomes several messages. */
  send(text) {
    return this.#try(this.#do.say({ text }));
  }

  /** Open the chat with the bot. */
  openBot() {
    this.#places.open(this.person);
  }

  /** Open the chat with the bot, and write a text there. */
  sendToBot(text) {
    this.openBot();
    return this.send(text);
  }

  /** Let the person choose a chat to pass a text on to; it waits there to be sent, also where the bot is not yet. */
  share(text) {
    const open = this.#places.all.filter((place) => this.#stateOf(place.kind === "bot" ? null : place) !== "reading");
    const entry = (place) => ({ name: say(`place-${place.kind}`), choose: () => this.#bring(place.id, text) });
    this.#composer.offer(say("share-to"), open.map(entry));
  }

  #bring(place, text) {
    this.#places.open(place);
    this.#composer.fill(text);
  }

  /** Send photos and films, data URLs, with a caption; returns whether they were sent. */
  sendMedia(items, caption) {
    return this.#try(this.#do.media({ items: items.map((data) => ({ data })), caption }));
  }

  /** Send one of the samples. */
  sendSample(name) {
    return this.#try(this.#do.sample({ name }));
  }

  /** Begin to change a message of one's own. */
  change(message) {
    this.#composer.change(message);
  }

  /** Write a changed message; returns whether it was sent. */
  sendChange(message, text) {
    return this.#try(this.#do.edit({ message_id: message.message_id, text }));
  }

  /** Forward a message to the bot, and open the chat with it. */
  async forward(message) {
    if (await this.#try(this.#do.forward({ message_id: message.message_id }))) this.#places.open(this.person);
  }

  /** Press a button of a message. */
  tap(message, data, button) {
    if (button.classList.contains("waiting")) return;
    this.#stream.expect(message.message_id);
    this.#try(this.#taps.wait(button, this.#do.tap({ message_id: message.message_id, data })));
  }

  async #block(blocked) {
    if (!(await this.#try(blockAs(this.person, blocked)))) return;
    if (blocked) this.#store.blocked.add(this.person);
    else this.#store.blocked.delete(this.person);
    this.refresh();
  }

  #setPresent(present) {
    return this.#try(this.#do.membership({ present }));
  }

  async #try(doing) {
    try {
      await doing;
      return true;
    } catch {
      this.toast(say("not-sent"));
      return false;
    }
  }
}
