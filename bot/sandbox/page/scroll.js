/** Keeps a chat where its reader is: at the bottom while they are there, else where they look. */

import { mayMove } from "./dom.js";

const NEAR = 32; // pixels from the bottom that still count as the bottom
const MARGIN = 10; // pixels left above and below a message that was scrolled to
const WAY = 600; // milliseconds that a smooth scroll may take

/** Watches a scrolling box and its content. `moved` is called with whether the bottom is in view. */
export class Scroller {
  #box;
  #moved;
  #arrives = 0; // when a scroll of our own will be over; what is passed on the way does not count

  constructor(box, content, moved) {
    this.#box = box;
    this.#moved = moved;
    this.atBottom = true;
    box.addEventListener("scroll", () => performance.now() > this.#arrives && this.look(), { passive: true });
    const resized = new ResizeObserver(() => this.atBottom && this.toBottom());
    resized.observe(box);
    resized.observe(content);
  }

  /** Find out anew whether the bottom is in view. */
  look() {
    const { scrollHeight, scrollTop, clientHeight } = this.#box;
    this.atBottom = scrollHeight - scrollTop - clientHeight < NEAR;
    this.#moved(this.atBottom);
  }

  /** Go to the bottom and stay there. */
  toBottom() {
    this.#box.scrollTop = this.#box.scrollHeight;
    this.look();
  }

  /** No longer stay at the bottom: something else is to be looked at. */
  release() {
    this.atBottom = false;
    this.#moved(false);
  }

  /** Tell whether a message is taller than what can be seen at once. */
  isTall(node) {
    return node.offsetHeight > this.#box.clientHeight - 2 * MARGIN;
  }

  /** Bring a message into view, its top if it is taller than the view. */
  reveal(node) {
    const box = this.#box;
    const top = node.offsetTop - MARGIN;
    const bottom = node.offsetTop + node.offsetHeight + MARGIN - box.clientHeight;
    let aim = box.scrollTop;
    if (this.isTall(node) || aim > top) aim = top;
    else if (aim < bottom) aim = bottom;
    if (aim > box.scrollHeight - box.clientHeight - NEAR) {
      this.toBottom();
      return;
    }
    this.release();
    box.scrollTo({ top: aim, behavior: mayMove() ? "smooth" : "instant" });
    this.#arrives = performance.now() + WAY;
    setTimeout(() => this.look(), WAY);
  }
}
