/** Three things to try, for each role, over the place where one writes. */

import { element, icon } from "./dom.js";
import { say } from "./language.js";

const HIDDEN = "visnyk-hints-hidden";
const SAMPLES = ["page", "channel", "album"]; // what an editor's hints send

/** Shows the hints of a chat's role in `root`, until they are hidden. */
export class Hints {
  #root;
  #chat;

  constructor(root, chat) {
    this.#root = root;
    this.#chat = chat;
  }

  /** Show the hints in the page's language; `fit` says whether this is the place for them. */
  show(fit) {
    const { role } = this.#chat;
    this.#root.hidden = !fit || Boolean(localStorage.getItem(`${HIDDEN}-${role}`));
    const chips = [1, 2, 3].map((number) =>
      element("button", { type: "button", class: "hint", click: () => this.#try(number) }, say(`hint-${role}-${number}`)),
    );
    const hide = element("button", { type: "button", class: "round hide", "aria-label": say("hide-hints"), click: () => this.#hide() });
    hide.append(icon("close"));
    this.#root.setAttribute("aria-label", say("hints"));
    this.#root.replaceChildren(element("span", { class: "hints-head" }, say("hints")), hide, ...chips);
  }

  #try(number) {
    if (this.#chat.role === "editor") this.#chat.sendSample(SAMPLES[number - 1]);
    else this.#chat.send(say(`hint-reader-${number}-text`));
  }

  #hide() {
    localStorage.setItem(`${HIDDEN}-${this.#chat.role}`, "yes");
    this.#root.hidden = true;
  }
}

/** Let hidden hints be seen again. */
export function showHintsAgain() {
  for (const role of ["reader", "editor"]) localStorage.removeItem(`${HIDDEN}-${role}`);
}
