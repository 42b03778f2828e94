/** The delivery ledger: how many deliveries are in each state, and the last ones, live. */

import { element } from "./dom.js";
import { locale, say } from "./language.js";
import { exactTime } from "./time.js";

const STATES = [
  "QUEUED", "SENDING", "SENT", "FAILED", "UNCERTAIN", "HELD", "BUNDLED", "EXPIRED", "DROPPED", "PARKED",
];
const RARE = new Set(["PARKED"]); // shown only while there are some
const NAMED = new Set(["DIGEST", "EDIT", "NOTE"]); // others are headlines

/** Draws the ledger into its panel. */
export class Ledger {
  #root;
  #rows = new Map();
  #drawn = "";
  #ledger = { counts: {}, lines: [] };

  constructor(root) {
    this.#root = root;
    const chip = (state) =>
      element(
        "li",
        { class: "chip", "data-ledger-state": state },
        element("span", { class: "count" }, "0"),
        element("span", { class: "name", "data-say": `state-${state}` }),
      );
    root.querySelector(".chips").append(...STATES.map(chip));
    root.querySelector(".share").append(...STATES.map((state) => element("span", { "data-ledger-share": state })));
  }

  /** Draw everything anew, in the page's language. */
  redraw() {
    this.#rows.clear();
    this.#drawn = "";
    this.#root.querySelector("tbody").replaceChildren();
    for (const chip of this.#root.querySelectorAll(".chip")) chip.title = say(`about-${chip.dataset.ledgerState}`);
    this.show(this.#ledger);
  }

  /** Show a ledger; what has not changed is left alone. */
  show(ledger) {
    this.#ledger = ledger;
    const content = JSON.stringify(ledger);
    if (content === this.#drawn) return;
    const first = this.#drawn === "";
    this.#drawn = content;
    this.#showCounts(ledger.counts);
    this.#showLines(ledger.lines, first);
  }

  #showCounts(counts) {
    const number = new Intl.NumberFormat(locale());
    const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
    for (const state of STATES) {
      const count = counts[state] ?? 0;
      const chip = this.#root.querySelector(`[data-ledger-state=${state}]`);
      chip.classList.toggle("none", !count);
      chip.hidden = RARE.has(state) && !count;
      chip.querySelector(".count").textContent = number.format(count);
      this.#root.querySelector(`[data-ledger-share=${state}]`).style.flexGrow = count;
    }
    this.#root.querySelector(".total").textContent = say("ledger-total", { n: number.format(total) });
    this.#root.dataset.empty = !total;
  }

  #showLines(lines, first) {
    const body = this.#root.querySelector("tbody");
    const rows = lines.map((line) => {
      const known = this.#rows.get(line.id);
      const row = known ?? element("tr", { class: first ? null : "new" });
      if (row.dataset.line !== JSON.stringify(line)) fill(row, line);
      return [line.id, row];
    });
    this.#rows = new Map(rows);
    body.replaceChildren(...this.#rows.values());
  }
}

function fill(row, line) {
  row.dataset.line = JSON.stringify(line);
  const state = element("span", { class: "state", "data-state": line.state }, say(`state-${line.state}`));
  const about = [say(`about-${line.state}`), line.reason].filter(Boolean).join("\n");
  row.replaceChildren(
    element("td", { class: "reader" }, element("bdi", {}, line.reader)),
    element("td", { class: "title", title: line.title }, ...whatOf(line)),
    element("td", { title: about }, state),
    element("td", { class: "at" }, element("time", {}, exactTime(line.at))),
  );
}

function whatOf({ kind, lane, title }) {
  const mark = lane === "URGENT" ? element("span", { class: "urgent", title: say("urgent") }) : null;
  const name = NAMED.has(kind) ? element("span", { class: "kind" }, say(`kind-${kind}`)) : null;
  return [mark, name, title ? element("bdi", {}, title) : null].filter(Boolean);
}
