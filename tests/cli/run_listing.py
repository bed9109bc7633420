"""listing check: a body before it is sent"""
import json
import os

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
    t.eq(t.aisle("listing", "check").code, 6)
    t.eq(t.aisle("listing", "check", "--body", "none.json").code, 4)
    t.write("bad.json", '{"title": ')
    done = t.aisle("listing", "check", "--body", "bad.json")
    t.true(done.code not in (0, 6), done.code)
    t.has(done.err, "body")


run.main()
