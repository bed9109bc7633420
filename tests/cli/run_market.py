"""shops, trees and mappings, from the shell, against a sandbox"""
import os
import signal

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
        piece = child.stderr.read(1)
        t.true(piece, "it ended before: " + said)
        said += piece
    link = [line for line in said.splitlines() if line.startswith("http")][0]
    t.has(link, "state=")
    import http.client
    import urllib.parse
    where = urllib.parse.urlsplit(link)
    base = urllib.parse.urlsplit(t.env["AISLE_SANDBOX_URL"])
    line = http.client.HTTPConnection(base.hostname, base.port, timeout=120)
    line.request("GET", f"{where.path}?{where.query}")
    back = line.getresponse().headers["Location"]
    line.close()
    t.has(back, "https://shop.example/back", "code=")
    child.stdin.write(back + "\n")
    child.stdin.close()
    child.stdin = None
    t.eq(child.wait(120), 0)
    t.eq(t.aisle("shop", "test", "toko-a").code, 0)


@run.case("a forged state is not believed")
def _(t):
    t.eq(t.aisle("init").code, 0)
    market.Sandbox(t)
    done = t.aisle("shop", "login", "toko-a",
                   stdin="https://shop.example/back?code=ROW_x&state=forged\n")
    t.eq(done.code, 3)
    t.lacks(done.err, "ROW_x")


@run.case("where nobody answers it is said before the wait for the next attempt, and once")
def _(t):
    import signal
    t.eq(t.aisle("init").code, 0)
    t.env.update(TIKTOK_APP_KEY="a", TIKTOK_APP_SECRET="b", TIKTOK_APP_ACCESS_KEY="c",
                 TIKTOK_API_URL="http://127.0.0.1:1")
    child = t.start("shop", "add", "toko-a", stderr=run.subprocess.PIPE)
    line = child.stderr.readline()
    t.has(line, "127.0.0.1:1 cannot be reached", "attempt 2 of 6")
    child.send_signal(signal.SIGINT)
    t.lacks(child.stderr.read(), "attempt 3")
    t.eq(child.wait(120), 130)


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


@run.case("what fails with --json leaves no half of an array")
def _(t):
    market.synced(t)
    for words, code in ((("tree", "show", "999"), 4), (("tree", "sync", "nope"), 4),
                        (("tree", "diff"), 4), (("tree", "requirements", "--target", "nope"), 4),
                        (("shop", "brands", "--target", "nope"), 4),
                        (("listing", "check", "--target", "nope"), 4),
                        (("work", "add", "map", "--target", "nope"), 4)):
        done = t.aisle(*words, "--json")
        t.eq((done.code, done.out), (code, ""), (words, done.err))
    t.eq(t.aisle("product", "list", "--json").out, "[]\n")


@run.case("a sync shows what changed, whom it hurts, and says it with --exit-code")
def _(t):
    market.stocked(t)
    t.eq(t.aisle("map", "approve", "K-1", "-c", "744161").code, 0)
    t.eq(t.aisle("sandbox", "evolve", os.path.join(market.DATA, "evolve.json")).code, 0)
    dry = t.aisle("tree", "sync", "--dry-run", "--json")
    t.eq(dry.json()[0]["outcome"], "dry-run")
    t.has(dry.err, "removed 793171", "touched: product K-1")
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
                    stdout=run.subprocess.DEVNULL, stderr=run.subprocess.PIPE)
    market.until_there(t, "other.env", other)
    t.eq(t.aisle("shop", "add", "toko-b", "--secrets", "other.env", "--api-url",
                 t.read("other.env").split("'")[1]).code, 0)
    t.eq(t.aisle("tree", "sync", "toko-b").code, 0)
    a = t.aisle("tree", "show", "-t", "toko-a:v2:TIKTOK_SHOP", "--fields", "id,leaf").out
    b = t.aisle("tree", "show", "-t", "toko-b", "--fields", "id,leaf").out
    t.eq(sorted(b.splitlines()), sorted(a.splitlines()))
    other.send_signal(signal.SIGINT)
    t.eq(other.wait(120), 0)


@run.case("who does not answer is code 5")
def _(t):
    market.Sandbox(t).child.send_signal(signal.SIGTERM)
    t.children[0].wait(120)
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


