#!/usr/bin/env bash
# Prepares what the test services need: a Python environment with a mail server in target/test-venv, and openssl.
#
#     tests/services/install.sh [VENV]
#
# Does nothing, within milliseconds, where that has been done; prints the interpreter's path as its last line.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
venv=${1:-$here/../../target/test-venv}
mkdir -p "$(dirname "$venv")"
venv=$(cd "$(dirname "$venv")" && pwd)/$(basename "$venv")
stamp=$venv/installed.txt

if ! command -v openssl >/dev/null; then
    echo "openssl is missing: apt-get install openssl" >&2
    exit 1
fi
if ! cmp -s "$here/requirements.txt" "$stamp"; then
    # one installation at a time: tests start side by side
    exec 9>"$venv.lock"
    flock 9
    if ! cmp -s "$here/requirements.txt" "$stamp"; then
        rm -rf "$venv"
        python3 -m venv "$venv"
        "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --requirement "$here/requirements.txt" >&2
        cp "$here/requirements.txt" "$stamp"
    fi
fi
echo "$venv/bin/python"
