"""market - a folder with a sandbox beside it: what most runs of the program stand on"""
import os
import time

import run

SOURCE = os.environ.get("SOURCE_ROOT", ".")
DATA = os.path.join(SOURCE, "src", "sandbox", "data")

PRODUCTS = [
    ("K-1", "Kaos polos pria katun combed lengan pendek hitam", "Fashion Pria > Kaos",
     "kaos-hitam.png"),
    ("K-2", "Kaos polos pria katun combed lengan pendek putih", "Fashion Pria > Kaos",
     "kaos-putih.png"),
    ("K-3", "Kemeja formal pria lengan panjang slim fit", "Fashion Pria > Kemeja",
     "kaos-hitam.png"),
    ("B-1", "Blouse wanita katun lengan balon", "Fashion Wanita > Blouse", "blouse-krem.png"),
    ("B-2", "Botol minum stainless 500 ml tahan panas", "Dapur", "botol-biru.png"),
    ("B-3", "Boneka beruang lembut untuk anak", "Mainan", "boneka.png"),
]


def until_there(t, env_file, child):
    for _ in range(1200):
        if os.path.exists(t.path(env_file)):
            return
        if child.poll() is not None:
            break
        time.sleep(0.05)
    raise run.Failed(f"no sandbox: {child.stderr.read() if child.poll() is not None else 'slow'}")


class Sandbox:
    """One that runs; its keys are in t.env, as a shell that read its env file has them."""

    def __init__(self, t, *words):
        self.t = t
        self.child = t.start("sandbox", "start", "--env-file", "sandbox.env", "--truth",
                             "own", *words, stdout=run.subprocess.DEVNULL,
                             stderr=run.subprocess.PIPE)
        until_there(t, "sandbox.env", self.child)
        for line in t.read("sandbox.env").splitlines():
            name, value = line.removeprefix("export ").split("=", 1)
            t.env[name] = value.strip("'")

    def calls(self, path=""):
        log = self.t.aisle("sandbox", "log")
        self.t.eq(log.code, 0, log.err)
        return [call for call in map(run.json.loads, log.out.splitlines())
                if path in call["path"]]


def shop(t, *words):
    """A folder with one shop connected to a sandbox."""
    t.eq(t.aisle("init").code, 0)
    sandbox = Sandbox(t, *words)
    done = t.aisle("shop", "add", "toko-a")
    t.eq((done.code, done.out), (0, ""), done.err)
    return sandbox


def synced(t, *words):
    """And with its tree in two languages."""
    sandbox = shop(t, *words)
    done = t.aisle("tree", "sync", "toko-a", "--locale", "id-ID,en-US")
    t.eq(done.code, 0, done.err)
    return sandbox


def stocked(t, *words):
    """And with a few products."""
    sandbox = synced(t, *words)
    lines = ["id,title,category,image"]
    for sku, title, category, image in PRODUCTS:
        lines.append(f"{sku},{title},{category},{os.path.join(DATA, 'images', image)}")
    t.write("products.csv", "\n".join(lines) + "\n")
    done = t.aisle("product", "import", "products.csv", "--json")
    t.eq((done.code, done.json()["added"]), (0, len(PRODUCTS)), done.err)
    return sandbox


GOOD = "Kaos katun combed yang adem dan nyaman dipakai setiap hari."


def mapped(t, rows, *words):
    """Shirts in a leaf whose demands are known: (sku, title, material)."""
    sandbox = synced(t, *words)
    image = os.path.join(DATA, "images", "kaos-hitam.png")
    lines = ["sku,title,category,description,price,currency,weight,qty,Bahan,image"]
    for sku, title, material in rows:
        lines.append(f"{sku},{title},Kaos,{GOOD},50000,IDR,0.3,5,{material},{image}")
    t.write("products.csv", "\n".join(lines) + "\n")
    t.eq(t.aisle("product", "import", "products.csv").code, 0)
    t.eq(t.aisle("map", "approve", "Kaos", "--seller-category", "--category", "744161").code, 0)
    t.eq(t.aisle("tree", "requirements").code, 0)
    t.write("defaults.json", run.json.dumps({"shop": {
        "package_weight": {"value": "0.25", "unit": "KILOGRAM"},
        "skus": [{"inventory": [{"warehouse_id": "7068517275539719942", "quantity": 10}]}]}}))
    return sandbox
