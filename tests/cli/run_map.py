"""mapping and deciding, from the shell, against a sandbox"""
import csv
import io
import json
import os
import signal
import time

import market
import run


@run.case("a catalogue is mapped; the end tells by whom, the calls, and what is next")
def _(t):
    sandbox = market.stocked(t)
    done = t.aisle("map", "run", "--json")
    t.eq(done.code, 0, done.err)
    row = done.json()
    t.eq((row["state"], row["total"], row["done"]), ("done", 6, 6))
    t.eq(len(sandbox.calls("/recommend")), row["recommends"])
    t.has(done.err, "mapped", "calls")
    again = t.aisle("map", "run", "--fresh", "--json").json()
    t.true(again["total"] <= row["total"] - row["mapped"], "what is decided is not asked")
    status = t.aisle("map", "status", "--json").json()[0]
    t.eq(status["products"], 6)
    t.true(row["run"] in [run["run"] for run in
                          t.aisle("job", "list", "--kind", "map", "--json").json()])
    t.eq(t.aisle("job", "show", row["run"], "--json").json()["calls"], row["calls"])
    t.eq(len(t.aisle("job", "items", row["run"]).rows()), 6)


@run.case("without a tree there is nothing to map onto, and the way to one is told")
def _(t):
    market.shop(t)
    done = t.aisle("map", "run", "--target", "toko-a")
    t.eq(done.code, 3)
    t.has(done.err, "try: aisle tree sync toko-a")


@run.case("a dry run calls nobody and decides nothing")
def _(t):
    sandbox = market.stocked(t)
    before = len(sandbox.calls())
    done = t.aisle("map", "run", "--dry-run", "--json")
    t.eq((done.code, done.json()["state"], done.json()["total"]), (0, "dry-run", 6))
    t.eq(len(sandbox.calls()), before)
    t.eq(t.aisle("map", "history").out, "")


@run.case("options of a run that do not go together are misuse, dry or not")
def _(t):
    t.eq(t.aisle("init").code, 0)
    for more in ([], ["--dry-run"]):
        done = t.aisle("map", "run", "--policy", "guide", "--accept-at", "0.9", *more)
        t.eq((done.code, done.out), (2, ""), done.err)
        t.has(done.err, "--accept-at goes with --policy thrifty")


@run.case("a budget ends a run with code 8, and it is taken up again")
def _(t):
    market.stocked(t)
    done = t.aisle("map", "run", "--policy", "guide", "--budget", "3", "--json")
    t.eq(done.code, 8)
    t.has(done.err, "try: aisle map run --resume r-")
    t.true(done.json()["calls"] <= 3)
    done = t.aisle("map", "run", "--resume", done.json()["run"], "--json")
    t.eq(done.code, 0, done.err)
    t.eq((done.json()["resumed"], done.json()["done"]), (True, 6))


@run.case("a budget is of this time, and what a run may make in all is told at its end")
def _(t):
    market.stocked(t)
    none = t.aisle("map", "run", "--policy", "guide", "--budget", "0")
    t.eq(none.code, 8, none.err)
    t.has(none.err, "try: aisle map run --resume r-")
    t.true("--budget" not in none.err, none.err)
    for calls in (3, 6):
        done = t.aisle("map", "run", "--policy", "guide", "--jobs", "1", "--budget", "3", "--json")
        t.eq((done.code, done.json()["calls"], done.json()["resumed"]), (8, calls, True), done.err)
        t.has(done.err, "--budget 3", f"{calls} of {calls} calls")


@run.case("a run that ended early and was undone is not taken up, and the next maps all of it")
def _(t):
    market.stocked(t)
    left = t.aisle("map", "run", "--policy", "guide", "--jobs", "1", "--budget", "3", "--json").json()["run"]
    back = t.aisle("map", "undo", left)
    t.eq(back.code, 0, back.err)
    t.has(back.err, "it is over")
    shown = t.aisle("job", "show", left)
    t.has(shown.out, "undone")
    t.true("--resume" not in shown.err, shown.err)
    again = t.aisle("map", "run", "--resume", left)
    t.eq(again.code, 6, again.err)
    t.has(again.err, "was undone: begin a new one")
    done = t.aisle("map", "run", "--policy", "guide", "--json").json()
    t.eq((done["resumed"], done["done"], done["total"]), (False, 6, 6))


def until_begun(t, child):
    """Its run is there, and so it listens to signals: the scene's own runs are of other kinds."""
    while child.poll() is None and not t.aisle("job", "list", "--kind", "map", "--json").json():
        time.sleep(0.05)


