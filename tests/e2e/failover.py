"""Two PostgreSQL servers, one following the other; the first is killed under load, the second is
promoted, and the workers find it by the several hosts in their location."""
import os
import time

import server

if not server.BIN:
    print("1..0 # SKIP there is no PostgreSQL here (postgresql-15)")
    raise SystemExit(0)

first = server.Node().create().start()
second = first.standby("second")
os.environ["AISLE_TEST_POSTGRES"] = (
    f"postgresql://aisle@127.0.0.1:{first.port},127.0.0.1:{second.port}/postgres")

import world  # noqa: E402 what they read of the environment stands now
from mapping import hold_decisions, scene, slow  # noqa: E402
from until import until  # noqa: E402

PRODUCTS = 2000 if world.LONG else 200


def kept(w):
    return set(w.rows("SELECT product_id, state, category_id FROM run_item"))


@world.case("the first server is killed under load, the second is promoted: nothing that was "
            "acknowledged is lost, nothing is decided twice, and work goes on by itself")
def _(w):
    first.psql("ALTER SYSTEM SET synchronous_standby_names = 'second'")
    first.psql("SELECT pg_reload_conf()")
    until(lambda: first.psql("SELECT sync_state FROM pg_stat_replication") == "sync",
          "not following")
    goods, sandbox = scene(w, *slow(1500), count=PRODUCTS)
    begun = sandbox.calls()
    w.ok("work", "add", "map", "--policy", "guide", "--share", "20")
    workers = [w.start("worker", "--until-empty", "--lease", "5s", "--jobs", "4")
               for _ in range(2)]
    until(lambda: len(kept(w)) > 8, "nothing under way")
    before = kept(w)
    first.kill()
    until(lambda: any("waiting for the store: cannot open" in w.said_by(child) for child in workers),
          "nobody is told")
    noticed = time.monotonic()
    second.promote()
    promoted = time.monotonic()
    after = kept(w)
    world.eq([row for row in before if row not in after], [], "acknowledged and lost")
    until(lambda: len(kept(w)) > len(after), "not back at work")
    back = time.monotonic() - promoted
    print(f"# {len(before)} of {PRODUCTS} at the kill; promoted within {promoted - noticed:.1f} s, "
          f"the next decision {back:.1f} s later", flush=True)
    sandbox.fault(dict(kind="delay", rate=1, ms=30))
    done = [w.finish(child, 600) for child in workers]
    for one in done:
        world.eq(one.code, 0, str(one))
    world.has(done[0].err + done[1].err, "is back")
    world.eq(w.rows("SELECT DISTINCT state FROM task"), [("done",)], "tasks")
    world.eq(w.rows("SELECT product_id FROM run_item GROUP BY product_id HAVING count(*) > 1"), [],
             "in two runs")
    world.eq(w.rows("SELECT key FROM decision WHERE scope = 'product' GROUP BY key "
                    "HAVING count(*) > 1"), [], "decided twice")
    hold_decisions(w, goods, sandbox.log(begun + 1), "failed over")
    w.ok("db", "check")


if __name__ == "__main__":
    world.main()
