"""A cross-border seller's products: mapped onto the global tree, made once, published to each
market once, and found again after whatever happened. Held against the sandbox's own pages."""
import csv
import json
import random
import time

import world
from goods import GOOD_IMAGES
from until import until

PRODUCTS = 60 if world.LONG else 8
KILLS = 100 if world.LONG else 20
LEAF, SHELF = "744161", "Fashion > Kaos"
CREATE = "/product/202309/global_products"
LOCAL_CREATE = "/product/202309/products"
MARKETS = "MY,TH"


def tree_scene(w):
    sandbox = w.sandbox("--seed", "5", "--audit-ms", "100", "--cross-border", "MY,TH,VN")
    w.connect("ekspor")
    return sandbox


@world.case("a cross-border seller's shop is known as one, and its tree is the global one")
def _(w):
    sandbox = tree_scene(w)
    shop = w.ok("shop", "list", "--json").json()[0]
    world.eq((shop["seller_type"], shop["region"]), ("CROSS_BORDER", "MY"))
    w.ok("tree", "sync", "ekspor")
    world.eq(w.rows("SELECT id, platform FROM target"), [("ekspor:v2:GLOBAL", "GLOBAL")])
    asked = [c["path"] for c in sandbox.log() if "categories" in c["path"]]
    world.eq(asked, ["/product/202309/global_categories"])
    demands = w.ok("tree", "requirements", LEAF, "--json").json()
    world.true(demands, "no requirement")
    world.eq(w.rows("SELECT DISTINCT region FROM requirement"), [("GLOBAL",)])


@world.case("a local seller's shop has no global target, and says so")
def _(w):
    w.sandbox("--seed", "5")
    w.connect("toko")
    done = w.aisle("tree", "sync", "toko:v2:GLOBAL")
    world.eq(done.code, 6, str(done))
    world.has(done.err, "local seller")


# ---- listing ----

WORDS = "Black White Navy Grey Cotton Premium Cool Thick Light Plain Printed Loose".split()
DEFAULTS = {"shop": {"package_weight": {"value": "0.25", "unit": "KILOGRAM"},
                     "skus": [{"inventory": [{"quantity": 10}]}]},
            "rates": {"USD": 1, "MYR": 4.4, "THB": 36.5, "VND": 25000, "IDR": 15600}}
LAG = ("--search-lag", "0s")


def row(n, chance):
    return {"sku": f"G-{n:04}", "title": f"Mens Shirt {n:04} " + " ".join(chance.sample(WORDS, 4)),
            "description": "A shirt of combed cotton, cool and soft, for every day.",
            "category": SHELF, "price": str(50000 + 100 * n), "currency": "IDR",
            "Material": "Cotton", "Bahan": "Katun",
            "image": f"{world.OWN_DATA}/images/{GOOD_IMAGES[n % 5]}"}


def import_rows(w, rows):
    with open(w.path("goods.csv"), "w", newline="", encoding="utf-8") as file:
        out = csv.DictWriter(file, list(rows[0]))
        out.writeheader()
        out.writerows(rows)
    w.ok("product", "import", "goods.csv")


def scene(w, *words, count=PRODUCTS, defaults=DEFAULTS):
    chance = random.Random(11)
    sandbox = w.sandbox("--seed", "5", "--audit-ms", "100", "--cross-border", "MY,TH,VN", *words)
    w.connect("ekspor")
    w.ok("tree", "sync", "ekspor", "--locale", "en-US")
    rows = [row(n, chance) for n in range(count)]
    import_rows(w, rows)
    w.ok("map", "approve", SHELF, "--seller-category", "--category", LEAF)
    w.write("defaults.json", json.dumps(defaults))
    return rows, sandbox


def publish(w, *words, verb="publish", markets=MARKETS, **how):
    return w.aisle("listing", verb, "--defaults", "defaults.json", "--allow-private", *LAG,
                   "--markets", markets, *words, "--json", timeout=900, **how)


def outcomes(done):
    return {one["product"]: one["outcome"] for one in done.json()}


