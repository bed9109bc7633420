"""A cross-border seller's products: mapped onto the global tree, made once, published to each
market once, and found again after whatever happened. Held against the sandbox's own pages."""
import csv
import json
import random
import time

import world
from goods import GOOD_IMAGES

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


world.main()
