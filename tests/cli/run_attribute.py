"""attribute: what sellers' columns mean, taught, listed, taken back, and by a sheet"""
import csv
import io

import market
import run

LEAF = "744161"
ROWS = [
    ("L-1", "hujan deras", "Lengan Pendek", "Garis"),
    ("L-2", "Hujan deras", "Lengan Panjang", "long sleeve"),
    ("L-3", "Kemarau", "Lengan Pendek", "Garis-garis"),
    ("L-4", "salju", "Lengan Pendek", ""),
]


def stocked(t, *locales):
    """A catalogue of shirts in one leaf whose demands are known."""
    market.synced(t)
    lines = ["sku,title,category,price,currency,Bahan,Musim,Tangan,Ragam,image"]
    for sku, season, sleeve, pattern in ROWS:
        lines.append(f"{sku},Kaos Polos Pria Katun Premium {sku},Kaos,50000,IDR,Katun,{season},{sleeve},"
                     f"{pattern},a.jpg")
    t.write("products.csv", "\n".join(lines) + "\n")
    t.eq(t.aisle("product", "import", "products.csv").code, 0)
    t.eq(t.aisle("map", "approve", "Kaos", "--seller-category", "--category", LEAF).code, 0)
    for locale in ("",) + locales:
        done = t.aisle("tree", "requirements", *(("--locale", locale) if locale else ()))
        t.eq(done.code, 0, done.err)


def gaps(t, *words):
    done = t.aisle("attribute", "open", "--all", "--json", *words)
    t.eq(done.code, 0, done.err)
    return {row["name"]: row for row in done.json()}


def taught(t, *words):
    done = t.aisle("attribute", "list", "--json", *words)
    t.eq(done.code, 0, done.err)
    return done.json()


@run.case("what is open is told once a leaf, with the seller's values and what may be meant")
def _(t):
    stocked(t)
    rows = gaps(t)
    season = rows["Musim"]
    t.eq((season["category"], season["products"], season["without_column"]), (LEAF, 3, 0))
    t.eq(season["seller_values"], "Hujan deras (1, Hujan?); hujan deras (1, Hujan?); salju (1)")
    t.eq(season["allowed"], "Kemarau, Hujan, Semua Musim")
    sleeve = rows["Panjang Lengan"]
    t.eq((sleeve["products"], sleeve["without_column"], sleeve["column"]), (4, 4, "Tangan"))
    t.eq(gaps(t, "--category", "1"), {})


@run.case("a column, a value and what holds without a column are taught, and close what was open")
def _(t):
    stocked(t)
    t.eq(t.aisle("attribute", "set", "Panjang Lengan", "--column", "Tangan").code, 0)
    done = t.aisle("attribute", "set", "Musim", "hujan", "--column", "musim", "--value",
                   "HUJAN DERAS", "--json")
    t.eq(done.code, 0, done.err)
    t.eq({k: done.json()[k] for k in ("name", "column", "value", "becomes", "category")},
         {"name": "Musim", "column": "musim", "value": "hujan deras", "becomes": "Hujan",
          "category": None})
    t.eq(t.aisle("attribute", "set", "Negara Asal", "Indonesia", "--category", LEAF).code, 0)
    rows = gaps(t)
    t.eq({name: row["products"] for name, row in rows.items()}, {"Motif": 4, "Musim": 1})
    t.eq([row["name"] for row in taught(t)], ["Panjang Lengan", "Musim", "Negara Asal"])


@run.case("what another seller taught changes nothing of this one's products")
def _(t):
    stocked(t)
    before = gaps(t)
    t.eq(t.aisle("attribute", "set", "Musim", "Hujan", "--seller", "other").code, 0)
    t.eq(gaps(t), before)
    t.eq([row["seller"] for row in taught(t, "--seller", "other")], ["other"])


