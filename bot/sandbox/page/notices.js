/** What Telegram says over a chat: toasts that pass, and alerts that wait for a word. */

import { element } from "./dom.js";
import { say } from "./language.js";

const SHORTEST = 2_500; // milliseconds a toast stays
const A_LETTER = 45; // and longer for each letter

/** Shows toasts in one box and alerts over a whole screen. */
export class Notices {
  #screen;
  #toasts;

  constructor(screen, toasts) {
    this.#screen = screen;
    this.#toasts = toasts;
  }

  /** Say something in passing. */
  toast(text) {
    const node = element("p", { class: "toast", dir: "auto" }, text);
    this.#toasts.replaceChildren(node);
    setTimeout(() => node.remove(), SHORTEST + text.length * A_LETTER);
  }

  /** Say something that has to be acknowledged. */
  alert(text) {
    const before = document.activeElement;
    const close = () => {
      node.remove();
      before?.focus({ preventScroll: true });
    };
    const button = element("button", { type: "button", click: close }, say("ok"));
    const box = element("div", { class: "alert-box" }, element("p", { dir: "auto" }, text), button);
    const keydown = (event) => {
      if (event.key === "Escape") close();
      if (event.key === "Tab") event.preventDefault(); // there is nowhere else to go
    };
    const node = element("div", { class: "alert", role: "alertdialog", "aria-modal": "true", keydown }, box);
    node.setAttribute("aria-label", text);
    this.#screen.append(node);
    button.focus({ preventScroll: true });
  }
}