@run.case("Ctrl-C ends a run cleanly with code 130 and says how to go on")
def _(t):
    market.stocked(t)
    t.eq(t.aisle("sandbox", "fault", "delay=1,ms=3000").code, 0)
    child = t.start("map", "run", "--policy", "guide", "--jobs", "1",
                    stdout=run.subprocess.PIPE, stderr=run.subprocess.PIPE)
    until_begun(t, child)
    child.send_signal(signal.SIGINT)
    out, err = child.communicate(timeout=120)
    t.eq(child.returncode, 130, err)
    t.has(err, "try: aisle map run --resume r-")
    t.has(out, "state\tstopped")
    t.eq(t.aisle("sandbox", "fault").code, 0)
    done = t.aisle("map", "run", "--policy", "guide", "--json")
    t.eq((done.code, done.json()["resumed"], done.json()["done"]), (0, True, 6), done.err)


@run.case("the second Ctrl-C ends it at once")
def _(t):
    market.stocked(t)
    t.eq(t.aisle("sandbox", "fault", "delay=1,ms=8000").code, 0)
    child = t.start("map", "run", "--policy", "guide", "--jobs", "1",
                    stdout=run.subprocess.DEVNULL, stderr=run.subprocess.PIPE)
    until_begun(t, child)
    child.send_signal(signal.SIGINT)
    time.sleep(0.3)
    child.send_signal(signal.SIGINT)
    child.communicate(timeout=120)
    t.true(child.returncode in (-signal.SIGINT, 130), child.returncode)


@run.case("decisions are approved, rejected, undone and redone")
def _(t):
    market.stocked(t)
    done = t.aisle("map", "approve", "K-1", "K-2", "--category",
                   "Fashion Pria > Atasan Pria > Kaos Pria", "--because", "seen it", "--json")
    t.eq(done.code, 0, done.err)
    batch = done.json()["batch"]
    t.eq(done.json(), {"batch": batch, "decided": 2, "refused": 0})
    t.has(done.err, f"to take it back: aisle map undo {batch}")
    mapped = {row["key"]: row for row in t.aisle("map", "export", "--json").json()}
    t.eq((mapped["K-1"]["category"], mapped["K-1"]["state"]), ("744161", "accepted"))
    back = t.aisle("map", "undo", batch, "--json").json()
    t.eq(back["reversed"], 2)
    t.eq(t.aisle("map", "export", "--json").json(), [])
    t.eq(t.aisle("map", "undo", back["batch"], "--json").json()["reversed"], 2)
    t.eq(t.aisle("map", "reject", "K-1").code, 0)
    partly = t.aisle("map", "none", "K-2", "nobody", "--fields", "decided,refused")
    t.eq((partly.code, partly.rows()), (7, [["decided", "1"], ["refused", "1"]]), partly.err)
    states = [row["state"] for row in t.aisle("map", "history", "--json").json()]
    t.eq(states[:2], ["none", "rejected"])
    who = t.aisle("map", "history", "--limit", "1", "--json",
                  env={"AISLE_USER": "sari"}).json()[0]
    t.eq(who["by"], "person")
    t.eq(t.aisle("map", "undo", "b-nothing").code, 4)
    refused = t.aisle("map", "approve", "K-1")
    t.eq(refused.code, 6)
    t.has(refused.err, "nothing is proposed for K-1")


@run.case("a leaf that cannot be is refused in words, and nothing is decided")
def _(t):
    market.stocked(t)
    for category, why in (("Fashion Pria", "leaf"), ("999999999", "no category"),
                          ("", "nothing is proposed")):
        words = ["map", "approve", "K-1"] + (["-c", category] if category else [])
        done = t.aisle(*words)
        t.true(done.code in (4, 6), (category, done.code))
        t.true(done.err)
    t.eq(t.aisle("map", "approve", "nobody", "-c", "744161").code, 4)
    t.eq(t.aisle("map", "history").out, "")


@run.case("a dry run of a decision judges and keeps nothing")
def _(t):
    market.stocked(t)
    done = t.aisle("map", "approve", "K-1", "-c", "744161", "--dry-run", "--json")
    t.eq(done.code, 0, done.err)
    t.eq(done.json(), {"batch": None, "decided": 1, "refused": 0})
    t.eq(t.aisle("map", "history").out, "")


