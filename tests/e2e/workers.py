"""Several workers at one store: what waits is done once, by whoever is left."""
import collections
import json
import os
import pty
import signal
import subprocess
import time

import world
from caught import catch_one_at_work, kill_one_at_work, taken_by
from goods import Goods
from mapping import PRODUCTS, hold_decisions, hold_pace, run_words, scene, slow
from until import until

LEASE = 3


def add_map(w, share=10, policy="guide"):
    w.ok("work", "add", "map", "--share", str(share), "--policy", policy)


def worker(w, *more):
    return w.start("worker", "--until-empty", "--lease", f"{LEASE}s", "--jobs", "4", *more)


def states(w):
    return dict(w.rows("SELECT state, count(*) FROM task GROUP BY state"))


def hold_once(w):
    """No product was decided twice, by its own decisions."""
    world.eq(w.rows("SELECT key, count(*) FROM decision WHERE scope = 'product' GROUP BY key "
                    "HAVING count(*) > 1"), [], "decided twice")
    world.eq(w.rows("SELECT product_id, count(*) FROM run_item GROUP BY product_id "
                    "HAVING count(*) > 1"), [], "in two runs")


@world.case("a target is mapped by a run or by workers: while one is at it the other is refused")
def _(w):
    _, sandbox = scene(w, *slow(3000))
    begun = sandbox.calls()
    run = w.start(*run_words())
    until(lambda: sandbox.calls() > begun + 2, "the run does not ask")
    world.has(w.ends(9, "work", "add", "map").err,
              f"mapping onto toko:v2:TIKTOK_SHOP is under way in process {run.pid} on ",
              "aisle job list", "before any of it is left to workers")
    run.send_signal(signal.SIGINT)
    world.eq(w.finish(run).code, 130, "stopped")
    sandbox.fault()
    add_map(w)
    world.has(w.ends(9, "map", "run").err, "was left to workers", "aisle work drop")
    w.ok("map", "run", "--dry-run")
    world.eq(w.finish(worker(w)).code, 0, "the worker")
    world.eq(w.rows("SELECT key, count(*) FROM decision WHERE scope = 'product' GROUP BY key "
                    "HAVING count(*) > 1"), [], "decided twice")


@world.case("three workers decide what one run decides, every product once")
def _(w):
    goods, sandbox = scene(w)
    w.ok("map", "run", "--policy", "guide")
    alone = w.mappings()
    w.back("before.db")
    begun = sandbox.calls()
    add_map(w)
    world.has(w.ok("work", "add", "map").err, "nothing new")
    world.has(w.ends(9, "work", "add", "map", "--policy", "thrifty", "--urgent").err,
              "is open already with policy guide")
    done = [w.finish(child) for child in [worker(w) for _ in range(3)]]
    for one in done:
        world.eq(one.code, 0, str(one))
    world.eq(list(states(w)), ["done"], "tasks")
    hold_once(w)
    hold_decisions(w, goods, sandbox.log(begun + 1), "three workers")
    world.eq(w.mappings(), alone, "as one run decides")
    world.eq(w.rows("SELECT count(*) FROM worker"), [(0,)], "workers left behind")


@world.case("a worker that is killed loses no more than its lease, and nothing twice")
def _(w):
    goods, sandbox = scene(w, *slow(5000))
    begun = sandbox.calls()
    add_map(w)
    children = [worker(w, "--slots", "1") for _ in range(3)]
    until(lambda: sandbox.calls() > begun + 4, "nothing under way")
    lost, others = kill_one_at_work(w, children)
    killed = time.monotonic()
    sandbox.fault()
    w.finish(lost)
    for child in others:
        done = w.finish(child)
        world.eq(done.code, 0, str(done))
    world.eq(list(states(w)), ["done"], "tasks")
    hold_once(w)
    hold_decisions(w, goods, sandbox.log(begun + 1), "one killed")
    print(f"# {time.monotonic() - killed:.1f} s after the kill", flush=True)
    again = w.rows("SELECT count(*) FROM task WHERE attempts > 1")[0][0]
    world.true(again > 0, "the killed one had nothing")
    late = w.rows("SELECT max(finished_at - created_at) FROM task")[0][0]
    print(f"# {again} tasks taken over, the last done after {late} s", flush=True)


