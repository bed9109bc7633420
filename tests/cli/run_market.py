"""shops, trees and mappings, from the shell, against a sandbox"""
import os
import signal
import time

import market
import run


@run.case("a shop is connected with the keys in the environment, and tested")
def _(t):
    market.shop(t)
    row = t.aisle("shop", "list", "--json").json()[0]
    t.eq((row["shop"], row["channel"], row["region"]), ("toko-a", "tiktok", "ID"))
    done = t.aisle("shop", "test", "toko-a", "--json")
    t.eq((done.code, len(done.json())), (0, 1))
    t.eq(t.aisle("shop", "test", "toko-b").code, 4)


@run.case("a shop is connected with secrets from a file only its owner may read")
def _(t):
    t.eq(t.aisle("init").code, 0)
    market.Sandbox(t)
    for name in list(t.env):
        if name.startswith("TIKTOK"):
            del t.env[name]
    url = t.env["AISLE_SANDBOX_URL"]
    os.chmod(t.path("sandbox.env"), 0o644)
    done = t.aisle("shop", "add", "toko-a", "--api-url", url, "--secrets", "sandbox.env")
    t.eq(done.code, 3)
    t.has(done.err, "others may read it")
    os.chmod(t.path("sandbox.env"), 0o600)
    t.eq(t.aisle("shop", "add", "toko-a", "--api-url", url, "--secrets",
                 "sandbox.env").code, 0)
    with open(t.path("sandbox.env"), encoding="utf-8") as file:
        done = t.aisle("shop", "add", "toko-b", "--api-url", url, "--secrets", "-",
                       stdin=file.read())
    t.eq(done.code, 0, done.err)


@run.case("secrets are in no output, no transcript and no readable store")
def _(t):
    market.synced(t)
    t.aisle("tree", "sync", "toko-a", "--trace", "trace.jsonl", "-v", "-v")
    shown = t.read("trace.jsonl")
    for words in (["doctor", "--online", "-v"], ["shop", "list", "--json"],
                  ["shop", "test", "toko-a"], ["config", "list"]):
        done = t.aisle(*words)
        shown += done.out + done.err
    with open(t.path("aisle.db"), "rb") as file:
        shown += file.read().decode("latin-1")
    for name in ("TIKTOK_APP_SECRET", "TIKTOK_APP_ACCESS_KEY", "TIKTOK_REFRESH_TOKEN"):
        t.lacks(shown, t.env[name])
    t.has(t.read("trace.jsonl"), "/product/202309/categories")
    t.eq(os.stat(t.path("trace.jsonl")).st_mode & 0o777, 0o600)


@run.case("one signs in by pasting the address the browser was sent back to")
def _(t):
    t.eq(t.aisle("init").code, 0)
    market.Sandbox(t, "--consent-at-once", "--redirect-url", "https://shop.example/back")
    child = t.start("shop", "login", "toko-a", stdin=run.subprocess.PIPE,
                    stdout=run.subprocess.PIPE, stderr=run.subprocess.PIPE)
    said = ""
    while "paste" not in said:
        said += child.stderr.read(1)
    link = [line for line in said.splitlines() if line.startswith("http")][0]
    t.has(link, "state=")
    import http.client
    import urllib.parse
    where = urllib.parse.urlsplit(link)
    base = urllib.parse.urlsplit(t.env["AISLE_SANDBOX_URL"])
    line = http.client.HTTPConnection(base.hostname, base.port, timeout=20)
    line.request("GET", f"{where.path}?{where.query}")
    back = line.getresponse().headers["Location"]
    line.close()
    t.has(back, "https://shop.example/back", "code=")
    child.stdin.write(back + "\n")
    child.stdin.close()
    child.stdin = None
    t.eq(child.wait(30), 0)
    t.eq(t.aisle("shop", "test", "toko-a").code, 0)


@run.case("a forged state is not believed")
def _(t):
    t.eq(t.aisle("init").code, 0)
    market.Sandbox(t)
    done = t.aisle("shop", "login", "toko-a",
                   stdin="https://shop.example/back?code=ROW_x&state=forged\n")
    t.eq(done.code, 3)
    t.lacks(done.err, "ROW_x")


@run.case("a tree is synced in two languages, shown and searched")
def _(t):
    market.synced(t)
    roots = t.aisle("tree", "show", "--depth", "1", "--locale", "id-ID", "--json").json()
    t.true(len(roots) > 20)
    t.true(all(row["depth"] == 1 and row["parent_id"] is None for row in roots))
    below = t.aisle("tree", "show", roots[0]["id"], "--leaves", "--json").json()
    t.true(below and all(row["leaf"] for row in below))
    t.eq(t.aisle("tree", "show", below[0]["path"], "--json").json()[0]["id"],
         below[0]["id"])
    found = t.aisle("tree", "search", "kaos", "pria", "--locale", "id-ID", "--json").json()
    t.has(found[0]["path"], "Kaos Pria")
    t.eq(t.aisle("tree", "search", "zzzzqqqq").code, 4)
    t.eq(t.aisle("tree", "show", "--locale", "th-TH").code, 4)


