"""More than a thousand approved in one go and taken back, in the queue of what is agreed and
in another; and the overview's numbers: bulk.mjs does it in a browser, and each moment is held
against the store's rows."""
import sqlite3
import sys

import chromium  # noqa: F401  first: it says where the others are
import talk
from world import eq, true

AGREED, UNSURE = 1100, 150
STANDS = ("FROM mapping m JOIN decision d ON d.seller_id = m.seller_id AND d.seq = m.seq "
          "WHERE m.seller_id = 'default' AND m.target_id = 'toko:v2:TIKTOK_SHOP'")


def begin(scene):
    """What a run would leave that is sure of most, and decides nothing itself."""
    rows = "".join(f'0-{i:04},"Kaos polos pria hitam lengan pendek model {i}"\n'
                   for i in range(AGREED + UNSURE))
    scene.w.write("more.csv", "id,title\n" + rows)
    scene.w.ok("product", "import", "more.csv")
    scene.w.aisle("map", "run", "--target", "toko", "--accept-at", "1")
    store = sqlite3.connect(scene.w.path("aisle.db"), timeout=60)
    with store:
        for first, last, sure in ((0, AGREED, 0.97), (AGREED, AGREED + UNSURE, 0.4)):
            of = f"key >= '0-{first:04}' AND key < '0-{last:04}'"
            store.execute(f"UPDATE decision SET state = 'proposed', confidence = {sure}, "
                          f"conflict = 0 WHERE scope = 'product' AND {of}")
            stands = "agreed" if sure >= 0.8 else "open"
            store.execute(f"UPDATE mapping SET state = 'proposed', settled = 0, stands = '{stands}', "
                          f"tenth = {int(sure * 10)} WHERE scope = 'product' AND {of}")
        store.execute("DELETE FROM progress WHERE target_id <> ''")
        store.execute("INSERT INTO progress SELECT p.seller_id, p.seller_category_id, m.target_id, m.stands, "
                      "m.advisor, m.tenth, m.provisional, count(*) FROM mapping m JOIN product p "
                      "ON p.seller_id = m.seller_id AND p.id = m.key WHERE m.scope = 'product' "
                      "GROUP BY 1, 2, 3, 4, 5, 6, 7")
    store.close()
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
    eq(state_of(t, AGREED, AGREED + UNSURE), {"proposed": UNSURE})
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
