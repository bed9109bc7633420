"""teaching the matcher from files, asking it and judging it, from the shell"""
import json
import os
import xml.etree.ElementTree

import run

KINDS = {"Fashion > Men > T-Shirts": "kaos polos pria katun {n}",
         "Fashion > Men > Jeans": "celana jeans panjang {n}",
         "Fashion > Women > Skirts": "rok plisket wanita {n}",
         "Home > Kitchen > Pans": "wajan anti lengket {n} cm"}


def labelled(first, last):
    lines = ["id,title,category_path"]
    for n in range(first, last):
        for path, title in KINDS.items():
            lines.append(f"{len(lines)},{title.format(n=n)},{path}")
    return "\n".join(lines) + "\n"


def taught(t):
    t.write("train.csv", labelled(0, 40))
    done = t.aisle("model", "train", "train.csv", "--out", "m", "--json")
    t.eq(done.code, 0, done.err)
    return done


@run.case("a model is taught, asked and judged without a store or settings")
def _(t):
    row = taught(t).json()
    t.eq((row["leaves"], row["rows"], row["left_out"]), (4, 160, 0))
    t.true(0 < row["bytes"] == len(open(t.path("m"), "rb").read()))
    info = t.aisle("model", "info", "m", "--json").json()
    t.eq((info["leaves"], info["rows"], info["paths"]), (4, 160, True))
    t.write("valid.csv", labelled(50, 60))
    rows = t.aisle("model", "eval", "valid.csv", "--model", "m", "--svg", "m.svg", "--json").json()
    t.eq((rows[0]["part"], rows[0]["rows"], rows[0]["right"]), ("all", 40, 1))
    t.eq([r["part"] for r in rows[1:3]], ["95 % right", "98 % right"])
    t.eq(sum(r["rows"] for r in rows[3:]), 40)
    t.true(xml.etree.ElementTree.parse(t.path("m.svg")).getroot().tag.endswith("svg"))
    t.true(not any(name.endswith(".db") for name in os.listdir(t.folder)))


@run.case("where no category has two titles, nothing is said of how often it is right")
def _(t):
    t.write("one.csv", "title,category_path\nkaos polos,Fashion > Shirts\nwajan,Home > Pans\ntali,Pets > Leads\n")
    done = t.aisle("model", "train", "one.csv", "--out", "m", "--json")
    measured = ("held_out", "right", "right_in_3", "ece")
    t.eq([done.json()[name] for name in measured], [0, None, None, None])
    t.has(done.err, "how often it is right was not measured: no category has two titles")
    t.lacks(done.err, "were right")
    info = t.aisle("model", "info", "m", "--json").json()
    t.eq([info[name] for name in measured], [0, None, None, None])
    t.write("two.csv", t.read("one.csv") + "kaos kerah,Fashion > Shirts\n")
    done = t.aisle("model", "train", "two.csv", "--out", "m", "--json")
    t.eq(done.json()["held_out"], 4)
    t.has(done.err, "were right")


@run.case("a file is answered line for line, in its order, best leaf first")
def _(t):
    taught(t)
    asked = labelled(70, 80)
    done = t.aisle("map", "suggest", "--model", "m", "--jsonl", "--limit", "3", stdin=asked)
    t.eq(done.code, 0, done.err)
    answers = [json.loads(line) for line in done.out.splitlines()]
    wanted = [line.split(",") for line in asked.splitlines()[1:]]
    t.eq([a["id"] for a in answers], [w[0] for w in wanted])
    t.eq([a["suggestions"][0]["category_path"] for a in answers], [w[2] for w in wanted])
    for answer in answers:
        sure = [s["confidence"] for s in answer["suggestions"]]
        t.eq(len(sure), 3)
        t.true(sure == sorted(sure, reverse=True) and 0 <= sure[-1] and sum(sure) <= 1.001, sure)


@run.case("a file cut into shards is answered as the whole is, by processes that share the model's file")
def _(t):
    taught(t)
    before = open(t.path("m"), "rb").read()
    head, *rows = labelled(100, 130).splitlines(keepends=True)
    whole = t.aisle("map", "suggest", "-m", "m", "--jsonl", stdin=head + "".join(rows)).out
    shards = [t.aisle("map", "suggest", "-m", "m", "--jsonl", stdin=head + "".join(rows[at:at + 17])).out
              for at in range(0, len(rows), 17)]
    t.eq(len(whole.splitlines()), len(rows))
    t.eq("".join(shards), whole)
    t.true(open(t.path("m"), "rb").read() == before)


