#!/usr/bin/env bash
# distributed: LocalCluster(dashboard_address=None) is documented to disable the dashboard. Its HTTP server is started all
# the same, on the dashboard's default port 8787, and a second cluster on the machine warns on stderr that the port is
# taken. With dashboard_address="127.0.0.1:0" there is no warning.
#
# Seen with distributed 2026.8.0 on Python 3.11, two clusters in one process:
#   None: UserWarning: Port 8787 is already in use.
#   127.0.0.1:0: no warning
# The script fails where that changes.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check distributed==2026.8.0 >log 2>&1 || { cat log >&2; exit 1; }
cat >clusters.py <<'PYTHON'
import sys
import warnings

from distributed import LocalCluster


def told(address):
    """What is said of ports when a second cluster starts."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        with LocalCluster(n_workers=0, host="127.0.0.1", dashboard_address=address, silence_logs=50):
            pass
    return [str(one.message).splitlines()[0] for one in caught if "Port" in str(one.message)]


if __name__ == "__main__":
    with LocalCluster(n_workers=0, host="127.0.0.1", dashboard_address=None, silence_logs=50):
        none, free = told(None), told("127.0.0.1:0")
    print("None:", *(f"UserWarning: {message}" for message in none))
    print("127.0.0.1:0:", *(free or ["no warning"]))
    if none != ["Port 8787 is already in use."] or free:
        sys.exit("this has changed")
PYTHON
env/bin/python -I clusters.py
