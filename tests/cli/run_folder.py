"""init, doctor, config, db: a folder of one's own"""
import http.server
import os
import signal
import sqlite3
import stat
import subprocess
import threading

import run


def begun(t):
    done = t.aisle("init")
    t.eq(done.code, 0)
    return done


@run.case("init makes settings, store and a key only the owner may read")
def _(t):
    begun(t)
    t.eq(stat.S_IMODE(os.stat(t.path("aisle.key")).st_mode), 0o400)
    t.eq(len(t.read("aisle.key").strip()), 64)
    t.true(os.path.exists(t.path("aisle.db")))
    t.has(t.read("aisle.ini"), "# key_file = aisle.key")


@run.case("init again leaves everything as it is")
def _(t):
    begun(t)
    key = t.read("aisle.key")
    t.write("aisle.ini", "jobs = 4\n")
    done = begun(t)
    t.eq(done.err.count("left as it is"), 3)
    t.eq(t.read("aisle.key"), key)
    t.eq(t.read("aisle.ini"), "jobs = 4\n")


@run.case("a dry run of init makes nothing")
def _(t):
    done = t.aisle("init", "--dry-run")
    t.eq(done.code, 0)
    t.eq(done.err.count("would be made"), 3)
    t.eq(os.listdir(t.folder), [])


@run.case("init in another folder makes it there")
def _(t):
    t.eq(t.aisle("init", "shop").code, 0)
    t.eq(sorted(os.listdir(t.path("shop")))[:3], ["aisle.db", "aisle.ini", "aisle.key"])
    t.eq(t.aisle("db", "status", "--json", cwd=t.path("shop")).json()["products"], 0)


@run.case("a store said to init is the one later commands open")
def _(t):
    t.eq(t.aisle("init", "--store", "other.db", "--key-file", "other.key").code, 0)
    t.true(not os.path.exists(t.path("aisle.db")))
    t.has(t.read("aisle.ini"), "\nstore = other.db\n", "\nkey_file = other.key\n")
    t.eq(t.aisle("db", "status", "--json").json()["location"], t.path("other.db"))
    again = t.aisle("init", "--store", "third.db")
    t.has(again.err, "aisle.ini does not have this --store")
    t.eq(t.aisle("db", "status", "--json").json()["location"], t.path("other.db"))


@run.case("a store with a name no settings file takes is said to be left out of it")
def _(t):
    done = t.aisle("init", "--store", "a;b.db")
    t.eq(done.code, 0)
    t.has(done.err, "aisle.ini does not have this --store")
    t.has(t.read("aisle.ini"), "# store = aisle.db")


@run.case("a key from the environment needs no file")
def _(t):
    t.eq(t.aisle("init", env={"AISLE_KEY": "0" * 64}).code, 0)
    t.true(not os.path.exists(t.path("aisle.key")))


@run.case("settings are found from a folder below")
def _(t):
    begun(t)
    os.mkdir(t.path("below"))
    done = t.aisle("db", "status", "--json", cwd=t.path("below"))
    t.eq(done.json()["location"], t.path("aisle.db"))


@run.case("without a store the way to one is told, with code 4")
def _(t):
    done = t.aisle("tree", "show")
    t.eq(done.code, 4)
    t.has(done.err, "try: aisle init")
    t.eq(os.listdir(t.folder), [])


@run.case("config tells where each value comes from")
def _(t):
    t.write("aisle.ini", "jobs = 4\nrate = 9\n")
    rows = {row[0]: row for row in
            t.aisle("config", "list", "--show-origin", env={"AISLE_RATE": "2"}).rows()}
    t.eq(rows["jobs"][1:], ["4", "project file", t.path("aisle.ini")])
    t.eq(rows["rate"][1:], ["2", "environment", "AISLE_RATE"])
    t.eq(rows["policy"][1:], ["thrifty", "default", ""])
    t.eq(t.aisle("config", "get", "jobs").out, "4\n")
    t.eq(t.aisle("config", "get", "job").code, 4)
    t.eq(t.aisle("config", "path", "--json").json()["project_file"], t.path("aisle.ini"))


@run.case("a wrong settings file is code 3, and names the line's name")
def _(t):
    t.write("aisle.ini", "jbos = 4\n")
    done = t.aisle("config", "list")
    t.eq(done.code, 3)
    t.has(done.err, "unknown setting 'jbos', did you mean 'jobs'?")


