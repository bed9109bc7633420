#!/usr/bin/env python3
"""The page in Debian's Chromium, on 20,000 products and 20,000 categories: page.mjs measures within the page, where nothing
but the page and the service is in the way. Beside it stand the marks it is to keep under, as there is no peer."""
import json
import os
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from common import AISLE, Bench, line
from sync import make_tree

PRODUCTS = int(os.environ.get("BENCH_PAGE_PRODUCTS", "20000"))
MARKS = (("first", "page: first card, reloaded", 300), ("key", "page: key to next card, p95", 50),
         ("search", "page: a letter to what is found, p95", 50), ("scroll", "page: a frame while the list scrolls, p95", 34))


def fill(b):
    make_tree(b.path("tree.json"))
    b.start_sandbox("--tree", b.path("tree.json"))
    b.aisle("shop", "add", "toko", "--api-url", b.keys["TIKTOK_API_URL"], "--secrets", b.path("sandbox.env"))
    b.aisle("tree", "sync", "toko", "--locale", "id-ID")
    with open(b.path("p.csv"), "w", encoding="utf-8") as f:
        f.write("id,title,category\n")
        for n in range(PRODUCTS):
            f.write(f"P-{n:05},Barang nomor {600 + n * 7 % 19000} dan lain-lain {n},Rak {n % 300}\n")
    b.aisle("product", "import", "p.csv")


def main():
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not chromium or not shutil.which("node"):
        print("  left out: the page, since there is no chromium or node here (script/bootstrap)", flush=True)
        return
    with Bench() as b:
        fill(b)
        subprocess.run([AISLE, "user", "add", "budi"], cwd=b.dir, env=b.env, input=b"correct horse battery\n", check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        child = subprocess.Popen([AISLE, "serve", "--listen", "127.0.0.1:0", "--jsonl", "--quiet", "--sync-every", "0"],
                                 cwd=b.dir, env=b.env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        try:
            port = json.loads(child.stdout.readline())["port"]
            said = subprocess.run(["node", os.path.join(os.path.dirname(os.path.abspath(__file__)), "page.mjs")],
                                  env={**os.environ, "CHROMIUM": chromium, "PORT": str(port)}, check=True,
                                  stdout=subprocess.PIPE).stdout
        finally:
            child.terminate()
            child.wait(timeout=60)
    seen = json.loads(said)
    for name, says, mark in MARKS:
        line(says, f"{seen[name]:.0f} ms", f"mark {mark} ms", f"{seen[name] / mark:.2f}", f"{seen[name + '_n']} times")


if __name__ == "__main__":
    main()