@world.case("SIGTERM gives back what is under way, and another goes on where it was")
def _(w):
    goods, sandbox = scene(w, *slow(1000))
    begun = sandbox.calls()
    add_map(w, share=1000)
    child = worker(w)
    until(lambda: w.rows("SELECT count(*) FROM run_item")[0][0] > 4, "nothing under way")
    child.send_signal(signal.SIGTERM)
    done = w.finish(child)
    sandbox.fault()
    world.has(done.err, "1 given back")
    world.eq(w.rows("SELECT state, attempts FROM task"), [("waiting", 0)], "given back")
    done = w.finish(worker(w))
    world.eq(done.code, 0, str(done))
    hold_once(w)
    hold_decisions(w, goods, sandbox.log(begun + 1), "given back")
    asked = [c["title"] for c in sandbox.log(begun + 1)
             if c["path"] == world.RECOMMEND and c["status"] == 200]
    world.true(len(asked) - len(set(asked)) <= 4, "asked again though it was answered")


@world.case("a worker that slept past its lease writes nothing of what it lost")
def _(w):
    goods, sandbox = scene(w, *slow(1000))
    begun = sandbox.calls()
    add_map(w, share=20)
    first = worker(w, "--slots", "1")
    until(lambda: sandbox.calls() > begun + 4, "nothing under way")
    catch_one_at_work(w, [first])
    second = worker(w, "--slots", "1")
    until(lambda: not taken_by(w, first), "not taken over")
    sandbox.fault()
    os.kill(first.pid, signal.SIGCONT)
    done = [w.finish(child) for child in (first, second)]
    for one in done:
        world.eq(one.code, 0, str(one))
    world.has(done[0].err, "somebody else's by now")
    hold_once(w)
    hold_decisions(w, goods, sandbox.log(begun + 1), "slept")


@world.case("what somebody waits for does not wait for a slot: the task under way gives way, and "
            "goes on where it was")
def _(w):
    goods, sandbox = scene(w, *slow(1000))
    begun = sandbox.calls()
    add_map(w, share=1000)
    child = w.start("worker", "--slots", "1", "--jobs", "1", "--sync-every", "0",
                    "--requirements-every", "0", "--status-every", "0")
    until(lambda: sandbox.calls() > begun + 3, "nothing under way")
    w.ok("work", "add", "sync", "--urgent")
    until(lambda: w.rows("SELECT state FROM task WHERE kind = 'sync'") == [("done",)],
          "somebody waits still")
    world.eq(w.rows("SELECT count(*) FROM task WHERE kind = 'map' AND state = 'done'"), [(0,)],
             "it had to wait")
    sandbox.fault()
    until(lambda: list(states(w)) == ["done"], "not done")
    world.eq(w.rows("SELECT attempts FROM task WHERE kind = 'map'"), [(1,)], "attempts")
    child.send_signal(signal.SIGTERM)
    world.has(w.finish(child).err, "gives way to sync/", "given back")
    hold_once(w)
    hold_decisions(w, goods, sandbox.log(begun + 1), "gave way")
    asked = [c["title"] for c in sandbox.log(begun + 1)
             if c["path"] == world.RECOMMEND and c["status"] == 200]
    world.true(len(asked) - len(set(asked)) <= 1, "asked again though it was answered")


def prepare_sync(w):
    """Four locales."""
    locales = ("en-US", "id-ID", "th-TH", "vi-VN")
    w.ok("tree", "sync", "toko", *(word for one in locales for word in ("--locale", one)))
    return "/categories", 5000, len(locales)


def prepare_requirements(w):
    w.ok("map", "run", "--policy", "guide")
    leaves = w.rows("SELECT count(DISTINCT category_id) FROM decision WHERE state = 'accepted'")
    return "/categories/", 500, 2 * leaves[0][0]  # rules, and attributes


