/** Draws the blocks of a rich message (Bot API 10.2) as nodes. */

import { pictureOf } from "./api.js";
import { element } from "./dom.js";
import { expandable, plainly, styled } from "./entities.js";
import { row } from "./keyboard.js";
import { film, picture } from "./picture.js";

// Texts that are one thing as a whole: nothing in them is a link of its own.
const WHOLE = new Set(["url", "mention", "bot_command", "hashtag", "cashtag", "email_address", "phone_number", "code"]);

/** Return the nodes of a rich message's blocks. */
export function richBlocks(blocks, chat, message) {
  return (blocks ?? []).map((block) => drawn(block, chat, message));
}

/** Return a RichText, a string or an array or an object around one, as nodes; links are found where `seek` says so. */
export function richText(value, chat, seek = true) {
  if (typeof value === "string") return seek ? plainly(value, chat) : document.createTextNode(value);
  const result = document.createDocumentFragment();
  if (Array.isArray(value)) {
    result.append(...value.map((part) => richText(part, chat, seek)));
  } else if (value) {
    const inner = value.text ?? value.alternative_text ?? value.expression ?? "";
    const content = richText(inner, chat, seek && !WHOLE.has(value.type));
    result.append(styled(value.type, content, chat, { url: value.url, text: textOf(inner) }));
  }
  return result;
}

function textOf(value) {
  if (typeof value === "string") return value;
  return Array.isArray(value) ? value.map(textOf).join("") : textOf(value?.text ?? "");
}

function drawn(block, chat, message) {
  const text = () => richText(block.text ?? "", chat);
  const inner = () => richBlocks(block.blocks, chat, message);
  switch (block.type) {
    case "heading":
      return element(`h${Math.min(6, Math.max(2, block.size))}`, { class: `heading size-${block.size}` }, text());
    case "pre":
      return element("pre", { "data-language": block.language }, text());
    case "footer":
      return element("footer", {}, text());
    case "divider":
      return element("hr");
    case "blockquote":
      return element("blockquote", {}, inner(), credit(block.credit, chat));
    case "expandable_blockquote":
      return expandable(text(), credit(block.credit, chat));
    case "pullquote":
      return element("blockquote", { class: "pull" }, text(), credit(block.credit, chat));
    case "list":
      return element("ul", { class: "list", role: "list" }, block.items.map((item) => listItem(item, chat, message)));
    case "details": {
      const summary = element("summary", {}, richText(block.summary ?? "", chat));
      return element("details", { open: Boolean(block.is_open) }, summary, inner());
    }
    case "photo":
      return figure(block, chat, picture(pictureOf(block.photo), textOf(block.caption?.text)));
    case "video":
    case "animation":
      return figure(block, chat, film(block[block.type]));
    case "buttons":
      return row(block.buttons, chat, message, (value) => richText(value, chat));
    case "table":
      return table(block, chat);
    default:
      return element("p", {}, text());
  }
}

function credit(value, chat) {
  return value ? element("cite", {}, richText(value, chat)) : null;
}

function listItem(item, chat, message) {
  const numbered = item.value !== undefined && (item.type ?? "1") === "1";
  const checkbox = item.is_checked ? "☑" : "☐";
  const label = item.has_checkbox ? checkbox : numbered ? `${item.value}.` : (item.label ?? "•");
  const body = element("div", {}, richBlocks(item.blocks, chat, message));
  return element("li", {}, element("span", { class: "label" }, label), body);
}

function figure(block, chat, shown) {
  const { text = "", credit: author } = block.caption ?? {};
  const caption = element("figcaption", {}, richText(text, chat), credit(author, chat));
  return element("figure", {}, shown, block.caption ? caption : null);
}

function table(block, chat) {
  const cell = ({ text, is_header, colspan, rowspan, align }) =>
    element(is_header ? "th" : "td", { colspan, rowspan, class: align }, richText(text ?? "", chat));
  const rows = block.cells.map((cells) => element("tr", {}, cells.map(cell)));
  const caption = block.caption ? element("caption", {}, richText(block.caption, chat)) : null;
  return element("div", { class: "table" }, element("table", {}, caption, element("tbody", {}, rows)));
}
