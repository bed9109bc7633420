"""service - `aisle serve` over a store the sandbox filled, spoken to over real HTTP; TAP,
Python's own library and a reader of YAML

One service serves all cases of a file, so that a case costs milliseconds: each must leave
the others what they look at.
"""
import http.client
import json
import os
import re
import signal
import socket
import sqlite3
import struct
import sys
import time
import traceback
import zlib

import yaml

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "e2e"))
import world  # noqa: E402  pylint: disable=wrong-import-position

PASSWORD = "correct horse battery"
TARGET = "toko:v2:TIKTOK_SHOP"
CASES = []


# ---- an image of one point ----

def chunk(kind, data):
    return (struct.pack(">I", len(data)) + kind + data +
            struct.pack(">I", zlib.crc32(kind + data)))


PNG = (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)) +
       chunk(b"IDAT", zlib.compress(b"\0\xff\0\0")) + chunk(b"IEND", b""))


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def json(self):
        return json.loads(self.body)

    def __str__(self):
        return f"{self.status} {self.body[:2000]!r}"


class Client:
    """Somebody with a cookie or a token; nobody without either."""

    def __init__(self, port, token=None):
        self.port, self.token, self.cookie, self.csrf = port, token, None, None

    def ask(self, method, path, body=None, **headers):
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        if isinstance(body, (dict, list)):
            body = json.dumps(body)
            headers.setdefault("Content-Type", "application/json")
        if self.token:
            headers.setdefault("Authorization", "Bearer " + self.token)
        if self.cookie:
            headers.setdefault("Cookie", self.cookie)
        if self.csrf and method != "GET":
            headers.setdefault("X-CSRF-Token", self.csrf)
        headers = {name: value for name, value in headers.items() if value is not None}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            connection.request(method, path, body, headers)
            reply = connection.getresponse()
            return Answer(reply.status, reply.headers, reply.read().decode(errors="replace"))
        finally:
            connection.close()

    def get(self, path, status=200, **headers):
        return self.want(status, "GET", path, None, **headers)

    def want(self, status, method, path, body=None, **headers):
        answer = self.ask(method, path, body, **headers)
        if answer.status != status:
            raise world.Failed(f"{method} {path}: want {status}, got {answer}")
        return answer

    def sign_in(self, name, password=PASSWORD):
        answer = self.want(200, "POST", "/api/v1/session", {"user": name, "password": password})
        self.cookie = answer.headers["Set-Cookie"].split(";")[0]
        self.csrf = answer.json()["csrf"]
        return answer


def until(true_by_now, says):
    """Its answer, once there is one."""
    end = time.monotonic() + 120
    while True:
        found = true_by_now()
        if found:
            return found
        world.true(time.monotonic() < end, says)
        time.sleep(0.05)


def wait(client, job):
    def ended():
        now = client.get(f"/api/v1/jobs/{job['id']}").json()
        return now["ended_at"] and now

    return until(ended, f"still under way: {job}")


def guess_on(w, name):
    """As if somebody had gone on guessing, from wherever: the next try is far away, not a second."""
    with sqlite3.connect(w.path("aisle.db"), timeout=60) as store:
        store.execute("UPDATE attempts SET failures = failures + 20 WHERE key LIKE ?", (f"%/{name}%",))
    store.close()


class Service:
    """Asks the marketplace nothing of its own accord, so that a case can count calls."""

    def __init__(self, w, *words, env=None):
        self.world = w
        self.child = w.start("serve", "--listen", "127.0.0.1:0", "--jsonl", "--requirements-every", "0",
                             "--status-every", "0", *words, env=env, pipes=True)
        line = self.child.stdout.readline()
        if not line:
            raise world.Failed("no service: " + self.child.stderr.read().decode())
        self.port = json.loads(line)["port"]

    def client(self, name=None, token=None):
        client = Client(self.port, token)
        if name:
            client.sign_in(name)
        return client

    def raw(self, data):
        """What comes back for these bytes until the service closes."""
        got = b""
        with socket.create_connection(("127.0.0.1", self.port), timeout=120) as s:
            try:
                s.sendall(data)
                s.shutdown(socket.SHUT_WR)
                while piece := s.recv(65536):
                    got += piece
            except OSError:  # it may well close before it has all
                pass
        return got.decode(errors="replace")

    def stop(self):
        self.child.send_signal(signal.SIGTERM)
        return self.world.finish(self.child)


