"""lives - a run that is killed again and again and taken up again, for crash.py and power.py"""
import collections
import os
import random
import time

import world
from goods import Goods

SEED = int(os.environ.get("AISLE_SEED", "1"))
KILLS = 200 if world.LONG else 6  # of each policy
PASSES = 3 * KILLS  # at most: a run that is through before it is killed is no kill
PRODUCTS = 500
JOBS = 8
FAULTS = ("--fault", "refuse=0.1", "--fault", "wrong=0.1", "--fault", "delay=1,ms=6")


def open_shop(w, goods):
    """A sandbox that knows the truth, its tree, and the catalogue, as before every run."""
    goods.write(w)
    sandbox = w.sandbox("--seed", "5", "--truth", w.path("truth.tsv"), *FAULTS)
    w.connect()
    w.ok("tree", "sync", "toko")
    w.ok("product", "import", "goods.csv")
    w.keep("before.db")
    return sandbox


def question(call):
    """What two calls have in common when one is a repeat of the other."""
    if call["path"] == world.RECOMMEND:
        return call["title"], call.get("image"), call["query"].get("category_version")
    return call.get("digest"),


def asked(calls):
    return [c for c in calls if c["path"] in (world.RECOMMEND, world.UPLOAD)]


def run_words(policy):
    return ("map", "run", "--policy", policy, "--jobs", str(JOBS))


class Lives:
    """Runs that are killed, each after some calls and a moment; then one that ends."""

    def __init__(self, w, sandbox, policy, calls, chance):
        self.w, self.sandbox, self.policy, self.chance = w, sandbox, policy, chance
        self.most_calls = max(2, 2 * calls // (KILLS + 1))  # a life; half of it on average
        self.kills, self.recorded = 0, set()
        self.ends = []  # how many calls there were when a life had ended

    def start(self):
        return self.w.start(*run_words(self.policy))

    def killed(self):
        """All it wrote is there."""

    def live(self):
        """How it ended, when that was before it was killed; else None."""
        before = self.sandbox.calls()
        enough = before + self.chance.randrange(self.most_calls)
        early = self.chance.random() < 0.2  # before it has done anything, perhaps
        child = self.start()
        while not early and child.poll() is None and self.sandbox.calls() < enough:
            time.sleep(0.002)
        time.sleep(self.chance.random() * (0.2 if early else 0.02))
        child.kill()
        done = self.w.finish(child)
        if done.code >= 0:
            return done
        self.killed()
        self.kills += 1
        if self.w.rows("SELECT state FROM run WHERE kind = 'map'") == [("done",)]:
            return done  # on its way out: another life would be another run
        time.sleep(0.05)  # until the calls that were under way are in the sandbox's log
        self.ends.append(self.sandbox.calls())
        self.recorded |= self.w.recorded()
        return None

    def hold_log(self, calls):
        """What was asked in one life and again in a later one: at most one question a thread,
        and none whose answer was recorded."""
        seen, life, lost = {}, 0, collections.Counter()
        for call in sorted(asked(calls), key=lambda c: c["seq"]):
            while life < len(self.ends) and call["seq"] > self.ends[life]:
                life += 1
            before = seen.setdefault(question(call), [])
            if before and before[-1][0] < life:
                lost[before[-1][0]] += 1
                again = [c for _, c in before if c["request_id"] in self.recorded]
                world.eq(again, [], f"asked again after kill {life}, though it was recorded")
            before.append((life, call))
        world.eq({n: count for n, count in lost.items() if count > JOBS}, {},
                 "questions asked a second time, by the life that asked first")


def one_pass(w, sandbox, policy, undisturbed, calls, chance, most_kills, kind):
    """From the store as it was before: killed and resumed until it is complete. How often."""
    sandbox.control("POST", "reset?what=images")
    w.back("before.db")
    begun = sandbox.calls()
    lives = kind(w, sandbox, policy, calls, chance)
    done = None
    while not done:
        done = lives.live() if lives.kills < most_kills else w.aisle(*run_words(policy))
    world.true(done.code in (0, 7, -9), done)
    print(f"# {policy}: {lives.kills} kills, {calls} calls undisturbed, "
          f"{sandbox.calls() - begun} with kills", flush=True)
    decided = w.decided()
    for what in undisturbed:
        world.eq(decided[what], undisturbed[what], what)
    lives.hold_log(sandbox.log(begun + 1))
    world.eq(w.rows("SELECT count(*) FROM run WHERE kind = 'map'"), [(1,)], "runs")
    w.ok("db", "check")
    return lives.kills


def killed_and_resumed(w, policy, kind=Lives):
    chance = random.Random(SEED)
    goods = Goods(PRODUCTS, seed=SEED)
    sandbox = open_shop(w, goods)
    begun = sandbox.calls()
    w.aisle(*run_words(policy))
    undisturbed, calls = w.decided(), sandbox.calls() - begun
    world.true(len(undisturbed["items"]) == PRODUCTS, "the undisturbed run is not complete")
    kills = 0
    for _ in range(PASSES):
        kills += one_pass(w, sandbox, policy, undisturbed, calls, chance, KILLS - kills, kind)
        if kills == KILLS:
            return
    raise world.Failed(f"killed {kills} times only")
