"""What sellers' columns mean, over REST: what is open, teaching, sheets, taking back."""
import csv
import io
from urllib.parse import quote

import service
from service import TARGET, case
from world import eq, has, true

LEAF = "744161"
V1 = "/api/v1"
AT = f"{V1}/attributes"
MINE = f"target={TARGET}&seller=kain"
ROWS = [  # id, Musim, Tangan, Ragam
    ("L-1", "hujan deras", "Lengan Pendek", "Garis"),
    ("L-2", "Hujan deras", "Lengan Panjang", "long sleeve"),
    ("L-3", "Kemarau", "Lengan Pendek", "Garis-garis"),
    ("L-4", "salju", "Lengan Pendek", ""),
]


class Scene(service.Scene):
    """And a third seller with shirts in one leaf, whose demands are known."""

    def build(self, *words):
        super().build(*words)
        self.w.sandboxes[-1].fault()
        budi = self.service.client("budi")
        for sku, season, sleeve, pattern in ROWS:
            budi.want(201, "PUT", f"{V1}/products/kain/{sku}", {
                "title": f"Kaos polos pria {sku}", "price_minor": 5000000, "currency": "IDR",
                "attributes": {"Bahan": "Katun", "Musim": season, "Tangan": sleeve, "Ragam": pattern}})
            budi.want(200, "PUT", f"{V1}/mappings/{TARGET}/kain/product/{sku}",
                      {"state": "accepted", "category": LEAF})
        self.w.ok("tree", "requirements", "--target", TARGET)
        return self


def gaps(client, words=""):
    return client.get(f"{AT}/open?{MINE}&all=true{words}").json()


def by_name(client):
    return {row["name"]: row for row in gaps(client)["items"]}


def teach(client, *lessons, status=200, **more):
    return client.want(status, "POST", AT, {"target": TARGET, "seller": "kain", "lessons": list(lessons), **more}).json()


def taught(client, words=""):
    return client.get(f"{AT}?{MINE}{words}").json()["items"]


def undo(client, batch):
    return client.want(200, "POST", f"{AT}/batches/{batch}/undo").json()


SALJU = {"attribute": "Musim", "column": "Musim", "value": "salju"}


@case("what is open is told once a leaf, with the seller's values, what may be meant, and what it takes")
def _(s):
    whole = gaps(s.service.client("vera"))
    eq([whole[k] for k in ("products", "unmapped", "unknown")], [4, 0, 0])
    rows = {row["name"]: row for row in whole["items"]}
    eq(whole["gaps"], len(rows))
    season = rows["Musim"]
    eq((season["category"], season["products"], season["without_column"]), (LEAF, 3, 0))
    true(season["path"], "the way to the leaf")
    eq([(v["value"], v["products"], v["proposed"] and v["proposed"]["name"]) for v in season["values"]],
       [("Hujan deras", 1, "Hujan"), ("hujan deras", 1, "Hujan"), ("salju", 1, None)])
    eq([v["name"] for v in season["takes"]], ["Kemarau", "Hujan", "Semua Musim"])
    eq((rows["Panjang Lengan"]["products"], rows["Panjang Lengan"]["column"]), (4, "Tangan"))
    eq(gaps(s.service.client("vera"), "&category=1")["items"], [])
    eq(len({row["name"]: row for row in gaps(s.service.client("vera"), "&values=1")["items"]}["Musim"]["values"]), 1)


@case("pages of what is open and of what was taught show everything once, in one order")
def _(s):
    budi = s.service.client("budi")
    teach(budi, {"attribute": "Negara Asal", "becomes": "Indonesia"}, {**SALJU, "becomes": "Hujan"},
          {"attribute": "Motif", "column": "Ragam"}, {**SALJU, "becomes": "Kemarau"})
    for path in (f"{AT}/open?{MINE}&all=true", f"{AT}?{MINE}", f"{AT}?{MINE}&history=true"):
        items, after = [], ""
        for _ in range(100):
            page = budi.get(f"{path}&limit=1{after}").json()
            items += page["items"]
            if "next" not in page:
                break
            after = "&after=" + quote(page["next"])
        eq(items, budi.get(f"{path}&limit=500").json()["items"], path)
        true(len(items) > 2, path)
    for bad in ("x", "1%20x%201%201", "1%201"):
        eq(budi.get(f"{AT}/open?{MINE}&after={bad}", 400).json()["field"], "after")
    undo(budi, taught(budi)[0]["batch"])
    eq(taught(budi), [])