@run.case("a row that cannot be read is answered with what is wrong, and the run goes on")
def _(t):
    taught(t)
    done = t.aisle("map", "suggest", "-m", "m", "--jsonl", stdin="id,title\n1,kaos pria\n2,\n3,rok\n")
    t.eq(done.code, 7)
    answers = [json.loads(line) for line in done.out.splitlines()]
    t.eq([a["id"] for a in answers], ["1", "2", "3"])
    t.eq((answers[1]["line"], answers[1]["suggestions"]), (3, []))
    t.has(answers[1]["error"], "no title")
    lines = '{"id":"1","title":"kaos"}\nnonsense\n{"id":"3","title":"rok plisket"}\n'
    done = t.aisle("map", "suggest", "-m", "m", "--jsonl", stdin=lines)
    answers = [json.loads(line) for line in done.out.splitlines()]
    t.eq([len(a["suggestions"]) > 0 for a in answers], [True, False, True])


@run.case("lines of any kind end no run: each has its answer or its error, in their order")
def _(t):
    taught(t)
    title = b"kaos polos pria "
    lines = ((b'{"id":"1","title":"kaos polos"}', ""),
             (b'{"id":"2","title":"' + title * 4096 + b'"}', ""),  # 64 KiB
             (b'{"id":"","title":"kaos \xff\xfe"}', "no JSON"),
             (b"nonsense", "no JSON"),
             (b"[1, 2]", "no object"),
             (b'{"id":"6"}', "no title"),
             (b'{"id":"","title":"nul \\u0000"}', "no JSON"),
             (b'{"id":"8","title":"' + b"x" * (1 << 20) + b'"}', ""),
             (b'{"id":"","title":"' + b"x" * (5 << 20) + b'"}', "over 4 MiB"),
             (b'{"id":"","title":"cut sh', "no JSON"),
             (b'{"id":"11","title":"rok plisket"}', ""))
    with open(t.path("rows.jsonl"), "wb") as file:
        file.write(b"\n".join(line for line, _ in lines))
    done = t.shell('"$AISLE" map suggest -m m --jsonl --limit 1 < rows.jsonl > answers')
    t.eq(done.code, 7, done.err)
    answers = [json.loads(line) for line in open(t.path("answers"), "rb")]
    t.eq(len(answers), len(lines))
    for n, (answer, (_, error)) in enumerate(zip(answers, lines), 1):
        if error:
            t.eq(answer["line"], n)
            t.has(answer["error"], error)
        else:
            t.eq((answer["id"], "error" in answer), (str(n), False))
    t.eq([answers[n]["suggestions"][0]["category_path"].split(" > ")[-1] for n in (0, 1, 10)],
         ["T-Shirts", "T-Shirts", "Skirts"])


@run.case("letters that are no UTF-8 are told once, by line, and the rows are taken all the same")
def _(t):
    with open(t.path("train.csv"), "wb") as file:
        file.write(labelled(0, 20).replace("polos", "polos café").encode())
        file.write(b"90,caf\xe9 \xff kaos,Fashion > Men > T-Shirts\n"
                   b"91,caf\xe9 rok,Fashion > Women > Skirts\n")
    done = t.aisle("model", "train", "train.csv", "--out", "m", "--json")
    t.eq((done.code, done.json()["rows"]), (0, 82), done.err)
    t.has(done.err, "train.csv:82: some letters are no UTF-8", "save the file again as CSV UTF-8")
    t.eq(done.err.count("no UTF-8"), 1)
    done = t.shell('"$AISLE" map suggest -m m --jsonl < train.csv > answers')
    t.eq((done.code, done.err.count("no UTF-8")), (0, 1), done.err)
    t.eq(len(open(t.path("answers"), "rb").read().splitlines()), 82)


@run.case("a piece of a catalogue that has no rows has no answers, and is no failure")
def _(t):
    taught(t)
    done = t.aisle("map", "suggest", "-m", "m", "--jsonl", stdin="")
    t.eq((done.code, done.out), (0, ""), done.err)


@run.case("words nobody taught it get no suggestion")
def _(t):
    taught(t)
    done = t.aisle("map", "suggest", "-m", "m", "--jsonl", stdin="title\nqqqq zzzz\n")
    t.eq(json.loads(done.out)["suggestions"], [])
    done = t.aisle("map", "suggest", "-m", "m", "qqqq zzzz")
    t.eq((done.code, done.out), (0, ""))
    t.has(done.err, "nothing in these words")


@run.case("one title gets rows with the words that decided")
def _(t):
    taught(t)
    row = t.aisle("map", "suggest", "--model", "m", "Rok plisket biru", "--json").json()[0]
    t.eq(row["path"], "Fashion > Women > Skirts")
    t.has(row["reasons"], "plisket")
    t.true("biru" not in row["reasons"], row)


@run.case("the same rows in another order make the same file")
def _(t):
    taught(t)
    lines = t.read("train.csv").splitlines()
    t.write("turned.csv", "\n".join(lines[:1] + lines[:0:-1]) + "\n")
    t.eq(t.aisle("model", "train", "turned.csv", "-o", "n").code, 0)
    t.true(open(t.path("m"), "rb").read() == open(t.path("n"), "rb").read())


