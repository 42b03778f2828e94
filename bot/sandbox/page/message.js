/** Draws one message: a bubble with what it says, and its keyboard. */

import { acts } from "./acts.js";
import { addressOf, pictureOf } from "./api.js";
import { element, icon, pressable } from "./dom.js";
import { formatted } from "./entities.js";
import { keyboard } from "./keyboard.js";
import { locale, say } from "./language.js";
import { safeAddress } from "./links.js";
import { film, picture } from "./picture.js";
import { richBlocks } from "./rich.js";
import { timeOfDay } from "./time.js";

/** Return a message as a node. */
export function draw(message, chat) {
  const mine = chat.isMine(message);
  const rich = message.rich_message;
  const body = rich ? element("div", { class: "rich" }, richBlocks(rich.blocks, chat, message)) : textOf(message, chat);
  const image = mediaOf(message);
  const preview = previewOf(message.link_preview_options);
  const above = message.link_preview_options?.show_above_text;
  const bubble = element(
    "div",
    { class: image && !body ? "bubble bare" : "bubble" },
    nameOver(message, chat),
    forwardedFrom(message.forward_origin),
    quoteOf(message.reply_to_message, chat),
    image,
    above ? preview : null,
    body,
    above ? null : preview,
  );
  (body ?? bubble).append(meta(message, chat));
  const kind = `message ${mine ? "out" : "in"}${rich ? " wide" : ""}`;
  const attributes = { class: kind, "data-message-id": message.message_id, tabindex: "-1" };
  return element("article", attributes, bubble, keyboard(message, chat));
}

function mediaOf(message) {
  const { photo, video, animation, document: file, sticker } = message;
  if (photo) return element("div", { class: "photo" }, picture(pictureOf(photo), say("photo")));
  if (video ?? animation) return element("div", { class: "photo" }, film(video ?? animation));
  if (file?.file_name) return fileToKeep(file);
  return sticker && element("div", { class: "sticker" }, sticker.emoji);
}

/** Return a file that can be kept: its name and how large it is. */
function fileToKeep(file) {
  const size = element("small", {}, say("kilobytes", { size: Math.max(1, Math.round(file.file_size / 1024)) }));
  const name = element("span", { class: "file-name", dir: "auto" }, file.file_name, size);
  return element("a", { class: "file", href: addressOf(file), download: file.file_name }, icon("clip"), name);
}

function nameOver(message, chat) {
  const name = chat.nameOver(message);
  return name && element("strong", { class: "name-over", dir: "auto" }, name);
}

/** Return the line that says whom a forwarded message is from. */
function forwardedFrom(origin) {
  if (!origin) return null;
  const known = origin.sender_user?.first_name ?? origin.sender_user_name;
  const name = known ?? (origin.chat ?? origin.sender_chat)?.title ?? "";
  return element("div", { class: "forwarded", dir: "auto" }, say("forwarded", { name }));
}

function textOf(message, chat) {
  const text = message.text ?? message.caption;
  if (!text) return null;
  const entities = message.entities ?? message.caption_entities;
  return element("div", { class: "text" }, formatted(text, entities, chat));
}

function meta(message, chat) {
  const edited = message.edit_date ? element("span", { class: "edited" }, say("edited")) : null;
  const at = new Date(message.date * 1000);
  const full = at.toLocaleString(locale(), { timeZone: "Europe/Kyiv" });
  const time = element("time", { datetime: at.toISOString(), title: full }, timeOfDay(message.date));
  return element("span", { class: "meta" }, acts(message, chat), edited, time, chat.isMine(message) ? icon("checks") : null);
}

function previewOf(options) {
  const address = options?.is_disabled ? null : safeAddress(options?.url);
  return address ? element("div", { class: "preview" }, picture(address)) : null;
}

function quoteOf(quoted, chat) {
  if (!quoted) return null;
  const name = quoted.from?.is_bot ? say("product") : (quoted.from?.first_name ?? "");
  const words = element("span", { class: "quoted" }, excerpt(quoted));
  const node = element("div", { class: "quote" }, element("strong", {}, name), words);
  return pressable(node, () => chat.goTo(quoted.message_id));
}

/** Return the beginning of what a message says, on one line. */
function excerpt(message) {
  const whole = message.text ?? message.caption ?? firstText(message.rich_message?.blocks) ?? say("photo");
  return whole.slice(0, 200).replace(/\s+/g, " ");
}

function firstText(value) {
  if (typeof value === "string") return value || undefined;
  if (Array.isArray(value)) return value.map(firstText).find(Boolean);
  return value && firstText([value.text ?? [], value.blocks ?? []]);
}
