"""What somebody who means harm tries, and what comes of it: nothing."""
import hashlib
import hmac
import http.client
import json
import os
import re
import struct
import threading
import zlib
from urllib.parse import quote

import service
from service import PASSWORD, PNG, TARGET, case, chunk
from world import eq, has, true

V1 = "/api/v1"
POISON = "x' OR '1'='1'; DROP TABLE product;--"


def memory(s, what="VmHWM"):
    """Of the service, in MiB: the most it had so far."""
    with open(f"/proc/{s.service.child.pid}/status", encoding="ascii") as f:
        line = next(line for line in f if line.startswith(what + ":"))
    return int(line.split()[1]) // 1024


def routes(s):
    """(method, path, names of its parameters)"""
    for line in filter(None, s.w.ok("test", "routes").out.split("\n")):
        method, path, *names = line.split("\t")
        yield method, path, [n for n in (names[0].split(",") if names else []) if n]


# ---- signing in ----

def try_in(s, source, name, password="wrong wrong wrong"):
    connection = http.client.HTTPConnection("127.0.0.1", s.service.port, timeout=120,
                                            source_address=(source, 0))
    return Guesser(connection, name, password)


class Guesser:
    """One connection that tries and tries."""

    def __init__(self, connection, name, password):
        self.connection, self.name, self.password = connection, name, password

    def once(self, name=None):
        body = json.dumps({"user": name or self.name, "password": self.password})
        self.connection.request("POST", f"{V1}/session", body,
                                {"Content-Type": "application/json"})
        reply = self.connection.getresponse()
        reply.read()
        return reply.status


@case("ten thousand sign-ins are slowed, take no memory, and leave their victim in elsewhere")
def _(s):
    before = memory(s)
    statuses = [{} for _ in range(8)]

    def attack(i):
        guesser = try_in(s, "127.0.0.9", "ana")
        for n in range(1250):
            status = guesser.once(None if n % 2 else f"name{i}x{n}")
            statuses[i][status] = statuses[i].get(status, 0) + 1

    threads = [threading.Thread(target=attack, args=(i,)) for i in range(8)]
    for thread in threads:
        thread.start()
    eq(try_in(s, "127.0.0.10", "ana", PASSWORD).once(), 200)  # while they are at it
    eq(s.service.client("vera").get(f"{V1}/me").json()["user"], "vera")
    for thread in threads:
        thread.join()
    eq(try_in(s, "127.0.0.10", "ana", PASSWORD).once(), 200)
    total = {}
    for one in statuses:
        for status, count in one.items():
            total[status] = total.get(status, 0) + count
    eq(sum(total.values()), 10000)
    eq(sorted(total), [401, 429])
    true(total[401] <= 100, f"passwords were looked at {total[401]} times")
    # one check of a password is 64 MiB; eight at once would be 512
    true(memory(s) - before < 300, f"{before} MiB became {memory(s)}")


@case("guesses from a hundred addresses slow the name, and those who know the word come in later")
def _(s):
    s.w.ok("user", "add", "hana", "--role", "viewer", stdin=PASSWORD + "\n")
    last = 0
    for i in range(110):
        last = try_in(s, f"127.0.1.{i + 1}", "hana").once()
        if last == 429:
            break
    eq(last, 429)
    true(i >= 99, f"slowed after {i}")
    service.guess_on(s.w, "hana")
    eq(try_in(s, "127.0.2.1", "hana", PASSWORD).once(), 429)
    eq(try_in(s, "127.0.2.1", "vera", PASSWORD).once(), 200)


