"""What goes wrong with a PostgreSQL while two workers map: sessions killed, the server restarted,
its disk full, its network slow, losing packets or silent. Each time: every product decided once,
words for whoever looks after it, and work that goes on by itself."""
import http.client
import json
import os
import signal
import subprocess
import tempfile
import time

import network
import server

if not server.BIN:
    print("1..0 # SKIP there is no PostgreSQL here (postgresql-15)")
    raise SystemExit(0)

DISK_MB = 160


def small_disk():
    """Seen by nobody else, and gone with us (tests/private-network)."""
    if not network.HERE:
        return None
    place = tempfile.mkdtemp(prefix="aisle-disk-")
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m", "none", place], check=True)
    return place


DISK = small_disk()
node = server.Node(DISK).create().start()
os.environ["AISLE_TEST_POSTGRES"] = node.address

import world  # noqa: E402 what they read of the environment stands now
from mapping import hold_decisions, scene, slow  # noqa: E402
from until import until  # noqa: E402

PRODUCTS = 1000 if world.LONG else 120
LEASE = 4
DELAY_MS, LOST = (30, 5) if world.LONG else (10, 2)


def so_far(w):
    return w.rows("SELECT count(*) FROM run_item")[0][0]


class Map:
    """Two workers at a map of which little is done, and not much more a second until its
    marketplace gets quick()."""

    def __init__(self, w, within=None, location=None):
        self.w = w
        self.goods, self.sandbox = scene(w, *slow(1500), count=PRODUCTS)
        self.begun = self.sandbox.calls()
        w.ok("work", "add", "map", "--policy", "guide", "--share", "20")
        env = {"AISLE_STORE": w.env["AISLE_STORE"] + location} if location else None
        self.workers = [w.start("worker", "--until-empty", "--lease", f"{LEASE}s", "--jobs", "2",
                                "--slots", "2", within=within, env=env) for _ in range(2)]
        until(lambda: so_far(w) > 8, "nothing under way")

    def quick(self):
        self.sandbox.fault(dict(kind="delay", rate=1, ms=40))

    def said(self):
        return "".join(map(self.w.said_by, self.workers))

    def until_said(self, words):
        until(lambda: words in self.said(), f"nobody is told: {words}")

    def ends_well(self, *words):
        """What the workers said has these words."""
        w = self.w
        self.quick()
        done = [w.finish(child, 300) for child in self.workers]
        said = "".join(one.err for one in done)
        for one in done:
            world.eq(one.code, 0, str(one))
        world.has(said, *words)
        world.eq(w.rows("SELECT DISTINCT state FROM task"), [("done",)], "tasks")
        world.eq(w.rows("SELECT product_id FROM run_item GROUP BY product_id "
                        "HAVING count(*) > 1"), [], "in two runs")
        world.eq(w.rows("SELECT key FROM decision WHERE scope = 'product' GROUP BY key "
                        "HAVING count(*) > 1"), [], "decided twice")
        hold_decisions(w, self.goods, self.sandbox.log(self.begun + 1), "after all")
        w.ok("db", "check")
        return said


@world.case("sessions killed all the time")
def _(w):
    m = Map(w)
    m.quick()
    killed = 0
    while any(child.poll() is None for child in m.workers) and killed < 200:
        killed += int(w.store.psql(
            "SELECT count(*) FILTER (WHERE pg_terminate_backend(pid)) FROM pg_stat_activity "
            "WHERE application_name = 'aisle'"))
        time.sleep(0.05)
    print(f"# {killed} sessions killed", flush=True)
    m.ends_well()


@world.case("the server restarted, and away for a while")
def _(w):
    m = Map(w)
    node.stop("immediate")
    m.until_said("waiting for the store: cannot open postgresql://aisle@127.0.0.1:")
    node.start()
    m.ends_well("is back")


def is_ready(port):
    """What /readyz says, well before those who wait for the server would give it up (30 s)."""
    service = http.client.HTTPConnection("127.0.0.1", port, timeout=25)
    service.request("GET", "/readyz")
    return service.getresponse().status


@world.case("a service whose server is away says so at once, and is ready when it is back")
def _(w):
    w.ok("init")
    child = w.start("serve", "--listen", "127.0.0.1:0", "--jsonl", pipes=True)
    port = json.loads(child.stdout.readline())["port"]
    world.eq(is_ready(port), 200, "at first")
    node.stop("immediate")
    try:
        world.eq(is_ready(port), 503, "while it is away")
    finally:
        node.start()
    until(lambda: is_ready(port) == 200, "not ready again")
    node.signal(signal.SIGSTOP)  # takes what is sent, and answers nothing
    try:
        world.eq(is_ready(port), 503, "while it stands still")
    finally:
        node.signal(signal.SIGCONT)
    until(lambda: is_ready(port) == 200, "not ready once it goes on")
    child.send_signal(signal.SIGTERM)
    world.eq(w.finish(child, 60).code, 0, "its end")


@world.case("its disk is full, until there is room again")
def _(w):
    if not DISK:
        world.skip(network.WHY_NOT)
    m = Map(w)
    filler = os.path.join(DISK, "filler")
    with open(filler, "wb") as file:
        try:
            while True:
                file.write(b"\0" * 65536)
        except OSError:
            pass
    m.quick()
    m.until_said("disk is full: postgresql://")
    # what fills it is taken away only once nobody gets on any more
    stood = -1
    while stood != (stood := so_far(w)):
        time.sleep(1)
    os.remove(filler)
    m.ends_well()
    # no attempt but those of whoever took over what nobody could renew meanwhile
    world.true(w.rows("SELECT max(attempts) FROM task")[0][0] <= 3, "the disk's attempts")


@world.case(f"its network takes {2 * DELAY_MS} ms there and back and loses {LOST} packets of a hundred")
def _(w):
    if not network.HERE:
        world.skip(network.WHY_NOT)
    far = network.Host("far", slow=True)
    m = Map(w, within=far)
    m.quick()
    far.cable.carries(DELAY_MS, LOST)
    m.ends_well()
    far.end()


@world.case("its network goes silent: nothing answers, and nothing is closed")
def _(w):
    if not network.HERE:
        world.skip(network.WHY_NOT)
    far = network.Host("far", slow=True)
    m = Map(w, within=far, location="&connect_timeout=2&tcp_user_timeout=3000&keepalives_idle=1"
                                    "&keepalives_interval=1&keepalives_count=2")
    far.cut()
    until(lambda: w.rows("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'aisle' "
                         "AND state LIKE 'idle in transaction%'") == [(0,)], "rows are held on to")
    m.until_said("waiting for the store: cannot open")
    far.heal()
    m.ends_well("is back")
    far.end()


if __name__ == "__main__":
    world.main()
