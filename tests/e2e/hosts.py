"""Many shops, several hosts: the database, the marketplace and the images on one, workers on
three others; one is killed, one is cut off and comes back, and the database is restarted."""
import collections
import concurrent.futures
import glob
import json
import os
import signal
import subprocess
import time
import types
import urllib.request

import keep
import network
import world
from goods import Goods
from mapping import hold_decisions, hold_pace
from until import until

SHOPS, PRODUCTS = (50, 20000) if world.LONG else (10, 1000)
QPS = 20 if world.LONG else 10
SLOW_MS = 200 if world.LONG else 2000
LEASE = 8
SLOTS = 12
S3 = {name: os.environ.get("AISLE_TEST_S3" + name, "") for name in ("", "_KEY_ID", "_SECRET",
                                                                    "_BUCKET")}
IMAGES = "kaos-hitam.png mug-biru.png novel-biru.jpg hijab-krem.webp".split()


# ---- the scene ----

def sellers():
    return [f"s{n:02}" for n in range(1, SHOPS + 1)]


def put_images(sellers_):
    """By Swift's own interface, as whoever filled the bucket before us."""
    ask = urllib.request.Request(S3[""] + "/auth/v1.0", headers={
        "X-Auth-User": S3["_KEY_ID"], "X-Auth-Key": S3["_SECRET"]})
    with urllib.request.urlopen(ask, timeout=120) as answer:
        place, token = answer.headers["X-Storage-Url"], answer.headers["X-Auth-Token"]
    for seller in sellers_:
        for image in IMAGES:
            with open(f"{world.OWN_DATA}/images/{image}", "rb") as file:
                ask = urllib.request.Request(f"{place}/{S3['_BUCKET']}/hosts/{seller}/{image}",
                                             data=file.read(), method="PUT",
                                             headers={"X-Auth-Token": token})
            urllib.request.urlopen(ask, timeout=120).close()


def catalogues(w):
    """A file a seller, in which no title and no category is another's; all of it as one."""
    rows, category, truth = [], {}, []
    for n, seller in enumerate(sellers()):
        goods = Goods(PRODUCTS // SHOPS, categories=5, seed=n, plain=True)
        own = [(f"{seller}-{sku}", f"{title} {seller}", f"{seller} > {path}",
                f"object:{seller}/{IMAGES[i % len(IMAGES)]}")
               for i, (sku, title, path, _) in enumerate(goods.rows)]
        truth += [f"{title} {seller}\t{leaf}\n" for title, leaf in goods.truth.items()]
        category.update((row[0], row[2]) for row in own)
        rows += own
        w.write(f"{seller}.csv", "sku,title,category,image\n" +
                "".join(",".join(row) + "\n" for row in own))
    w.write("truth.tsv", "title\tleaf_id\n" + "".join(truth))
    return types.SimpleNamespace(rows=rows, category=category)


def join(w, shop, seller):
    secrets = w.write(f"{seller}.env", "".join(f"{name}={shop[key]}\n" for name, key in (
        ("TIKTOK_APP_KEY", "app_key"), ("TIKTOK_APP_SECRET", "app_secret"),
        ("TIKTOK_APP_ACCESS_KEY", "access_token"), ("TIKTOK_REFRESH_TOKEN", "refresh_token"),
        ("TIKTOK_SHOP_CIPHER", "cipher"))), 0o600)
    w.secrets.update((shop["access_token"], shop["refresh_token"]))
    w.ok("shop", "add", "t" + seller, "--seller", seller, "--api-url", shop["url"],
         "--secrets", secrets)
    w.ok("product", "import", f"{seller}.csv", "--seller", seller)


def shops_told(w):
    """What the sandbox says on standard output, which may come after its file is there."""
    def told():
        lines = w.read("told.env").split("\n")[:-1]
        return [shop for shop in map(json.loads, lines) if shop["channel"] == "tiktok"]

    until(lambda: len(told()) == SHOPS, "not all shops are told")
    return told()


def scene(w):
    """Every shop with its catalogue; trees are left to the workers."""
    goods = catalogues(w)
    sandbox = w.sandbox("--seed", "3", "--shops", str(SHOPS), "--jsonl",
                        "--truth", w.path("truth.tsv"))
    shops = shops_told(w)
    put_images(sellers())
    w.ok("init")
    w.secrets.add(w.read("aisle.key").strip())
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda pair: join(w, *pair), zip(shops, sellers())))
    w.env.update(AISLE_OBJECTS=f"s3://{S3['_BUCKET']}/hosts", AISLE_OBJECTS_ENDPOINT=S3[""],
                 AISLE_S3_KEY_ID=S3["_KEY_ID"], AISLE_S3_SECRET=S3["_SECRET"])
    w.secrets.add(S3["_SECRET"])
    return goods, sandbox


# ---- what goes wrong ----

