/**
 * Show a question only while another one has one of the answers it asks for.
 * What stands in a question that is hidden itself does not count.
 * Without this script all questions are there, and the server counts only those that apply.
 *
 * @param {HTMLElement} element
 */
export function enhance(element) {
  const form = element.closest("form");
  const question = element.dataset.question ?? "";
  const answers = (element.dataset.answers ?? "").split(" ");
  if (!form) return;

  const isAsked = () =>
    [...form.querySelectorAll(`[name="${CSS.escape(question)}"]`)].some((field) => !field.closest("[hidden]"));
  const update = () => {
    const given = isAsked() ? new FormData(form).getAll(question).map(String) : [];
    const applies = given.some((value) =>
      answers.some((answer) => value === answer || (question === "category" && value.startsWith(`${answer}.`))),
    );
    const isWrong = element.querySelector(".field--wrong") !== null;
    element.hidden = !applies && !isWrong;
    if (applies && element instanceof HTMLDetailsElement) element.open = true;
  };

  form.addEventListener("change", update);
  update();
}
