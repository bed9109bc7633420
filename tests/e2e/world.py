"""world - a seller's folder, a sandbox and the real `aisle`, for end-to-end tests in TAP;
Python's own library only

    import world

    @world.case("a sentence about behaviour")
    def _(w):
        w.sandbox("--seed", "7")
        w.connect()
        w.ok("tree", "sync", "toko")

    world.main()

A world ends what it started and nothing else. Everything the program wrote, in words or
in files, is searched at the end for secrets and for a sanitizer's report.
"""
import ctypes
import http.client
import json
import os
import re
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import traceback
import urllib.parse

from keep import keeper

AISLE = os.environ.get("AISLE", "aisle")
LONG = os.environ.get("AISLE_LONG", "") not in ("", "0")
SOURCE_ROOT = os.environ.get("SOURCE_ROOT", os.path.join(os.path.dirname(__file__), "..", ".."))
OWN_DATA = os.path.join(os.path.abspath(SOURCE_ROOT), "src", "sandbox", "data")
RECOMMEND = "/product/202309/categories/recommend"
UPLOAD = "/product/202309/images/upload"
REPORTS = ("AddressSanitizer", "LeakSanitizer", "UndefinedBehavior", "runtime error:",
           "Assertion `", "core dumped")
TOKEN = "ROW_[A-Za-z0-9_-]{16,}"  # what the sandbox gives out looks like this
CASES = []
LIBC = ctypes.CDLL(None)  # loaded here, as between fork and exec other threads' locks stay held


class Failed(Exception):
    pass


class Skipped(Exception):
    pass


class Done:
    """How a run ended: exit code, below zero the signal, and what it wrote."""

    def __init__(self, words, code, out, err):
        self.words, self.code, self.out, self.err = words, code, out, err

    def json(self):
        return json.loads(self.out)

    def __str__(self):
        return (f"aisle {' '.join(self.words)}\nended with {self.code}\n"
                f"stdout: {self.out[-2000:]}\nstderr: {self.err[-2000:]}")


def _dies_with_us():
    """A child is gone when we are, also when we are killed (Linux; elsewhere without)."""
    try:
        LIBC.prctl(1, signal.SIGKILL)
    except AttributeError:
        pass


def _small_files(most):
    def before():
        _dies_with_us()
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    return before


def said_in(file):
    """So far. What writes to it shares its place with us, so that one may not seek."""
    return os.pread(file.fileno(), os.fstat(file.fileno()).st_size, 0)


def held_port(port):
    """Nobody else is given it while it is held; a server may listen on it all the same."""
    holder = socket.socket()
    holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    holder.bind(("127.0.0.1", port))
    return holder


