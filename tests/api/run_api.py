"""What the REST interface promises: signing in, looking, deciding, two at once, attacks."""
import hashlib
import hmac
import json
import os
import re
import socket
import sqlite3
import threading
import time
from urllib.parse import quote

import service
import world
from service import PASSWORD, PNG, TARGET, case, until, wait
from world import eq, has, true

V1 = "/api/v1"
TREE = f"{V1}/trees/{TARGET}"


def a_leaf(client, q="kaos pria"):
    return client.get(f"{TREE}/search?q={quote(q)}").json()["items"][0]


def open_item(client):
    items = client.get(f"{V1}/queues/needs?target={TARGET}&by=product&limit=500").json()["items"]
    true(items, "nothing is open")
    return items[0]


def mapping(item):
    return (f"{V1}/mappings/{TARGET}/{item['seller']}/{item['scope']}/"
            f"{quote(item['key'], safe='')}")


# ---- who may come in ----

@case("without signing in there is health and the description, and nothing else")
def _(s):
    nobody = s.service.client()
    for path in ("/healthz", "/readyz", f"{V1}/openapi.yaml"):
        nobody.get(path)
    for path, methods in service.yaml_paths(nobody.get(f"{V1}/openapi.yaml").body).items():
        for method, text in methods.items():
            if not method or "security: []" in text:
                continue
            at = path.replace("{target}", TARGET).replace("{queue}", "needs")
            at = at.replace("{seller}", "default").replace("{scope}", "product")
            for name in ("{id}", "{user}", "{key}"):
                at = at.replace(name, "x")
            nobody.want(401, method.upper(), at + "?target=x&q=x&path=x",
                        {} if method != "get" else None)


@case("a wrong password and a name nobody has are told alike")
def _(s):
    nobody = s.service.client()
    answers = [nobody.want(401, "POST", f"{V1}/session", {"user": u, "password": "x" * 12}).json()
               for u in ("ana", "nobody-has-this")]
    eq(answers[0]["detail"], answers[1]["detail"])


@case("signing in sets a cookie scripts cannot read, and says the word for writes")
def _(s):
    answer = s.service.client().sign_in("budi")
    has(answer.headers["Set-Cookie"], "HttpOnly", "SameSite=Strict", "Path=/")
    has(answer.headers["Content-Security-Policy"], "script-src 'self'", "frame-ancestors 'none'")
    true("unsafe" not in answer.headers["Content-Security-Policy"], "inline code is allowed")
    eq(answer.json()["rights"], ["read", "decide", "edit"])


@case("a cookie planted before signing in is worth nothing afterwards")
def _(s):
    budi = s.service.client()
    planted = "aisle_session=" + "A" * 43
    budi.cookie = planted
    budi.sign_in("budi")
    true(budi.cookie != planted, "the planted cookie was kept")
    other = s.service.client()
    other.cookie = planted
    other.get(f"{V1}/me", 401)
    twice = s.service.client()
    twice.cookie = planted + "; " + budi.cookie
    twice.get(f"{V1}/me", 401)


@case("signing out ends the session at once")
def _(s):
    budi = s.service.client("budi")
    budi.want(204, "DELETE", f"{V1}/session")
    budi.get(f"{V1}/me", 401)


@case("a new password signs out everywhere, and needs the old one")
def _(s):
    s.w.ok("user", "add", "dodo", "--role", "viewer", stdin=PASSWORD + "\n")
    dodo, elsewhere = s.service.client("dodo"), s.service.client("dodo")
    told = dodo.want(403, "PUT", f"{V1}/me/password", {"old": "x" * 12, "password": "another long one"}).json()
    eq((told["code"], told["field"]), ("forbidden", "old"))
    dodo.want(204, "PUT", f"{V1}/me/password", {"old": PASSWORD, "password": "another long one"})
    elsewhere.get(f"{V1}/me", 401)
    s.service.client().sign_in("dodo", "another long one")


@case("a change of a user that changes nothing leaves their sessions")
def _(s):
    ana, vera = s.service.client("ana"), s.service.client("vera")
    for same in ({}, {"role": "viewer"}, {"seller": ""}, None):
        ana.want(204, "PATCH", f"{V1}/users/vera", same)
    ana.want(404, "PATCH", f"{V1}/users/nobody", {})
    eq(vera.get(f"{V1}/me").json()["user"], "vera")
    ana.want(204, "PATCH", f"{V1}/users/vera", {"role": "mapper"})
    vera.get(f"{V1}/me", 401)
    ana.want(204, "PATCH", f"{V1}/users/vera", {"role": "viewer"})


@case("a write needs the session's own word")
def _(s):
    budi, cici = s.service.client("budi"), s.service.client("cici")
    for word in (None, "", "x" * 43, cici.csrf):
        budi.want(403, "POST", f"{V1}/decisions", {"target": TARGET}, X_CSRF_Token=word)


@case("a write from a page of another site is refused")
def _(s):
    budi = s.service.client("budi")
    for headers in ({"Origin": "https://evil.example"}, {"Sec_Fetch_Site": "cross-site"},
                    {"Origin": "null"}):
        budi.want(403, "POST", f"{V1}/decisions", {"target": TARGET}, **headers)
        s.service.client().want(403, "POST", f"{V1}/session",
                                {"user": "budi", "password": PASSWORD}, **headers)


@case("a viewer looks and changes nothing; a mapper looks after no people")
def _(s):
    vera, budi = s.service.client("vera"), s.service.client("budi")
    item = open_item(vera)
    told = vera.want(403, "PUT", mapping(item), {"state": "none"}).json()
    eq((told["code"], told["detail"]), ("forbidden", "your role does not allow this: it takes role mapper"))
    vera.want(403, "PUT", f"{V1}/products/default/NEW", {"title": "x"})
    vera.want(403, "POST", f"{V1}/runs", {"kind": "sync", "target": TARGET})
    vera.want(403, "POST", f"{V1}/images", "x", Content_Type="image/png")
    for client in (vera, budi):
        client.get(f"{V1}/users", 403)
        client.get(f"{V1}/audit", 403)
        client.want(403, "POST", f"{V1}/users", {"user": "eve", "role": "admin"})
        client.want(403, "PATCH", f"{V1}/users/vera", {"role": "admin"})


@case("someone of one seller sees nothing of another's")
def _(s):
    olga, ana = s.service.client("olga"), s.service.client("ana")
    product = ana.get(f"{V1}/products?seller=default&limit=1").json()["items"][0]
    batch = ana.get(f"{V1}/batches?seller=default").json()["items"][0]["batch"]
    run = ana.get(f"{V1}/runs").json()["items"]
    run = next(r for r in run if r["target"] == TARGET)
    for path in (TREE, f"{TREE}/search?q=kaos", f"{V1}/products?seller=default",
                 f"{V1}/products/default/{quote(product['id'])}",
                 f"{V1}/products/default/{quote(product['id'])}/image",
                 f"{V1}/shops/toko", f"{V1}/queues?target={TARGET}",
                 f"{V1}/queues/needs?target={TARGET}", f"{V1}/decisions?seller=default",
                 f"{V1}/suggestions?target={TARGET}&title=kaos", f"{V1}/runs/{run['id']}",
                 f"{V1}/runs/{run['id']}/items", f"{V1}/seller-categories?seller=default"):
        olga.get(path, 404)
    olga.want(404, "POST", f"{V1}/batches/{batch}/undo")
    tried = ana.get(f"{V1}/audit?what=decision.undo&limit=1").json()["items"][0]
    eq((tried["who"], tried["outcome"], tried["seller"], tried["about"]), ("olga", 404, None, None))
    olga.want(404, "POST", f"{V1}/decisions", {"target": TARGET, "decisions": [{}]})
    olga.want(404, "PUT", f"{V1}/products/default/NEW", {"title": "x"})
    olga.want(404, "POST", f"{V1}/runs", {"kind": "sync", "target": TARGET})
    eq({p["seller"] for p in olga.get(f"{V1}/products").json()["items"]}, {"other"})
    eq({x["id"] for x in olga.get(f"{V1}/sellers").json()["items"]}, {"other"})
    eq({x["shop"] for x in olga.get(f"{V1}/targets").json()["items"]}, {"lain"})
    eq(olga.get(f"{V1}/decisions").json()["items"], [])
    # through its own target, with another's key
    answer = olga.want(200, "POST", f"{V1}/decisions", {
        "target": "lain", "decisions": [{"seller": "default", "scope": "product",
                                         "key": product["id"], "state": "none"}]}).json()
    eq(answer["items"][0]["code"], "not_found")


@case("a token has the scopes it was given and no more")
def _(s):
    shown = s.w.ok("token", "add", "budi", "--scopes", "read", "--name", "erp", "--jsonl")
    token = json.loads(shown.out)["token"]
    s.w.said.pop()  # it is shown this once, on purpose
    erp = s.service.client(token=token)
    eq(erp.get(f"{V1}/me").json()["rights"], ["read"])
    item = open_item(erp)
    told = erp.want(403, "PUT", mapping(item), {"state": "none"}).json()
    eq(told["detail"], "this token does not allow this: it takes scope decide, of a user with role mapper")
    eq(erp.get(f"{V1}/audit", 403).json()["detail"],
       "this token does not allow this: it takes scope admin, of a user with role admin")
    for scopes in ("decide", "read"):
        erp.want(403, "POST", f"{V1}/tokens", {"name": "more", "scopes": scopes})
    listed = s.service.client("budi").get(f"{V1}/tokens")
    true(token not in listed.body, "a token is shown again")
    ids = [t["id"] for t in listed.json()["items"]]
    s.service.client("vera").want(404, "DELETE", f"{V1}/tokens/{ids[0]}")
    made = s.service.client("budi").want(201, "POST", f"{V1}/tokens", {"name": "two", "scopes": "read"}).json()
    erp.want(403, "DELETE", f"{V1}/tokens/{made['id']}")
    two = s.service.client(token=made["token"])
    two.want(204, "DELETE", f"{V1}/tokens/{made['id']}")
    two.get(f"{V1}/me", 401)
    s.service.client("budi").want(204, "DELETE", f"{V1}/tokens/{ids[0]}")
    erp.get(f"{V1}/me", 401)
    for bad in ("aisle_" + "A" * 43, "aisle_", "x", token[:-1]):
        s.service.client(token=bad).get(f"{V1}/me", 401)


@case("who fails often has to wait, and nobody else")
def _(s):
    s.w.ok("user", "add", "gita", "--role", "viewer", stdin=PASSWORD + "\n")
    nobody = s.service.client()
    statuses = [nobody.ask("POST", f"{V1}/session", {"user": "gita", "password": "y" * 12}).status
                for _ in range(8)]
    true(429 in statuses, f"never slowed: {statuses}")
    service.guess_on(s.w, "gita")
    answer = nobody.want(429, "POST", f"{V1}/session", {"user": "gita", "password": PASSWORD})
    true(int(answer.headers["Retry-After"]) > 0, "no Retry-After")
    s.service.client().sign_in("vera")


# ---- looking ----

@case("the description of the interface is YAML, whoever reads it, and names each of its routes")
def _(s):
    text = s.service.client().get(f"{V1}/openapi.yaml").body
    whole = service.read_yaml(text)
    eq({path: sorted(m for m in ops if m != "parameters") for path, ops in whole["paths"].items()},
       {path: sorted(filter(None, ops)) for path, ops in service.yaml_paths(text).items()})


