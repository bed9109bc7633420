"""listing check: a body before it is sent"""
import json
import os
import signal

import market
import run

BASE = os.path.join(os.environ.get("SOURCE_ROOT", "."), "tests", "listing", "base")


def base(name):
    with open(os.path.join(BASE, name + ".json"), encoding="utf-8") as f:
        return json.load(f)


def write(t, name, value):
    t.write(name, json.dumps(value))
    return name


def side(t):
    return write(t, "side.json", {"requirement": base("requirement"), "shop": base("shop")})


@run.case("a body that is right is code 0 and no row")
def _(t):
    done = t.aisle("listing", "check", "--body", write(t, "b.json", base("body")),
                   "--requirements", side(t))
    t.eq((done.code, done.out), (0, ""))
    t.has(done.err, "0 errors, 0 warnings, 0 tips: it would be taken")


@run.case("everything that is wrong is told at once, with code 6")
def _(t):
    body = base("body")
    body["title"] = "Kaos"
    body["skus"][1]["price"]["currency"] = "USD"
    del body["package_weight"]
    done = t.aisle("listing", "check", "--body", write(t, "b.json", body), "--requirements", side(t),
                   "--json")
    t.eq(done.code, 6)
    rows = done.json()
    t.eq([(r["level"], r["path"], r["code"]) for r in rows],
         [("error", "title", None), ("error", "skus[1].price.currency", "12052084"),
          ("error", "package_weight", "12019011")])
    t.eq(rows[0]["allowed"], "25 to 255 characters")


@run.case("--fix mends what it can, says what it did, and shows what stays")
def _(t):
    body = base("body")
    body["title"] = "Kaos Polos Pria \U0001F525 Katun Combed 30s"
    body["package_weight"] = {"value": "1.1", "unit": "POUND"}
    body["category_id"] = "kaos"
    done = t.aisle("listing", "check", "--body", write(t, "b.json", body), "--requirements", side(t),
                   "--fix", "--output", "mended.json", "--json")
    t.eq(done.code, 6)
    t.eq([r["code"] for r in done.json()], ["12052002"])
    t.has(done.err, "title: characters left out", 'package_weight.value: converted: "1.1" is now')
    mended = json.loads(t.read("mended.json"))
    t.eq(mended["title"], "Kaos Polos Pria Katun Combed 30s")
    t.eq(mended["package_weight"], {"value": "0.499", "unit": "KILOGRAM"})
    t.eq(json.loads(t.read("b.json")), body)


@run.case("market, profile and mode change what is right")
def _(t):
    body = write(t, "b.json", {"description": "<div>Soft</div>"})

    def codes(*more):
        return {r["code"] for r in t.aisle("listing", "check", "--body", body, "--no-tips",
                                          "--json", *more).json() if r["level"] == "error"}

    t.true("12052345" not in codes("--market", "US"))
    t.true("12052345" in codes("--market", "US", "--profile", "202309"))
    t.eq(t.aisle("listing", "check", "--body", body, "--market", "XX").code, 6)
    base_body = base("body")
    base_body["product_attributes"] = []
    body = write(t, "c.json", base_body)
    t.eq(codes("--requirements", side(t)), {"12052104"})
    t.eq(codes("--requirements", side(t), "--mode", "draft"), set())


@run.case("--markdown is a table for a pull request; a body comes from stdin too")
def _(t):
    done = t.aisle("listing", "check", "--body", "-", "--market", "ID", "--markdown",
                   stdin=json.dumps({"title": "Kaos | polos"}))
    t.eq(done.code, 6)
    t.has(done.out, "### Kaos \\| polos", "| level | where | code |", "| error | main\\_images |")


@run.case("what is no body is told in words")
def _(t):
    t.eq(t.aisle("listing", "check").code, 4, "neither a body nor a store")
    t.eq(t.aisle("listing", "check", "--body", "none.json").code, 4)
    t.write("bad.json", '{"title": ')
    done = t.aisle("listing", "check", "--body", "bad.json", "--json")
    t.eq((done.code, done.out), (6, ""), done.err)
    t.has(done.err, "bad.json")