class Scene:
    """A seller with a synced tree, a mapped catalogue, another seller, and four people."""

    def __init__(self):
        self.w = world.World()
        self.service = None

    def build(self, *words):
        w = self.w
        w.sandbox("--seed", "7", "--truth", "own", "--shops", "1", "--fault",
                  "refuse=0.2,path=/recommend")
        w.connect()
        w.ok("tree", "sync", "toko", "--locale", "id-ID,en-US")
        w.ok("shop", "add", "lain", "--seller", "other", "--api-url",
             w.sandboxes[-1].id["AISLE_SANDBOX_URL"], "--secrets", w.sandboxes[-1].env_file)
        w.ok("tree", "sync", "lain", "--locale", "id-ID")
        catalogue = os.path.join(world.OWN_DATA, "catalogue.csv")
        w.aisle("product", "import", catalogue)
        w.write("other.csv", "id,title,category\nX-1,Kaos rahasia,Rahasia\n")
        w.ok("product", "import", w.path("other.csv"), "--seller", "other")
        w.aisle("map", "run", "--target", "toko")
        for name, role in (("ana", "admin"), ("budi", "mapper"), ("cici", "mapper"),
                           ("vera", "viewer")):
            w.ok("user", "add", name, "--role", role, stdin=PASSWORD + "\n")
        w.ok("user", "add", "olga", "--role", "mapper", "--of-seller", "other",
             stdin=PASSWORD + "\n")
        self.service = Service(w, *words)
        return self


def case(says):
    def add(function):
        CASES.append((says, function))
        return function
    return add


def main(*words, before=None, scene=Scene):
    scene = scene()
    if before:
        before(scene.w)
    failed = 0
    only = os.environ.get("AISLE_ONLY", "")
    cases = [c for c in CASES if only in c[0]]
    print(f"1..{len(cases) + 1}", flush=True)
    number = 0
    try:
        scene.build(*words)
        for number, (says, function) in enumerate(cases, 1):
            try:
                function(scene)
                print(f"ok {number} - {says}", flush=True)
            except Exception as why:  # pylint: disable=broad-except
                failed += 1
                text = str(why) if isinstance(why, world.Failed) else traceback.format_exc()
                print("\n".join([f"not ok {number} - {says}",
                                 *("# " + line for line in text.splitlines())]), flush=True)
        done = scene.service.stop()
        world.eq(done.code, 0, str(done))
        scene.w.hold_secrets()
        print(f"ok {len(cases) + 1} - it ends when asked to, and gave no secret away", flush=True)
    except Exception as why:  # pylint: disable=broad-except
        failed += 1
        lines = (str(why) + "\n" + traceback.format_exc()).splitlines()
        print("\n".join([f"not ok {len(cases) + 1} - it ends when asked to, and gave no secret away",
                         *("# " + line for line in lines)]), flush=True)
    finally:
        scene.w.forget()
    sys.exit(1 if failed else 0)


class Strict(yaml.SafeLoader):  # pylint: disable=too-many-ancestors
    """No key twice, which YAML forbids and PyYAML takes; and no key without a value, as we write none: it is the
    rest of an unquoted text with a comma in it."""

    def construct_mapping(self, node, deep=False):
        keys = [key.value for key, _value in node.value]
        for key, value in node.value:
            if keys.count(key.value) > 1 or value.tag == "tag:yaml.org,2002:null":
                raise yaml.MarkedYAMLError(problem=f"{key.value} is twice or empty", problem_mark=key.start_mark)
        return super().construct_mapping(node, deep=True)


def read_yaml(text):
    """As any reader of YAML would, or stricter; and every $ref leads somewhere."""
    whole = yaml.load(text, Strict)
    for ref in re.findall(r'\$ref: "#/([^"]*)"', text):
        at = whole
        for name in ref.split("/"):
            world.true(isinstance(at, dict) and name in at, f"nothing is at {ref}")
            at = at[name]
    return whole


def yaml_paths(text):
    """{path: {method: operation text}} of our openapi.yaml: paths stand two blanks in,
    methods four."""
    paths, path, method = {}, None, None
    inside = False
    for line in text.splitlines():
        if re.match(r"\S", line):
            inside = line.startswith("paths:")
        if not inside:
            continue
        found = re.match(r"  (/\S*):\s*$", line)
        if found:
            path = found.group(1)
            paths[path] = {}
            method = None
            continue
        found = re.match(r"    (get|put|post|patch|delete):(.*)$", line)
        if found:
            method = found.group(1)
            paths[path][method] = found.group(2)
        elif path and re.match(r"    parameters:(.*)$", line):
            method = None
            paths[path].setdefault("", "")
            paths[path][""] += line
        elif path and method:
            paths[path][method] += "\n" + line
        elif path and line.strip():
            paths[path].setdefault("", "")
            paths[path][""] += "\n" + line
    return paths