@run.case("someone else's settings file is not obeyed")
def _(t):
    if os.geteuid() != 0:
        t.skip("only root can give a file away")
    t.write("aisle.ini", "jobs = 4\n")
    os.chown(t.path("aisle.ini"), 12345, 12345)
    done = t.aisle("config", "list")
    t.eq(done.code, 3)
    t.has(done.err, "belongs to another user")


@run.case("doctor finds all well in a new folder, but no shop")
def _(t):
    begun(t)
    done = t.aisle("doctor", "--json")
    t.eq(done.code, 0)
    checks = {row["check"]: row for row in done.json()}
    t.eq(checks["store"]["verdict"], "OK")
    t.eq(checks["key"]["verdict"], "OK")
    t.eq((checks["shops"]["verdict"], checks["shops"]["mend"]),
         ("WARN", "aisle shop add SHOP"))


@run.case("doctor fails for a key others may read, and tells what mends it")
def _(t):
    begun(t)
    os.chmod(t.path("aisle.key"), 0o644)
    done = t.aisle("doctor", "--json")
    t.eq(done.code, 6)
    key = [row for row in done.json() if row["check"] == "key"][0]
    t.eq((key["verdict"], key["mend"]), ("FAIL", f"chmod 400 {t.path('aisle.key')}"))


@run.case("doctor fails without a store")
def _(t):
    done = t.aisle("doctor", "--json")
    t.eq(done.code, 6)
    t.eq([row["mend"] for row in done.json() if row["check"] == "store"], ["aisle init"])


class Bucket(http.server.BaseHTTPRequestHandler):
    """An object store that lets nobody in but at /open."""

    def do_GET(self):
        opened = self.path.startswith("/open?")
        body = ("<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>" if opened else
                "<Error><Code>SignatureDoesNotMatch</Code><Message>Check your key.</Message></Error>").encode()
        self.send_response(200 if opened else 403)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@run.case("doctor asks the object store whether the key is good")
def _(t):
    begun(t)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Bucket)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    where = {"AISLE_OBJECTS_ENDPOINT": f"http://127.0.0.1:{server.server_port}",
             "AISLE_S3_KEY_ID": "id", "AISLE_S3_SECRET": "not-the-one"}
    for bucket, verdict, says in (("open", "OK", "s3://open"), ("shut", "FAIL", "SignatureDoesNotMatch")):
        done = t.aisle("doctor", "--json", env={**where, "AISLE_OBJECTS": "s3://" + bucket})
        row = next(row for row in done.json() if row["check"] == "objects")
        t.eq((row["verdict"], done.code), (verdict, 6 if verdict == "FAIL" else 0))
        t.has(row["text"], says)
        t.lacks(done.out + done.err, "not-the-one")
    server.shutdown()
    server.server_close()


@run.case("doctor does not print the key")
def _(t):
    begun(t)
    key = t.read("aisle.key").strip()
    for words in (["doctor"], ["doctor", "-v"], ["config", "list"], ["shop", "list"]):
        done = t.aisle(*words)
        t.lacks(done.out + done.err, key)


@run.case("before there is a shop, or a tree, each command names the step that was left out")
def _(t):
    begun(t)
    shop = ("shop", "add", "--offline", "--app-key", "k")
    secrets = {"TIKTOK_APP_SECRET": "s", "TIKTOK_APP_ACCESS_KEY": "a"}
    asking = (["tree", "search", "kaos"], ["map", "run"], ["map", "review"], ["work", "add", "map"],
              ["listing", "publish"])
    naming = (["tree", "sync", "toko-x"], ["map", "run", "--target", "toko-x"])

    def tries(commands, remedy):
        for words in commands:
            done = t.aisle(*words)
            t.eq((done.code, done.err.splitlines()[1:]), (4, ["try: " + remedy]), words)

    tries(asking + naming, "aisle shop add SHOP, or aisle sandbox start to try it all first")
    t.eq(t.aisle(*shop, "toko-a", env=secrets).code, 0)
    tries(asking, "aisle tree sync toko-a")
    tries(naming, "aisle shop list")
    t.eq(t.aisle(*shop, "toko-b", env=secrets).code, 0)
    tries(asking, "aisle tree sync")
    t.lacks(t.aisle("product", "show", "K-1").err, "try:")


@run.case("a systemd credential is a key")
def _(t):
    begun(t)
    os.mkdir(t.path("cred"))
    t.write("cred/aisle.key", "1" * 64 + "\n", 0o400)
    done = t.aisle("doctor", "--json", env={"CREDENTIALS_DIRECTORY": t.path("cred")})
    t.has([row for row in done.json() if row["check"] == "key"][0]["text"], "cred/aisle.key")