@run.case("input that cannot be read is code 6 wherever it comes from, and the file is named")
def _(t):
    t.eq(t.aisle("init").code, 0)
    t.write("none.json", "")
    t.write("bad.json", "{")
    os.mkdir(t.path("folder"))
    takes = (("listing", "check", "--body"), ("hook", "apply", "--body"),
             ("listing", "publish", "--defaults"), ("attribute", "open", "--defaults"),
             ("product", "import"), ("map", "import"))
    for words in takes:
        for name, why in (("none.json", "none.json is empty"),
                          ("folder", "folder is a folder: name a file in it"),
                          ("bad.json", "bad.json")):
            done = t.aisle(*words, name)
            if words[1] != "import" or name != "bad.json":
                t.eq((done.code, done.out), (6, ""), (words, name, done.err))
                t.has(done.err, why)
    done = t.aisle("listing", "check", "--body", "-")
    t.eq(done.code, 6)
    t.has(done.err, "stdin is empty")


# ---- products of the store ----

SHIRTS = [("K-1", "Kaos Polos Pria Katun Combed Hitam", "Katun"),
          ("K-2", "Kaos", "Katun"),
          ("K-3", "Kaos Polos Pria Katun Combed Putih", ""),
          ("K-4", "Kaos 👕", "")]


def checked(t, *words, code=6):
    done = t.aisle("listing", "check", "--defaults", "defaults.json", "--no-tips", *words)
    t.eq(done.code, code, done.err + done.out)
    return done


@run.case("mapped products are checked without asking anybody; a draft needs less")
def _(t):
    sandbox = market.mapped(t, SHIRTS)
    before = len(sandbox.calls())
    done = checked(t, "--jsonl", "--fields", "product,code,rule,draft,fix")
    rows = [json.loads(line) for line in done.out.splitlines()]
    wrong = {(r["product"], r["rule"]): r for r in rows if r["rule"] != "warehouse-unknown"}
    t.eq(len(sandbox.calls()), before)
    t.true(("K-3", "attribute-missing") in wrong and ("K-2", "title-too-short") in wrong, str(rows))
    t.true(not any(product == "K-1" for product, _ in wrong), str(rows))
    missing = wrong["K-3", "attribute-missing"]
    t.eq((missing["code"], missing["draft"]), ("12052104", False))
    t.has(missing["fix"], "fill in Bahan (")
    t.eq(wrong["K-2", "title-too-short"]["draft"], True)
    t.has(done.err, "4 products: 1 would be taken, 3 refused; 2 could be kept as drafts")
    t.eq(checked(t, "K-1", code=0).out, "")
    drafts = checked(t, "--mode", "draft", "--jsonl")
    t.eq({json.loads(line)["product"] for line in drafts.out.splitlines()}, {"K-2", "K-4"})


@run.case("a warehouse nobody asked the shop for is missed by nobody: who sends it takes the shop's own")
def _(t):
    market.mapped(t, SHIRTS[:1])
    t.write("defaults.json", json.dumps({"shop": {}}))
    t.eq(checked(t, "--json", code=0).out, "[]\n")
    shirt = {"title": SHIRTS[0][1], "category": "Kaos", "description": market.GOOD, "price": "50000", "currency": "IDR",
             "weight": "0.3", "Bahan": "Katun", "image": os.path.join(market.DATA, "images", "kaos-hitam.png")}
    for column, found in (("Stok Gudang Timur", None), ("Quantity 7068517275539719942", None), ("Stok", None),
                          ("Rak", "stock-missing")):
        t.write("one.jsonl", json.dumps({"sku": column.replace(" ", ""), **shirt, column: "4"}))
        t.eq(t.aisle("product", "import", "one.jsonl").code, 0)
        done = checked(t, column.replace(" ", ""), "--json", code=6 if found else 0)
        t.eq([row["rule"] for row in done.json()], [found] if found else [], column)
    rows = checked(t, "K-1", "--online", "--json", code=0).json()
    t.eq(rows, [], "the shop has one")


