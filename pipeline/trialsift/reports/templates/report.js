"use strict";
// Filters of the list of errors. Their state stands in the address, so that a filtered list can be linked to.
(() => {
  const form = document.getElementById("filters");
  if (!form) return;
  const status = document.getElementById("status");
  const errors = Array.from(document.querySelectorAll("article.error"), (node) => ({
    node, text: null, values: { label: node.dataset.label, class: node.dataset.class, document: node.dataset.document, rule: node.dataset.rule },
  }));
  const fields = ["label", "class", "document", "rule"];

  function textOf(error) {
    if (error.text === null) error.text = error.node.textContent.toLowerCase();
    return error.text;
  }

  function apply() {
    const wanted = fields.map((name) => [name, form.elements[name].value]).filter(([, value]) => value !== "");
    const words = form.elements.words.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const error of errors) {
      const fits = wanted.every(([name, value]) => error.values[name] === value)
        && words.every((word) => textOf(error).includes(word));
      error.node.hidden = !fits;
      if (fits) shown += 1;
    }
    status.textContent = shown === errors.length
      ? `All shown: ${errors.length}.` : `${shown} of ${errors.length} errors are shown.`;
    return [wanted, words];
  }

  function applyAndNote() {
    const [wanted, words] = apply();
    const state = new URLSearchParams(wanted);
    if (words.length) state.set("words", words.join(" "));
    const address = state.toString();
    history.replaceState(null, "", address ? `#?${address}` : location.hash.startsWith("#?") ? "#errors" : location.hash);
  }

  function fromAddress() {
    if (!location.hash.startsWith("#?")) return;
    const state = new URLSearchParams(location.hash.slice(2));
    for (const name of [...fields, "words"]) form.elements[name].value = state.get(name) ?? "";
    apply();
    document.getElementById("errors").scrollIntoView();
  }

  let waiting = 0;
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(applyAndNote, 120);
  });
  form.addEventListener("change", applyAndNote);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(applyAndNote));
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-filter]");
    if (!button) return;
    form.reset();
    for (const [name, value] of new URLSearchParams(button.dataset.filter)) form.elements[name].value = value;
    applyAndNote();
    const heading = document.getElementById("errors");
    heading.scrollIntoView();
    heading.focus({ preventScroll: true });
  });
  window.addEventListener("hashchange", fromAddress);
  apply(); // a browser may have kept what was chosen before the page was loaded again
  fromAddress();
})();