@run.case("what is open is reviewed key by key, without a terminal")
def _(t):
    market.stocked(t)
    done = t.aisle("map", "review", "--by-product", "--json", stdin="an/kaos pria\n1xs?zq")
    t.eq(done.code, 0, done.err)
    row = done.json()
    t.eq((row["open"], row["skipped"]), (6, 1))
    t.eq((row["accepted"], row["none"], row["rejected"]), (2, 1, 1))
    t.has(done.err, "search the tree", "no such key")


@run.case("a review takes its last decision back")
def _(t):
    market.stocked(t)
    done = t.aisle("map", "review", "--by-product", "--json", stdin="aauq")
    t.eq(done.json()["accepted"], 1)
    t.eq([row["state"] for row in t.aisle("map", "history", "--json").json()],
         ["cleared", "accepted", "accepted"])


@run.case("on a terminal one key is enough, and the terminal is left as it was")
def _(t):
    market.stocked(t)
    shown = t.terminal("map", "review", keys="aq", size=(30, 100))
    t.eq(shown.code, 0, shown.out)
    t.has(shown.out, "accepted", "[2/")


@run.case("the open items go to a sheet and come back decided")
def _(t):
    market.stocked(t)
    sheet = t.aisle("map", "export", "--open", "--by-product")
    t.has(sheet.out.splitlines()[0], "decision", "candidate_1")
    lines = sheet.out.lstrip("\ufeff").splitlines()
    head = lines[0].split(",")
    at = {name: i for i, name in enumerate(head)}
    rows = list(csv.reader(io.StringIO(sheet.out.lstrip("\ufeff"))))
    rows[1][at["decision"]] = "744161"
    rows[2][at["decision"]] = "none"
    rows[3][at["decision"]] = "Fashion Pria"
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    t.write("sheet.csv", text.getvalue())
    dry = t.aisle("map", "import", "sheet.csv", "--dry-run", "--json").json()
    t.eq((dry["accepted"], dry["none"], dry["refused"]), (1, 1, 1))
    t.eq(dry["batch"], None, "there is nothing to take back")
    t.eq(t.aisle("map", "history").out, "")
    done = t.aisle("map", "import", "sheet.csv", "--json")
    t.eq(done.code, 7)
    t.has(done.err, "line 4")
    t.eq((done.json()["accepted"], done.json()["none"]), (1, 1))
    t.true(done.json()["batch"].startswith("b-"))
    again = t.aisle("map", "import", "sheet.csv", "--json")
    t.eq((again.code, again.json()["batch"]), (6, None))
    t.has(again.err, "line 2", "line 3")
    tried = t.aisle("map", "import", "sheet.csv", "--dry-run", "--json")
    t.eq((tried.code, tried.json()["accepted"], tried.json()["refused"]), (6, 0, 3))


@run.case("mappings are carried to another platform as proposals")
def _(t):
    market.stocked(t)
    t.eq(t.aisle("tree", "sync", "toko-a:v2:TOKOPEDIA").code, 0)
    t.eq(t.aisle("map", "approve", "K-1", "-c", "744161", "-t", "toko-a").code, 0)
    done = t.aisle("map", "carry", "--from", "toko-a", "--to", "toko-a:v2:TOKOPEDIA",
                   "--json")
    t.eq(done.code, 0, done.err)
    t.eq(sum(done.json()[name] for name in ("same_id", "same_path", "same_name",
                                            "by_matcher")), 1)
    row = t.aisle("map", "export", "-t", "toko-a:v2:TOKOPEDIA", "--json").json()[0]
    t.eq((row["key"], row["state"]), ("K-1", "proposed"))
    t.eq(t.aisle("map", "carry").code, 2)


@run.case("rules whose leaves are gone, closed or none any more take no more products, and are named")
def _(t):
    market.stocked(t)
    for word, leaf in (("zzkaos", "744161"), ("zztote", "793171"), ("zzkursi", "984151")):
        t.eq(t.aisle("map", "rules", "add", "--words", word, "--category", leaf).code, 0)
    t.eq([row["open"] for row in t.aisle("map", "rules", "--json").json()], [True] * 3)
    t.eq(t.aisle("sandbox", "evolve", os.path.join(market.DATA, "evolve.json")).code, 0)
    t.eq(t.aisle("tree", "sync", "toko-a").code, 0)
    t.write("z.csv", "sku,title\nZ-1,Zzkaos\nZ-2,Zztote\nZ-3,Zzkursi\n")
    t.eq(t.aisle("product", "import", "z.csv").code, 0)
    done = t.aisle("map", "run", "--json")
    t.eq(done.json()["by_rule"], 0)
    t.has(done.err, '"words=zzkaos" to 744161', '"words=zztote" to 793171',
          '"words=zzkursi" to 984151')
    t.eq([row for row in t.aisle("map", "history", "--json").json() if row["by"] == "rule"], [])
    t.eq([row["open"] for row in t.aisle("map", "rules", "--json").json()], [False] * 3)


