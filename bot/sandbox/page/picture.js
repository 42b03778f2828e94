/** Shows pictures, and makes files into pictures fit to be sent. */

import { element } from "./dom.js";

const LONGEST_SIDE = 1280; // as Telegram's own clients do

/** Return a picture that keeps its place while it loads and gives it up if it cannot. */
export function picture(address, alt = "") {
  const image = element("img", { src: address, alt, class: "picture loading", decoding: "async" });
  image.addEventListener("load", () => image.classList.remove("loading"));
  image.addEventListener("error", () => image.classList.replace("loading", "broken"));
  return image;
}

/** Return a file as the data URL of a JPEG of a reasonable size; fails when it is no picture. */
export async function asPhoto(file) {
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