@run.case("a backup is a whole store")
def _(t):
    begun(t)
    t.eq(t.aisle("product", "add", "K-1", "--title", "Kaos").code, 0)
    t.eq(t.aisle("db", "backup", "copy.db").code, 0)
    t.eq(t.aisle("product", "list", "--store", "copy.db").rows()[0][0], "K-1")
    t.true(t.aisle("db", "backup", "copy.db").code != 0, "never over a file that is there")


@run.case("a backup is put back in the place of the store, which is kept aside")
def _(t):
    begun(t)
    t.eq(t.aisle("product", "add", "K-01", "--title", "Kaos").code, 0)
    t.eq(t.aisle("db", "backup", "copy.db").code, 0)
    t.eq(t.aisle("product", "remove", "K-01", "--yes").code, 0)
    t.true(t.aisle("db", "restore", "copy.db").code != 0, "asks first, and nobody says yes")
    t.true(t.aisle("product", "show", "K-01").code != 0, "nothing was put back")
    t.eq(t.aisle("db", "restore", "copy.db", "--yes").code, 0)
    t.eq(t.aisle("product", "show", "K-01").code, 0)
    t.true(os.path.exists(t.path("aisle.db.before-restore")), "what there was is gone")
    t.true(os.path.exists(t.path("copy.db")), "the backup is gone")


@run.case("what is no backup is not put in the place of the store")
def _(t):
    begun(t)
    t.eq(t.aisle("product", "add", "K-01", "--title", "Kaos").code, 0)
    t.write("text.db", "not a database, and long enough to be looked at as one\n" * 100)
    with open(t.path("aisle.db"), "rb") as f:
        half = f.read()[:9000]
    with open(t.path("half.db"), "wb") as f:
        f.write(half)
    for bad in ("text.db", "half.db", "none.db"):
        t.true(t.aisle("db", "restore", bad, "--yes").code != 0, bad)
        t.eq(t.aisle("product", "show", "K-01").code, 0)
        t.true(not os.path.exists(t.path("aisle.db.restoring")), bad)


@run.case("what is pruned has to be said, and a dry run drops nothing")
def _(t):
    begun(t)
    t.true(t.aisle("db", "prune").code != 0, "nothing was said")
    os.makedirs(t.path("objects", "left"))
    t.write("objects/left/6f1c2d3e-0000-4000-8000-000000000000", "x")
    os.utime(t.path("objects", "left", "6f1c2d3e-0000-4000-8000-000000000000"), (1, 1))
    t.has(t.aisle("db", "prune", "--images", "1d", "--dry-run", "--json").out, '"images": 1')
    t.has(t.aisle("db", "prune", "--runs", "1d", "--snapshots", "1d", "--images", "1d",
                  "--json").out, '"runs": 0', '"images": 1')
    t.eq(os.listdir(t.path("objects", "left")), [])


@run.case("what the service pruned is a run of its own kind")
def _(t):
    t.eq(t.aisle("init").code, 0)
    t.eq(t.aisle("serve", "--once", "--keep-runs", "90d").code, 0)
    rows = t.aisle("job", "list", "--kind", "prune", "--json").json()
    t.eq([row["kind"] for row in rows], ["prune"])
    t.eq(t.aisle("job", "list", "--kind", "map", "--json").json(), [])


@run.case("db check reads the store and finds it sound, or not")
def _(t):
    begun(t)
    t.eq(t.aisle("db", "check").code, 0)
    t.write("broken.db", "this is no database" * 100)
    t.true(t.aisle("db", "check", "--store", "broken.db").code in (1, 3))


@run.case("db migrate is fine on a store that is up to date")
def _(t):
    begun(t)
    done = t.aisle("db", "migrate")
    t.eq(done.code, 0)
    t.has(done.err, "schema is at version")


@run.case("a product is added, edited, shown and removed")
def _(t):
    begun(t)
    t.eq(t.aisle("product", "add", "K-1", "--title", "Kaos polos", "--category",
                 "Fashion/Kaos").code, 0)
    t.eq(t.aisle("product", "add", "K-1", "--title", "again").code, 9)
    t.eq(t.aisle("product", "edit", "K-1", "--brand", "Adem").code, 0)
    t.has(t.aisle("product", "edit", "K-1", "--brand", "Adem").err, "the same as before")
    shown = t.aisle("product", "show", "K-1", "--json").json()
    t.eq((shown["title"], shown["category"], shown["brand"]),
         ("Kaos polos", "Fashion > Kaos", "Adem"))
    t.eq(t.aisle("product", "remove", "K-1").code, 2)
    t.eq(t.aisle("product", "remove", "K-1", "--dry-run").code, 0)
    t.eq(t.aisle("product", "remove", "K-1", "--yes").code, 0)
    t.eq(t.aisle("product", "show", "K-1").code, 4)


