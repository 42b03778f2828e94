/** News that flows in and out again: the site's items, what the newsroom made of each, and the form of its system. */

import { bring, goOn, readFlow } from "./api.js";
import { element, icon } from "./dom.js";
import { language, say } from "./language.js";

const PAUSE = 1_500; // milliseconds between two looks, while the flow is in view

/** Draws the flow into its card. `addFeed` has the editor add the feed of an address. */
export class Flow {
  #root;
  #form;
  #drawn = "";
  #addFeed;
  #site = "";

  constructor(root, lanes, addFeed) {
    this.#root = root;
    this.#addFeed = addFeed;
    this.#form = root.querySelector("form");
    for (const button of lanes.querySelectorAll("[data-lane]")) {
      button.addEventListener("click", () => this.#open(button.dataset.lane));
    }
    root.querySelector(".add-feed").addEventListener("click", () => this.#addFeed(this.#site));
    root.querySelector(".go-on").addEventListener("click", () => this.#take(goOn(language())));
    this.#form.addEventListener("submit", (event) => this.#send(event));
    setInterval(() => this.#inView && this.look(), PAUSE);
  }

  get #inView() {
    return document.body.dataset.lane === "flow" && this.#root.offsetParent !== null;
  }

  #open(lane) {
    document.body.dataset.lane = lane;
    this.redraw();
  }

  /** Draw everything anew, in the page's language. */
  redraw() {
    for (const button of document.querySelectorAll("button[data-lane]")) {
      button.setAttribute("aria-pressed", button.dataset.lane === document.body.dataset.lane);
    }
    this.#form.elements.title.placeholder = say("flow-form-title");
    this.#form.elements.text.placeholder = say("flow-form-text");
    this.#drawn = "";
    if (this.#inView) this.look();
  }

  /** Read how everything stands. */
  look() {
    return this.#take(readFlow(language()));
  }

  async #take(asked) {
    const code = language();
    try {
      const flow = await asked;
      if (code === language()) this.#show(flow);
      return flow;
    } catch {
      return null; // it is being opened anew, or has ended: the page says so elsewhere
    }
  }

  async #send(event) {
    event.preventDefault();
    const { title, text, send } = this.#form.elements;
    const state = event.submitter?.value ?? "publish";
    if (!title.value.trim()) return;
    const buttons = [...this.#form.querySelectorAll("button")];
    for (const button of buttons) button.disabled = true;
    const flow = await this.#take(bring(language(), { title: title.value, text: text.value, state }));
    for (const button of buttons) button.disabled = false;
    if (flow && flow.said?.status < 300) this.#form.reset();
    send.focus({ preventScroll: true });
  }

  #show(flow) {
    this.#site = flow.site;
    const part = (selector) => this.#root.querySelector(selector);
    const { name, mode, next, seconds } = flow;
    part(".flow-now").textContent = say(this.#now(flow), { name, n: seconds, what: next ? say(`flow-next-${next}`) : "" });
    part(".add-feed").hidden = mode !== null;
    part(".go-on").hidden = mode === null || next === null;
    const content = JSON.stringify([flow.lines, flow.said, flow.out, name, mode]);
    if (content === this.#drawn) return;
    this.#drawn = content;
    part(".flow-links").replaceChildren(link(flow.site, name), link(flow.out, say("flow-out")));
    part(".flow-lines").replaceChildren(...flow.lines.map((line) => row(line, mode !== null)));
    const { status, detail = "" } = flow.said ?? {};
    part(".flow-said").textContent = status ? say(status < 300 ? "flow-taken" : "flow-refused", { status, detail }) : "";
  }

  #now({ mode, next, seconds }) {
    if (mode === null) return "flow-about";
    if (next === null) return "flow-over";
    return seconds === null ? "flow-reading" : "flow-next";
  }
}

function link(address, text) {
  const attributes = { href: address, target: "_blank", rel: "noopener noreferrer" };
  const node = element("a", attributes, element("bdi", {}, text));
  node.append(icon("outward"));
  return node;
}

function row({ way, title, link: address, mark, here }, followed) {
  const steps = [step(`flow-way-${way}`, "way")];
  if (mark) steps.push(step(`flow-mark-${mark}`, mark));
  if (here) {
    steps.push(step(`flow-here-${here.state}`, here.state));
    if (here.revision > 1) steps.push(step("flow-corrected", "corrected"));
  } else if (followed) {
    steps.push(step("flow-here-none", "none"));
  }
  if (here?.page) steps.push(link(here.page, say("flow-page")));
  const gone = mark === "gone" ? "gone" : null;
  const name = address ? link(address, title) : element("bdi", {}, title);
  return element("li", { class: gone }, element("p", { class: "flow-title" }, name), element("p", { class: "steps" }, steps));
}

function step(key, tone) {
  return element("span", { class: "state", "data-step": tone }, say(key));
}