@run.case("a catalogue comes in from a messy file, bad rows by line, and a second time changes nothing")
def _(t):
    t.eq(t.aisle("init").code, 0)
    source = os.path.join(market.DATA, "catalogue.csv")
    done = t.aisle("product", "import", source, "--json")
    t.eq(done.code, 7)
    row = done.json()
    t.eq((row["rows"], row["products"], row["left_out"], row["added"]), (266, 264, 2, 264))
    t.has(done.err, "catalogue.csv:78: column sku", "(left out)", "catalogue.csv:94")
    again = t.aisle("product", "import", source, "--json").json()
    t.eq((again["added"], again["changed"], again["same"]), (0, 0, 264))
    image = t.aisle("product", "show", "RB-101", "--json").json()["image"]
    t.eq(image, os.path.realpath(os.path.join(market.DATA, "images", "kaos-hitam.png")))


@run.case("further images lie where the main one does, and come back as they were")
def _(t):
    t.eq(t.aisle("init").code, 0)
    t.write("in.csv", 'id,title,images,n\n1,Kaos,"a.jpg, sub/b.jpg | https://img.example/c.jpg",1\n')
    t.write("in.jsonl", '{"id":"2","title":"Topi","images":["a.jpg",{"src":"b.jpg"}],"n":1.5}\n')
    t.eq(t.aisle("product", "import", "in.csv").code, 0)
    t.eq(t.aisle("product", "import", "in.jsonl", "--image-root", "/pictures").code, 0)
    rows = [t.aisle("product", "show", id, "--json").json() for id in "12"]
    here = os.path.realpath(t.path("in.csv"))[:-len("in.csv")]
    t.eq([r["image"] for r in rows], [here + "a.jpg", "/pictures/a.jpg"])
    t.eq([run.json.loads(r["attributes"]) for r in rows],
         [{"n": "1", "images": [here + "sub/b.jpg", "https://img.example/c.jpg"]},
          {"n": 1.5, "images": ["/pictures/b.jpg"]}])
    out = t.aisle("product", "export").out
    done = t.aisle("product", "import", "-", "--json", stdin=out).json()
    t.eq((done["changed"], done["same"], done["added"]), (0, 2, 0))


@run.case("what was exported comes back as it was")
def _(t):
    t.eq(t.aisle("init").code, 0)
    t.write("in.jsonl", run.json.dumps({"id": "K-1", "title": 'Kaos "A", polos',
                                        "price": "12.50", "currency": "USD",
                                        "warna": "hitam"}) + "\n"
            + run.json.dumps({"id": "K-2", "title": "Kaos", "price": "59000",
                              "currency": "JPY", "description": "a\nb"}) + "\n")
    t.eq(t.aisle("product", "import", "in.jsonl").code, 0)
    out = t.aisle("product", "export").out
    t.has(out, "12.50,USD", "59000,JPY")
    done = t.aisle("product", "import", "-", "--json", stdin=out).json()
    t.eq((done["changed"], done["same"], done["added"]), (0, 2, 0))