def prepare_status(w, listings=40):
    """Listings of products the marketplace does not have."""
    for n in range(listings):
        words = {"seller_id": "default", "shop_id": "toko", "product_id": f"X-{n:02}",
                 "remote_id": str(1729000000000000000 + n), "state": "pending", "category_id": "1",
                 "version": "v2", "platforms": "TIKTOK_SHOP", "skus": "[]", "warnings": "[]",
                 "doing": "idle", **dict.fromkeys(("audit", "reason", "sent_hash", "refused_hash",
                                                   "attempt", "code", "request_id"), "")}
        numbers = dict.fromkeys(("attempted_at", "retry_at", "status_at", "created_at",
                                 "updated_at", "version_no"), 1)
        w.store.change(f"INSERT INTO listing ({', '.join([*words, *numbers])}) VALUES ("
                       + ", ".join([*(f"'{word}'" for word in words.values()),
                                    *(str(n) for n in numbers.values())]) + ")")
    return "/products/1729", 500, listings


def gives_way(kind, prepare, urgent, again=0):
    @world.case(f"a task of the kind {kind} gives way too, and what it has asked is not asked again")
    def _(w):
        _, sandbox = scene(w, count=80)
        path, ms, calls = prepare(w)  # so slow until it gave way that it cannot be done by then

        def asked():
            return [c for c in sandbox.log(begun + 1) if path in c["path"]]

        def of_kind(column):
            return w.rows(f"SELECT {column} FROM task WHERE kind = '{kind}'")[0][0]

        sandbox.fault(dict(kind="delay", rate=1, ms=ms, path=path))
        w.ok("work", "add", kind)
        begun = sandbox.calls()
        child = w.start("worker", "--slots", "1", "--sync-every", "0", "--requirements-every", "0",
                        "--status-every", "0")
        until(asked, "nothing under way")
        w.ok("work", "add", urgent, "--urgent")
        until(lambda: w.rows("SELECT state FROM task WHERE urgent = 1") == [("done",)],
              "somebody waits still")
        world.true(of_kind("state") != "done", "it had to wait")
        sandbox.fault()
        until(lambda: list(states(w)) == ["done"], "not done")
        child.send_signal(signal.SIGTERM)
        done = w.finish(child)
        world.has(done.err, f"task {kind}/", f"gives way to {urgent}/", "given back")
        world.eq(of_kind("attempts"), 1, "attempts")
        world.true(calls <= len(asked()) <= calls + again, f"{len(asked())} calls for {path}, of {calls}")


gives_way("sync", prepare_sync, "requirements")
gives_way("requirements", prepare_requirements, "status", again=1)  # one leaf is two calls
gives_way("status", prepare_status, "requirements", again=1)  # one is looked for among the frozen, too