def kept(w):
    """{product: {market: (id there, state)}}"""
    return {product: {m["region"]: (m.get("id"), m["state"]) for m in json.loads(markets or "[]")}
            for product, markets in w.rows("SELECT product_id, markets FROM listing")}


def calls(sandbox, path, method="POST"):
    return [c for c in sandbox.log() if c["path"].endswith(path) and c["method"] == method]


def there(w):
    """{product: how many global products}, by the marketplace's own pages."""
    found = {}
    for one in w.ok("listing", "pull", "--dry-run", "--json").json():
        found[one["product"]] = found.get(one["product"], 0) + 1
    return found


def once(w, rows, says=""):
    """Each product made once, in both markets once, its ids kept."""
    world.eq(there(w), {r["sku"]: 1 for r in rows}, says)
    ids = [id for markets in kept(w).values() for id, _ in markets.values()]
    world.eq((len(ids), len(set(ids)), None in ids), (2 * len(rows), 2 * len(rows), False), says)
    world.eq(w.rows("SELECT count(*) FROM listing WHERE doing <> 'idle'"), [(0,)], says)


@world.case("products are made once, put into two markets, followed there, and edited as a whole")
def _(w):
    rows, sandbox = scene(w, count=3)
    done = publish(w, "--dry-run")
    world.eq(set(outcomes(done).values()), {"ready"}, str(done))
    world.eq(calls(sandbox, CREATE), [], "a dry run sends nothing")
    done = publish(w)
    world.eq((done.code, set(outcomes(done).values())), (0, {"created"}), str(done))
    world.eq(calls(sandbox, LOCAL_CREATE), [], "no local product")
    once(w, rows)

    def are_live():
        w.ok("listing", "status")
        return {state for markets in kept(w).values() for _, state in markets.values()} == {"live"}

    until(are_live, "not live")
    world.eq(w.rows("SELECT DISTINCT state, platforms FROM listing"), [("live", "GLOBAL")])
    world.eq(set(outcomes(publish(w)).values()), {"same"}, "a second run")
    rows[1]["title"] += " New"
    import_rows(w, rows)
    world.eq(outcomes(publish(w)), {r["sku"]: "edited" if r is rows[1] else "same" for r in rows})
    world.eq(outcomes(publish(w, markets="MY,TH,VN")), {r["sku"]: "same" for r in rows})
    world.eq({tuple(sorted(m)) for m in kept(w).values()}, {("MY", "TH", "VN")})
    world.eq(len(calls(sandbox, CREATE)), 3, "creates")


@world.case("prices are the seller's own rates, and a market without one is told before anything goes")
def _(w):
    rows, sandbox = scene(w, count=1, defaults={**DEFAULTS, "rates": {"USD": 1, "IDR": 15600,
                                                                      "MYR": 4.4}})
    done = publish(w)
    world.eq((done.code, outcomes(done)), (6, {"G-0000": "wrong"}), str(done))
    world.has(done.err, "price", "TH")
    done = publish(w, markets="MY")
    world.eq((done.code, outcomes(done)), (0, {"G-0000": "created"}), str(done))


@world.case("what a market refuses is remembered there, and the others have it")
def _(w):
    rows, sandbox = scene(w, count=2)
    done = publish(w, markets="MY,GB")
    world.eq(done.code, 6 if done.code == 6 else 7, str(done))
    w.write("defaults.json", json.dumps({**DEFAULTS, "rates": {**DEFAULTS["rates"], "GBP": 0.8}}))
    done = publish(w, markets="MY,GB")
    world.eq((done.code, set(outcomes(done).values())), (7, {"refused"}), str(done))
    world.has(done.out, "not published in GB")
    world.true(all(m["MY"][0] and not m["GB"][0] for m in kept(w).values()), str(kept(w)))
    before = len(calls(sandbox, "/publish"))
    world.eq(publish(w, markets="MY,GB").code, 7)
    world.eq(len(calls(sandbox, "/publish")), before, "it is not asked again in the same form")
    world.eq(set(outcomes(publish(w, markets="MY")).values()), {"same"})


