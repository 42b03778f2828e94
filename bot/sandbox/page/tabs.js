/** The tabs of a narrow screen: which panel is shown, and how much is unread in the others. */

import { say } from "./language.js";

/** Runs the tabs in `root`. On a wide screen all panels are in view and nothing is ever unread. */
export class Tabs {
  #buttons;
  #unread = new Map();
  #narrow = matchMedia("(max-width: 799px)");

  constructor(root) {
    this.#buttons = [...root.querySelectorAll("[data-panel]")];
    for (const button of this.#buttons) button.addEventListener("click", () => this.open(button.dataset.panel));
    this.#narrow.addEventListener("change", () => this.open(document.body.dataset.panel));
  }

  /** Show a panel. */
  open(panel) {
    document.body.dataset.panel = panel;
    if (this.#narrow.matches) this.#unread.delete(panel);
    else this.#unread.clear();
    this.redraw();
  }

  /** Count a message that came to a panel. */
  count(panel) {
    if (!this.#narrow.matches || document.body.dataset.panel === panel) return;
    this.#unread.set(panel, (this.#unread.get(panel) ?? 0) + 1);
    this.redraw();
  }

  /** Draw the tabs in the page's language. */
  redraw() {
    for (const button of this.#buttons) {
      const { panel } = button.dataset;
      const unread = this.#unread.get(panel);
      button.setAttribute("aria-current", panel === document.body.dataset.panel);
      button.querySelector(".badge").textContent = unread ?? "";
      const name = say(panel);
      button.setAttribute("aria-label", unread ? `${name}, ${say("unread", { n: unread })}` : name);
    }
  }
}