@case("every documented route is served, and every route is documented")
def _(s):
    ana = s.service.client("ana")
    paths = service.yaml_paths(ana.get(f"{V1}/openapi.yaml").body)
    served = s.w.ok("test", "routes").out.split("\n")
    routes = {tuple(line.split("\t")[:2]) for line in served if line}
    documented = {(m.upper(), path) for path, ms in paths.items() for m in ms if m}
    eq(sorted(documented - routes), [], "documented, not served")
    eq(sorted(routes - documented), [], "served, not documented")
    for line in filter(None, served):
        method, path, *params = line.split("\t")
        text = paths[path].get("", "") + paths[path][method.lower()]
        for name in params[0].split(",") if params and params[0] else []:
            known = {"target": "Target", "seller": "Seller", "id": "Id", "after": "After",
                     "limit": "Limit", "locale": "Locale"}
            if f"name: {name}," not in text and known.get(name, "?") not in text:
                raise world.Failed(f"{method} {path}: parameter {name} is not documented")


@case("whatever the command does is done over REST too, or it is said why not")
def _(s):
    here = os.path.dirname(os.path.abspath(__file__))
    with open(os.path.join(here, "../../src/cli/commands.c"), encoding="utf-8") as file:
        commands = set(re.findall(r"&command_(\w+)", file.read()))
    with open(os.path.join(here, "commands.tsv"), encoding="utf-8") as file:
        rows = dict(line.rstrip("\n").split("\t") for line in file if not line.startswith("#"))
    served = {" ".join(line.split("\t")[:2])
              for line in s.w.ok("test", "routes").out.split("\n") if line}
    true("tree_sync" in commands, "the table of commands was read")
    eq(sorted(commands ^ set(rows)), [], "in one table only")
    for command, how in rows.items():
        if not how.startswith("- "):
            eq(sorted(set(how.split(", ")) - served), [], command)


@case("a marketplace's notification is kept once when it is signed, and not otherwise")
def _(s):
    keys = s.w.sandboxes[-1].id
    shop = s.w.rows("SELECT remote_id FROM shop WHERE id = 'toko'")[0][0]
    body = json.dumps({"type": 16, "tts_notification_id": "81", "shop_id": shop,
                       "timestamp": 1, "data": {"product_id": 9007199254740993}}).encode()
    signature = hmac.new(keys["TIKTOK_APP_SECRET"].encode(), keys["TIKTOK_APP_KEY"].encode() + body,
                         hashlib.sha256).hexdigest()

    def send(data, **headers):
        head = "".join(f"{k}: {v}\r\n" for k, v in headers.items())
        return s.service.raw(f"POST /hooks/tiktok HTTP/1.1\r\nHost: x\r\n{head}Content-Type: "
                             f"application/json\r\nContent-Length: {len(data)}\r\n"
                             "Connection: close\r\n\r\n".encode() + data)

    has(send(body, Authorization="0" * 64), " 401 ")
    has(send(body), " 401 ")
    has(send(body + b" ", Authorization=signature), " 401 ")
    has(send(b"{}", Authorization=signature), " 400 ")
    has(send(b" " * 70000, Authorization=signature), " 413 ")
    has(send(body, Authorization=signature), " 200 ", '"added":true')
    has(send(body, Authorization=signature), " 200 ", '"added":false')
    kept = [h for h in s.service.client("ana").get(f"{V1}/hooks").json()["items"] if h["id"] == "81"]
    eq(len(kept), 1, "kept")
    s.service.client().want(401, "GET", f"{V1}/hooks")
    for n in range(82, 86):
        body = body.replace(b'"%d"' % (n - 1), b'"%d"' % n)
        has(send(body, Authorization=hmac.new(keys["TIKTOK_APP_SECRET"].encode(), keys["TIKTOK_APP_KEY"].encode() + body,
                                              hashlib.sha256).hexdigest()), '"added":true')
    budi, olga, seen, after = s.service.client("budi"), s.service.client("olga"), [], ""
    for _ in range(9):
        page = budi.get(f"{V1}/hooks?shop=lain&limit=2{after}").json()
        seen += [h["id"] for h in page["items"]]
        if "next" not in page:
            break
        after = "&after=" + quote(page["next"])
    eq(seen, ["85", "84", "83", "82", "81"])
    eq(budi.get(f"{V1}/hooks?shop=toko").json()["items"], [])
    for bad in ("x", "1:x", "1:1x"):
        eq(budi.get(f"{V1}/hooks?after={bad}", 400).json()["field"], "after")

    def waiting():
        return budi.get(f"{V1}/hooks?state=waiting").json()["items"]

    def apply():  # the service applies them by itself, and may just be at it
        done = wait(budi, budi.want(202, "POST", f"{V1}/shops/lain/hooks/apply", {"again": True}).json())
        true(done["state"] in ("done", "conflict"), str(done))
        return not waiting()

    until(apply, "some wait still")
    s.service.client("vera").want(403, "POST", f"{V1}/shops/toko/hooks/apply")
    olga.want(404, "POST", f"{V1}/shops/toko/hooks/apply")
    eq({h["seller"] for h in olga.get(f"{V1}/hooks").json()["items"]}, {"other"})
    olga.get(f"{V1}/hooks?seller=default", 404)
    eq(s.service.client("vera").get(f"{V1}/listings").json()["items"], [])


@case("a page at a time shows everything once")
def _(s):
    vera = s.service.client("vera")
    for path, size in ((f"{V1}/products", 7), (f"{TREE}/categories", 100), (f"{V1}/decisions", 50),
                       (f"{V1}/mappings?target={TARGET}", 40),
                       (f"{V1}/queues/done?target={TARGET}&by=category", 3),
                       (f"{V1}/queues/done?target={TARGET}&by=product", 20)):
        mark = "&" if "?" in path else "?"
        whole = vera.get(f"{path}{mark}limit=500").json()
        items, after = [], ""
        while True:
            page = vera.get(f"{path}{mark}limit={size}&after={quote(after)}" if after
                            else f"{path}{mark}limit={size}").json()
            items += page["items"]
            after = page.get("next")
            if not after or len(items) >= 500:
                break
        eq(items[:500], whole["items"], path)


@case("the last page of a list promises no other, whether it is full or not")
def _(s):
    ana, seen = s.service.client("ana"), 0
    run = ana.get(f"{V1}/runs?kind=map").json()["items"][0]["id"]
    queues = [f"{V1}/queues/{queue}?target={TARGET}&by={by}&" for by in ("category", "product")
              for queue in ("needs", "agreed", "done", "conflict", "none", "broken")]
    s.w.ok("work", "add", "token", "--target", "toko")
    leaf = a_leaf(ana)["id"]
    rules = [ana.want(200, "POST", f"{V1}/rules", {"target": TARGET, "words": words, "category": leaf}).json()["batch"]
             for words in ("amat amatan", "lihat lihatan")]
    for path in [f"{V1}/products?category={quote(c['id'])}&" for c in
                 ana.get(f"{V1}/seller-categories?seller=default").json()["items"][:2]] + [
                     f"{V1}/products?seller=other&", f"{V1}/products?q=rahasia&", f"{V1}/runs?", f"{V1}/batches?",
                     f"{V1}/runs/{run}/items?state=refused&", f"{V1}/decisions?scope=rule&", f"{V1}/audit?what=user.&",
                     f"{V1}/mappings?target={TARGET}&scope=rule&", f"{V1}/work?", f"{V1}/hooks?", f"{V1}/listings?",
                     f"{TREE}/categories?leaf=false&"] + queues:
        whole = ana.get(f"{path}limit=500").json()
        count = len(whole["items"])
        if not count or "next" in whole:
            continue
        seen += 1
        true("next" not in ana.get(f"{path}limit={count}").json(), f"{path}: a full last page")
        if count > 1:
            page = ana.get(f"{path}limit={count - 1}").json()
            rest = ana.get(f"{path}limit={count}&after={quote(page['next'])}").json()
            eq((rest["items"], rest.get("next")), (whole["items"][-1:], None), path)
    true(seen >= 12, f"only {seen} lists had something in them")
    ana.want(200, "POST", f"{V1}/work/drop", {"all": True})
    for batch in rules:
        ana.want(200, "POST", f"{V1}/batches/{batch}/undo")


@case("a target is called by its short name in a list's filter, as everywhere")
def _(s):
    ana = s.service.client("ana")
    for path in ("/batches?target=", "/decisions?target=", "/mappings?target=", "/runs?target=", "/products?undecided=",
                 "/queues/needs?by=product&target="):
        whole, short = (ana.get(f"{V1}{path}{name}").json()["items"] for name in (TARGET, "toko"))
        true(whole, f"{path}: nothing to compare")
        eq(short, whole, path)
        eq(ana.get(f"{V1}{path}toko:v1").json()["items"] if "queues" not in path else [], [] if "undecided" not in path
           else ana.get(f"{V1}/products").json()["items"], path)
    told = ana.get(f"{V1}/batches?target=a:b:c:d", 422).json()
    eq(told["field"], "target")
    eq(s.service.client("olga").get(f"{V1}/decisions?target=toko").json()["items"], [])


@case("products are found by words, and a search of many goes on where it ended")
def _(s):
    ana = s.service.client("ana")
    path = f"{V1}/products/default/WORDS-1"
    ana.want(201, "PUT", path, {"title": "Ember 100% seng", "brand": "Qwerty"})
    for words, found in (("seng qWERTY", 1), ("words-1 100%", 1), ("%", 1), ("seng zzz", 0), ("_", 0)):
        items = ana.get(f"{V1}/products?seller=default&q={quote(words)}").json()["items"]
        eq(len([p for p in items if p["id"] == "WORDS-1"]), found, words)
    ana.get(f"{V1}/products?q={'x' * 201}", 400)
    ana.want(204, "DELETE", path)
    rows = "".join(f"M-{i:05},{'Lampu' if i == 20000 else 'Gelas'} nomor {i}\n" for i in range(20001))
    ana.want(200, "POST", f"{V1}/imports?seller=many", "id,title\n" + rows, Content_Type="text/csv")
    first = ana.get(f"{V1}/products?seller=many&q=lampu").json()
    eq(first["items"], [])
    rest = ana.get(f"{V1}/products?seller=many&q=lampu&after={quote(first['next'])}").json()
    eq([p["id"] for p in rest["items"]], ["M-20000"])
    eq(rest.get("next"), None)


@case("a category, its children, its path and a search agree")
def _(s):
    vera = s.service.client("vera")
    leaf = a_leaf(vera)
    one = vera.get(f"{TREE}/categories/{leaf['id']}").json()
    eq(one["category"], leaf)
    parent = one["chain"][-2]["id"]
    eq([c for c in vera.get(f"{TREE}/children?of={parent}").json()["items"]
        if c["id"] == leaf["id"]], [leaf])
    eq(vera.get(f"{TREE}/path?path={quote(leaf['path'])}").json()["category"], leaf)
    eq(vera.get(f"{TREE}/categories/{leaf['id']}?locale=id-ID").json()["category"]["name"],
       leaf["names"]["id-ID"])
    vera.get(f"{TREE}/categories/no-such", 404)


@case("what did not change is answered 304")
def _(s):
    vera = s.service.client("vera")
    leaf = a_leaf(vera)
    path = f"{TREE}/categories/{leaf['id']}"
    etag = vera.get(path).headers["ETag"]
    vera.get(path, 304, If_None_Match=etag)
    vera.get(path, 200, If_None_Match='"other"')