@world.case("what a lost worker had is gone on with within its lease, though all others are at something")
def _(w):
    goods, sandbox = scene(w, *slow(2000))
    begun = sandbox.calls()
    add_map(w, share=PRODUCTS // 4)
    children = [w.start("worker", "--until-empty", "--lease", f"{LEASE}s", "--slots", "1",
                        "--jobs", "1") for _ in range(2)]
    until(lambda: w.rows("SELECT count(*) FROM run_item")[0][0] > 1 and
          states(w).get("taken") == 2, "nothing under way")
    lost, [other] = kill_one_at_work(w, children)
    killed = time.monotonic()
    w.finish(lost)
    until(lambda: not taken_by(w, lost), "not taken over")
    print(f"# taken over within {time.monotonic() - killed:.1f} s, lease {LEASE} s", flush=True)
    sandbox.fault()
    done = w.finish(other)
    world.eq(done.code, 0, str(done))
    world.has(done.err, "gives way to map/")
    hold_once(w)
    hold_decisions(w, goods, sandbox.log(begun + 1), "killed among busy ones")


def large(w, policy):
    """Four seller categories of 150, one of them mixed; one of three workers is killed. What a sample of some
    strays says may hang on what the matcher learnt elsewhere by then: there are none."""
    goods = Goods(600, categories=4, seed=2, plain=True, strays=0)
    goods.write(w)
    sandbox = w.sandbox("--seed", "3", "--truth", w.path("truth.tsv"), "--fault", "delay=1,ms=20")
    w.connect()
    w.ok("tree", "sync", "toko")
    w.ok("product", "import", "goods.csv")
    begun = sandbox.calls()
    added = w.ok("work", "add", "map", "--share", "30", "--policy", policy, "--json").json()[0]
    world.eq((added["added"], added["products"]), (4, 600), "samples first")
    children = [worker(w) for _ in range(3)]
    until(lambda: w.rows("SELECT count(*) FROM task")[0][0] > 4, "nothing is cut")
    children[0].kill()
    w.finish(children[0])
    for child in children[1:]:
        done = w.finish(child)
        world.eq(done.code, 0, str(done))
    # done again, a sample's task leaves what was cut as it is
    w.store.change("UPDATE task SET state = 'waiting', due_at = 0 WHERE id NOT LIKE '%.%'")
    w.store.change("UPDATE lane SET due_at = 0")
    w.ok("worker", "--until-empty")
    world.eq(w.rows("SELECT state, count(*) FROM task GROUP BY state"), [("done", 12)], "tasks")
    return goods, sandbox.log(begun + 1)


def hold_large(w):
    hold_once(w)
    world.eq(w.rows("SELECT count(*) FROM run_item"), [(600,)], "products that had their turn")
    world.eq(w.rows("SELECT key FROM decision WHERE scope = 'seller-category' GROUP BY key "
                    "HAVING count(*) > 1"), [], "categories decided twice")
    deciders = w.rows("SELECT run_id FROM decision WHERE scope = 'seller-category'")
    world.true(deciders and not [run for run, in deciders if "." in run],
               f"not decided by their samples: {deciders}")


@world.case("a large seller category is decided by its sample, and the rest of it is shared")
def _(w):
    goods, calls = large(w, "thrifty")
    hold_large(w)
    mapped = [key for key, in w.rows("SELECT key FROM decision WHERE scope = 'seller-category'")]
    world.true("Toko > Rak 00" in mapped and "Toko > Rak 03" not in mapped,
               f"the mixed one, or not the uniform one: {mapped}")
    rack = {row[1]: row[2] for row in goods.rows}
    asked = collections.Counter(rack[title] for title in {
        c["title"] for c in calls if c["path"] == world.RECOMMEND and c["status"] == 200})
    print(f"# asked about, of 150 each: {dict(sorted(asked.items()))}", flush=True)
    world.true(asked["Toko > Rak 00"] < 75, "asked about though its category was mapped")


@world.case("by the guide too: what its first product set is kept by the rest of the category")
def _(w):
    goods, calls = large(w, "guide")
    hold_large(w)
    hold_decisions(w, goods, calls, "shared")


@world.case("what somebody decides elsewhere informs a worker's map under way, through the store")
def _(w):
    """The one that decides has a connection, a process and a matcher of its own; only the store is between."""
    refuses = dict(kind="refuse", rate=1, path="/recommend")
    sandbox = w.sandbox("--seed", "3", *slow(1000))
    w.connect()
    w.ok("tree", "sync", "toko")
    leaf = json.loads(w.ok("map", "suggest", "kaos pria", "--json").out)[0]["id"]
    rows = [f"K-{n:02},zarvina quansi nomor {n},Etalase {n:02}" for n in range(30)]
    w.write("goods.csv", "sku,title,category\nZ-99,zarvina quansi,Zz\n" + "\n".join(rows) + "\n")
    w.ok("product", "import", "goods.csv")
    w.ok("work", "add", "map")
    sandbox.fault(refuses, dict(kind="delay", rate=1, ms=1000, path="/recommend"))
    begun = sandbox.calls()
    child = w.start("worker", "--until-empty", "--slots", "1", "--jobs", "1")
    until(lambda: sandbox.calls() > begun + 2, "nothing under way")
    w.ok("map", "approve", "Z-99", "--category", leaf)
    approved = int(time.time())
    until(lambda: w.rows("SELECT count(*) FROM decision WHERE key LIKE 'K-%'") != [(0,)],
          "the matcher never heard of it")
    sandbox.fault(refuses)
    done = w.finish(child)
    world.eq(done.code, 0, str(done))
    found = w.rows("SELECT key, state, category_id, at FROM decision WHERE scope = 'product' AND key LIKE 'K-%' "
                   "ORDER BY seq")
    world.eq({(state, category) for _, state, category, _ in found}, {("proposed", leaf)})
    keys = [key for key, *_ in found]
    world.eq(keys, [f"K-{n:02}" for n in range(30 - len(keys), 30)], "all from some product on")
    world.true(len(keys) < 30, "decided before the run had begun")
    print(f"# informed within {found[0][3] - approved + 1} s, {len(keys)} of 30 products", flush=True)


@world.case("what cannot be done is given up with its reason, and tried again when asked")
def _(w):
    scene(w, count=10)
    w.ok("work", "add", "requirements", "--urgent")
    w.rows("SELECT 1")
    w.ok("shop", "add", "leer", "--api-url", w.sandboxes[-1].id["AISLE_SANDBOX_URL"],
         "--secrets", w.sandboxes[-1].env_file)
    w.ok("work", "add", "map", "--target", "leer:v1")
    w.ok("worker", "--until-empty")
    dead = w.ok("work", "list", "--state", "dead", "--json").json()
    world.eq([t["shop"] for t in dead], ["leer"], "given up")
    world.has(dead[0]["text"], "is not here yet: sync it first")
    w.ok("tree", "sync", "leer:v1")
    w.ok("work", "retry", "--all")
    w.ok("worker", "--until-empty")
    world.eq(w.ok("work", "list", "--state", "dead", "--json").json(), [], "given up")


@world.case("one token is refreshed once, however many workers find it over")
def _(w):
    goods, sandbox = scene(w)
    add_map(w)
    w.ok("sandbox", "expire", "access", "--env-file", sandbox.env_file)
    begun = sandbox.calls()
    for child in [worker(w) for _ in range(4)]:
        done = w.finish(child)
        world.eq(done.code, 0, str(done))
    refreshed = [c for c in sandbox.log(begun + 1) if "token/refresh" in c["path"]]
    world.eq(len(refreshed), 1, "refreshed")
    hold_once(w)
    hold_decisions(w, goods, sandbox.log(begun + 1), "expired")


@world.case("a token that ends soon is refreshed by its task, once, while others are calling")
def _(w):
    goods, sandbox = scene(w, "--access-ttl", "9m", *slow(5000))
    w.ok("sandbox", "expire", "access", "--env-file", sandbox.env_file)
    w.ok("shop", "test", "toko")  # from now on it is known when the token ends
    begun = sandbox.calls()
    add_map(w)
    children = [worker(w, "--slots", "1") for _ in range(3)]
    until(lambda: sandbox.calls() > begun + 10, "nothing under way")
    w.ok("work", "add", "token", "--urgent")
    until(lambda: w.rows("SELECT state FROM task WHERE kind = 'token'") == [("done",)],
          "not refreshed")
    sandbox.fault()
    for child in children:
        done = w.finish(child)
        world.eq(done.code, 0, str(done))
    world.eq(list(states(w)), ["done"], "tasks")
    refreshed = [c for c in sandbox.log(begun + 1) if "token/refresh" in c["path"]]
    world.eq(len(refreshed), 1, "refreshed")
    hold_once(w)
    hold_decisions(w, goods, sandbox.log(begun + 1), "refreshed meanwhile")


@world.case("a token that is not given any more ends its task at once, with what to do about it")
def _(w):
    _, sandbox = scene(w, count=10)
    for what in ("refresh", "access"):
        w.ok("sandbox", "expire", what, "--env-file", sandbox.env_file)
    add_map(w)
    w.ok("worker", "--until-empty")
    dead = w.ok("work", "list", "--state", "dead", "--json").json()
    world.true(dead and all(t["attempts"] == 1 for t in dead), f"tried again: {dead}")
    world.has(dead[0]["text"], "sign in again: aisle shop login toko")


@world.case("workers share a shop's limit: together they ask no faster than one may")
def _(w):
    goods, sandbox = scene(w, count=120)
    begun = sandbox.calls()
    add_map(w, share=5)
    for child in [worker(w, "--rate", "20") for _ in range(3)]:
        done = w.finish(child)
        world.eq(done.code, 0, str(done))
    calls = sandbox.log(begun + 1)
    hold_pace(calls, 20, "three workers")
    hold_once(w)
    hold_decisions(w, goods, calls, "shared limit")


def trees_fetched(sandbox, begun):
    return len([c for c in sandbox.log(begun + 1) if c["path"].endswith("/categories")])


@world.case("what comes round is added once an interval, however many workers there are, and a "
            "service that has workers of its own does not do it beside them")
def _(w):
    _, sandbox = scene(w, count=10)
    begun = sandbox.calls()
    w.ok("tree", "sync", "toko")
    once = trees_fetched(sandbox, begun)
    w.store.change("UPDATE snapshot SET checked_at = checked_at - 100000")
    begun = sandbox.calls()
    words = ("--sync-every", "1h", "--status-every", "1h", "--requirements-every", "1h")
    children = [w.start("worker", *words) for _ in range(3)]
    children.append(w.start("serve", "--listen", "127.0.0.1:0", "--workers", "1", *words))
    until(lambda: w.rows("SELECT count(*) FROM task WHERE state = 'done'")[0][0] == 3, "not done")
    until(lambda: w.rows("SELECT count(*) FROM worker") == [(len(children),)], "not all are there")
    done = w.ok("worker", "--once", *words)
    world.has(done.err, "0 done")
    for child in children:
        child.send_signal(signal.SIGTERM)
    for child in children:
        world.eq(w.finish(child).code, 0, str(child.words))
    world.eq(sorted(kind for kind, in w.rows("SELECT kind FROM task")),
             ["requirements", "status", "sync"], "kinds")
    world.eq(w.rows("SELECT max(attempts) FROM task"), [(1,)], "begun")
    world.eq(trees_fetched(sandbox, begun), once, "calls for trees")
    # a day later, and the token ends soon
    w.store.change("UPDATE snapshot SET checked_at = checked_at - 100000")
    w.store.change("DELETE FROM lease")
    done = w.ok("worker", "--once", *words)
    world.has(done.err, "3 done")
    world.eq(trees_fetched(sandbox, begun), 2 * once, "calls for trees")


@world.case("top tells of shops, limits and workers, and gives the terminal back as it was")
def _(w):
    scene(w, count=10)
    add_map(w)
    told = w.ok("top", "--json").json()
    world.eq([(s["shop"], s["waiting"]) for s in told["shops"]], [("toko", 1)], "shops")
    world.eq(told["workers"], [], "workers")
    child = w.start("worker")
    until(lambda: w.ok("top", "--json").json()["shops"][0]["done"] >= 1, "not done")
    told = w.ok("top", "--json").json()
    world.eq(len(told["workers"]), 1, "workers")
    world.true(told["limits"], "limits")
    text = w.ok("top", "--once").out
    world.has(text, "WORKER", "SHOP", "toko", "APP/SHOP")
    world.true("\033" not in text, "escapes where there is no terminal")
    ours, theirs = pty.openpty()
    top = subprocess.Popen([world.AISLE, "top", "--every", "1s"], stdout=theirs, env=w.env,
                           stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd=w.folder)
    os.close(theirs)
    shown = b""
    while shown.count(b"aisle top") < 2:
        shown += os.read(ours, 4096)
    top.send_signal(signal.SIGINT)
    try:
        while part := os.read(ours, 4096):
            shown += part
    except OSError:  # the other end is closed
        pass
    top.communicate(timeout=300)
    os.close(ours)
    world.true(shown.startswith(b"\033[?1049h") and shown.endswith(b"\033[?1049l"),
               f"the terminal is not as it was: {shown[-40:]!r}")
    child.send_signal(signal.SIGTERM)
    world.eq(w.finish(child).code, 0, "the worker's end")
    child = w.start("worker")
    until(lambda: w.rows("SELECT count(*) FROM worker") == [(1,)], "not there")
    child.kill()
    w.finish(child)
    w.store.change("UPDATE worker SET seen_at = seen_at - 60")
    world.has(w.ok("top", "--once").out, "silent; had ")


if __name__ == "__main__":
    world.main()
