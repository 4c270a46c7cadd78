#!/usr/bin/env bash
# @atomic-ehr/ucum: divide() and pow() compute the value rightly, and write the unit by joining the two codes. UCUM
# reads a chain of divisions from the left, so mg divided by mg/mL becomes mg/mg/mL, which is one per mL and not mL, and
# the square of m/s becomes m/s2. convert() then refuses the unit that the result should have and takes its reciprocal.
# The README says that quantities are manipulated "with automatic unit handling", and nothing of this; where the
# divisor's code has no slash, as in mL/min by m2, the unit is right.
#
# 300 mg of a solution of 2 mg/mL come to 150 "per mL", 900 mg at 150 mg/m2 to a body surface of 6 "per m2".
#
# Seen with @atomic-ehr/ucum 0.2.5 on Node.js 20:
#   300 mg / 2 mg/mL = 150 mg/mg/mL; to mL: error; to /mL: 150
#   900 mg / 150 mg/m2 = 6 mg/mg/m2; to m2: error; to /m2: 6
#   60 Gy / 2 Gy/d = 30 Gy/Gy/d; to d: error; to /d: 30
#   (3 m/s) squared = 9 m/s2; to m2/s2: error; to m/s2: 9
#   100 mL/min / 2 m2 = 50 mL/min/m2; to mL/min/m2: 50; to m2.min/mL: error
# The script fails where that changes.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund --prefix . @atomic-ehr/ucum@0.2.5 >log 2>&1 || { cat log >&2; exit 1; }
cat >units.mjs <<'JAVASCRIPT'
import { ucum } from '@atomic-ehr/ucum';

const { quantity: q } = ucum;
const CASES = [
  ['300 mg / 2 mg/mL', ucum.divide(q(300, 'mg'), q(2, 'mg/mL')), 'mL', '/mL'],
  ['900 mg / 150 mg/m2', ucum.divide(q(900, 'mg'), q(150, 'mg/m2')), 'm2', '/m2'],
  ['60 Gy / 2 Gy/d', ucum.divide(q(60, 'Gy'), q(2, 'Gy/d')), 'd', '/d'],
  ['(3 m/s) squared', ucum.pow(q(3, 'm/s'), 2), 'm2/s2', 'm/s2'],
  ['100 mL/min / 2 m2', ucum.divide(q(100, 'mL/min'), q(2, 'm2')), 'mL/min/m2', 'm2.min/mL'],
];
const SEEN = [
  '300 mg / 2 mg/mL = 150 mg/mg/mL; to mL: error; to /mL: 150',
  '900 mg / 150 mg/m2 = 6 mg/mg/m2; to m2: error; to /m2: 6',
  '60 Gy / 2 Gy/d = 30 Gy/Gy/d; to d: error; to /d: 30',
  '(3 m/s) squared = 9 m/s2; to m2/s2: error; to m/s2: 9',
  '100 mL/min / 2 m2 = 50 mL/min/m2; to mL/min/m2: 50; to m2.min/mL: error',
];

function convert({ value, unit }, target) {
  try {
    return ucum.convert(value, unit, target);
  } catch {
    return 'error';
  }
}

const found = CASES.map(([name, result, ...targets]) =>
  [`${name} = ${result.value} ${result.unit}`, ...targets.map((to) => `to ${to}: ${convert(result, to)}`)].join('; '));
found.forEach((line) => console.log(line));
if (found.join('\n') !== SEEN.join('\n')) {
  console.error('this has changed');
  process.exit(1);
}
JAVASCRIPT
node units.mjs