@run.case("what was exported of several sellers comes back to each as it was")
def _(t):
    def products(folder):
        rows = []
        for seller in ("budi", "default"):
            for row in t.aisle("product", "list", "--seller", seller, "--json", cwd=folder).json():
                rows.append(t.aisle("product", "show", row["id"], "--seller", seller, "--json",
                                    cwd=folder).json())
                rows[-1].pop("updated_at")
        return rows

    t.eq(t.aisle("init").code, 0)
    variants = [{"SKU": "P1-S", "Size": "S", "Price": "59000"},
                {"SKU": "P1-L", "Size": "L", "Price": "61000", "Image": "/l.png"}]
    t.write("a.jsonl", "".join(run.json.dumps(row) + "\n" for row in (
        {"id": "P1", "title": "Kaos", "description": "a\nb, \"c\"", "category": "Fashion > Kaos",
         "images": ["/a.png", "/b.png", "/c.png"], "price": 59000, "currency": "IDR",
         "Kain": "katun", "variants": variants, "Kosong": {"a": [1, 2.5, None]}},
        {"id": "P2", "title": "=Topi", "price": 12.5, "currency": "USD"})))
    t.write("b.csv", "id,title,category_id,category,image\nP1,Celana,c-1/x,Celana,/p.png\n"
                     "P0,Tas,,Tas > Kain,\n")
    t.eq(t.aisle("product", "import", "a.jsonl").code, 0)
    t.eq(t.aisle("product", "import", "b.csv", "--seller", "budi").code, 0)
    whole = products(t.folder)
    t.eq([(row["seller"], row["id"]) for row in whole],
         [("budi", "P0"), ("budi", "P1"), ("default", "P1"), ("default", "P2")])

    t.write("all.csv", t.aisle("product", "export").out)
    again = t.aisle("product", "import", "all.csv", "--json").json()
    t.eq((again["products"], again["same"]), (4, 4))
    t.eq(t.aisle("init", "new").code, 0)
    new = t.path("new")
    done = t.aisle("product", "import", "../all.csv", "--json", cwd=new).json()
    t.eq((done["added"], done["problems"]), (4, 0))
    t.eq(products(new), whole)

    one = t.aisle("product", "export", "--seller", "budi").out
    t.lacks(one.splitlines()[0], "seller")
    told = t.aisle("product", "import", "-", "--seller", "acme", "--json", stdin=one).json()
    t.eq((told["added"], told["left_out"]), (2, 0))
    told = t.aisle("product", "import", "all.csv", "--seller", "budi", "--json")
    t.eq((told.json()["same"], told.json()["left_out"]), (2, 2))
    t.has(told.err, "all.csv:4: column seller: it is default's, and what is imported is budi's")


@run.case("a list of prices changes prices, and leaves what it has no column for")
def _(t):
    def product(id):
        row = t.aisle("product", "show", id, "--json").json()
        return (row["price_minor"], row["description"], row["brand"], row["category"],
                row["image"], run.json.loads(row["attributes"] or "{}"))

    t.eq(t.aisle("init").code, 0)
    t.write("all.jsonl", "".join(run.json.dumps(row) + "\n" for row in (
        {"sku": "G-9", "title": "Kaos", "description": "adem", "brand": "Ronara",
         "category": "Fashion > Kaos", "images": ["/a.png", "/b.png"], "price": 59000,
         "currency": "IDR", "Kain": "katun"},
        {"sku": "G-8", "title": "Topi", "price": 1000, "currency": "IDR"})))
    t.eq(t.aisle("product", "import", "all.jsonl").code, 0)
    whole = product("G-9")
    t.eq(whole[5], {"images": ["/b.png"], "Kain": "katun"})
    t.write("prices.csv", "sku,name,price,currency\nG-9,Kaos,61000,IDR\nG-8,Topi,1000,IDR\n"
                          "G-7,Tas,5,IDR\n")
    dry = t.aisle("product", "import", "prices.csv", "--dry-run", "--json")
    t.eq(product("G-9"), whole)
    t.eq(t.aisle("product", "show", "G-7").code, 4)
    done = t.aisle("product", "import", "prices.csv", "--json")
    t.eq(dry.json(), done.json())
    told = done.json()
    t.eq((told["added"], told["changed"], told["same"]), (1, 1, 1))
    t.eq(told["kept"], "description, brand, category, image, further columns")
    t.has(done.err, "no column for description, brand, category, image, further columns: kept")
    t.eq(product("G-9"), (6100000, *whole[1:]))
    t.eq(t.aisle("product", "import", "prices.csv", "--json").json()["same"], 3)
    replaced = t.aisle("product", "import", "prices.csv", "--replace", "--json")
    t.eq((replaced.json()["changed"], replaced.json()["kept"]), (1, ""))
    t.eq(product("G-9"), (6100000, None, None, None, None, {}))


