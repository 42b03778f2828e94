/** Decides which addresses may be followed, and makes links of them. */

import { element } from "./dom.js";

const ALLOWED = new Set(["http:", "https:", "mailto:", "tel:", "tg:"]);

function parsed(address) {
  try {
    return new URL(address);
  } catch {
    return null;
  }
}

/** Return an address that is safe to follow, or null. One without a scheme is taken for a web address. */
export function safeAddress(address) {
  const text = String(address ?? "").trim();
  const url = parsed(text) ?? parsed(`https://${text}`);
  return url && ALLOWED.has(url.protocol) ? url.href : null;
}

/** Return the parameter of a link that starts the bot (t.me/bot?start=X), or null for any other link. */
function startParameter(address, chat) {
  const url = parsed(address);
  if (url?.hostname !== "t.me" || url.pathname.slice(1) !== chat.bot.username) return null;
  return url.searchParams.get("start");
}

/** Return what a link passes on (t.me/share/url): the address and the words with it, or null for any other link. */
function sharedText(address) {
  const url = parsed(address);
  if (url?.hostname !== "t.me" || url.pathname !== "/share/url") return null;
  return [url.searchParams.get("url"), url.searchParams.get("text")].filter(Boolean).join("\n");
}

/** Tell whether a link leads into the bot itself. */
function leadsToBot(address, chat) {
  const url = parsed(address);
  return url?.hostname === "t.me" && url.pathname.slice(1) === chat.bot.username;
}

/** Tell whether an address is followed inside Telegram, which here is the page. */
function staysHere(address, chat) {
  return leadsToBot(address, chat) || sharedText(address) !== null;
}

/**
 * Follow a safe address as a person in a chat would: one that leads to the bot opens its chat and may start it, one
 * that passes something on lets them choose to whom, any other opens beside.
 */
export function follow(address, chat) {
  const [parameter, shared] = [startParameter(address, chat), sharedText(address)];
  if (shared !== null) chat.share(shared);
  else if (parameter !== null) chat.sendToBot(`/start ${parameter}`);
  else if (leadsToBot(address, chat)) chat.openBot();
  else window.open(address, "_blank", "noopener");
}

/** Return a link around nodes, or, when its address is not to be trusted, only the nodes. */
export function link(address, chat, ...children) {
  const href = safeAddress(address);
  if (href === null) return element("span", {}, ...children);
  const node = element("a", { href, target: "_blank", rel: "noopener", title: href }, ...children);
  if (staysHere(href, chat)) {
    node.addEventListener("click", (event) => {
      event.preventDefault();
      follow(href, chat);
    });
  }
  return node;
}
