#!/bin/sh
# stage.sh PROGRAM FOLDER: what a package holds beside the program, made by the program itself: man pages, completions,
# an example workplace, units that start /usr/bin/hedui, and licences.
set -eu
program=$1 folder=$2
here=$(dirname "$0")
rm -rf "$folder"
mkdir -p "$folder/systemd"
"$program" generate "$folder"
"$program" --as-of 2026-11-22 demo "$folder/example" --customers 60 --no-run
for unit in hedui hedui-undelivered; do
    cp "$here/../systemd/$unit.timer" "$folder/systemd/"
    # a new workplace has no mail password yet, nor what a first run makes
    sed -e 's|^ExecStart=/usr/local/bin/|ExecStart=/usr/bin/|' \
        -e 's|^LoadCredential=|# LoadCredential=|' \
        -e 's|^ReadWritePaths=.*|ReadWritePaths=-/srv/hedui|' \
        "$here/../systemd/$unit.service" >"$folder/systemd/$unit.service"
done
python3 "$here/licences.py" --filter-platform x86_64-unknown-linux-gnu >"$folder/licences.txt"
