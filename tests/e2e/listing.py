"""Products listed: what is wrong is found before anything is sent, what is sent is there once,
and what becomes of it is followed. Held against the sandbox's own log and its own search."""
import csv
import hashlib
import hmac
import http.client
import json
import os
import random
import signal
import sys
import time
import urllib.parse

import world
from goods import GOOD_IMAGES, open_leaves
from relay import Slow, Throttling
from until import until

sys.path.append(os.path.join(world.SOURCE_ROOT, "tests", "sandbox"))
import foreign  # noqa: E402

PRODUCTS = 300 if world.LONG else 24
KILLS = 100 if world.LONG else 8
LEAF, SHELF = "744161", "Fashion > Kaos"
CREATE = "/product/202309/products"
BRANDS = "/product/202309/brands"
UPGRADE = "/product/202407/products/category_upgrade_task"
WORDS = "Hitam Merah Putih Navy Abu Hijau Katun Premium Adem Tebal Ringan Polos Sablon".split()
DEFAULTS = {"shop": {"package_weight": {"value": "0.25", "unit": "KILOGRAM"},
                     "skus": [{"inventory": [{"quantity": 10}]}]}}
LAG = ("--search-lag", "1s")


def row(n, chance):
    return {"sku": f"L-{n:04}", "title": f"Kaos Pria {n:04} " + " ".join(chance.sample(WORDS, 4)),
            "description": "Kaos katun combed yang adem dan nyaman dipakai setiap hari.",
            "category": SHELF, "price": str(50000 + 10 * n), "currency": "IDR", "Bahan": "Katun",
            "image": f"{world.OWN_DATA}/images/{GOOD_IMAGES[n % 5]}"}


def import_rows(w, rows, code=0):
    with open(w.path("goods.csv"), "w", newline="", encoding="utf-8") as file:
        out = csv.DictWriter(file, list(rows[0]))
        out.writeheader()
        out.writerows(rows)
    w.ends(code, "product", "import", "goods.csv")


def scene(w, *words, count=PRODUCTS):
    """So many products, all mapped to one leaf, and a shop to list them in."""
    chance = random.Random(11)
    sandbox = w.sandbox("--seed", "5", "--audit-ms", "100", "--index-lag-ms", "300", *words)
    w.connect()
    w.ok("tree", "sync", "toko")
    rows = [row(n, chance) for n in range(count)]
    import_rows(w, rows)
    w.ok("map", "approve", SHELF, "--seller-category", "--category", LEAF)
    w.write("defaults.json", json.dumps(DEFAULTS))
    return rows, sandbox


def publish(w, *words, verb="publish", **how):
    return w.aisle("listing", verb, "--defaults", "defaults.json", "--allow-private", *LAG, *words,
                   "--json", timeout=900, **how)


def outcomes(done):
    return {one["product"]: one["outcome"] for one in done.json()}


def listed(w):
    """{product: [ids the marketplace has of it]}, by its own pages."""
    found = {}
    for one in w.ok("listing", "pull", "--dry-run", "--json").json():
        found.setdefault(one["product"], []).append(one["listing"])
    return found


def creates(sandbox):
    return [c for c in sandbox.log() if c["path"] == CREATE and c["method"] == "POST"]


def searches(sandbox, begun=0):
    return [c for c in sandbox.log(begun + 1) if c["path"].endswith("/products/search")]


def live_soon(w, count, *words):
    def are_live():
        w.ok("listing", "status", *words)
        return w.rows("SELECT count(*) FROM listing WHERE state = 'live'") == [(count,)]

    until(are_live, "not live")


def found_soon(w, count):
    """What is live is not in a search at once."""
    until(lambda: len(listed(w)) == count, "a search does not show them")


def import_one(w, chance=None, **more):
    """One shirt of two sizes; `more` goes before."""
    one = {**row(0, chance or random.Random(1)), "variants": [
        {"SKU": "L-S", "Price": "50000", "Option1 Name": "Size", "Option1 Value": "S"},
        {"SKU": "L-M", "Price": "60000", "Option1 Name": "Size", "Option1 Value": "M"}], **more}
    w.write("one.jsonl", json.dumps(one))
    w.ok("product", "import", "one.jsonl")
    return one


def ids_there(sandbox, number):
    """{size: (id, seller SKU, price)} of a product, as the marketplace has it."""
    return {sku["sales_attributes"][0]["value_name"]:
            (sku["id"], sku.get("seller_sku", ""), sku["price"]["tax_exclusive_price"])
            for sku in data_there(sandbox, number)["skus"]}


def data_there(sandbox, number):
    """A product as the marketplace has it."""
    path = f"/product/202309/products/{number}"
    query = {"app_key": sandbox.id["TIKTOK_APP_KEY"], "timestamp": str(int(time.time())),
             "shop_cipher": sandbox.id["TIKTOK_SHOP_CIPHER"]}
    query["sign"] = foreign.sign(sandbox.id["TIKTOK_APP_SECRET"], path, query)
    connection = http.client.HTTPConnection("127.0.0.1", sandbox.port, timeout=120)
    connection.request("GET", f"{path}?{urllib.parse.urlencode(query)}", headers={
        "x-tts-access-token": sandbox.id["TIKTOK_APP_ACCESS_KEY"],
        "Content-Type": "application/json"})
    data = json.loads(connection.getresponse().read())["data"]
    connection.close()
    return data


def ids_known(w):
    return [number for (number,) in w.rows("SELECT remote_id FROM listing ORDER BY product_id")]


def forget_products(w):
    for (product,) in w.rows("SELECT id FROM product"):
        w.ok("product", "remove", product, "--yes")
    w.store.change("DELETE FROM listing")


def lose_answers(w):
    """The rows are those of a run that ended between its creates and their answers."""
    w.store.change("UPDATE listing SET doing = 'creating', state = 'absent', remote_id = '', skus = ''")


@world.case("products are checked, listed, live, and sent again only when they changed")
def _(w):
    rows, sandbox = scene(w, count=6)
    done = publish(w, "--dry-run")
    world.eq(set(outcomes(done).values()), {"ready"}, str(done))
    world.eq(creates(sandbox), [], "a dry run sends nothing")
    done = publish(w)
    world.eq((done.code, set(outcomes(done).values())), (0, {"created"}), str(done))
    live_soon(w, 6)
    world.eq(set(outcomes(publish(w)).values()), {"same"}, "a second run")
    rows[2]["title"] += " Baru"
    import_rows(w, rows)
    world.eq(outcomes(publish(w, verb="edit")),
             {r["sku"]: "edited" if r["sku"] == rows[2]["sku"] else "same" for r in rows})
    time.sleep(0.5)
    world.eq({k: len(v) for k, v in listed(w).items()}, {r["sku"]: 1 for r in rows})


