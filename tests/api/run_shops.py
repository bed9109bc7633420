"""Shops connected over HTTP: added by their app's key, signed in to by a link, and the
seller's browser coming back - the way it should, and the ways somebody else would wish"""
import hashlib
import hmac
import http.client
import json
import os
import re
import sqlite3
import sys
import time
import urllib.parse

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from service import PASSWORD, Answer, Service, case, main, wait, world  # noqa: E402

V1 = "/api/v1"
eq, true, has = world.eq, world.true, world.has


class Shops:
    """A marketplace with two sellers, no shop of theirs connected as yet, and a service
    that was given the secrets of the apps."""

    def __init__(self):
        self.w = world.World()
        self.service = None

    def build(self, *words):
        w = self.w
        sandbox = w.sandbox("--seed", "7", "--shops", "2")
        w.ok("init")
        w.secrets.add(w.read("aisle.key").strip())
        for name, role, *more in (("ana", "admin"), ("budi", "mapper"), ("vera", "viewer"),
                                  ("sari", "admin", "--of-seller", "other")):
            w.ok("user", "add", name, "--role", role, *more, stdin=PASSWORD + "\n")
        self.key = sandbox.id["TIKTOK_APP_KEY"]
        self.url = sandbox.id["AISLE_SANDBOX_URL"]
        self.service = Service(w, "--api-url", self.url, "--secrets", sandbox.env_file, *words)
        return self

    def add(self, who, name, **more):
        """Sent twice with one key, as by somebody who heard no answer: both are answered alike."""
        first, again = [who.want(201, "POST", f"{V1}/shops", {"id": name, **more}, Idempotency_Key="add " + name)
                        for _ in range(2)]
        world.eq((again.headers["Location"], again.body), (first.headers["Location"], first.body))
        world.eq(first.headers["Location"], f"{V1}/shops/{name}")
        return first.json()


def begin(client, shop):
    """The link, and the cookie that says which browser it was begun in."""
    answer = client.want(200, "POST", f"{V1}/shops/{shop}/login")
    cookie = answer.headers["Set-Cookie"]
    return answer.json()["url"], cookie and cookie.split(";")[0]


def sellers(url):
    """Names on the consent page."""
    return re.findall(r"seller=([^\"&]+)\"", walk(url).body)


def walk(url):
    at = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(at.hostname, at.port, timeout=120)
    try:
        connection.request("GET", f"{at.path}?{at.query}")
        reply = connection.getresponse()
        return Answer(reply.status, reply.headers, reply.read().decode())
    finally:
        connection.close()


def consent(url, which=0, how="approve"):
    """The query the seller's browser is sent back with."""
    names = [urllib.parse.unquote(name) for name in sellers(url)]
    answer = walk(f"{url}&{how}=1&seller={urllib.parse.quote(names[which])}")
    eq(answer.status, 302)
    return urllib.parse.urlsplit(answer.headers["Location"]).query


def come_back(s, query, cookie, status=200, method="GET", **headers):
    return s.service.client().want(status, method, f"/consent?{query}", Cookie=cookie, **headers)


def tokens(s, shop):
    return s.w.rows("SELECT sealed FROM shop WHERE id = ?1", shop)[0][0]


# ---- as it should be ----

@case("an admin adds a shop by its app's key and opens the link; the seller agrees; it is connected")
def _(s):
    ana = s.service.client("ana")
    apps = {app["channel"]: app for app in ana.get(f"{V1}/apps").json()["items"]}
    eq(apps["tiktok"]["app_key"], s.key)
    eq([apps["tiktok"]["consent"], apps["tokopedia"]["consent"]], [True, False])
    shop = s.add(ana, "toko", app_key=s.key)
    eq([shop["id"], shop["seller"], shop["token"], shop["stand_in"]], ["toko", "default", "none", True])
    url, cookie = begin(ana, "toko")
    page = come_back(s, consent(url), cookie)
    has(page.body, "The shop is connected")
    has(page.headers["Content-Type"], "text/html")
    eq(page.headers["Cache-Control"], "no-store")
    shop = ana.get(f"{V1}/shops/toko").json()
    eq([shop["token"], shop["region"]], ["good", "ID"])
    true(shop["remote_id"] and shop["name"], "the marketplace told which shop it is")
    job = wait(ana, ana.want(202, "POST", f"{V1}/shops/toko/test").json())
    eq([job["state"], job["text"], job["target"]], ["done", "open", "toko"])
    eq([x["id"] for x in job["result"]["shops"]], [shop["remote_id"]])
    s.w.ok("tree", "sync", "toko", "--locale", "id-ID")
    trail = [e["what"] for e in ana.get(f"{V1}/audit").json()["items"]]
    for what in ("shop.add", "shop.login", "shop.connect", "shop.test"):
        true(what in trail, f"{what} is in {trail}")


