#!/usr/bin/env python3
"""Syncing a tree of 20,000 categories, first and unchanged, beside the sqlite3 shell importing the same rows.

The whole process is timed, with what it takes to start, and the reply travels over loopback from the sandbox, which
keeps it rendered. "without parsing" takes the time a dry run needs (start, fetch, parse, compare) off both. Ours and the
peer take turns, so that a busy moment of the machine falls on both.
"""
import json
import os
import random
import sqlite3
import statistics
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from common import Bench, line

CATEGORIES = 20000
ROUNDS = 9


def make_tree(path):
    rnd = random.Random(5)
    rows = []
    for n in range(CATEGORIES):
        level = 0 if n < 30 else 1 if n < 600 else 2
        parent = "0" if level == 0 else str(100000 + rnd.randrange(30)) if level == 1 else str(100000 + rnd.randrange(30, 600))
        rows.append({"id": str(100000 + n), "parent_id": parent, "local_name": f"Kategori nomor {n} dan kawan-kawan",
                     "is_leaf": level == 2, "permission_statuses": ["AVAILABLE"]})
    with open(path, "w", encoding="utf-8") as f:
        json.dump({"code": 0, "message": "Success", "request_id": "x", "data": {"categories": rows}}, f)
    return rows


def write_rows(b, rows):
    with open(b.path("rows.csv"), "w", encoding="utf-8") as f:
        f.writelines(f"{r['id']},{r['parent_id']},{r['local_name']},{int(r['is_leaf'])}\n" for r in rows)


def shell_import(b, db):
    script = ("PRAGMA journal_mode=WAL;\nCREATE TABLE category(id TEXT PRIMARY KEY, parent_id TEXT, local_name TEXT,"
              " is_leaf INTEGER) WITHOUT ROWID;\n.mode csv\n.import rows.csv category\n")
    began = time.monotonic()
    subprocess.run(["sqlite3", b.path(db)], input=script, cwd=b.dir, text=True, check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - began


def kept(path):
    with sqlite3.connect(path) as db:
        return db.execute("SELECT count(*) FROM category").fetchone()[0]


def main():
    with Bench() as b:
        rows = make_tree(b.path("tree.json"))
        write_rows(b, rows)
        b.start_sandbox("--tree", b.path("tree.json"))
        b.aisle("shop", "add", "toko", "--api-url", b.keys["TIKTOK_API_URL"])
        first, again, dry, peer = [], [], [], []
        for n in range(ROUNDS):
            store = ["--store", f"s{n}.db"]
            b.aisle("init", *store)
            b.aisle("shop", "add", "toko", "--api-url", b.keys["TIKTOK_API_URL"], *store)
            dry.append(b.aisle("tree", "sync", "toko", "--locale", "id-ID", "--dry-run", *store)[0])
            first.append(b.aisle("tree", "sync", "toko", "--locale", "id-ID", *store)[0])
            again.append(b.aisle("tree", "sync", "toko", "--locale", "id-ID", *store)[0])
            peer.append(shell_import(b, f"peer{n}.db"))
        for name in ("s0.db", "peer0.db"):
            if kept(b.path(name)) != CATEGORIES:
                sys.exit(f"{kept(b.path(name))} categories are in {name}, not {CATEGORIES}")
        f, a, d, p = (statistics.median(x) for x in (first, again, dry, peer))
        print(f"sync {CATEGORIES} categories, median of {ROUNDS} (a dry run, fetch and parse: {d * 1e3:.0f} ms)")
        line("sync 20,000 categories, first", f"{f * 1e3:.0f} ms", f"sqlite3 {p * 1e3:.0f} ms", f"{f / p:.2f}x",
             "aim: at most 3")
        line("sync 20,000 categories, unchanged", f"{a * 1e3:.0f} ms", f"first {f * 1e3:.0f} ms", f"{a / f:.2f}x",
             "aim: at most 0.5")
        line("  the same without parsing", f"{max(a - d, 0) * 1e3:.0f} ms", f"first {(f - d) * 1e3:.0f} ms",
             f"{max(a - d, 0) / (f - d):.2f}x", "aim: at most 0.25")


if __name__ == "__main__":
    main()
