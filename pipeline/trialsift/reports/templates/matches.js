"use strict";
// Lists patients × trials that fit the filters, some at a time, and draws the criteria of one when it is opened.
// The filters stand in the address, so that a filtered list can be linked to.
(() => {
  const { byId, element, plain } = parts;
  const data = JSON.parse(byId("data").textContent);
  const form = byId("filters");
  const AT_ONCE = 50;
  const STATES = { m: ["met", "✓ met"], n: ["not-met", "✗ not met"], u: ["unknown", "? unknown"], o: ["open", "– can't be judged"] };
  const pairs = data.patients.flatMap((patient, number) => patient.pairs.map(([trial, verdict, states, words]) => (
    { number, patient, trial: data.trials[trial], verdict, states, words })));
  let found = [], drawn = 0;

  function haystack(thing, make) {
    thing.haystack ??= plain(make().filter(Boolean).join("\n"));
    return thing.haystack;
  }
  const wordsOfTrial = (trial) => haystack(trial, () => [trial[0], trial[1], ...trial[2].flatMap(([, , members, context]) => [members, context])]);
  const wordsOfPair = (pair) => haystack(pair, () => [pair.patient.name, ...pair.words.flat().map((word) => data.words[word])]);

  // -- one patient and one trial -----------------------------------------------------------------------------------

  const count = (pair, state) => pair.states.split(state).length - 1;

  function counts(pair) {
    const told = [`${count(pair, "m")} of ${pair.states.length} criteria met`];
    if (count(pair, "n")) told.push(`${count(pair, "n")} not met`);
    if (count(pair, "u")) told.push(`${count(pair, "u")} unknown`);
    if (count(pair, "o")) told.push(`${count(pair, "o")} can't be judged`);
    return pair.states.length ? told.join(", ") : "no criteria with numbers";
  }

  // The criteria that make the verdict: those not met, else those that would decide.
  function why(pair) {
    const state = pair.verdict === 1 ? "n" : "u";
    const told = new Set();
    pair.trial[2].forEach(([, , members], i) => {
      if (pair.states[i] !== state) return;
      const [value, , reason] = pair.words[i].map((word) => data.words[word]);
      told.add(state === "n" ? `${members}${value ? `; the patient: ${value}` : ""}` : `${members}${reason ? ` (${reason})` : ""}`);
    });
    return [...told].map((line) => element("span", { class: "more" }, element("strong", {}, state === "n" ? "Not met: " : "Would decide: "), line));
  }

  function criterion([, polarity, members, context, start, end], state, numbers) {
    const [value, compared, reason, converted] = numbers.map((word) => data.words[word]);
    const [name, label] = STATES[state];
    const line = (title, ...words) => element("p", {}, element("span", { class: "soft" }, `${title}: `), ...words);
    const asked = [context === null ? element("p", {}, members) : element("p", { class: "quoted" }, context)];
    if (context !== null && state !== "o") asked.push(line("Eligible with", members));
    if (context !== null) asked.push(element("p", { class: "soft" }, `${polarity} criterion, characters ${start}–${end} of the text`));
    const answered = [];
    if (value) answered.push(line("Patient", value, compared ? ` = ${compared}` : ""));
    if (reason) answered.push(element("p", {}, reason));
    if (converted) answered.push(line("Converted", converted));
    if (!answered.length) answered.push(element("p", { class: "soft" }, "Nothing to compare with it"));
    return element("li", { class: "judged" }, element("span", { class: `state ${name}` }, label),
      element("div", {}, ...asked), element("div", {}, ...answered));
  }

  function drawCriteria(pair, box) {
    const [, nct, criteria] = pair.trial;
    const link = /^NCT\d{8}$/.test(nct ?? "") ? [element("p", {}, element("a", { href: `https://clinicaltrials.gov/study/${nct}`, rel: "noreferrer" },
      `${nct} at ClinicalTrials.gov`))] : [];
    box.append(...link, criteria.length ? element("ul", { class: "criteria" }, ...criteria.map((one, i) => criterion(one, pair.states[i], pair.words[i])))
      : element("p", {}, "The text has no criteria with numbers, so that nothing could be compared."));
  }

  function drawPair(pair) {
    const [id, nct] = pair.trial;
    const strip = element("span", { class: "strip", "aria-hidden": "true" }, ...Array.from(pair.states, (state) => (
      element("span", { class: `state ${STATES[state][0]}` }, STATES[state][1][0]))));
    const verdict = pair.verdict === 1 ? ["not-met", "✗ not eligible"] : ["met", "✓ eligible so far"];
    const name = element("h3", {}, nct && nct !== id ? `${id} (${nct})` : id);
    const box = element("details", { class: "pair" }, element("summary", {}, element("span", { class: `state ${verdict[0]}` }, verdict[1]), " ", name, " ",
      element("span", { class: "soft" }, counts(pair)), " ", strip, ...why(pair)));
    box.addEventListener("toggle", () => { if (box.open && box.children.length === 1) drawCriteria(pair, box); });
    return box;
  }

  // -- the list ----------------------------------------------------------------------------------------------------

  function head({ name, known, totals, pairs }) {
    const shown = [0, 1].map((verdict) => pairs.filter((pair) => pair[1] === verdict).length);
    const told = (verdict) => (shown[verdict] < totals[verdict] ? `the first ${shown[verdict]} of ${totals[verdict].toLocaleString("en")}` : `${totals[verdict]}`);
    return [element("h2", {}, name), element("p", { class: "soft" }, `${known || "Nothing is known"}. On this page: ${told(0)} eligible so far, ${told(1)} not eligible.`)];
  }

  function drawMore() {
    const next = found.slice(drawn, drawn + AT_ONCE);
    for (const pair of next) {
      const before = found[drawn - 1];
      if (before?.number !== pair.number) byId("list").append(element("section", {}, ...head(pair.patient)));
      byId("list").lastChild.append(drawPair(pair));
      drawn += 1;
    }
    byId("more").hidden = drawn >= found.length;
    byId("more").textContent = `Show ${Math.min(AT_ONCE, found.length - drawn)} more of ${found.length - drawn}`;
  }

  function search() {
    const wanted = parts.words(form.elements.words.value);
    const [patient, verdict] = [form.elements.patient.value, form.elements.verdict.value];
    found = pairs.filter((pair) => (patient === "" || pair.number === Number(patient)) && (verdict === "" || pair.verdict === Number(verdict))
      && wanted.every((word) => wordsOfTrial(pair.trial).includes(word) || wordsOfPair(pair).includes(word)));
    byId("list").replaceChildren();
    drawn = 0;
    drawMore();
    const told = found.length === pairs.length ? `All ${pairs.length.toLocaleString("en")}` : `${found.length.toLocaleString("en")} of ${pairs.length.toLocaleString("en")}`;
    byId("count").textContent = `${told} verdicts are listed.`;
  }

  function searchAndNote() {
    search();
    const state = new URLSearchParams([...new FormData(form)].filter(([, value]) => value !== "")).toString();
    history.replaceState(null, "", state ? `#?${state}` : "#");
  }

  function fromAddress() {
    const state = new URLSearchParams(location.hash.startsWith("#?") ? location.hash.slice(2) : "");
    for (const name of ["patient", "verdict", "words"]) form.elements[name].value = state.get(name) ?? "";
  }

  parts.onSearch(form, searchAndNote);
  byId("more").addEventListener("click", () => {
    const first = drawn;
    drawMore();
    document.querySelectorAll(".pair > summary")[first]?.focus();
  });
  byId("open-all").addEventListener("click", () => {
    for (const box of document.querySelectorAll(".pair")) box.open = true;
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-patient]");
    if (!button) return;
    form.elements.patient.value = button.dataset.patient;
    searchAndNote();
    byId("matches").scrollIntoView();
    byId("matches").focus({ preventScroll: true });
  });
  function follow() {
    if (!/^(#\?|$)/.test(location.hash)) return; // a place on the page
    fromAddress();
    search();
  }
  window.addEventListener("hashchange", follow);
  fromAddress();
  search();
})();