@case("a shop that wrote another's number down, and never signed in, gets none of its notifications")
def _(s):
    ana = s.service.client("ana")
    keys, remote = s.w.sandboxes[-1].id, ana.get(f"{V1}/shops/toko").json()["remote_id"]
    decoys = [f"aaa-{n}" for n in range(18)]
    for name in decoys:
        s.add(ana, name, app_key=s.key, remote_id=remote)
    body = json.dumps({"type": 16, "tts_notification_id": "701", "shop_id": remote, "timestamp": 1,
                       "data": {"product_id": 9007199254740993}}).encode()
    signature = hmac.new(keys["TIKTOK_APP_SECRET"].encode(), keys["TIKTOK_APP_KEY"].encode() + body, hashlib.sha256)
    told = s.service.client().want(200, "POST", "/hooks/tiktok", body, Authorization=signature.hexdigest(),
                                   Content_Type="application/json")
    eq(told.json(), {"added": True})
    eq([h["shop"] for h in ana.get(f"{V1}/hooks").json()["items"] if h["id"] == "701"], ["toko"])
    for name in decoys:
        ana.want(204, "DELETE", f"{V1}/shops/{name}")


@case("a shop whose consent is over signs in again, and keeps its name, its tree and its decisions")
def _(s):
    ana = s.service.client("ana")
    before, keys = ana.get(f"{V1}/shops/toko").json(), tokens(s, "toko")
    url, cookie = begin(ana, "toko")
    has(come_back(s, consent(url), cookie).body, "is connected")
    after = ana.get(f"{V1}/shops/toko").json()
    eq([after["remote_id"], after["name"]], [before["remote_id"], before["name"]])
    true(tokens(s, "toko") != keys, "its tokens are others")
    true(after["keys_version"] > before["keys_version"], "and counted")


@case("the page is Indonesian for whoever reads that")
def _(s):
    url, cookie = begin(s.service.client("ana"), "toko")
    page = come_back(s, consent(url), cookie, Accept_Language="id-ID,id;q=0.9")
    has(page.body, "Toko sudah terhubung", 'lang="id"')


@case("a shop that opens with its app's secret alone needs no consent")
def _(s):
    ana = s.service.client("ana")
    s.add(ana, "tokped", channel="tokopedia", remote_id=s.w.sandboxes[-1].id["TOKOPEDIA_FS_ID"])
    job = wait(ana, ana.want(202, "POST", f"{V1}/shops/tokped/test").json())
    eq(job["state"], "done")
    eq(ana.get(f"{V1}/shops/tokped").json()["token"], "good")
    answer = ana.want(422, "POST", f"{V1}/shops/tokped/login").json()
    has(answer["detail"], "no sign-in page")


@case("a link that a program asked for ends in any browser, for it has none itself")
def _(s):
    ana = s.service.client("ana")
    token = ana.want(201, "POST", f"{V1}/tokens", {"name": "erp", "scopes": "read,admin"}).json()
    url, cookie = begin(s.service.client(token=token["token"]), "toko")
    eq(cookie, None)
    query = consent(url)
    has(come_back(s, query, None).body, "is connected")
    url, _ = begin(s.service.client(token=token["token"]), "toko")
    ana.want(204, "DELETE", f"{V1}/tokens/{token['id']}")
    has(come_back(s, consent(url), None, 403).body, "signed out by now")


@case("two links at once, from one browser, both end well")
def _(s):
    ana = s.service.client("ana")
    first, cookie = begin(ana, "toko")
    ana.cookie += "; " + cookie
    second, again = begin(ana, "toko")
    eq(again, cookie)
    has(come_back(s, consent(first), cookie).body, "is connected")
    has(come_back(s, consent(second), cookie).body, "is connected")


# ---- as it should not be ----

@case("a state that is forged, missing, another's or over connects nothing, whoever is signed in")
def _(s):
    ana, keys = s.service.client("ana"), tokens(s, "toko")
    url, cookie = begin(ana, "toko")
    query = consent(url)
    parts = dict(urllib.parse.parse_qsl(query))
    for state in ("", "0" * 32, parts["state"][:-1], parts["state"] + "0", "'; DROP TABLE shop; --"):
        forged = urllib.parse.urlencode({**parts, "state": state})
        has(come_back(s, forged, cookie, 403).body, "begin again")
    has(come_back(s, f"code={parts['code']}", cookie, 403).body, "begin again")
    eq(ana.ask("GET", f"/consent?state={'0' * 65}").status, 400)
    store = sqlite3.connect(s.w.path("aisle.db"), timeout=30)
    with store:
        store.execute("UPDATE shop_login SET expires_at = strftime('%s', 'now') - 1")
    store.close()
    has(come_back(s, query, cookie, 403).body, "begin again")
    eq(tokens(s, "toko"), keys)


