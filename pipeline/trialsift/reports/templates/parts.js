"use strict";
// What the scripts of several pages share.
const parts = {
  byId: (id) => document.getElementById(id),

  // Text goes into a page as text only: strings among `children` are never taken for markup.
  element(tag, attributes = {}, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (value !== null && value !== undefined) node.setAttribute(name, value);
    }
    node.append(...children);
    return node;
  },

  // Capitals, kinds of dashes and of multiplication signs don't matter in a search.
  plain: (text) => text.toLowerCase().replace(/[‐‑‒–—−]/g, "-").replace(/×/g, "x"),
  words: (text) => parts.plain(text).split(/\s+/).filter(Boolean),

  // Calls `search` a moment after the last change of a form, and at once when it is sent or cleared.
  onSearch(form, search) {
    let waiting = 0;
    form.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(search, 150);
    });
    form.addEventListener("submit", (event) => { event.preventDefault(); search(); });
    form.addEventListener("reset", () => setTimeout(search));
  },
};
