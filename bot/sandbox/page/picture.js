/** Shows pictures, and makes files into pictures fit to be sent. */

import { addressOf, pictureOf } from "./api.js";
import { element } from "./dom.js";
import { say } from "./language.js";

const LONGEST_SIDE = 1280; // as Telegram's own clients do

/** Return a picture that keeps its place while it loads and gives it up if it cannot. */
export function picture(address, alt = "") {
  const image = element("img", { src: address, alt, class: "picture loading", decoding: "async" });
  image.addEventListener("load", () => image.classList.remove("loading"));
  image.addEventListener("error", () => image.classList.replace("loading", "broken"));
  return image;
}

/** Return a film: what stands for it under a sign, else itself. */
export function film(file) {
  if (!file.thumbnail) return element("video", { src: addressOf(file), class: "film", controls: true, preload: "metadata" });
  const sign = element("span", { class: "play", "aria-hidden": "true" }, "▶");
  return element("div", { class: "film" }, picture(pictureOf([file.thumbnail]), say("video")), sign);
}

/** Return a file as a data URL: a film as it is, a picture made fit to be sent; fails when it is neither. */
export function asMedia(file) {
  return file.type.startsWith("video/") ? read(file) : asPhoto(file);
}

function read(file) {
  return new Promise((done, failed) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => done(reader.result));
    reader.addEventListener("error", failed);
    reader.readAsDataURL(file);
  });
}

async function asPhoto(file) {
  const bitmap = await createImageBitmap(file);
  const scale = Math.min(1, LONGEST_SIDE / Math.max(bitmap.width, bitmap.height));
  const canvas = element("canvas");
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  const context = canvas.getContext("2d");
  context.fillStyle = "white"; // what is transparent would turn black
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL("image/jpeg", 0.9);
}