@case("a product refused its category's leaf waits for another, which is not offered again")
def _(s):
    budi = s.service.client("budi")
    leaf = a_leaf(budi)["id"]
    budi.want(201, "PUT", f"{V1}/products/default/NOT-HERE", {"title": "Kaos pria polos", "category": "Serba kaos"})
    budi.want(200, "PUT", f"{V1}/mappings/{TARGET}/default/seller-category/Serba%20kaos",
              {"state": "accepted", "category": leaf})

    def waiting():
        items = budi.get(f"{V1}/queues/needs?target={TARGET}&by=product&limit=500").json()["items"]
        return [i for i in items if i["key"] == "NOT-HERE"]

    eq(waiting(), [])
    budi.want(200, "PUT", f"{V1}/mappings/{TARGET}/default/product/NOT-HERE", {"state": "rejected", "category": leaf})
    item, = waiting()
    eq((item["why"], item["now"]["state"]), ("refused", "rejected"))
    true(item["candidates"] and leaf not in [x["category"] for x in item["candidates"]], str(item["candidates"]))
    other = next(x["category"] for x in item["candidates"])
    budi.want(200, "PUT", f"{V1}/mappings/{TARGET}/default/seller-category/Serba%20kaos",
              {"state": "accepted", "category": other})
    eq(waiting(), [], "its category says another leaf now")
    budi.want(204, "DELETE", f"{V1}/products/default/NOT-HERE")


@case("what counts for a product is its own decision, else its seller category's")
def _(s):
    budi, olga = s.service.client("budi"), s.service.client("olga")
    at = f"{V1}/products/default/COUNTS/mapping"
    one, other = [x["id"] for x in budi.get(f"{TREE}/search?q=kaos").json()["items"] if x["leaf"] and x["open"]][:2]
    budi.want(201, "PUT", f"{V1}/products/default/COUNTS", {"title": "Kaos", "category": "Kaos saja"})
    has(budi.get(f"{at}?target={TARGET}", 404).json()["detail"], "is not mapped")
    budi.want(200, "PUT", f"{V1}/mappings/{TARGET}/default/seller-category/Kaos%20saja", {"state": "accepted", "category": one})
    through = budi.get(f"{at}?target={TARGET}").json()
    eq((through["scope"], through["key"], through["state"], through["category"]), ("seller-category", "Kaos saja", "accepted", one))
    budi.want(200, "PUT", f"{V1}/mappings/{TARGET}/default/product/COUNTS", {"state": "accepted", "category": other})
    own = budi.get(f"{at}?target={TARGET}").json()
    eq((own["scope"], own["key"], own["category"]), ("product", "COUNTS", other))
    budi.get(at, 400)
    budi.get(f"{at}?target=nowhere", 404)
    budi.get(f"{V1}/products/default/NONE-SUCH/mapping?target={TARGET}", 404)
    budi.get(f"{V1}/products/other/COUNTS/mapping?target={TARGET}", 404)
    olga.get(f"{at}?target={TARGET}", 404)
    budi.want(204, "DELETE", f"{V1}/products/default/COUNTS")


@case("candidates of what nobody is sure of stand best first; what is agreed goes before them")
def _(s):
    vera = s.service.client("vera")

    def proposals(queue):
        items = vera.get(f"{V1}/queues/{queue}?target={TARGET}&by=product&limit=500").json()["items"]
        return [i for i in items if i["now"] and i["now"]["state"] == "proposed"]

    for item in proposals("needs"):
        sure = [c["confidence"] for c in item["candidates"]]
        eq(sure, sorted(sure, reverse=True), item["key"])
        true(item["now"]["category"] in [c["category"] for c in item["candidates"]], item["key"])
    for item in proposals("agreed"):
        eq(item["candidates"][0]["category"], item["now"]["category"], item["key"])
    true(proposals("needs") and proposals("agreed"), "some of both")


@case("the counts of the queues are what is in them")
def _(s):
    vera = s.service.client("vera")
    counts = vera.get(f"{V1}/queues?target={TARGET}").json()
    for by in ("category", "product"):
        for queue, count in counts[f"by_{by}"].items():
            items = vera.get(f"{V1}/queues/{queue}?target={TARGET}&by={by}&limit=500").json()
            eq(len(items["items"]), count, f"{queue} by {by}")


@case("keys, sealed or not, are in no answer about shops")
def _(s):
    ana = s.service.client("ana")
    text = ana.get(f"{V1}/shops").body + ana.get(f"{V1}/shops/toko").body
    for secret in s.w.secrets:
        true(secret not in text, "a secret came back")
    true("sealed" not in text and "app_key" not in text, "keys came back")


# ---- deciding ----

@case("a shop says how long its tokens last, and nothing else of them")
def _(s):
    shop = s.service.client("vera").get(f"{V1}/shops/toko").json()
    eq(shop["token"], "good")
    eq([shop["token_until"], shop["sign_in_until"]], [None, None], "given by hand: nobody said")


@case("what stands is counted by who advised it and how sure it was")
def _(s):
    vera = s.service.client("vera")
    seen = vera.get(f"{V1}/overview?target={TARGET}&seller=default").json()
    stands, after = [], ""
    while True:
        page = vera.get(f"{V1}/mappings?target={TARGET}&seller=default&limit=500{after}").json()
        stands += page["items"]
        if "next" not in page:
            break
        after = "&after=" + page["next"]
    stands = [m for m in stands if m["key"] not in ("NOT-HERE", "COUNTS")]  # a product that is gone is not counted
    for row in seen["by"]:
        for state in ("proposed", "accepted", "rejected", "none", "cleared"):
            eq(row[state], sum(m["advisor"] == row["advisor"] and m["state"] == state for m in stands),
               f"{row['advisor']} {state}")
    eq(sum(seen["confidence"]), sum(m["state"] in ("proposed", "accepted") for m in stands))
    s.service.client("olga").get(f"{V1}/overview?target={TARGET}", 404)


@case("a shop is removed by an admin, its keys with it, and its trees stay")
def _(s):
    s.w.ok("shop", "add", "gone", "--api-url", s.w.sandboxes[-1].id["AISLE_SANDBOX_URL"],
           "--secrets", s.w.sandboxes[-1].env_file)
    path = f"{V1}/shops/gone"
    s.service.client("budi").want(403, "DELETE", path)
    ana = s.service.client("ana")
    eq(ana.get(path).json()["has_keys"], True)
    ana.want(204, "DELETE", path)
    ana.get(path, 404)
    ana.want(404, "DELETE", path)
    eq(s.w.rows("SELECT count(*) FROM shop WHERE id = 'gone'")[0][0], 0)
    eq([t for t in ana.get(f"{V1}/targets").json()["items"] if t["shop"] == "gone"], [])
    has(ana.get(f"{V1}/audit").body, '"shop.remove"')


@case("queues asked about without a seller are those of the target's own")
def _(s):
    ana = s.service.client("ana")
    whole = ana.get(f"{V1}/queues?target={TARGET}").json()
    eq(whole, ana.get(f"{V1}/queues?target={TARGET}&seller=default").json())
    true(whole["products"] > 0, str(whole))
    sellers = {i["seller"] for i in
               ana.get(f"{V1}/queues/needs?target={TARGET}&by=product&limit=500").json()["items"]}
    true(sellers <= {"default"}, str(sellers))


@case("two reviewers cannot overwrite each other: 412 with the other's name and choice")
def _(s):
    budi, cici = s.service.client("budi"), s.service.client("cici")
    item = open_item(budi)
    leaf = a_leaf(budi)
    seen = f'"{item["version"]}"'
    answer = budi.want(200, "PUT", mapping(item), {"state": "accepted", "category": leaf["id"]},
                       If_Match=seen)
    eq(answer.headers["ETag"], f'"{answer.json()["seq"]}"')
    late = cici.want(412, "PUT", mapping(item), {"state": "none"}, If_Match=seen)
    eq(late.headers["ETag"], f'"{late.json()["current"]["seq"]}"')
    eq(late.json()["current"]["who"], "budi")
    eq(late.json()["current"]["category"], leaf["id"])
    has(late.json()["detail"], "budi")
    late = cici.want(200, "POST", f"{V1}/decisions", {"target": TARGET, "decisions": [
        {"seller": item["seller"], "scope": "product", "key": item["key"], "state": "none",
         "expected": item["version"]}]}).json()["items"][0]
    eq((late["ok"], late["code"], late["now"]["who"]), (False, "conflict", "budi"))
    cici.want(200, "PUT", mapping(item), {"state": "none"}, If_Match=answer.headers["ETag"])