@case("a state is good once: the same return again, or eight at once, connect one time")
def _(s):
    import threading
    ana = s.service.client("ana")
    before = ana.get(f"{V1}/shops/toko").json()["keys_version"]
    url, cookie = begin(ana, "toko")
    query, pages = consent(url), []
    threads = [threading.Thread(target=lambda: pages.append(
        s.service.client().ask("GET", f"/consent?{query}", Cookie=cookie).body)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    eq(len([page for page in pages if "is connected" in page]), 1)
    has(come_back(s, query, cookie, 403).body, "begin again")
    eq(ana.get(f"{V1}/shops/toko").json()["keys_version"], before + 1)


@case("another browser, or one that only looks, ends nothing and uses nothing up")
def _(s):
    ana, keys = s.service.client("ana"), tokens(s, "toko")
    url, cookie = begin(ana, "toko")
    query = consent(url)
    for other in (None, "aisle_connect=" + "A" * 43, f"{cookie}; aisle_connect={'A' * 43}"):
        has(come_back(s, query, other, 403).body, "another browser")
    come_back(s, query, cookie, method="HEAD")
    eq(tokens(s, "toko"), keys)
    has(come_back(s, query, cookie).body, "is connected")


@case("who signed out, or may no more, since the link was given has it end in nothing")
def _(s):
    keys = tokens(s, "toko")
    s.w.ok("user", "add", "wati", "--role", "admin", stdin=PASSWORD + "\n")
    wati = s.service.client("wati")
    url, cookie = begin(wati, "toko")
    query = consent(url)
    wati.want(204, "DELETE", f"{V1}/session")
    has(come_back(s, query, cookie, 403).body, "signed out by now")
    wati = s.service.client("wati")
    url, cookie = begin(wati, "toko")
    query = consent(url)
    s.service.client("ana").want(204, "PATCH", f"{V1}/users/wati", {"role": "mapper"})
    has(come_back(s, query, cookie, 403).body, "signed out by now")
    eq(tokens(s, "toko"), keys)


@case("consent for another seller's shop does not become this shop's")
def _(s):
    ana, keys = s.service.client("ana"), tokens(s, "toko")
    url, cookie = begin(ana, "toko")
    page = come_back(s, consent(url, which=1), cookie)
    has(page.body, "was not connected", "the token is not for shop")
    eq(tokens(s, "toko"), keys)


@case("consent that is denied says so, and the link is used up")
def _(s):
    url, cookie = begin(s.service.client("ana"), "toko")
    query = consent(url, how="deny")
    has(come_back(s, query, cookie).body, "was not connected", "consent was not given")
    has(come_back(s, query, cookie, 403).body, "begin again")


@case("script in the return is text, and a code that is none is refused by the marketplace")
def _(s):
    ana, keys = s.service.client("ana"), tokens(s, "toko")
    evil = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
    for name in ("code", "error", "locale", "shop_region", "app_key"):
        url, cookie = begin(ana, "toko")
        parts = dict(urllib.parse.parse_qsl(consent(url)))
        page = come_back(s, urllib.parse.urlencode({**parts, name: evil}), cookie)
        true("<script" not in page.body and "<img" not in page.body, page.body)
        has(page.headers["Content-Security-Policy"], "default-src 'none'")
        if name in ("code", "error"):
            has(page.body, "was not connected")
    url, cookie = begin(ana, "toko")
    state = urllib.parse.parse_qs(urllib.parse.urlsplit(url).query)["state"][0]
    page = come_back(s, f"code={'A' * 6000}&state={state}", cookie)
    has(page.body, "was not connected")
    true(keys and tokens(s, "toko"), "it stays connected")
    page = s.service.client().get(f"/consent?state={urllib.parse.quote(evil)}", 403)
    true("<script" not in page.body, page.body)


@case("neither viewer nor mapper nor another seller's admin adds a shop, or is given its link")
def _(s):
    for name in ("vera", "budi"):
        client = s.service.client(name)
        client.want(403, "POST", f"{V1}/shops", {"id": "mine"})
        client.want(403, "POST", f"{V1}/shops/toko/login")
        client.get(f"{V1}/apps", 403)
    sari = s.service.client("sari")
    sari.want(404, "POST", f"{V1}/shops/toko/login")
    sari.want(404, "POST", f"{V1}/shops/toko/test")
    sari.want(404, "POST", f"{V1}/shops", {"id": "mine", "seller": "default"})
    sari.want(403, "POST", f"{V1}/shops", {"id": "mine", "channel": "tokopedia", "remote_id": "1"})
    sari.want(409, "POST", f"{V1}/shops", {"id": "toko"})
    shop = s.add(sari, "milik-sari")
    eq([shop["seller"], shop["token"]], ["other", "none"])
    url, cookie = begin(sari, "milik-sari")
    has(come_back(s, consent(url, which=1), cookie).body, "is connected")
    s.service.client().want(401, "POST", f"{V1}/shops", {"id": "mine"})
    s.service.client().want(401, "POST", f"{V1}/shops/toko/login")


@case("no secret and no address is taken in, and an app it does not know is refused by name")
def _(s):
    ana = s.service.client("ana")
    for name in ("app_secret", "access_token", "refresh_token", "token", "secret", "cipher"):
        problem = ana.want(422, "POST", f"{V1}/shops", {"id": "baru", name: "x"}).json()
        eq(problem["field"], name)
    eq(ana.want(422, "POST", f"{V1}/shops", {"id": "baru", "app_key": "unknown"}).json()["field"],
       "app_key")
    eq(ana.want(422, "POST", f"{V1}/shops", {"id": "Tidak Boleh"}).json()["field"], "id")
    eq(ana.want(400, "POST", f"{V1}/shops", {}).json()["field"], "id")
    eq(ana.want(422, "POST", f"{V1}/shops", {"id": "baru", "channel": "shopee"}).json()["field"],
       "channel")
    for name in ("api_url", "auth_url"):
        eq(ana.want(400, "POST", f"{V1}/shops", {"id": "baru", name: "http://127.0.0.1:1"}).json()["field"], name)
    s.add(ana, "baru")
    eq(s.w.rows("SELECT api_url, auth_url FROM shop WHERE id = 'baru'"), [(s.url, s.url)])
    ana.want(204, "DELETE", f"{V1}/shops/baru")


@case("an app's secret is that of a shop connected through it, where the service was given none")
def _(s):
    other = Service(s.w)
    ana, sari = other.client("ana"), other.client("sari")
    eq(ana.get(f"{V1}/apps").json()["items"], [])
    s.add(ana, "kedua", app_key=s.key)
    ana.want(422, "POST", f"{V1}/shops", {"id": "ketiga"})
    sari.want(204, "DELETE", f"{V1}/shops/milik-sari")
    eq(sari.want(422, "POST", f"{V1}/shops", {"id": "ketiga", "app_key": s.key}).json()["field"],
       "app_key")
    eq(other.stop().code, 0)


@case("an answer that shows what is shown once is not kept for an Idempotency-Key")
def _(s):
    ana = s.service.client("ana")
    first = ana.want(200, "POST", f"{V1}/shops/toko/login", Idempotency_Key="once").json()
    state = urllib.parse.parse_qs(urllib.parse.urlsplit(first["url"]).query)["state"][0]
    has(ana.want(409, "POST", f"{V1}/shops/toko/login", Idempotency_Key="once").json()["detail"],
        "shown once")
    body = {"name": "k", "scopes": "read"}
    token = ana.want(201, "POST", f"{V1}/tokens", body, Idempotency_Key="t").json()
    has(ana.want(409, "POST", f"{V1}/tokens", body, Idempotency_Key="t").json()["detail"], "shown once")
    kept = json.dumps(s.w.rows("SELECT * FROM kept_answer"))
    true(state not in kept and token["token"] not in kept, "neither is in the store")


@case("no digest is kept by which a password could be guessed, and a write sent twice is known all the same")
def _(s):
    ana = s.service.client("ana")
    body = {"user": "kirana", "role": "viewer", "password": "kucing manis 1"}
    for role, status in (("viewer", 204), ("viewer", 204), ("mapper", 422)):
        ana.want(status, "POST", f"{V1}/users", {**body, "role": role}, Idempotency_Key="kirana")
    kept = s.w.rows("SELECT question FROM kept_answer WHERE key = 'kirana'")[0][0]
    for password in (body["password"], "another one"):
        asked = f"POST\n{V1}/users\n\n{json.dumps({**body, 'password': password})}\n"
        true(hashlib.sha256(asked.encode()).hexdigest() != kept, "the password is in the digest")
    ana.want(204, "DELETE", f"{V1}/users/kirana")


def fold_log(path):
    """Into the file, as the end of the last program does; whoever reads just then is waited for."""
    store = sqlite3.connect(path, timeout=60)
    until = time.monotonic() + 60
    while store.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
        true(time.monotonic() < until, "the log is never free")
        time.sleep(0.05)
    store.close()


@case("a shop that is removed leaves nothing of its tokens in the store's file")
def _(s):
    ana, path = s.service.client("ana"), s.w.path("aisle.db")
    sealed = tokens(s, "toko").encode()[24:]
    fold_log(path)
    with open(path, "rb") as store:
        true(sealed in store.read(), "they were never there")
    ana.want(204, "DELETE", f"{V1}/shops/toko")
    ana.get(f"{V1}/shops/toko", 404)
    fold_log(path)
    with open(path, "rb") as store:
        true(sealed not in store.read(), "they are there still")


main(scene=Shops)
