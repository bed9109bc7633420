"""A new user's walk from init to carried mappings, and everything that can be typed or found
wrong on the way: the right exit code, a clear line, and never a secret."""
import http.client
import os
import re
import shutil
import signal
import subprocess
import urllib.parse

import world
from until import until

CATALOGUE = f"{world.OWN_DATA}/catalogue.csv"


def consent(link):
    """As the seller's browser: opens the link, agrees, and is sent back to the address."""
    where = urllib.parse.urlsplit(link)
    connection = http.client.HTTPConnection(where.hostname, where.port, timeout=120)
    connection.request("GET", f"{where.path}?{where.query}&approve=1")
    reply = connection.getresponse()
    reply.read()
    connection.close()
    return reply.headers["Location"]


def login(w, shop, sandbox, deny=False):
    words = ("shop", "login", shop, "--api-url", sandbox.id["AISLE_SANDBOX_URL"], "--secrets",
             sandbox.env_file, "--service-id", sandbox.id["TIKTOK_SERVICE_ID"],
             "--trace", "trace.jsonl")
    child = subprocess.Popen([world.AISLE, *words], stdin=subprocess.PIPE, env=w.env,
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=w.folder)
    child.words = words
    w.children.append(child)
    said = b""
    while b"paste the address" not in said:
        piece = child.stderr.read(1)
        world.true(piece, f"no link: {said!r}")
        said += piece
    link = re.search(rb"http://\S+", said).group().decode()
    address = consent(link)
    if deny:
        address = address.replace("code=", "code=null&error=auth_denied&was=")
    out, err = child.communicate(address.encode() + b"\n", timeout=300)
    return w.note(words, child.returncode, out, said + err)


