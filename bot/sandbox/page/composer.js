/** Where a person writes: the text, a photo, the menu of commands. */

import { CommandMenu } from "./commands.js";
import { say } from "./language.js";
import { asPhoto } from "./picture.js";

const TEXT_LIMIT = 4096; // as in Telegram; its clients cut a longer text into several messages
const CAPTION_LIMIT = 1024;

/** Sends what is written through `chat`. */
export class Composer {
  #chat;
  #form;
  #text;
  #menu;
  #photo = null;
  #drafts = new Map();
  #person = null;

  constructor(root, chat, { photos }) {
    this.#chat = chat;
    this.#form = root.querySelector(".composer");
    this.#text = this.#form.elements.message;
    this.#menu = new CommandMenu(root.querySelector(".commands"), this.#text, (command) => this.#command(command));
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
    this.#text.addEventListener("input", () => this.#changed());
    this.#text.addEventListener("keydown", (event) => this.#key(event));
    this.#form.querySelector(".slash").addEventListener("click", () => this.#menu.toggle());
    if (photos) this.#preparePhotos();
  }

  #preparePhotos() {
    const [attach, file] = [this.#form.querySelector(".attach"), this.#form.elements.file];
    attach.hidden = false;
    attach.addEventListener("click", () => file.click());
    this.#form.querySelector(".detach").addEventListener("click", () => this.#attach(null));
    file.addEventListener("change", () => {
      if (file.files.length) this.#take(file.files[0]);
      file.value = "";
    });
    this.#text.addEventListener("paste", (event) => {
      const pasted = [...event.clipboardData.files].find((item) => item.type.startsWith("image/"));
      if (pasted) this.#take(pasted);
    });
  }

  async #take(file) {
    try {
      this.#attach(await asPhoto(file));
    } catch {
      this.#chat.toast(say("not-a-picture"));
    }
  }

  #attach(photo) {
    this.#photo = photo;
    this.#form.querySelector(".attachment").hidden = !photo;
    this.#form.querySelector(".attachment img").src = photo ?? "";
    this.#text.focus();
    this.#changed();
  }

  /** Let somebody write; what they had written before is still there. */
  open(person) {
    this.#drafts.set(this.#person, this.#text.value);
    this.#person = person;
    this.#text.value = this.#drafts.get(person) ?? "";
    this.#changed();
  }

  /** Offer these commands. */
  setCommands(commands) {
    this.#menu.commands = commands;
    this.#form.querySelector(".slash").hidden = !commands.length;
  }

  #changed() {
    this.#text.style.height = "auto";
    this.#text.style.height = `${this.#text.scrollHeight}px`;
    this.#text.placeholder = say(this.#photo ? "caption" : "message");
    this.#form.elements.send.disabled = !this.#photo && !this.#text.value.trim();
    this.#menu.filter();
  }

  #key(event) {
    if (event.isComposing || this.#menu.key(event)) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.#send();
    }
  }

  #command(command) {
    this.#text.value = "";
    this.#changed();
    this.#chat.send(command);
  }

  async #send() {
    const text = this.#text.value.trim();
    const photo = this.#photo;
    if (!text && !photo) return;
    if (photo && text.length > CAPTION_LIMIT) {
      this.#chat.toast(say("long-caption", { n: CAPTION_LIMIT }));
      return;
    }
    this.#text.value = "";
    if (photo) this.#attach(null);
    this.#changed();
    const sent = photo ? await this.#chat.sendPhoto(photo, text) : await this.#sendText(text);
    if (sent) return;
    this.#text.value ||= text;
    this.#changed();
  }

  async #sendText(text) {
    for (const part of parts(text)) {
      if (!(await this.#chat.send(part))) return false;
    }
    return true;
  }
}

/** Return a text in pieces that fit into messages, cut at an end of line or between words where there is one. */
function parts(text) {
  const result = [];
  let rest = text;
  while (rest.length > TEXT_LIMIT) {
    const head = rest.slice(0, TEXT_LIMIT);
    const at = Math.max(head.lastIndexOf("\n"), 0) || Math.max(head.lastIndexOf(" "), 0) || TEXT_LIMIT;
    result.push(rest.slice(0, at));
    rest = rest.slice(at).trimStart();
  }
  return [...result, rest];
}
