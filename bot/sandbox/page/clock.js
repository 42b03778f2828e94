/** The sandbox's clock: shows its time as it runs, and changes how fast it does. */

import { setClock } from "./api.js";
import { say } from "./language.js";
import { exactTime, longDate, timeOfDay } from "./time.js";

const HOUR = 3600;
const REFRESH = 100; // milliseconds between two looks at it

/** Runs the clock's panel, and every other element that shows the time. */
export class Clock {
  #root;
  #state = { now: Date.now() / 1000, speed: 1 };
  #read = performance.now();

  constructor(root) {
    this.#root = root;
    for (const button of root.querySelectorAll("[data-speed]")) {
      button.addEventListener("click", () => this.#change({ speed: Number(button.dataset.speed) }));
    }
    root.querySelector(".hour").addEventListener("click", () => this.#change({ skip: HOUR }));
    root.querySelector(".until").addEventListener("click", () => this.#change({ skip: this.#nextHour - this.now() }));
    setInterval(() => this.show(), REFRESH);
  }

  /** Return the sandbox's time in seconds. */
  now() {
    return this.#state.now + ((performance.now() - this.#read) / 1000) * this.#state.speed;
  }

  get #nextHour() {
    return (Math.floor(this.now() / HOUR) + 1) * HOUR;
  }

  async #change(change) {
    this.set(await setClock(change));
  }

  /** Take what the sandbox says its clock is. */
  set(state) {
    this.#state = state;
    this.#read = performance.now();
    for (const button of this.#root.querySelectorAll("[data-speed]")) {
      button.setAttribute("aria-pressed", Number(button.dataset.speed) === state.speed);
    }
    this.show();
  }

  /** Write the time wherever it is shown. */
  show() {
    const now = this.now();
    const next = { time: timeOfDay(this.#nextHour) };
    write(this.#root.querySelector("#clock"), exactTime(now));
    write(this.#root.querySelector(".date"), longDate(now));
    const until = this.#root.querySelector(".until");
    write(until, say("until", next));
    until.setAttribute("aria-label", say("until-label", next));
    for (const node of document.querySelectorAll(".status-time")) write(node, timeOfDay(now));
  }
}

function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
}