@world.case("a new user walks from init to carried mappings")
def _(w):
    # begin: a folder, a marketplace, a shop
    w.ok("init")
    w.ok("init")  # again is fine
    world.true(os.stat(w.path("aisle.key")).st_mode & 0o777 == 0o400, "the key's mode")
    w.secrets.add(w.read("aisle.key").strip())
    w.ok("doctor")
    sandbox = w.sandbox("--seed", "9", "--truth", "own", "--redirect-url",
                        "https://shop.example/back", "--fault", "refuse=0.15")
    done = login(w, "toko", sandbox)
    world.eq(done.code, 0, str(done))
    w.ok("shop", "test", "toko", "--trace", "trace.jsonl")
    world.eq([row["shop"] for row in w.ok("shop", "list", "--json").json()], ["toko"], "shops")
    world.eq(login(w, "toko", sandbox, deny=True).code, 3, "denied")
    w.ok("doctor", "--online", "--trace", "trace.jsonl")

    # two trees in two locales
    done = w.ok("tree", "sync", "toko:v1", "toko:v2", "--locale", "id-ID,en-US", "--trace",
                "trace.jsonl", "--json")
    world.eq([row["outcome"] for row in done.json()], ["first", "first"], "trees")
    for locale, name in (("id-ID", "Kaos Pria"), ("en-US", "T-Shirts")):
        found = w.ok("tree", "search", name, "--target", "toko:v2", "--locale", locale, "--json")
        world.has(found.out, name)
    target = ("--target", "toko:v2")

    # the catalogue, with what is wrong in it named by line
    done = w.ends(7, "product", "import", CATALOGUE, "--json")
    row = done.json()
    world.eq((row["added"], row["left_out"]), (row["products"] - row["changed"] - row["same"],
                                               row["left_out"]))
    world.true(row["left_out"] >= 2, str(done))
    world.has(done.err, "catalogue.csv:")
    again = w.ends(7, "product", "import", CATALOGUE, "--json").json()
    world.eq(again["added"], 0, "added again")
    products = len(w.ok("product", "list", "--json").json())

    # mapped both ways
    w.keep("unmapped.db")
    runs = {}
    for policy in ("guide", "thrifty"):
        w.back("unmapped.db")
        done = w.aisle("map", "run", "--policy", policy, *target, "--json", "--trace",
                       "trace.jsonl")
        world.true(done.code in (0, 7), str(done))
        runs[policy] = done.json()
        world.eq((runs[policy]["total"], runs[policy]["done"]), (products, products), policy)
        standing = w.mappings()
        listed = {row["id"]: row["leaf"] for row in
                  w.ok("map", "list", *target, "--json").json() if row["state"] == "accepted"}
        world.eq(listed, {p: leaf for p, leaf in standing.items() if leaf}, policy)
        world.true(len(listed) > products * 0.6, f"{policy}: only {len(listed)} mapped")
    world.true(runs["thrifty"]["calls"] < runs["guide"]["calls"], str(runs))

    # a person: review through a pipe, approve, undo and redo, history
    before = w.mappings()
    done = w.ok("map", "review", *target, "--by-product", "--json", stdin="asnq")
    world.true(w.mappings() != before or "none" in done.out, str(done))
    sku = next(p for p, leaf in before.items() if leaf)
    other = next(leaf for leaf in before.values() if leaf and leaf != before[sku])
    done = w.ok("map", "approve", sku, "--category", other, *target, "--because", "it is so", "--json")
    world.eq(w.mappings()[sku], other, "approved")
    back = w.ok("map", "undo", done.json()["batch"], "--json")
    world.eq(w.mappings()[sku], before[sku], "undone")
    w.ok("map", "undo", back.json()["batch"])
    world.eq(w.mappings()[sku], other, "redone")
    world.has(w.ok("map", "history", sku, *target).out, other)

    # a sheet out and in
    sheet = w.ok("map", "export", "--open", "--by-product", *target).out.splitlines(keepends=True)
    column = sheet[0].lstrip("\ufeff").strip().split(",").index("decision")
    world.true(len(sheet) > 1 and column >= 0, f"an empty sheet: {sheet}")
    key = sheet[0].lstrip("\ufeff").strip().split(",").index("key")
    line = next(line for line in sheet[1:] if '"' not in line)
    cells = line.rstrip("\r\n").split(",")
    cells[column] = other
    w.write("sheet.csv", sheet[0] + ",".join(cells) + "\r\n")
    done = w.ok("map", "import", "sheet.csv", *target, "--json")
    world.eq(done.json()["accepted"], 1, str(done))
    world.eq(w.mappings()[cells[key]], other, "by the sheet")
    done = w.ends(6, "map", "import", "sheet.csv", *target)  # decided meanwhile
    world.has(done.err, "line 2")

    # what stands is carried to the other version
    carried = w.ok("map", "carry", "--from", "toko:v2", "--to", "toko:v1", "--json")
    world.true(w.rows("SELECT count(*) FROM mapping WHERE target_id LIKE 'toko:v1%' "
                      "AND state = 'proposed'")[0][0] > 10, str(carried))
    world.eq([v for v in w.mappings("toko:v1:TIKTOK_SHOP").values() if v], [], "accepted by carry")

    # the tree changes under it
    sandbox.fault()
    done = w.ok("sandbox", "evolve", f"{world.OWN_DATA}/evolve.json", "--env-file",
                sandbox.env_file)
    world.true(re.search(r"^rename\t\d+$", done.out, re.M), done.out)
    w.ends(10, "tree", "sync", "toko:v2", "--exit-code")
    world.true(w.ok("tree", "diff", *target, "--json").json(), "no difference")
    hurt = w.ok("tree", "impact", *target, "--json").json()
    broken = [row for row in hurt if row["why"] not in ("moved", "renamed")]
    status = w.ok("map", "status", *target, "--json").json()[0]
    world.eq(status["broken"], len(broken), "mappings to leaves that are gone")
    told = [row for row in w.aisle("doctor", "--json").json()
            if row["check"] == "mappings toko:v2:TIKTOK_SHOP"]
    world.eq(told[0]["verdict"], "WARN" if broken else "OK", str(told))
    w.ok("job", "list", "--json")
    w.ok("db", "check")
    world.true(os.path.getsize(w.path("trace.jsonl")) > 10000, "no transcript")