@run.case("a list of stock tells it in whatever word it has, and a price in the currency that stands")
def _(t):
    def product(id):
        row = t.aisle("product", "show", id, "--json").json()
        return (row["price_minor"], row["currency"], run.json.loads(row["attributes"] or "{}"))

    t.eq(t.aisle("init").code, 0)
    t.write("all.csv", "id,title,price,Stok,Berat (g),Kain\nA,Kaos,Rp 10.000,5,200,katun\n"
                       "B,Topi,Rp 10.000,7,100,wol\n")
    t.eq(t.aisle("product", "import", "all.csv").code, 0)
    t.write("list.csv", "sku,title,Quantity,Weight,price\nA,Kaos,0,0.3,12.000\nB,Topi,2,,ask us\n"
                        "C,Tas,1,1,12.000\n")
    dry = t.aisle("product", "import", "list.csv", "--dry-run", "--json")
    done = t.aisle("product", "import", "list.csv", "--json")
    t.eq(dry.json(), done.json())
    told = done.json()
    t.eq((told["added"], told["changed"], told["problems"]), (1, 2, 2))
    t.has(done.err, "list.csv:3: column price: price is unclear: ask us")
    t.has(done.err, "list.csv:4: column price: price is unclear: 12.000")
    t.eq(product("A"), (1200000, "IDR", {"Quantity": "0", "Weight": "0.3", "Kain": "katun"}))
    t.eq(product("B"), (1000000, "IDR", {"Quantity": "2", "Kain": "wol"}))
    t.eq(product("C"), (None, None, {"Quantity": "1", "Weight": "1"}))
    t.eq(t.aisle("product", "import", "list.csv", "--json").json()["same"], 3)


@run.case("rows that are variants of one product become its variants, and the same file again changes nothing")
def _(t):
    def variants():
        return run.json.loads(t.aisle("product", "show", "2301", "--json").json()["attributes"])["variants"]

    t.eq(t.aisle("init").code, 0)
    head = "Kode Produk,Nama Produk,Nama Variasi,SKU,Harga,Stok\n"
    t.write("all.csv", head + "2301,Kaos Polos,Merah,KP-M,Rp 50.000,5\n2301,Kaos Polos,Biru,KP-B,Rp 55.000,6\n"
                              "2302,Topi,,TP-1,Rp 30.000,3\n")
    t.eq(t.aisle("product", "import", "all.csv", "--json").json()["added"], 2)
    t.eq(t.aisle("product", "import", "all.csv", "--json").json()["same"], 2)
    t.eq([(v["Option1 Name"], v["Option1 Value"], v["Variant SKU"], v["Variant Price"], v["Stok"]) for v in variants()],
         [("Variasi", "Merah", "KP-M", "Rp 50.000", "5"), ("Variasi", "Biru", "KP-B", "Rp 55.000", "6")])
    t.write("stock.csv", "Kode Produk,Nama Produk,Nama Variasi,SKU,Stok\n2301,Kaos Polos,Merah,KP-M,9\n"
                         "2301,Kaos Polos,Biru,KP-B,0\n")
    t.eq(t.aisle("product", "import", "stock.csv", "--json").json()["changed"], 1)
    t.eq([(v["Option1 Value"], v["Variant Price"], v["Stok"]) for v in variants()],
         [("Merah", "Rp 50.000", "9"), ("Biru", "Rp 55.000", "0")])


@run.case("weights without a unit and prices no shop sells in are told once, and kept")
def _(t):
    market.shop(t)
    t.write("all.csv", "id,title,price,Berat\nA,Kaos,Rp 10.000,250\nB,Topi,USD 10,300\nC,Tas,\"EUR 9,50\",0.3\n")
    done = t.aisle("product", "import", "all.csv", "--json")
    told = done.json()
    t.eq((done.code, told["added"], told["problems"], told["left_out"], told["dropped"]), (0, 3, 2, 0, 0))
    t.has(done.err, "all.csv:2: column Berat: weight names no unit, and may be grams or kilograms: it is not read; "
                    "products with one: 2 (write the unit into its heading: Berat gram, Berat kg)")
    t.has(done.err, "all.csv:3: column price: price is in USD, in which no shop of its seller sells: it would be "
                    "refused; products with one: 2 (write prices in the currency of the shop)")
    t.eq(run.json.loads(t.aisle("product", "show", "A", "--json").json()["attributes"]), {"Berat": "250"})
    for heads, row in (("Berat,Satuan Berat", "250,g"), ("Berat gram", "250"), ("weight", "250 g"), ("weight", "2"),
                       ("Berat,Weight kg", "250,0.3")):
        again = t.aisle("product", "import", "-", "--json", stdin=f"id,title,{heads}\nA,Kaos,{row}\n")
        t.eq((heads, again.json()["problems"]), (heads, 0))
    lines = t.aisle("product", "import", "-", "--json",
                    stdin='{"id": "A", "title": "Kaos", "weight": "0.25"}\n{"id": "B", "title": "Topi", "weight": 250}\n')
    t.eq(lines.json()["problems"], 1)
    t.has(lines.err, "-:2: column weight: weight names no unit")
    elsewhere = t.aisle("product", "import", "-", "--seller", "budi", "--json",
                        stdin="id,title,price\nA,Kaos,USD 10\n")  # whose shops nobody knows
    t.eq(elsewhere.json()["problems"], 0)