@run.case("a product without a title is refused, and a dry run keeps nothing")
def _(t):
    begun(t)
    t.eq(t.aisle("product", "add", "K-1").code, 6)
    t.eq(t.aisle("product", "add", "K-1", "--title", "Kaos", "--dry-run").code, 0)
    t.eq(t.aisle("product", "list", "--json").json(), [])




@run.case("work for all shops says why there is none")
def _(t):
    begun(t)
    t.has(t.aisle("work", "add", "sync", "--all-shops").err, "no shop is connected")
    t.has(t.aisle("work", "add", "map", "--all-shops").err, "no tree was synced yet")


@run.case("a worker that can open no shop's tokens does not begin")
def _(t):
    begun(t)
    t.write("keys.env", "TIKTOK_APP_SECRET=s\nTIKTOK_APP_ACCESS_KEY=a\n", 0o600)
    added = t.aisle("shop", "add", "toko-a", "--app-key", "k", "--secrets", "keys.env", "--offline")
    t.eq(added.code, 0)
    t.eq(t.aisle("worker", "--until-empty").code, 0)
    os.remove(t.path("aisle.key"))
    lost = t.aisle("worker", "--until-empty")
    t.eq(lost.code, 3)
    t.has(lost.err, "no shop could be worked for here", "try: aisle doctor")
    begun(t)  # makes another key
    other = t.aisle("serve", "--workers", "1", "--listen", "127.0.0.1:0")
    t.eq(other.code, 3)
    t.has(other.err, "is not in the key file, so that no shop could be worked for here")


@run.case("what a worker or a service cannot begin with is misuse, told before anything is opened")
def _(t):
    for words, says in ((("worker", "--slots", "0"), "--slots is 1 at least"),
                        (("worker", "--lease", "1s"), "--lease is 3 seconds at least"),
                        (("serve", "--listen", "nonsense"), "--listen is ADDRESS:PORT, not nonsense"),
                        (("serve", "--listen", "127.0.0.1:70000"), "--listen is ADDRESS:PORT"),
                        (("serve", "--public-url", "aisle.example"), "--public-url begins with https://"),
                        (("serve", "--public-url", "https://aisle.example/shop"), "--public-url has no path")):
        done = t.aisle(*words)
        t.eq(done.code, 2, done.err)
        t.has(done.err, says)
    t.eq(os.listdir(t.folder), [])


@run.case("SIGTERM and SIGHUP at once are one wish to stop, and a worker ends well")
def _(t):
    begun(t)
    child = t.start("worker", stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    t.has(child.stderr.readline(), "Ctrl-C ends it")
    child.send_signal(signal.SIGTERM)
    child.send_signal(signal.SIGHUP)
    said = child.communicate(timeout=60)[1]
    t.eq(child.returncode, 0)
    t.has(said, "0 given back")


@run.case("a worker ends when a newer program has moved the store on")
def _(t):
    begun(t)
    child = t.start("worker", stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    t.has(child.stderr.readline(), "Ctrl-C ends it")
    with sqlite3.connect(t.path("aisle.db"), timeout=60) as store:
        store.execute("PRAGMA user_version = 99")
    store.close()
    said = child.communicate(timeout=60)[1]
    t.eq(child.returncode, 3)
    t.has(said, "has schema 99", "use a newer program")


@run.case("work that was left for a shop goes with the shop")
def _(t):
    begun(t)
    t.write("keys.env", "TIKTOK_APP_SECRET=s\nTIKTOK_APP_ACCESS_KEY=a\n", 0o600)
    for shop in ("toko-a", "toko-b"):
        added = t.aisle("shop", "add", shop, "--app-key", "k", "--secrets", "keys.env", "--offline")
        t.eq(added.code, 0)
    t.eq(t.aisle("work", "add", "sync", "--all-shops").code, 0)
    t.eq(t.aisle("shop", "remove", "toko-a", "--yes").code, 0)
    [left] = t.aisle("work", "list", "--json").json()
    t.eq(left["shop"], "toko-b")
    [lane] = t.aisle("top", "--json").json()["shops"]
    t.eq((lane["shop"], lane["waiting"], lane["oldest_at"]), ("toko-b", 1, left["created_at"]))


run.main()