@run.case("a file of defaults that says what nobody reads is refused, and told by name")
def _(t):
    market.mapped(t, SHIRTS[:1])
    for text, code, why in (
            ('{"Shop": {}}', 6, 'd.json: "Shop" is no member of it'),
            ('{"categoriez": {}}', 6, '"categoriez" is no member of it'),
            ('{"shop": []}', 6, "d.json: shop is no object"),
            ('{"shop": null}', 6, "d.json: shop is no object"),
            ('{"categories": [1]}', 6, "d.json: categories is no object"),
            ('{"categories": {"Kaos": 5}}', 6, "d.json: Kaos is no object"),
            ('{"rates": 5}', 6, "d.json: rates is no object"),
            ('{"rates": {"USD": "x"}}', 6, "d.json: the rate of USD is no number"),
            ('{"shop": {"pakage_weight": 1}}', 6, "pakage_weight"),
            ("[]", 6, "d.json: no object"), ("", 6, "d.json is empty"), (" \n", 6, "d.json is empty")):
        t.write("d.json", text)
        for words in ("listing", "check"), ("listing", "publish", "--dry-run"):
            done = t.aisle(*words, "--defaults", "d.json")
            t.eq(done.code, code, text + done.err)
            t.has(done.err, why)
    t.write("d.json", '{"categories": {"kaos": {}, "Kaos": {}}}')
    done = t.aisle("listing", "check", "--defaults", "d.json")
    t.has(done.err, 'd.json: no product has the category "kaos"')
    t.true('category "Kaos"' not in done.err, done.err)


@run.case("variants nothing tells apart are not kept as drafts either, and it is said what helps")
def _(t):
    market.mapped(t, SHIRTS[:1])
    small, middle = ({"Option1 Name": "Size", "Option1 Value": size} for size in "SM")
    own, one = {"SKU": "A"}, {"SKU": "", "Price": "50000"}
    for variants, helps in (([one, one], "give each variant an option it differs by"),
                            ([small, {**small, "Price": "1"}], "give each variant an option it differs by"),
                            ([{**small, **own}, {**middle, **own}], "or leave it empty: one is made then")):
        t.write("more.jsonl", json.dumps({"sku": "K-1", "title": SHIRTS[0][1], "variants": variants}))
        t.eq(t.aisle("product", "import", "more.jsonl").code, 0)
        done = checked(t, "--jsonl", "--fields", "rule,draft,fix")
        [twice] = [r for r in done.jsonl() if r["rule"] == "seller-sku-twice"]
        t.eq(twice["draft"], True)
        t.has(twice["fix"], helps)
        t.has(done.err, "1 refused; 0 could be kept as drafts")


@run.case("what is wrong in the same way is one row, all over or once a leaf")
def _(t):
    market.mapped(t, SHIRTS)
    t.eq(t.aisle("product", "add", "X-1", "--title", "Botol").code, 0)
    rows = {r["rule"]: r for r in checked(t, "--group", "code", "--jsonl").jsonl()}
    t.eq((rows["attribute-missing"]["products"], rows["attribute-missing"]["drafts"]), (2, 0))
    short = rows["title-too-short"]
    t.eq((short["products"], short["drafts"], short["path"], short["leaf"]), (2, 2, "title", None))
    t.eq(sorted(short["such_as"].split(", ")), ["K-2", "K-4"])
    t.eq(rows["unmapped"]["such_as"], "X-1")
    rows = checked(t, "--group", "leaf", "--jsonl").jsonl()
    t.true(any("T-Shirts" in (r["leaf"] or "") for r in rows), str(rows))
    t.eq(checked(t, "--seller-category", "Topi", code=0).out, "")


