#!/usr/bin/env python3
"""Reads over REST, signed in, beside a bare libmicrohttpd that runs the statement and sends the same bytes.

64 clients that keep their connections and ask as fast as they are answered; ours and the bare one take turns, and the better
of three turns counts for each. A category is held in memory by the service: the bare one looks its row up by primary key.
Searching is asked by one client after the other, for the time of an answer.
"""
import http.client
import json
import os
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from common import AISLE, ROOT, Bench, line

PROGRAM = os.environ.get("BENCH_SERVE_BIN", os.path.join(ROOT, "build/bench/bench/bench_serve"))
SECONDS = os.environ.get("BENCH_SERVE_SECONDS", "3")
CLIENTS, TURNS = "64", 3
SOAK_TURNS = int(os.environ.get("BENCH_SERVE_SOAK", "56"))  # of the seconds above each
PRODUCTS = int(os.environ.get("BENCH_SERVE_PRODUCTS", "20000"))
TARGET = "toko:v2:TIKTOK_SHOP"
PAGE = """SELECT seller_id, id, title, description, brand, seller_category_id, image_id,
    (SELECT i.location FROM product_image i WHERE i.seller_id = product.seller_id AND i.id = product.image_id),
    attributes, price_minor, currency, created_at, updated_at, version
    FROM product WHERE seller_id = 'default' AND id > 'P-10000' ORDER BY seller_id, id LIMIT 50"""
ONE = "SELECT id, parent_id, local_name, is_leaf FROM category WHERE content = 1 AND place = 500"


class Servers:
    def __init__(self, bench):
        self.bench, self.children = bench, []

    def start(self, *words):
        child = subprocess.Popen(words, cwd=self.bench.dir, env=self.bench.env, stdout=subprocess.PIPE,
                                 stderr=subprocess.DEVNULL)
        self.children.append(child)
        said = child.stdout.readline()
        if not said:
            sys.exit(f"{words[0]} did not start")
        return said

    def end(self):
        for child in self.children:
            child.terminate()
            child.wait(timeout=60)


def load(port, head, clients=CLIENTS):
    done = subprocess.run([PROGRAM, "load", str(port), clients, SECONDS], input=head.encode(), capture_output=True,
                          check=False)
    if done.returncode:
        sys.exit(done.stderr.decode())
    rate, p99 = done.stdout.split()
    return float(rate), float(p99)


def resident_mib(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as f:
        return next(int(l.split()[1]) / 1024 for l in f if l.startswith("VmRSS"))


def head_of(path, token):
    return f"GET {path} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {token}\r\n\r\n"


def main():
    with Bench() as bench:
        bench.start_sandbox("--seed", "7")
        bench.aisle("shop", "add", "toko", "--api-url", bench.keys["AISLE_SANDBOX_URL"], "--secrets",
                    bench.path("sandbox.env"))
        bench.aisle("tree", "sync", "toko", "--locale", "id-ID,en-US")
        with open(bench.path("p.csv"), "w", encoding="utf-8") as f:
            f.write("id,title,category,image,price,currency\n")
            for n in range(PRODUCTS):
                f.write(f"P-{n:05},Kaos polos pria katun combed nomor {n},Fashion > Kaos {n % 300},"
                        f"https://img.example/{n}.jpg,{n % 900 + 100}000,IDR\n")
        bench.aisle("product", "import", "p.csv")
        bench.aisle("user", "add", "bench", "--no-password", "--role", "viewer")
        token = json.loads(bench.aisle("token", "add", "bench", "--jsonl")[2])["token"]
        servers = Servers(bench)
        try:
            measure(bench, servers, token)
        finally:
            servers.end()


def measure(bench, servers, token):
    port = json.loads(servers.start(AISLE, "serve", "--listen", "127.0.0.1:0", "--threads", "2", "--jsonl", "--quiet",
                                    "--sync-every", "0"))["port"]
    ours = servers.children[-1].pid

    def get(path):
        c = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        c.request("GET", path, headers={"Authorization": "Bearer " + token})
        answer = c.getresponse().read()
        c.close()
        return answer

    tree = f"/api/v1/trees/{TARGET}"
    leaf = json.loads(get(f"{tree}/search?q=kaos"))["items"][0]["id"]
    reads = (("a category", f"{tree}/categories/{leaf}", ONE),
             ("a page of 50 products", "/api/v1/products?seller=default&limit=50&after=7:defaultP-10000", PAGE))
    line("reads, 64 clients, signed in", "ours/s", "bare/s", "ratio", "p99 ms, ours and bare")
    before = resident_mib(ours)
    for says, path, statement in reads:
        body = bench.path("body")
        with open(body, "wb") as f:
            f.write(get(path))
        bare = int(servers.start(PROGRAM, "bare", bench.path("aisle.db"), statement, body))
        turns = [(load(port, head_of(path, token)), load(bare, head_of(path, token))) for _ in range(TURNS)]
        (rate, p99), (bare_rate, bare_p99) = max(t[0] for t in turns), max(t[1] for t in turns)
        line(f"  {says}", f"{rate:,.0f}", f"{bare_rate:,.0f}", f"{100 * rate / bare_rate:.0f} %",
             f"{p99:.2f} and {bare_p99:.2f}")
    for q in ("kaos+pria", "kao", "sepat"):
        rate, p99 = load(port, head_of(f"{tree}/search?q={q}", token), "1")
        line(f"  search \"{q}\", one client", f"{rate:,.0f}", "", "", f"{p99:.2f}")
    line("memory before and after", f"{before:.0f} MiB", f"{resident_mib(ours):.0f} MiB", "")
    soak(port, ours, [head_of(path, token) for path in (
        f"{tree}/categories/{leaf}", reads[1][1], f"{tree}/search?q=kaos+pria", f"{tree}/children",
        f"/api/v1/queues/needs?target={TARGET}&by=product&limit=10",
        f"/api/v1/suggestions?target={TARGET}&title=Kaos+polos+pria")])


def soak(port, ours, heads):
    """Mixed load in many short turns: what it holds a quarter of the way, and at the end."""
    seen, asked = [], 0.0
    for turn in range(SOAK_TURNS):
        asked += load(port, heads[turn % len(heads)])[0] * float(SECONDS)
        seen.append(resident_mib(ours))
    quarter, end = seen[len(seen) // 4 - 1], seen[-1]
    line(f"mixed load, {SOAK_TURNS * float(SECONDS):.0f} s, {asked:,.0f} requests: memory at 25 % and at 100 %",
         f"{quarter:.1f} MiB", f"{end:.1f} MiB", f"{100 * end / quarter:.0f} %")


main()