@case("a column, a value and what holds without a column are taught as one batch, and close what was open")
def _(s):
    budi = s.service.client("budi")
    done = teach(budi, {"attribute": "Panjang Lengan", "column": "Tangan"},
                 {"attribute": "Musim", "column": "musim", "value": "HUJAN DERAS", "becomes": "hujan"},
                 {"attribute": "Negara Asal", "becomes": "Indonesia", "category": LEAF})
    eq([(x["name"], x["column"], x["value"], x["becomes"], x["category"]) for x in done["items"]],
       [("Panjang Lengan", "tangan", None, None, None), ("Musim", "musim", "hujan deras", "Hujan", None),
        ("Negara Asal", None, None, "Indonesia", LEAF)])
    rows = by_name(budi)
    eq({name: row["products"] for name, row in rows.items()}, {"Motif": 4, "Musim": 1})
    eq(sorted(x["name"] for x in taught(s.service.client("vera"))), ["Musim", "Negara Asal", "Panjang Lengan"])
    eq({x["who"] for x in taught(budi)}, {"budi"})
    eq(len(taught(budi, f"&batch={done['batch']}")), 3)
    eq(undo(budi, done["batch"])["reversed"], 3)
    eq(taught(budi), [])


@case("taken back it is open again, by its key or by its batch; undone again it is back; what came since is left")
def _(s):
    budi, cici = s.service.client("budi"), s.service.client("cici")
    teach(budi, {**SALJU, "becomes": "Hujan"})
    second = teach(cici, {**SALJU, "becomes": "Kemarau"})["batch"]
    eq([x["becomes"] for x in taught(budi)], ["Kemarau"])
    undone = undo(budi, second)
    eq((undone["reversed"], undone["left_alone"], taught(budi)[0]["becomes"]), (1, [], "Hujan"))
    undo(budi, undone["batch"])
    eq(taught(budi)[0]["becomes"], "Kemarau")
    teach(budi, {**SALJU, "remove": True})
    eq(taught(budi), [])
    has(teach(budi, {**SALJU, "remove": True}, status=422)["detail"], "taken back already")
    left = undo(cici, second)
    eq((left["reversed"], left["batch"], [x["column"] for x in left["left_alone"]]), (0, None, ["musim"]))
    eq([x["taught"] for x in taught(budi, "&history=true&limit=1")], [False])
    budi.want(404, "POST", f"{AT}/batches/b-none/undo")


@case("what makes no sense is refused with its place, and nothing of its batch is kept")
def _(s):
    budi = s.service.client("budi")
    fine = {**SALJU, "becomes": "Hujan"}
    for lesson, status, field, why in (
            ({"attribute": "Kerah", "column": "x"}, 422, "lessons[1]", "no leaf we know of has an attribute"),
            ({**SALJU, "becomes": "Gugur"}, 422, "lessons[1]", 'takes no "Gugur", but Kemarau, Hujan'),
            ({"attribute": "Musim"}, 422, "lessons[1]", "say which column"),
            ({"attribute": "Musim", "column": 5}, 400, "lessons[1].column", "must be a text"),
            ({**SALJU, "becoms": "Hujan"}, 400, "lessons[1].becoms", "did you mean 'becomes'?"),
            ({"attribute": "Musim", "column": "x" * 1001}, 400, "lessons[1].column", "1000 bytes"),
            (5, 400, "lessons", "must be a list of objects")):
        problem = teach(budi, fine, lesson, status=status)
        eq(problem["field"], field)
        has(problem["detail"], why)
    for lessons in ([], "x", None, [fine] * 201):
        eq(budi.want(400, "POST", AT, {"target": TARGET, "lessons": lessons}).json()["field"], "lessons")
    eq(budi.want(400, "POST", AT, {"lessons": [fine]}).json()["field"], "target")
    tried = teach(budi, fine, dry_run=True)
    eq((tried["batch"], tried["items"][0]["becomes"]), (None, "Hujan"))
    eq(taught(budi), [])
    again = [teach_once(budi, fine) for _ in range(2)]
    eq(again[0], again[1], "one Idempotency-Key")
    eq(len(taught(budi, f"&history=true&batch={again[0]['batch']}")), 1)
    undo(budi, again[0]["batch"])


def teach_once(client, lesson):
    return client.want(200, "POST", AT, {"target": TARGET, "seller": "kain", "lessons": [lesson]},
                       Idempotency_Key="teach-1").json()