@run.case("the fields of groups are others: help lists both, and --fields chooses among those that come")
def _(t):
    market.mapped(t, SHIRTS)
    asked = "level,products,drafts"
    rows = checked(t, "--group", "code", "--jsonl", "--fields", asked).jsonl()
    t.eq({tuple(row) for row in rows}, {tuple(asked.split(","))})
    for words, field in (((), "products"), (("--group", "code"), "product")):
        done = t.aisle("listing", "check", *words, "--fields", field)
        t.eq((done.code, done.out), (2, ""), done.err)
    usual, groups = t.aisle("help", "listing", "check").out.split("\nFIELDS")[1:]
    t.has(usual, "\n  product ", "\n  mends ")
    t.has(groups, " WITH --group\n", "\n  products ", "\n  such_as ")
    done = t.aisle("tree", "requirements", "--impact", "--fields", "product,first")
    t.eq((done.code, done.out), (0, ""), done.err)


@run.case("a report for a pull request has the table first and then what is wrong with each")
def _(t):
    market.mapped(t, SHIRTS)
    text = checked(t, "--markdown").out
    t.has(text, "## Listing check of toko-a:v2:TIKTOK\\_SHOP", "4 products: 1 would be taken",
          "| error | 2 | 0 | a mandatory attribute is missing | 12052104 |", "### K-2: Kaos",
          "fill in Bahan (")
    t.true("### K-1" not in text, text)


@run.case("the marketplace's own check is held against ours, and nothing is listed")
def _(t):
    sandbox = market.mapped(t, SHIRTS)
    done = t.aisle("listing", "check", "--remote", "--allow-private", "--no-tips", "--json")
    t.eq(done.code, 6, done.err)
    t.has(done.err, "the marketplace was asked about 4: it agrees about 4")
    t.eq(len(sandbox.calls("/products/listing_check")), 4)
    t.eq(sandbox.calls("/product/202309/products\n"), [])


@run.case("how many products go at a time is said in what help names")
def _(t):
    t.eq(t.aisle("init").code, 0)
    for jobs in ("0", "65", "1000000"):
        done = t.aisle("listing", "publish", "--dry-run", "--jobs", jobs)
        t.eq((done.code, done.out), (2, ""), done.err)
        t.has(done.err, "--jobs is 1 to 64")


@run.case("options of a body and of products are not mixed")
def _(t):
    for words, why in ((("--market", "ID"), "--market goes with --body"),
                       (("--body", "b.json", "--online"), "--online goes with products"),
                       (("--body", "b.json", "K-1"), "two things to check")):
        done = t.aisle("listing", "check", *words)
        t.eq(done.code, 2, done.err)
        t.has(done.err, why)



@run.case("what a change of a leaf's demands touches is counted, and its products checked again")
def _(t):
    market.mapped(t, [("K-1", "Kaos Polos Pria Katun Combed Hitam", "Katun"),
                      ("K-2", "Kaos Polos Pria Katun Combed Putih", "Rayon"),
                      ("K-3", "Kaos", "Katun")])
    t.write("own.json", json.dumps({"shop": {
        "package_weight": {"value": "0.25", "unit": "KILOGRAM"},
        "skus": [{"inventory": [{"quantity": 10}]}]}}))
    done = t.aisle("listing", "draft", "K-1", "--defaults", "own.json", "--allow-private")
    t.eq(done.code, 0, done.err)
    t.write("edits.json", json.dumps([
        {"op": "drop-attribute", "id": "744161", "attribute_id": "100104"},
        {"op": "attribute", "id": "744161", "attribute": {
            "id": "100999", "name": {"id-ID": "Jenis Kain", "en-US": "Weight"},
            "is_required": True, "is_customizable": False,
            "values": [{"id": "1", "name": {"id-ID": "Tebal", "en-US": "Thick"}}]}}]))
    t.eq(t.aisle("sandbox", "evolve", "edits.json").code, 0)
    tried = t.aisle("tree", "requirements", "--dry-run")
    t.true("mapped products" not in tried.err, tried.err)
    done = t.aisle("tree", "requirements", "--impact", "--json", "--exit-code")
    t.eq(done.code, 10, done.err)
    t.has(done.err, "attribute-added 100999", "attribute-removed 100104",
          "744161: 3 mapped products, 1 of them drafts, 0 live; now wrong are 3, drafts 1, live 0")
    rows = {row["product"]: row for row in done.json()}
    t.eq((rows["K-1"]["state"], rows["K-1"]["errors"], rows["K-1"]["codes"]),
         ("draft", 1, "12052104"))
    t.has(rows["K-3"]["first"], "fill in Jenis Kain (100999)")
    t.eq(rows["K-3"]["errors"], 1, "its title is another matter")
    again = t.aisle("tree", "requirements", "744161", "--impact", "--json")
    t.eq((again.code, len(again.json())), (0, 3), again.err)