@run.case("values that cannot be taken are counted, and the import has not done all of it")
def _(t):
    t.eq(t.aisle("init").code, 0)
    words = ("product", "import", "-", "--currency", "IDR", "--json")
    good = t.aisle(*words, stdin="sku,name,price\nQ1,Kaos Q1,45000\nQ2,Kaos Q2,50000\n")
    t.eq((good.code, good.json()["dropped"]), (0, 0))
    for more in (), ("--dry-run",):
        done = t.aisle(*words, *more, stdin="sku,name,price\nQ1,Kaos Q1,45rb\nQ2,Kaos Q2,TBA\n")
        told = done.json()
        t.eq((done.code, told["dropped"], told["left_out"], told["same"]), (7, 2, 0, 2), done.err)
        t.has(done.err, "2 values were not taken")
    done = t.aisle("product", "import", "-", "--json", stdin="sku,name,price\nQ3,Kaos Q3,12.000\n")
    t.eq((done.code, done.json()["dropped"]), (7, 1), "nor does a store know its currency")
    remark = t.aisle(*words, stdin="sku,name,price,attributes\nQ1,Kaos Q1,45000,no object\n")
    t.eq((remark.code, remark.json()["problems"], remark.json()["dropped"]), (0, 1, 0), remark.err)


@run.case("what products keep is read and written in pieces of a file of any length")
def _(t):
    ids = [f"P-{i:05}" for i in range(9000)]
    t.eq(t.aisle("init").code, 0)
    t.write("all.csv", "id,title,description,Kain\n"
            + "".join(f"{id},Kaos,adem {id},katun\n" for id in ids))
    t.eq(t.aisle("product", "import", "all.csv").code, 0)
    t.write("prices.csv", "id,title,price\n"
            + "".join(f"{id},Kaos,1 IDR\n" for id in reversed(ids)))
    t.eq(t.aisle("product", "import", "prices.csv", "--json").json()["changed"], 9000)
    for line in t.aisle("product", "export").out.split("\r\n")[1:-1]:
        id = line.split(",")[0]
        t.eq(line, f'{id},Kaos,adem {id},,,,1.00,IDR,"{{""Kain"":""katun""}}"')


@run.case("a dry run of an import keeps nothing, and columns can be named")
def _(t):
    t.eq(t.aisle("init").code, 0)
    t.write("a.csv", "Nomor;Apa\n1;Kaos\n")
    t.eq(t.aisle("product", "import", "a.csv").code, 6)
    words = ["product", "import", "a.csv", "--map", "id=Nomor,title=Apa"]
    t.eq(t.aisle(*words, "--dry-run").code, 0)
    t.eq(t.aisle("product", "list").out, "")
    t.eq(t.aisle(*words).code, 0)
    t.eq(t.aisle("product", "list").rows()[0][:2], ["1", "Kaos"])


@run.case("XML and workbooks are refused in one sentence")
def _(t):
    t.eq(t.aisle("init").code, 0)
    done = t.aisle("product", "import", "-", stdin="<?xml version='1.0'?><rss/>")
    t.eq(done.code, 6)
    t.has(done.err, "XML")
    t.eq(t.aisle("product", "import", "nothing.csv").code, 4)


@run.case("a price says its currency, or is asked again")
def _(t):
    t.eq(t.aisle("init").code, 0)
    t.eq(t.aisle("product", "add", "K-1", "--title", "Kaos", "--price", "59000 IDR").code, 0)
    row = t.aisle("product", "show", "K-1", "--json").json()
    t.eq((row["price_minor"], row["currency"]), (5900000, "IDR"))
    t.eq(t.aisle("product", "add", "K-2", "--title", "Kaos", "--price", "12.000").code, 6)


run.main()