@world.case("what is wrong is said with all its reasons, and nothing of it is sent")
def _(w):
    rows, sandbox = scene(w, count=3)
    rows[0]["title"], rows[0]["price"] = "Kaos 👕", "-1"
    rows[1]["Bahan"] = ""
    import_rows(w, rows, code=7)
    done = publish(w)
    world.eq(done.code, 6, str(done))
    world.eq(outcomes(done), {"L-0000": "wrong", "L-0001": "wrong", "L-0002": "created"}, str(done))
    world.has(done.err, "title", "Bahan")
    world.eq(len(creates(sandbox)), 1, "creates")
    world.eq(outcomes(publish(w, verb="draft"))["L-0001"], "created",
             "a draft may lack what its leaf demands")


@world.case("a product without an accepted leaf is named, not sent")
def _(w):
    _, sandbox = scene(w, count=2)
    w.ok("map", "none", "L-0001")
    world.eq(outcomes(publish(w)), {"L-0000": "created", "L-0001": "unmapped"})
    world.eq(len(creates(sandbox)), 1, "creates")


@world.case("a product that is not there is told before any of those named beside it is sent")
def _(w):
    _, sandbox = scene(w, count=2)
    for verb in "publish", "draft":
        done = publish(w, "--jobs", "1", "L-0000", "nope", "L-0001", verb=verb)
        world.eq(done.code, 4, str(done))
        world.has(done.err, "nope")
    world.has(w.ends(4, "listing", "edit", "L-0000").err, "L-0000 is not listed", "listing publish")
    world.eq(creates(sandbox), [], "creates")
    world.eq(outcomes(publish(w, "L-0000", "L-0001", "L-0000")),
             {"L-0000": "created", "L-0001": "created"})
    world.eq(len(creates(sandbox)), 2, "one named twice is sent once")


@world.case("the example's defaults fit the sandbox and the sample products, and what most lack is told in short")
def _(w):
    w.sandbox("--truth", "own", "--audit-ms", "0")
    w.connect()
    w.ok("tree", "sync", "toko")
    w.ends(7, "product", "import", f"{world.OWN_DATA}/catalogue.csv")
    w.ok("map", "run")
    words = ("--defaults", os.path.join(world.SOURCE_ROOT, "examples", "defaults.json"), *LAG)
    done = w.aisle("listing", "publish", *words, "--json")
    became = outcomes(done)
    world.eq({became[sku] for sku in ("RB-104", "RB-128", "RB-140")}, {"created"}, str(done))
    world.true(list(became.values()).count("created") > 60, str(became))
    world.has(done.err, "next: aisle listing check --group code --online --defaults ")
    world.true("no product has the category" not in done.err, done.err)
    world.true(len({line.split(":")[0] for line in done.err.splitlines() if ": error " in line}) <= 10, done.err)
    live_soon(w, list(became.values()).count("created"))


@world.case("killed at any moment and run again, every product is there once")
def _(w):
    chance = random.Random(3)
    kills = 0
    for _ in range(3 * KILLS):  # one that is through before it is killed is no kill
        kills += world.within(w, lambda other: _killed(other, chance, KILLS - kills))
        if kills == KILLS:
            return
    raise world.Failed(f"killed {kills} times only")


def _killed(w, chance, most):
    rows, _ = scene(w, "--fault", "delay=1,ms=60")
    kills = 0
    while kills < most:
        child = w.start("listing", "publish", "--defaults", "defaults.json", "--allow-private",
                        *LAG, "--jobs", "4")
        # long enough to look up, after the search's lag, what the last one left, and go on
        time.sleep(chance.uniform(0.2, 3 if kills else 0.8))
        over = child.poll() is not None
        child.kill()
        w.finish(child)
        if over:
            break
        kills += 1
    done = publish(w, "--jobs", "8")
    world.eq(done.code, 0, str(done))
    time.sleep(0.5)
    world.eq({k: len(v) for k, v in listed(w).items()}, {r["sku"]: 1 for r in rows},
             f"after {kills} kills")
    world.eq(w.rows("SELECT count(*) FROM listing WHERE doing <> 'idle'"), [(0,)])
    return kills


@world.case("an answer that is lost makes no second product, however keys are treated")
def _(w):
    for replay in ("same", "error", "ignored"):
        world.within(w, lambda other: _lost_answers(other, replay))


def _lost_answers(w, replay):
    rows, sandbox = scene(w, "--replay", replay, count=5)
    sandbox.fault(dict(kind="cut", rate=0.5, path=CREATE))
    for _ in range(6):
        done = publish(w, "--jobs", "4")
        world.true(done.code in (0, 5), str(done))
        if done.code == 0:
            break
    sandbox.fault()
    done = publish(w)
    world.eq(done.code, 0, f"{replay}: {done}")
    time.sleep(0.5)
    world.eq({k: len(v) for k, v in listed(w).items()}, {r["sku"]: 1 for r in rows}, replay)


@world.case("a product whose answer was lost has what the catalogue says by now, under the ids its SKUs had")
def _(w):
    # a search that shows it, and one that does not while the create's key is known
    for shown, lag in ((True, "100"), (False, "600000")):
        world.within(w, lambda other: _changed_meanwhile(other, shown, lag))


def _changed_meanwhile(w, shown, lag):
    _, sandbox = scene(w, "--index-lag-ms", lag, count=1)
    one = import_one(w)
    world.eq(set(outcomes(publish(w, "--search-lag", "0s")).values()), {"created"})
    [number] = ids_known(w)
    before = ids_there(sandbox, number)
    if shown:
        found_soon(w, 1)
    lose_answers(w)
    one["variants"][0]["Price"] = "80000"
    import_one(w, **one)
    world.eq(set(outcomes(publish(w, "--search-lag", "0s")).values()), {"edited"}, lag)
    world.eq(ids_known(w), [number])
    after = ids_there(sandbox, number)
    world.eq({size: sku[0] for size, sku in after.items()}, {size: sku[0] for size, sku in before.items()})
    world.eq((after["S"][2], after["M"][2]), ("80000", "60000"), lag)
    world.eq(set(outcomes(publish(w)).values()), {"same"}, lag)


