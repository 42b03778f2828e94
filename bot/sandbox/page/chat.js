/** One phone: the chat of whoever plays a role, and what they can do in it. */

import { blockAs, sayAs, sendPhotoAs, tapAs } from "./api.js";
import { Composer } from "./composer.js";
import { Taps } from "./keyboard.js";
import { say } from "./language.js";
import { follow, safeAddress } from "./links.js";
import { Notices } from "./notices.js";
import { Stream } from "./stream.js";

/** Fills a section with a phone. `store` knows the world, `now` tells its time in seconds. */
export class Chat {
  #root;
  #store;
  #stream;
  #composer;
  #notices;
  #taps = new Taps();

  constructor(root, template, store, now) {
    root.append(template.content.cloneNode(true));
    this.#root = root;
    this.role = root.dataset.role;
    this.#store = store;
    const part = (selector) => root.querySelector(selector);
    const places = { box: part(".messages"), list: part(".stream"), toBottom: part(".to-bottom") };
    this.#stream = new Stream(places, this, now);
    this.#notices = new Notices(part(".screen"), part(".toasts"));
    this.#composer = new Composer(part(".foot"), this, { photos: this.role === "editor" });
    part(".intro-editor").hidden = this.role !== "editor";
    part(".start").addEventListener("click", () => this.send("/start"));
    part(".unblock").addEventListener("click", () => this.#block(false));
    this.#prepareMenu(part(".more"), part(".popup"));
  }

  #prepareMenu(button, popup) {
    button.hidden = this.role !== "reader"; // an editor who blocks the bot has nothing to show
    const open = (shown) => {
      popup.hidden = !shown;
      button.setAttribute("aria-expanded", shown);
    };
    button.addEventListener("click", () => open(popup.hidden));
    popup.querySelector("button").addEventListener("click", () => this.#block(!this.#isBlocked));
    document.addEventListener("click", (event) => button.contains(event.target) || open(false));
    this.#root.addEventListener("keydown", (event) => event.key === "Escape" && open(false));
  }

  /** The bot, as the Bot API describes it. */
  get bot() {
    return this.#store.bot;
  }

  get #isBlocked() {
    return this.#store.blocked.has(this.person);
  }

  /** Show somebody's chat from the beginning. */
  show(person) {
    this.person = person;
    this.#composer.open(person);
    this.#composer.setCommands(this.#store.menus[person] ?? []);
    this.#stream.show(this.#store.messages(person));
    this.#refresh();
  }

  /** Bring everything round the messages up to date. */
  #refresh() {
    const part = (selector) => this.#root.querySelector(selector);
    const blocked = this.#isBlocked;
    const name = this.#store.people[this.person].first_name;
    this.#root.dataset.state = blocked ? "blocked" : this.#store.isEmpty(this.person) ? "empty" : "open";
    part(".presence").textContent = say(blocked ? "blocked" : "bot");
    part(".popup button").textContent = say(blocked ? "unblock" : "block");
    part(".caption-text").textContent = say(`${this.role}-caption`, { name });
  }

  /** Show a message, new or changed. */
  put(message) {
    this.#stream.put(message);
    this.#refresh();
  }

  /** Take a message away. */
  remove(id) {
    this.#stream.remove(id);
    this.#refresh();
  }

  /** Offer these commands. */
  setCommands(commands) {
    this.#composer.setCommands(commands);
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

  /** Write a text to the bot; returns whether it was sent. */
  send(text) {
    return this.#try(sayAs(this.person, text));
  }

  /** Send a photo, a data URL, with a caption; returns whether it was sent. */
  sendPhoto(data, caption) {
    return this.#try(sendPhotoAs(this.person, caption, data));
  }

  /** Press a button of a message. */
  tap(message, data, button) {
    if (button.classList.contains("waiting")) return;
    this.#stream.expect(message.message_id);
    this.#try(this.#taps.wait(button, tapAs(this.person, message.message_id, data)));
  }

  async #block(blocked) {
    if (!(await this.#try(blockAs(this.person, blocked)))) return;
    if (blocked) this.#store.blocked.add(this.person);
    else this.#store.blocked.delete(this.person);
    this.#refresh();
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
