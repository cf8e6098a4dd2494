/**
 * Brings what needs attention first into view and into focus, as after a refused form.
 * @param {HTMLElement} element
 */
export function enhance(element) {
  element.focus();
}
