/**
 * Shows the chosen pictures before they are sent. `data-preview` names the list that takes them.
 * @param {HTMLInputElement} element
 */
export function enhance(element) {
  const list = document.getElementById(element.dataset.preview ?? "");
  if (!list) return;
  element.addEventListener("change", () => {
    list.replaceChildren(...Array.from(element.files ?? [], pictured));
  });
}

/**
 * @param {File} file
 * @returns {HTMLLIElement}
 */
function pictured(file) {
  const item = document.createElement("li");
  const image = document.createElement("img");
  image.src = URL.createObjectURL(file);
  image.alt = file.name;
  image.addEventListener("load", () => URL.revokeObjectURL(image.src));
  item.append(image);
  return item;
}
