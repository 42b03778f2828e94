/** What the page knows of the sandbox's world: people, their chats, menus, the ledger. */

/** Holds the state as it was read, kept up by events. */
export class Store {
  /** Take a whole state, as the sandbox tells it. */
  load(state) {
    this.bot = state.bot;
    this.roles = state.roles;
    this.people = state.people;
    this.menus = state.menus;
    this.blocked = new Set(state.blocked);
    this.clock = state.clock;
    this.ledger = state.ledger;
    this.chats = new Map();
    for (const [person, messages] of Object.entries(state.chats)) {
      this.chats.set(Number(person), new Map(messages.map((message) => [message.message_id, message])));
    }
  }

  /** Return a person's messages, the oldest first. */
  messages(person) {
    return [...this.chats.get(person).values()];
  }

  /** Keep a message, new or changed; returns whether it is of a chat that is shown. */
  keep(chat, message) {
    this.chats.get(chat)?.set(message.message_id, message);
    return this.chats.has(chat);
  }

  /** Forget a message; returns whether it is of a chat that is shown. */
  forget(chat, message) {
    return Boolean(this.chats.get(chat)?.delete(message));
  }

  /** Return whether a person has had nothing from the bot, or said nothing to it, yet. */
  isEmpty(person) {
    return this.chats.get(person).size === 0;
  }
}
