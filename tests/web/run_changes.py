"""A hundred decisions by keyboard alone; then the tree changes, and what that broke is repaired
one by one, all safe ones at once, and taken back: changes.mjs does it in a browser."""
import csv
import json
import os
import sys
import time

import chromium  # noqa: F401  first: it says where the others are
import talk
import world
from world import eq, has, true

MANY = 100
IMPACT = ("tree", "impact", "--target", "toko", "--json")


def begin(scene):
    """More to decide than a hundred, that no run has looked at."""
    with open(os.path.join(world.OWN_DATA, "catalogue.csv"), encoding="utf-8", newline="") as file:
        titles = [row["title"] for row in csv.DictReader(file)]
    rows = "".join(f'0-{i:03},"{t} {i}"\n' for i, t in enumerate(titles[:MANY + 20]) if '"' not in t)
    scene.w.write("more.csv", "id,title\n" + rows)
    scene.w.aisle("product", "import", "more.csv")
    return talk.Talk(scene, "changes.mjs", many=MANY)


def decided(t):
    return dict(t.w.rows("SELECT state, count(*) FROM decision WHERE who = 'cici' "
                         "AND scope = 'product' GROUP BY state"))


def hundred(t):
    seen = t.until("hundred")
    eq(seen["failures"], 0, "failures")
    until = time.monotonic() + 120  # the page is ahead of its requests
    rows = decided(t)
    while sum(rows.values()) < MANY and time.monotonic() < until:
        time.sleep(0.1)
        rows = decided(t)
    eq(sum(rows.values()), MANY, str(rows))
    eq(rows.get("accepted"), seen["accepted"])
    eq(t.w.rows("SELECT count(*) FROM mapping m JOIN decision d ON d.seller_id = m.seller_id "
                "AND d.seq = m.seq WHERE d.who = 'cici'")[0][0], MANY, "what stands")


def hurt(t):
    t.w.ok("sandbox", "evolve", os.path.join(world.OWN_DATA, "evolve.json"), "--env-file",
           t.w.sandboxes[-1].env_file)
    t.w.ok("tree", "sync", "toko")
    seen = t.until("hurt")
    eq(seen["first"], "hurt", "whom it hurts stands first")
    t.impacts = t.w.ok(*IMPACT).json()
    eq(seen["impacts"], len(t.impacts), "impacts")
    has(" ".join(seen["kinds"]), "added", "removed", "renamed", "moved")
    with open(os.path.join(world.OWN_DATA, "evolve.json"), encoding="utf-8") as file:
        eq(seen["renamed"], sum(e["op"] == "rename" for e in json.load(file)), "renamed")


def one(t):
    seen = t.until("one")
    left = t.w.ok(*IMPACT).json()
    eq(len(left), len(t.impacts) - 1)
    true(seen["key"] not in [i["key"] for i in left], seen["key"])


def safe(t):
    seen = t.until("safe")
    left = t.w.ok(*IMPACT).json()
    eq(len(left), seen["left"])
    true(seen["count"] > 0, "some were safe")


def undone(t):
    before = len(t.w.ok(*IMPACT).json())
    seen = t.until("undone")
    after = len(t.w.ok(*IMPACT).json())
    true(after > before, f"{before} to {after}")
    eq(seen["impacts"], after)


def ended(t):
    eq(t.until("end")["faults"], [], "faults")


sys.exit(talk.main(begin, (
    ("a hundred products are decided by keyboard alone, each kept once", hundred),
    ("a changed tree shows whom it hurts first, then what changed by kind", hurt),
    ("one successor is accepted by itself", one),
    ("all safe ones are accepted at once", safe),
    ("a batch is taken back from its history, and what it repaired is broken again", undone),
    ("no error reached the console, and no other host was asked", ended),
)))