@run.case("Get Categories from the shell, with the keys in the environment and no store")
def _(t):
    market.Sandbox(t)
    done = t.aisle("tree", "search", "--remote", "--keyword", "Kaos", "--locale", "id-ID",
                   "--category-version", "v1", "--listing-platform", "TIKTOK_SHOP", "--json")
    t.eq(done.code, 0, done.err)
    t.true(all({"id", "name", "parent_id", "leaf"} <= row.keys() for row in done.json()))
    t.true(any("Kaos" in row["name"] for row in done.json()))
    t.has(done.err, "code 0", "request id")
    t.eq([name for name in os.listdir(t.folder) if name.endswith(".db")], [])
    bad = t.aisle("tree", "search", "--remote", "--keyword", "Kaos",
                  env={"TIKTOK_APP_ACCESS_KEY": "wrong"})
    t.eq(bad.code, 3)
    t.has(bad.err, "request id")
    t.eq(t.aisle("tree", "search", "--remote", "-k", "x", env={"TIKTOK_APP_KEY": ""}).code, 3)


@run.case("the same through a shop of the store")
def _(t):
    market.shop(t)
    for name in list(t.env):
        if name.startswith("TIKTOK"):
            del t.env[name]
    done = t.aisle("tree", "search", "--remote", "--shop", "toko-a", "Kaos", "--json")
    t.eq(done.code, 0, done.err)
    t.true(done.json())


@run.case("a sync shows what changed, whom it hurts, and says it with --exit-code")
def _(t):
    market.stocked(t)
    t.eq(t.aisle("map", "approve", "K-1", "-c", "744161").code, 0)
    t.eq(t.aisle("sandbox", "evolve", os.path.join(market.DATA, "evolve.json")).code, 0)
    dry = t.aisle("tree", "sync", "--dry-run", "--json")
    t.eq(dry.json()[0]["outcome"], "dry-run")
    t.has(dry.err, "removed 793171", "broken: product K-1")
    done = t.aisle("tree", "sync", "--exit-code", "--json")
    t.eq(done.code, 10)
    row = done.json()[0]
    t.eq((row["outcome"], row["added"], row["removed"], row["impacted"]),
         ("changed", 5, 2, 1))
    hurt = t.aisle("tree", "impact", "--json").json()[0]
    t.eq((hurt["key"], hurt["why"]), ("K-1", "no longer a leaf"))
    t.true(hurt["successor"])
    t.eq(t.aisle("tree", "sync", "--exit-code").code, 0, "the second time nothing differs")
    t.eq(len(t.aisle("tree", "history").rows()), 2)
    diff = t.aisle("tree", "diff", "--exit-code", "--json")
    t.eq(diff.code, 10)
    t.eq({row["change"] for row in diff.json()},
         {"added", "removed", "renamed", "moved", "leaf-to-parent", "permission"})
    t.has(t.aisle("tree", "diff", "--format", "markdown").out, "| change | id | was | is |")


@run.case("a tree that lost too much is held until it is accepted")
def _(t):
    market.synced(t)
    leaves = t.aisle("tree", "show", "--leaves", "--json").json()
    edits = [{"op": "remove", "id": row["id"]} for row in leaves[:60]]
    t.write("edits.json", run.json.dumps(edits))
    t.eq(t.aisle("sandbox", "evolve", "edits.json").code, 0)
    held = t.aisle("tree", "sync")
    t.eq(held.code, 6)
    t.has(held.err, "not kept", "--accept-shrink")
    t.eq(len(t.aisle("tree", "history").rows()), 1)
    t.eq(t.aisle("tree", "sync", "--accept-shrink").code, 0)
    t.eq(len(t.aisle("tree", "history").rows()), 2)


@run.case("--due skips what was checked a moment ago")
def _(t):
    sandbox = market.synced(t)
    before = len(sandbox.calls("/categories"))
    done = t.aisle("tree", "sync", "--due", "12h", "--json")
    t.eq(done.json()[0]["outcome"], "not-due")
    t.eq(len(sandbox.calls("/categories")), before)


@run.case("several targets are synced each on its own, and code 7 says that one failed")
def _(t):
    market.shop(t)
    done = t.aisle("tree", "sync", "toko-a", "toko-a:v2:TOKOPEDIA", "toko-x", "--json")
    t.eq(done.code, 7)
    t.eq([row["target"] for row in done.json()],
         ["toko-a:v2:TIKTOK_SHOP", "toko-a:v2:TOKOPEDIA"])
    t.has(done.err, "toko-x")