SIZES = [{"Price": "50000", "Option1 Name": "Size", "Option1 Value": "S"},
         {"Price": "60000", "Option1 Name": "Size", "Option1 Value": "M"}]


@world.case("variants without a SKU get one: they are found again by it, and edited under their ids")
def _(w):
    _, sandbox = scene(w, "--replay", "ignored", count=1)
    one = import_one(w, variants=SIZES)
    world.eq(set(outcomes(publish(w)).values()), {"created"})
    [number] = ids_known(w)
    before = ids_there(sandbox, number)
    world.eq({size: sku[1] for size, sku in before.items()}, {"S": "L-0000-S", "M": "L-0000-M"})

    def priced(price):
        one["variants"][0]["Price"] = price
        import_one(w, **one)
        world.eq(set(outcomes(publish(w)).values()), {"edited"}, price)
        after = ids_there(sandbox, number)
        world.eq({size: sku[0] for size, sku in after.items()}, {size: sku[0] for size, sku in before.items()}, price)
        world.eq((after["S"][2], after["M"][2]), (price, "60000"))

    priced("80000")
    found_soon(w, 1)
    lose_answers(w)
    world.eq(set(outcomes(publish(w)).values()), {"found"})
    # as a run wrote it down that sent none, in another order than the catalogue's by now
    kept = [{"seller_sku": "", "id": before[size][0]} for size in "MS"]
    w.store.change(f"UPDATE listing SET skus = '{json.dumps(kept)}'")
    priced("90000")


def sizes(*which, **skus):
    return [{"Price": "50000", "Option1 Name": "Size", "Option1 Value": size,
             **({"SKU": skus[size]} if size in skus else {})} for size in which]


def edited(w, one, variants):
    one["variants"] = variants
    import_one(w, **one)
    done = publish(w)
    world.eq(set(outcomes(done).values()), {"edited"}, str(done))


def ids_soon(sandbox, number, skus):
    """{size: id}, once an edit is through its audit and the seller SKUs are these by size."""
    def there():
        return {size: sku[1] for size, sku in ids_there(sandbox, number).items()}

    until(lambda: there() == skus, f"not {skus}")
    return {size: sku[0] for size, sku in ids_there(sandbox, number).items()}


@world.case("a SKU keeps its id when another comes beside it, and when it gets another name")
def _(w):
    _, sandbox = scene(w, count=1)
    one = import_one(w, variants=sizes("S"))
    world.eq(set(outcomes(publish(w)).values()), {"created"})
    [number] = ids_known(w)
    small = ids_soon(sandbox, number, {"S": "L-0000-S"})["S"]
    edited(w, one, sizes("S", "M"))
    both = ids_soon(sandbox, number, {"S": "L-0000-S", "M": "L-0000-M"})
    world.eq(both["S"], small)
    edited(w, one, sizes("M", "S", S="AA", M="BB"))
    world.eq(ids_soon(sandbox, number, {"S": "AA", "M": "BB"}), both)


@world.case("a SKU whose options are not known here is asked for, and keeps its id under another name")
def _(w):
    _, sandbox = scene(w, count=1)
    one = import_one(w, variants=sizes("S", S="L-0000"))
    world.eq(set(outcomes(publish(w)).values()), {"created"})
    [number] = ids_known(w)
    before = ids_soon(sandbox, number, {"S": "L-0000"})
    # as a run wrote it down that did not know what it had sent
    kept = [{"seller_sku": "L-0000", "id": before["S"]}]
    w.store.change(f"UPDATE listing SET skus = '{json.dumps(kept)}'")
    edited(w, one, sizes("M", "S"))
    after = ids_soon(sandbox, number, {"S": "L-0000-S", "M": "L-0000-M"})
    world.eq(({**after, **before}, ids_known(w)), (after, [number]))


@world.case("a SKU the marketplace tells in its own words keeps its id")
def _(w):
    _, sandbox = scene(w, count=1)

    def colours(**skus):
        return [{"Price": "50000", "Option1 Name": "Color", "Option1 Value": colour,
                 **({"SKU": skus[colour]} if skus else {})} for colour in ("Red", "Blue")]

    one = import_one(w, variants=colours())
    world.eq(set(outcomes(publish(w)).values()), {"created"})
    [number] = ids_known(w)
    live_soon(w, 1)  # and what is kept is what was told
    before = ids_there(sandbox, number)
    world.eq(sorted(before), ["Biru", "Merah"])
    edited(w, one, colours(Red="AA", Blue="BB"))
    world.eq(ids_soon(sandbox, number, {"Merah": "AA", "Biru": "BB"}),
             {colour: sku[0] for colour, sku in before.items()})


@world.case("a product whose answer was lost is found by the SKUs it was sent with, whatever they are by now")
def _(w):
    for then, now in ((sizes("S"), sizes("S", "M")), (sizes("S", "M"), sizes("S", "M", S="AA", M="BB"))):
        world.within(w, lambda other, then=then, now=now: _other_skus_meanwhile(other, then, now))


def _other_skus_meanwhile(w, then, now):
    _, sandbox = scene(w, "--replay", "ignored", count=1)
    one = import_one(w, variants=then)
    relay = Throttling(sandbox.port, f"POST {CREATE}?".encode(), 1)
    [(direct,)] = w.rows("SELECT api_url FROM shop")
    w.store.change(f"UPDATE shop SET api_url = 'http://127.0.0.1:{relay.port}'")
    child = w.start("listing", "publish", "--defaults", "defaults.json", "--allow-private", *LAG)
    until(lambda: creates(sandbox), "no create went on")
    child.kill()
    w.finish(child)
    w.store.change(f"UPDATE shop SET api_url = '{direct}'")
    found_soon(w, 1)
    [number] = listed(w)["L-0000"]
    before = ids_there(sandbox, number)
    edited(w, one, now)
    world.eq((len(creates(sandbox)), ids_known(w)), (1, [number]))
    after = ids_soon(sandbox, number, {v["Option1 Value"]: v.get("SKU", f"L-0000-{v['Option1 Value']}") for v in now})
    world.eq({size: after[size] for size in before}, {size: sku[0] for size, sku in before.items()})