@run.case("JSON Lines teach the same, and columns can be named")
def _(t):
    t.write("train.jsonl", "".join(json.dumps({"what": title.format(n=n), "where": path}) + "\n"
                                   for n in range(30) for path, title in KINDS.items()))
    done = t.aisle("model", "train", "train.jsonl", "--title", "what", "--label", "where", "-o", "m",
                   "--json")
    t.eq((done.code, done.json()["rows"]), (0, 120), done.err)


@run.case("rows without title or category are told by line and left out")
def _(t):
    t.write("train.csv", labelled(0, 40) + "x,,Fashion\ny,kaos,\n")
    done = t.aisle("model", "train", "train.csv", "-o", "m", "--json")
    t.eq((done.code, done.json()["left_out"]), (7, 2))
    t.has(done.err, "train.csv:162: the row has no title", "train.csv:163: the row has no category")


@run.case("what is wrong with a file is said, and nothing is written")
def _(t):
    t.write("empty.csv", "")
    t.write("header.csv", "title,label\n")
    t.write("other.csv", "a,b\n1,2\n")
    for name, code, says in (("none.csv", 4, "cannot read none.csv"), ("empty.csv", 6, "empty"),
                             ("header.csv", 6, "no row to learn from"),
                             ("other.csv", 6, "no column is known as the title among: a, b")):
        done = t.aisle("model", "train", name, "-o", "m")
        t.true(done.code != 0, name)
        t.has(done.err, says)
    t.true(not os.path.exists(t.path("m")))


@run.case("where no model can be written is said before anything is read")
def _(t):
    t.write("train.csv", labelled(0, 10))
    for out, code, says in (("nowhere/m", 1, "nowhere/m: No such file"), (".", 1, "Is a directory"),
                            ("./train.csv", 2, "learnt from and replaced")):
        done = t.aisle("model", "train", "none.csv" if code == 1 else "train.csv", "--out", out)
        t.eq(done.code, code, done.err)
        t.has(done.err, says)
    t.eq(open(t.path("train.csv")).read(), labelled(0, 10))
    t.eq(os.listdir(t.folder), ["train.csv"])


@run.case("a training replaces a model, and nothing else")
def _(t):
    taught(t)
    t.write("notes.txt", "not to be lost\n")
    t.write("short", "AISLE")
    t.write("empty", "")
    for out, code in (("notes.txt", 9), ("short", 9), ("empty", 0), ("m", 0)):
        done = t.aisle("model", "train", "train.csv", "--out", out)
        t.eq(done.code, code, done.err)
        if code:
            t.has(done.err, out + " is there and no model", "name another file")
    done = t.shell('ln -s notes.txt m2.$$.new; ln -s notes.txt m2.$$-0.new; '
                   'exec "$AISLE" model train train.csv --out m2')
    t.eq(done.code, 0, done.err)
    t.true(os.path.getsize(t.path("m2")) > 1000 and not os.path.islink(t.path("m2")))
    t.eq(open(t.path("notes.txt")).read(), "not to be lost\n")
    t.eq(open(t.path("short")).read(), "AISLE")


@run.case("a store in which no model was trained says what to do")
def _(t):
    t.eq(t.aisle("init").code, 0)
    done = t.aisle("model", "info", "--json")
    t.eq((done.code, done.json()), (0, []))
    t.has(done.err, "no model was trained from the store", "aisle model train", "aisle model info FILE")


@run.case("a model file that is damaged, foreign or newer is refused with a word")
def _(t):
    taught(t)
    whole = open(t.path("m"), "rb").read()
    for at, value, says in ((0, b"X", "no model file"), (8, b"\x01\x02\x03\x04", "byte order"),
                            (12, b"\x63", "version 99"), (40, b"\xff", "damaged"),
                            (len(whole) - 9, b"\x5a", "damaged"), (len(whole), b"\n", "damaged")):
        with open(t.path("bad"), "wb") as file:
            file.write(whole[:at] + value + whole[at + len(value):])
        done = t.aisle("map", "suggest", "-m", "bad", "kaos")
        t.true(done.code not in (0, 2), done.err)
        t.has(done.err, says, "try: aisle model train FILE --out MODEL")
    with open(t.path("bad"), "wb") as file:
        file.write(whole[:5000])
    t.has(t.aisle("model", "info", "bad").err, "cut short")
    t.has(t.aisle("model", "info", ".").err, "not the folder .")
    t.eq(t.aisle("model", "info", "nowhere").code, 4)


@run.case("a file is answered in JSON Lines or not at all")
def _(t):
    taught(t)
    done = t.aisle("map", "suggest", "-m", "m", stdin="title\nkaos\n")
    t.true(done.code != 0 and done.out == "")
    t.has(done.err, "say --jsonl")


run.main()
