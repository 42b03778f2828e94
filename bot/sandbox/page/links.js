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

/** Follow a safe address as a person in a chat would: one that starts the bot does so, any other opens beside. */
export function follow(address, chat) {
  const parameter = startParameter(address, chat);
  if (parameter === null) window.open(address, "_blank", "noopener");
  else chat.send(`/start ${parameter}`);
}

/** Return a link around nodes, or, when its address is not to be trusted, only the nodes. */
export function link(address, chat, ...children) {
  const href = safeAddress(address);
  if (href === null) return element("span", {}, ...children);
  const node = element("a", { href, target: "_blank", rel: "noopener", title: href }, ...children);
  if (startParameter(href, chat) !== null) {
    node.addEventListener("click", (event) => {
      event.preventDefault();
      follow(href, chat);
    });
  }
  return node;
}
