#!/usr/bin/env bash
# Prepares what the tests need beside Rust: programs of Debian's (a browser and two database servers among them), and a
# Python environment in target/test-venv with a mail server and an independent reader and writer of workbooks.
#
#     tests/services/install.sh [VENV]
#
# Debian's packages are installed where they are missing and we are root; an ordinary user is told what to install.
# Does nothing, within milliseconds, where all that has been done; prints the interpreter's path as its last line.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
venv=${1:-$here/../../target/test-venv}
mkdir -p "$(dirname "$venv")"
venv=$(cd "$(dirname "$venv")" && pwd)/$(basename "$venv")
stamp=$venv/installed.txt

missing_packages() {
    command -v openssl >/dev/null || echo openssl
    command -v soffice >/dev/null || command -v libreoffice >/dev/null || echo libreoffice-calc
    # LibreOffice without Calc opens no workbook
    [[ -e /usr/lib/libreoffice/program/libsclo.so ]] || [[ ! -d /usr/lib/libreoffice ]] || echo libreoffice-calc
    command -v pdftotext >/dev/null || echo poppler-utils
    compgen -G '/usr/share/fonts/*/wqy/wqy-microhei.ttc' >/dev/null || echo fonts-wqy-microhei
    command -v chromium >/dev/null || command -v google-chrome >/dev/null || echo chromium
    # only the programs, where Debian has them apart: tests start servers of their own
    compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || command -v initdb >/dev/null || echo postgresql
    command -v psql >/dev/null || echo postgresql-client
    [[ -x /usr/sbin/mariadbd ]] || command -v mariadbd >/dev/null || echo mariadb-server-core
    command -v mariadb >/dev/null || echo mariadb-client-core
    # a clock of a test's choosing
    compgen -G '/usr/lib*/faketime/libfaketimeMT.so.1' >/dev/null || compgen -G '/usr/lib/*/faketime/libfaketimeMT.so.1' >/dev/null || echo libfaketime
    command -v python3 >/dev/null && python3 -c 'import ensurepip, venv' 2>/dev/null || echo python3-venv
}

packages=$(missing_packages | sort -u | tr '\n' ' ')
if [[ -n ${packages// /} ]]; then
    if [[ $(id -u) != 0 ]]; then
        echo "the tests need: apt-get install --no-install-recommends $packages" >&2
        exit 1
    fi
    exec 8>"$venv.apt.lock"
    flock 8
    packages=$(missing_packages | sort -u)
    if [[ -n $packages ]]; then
        # a run level in which Debian's packages start no service
        export DEBIAN_FRONTEND=noninteractive RUNLEVEL=1
        apt-get update -qq >&2
        # shellcheck disable=SC2086 # one word a package
        apt-get install -y -qq --no-install-recommends $packages >&2
    fi
    exec 8>&-
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