@run.case("an exported tree can be served by another sandbox")
def _(t):
    market.synced(t)
    t.write("tree.json", t.aisle("tree", "export", "--format", "json").out)
    csv = t.aisle("tree", "export").out
    t.has(csv.splitlines()[0], "id,parent_id,leaf,permissions,path,en-US,id-ID")
    other = t.start("sandbox", "start", "--tree", "tree.json", "--env-file", "other.env",
                    stdout=run.subprocess.DEVNULL, stderr=run.subprocess.DEVNULL)
    for _ in range(200):
        if os.path.exists(t.path("other.env")):
            break
        time.sleep(0.05)
    t.eq(t.aisle("shop", "add", "toko-b", "--secrets", "other.env", "--api-url",
                 t.read("other.env").split("'")[1]).code, 0)
    t.eq(t.aisle("tree", "sync", "toko-b").code, 0)
    a = t.aisle("tree", "show", "-t", "toko-a:v2:TIKTOK_SHOP", "--fields", "id,leaf").out
    b = t.aisle("tree", "show", "-t", "toko-b", "--fields", "id,leaf").out
    t.eq(sorted(b.splitlines()), sorted(a.splitlines()))
    other.send_signal(signal.SIGINT)
    t.eq(other.wait(20), 0)


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


@run.case("a dry run calls nobody and decides nothing")
def _(t):
    sandbox = market.stocked(t)
    before = len(sandbox.calls())
    t.eq(t.aisle("map", "run", "--dry-run").code, 0)
    t.eq(len(sandbox.calls()), before)
    t.eq(t.aisle("map", "history").out, "")


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


@run.case("Ctrl-C ends a run cleanly with code 130 and says how to go on")
def _(t):
    market.stocked(t, "--fault", "delay=1,ms=300")
    child = t.start("map", "run", "--policy", "guide", "--jobs", "1",
                    stdout=run.subprocess.PIPE, stderr=run.subprocess.PIPE)
    time.sleep(1.2)
    child.send_signal(signal.SIGINT)
    out, err = child.communicate(timeout=60)
    t.eq(child.returncode, 130, err)
    t.has(err, "try: aisle map run --resume r-")
    t.has(out, "state\tstopped")
    t.eq(t.aisle("sandbox", "fault").code, 0)
    done = t.aisle("map", "run", "--policy", "guide", "--json")
    t.eq((done.code, done.json()["resumed"], done.json()["done"]), (0, True, 6), done.err)


@run.case("the second Ctrl-C ends it at once")
def _(t):
    market.stocked(t, "--fault", "delay=1,ms=8000")
    child = t.start("map", "run", "--policy", "guide", "--jobs", "1",
                    stdout=run.subprocess.DEVNULL, stderr=run.subprocess.PIPE)
    time.sleep(1)
    child.send_signal(signal.SIGINT)
    time.sleep(0.3)
    child.send_signal(signal.SIGINT)
    child.communicate(timeout=30)
    t.true(child.returncode in (-signal.SIGINT, 130), child.returncode)


@run.case("who does not answer is code 5")
def _(t):
    market.Sandbox(t).child.send_signal(signal.SIGTERM)
    t.children[0].wait(20)
    done = t.aisle("sandbox", "log")
    t.eq(done.code, 5)
    t.has(done.err, "try: again later")


@run.case("a shop whose consent is gone is code 3, and the way back is told")
def _(t):
    market.shop(t)
    t.eq(t.aisle("sandbox", "expire", "access").code, 0)
    t.eq(t.aisle("sandbox", "expire", "refresh").code, 0)
    done = t.aisle("shop", "test", "toko-a")
    t.eq(done.code, 3)
    t.has(done.err, "try: aisle shop login toko-a")


