"""More than a thousand approved in one go and taken back, in the queue of what is agreed and
in another; and the overview's numbers: bulk.mjs does it in a browser, and each moment is held
against the store's rows."""
import sys

import chromium  # noqa: F401  first: it says where the others are
import service
import talk
from world import eq, true

AGREED, UNSURE = 1100, 150
ELSEWHERE = "toko:v2:TOKOPEDIA"
STANDS = ("FROM mapping m JOIN decision d ON d.seller_id = m.seller_id AND d.seq = m.seq "
          "WHERE m.seller_id = 'default' AND m.target_id = 'toko:v2:TIKTOK_SHOP'")


def decide_elsewhere(scene, count):
    """On the other platform's tree, where each of them is sure."""
    budi = scene.service.client("budi")
    leaf = budi.get(f"/api/v1/trees/{ELSEWHERE}/search?q=kaos&limit=20").json()["items"]
    leaf = next(c["id"] for c in leaf if c["leaf"] and c["open"])
    for first in range(0, count, 200):
        rows = [{"seller": "default", "scope": "product", "key": f"0-{i:04}", "state": "accepted", "category": leaf}
                for i in range(first, min(first + 200, count))]
        done = budi.want(200, "POST", "/api/v1/decisions", {"target": ELSEWHERE, "decisions": rows}).json()
        true(all(x["ok"] for x in done["items"]), str(done["items"][0]))


def begin(scene):
    """Many that are carried over from another platform, and more that nobody looked at."""
    rows = "".join(f'0-{i:04},"Kaos polos pria hitam lengan pendek model {i}"\n'
                   for i in range(AGREED + UNSURE))
    scene.w.write("more.csv", "id,title\n" + rows)
    scene.w.ok("product", "import", "more.csv")
    scene.w.ok("tree", "sync", ELSEWHERE)
    decide_elsewhere(scene, AGREED)
    scene.w.ok("map", "carry", "--from", ELSEWHERE, "--to", service.TARGET)
    scene.w.ok("db", "check")
    return talk.Talk(scene, "bulk.mjs")


def overview(t):
    seen = t.until("overview")
    by = dict(t.w.rows(f"SELECT d.advisor, count(*) {STANDS} AND d.state IN "
                       "('accepted', 'proposed') GROUP BY 1"))
    eq(seen["by"], [by.get(a, 0) for a in ("local", "marketplace", "rule", "person")], "by whom")
    sure = [0] * 10
    for (confidence,) in t.w.rows(f"SELECT d.confidence {STANDS} AND d.state IN ('accepted', 'proposed')"):
        sure[min(9, int(confidence * 10))] += 1
    eq(seen["sure"], sure, "how sure")
    ((conflicts, provisional),) = t.w.rows(f"SELECT sum(d.conflict), sum(d.provisional) {STANDS}")
    eq(seen["conflicts"], [conflicts, provisional], "conflicts, and leaves not yet confirmed")
    ((all_of_them,),) = t.w.rows("SELECT count(*) FROM product WHERE seller_id = 'default'")
    ((settled,),) = t.w.rows(
        "SELECT count(*) FROM product p WHERE p.seller_id = 'default' AND EXISTS (SELECT 1 FROM mapping m "
        "WHERE m.seller_id = p.seller_id AND m.target_id = 'toko:v2:TIKTOK_SHOP' AND m.settled = 1 AND "
        "(m.scope = 'product' AND m.key = p.id OR m.scope = 'seller-category' AND m.key = p.seller_category_id))")
    eq(seen["settled"], [settled, all_of_them], "settled")
    (counts,) = t.w.rows("SELECT sum(max(calls, 0)), sum(max(uploads, 0)), sum(max(recommends, 0)), sum(max(saved, 0)) "
                         "FROM run WHERE target_id = 'toko:v2:TIKTOK_SHOP'")
    eq(seen["calls"], list(counts), "calls")
    ((categories, leaves),) = t.w.rows(
        "SELECT categories, leaves FROM snapshot WHERE target_id = 'toko:v2:TIKTOK_SHOP' ORDER BY id DESC LIMIT 1")
    eq(seen["tree"], [categories, leaves], "the tree")


def state_of(t, first, last):
    return dict(t.w.rows(f"SELECT d.state, count(*) {STANDS} AND m.scope = 'product' AND m.key >= '0-{first:04}' "
                         f"AND m.key < '0-{last:04}' GROUP BY 1"))


def batch(t):
    """The newest: its number of decisions, how many keys, and who."""
    (row,) = t.w.rows("SELECT count(*), count(DISTINCT key), min(who) FROM decision WHERE batch_id = "
                      "(SELECT batch_id FROM decision WHERE who = 'budi' ORDER BY seq DESC LIMIT 1)")
    return row


def agreed(t):
    seen = t.until("agreed")
    true(seen["named"] >= AGREED, str(seen))
    eq(batch(t), (seen["named"], seen["named"], "budi"), "one batch of all that was named")
    eq(state_of(t, 0, AGREED), {"accepted": AGREED})
    eq(seen["left"], 0, "left in the queue")


def agreed_undone(t):
    seen = t.until("agreed-undone")
    eq(state_of(t, 0, AGREED), {"proposed": AGREED})
    eq(seen["left"], seen["named"], "back in the queue")


def needs(t):
    seen = t.until("needs")
    true(seen["named"] > 100, "more than were on the table: " + str(seen))
    eq(batch(t), (seen["named"], seen["named"], "budi"), "one batch of all that was named")
    eq(state_of(t, AGREED, AGREED + UNSURE), {"accepted": UNSURE})
    eq(seen["left"], seen["before"] - seen["named"], "left in the queue")


def needs_undone(t):
    seen = t.until("needs-undone")
    eq(state_of(t, AGREED, AGREED + UNSURE), {"cleared": UNSURE})
    eq(seen["left"], seen["before"], "back in the queue")


def ended(t):
    seen = t.until("end")
    eq(seen["offered"], [False, False], "what is decided, or has no leaf, is not approved in bulk")
    eq(seen["faults"], [], "faults")


STEPS = (
    ("the overview's numbers are the store's", overview),
    ("more than a thousand that are agreed are approved as one batch", agreed),
    ("and taken back as one", agreed_undone),
    ("another queue is approved whole, as many as were named, however few were on the table", needs),
    ("and taken back as one", needs_undone),
    ("what is decided is not offered, and no error reached the console", ended),
)

sys.exit(talk.main(begin, STEPS))
