"""Whatever goes wrong on the way, a run ends complete or can be taken up again, and every
decision is what the marketplace's own log says it answered."""
import signal
import time

import world
from mapping import PRODUCTS, hold_decisions, run_words, scene, slow, to_the_end
from until import until

AFTER = "/product/"  # faults are for calls of a run, not for signing in
KINDS = {
    "refuse": {},
    "wrong": {},
    "delay": {"ms": 30},
    "429": {"retry_after_s": 1},
    "5xx": {},
    "cut": {},
    "reset": {},
    "html": {},
    "duplicate": {},
    "token-expired": {},
    "slow": {"ms": 100},
}


def survives(w, policy, kinds, count=PRODUCTS):
    goods, sandbox = scene(w, count=count)
    for kind in kinds:
        w.back("before.db")
        sandbox.control("POST", "reset?what=all")
        sandbox.fault(dict(kind=kind, rate=0.2, path=AFTER, **KINDS[kind]))
        begun, at = sandbox.calls(), time.monotonic()
        resumes = to_the_end(w, run_words(policy), kind)
        log = sandbox.log(begun + 1)
        met = sum(kind in c.get("fault", "") for c in log)
        print(f"# {kind}: {len(log)} calls, {met} with it, {resumes} resumes, "
              f"{time.monotonic() - at:.1f} s", flush=True)
        world.true(met > 0, f"{kind} was never met")
        hold_decisions(w, goods, log, kind)
        w.ok("db", "check")


@world.case("a guide run survives every kind of fault and decides what it was told")
def _(w):
    survives(w, "guide", KINDS)


@world.case("a thrifty run survives faults that hurt it otherwise than the guide")
def _(w):
    survives(w, "thrifty", KINDS if world.LONG else ["refuse", "wrong", "duplicate"])


@world.case("a sync with faults brings the whole tree or leaves the one there was")
def _(w):
    sandbox = w.sandbox("--seed", "3")
    w.connect()
    w.ok("tree", "sync", "toko")
    whole = w.ok("tree", "export", "--target", "toko").out
    for kind in ("5xx", "cut", "reset", "html", "token-expired", "slow", "delay"):
        sandbox.fault(dict(kind=kind, rate=0.5, path="/categories", **KINDS[kind]))
        done = w.aisle("tree", "sync", "toko", timeout=300)
        world.true(done.code in (0, 1, 5), f"{kind}: {done}")
        world.eq(w.ok("tree", "export", "--target", "toko").out, whole, kind)
    sandbox.fault()
    w.ok("tree", "sync", "toko")


def under_way(w, decided):
    """A run that has decided so much and cannot end before the dial is cleared of its delay."""
    goods, sandbox = scene(w, *slow(3000))
    begun = sandbox.calls()
    child = w.start(*run_words())
    until(lambda: sandbox.calls() > begun + 4 and
          w.rows("SELECT count(*) FROM run_item")[0][0] >= decided, "nothing under way")
    return goods, sandbox, begun, child


def interrupted(w, signals):
    goods, sandbox, _, child = under_way(w, decided=1)
    for _ in range(signals):
        child.send_signal(signal.SIGINT)
        time.sleep(0.02)
    return goods, sandbox, w.finish(child)


@world.case("Ctrl-C ends a run after the step under way, and it is taken up again")
def _(w):
    goods, sandbox, done = interrupted(w, 1)
    world.eq(done.code, 130, str(done))
    world.has(done.err, "aisle map run --resume ")
    sandbox.fault()
    to_the_end(w, run_words(), "interrupted")
    hold_decisions(w, goods, sandbox.log(), "interrupted")
    world.eq(w.mappings(), {row[0]: goods.truth[row[1]] for row in goods.rows}, "the truth")


@world.case("Ctrl-C twice ends it at once, and nothing is lost either")
def _(w):
    goods, sandbox, done = interrupted(w, 2)
    world.true(done.code in (130, -signal.SIGINT), str(done))
    sandbox.fault()
    to_the_end(w, run_words(), "interrupted")
    world.eq(w.mappings(), {row[0]: goods.truth[row[1]] for row in goods.rows}, "the truth")


@world.case("a second run of the same at the same time is a conflict, and harms nothing")
def _(w):
    goods, sandbox, begun, child = under_way(w, decided=0)
    w.ends(9, *run_words())
    w.ends(9, *run_words("thrifty"))
    sandbox.fault()
    world.eq(w.finish(child).code, 0)
    hold_decisions(w, goods, sandbox.log(begun + 1), "alone after all")


@world.case("a full disk is said so, and the run is complete once there is room")
def _(w):
    goods, sandbox = scene(w)
    begun = sandbox.calls()
    done = w.aisle(*run_words(), file_limit=400 * 1024)
    world.true(done.code in (1, 5), str(done))
    world.true(any(word in done.err for word in ("full", "large", "space", "write", "I/O")), done)
    w.ok("db", "check")
    to_the_end(w, run_words(), "full")
    hold_decisions(w, goods, sandbox.log(begun + 1), "full")


@world.case("tokens that end on the way are refreshed once, and consent taken back is said")
def _(w):
    goods, sandbox, begun, child = under_way(w, decided=0)
    w.ok("sandbox", "expire", "access", "--env-file", sandbox.env_file)
    sandbox.fault()
    world.eq(w.finish(child).code, 0)
    log = sandbox.log(begun + 1)
    refreshes = [c for c in log if c["path"].endswith("/token/refresh")]
    world.eq(len(refreshes), 1, "refreshes")
    hold_decisions(w, goods, log, "refreshed")
    w.ok("sandbox", "expire", "consent", "--env-file", sandbox.env_file)
    done = w.ends(3, "tree", "sync", "toko")
    world.has(done.err, "aisle shop login")


if __name__ == "__main__":
    world.main()
