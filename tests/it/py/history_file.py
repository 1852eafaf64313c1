"""A history database as another program sees and makes it.

    history_file.py check FILE              "ok", or what does not hold together
    history_file.py count FILE TABLE        how many rows
    history_file.py version FILE            the version of its tables
    history_file.py newer FILE              gives it a version that does not exist yet
    history_file.py old FILE FOLDER N       makes a database of version N from the migrations in a folder
    history_file.py spoil FILE              overwrites pages in its middle
"""
import hashlib
import os
import re
import sqlite3
import sys

MIGRATIONS = """create table _sqlx_migrations (
    version bigint primary key, description text not null, installed_on timestamp not null default current_timestamp,
    success boolean not null, checksum blob not null, execution_time bigint not null)"""


def old(connection, folder, newest):
    connection.execute("pragma journal_mode = wal")
    connection.execute(MIGRATIONS)
    for name in sorted(os.listdir(folder)):
        version, description = re.fullmatch(r"(\d+)_(.*)\.sql", name).groups()
        if int(version) > newest:
            continue
        with open(os.path.join(folder, name), encoding="utf-8") as file:
            text = file.read()
        connection.executescript(text)
        connection.execute("insert into _sqlx_migrations values (?, ?, current_timestamp, 1, ?, 0)",
                           (int(version), description.replace("_", " "), hashlib.sha384(text.encode()).digest()))
    connection.execute("insert into verification_letter values ('核对函[2026]Q4-0001', '2026Q4', 'X-1', '2026-11-02')")
    connection.commit()


def spoil(path):
    connection = sqlite3.connect(path)
    connection.execute("pragma wal_checkpoint(truncate)")
    size = connection.execute("pragma page_size").fetchone()[0]
    connection.close()
    pages = os.path.getsize(path) // size
    with open(path, "r+b") as file:
        for page in range(2, pages, 3):
            file.seek(page * size)
            file.write(b"\xff" * size)


def main(what, path, *rest):
    if what == "spoil":
        return spoil(path)
    connection = sqlite3.connect(path)
    if what == "check":
        print(connection.execute("pragma integrity_check").fetchone()[0])
    elif what == "count":
        print(connection.execute(f"select count(*) from {rest[0]}").fetchone()[0])
    elif what == "version":
        print(connection.execute("select max(version) from _sqlx_migrations").fetchone()[0])
    elif what == "newer":
        connection.execute("insert into _sqlx_migrations values (9999, 'of tomorrow', current_timestamp, 1, x'00', 0)")
        connection.commit()
    elif what == "old":
        old(connection, rest[0], int(rest[1]))
    else:
        sys.exit(__doc__)
    connection.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