def binary(n=4096):
    return bytes((i * 37 + i // 7) % 256 for i in range(n))


@world.case("wrong words and files get the right exit code and a line that says what to do")
def _(w):
    sandbox = w.sandbox("--seed", "9")
    w.connect()
    w.ok("tree", "sync", "toko")
    w.write("empty.csv", b"")
    w.write("blank.csv", b"\r\n\r\n")
    w.write("binary.csv", binary())
    w.write("nul.csv", b"sku,title\na\0b,Kaos\n")
    w.write("header.csv", b"sku,title\r\n")
    w.write("strange.csv", b"alpha,beta\r\n1,2\r\n")
    w.write("open.env", b"TIKTOK_APP_SECRET=abc\n", 0o644)
    w.write("short.env", b"this is no line of it\n", 0o600)
    w.write("bad.ini", b"nonsense = 1\n")
    w.write("sheet.csv", b"key,decision\r\nnobody,123\r\n")
    os.mkdir(w.path("folder"))
    url = sandbox.id["AISLE_SANDBOX_URL"]
    keys = ("--secrets", sandbox.env_file)
    table = [
        # exit code, a word of what is said, the command line
        (2, "did you mean 'sync'", ("tree", "synk")),
        (2, "did you mean", ("treee", "sync")),
        (2, "aisle help", ("zebra",)),
        (2, "--polcy", ("map", "run", "--polcy", "guide")),
        (2, "guide", ("map", "run", "--policy", "guid")),
        (2, "jobs", ("map", "run", "--jobs", "many")),
        (2, "-1", ("map", "run", "--limit", "-1")),
        (2, "256", ("map", "run", "--jobs", "257")),
        (2, "exclude", ("map", "run", "--fresh", "--resume", "r-1")),
        (2, "", ("product", "import")),
        (2, "", ("product", "import", "a.csv", "b.csv")),
        (2, "", ("shop", "add")),
        (2, "nothing", ("product", "list", "--fields", "nothing")),
        (2, "", ("product", "list", "--json=yes")),
        (4, "missing.csv", ("product", "import", "missing.csv")),
        (6, "", ("product", "import", "empty.csv")),
        (6, "", ("product", "import", "blank.csv")),
        (6, "", ("product", "import", "binary.csv")),
        (0, "NUL", ("product", "import", "nul.csv")),
        (6, "id=COLUMN", ("product", "import", "strange.csv")),
        (6, "gamma", ("product", "import", "strange.csv", "--map", "title=gamma")),
        (6, "folder is a folder", ("product", "import", "folder")),
        (4, "nobody", ("product", "show", "nobody")),
        (4, "nobody", ("product", "edit", "nobody", "--title", "x")),
        (4, "", ("tree", "show", "no such category")),
        (4, "other", ("tree", "sync", "other")),
        (None, "v9", ("tree", "sync", "toko:v9")),
        # and is not remembered: there is still one target only
        (4, "th-TH", ("tree", "show", "--locale", "th-TH")),
        (4, "nobody", ("map", "approve", "nobody", "--category", "1")),
        (4, "b-nothing", ("map", "undo", "b-nothing")),
        (4, "r-nothing", ("map", "run", "--resume", "r-nothing")),
        (4, "r-nothing", ("job", "show", "r-nothing")),
        (6, "seller", ("map", "import", "sheet.csv")),
        (6, "", ("map", "import", "binary.csv")),
        (None, "", ("map", "import", "empty.csv")),
        (6, "", ("sandbox", "evolve", "binary.csv", "--env-file", sandbox.env_file)),
        (2, "cuts", ("sandbox", "fault", "cuts=1", "--env-file", sandbox.env_file)),
        (4, "recategorize", ("sandbox", "trigger", "rain", "--env-file", sandbox.env_file)),
        (4, "product", ("sandbox", "trigger", "webhook", "--product", "1", "--type", "5",
                        "--env-file", sandbox.env_file)),
        (6, "live", ("sandbox", "trigger", "audit", "--to", "rain", "--env-file", sandbox.env_file)),
        (6, "freeze", ("sandbox", "trigger", "suspend", "--to", "frozen", "--env-file", sandbox.env_file)),
        (4, "deactivate-sku", ("sandbox", "trigger", "expire-access", "--env-file", sandbox.env_file)),
        (2, "18", ("sandbox", "trigger", "webhook", "--type", "4294967301", "--env-file",
                   sandbox.env_file)),
        (2, "500 to 599", ("sandbox", "fault", "5xx=1,status=99", "--env-file", sandbox.env_file)),
        (3, "others may read", ("shop", "add", "b", "--api-url", url, "--secrets", "open.env")),
        (6, "line 1", ("shop", "add", "b", "--api-url", url, "--secrets", "short.env")),
        (4, "none.env", ("shop", "add", "b", "--api-url", url, "--secrets", "none.env")),
        (3, "", ("shop", "add", "b", "--api-url", "http://example.com", *keys)),
        (None, "nowhere", ("map", "run", "--store", "nowhere/aisle.db")),
        (3, "binary.csv", ("sandbox", "start", "--tree", "binary.csv")),
        (3, "header.csv", ("sandbox", "start", "--tokopedia-tree", "header.csv")),
        (3, "header.csv", ("sandbox", "start", "--truth", "header.csv")),
        (3, "binary.csv", ("sandbox", "start", "--rules", "binary.csv")),
        (3, "loopback", ("sandbox", "start", "--webhook", "https://example.com/hook")),
        (2, "599", ("sandbox", "start", "--business-status", "7")),
        (2, "cuts", ("sandbox", "start", "--fault", "cuts=1")),
        (3, "", ("sandbox", "start", "--tree", "missing.json")),
        (2, "65535", ("sandbox", "start", "--port", "70000")),
        (2, "0 to 100", ("sandbox", "start", "--audit-fails", "200")),
        (2, "over 100", ("sandbox", "start", "--audit-fails", "60", "--audit-waits", "60")),
        (2, "1 to 64", ("sandbox", "start", "--shops", "65")),
        (2, "RETURN_WAREHOUSE", ("sandbox", "start", "--missing", "FOO")),
        (2, "GB ID", ("sandbox", "start", "--region", "US,XX")),
        (2, "one of the two", ("sandbox", "start", "--region", "US", "--cross-border", "MY")),
        (2, "one shop", ("sandbox", "start", "--region", "US,GB", "--secrets", sandbox.env_file)),
        (6, "", ("test", "image", "binary.csv")),
        (9, "exists", ("db", "backup", "folder")),
    ]
    wrong = []
    for code, word, words in table:
        done = w.aisle(*words)
        said = done.err.strip()
        clear = 0 < len(said.splitlines()) <= 4 and said.startswith(("aisle: ", "warning: "))
        if (done.code != code if code is not None else done.code not in (1, 2, 3, 4, 6)):
            wrong.append(f"want {code}: {done}")
        elif word not in said or not clear:
            wrong.append(f"not clear ({word}): {done}")
    world.true(not wrong, "\n".join(wrong))


@world.case("a sandbox has shops where it is told, and says where their keys are")
def _(w):
    def said(count):
        """What it writes after its start; the line with its address comes first."""
        until(lambda: w.read("sandbox.err").count("\n") >= count, "it says too little")
        return w.read("sandbox.err").splitlines()

    sandbox = w.sandbox("--seed", "9", "--region", "US,GB", "--shops", "3")
    lines = said(3)
    world.true(lines[0].startswith("sandbox at http://127.0.0.1:"), str(lines))
    world.true("sandbox.env; in another shell: . /" in lines[1], str(lines))
    world.true("_2" in lines[2], str(lines))
    rows = [line.split("\t") for line in w.read("told.env").splitlines()]
    world.eq([row[3] for row in rows], ["US", "GB", "US", "ID"], str(rows))
    keys = [[sandbox.id[name + end] for end in ("", "_2", "_3")]
            for name in ("TIKTOK_APP_ACCESS_KEY", "TIKTOK_REFRESH_TOKEN", "TIKTOK_SHOP_CIPHER")]
    world.eq([len(set(each)) for each in keys], [3, 3, 3])
    w.connect()
    world.eq([row["region"] for row in w.ok("shop", "list", "--json").json()], ["US"])
    # with the keys of before it is the shop of before, where it is told
    keep = w.path("keys.env")
    shutil.copy(sandbox.env_file, keep)
    sandbox.stop()
    other = w.sandbox("--secrets", keep, "--cross-border", "MY")
    world.eq(other.id["TIKTOK_SHOP_CIPHER"], keys[2][0])
    until(lambda: "\tMY\t" in w.read("told.env"), "it is in another market")
    # without a file for them nobody would see the keys
    child = w.start("sandbox", "start")
    until(lambda: "--env-file sandbox.env" in w.said_by(child), "it does not say where keys are")
    child.send_signal(signal.SIGINT)
    w.finish(child)


@world.case("a broken or foreign key, settings file or store is told apart and left as it is")
def _(w):
    w.sandbox("--seed", "9")
    w.connect()
    w.ok("tree", "sync", "toko")
    key = w.read("aisle.key")
    store = open(w.path("aisle.db"), "rb").read()
    wrong = []

    def tell(code, word, *words, env=None):
        done = w.aisle(*words, env=env)
        if done.code != code or word not in done.err or not done.err.startswith("aisle: ") \
                or len(done.err.strip().splitlines()) > 4:
            wrong.append(f"want {code} and '{word}': {done}")

    def with_key(text, mode):
        os.chmod(w.path("aisle.key"), 0o600)
        w.write("aisle.key", text, mode)

    sync = ("tree", "sync", "toko")
    with_key("0123456789abcdef" * 4 + "\n", 0o400)
    tell(3, "key", *sync)  # of another folder
    with_key("rubbish\n", 0o400)
    tell(3, "aisle.key", *sync)
    with_key("", 0o400)
    tell(3, "key", *sync)
    with_key(key, 0o644)
    tell(3, "others may read", *sync)
    os.remove(w.path("aisle.key"))
    tell(3, "key", *sync)
    os.mkdir(w.path("aisle.key"))
    tell(3, "aisle.key", *sync)
    os.rmdir(w.path("aisle.key"))
    tell(3, "AISLE_KEY", *sync, env={"AISLE_KEY": "xyz"})
    w.write("aisle.key", key, 0o400)
    w.ok(*sync)

    settings = w.read("aisle.ini")
    for text in ("nonsense = 1\n", "jobs = many\n", "policy = cheap\n", "\1\2 = \3\n",
                 "policy = guide\0thrifty\n"):
        w.write("aisle.ini", settings + text)
        tell(3, "aisle.ini", *sync)
    w.write("aisle.ini", settings)
    w.ok(*sync)

    for name, content in (("binary.db", binary(9000)), ("text.db", b"not a store\n" * 500),
                          ("cut.db", store[:len(store) // 2]), ("head.db", store[:60])):
        w.write(name, content)
        done = w.aisle("tree", "show", "--store", name)
        if done.code not in (1, 3) or name not in done.err or not done.err.startswith("aisle: "):
            wrong.append(f"a broken store: {done}")
        if open(w.path(name), "rb").read() != content:
            wrong.append(f"{name} was written to")
    world.true(not wrong, "\n".join(wrong))
    if os.geteuid() == 0:
        return  # nothing is forbidden to root
    os.chmod(w.path("aisle.db"), 0o444)
    world.true(w.aisle(*sync).code in (1, 3), "a store that may not be written")
    os.chmod(w.path("aisle.db"), 0o000)
    world.true(w.aisle("tree", "show").code in (1, 3), "a store that may not be read")


@world.case("an image the marketplace or we cannot take is the product's failure, not the run's")
def _(w):
    lines = ["sku,title,image"]
    names = ("truncated.png", "zero-bytes.png", "html-page.jpg", "narrow-299.png", "none.png",
             "banner-2000x100.png", "../../../../etc/passwd")
    lines += [f"P-{n},Kaos polos pria nomor {n},{world.OWN_DATA}/images/{name}"
              for n, name in enumerate(names)]
    lines += ["P-7,Kaos polos pria nomor 7,http://127.0.0.1:9/kaos.png",
              "P-8,Kaos polos pria nomor 8,http://[::1]:9/kaos.png",
              "P-9,Kaos polos pria nomor 9,ftp://example.com/kaos.png"]
    w.write("goods.csv", "\r\n".join(lines) + "\r\n")
    sandbox = w.sandbox("--seed", "9")
    w.connect()
    w.ok("tree", "sync", "toko")
    w.aisle("product", "import", "goods.csv")
    done = w.ends(7, "map", "run", "--policy", "guide", "--json")
    world.eq((done.json()["state"], done.json()["mapped"]), ("done", 0), str(done))
    world.true(done.json()["failed"] >= len(names), str(done))
    uploads = [c for c in sandbox.log() if c["path"] == world.UPLOAD]
    world.true(len(uploads) <= 2, f"{len(uploads)} uploads of bytes that are no image")


@world.case("what a marketplace says of its answers is kept with the run")
def _(w):
    sandbox = w.sandbox("--seed", "9")
    w.connect()
    w.ok("shop", "add", "tokped", "--channel", "tokopedia", "--remote-id",
         sandbox.id["TOKOPEDIA_FS_ID"], "--api-url", sandbox.id["AISLE_SANDBOX_URL"],
         "--secrets", sandbox.env_file)
    w.ok("tree", "sync", "tokped")
    newest = w.ok("job", "list", "--json").json()[0]
    run = w.ok("job", "show", newest["run"], "--json").json()
    world.eq(run["code"], "0", str(run))
    world.true(0 < run["process_time_s"] < 60, run["process_time_s"])


if __name__ == "__main__":
    world.main()
