"""A store in PostgreSQL, as people use it: passwords that stay where they belong, a store moved
there and back, and what goes wrong with servers while a run is under way."""
import glob
import os
import subprocess
import time
import urllib.parse

import keep
import world
from mapping import hold_decisions, run_words, scene, slow
from relay import Relay
from until import until

if not keep.POSTGRES:
    print("1..0 # SKIP AISLE_TEST_POSTGRES names no server")
    raise SystemExit(0)

AT = urllib.parse.urlsplit(keep.POSTGRES)
PASSWORD = "s3cret:pw"


def with_role(w):
    """A location of a role that is asked for its password, without it."""
    w.store.psql("DROP ROLE IF EXISTS asked; CREATE ROLE asked LOGIN SUPERUSER "
                 f"PASSWORD '{PASSWORD}'")
    return (f"postgresql://asked@127.0.0.1:{AT.port}/asked?options=-csearch_path%3D"
            + w.store.schema)


def asked_database(w):
    """The database in which that role must say its password (tests/private-postgres)."""
    w.store.psql("DROP DATABASE IF EXISTS asked")
    w.store.psql("CREATE DATABASE asked")
    subprocess.run(["psql", "-Xq", keep.POSTGRES.replace("/postgres", "/asked"), "-c",
                    f"CREATE SCHEMA {w.store.schema}"], check=True, capture_output=True)


@world.case("a password comes from .pgpass, the environment or a file of mode 0600, and is never shown")
def _(w):
    asked_database(w)
    location = with_role(w)
    secret = urllib.parse.quote(PASSWORD, safe="")
    full = location.replace("asked@", f"asked:{secret}@")
    w.secrets.update((PASSWORD, secret))
    bare = {"AISLE_STORE": ""}

    done = w.ends(3, "db", "status", "--store", location)
    world.has(done.err, "cannot open postgresql://asked@127.0.0.1:", "password")
    pgpass = w.write("pgpass.env", f"127.0.0.1:{AT.port}:*:asked:{PASSWORD}".replace(
        "s3cret:pw", "s3cret\\:pw") + "\n", 0o600)
    w.ok("init", env={"AISLE_STORE": location, "PGPASSFILE": pgpass})
    w.ok("db", "status", "--store", location, env={"PGPASSFILE": pgpass})
    w.ok("db", "status", env={"AISLE_STORE": full})
    world.has(w.ok("config", "list", env={"AISLE_STORE": full}).out, "asked:***@127.0.0.1")
    world.has(w.ok("config", "get", "store", env={"AISLE_STORE": full}).out, "asked:***@")
    world.has(w.ok("doctor", env={"AISLE_STORE": full}).out, "postgresql://asked@127.0.0.1")

    said = len(w.said)
    done = w.aisle("db", "status", "--store", full, env=bare)
    world.eq(done.code, 3, str(done.code))
    world.has(done.err, "a password on the command line is seen by everyone")
    del w.said[said:]  # its words hold what the caller typed
    world.true(secret not in done.err + done.out, "repeated")

    del w.env["AISLE_STORE"]
    w.write("aisle.ini", f"store = {full}\n", 0o644)
    world.has(w.ends(3, "db", "status").err, "others may read it: chmod 600 ")
    os.chmod(w.path("aisle.ini"), 0o600)
    w.ok("db", "status")
    os.remove(w.path("aisle.ini"))

    wrong = full.replace(secret, "wrong")
    done = w.ends(3, "db", "status", env={"AISLE_STORE": wrong})
    world.has(done.err, "password authentication failed")


@world.case("a location that leads nowhere is told in one line")
def _(w):
    there = f"postgresql://aisle@127.0.0.1:{AT.port}"
    for location, code, words in (
            ("postgresql://127.0.0.1:1/none", 1, "Connection refused"),
            ("postgresql://127.0.0.1:99999/none", 3, 'invalid port number: "99999"'),
            ("postgresql://127.0.0.1:here/none", 3, 'invalid integer value "here"'),
            (f"{there}/postgres?sslmode=require", 3, "server does not support SSL"),
            (f"{there}/postgres?sslmode=maybe", 3, 'invalid sslmode value: "maybe"'),
            (f"{there}/no_such", 3, 'database "no_such" does not exist'),
            (f"{there}/postgres?options=-csearch_path%3Dnone", 3,
             "its search_path names none that is there"),
            ("postgresql://h/db?nonsense=1", 3, "is not one PostgreSQL can read")):
        done = w.aisle("db", "status", "--store", location)
        world.eq(done.code, code, str(done))
        world.has(done.err, words)
        world.eq(len([x for x in done.err.splitlines() if x.startswith("aisle: ")]) <= 1, True,
                 done.err)