class Sandbox:
    """`aisle sandbox start` in the background, steered by its control endpoints."""

    def __init__(self, world, words):
        self.world, self.words = world, list(words)
        self.env_file = world.path("sandbox.env")
        self.process, self.port, self.id, self.holder = None, 0, {}, None
        self.start()

    def start(self, *more):
        if os.path.exists(self.env_file):
            os.remove(self.env_file)
        words = [AISLE, "sandbox", "start", "--env-file", self.env_file, *self.words, *more]
        with open(self.world.path("sandbox.err"), "ab") as err, \
                open(self.world.path("told.env"), "wb") as out:
            self.process = subprocess.Popen(words, stdin=subprocess.DEVNULL,
                                            stdout=out, stderr=err,
                                            env=self.world.env, cwd=self.world.folder,
                                            preexec_fn=_dies_with_us)
        until = time.monotonic() + 120
        while not self.read_id():
            if self.process.poll() is not None or time.monotonic() > until:
                raise Failed("no sandbox: " + self.world.read("sandbox.err"))
            time.sleep(0.01)

    def read_id(self):
        try:
            with open(self.env_file, encoding="utf-8") as file:
                lines = re.findall(r"^export (\w+)='(.*)'$", file.read(), re.M)
        except FileNotFoundError:
            return False
        if len(lines) < 12:
            return False
        self.id = dict(lines)
        self.port = urllib.parse.urlsplit(self.id["AISLE_SANDBOX_URL"]).port
        secret = [value for name, value in lines
                  if re.search("TOKEN|SECRET|ACCESS_KEY|CIPHER", name)]
        self.world.secrets.update(value for value in secret if value)
        return True

    def restart(self):
        """On the same port, as the same marketplace: its keys are those of before."""
        keep = self.world.path("keys.env")
        shutil.copy(self.env_file, keep)
        os.chmod(keep, 0o600)
        self.start("--port", str(self.port), "--secrets", keep)
        self.let_go()

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.hold()

    def hold(self):
        """While nobody listens there, others would be given its port."""
        self.holder = self.holder or held_port(self.port)

    def let_go(self):
        if self.holder:
            self.holder.close()
        self.holder = None

    def stop(self, for_now=False):
        """for_now: restart() follows."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        code = self.process.wait(120)
        self.let_go()
        if for_now:
            self.hold()
        if code not in (0, 130, -signal.SIGKILL):
            raise Failed(f"the sandbox ended with {code}: " + self.world.read("sandbox.err"))

    def control(self, method, path, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        connection.request(method, "/_sandbox/" + path,
                           None if body is None else json.dumps(body),
                           {"Authorization": "Bearer " + self.id["AISLE_SANDBOX_TOKEN"]})
        reply = connection.getresponse()
        text = reply.read()
        connection.close()
        if reply.status != 200:
            raise Failed(f"{method} {path}: {reply.status} {text!r}")
        return text

    def fault(self, *faults):
        """The dial becomes these: dict(kind="cut", rate=0.2), …"""
        self.control("PUT", "fault", list(faults))

    def log(self, start=1):
        lines = self.control("GET", f"log?from={start}").decode().splitlines()
        return [json.loads(line) for line in lines]

    def calls(self):
        return json.loads(self.control("GET", "status"))["calls"]


class World:
    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="aisle-e2e-")
        keep = ("PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS", "TSAN_OPTIONS")
        self.env = {name: os.environ[name] for name in keep if name in os.environ}
        self.env.update(HOME=self.folder, XDG_CONFIG_HOME=self.path("config"), LC_ALL="C.UTF-8",
                        AISLE_USER="tester")
        self.secrets, self.said = set(), []
        self.sandboxes, self.children = [], []
        self.store = keeper(self)
        self.env.update(self.store.env())

    # ---- files ----

    def path(self, *parts):
        return os.path.join(self.folder, *parts)

    def write(self, name, content, mode=0o644):
        if isinstance(content, str):
            content = content.encode()
        with open(self.path(name), "wb") as file:
            file.write(content)
        os.chmod(self.path(name), mode)
        return self.path(name)

    def read(self, name):
        with open(self.path(name), encoding="utf-8", errors="replace") as file:
            return file.read()

    # ---- the program ----

    def aisle(self, *words, stdin="", env=None, cwd=None, timeout=300, file_limit=0):
        """Run to its end. file_limit: no file may grow over so many bytes, as on a full disk."""
        done = subprocess.run([AISLE, *words], input=stdin.encode(), capture_output=True,
                              env={**self.env, **(env or {})}, cwd=cwd or self.folder,
                              timeout=timeout, check=False, restore_signals=not file_limit,
                              preexec_fn=_small_files(file_limit) if file_limit
                              else _dies_with_us)
        return self.note(words, done.returncode, done.stdout, done.stderr)

    def ok(self, *words, **how):
        return self.ends(0, *words, **how)

    def ends(self, code, *words, **how):
        done = self.aisle(*words, **how)
        if done.code != code:
            raise Failed(f"want {code}: {done}")
        return done

    def start(self, *words, env=None, within=None, pipes=False):
        """In the background; finish() waits for it. within: a host of network.py's. What it
        says goes to files, as a pipe that nobody reads would have it wait; or, asked for, to
        pipes, of which a line can be read as it comes."""
        said = (subprocess.PIPE,) * 2 if pipes else (tempfile.TemporaryFile(), tempfile.TemporaryFile())
        child = subprocess.Popen([*(within.within if within else ()), AISLE, *words],
                                 stdin=subprocess.DEVNULL, stdout=said[0], stderr=said[1],
                                 env={**self.env, **(env or {})}, cwd=self.folder,
                                 preexec_fn=_dies_with_us)
        child.words, child.said = words, (child.stdout, child.stderr) if pipes else said
        self.children.append(child)
        return child

    def finish(self, child, timeout=600):
        if child.stdout:
            out, err = child.communicate(timeout=timeout)
        else:
            child.wait(timeout)
            out, err = map(said_in, child.said)
        return self.note(child.words, child.returncode, out, err)

    def said_by(self, child):
        """What it has told by now, still at work or not; of one without pipes."""
        return said_in(child.said[1]).decode(errors="replace")

    def note(self, words, code, out, err):
        out, err = out.decode(errors="replace"), err.decode(errors="replace")
        self.said.append((words, out + err))
        done = Done(words, code, out, err)
        if any(report in out + err for report in REPORTS):
            raise Failed(f"a report: {done}")
        if code < 0 and -code not in (signal.SIGKILL, signal.SIGINT):
            raise Failed(f"a crash: {done}")
        return done

    # ---- the usual scene ----

    def sandbox(self, *words):
        self.sandboxes.append(Sandbox(self, words))
        return self.sandboxes[-1]

    def connect(self, shop="toko", sandbox=None):
        """A folder of settings, store and key, and a shop of the sandbox's."""
        sandbox = sandbox or self.sandboxes[-1]
        if not os.path.exists(self.path("aisle.key")):
            self.ok("init")
            self.secrets.add(self.read("aisle.key").strip())
        self.ok("shop", "add", shop, "--api-url", sandbox.id["AISLE_SANDBOX_URL"],
                "--secrets", sandbox.env_file)

    def keep(self, name):
        """Put the store by, to begin from it again with back()."""
        self.store.keep(name)

    def back(self, name):
        self.store.back(name)

    # ---- what is in the store ----

    def rows(self, statement, *values):
        return self.store.rows(statement, *values)

    def mappings(self, target="toko:v2:TIKTOK_SHOP"):
        """{product: leaf} as it stands: a product's own goes before its seller category's."""
        return dict(self.rows("""
            SELECT p.id, coalesce(
                (SELECT category_id FROM mapping WHERE seller_id = p.seller_id AND target_id = ?1
                 AND scope = 'product' AND key = p.id AND state = 'accepted'),
                (SELECT category_id FROM mapping WHERE seller_id = p.seller_id AND target_id = ?1
                 AND scope = 'seller-category' AND key = p.seller_category_id
                 AND state = 'accepted'))
            FROM product p""", target))

    def decided(self):
        """All that a run decided, but for when: decisions that stand and products' outcomes."""
        return {
            "decisions": sorted(self.rows("""
                SELECT m.scope, m.key, m.state, m.category_id, d.advisor, d.confidence, d.conflict,
                       d.provisional, d.reasons
                FROM mapping m JOIN decision d ON d.seller_id = m.seller_id AND d.seq = m.seq""")),
            "log": self.rows("SELECT scope, key, count(*) FROM decision GROUP BY 1, 2 ORDER BY 1, 2"),
            "items": sorted(self.rows(
                "SELECT product_id, state, category_id, decided_by, code FROM run_item")),
            "images": sorted(self.rows("""
                SELECT l.image_id, c.bytes_hash, c.uri FROM image_link l
                JOIN channel_image c ON c.id = l.channel_image_id""")),
        }

    def recorded(self):
        """Request ids of the answers that are kept."""
        return {row[0] for row in self.rows(
            "SELECT request_id FROM answer UNION SELECT request_id FROM channel_image")}

    # ---- the end ----

    def hold_secrets(self):
        """Nowhere in what was said and in what is kept, but in the files meant for them."""
        pattern = re.compile("|".join([TOKEN, *map(re.escape, sorted(self.secrets))]))
        for words, text in self.said:
            if pattern.search(text):
                raise Failed(f"a secret was said by aisle {' '.join(words)}")
        pattern = re.compile(pattern.pattern.encode("utf-8"))
        for name in sorted(os.listdir(self.folder)):
            if name.endswith((".env", ".key")) or not os.path.isfile(self.path(name)):
                continue
            with open(self.path(name), "rb") as file:
                if pattern.search(file.read()):
                    raise Failed(f"a secret is in {name}")

    def end(self):
        for child in self.children:
            if child.poll() is None:
                child.kill()
                child.communicate()
        for sandbox in self.sandboxes:
            sandbox.stop()
        self.hold_secrets()

    def forget(self):
        for child in self.children + [s.process for s in self.sandboxes if s.process]:
            if child.poll() is None:
                child.kill()
                child.wait()
            for file in getattr(child, "said", ()):
                file.close()
        if not os.environ.get("AISLE_KEEP"):
            self.store.forget()
            subprocess.run(["chmod", "-R", "u+rwX", self.folder], check=False)
            shutil.rmtree(self.folder, ignore_errors=True)


