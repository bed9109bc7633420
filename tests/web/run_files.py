"""What is served of the page: to anybody, whole, with a tag, and with nothing in the
document a Content-Security-Policy would have to make an exception for."""
import gzip
import http.client
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "api"))
import service  # noqa: E402  pylint: disable=wrong-import-position
from service import case  # noqa: E402  pylint: disable=wrong-import-position
from world import eq, has, true  # noqa: E402  pylint: disable=wrong-import-position

FILES = {
    "/": "text/html; charset=utf-8",
    "/welcome": "text/html; charset=utf-8",
    "/page.js": "text/javascript; charset=utf-8",
    "/page.css": "text/css; charset=utf-8",
    "/icon.svg": "image/svg+xml",
}


@case("each file comes without signing in, with its type")
def _(s):
    nobody = s.service.client()
    for path, kind in FILES.items():
        answer = nobody.get(path)
        eq(answer.headers["Content-Type"], kind, path)
        true(len(answer.body) > 100, path)


@case("a file one has is answered 304, without its bytes, and another tag with them")
def _(s):
    nobody = s.service.client()
    for path in FILES:
        whole = nobody.get(path)
        tag = whole.headers["ETag"]
        true(re.fullmatch(r'"[0-9a-f]{24}"', tag), tag)
        eq(nobody.get(path, 304, If_None_Match=tag).body, "", path)
        eq(nobody.get(path, If_None_Match='"other"').body, whole.body, path)


def raw(s, path, **headers):
    connection = http.client.HTTPConnection("127.0.0.1", s.service.port, timeout=120)
    try:
        connection.putrequest("GET", path, skip_accept_encoding=True)
        for name, value in headers.items():
            connection.putheader(name.replace("_", "-"), value)
        connection.endheaders()
        reply = connection.getresponse()
        return reply.status, reply.headers, reply.read()
    finally:
        connection.close()


@case("who takes gzip gets each file packed, under a tag of its own, and nobody else does")
def _(s):
    for path in FILES:
        status, headers, plain = raw(s, path)
        eq([status, headers["Content-Encoding"], headers["Vary"]], [200, None, "Accept-Encoding"])
        for how in ("gzip", "br, GZIP;q=0.5, *;q=0", "deflate,gzip"):
            status, packed_headers, packed = raw(s, path, Accept_Encoding=how)
            eq([status, packed_headers["Content-Encoding"]], [200, "gzip"], how)
            eq(gzip.decompress(packed), plain, path)
        true(len(packed) < len(plain), path)
        true(packed_headers["ETag"] != headers["ETag"], "one tag for two texts")
        eq(packed_headers["Vary"], "Accept-Encoding")
        for how in ("br", "gzip;q=0", "gzip; q=0.0", "identity", "xgzip", ""):
            eq(raw(s, path, Accept_Encoding=how)[2], plain, how)
        eq(raw(s, path, Accept_Encoding="gzip", If_None_Match=packed_headers["ETag"])[0], 304)
        eq(raw(s, path, If_None_Match=packed_headers["ETag"])[0], 200)


@case("the policy allows no script or style within a document, and the document has none")
def _(s):
    answer = s.service.client().get("/")
    policy = answer.headers["Content-Security-Policy"]
    true("unsafe" not in policy, policy)
    has(policy, "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'")
    eq(re.findall(r"<script(?![^>]* src=)|<style| style=| on[a-z]+=", answer.body), [])


@case("the page names no other host")
def _(s):
    nobody = s.service.client()
    text = "".join(nobody.get(path).body for path in ("/", "/page.js", "/page.css"))
    hosts = set(re.findall(r"https?://([\w.-]+)", text)) - {"www.w3.org"}
    eq(hosts, set())


@case("what is not there is not found, whatever the path tries")
def _(s):
    nobody = s.service.client()
    for path in ("/page.map", "/src/main.tsx", "/../page.js", "/%2e%2e/aisle.db", "/index.html"):
        nobody.get(path, 404)
    true(nobody.ask("POST", "/").status >= 400, "a page takes nothing")


service.main()
