/** The menu of a bot's commands over the place where one writes. */

import { element } from "./dom.js";
import { say } from "./language.js";

/** Lists `commands` in a box, all of them or those that begin as what is typed; `chosen` is called with one. */
export class CommandMenu {
  commands = [];
  #box;
  #text;
  #chosen;
  #open = false; // opened by its button, whatever is typed
  #closed = false; // closed with Escape until something else is typed
  #marked = -1;

  constructor(box, text, chosen) {
    this.#box = box;
    this.#text = text;
    this.#chosen = chosen;
    document.addEventListener("click", (event) => {
      if (this.#open && !box.parentElement.contains(event.target)) this.#close();
    });
  }

  /** Open or close the menu, as its button does. */
  toggle() {
    this.#open = this.#box.hidden;
    this.#closed = !this.#open;
    if (matchMedia("(hover: hover)").matches) this.#text.focus(); // on a phone that would call up its keyboard
    this.#draw();
  }

  /** Follow what is typed. */
  filter() {
    this.#open = false;
    this.#closed = false;
    this.#draw();
  }

  /** Take a key that is meant for the menu; returns whether it was. */
  key(event) {
    const options = this.#box.querySelectorAll("[role=option]");
    if (this.#box.hidden || !options.length) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const marked = options[this.#marked];
    if (step) this.#mark((this.#marked + step + options.length + (this.#marked < 0 && step < 0)) % options.length);
    else if (event.key === "Enter" && marked) marked.click();
    else if (event.key === "Tab" && !event.shiftKey) this.#complete(marked ?? options[0]);
    else if (event.key === "Escape") this.#close();
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  #close() {
    this.#open = false;
    this.#closed = true;
    this.#draw();
  }

  #complete(option) {
    this.#text.value = `${option.dataset.command} `;
    this.#close();
  }

  #mark(index) {
    this.#marked = index;
    const options = [...this.#box.querySelectorAll("[role=option]")];
    options.forEach((option, number) => option.setAttribute("aria-selected", number === index));
    options[index]?.scrollIntoView({ block: "nearest" });
    if (options[index]) this.#text.setAttribute("aria-activedescendant", options[index].id);
    else this.#text.removeAttribute("aria-activedescendant");
  }

  #draw() {
    const typed = /^\/\w*$/.test(this.#text.value) ? this.#text.value.slice(1).toLowerCase() : null;
    const fitting = this.commands.filter(({ command }) => this.#open || command.startsWith(typed));
    this.#box.hidden = this.#closed || !(this.#open || (typed !== null && fitting.length));
    const options = this.#box.hidden ? [] : fitting.map((entry) => this.#option(entry));
    const nothing = element("li", { class: "nothing" }, say("no-commands"));
    this.#box.replaceChildren(...(options.length || this.#box.hidden ? options : [nothing]));
    this.#mark(-1);
  }

  #option({ command, description }) {
    const name = element("span", { class: "name" }, `/${command}`);
    const about = element("span", { class: "about" }, description);
    const attributes = { role: "option", id: `${this.#box.id}-${command}`, "data-command": `/${command}` };
    const option = element("li", attributes, name, about);
    option.addEventListener("mousedown", (event) => event.preventDefault()); // the text keeps the focus
    option.addEventListener("click", () => {
      this.#close();
      this.#chosen(`/${command}`);
    });
    return option;
  }
}
