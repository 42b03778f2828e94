/** Shows instants as clocks in Kyiv do. */

import { language, locale, say } from "./language.js";

const ZONE = "Europe/Kyiv";
const DAY = 86_400;
const formats = new Map();

function show(seconds, options) {
  const key = language() + JSON.stringify(options);
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat(locale(), { timeZone: ZONE, ...options }));
  return formats.get(key).format(seconds * 1000);
}

/** Return "14:32". */
export function timeOfDay(seconds) {
  return show(seconds, { hour: "2-digit", minute: "2-digit" });
}

/** Return "14:32:05". */
export function exactTime(seconds) {
  return show(seconds, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
}

/** Return "неділя, 22 листопада" or "Sunday 22 November". */
export function longDate(seconds) {
  return show(seconds, { weekday: "long", day: "numeric", month: "long" });
}

/** Return the day in numbers; equal for two instants of one day. */
export function dayOf(seconds) {
  return show(seconds, { dateStyle: "short" });
}

/** Return the day of a message as it stands between messages. */
export function dayTitle(seconds, now) {
  if (dayOf(seconds) === dayOf(now)) return say("today");
  if (dayOf(seconds) === dayOf(now - DAY)) return say("yesterday");
  return show(seconds, { day: "numeric", month: "long" });
}