@case("a sheet goes out, is filled in, and comes back as one batch; bad rows are named")
def _(s):
    budi = s.service.client("budi")
    sheet = s.service.client("vera").get(f"{AT}/sheet?{MINE}&all=true")
    has(sheet.headers["Content-Type"], "text/csv")
    has(sheet.headers["Content-Disposition"], "attachment")
    rows = list(csv.DictReader(io.StringIO(sheet.body.lstrip("\ufeff"))))
    by = {(row["name"], row["value"]): row for row in rows}
    for row in rows:
        row["decision"] = row["proposal"]
    by["Musim", "salju"]["decision"] = "Semua Musim"
    by["Negara Asal", ""]["decision"] = "Bekasi"
    by["Motif", ""]["decision"] = "Loreng"
    back = io.StringIO()
    out = csv.DictWriter(back, list(rows[0]))
    out.writeheader()
    out.writerows(rows)

    def send(client, words="", status=200, body=back.getvalue()):
        return client.want(status, "POST", f"{AT}/sheet?{MINE}{words}", body, Content_Type="text/csv").json()

    tried = send(budi, "&dry_run=true")
    eq([tried[k] for k in ("taught", "refused", "batch")], [4, 1, None], str(tried))
    eq(taught(budi), [])
    done = send(budi)
    has(done["problems"][0]["what"], 'Motif takes no "Loreng"')
    true(done["problems"][0]["line"] > 1, str(done))
    eq(list(by_name(budi)), ["Motif"])
    eq(undo(budi, done["batch"])["reversed"], 4)
    eq(taught(budi), [])
    theirs = send(budi, body=back.getvalue().replace("kain,", "default,"))
    eq((theirs["taught"], theirs["refused"]), (0, sum(bool(row["decision"]) for row in rows)))
    has(str(theirs["problems"]), "another seller")
    for bad in ("", "a,b\n1,2\n", "\0\xff"):
        send(budi, status=422, body=bad.encode("latin-1"))
    send(s.service.client("vera"), status=403)
    eq(budi.want(400, "POST", f"{AT}/sheet", "x", Content_Type="text/csv").json()["field"], "target")


@case("a viewer looks and teaches nothing; of another seller nothing is seen, taught or taken back")
def _(s):
    vera, olga, budi, ana = (s.service.client(n) for n in ("vera", "olga", "budi", "ana"))
    fine = {**SALJU, "becomes": "Hujan"}
    teach(vera, fine, status=403)
    vera.want(403, "POST", f"{AT}/batches/b-1/undo")
    batch = teach(budi, fine)["batch"]
    for path in (AT, f"{AT}/open", f"{AT}/sheet"):
        olga.get(f"{path}?target={TARGET}", 404)
        olga.get(f"{path}?target=lain:v2:TIKTOK_SHOP&seller=kain", 404)
        vera.get(f"{path}?target=nobody", 404)
        vera.get(path, 400)
    eq(olga.get(f"{AT}?target=lain:v2:TIKTOK_SHOP").json()["items"], [])
    olga.want(404, "POST", AT, {"target": TARGET, "lessons": [fine]})
    olga.want(404, "POST", AT, {"target": "lain:v2:TIKTOK_SHOP", "seller": "kain", "lessons": [fine]})
    olga.want(404, "POST", f"{AT}/sheet?target={TARGET}", "x", Content_Type="text/csv")
    olga.want(404, "POST", f"{AT}/batches/{batch}/undo")
    tried = ana.get(f"{V1}/audit?what=attribute.undo&limit=1").json()["items"][0]
    eq((tried["who"], tried["outcome"], tried["seller"], tried["about"]), ("olga", 404, None, None))
    own = olga.want(200, "POST", AT, {"target": "lain:v2:TIKTOK_SHOP", "lessons": [fine]}).json()
    eq([x["seller"] for x in own["items"]], ["other"])
    eq([x["seller"] for x in taught(ana)], ["kain"])
    eq(by_name(budi)["Musim"]["products"], 2, "one of three is settled")
    undo(budi, batch)
    eq(by_name(budi)["Musim"]["products"], 3, "another seller's lesson is not ours")
    undo(olga, own["batch"])
    trail = ana.get(f"{V1}/audit?what=attribute.&limit=4").json()["items"]
    eq([(e["who"], e["what"], e["seller"]) for e in trail if e["outcome"] == 200],
       [("olga", "attribute.undo", "other"), ("budi", "attribute.undo", "kain"),
        ("olga", "attribute.teach", "other")])


service.main(scene=Scene)
