/** Draws a text with its entities (the Bot API's, in UTF-16 units) as nodes. */

import { element, pressable } from "./dom.js";
import { say } from "./language.js";
import { link } from "./links.js";

const TAGS = {
  bold: "strong",
  italic: "em",
  underline: "u",
  strikethrough: "s",
  code: "code",
  subscript: "sub",
  superscript: "sup",
  marked: "mark",
};
const BLOCKS = new Set(["blockquote", "expandable_blockquote", "pre"]);
const OPEN = new Set(["bold", "italic", "underline", "strikethrough", "spoiler", "blockquote", "expandable_blockquote"]);

// What Telegram finds in a text by itself: addresses, commands, names, hashtags.
const FOUND = new RegExp(
  [
    String.raw`(?<url>https?:\/\/[^\s<>«»“”"]*[^\s<>«»“”".,:;!?)\]}…])`,
    String.raw`(?<![\p{L}\p{N}_\/<>])(?<bot_command>\/[a-z0-9_]{1,32}(?:@\w+)?)(?![\p{L}\p{N}_\/])`,
    String.raw`(?<![\p{L}\p{N}_@.])(?<mention>@[a-z]\w{3,31})`,
    String.raw`(?<![\p{L}\p{N}_&])(?<hashtag>#[\p{L}\p{N}_]*\p{L}[\p{L}\p{N}_]*)`,
  ].join("|"),
  "giu",
);

function found(text, known) {
  const free = (start, end) => known.every((e) => e.offset >= end || e.offset + e.length <= start || OPEN.has(e.type));
  const result = [];
  for (const match of text.matchAll(FOUND)) {
    const type = Object.keys(match.groups).find((name) => match.groups[name] !== undefined);
    const length = match[0].length;
    if (free(match.index, match.index + length)) result.push({ type, offset: match.index, length });
  }
  return result;
}

/** Return a node of the kind an entity or a rich text asks for, around nodes. */
export function styled(type, content, chat, { url, text = "" } = {}) {
  switch (type) {
    case "spoiler":
      return spoiler(content);
    case "text_link":
    case "url":
      return link(url ?? text, chat, content);
    case "email":
    case "email_address":
      return link(`mailto:${text}`, chat, content);
    case "phone_number":
      return link(`tel:${text.replace(/[^\d+]/g, "")}`, chat, content);
    case "mention":
      return link(`https://t.me/${text.slice(1)}`, chat, content);
    case "bot_command":
      return pressable(element("a", { class: "command" }, content), () => chat.send(text));
    case "hashtag":
    case "cashtag":
      return element("span", { class: "tag" }, content);
    case "pre":
      return element("pre", {}, content);
    case "blockquote":
      return element("blockquote", {}, content);
    case "expandable_blockquote":
      return expandable(content);
    default:
      return element(TAGS[type] ?? "span", {}, content);
  }
}

function spoiler(content) {
  const node = element("span", { class: "spoiler", "aria-label": say("show-spoiler") }, element("span", {}, content));
  return pressable(node, () => {
    node.classList.add("shown");
    node.removeAttribute("aria-label");
  });
}

/** Return a quote that shows its first lines until it is pressed. */
export function expandable(...content) {
  const node = element("blockquote", { class: "expandable", "aria-expanded": "false" }, ...content);
  return pressable(node, () => node.setAttribute("aria-expanded", node.getAttribute("aria-expanded") === "false"));
}

/** Return a text as nodes; entities may be nested and may overlap. */
export function formatted(text, entities, chat) {
  const known = (entities ?? []).filter((e) => e.offset >= 0 && e.length > 0 && e.offset + e.length <= text.length);
  return drawn(text, 0, text.length, [...known, ...found(text, known)], chat);
}

/** Return a string that has no entities of its own as nodes. */
export function plainly(text, chat) {
  return formatted(text, [], chat);
}

function drawn(text, start, end, entities, chat) {
  const outermost = (a, b) =>
    a.offset - b.offset || BLOCKS.has(b.type) - BLOCKS.has(a.type) || b.length - a.length;
  const waiting = [...entities].sort(outermost);
  const result = document.createDocumentFragment();
  let at = start;
  while (waiting.length) {
    const entity = waiting.shift();
    const from = Math.max(entity.offset, at);
    const to = Math.min(entity.offset + entity.length, end);
    if (from >= to) continue;
    const inner = [];
    while (waiting.length && waiting[0].offset < to) inner.push(waiting.shift());
    for (const other of inner) {
      const beyond = other.offset + other.length - to; // what overlaps the end goes on after it
      if (beyond > 0) waiting.unshift({ ...other, offset: to, length: beyond });
    }
    result.append(text.slice(at, from));
    result.append(styled(entity.type, drawn(text, from, to, inner, chat), chat, {
      url: entity.url,
      text: text.slice(from, to),
    }));
    at = BLOCKS.has(entity.type) && text[to] === "\n" ? to + 1 : to; // a block ends its line by itself
  }
  result.append(text.slice(at, end));
  return result;
}
