/** The chats of a person: with the bot, a group, a channel, a forum and its topics. */

import { element } from "./dom.js";
import { say } from "./language.js";

const GENERAL = 0; // a forum's first topic has no number in messages

/** Lets somebody choose a chat in `root`; `chosen` is called with its number and that of a topic. */
export class Places {
  #root;
  #chosen;
  #places = [];
  #unread = new Map();
  #place = 0;
  #topic = GENERAL;

  constructor(root, chosen) {
    this.#root = root;
    this.#chosen = chosen;
  }

  /** Offer these places, the first of which is the person's own chat with the bot, and open that. */
  offer(places) {
    this.#places = places;
    this.#unread.clear();
    this.open(places[0].id);
  }

  /** Open a chat, and of a forum a topic. */
  open(id, topic = GENERAL) {
    this.#place = id;
    this.#topic = topic;
    this.#unread.delete(id);
    this.redraw();
    this.#chosen(this.#current, topic);
  }

  /** What there is to choose from. */
  get all() {
    return this.#places;
  }

  get #current() {
    return this.#places.find(({ id }) => id === this.#place);
  }

  /** Count a message that came to a chat which is not open; returns whether the chat is among these at all. */
  count(id) {
    if (!this.#places.some((place) => place.id === id)) return false;
    this.#unread.set(id, (this.#unread.get(id) ?? 0) + 1);
    this.redraw();
    return true;
  }

  /** Draw the choice in the page's language. */
  redraw() {
    const chats = this.#places.map(({ id, kind }) => {
      const unread = this.#unread.get(id);
      return this.#button(say(`place-${kind}`), id === this.#place, () => this.open(id), unread);
    });
    const { topics = [] } = this.#current ?? {};
    const named = topics.length ? [{ id: GENERAL, name: say("topic-general") }, ...topics] : [];
    const rows = named.map(({ id, name }) =>
      this.#button(name, id === this.#topic, () => this.open(this.#place, id)),
    );
    this.#root.replaceChildren(
      element("div", { class: "segments", role: "group", "aria-label": say("places") }, chats),
      rows.length ? element("div", { class: "topics", role: "group", "aria-label": say("topics") }, rows) : "",
    );
  }

  #button(text, pressed, click, unread = 0) {
    const badge = unread ? element("span", { class: "badge" }, unread) : null;
    const label = unread ? `${text}, ${say("unread", { n: unread })}` : text;
    return element("button", { type: "button", "aria-pressed": String(pressed), "aria-label": label, click }, text, badge);
  }
}
