"""Power that fails, on SQLite: what was told as kept is on the disk. The program runs with disk.c
preloaded; then its folder becomes what a disk may have at that moment, and it goes on from there."""
import itertools
import os
import random
import sqlite3
import time

import lives
import world
from caught import stop
from disk import Disk
from goods import Goods

ROUNDS = 100 if world.LONG else 3


def without_preloading():
    if not os.environ.get("AISLE_DISK"):
        world.skip("AISLE_DISK does not name the library that writes down what is written")


class Lives(lives.Lives):
    """Each ends with the power."""

    def start(self):
        self.disk = Disk(self.w.folder)
        return self.w.start(*lives.run_words(self.policy), env=self.disk.env)

    def killed(self):
        self.disk.power_fails(self.chance)
        self.w.ok("db", "check")


@world.case("a guide run under which the power fails decides like an undisturbed one")
def _(w):
    without_preloading()
    lives.killed_and_resumed(w, "guide", Lives)


@world.case("a thrifty run under which the power fails decides like an undisturbed one")
def _(w):
    without_preloading()
    lives.killed_and_resumed(w, "thrifty", Lives)


def kept(w):
    """Every row of the store, and every file but SQLite's, the sandbox's and ours."""
    rows, files = [], {}
    if os.path.exists(w.path("aisle.db")):
        store = sqlite3.connect(f"file:{w.path('aisle.db')}?mode=ro", uri=True, timeout=30)
        rows = list(store.iterdump())
        store.close()
    for at, _, names in os.walk(w.folder):
        for name in names:
            if not name.startswith(("aisle.db", "sandbox.", "disk.log", "told.env")):
                with open(os.path.join(at, name), "rb") as file:
                    files[os.path.join(at, name)] = file.read()
    return rows, files


def ends_behind(w, *words, chance):
    """The power fails as soon as the program has said that all went well."""
    disk = Disk(w.folder)
    w.ok(*words, env=disk.env)
    disk.hold()
    before = kept(w)
    world.true(disk.power_fails(chance) > 0, "no sync was seen")
    rows, files = kept(w)
    world.eq(sorted(files), sorted(before[1]), f"files after aisle {' '.join(words)}")
    world.eq(rows, before[0], f"rows after aisle {' '.join(words)}")
    world.true(files == before[1], f"a file differs after aisle {' '.join(words)}")


def one_round(w, chance):
    sandbox = w.sandbox("--seed", "5")
    Goods(40, seed=lives.SEED).write(w)
    for words in (
            ("init",),
            ("shop", "add", "toko", "--api-url", sandbox.id["AISLE_SANDBOX_URL"],
             "--secrets", sandbox.env_file),
            ("tree", "sync", "toko"),
            ("product", "import", "goods.csv"),
            ("product", "add", "P-1", "--title", "Kaos Polos Katun Pria", "--category", "Kaos"),
            ("map", "run"),
            ("map", "approve", "P-1", "--category", "744161"),
            ("db", "backup", "copy.db"),
            ("db", "restore", "copy.db", "--yes")):
        ends_behind(w, *words, chance=chance)


@world.case("what a command said it did is there though the power fails right behind it")
def _(w):
    without_preloading()
    chance = random.Random(lives.SEED)
    for _ in range(ROUNDS):
        world.within(w, lambda other: one_round(other, chance))


def add_until(w, disk, number, enough, chance):
    """Three processes at a time, each adds a product; all are killed at once, some time after so
    many ended well. Whose products those were."""
    told, numbers, end = [], itertools.count(), None
    streams = [None] * 3
    while end is None or time.monotonic() < end:
        for i, child in enumerate(streams):
            if child and child.poll() is None:
                continue
            if child:
                world.eq(w.finish(child).code, 0, "product add")
                told.append(child.words[2])
            streams[i] = w.start("product", "add", f"{number}-{next(numbers)}", "--title", "Kaos Polos",
                                 env=disk.env)
        if end is None and len(told) >= enough:
            end = time.monotonic() + chance.random() * 0.1
        time.sleep(0.002)
    for child in streams:
        stop(child)  # at the end of a write to the log that they share
    for child in streams:
        child.kill()
    return told + [child.words[2] for child in streams if w.finish(child).code == 0]


@world.case("what any of several processes said is there though the power fails under all of them")
def _(w):
    without_preloading()
    chance = random.Random(lives.SEED)
    w.ok("init")
    told = set()
    for number in range(ROUNDS):
        disk = Disk(w.folder)
        reader = sqlite3.connect(f"file:{w.path('aisle.db')}?mode=ro", uri=True)
        reader.execute("SELECT count(*) FROM product").fetchall()  # the last to leave would sync it all
        told.update(add_until(w, disk, number, chance.randrange(8), chance))
        reader.close()
        disk.power_fails(chance)
        w.ok("db", "check")
        world.eq(sorted(told - {row[0] for row in w.rows("SELECT id FROM product")}), [], "lost")
    print(f"# {len(told)} told", flush=True)


if __name__ == "__main__":
    world.main()