@run.case("a file of rules that contradicts itself is refused by line, and one said twice is one rule")
def _(t):
    market.stocked(t)
    many = [f"744161\tqqword{i}" for i in range(70)]
    t.write("dup.tsv", "\n".join(["# aisle rules 1", "744161\tkaos", *many, "793171\tkaos"]) + "\n")
    for wish in (["--dry-run"], []):
        done = t.aisle("map", "rules", "import", "dup.tsv", *wish)
        t.eq(done.code, 6, done.err)
        t.has(done.err, "dup.tsv: line 73:", "793171", "744161 in line 2")
    t.eq(t.aisle("map", "rules", "--json").json(), [])
    t.write("same.tsv", "# aisle rules 1\n744161\tkaos polos\n744161\tpolos kaos\n")
    for wish in (["--dry-run"], []):
        done = t.aisle("map", "rules", "import", "same.tsv", *wish)
        t.has(done.err, "1 rule kept, 1 stood already")


@run.case("more rules than there may be are refused before the first is kept, in a dry run too")
def _(t):
    market.stocked(t)
    many = [f"744161\tqqword{i}" for i in range(10001)]
    t.write("many.tsv", "\n".join(["# aisle rules 1", *many]) + "\n")
    for wish in (["--dry-run"], []):
        done = t.aisle("map", "rules", "import", "many.tsv", *wish)
        t.eq(done.code, 8, done.err)
        t.has(done.err, "many.tsv: line 10002:", "at most 10000 rules")
    t.eq(t.aisle("map", "rules", "--json").json(), [])
    t.eq(t.aisle("map", "run").code, 0)


@run.case("the matcher answers without asking anyone")
def _(t):
    sandbox = market.stocked(t)
    before = len(sandbox.calls())
    found = t.aisle("map", "suggest", "kaos pria", "--json").json()
    t.true(found and 0 < found[0]["confidence"] <= 1)
    t.eq(t.aisle("map", "suggest", "--product", "B-3", "--json").code, 0)
    rows = t.aisle("test", "match", stdin="kaos pria\nbotol minum\n").rows()
    t.eq([row[0] for row in rows], ["kaos pria", "botol minum"])
    t.eq(len(sandbox.calls()), before)


@run.case("a file of products is answered line for line by the names of the tree")
def _(t):
    sandbox = market.stocked(t)
    before = len(sandbox.calls())
    rows = "id,title\n1,Kaos polos pria\n2,\n3,Botol minum stainless\n"
    done = t.aisle("map", "suggest", "--jsonl", "--limit", "2", stdin=rows)
    t.eq(done.code, 7, done.err)
    answers = [run.json.loads(line) for line in done.out.splitlines()]
    t.eq([a["id"] for a in answers], ["1", "2", "3"])
    t.eq([len(a["suggestions"]) for a in answers], [2, 0, 2])
    t.has(answers[0]["suggestions"][0]["category_path"], "Men's Fashion")
    t.has(answers[1]["error"], "no title")
    t.eq(t.aisle("map", "suggest", stdin=rows).code, 2)
    t.eq(len(sandbox.calls()), before)


@run.case("a model of a tree is judged by ids as they stand, and by paths with --target")
def _(t):
    market.stocked(t)
    best = t.aisle("map", "suggest", "kaos pria", "--json").json()[0]
    leaf, path = best["id"], best["path"]
    t.write("ids.csv", "title,category\n" + "".join(f"zarvina seri {n},{leaf}\n" for n in range(60)))
    t.write("paths.csv", "title,category\n" + "".join(f"zarvina seri {n},{path}\n" for n in range(60))
            + "zarvina,Nowhere > At all\n")
    done = t.aisle("model", "train", "paths.csv", "--target", "toko-a", "-o", "m", "--json")
    t.eq((done.code, done.json()["rows"], done.json()["left_out"]), (7, 60, 1), done.err)
    t.has(done.err, "warning: 1 row left out: the category is no leaf")
    t.eq(t.aisle("model", "eval", "ids.csv", "-m", "m", "--json").json()[0]["right"], 1)
    done = t.aisle("model", "eval", "paths.csv", "-m", "m", "--json")
    t.eq((done.code, done.json()[0]["right"]), (0, 0))
    t.has(done.err, "no row has its category in the first ten", "say --target")
    done = t.aisle("model", "eval", "paths.csv", "-m", "m", "--target", "toko-a", "--json")
    t.eq((done.code, done.json()[0]["rows"], round(done.json()[0]["right"] * 61)), (0, 61, 60), done.err)


