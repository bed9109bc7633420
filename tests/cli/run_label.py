"""sets of labelled products, and models trained from them, from the shell"""
import csv
import io
import os

import market
import run

ROWS = 60


def leaves(t):
    """Two leaves that the shop may list in: {id: path}."""
    found = t.aisle("tree", "search", "kaos", "--json").json()
    return {row["id"]: row["path"] for row in found if row["leaf"] and row["open"]}


def two_leaves(t):
    market.synced(t)
    return list(leaves(t).items())[:2]


def labelled(first, second, count=ROWS):
    """Words no tree has; one leaf by its id, one by its path."""
    lines = ["id,title,category,brand"]
    for n in range(count // 2):
        lines.append(f"a{n},zarvina quansi {n},{first[0]},Mawar")
        lines.append(f'b{n},plimura beton {n},"{second[1]}",')
    return "\n".join(lines) + "\n"


def trained(t):
    done = t.aisle("model", "train", "--json")
    t.eq(done.code, 0, done.err)
    return done


def proposed(t, title):
    return t.aisle("map", "suggest", title, "--limit", "1", "--json").json()[0]["id"]


@run.case("a set is imported, learnt, proposed from, removed and unlearnt")
def _(t):
    first, second = two_leaves(t)
    t.write("old.csv", labelled(first, second))
    done = t.aisle("label", "import", "old.csv", "--name", "old", "--json")
    t.eq(done.code, 0, done.err)
    row = done.json()
    t.eq((row["rows"], row["left_out"], row["unknown"], row["same"]), (ROWS, 0, 0, False))
    t.has(done.err, "next: aisle model train")
    t.eq(t.aisle("label", "show", "old", "--json").json()["learnt"], False)
    model = trained(t).json()
    t.eq(model["rows"], ROWS)
    t.true(os.path.exists(t.path("objects", *model["file"].split("/"))))
    show = t.aisle("label", "show", "old", "--json").json()
    t.eq((show["learnt"], show["leaves"], show["open"], show["closed"]), (True, 2, ROWS, 0))
    [info] = t.aisle("model", "info", "--json").json()
    t.eq((info["labelled"], info["labels_changed"]), (ROWS, False))
    t.eq(proposed(t, "zarvina quansi merah"), first[0])
    t.eq(proposed(t, "plimura beton merah"), second[0])
    t.has(t.aisle("model", "train").err, "has all that is decided and labelled")

    done = t.aisle("label", "remove", "old")
    t.eq(done.code, 2, "nobody was asked")
    t.has(t.aisle("label", "remove", "old", "--yes", "--dry-run").err, "would go")
    t.eq(len(t.aisle("label", "list").rows()), 1)
    t.eq(t.aisle("label", "remove", "old", "--yes").code, 0)
    t.eq(t.aisle("label", "list").out, "")
    [info] = t.aisle("model", "info", "--json").json()
    t.eq(info["labels_changed"], True)
    t.has(t.aisle("model", "train").err, "the model there was is gone")
    t.eq(t.aisle("model", "info", "--json").json(), [])
    answer = t.aisle("map", "suggest", "zarvina quansi merah", "--json").json()
    t.true(all(row["confidence"] < 0.5 for row in answer), str(answer))


@run.case("what is exported is what was imported, and reads back as the same set")
def _(t):
    first, second = two_leaves(t)
    lines = [{"id": "7", "title": 'Rok "plisket", panjang', "category": first[0],
              "description": "dua\nbaris", "brand": "Mawar", "seller_category": "Wanita > Rok"},
             {"id": "", "title": "=1+1", "category": second[1], "description": "", "brand": "",
              "seller_category": ""}]
    t.write("a.jsonl", "\n".join(run.json.dumps(line) for line in lines) + "\n")
    t.eq(t.aisle("label", "import", "a.jsonl", "--name", "a").code, 0)
    out = t.aisle("label", "export", "a").out
    rows = list(csv.DictReader(io.StringIO(out)))
    t.eq(rows[1].pop("title"), "'=1+1", "no spreadsheet runs it")
    t.eq(rows, [lines[0], {k: v for k, v in lines[1].items() if k != "title"}])
    done = t.aisle("label", "import", "-", "--name", "a", "--json", stdin=out)
    t.eq((done.code, done.json()["same"]), (0, True), done.err)
    t.eq(t.aisle("label", "export", "a").out, out)


@run.case("rows that cannot be learnt are told by line, and another file has to be meant")
def _(t):
    first, second = two_leaves(t)
    t.write("a.csv", labelled(first, second, 4) + "c1,tanpa,,\nc2,lampu,nowhere,\n")
    done = t.aisle("label", "import", "a.csv", "--name", "a", "--dry-run", "--json")
    t.eq((done.code, done.json()["rows"], done.json()["unknown"]), (7, 5, 1))
    t.has(done.err, "a.csv:6: the row has no category (left out)",
          "a.csv:7: no leaf 'nowhere' in the tree", "would have 5 rows")
    t.eq(t.aisle("label", "list").out, "")
    done = t.aisle("label", "import", "a.csv", "--name", "a")
    t.eq(done.code, 7)
    t.has(done.err, "a model takes 50 rows and decided products together")
    t.write("a.csv", labelled(first, second, 6))
    done = t.aisle("label", "import", "a.csv", "--name", "a")
    t.eq(done.code, 9)
    t.has(done.err, "is there already, with 5 other rows", "--replace")
    done = t.aisle("label", "import", "a.csv", "--name", "a", "--replace", "--json")
    t.eq((done.code, done.json()["rows"], done.json()["replaced"]), (0, 6, True))
    t.eq(t.aisle("label", "show", "b").code, 4)


@run.case("options that go with a file are not taken without one")
def _(t):
    two_leaves(t)
    for words in (("--out", "m"), ("--title", "nama"), ("--titles-only",)):
        done = t.aisle("model", "train", *words)
        t.eq(done.code, 2)
        t.has(done.err, "goes with a FILE")
    done = t.aisle("model", "train")
    t.eq(done.code, 0)
    t.has(done.err, "0 products are decided or labelled: 50 at least are needed")


if __name__ == "__main__":
    run.main()
