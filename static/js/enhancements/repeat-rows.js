/**
 * Adds rows to a list of equal rows. Without scripts the page shows a few empty ones instead:
 * here all empty rows but one are hidden, and a button brings them back one by one.
 * @param {HTMLElement} element with data-row (selector of the rows) and data-text-add
 */
export function enhance(element) {
  const rows = /** @type {HTMLElement[]} */ ([
    ...element.querySelectorAll(element.dataset.row ?? ""),
  ]);
  const empty = rows.filter((row) =>
    [...row.querySelectorAll("input")].every((input) => input.value === ""),
  );
  const spare = empty.slice(rows.length === empty.length ? 1 : 0);
  for (const row of spare) row.hidden = true;
  if (spare.length === 0) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button button--quiet button--small";
  button.textContent = element.dataset.textAdd ?? "";
  button.addEventListener("click", () => {
    const row = spare.shift();
    if (row) {
      row.hidden = false;
      row.querySelector("input")?.focus();
    }
    if (spare.length === 0) button.remove();
  });
  element.append(button);
}
