"use strict";
// Draws the document that the address names: `#DOCUMENT` or `#DOCUMENT/FACT`, facts numbered from 1.
// Text of documents goes into the page with textContent only.
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const { byId, element, plain } = parts;
  const form = byId("search");
  const MOST_FOUND = 300;
  let current = null;

  const address = (doc, number) => `#${encodeURIComponent(doc.id)}${number === undefined ? "" : `/${number + 1}`}`;
  const colour = (node, label) => { node.style.setProperty("--colour", data.colours[label] ?? "#dddddd"); return node; };

  // Offsets count code points, strings of JavaScript UTF-16 units.
  function units(text) {
    if (!/[\ud800-\udbff]/.test(text)) return (offset) => offset;
    const at = [];
    let unit = 0;
    for (const character of text) {
      at.push(unit);
      unit += character.length;
    }
    at.push(unit);
    return (offset) => at[offset];
  }

  // -- the list of documents, and the search -----------------------------------------------------------------------

  for (const doc of data.documents) {
    doc.unit = units(doc.text);
    doc.facts.forEach((fact, number) => {
      fact.number = number;
      fact.text = doc.text.slice(doc.unit(fact.start), doc.unit(fact.end));
    });
    doc.order = [...doc.facts].sort((a, b) => a.start - b.start);
    doc.longest = doc.facts.reduce((most, fact) => Math.max(most, fact.end - fact.start), 0);
    doc.item = element("li", {}, element("a", { href: address(doc) },
      doc.id, element("span", { class: "soft", title: "facts" }, String(doc.facts.length))));
    byId("documents").append(doc.item);
  }

  function haystack(thing, make) {
    if (thing.haystack === undefined) thing.haystack = plain(make());
    return thing.haystack;
  }
  // The criterion line or paragraph that a fact stands in.
  function lineOf(doc, fact) {
    const line = doc.lines.findLast(([start]) => start <= fact.start);
    return line ? doc.text.slice(doc.unit(line[0]), doc.unit(Math.max(line[1], fact.end))) : "";
  }
  const wordsOf = (doc) => haystack(doc, () => [doc.id, doc.text, ...doc.regimens.map((regimen) => regimen.words)].join("\n"));
  const wordsOfFact = (doc, fact) => haystack(fact, () => [
    doc.id, fact.label, fact.words, fact.text, lineOf(doc, fact), fact.rule ?? "", fact.alternative ?? "",
    ...Object.entries(fact.more).map((pair) => pair.join("="))].join("\n"));

  function search() {
    const words = parts.words(form.elements.words.value);
    const label = form.elements.label.value, polarity = form.elements.polarity.value;
    const asked = words.length > 0 || label !== "" || polarity !== "";
    const kind = (fact) => (label === "" || fact.label === label) && (polarity === "" || (fact.polarity ?? "none") === polarity);
    const found = [];
    let documents = 0, total = 0;
    for (const doc of data.documents) {
      const facts = asked ? doc.facts.filter((fact) => kind(fact) && words.every((word) => wordsOfFact(doc, fact).includes(word))) : [];
      const inText = words.every((word) => wordsOf(doc).includes(word)) && ((label === "" && polarity === "") || doc.facts.some(kind));
      const fits = inText || facts.length > 0;
      doc.item.hidden = !fits;
      documents += fits;
      total += facts.length;
      for (const fact of facts) if (found.length < MOST_FOUND) found.push([doc, fact]);
    }
    const all = data.documents.length;
    byId("documents-count").textContent = (documents === all ? `${all} shown` : `${documents} of ${all} shown`)
      + (current?.item.hidden ? "; the open one is not among them" : "");
    byId("found").hidden = !asked;
    byId("found-count").textContent = total > found.length
      ? `The first ${found.length} of ${total}; further words narrow the search.` : `${total} in all documents`;
    byId("found-rows").replaceChildren(...found.map(([doc, fact]) => element("tr", {},
      element("td", {}, element("a", { href: address(doc, fact.number) }, doc.id)),
      element("td", {}, element("a", { href: address(doc, fact.number) }, ...summary(fact))))));
  }

  // -- one document ------------------------------------------------------------------------------------------------

  // What makes a fact mean less than its value says: an exclusion, earlier treatment, a denial, a boost, a case, others
  // of which one is enough.
  function caveats(fact) {
    const flags = ["historical", "negated", "boost", "conditional"].filter((name) => fact.more[name] === "True");
    if (fact.polarity === "exclusion") flags.unshift("exclusion");
    if (fact.more.condition) flags.push(fact.more.condition);
    if (fact.alternative) flags.push(fact.alternative);
    return flags;
  }
  const stated = (fact) => [fact.words, ...caveats(fact)].join("; ");

  function summary(fact) {
    const chip = colour(element("span", { class: "chip" }, fact.label), fact.label);
    return [chip, ` ${stated(fact)}`, element("span", { class: "more" }, `“${fact.text}”`)];
  }

  // The place in `order` of the first fact that starts at an offset or behind it.
  function firstFrom(doc, offset) {
    let [low, high] = [0, doc.order.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (doc.order[middle].start < offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  // The text from `start` to `end`, the facts in it as links to their rows.
  function marked(doc, start, end) {
    const facts = [];
    for (let i = firstFrom(doc, start - doc.longest); i < doc.order.length && doc.order[i].start < end; i += 1) {
      if (doc.order[i].end > start) facts.push(doc.order[i]);
    }
    facts.sort((a, b) => a.number - b.number);
    const cuts = [...new Set([start, end, ...facts.flatMap((fact) => [Math.max(start, fact.start), Math.min(end, fact.end)])])].sort((a, b) => a - b);
    const nodes = [];
    for (let i = 0; i + 1 < cuts.length; i += 1) {
      const [left, right] = [cuts[i], cuts[i + 1]];
      const text = doc.text.slice(doc.unit(left), doc.unit(right));
      const here = facts.filter((fact) => fact.start <= left && fact.end >= right);
      if (here.length === 0) {
        nodes.push(text);
        continue;
      }
      const last = here.filter((fact) => fact.end === right);
      const node = element("a", {
        class: "fact", href: address(doc, here[0].number), "data-facts": here.map((fact) => fact.number).join(" "),
        "data-tag": last.length ? last.map(stated).join(" · ") : null,
      }, text);
      if (here.every((fact) => fact.more.historical === "True" || fact.more.negated === "True")) node.classList.add("past");
      nodes.push(colour(node, here[0].label));
    }
    return nodes;
  }

  function drawText(doc) {
    const root = byId("text");
    root.replaceChildren();
    const starts = doc.sections.map(([start]) => start);
    let box = null, section = -1;
    const place = (start) => {
      let index = section;
      while (index + 1 < starts.length && starts[index + 1] <= start) index += 1;
      if (index !== section || box === null) {
        section = index;
        const [, name, polarity] = doc.sections[index];
        box = element("section", { class: `section ${polarity ?? ""}` });
        if (index > 0) box.append(element("h3", {}, polarity === null || polarity === name ? name : `${name} (${polarity})`));
        root.append(box);
      }
      return box;
    };
    for (const [start, end, indent, bulleted] of doc.lines) {
      const cuts = [start, ...starts.filter((at) => at > start && at < end), end];
      for (let i = 0; i + 1 < cuts.length; i += 1) {
        const line = element("p", { class: bulleted ? "line bulleted" : "line" }, ...marked(doc, cuts[i], cuts[i + 1]));
        line.style.setProperty("--indent", Math.min(indent, 30));
        place(cuts[i]).append(line);
      }
    }
  }

  const groupOf = (doc, fact) => doc.alternatives.find((group) => group.facts.includes(fact.number));

  // The facts of a group stand together, where its first one is.
  function drawFacts(doc) {
    const row = (fact) => {
      const more = Object.entries(fact.more).map(([name, value]) => (value === "True" ? name.replaceAll("_", " ") : `${name.replaceAll("_", " ")}: ${value}`));
      const details = [fact.polarity && fact.polarity !== "none" ? fact.polarity : null, ...more, fact.rule].filter(Boolean).join("; ");
      const link = element("a", { href: address(doc, fact.number) }, element("strong", {}, fact.words),
        element("span", { class: "more" }, `“${fact.text}”`), element("span", { class: "more" }, details));
      return element("tr", { "data-fact": fact.number }, element("td", { class: "n" }, String(fact.number + 1)),
        element("td", {}, colour(element("span", { class: "chip" }, fact.label), fact.label), link));
    };
    const card = (group) => {
      const joint = () => element("tr", { class: "joint" }, element("td"), element("td", {}, group.joint));
      const rows = group.facts.flatMap((index, i) => [...(i && group.number ? [joint()] : []), row(doc.facts[index])]);
      const head = element("th", { colspan: 2, scope: "rowgroup" }, `Alternatives${group.number ? ` ${group.number}: ` : " "}${group.meaning}`);
      return element("tbody", { class: "alternatives" }, element("tr", {}, head), ...rows);
    };
    const bodies = [];
    for (const fact of doc.facts) {
      const group = groupOf(doc, fact);
      if (group && group.facts[0] === fact.number) bodies.push(card(group));
      else if (!group && bodies.at(-1)?.className === "") bodies.at(-1).append(row(fact));
      else if (!group) bodies.push(element("tbody", {}, row(fact)));
    }
    if (doc.facts.length === 0) bodies.push(element("tbody", {}, element("tr", {}, element("td", { colspan: 2 }, "None in this document."))));
    byId("facts").replaceChildren(byId("facts").tHead, ...bodies);
  }

  function drawRegimens(doc) {
    byId("regimens").hidden = doc.regimens.length === 0;
    byId("regimen-list").replaceChildren(...doc.regimens.map((regimen, number) => {
      const parts = regimen.parts.map(([value, unit, stated]) => element("span", {
        class: stated || value === "?" ? "part" : "part computed", title: value === "?" ? "not stated" : stated ? "stated" : "computed",
      }, element("strong", {}, value), ` ${unit}${stated || value === "?" ? "" : " (computed)"}`));
      const sources = regimen.facts.flatMap((index, i) => [i ? ", " : "from ", element("a", { href: address(doc, index) }, `“${doc.facts[index].text}”`)]);
      return element("li", { class: "prescription" }, element("span", { class: "soft" }, `℞ ${number + 1}. ${regimen.words} `),
        ...regimen.flags.map((flag) => element("span", { class: "flag" }, flag)),
        element("div", { class: "parts" }, ...parts), element("span", { class: "more" }, ...sources));
    }));
  }

  function drawUnread(doc) {
    const unread = doc.unread ?? [];
    byId("unread").hidden = unread.length === 0;
    byId("unread-list").replaceChildren(...unread.map(({ text, label, name, context, why }) => element("li", {},
      element("strong", {}, text), ` ${name ? `${label} of ${name}` : label}? `, element("span", { class: "more" }, `“${context}”: ${why}`))));
  }

  function show(doc) {
    if (current === doc) return;
    current?.item.firstChild.removeAttribute("aria-current");
    current = doc;
    doc.item.firstChild.setAttribute("aria-current", "true");
    doc.item.scrollIntoView({ block: "nearest" });
    byId("document-heading").textContent = doc.id;
    document.title = `${doc.id} - trialsift`;
    drawText(doc);
    drawFacts(doc);
    drawRegimens(doc);
    drawUnread(doc);
    byId("document").scrollTop = 0;
  }

  // -- from the address to the page, and from the text to the table and back ---------------------------------------

  let from = null; // where the last link was: the other side gets the focus

  function follow() {
    const [name, number] = location.hash.slice(1).split("/");
    let id = null;
    try { id = decodeURIComponent(name); } catch { /* an address that nobody here made */ }
    const before = location.hash === "" ? null : current; // an address that names nothing leaves the page as it is
    const doc = data.documents.find((each) => each.id === id) ?? before ?? data.documents[0];
    if (!doc) return;
    show(doc);
    for (const node of document.querySelectorAll(".here, .beside")) node.classList.remove("here", "beside");
    const index = Number(number) - 1;
    if (!Number.isInteger(index) || !doc.facts[index]) {
      if (from?.closest("#documents")) {
        byId("document").focus({ preventScroll: true });
        if (matchMedia("(max-width: 62rem)").matches) byId("document-heading").scrollIntoView();
      }
      from = null;
      return;
    }
    const marksOf = (fact) => Array.from(document.querySelectorAll("a.fact")).filter((node) => node.dataset.facts.split(" ").includes(String(fact)));
    const rowOf = (fact) => document.querySelector(`tr[data-fact="${fact}"]`);
    const [marks, row] = [marksOf(index), rowOf(index)];
    for (const node of [...marks, row]) node.classList.add("here");
    for (const other of groupOf(doc, doc.facts[index])?.facts ?? []) {
      for (const node of [...marksOf(other), rowOf(other)]) if (!node.classList.contains("here")) node.classList.add("beside");
    }
    const toRow = from?.matches("a.fact");
    const [target, other] = toRow ? [row.querySelector("a"), marks[0]] : [marks[0], row];
    other?.scrollIntoView({ block: "nearest" });
    target?.scrollIntoView({ block: "center" });
    if (from) target?.focus({ preventScroll: true });
    from = null;
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    if (!link) return;
    event.preventDefault();
    if (link.classList.contains("skip")) {
      byId("document").focus();
      return;
    }
    from = link;
    const hash = link.getAttribute("href");
    if (location.hash === hash) follow();
    else location.hash = hash;
  });
  window.addEventListener("hashchange", follow);
  parts.onSearch(form, search);
  search();
  follow();
})();
