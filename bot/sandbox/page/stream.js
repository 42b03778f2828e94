/** The messages of a chat, one under another, with the days between them. */

import { element } from "./dom.js";
import { draw } from "./message.js";
import { Scroller } from "./scroll.js";
import { dayOf, dayTitle } from "./time.js";

const MEMORY = 10_000; // milliseconds for which what follows a tap is taken for what it brought about

/** Draws the messages of `chat` into `list`. `now` tells the sandbox's time in seconds. */
export class Stream {
  #list;
  #chat;
  #now;
  #scroller;
  #expected = null;
  #badge;
  #missed = 0;

  constructor({ box, list, toBottom }, chat, now) {
    this.#list = list;
    this.#chat = chat;
    this.#now = now;
    this.#badge = toBottom.querySelector(".badge");
    this.#scroller = new Scroller(box, list, (atBottom) => {
      toBottom.hidden = atBottom;
      if (atBottom) this.#count(0);
    });
    toBottom.addEventListener("click", () => this.#scroller.toBottom());
  }

  #count(missed) {
    this.#missed = missed;
    this.#badge.textContent = missed || "";
  }

  #node(id) {
    return this.#list.querySelector(`[data-message-id="${Number(id)}"]`);
  }

  /** Show these messages and no others. */
  show(messages) {
    this.#expected = null;
    this.#list.replaceChildren();
    for (const message of messages) this.#append(message);
    this.#scroller.toBottom();
  }

  /** Show a message: in the place it has, else under all others. */
  put(message) {
    const old = this.#node(message.message_id);
    if (old) this.#replace(old, message);
    else this.#arrive(message);
  }

  #append(message) {
    const last = this.#list.lastElementChild;
    if (!last || dayOf(Number(last.dataset.date)) !== dayOf(message.date)) {
      this.#list.append(element("p", { class: "day", "data-date": message.date }, element("span")));
      this.#nameDays();
    }
    const node = draw(message, this.#chat);
    node.dataset.date = message.date;
    this.#list.append(node);
    return node;
  }

  #nameDays() {
    for (const day of this.#list.querySelectorAll(".day")) {
      day.firstElementChild.textContent = dayTitle(Number(day.dataset.date), this.#now());
    }
  }

  #arrive(message) {
    const follow = this.#scroller.atBottom || this.#isExpected() || !message.from?.is_bot;
    const node = this.#append(message);
    node.classList.add("new");
    if (!follow) {
      this.#count(this.#missed + 1);
    } else if (this.#scroller.isTall(node)) {
      this.#scroller.reveal(node);
    } else {
      this.#scroller.toBottom();
    }
  }

  #replace(old, message) {
    const answered = this.#isExpected(message.message_id);
    const height = old.offsetHeight;
    const pressed = [...old.querySelectorAll("button")].indexOf(document.activeElement);
    const node = draw(message, this.#chat);
    node.dataset.date = message.date;
    node.classList.add("changed");
    if (answered) this.#scroller.release();
    old.replaceWith(node);
    if (pressed >= 0) (node.querySelectorAll("button")[pressed] ?? node).focus({ preventScroll: true });
    if (!answered) return;
    this.#expected = null;
    if (node.offsetHeight === height) this.#scroller.look();
    else this.#scroller.reveal(node);
  }

  /** Take a message away. */
  remove(id) {
    const node = this.#node(id);
    const day = node?.previousElementSibling;
    if (day?.matches(".day") && !node.nextElementSibling?.matches(".message")) day.remove();
    node?.remove();
  }

  /** Note that a button of a message was pressed: what it brings about is to be seen. */
  expect(id) {
    this.#expected = { id, until: Date.now() + MEMORY };
  }

  #isExpected(id = this.#expected?.id) {
    return this.#expected !== null && this.#expected.id === id && Date.now() < this.#expected.until;
  }

  /** Bring a message into view. */
  goTo(id) {
    const node = this.#node(id);
    if (!node) return;
    this.#scroller.reveal(node);
    node.classList.remove("changed");
    requestAnimationFrame(() => node.classList.add("changed"));
  }
}
