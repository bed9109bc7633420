"""the forms of output, on a pipe and on a terminal"""
import json

import run


def begun(t, products=3):
    t.eq(t.aisle("init").code, 0)
    for i in range(products):
        t.eq(t.aisle("product", "add", f"K-{i}", "--title", f"Kaos {i} katun combed 30s",
                     "--category", "Fashion Pria > Kaos", "--image",
                     f"https://img.example/a/very/long/way/to/kaos-{i}.jpg").code, 0)


@run.case("on a pipe rows are TSV without a heading")
def _(t):
    begun(t)
    rows = t.aisle("product", "list").rows()
    t.eq([row[0] for row in rows], ["K-0", "K-1", "K-2"])
    t.eq(rows[0][2], "Fashion Pria > Kaos")


@run.case("on a terminal they are a table that fits")
def _(t):
    begun(t)
    shown = t.terminal("product", "list", size=(24, 72), env={"NO_COLOR": "1"}).out
    lines = shown.splitlines()
    t.eq(lines[0].split(), ["id", "title", "category"])
    t.eq(lines[2], "    image: https://img.example/a/very/long/way/to/kaos-0.jpg")
    t.true(all(len(line) <= 72 for line in lines), shown)
    t.eq(t.terminal("product", "list", size=(24, 120), env={"NO_COLOR": "1"}).out.splitlines()[0]
         .split(), ["id", "title", "category", "image"])


@run.case("on a terminal everything that is counted is shown, and what mends something is whole")
def _(t):
    begun(t, 0)
    shown = t.terminal("doctor", size=(24, 60), env={"NO_COLOR": "1"}).out
    t.lacks(shown, "…")
    t.has(shown, "    mend: aisle shop ")


@run.case("help is as wide as the terminal, and no wider than can be read")
def _(t):
    for width, most in ((64, 64), (200, 90)):
        lines = t.terminal("help", "job", "list", size=(24, width)).out.splitlines()
        told = lines[lines.index("OPTIONS"):]
        t.true(most - 12 < max(map(len, told)) <= most, "\n".join(told))
    t.eq(t.aisle("help", "job", "list", env={"COLUMNS": "64"}).out.splitlines(), lines)


@run.case("colour only on a terminal, and never with NO_COLOR")
def _(t):
    begun(t, 1)
    t.has(t.terminal("product", "list").out, "\x1b[1m")
    t.lacks(t.terminal("product", "list", env={"NO_COLOR": "1"}).out, "\x1b[")
    t.lacks(t.terminal("product", "list", env={"TERM": "dumb"}).out, "\x1b[")
    t.lacks(t.aisle("product", "list").out, "\x1b")


@run.case("--json is one array, --jsonl an object a line, both with every field")
def _(t):
    begun(t)
    rows = t.aisle("product", "list", "--json").json()
    lines = t.aisle("product", "list", "--jsonl").out.splitlines()
    t.eq(rows, [json.loads(line) for line in lines])
    t.eq(rows[0]["price_minor"], None)
    t.eq(rows[0]["id"], "K-0")


@run.case("--fields chooses and orders, and an unknown one is code 2 before anything is done")
def _(t):
    begun(t)
    t.eq(t.aisle("product", "list", "--fields", "title,id").rows()[1],
         ["Kaos 1 katun combed 30s", "K-1"])
    done = t.aisle("product", "list", "--fields", "titel")
    t.eq((done.code, done.out), (2, ""))
    t.has(done.err, "did you mean 'title'?")


@run.case("forms of output that contradict each other are misuse")
def _(t):
    begun(t, 0)
    for words, says in (
            (("product", "list", "--json", "--jsonl"), "--json and --jsonl exclude"),
            (("map", "export", "--open", "--json"), "--open is a text of its own"),
            (("attribute", "open", "--sheet", "--jsonl"), "--sheet is a text of its own"),
            (("tree", "diff", "--format", "markdown", "--json"), "--format markdown is a text"),
            (("listing", "check", "--markdown", "--fields", "product"), "it has no --fields")):
        done = t.aisle(*words)
        t.eq((done.code, done.out), (2, ""), (words, done.err))
        t.has(done.err, says)


@run.case("--quiet says nothing when all is well")
def _(t):
    begun(t, 0)
    t.eq(t.aisle("product", "list", "-q").err, "")
    t.true(t.aisle("product", "list").err)


@run.case("with --log-format json every line of words is an object")
def _(t):
    begun(t, 0)
    done = t.aisle("--log-format", "json", "product", "list")
    t.eq(json.loads(done.err)["level"], "info")
    done = t.aisle("product", "show", "nothing", "--log-format", "json")
    t.eq(done.code, 4)
    t.eq(json.loads(done.err)["status"], "not_found")
    t.eq(json.loads(t.aisle("product", "show", "x", env={"AISLE_LOG_FORMAT": "json"}).err)
         ["level"], "error")


@run.case("a title cannot steer the terminal")
def _(t):
    begun(t, 0)
    t.eq(t.aisle("product", "add", "K-1", "--title", "Kaos \x1b]0;mine\x07 \x1b[2J").code, 0)
    t.lacks(t.terminal("product", "list", env={"NO_COLOR": "1"}).out, "\x1b")
    t.eq(t.aisle("product", "list", "--json").json()[0]["title"],
         "Kaos \x1b]0;mine\x07 \x1b[2J")


@run.case("what cannot be undone asks first on a terminal")
def _(t):
    begun(t, 1)
    shown = t.terminal("product", "remove", "K-0", keys="n\n")
    t.has(shown.out, "remove K-0", "[y/N]", "nothing was done")
    t.eq(shown.code, 130)
    t.eq(t.terminal("product", "remove", "K-0", keys="y\n").code, 0)
    t.eq(t.aisle("product", "list").out, "")


run.main()