def eq(got, want, says=""):
    if got == want:
        return
    if isinstance(got, dict) and isinstance(want, dict):
        keys = [k for k in {**want, **got} if got.get(k) != want.get(k)][:8]
        got, want = {k: got.get(k) for k in keys}, {k: want.get(k) for k in keys}
    elif isinstance(got, list) and isinstance(want, list):
        got, want = [x for x in got if x not in want][:8], [x for x in want if x not in got][:8]
    raise Failed(f"{says}\n  want: {want!r}\n  got:  {got!r}")


def has(text, *parts):
    for part in parts:
        if part not in text:
            raise Failed(f"not there: {part!r}\n  in: {str(text)[:2000]}")


def true(value, says):
    if not value:
        raise Failed(says)


def skip(why):
    raise Skipped(why)


def real_data(*parts):
    base = os.environ.get("AISLE_DATA") or os.path.join(SOURCE_ROOT, "..", "shared", "data")
    path = os.path.abspath(os.path.join(base, *parts))
    if not os.path.exists(path):
        skip(f"no {'/'.join(parts)}: set AISLE_DATA to where the real data is")
    return path


def within(w, play):
    """Another world, searched for secrets like any other, for one part of a case."""
    other = World()
    try:
        result = play(other)
        other.end()
        w.said += other.said
        return result
    finally:
        other.forget()


def case(says):
    def add(function):
        CASES.append((says, function))
        return function
    return add


def play(says, function):
    world = World()
    try:
        function(world)
        world.end()
        return f"ok %d - {says}"
    except Skipped as why:
        return f"ok %d - {says} # SKIP {why}"
    except Exception as why:  # pylint: disable=broad-except
        text = str(why) if isinstance(why, Failed) else ""
        lines = (text + "\n" + traceback.format_exc()).splitlines()
        return "\n".join([f"not ok %d - {says}", *("# " + line for line in lines)])
    finally:
        world.forget()


def main():
    """AISLE_ONLY: words of the one case to run."""
    only = os.environ.get("AISLE_ONLY", "")
    cases = [c for c in CASES if only in c[0]]
    failed = 0
    print(f"1..{len(cases)}", flush=True)
    for number, (says, function) in enumerate(cases, 1):
        began = time.monotonic()
        line = play(says, function)
        failed += line.startswith("not ok")
        print(line.replace("%d", str(number), 1), flush=True)
        print(f"# {time.monotonic() - began:.1f} s", flush=True)
    sys.exit(1 if failed else 0)
