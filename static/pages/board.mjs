// The board looks again by itself: it is loaded anew when the assembly enters another stage. Without
// this file the reader loads it again.

const EVERY = 10_000; // milliseconds between two questions to the server

/** @param {HTMLElement} hero names the address to ask and the stage that is shown */
function watch(hero) {
  const ask = async () => {
    if (document.visibilityState === "visible" && (await stage(hero)) !== hero.dataset.stage) {
      location.reload();
      return;
    }
    setTimeout(ask, EVERY);
  };
  setTimeout(ask, EVERY);
}

/**
 * @param {HTMLElement} hero
 * @returns {Promise<string | undefined>} the stage as it is; as it is shown, if nobody answers
 */
async function stage(hero) {
  try {
    const answer = await fetch(hero.dataset.address ?? "", {
      headers: { Accept: "application/json" },
    });
    if (!answer.ok) throw new Error(String(answer.status));
    return (await answer.json()).stage;
  } catch {
    return hero.dataset.stage;
  }
}

const hero = document.querySelector("[data-stage]");
if (hero instanceof HTMLElement) watch(hero);
