// Finds elements with data-enhance="name" and loads ./enhancements/name.js for them, on demand.
// Every page works without it.

export {};

for (const element of document.querySelectorAll("[data-enhance]")) {
  for (const name of (element.getAttribute("data-enhance") ?? "").split(" ")) {
    const module = await import(`./enhancements/${name}.js`);
    module.enhance(element);
  }
}