@run.case("decisions are approved, rejected, undone and redone")
def _(t):
    market.stocked(t)
    done = t.aisle("map", "approve", "K-1", "K-2", "--category",
                   "Fashion Pria > Atasan Pria > Kaos Pria", "--because", "seen it")
    t.eq(done.code, 0, done.err)
    batch = done.err.split("aisle map undo ")[1].strip()
    mapped = {row["key"]: row for row in t.aisle("map", "export", "--json").json()}
    t.eq((mapped["K-1"]["category"], mapped["K-1"]["state"]), ("744161", "accepted"))
    back = t.aisle("map", "undo", batch, "--json").json()
    t.eq(back["reversed"], 2)
    t.eq(t.aisle("map", "export", "--json").json(), [])
    t.eq(t.aisle("map", "undo", back["batch"], "--json").json()["reversed"], 2)
    t.eq(t.aisle("map", "reject", "K-1").code, 0)
    t.eq(t.aisle("map", "none", "K-2").code, 0)
    states = [row["state"] for row in t.aisle("map", "history", "--json").json()]
    t.eq(states[:2], ["none", "rejected"])
    who = t.aisle("map", "history", "--limit", "1", "--json",
                  env={"AISLE_USER": "sari"}).json()[0]
    t.eq(who["by"], "person")
    t.eq(t.aisle("map", "undo", "b-nothing").code, 4)


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
    done = t.aisle("map", "approve", "K-1", "-c", "744161", "--dry-run")
    t.eq(done.code, 0, done.err)
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
    import csv
    import io
    rows = list(csv.reader(io.StringIO(sheet.out.lstrip("\ufeff"))))
    rows[1][at["decision"]] = "744161"
    rows[2][at["decision"]] = "none"
    rows[3][at["decision"]] = "Fashion Pria"
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    t.write("sheet.csv", text.getvalue())
    dry = t.aisle("map", "import", "sheet.csv", "--dry-run", "--json").json()
    t.eq((dry["accepted"], dry["none"], dry["refused"]), (1, 1, 1))
    t.eq(t.aisle("map", "history").out, "")
    done = t.aisle("map", "import", "sheet.csv", "--json")
    t.eq(done.code, 7)
    t.has(done.err, "line 4")
    t.eq((done.json()["accepted"], done.json()["none"]), (1, 1))
    again = t.aisle("map", "import", "sheet.csv", "--json")
    t.eq(again.code, 6)
    t.has(again.err, "line 2", "line 3")


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
    t.eq(t.aisle("map", "carry").code, 6)


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


@run.case("an old Tokopedia app is a shop like another")
def _(t):
    t.eq(t.aisle("init").code, 0)
    market.Sandbox(t)
    done = t.aisle("shop", "add", "tokped", "--channel", "tokopedia")
    t.eq(done.code, 0, done.err)
    t.eq(t.aisle("tree", "sync", "tokped").code, 0)
    t.true(len(t.aisle("tree", "show", "--leaves").rows()) > 20)


@run.case("a key is changed without losing a shop")
def _(t):
    market.shop(t)
    old = t.read("aisle.key")
    os.unlink(t.path("aisle.key"))
    t.write("aisle.key", "ab" * 32 + "\n" + old, 0o400)
    t.has(t.aisle("shop", "reseal").err, "1 of 1")
    os.unlink(t.path("aisle.key"))
    t.write("aisle.key", "ab" * 32 + "\n", 0o400)
    t.eq(t.aisle("shop", "test", "toko-a").code, 0)
    os.unlink(t.path("aisle.key"))
    t.write("aisle.key", old, 0o400)
    t.eq(t.aisle("shop", "test", "toko-a").code, 3)


@run.case("a removed shop leaves trees, products and decisions")
def _(t):
    market.stocked(t)
    t.eq(t.aisle("map", "approve", "K-1", "-c", "744161").code, 0)
    t.eq(t.aisle("shop", "remove", "toko-a", "--yes").code, 0)
    t.eq(t.aisle("shop", "list").out, "")
    t.eq(len(t.aisle("product", "list").rows()), 6)
    t.eq(len(t.aisle("map", "history").rows()), 1)


@run.case("progress is shown on a terminal, and nowhere else")
def _(t):
    market.stocked(t, "--fault", "delay=1,ms=200")
    shown = t.terminal("map", "run", "--policy", "guide", size=(24, 100))
    t.has(shown.out, "calls", "/6")
    t.lacks(t.aisle("map", "run", "--fresh", "--policy", "guide").err, "\r")


@run.case("the signature is the one the marketplace's page describes")
def _(t):
    t.env["TIKTOK_APP_SECRET"] = "secret"
    a = t.aisle("test", "sign", "/product/202309/categories", "-p", "app_key=1",
                "-p", "timestamp=2")
    b = t.aisle("test", "sign", "/product/202309/categories", "-p", "timestamp=2",
                "-p", "app_key=1", "-p", "sign=x", "-p", "access_token=y")
    t.eq(len(a.out.strip()), 64)
    t.eq(a.out, b.out)


@run.case("images and tables are told from their bytes")
def _(t):
    image = os.path.join(market.DATA, "images", "kaos-hitam.png")
    row = t.aisle("test", "image", image, "--json").json()[0]
    t.eq((row["kind"], row["whole"]), ("PNG", True))
    t.write("page.jpg", "<html>")
    t.eq(t.aisle("test", "image", "page.jpg").code, 6)
    t.eq(t.aisle("test", "image", image, "page.jpg").code, 7)
    t.write("a.csv", 'a;b\n1;"x"y"\n')
    t.eq(t.aisle("test", "csv", "a.csv", "--json").json()[1]["flaws"], "stray-quote")


run.main()
