/** Draws inline keyboards and keeps a spinner on a tapped button until its answer comes. */

import { element, icon } from "./dom.js";
import { say } from "./language.js";
import { follow, safeAddress } from "./links.js";

const STYLES = new Set(["primary", "success", "danger", "link"]);

/** Return a message's keyboard, or null when it has none. */
export function keyboard(message, chat) {
  const rows = message.reply_markup?.inline_keyboard;
  if (!rows?.length) return null;
  return element("div", { class: "keyboard" }, rows.map((buttons) => row(buttons, chat, message)));
}

/** Return a row of buttons; `draw` turns a button's text into a node. */
export function row(buttons, chat, message, draw = (text) => text) {
  const many = buttons.length > 2 ? "row many" : "row";
  return element("div", { class: many }, buttons.map((button) => drawn(button, chat, message, draw)));
}

function drawn(button, chat, message, draw) {
  const act = action(button, chat, message);
  const style = STYLES.has(button.style) ? button.style : "";
  const label = element("span", { class: "button-text", dir: "auto" }, draw(button.text));
  const node = element("button", { type: "button", class: style, disabled: !act }, label);
  if (button.url && !label.textContent.includes("↗")) node.append(icon("outward"));
  if (act) node.addEventListener("click", () => act(node));
  return node;
}

function action(button, chat, message) {
  const address = button.url ? safeAddress(button.url) : null;
  if (button.callback_data) return (node) => chat.tap(message, button.callback_data, node);
  if (address) return () => follow(address, chat);
  if (button.copy_text) return () => copy(button.copy_text.text, chat);
  return null;
}

async function copy(text, chat) {
  await navigator.clipboard.writeText(text);
  chat.toast(say("copied"));
}

const PATIENCE = 15_000; // milliseconds after which a button that was never answered comes to rest

/** The taps that wait for their answers. An answer may overtake the reply that tells the tap's number. */
export class Taps {
  #waiting = new Map();
  #early = new Set();

  /** Show that a button waits; `sent` promises the tap's number. */
  async wait(button, sent) {
    button.classList.add("waiting");
    button.setAttribute("aria-busy", "true");
    const rest = () => {
      button.classList.remove("waiting");
      button.removeAttribute("aria-busy");
    };
    try {
      const { tap } = await sent;
      if (this.#early.delete(tap)) return rest();
      this.#waiting.set(tap, rest);
      setTimeout(() => this.#release(tap), PATIENCE);
    } catch (error) {
      rest();
      throw error;
    }
  }

  /** Note that a tap was answered. */
  answered(tap) {
    if (!this.#release(tap)) this.#early.add(tap);
  }

  #release(tap) {
    this.#waiting.get(tap)?.();
    return this.#waiting.delete(tap);
  }
}
