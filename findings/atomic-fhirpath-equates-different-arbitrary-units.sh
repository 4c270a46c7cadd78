#!/usr/bin/env bash
# @atomic-ehr/fhirpath with @atomic-ehr/ucum: UCUM's arbitrary units ([IU], [CFU], [PFU], ...) can be converted neither
# into each other nor into anything else, and the README of the second package calls them "units without defined
# conversion factors". Its add() refuses two of them with an ArbitraryUnitConversionError. Its convert() takes them all
# for 1, and FHIRPath's comparisons, made with it, call 10 [IU]/L and 10 [CFU]/L equal, and 5 [IU]/mL less than 10
# [PFU]/mL. fhirpath, another engine, finds the first pair unequal and gives no answer to the second.
#
# A criterion in international units is then met by a result in colony forming or plaque forming units.
#
# Seen with @atomic-ehr/fhirpath 0.1.4, @atomic-ehr/ucum 0.2.5 and fhirpath 5.2.2 on Node.js 20:
#   convert 100 [IU]/L to [CFU]/L: 100
#   add [IU] and [CFU]: ArbitraryUnitConversionError
#   10 '[IU]/L' = 10 '[CFU]/L': [true], fhirpath: [false]
#   5 '[IU]/mL' < 10 '[PFU]/mL': [true], fhirpath: []
#   10 '[IU]/L' = 10 'mg/L': [], fhirpath: [false]
# The script fails where that changes.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund --prefix . @atomic-ehr/fhirpath@0.1.4 @atomic-ehr/ucum@0.2.5 fhirpath@5.2.2 \
  >log 2>&1 || { cat log >&2; exit 1; }
cat >units.mjs <<'JAVASCRIPT'
import { evaluate } from '@atomic-ehr/fhirpath';
import { ucum } from '@atomic-ehr/ucum';
import fhirpath from 'fhirpath';

const COMPARISONS = ["10 '[IU]/L' = 10 '[CFU]/L'", "5 '[IU]/mL' < 10 '[PFU]/mL'", "10 '[IU]/L' = 10 'mg/L'"];
const SEEN = [
  'convert 100 [IU]/L to [CFU]/L: 100',
  'add [IU] and [CFU]: ArbitraryUnitConversionError',
  "10 '[IU]/L' = 10 '[CFU]/L': [true], fhirpath: [false]",
  "5 '[IU]/mL' < 10 '[PFU]/mL': [true], fhirpath: []",
  "10 '[IU]/L' = 10 'mg/L': [], fhirpath: [false]",
];

function add() {
  try {
    return JSON.stringify(ucum.add(ucum.quantity(1, '[IU]'), ucum.quantity(1, '[CFU]')));
  } catch (error) {
    return error.name;
  }
}

const found = [
  `convert 100 [IU]/L to [CFU]/L: ${ucum.convert(100, '[IU]/L', '[CFU]/L')}`,
  `add [IU] and [CFU]: ${add()}`,
];
for (const expression of COMPARISONS) {
  const one = JSON.stringify(await evaluate(expression, { input: {} }));
  const other = JSON.stringify(fhirpath.evaluate({}, expression));
  found.push(`${expression}: ${one}, fhirpath: ${other}`);
}
found.forEach((line) => console.log(line));
if (found.join('\n') !== SEEN.join('\n')) {
  console.error('this has changed');
  process.exit(1);
}
JAVASCRIPT
node units.mjs
