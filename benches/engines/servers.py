"""A PostgreSQL, a MariaDB and a Spark of a master and two workers, each for as long as it is wanted, and a company in them.

Apart because it alone knows how each is started and filled. All are those of the tests (`tests/services`), on loopback, and
each is filled by a program of its own: `psql`, `mariadb`, Spark.
"""

import csv
import os
import socket
import subprocess
import time
from pathlib import Path

SERVICES = Path(__file__).resolve().parents[2] / "tests/services"
PASSWORD = "geheim-5432"


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Service:
    """A script that says READY, and ends when its stdin does."""

    def __init__(self, *command: object):
        words = [str(word) for word in command]
        self.script = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.hears("READY")

    def hears(self, word: str):
        line = self.script.stdout.readline().strip()
        if line != word:
            raise SystemExit(f"{self.script.args[1]} did not say {word}; its log is on stderr")

    def does(self, *words: object):
        print(*words, file=self.script.stdin, flush=True)
        self.hears("DONE")

    def stop(self):
        self.script.stdin.close()
        self.script.wait()


class Database(Service):
    """A database server with the tables of a company, all columns text, empty cells null."""

    def __init__(self, kind: str, folder: Path, tables: dict[str, Path]):
        self.kind, self.port = kind, free_port()
        folder.mkdir(parents=True)
        folder.chmod(0o755)
        settings = ["shared_buffers=512MB"] if kind == "postgres" else ["local-infile=1"]
        super().__init__("bash", SERVICES / "database_server.sh", kind, folder, self.port, PASSWORD, *settings)
        scheme = "postgres" if kind == "postgres" else "mysql"
        self.url = f"{scheme}://hedui:{PASSWORD}@localhost:{self.port}/hedui"
        for table, file in tables.items():
            self.load(table, file)

    def load(self, table: str, file: Path):
        with file.open(encoding="utf-8-sig", newline="") as opened:
            names = next(csv.reader(opened))
        if self.kind == "postgres":
            columns = ", ".join(f'"{name}" text' for name in names)
            listed = ", ".join(f'"{name}"' for name in names)
            # a heap keeps no order while it is filled: it is written again in that of the file
            self.says(
                f'create table "{table}" (place bigserial, {columns});\n'
                f"\\copy \"{table}\" ({listed}) from '{file}' with (format csv, header)\n"
                f'create index "order" on "{table}" (place);\ncluster "{table}" using "order";\n'
                f'alter table "{table}" drop column place;\nanalyze "{table}";\n'
            )
            return
        columns = ", ".join(f"`{name}` text" for name in names)
        read = ", ".join(f"@c{index}" for index in range(len(names)))
        filled = ", ".join(f"`{name}` = nullif(@c{index}, '')" for index, name in enumerate(names))
        self.says(f"create table `{table}` ({columns}) character set utf8mb4;")
        self.says(
            f"load data local infile '{file}' into table `{table}` character set utf8mb4 fields terminated by ',' "
            f"optionally enclosed by '\"' escaped by '' lines terminated by '\\n' ignore 1 lines ({read}) set {filled};"
        )

    def says(self, statements: str):
        port = str(self.port)
        if self.kind == "postgres":
            client = ["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-p", port, "-U", "hedui", "-d", "hedui"]
        else:
            client = ["mariadb", "--no-defaults", "--default-character-set=utf8mb4", "--local-infile=1"]
            client += ["-h", "127.0.0.1", "-P", port, "-u", "hedui", "hedui"]
        passwords = {"PGPASSWORD": PASSWORD, "MYSQL_PWD": PASSWORD}
        subprocess.run(client, input=statements, text=True, check=True, env=os.environ | passwords)


class Spark(Service):
    """A standalone Spark, which can write tables as about ten Parquet files each."""

    def __init__(self, folder: Path):
        self.folder, self.port = folder, free_port()
        folder.mkdir(parents=True)
        super().__init__("bash", SERVICES / "spark_cluster.sh", folder, self.port)
        self.master = f"spark://127.0.0.1:{self.port}"

    def write(self, tables: dict[str, Path], parts: Path):
        for table, file in tables.items():
            self.does("PARTS", file, parts / table)

    def executors(self) -> set[Path]:
        """The folders of what works for somebody on the worker that is there to be killed."""
        return {path for path in self.folder.glob("worker1/app-*/*") if path.is_dir()}

    def kill_a_worker(self, before: set[Path], is_running) -> bool:
        """Kills the first worker once it works for somebody new; whether it came to that."""
        while is_running():
            if self.executors() - before:
                self.does("KILL")
                return True
            time.sleep(0.02)
        return False
