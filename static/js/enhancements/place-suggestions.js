/**
 * Offers places while one is typed: a combobox with a listbox, after the ARIA Authoring Practices.
 * The focus stays in the field; Enter sends the form as long as no place is marked in the list.
 * Without network, or where nothing is known, the field is as it would be without this.
 *
 * The words: data-text-list (name of the list), data-text-one, data-text-many with {count},
 * data-text-none.
 */

const SHORTEST = 2;
const MOST = 8;
const PAUSE = 150;

let lists = 0;

/** @param {HTMLElement} element a text field, alone with its unit in its box */
export function enhance(element) {
  const box = element.parentElement;
  if (!(element instanceof HTMLInputElement) || !box) return;
  new PlaceSuggestions(element, box);
}

class PlaceSuggestions {
  /**
   * @param {HTMLInputElement} input
   * @param {HTMLElement} box
   */
  constructor(input, box) {
    this.input = input;
    this.list = emptyList(input.dataset.textList ?? "");
    this.status = document.createElement("span");
    this.status.className = "visually-hidden";
    this.status.setAttribute("role", "status");
    this.active = -1;
    this.chosen = "";
    this.timer = 0;
    this.question = new AbortController();
    box.classList.add("suggestions");
    box.append(this.list, this.status);
    this.describe();
    this.listen();
    if (this.wasTypedIn) this.wait(); // a quick person does not wait for a script
  }

  get wasTypedIn() {
    return document.activeElement === this.input && this.input.value !== this.input.defaultValue;
  }

  describe() {
    this.input.autocomplete = "off"; // the browser's own list would lie over this one
    const attributes = {
      role: "combobox",
      "aria-autocomplete": "list",
      "aria-haspopup": "listbox",
      "aria-expanded": "false",
      "aria-controls": this.list.id,
    };
    for (const [name, value] of Object.entries(attributes)) this.input.setAttribute(name, value);
  }

  listen() {
    this.input.addEventListener("input", () => this.wait());
    this.input.addEventListener("keydown", (event) => this.press(event));
    this.input.addEventListener("blur", () => this.close());
    // Pressing on the list must not take the focus from the field, which would close the list.
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const option = event.target instanceof Element ? event.target.closest("[role=option]") : null;
      if (option) this.choose(option);
    });
  }

  get isOpen() {
    return !this.list.hidden;
  }

  get options() {
    return this.list.children;
  }

  wait() {
    this.stop();
    this.mark(-1);
    const text = this.input.value.trim();
    if (text === this.chosen || text.length < SHORTEST) this.close();
    else this.timer = window.setTimeout(() => this.ask(text), PAUSE);
  }

  stop() {
    window.clearTimeout(this.timer);
    this.question.abort();
  }

  /** @param {string} text */
  async ask(text) {
    const question = new AbortController();
    this.question = question;
    const labels = await labelsFor(text, question.signal);
    if (question.signal.aborted) return;
    if (labels) this.show(labels);
    else this.close();
  }

  /** @param {string[]} labels */
  show(labels) {
    this.list.replaceChildren(...labels.map((label, at) => optionOf(label, `${this.list.id}-${at}`)));
    this.mark(-1);
    this.expand(labels.length > 0);
    this.status.textContent = this.countOf(labels.length);
  }

  /** @param {number} count */
  countOf(count) {
    const { textNone, textOne, textMany } = this.input.dataset;
    if (count === 0) return textNone ?? "";
    return count === 1 ? (textOne ?? "") : (textMany ?? "").replace("{count}", String(count));
  }

  /** @param {boolean} open */
  expand(open) {
    this.list.hidden = !open;
    this.input.setAttribute("aria-expanded", String(open));
  }

  close() {
    this.stop();
    this.mark(-1);
    this.expand(false);
    this.status.textContent = "";
  }

  /** @param {number} index -1: none, the focus is in the text */
  mark(index) {
    this.options[this.active]?.setAttribute("aria-selected", "false");
    this.active = index;
    const option = this.options[index];
    if (!option) {
      this.input.removeAttribute("aria-activedescendant");
      return;
    }
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", option.id);
  }

  /** @param {Element} option */
  choose(option) {
    this.chosen = option.textContent ?? "";
    this.input.value = this.chosen;
    this.close();
    this.input.dispatchEvent(new Event("input", { bubbles: true }));
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    if (event.isComposing || event.ctrlKey || event.metaKey) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") this.step(event);
    else if (!this.isOpen) return;
    else if (event.key === "Enter" || event.key === "Tab") this.accept(event);
    else if (event.key === "Escape") {
      event.preventDefault();
      this.close();
    } else if (["Home", "End", "ArrowLeft", "ArrowRight"].includes(event.key)) this.mark(-1);
  }

  /** @param {KeyboardEvent} event */
  step(event) {
    const text = this.input.value.trim();
    if (!this.isOpen && text.length < SHORTEST) return;
    event.preventDefault();
    if (!this.isOpen) {
      this.stop();
      void this.ask(text);
      return;
    }
    const last = this.options.length - 1;
    if (event.key === "ArrowDown") this.mark(this.active < last ? this.active + 1 : 0);
    else this.mark(this.active > 0 ? this.active - 1 : last);
  }

  /** @param {KeyboardEvent} event */
  accept(event) {
    const option = this.options[this.active];
    if (!option) return;
    if (event.key === "Enter") event.preventDefault();
    this.choose(option);
  }
}

/**
 * @param {string} name
 * @returns {HTMLUListElement}
 */
function emptyList(name) {
  const list = document.createElement("ul");
  list.id = `suggestions-${++lists}`;
  list.className = "suggestions__list";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", name);
  return list;
}

/**
 * @param {string} label
 * @param {string} id
 * @returns {HTMLLIElement}
 */
function optionOf(label, id) {
  const option = document.createElement("li");
  option.id = id;
  option.className = "suggestions__option";
  option.setAttribute("role", "option");
  option.setAttribute("aria-selected", "false");
  option.textContent = label;
  return option;
}

/**
 * @param {string} text
 * @param {AbortSignal} signal
 * @returns {Promise<string[] | null>} null where no answer came
 */
async function labelsFor(text, signal) {
  try {
    const response = await fetch(`/api/v1/places?q=${encodeURIComponent(text)}`, { signal });
    if (!response.ok) return null;
    /** @type {{items: {label: string}[]}} */
    const answer = await response.json();
    return answer.items.slice(0, MOST).map((place) => place.label);
  } catch {
    return null;
  }
}
