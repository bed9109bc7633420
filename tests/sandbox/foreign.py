"""A client of the two marketplaces that shares nothing with ours: Python's standard library
and the marketplaces' documents. Also the small TAP harness of the tests beside it."""

import base64
import hashlib
import hmac
import http.client
import json
import os
import subprocess
import sys
import time
import urllib.parse
import uuid

REFUSED_BY_NOBODY = object()


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def json(self):
        return json.loads(self.body)

    def header(self, name):
        for key, value in self.headers:
            if key.lower() == name.lower():
                return value
        return None

    @property
    def code(self):
        return self.json["code"]

    def __repr__(self):
        return f"{self.status} {self.body[:300]!r}"


def sign(secret, path, query, body=b"", content_type=""):
    """Sign your API request: everything but sign and access_token, by name; the body unless
    it is multipart; wrapped in the secret, and hashed under it."""
    text = path
    for name in sorted(n for n in query if n not in ("sign", "access_token")):
        text += name + query[name]
    message = text.encode()
    if content_type.split(";")[0].strip().lower() != "multipart/form-data":
        message += body
    key = secret.encode()
    return hmac.new(key, key + message + key, hashlib.sha256).hexdigest()


def multipart(parts):
    """[(name, file name or None, bytes)] to (content type, body)."""
    boundary = "----foreign" + uuid.uuid4().hex
    body = b""
    for name, file_name, data in parts:
        body += f"--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"".encode()
        if file_name is not None:
            body += f"; filename=\"{file_name}\"\r\nContent-Type: image/png".encode()
        body += b"\r\n\r\n" + data + b"\r\n"
    body += f"--{boundary}--\r\n".encode()
    return f"multipart/form-data; boundary={boundary}", body


class Client:
    """One connection, kept alive, as one seller of one app."""

    def __init__(self, sandbox, shop=0, token=None):
        self.sandbox, self.shop = sandbox, sandbox.id["shops"][shop]
        self.token = token or self.shop["access_token"]
        self.key, self.secret = sandbox.id["app_key"], sandbox.id["app_secret"]
        self.connection = None

    def send(self, method, target, body=None, headers=()):
        for attempt in (0, 1):
            if self.connection is None:
                self.connection = http.client.HTTPConnection(
                    "127.0.0.1", self.sandbox.port, timeout=120)
            try:
                self.connection.putrequest(method, target, skip_accept_encoding=True)
                for name, value in headers:
                    self.connection.putheader(name, value)
                if body is not None:
                    self.connection.putheader("Content-Length", str(len(body)))
                self.connection.endheaders(body)
                reply = self.connection.getresponse()
                answer = Answer(reply.status, reply.getheaders(), reply.read())
                if reply.will_close:
                    self.close()
                return answer
            except (http.client.RemoteDisconnected, BrokenPipeError):
                self.close()
                if attempt:
                    raise
            except Exception:
                self.close()
                raise

    def close(self):
        if self.connection:
            self.connection.close()
        self.connection = None

    def call(self, method, path, query=None, body=None, cipher=True, content_type=None,
             timestamp=None, sign_with=None, drop=(), headers=(), token=REFUSED_BY_NOBODY,
             sign_body=None):
        """A signed call; what is wrong with it on purpose is named in the arguments."""
        query = dict(query or {})
        query.setdefault("app_key", self.key)
        query.setdefault("timestamp", str(self.sandbox.now_s() if timestamp is None else timestamp))
        if cipher:
            query.setdefault("shop_cipher", self.shop["cipher"] if cipher is True else cipher)
        if isinstance(body, (dict, list)):
            body = json.dumps(body, ensure_ascii=False).encode()
        if content_type is None:
            content_type = "application/json"
        for name in drop:
            query.pop(name, None)
        if "sign" not in drop:
            query.setdefault("sign", sign(sign_with or self.secret, path, query,
                                          (body or b"") if sign_body is None else sign_body,
                                          content_type))
        target = path + "?" + urllib.parse.urlencode(query)
        token = self.token if token is REFUSED_BY_NOBODY else token
        sent = list(headers)
        if content_type:
            sent.append(("content-type", content_type))
        if token is not None:
            sent.append(("x-tts-access-token", token))
        return self.send(method, target, body, sent)

    def categories(self, **query):
        return self.call("GET", "/product/202309/categories", query)

    def recommend(self, title, **more):
        return self.call("POST", "/product/202309/categories/recommend",
                         body={"product_title": title, **more})

    def upload(self, data, use_case=None, file_name="image.png", part="data"):
        parts = [(part, file_name, data)]
        if use_case is not None:
            parts.append(("use_case", None, use_case.encode()))
        content_type, body = multipart(parts)
        return self.call("POST", "/product/202309/images/upload", body=body, cipher=False,
                         content_type=content_type)

    def token_call(self, which, **query):
        query = {"app_key": self.key, "app_secret": self.secret, **query}
        return self.send("GET", f"/api/v2/token/{which}?" + urllib.parse.urlencode(query))