@run.case("whether the shop may list in a leaf is asked right before, whatever the stored tree says")
def _(t):
    sandbox = market.mapped(t, [("K-1", "Kaos Polos Pria Katun Combed Hitam", "Katun")])
    t.write("own.json", json.dumps({"shop": {
        "package_weight": {"value": "0.25", "unit": "KILOGRAM"},
        "skus": [{"inventory": [{"quantity": 10}]}]}}))
    publish = ("listing", "publish", "--defaults", "own.json", "--allow-private", "--json")
    t.eq(t.aisle("listing", "check", "--defaults", "defaults.json").code, 0)
    t.write("edits.json", json.dumps([
        {"op": "permission", "id": "744161", "permission": "PROHIBITED"}]))
    t.eq(t.aisle("sandbox", "evolve", "edits.json").code, 0)
    done = t.aisle(*publish)
    t.eq((done.code, [row["outcome"] for row in done.json()]), (6, ["wrong"]), done.err)
    t.has(done.err, "12052220")
    t.eq([c for c in sandbox.calls() if c["method"] == "POST"
          and c["path"] == "/product/202309/products"], [])
    t.eq(t.aisle("listing", "check", "--defaults", "defaults.json").code, 0,
         "offline the stored tree counts")
    t.eq(t.aisle("listing", "check", "--defaults", "own.json", "--online", "--allow-private",
                 ).code, 6)
    t.write("edits.json", json.dumps([
        {"op": "permission", "id": "744161", "permission": "AVAILABLE"}]))
    t.eq(t.aisle("sandbox", "evolve", "edits.json").code, 0)
    done = t.aisle(*publish)
    t.eq((done.code, [row["outcome"] for row in done.json()]), (0, ["created"]), done.err)


@run.case("the exit code is the command's own, also where nobody reads its rows")
def _(t):
    market.mapped(t, SHIRTS)
    for words in (("check", "--no-tips"), ("publish", "--dry-run", "--allow-private")):
        reads, writes = os.pipe()
        os.close(reads)
        child = t.start("listing", *words, "--defaults", "defaults.json", "--jsonl", stdout=writes,
                        stderr=run.subprocess.PIPE)
        os.close(writes)
        said = child.communicate(timeout=120)[1]
        t.eq(child.returncode, 6, said)
        t.has(said, "4 products")


@run.case("what was published before Ctrl-C is told, and the JSON is whole")
def _(t):
    rows = [("K-1", "Kaos", "Katun")] + [
        (f"K-{n}", f"Kaos Polos Pria Katun Combed Nomor {n}", "Katun") for n in range(2, 6)]
    market.mapped(t, rows)
    t.write("own.json", json.dumps({"shop": {
        "package_weight": {"value": "0.25", "unit": "KILOGRAM"},
        "skus": [{"inventory": [{"quantity": 10}]}]}}))
    t.eq(t.aisle("sandbox", "fault", "delay=1,ms=3000,path=/product/202309/products").code, 0)
    child = t.start("listing", "publish", "--jobs", "1", "--allow-private", "--json",
                    "--defaults", "own.json", stdout=run.subprocess.PIPE,
                    stderr=run.subprocess.PIPE)
    said = ""
    while "K-1: error title" not in said:  # its row is there; the next product is at its call
        line = child.stderr.readline()
        t.true(line, said)
        said += line
    child.send_signal(signal.SIGINT)
    out, said = child.communicate(timeout=120)
    t.eq(child.returncode, 130, said)
    t.eq(json.loads(out)[0]["product"], "K-1")


run.main()