@run.case("a model of the tree helps a run and a suggestion, and is done without when it cannot")
def _(t):
    market.stocked(t)
    leaf = t.aisle("map", "suggest", "kaos pria", "--json").json()[0]["id"]
    t.write("train.csv", "title,category_id\n" + "".join(f"zarvina seri {n},{leaf}\n" for n in range(60)))
    done = t.aisle("model", "train", "train.csv", "--target", "toko-a", "-o", "shop.model")
    t.eq(done.code, 0, done.err)
    ask = ("map", "suggest", "zarvina emerald", "--json")
    t.eq(t.aisle(*ask).json(), [])
    t.eq(t.aisle(*ask, "--model", "shop.model").json()[0]["id"], leaf)
    with open(t.path("aisle.ini"), "a") as file:
        file.write("\nmodel = shop.model\n")
    t.eq(t.aisle(*ask).json()[0]["id"], leaf)
    whole = open(t.path("shop.model"), "rb").read()
    with open(t.path("shop.model"), "wb") as file:
        file.write(whole[:len(whole) // 2])
    done = t.aisle(*ask)
    t.eq((done.code, done.json()), (0, []))
    t.has(done.err, "cut short", "going on without a model")
    done = t.aisle("map", "suggest", "kaos pria", "--model", "shop.model", "--json")
    t.eq((done.code, done.json()[0]["id"]), (0, leaf))
    t.has(done.err, "cut short", "going on without a model")
    done = t.aisle("map", "suggest", "--jsonl", "--model", "shop.model", stdin="title\nkaos pria\n")
    t.eq((done.code, json.loads(done.out)["suggestions"][0]["category_id"]), (0, leaf))
    done = t.aisle("map", "run", "--json")
    t.eq((done.code, done.json()["done"]), (0, 6), done.err)
    t.has(done.err, "going on without a model")
    os.remove(t.path("shop.model"))
    t.has(t.aisle(*ask).err, "there is no model", "going on without one")
    t.eq(t.aisle("map", "run", "--model", "nowhere.model").code, 4)
    os.mkdir(t.path("models"))
    for words in (["map", "run"], ["map", "suggest", "kaos pria"]):
        done = t.aisle(*words, "--model", "models")
        t.eq((done.code, done.err), (4, "aisle: name a model's file, not the folder models\n"))


@run.case("--also offers what is open on both platforms")
def _(t):
    market.stocked(t)
    here, also = ("--target", "toko-a"), ("--also", "toko-a:v2:TOKOPEDIA")
    done = t.aisle("map", "suggest", "kaos pria", *also)
    t.eq(done.code, 3)
    t.has(done.err, "sync it")
    t.eq(t.aisle("tree", "sync", "toko-a:v2:TOKOPEDIA").code, 0)
    there = {row["id"]: row for row in t.aisle("tree", "show", "--target", "toko-a:v2:TOKOPEDIA", "--leaves",
                                               "--json").json()}
    for title in ("kaos pria", "botol minum", "boneka beruang", "cincin emas"):
        ask = ("map", "suggest", title, *here, "--limit", "20", "--json")
        alone = [row["id"] for row in t.aisle(*ask).json()]
        both = [row["id"] for row in t.aisle(*ask, *also).json()]
        t.true(set(both) <= set(alone) & set(there), title)
    done = t.aisle("map", "run", *here, *also, "--json")
    t.eq((done.code, done.json()["done"]), (0, 6), done.err)
    for row in t.aisle("map", "list", *here, "--json").json():
        t.true(row["state"] != "accepted" or row["leaf"] in there, row)


@run.case("a map left to workers has its model and its other platform from who left it")
def _(t):
    market.stocked(t)
    also = "toko-a:v2:TOKOPEDIA"
    add = ("work", "add", "map", "--target", "toko-a", "--model", "shop.model", "--also", also)
    done = t.aisle(*add)
    t.eq(done.code, 3)
    t.has(done.err, "there is no shop.model here", "sync it")
    t.eq(t.aisle("work", "list", "--json").json(), [])
    t.eq(t.aisle("tree", "sync", also).code, 0)
    t.write("shop.model", "cut short")
    done = t.aisle(*add)
    t.eq((done.code, "no shop.model here" in done.err), (0, False), done.err)
    t.eq(json.loads(t.aisle("work", "list", "--json").json()[0]["parameters"])["also"], also)
    done = t.aisle("worker", "--until-empty")
    t.eq(done.code, 0, done.err)
    t.has(done.err, t.path("shop.model"), "going on without a model", "1 done")
    there = {row["id"] for row in t.aisle("tree", "show", "--target", also, "--leaves", "--json").json()}
    rows = t.aisle("map", "list", "--target", "toko-a", "--json").json()
    t.eq({row["leaf"] for row in rows if row["state"] == "accepted"} - there, set())
    t.true(rows, "decided nothing")


@run.case("two sellers share approvals once both said so, and see how they stand")
def _(t):
    market.stocked(t)
    t.write("other.csv", "sku,title\nZ-1,zarvina quansi\n")
    t.eq(t.aisle("product", "import", "other.csv", "--seller", "zeta").code, 0)
    leaf = t.aisle("map", "suggest", "kaos pria", "--json").json()[0]["id"]
    done = t.aisle("map", "approve", "Z-1", "--category", leaf, "--seller", "zeta")
    t.eq(done.code, 0, done.err)
    t.eq(t.aisle("map", "suggest", "quansi zarvina", "--json").json(), [])
    done = t.aisle("map", "share", "zeta", "--json")
    t.eq(done.json(), [{"with": "zeta", "given": True, "granted": False, "shared": False}])
    t.has(done.err, "aisle map share default --seller zeta")
    t.eq(t.aisle("map", "suggest", "quansi zarvina", "--json").json(), [])
    t.eq(t.aisle("map", "share", "default", "--seller", "zeta", "--json").json()[0]["shared"], True)
    t.eq(t.aisle("map", "suggest", "quansi zarvina", "--json").json()[0]["id"], leaf)
    t.eq(t.aisle("map", "share", "zeta", "--off").code, 0)
    t.eq(t.aisle("map", "suggest", "quansi zarvina", "--json").json(), [])
    t.eq(t.aisle("map", "share", "nobody").code, 4)
    t.eq(t.aisle("map", "share", "--off").code, 2)


@run.case("what is decided elsewhere while a run goes on informs it")
def _(t):
    refuse = "refuse=1,path=/recommend"
    sandbox = market.synced(t, "--fault", refuse, "--fault", "delay=1,ms=3000,path=/recommend")
    lines = [f"K-{n:02},zarvina quansi nomor {n},Etalase {n:02}" for n in range(16)]
    t.write("products.csv", "sku,title,category\nZ-99,zarvina quansi,Zz\n" + "\n".join(lines) + "\n")
    t.eq(t.aisle("product", "import", "products.csv").code, 0)
    leaf = t.aisle("map", "suggest", "kaos pria", "--json").json()[0]["id"]
    child = t.start("map", "run", "--jobs", "1", "--json", stdout=run.subprocess.PIPE,
                    stderr=run.subprocess.PIPE)
    while len(sandbox.calls("/recommend")) < 3 and child.poll() is None:
        time.sleep(0.1)
    t.eq(t.aisle("map", "approve", "Z-99", "--category", leaf).code, 0)
    t.eq(child.poll(), None, "it had the decision's time and more")
    t.eq(t.aisle("sandbox", "fault", refuse, "delay=1,ms=700,path=/recommend").code, 0)
    _, err = child.communicate(timeout=120)
    t.eq(child.returncode, 0, err)
    rows = {row["id"]: row for row in t.aisle("map", "list", "--json").json()}
    t.eq((rows["K-00"]["state"], rows["K-15"]["state"]), ("open", "proposed"), rows)
    t.eq((rows["K-15"]["leaf"], rows["K-15"]["by"]), (leaf, "local"))


@run.case("progress is shown on a terminal, and nowhere else")
def _(t):
    market.stocked(t)
    t.eq(t.aisle("sandbox", "fault", "delay=1,ms=200").code, 0)
    shown = t.terminal("map", "run", "--policy", "guide", size=(24, 100))
    t.has(shown.out, "calls", "/6")
    t.lacks(t.aisle("map", "run", "--fresh", "--policy", "guide").err, "\r")


run.main()