class Tokopedia:
    def __init__(self, sandbox):
        self.sandbox, self.client = sandbox, Client(sandbox)
        self.token = None

    def basic(self, client_id=None, secret=None):
        pair = f"{client_id or self.sandbox.id['client_id']}:{secret or self.sandbox.id['client_secret']}"
        return "Basic " + base64.b64encode(pair.encode()).decode()

    def sign_in(self, target="/token?grant_type=client_credentials", body=b"", authorization=None,
                method="POST"):
        answer = self.client.send(method, target, body,
                                  [("Authorization", authorization or self.basic())])
        if answer.status == 200:
            self.token = answer.json["access_token"]
        return answer

    def categories(self, keyword=None, fs_id=None, token=None):
        path = f"/inventory/v1/fs/{fs_id or self.sandbox.id['fs_id']}/product/category"
        if keyword is not None:
            path += "?keyword=" + urllib.parse.quote(keyword)
        return self.client.send("GET", path, None,
                                [("Authorization", f"Bearer {token or self.token}")])


class Sandbox:
    """One that runs as long as the with block."""

    def __init__(self, *settings):
        self.process = subprocess.Popen([os.environ["SANDBOXD"], *settings],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("no sandbox: " + " ".join(settings))
        self.id = json.loads(line)
        self.ahead_s = 0
        self.port = int(self.id["url"].rsplit(":", 1)[1])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        if self.process.wait(120) != 0:
            raise RuntimeError(f"the sandbox ended with {self.process.returncode}")

    def now_s(self):
        return int(time.time()) + self.ahead_s

    def pass_time(self, seconds):
        """It is later now, there and for its clients."""
        self.ahead_s += seconds
        self.process.stdin.write(b"%d\n" % (seconds * 1000))
        self.process.stdin.flush()
        assert self.process.stdout.readline() == b"moved\n"

    def control(self, method, path, body=None, token=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        if isinstance(body, (dict, list)):
            body = json.dumps(body)
        connection.request(method, "/_sandbox/" + path, body, {
            "Authorization": "Bearer " + (token or self.id["control_token"])})
        reply = connection.getresponse()
        answer = Answer(reply.status, reply.getheaders(), reply.read())
        connection.close()
        return answer

    def dial(self, *faults):
        answer = self.control("PUT", "fault", list(faults))
        assert answer.status == 200, answer
        return answer.json

    def log(self, start=0):
        lines = self.control("GET", f"log?from={start}").body.decode().splitlines()
        return [json.loads(line) for line in lines]


def png(width, height, shade=200):
    """A whole PNG of one colour."""
    import struct
    import zlib

    def chunk(kind, data):
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    rows = b"".join(b"\0" + bytes([shade]) * width for _ in range(height))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


TESTS = []


def test(function):
    """The name is a sentence about behaviour."""
    TESTS.append(function)
    return function


class Skip(Exception):
    pass


def run():
    failed = 0
    print(f"1..{len(TESTS)}")
    for number, function in enumerate(TESTS, 1):
        name = function.__name__.replace("_", " ")
        try:
            function()
            print(f"ok {number} - {name}")
        except Skip as why:
            print(f"ok {number} - {name} # SKIP {why}")
        except Exception as failure:  # noqa: BLE001 - anything is a failed test
            import traceback
            failed += 1
            print(f"not ok {number} - {name}")
            for line in "".join(traceback.format_exception(failure)).splitlines():
                print("# " + line)
        sys.stdout.flush()
    sys.exit(1 if failed else 0)


def check(got, want, what=""):
    if got != want:
        raise AssertionError(f"{what}: want {want!r}, got {got!r}")


def data_dir(*parts):
    root = os.environ.get("SOURCE_ROOT", ".")
    base = os.environ.get("AISLE_DATA") or os.path.join(root, "..", "shared", "data")
    path = os.path.join(base, *parts)
    if not os.path.exists(path):
        raise Skip(f"no {os.path.join(*parts)}: set AISLE_DATA to where the real data is")
    return path


def own_data(*parts):
    return os.path.join(os.environ.get("SOURCE_ROOT", "."), "src", "sandbox", "data", *parts)