@case("of many who decide one key at once, one does")
def _(s):
    clients = [s.service.client("budi"), s.service.client("cici")] * 4
    item = open_item(clients[0])
    statuses = []

    def decide(client):
        statuses.append(client.ask("PUT", mapping(item), {"state": "none"},
                                   If_Match=f'"{item["version"]}"').status)

    threads = [threading.Thread(target=decide, args=(c,)) for c in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    eq(sorted(statuses), [200] + [412] * 7)


@case("a batch is undone, redone, and leaves alone what was decided later")
def _(s):
    budi = s.service.client("budi")
    items = budi.get(f"{V1}/queues/done?target={TARGET}&by=product&limit=3").json()["items"]
    rows = [{"seller": i["seller"], "scope": "product", "key": i["key"], "state": "none"}
            for i in items]
    batch = budi.want(200, "POST", f"{V1}/decisions",
                      {"target": TARGET, "decisions": rows}).json()["batch"]
    leaf = a_leaf(budi)
    budi.want(200, "PUT", mapping(items[0]), {"state": "accepted", "category": leaf["id"]})
    undone = budi.want(200, "POST", f"{V1}/batches/{batch}/undo").json()
    eq((undone["reversed"], len(undone["left_alone"])), (2, 1))
    eq(budi.get(mapping(items[1])).json()["category"], items[1]["now"]["category"])
    budi.want(200, "POST", f"{V1}/batches/{undone['batch']}/undo")
    eq(budi.get(mapping(items[1])).json()["state"], "none")
    listed = {b["batch"] for b in budi.get(f"{V1}/batches?target={TARGET}").json()["items"]}
    true(batch in listed and undone["batch"] in listed, "batches are not in the history")


@case("a batch is added to by who began it only")
def _(s):
    budi, cici = s.service.client("budi"), s.service.client("cici")
    item = open_item(budi)
    row = {"seller": item["seller"], "scope": "product", "key": item["key"], "state": "none"}
    batch = budi.want(200, "POST", f"{V1}/decisions",
                      {"target": TARGET, "decisions": [row]}).json()["batch"]
    cici.want(409, "POST", f"{V1}/decisions",
              {"target": TARGET, "batch": batch, "decisions": [row]})
    budi.want(200, "POST", f"{V1}/decisions",
              {"target": TARGET, "batch": batch, "decisions": [row]})


@case("a parent, a closed leaf and no category at all are refused with the reason")
def _(s):
    budi = s.service.client("budi")
    item = open_item(budi)
    root = budi.get(f"{TREE}/children").json()["items"][0]
    for category, word in ((root["id"], "not a leaf"), ("no-such", "there is no")):
        answer = budi.want(422, "PUT", mapping(item), {"state": "accepted", "category": category})
        has(answer.json()["detail"], word)
    for body, field in (({}, "state"), ({"state": "accepted"}, "category"),
                        ({"state": "proposed"}, "state")):
        eq(budi.want(400, "PUT", mapping(item), body).json()["field"], field)
    rule = f"{V1}/mappings/{TARGET}/default/rule/kaos"
    has(budi.want(422, "PUT", rule, {"state": "none"}).json()["detail"], "is no rule")


@case("a store that is not where it was is not written to, and the service says that it is not ready")
def _(s):
    ana, nobody = s.service.client("ana"), s.service.client()
    store = s.w.path("aisle.db")
    os.rename(store, store + ".aside")
    try:
        told = ana.want(503, "PUT", f"{V1}/products/default/LOST", {"title": "x"}).json()
        eq(told["detail"], "the store does not answer")
        until(lambda: nobody.ask("GET", "/readyz").status == 503, "still ready")
        eq(nobody.get("/healthz").body, "ok\n")
    finally:
        os.rename(store + ".aside", store)
    nobody.get("/readyz")
    ana.get(f"{V1}/products/default/LOST", 404)


@case("while another program holds the store a write is told to come again, and not where the store is")
def _(s):
    ana = s.service.client("ana")
    holder = sqlite3.connect(s.w.path("aisle.db"), isolation_level=None)
    try:
        holder.execute("BEGIN IMMEDIATE")
        told = ana.want(503, "PUT", f"{V1}/products/default/HELD", {"title": "x"}).json()
    finally:
        holder.close()
    eq((told["code"], told["detail"]), ("busy", "another process holds the store"))
    ana.get(f"{V1}/products/default/HELD", 404)


@case("while writes wait for the store, a first look with a token is answered too")
def _(s):
    token = s.w.ok("token", "add", "ana", "--name", "look", "--scopes", "read", "--fields", "token")
    looks, ana = s.service.client(token=token.out.split("\t")[-1].strip()), s.service.client("ana")
    for _try in range(5):  # they wait for ten seconds, which a busy machine may well need
        answers = []
        holder = sqlite3.connect(s.w.path("aisle.db"), isolation_level=None)
        try:
            holder.execute("BEGIN IMMEDIATE")
            writes = [threading.Thread(target=lambda n=n: answers.append(
                ana.ask("PUT", f"{V1}/products/default/HELD-{n}", {"title": "x"}))) for n in range(12)]
            for write in writes:
                write.start()
            time.sleep(0.5)  # most are there by now; were they not, this shows less
            for _look in range(8):
                looks.get(f"{V1}/products?seller=default&limit=1")
                s.service.client().get("/healthz")
            meanwhile = not answers
        finally:
            holder.close()
            for write in writes:
                write.join()
        for n in range(12):
            ana.ask("DELETE", f"{V1}/products/default/HELD-{n}")
        if meanwhile:
            return
    raise world.Failed("no look was answered before the writes were")


@case("a parameter said twice is refused")
def _(s):
    told = s.service.client("vera").get(f"{V1}/products?limit=1&limit=2", 400).json()
    eq((told["field"], told["detail"]), ("limit", "parameter limit is said twice"))


@case("a write sent twice with one key is done once")
def _(s):
    budi = s.service.client("budi")
    items = budi.get(f"{V1}/queues/done?target={TARGET}&by=product&limit=2").json()["items"]
    first = budi.want(200, "PUT", mapping(items[0]), {"state": "none"}, Idempotency_Key="k-1")
    again = budi.want(200, "PUT", mapping(items[0]), {"state": "none"}, Idempotency_Key="k-1")
    eq(again.body, first.body)
    eq(again.headers["Idempotency-Replayed"], "true")
    true(first.headers["ETag"], "no ETag")
    eq(again.headers["ETag"], first.headers["ETag"])
    told = [budi.want(412, "PUT", mapping(items[0]), {"state": "none"}, Idempotency_Key="k-412", If_Match='"0"')
            for _ in range(2)]
    eq([(a.headers["ETag"], a.json()["current"]["seq"]) for a in told], [(first.headers["ETag"], first.json()["seq"])] * 2)
    budi.want(422, "PUT", mapping(items[1]), {"state": "none"}, Idempotency_Key="k-1")
    other = s.service.client("cici")
    other.want(200, "PUT", mapping(items[1]), {"state": "none"}, Idempotency_Key="k-1")


@case("an approval is counted in the very next question")
def _(s):
    budi = s.service.client("budi")
    title = "Zxqwv serbaguna"
    leaf = a_leaf(budi, "botol")
    ask = f"{V1}/suggestions?target={TARGET}&title={quote(title + ' merah')}"
    budi.want(201, "PUT", f"{V1}/products/default/LEARN-1", {"title": title})
    true(leaf["id"] not in [x["category"] for x in budi.get(ask).json()["ranked"]], "known before")
    budi.want(200, "PUT", f"{V1}/mappings/{TARGET}/default/product/LEARN-1",
              {"state": "accepted", "category": leaf["id"]})
    eq(budi.get(ask).json()["ranked"][0]["category"], leaf["id"])
    other = budi.get(ask + "&seller=other").json()["ranked"]
    true(leaf["id"] not in [x["category"] for x in other], "told to another seller")
    budi.want(204, "DELETE", f"{V1}/products/default/LEARN-1")


@case("two sellers share once an admin of each agreed, no longer than both do, and it is in the trail")
def _(s):
    ana, budi = s.service.client("ana"), s.service.client("budi")
    s.w.ok("user", "add", "oscar", "--role", "admin", "--of-seller", "other", stdin=PASSWORD + "\n")
    oscar = s.service.client("oscar")
    ours, theirs = f"{V1}/sellers/default/sharing", f"{V1}/sellers/other/sharing"
    title, leaf = "Ombrexi kuantum", a_leaf(ana, "boneka")["id"]
    ana.want(201, "PUT", f"{V1}/products/default/SHARE-1", {"title": title})
    ana.want(200, "PUT", f"{V1}/mappings/{TARGET}/default/product/SHARE-1", {"state": "accepted", "category": leaf})

    def knows():
        ask = f"{V1}/suggestions?target=lain&title={quote(title)}"
        return leaf in [x["category"] for x in oscar.get(ask).json()["ranked"]]

    budi.want(403, "PUT", f"{ours}/other")
    oscar.want(404, "PUT", f"{ours}/other")
    oscar.get(ours, 404)
    ana.want(404, "PUT", f"{ours}/nobody")
    ana.want(422, "PUT", f"{ours}/default")
    eq(ana.want(200, "PUT", f"{ours}/other").json(), {"with": "other", "given": True, "granted": False, "shared": False})
    true(not knows(), "shared by one")
    eq(oscar.get(theirs).json()["items"], [{"with": "default", "given": False, "granted": True, "shared": False}])
    eq(oscar.want(200, "PUT", f"{theirs}/default").json()["shared"], True)
    until(knows, "not learnt from")
    eq(oscar.want(200, "DELETE", f"{theirs}/default").json()["shared"], False)
    until(lambda: not knows(), "not forgotten")
    trail = ana.get(f"{V1}/audit?what=share.&limit=3").json()["items"]
    eq([(e["who"], e["what"], e["seller"], e["about"]) for e in trail if e["outcome"] == 200],
       [("oscar", "share.end", "other", "default"), ("oscar", "share.agree", "other", "default"),
        ("ana", "share.agree", "default", "other")])
    ana.want(200, "DELETE", f"{ours}/other")
    ana.want(204, "DELETE", f"{V1}/products/default/SHARE-1")


@case("what was changed, by whom, is in the trail")
def _(s):
    budi, ana = s.service.client("budi"), s.service.client("ana")
    item = open_item(budi)
    answer = budi.want(200, "PUT", mapping(item), {"state": "none"})
    entry = ana.get(f"{V1}/audit?what=decision.&limit=1").json()["items"][0]
    eq((entry["who"], entry["by"], entry["what"], entry["outcome"]),
       ("budi", "session", "decision.add", 200))
    eq(entry["request_id"], answer.headers["X-Request-Id"])
    has(entry["about"], item["key"])


# ---- the catalogue ----

@case("a product is added, changed by who saw it last, and removed")
def _(s):
    budi = s.service.client("budi")
    path = f"{V1}/products/default/NEW%2F1"
    added = budi.want(201, "PUT", path, {"title": "Kaos baru", "category": "Baru>Kaos",
                                         "price_minor": 1500000, "currency": "IDR",
                                         "attributes": {"bahan": "katun"}}, If_None_Match="*")
    eq(added.json()["category"], "Baru > Kaos")
    budi.want(412, "PUT", path, {"title": "Kaos lain"}, If_None_Match="*")
    changed = budi.want(200, "PUT", path, {"title": "Kaos lain"}, If_Match=added.headers["ETag"])
    eq((changed.json()["title"], changed.json()["price_minor"]), ("Kaos lain", 1500000))
    budi.want(412, "PUT", path, {"title": "Zu spät"}, If_Match=added.headers["ETag"])
    eq(budi.want(400, "PUT", path, {"price_minor": 1.5}).json()["field"], "price_minor")
    eq(budi.want(400, "PUT", path, {"image": "/etc/passwd"}).json()["field"], "image")
    eq(budi.want(200, "PUT", path, {"title": "Kaos lain"}).json()["attributes"], {"bahan": "katun"})
    changed = budi.want(200, "PUT", path, {"attributes": None, "price_minor": None, "currency": None})
    eq([changed.json()[name] for name in ("title", "attributes", "price_minor", "currency")],
       ["Kaos lain", None, None, None])
    for said in (added.headers["ETag"], '"0"', "3", "x"):
        budi.want(412, "DELETE", path, If_Match=said)
    seen = budi.get(path).headers["ETag"]
    eq(seen, changed.headers["ETag"])
    budi.want(204, "DELETE", path, If_Match=seen)
    budi.get(path, 404)
    budi.want(404, "DELETE", path, If_Match=seen)
    budi.want(201, "PUT", path, {"title": "Kaos baru"})
    budi.want(204, "DELETE", path, If_Match="*")
    budi.want(201, "PUT", path, {"title": "Kaos baru"})
    budi.want(204, "DELETE", path)
    budi.want(404, "DELETE", path)


@case("an image is looked at, kept, and sent as nothing but an image")
def _(s):
    budi = s.service.client("budi")
    kept = budi.want(201, "POST", f"{V1}/images", PNG, Content_Type="image/png").json()
    eq((kept["kind"], kept["width"]), ("PNG", 1))
    got = budi.get(f"{V1}/images/{kept['id']}")
    eq(got.headers["Content-Type"], "image/png")
    has(got.headers["Content-Security-Policy"], "sandbox")
    path = f"{V1}/products/default/IMG-1"
    budi.want(201, "PUT", path, {"title": "Kaos bergambar", "image_id": kept["id"]})
    eq(budi.get(path + "/image").headers["Content-Type"], "image/png")
    form = (b"--b\r\nContent-Disposition: form-data; name=\"image\"; filename=\"<script>.png\"\r\n"
            b"Content-Type: text/html\r\n\r\n" + PNG + b"\r\n--b--\r\n")
    named = budi.want(201, "POST", f"{V1}/images", form,
                      Content_Type="multipart/form-data; boundary=b").json()
    eq(named["file_name"], "<script>.png")
    for bad in (b"", b"<html>", PNG[:40], b"GIF89a"):
        budi.want(422, "POST", f"{V1}/images", bad, Content_Type="image/png")
    for bad in ("../../aisle.key", "..%2F..%2Faisle.key", "x", kept["id"] + "%00"):
        budi.ask("GET", f"{V1}/images/{bad}")
        true(budi.ask("GET", f"{V1}/images/{bad}").status in (404, 400), bad)
    budi.want(204, "DELETE", path)


@case("the image of a product is served from our folders only")
def _(s):
    key = s.w.path("aisle.key")
    s.w.write("p.csv", f"id,title,image\nK-KEY,Kunci,{key}\n")
    s.w.ok("product", "import", s.w.path("p.csv"))
    s.service.client("budi").get(f"{V1}/products/default/K-KEY/image", 404)
    s.service.client("budi").want(204, "DELETE", f"{V1}/products/default/K-KEY")


@case("an import names its bad rows and takes no file of this machine as an image")
def _(s):
    budi = s.service.client("budi")
    text = "id,title,category,image\nI-1,Gelas,Dapur,/etc/passwd\nI-2,,Dapur,\n"
    dry = budi.want(200, "POST", f"{V1}/imports?dry_run=true", text, Content_Type="text/csv").json()
    eq((dry["products"], dry["added"], dry["left_out"]), (1, 1, 1))
    budi.get(f"{V1}/products/default/I-1", 404)
    done = budi.want(200, "POST", f"{V1}/imports", text, Content_Type="text/csv").json()
    eq((done["added"], done["problems"][0]["line"]), (1, 3))
    eq(budi.get(f"{V1}/products/default/I-1").json()["image"], None)
    budi.want(204, "DELETE", f"{V1}/products/default/I-1")


@case("an import leaves what the file has no column for, a place of this machine too, unless it is to replace")
def _(s):
    budi = s.service.client("budi")
    s.w.write("p.csv", "id,title,brand,image,Size chart\nI-2,Kaos,Ronara,/a.png,/chart.png\n")
    s.w.ok("product", "import", s.w.path("p.csv"))
    text = "id,title,price,currency\nI-2,Kaos,61000,IDR\n"
    kept = budi.want(200, "POST", f"{V1}/imports", text, Content_Type="text/csv").json()
    eq((kept["changed"], kept["problem_count"], kept["kept"]),
       (1, 0, ["brand", "image", "attributes"]))
    now = budi.get(f"{V1}/products/default/I-2").json()
    eq((now["price_minor"], now["brand"], now["attributes"]),
       (6100000, "Ronara", {"Size chart": "/chart.png"}))
    named = "id,title,Size chart\nI-2,Kaos,/etc/passwd\n"
    told = budi.want(200, "POST", f"{V1}/imports", named, Content_Type="text/csv").json()
    eq((told["left_out"], told["dropped"], told["changed"]), (1, 0, 0))
    told = budi.want(200, "POST", f"{V1}/imports?currency=IDR", "id,title,price\nI-2,Kaos,TBA\n",
                     Content_Type="text/csv").json()
    eq((told["left_out"], told["dropped"], told["same"]), (0, 1, 1))
    dry = budi.want(200, "POST", f"{V1}/imports?replace=true&dry_run=true", text,
                    Content_Type="text/csv").json()
    eq((dry["changed"], dry["kept"]), (1, []))
    budi.want(200, "POST", f"{V1}/imports?replace=true", text, Content_Type="text/csv")
    now = budi.get(f"{V1}/products/default/I-2").json()
    eq((now["brand"], now["image"], now["attributes"]), (None, None, None))
    budi.want(204, "DELETE", f"{V1}/products/default/I-2")


@case("a product is asked about at the marketplace: image first, then title with its uri")
def _(s):
    budi = s.service.client("budi")
    kept = budi.want(201, "POST", f"{V1}/images",
                     open(f"{service.world.OWN_DATA}/images/kaos-hitam.png", "rb").read(),
                     Content_Type="image/png").json()
    path = f"{V1}/products/default/ASK-1"
    budi.want(201, "PUT", path, {"title": "Kaos polos pria hitam lengan pendek",
                                 "image_id": kept["id"]})
    sandbox = s.w.sandboxes[-1]
    sandbox.fault()
    before = sandbox.calls()
    job = budi.want(202, "POST", path + "/ask", {"target": TARGET}).json()
    job = wait(budi, job)
    eq(job["state"], "done", str(job))
    calls = [c["path"] for c in sandbox.log(before + 1)]
    true(any("upload" in c for c in calls) and "recommend" in calls[-1], str(calls))
    advice = budi.get(f"{V1}/suggestions?target={TARGET}&product=ASK-1").json()
    eq([(a["category"], a["advisor"]) for a in advice["kept"]], [(job["text"], "marketplace")])
    budi.want(204, "DELETE", path)


@case("a leaf is asked about afresh, a product is checked, saved as a draft and listed")
def _(s):
    budi, sandbox = s.service.client("budi"), s.w.sandboxes[-1]
    sandbox.fault()
    kept = budi.want(201, "POST", f"{V1}/images?target={TARGET}",
                     open(f"{service.world.OWN_DATA}/images/kaos-hitam.png", "rb").read(),
                     Content_Type="image/png").json()
    eq(kept["findings"], [])
    small = budi.want(201, "POST", f"{V1}/images", PNG, Content_Type="image/png").json()
    eq([f["rule"] for f in small["findings"]], ["image-small"])
    path = f"{V1}/products/default/LIST-1"
    budi.want(201, "PUT", path, {"title": "Kaos polos pria hitam lengan pendek", "image_id": kept["id"]})
    leaf, before = "744161", sandbox.calls()
    said = wait(budi, budi.want(202, "POST", f"{V1}/trees/{TARGET}/categories/{leaf}/ask", {}).json())
    eq((said["result"]["open"], said["result"]["told"], said["text"]), (True, True, "open"))
    asked = [c["path"].rsplit("/", 1)[1] for c in sandbox.log(before + 1)]
    eq(asked.count("categories"), 1, str(asked))  # the clock's own rounds ask for rules and attributes
    eq(wait(budi, budi.want(202, "POST", f"{V1}/trees/{TARGET}/categories/1/ask", {}).json())["state"],
       "not_found")
    unmapped = wait(budi, budi.want(202, "POST", path + "/list", {"target": TARGET, "act": "check"}).json())
    eq(unmapped["result"]["listing"]["outcome"], "unmapped")
    budi.want(200, "PUT", f"{V1}/mappings/{TARGET}/default/product/LIST-1",
              {"state": "accepted", "category": leaf})
    wrong = wait(budi, budi.want(202, "POST", path + "/list", {"target": TARGET, "act": "check"}).json())
    eq(wrong["text"], "wrong")
    true("price-missing" in [f["rule"] for f in wrong["result"]["draft"]["findings"]], str(wrong))
    need = budi.get(f"{V1}/trees/{TARGET}/categories/{leaf}/requirement").json()["requirement"]
    eq({f["about"]["id"] for f in wrong["result"]["listing"]["findings"] if f["rule"] == "attribute-missing"},
       {a["id"] for a in need["attributes"] if a.get("required") and not a.get("sales")}, "which are missing")
    filled = {a["name"]: a["values"][0]["name"] for a in need["attributes"]
              if a.get("required") and not a.get("sales")}
    budi.want(200, "PUT", path, {
        "description": "Kaos katun polos. " * 20, "price_minor": 7500000, "currency": "IDR",
        "attributes": {**filled, "Quantity": "5", "Weight g": "250"}})
    fine = wait(budi, budi.want(202, "POST", path + "/list", {"target": TARGET, "act": "check"}).json())
    eq([fine["result"][k]["outcome"] for k in ("draft", "listing")], ["ready", "ready"], str(fine))
    version = budi.get(path).json()["version"]

    def seen(what, **more):
        return wait(budi, budi.want(202, "POST", path + "/list", {"target": TARGET, "act": what, **more}).json())

    for other in ({"expected": version - 1}, {"expected": version, "category": "1"}):
        for what in ("check", "publish"):
            said = seen(what, **other)
            eq((said["state"], "since it was looked at" in said["text"]), ("conflict", True), str(said))
    eq(budi.get(f"{V1}/listings?product=LIST-1").json()["items"], [], "what was changed unseen is not sent")
    for bad in ({"act": "publish", "expected": 0}, {"act": "delete", "expected": version},
                {"act": "status", "category": leaf}):
        budi.want(400, "POST", path + "/list", {"target": TARGET, **bad})
    draft = seen("draft", expected=version, category=leaf)
    eq(draft["result"]["draft"]["outcome"], "created", str(draft))
    done = wait(budi, budi.want(202, "POST", path + "/list", {"target": TARGET, "act": "publish"}).json())
    eq(done["result"]["listing"]["outcome"], "edited", str(done))

    def act(what):
        return wait(budi, budi.want(202, "POST", path + "/list", {"target": TARGET, "act": what}).json())

    def judged():  # the sandbox looks at it for a while
        said = act("status")
        return said["result"] and said["result"]["listing"]["state"] != "pending"

    until(judged, "in audit still")
    for what, state in (("status", "live"), ("deactivate", "off"), ("activate", "pending"),
                        ("edit", None), ("delete", "deleted")):
        said = act(what)
        eq(said["state"], "done", str(said))
        if state:
            eq(said["result"]["listing"]["state"], state, what)
    budi.want(201, "PUT", f"{V1}/products/default/LIST-2", {"title": "Belum pernah dijual"})
    for what in ("recover", "edit"):  # an edit lists nothing new
        eq(wait(budi, budi.want(202, "POST", f"{V1}/products/default/LIST-2/list",
                                {"target": TARGET, "act": what}).json())["state"], "not_found", what)
    pulled = wait(budi, budi.want(202, "POST", f"{V1}/listings", {"target": TARGET, "act": "pull",
                                                                  "dry_run": True}).json())
    eq([pulled["state"], pulled["text"]], ["done", "pull"], str(pulled))
    true(pulled["result"]["seen"] >= 0, str(pulled))
    s.service.client("olga").want(404, "POST", f"{V1}/listings", {"target": TARGET, "act": "pull"})
    budi.want(400, "POST", f"{V1}/listings", {"target": TARGET, "act": "delete"})
    for what in ("sell", "pull"):
        budi.want(400, "POST", path + "/list", {"target": TARGET, "act": what})
    s.service.client("vera").want(403, "POST", path + "/list", {"target": TARGET, "act": "check"})
    s.service.client("olga").want(404, "POST", f"{V1}/trees/{TARGET}/categories/{leaf}/ask", {})
    budi.get(f"{V1}/trees/{TARGET}/categories/1/requirement", 404)


@case("listings are paged over all sellers, and found by their product")
def _(s):
    ana, olga = s.service.client("ana"), s.service.client("olga")
    keys = [("default", "toko", f"L-{n}") for n in range(3)] + [("other", "lain", f"L-{n}") for n in range(3)]
    with sqlite3.connect(s.w.path("aisle.db"), timeout=60) as store:
        store.row_factory = sqlite3.Row
        row = dict(store.execute("SELECT * FROM listing").fetchone())  # of the case above
        for key in keys:
            row["seller_id"], row["shop_id"], row["product_id"] = key
            store.execute(f"INSERT INTO listing ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})",
                          list(row.values()))
    store.close()
    whole = ana.get(f"{V1}/listings?limit=500").json()["items"]
    eq({(i["seller"], i["shop"], i["product"]) for i in whole} >= set(keys), True, str(whole))
    items, after = [], ""
    for _page in range(len(whole)):
        page = ana.get(f"{V1}/listings?limit=2" + (f"&after={quote(after)}" if after else "")).json()
        items += page["items"]
        after = page.get("next", "")
        if not after:
            break
    eq((items, after), (whole, ""))
    eq([(i["seller"], i["product"]) for i in ana.get(f"{V1}/listings?product=L-1").json()["items"]],
       [("default", "L-1"), ("other", "L-1")])
    eq([i["seller"] for i in olga.get(f"{V1}/listings?product=L-1").json()["items"]], ["other"])
    last = ana.get(f"{V1}/listings?product=L-1&limit=1").json()["next"]
    eq(olga.get(f"{V1}/listings?product=L-1&after={quote('0:0:')}").json()["items"][0]["seller"], "other")
    eq([i["seller"] for i in ana.get(f"{V1}/listings?product=L-1&after={quote(last)}").json()["items"]], ["other"])
    ana.get(f"{V1}/listings?after=nonsense", 400)
    with sqlite3.connect(s.w.path("aisle.db"), timeout=60) as store:
        store.execute("DELETE FROM listing WHERE product_id LIKE 'L-%'")
    store.close()


@case("a rule is kept, put to the catalogue, and taken back; others' rules are not there")
def _(s):
    budi = s.service.client("budi")
    for i in range(3):
        budi.want(201, "PUT", f"{V1}/products/default/RULE-{i}", {"title": f"Gelas zebra nomor {i}"})
    rule = {"target": TARGET, "words": "zebra gelas", "category": a_leaf(budi)["id"]}
    eq(budi.want(200, "POST", f"{V1}/rules", {**rule, "dry_run": True}).json()["mapped"], 0)
    done = budi.want(200, "POST", f"{V1}/rules", rule).json()
    eq([done["mapped"], done["same"]], [3, False])
    eq(budi.want(200, "POST", f"{V1}/rules", rule).json()["same"], True)
    mine = [r for r in budi.get(f"{V1}/rules?target={TARGET}").json()["items"] if "zebra" in r["words"]]
    eq([(r["words"], r["category"]) for r in mine], [("gelas zebra", rule["category"])])
    true(mine[0]["path"], "with the way to the leaf")
    eq(mine[0]["open"], True)
    budi.get(f"{V1}/rules?target={TARGET}&proposed=true&least=1&percent=50")
    eq(budi.want(400, "POST", f"{V1}/rules", {"target": TARGET, "words": "x"}).json()["field"], "category")
    budi.want(422, "POST", f"{V1}/rules", {"target": TARGET, "category": rule["category"]})
    s.service.client("vera").want(403, "POST", f"{V1}/rules", rule)
    s.service.client("olga").want(404, "POST", f"{V1}/rules", rule)
    s.service.client("olga").get(f"{V1}/rules?target={TARGET}", 404)
    gone = budi.want(200, "POST", f"{V1}/rules", {**rule, "category": None, "remove": True}).json()
    eq(gone["opened"], 3)
    done = budi.want(200, "POST", f"{V1}/rules", rule).json()
    budi.want(201, "PUT", f"{V1}/products/default/RULE-3", {"title": "Gelas zebra nomor 3"})
    other = {**rule, "words": "badak zebra"}
    eq(budi.want(200, "POST", f"{V1}/rules", other).json()["mapped"], 1)
    undone = budi.want(200, "POST", f"{V1}/batches/{done['batch']}/undo", {}).json()
    eq([undone["reversed"], undone["mapped"], undone["changed"], undone["opened"]], [4, 0, 0, 1])
    budi.want(200, "POST", f"{V1}/rules", {**other, "category": None, "remove": True})
    for i in range(4):
        budi.want(204, "DELETE", f"{V1}/products/default/RULE-{i}")


# ---- runs ----

@case("brands are looked up at the marketplace a page at a time, and one's own is made once, as jobs")
def _(s):
    budi = s.service.client("budi")
    s.w.sandboxes[-1].fault()

    def ask(what="/search", **words):
        job = budi.want(202, "POST", f"{V1}/brands{what}", {"target": TARGET, **words}).json()
        job = wait(budi, job)
        eq((job["kind"], job["target"], job["state"]), ("brand", TARGET, "done"), str(job))
        return job["result"]

    whole = ask(limit=100)["brands"]
    true(len(whole) > 3 and set(whole[0]) == {"id", "name", "authorized", "available", "t1"}, str(whole))
    seen, after = [], ""
    for _ in range(100):
        page = ask(limit=3, after=after)
        seen += page["brands"]
        after = page.get("next", "")
        if not after or len(seen) >= len(whole):
            break
    eq(seen[:len(whole)], whole)
    prefix = whole[0]["name"][:4]
    true(all(b["name"].lower().startswith(prefix.lower()) for b in ask(name=prefix)["brands"]), prefix)
    made = [ask("", name="Batik Wruh") for _ in range(2)]
    eq([m["created"] for m in made], [True, False])
    eq(made[0]["id"], made[1]["id"])
    for body, field in (({}, "target"), ({"target": TARGET, "limit": 101}, "limit"),
                        ({"target": TARGET, "name": "x" * 201}, "name")):
        eq(budi.want(400, "POST", f"{V1}/brands/search", body).json()["field"], field)
    for body in ({"target": TARGET}, {"target": TARGET, "name": " "}):
        eq(budi.want(400, "POST", f"{V1}/brands", body).json()["field"], "name")
    for what in ("", "/search"):
        s.service.client("vera").want(403, "POST", f"{V1}/brands{what}", {"target": TARGET, "name": "x"})
        s.service.client("olga").want(404, "POST", f"{V1}/brands{what}", {"target": TARGET, "name": "x"})


@case("what leaves in use demand is fetched, and mappings are carried over, as jobs")
def _(s):
    budi = s.service.client("budi")
    runs = f"{V1}/runs"
    done = wait(budi, budi.want(202, "POST", runs, {"kind": "requirements", "target": TARGET}).json())
    eq([done["state"], done["text"]], ["done", "fetched"], str(done))
    true(done["result"]["leaves"] > 0, str(done))
    done = wait(budi, budi.want(202, "POST", runs, {"kind": "carry", "target": TARGET, "from": TARGET,
                                                    "dry_run": True}).json())
    true(done["state"] in ("done", "invalid"), str(done))
    budi.want(400, "POST", runs, {"kind": "carry", "target": TARGET})
    budi.want(404, "POST", runs, {"kind": "carry", "target": TARGET, "from": "nobody:v2:TIKTOK_SHOP"})
    olga = s.service.client("olga")
    olga.want(404, "POST", runs, {"kind": "carry", "target": "lain:v2:TIKTOK_SHOP", "from": TARGET})
    budi.want(400, "POST", runs, {"kind": "sing", "target": TARGET})


@case("a sync runs in the background, is watched by events, and is recorded")
def _(s):
    budi = s.service.client("budi")
    job = budi.want(202, "POST", f"{V1}/runs", {"kind": "sync", "target": TARGET}).json()
    events = budi.get(f"{V1}/jobs/{job['id']}/events")
    eq(events.headers["Content-Type"], "text/event-stream")
    last = [line for line in events.body.splitlines() if line.startswith("data: ")][-1]
    job = json.loads(last[6:])
    eq((job["state"], job["text"]), ("done", "unchanged"))
    eq(budi.get(f"{V1}/runs/{job['run']}").json()["state"], "done")


@case("a map run is started, stopped and taken up again")
def _(s):
    budi = s.service.client("budi")
    rows = "".join(f"R-{n},Kaos nomor {n},Kumpulan\n" for n in range(300))
    budi.want(200, "POST", f"{V1}/imports", "id,title,category\n" + rows, Content_Type="text/csv")
    s.w.sandboxes[-1].fault(dict(kind="delay", rate=1, ms=40))
    job = budi.want(202, "POST", f"{V1}/runs", {"kind": "map", "target": TARGET, "jobs": 1,
                                                "policy": "guide"}).json()
    until(lambda: budi.get(f"{V1}/jobs/{job['id']}").json()["counts"]["done"], "it has not begun")
    budi.want(202, "POST", f"{V1}/jobs/{job['id']}/stop")
    job = wait(budi, job)
    eq(job["state"], "stopped", str(job))
    run = budi.get(f"{V1}/runs/{job['run']}").json()
    eq((run["state"], run["can_resume"]), ("stopped", True))
    s.w.sandboxes[-1].fault()
    job = budi.want(202, "POST", f"{V1}/runs/{run['id']}/resume", {}).json()
    job = wait(budi, job)
    eq((job["state"], job["run"]), ("done", run["id"]), str(job))


def stream(s, path, client):
    """The lines of an event stream as they come, until the service ends it."""
    head = f"Authorization: Bearer {client.token}" if client.token else f"Cookie: {client.cookie}"
    with socket.create_connection(("127.0.0.1", s.service.port), timeout=120) as wire:
        wire.sendall(f"GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n{head}\r\n\r\n".encode())
        with wire.makefile("rb") as lines:
            yield from (line.decode().rstrip() for line in lines)


@case("events of a run end for whoever is signed out, revoked, moved or removed, and for nobody else")
def _(s):
    ana, budi = s.service.client("ana"), s.service.client("budi")
    kept = budi.want(201, "POST", f"{V1}/images",
                     open(f"{service.world.OWN_DATA}/images/kaos-hitam.png", "rb").read(),
                     Content_Type="image/png").json()
    for n in range(60):  # of a category each, so that none speaks for another
        budi.want(201, "PUT", f"{V1}/products/default/W-{n}", {
            "title": f"Kaos amat hitam {n}", "category": f"Amatan {n}", "image_id": kept["id"]})
    for name in ("gone", "moved"):
        ana.want(204, "POST", f"{V1}/users", {"user": name, "role": "viewer", "password": PASSWORD})
    token = ana.want(201, "POST", f"{V1}/tokens", {"name": "watch", "scopes": "read"}).json()
    out = s.service.client("vera")
    ends = {"out": (out, lambda: out.want(204, "DELETE", f"{V1}/session")),
            "revoked": (s.service.client(token=token["token"]),
                        lambda: ana.want(204, "DELETE", f"{V1}/tokens/{token['id']}")),
            "removed": (s.service.client("gone"), lambda: ana.want(204, "DELETE", f"{V1}/users/gone")),
            "moved": (s.service.client("moved"),
                      lambda: ana.want(204, "PATCH", f"{V1}/users/moved", {"seller": "other"}))}
    s.w.sandboxes[-1].fault(dict(kind="delay", rate=1, ms=2000))
    job = budi.want(202, "POST", f"{V1}/runs", {"kind": "map", "target": TARGET, "jobs": 1,
                                                "policy": "guide"}).json()
    path = f"{V1}/jobs/{job['id']}"
    try:
        stays = stream(s, f"{path}/events", budi)
        has(next(stays), "200")
        for says, (client, end) in ends.items():
            lines = stream(s, f"{path}/events", client)
            true(any(line.startswith("data:") for line in lines), f"{says}: nothing came")
            end()
            told = [line for line in lines if line.startswith("event: done")]
            now = budi.get(path).json()
            eq((told, now["ended_at"]), ([], None), f"{says}: {now}")
    finally:
        budi.want(202, "POST", f"{path}/stop")
        s.w.sandboxes[-1].fault()
    wait(budi, job)
    true("event: done" in list(stays), "who was still in was sent away")
    for n in range(60):
        budi.want(204, "DELETE", f"{V1}/products/default/W-{n}")


@case("one seller's runs keep no other seller's out")
def _(s):
    budi, olga = s.service.client("budi"), s.service.client("olga")
    rows = "".join(f"SLOT-{n},Kaos nomor {n}\n" for n in range(8))
    for client in (budi, olga):
        client.want(200, "POST", f"{V1}/imports", "id,title\n" + rows, Content_Type="text/csv")
    s.w.sandboxes[-1].fault(dict(kind="delay", rate=1, ms=15000))
    begun = [olga.want(202, "POST", f"{V1}/products/other/SLOT-{n}/ask", {"target": "lain"}).json() for n in range(8)]
    has(olga.want(503, "POST", f"{V1}/products/other/SLOT-0/ask", {"target": "lain"}).json()["detail"],
        "as many runs as may be are under way")
    begun.append(budi.want(202, "POST", f"{V1}/products/default/SLOT-0/ask", {"target": TARGET}).json())
    s.w.sandboxes[-1].fault()
    for client, jobs in ((olga, begun[:8]), (budi, begun[8:])):
        for job in jobs:
            client.ask("POST", f"{V1}/jobs/{job['id']}/stop")
            wait(client, job)
    for n in range(8):
        budi.want(204, "DELETE", f"{V1}/products/default/SLOT-{n}")
        olga.want(204, "DELETE", f"{V1}/products/other/SLOT-{n}")


@case("a map run whose process was killed can be taken up again at once")
def _(s):
    budi = s.service.client("budi")
    rows = "".join(f"Z-{n},Kaos polos {n},Polos\n" for n in range(300))
    budi.want(200, "POST", f"{V1}/imports", "id,title,category\n" + rows, Content_Type="text/csv")
    s.w.sandboxes[-1].fault(dict(kind="delay", rate=1, ms=100))
    child = s.w.start("map", "run", "--target", TARGET, "--policy", "guide", "--jobs", "1")

    def under_way():
        return [r for r in budi.get(f"{V1}/runs").json()["items"] if r["state"] == "under-way"]

    until(under_way, "nothing under way")
    eq([r["can_resume"] for r in under_way()], [False])
    child.kill()
    s.w.finish(child)
    run, = under_way()
    eq(run["can_resume"], True)
    s.w.sandboxes[-1].fault()
    job = wait(budi, budi.want(202, "POST", f"{V1}/runs/{run['id']}/resume", {}).json())
    eq((job["state"], job["run"]), ("done", run["id"]), str(job))


@case("a run and a suggestion keep to what is open on another platform too, of shops one may see")
def _(s):
    budi, olga = s.service.client("budi"), s.service.client("olga")
    also = "toko:v2:TOKOPEDIA"
    ask = f"{V1}/suggestions?target={TARGET}&title=photocards&limit=20"
    here = [x["category"] for x in budi.get(ask).json()["ranked"]]
    problem = budi.get(f"{ask}&also={also}", 422).json()
    eq(problem["field"], "also")
    has(problem["detail"], "sync it")
    eq(budi.want(422, "POST", f"{V1}/runs", {"kind": "map", "target": TARGET, "also": also}).json()["field"], "also")
    s.w.ok("tree", "sync", also)
    there = {x["id"] for x in json.loads(s.w.ok("tree", "show", "--target", also, "--leaves", "--json").out)}
    both = [x["category"] for x in budi.get(f"{ask}&also={also}").json()["ranked"]]
    true(here[0] not in there and set(both) <= there, f"{here} and {both}")
    eq([x["category"] for x in budi.get(ask).json()["ranked"]], here, "without it")
    olga.get(f"{V1}/suggestions?target=lain&title=kaos&also={also}", 404)
    olga.want(404, "POST", f"{V1}/runs", {"kind": "map", "target": "lain", "also": also})
    for bad in (0.2, 2, "most"):
        eq(budi.want(400, "POST", f"{V1}/runs", {"kind": "map", "target": TARGET, "accept_at": bad}).json()["field"],
           "accept_at")
    job = budi.want(202, "POST", f"{V1}/runs", {"kind": "map", "target": TARGET, "also": also, "limit": 1,
                                                "accept_at": 0.98, "fresh": True}).json()
    job = wait(budi, job)
    eq(job["state"], "done", str(job))
    eq(json.loads(s.w.rows(f"SELECT parameters FROM run WHERE id = '{job['run']}'")[0][0]),
       {"all_sellers": False, "limit": 1, "accept_at": 0.98, "also": also})


@case("the service's model is asked by runs and suggestions, and a request names no other")
def _(s):
    leaf = a_leaf(s.service.client("budi"), "botol")["id"]
    s.w.write("train.csv", "title,category_id\n" + "".join(f"zarvina seri {n},{leaf}\n" for n in range(60)))
    model = s.w.path("shop.model")
    s.w.ok("model", "train", s.w.path("train.csv"), "--target", TARGET, "-o", model)
    ask = f"{V1}/suggestions?target={TARGET}&title=zarvina%20emerald"
    ranked = s.service.client("budi").get(ask).json()["ranked"]
    true(leaf not in [x["category"] for x in ranked], "without a model of its own")
    eq(s.service.client("budi").get(f"{ask}&model={model}", 400).json()["field"], "model")
    eq(s.service.client("vera").get(f"{V1}/models").json()["service"], None)
    other = service.Service(s.w, "--model", model)
    try:
        budi = other.client("budi")
        told = budi.get(f"{V1}/models")
        own = told.json()["service"]
        eq((own["name"], own["usable"], own["products"], own["last_decision"]), ("shop.model", True, 60, 0))
        true(s.w.path("") not in told.body, "where it lies")
        eq(budi.get(ask).json()["ranked"][0]["category"], leaf)
        named = budi.want(400, "POST", f"{V1}/runs", {"kind": "map", "target": TARGET, "model": "/etc/passwd"}).json()
        eq(named["field"], "model")
        for policy, used in (("thrifty", model), ("guide", None)):
            job = budi.want(202, "POST", f"{V1}/runs", {"kind": "map", "target": TARGET, "limit": 1, "fresh": True,
                                                        "policy": policy}).json()
            job = wait(budi, job)
            asked = json.loads(s.w.rows(f"SELECT parameters FROM run WHERE id = '{job['run']}'")[0][0])
            eq(asked.get("model"), used, policy)
        s.w.write("one.csv", "title,category_path\nkaos,Fashion > Shirts\nwajan,Home > Pans\n")
        s.w.ok("model", "train", s.w.path("one.csv"), "-o", model)
        own = budi.get(f"{V1}/models").json()["service"]
        eq([own[x] for x in ("held_out", "right", "right_in_3", "ece")], [0, None, None, None])
    finally:
        other.stop()


@case("what is due is done by serve --once, and by one of several")
def _(s):
    vera = s.service.client("vera")
    before = vera.get(TREE).json()["checked_at"]
    time.sleep(1.1)
    children = [s.w.start("serve", "--once", "--sync-every", "1s") for _ in range(2)]
    for child in children:
        done = s.w.finish(child)
        eq(done.code, 0, str(done))
    true(vera.get(f"{TREE}/snapshots").json()["items"][0]["checked_at"] > before, "no sync")
    done = s.w.ok("serve", "--once", "--sync-every", "1d")
    true("unchanged" not in done.err, "synced although nothing was due")


# ---- attacks ----

@case("SQL in every parameter finds nothing and breaks nothing")
def _(s):
    ana = s.service.client("ana")
    poison = quote("x' OR '1'='1'; DROP TABLE product;--", safe="")
    for line in filter(None, s.w.ok("test", "routes").out.split("\n")):
        method, path, *params = line.split("\t")
        if method != "GET" or path in ("/healthz", "/readyz", "/metrics"):
            continue
        names = [n for n in (params[0].split(",") if params else []) if n]
        for name in names:
            at = path
            query = []
            for other in names:
                value = poison if other == name else {
                    "target": TARGET, "seller": "default", "scope": "product", "queue": "needs",
                    "limit": "5", "after": "", "locale": "id-ID", "by": "product", "q": "kaos",
                    "path": "x", "title": "kaos", "from": "1", "to": "1", "leaf": "true",
                    }.get(other, "x")
                if "{%s}" % other in at:
                    at = at.replace("{%s}" % other, value)
                elif value and not (other == "product" and name != "product"):
                    query.append(f"{other}={value}")
            answer = ana.ask("GET", at + "?" + "&".join(query))
            refused = 403 if path == "/consent" else 404  # with a page, and no more said
            true(answer.status in (200, 400, 404, 422, refused), f"{at} {query}: {answer}")
            true("syntax error" not in answer.body, str(answer))
    true(ana.get(f"{V1}/products").json()["items"], "the products are gone")


@case("paths that climb, double up or hide a NUL lead nowhere")
def _(s):
    ana = s.service.client("ana")
    for path in ("/api/v1/../../etc/passwd", "/api/v1/%2e%2e/me", "//api/v1/me", "/api/v1/me/",
                 "/api/v1/me%00", "/api/v1/products/default/..%2f..%2fx", "/api/v1/users/%00",
                 "/api//v1/me", "/API/V1/me"):
        true(ana.ask("GET", path).status in (400, 404, 405), path)


@case("what is got can be asked about with HEAD, and with a body that nobody reads")
def _(s):
    vera = s.service.client("vera")
    for path in (f"{V1}/products", f"{TREE}/categories", f"{V1}/queues?target={TARGET}", "/healthz"):
        eq((vera.want(200, "HEAD", path).body, vera.want(200, "GET", path, "x").status), ("", 200), path)
        eq(vera.want(200, "HEAD", path, "x").body, "", path)
    s.service.client().want(401, "HEAD", f"{V1}/products")


@case("bodies too large, of another kind or broken are refused and said why")
def _(s):
    budi = s.service.client("budi")
    budi.want(413, "POST", f"{V1}/decisions", "x" * 1100000, Content_Type="application/json")
    budi.want(413, "POST", f"{V1}/session", "x" * 9000, Content_Type="application/json")
    budi.want(415, "POST", f"{V1}/decisions", "a=b",
              Content_Type="application/x-www-form-urlencoded")
    for bad in ("{", "[]", "null", '"x"', "{" * 3000, '{"target": 5}', "\xff"):
        answer = budi.ask("POST", f"{V1}/decisions", bad.encode("latin-1"),
                          Content_Type="application/json")
        true(answer.status in (400, 413), f"{bad[:20]}: {answer}")
        eq(answer.headers["Content-Type"], "application/problem+json")
        true(answer.json()["request_id"] == answer.headers["X-Request-Id"], "no request id")


@case("a body that says a field twice is no order, whichever of the two is meant")
def _(s):
    budi = s.service.client("budi")
    for path, body in (("products/default/TWICE", '{"title": "Kaos", "title": "Kemeja"}'),
                       ("products/default/TWICE", '{"title": "Kaos", "attributes": {"a": 1, "a": 2}}')):
        told = budi.want(400, "PUT", f"{V1}/{path}", body, Content_Type="application/json").json()
        has(told["detail"], "the body says a field twice", "line 1 column")
    budi.get(f"{V1}/products/default/TWICE", 404)


@case("who is not signed in, or may not, brings no large body")
def _(s):
    for client in (s.service.client(), s.service.client("vera")):
        for path in (f"{V1}/images", f"{V1}/imports", f"{V1}/decisions"):
            may_not = 403 if client.cookie else 401
            for size in (20000, 900000):
                client.want(may_not, "POST", path, "x" * size, Content_Type="application/json")
            cookie = f"Cookie: {client.cookie}\r\nX-CSRF-Token: {client.csrf}\r\n" if client.cookie else ""
            for length in ("Content-Length: 900000000", "Transfer-Encoding: chunked"):
                got = s.service.raw(f"POST {path} HTTP/1.1\r\nHost: a\r\n{cookie}{length}\r\n\r\n".encode())
                has(got, f"HTTP/1.1 {may_not}", "Connection: close")
    nobody = s.service.client()
    nobody.want(404, "POST", f"{V1}/nowhere", "x" * 20000, Content_Type="application/json")
    nobody.want(405, "PATCH", f"{V1}/imports", "x" * 20000, Content_Type="application/json")
    s.service.client("budi").want(422, "POST", f"{V1}/images", "x" * 20000,
                                  Content_Type="image/png")


@case("a body without an end is cut off at the limit")
def _(s):
    chunk = b"1000\r\n" + b"x" * 0x1000 + b"\r\n"
    got = s.service.raw(b"POST /api/v1/session HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
                        b"Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n" +
                        chunk * 100 + b"0\r\n\r\n")
    has(got, "HTTP/1.1 413", "application/problem+json")


@case("what two readers could read in two ways is refused")
def _(s):
    host = "Host: a\r\n"
    for head in ("Content-Length: 4\r\nContent-Length: 5\r\n",
                 "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",
                 "Content-Length: +4\r\n", "Content-Length : 4\r\n",
                 "Transfer-Encoding: gzip\r\n", "Host: b\r\n"):
        got = s.service.raw(("POST /api/v1/session HTTP/1.1\r\n" + host + head +
                             "Connection: close\r\n\r\nbodyGET /healthz HTTP/1.1\r\n" + host +
                             "\r\n").encode())
        true(got.count("HTTP/1.1") == got.count("HTTP/1.1 400"), got)
    got = s.service.raw(b"GET /healthz HTTP/1.1\r\nX: " + b"x" * 70000 + b"\r\n\r\n")
    true("200 OK" not in got, got)


@case("script in a title comes back as text in JSON and nowhere as a page")
def _(s):
    budi = s.service.client("budi")
    title = "<script>alert(1)</script> \" '"
    path = f"{V1}/products/default/XSS"
    budi.want(201, "PUT", path, {"title": title})
    answer = budi.get(path)
    eq((answer.json()["title"], answer.headers["Content-Type"]), (title, "application/json"))
    eq(answer.headers["X-Content-Type-Options"], "nosniff")
    budi.want(204, "DELETE", path)


@case("a number or a switch of another type is refused, and nothing done")
def _(s):
    ana = s.service.client("ana")
    before = ana.get(f"{V1}/decisions?limit=1").body
    decisions = f"{V1}/decisions"
    row = {"scope": "product", "key": "KJ-9003", "state": "none"}
    for path, body, field in (
            (decisions, {"target": TARGET, "decisions": [{**row, "expected": 1.5}]}, "decisions[0].expected"),
            (decisions, {"target": TARGET, "decisions": [row, {**row, "expected": "one"}]}, "decisions[1].expected"),
            (f"{V1}/tokens", {"name": "t", "scopes": "read", "lasts_s": 1.5}, "lasts_s"),
            (f"{V1}/runs", {"kind": "map", "target": TARGET, "budget": "few"}, "budget"),
            (f"{V1}/runs", {"kind": "map", "target": TARGET, "accept_at": True}, "accept_at"),
            (f"{V1}/runs", {"kind": "sync", "target": TARGET, "dry_run": "ja"}, "dry_run"),
            (f"{V1}/shops/toko/hooks/apply", {"again": "ja"}, "again"),
            (f"{V1}/attributes", {"target": TARGET, "lessons": [{"attribute": "x", "remove": 2}]}, "lessons[0].remove"),
            (f"{V1}/rules", {"target": TARGET, "words": "kaos", "category": "744161", "dry_run": 2}, "dry_run")):
        eq(ana.want(400, "POST", path, body).json()["field"], field)
    eq(ana.get(f"{V1}/decisions?limit=1").body, before)


def described_bodies(client):
    """{(method, path): names of the fields, of rows too}, as openapi.yaml has them."""
    text = client.get(f"{V1}/openapi.yaml").body
    schemas = dict(re.findall(r"\n    (\w+):((?: .*)?(?:\n      .*)*)", text.partition("\n  schemas:")[2]))
    bodies = {}
    for path, methods in service.yaml_paths(text).items():
        for method, operation in methods.items():
            body = operation.partition("requestBody:")[2].partition("responses:")[0]
            for name in re.findall(r"schemas/(Choice|TaskChoice)\b", body):
                body += schemas[name]
            names = set(re.findall(r"(\w+): ?\{", body)) | set(re.findall(r"\n +(\w+):(?=\n)", body))
            if "application/json" in body and not path.startswith("/hooks/"):
                bodies[method.upper(), path] = names - {"schema", "properties", "items", "content", "json"}
    return bodies


@case("a body takes the fields it is described to have, each in its type, and no other")
def _(s):
    ana = s.service.client("ana")
    described = described_bodies(ana)
    served = {}
    for line in s.w.ok("test", "routes").out.split("\n")[:-1]:
        method, path, _, body = line.split("\t")
        if body:
            served[method, path] = body
    eq(sorted(served), sorted(described))
    for (method, path), body in served.items():
        eq(sorted(set(re.findall(r"\w+", body))), sorted(described[method, path]), f"{method} {path}")
        at = re.sub(r"\{target\}", TARGET, re.sub(r"\{scope\}", "product", path))
        at = re.sub(r"\{\w+\}", "x", at)
        for field in re.findall(r"\w+", re.sub(r"\[.*?\]", "", body)):
            told = ana.want(400, method, at, {field: [5] if field != "attributes" else 5}).json()
            eq(told["field"], field)
            has(told["detail"], field + " must be ")
        told = ana.want(400, method, at, {"x": 1, "dry_runn": True}).json()
        eq((told["code"], told["field"]), ("invalid", "x"), path)


@case("a mistyped field is refused with the one that was probably meant, and nothing done")
def _(s):
    ana = s.service.client("ana")
    before = ana.get(f"{V1}/decisions?limit=1").body, len(ana.get(f"{V1}/jobs").json()["items"])
    row = {"scope": "product", "key": "KJ-9003", "state": "none"}
    run = {"kind": "map", "target": TARGET}
    for path, body, field, meant in (
            ("runs", {**run, "acept_at": 0.9}, "acept_at", "accept_at"),
            ("runs", {**run, "polcy": "guide"}, "polcy", "policy"),
            ("runs", {**run, "unlikely": 1}, "unlikely", None),
            ("runs/x/resume", {"policy": "guide"}, "policy", None),
            ("decisions", {"target": TARGET, "decisions": [row, {**row, "catgory": "1"}]},
             "decisions[1].catgory", "category"),
            ("decisions", {"target": TARGET, "decisions": [row], "dry_run": True}, "dry_run", None),
            ("batches/x/undo", {"dry_run": True}, "dry_run", None),
            ("work/drop", {"al": True}, "al", "all")):
        told = ana.want(400, "POST", f"{V1}/{path}", body).json()
        name = field.rpartition(".")[2]
        eq((told["field"], told["detail"]),
           (field, f"no field {name} is taken here" + (f", did you mean '{meant}'?" if meant else "")))
    eq((ana.get(f"{V1}/decisions?limit=1").body, len(ana.get(f"{V1}/jobs").json()["items"])), before)
    told = ana.want(400, "POST", f"{V1}/approvals", {"target": TARGET, "by": "products"}).json()
    eq((told["field"], told["detail"]), ("by", "by is category or product"))
    ana.want(404, "POST", f"{V1}/batches/x/undo", {})


@case("a parameter nobody knows is refused with the one that was probably meant, and nothing done")
def _(s):
    ana, row = s.service.client("ana"), "id,title\nDRY-1,Gelas\n"
    told = ana.want(400, "POST", f"{V1}/imports?dryrun=true", row, Content_Type="text/csv").json()
    eq((told["field"], told["detail"]), ("dryrun", "no parameter dryrun is taken here, did you mean 'dry_run'?"))
    ana.get(f"{V1}/products/default/DRY-1", 404)
    for path, name, meant in (("products?catgory=Kaos", "catgory", "category"), (f"{TREE[8:]}?q=x", "q", None),
                              (f"{TREE[8:]}/search?q=x&limt=3", "limt", "limit"), ("me?%3Cb%3E", "<b>", None),
                              (f"{TREE[8:]}?target=x", "target", None)):
        told = ana.get(f"{V1}/{path}", 400).json()
        eq((told["field"], told["detail"]),
           (name, f"no parameter {name} is taken here" + (f", did you mean '{meant}'?" if meant else "")))
    s.service.client().get(f"{V1}/me?x=1", 401)
    s.service.client().get("/healthz?x=1")


@case("a field that goes with another kind is refused with the kinds it goes with, and nothing begun")
def _(s):
    ana = s.service.client("ana")
    before = len(ana.get(f"{V1}/jobs").json()["items"]), ana.get(f"{V1}/work").body
    for path, kind, field, value, goes in (
            ("runs", "map", "dry_run", True, "carry or requirements"), ("runs", "sync", "policy", "guide", "map"),
            ("runs", "sync", "dry_run", False, "carry or requirements"), ("runs", "map", "locales", ["id-ID"], "sync"),
            ("runs", "requirements", "from", TARGET, "carry"), ("runs", "sync", "seller", "default", "map"),
            ("work", "sync", "share", 5, "map"), ("work", "map", "draft", True, "publish")):
        where = {"target": TARGET} if path == "runs" else {"targets": [TARGET]}
        told = ana.want(400, "POST", f"{V1}/{path}", {"kind": kind, field: value, **where}).json()
        eq((told["field"], told["detail"]), (field, f"{field} goes with kind {goes}, not with {kind}"))
    eq(ana.want(400, "POST", f"{V1}/runs", {"kind": "map", "target": TARGET, "budget": -2}).json()["field"], "budget")
    eq((len(ana.get(f"{V1}/jobs").json()["items"]), ana.get(f"{V1}/work").body), before)


@case("/metrics are what Prometheus reads: each number told of once, in one piece")
def _(s):
    seen, name, kind = set(), None, None
    for line in s.service.client("ana").get("/metrics").body.splitlines():
        if line.startswith("# HELP "):
            name = line.split()[2]
            true(name not in seen and len(line.split()) > 3, line)
            seen.add(name)
        elif line.startswith("# TYPE "):
            told, kind = line.split()[2:]
            true(told == name and kind in ("counter", "gauge", "histogram"), line)
            true((kind == "counter") == name.endswith("_total"), line)
        else:
            found = re.fullmatch(r'([a-z_]+)(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? [-+0-9.einf]+', line, re.I)
            true(found, line)
            ends = ("_bucket", "_sum", "_count") if kind == "histogram" else ("",)
            true(found.group(1) in [name + end for end in ends] and line not in seen, line)
            seen.add(line)
    true(len(seen) > 30, seen)


@case("/metrics count what was answered, for who may look")
def _(s):
    s.service.client().get("/metrics", 401)
    has(s.service.client("vera").get("/metrics").body, 'aisle_http_requests_total{status="2xx"}',
        "aisle_http_request_seconds_bucket", "aisle_jobs_under_way")


@case("what syncs made of a category is told, of one that is gone too, and of none there ever was not")
def _(s):
    budi = s.service.client("budi")
    leaf, gone = "901963", "793171"  # renamed and removed by evolve.json
    at = f"/api/v1/trees/{TARGET}/categories/"
    (first,) = budi.get(f"{at}{leaf}/history").json()["items"]
    eq((first["changes"], first["first"], first["was"]), (["added"], True, None))
    w = s.w
    w.ok("sandbox", "evolve", os.path.join(world.OWN_DATA, "evolve.json"), "--env-file", w.sandboxes[-1].env_file)
    w.ok("tree", "sync", "toko")
    newest, oldest = budi.get(f"{at}{leaf}/history?locale=id-ID").json()["items"]
    eq((newest["changes"], newest["was"]["name"], newest["is"]["name"]), (["renamed"], "Serum Pencerah", "Serum & Ampul Pencerah"))
    true(newest["run"] and newest["at"] >= oldest["at"], str(newest))
    eq(budi.get(f"{at}{gone}/history").json()["items"][0]["changes"], ["removed"])
    budi.get(f"{at}nowhere/history", 404)
    paths = [budi.get(f"/api/v1/trees/{TARGET}/impact?locale={x}").json()["items"][0]["was_path"] for x in ("id-ID", "en-US")]
    true(paths[0] != paths[1], str(paths))


@case("what lies in a leaf that no sync had is broken with the next, and not before")
def _(s):
    w, vera, named, product = s.w, s.service.client("vera"), "555000111", "RB-101"

    def broken():
        items = vera.get(f"{V1}/queues/broken?target={TARGET}&by=product&limit=500").json()["items"]
        return {i["key"] for i in items}

    with sqlite3.connect(w.path("aisle.db"), timeout=60) as store:
        store.execute("INSERT INTO provisional_category (target_id, id, name, parent_id, at) "
                      f"VALUES ('{TARGET}', '{named}', 'Named', '', 0)")
    w.ok("map", "approve", product, "-c", named, "--target", TARGET)
    true(product not in broken(), "the next sync may have it")
    w.write("edits.json", '[{"op": "rename", "id": "901963", "names": {"en-US": "Serums"}}]')
    w.ok("sandbox", "evolve", "edits.json", "--env-file", w.sandboxes[-1].env_file)
    w.ok("tree", "sync", "toko")
    until(lambda: product in broken(), "the newer tree")
    eq(vera.get(f"{V1}/queues?target={TARGET}").json()["by_product"]["broken"], len(broken()), "counted")


service.main()
