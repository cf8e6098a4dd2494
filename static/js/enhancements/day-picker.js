/**
 * Pick days in a calendar without loading the page again: what was typed below it stays.
 * The server says what the calendar looks like then and what belongs into the form; without this
 * script its links lead to the same page.
 *
 * @param {HTMLElement} element with an id, in a section that has the form
 */
export function enhance(element) {
  const section = element.closest("section");
  if (!section) return;
  // Who picks the second day before the first has come means it for the calendar that comes.
  let turn = Promise.resolve();
  element.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    turn = turn.then(() => follow(link, element, section));
  });
}

/**
 * @param {HTMLAnchorElement} pressed
 * @param {HTMLElement} element the calendar
 * @param {HTMLElement} section with the form
 */
async function follow(pressed, element, section) {
  const link = pressed.isConnected ? pressed : element.querySelector(selectorOf(pressed));
  if (!(link instanceof HTMLAnchorElement)) return;
  try {
    const answer = await fetch(link.href);
    if (!answer.ok) throw new Error(String(answer.status));
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById(element.id);
    if (!fresh) throw new Error("no calendar");
    if (link.dataset.day) fill(section, page);
    const focused = document.activeElement;
    const stands = focused instanceof HTMLAnchorElement && element.contains(focused) ? focused : link;
    element.replaceChildren(...fresh.childNodes);
    history.replaceState(null, "", link.href);
    const target = element.querySelector(selectorOf(stands)) ?? element.querySelector("a");
    if (target instanceof HTMLElement) target.focus({ preventScroll: true });
  } catch {
    window.location.assign(link.href);
  }
}

/**
 * Name a link of the calendar so that it is found in the one that takes its place.
 * @param {HTMLAnchorElement} link
 */
function selectorOf(link) {
  return link.dataset.day ? `[data-day="${link.dataset.day}"]` : `.${link.classList[link.classList.length - 1]}`;
}

/**
 * @param {HTMLElement} section
 * @param {Document} page the one that came
 */
function fill(section, page) {
  for (const name of ["start", "end", "start_time", "end_time"]) {
    const field = section.querySelector(`[name="${name}"]`);
    const filled = page.querySelector(`#${section.id} [name="${name}"]`);
    if (!(field instanceof HTMLInputElement && filled instanceof HTMLInputElement)) continue;
    field.value = filled.value;
    const fold = field.closest("details");
    if (fold && field.value) fold.open = true;
  }
}
