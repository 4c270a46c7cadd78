"use strict";
// Draws the item that is looked at, its text and its place in the queue, and takes what is decided on it.
// Text of documents goes into the page with textContent only; offsets count code points.
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const { byId, element, plain } = parts;
  const form = byId("edit"), filters = byId("filters");
  const PAGE = 100;
  const INTERVAL = ["low", "low_inclusive", "high", "high_inclusive"];
  const CHOICES = ["scale", "modality", "role", "scope", "polarity"];
  const DONE = { accept: "✓ accepted", reject: "✗ rejected", correct: "✎ corrected", add: "+ added", read: "✓ read" };
  let current = data.items[0]; // the item that is looked at
  let editing = null; // { adding, place }
  let held = new Map();

  data.items.forEach((item, place) => {
    item.place = place;
    item.doc = data.documents[item.document];
    item.text = item.end ? slice(item.doc, item.start, item.end) : "";
  });

  // The characters of a document, as far as the page has them.
  function slice(doc, start, end) {
    const passage = doc.passages.find(([from, text]) => from <= start && start < from + length(text));
    return passage ? [...passage[1]].slice(start - passage[0], end - passage[0]).join("") : "";
  }
  function length(text) { return /[\ud800-\udbff]/.test(text) ? [...text].length : text.length; }

  // -- decisions -----------------------------------------------------------------------------------------------------

  const about = (item) => ({
    doc_id: item.doc.id, kind: item.kind, [item.kind === "regimen" ? "regimen" : "fact"]: item.number ?? undefined,
    start: item.start, end: item.end, label: item.label, text: item.text,
  });
  const decisionOn = (item) => held.get(store.keyOf(about(item)));
  const readOf = (doc) => held.get(store.keyOf({ doc_id: doc.id, kind: "document" }));
  const addedIn = (doc) => [...held.values()].filter((one) => one.kind === "added" && one.doc_id === doc.id);

  function say(words, bad = false) {
    byId("message").textContent = words;
    byId("message").classList.toggle("bad", bad);
  }

  function decide(what, stay = false) {
    const by = byId("by").value.trim();
    if (by === "") {
      byId("by").focus();
      say("Type your name or initials first: each decision says who made it.", true);
      return false;
    }
    store.by = by;
    const kept = store.add({ run: data.run, ...what, by, at: new Date().toISOString() });
    held = store.holding();
    say(kept ? `${DONE[what.action]}: ${what.text || what.doc_id}` : "This browser keeps nothing: export before you close the page.", !kept);
    if (stay) draw(); else go(find(current.place + 1, true) ?? find(0, true) ?? current);
    return true;
  }

  const actions = {
    accept() {
      if (!current.ready) {
        actions.edit();
        say("Not all of what this number would be is known: say it here, or reject it.");
      } else decide({ ...about(current), action: "accept" });
    },
    reject() {
      if (current.kind === "registry") say("Nothing to reject: accept what the registry alone states, or add what the text states.", true);
      else decide({ ...about(current), action: "reject" });
    },
    edit() {
      if (current.kind === "fact" || current.kind === "unread") openForm(false);
      else say("A regimen is corrected by its facts: accept or reject it here, and correct those.", true);
    },
    add() { openForm(true, selected()); },
    undo() {
      const one = store.undo();
      held = store.holding();
      if (!one) { say("Nothing to undo."); return; }
      const item = data.items.find((each) => store.keyOf(about(each)) === store.keyOf(one));
      go(item ?? current);
      say(`Undone: ${DONE[one.action] ?? one.action} ${one.text ?? one.doc_id}`);
    },
    next() { go(find(current.place + 1) ?? current); },
    before() { go(find(current.place - 1, false, -1) ?? current); },
    open() { go(find(current.place + 1, true) ?? find(0, true) ?? current); },
    read() { decide({ doc_id: current.doc.id, kind: "document", action: "read" }, true); },
    propose(number) {
      const one = current.proposals[number];
      if (!one) return;
      const attributes = Object.fromEntries(Object.entries(one.attributes).filter(([name, value]) => (current.attributes[name] ?? null) !== value));
      if (one.label !== current.label) attributes.label = one.label;
      const moved = one.place[0] !== current.start || one.place[1] !== current.end;
      decide({ ...about(current), action: "correct", attributes, place: moved ? one.place : undefined });
    },
  };

  // -- the form of a correction or of a missed fact ------------------------------------------------------------------

  const baseOf = () => (editing.adding ? { polarity: current.attributes.polarity ?? "inclusion", scope: "trial", modality: "drug" } : current.attributes);
  const valueOf = (item) => values.describe(item.label, item.attributes);

  function openForm(adding, place = null) {
    editing = { adding, place };
    const base = baseOf(), fields = form.elements;
    form.reset();
    fields.label.value = (!adding && current.label) || (adding ? "LAB" : Object.keys(data.colours)[0]);
    for (const name of [...CHOICES, "analyte", "measure", "agent", "condition"]) if (base[name] !== undefined && base[name] !== null) fields[name].value = base[name];
    for (const name of ["negated", "historical"]) fields[name].checked = !adding && base[name] === true;
    fields.value.value = adding ? "" : valueOf(current);
    byId("edit-heading").textContent = adding ? "Add a missed fact" : "Correct";
    byId("find-field").hidden = byId("find-told").hidden = false;
    form.hidden = false;
    byId("proposals").hidden = true;
    mark(place);
    showFields();
    if (adding && place) fillFromMark();
    (adding && !place ? fields.find : fields.value).focus();
    if (!adding) fields.value.select();
  }
  function closeForm() {
    editing = null;
    form.hidden = true;
    draw();
    byId("card").focus({ preventScroll: true });
  }
  function showFields() {
    const { label, modality } = form.elements;
    for (const node of form.querySelectorAll("[data-for]")) {
      node.hidden = node.dataset.for !== label.value || (node.dataset.modality !== undefined && node.dataset.modality !== modality.value);
    }
    tellValue();
  }
  function mark(place) {
    if (editing) editing.place = place;
    byId("edit-place").textContent = place ? `Characters ${place[0]}–${place[1]}: “${slice(current.doc, ...place)}”` : editing?.adding ? "No characters yet." : "Mark other characters in the text to move it.";
    drawText(place);
  }
  // What is marked may be the value itself.
  function fillFromMark() {
    const text = slice(current.doc, ...editing.place).replace(/\s+/g, " ").trim();
    const { value } = form.elements;
    if ((value.value === "" || value.value === editing.filled) && !values.read(text, data.units).error) value.value = editing.filled = text;
    tellValue();
  }
  const chosen = () => Object.fromEntries(CHOICES.map((name) => [name, form.elements[name].value]));

  // What was typed as attributes; null where it is no value, or none is there.
  function tellValue() {
    const told = byId("value-told"), label = form.elements.label.value;
    told.classList.remove("bad");
    const typed = form.elements.value.value.trim();
    if (typed === "") { told.textContent = ""; return null; }
    const read = values.read(typed, data.units);
    if (read.error) {
      told.textContent = read.error;
      told.classList.add("bad");
      return null;
    }
    const fitted = values.fit(read.attributes, label, chosen(), data.scales);
    const unsure = read.spelled ? `; the unit “${read.spelled}” is not known here: it is read when decisions are applied` : "";
    told.classList.toggle("bad", Boolean(read.spelled));
    told.textContent = `Read as ${values.describe(label, fitted)}${unsure}`;
    return fitted;
  }

  function collect() {
    const { elements } = form, base = baseOf(), label = elements.label.value, attributes = {};
    const put = (name, value) => { if ((base[name] ?? null) !== value) attributes[name] = value; };
    const shown = (name) => !elements[name].closest("[hidden]") && elements[name].value.trim() !== "";
    for (const name of ["scale", "modality", "role", "scope"]) if (shown(name)) put(name, elements[name].value);
    if (editing.adding) for (const name of ["modality", "scope", "polarity"]) if (name === "polarity" || shown(name)) attributes[name] = elements[name].value;
    for (const name of ["analyte", "measure", "agent"]) if (shown(name)) put(name, name === "agent" ? elements[name].value.trim().toLowerCase() : elements[name].value.trim());
    put("polarity", elements.polarity.value);
    const condition = elements.condition.value.trim() || null;
    put("condition", condition);
    for (const name of ["negated", "historical"]) if (elements[name].checked !== (base[name] === true)) attributes[name] = elements[name].checked || null;
    if (!editing.adding && label !== current.label) attributes.label = label;
    return { attributes, label };
  }

  function save() {
    const fitted = tellValue(), { attributes, label } = collect();
    const typed = form.elements.value.value.trim(), note = form.elements.note.value.trim() || undefined;
    const wrong = (words, field) => { say(words, true); form.elements[field].focus(); };
    if (typed !== "" && !fitted) { wrong("The value can't be read.", "value"); return; }
    if (label === "LAB" && !form.elements.analyte.value.trim()) { wrong("Which test? Choose an analyte.", "analyte"); return; }
    if (label === "MEASUREMENT" && !form.elements.measure.value.trim()) { wrong("Which measurement?", "measure"); return; }
    const changed = editing.adding || typed !== valueOf(current);
    const value = changed && typed !== "" ? typed : undefined;
    if (value) for (const name of INTERVAL) attributes[name] = fitted[name];
    if (editing.adding) {
      if (!editing.place) { wrong("Which characters? Mark them in the text, or type them.", "find"); return; }
      if (!value) { wrong("What is its value?", "value"); return; }
      const [start, end] = editing.place;
      if (decide({ doc_id: current.doc.id, kind: "added", action: "add", start, end, label, text: slice(current.doc, start, end), value, attributes, note }, true)) closeForm();
      return;
    }
    const before = current;
    if (decide({ ...about(current), action: "correct", value, attributes, place: editing.place ?? undefined, note })) {
      if (current === before) closeForm();
    }
  }

  // -- marking text --------------------------------------------------------------------------------------------------

  function offsetOf(node, offset) {
    const box = (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).closest("[data-start]");
    if (!box || !byId("text").contains(box)) return null;
    return Number(box.dataset.start) + (node.nodeType === Node.TEXT_NODE ? length(node.textContent.slice(0, offset)) : 0);
  }
  // The place of the selection in the text, without white space at its ends; null where there is none.
  function selected() {
    const selection = getSelection();
    if (!selection || selection.rangeCount === 0 || selection.isCollapsed) return null;
    const range = selection.getRangeAt(0);
    const [from, to] = [offsetOf(range.startContainer, range.startOffset), offsetOf(range.endContainer, range.endOffset)];
    if (from === null || to === null || to <= from) return null;
    const text = slice(current.doc, from, to), start = from + length(text) - length(text.trimStart());
    return text.trim() === "" ? null : [start, start + length(text.trim())];
  }
  // The next place of some characters, from an offset on and then from the start.
  function locate(words, from) {
    const places = [];
    for (const [start, text] of current.doc.passages) {
      const low = text.toLowerCase();
      for (let at = low.indexOf(words.toLowerCase()); at >= 0; at = low.indexOf(words.toLowerCase(), at + 1)) {
        const begin = start + length(text.slice(0, at));
        places.push([begin, begin + length(text.slice(at, at + words.length))]);
      }
    }
    return [places.find(([start]) => start >= from) ?? places[0] ?? null, places.length];
  }
  function findTyped(further = false) {
    const words = form.elements.find.value.trim(), told = byId("find-told");
    told.classList.remove("bad");
    if (words === "") { told.textContent = ""; return; }
    const from = further && editing.place ? editing.place[0] + 1 : Math.max(0, current.start - 200);
    const [place, total] = locate(words, from);
    told.textContent = place ? `${total === 1 ? "One place" : `${total} places; arrow down for the next`}` : "Not in the text.";
    told.classList.toggle("bad", !place);
    if (place) { mark(place); fillFromMark(); }
  }

  // -- drawing -------------------------------------------------------------------------------------------------------

  const colour = (node, label) => { node.style.setProperty("--colour", data.colours[label] ?? "#dddddd"); return node; };

  function drawText(marked = null) {
    const { doc } = current, root = byId("text"), nodes = [];
    const members = current.members;
    let behind = 0;
    for (const [from, text] of doc.passages) {
      const size = length(text), till = from + size;
      if (from > behind) nodes.push(element("span", { class: "gap" }, `… ${(from - behind).toLocaleString("en")} characters are not on this page …`));
      behind = till;
      const units = size === text.length ? null : [...text];
      const cut = (a, b) => (units ? units.slice(a - from, b - from).join("") : text.slice(a - from, b - from));
      const spans = doc.facts.filter(([start, end]) => start < till && end > from);
      const places = [...spans, ...members, ...(current.end ? [[current.start, current.end]] : []), ...(marked ? [marked] : []), ...addedIn(doc).map((one) => [one.start, one.end])];
      const cuts = [...new Set([from, till, ...places.flatMap(([a, b]) => [a, b])])].filter((at) => at >= from && at <= till).sort((a, b) => a - b);
      for (let i = 0; i + 1 < cuts.length; i += 1) {
        const [a, b] = [cuts[i], cuts[i + 1]];
        const inside = ([start, end]) => start <= a && b <= end;
        const over = spans.filter(inside);
        const flags = { here: current.end && inside([current.start, current.end]) && current.kind !== "regimen", member: members.some(inside), marked: marked && inside(marked), added: addedIn(doc).some((one) => inside([one.start, one.end])) };
        const on = Object.keys(flags).filter((name) => flags[name]);
        if (over.length === 0 && on.length === 0) { nodes.push(element("span", { "data-start": a }, cut(a, b))); continue; }
        const title = over.map(([, , label, words]) => `${label}: ${words}`).join("\n");
        const node = element("mark", { "data-start": a, class: on.join(" ") || null, title: title || null }, cut(a, b));
        nodes.push(over.length ? colour(node, over[0][2]) : node);
      }
    }
    if (behind < doc.length) nodes.push(element("span", { class: "gap" }, `… ${(doc.length - behind).toLocaleString("en")} characters are not on this page …`));
    root.replaceChildren(...nodes);
    const target = root.querySelector(marked ? ".marked" : ".here, .member");
    root.scrollTop = target ? target.offsetTop - root.clientHeight / 3 : 0;
  }

  function drawCard() {
    const item = current, on = decisionOn(item);
    const chip = colour(element("span", { class: "chip" }, item.label || "?"), item.label);
    const kinds = { unread: "a number that no rule took: ", regimen: "regimen: ", registry: "only the registry states: " };
    const polarity = item.attributes.polarity && item.attributes.polarity !== "none" ? ` ${item.attributes.polarity}` : "";
    byId("card-heading").textContent = `Item ${item.place + 1} of ${data.items.length.toLocaleString("en")}`;
    byId("reading").replaceChildren(chip, " ", kinds[item.kind] ? element("span", { class: "soft" }, kinds[item.kind]) : "", item.words,
      element("span", { class: "soft" }, [polarity, item.attributes.condition ? ` ${item.attributes.condition}` : "", item.attributes.historical ? " historical" : "", item.attributes.negated ? " negated" : ""].join("")));
    const told = item.why.map((words, i) => element("li", {}, `${item.reasons[i]}: ${words}`));
    const rule = item.rule ? `read by ${item.rule}` : null;
    const sure = item.confidence === null ? null : `confidence ${item.confidence.toFixed(3)}`;
    byId("why").replaceChildren(...told, ...(rule || sure ? [element("li", { class: "soft" }, [rule, sure].filter(Boolean).join(", "))] : []));
    const more = on?.value ?? (on?.attributes && Object.entries(on.attributes).map(([name, value]) => `${name} ${value}`).join(", "));
    byId("decided").textContent = on ? `${DONE[on.action]} by ${on.by}${on.action === "correct" && more ? `: ${more}` : ""}` : "";
    byId("decided").className = on?.action ?? "";
    byId("proposals").hidden = item.proposals.length === 0;
    byId("proposal-list").replaceChildren(...item.proposals.map((one, number) => element("li", {},
      element("button", { type: "button", "data-proposal": number }, element("kbd", {}, String(number + 1)), ` ${one.label === item.label ? "" : `${one.label}: `}${one.words}`))));
    const read = readOf(item.doc), added = addedIn(item.doc).length;
    byId("document-heading").textContent = [item.doc.id, item.doc.title, item.doc.conditions].filter(Boolean).join(" · ") + (read ? " · read in full" : "") + (added ? ` · ${added} added` : "");
  }

  const fits = (item, test) => test.every((one) => one(item));
  let tests = [];
  function readFilters() {
    const { words, label, name, reason, condition, state } = filters.elements;
    const wanted = parts.words(words.value);
    tests = [];
    if (label.value) tests.push((item) => item.label === label.value);
    if (name.value) tests.push((item) => item.name === name.value);
    if (reason.value) tests.push((item) => item.reasons.includes(reason.value));
    if (condition?.value) tests.push((item) => (item.doc.conditions ?? "").split("; ").includes(condition.value));
    if (state.value) tests.push((item) => Boolean(decisionOn(item)) === (state.value === "done"));
    if (wanted.length) tests.push((item) => {
      item.haystack ??= plain([item.doc.id, item.doc.title ?? "", item.doc.conditions ?? "", item.label, item.words, item.text, item.rule ?? "", ...item.why].join("\n"));
      return wanted.every((word) => item.haystack.includes(word));
    });
    byId("filter-words").textContent = tests.length ? `(${listed().length.toLocaleString("en")} of ${data.items.length.toLocaleString("en")})` : "";
  }
  const listed = () => (tests.length ? data.items.filter((item) => fits(item, tests)) : data.items);
  // The next item from a place on that the filters let through, and with `open` one that is not decided.
  function find(from, open = false, step = 1) {
    for (let i = from; i >= 0 && i < data.items.length; i += step) {
      if (fits(data.items[i], tests) && !(open && decisionOn(data.items[i]))) return data.items[i];
    }
    return null;
  }

  let page = null;
  function drawQueue() {
    const items = listed(), at = Math.max(0, items.findIndex((item) => item.place >= current.place));
    const start = page ?? Math.floor(at / PAGE) * PAGE;
    byId("queue-count").textContent = items.length ? `${(start + 1).toLocaleString("en")}–${Math.min(items.length, start + PAGE).toLocaleString("en")} of ${items.length.toLocaleString("en")}` : "Nothing fits the filters.";
    byId("queue").replaceChildren(...items.slice(start, start + PAGE).map((item) => {
      const on = decisionOn(item);
      return element("li", {}, element("button", { type: "button", "data-place": item.place, "aria-current": item === current ? "true" : null },
        element("span", { class: `state ${on?.action ?? ""}` }, on ? DONE[on.action] : "–"),
        element("span", {}, `${item.place + 1}. ${item.words}`), element("span", { class: "soft" }, item.doc.id),
        element("span", { class: "soft" }, item.reasons.join(", "))));
    }));
    byId("queue-more").hidden = items.length <= PAGE;
    byId("queue-more").textContent = start + PAGE < items.length ? "Next hundred" : "First hundred";
    byId("queue-more").onclick = () => { page = start + PAGE < items.length ? start + PAGE : 0; drawQueue(); };
    const done = data.items.filter(decisionOn).length;
    byId("progress").value = data.items.length ? done / data.items.length : 0;
    byId("progress-words").textContent = `${done.toLocaleString("en")} of ${data.items.length.toLocaleString("en")} decided`;
  }

  function draw() { drawCard(); drawText(); drawQueue(); }
  function go(item) {
    current = item;
    page = null;
    if (editing) { editing = null; form.hidden = true; }
    draw();
    if (document.activeElement === document.body || document.activeElement?.closest("#edit")) byId("card").focus({ preventScroll: true });
  }

  // -- files ---------------------------------------------------------------------------------------------------------

  function save_file() {
    const link = element("a", { href: URL.createObjectURL(new Blob([store.lines()], { type: "application/x-ndjson" })), download: `decisions-${data.run}.jsonl` });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    say(`${held.size.toLocaleString("en")} decisions exported: trialsift review RUN --apply decisions-${data.run}.jsonl --out DIR`);
  }
  byId("import").addEventListener("change", async (event) => {
    const [file] = event.target.files;
    if (!file) return;
    try {
      const taken = store.take(await file.text(), data.run);
      held = store.holding();
      draw();
      say(`${taken.toLocaleString("en")} decisions imported from ${file.name}`);
    } catch (error) {
      say(`${file.name}: ${error.message}; expected a file that this page exported.`, true);
    }
    event.target.value = "";
  });

  // -- keys and clicks -----------------------------------------------------------------------------------------------

  const KEYS = { a: "accept", r: "reject", e: "edit", m: "add", u: "undo", j: "next", k: "before", n: "open", d: "read" };
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && editing) { closeForm(); return; }
    const typing = event.target.closest("input:not([type='checkbox']), select, textarea, dialog");
    if (typing || event.ctrlKey || event.metaKey || event.altKey || byId("help").open) return;
    if (event.key === "?") { event.preventDefault(); byId("help").showModal(); return; }
    if (!byId("keys-on").checked) return;
    if (event.key === "x") save_file();
    else if (event.key === "/") { byId("filter-box").open = true; filters.elements.words.focus(); }
    else if (/^[1-9]$/.test(event.key)) actions.propose(Number(event.key) - 1);
    else if (KEYS[event.key]) actions[KEYS[event.key]]();
    else return;
    event.preventDefault();
  });
  byId("by").addEventListener("input", () => { store.by = byId("by").value.trim(); store.keep(); });
  byId("by").addEventListener("keydown", (event) => { if (event.key === "Enter") byId("card").focus(); });
  byId("export").addEventListener("click", save_file);
  byId("help-open").addEventListener("click", () => byId("help").showModal());
  byId("actions").addEventListener("click", (event) => actions[event.target.closest("[data-do]")?.dataset.do]?.());
  byId("proposal-list").addEventListener("click", (event) => {
    const button = event.target.closest("[data-proposal]");
    if (button) actions.propose(Number(button.dataset.proposal));
  });
  byId("queue").addEventListener("click", (event) => {
    const button = event.target.closest("[data-place]");
    if (!button) return;
    go(data.items[Number(button.dataset.place)]);
    byId("card").focus();
  });
  document.addEventListener("mouseup", (event) => {
    if (!editing || !event.target.closest("#text")) return;
    const place = selected();
    if (place) { mark(place); fillFromMark(); }
  });
  form.addEventListener("submit", (event) => { event.preventDefault(); save(); });
  form.addEventListener("input", (event) => { if (event.target.name === "find") findTyped(); else showFields(); });
  form.elements.find.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") { event.preventDefault(); findTyped(true); }
    if (event.key === "Enter") { event.preventDefault(); form.elements.value.focus(); }
  });
  byId("edit-cancel").addEventListener("click", closeForm);
  document.querySelector(".skip").addEventListener("click", (event) => { event.preventDefault(); byId("card").focus(); });
  parts.onSearch(filters, () => {
    readFilters();
    page = null;
    const first = fits(current, tests) ? current : find(0);
    if (first) go(first); else drawQueue();
  });

  for (const [label, names] of Object.entries(data.names)) {
    byId(`names-${label}`)?.replaceChildren(...names.map((name) => element("option", { value: name })));
  }
  store.open(data.run);
  byId("by").value = store.by;
  held = store.holding();
  readFilters();
  current = find(0, true) ?? data.items[0];
  if (current) draw();
})();
