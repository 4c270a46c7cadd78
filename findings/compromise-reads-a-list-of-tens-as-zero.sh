#!/usr/bin/env bash
# compromise: numbers() takes two tens or hundreds with a comma between them for one number, can't read it, and gives 0,
# not null; toNumber() writes this 0 into the text. With "five, ten" or "forty-five, fifty" all is well. And "a second"
# or "a third" before a noun is a fraction: "a second line" is 0.5. The README's section on numbers mentions neither.
#
# Dose levels of a trial are listed in tens and hundreds: all but the last one become a level of 0.
#
# Seen with compromise 14.17.0 on Node.js 20:
#   doses of fifty, sixty and seventy Gy: [0,70], doses of 0 and 70 Gy
#   one hundred, two hundred and three hundred mg: [0], 0 mg
#   at thirty, sixty and ninety days: [0,90], at 0 and 90 days
#   forty-five, fifty and sixty Gy: [45,50,60], 45, 50 and 60 Gy
#   after a second line: [0.5], after 0.5th line
# The script fails where that changes.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund --prefix . compromise@14.17.0 >log 2>&1 || { cat log >&2; exit 1; }
cat >numbers.mjs <<'JAVASCRIPT'
import nlp from 'compromise';

const SEEN = {
  'doses of fifty, sixty and seventy Gy': '[0,70], doses of 0 and 70 Gy',
  'one hundred, two hundred and three hundred mg': '[0], 0 mg',
  'at thirty, sixty and ninety days': '[0,90], at 0 and 90 days',
  'forty-five, fifty and sixty Gy': '[45,50,60], 45, 50 and 60 Gy',
  'after a second line': '[0.5], after 0.5th line',
};
let changed = false;
for (const [text, told] of Object.entries(SEEN)) {
  const values = nlp(text).numbers().get();
  const found = `${JSON.stringify(values)}, ${nlp(text).numbers().toNumber().all().text()}`;
  console.log(`${text}: ${found}`);
  changed ||= found !== told;
}
if (changed) {
  console.error('this has changed');
  process.exit(1);
}
JAVASCRIPT
node numbers.mjs
