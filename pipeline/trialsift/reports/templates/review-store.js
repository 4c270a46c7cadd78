"use strict";
// What was decided: a log in this browser, in the order of decisions; of several on one thing the last holds.
const store = (() => {
  const KEYS = ["run", "doc_id", "kind", "fact", "regimen", "start", "end", "label", "text", "action", "value", "attributes", "place", "note", "by", "at"];
  let name = "trialsift-review";
  let log = [];

  const keyOf = (one) => {
    const number = one.kind === "fact" ? one.fact : one.kind === "regimen" ? one.regimen : undefined;
    return number !== undefined || one.kind === "registry" || one.kind === "document"
      ? JSON.stringify([one.doc_id, one.kind, number ?? null, one.kind === "document" ? "" : one.label ?? ""])
      : JSON.stringify([one.doc_id, one.kind, one.start, one.end, one.label ?? "", one.kind === "added" ? one.attributes?.analyte ?? "" : ""]);
  };
  // Whether the browser could keep it: some refuse, or are full.
  function keep() {
    try {
      localStorage.setItem(name, JSON.stringify({ log, by: store.by }));
      return true;
    } catch { return false; }
  }
  const holding = () => {
    const held = new Map();
    for (const one of log) {
      held.delete(keyOf(one));
      held.set(keyOf(one), one);
    }
    return held;
  };

  return {
    by: "",
    keyOf,
    holding,
    open(run) {
      name = `trialsift-review:${run}`;
      try {
        const kept = JSON.parse(localStorage.getItem(name) ?? "{}");
        log = Array.isArray(kept.log) ? kept.log : [];
        store.by = typeof kept.by === "string" ? kept.by : "";
      } catch { log = []; }
    },
    keep,
    add(one) { log.push(one); return keep(); },
    undo() { const one = log.pop(); keep(); return one; },
    lines: () => [...holding().values()].map((one) => `${JSON.stringify(Object.fromEntries(KEYS.filter((key) => one[key] !== undefined && one[key] !== null).map((key) => [key, one[key]])))}\n`).join(""),
    // Adds the decisions of a file behind those that are there, but for those that are there already.
    take(text, run) {
      const known = new Set(log.map((one) => JSON.stringify(KEYS.map((key) => one[key] ?? null))));
      const taken = [];
      for (const [number, line] of text.split("\n").entries()) {
        if (line.trim() === "") continue;
        let one;
        try { one = JSON.parse(line); } catch { throw new Error(`line ${number + 1} is no JSON`); }
        if (typeof one?.doc_id !== "string" || typeof one.kind !== "string" || typeof one.action !== "string") throw new Error(`line ${number + 1} is no decision`);
        if (one.run !== undefined && one.run !== run) throw new Error(`line ${number + 1} was decided on another run`);
        if (!known.has(JSON.stringify(KEYS.map((key) => one[key] ?? null)))) taken.push(one);
      }
      log = [...log, ...taken].sort((a, b) => String(a.at).localeCompare(String(b.at)));
      keep();
      return taken.length;
    },
  };
})();
