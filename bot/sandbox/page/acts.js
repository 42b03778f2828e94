/** What can be done with a message that is there: change one's own, forward any to the bot. */

import { element } from "./dom.js";
import { say } from "./language.js";

let close = () => {}; // the one menu that is open
document.addEventListener("click", () => close());
document.addEventListener("keydown", ({ key }) => key === "Escape" && close());

/** Return the button that opens a message's menu. */
export function acts(message, chat) {
  const button = element("button", { type: "button", class: "acts", "aria-label": say("acts"), title: say("acts") }, "⋯");
  button.setAttribute("aria-expanded", "false");
  button.addEventListener("click", (event) => {
    event.stopPropagation();
    const wasOpen = button.getAttribute("aria-expanded") === "true";
    close();
    if (!wasOpen) open(button, message, chat);
  });
  return button;
}

function open(button, message, chat) {
  const entry = (key, act) => element("button", { type: "button", click: () => act(message) }, say(key));
  const entries = [];
  if (mayChange(message, chat)) entries.push(entry("act-edit", (one) => chat.change(one)));
  entries.push(entry("act-forward", (one) => chat.forward(one)));
  const menu = element("div", { class: "popup acts-menu" }, entries);
  button.closest(".message").append(menu);
  button.setAttribute("aria-expanded", "true");
  menu.scrollIntoView({ block: "nearest" });
  entries[0].focus({ preventScroll: true });
  close = () => {
    menu.remove();
    button.setAttribute("aria-expanded", "false");
    close = () => {};
  };
}

function mayChange(message, chat) {
  const hasWords = message.text !== undefined || message.caption !== undefined;
  return chat.isMine(message) && hasWords && !message.forward_origin;
}
