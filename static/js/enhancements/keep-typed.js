/**
 * Keep what is being typed on the server, so that a dead battery costs nothing.
 * It is sent a moment after the last change, and when the page goes out of sight.
 *
 * @param {HTMLElement} element
 */
export function enhance(element) {
  if (!(element instanceof HTMLFormElement)) return;
  const form = element;
  const note = form.querySelector("[data-kept]");
  const pause = 1500;
  let timer = 0;
  let changed = false;
  let leaving = false;

  const typed = () => {
    const data = new FormData(form);
    for (const input of form.querySelectorAll("input[type=file]")) {
      data.delete(/** @type {HTMLInputElement} */ (input).name);
    }
    return new URLSearchParams(/** @type {any} */ (data));
  };

  const keep = async () => {
    if (!changed || leaving) return;
    changed = false;
    try {
      const answer = await fetch(form.dataset.keepUrl ?? "", { method: "POST", body: typed(), keepalive: true });
      if (answer.ok && note) note.textContent = form.dataset.textKept ?? "";
    } catch {
      changed = true; // no network: the next change tries again
    }
  };

  form.addEventListener("input", () => {
    changed = true;
    if (note) note.textContent = "";
    window.clearTimeout(timer);
    timer = window.setTimeout(keep, pause);
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") void keep();
  });
  form.addEventListener("submit", () => {
    leaving = true;
    window.clearTimeout(timer);
  });
}
