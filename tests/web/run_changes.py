"""A hundred decisions by keyboard alone; then the tree changes, and what that broke is repaired
one by one, all safe ones at once, and taken back: changes.mjs does it in a browser."""
import csv
import json
import os
import sys
import time

import chromium  # noqa: F401  first: it says where the others are
import service
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
    t = talk.Talk(scene, "changes.mjs", many=MANY)
    t.vera = scene.service.client("vera")
    return t


def queues(t, name=""):
    return t.vera.get(f"/api/v1/queues{name}?target={service.TARGET}").json()


def waits_again(t, before):
    """What lost its leaf is counted as broken, once, and settled no more."""
    now, lost = queues(t), [i for i in t.impacts if i["why"] not in ("moved", "renamed")]
    own = sum(i["scope"] == "product" for i in lost)
    through = queues(t, "/broken")["items"]
    eq((before["by_product"]["broken"], before["broken_by_category"]), (0, 0), "before")
    eq((now["by_product"]["broken"], len(through)), (own, len(lost) - own), "broken")
    eq(now["broken_by_category"], sum(i["open"] for i in through), "with their categories")
    true(now["broken_by_category"] > 0, "none with its category")
    eq(now["settled"], before["settled"] - own - now["broken_by_category"], "settled")


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
    before = queues(t)
    t.w.ok("sandbox", "evolve", os.path.join(world.OWN_DATA, "evolve.json"), "--env-file",
           t.w.sandboxes[-1].env_file)
    t.w.ok("tree", "sync", "toko")
    seen = t.until("hurt")
    eq(seen["first"], "hurt", "whom it hurts stands first")
    t.impacts = t.w.ok(*IMPACT).json()
    eq(seen["impacts"], len(t.impacts), "impacts")
    waits_again(t, before)
    has(" ".join(seen["kinds"]), "added", "removed", "renamed", "moved")
    eq(seen["aside"], 0, "on 360 pixels a permission stands beneath its category")
    true(seen["permissions"] > 0, "permissions changed")
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


def runs(t):
    return dict(t.w.rows("SELECT state, count(*) FROM run WHERE kind = 'map' GROUP BY state"))


def stopped(t):
    t.w.write("later.csv", "id,title\n" + "".join(f"L-{i:03},Barang kemudian nomor {i} apa saja\n" for i in range(80)))
    t.w.ok("product", "import", "later.csv")
    t.until("slow")
    t.w.sandboxes[-1].fault(dict(kind="delay", rate=1, ms=1000))
    t.until("stopped")
    t.w.sandboxes[-1].fault()
    eq(runs(t).get("stopped"), 1, str(runs(t)))


def resumed(t):
    t.until("resumed")
    eq(runs(t).get("stopped"), None, str(runs(t)))
    eq(t.w.rows("SELECT count(*) FROM run_item i JOIN run r ON r.id = i.run_id WHERE i.product_id LIKE 'L-%' "
                "AND r.started_at = (SELECT max(started_at) FROM run WHERE kind = 'map')")[0][0], 80, "products gone through")


def ended(t):
    eq(t.until("end")["faults"], [], "faults")


sys.exit(talk.main(begin, (
    ("a hundred products are decided by keyboard alone, each kept once", hundred),
    ("a changed tree shows whom it hurts first, then what changed by kind", hurt),
    ("one successor is accepted by itself", one),
    ("all safe ones are accepted at once", safe),
    ("a batch is taken back from its history, and what it repaired is broken again", undone),
    ("a mapping run is stopped", stopped),
    ("and taken up again, to its end", resumed),
    ("no error reached the console, and no other host was asked", ended),
)))
