"""What the service does by the clock about listings: their status, and what leaves demand"""
import sqlite3
import time

import market
import run

ROWS = [(f"K-{n}", f"Kaos Polos Pria Katun Combed Nomor {n}", "Katun") for n in range(3)]
NOTHING_ELSE = ("--sync-every", "0")


def once(t, *words):
    done = t.aisle("serve", "--once", *NOTHING_ELSE, *words)
    t.eq(done.code, 0, done.err)
    return done


def a_day_later(t):
    """For the demands of leaves: their answers are old, and no round has just come."""
    with sqlite3.connect(t.path("aisle.db"), timeout=60) as store:
        store.execute("UPDATE requirement SET checked_at = checked_at - 86400")
        store.execute("DELETE FROM lease WHERE name LIKE 'requirements-round/%'")
    store.close()


def states(t):
    return sorted(row["state"] for row in t.aisle("listing", "list", "--json").json())


def until_asked(t, sandbox, *words):
    """Runs what is due until the marketplace was asked for rules once more; the last run."""
    before = len(sandbox.calls("/rules"))
    for _ in range(200):
        done = once(t, *words)
        if len(sandbox.calls("/rules")) > before:
            return done
        time.sleep(0.3)
    raise run.Failed("never asked again")


@run.case("what leaves in use demand is fetched when it is due, by one of several, and not again")
def _(t):
    sandbox = market.mapped(t, ROWS)
    before = len(sandbox.calls("/rules"))
    once(t, "--requirements-every", "0", "--status-every", "0")
    t.eq(len(sandbox.calls("/rules")), before, "never")
    a_day_later(t)
    words = ("--requirements-every", "1h", "--status-every", "0")
    children = [t.start("serve", "--once", *NOTHING_ELSE, *words) for _ in range(3)]
    t.eq([child.wait(120) for child in children], [0, 0, 0])
    t.eq(len(sandbox.calls("/rules")), before + 1, "one of three")
    once(t, *words)
    t.eq(len(sandbox.calls("/rules")), before + 1, "not due")
    a_day_later(t)
    once(t, *words)
    t.eq(len(sandbox.calls("/rules")), before + 2, "due again")


@run.case("what came of it is said in the log")
def _(t):
    sandbox = market.mapped(t, ROWS)
    done = until_asked(t, sandbox, "--requirements-every", "1s", "--status-every", "0")
    t.has(done.err, "requirements of toko-a:v2:TIKTOK_SHOP: 1 fetched, 0 changed")


@run.case("listings under way are followed to where they end, each interval once")
def _(t):
    sandbox = market.mapped(t, ROWS, "--audit-ms", "100")
    t.write("own.json", run.json.dumps({"shop": {
        "package_weight": {"value": "0.25", "unit": "KILOGRAM"},
        "skus": [{"inventory": [{"quantity": 10}]}]}}))
    done = t.aisle("listing", "publish", "--defaults", "own.json", "--allow-private")
    t.eq(done.code, 0, done.err)
    t.eq(states(t), ["pending"] * 3)
    time.sleep(0.5)
    words = ("--requirements-every", "0", "--status-every", "1h")
    t.has(once(t, *words).err, "3 asked, 3 changed, 0 failed")
    t.eq(states(t), ["live"] * 3)
    before = len(sandbox.calls("/product/"))
    once(t, *words)
    t.eq(len(sandbox.calls("/product/")), before, "not due")


@run.case("a marketplace that fails is asked again")
def _(t):
    sandbox = market.mapped(t, ROWS)
    words = ("--requirements-every", "2s", "--status-every", "0")
    t.eq(t.aisle("sandbox", "fault", "5xx=1,path=/rules").code, 0)
    t.has(until_asked(t, sandbox, *words).err, "warn requirements-round/toko-a:v2:TIKTOK_SHOP")
    t.eq(t.aisle("sandbox", "fault").code, 0)
    t.has(until_asked(t, sandbox, *words).err, "1 fetched")


def pruned(t):
    return [row for row in t.aisle("job", "list", "--json").json() if row["kind"] == "prune"]


@run.case("what was kept long enough is dropped when it is due, by one of several, and recorded")
def _(t):
    market.mapped(t, ROWS)
    words = ("--requirements-every", "0", "--status-every", "0")
    once(t, *words)
    t.eq(pruned(t), [], "nothing is to be dropped, so nothing is")
    before = t.aisle("job", "list", "--json").json()
    time.sleep(2.1)  # times are whole seconds
    words += ("--keep-runs", "1s", "--keep-snapshots", "365d", "--keep-images", "365d")
    once(t, *words, "--prune-every", "0")
    t.eq(pruned(t), [], "not at all")
    children = [t.start("serve", "--once", *NOTHING_ELSE, *words) for _ in range(3)]
    t.eq([child.wait(120) for child in children], [0, 0, 0])
    rows = pruned(t)
    t.eq(len(rows), 1, "one of three")
    t.has(t.aisle("job", "show", rows[0]["run"]).out,
          f"{len(before)} runs, 0 snapshots and 0 images dropped")
    once(t, *words)
    t.eq(len(pruned(t)), 1, "not due")
    t.eq(t.aisle("map", "history", "--json").code, 0, "decisions stay")


run.main()
