#!/usr/bin/env bash
# spaCy 3.7.5 imports click in its command line, which `import spacy` imports, and counts on typer to bring it along.
# typer 0.26.0 and later no longer require click, and spaCy 3.7.5 sets no upper bound that keeps them out: in a fresh
# environment `pip install spacy==3.7.5` succeeds, `pip check` finds nothing, and `import spacy` fails. With click beside
# it, it works. medspaCy holds spaCy below 3.8 on Python 3.11; its own nltk brings click, so that it is not noticed there.
#
# Seen on Python 3.11 with spacy 3.7.5 and typer 0.29.2:
#   pip check: No broken requirements found.
#   import spacy: ModuleNotFoundError: No module named 'click'
#   with click 8.5.1: imported
# The script fails where the import works without click, or doesn't with it.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv env
install() { env/bin/pip install --quiet --disable-pip-version-check "$@" >log 2>&1 || { cat log >&2; exit 1; }; }
install spacy==3.7.5 typer==0.29.2
printf 'pip check: '
env/bin/pip check --disable-pip-version-check
if env/bin/python -I -c 'import spacy' 2>message; then
  echo 'import spacy: imported; this has changed' >&2
  exit 1
fi
printf 'import spacy: '
tail -n 1 message
grep -q "^ModuleNotFoundError: No module named 'click'" message || { cat message >&2; exit 1; }
install click==8.5.1
env/bin/python -I -c 'import spacy; print("with click 8.5.1: imported")'
