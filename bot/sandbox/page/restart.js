/** Starting over: asks first, then has the sandbox wiped. */

import { restart } from "./api.js";
import { showHintsAgain } from "./hints.js";
import { say } from "./language.js";

/** Run the button and the question before it. */
export function prepareRestart(button, dialog) {
  const [yes, no] = [dialog.querySelector(".yes"), dialog.querySelector(".no")];
  const words = dialog.querySelector("p");
  const busy = (is) => {
    yes.disabled = no.disabled = is;
    words.textContent = say(is ? "restarting" : "restart-ask");
  };
  button.addEventListener("click", () => {
    busy(false);
    dialog.showModal();
  });
  no.addEventListener("click", () => dialog.close());
  dialog.addEventListener("cancel", (event) => yes.disabled && event.preventDefault());
  yes.addEventListener("click", async () => {
    busy(true);
    try {
      await restart();
      showHintsAgain();
      dialog.close();
    } catch {
      busy(false);
      words.textContent = say("not-sent");
    }
  });
}
