"""Killed with SIGKILL at any moment and taken up again: the end is that of an undisturbed
run, and no answer that was recorded is asked for a second time."""
import random
import time

import world
from lives import KILLS, SEED, killed_and_resumed


@world.case("a guide run killed at any moment and resumed decides like an undisturbed one")
def _(w):
    killed_and_resumed(w, "guide")


@world.case("a thrifty run killed at any moment and resumed decides like an undisturbed one")
def _(w):
    killed_and_resumed(w, "thrifty")


@world.case("a sync killed at any moment leaves the old tree or the new one")
def _(w):
    chance = random.Random(SEED)
    sandbox = w.sandbox("--seed", "5")
    w.connect()
    words = ("tree", "sync", "toko", "--locale", "id-ID,en-US")

    def export():
        return w.ok("tree", "export", "--target", "toko").out

    w.ok(*words)
    trees = [export()]
    with open(f"{world.OWN_DATA}/evolve.json", encoding="utf-8") as file:
        edits = w.write("edits.json", file.read())
    sandbox_words = ("sandbox", "evolve", edits, "--env-file", sandbox.env_file)
    w.ok(*sandbox_words)
    w.ok(*words)
    trees.append(export())
    world.true(trees[0] != trees[1], "the edits changed nothing")

    begun = sandbox.calls()
    w.ok(*words)
    calls = sandbox.calls() - begun
    kills = number = 0
    while kills < KILLS:  # one that is through before it is killed is no kill
        world.true(number < 20 * KILLS, f"killed {kills} times only")
        if number % 2:
            w.ok(*sandbox_words)
        else:
            sandbox.control("POST", "reset?what=tree")
        new = trees[number % 2]
        old = trees[1 - number % 2]
        begun, enough = sandbox.calls(), chance.randint(0, calls)
        child = w.start(*words)
        while child.poll() is None and sandbox.calls() < begun + enough:
            time.sleep(0.002)
        time.sleep(chance.random() * 0.1)  # it reads and keeps what it was told
        child.kill()
        kills += w.finish(child).code < 0
        world.true(export() in (old, new), "half a tree")
        w.ok(*words)
        world.true(export() == new, "the next sync did not bring the new tree")
        number += 1
    print(f"# {kills} of {number} syncs were killed", flush=True)
    w.ok("db", "check")


if __name__ == "__main__":
    world.main()
