/** Talks to the sandbox: what people do goes in, what happens comes out. */

async function post(path, body) {
  const response = await fetch(`/sim/${path}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response.json();
}

async function get(path) {
  const response = await fetch(`/sim/${path}`);
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response.json();
}

export const readLanguages = () => get("languages");
export const readState = () => get("state");
export const readLedger = () => get("ledger");
export const sayAs = (person, text) => post("say", { person, text });
export const sendPhotoAs = (person, caption, data) => post("photo", { person, caption, data });
export const tapAs = (person, message_id, data) => post("tap", { person, message_id, data });
export const blockAs = (person, blocked) => post("block", { person, blocked });
export const setClock = (change) => post("clock", change);

/** Return the address of a picture: the sandbox keeps its own, others are on the web. */
export function pictureOf(sizes) {
  const id = sizes.at(-1).file_id;
  return /^https?:\/\//.test(id) ? id : `/sim/file/${encodeURIComponent(id)}`;
}

/** Listen to what happens; `opened` is called on each new connection, for things may have been missed before it. */
export function listen({ opened, lost, happened }) {
  const source = new EventSource("/sim/events");
  source.addEventListener("open", opened);
  source.addEventListener("error", lost);
  source.addEventListener("message", (event) => happened(JSON.parse(event.data)));
}
