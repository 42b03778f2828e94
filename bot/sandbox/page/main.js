/** Puts the page together: two chats, the ledger, the flow and the clock, kept up by what happens in the sandbox. */

import { listen, readLedger, readState } from "./api.js";
import { Chat } from "./chat.js";
import { Clock } from "./clock.js";
import { Flow } from "./flow.js";
import { chooseLanguage, fillSwitch, language, say, setLanguage, translate } from "./language.js";
import { Ledger } from "./ledger.js";
import { prepareRestart } from "./restart.js";
import { Store } from "./store.js";
import { Tabs } from "./tabs.js";

const RETRY = 1_000; // milliseconds before a state that could not be read is asked for again
const MENUS_PAUSE = 300; // milliseconds: menus change many at a time
const LEDGER_PAUSE = 400; // milliseconds between two looks at the ledger while messages come thick and fast

const store = new Store();
const clock = new Clock(document.querySelector(".clock-card"));
const ledger = new Ledger(document.querySelector(".ledger-card"));
const tabs = new Tabs(document.querySelector(".tabs"));
const template = document.querySelector("#phone");
const chats = [...document.querySelectorAll("[data-role]")].map(
  (root) => new Chat(root, template, store, () => clock.now()),
);

const flow = new Flow(document.querySelector(".flow-card"), document.querySelector(".lanes"), (site) => {
  chats.find(({ role }) => role === "editor").sendToBot(`/feeds ${site}`);
  tabs.open("editor");
});

let missed = []; // what happens while the state is being read
let reading = 0; // which reading of the state is the last: what another one brings is older than what happened since
let looked = 0;
let menusDue = 0;

/** Draw the whole page in its language, with that language's people. */
function show() {
  document.documentElement.lang = language();
  document.title = say("page-title");
  translate(document);
  for (const button of document.querySelectorAll("[data-lang]")) {
    button.setAttribute("aria-pressed", button.dataset.lang === language());
  }
  clock.show();
  ledger.redraw();
  flow.redraw();
  tabs.redraw();
  if (!store.roles) return;
  for (const chat of chats) chat.show(store.roles[chat.role][language()]);
}

const chatOf = (person) => chats.find((chat) => chat.person === person);
const offline = (lost) => (document.body.dataset.offline = lost);

/** Read everything anew; what happens meanwhile is done after it. */
async function refresh() {
  const mine = ++reading;
  missed = [];
  let state;
  try {
    state = await readState();
  } catch {
    if (mine !== reading) return;
    offline(true);
    setTimeout(refresh, RETRY); // it may only be starting
    return;
  }
  if (mine !== reading) return;
  store.load(state);
  offline(false);
  clock.set(store.clock);
  ledger.show(store.ledger);
  show();
  const since = missed;
  missed = null;
  since.forEach(happened);
}

/** Look at the ledger between two pulses: those pause while much happens. */
function lookAtLedger() {
  if (performance.now() - looked < LEDGER_PAUSE) return;
  looked = performance.now();
  readLedger().then((lines) => ledger.show(lines), () => offline(true));
}

function readMenus() {
  clearTimeout(menusDue);
  menusDue = setTimeout(() => readState().then(takeMenus, () => offline(true)), MENUS_PAUSE);
}

function takeMenus({ menus }) {
  store.menus = menus;
  for (const chat of chats) chat.setCommands(menus[chat.person] ?? []);
}

const reactions = {
  message: ({ chat: place, message }) => {
    lookAtLedger();
    if (!store.keep(place, message)) return;
    for (const chat of chats) {
      if (chat.arrived(place, message) && !chat.isMine(message)) tabs.count(chat.role);
    }
  },
  edit: ({ chat: place, message }) => {
    if (!store.keep(place, message)) return;
    for (const chat of chats) if (chat.shows(place, message)) chat.put(message);
  },
  delete: ({ chat: place, message_id: id }) => {
    if (!store.forget(place, id)) return;
    for (const chat of chats) if (chat.place === place) chat.remove(id);
  },
  membership: ({ chat: place, present }) => {
    store.setPresent(place, present);
    for (const chat of chats) if (chat.place === place) chat.refresh();
  },
  restart: refresh,
  answer: (event) => chatOf(event.person)?.answer(event),
  menus: readMenus,
  pulse: (event) => {
    clock.set(event.clock);
    ledger.show(event.ledger);
  },
};

function happened(event) {
  if (missed) missed.push(event);
  else reactions[event.kind]?.(event);
}

prepareRestart(document.querySelector(".restart"), document.querySelector("#restart"));
chooseLanguage();
fillSwitch(document.querySelector(".languages"));
show();
for (const button of document.querySelectorAll("[data-lang]")) {
  button.addEventListener("click", () => {
    setLanguage(button.dataset.lang);
    show();
  });
}
listen({ opened: refresh, lost: () => offline(true), happened });