def restart_database():
    folder = os.environ["AISLE_TEST_POSTGRES_DIR"]
    subprocess.run(["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups",
                    max(glob.glob("/usr/lib/postgresql/*/bin/pg_ctl")), "-D", folder + "/data",
                    "-m", "immediate", "-w", "-t", "300", "restart", "-l", folder + "/log"], check=True,
                   cwd="/", stdout=subprocess.DEVNULL)


def held_by(w, host):
    return w.rows("SELECT count(*) FROM task WHERE state = 'taken' AND owner LIKE ?",
                  host + "/%")[0][0]


def lose(w, workers, how):
    """At one of these, {host's name: worker}, that is in the middle of something: it sleeps
    while one looks. The name of the host that was lost, and how long it takes until others
    have what it had: within its lease and three seconds on a machine that has time for them,
    though all their slots are in use (docs/design/scale.md)."""
    for host, child in list(workers.items()) * 100:
        child.send_signal(signal.SIGSTOP)
        os.waitid(os.P_PID, child.pid, os.WSTOPPED)
        held = held_by(w, host)
        if held:
            how(host)
        child.send_signal(signal.SIGCONT)
        if held:
            break
    else:
        raise world.Failed("nobody is at work")
    since = time.monotonic()
    until(lambda: held_by(w, host) == 0, f"what {host} had was not taken over")
    print(f"# {held} tasks of a lost host were taken over within {time.monotonic() - since:.1f} s, "
          f"lease {LEASE} s", flush=True)
    return host


def so_far(w):
    return w.rows("SELECT count(*) FROM run_item")[0][0]


def hold_limits(sandbox, begun):
    """By the sandbox's own books, shop by shop."""
    shops = collections.defaultdict(list)
    for call in sandbox.log(begun):
        if call.get("shop"):
            shops[call["shop"]].append(call)
    for shop, calls in sorted(shops.items()):
        hold_pace(calls, QPS, shop)


@world.case(f"{PRODUCTS} products of {SHOPS} shops are decided once, by three hosts of which one "
            "is killed and one cut off while the database restarts")
def _(w):
    goods, sandbox = scene(w)
    hosts = {name: network.Host(name) for name in ("one", "two", "three")}
    workers = {name: w.start("worker", "--lease", f"{LEASE}s", "--jobs", "2",
                             "--slots", str(SLOTS), "--rate", str(QPS), "--sync-every", "0",
                             "--requirements-every", "0", "--status-every", "0", within=host)
               for name, host in hosts.items()}
    w.ok("work", "add", "sync", "--all-shops")
    until(lambda: w.rows("SELECT count(*) FROM task WHERE state != 'done'") == [(0,)],
          "trees are not here")
    began, begun = time.monotonic(), sandbox.calls()
    # until the last host is lost there is work for all of them, however busy the machine is
    sandbox.fault(dict(kind="delay", rate=1, ms=SLOW_MS, path="/recommend"))
    w.ok("work", "add", "map", "--all-shops", "--policy", "guide", "--share", "50")
    until(lambda: so_far(w) > PRODUCTS * 0.1, "nothing under way", 300)
    killed = lose(w, workers, lambda host: workers[host].kill())
    w.finish(workers.pop(killed))
    until(lambda: so_far(w) > PRODUCTS * 0.3, "not going on", 300)
    cut = lose(w, workers, lambda host: hosts[host].cut())
    hosts[cut].heal()
    sandbox.fault(dict(kind="delay", rate=1, ms=20))
    until(lambda: so_far(w) > PRODUCTS * 0.6, "not going on", 300)
    restart_database()
    until(lambda: w.rows("SELECT count(*) FROM task WHERE state IN ('waiting', 'taken')") ==
          [(0,)], "not done", 900)
    for child in workers.values():
        child.send_signal(signal.SIGTERM)
    done = {name: w.finish(child) for name, child in workers.items()}
    for one in done.values():
        world.eq(one.code, 0, str(one))
    print(f"# {PRODUCTS} products in {time.monotonic() - began:.0f} s", flush=True)
    world.eq(w.rows("SELECT DISTINCT state FROM task"), [("done",)], "tasks")
    world.has(done[cut].err, "somebody else's by now")
    world.eq(w.rows("SELECT product_id FROM run_item GROUP BY product_id HAVING count(*) > 1"),
             [], "in two runs")
    world.eq(w.rows("SELECT key FROM decision WHERE scope = 'product' GROUP BY key "
                    "HAVING count(*) > 1"), [], "decided twice")
    standing = dict(w.rows("SELECT key, category_id FROM mapping WHERE scope = 'product' AND "
                           "state = 'accepted'"))
    of = dict(w.rows("SELECT key, category_id FROM mapping WHERE scope = 'seller-category' AND "
                     "state = 'accepted'"))
    standing = {sku: standing.get(sku, of.get(goods.category[sku])) for sku in goods.category}
    hold_decisions(w, goods, sandbox.log(begun + 1), "three hosts", standing)
    hold_limits(sandbox, begun + 1)
    w.ok("db", "check")


if __name__ == "__main__":
    world.main()
