#!/usr/bin/env bash
# Runs an empty PostgreSQL or MariaDB server on a loopback port until its stdin ends.
#
#     tests/services/database_server.sh postgres|mariadb FOLDER PORT PASSWORD [SETTING…]
#
# The server keeps its data in FOLDER/data and its log in FOLDER/server.log, and has the account hedui with PASSWORD, who
# may do everything, and the database hedui. Prints READY once it answers. It stops when stdin is closed, so that it
# outlives no test, however that one ends. As root it runs as an ordinary user: PostgreSQL would not run otherwise.
# SETTINGs are `name=value` of postgresql.conf, or options of mariadbd without their dashes.
set -euo pipefail
kind=$1 folder=$(cd "$2" && pwd) port=$3 password=$4
shift 4
case $kind in postgres) account=postgres ;; *) account=mysql ;; esac
PATH=$PATH:/usr/sbin
for programs in /usr/lib/postgresql/*/bin; do PATH=$PATH:$programs; done

as_user() { "$@"; }
if [[ $(id -u) == 0 ]]; then
    id -u "$account" >/dev/null 2>&1 || account=nobody
    chown -R "$account" "$folder"
    as_user() { setpriv --reuid="$account" --regid="$(id -g "$account")" --clear-groups env HOME="$folder" "$@"; }
fi
cd "$folder"
umask 077

start_postgres() {
    printf '%s\n' "$password" >password
    [[ $(id -u) != 0 ]] || chown "$account" password
    as_user initdb --pgdata data --username hedui --pwfile password --auth scram-sha-256 --encoding UTF8 --locale C \
        --no-sync >server.log 2>&1
    rm password
    local settings=(-c listen_addresses=127.0.0.1 -c port="$port" -c unix_socket_directories="$folder" -c fsync=off
        -c full_page_writes=off)
    for setting in "$@"; do settings+=(-c "$setting"); done
    # not through as_user: what is stopped must be the server, not a shell around it
    if [[ $(id -u) == 0 ]]; then
        setpriv --reuid="$account" --regid="$(id -g "$account")" --clear-groups \
            postgres -D data "${settings[@]}" >>server.log 2>&1 </dev/null &
    else
        postgres -D data "${settings[@]}" >>server.log 2>&1 </dev/null &
    fi
    server=$!
    ready() { PGPASSWORD=$password psql -h 127.0.0.1 -p "$port" -U hedui -d postgres -qAtc "$1" >/dev/null 2>&1; }
    wait_for ready 'select 1'
    ready 'create database hedui'
}

start_mariadb() {
    as_user mariadb-install-db --no-defaults --datadir="$folder/data" --auth-root-authentication-method=normal \
        --skip-test-db >server.log 2>&1
    printf "create database hedui character set utf8mb4;\ngrant all on *.* to hedui@'%%' identified by '%s';\n" \
        "$password" >first.sql
    printf "grant all on *.* to hedui@'localhost' identified by '%s';\n" "$password" >>first.sql
    [[ $(id -u) != 0 ]] || chown "$account" first.sql
    local options=(--no-defaults --datadir="$folder/data" --bind-address=127.0.0.1 --port="$port"
        --socket="$folder/socket" --pid-file="$folder/pid" --init-file="$folder/first.sql"
        --innodb-flush-log-at-trx-commit=0 --innodb-buffer-pool-size=64M)
    for setting in "$@"; do options+=("--$setting"); done
    if [[ $(id -u) == 0 ]]; then
        setpriv --reuid="$account" --regid="$(id -g "$account")" --clear-groups \
            mariadbd "${options[@]}" >>server.log 2>&1 </dev/null &
    else
        mariadbd "${options[@]}" >>server.log 2>&1 </dev/null &
    fi
    server=$!
    ready() {
        MYSQL_PWD=$password mariadb --no-defaults -h 127.0.0.1 -P "$port" -u hedui -e "$1" hedui >/dev/null 2>&1
    }
    wait_for ready 'select 1'
}

wait_for() { # COMMAND…, up to a minute
    for _ in $(seq 600); do
        if "$@"; then return; fi
        kill -0 "$server" 2>/dev/null || break
        sleep 0.1
    done
    tail -n 20 server.log >&2
    exit 1
}

server=
# INT is PostgreSQL's fast shutdown, TERM is MariaDB's
trap 'if [[ -n $server ]]; then kill -s "$([[ $kind == postgres ]] && echo INT || echo TERM)" "$server" 2>/dev/null; \
    wait "$server" 2>/dev/null; fi; rm -rf "$folder/data"' EXIT
trap 'exit 1' INT TERM HUP
"start_$kind" "$@"
echo READY
# until stdin ends
cat >/dev/null
