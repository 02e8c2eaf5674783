// The console's comforts. Every step works without this file, by loading the page again.

const EVERY = 2000; // milliseconds between two questions to the server
const LOOK_FOR_COOKIE = 300; // milliseconds

/** @param {Record<string, string>} turnout by ballot paper, as the server writes it */
function showTurnout(turnout) {
  for (const [ballot, html] of Object.entries(turnout)) {
    const card = document.querySelector(`[data-turnout="${CSS.escape(ballot)}"]`);
    if (card && card.innerHTML !== html) card.innerHTML = html;
  }
}

/**
 * Keeps the turnout fresh, and loads the checklist again when something else on it has changed (a
 * key has come, a step is done).
 * @param {HTMLElement} hero names the address to ask and the version that is shown
 */
function watch(hero) {
  const ask = async () => {
    try {
      const answer = await fetch(hero.dataset.state ?? "", {
        headers: { Accept: "application/json" },
      });
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
      const { version, turnout } = await answer.json();
      const busy = document.activeElement?.matches("input, textarea");
      if (version !== hero.dataset.version && !busy) {
        location.reload();
        return;
      }
      showTurnout(turnout);
    } catch {
      // The next question may be answered.
    }
    setTimeout(ask, EVERY);
  };
  setTimeout(ask, EVERY);
}

/**
 * The list of codes is a download: the page stays, and is loaded again once the list has come. The
 * answer brings the ticket of this very press back as a cookie.
 * @param {HTMLFormElement} form
 */
function followDownload(form) {
  form.addEventListener("submit", () => {
    const ticket = crypto.randomUUID();
    const field = form.querySelector("input[name=ticket]");
    if (field instanceof HTMLInputElement) field.value = ticket;
    form.querySelector("button")?.setAttribute("aria-busy", "true");
    const timer = setInterval(() => {
      if (!document.cookie.includes(ticket)) return;
      clearInterval(timer);
      location.reload();
    }, LOOK_FOR_COOKIE);
  });
}

/**
 * A double click would send the form twice, and its second answer hide the first.
 * @param {HTMLFormElement} form
 */
function sendOnce(form) {
  let sent = false;
  form.addEventListener("submit", (event) => {
    if (sent) event.preventDefault();
    sent = true;
  });
  addEventListener("pageshow", () => {
    sent = false; // the reader came back to the page
  });
}

/** @param {HTMLButtonElement} button copies the text of the element that it names */
function copyButton(button) {
  const source = document.getElementById(button.dataset.copy ?? "");
  const said = button.parentElement?.querySelector("[data-said]");
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(source?.textContent ?? "");
    if (said instanceof HTMLElement) said.textContent = said.dataset.said ?? "";
  });
}

const hero = document.querySelector("[data-state]");
if (hero instanceof HTMLElement) watch(hero);
/** @type {NodeListOf<HTMLFormElement>} */
const downloads = document.querySelectorAll("form[data-download]");
for (const form of downloads) followDownload(form);
/** @type {NodeListOf<HTMLFormElement>} */
const singles = document.querySelectorAll("form[data-once]");
for (const form of singles) sendOnce(form);
if (navigator.clipboard) {
  /** @type {NodeListOf<HTMLButtonElement>} */
  const buttons = document.querySelectorAll("[data-copy]");
  for (const button of buttons) copyButton(button);
}
