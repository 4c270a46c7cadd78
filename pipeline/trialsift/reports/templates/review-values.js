"use strict";
// A small grammar for values as people type them: `>= 1.5 x ULN`, `18-70 years`, `at most 2`, `> 5 and < 10 mg`.
// trialsift's own parser reads them again when decisions are applied, and has the last word.
const values = (() => {
  const SIGNS = [
    [/^(?:>=|≥|=>|⩾|at least|min(?:imum)?(?: of)?|no less than|not less than|from)\s*/i, "low", true],
    [/^(?:<=|≤|=<|⩽|at most|max(?:imum)?(?: of)?|no more than|not more than|up to)\s*/i, "high", true],
    [/^(?:>|more than|greater than|over|above)\s*/i, "low", false],
    [/^(?:<|less than|under|below)\s*/i, "high", false],
  ];
  const NUMBER = /^(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)/;
  const NONE = { low: null, low_inclusive: null, high: null, high_inclusive: null };

  function end(text) {
    for (const [sign, side, inclusive] of SIGNS) {
      const found = sign.exec(text);
      if (!found) continue;
      const behind = text.slice(found[0].length);
      const number = NUMBER.exec(behind);
      if (number) return { side, inclusive, value: Number(number[1].replace(/,/g, "")), rest: behind.slice(number[0].length) };
      if (/^[ul]ln\b/i.test(behind)) return { side, inclusive, value: 1, rest: ` ${behind}` };
      return null;
    }
    return null;
  }
  const bounded = (made, one) => ({ ...made, [one.side]: one.value, [`${one.side}_inclusive`]: one.inclusive });

  function interval(text) {
    const one = end(text);
    if (one) {
      const joint = /^(.*?)\s*(?:and|,|&)\s*(?=[<>≤≥=]|at |less|more|no |up )/i.exec(one.rest);
      const other = joint && end(one.rest.slice(joint[0].length));
      if (other && other.side !== one.side) return [bounded(bounded(NONE, one), other), other.rest || joint[1]];
      return [bounded(NONE, one), one.rest];
    }
    const plain = text.replace(/^between\s+/i, "").replace(/^=\s*/, "");
    const first = NUMBER.exec(plain);
    if (!first) return null;
    const low = Number(first[1].replace(/,/g, ""));
    const behind = plain.slice(first[0].length);
    const joint = /^\s*(?:-|–|—|to|and)\s*(?=[\d.])/i.exec(behind);
    const second = joint && NUMBER.exec(behind.slice(joint[0].length));
    if (!second) return [{ low, low_inclusive: true, high: low, high_inclusive: true }, behind];
    const high = Number(second[1].replace(/,/g, ""));
    return [{ low, low_inclusive: true, high, high_inclusive: true }, behind.slice(joint[0].length + second[0].length)];
  }

  // What was typed as attributes, with `unit` where it is known (`spelled` where not); or what is wrong with it.
  function read(text, units) {
    const found = interval(text.trim());
    if (!found) return { error: "No value: type one such as >= 1.5 x ULN, 18-70 years, 50 Gy." };
    const [made, rest] = found;
    if (made.low !== null && made.high !== null && made.low > made.high) return { error: `${made.low} is above ${made.high}.` };
    const spelled = rest.replace(/\s*\b(?:fractions?|old|of age)\s*$/i, "").trim().replace(/^(?:x|×|\*|times)\s*(?=(?:the\s+)?[ul]ln\b)/i, "").replace(/^the\s+/i, "");
    if (spelled === "") return { attributes: made };
    const known = Object.keys(units).find((one) => one === spelled) ?? Object.keys(units).find((one) => one.toLowerCase() === spelled.toLowerCase());
    return known ? { attributes: { ...made, unit: units[known] } } : { attributes: made, spelled };
  }

  function fit(made, label, fields, scales) {
    const fitted = { ...made };
    if (label === "PERFORMANCE_STATUS" && scales[fields.scale]) {
      const [lowest, highest, step] = scales[fields.scale];
      fitted.low = made.low === null ? lowest : made.low + (made.low_inclusive ? 0 : step);
      fitted.high = made.high === null ? highest : made.high - (made.high_inclusive ? 0 : step);
      fitted.low_inclusive = fitted.high_inclusive = true;
      delete fitted.unit;
    }
    if (label === "FRACTIONS") delete fitted.unit;
    if (label === "DOSE" && fields.modality === "radiation" && fitted.unit === "cGy") {
      for (const side of ["low", "high"]) if (fitted[side] !== null) fitted[side] = Number((fitted[side] / 100).toPrecision(12));
      fitted.unit = "Gy";
    }
    return fitted;
  }

  const TIMES = { a: "years", mo: "months", wk: "weeks", d: "days", h: "hours" };
  function words(made) {
    const { low, high } = made;
    const above = made.low_inclusive === false ? ">" : "≥", below = made.high_inclusive === false ? "<" : "≤";
    if (low === undefined && high === undefined) return "";
    if (low !== null && high !== null) {
      if (above !== "≥" || below !== "≤") return `${above} ${low} and ${below} ${high}`;
      return low === high ? `${low}` : `${low}–${high}`;
    }
    if (low !== null) return `${above} ${low}`;
    return high === null ? "" : `${below} ${high}`;
  }
  const unit = (label, code) => (code === null || code === undefined || code === "1" ? "" : (label === "AGE" || label === "LIFE_EXPECTANCY") && TIMES[code] ? TIMES[code] : code);
  const describe = (label, made) => [words(made), unit(label, made.unit)].filter(Boolean).join(" ");

  return { read, fit, describe };
})();
