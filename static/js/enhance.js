// Finds elements with data-enhance="name" and loads ./enhancements/name.js for them, on demand.
// Every page works without it.

export {};

// All are fetched at once, but take effect in the order of the page.
const steps = [...document.querySelectorAll("[data-enhance]")].flatMap((element) =>
  (element.getAttribute("data-enhance") ?? "")
    .split(" ")
    .map((name) => ({ element, module: import(`./enhancements/${name}.js`) })),
);
for (const { element, module } of steps) (await module).enhance(element);