@run.case("taken back it is open again, by its key or by its batch; undone again it is back")
def _(t):
    stocked(t)
    t.eq(t.aisle("attribute", "set", "Musim", "Hujan", "--column", "Musim", "--value",
                 "salju").code, 0)
    t.eq(t.aisle("attribute", "set", "Musim", "Kemarau", "--column", "Musim", "--value",
                 "salju").code, 0)
    second = taught(t)[0]["batch"]
    t.eq(taught(t)[0]["becomes"], "Kemarau")
    done = t.aisle("attribute", "undo", second, "--json")
    t.eq((done.code, done.json()["reversed"]), (0, 1), done.err)
    t.eq(taught(t)[0]["becomes"], "Hujan", "what stood before")
    redo = t.aisle("attribute", "undo", done.json()["batch"], "--json")
    t.eq((redo.code, taught(t)[0]["becomes"]), (0, "Kemarau"))
    t.eq(t.aisle("attribute", "unset", "Musim", "--column", "Musim", "--value", "salju").code, 0)
    t.eq(taught(t), [])
    again = t.aisle("attribute", "unset", "Musim", "--column", "Musim", "--value", "salju")
    t.eq(again.code, 4)
    t.has(again.err, "taken back already")
    late = t.aisle("attribute", "undo", second)
    t.eq(late.code, 7)
    t.has(late.err, "left as it is now")
    t.eq(len(taught(t, "--history")), 5)


@run.case("what makes no sense is refused with the reason")
def _(t):
    stocked(t)
    for words, code, why in (
            (("Kerah", "--column", "x"), 4, "no leaf we know of has an attribute"),
            (("Musim", "Gugur", "--column", "Musim", "--value", "salju"), 6,
             "Musim takes no \"Gugur\", but Kemarau, Hujan, Semua Musim"),
            (("Musim",), 6, "say which column"),
            (("Musim", "--column", "Musim", "--value", "salju"), 6, "Say a value"),
            (("Musim", "Hujan", "--value", "salju"), 6, "of which column?")):
        done = t.aisle("attribute", "set", *words)
        t.eq(done.code, code, done.err)
        t.has(done.err, why)
    t.eq(t.aisle("attribute", "set", "Musim", "Hujan", "--dry-run").code, 0)
    t.eq(taught(t), [])
    t.eq(t.aisle("attribute", "undo", "b-none").code, 4)


@run.case("a sheet goes out, is filled in, and comes back as one batch")
def _(t):
    stocked(t)
    done = t.aisle("attribute", "open", "--all", "--sheet")
    t.eq(done.code, 0, done.err)
    rows = list(csv.DictReader(io.StringIO(done.out.lstrip("\ufeff"))))
    by = {(row["name"], row["value"]): row for row in rows}
    t.eq(by["Musim", "hujan deras"]["proposal"], "Hujan")
    t.eq(by["Panjang Lengan", ""]["proposal"], "column: Tangan")
    for row in rows:
        row["decision"] = row["proposal"]
    by["Musim", "salju"]["decision"] = "Semua Musim"
    by["Negara Asal", ""]["decision"] = "Bekasi"
    by["Motif", ""]["decision"] = "Loreng"
    with open(t.path("back.csv"), "w", newline="", encoding="utf-8") as file:
        out = csv.DictWriter(file, list(rows[0]))
        out.writeheader()
        out.writerows(rows)
    tried = t.aisle("attribute", "import", "back.csv", "--dry-run", "--json")
    t.eq((tried.code, tried.json()["taught"], tried.json()["refused"]), (7, 4, 1), tried.err)
    t.eq(taught(t), [])
    done = t.aisle("attribute", "import", "back.csv", "--json")
    t.eq((done.code, done.json()["taught"], done.json()["refused"]), (7, 4, 1), done.err)
    t.has(done.err, "Motif takes no \"Loreng\"")
    t.eq(list(gaps(t)), ["Motif"])
    t.eq([row["category"] for row in taught(t) if row["name"] == "Negara Asal"], [LEAF])
    t.eq(t.aisle("attribute", "undo", done.json()["batch"]).code, 0)
    t.eq(taught(t), [])


@run.case("a value is proposed by its name in another language that was fetched")
def _(t):
    stocked(t, "en-US")
    t.eq(t.aisle("attribute", "set", "Panjang Lengan", "--column", "Ragam").code, 0)
    row = gaps(t)["Panjang Lengan"]
    t.has(row["seller_values"], "long sleeve (1, Lengan Panjang?)")


run.main()
