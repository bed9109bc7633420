"""keep - the store of a world looked at from outside: SQLite's file, or a schema of its own in
the PostgreSQL that AISLE_TEST_POSTGRES names (tests/private-postgres)"""
import itertools
import json
import os
import re
import shutil
import sqlite3
import subprocess

POSTGRES = os.environ.get("AISLE_TEST_POSTGRES", "")


class Sqlite:
    def __init__(self, world):
        self.world = world

    def env(self):
        return {}

    def keep(self, name):
        with sqlite3.connect(self.world.path("aisle.db")) as store:
            store.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        store.close()
        shutil.copy(self.world.path("aisle.db"), self.world.path(name))

    def back(self, name):
        for rest in ("-wal", "-shm"):
            if os.path.exists(self.world.path("aisle.db" + rest)):
                os.remove(self.world.path("aisle.db" + rest))
        shutil.copy(self.world.path(name), self.world.path("aisle.db"))

    def rows(self, statement, *values):
        store = sqlite3.connect(f"file:{self.world.path('aisle.db')}?mode=ro", uri=True,
                                timeout=60)
        try:
            return store.execute(statement, values).fetchall()
        finally:
            store.close()

    def change(self, statement):
        with sqlite3.connect(self.world.path("aisle.db"), timeout=60) as store:
            store.execute(statement)
        store.close()

    def forget(self):
        pass


class Postgres:
    count = itertools.count()

    def __init__(self, world):
        self.world, self.session = world, None
        self.schema = f"e{os.getpid()}_{next(self.count)}"
        self.psql(f"CREATE SCHEMA {self.schema}")

    def psql(self, text, *more):
        done = subprocess.run(
            ["psql", "-XqAt", "-v", "ON_ERROR_STOP=1", *more, POSTGRES], input=text.encode(),
            capture_output=True, check=False,
            env={**os.environ, "PGOPTIONS": f"-csearch_path={self.schema} "
                                            "-cclient_min_messages=warning"})
        if done.returncode:
            raise RuntimeError(f"{text[:300]}: {done.stderr.decode()}")
        return done.stdout.decode()

    def ask(self, text):
        """One statement of one line, answered by one row: a session that stays, so that asking
        often costs no program each."""
        if not self.session:
            self.session = subprocess.Popen(["psql", "-XqAt", POSTGRES], stdin=subprocess.PIPE,
                                            stdout=subprocess.PIPE, text=True, bufsize=1)
        self.session.stdin.write(text + ";\n")
        return self.session.stdout.readline().strip()

    def env(self):
        return {"AISLE_STORE": f"{POSTGRES}?options=-csearch_path%3D{self.schema}"}

    def keep(self, name):
        subprocess.run(["pg_dump", "--schema", self.schema, "--file", self.world.path(name),
                        POSTGRES], check=True)

    def back(self, name):
        """Whoever was killed may have a session that does not know it yet."""
        self.psql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                  "WHERE application_name = 'aisle'")
        self.psql(f"DROP SCHEMA {self.schema} CASCADE")
        self.psql(self.world.read(name))

    def rows(self, statement, *values):
        for number, value in enumerate(values, 1):
            text = "'" + value.replace("'", "''") + "'"
            statement = statement.replace(f"?{number}", text)
        for value in values:
            statement = statement.replace("?", "'" + value.replace("'", "''") + "'", 1)
        text = self.psql(f"SELECT coalesce(json_agg(x), '[]') FROM ({statement}) x")
        pairs = json.loads(text, object_pairs_hook=list)
        return [tuple(value for _, value in row) for row in pairs]

    def change(self, statement):
        self.psql(statement)

    def forget(self):
        if self.session:
            self.session.communicate()
        self.psql(f"DROP SCHEMA IF EXISTS {self.schema} CASCADE")


def keeper(world):
    return Postgres(world) if POSTGRES else Sqlite(world)