@world.case("a mapped store goes to a file and back, and is the same")
def _(w):
    scene(w, count=40)
    w.ok("map", "run")
    there = w.ok("db", "copy", w.env["AISLE_STORE"], "copy.db", "--json").json()
    world.true(len(there) > 20, "tables")
    w.store.psql(f"CREATE SCHEMA {w.store.schema}_b")
    second = w.env["AISLE_STORE"] + "_b"
    back = w.ok("db", "copy", "copy.db", second, "--json").json()
    key = lambda rows: {r["table"]: (r["rows"], r["sha256"]) for r in rows if r["table"] != "counter"}
    world.eq(key(there), key(back), "tables")
    world.eq(dict((t, r) for t, (r, _) in key(there).items())["product"], 40, "products")
    for words in (("product", "list", "--json"), ("map", "list", "--json"),
                  ("job", "list", "--json"), ("tree", "history", "--json")):
        world.eq(w.ok(*words).json(), w.ok(*words, "--store", second).json(), str(words))
        world.eq(w.ok(*words).json(), w.ok(*words, "--store", "copy.db").json(), str(words))
    world.has(w.ends(9, "db", "copy", "copy.db", second).err, "is not empty")
    w.ok("db", "check", "--store", second)
    w.store.psql(f"DROP SCHEMA {w.store.schema}_b CASCADE")


def so_far(w):
    return w.rows("SELECT count(*) FROM run_item")[0][0]


@world.case("sessions killed at every moment of a run lose nothing and decide nothing twice")
def _(w):
    goods, sandbox = scene(w, *slow(300), count=120)
    begun = sandbox.calls()
    child = w.start(*run_words())
    killed = 0
    while child.poll() is None and killed < 100:  # a slow machine needs some time in between
        killed += int(w.store.ask(
            "SELECT count(*) FILTER (WHERE pg_terminate_backend(pid)) FROM pg_stat_activity "
            "WHERE application_name = 'aisle'"))
        time.sleep(0.05)
    sandbox.fault()
    done = w.finish(child, timeout=600)
    print(f"# {killed} sessions killed", flush=True)
    world.eq(done.code, 0, str(done))
    world.true(killed > 5, f"only {killed} were killed")
    hold_decisions(w, goods, sandbox.log(begun + 1), "killed sessions")
    world.eq(w.rows("SELECT count(*) FROM decision d WHERE scope = 'product' AND EXISTS (SELECT 1 "
                    "FROM decision e WHERE e.key = d.key AND e.scope = d.scope AND e.seq < d.seq "
                    "AND e.target_id = d.target_id)"), [(0,)], "decided twice")
    asked = [c["title"] for c in sandbox.log(begun + 1)
             if c["path"] == world.RECOMMEND and c["status"] == 200]
    world.true(len(asked) - len(set(asked)) <= 1, "asked twice though it was answered")
    w.ok("db", "check")
    world.eq(w.rows("SELECT count(*) FROM writer"), [(0,)], "writers left behind")


@world.case("a server restarted under a run is waited for, and the run goes on")
def _(w):
    goods, sandbox = scene(w, *slow(2000), count=120)
    data = os.environ["AISLE_TEST_POSTGRES_DIR"] + "/data"
    pg_ctl = max(glob.glob("/usr/lib/postgresql/*/bin/pg_ctl"))
    user = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"] if os.geteuid() == 0 \
        else []
    begun = sandbox.calls()
    child = w.start(*run_words())
    until(lambda: so_far(w) > 8, "nothing under way")
    for mode in ("immediate", "fast"):
        subprocess.run([*user, pg_ctl, "-D", data, "-m", mode, "-w", "-t", "300", "restart", "-l",
                        os.environ["AISLE_TEST_POSTGRES_DIR"] + "/log"], check=True, cwd="/",
                       stdout=subprocess.DEVNULL)
        before = so_far(w)
        until(lambda: so_far(w) > before, "it does not go on")
    sandbox.fault()
    done = w.finish(child)
    world.eq(done.code, 0, str(done))
    hold_decisions(w, goods, sandbox.log(begun + 1), "restarted")
    w.ok("db", "check")


@world.case("a connection that is cut and stays cut is told of, and nothing is half done")
def _(w):
    goods, sandbox = scene(w, *slow(1000), count=60)
    relay = Relay(AT.port)
    location = w.env["AISLE_STORE"].replace(f":{AT.port}/", f":{relay.port}/")
    begun = sandbox.calls()
    child = w.start(*run_words(), env={"AISLE_STORE": location})
    until(lambda: so_far(w) > 8, "nothing under way")
    relay.cut()
    until(lambda: "waiting for the store" in w.said_by(child), "nobody is told")
    relay.heal()
    sandbox.fault()
    done = w.finish(child)
    world.eq(done.code, 0, str(done))
    hold_decisions(w, goods, sandbox.log(begun + 1), "cut")
    w.ok("db", "check")
    relay.cut()


if __name__ == "__main__":
    world.main()
