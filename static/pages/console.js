// The console's comforts. Every step works without this file, by loading the page again.

const EVERY = 4000; // milliseconds

/** Loads the checklist again when something on it has changed (a key has come, a step is done). */
function watch(hero) {
  const ask = async () => {
    try {
      const answer = await fetch(hero.dataset.state, { headers: { Accept: "application/json" } });
      const { version } = answer.ok && !answer.redirected ? await answer.json() : {};
      const busy = document.activeElement?.matches("input, textarea");
      if (version && version !== hero.dataset.version && !busy) {
        location.reload();
        return;
      }
    } catch {
      // The next question may be answered.
    }
    setTimeout(ask, EVERY);
  };
  setTimeout(ask, EVERY);
}

/** The list of codes is a download: the page stays, and is loaded again once the list has come. */
function followDownload(form) {
  form.addEventListener("submit", () => {
    document.cookie = "codes-made=; Max-Age=0; Path=/console/; SameSite=Strict";
    const button = form.querySelector("button");
    button.setAttribute("aria-busy", "true");
    const timer = setInterval(() => {
      if (!document.cookie.includes("codes-made=")) return;
      clearInterval(timer);
      document.cookie = "codes-made=; Max-Age=0; Path=/console/; SameSite=Strict";
      location.reload();
    }, 300);
  });
}

function copyButton(button) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const text = document.getElementById(button.dataset.copy).textContent;
    const said = button.parentElement.querySelector("[data-said]");
    await navigator.clipboard.writeText(text);
    said.textContent = said.dataset.said;
  });
}

const hero = document.querySelector("[data-state]");
if (hero) watch(hero);
for (const form of document.querySelectorAll("form[data-download]")) followDownload(form);
if (navigator.clipboard) {
  for (const button of document.querySelectorAll("[data-copy]")) copyButton(button);
}
