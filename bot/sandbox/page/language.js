/** Which language the page is in, and its phrases. */

import { WORDS } from "./words.js";

const KEPT = "visnyk-language";

let current = "uk";

/** Choose the language to begin with: the address's, else the one chosen on the last visit. */
export function chooseLanguage() {
  const asked = new URLSearchParams(location.search).get("lang") ?? localStorage.getItem(KEPT);
  if (asked in WORDS) current = asked;
}

/** Return the language: uk or en. */
export function language() {
  return current;
}

/** Change the language; it is kept for the next visit, and an address that names one is brought in line. */
export function setLanguage(code) {
  current = code;
  localStorage.setItem(KEPT, code);
  const address = new URL(location.href);
  if (address.searchParams.has("lang")) {
    address.searchParams.set("lang", code);
    history.replaceState(null, "", address);
  }
}

/** Return the language as the browser's own formatting knows it. */
export function locale() {
  return current === "uk" ? "uk-UA" : "en-GB";
}

/** Return a phrase; {names} in it are replaced. */
export function say(key, values = {}) {
  return WORDS[current][key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

/** Write the phrases that elements ask for with data-say (their text) and data-label (their name). */
export function translate(root) {
  for (const node of root.querySelectorAll("[data-say]")) node.textContent = say(node.dataset.say);
  for (const node of root.querySelectorAll("[data-label]")) {
    node.setAttribute("aria-label", say(node.dataset.label));
    if (node.matches("button")) node.title = say(node.dataset.label);
  }
}