@world.case("what the shop has already, of a lost store or made by hand, is taken over and not listed beside itself")
def _(w):
    rows, sandbox = scene(w, count=3)
    world.eq(set(outcomes(publish(w)).values()), {"created"})
    world.eq(len(searches(sandbox)), 3, "one for each that is new")
    found_soon(w, 3)
    world.eq(set(outcomes(publish(w)).values()), {"same"})
    numbers = ids_known(w)
    w.store.change("DELETE FROM listing")
    world.eq(set(outcomes(publish(w)).values()), {"edited"}, "of a store that was lost")
    world.eq((ids_known(w), len(creates(sandbox))), (numbers, 3))
    # by hand: of no id of ours
    for row in rows:
        row["sku"], row["variants"] = "N" + row["sku"], [{"SKU": row["sku"], "Price": "50000"}]
    forget_products(w)
    w.write("hand.jsonl", "".join(json.dumps(row) + "\n" for row in rows))
    w.ok("product", "import", "hand.jsonl")
    begun = len(sandbox.log())
    done = publish(w)
    world.eq((done.code, set(outcomes(done).values())), (0, {"found"}), str(done))
    world.eq({one["text"].split(":")[0] for one in done.json()},
             {f"the shop had it already by its SKUs, as {number}" for number in numbers})
    world.eq([c for c in sandbox.log(begun + 1) if c["method"] == "PUT"], [], "nothing was changed there")
    world.eq(set(outcomes(publish(w)).values()), {"edited"}, "the second time")
    world.eq((ids_known(w), len(creates(sandbox))), (numbers, 3))


@world.case("what the shop has with SKUs beside a product's, or twice, is a person's to decide")
def _(w):
    _, sandbox = scene(w, count=1)
    import_one(w)
    world.eq(set(outcomes(publish(w)).values()), {"created"})
    found_soon(w, 1)
    [number] = ids_known(w)

    def anew(*variants):
        forget_products(w)
        import_one(w, sku="H-1", variants=list(variants))

    sizes_there = [{"Price": "50000", "Option1 Name": "Size", "Option1 Value": size, "SKU": f"L-{size}"}
                   for size in "SML"]
    anew(sizes_there[0])
    done = publish(w)
    world.eq((done.code, outcomes(done)), (7, {"H-1": "refused"}), str(done))
    world.has(done.out, number, "SKU L-M", "which an edit would delete")
    world.eq(publish(w).code, 7, "nor the next time")
    anew(*sizes_there)
    world.eq(outcomes(publish(w)), {"H-1": "found"})
    world.eq(outcomes(publish(w)), {"H-1": "edited"}, "with the size that is new")
    # another product of ours that shares a SKU is another product
    import_one(w, sku="H-2", variants=[sizes_there[0]])
    world.eq(outcomes(publish(w))["H-2"], "created")
    found_soon(w, 2)
    anew(*sizes_there)
    done = publish(w)
    world.eq(outcomes(done), {"H-1": "edited"}, "told apart by its id")
    forget_products(w)
    import_one(w, sku="H-3", variants=sizes_there)
    done = publish(w)
    world.eq(outcomes(done), {"H-3": "refused"}, str(done))
    world.has(done.out, "more than one product with its SKUs")
    world.eq(len(creates(sandbox)), 2)


@world.case("pictures of variants are sent once each, as those of the option they follow")
def _(w):
    _, sandbox = scene(w, count=1)
    pictures = {"Red": GOOD_IMAGES[1], "Blue": GOOD_IMAGES[2]}
    variants = [{"Price": "50000", "Option1 Name": "Size", "Option1 Value": size, "Option2 Name": "Color",
                 "Option2 Value": colour, "Foto Varian": f"{world.OWN_DATA}/images/{pictures[colour]}"}
                for size in "SM" for colour in pictures]
    import_one(w, variants=variants)
    begun = len(sandbox.log())
    done = publish(w)
    world.eq(set(outcomes(done).values()), {"created"}, str(done))
    world.eq(len([c for c in sandbox.log(begun + 1) if c["path"] == world.UPLOAD]), 3, "main, red, blue")
    [number] = ids_known(w)
    shown = {}
    for sku in data_there(sandbox, number)["skus"]:
        shown.setdefault(sku["sales_attributes"][0]["value_name"], set()).add(
            sku["sales_attributes"][0]["sku_img"]["uri"])
        world.true("sku_img" not in sku["sales_attributes"][1], str(sku))
    world.eq({colour: len(uris) for colour, uris in shown.items()}, {"Merah": 1, "Biru": 1}, str(shown))


@world.case("variants that share a SKU are refused by the check, before anything is sent")
def _(w):
    _, sandbox = scene(w, count=1)
    import_one(w, variants=[{**size, "SKU": "L-X"} for size in SIZES])
    done = publish(w)
    world.eq((done.code, set(outcomes(done).values())), (6, {"wrong"}), str(done))
    world.has(done.err, "two variants have one seller SKU", "skus[1].seller_sku", "L-X")
    world.eq(creates(sandbox), [], "nothing was sent")


@world.case("what a search may not show yet counts from when the answer was lost, not from when it was asked for")
def _(w):
    rows, sandbox = scene(w, "--replay", "ignored", "--index-lag-ms", "2500", count=1)
    relay = Slow(sandbox.port, f"POST {CREATE}?".encode(), 5)
    w.store.change(f"UPDATE shop SET api_url = 'http://127.0.0.1:{relay.port}'")
    done = publish(w, "--search-lag", "3s")
    world.eq(outcomes(done), {"L-0000": "found"}, str(done))
    world.true(relay.asker, "nothing was lost")
    world.eq(len(creates(sandbox)), 1, "creates")


@world.case("images the marketplace forgot are brought there anew, and what has them is sent")
def _(w):
    rows, sandbox = scene(w, count=4)  # 2 of them with one image
    for one, other in ((0, 1), (2, 3)):
        rows[other]["image"] = rows[one]["image"]
    chart = w.write("chart.png", foreign.png(1200, 1200))
    for one in rows:
        one["Size chart"] = chart if one is rows[2] else ""
    import_rows(w, rows)
    done = publish(w, "L-0000", "L-0002")
    world.eq(set(outcomes(done).values()), {"created"}, str(done))
    sandbox.control("POST", "reset?what=images")
    for one in rows:
        one["title"] += " Baru"
    import_rows(w, rows)
    begun = len(sandbox.log())
    done = publish(w, "--jobs", "1")
    world.eq(outcomes(done), {"L-0000": "edited", "L-0001": "created", "L-0002": "edited", "L-0003": "created"},
             str(done))
    world.eq(len([c for c in sandbox.log(begun + 1) if c["path"] == world.UPLOAD]), 3,
             "the two images, and the chart")
    world.eq(set(outcomes(publish(w)).values()), {"same"})


