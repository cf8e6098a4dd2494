/**
 * Pick days in a calendar without loading the page again: what was typed below it stays.
 * The server says what the calendar looks like then and what belongs into the form; without this
 * script its links lead to the same page.
 *
 * @param {HTMLElement} element with an id, in a section that has the form
 */
export function enhance(element) {
  element.addEventListener("click", async (event) => {
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    try {
      const answer = await fetch(link.href);
      if (!answer.ok) throw new Error(String(answer.status));
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById(element.id);
      if (!fresh) throw new Error("no calendar");
      const selector = link.dataset.day ? `[data-day="${link.dataset.day}"]` : `.${link.classList[link.classList.length - 1]}`;
      if (link.dataset.day) fill(element, page);
      element.replaceChildren(...fresh.childNodes);
      history.replaceState(null, "", link.href);
      const target = element.querySelector(selector) ?? element.querySelector("a");
      if (target instanceof HTMLElement) target.focus({ preventScroll: true });
    } catch {
      window.location.assign(link.href);
    }
  });
}

/**
 * @param {HTMLElement} element the calendar
 * @param {Document} page the one that came
 */
function fill(element, page) {
  const section = element.closest("section");
  for (const name of ["start", "end", "start_time", "end_time"]) {
    const field = section?.querySelector(`[name="${name}"]`);
    const filled = page.querySelector(`#${element.closest("section")?.id} [name="${name}"]`);
    if (!(field instanceof HTMLInputElement && filled instanceof HTMLInputElement)) continue;
    field.value = filled.value;
    const fold = field.closest("details");
    if (fold && field.value) fold.open = true;
  }
}
