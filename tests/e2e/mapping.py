"""mapping - a catalogue to be mapped, runs of it, and what its decisions are held against"""
import datetime

import world
from goods import Goods

PRODUCTS = 500 if world.LONG else 80
JOBS = "8"
RESUMES = 12


def slow(ms):
    """Words for a sandbox that answers a run's questions so late that the run is far from its end
    until sandbox.fault(): what is to happen to it meanwhile does, however busy the machine is."""
    return "--fault", f"delay=1,ms={ms},path=/recommend"


def scene(w, *words, count=PRODUCTS):
    """A catalogue ready to be mapped, by what a sandbox knows to be true."""
    goods = Goods(count, categories=20, seed=2, plain=True)
    goods.write(w)
    sandbox = w.sandbox("--seed", "3", "--truth", w.path("truth.tsv"), *words)
    w.connect()
    w.ok("tree", "sync", "toko")
    w.ok("product", "import", "goods.csv")
    w.keep("before.db")
    return goods, sandbox


def run_words(policy="guide", *more):
    return ("map", "run", "--policy", policy, "--jobs", JOBS, *more)


AHEAD_S = 2.5  # turns are given out two seconds ahead, and whoever had them may have stood still


def hold_pace(calls, per_second, says):
    """Between any two of these calls there were no more than there are turns in that time, and
    turns that came late: a bound that a machine which stands still cannot break."""
    most, best = 0, float("inf")
    times = sorted(datetime.datetime.fromisoformat(c["time"].rstrip("Z")).timestamp() for c in calls)
    for n, at in enumerate(times):
        best = min(best, n - per_second * at)
        most = max(most, n + 1 - per_second * at - best)
    print(f"# {len(times)} calls, {most:.1f} of them before their turn", flush=True)
    world.true(most <= AHEAD_S * per_second, f"{says}: {most:.0f} calls before their turn")


def told(log):
    """{title: what Recommend last answered}, a leaf or a refusal's code."""
    return {c["title"]: c.get("leaf") or c["code"] for c in log
            if c["path"] == world.RECOMMEND and c.get("title") and c["status"] == 200}


def hold_decisions(w, goods, log, says, standing=None):
    """Every product has an outcome, and that is what was answered to its own title; where
    its seller category speaks for it, what was answered to one of that category."""
    answers = told(log)
    title = {row[0]: row[1] for row in goods.rows}
    standing = w.mappings() if standing is None else standing
    items = w.rows("SELECT product_id, state, category_id, decided_by, code FROM run_item")
    world.eq(len(items), len(goods.rows), f"{says}: products that had their turn")
    kin_of = {}
    for sku, _, of, *_ in goods.rows:
        kin_of.setdefault(of, set()).add(answers.get(title[sku]))
    for sku, state, leaf, by, code in items:
        if by == "seller-category":
            kin = kin_of[goods.category[sku]]
            world.true(leaf in kin, f"{says}: {sku} has {leaf}, never told for its category: {kin}")
        elif state == "mapped":
            world.eq(leaf, answers.get(title[sku]), f"{says}: {sku}")
            world.eq(standing[sku], leaf, f"{says}: {sku} as it stands")
        elif state == "refused":
            world.eq(code, answers.get(title[sku]), f"{says}: {sku} was refused")


def to_the_end(w, words, says):
    """Taken up again until it is complete, after ends that say it can be; how often."""
    for resumes in range(RESUMES + 1):
        done = w.aisle(*words, timeout=3600)
        if done.code == 0:
            return resumes
        world.eq(done.code, 5, f"{says}: {done}")
        world.has(done.err, "aisle map run --resume ")
    raise world.Failed(f"{says}: not complete after {RESUMES} resumes: {done}")
