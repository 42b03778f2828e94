/** What the page knows of the sandbox's world: people, their chats, menus, the ledger. */

/** Return the number of the topic a message is in, 0 where there are none. */
export function topicOf(message) {
  return message.is_topic_message ? message.message_thread_id : 0;
}

/** Holds the state as it was read, kept up by events. */
export class Store {
  /** Take a whole state, as the sandbox tells it. */
  load(state) {
    this.bot = state.bot;
    this.roles = state.roles;
    this.people = state.people;
    this.menus = state.menus;
    this.places = state.places;
    this.blocked = new Set(state.blocked);
    this.clock = state.clock;
    this.ledger = state.ledger;
    this.chats = new Map();
    for (const [person, messages] of Object.entries(state.chats)) {
      this.chats.set(Number(person), new Map(messages.map((message) => [message.message_id, message])));
    }
  }

  /** Return the messages of a chat, of one topic where it has topics, the oldest first. */
  messages(chat, topic = 0) {
    return [...this.chats.get(chat).values()].filter((message) => topicOf(message) === topic);
  }

  /** Note that the bot came to a place, or left it. */
  setPresent(chat, present) {
    for (const place of Object.values(this.places).flat()) if (place.id === chat) place.present = present;
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
