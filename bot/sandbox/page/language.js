/** Which language the page is in, and its phrases. */

import { readLanguages } from "./api.js";

const KEPT = "visnyk-language";
const LANGUAGES = await readLanguages(); // each with its words; whoever imports this file waits for them

let [current] = LANGUAGES;

/** Choose the language to begin with: the address's, else the one chosen on the last visit. */
export function chooseLanguage() {
  const asked = new URLSearchParams(location.search).get("lang") ?? localStorage.getItem(KEPT);
  current = LANGUAGES.find(({ code }) => code === asked) ?? current;
}

/** Return the language's code. */
export function language() {
  return current.code;
}

/** Fill the switch with a button for each language. */
export function fillSwitch(root) {
  root.replaceChildren(
    ...LANGUAGES.map(({ code, name, short }) => {
      const button = document.createElement("button");
      Object.assign(button, { type: "button", lang: code, title: name, textContent: short });
      button.dataset.lang = code;
      return button;
    }),
  );
}

/** Change the language; it is kept for the next visit, and an address that names one is brought in line. */
export function setLanguage(code) {
  current = LANGUAGES.find((known) => known.code === code);
  localStorage.setItem(KEPT, code);
  const address = new URL(location.href);
  if (address.searchParams.has("lang")) {
    address.searchParams.set("lang", code);
    history.replaceState(null, "", address);
  }
}

/** Return the language as the browser's own formatting knows it. */
export function locale() {
  return current.locale;
}

/** Return a phrase; {names} in it are replaced. */
export function say(key, values = {}) {
  return current.words[key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

/** Write the phrases that elements ask for with data-say (their text) and data-label (their name). */
export function translate(root) {
  for (const node of root.querySelectorAll("[data-say]")) node.textContent = say(node.dataset.say);
  for (const node of root.querySelectorAll("[data-label]")) {
    node.setAttribute("aria-label", say(node.dataset.label));
    if (node.matches("button")) node.title = say(node.dataset.label);
  }
}
