/** Where a person writes: the text, photos and films, the menu of commands, a message that is changed. */

import { CommandMenu } from "./commands.js";
import { element } from "./dom.js";
import { say } from "./language.js";
import { asMedia, picture } from "./picture.js";
import { OfferMenu, SendMenu } from "./sending.js";

const CAPTION_LIMIT = 1024; // as in Telegram
const ALBUM_LIMIT = 10;

/** Sends what is written through `chat`. */
export class Composer {
  #chat;
  #form;
  #text;
  #menu;
  #offered;
  #media = [];
  #changing = null; // the message that is changed
  #drafts = new Map();
  #place = null;

  constructor(root, chat) {
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
    this.#form.querySelector(".leave").addEventListener("click", () => this.#leave());
    this.#prepareMedia(root.querySelector(".send-menu"));
    this.#offered = new OfferMenu(root.querySelector(".offer-menu"));
  }

  #prepareMedia(box) {
    const file = this.#form.elements.file;
    const sample = (name) => this.#chat.sendSample(name);
    new SendMenu(box, this.#form.querySelector(".attach"), { files: () => file.click(), sample });
    this.#form.querySelector(".detach").addEventListener("click", () => this.#attach([]));
    file.addEventListener("change", () => {
      this.#take([...file.files]);
      file.value = "";
    });
    this.#text.addEventListener("paste", (event) => {
      const pasted = [...event.clipboardData.files].filter(({ type }) => /^(image|video)\//.test(type));
      if (pasted.length) this.#take(pasted);
    });
  }

  async #take(files) {
    if (!files.length) return;
    try {
      this.#attach([...this.#media, ...(await Promise.all(files.map(asMedia)))].slice(0, ALBUM_LIMIT));
    } catch {
      this.#chat.toast(say("not-a-picture"));
    }
  }

  #attach(media) {
    this.#media = media;
    this.#form.querySelector(".attachment").hidden = !media.length;
    this.#form.querySelector(".attached").replaceChildren(
      ...media.map((data) => (data.startsWith("data:image/") ? picture(data) : element("span", {}, "🎬"))),
    );
    this.#text.focus();
    this.#changed();
  }

  /** Let somebody write in a place; what they had written there before is still there. */
  open(place) {
    if (this.#changing) this.#leave();
    this.#drafts.set(this.#place, this.#text.value);
    this.#place = place;
    this.#text.value = this.#drafts.get(place) ?? "";
    this.#changed();
  }

  /** Offer these commands. */
  setCommands(commands) {
    this.#menu.commands = commands;
    this.#form.querySelector(".slash").hidden = !commands.length;
  }

  /** Let a message be changed. */
  change(message) {
    this.#changing = message;
    this.#text.value = message.text ?? message.caption;
    this.#form.querySelector(".changing").hidden = false;
    this.#text.focus();
    this.#changed();
  }

  /** Write a text into the box, to be looked at and sent. */
  fill(text) {
    this.#text.value = text;
    this.#text.focus();
    this.#changed();
  }

  /** Ask for one of some `entries`, each with a name and what choosing it does. */
  offer(title, entries) {
    this.#offered.offer(title, entries);
  }

  #leave() {
    this.#changing = null;
    this.#text.value = "";
    this.#form.querySelector(".changing").hidden = true;
    this.#changed();
  }

  #changed() {
    this.#text.style.height = "auto";
    this.#text.style.height = `${this.#text.scrollHeight}px`;
    this.#text.placeholder = say(this.#media.length ? "caption" : "message");
    this.#form.elements.send.disabled = !this.#media.length && !this.#text.value.trim();
    this.#menu.filter();
  }

  #key(event) {
    if (event.isComposing || this.#menu.key(event)) return;
    if (event.key === "Escape" && this.#changing) this.#leave();
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
    const [media, changing] = [this.#media, this.#changing];
    if (!text && !media.length) return;
    const isCaption = media.length || changing?.caption !== undefined;
    if (isCaption && text.length > CAPTION_LIMIT) {
      this.#chat.toast(say("long-caption", { n: CAPTION_LIMIT }));
      return;
    }
    this.#text.value = "";
    if (media.length) this.#attach([]);
    if (changing) this.#leave();
    this.#changed();
    if (await this.#sent(text, media, changing)) return;
    this.#text.value ||= text;
    this.#changed();
  }

  #sent(text, media, changing) {
    if (changing) return this.#chat.sendChange(changing, text);
    return media.length ? this.#chat.sendMedia(media, text) : this.#chat.send(text);
  }
}