@world.case("it counts from when the last request went, not from one that was turned away before it")
def _(w):
    rows, sandbox = scene(w, "--replay", "ignored", count=1)
    relay = Throttling(sandbox.port, f"POST {CREATE}?".encode(), 3)
    w.store.change(f"UPDATE shop SET api_url = 'http://127.0.0.1:{relay.port}'")
    child = w.start("listing", "publish", "--defaults", "defaults.json", "--allow-private", *LAG)
    until(lambda: creates(sandbox), "no create went on")
    child.kill()
    w.finish(child)
    world.eq(len(creates(sandbox)), 1, "creates")
    [(doing, at)] = w.rows("SELECT doing, attempted_at FROM listing")
    world.eq(doing, "creating")
    world.true(at >= int(relay.turned_at) + 3, f"{at}, turned away at {relay.turned_at}")
    found_soon(w, 1)
    world.eq(outcomes(publish(w)), {"L-0000": "found"})


@world.case("a create that was turned away was not taken: it is left for later, and nobody looks for it")
def _(w):
    rows, sandbox = scene(w, count=1)
    sandbox.fault(dict(kind="429", rate=1, retry_after_s=600, path=CREATE))
    begun = len(sandbox.log())
    done = publish(w)
    world.eq((done.code, outcomes(done)), (5, {"L-0000": "later"}), str(done))
    world.eq(len(creates(sandbox)), 1, "creates")
    world.eq(len(searches(sandbox, begun)), 1, "the one before it was sent")
    world.eq(w.rows("SELECT doing FROM listing"), [("idle",)])


@world.case("a clock that was ahead when a create was sent has nobody wait for it")
def _(w):
    rows, sandbox = scene(w, "--index-lag-ms", "600000", count=1)
    world.eq(outcomes(publish(w)), {"L-0000": "created"})
    lose_answers(w)
    w.store.change(f"UPDATE listing SET attempted_at = {int(time.time()) + 24 * 3600}")
    done = w.aisle("listing", "publish", "--defaults", "defaults.json", "--allow-private",
                   "--search-lag", "0s", "--json", timeout=120)
    world.eq(outcomes(done), {"L-0000": "created"}, str(done))  # its key brings the first back


@world.case("every fault is lived through: each product once, none lost")
def _(w):
    kinds = [dict(kind="429", rate=0.2), dict(kind="5xx", rate=0.2), dict(kind="cut", rate=0.2),
             dict(kind="reset", rate=0.2), dict(kind="html", rate=0.2),
             dict(kind="delay", rate=0.2, ms=30)]
    if not world.LONG:
        kinds = kinds[1:3]
    for fault in kinds:
        world.within(w, lambda other: _faulty(other, fault))


