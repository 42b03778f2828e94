/** The menus over the box to write in: what can be sent (files of one's own, samples of all people send), what is offered. */

import { element } from "./dom.js";
import { say } from "./language.js";

const SENT = ["album", "video", "sticker", "page", "long"];
const FORWARDED = ["channel", "person", "hidden", "group"];

/** Opens in `box` when `button` is pressed; `files` asks for files, `sample` sends a sample by its name. */
export class SendMenu {
  #box;
  #button;

  constructor(box, button, { files, sample }) {
    this.#box = box;
    this.#button = button;
    const entry = (key, act) => {
      const click = () => {
        this.#open(false);
        act();
      };
      return element("li", {}, element("button", { type: "button", "data-say": key, click }));
    };
    const head = (key) => element("li", { class: "head", "data-say": key });
    box.append(
      head("send-what"),
      entry("own-files", files),
      ...SENT.map((name) => entry(`send-${name}`, () => sample(name))),
      head("forward-from"),
      ...FORWARDED.map((name) => entry(`forward-${name}`, () => sample(name))),
    );
    button.addEventListener("click", () => this.#open(box.hidden));
    document.addEventListener("click", ({ target }) => button.contains(target) || box.contains(target) || this.#open(false));
    box.parentElement.addEventListener("keydown", (event) => this.#key(event));
  }

  #open(shown) {
    if (shown === !this.#box.hidden) return;
    this.#box.hidden = !shown;
    this.#button.setAttribute("aria-expanded", shown);
    for (const node of this.#box.querySelectorAll("[data-say]")) node.textContent = say(node.dataset.say);
    if (shown) this.#box.querySelector("button").focus({ preventScroll: true });
  }

  #key(event) {
    if (event.key !== "Escape" || this.#box.hidden) return;
    this.#open(false);
    this.#button.focus();
  }
}

/** A menu that opens in `box` with what is offered, and closes when something is chosen or pressed beside it. */
export class OfferMenu {
  #box;

  constructor(box) {
    this.#box = box;
    document.addEventListener("click", ({ target }) => box.contains(target) || this.#close(), { capture: true });
    box.parentElement.addEventListener("keydown", ({ key }) => key === "Escape" && this.#close());
  }

  /** Open with a title and entries, each a name and what choosing it does. */
  offer(title, entries) {
    const lines = entries.map(({ name, choose }) => {
      const click = () => {
        this.#close();
        choose();
      };
      return element("li", {}, element("button", { type: "button", click }, name));
    });
    this.#box.replaceChildren(element("li", { class: "head" }, title), ...lines);
    this.#box.hidden = false;
    this.#box.querySelector("button")?.focus({ preventScroll: true });
  }

  #close() {
    this.#box.hidden = true;
  }
}
