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
export const blockAs = (person, blocked) => post("block", { person, blocked });
export const restart = () => post("restart", {});
export const readFlow = (language) => get(`flow/${language}`);
export const goOn = (language) => post(`flow/${language}/next`, {});
export const bring = (language, article) => post(`flow/${language}/post`, article);
export const setClock = (change) => post("clock", change);

/** Return what somebody can do: `who` names the person, the chat and the topic they are in. */
export function doings(who) {
  const act = (path) => (what) => post(path, { ...who(), ...what });
  return {
    say: act("say"),
    edit: act("edit"),
    media: act("media"),
    sample: act("sample"),
    forward: act("forward"),
    tap: act("tap"),
    membership: act("membership"),
  };
}

/** Return the address of a file: the sandbox keeps its own, others are on the web. */
export function addressOf(file) {
  return /^https?:\/\//.test(file.file_id) ? file.file_id : `/sim/file/${encodeURIComponent(file.file_id)}`;
}

/** Return the address of a picture in its largest size. */
export function pictureOf(sizes) {
  return addressOf(sizes.at(-1));
}

/** Listen to what happens; `opened` is called on each new connection, for things may have been missed before it. */
export function listen({ opened, lost, happened }) {
  const source = new EventSource("/sim/events");
  source.addEventListener("open", opened);
  source.addEventListener("error", lost);
  source.addEventListener("message", (event) => happened(JSON.parse(event.data)));
}