@world.case("a cross-border shop is told that it makes no local products")
def _(w):
    rows, sandbox = scene(w, count=1)
    import_rows(w, [{**rows[0], "price": "50", "currency": "MYR"}])
    w.ok("tree", "sync", "ekspor:v2:TIKTOK_SHOP")
    w.ok("map", "approve", SHELF, "--seller-category", "--category", LEAF,
         "--target", "ekspor:v2:TIKTOK_SHOP")
    done = w.aisle("listing", "publish", "--target", "ekspor:v2:TIKTOK_SHOP", "--defaults",
                   "defaults.json", "--allow-private", "--json")
    world.eq((done.code, outcomes(done)), (6, {"G-0000": "wrong"}), str(done))
    world.has(done.err, "12052701", "global product")
    world.eq(calls(sandbox, LOCAL_CREATE), [])
    w.write("local.json", json.dumps({"shop": DEFAULTS["shop"]}))
    # a shop that was never asked what its seller is: the marketplace says it
    w.ok("shop", "add", "lama", "--offline", "--api-url", sandbox.id["AISLE_SANDBOX_URL"],
         "--secrets", sandbox.env_file, "--region", "MY")
    w.ok("tree", "sync", "lama")
    w.ok("map", "approve", SHELF, "--seller-category", "--category", LEAF, "--target", "lama")
    done = w.aisle("listing", "publish", "--target", "lama", "--defaults", "local.json",
                   "--allow-private", "--json")
    world.eq((done.code, outcomes(done)), (7, {"G-0000": "refused"}), str(done))
    world.has(done.out, "12052701", "lama:v2:GLOBAL")


@world.case("killed at any moment and run again, every product is there once, in each market once")
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
                        *LAG, "--markets", MARKETS, "--jobs", "2")
        time.sleep(chance.uniform(0.1, 0.8))
        over = child.poll() is not None
        child.kill()
        w.finish(child)
        if over:
            break
        kills += 1
    for _ in range(3):
        done = publish(w, "--jobs", "4")
        if done.code == 0:
            break
    world.eq(done.code, 0, str(done))
    once(w, rows, f"after {kills} kills")
    return kills


@world.case("a market that takes no more today is asked again another time, and the others have it")
def _(w):
    rows, sandbox = scene(w, "--daily-cap", "2", count=4)
    done = publish(w, "--jobs", "1")
    world.eq(done.code, 5, str(done))
    world.eq(sorted(outcomes(done).values()), ["created"] * 2 + ["later"] * 2, str(done))
    world.has(done.out, "listing limit")
    waiting = [product for product, markets in kept(w).items() if not markets["MY"][0]]
    world.eq(len(waiting), 2, str(kept(w)))
    asked = len(calls(sandbox, "/publish"))
    done = publish(w, "--jobs", "1", markets="MY,TH,VN")
    world.eq(len(calls(sandbox, "/publish")) - asked, 4, "each once, though none changed")
    world.eq(sum(m["VN"][0] is not None for m in kept(w).values()), 2, "two a day there, too")
    world.eq(there(w), {r["sku"]: 1 for r in rows}, "each made once")


@world.case("faults abroad are lived through: each product once, in each market once")
def _(w):
    kinds = ("429", "5xx", "html", "reset") if world.LONG else ("429", "5xx")
    for kind in kinds:
        world.within(w, lambda other: _faulty(other, kind))


def _faulty(w, kind):
    rows, sandbox = scene(w, count=4)
    sandbox.fault(dict(kind=kind, rate=0.3, path="/global_products"))
    for _ in range(10):
        done = publish(w, "--jobs", "2")
        world.true(done.code in (0, 5, 7), f"{kind}: {done}")
        if done.code == 0:
            break
    sandbox.fault()
    world.eq(publish(w, "--again").code, 0, kind)
    once(w, rows, kind)


@world.case("answers that are lost make no second product and no second publication")
def _(w):
    rows, sandbox = scene(w, count=5)
    sandbox.fault(dict(kind="cut", rate=0.5, path=CREATE))
    for _ in range(6):
        done = publish(w, "--jobs", "2")
        world.true(done.code in (0, 5), str(done))
        if done.code == 0:
            break
    sandbox.fault()
    world.eq(publish(w).code, 0)
    once(w, rows)


world.main()
