"""A model trained from what was decided, by whichever worker: whole or not there, used by all."""
import os

import world
from caught import put_to_sleep, taken_by
from mapping import run_words, scene
from until import until

LEASE = 3
PRODUCTS = 300
S3 = {name: os.environ.get("AISLE_TEST_S3" + name, "") for name in ("", "_KEY_ID", "_SECRET",
                                                                     "_BUCKET")}
NOTHING_ELSE = ("--sync-every", "0", "--requirements-every", "0", "--status-every", "0")


def decided(w, count=PRODUCTS):
    scene(w, count=count)
    if S3[""]:
        w.env.update(AISLE_OBJECTS=f"s3://{S3['_BUCKET']}/training-{os.getpid()}",
                     AISLE_OBJECTS_ENDPOINT=S3[""], AISLE_S3_KEY_ID=S3["_KEY_ID"],
                     AISLE_S3_SECRET=S3["_SECRET"])
        w.secrets.add(S3["_SECRET"])
    w.ok(*run_words())


def models(w):
    return w.ok("model", "info", "--json").json()


def fetched(w):
    """What this machine keeps of an object store's models."""
    folder = os.path.join(w.env.get("XDG_CACHE_HOME") or os.path.join(w.env["HOME"], ".cache"),
                          "aisle", "models")
    return sorted(os.listdir(folder)) if os.path.isdir(folder) else []


def hold_used(w, model):
    """Whoever asks maps the newest one: from where it lies, or from a copy it fetches."""
    w.ok("map", "suggest", "kaos pria")
    if S3[""]:
        world.eq([name.split("-", 1)[1] for name in fetched(w)], [os.path.basename(model["file"])],
                 "fetched")
    else:
        world.true(os.path.exists(w.path("objects", *model["file"].split("/"))), "kept")
    world.eq("not used" in w.ok("map", "suggest", "kaos pria", "-v").err, False, "used")


def kill_one_that_trains(w, words):
    """One that was through before is asked to train again."""
    for _ in range(20):
        child = w.start(*words)
        until(lambda: w.rows("SELECT state FROM task") != [("waiting",)], "nobody trains")
        caught = put_to_sleep(w, child) and taken_by(w, child)
        child.kill()
        w.finish(child)
        if caught:
            return
        w.ok("work", "add", "train")
    raise world.Failed("never killed while it trained")


@world.case("one of several workers trains, and when it is killed another does")
def _(w):
    decided(w)
    world.eq(models(w), [], "nothing yet")
    w.ok("work", "add", "train")
    world.has(w.ok("work", "add", "train").err, "nothing new")
    words = ("worker", "--until-empty", "--lease", f"{LEASE}s", "--slots", "1")
    kill_one_that_trains(w, words)
    for child in [w.start(*words) for _ in range(2)]:
        done = w.finish(child)
        world.eq(done.code, 0, str(done))
    [(state, attempts)] = w.rows("SELECT state, attempts FROM task")
    world.eq(state, "done")
    world.true(attempts > 1, "not taken over")
    [model] = models(w)
    world.eq(model["newer"], 0, "decisions that are not in it")
    world.true(model["rows"] > PRODUCTS / 2, f"learnt {model}")
    hold_used(w, model)


@world.case("by the clock a model is trained once enough is decided, and an older one makes room")
def _(w):
    decided(w)
    words = ("worker", "--once", *NOTHING_ELSE, "--train-every", "1h")
    world.has(w.ok(*words).err, "1 done")
    [first] = models(w)
    w.store.change("DELETE FROM lease")
    world.has(w.ok(*words).err, "0 done")
    for title in ("satu", "dua"):
        w.ok("product", "add", f"baru-{title}", "--title", f"kaos pria {title}")
        leaf = w.ok("map", "suggest", "kaos pria", "--json").json()[0]["id"]
        w.ok("map", "approve", f"baru-{title}", "--category", leaf)
        world.eq(models(w)[0]["newer"], 1, "not in it yet")
        w.ok("work", "add", "train")
        world.has(w.ok("worker", "--until-empty").err, "1 done")
    [last] = models(w)
    world.true(last["last_decision"] > first["last_decision"], "newer")
    hold_used(w, last)
    if not S3[""]:
        world.true(not os.path.exists(w.path("objects", *first["file"].split("/"))), "dropped")


@world.case("a label set is learnt by a worker, beside decisions, and once it is gone unlearnt")
def _(w):
    decided(w)
    leaf = w.ok("map", "suggest", "kaos pria", "--json").json()[0]["id"]
    w.write("old.csv", "title,category\n" +
            "".join(f"zarvina quansi {n},{leaf}\n" for n in range(100)))
    worker = ("worker", "--once", *NOTHING_ELSE, "--train-every", "1h")
    w.ok("label", "import", "old.csv", "--name", "old")
    world.has(w.ok(*worker).err, "1 done")
    [model] = models(w)
    world.eq((model["labelled"], model["labels_changed"]), (100, False), "learnt")
    world.true(model["rows"] > 100 + PRODUCTS / 2, f"beside decisions {model}")
    world.eq(w.ok("map", "suggest", "zarvina quansi", "--json").json()[0]["id"], leaf, "proposed")
    w.keep("learnt.db")
    w.ok("label", "remove", "old", "--yes")
    world.eq(models(w)[0]["labels_changed"], True, "an old one by now")
    w.store.change("DELETE FROM lease")
    world.has(w.ok(*worker).err, "1 done")
    [model] = models(w)
    world.eq((model["labelled"], model["labels_changed"]), (0, False), "unlearnt")
    answer = w.ok("map", "suggest", "zarvina quansi", "--json").json()
    world.true(all(row["confidence"] < 0.5 for row in answer), f"proposed still: {answer}")
    hold_used(w, model)


@world.case("a run that takes the matcher's word by what was decided asks no model that was told it")
def _(w):
    decided(w)
    w.ok("work", "add", "train")
    w.ok("worker", "--until-empty")
    [model] = models(w)
    if S3[""]:
        world.eq(fetched(w), [], "not yet")
        w.ok("map", "run", "--accept-at", "0.98")
        world.eq(fetched(w), [], "done without")
    w.ok("map", "run", "--fresh")
    hold_used(w, model)


if __name__ == "__main__":
    world.main()