def _faulty(w, fault):
    rows, sandbox = scene(w, count=PRODUCTS // 3)
    sandbox.fault(fault)
    for _ in range(20):
        done = publish(w, "--jobs", "8")
        world.true(done.code in (0, 5, 7), f"{fault}: {done}")
        if done.code == 0:
            break
    sandbox.fault()
    world.eq(publish(w, "--again").code, 0, str(fault))
    time.sleep(0.5)
    world.eq({k: len(v) for k, v in listed(w).items()}, {r["sku"]: 1 for r in rows}, str(fault))


@world.case("a day's cap is remembered and not run against")
def _(w):
    _, sandbox = scene(w, "--daily-cap", "3", count=6)
    done = publish(w, "--jobs", "1")
    world.eq(done.code, 7, str(done))
    world.eq(sorted(outcomes(done).values()), ["created"] * 3 + ["later"] * 3, str(done))
    before = len(creates(sandbox))
    world.true(before <= 4, f"{before} creates for a cap of 3")
    publish(w, "--jobs", "1")
    world.true(len(creates(sandbox)) <= before + 1, "asked again though the cap is known")


@world.case("a shop on probation is told so, by a code that may come with any HTTP status")
def _(w):
    _, sandbox = scene(w, "--probation-cap", "2", "--switch", "business-400", count=3)
    done = publish(w, "--jobs", "1")
    world.eq(sorted(outcomes(done).values()), ["created", "created", "later"], str(done))
    live_soon(w, 2)
    first = next(product for product, outcome in outcomes(done).items() if outcome == "created")
    w.ok("listing", "deactivate", first)
    done = w.aisle("listing", "activate", first, "--json")
    world.eq(done.code, 7, f"activating counts too: {done}")
    world.has(done.err + done.out, "12052093")
    w.aisle("listing", "edit")  # drafts do not count
    world.eq(outcomes(publish(w, "--again", verb="draft")).get("L-0002"), "created", "a draft")


@world.case("whether the leaf is open is asked right before, whatever the stored tree says")
def _(w):
    _, sandbox = scene(w, count=2)
    w.ok("tree", "requirements")
    w.write("edits.json", json.dumps([{"op": "permission", "id": LEAF, "permission": "PROHIBITED"}]))
    w.ok("sandbox", "evolve", "edits.json", "--env-file", sandbox.env_file)
    done = publish(w)
    world.eq((done.code, set(outcomes(done).values())), (6, {"wrong"}), str(done))
    world.has(done.err, "12052220")
    world.eq(creates(sandbox), [], "nothing was sent")


@world.case("a product whose leaf is gone, here or there, is told so, and the others go on")
def _(w):
    rows, sandbox = scene(w, count=3)
    import_rows(w, [row | {"brand": "Merek Sendiri"} for row in rows])
    w.ok("map", "approve", "L-0002", "--category", next(leaf for leaf in open_leaves() if leaf != LEAF))
    w.write("edits.json", json.dumps([{"op": "remove", "id": LEAF}]))
    w.ok("sandbox", "evolve", "edits.json", "--env-file", sandbox.env_file)
    for expected, code in (("refused", "12052230"), ("wrong", "12052023")):
        done = publish(w, "--dry-run", "-j", "1")
        said = outcomes(done)
        world.eq([said[id] for id in ("L-0000", "L-0001")], [expected] * 2, str(done))
        world.eq(said["L-0002"], "ready", str(done))
        world.has(done.out + done.err, code)
        w.ok("tree", "sync", "toko")  # until now nobody here knew


@world.case("listings are taken off, put back, deleted and recovered")
def _(w):
    scene(w, count=2)
    publish(w)
    live_soon(w, 2)

    def change(verb, *more):
        return w.ok("listing", verb, "L-0000", *more, "--json").json()[0]["state"]

    world.eq(change("deactivate"), "off")
    world.eq(change("activate"), "pending")
    live_soon(w, 2)
    world.eq(change("delete", "--yes"), "deleted")
    world.eq(outcomes(publish(w))["L-0000"], "refused", "a deleted one is not listed by itself")
    world.eq(change("recover"), "off")
    w.ends(4, "listing", "activate", "no-such")
    # of two in one call one is not changed: it is told with the marketplace's reason
    w.ok("sandbox", "trigger", "suspend", "--product", w.rows(
        "SELECT remote_id FROM listing WHERE product_id = 'L-0001'")[0][0], "--to", "freeze",
        "--env-file", w.sandboxes[0].env_file)
    done = w.aisle("listing", "delete", "L-0000", "L-0001", "--yes", "--json")
    world.eq(done.code, 7, str(done))
    world.has(done.err + done.out, "12052901")
    world.eq(w.rows("SELECT state FROM listing WHERE product_id = 'L-0000'"), [("deleted",)])


@world.case("one that the marketplace froze is told as frozen, and one that it took off as that; what is gone is deleted")
def _(w):
    scene(w, count=3)
    publish(w)
    live_soon(w, 3)
    ids = ids_known(w)
    for number, to in ((ids[0], ("--to", "freeze")), (ids[1], ())):
        w.ok("sandbox", "trigger", "suspend", "--product", number, *to, "--env-file", w.sandboxes[0].env_file)

    def states():
        w.ok("listing", "status", "--all")
        return [state for (state,) in w.rows("SELECT state FROM listing ORDER BY product_id")]

    until(lambda: states() == ["frozen", "platform-off", "live"], "not frozen")
    world.eq(outcomes(publish(w, "--again"))["L-0000"], "same", "a frozen one is not listed anew")
    # without its SKUs it is found among all that are frozen; nothing of ours has that number
    w.store.change("UPDATE listing SET skus = ''")
    world.eq(states(), ["frozen", "platform-off", "live"])
    w.store.change("UPDATE listing SET remote_id = '1' WHERE product_id = 'L-0002'")
    world.eq(states(), ["frozen", "platform-off", "deleted"])


@world.case("a change that was done, though its answer was lost, is told as done")
def _(w):
    _, sandbox = scene(w, count=1)
    publish(w)
    live_soon(w, 1)
    w.ok("listing", "delete", "L-0000", "--yes")
    relay = Slow(sandbox.port, b"POST /product/202309/products/recover", 0)
    w.store.change(f"UPDATE shop SET api_url = 'http://127.0.0.1:{relay.port}'")
    done = w.ok("listing", "recover", "L-0000", "--json")
    world.eq(done.json()[0]["state"], "off", "the repeat was refused, as it was done")
    world.true(relay.asker, "nothing was lost")


@world.case("what a shop lists already becomes mappings, once, and can be taken back")
def _(w):
    scene(w, count=3)
    publish(w)
    live_soon(w, 3)
    world.within(w, lambda other: _pulled(other, w.sandboxes[0]))


def _pulled(w, sandbox):
    w.connect(sandbox=sandbox)
    w.ok("tree", "sync", "toko")
    import_rows(w, [row(n, random.Random(1)) for n in range(3)])
    found_soon(w, 3)
    done = w.ok("listing", "pull", "--json")
    world.eq([one["mapped"] for one in done.json()], [True] * 3, str(done))
    world.eq(w.mappings(), {f"L-{n:04}": LEAF for n in range(3)})
    world.eq([one["mapped"] for one in w.ok("listing", "pull", "--json").json()], [False] * 3,
             "a second time")


def sign(w, body):
    key = w.sandboxes[0].id["TIKTOK_APP_KEY"]
    secret = w.sandboxes[0].id["TIKTOK_APP_SECRET"]
    return hmac.new(secret.encode(), key.encode() + body.encode(), hashlib.sha256).hexdigest()


def hook(w, number, kind, data):
    shop = w.rows("SELECT remote_id FROM shop")[0][0]
    body = json.dumps({"type": kind, "tts_notification_id": str(number), "shop_id": shop,
                       "timestamp": int(time.time()), "data": data})
    w.write("event.json", body)
    return w.aisle("hook", "apply", "--body", "event.json", "--signature", sign(w, body), "--json")


@world.case("a notification is applied once; late, twice, forged and foreign ones do no harm")
def _(w):
    scene(w, count=2)
    publish(w)
    live_soon(w, 2)
    remote = dict(w.rows("SELECT product_id, remote_id FROM listing"))
    other_leaf = next(leaf for leaf in open_leaves() if leaf != LEAF)
    move = {"product_id": remote["L-0000"], "previous_category_id": LEAF,
            "current_category_id": other_leaf, "update_time": int(time.time())}
    done = hook(w, 1, 18, move)
    world.eq((done.code, done.json()[0]["state"]), (0, "applied"), str(done))
    world.eq(w.mappings()["L-0000"], other_leaf)
    w.write("edits.json", json.dumps([{"op": "remove", "id": LEAF}]))
    w.ok("sandbox", "evolve", "edits.json", "--env-file", w.sandboxes[0].env_file)
    w.ok("tree", "sync", "toko")
    hurt = w.ok("tree", "impact", "--json", "--fields", "successor,by").json()
    world.eq(hurt, [{"successor": other_leaf, "by": "marketplace"}], "where the shelf could go")
    decisions = w.rows("SELECT count(*) FROM decision")
    world.eq(hook(w, 1, 18, move).json(), [], "the same again")
    world.eq(w.rows("SELECT count(*) FROM decision"), decisions)
    done = hook(w, 2, 5, {"product_id": int(remote["L-0001"]), "status": "PRODUCT_STATUS_CHANGED",
                          "update_time": int(time.time()) + 5})
    world.eq(done.json()[0]["state"], "applied", str(done))
    done = hook(w, 3, 37, {"product_id": int(remote["L-0001"]), "audit": {"status": "AUDITING"},
                           "update_time": 1000})
    world.eq(done.json()[0]["state"], "passed", f"an old one: {done}")
    world.eq(hook(w, 4, 16, {"product_id": 5}).json()[0]["state"], "passed", "none of ours")
    done = hook(w, 5, 15, {"product_id": remote["L-0001"], "changed_fields": ["title"],
                           "update_time": int(time.time()) + 9})
    world.eq(done.json()[0]["state"], "applied", f"an edit of ours, its id as text: {done}")
    w.write("event.json", "{}")
    w.ends(1, "hook", "apply", "--body", "event.json", "--signature", "00")
    body = w.read("event.json")
    w.write("event.json", json.dumps({"type": 5, "tts_notification_id": "9", "shop_id":
                                      w.rows("SELECT remote_id FROM shop")[0][0],
                                      "data": {"product_id": 1}}))
    done = w.aisle("hook", "apply", "--body", "event.json", "--signature", sign(w, body))
    world.eq(done.code, 3, f"forged: {done}")
    done = hook(w, 10, 6, {"message": "gone"})
    world.eq(done.json()[0]["state"], "applied", str(done))
    w.ends(3, "shop", "test", "toko")


QUIET = ("--sync-every", "0", "--status-every", "0", "--requirements-every", "0", "--train-every", "0")


def tell(w, numbers):
    """As if a service had taken them in: an edit of the one listing there is."""
    [(seller, shop, remote)] = w.rows("SELECT seller_id, shop_id, remote_id FROM listing")
    for n in numbers:
        body = json.dumps({"type": 15, "tts_notification_id": str(n), "shop_id": w.rows(
            "SELECT remote_id FROM shop")[0][0], "timestamp": int(time.time()), "data": {
                "product_id": remote, "changed_fields": ["title"], "update_time": int(time.time()) + n}})
        w.store.change(f"INSERT INTO hook VALUES ('{seller}', '{shop}', '{n}', '{body}', 'waiting', '', "
                       f"{int(time.time())}, 0)")


def told(w):
    return dict(w.rows("SELECT state, count(*) FROM hook GROUP BY state"))


def hook_task(w):
    rows = w.rows("SELECT state, attempts, text FROM task WHERE kind = 'webhooks'")
    return rows[0] if rows else None


@world.case("notifications are the workers' where there are any: tried again, given up with a reason, applied once")
def _(w):
    scene(w, count=1)
    publish(w)
    live_soon(w, 1)
    sandbox = w.sandboxes[0]
    tell(w, range(1, 4))
    w.ok("serve", "--once", *QUIET)
    world.eq((told(w), hook_task(w)), ({"applied": 3}, None), "nobody else is there")
    tell(w, range(4, 8))
    begun = sandbox.calls()
    w.ok("worker", "--once", *QUIET)
    world.eq(told(w), {"applied": 7}, "by a worker")
    world.eq(hook_task(w)[:2], ("done", 1))
    world.has(hook_task(w)[2], "4 notifications, 4 applied")
    looks = [c for c in sandbox.log(begun + 1) if c["method"] == "GET" and "/products/" in c["path"]]
    world.true(len(looks) <= 4, f"applied more than once: {len(looks)} looks")
    # a service beside a worker leaves them to it
    worker = w.start("worker", "--slots", "1", *QUIET)
    until(lambda: w.rows("SELECT count(*) FROM worker") == [(1,)], "the worker is not there")
    tell(w, [8])
    w.ok("serve", "--once", *QUIET)
    until(lambda: told(w) == {"applied": 8}, "the worker never heard of it")
    # for now it cannot be: it stays, and is tried again
    w.ok("sandbox", "fault", "token-expired=1,path=/products/", "--env-file", sandbox.env_file)
    tell(w, [9])
    w.ok("serve", "--once", *QUIET)
    until(lambda: hook_task(w)[1] > 0 and hook_task(w)[0] == "waiting", "not tried")
    world.has(hook_task(w)[2], "1 of 1 could not be applied for now; 9:")
    worker.send_signal(signal.SIGTERM)
    w.finish(worker)
    world.eq(told(w), {"applied": 8, "waiting": 1})
    # the last attempt: given up, and left alone until a person or something new comes
    w.store.change("UPDATE task SET attempts = most_attempts - 1, due_at = 0")
    w.store.change("UPDATE lane SET due_at = 0")
    w.ok("worker", "--once", *QUIET)
    world.eq(hook_task(w)[0], "dead", "given up")
    w.ok("worker", "--once", *QUIET)
    world.eq(hook_task(w)[0], "dead", "begun anew by nobody")
    w.ok("sandbox", "fault", "--env-file", sandbox.env_file)
    w.ok("work", "retry", "--all")
    w.ok("worker", "--until-empty")
    world.eq((told(w), hook_task(w)[0]), ({"applied": 9}, "done"), "tried again when asked")


@world.case("what leaves demand is kept, and what changes is told")
def _(w):
    scene(w, count=1)
    first = w.ok("tree", "requirements", "--json").json()
    world.eq([(r["category"], r["first"]) for r in first], [(LEAF, True)])
    world.eq(w.ok("tree", "requirements", "--json").json()[0]["changes"], 0)
    world.eq(w.rows("SELECT count(*) FROM requirement"), [(1,)])
    w.ok("tree", "requirements", "--due", "1d")
    # kept when the clock was a year ahead: that it is not due says nothing
    kept = w.rows("SELECT checked_at FROM requirement")[0][0]
    w.store.change(f"UPDATE requirement SET checked_at = {kept + 365 * 86400}")
    w.ok("tree", "requirements", "--due", "1d")
    world.true(kept <= w.rows("SELECT checked_at FROM requirement")[0][0] < kept + 86400, "asked about again")
    w.ends(7, "tree", "requirements", "999999")


@world.case("a brand of one's own is made once, and a name that is refused is told")
def _(w):
    sandbox = w.sandbox("--seed", "5")
    w.connect()
    w.ok("tree", "sync", "toko")
    first = w.aisle("shop", "brands", "add", "Batik Ayu", "x", "Tenun Jaya", "--json")
    world.eq(first.code, 7, str(first))
    world.eq((first.code, [one["name"] for one in first.json()]), (7, ["Batik Ayu", "Tenun Jaya"]),
             str(first))
    world.has(first.err, "x:", "98001004")
    again = w.ok("shop", "brands", "add", "batik ayu", "Tenun Jaya", "--json")
    world.eq([one["brand"] for one in again.json()], [one["brand"] for one in first.json()])
    made = [c for c in sandbox.log() if c["path"] == BRANDS and c["method"] == "POST"]
    world.eq(len(made), 3, "creates, the refused one too")
    sandbox.fault(dict(kind="cut", rate=0.5, path=BRANDS))
    for _ in range(20):
        if w.aisle("shop", "brands", "add", "Songket Raja").code == 0:
            break
    sandbox.fault()
    world.eq(len(w.ok("shop", "brands", "--name", "Songket Raja", "--json").json()), 1)
    w.ends(2, "shop", "brands", "remove", "Batik Ayu")


@world.case("live products are moved to the newer tree, and their mappings with them")
def _(w):
    chance = random.Random(4)
    sandbox = w.sandbox("--seed", "5", "--audit-ms", "50", "--index-lag-ms", "0", "--upgrade-age", "0s",
                        "--webhook", "http://127.0.0.1:9/nobody")
    w.connect()
    w.ok("tree", "sync", "toko:v1:TIKTOK_SHOP")
    w.ok("tree", "sync", "toko")
    old = {row[0] for row in leaves_of(w, "toko:v1:TIKTOK_SHOP")}
    new = {row[0] for row in leaves_of(w, "toko:v2:TIKTOK_SHOP")}
    kept, parent = plain_leaf(w, old & new), plain_leaf(w, old - new)
    rows = [{**row(n, chance), "category": f"Rak {n % 2}"} for n in range(4)]
    import_rows(w, rows)
    for shelf, leaf in (("Rak 0", kept), ("Rak 1", parent)):
        w.ok("map", "approve", shelf, "--seller-category", "--category", leaf, "--target", "toko:v1:TIKTOK_SHOP")
    w.write("defaults.json", json.dumps(DEFAULTS))
    v1 = ("--target", "toko:v1:TIKTOK_SHOP", "--profile", "202309")
    v2 = ("--target", "toko:v2:TIKTOK_SHOP")
    world.eq(set(outcomes(publish(w, *v1)).values()), {"created"})
    live_soon(w, 4, *v1[:2])
    done = w.ok("listing", "upgrade", "--dry-run", "--target", "toko:v1:TIKTOK_SHOP", "--json")
    world.eq(done.json(), {"target": "toko:v1:TIKTOK_SHOP", "older": 4, "asked": False})
    world.eq([c for c in sandbox.log() if c["path"] == UPGRADE], [])
    done = w.ok("listing", "upgrade", "--target", "toko:v1:TIKTOK_SHOP", "--json")
    world.eq(done.json()["asked"], True)
    world.has(done.err, "was asked", "listing status")
    world.eq(len([c for c in sandbox.log() if c["path"] == UPGRADE]), 1)
    world.eq(in_newer(w), {}, "nothing is known of the newer tree yet")

    # one is told by notification, the sandbox's own; the other is found by asking
    told = moved_hooks(sandbox)
    remote = dict(w.rows("SELECT remote_id, product_id FROM listing"))
    world.eq(sorted(remote[one["data"]["product_id"]] for one in told), ["L-0001", "L-0003"], "told of")
    first = next(one for one in told if remote[one["data"]["product_id"]] == "L-0001")
    done = w.aisle("hook", "apply", "--body", w.write("event.json", first["body"]), "--signature",
                   sign(w, first["body"]), "--json")
    world.eq(done.json()[0]["state"], "applied", str(done))
    to = first["data"]["current_category_id"]
    world.eq(in_newer(w), {"L-0001": to}, "after the notification")
    w.ok("listing", "status", "--all", *v2)
    world.eq(in_newer(w), {"L-0001": to, "L-0003": to}, "after asking")
    # whose leaf kept its id is known by the tree it is searched in
    w.ok("listing", "pull", *v2)
    world.eq(in_newer(w), {"L-0000": kept, "L-0001": to, "L-0002": kept, "L-0003": to}, "after all")
    world.eq(w.rows("SELECT DISTINCT version FROM listing"), [("v2",)])
    decisions = w.rows("SELECT count(*) FROM decision")
    w.ok("listing", "status", "--all", *v2)
    w.ok("listing", "pull", *v2)
    world.eq(w.rows("SELECT count(*) FROM decision"), decisions, "once")


def in_newer(w):
    return {product: leaf for product, leaf in w.mappings().items() if leaf}


def leaves_of(w, target):
    return w.rows("SELECT id FROM category_now WHERE is_leaf AND target_id = ?", target)


def plain_leaf(w, leaves):
    """One that is open, and asks for nothing a shirt of the catalogue lacks."""
    with open(f"{world.OWN_DATA}/tree.tsv", encoding="utf-8") as file:
        rows = [line.split("\t") for line in file]
    ajar = {row[0] for row in rows if row[4] == "AVAILABLE" and "TIKTOK_SHOP" in row[3]}
    for leaf in sorted(leaves & ajar):
        done = w.aisle("tree", "requirements", leaf, "--target", "toko:v1:TIKTOK_SHOP", "--dry-run", "--json")
        if done.code == 0 and done.json() and not done.json()[0]["mandatory"] + done.json()[0]["certificates"]:
            return leaf
    raise world.Failed("no leaf that asks for nothing")


def moved_hooks(sandbox):
    """Notifications of type 18 the sandbox tried to send, which are two."""
    def found():
        return {c["body"] for c in sandbox.log() if c["path"] == "/hook/18"}

    until(lambda: len(found()) > 1, "not told of")
    return [{**json.loads(body), "body": body} for body in sorted(found())]


@world.case("what a shop lists already teaches the matcher")
def _(w):
    chance = random.Random(4)
    scene(w, count=8)
    publish(w)
    live_soon(w, 8)
    world.within(w, lambda other: _taught(other, w.sandboxes[0], chance))


def _taught(w, sandbox, chance):
    w.connect(sandbox=sandbox)
    w.ok("tree", "sync", "toko")
    rows = [row(n, chance) for n in range(8)]
    import_rows(w, [*rows, {**rows[0], "sku": "L-9999", "title": "Combed 30s Sablon Premium Adem",
                            "category": "Lain"}])
    before = w.ok("map", "suggest", "--product", "L-9999", "--json").json()
    found_soon(w, 8)
    w.ok("listing", "pull")
    after = w.ok("map", "suggest", "--product", "L-9999", "--json").json()
    world.true(not before or before[0]["id"] != LEAF, f"known before: {before}")
    world.eq(after[0]["id"], LEAF, f"{before} {after}")


if __name__ == "__main__":
    world.main()