@case("behind a proxy the address that it saw counts, in whichever line it wrote it, and nothing that is none")
def _(s):
    other = service.Service(s.w, "--proxied")
    ana = other.client("ana")
    for lines, peer in ((["198.51.100.7"], "198.51.100.7"), (["203.0.113.9, 198.51.100.8"], "198.51.100.8"),
                        (["203.0.113.9", "198.51.100.9"], "198.51.100.9"), (["203.0.113.9", "\x9b31m"], "127.0.0.1"),
                        (["2001:db8::1"], "2001:db8::1"), ([], "127.0.0.1")):
        body = json.dumps({"user": "vera", "password": PASSWORD}).encode()
        head = "".join(f"X-Forwarded-For: {line}\r\n" for line in lines)
        said = other.raw((f"POST {V1}/session HTTP/1.1\r\nHost: x\r\n{head}Content-Type: application/json\r\n"
                          f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n").encode("latin-1") + body)
        has(said, " 200 ")
        eq(ana.get(f"{V1}/audit?what=session.&limit=1").json()["items"][0]["peer"], peer, str(lines))
    eq(other.stop().code, 0)


@case("the word of a session that ended, or of another one, writes nothing")
def _(s):
    budi = s.service.client("budi")
    stale, fixed = budi.csrf, budi.cookie
    budi.want(204, "DELETE", f"{V1}/session")
    again = s.service.client("budi")
    again.want(403, "POST", f"{V1}/decisions", {"target": TARGET}, X_CSRF_Token=stale)
    s.service.client().want(401, "POST", f"{V1}/decisions", {"target": TARGET}, Cookie=fixed,
                            X_CSRF_Token=stale)
    s.service.client().want(401, "POST", f"{V1}/decisions", {"target": TARGET}, Cookie=fixed,
                            X_CSRF_Token=again.csrf)
    signed_in = s.service.client()
    signed_in.cookie = fixed  # planted by somebody who waits for it to be signed in with
    signed_in.sign_in("cici")
    true(signed_in.cookie != fixed, "the session kept a name that others know")
    s.service.client().want(401, "GET", f"{V1}/me", None, Cookie=fixed)


# ---- what is another's ----

@case("nobody in is told nothing by any address but those meant for them")
def _(s):
    nobody, open_ones = s.service.client(), 0
    for method, path, _names in routes(s):
        at = path.replace("{target}", TARGET)
        for name in ("id", "seller", "scope", "key", "queue", "user", "channel"):
            at = at.replace("{%s}" % name, "x")
        answer = nobody.ask(method, at, {} if method != "GET" else None)
        if path in ("/healthz", "/readyz", f"{V1}/openapi.yaml", f"{V1}/version",
                    f"{V1}/session", f"{V1}/first-admin", "/hooks/{channel}",
                    "/consent"):
            open_ones += 1
            continue
        # what it wants to be asked with is in its description, which is open
        true(answer.status == 401 or (answer.status == 400 and method == "GET"),
             f"{method} {at}: {answer}")
    true(open_ones >= 7, "the list above names what is not there")


@case("another seller's target, shop, product, run and batch are not there, whoever asks how")
def _(s):
    olga, ana = s.service.client("olga"), s.service.client("ana")
    product = ana.get(f"{V1}/products?seller=default&limit=1").json()["items"][0]["id"]
    run = ana.get(f"{V1}/runs?kind=map").json()["items"][0]["id"]
    values = {"target": TARGET, "seller": "default", "id": "toko", "queue": "needs",
              "scope": "product", "key": quote(product, safe=""), "user": "ana", "q": "kaos",
              "title": "kaos", "path": "x", "from": "1", "to": "1"}
    for method, path, names in routes(s):
        if method != "GET" or not {"target", "seller"} & set(names):
            continue
        at, query = path, []
        for name in names:
            if "{%s}" % name in at:
                at = at.replace("{%s}" % name, values.get(name, "x"))
            elif name in ("target", "seller", "q", "title", "path", "from", "to"):
                query.append(f"{name}={values[name]}")
        answer = olga.ask("GET", at + "?" + "&".join(query))
        true(answer.status in (400, 403, 404) or answer.json().get("items") == [],
             f"{at} {query}: {answer}")
    for method, path, body in (
            ("POST", f"{V1}/decisions", {"target": TARGET, "decisions": [
                {"scope": "product", "key": product, "state": "none"}]}),
            ("POST", f"{V1}/approvals", {"target": TARGET, "by": "product"}),
            ("POST", f"{V1}/runs", {"kind": "sync", "target": TARGET}),
            ("POST", f"{V1}/runs", {"kind": "map", "target": TARGET}),
            ("POST", f"{V1}/runs/{run}/resume", {}),
            ("PUT", f"{V1}/products/default/{quote(product, safe='')}", {"title": "mine"}),
            ("DELETE", f"{V1}/products/default/{quote(product, safe='')}", None),
            ("POST", f"{V1}/products/other/X-1/ask", {"target": TARGET}),
            ("GET", f"{V1}/shops/toko", None), ("GET", f"{V1}/runs/{run}", None)):
        answer = olga.ask(method, path, body)
        true(answer.status in (403, 404), f"{method} {path}: {answer}")
    eq(ana.get(f"{V1}/products/default/{quote(product, safe='')}").status, 200)


# ---- what is sent ----

@case("SQL in every path, parameter and body of a write finds nothing and breaks nothing")
def _(s):
    ana = s.service.client("ana")
    before = s.w.rows("SELECT count(*) FROM product")[0][0]
    texts = {"target": TARGET, "state": "accepted", "kind": "sync", "role": "viewer",
             "scope": "product", "password": PASSWORD}
    names = ("target", "seller", "key", "state", "category", "title", "brand", "description",
             "image", "image_id", "currency", "kind", "user", "role", "name", "scopes", "code",
             "scope", "reasons", "old", "by", "policy", "act")
    for method, path, _names in routes(s):
        if method == "GET" or path in (f"{V1}/session", f"{V1}/me/password"):
            continue
        at = path.replace("{target}", TARGET).replace("{channel}", "tiktok")
        for name in ("id", "seller", "scope", "key", "user"):
            at = at.replace("{%s}" % name, quote(POISON, safe=""))
        bodies = [{n: POISON for n in names}]
        bodies += [{**texts, n: POISON} for n in names if n in texts]
        bodies.append({"target": TARGET, "decisions": [
            {"scope": "product", "key": POISON, "state": "accepted", "category": POISON}]})
        for body in bodies:
            answer = ana.ask(method, at, body)
            true(answer.status < 500, f"{method} {at} {body}: {answer}")
            true("syntax error" not in answer.body, str(answer))
    eq(s.w.rows("SELECT count(*) FROM product")[0][0], before)
    ana.get(f"{V1}/users")


@case("the dozen ways to hide a request in another are answered with no, and so is what was hidden")
def _(s):
    hidden = "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"
    post = f"POST {V1}/session HTTP/1.1\r\n"
    host, json_type = "Host: a\r\n", "Content-Type: application/json\r\n"
    probes = {
        "two lengths": post + host + json_type + "Content-Length: 0\r\nContent-Length: 38\r\n\r\n",
        "two lengths in one": post + host + json_type + "Content-Length: 0, 38\r\n\r\n",
        "a length and chunks": post + host + json_type +
                               "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "a length with a letter": post + host + json_type + "Content-Length: 4x\r\n\r\nbody",
        "a length with a sign": post + host + json_type + "Content-Length: +4\r\n\r\nbody",
        "a length in hexadecimal": post + host + json_type + "Content-Length: 0x4\r\n\r\nbody",
        "a blank before the colon": post + host + json_type + "Content-Length : 4\r\n\r\nbody",
        "a blank before the coding": post + host + json_type +
                                     "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
        "an unknown coding": post + host + json_type + "Transfer-Encoding: xchunked\r\n\r\n",
        "chunked twice": post + host + json_type +
                         "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
        "no host": f"GET {V1}/version HTTP/1.1\r\n\r\n",
        "two hosts": f"GET {V1}/version HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    }
    for says, probe in probes.items():
        got = s.service.raw((probe + hidden).encode())
        # libmicrohttpd says its own 400 twice, to one of these
        eq(got.count("HTTP/1."), got.count("HTTP/1.1 400") + got.count("HTTP/1.0 400"), says)
    got = s.service.raw((post + host + json_type + "Transfer-Encoding: chunked\r\n\r\n"
                         "0x2\r\n{}\r\n0\r\n\r\n" + hidden).encode())
    true("200 OK" not in got, got)


@case("script in titles, categories and file names stays text, and headers stay whole")
def _(s):
    budi = s.service.client("budi")
    script = "<img src=x onerror=alert(1)>\"'&"
    path = f"{V1}/products/default/{quote(script, safe='')}"
    budi.want(201, "PUT", path, {"title": script, "category": script, "brand": script})
    for at in (path, f"{V1}/products", f"{V1}/seller-categories", f"{V1}/audit"):
        answer = s.service.client("ana").get(at)
        eq(answer.headers["Content-Type"], "application/json", at)
        eq(answer.headers["X-Content-Type-Options"], "nosniff", at)
        has(answer.headers["Content-Security-Policy"], "default-src 'none'")
    budi.want(204, "DELETE", path)
    for name in ("<script>.png", "a\\\"b.png", "../../../etc/passwd", "x.png\0.html"):
        form = (f"--b\r\nContent-Disposition: form-data; name=\"image\"; filename=\"{name}\"\r\n"
                "Content-Type: text/html\r\n\r\n").encode() + PNG + b"\r\n--b--\r\n"
        answer = budi.ask("POST", f"{V1}/images", form,
                          Content_Type="multipart/form-data; boundary=b")
        true(answer.status in (201, 400), f"{name}: {answer}")
        eq(answer.headers["Content-Type"].split(";")[0].split("+")[-1].split("/")[-1], "json", name)
        if answer.status == 201:
            kept = budi.get(f"{V1}/images/{answer.json()['id']}")
            eq(kept.headers["Content-Type"], "image/png", name)
    answer = budi.ask("GET", f"{V1}/products?after=%0d%0aSet-Cookie:%20a=b")
    true(answer.headers.get("Set-Cookie") is None, str(answer.headers))


def bomb(width, height, packed):
    return (b"\x89PNG\r\n\x1a\n" +
            chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)) +
            chunk(b"IDAT", packed) + chunk(b"IEND", b""))


@case("an image that would be gigabytes once unpacked is looked at and never unpacked")
def _(s):
    budi = s.service.client("budi")
    pack, packed = zlib.compressobj(9), b""
    for _i in range(400):
        packed += pack.compress(bytes(1024 * 1024))
    packed += pack.flush()
    before = memory(s)
    for image in (bomb(12000, 12000, packed), bomb(2**31 - 1, 2**31 - 1, packed), bomb(0, 0, b""),
                  bomb(1, 1, packed), b"GIF89a" + b"\xff\xff\xff\xff" + PNG,
                  b"RIFF\xff\xff\xff\xffWEBPVP8 \xff\xff\xff\xff" + bytes(40)):
        answer = budi.ask("POST", f"{V1}/images", image, Content_Type="image/png")
        true(answer.status in (201, 422), str(answer))
        if answer.status == 201:
            eq(budi.get(f"{V1}/images/{answer.json()['id']}").headers["Content-Type"][:6], "image/")
    true(memory(s) - before < 200, f"{before} MiB became {memory(s)}")


@case("a notification that is forged, changed or sent again and again counts once or not at all")
def _(s):
    keys = s.w.sandboxes[-1].id
    shop = s.w.rows("SELECT remote_id FROM shop WHERE id = 'toko'")[0][0]

    def sign(body, key=keys["TIKTOK_APP_KEY"], secret=keys["TIKTOK_APP_SECRET"]):
        return hmac.new(secret.encode(), key.encode() + body, hashlib.sha256).hexdigest()

    def send(body, signature, channel="tiktok"):
        return s.service.client().ask("POST", f"/hooks/{channel}", body, Authorization=signature,
                                      Content_Type="application/json")

    body = json.dumps({"type": 16, "tts_notification_id": "9901", "shop_id": shop, "timestamp": 1,
                       "data": {"product_id": "1"}}).encode()
    good = sign(body)
    for says, one in {
            "another app's secret": sign(body, secret="somebody else's"),
            "another app's key": sign(body, key="somebody else's"),
            "a plain digest": hashlib.sha256(body).hexdigest(), "half of it": good[:32],
            "with more": good + "00", "none": "", "a null": good[:-1] + "\u00a0",
            "a token": "Bearer " + good}.items():
        eq(send(body, one).status, 401, says)
    eq(send(body.replace(b'"1"', b'"2"'), good).status, 401, "another product")
    eq(send(body, good, "nowhere").status, 401)
    answers = []
    threads = [threading.Thread(target=lambda: answers.append(send(body, good)))
               for _i in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    eq({a.status for a in answers}, {200})
    eq(sum(a.json()["added"] for a in answers), 1, "added")
    kept = [h for h in s.service.client("ana").get(f"{V1}/hooks").json()["items"]
            if h["id"] == "9901"]
    eq(len(kept), 1, "kept")


@case("a log nobody reads holds nobody up: lines are left out, counted, and told of later")
def _(s):
    loud = service.Service(s.w, "-vv", "--open-metrics", "--sync-every", "0")
    ana = loud.client("ana")
    for i in range(600):  # some 250 bytes of log each, where a pipe holds 64 KiB
        ana.get(f"{V1}/products/default/{'x' * 150}{i}", 404)
    dropped = int(re.search(r"^aisle_log_dropped_total (\d+)$", ana.get("/metrics").body, re.M)[1])
    true(dropped > 0, "the pipe never was full")
    os.read(loud.child.stderr.fileno(), 60000)
    ana.get(f"{V1}/me")
    done = loud.stop()
    eq(done.code, 0, done.err[-2000:])
    has(done.err, " lines were left out: nobody took them")


def settings(w):
    """What the sanitizer keeps of freed memory is not the service's."""
    w.env["ASAN_OPTIONS"] = w.env.get("ASAN_OPTIONS", "") + ":quarantine_size_mb=8"


service.main("--quiet", before=settings)  # nobody reads what it would log of all this
