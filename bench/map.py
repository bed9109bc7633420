#!/usr/bin/env python3
"""Mapping a catalogue through the sandbox, beside the guide's loop on Node's fetch.

10,000 products with distinct titles in 320 seller categories, 30 % of them mixed, every fifth image shared; the sandbox
answers after 50 ms, refuses half of the questions and names a wrong leaf in a tenth. The peer is timed on 1,000 of the
products, one at a time and eight at once. Right and wrong are counted by the truth file for both, calls by the sandbox.

    map.py [PRODUCTS [JOBS]]            default 10000 64
    map.py growth [PRODUCTS...]         10000 100000 1000000: import and map, time and peak memory
    map.py catalogue FOLDER PRODUCTS    the catalogue alone, without pictures
    map.py thresholds [SEEDS...]        how sure the matcher is, and how right, on catalogues made with other seeds
"""
import csv
import json
import os
import random
import struct
import subprocess
import sys
import zlib

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from common import AISLE, ROOT, Bench, has_peer, line

PEER_PRODUCTS = 1000
PEERS = (1, 8)
CATEGORIES = 320
FAULTS = ["--fault", "delay=1,ms=50", "--fault", "refuse=0.5,path=/recommend", "--fault", "wrong=0.1,path=/recommend"]
ADJECTIVES = ("murah original premium terbaru import lokal elegan lucu tebal ringan kuat lembut modern klasik mewah "
              "anti air serbaguna ready stock grosir").split()


def png(number):
    """A small picture of its own: 300 x 300, one grey, its number in the corner."""
    rows = bytearray((b"\0" + bytes([number % 251]) * 300) * 300)
    rows[1:9] = struct.pack(">Q", number)

    def chunk(kind, data):
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 300, 300, 8, 0, 0, 0, 0)) +
            chunk(b"IDAT", zlib.compress(bytes(rows), 1)) + chunk(b"IEND", b""))


def leaves():
    """(id, names) of the sandbox's own leaves that a shop may list in."""
    with open(os.path.join(ROOT, "src/sandbox/data/tree.tsv"), encoding="utf-8", newline="") as f:
        rows = [r for r in csv.DictReader(f, delimiter="\t", quoting=csv.QUOTE_NONE) if "v2" in r["versions"]]
    parents = {r["parent_id"] for r in rows}
    by_id = {r["id"]: r for r in rows}
    out = []
    for r in rows:
        if r["id"] in parents or r["permission"] != "AVAILABLE" or "TIKTOK_SHOP" not in r["platforms"]:
            continue
        parent = by_id.get(r["parent_id"])
        out.append((r["id"], r["id-ID"].strip(), r["en-US"].strip(), parent["id-ID"].strip() if parent else ""))
    return out


def make_catalogue(folder, count, images=True, seed=11):
    """catalogue.csv and truth.tsv; returns rows (id, title, category, image) and the truth."""
    rnd = random.Random(seed)
    known = leaves()
    home = [rnd.choice(known) for _ in range(CATEGORIES)]
    mixed = set(rnd.sample(range(CATEGORIES), CATEGORIES * 3 // 10))
    rows, truth = [], {}
    os.makedirs(os.path.join(folder, "images"), exist_ok=True)
    for n in range(count):
        c = n % CATEGORIES
        leaf = rnd.choice(known) if c in mixed else home[c]
        name = leaf[1] if rnd.random() < 0.6 else leaf[2]
        words = [w for w in name.replace("&", " ").replace(",", " ").split() if rnd.random() < 0.85] or name.split()
        title = " ".join(words + rnd.sample(ADJECTIVES, 3) + [f"seri {n:07d}"])
        image = f"images/{n - n % 5 if n % 5 == 1 else n}.png"
        rows.append((f"P{n:07d}", title, f"Etalase {c:03d}", image))
        truth[title] = leaf[0]
    with open(os.path.join(folder, "catalogue.csv"), "w", encoding="utf-8", newline="") as f:
        out = csv.writer(f)
        out.writerow(["sku", "title", "category", "image"])
        out.writerows(rows)
    with open(os.path.join(folder, "truth.tsv"), "w", encoding="utf-8") as f:
        f.write("title\tleaf_id\n")
        f.writelines(f"{t}\t{leaf}\n" for t, leaf in truth.items())
    if images:
        for name in {r[3] for r in rows}:
            with open(os.path.join(folder, name), "wb") as f:
                f.write(png(int(name[7:-4])))
    return rows, truth


def judge(answers, rows, truth):
    right = sum(answers.get(r[0]) == truth[r[1]] for r in rows)
    undecided = sum(not answers.get(r[0]) for r in rows)
    return right, len(rows) - right - undecided, undecided


def calls_since(b, mark):
    """Upload and recommend calls the sandbox counted after a mark."""
    seen = [c for c in b.log() if c.get("seq", 0) > mark]
    asked = [c for c in seen if "/recommend" in c.get("path", "") or "/images/upload" in c.get("path", "")]
    return len(asked), max([c.get("seq", 0) for c in seen], default=mark)


def peer(b, rows, at_once):
    listed = [{"id": r[0], "title": r[1], "image": b.path(r[3])} for r in rows[:PEER_PRODUCTS]]
    with open(b.path("peer.json"), "w", encoding="utf-8") as f:
        json.dump(listed, f)
    env = dict(b.env, BENCH_URL=b.keys["TIKTOK_API_URL"], BENCH_APP_KEY=b.keys["TIKTOK_APP_KEY"],
               BENCH_APP_SECRET=b.keys["TIKTOK_APP_SECRET"], BENCH_TOKEN=b.keys["TIKTOK_APP_ACCESS_KEY"],
               BENCH_CIPHER=b.keys["TIKTOK_SHOP_CIPHER"])
    p = subprocess.run(["node", os.path.join(ROOT, "bench/guide_loop.mjs"), b.path("peer.json"), str(at_once)],
                       env=env, capture_output=True, text=True, check=True)
    return json.loads(p.stdout)


def connect(b):
    b.aisle("shop", "add", "toko", "--api-url", b.keys["TIKTOK_API_URL"])
    b.aisle("tree", "sync", "toko", "--locale", "id-ID,en-US")
    b.aisle("product", "import", "catalogue.csv", ok=(0, 7))


def mappings(b):
    out = b.aisle("map", "list", "--jsonl", "--fields", "id,leaf,state")[2]
    found = (json.loads(row) for row in out.splitlines())
    return {r["id"]: r["leaf"] for r in found if r["state"] == "accepted"}


def compare(count, jobs):
    with Bench() as b:
        rows, truth = make_catalogue(b.dir, count)
        b.start_sandbox("--truth", b.path("truth.tsv"), *FAULTS)
        connect(b)
        mark = calls_since(b, 0)[1]
        took, peak, _, _ = b.aisle("map", "run", "--jobs", str(jobs), ok=(0, 7))
        calls, mark = calls_since(b, mark)
        right, wrong, undecided = judge(mappings(b), rows, truth)
        print(f"map {count} products, 50 ms answers, half refused, a tenth wrong")
        print(f"  aisle, thrifty, {jobs} jobs: {took:.1f} s, {calls} calls, right {right / count:.1%}, "
              f"wrong {wrong / count:.1%}, undecided {undecided / count:.1%}, peak {peak:.0f} MiB")
        if not has_peer("node", "the guide's loop"):
            return
        for at_once in PEERS:
            p = peer(b, rows, at_once)
            some = min(PEER_PRODUCTS, count)
            p_right, p_wrong, p_open = judge(p["answers"], rows[:some], truth)
            each = p["seconds"] / some
            print(f"  guide's loop on Node, {at_once} at once: {p['seconds']:.1f} s for {some}, {p['calls']} calls, "
                  f"right {p_right / some:.1%}, wrong {p_wrong / some:.1%}, undecided {p_open / some:.1%}")
            line(f"map, beside {at_once} at once", f"{took / count * 1e3:.2f} ms each", f"{each * 1e3:.2f} ms each",
                 f"{each * count / took:.1f}x faster",
                 f"aim: 10x; calls {calls / (2 * count):.0%} of the guide's, aim: at most 35%")


def thresholds(seeds, count=3000):
    """How right the matcher is from each confidence on, on catalogues that nothing is judged by: what the numbers in
    flows/map/thrifty.c were chosen from."""
    sure = []
    with Bench() as b:
        b.start_sandbox()
        b.aisle("shop", "add", "toko", "--api-url", b.keys["TIKTOK_API_URL"])
        b.aisle("tree", "sync", "toko", "--locale", "id-ID,en-US")
        for seed in seeds:
            rows, truth = make_catalogue(b.dir, count, images=False, seed=seed)
            with open(b.path("rows.csv"), "w", encoding="utf-8", newline="") as f:
                out = csv.writer(f)
                out.writerow(["id", "title", "seller_category"])
                out.writerows(r[:3] for r in rows)
            with open(b.path("rows.csv"), "rb") as f:
                answers = subprocess.run([AISLE, "map", "suggest", "--jsonl", "--limit", "1"], cwd=b.dir, env=b.env, stdin=f,
                                         stdout=subprocess.PIPE, check=True).stdout
            for row, answer in zip(rows, map(json.loads, answers.decode().splitlines())):
                for best in answer["suggestions"]:
                    sure.append((best["confidence"], best["category_id"] == truth[row[1]]))
    print(f"{len(seeds) * count} titles of {len(seeds)} other catalogues")
    for low in range(40, 100, 5):
        here = [right for confidence, right in sure if low <= 100 * confidence < low + 5]
        above = [right for confidence, right in sure if 100 * confidence >= low]
        if here:
            print(f"  from {low} %: {len(above) / (len(seeds) * count):6.1%} of the titles, {sum(above) / len(above):6.2%} right;"
                  f" just there {sum(here) / len(here):6.2%} of {len(here)}")


def growth(counts):
    print("growth: import and map, answers at once")
    first = {}
    for count in counts:
        with Bench() as b:
            # by another process: what we have taken ourselves would count as the peak of what we start
            subprocess.run([sys.executable, __file__, "catalogue", b.dir, str(count)], check=True)
            b.start_sandbox("--truth", b.path("truth.tsv"))
            b.aisle("shop", "add", "toko", "--api-url", b.keys["TIKTOK_API_URL"])
            b.aisle("tree", "sync", "toko", "--locale", "id-ID,en-US")
            i_took, i_peak, _, _ = b.aisle("product", "import", "catalogue.csv", ok=(0, 7))
            m_took, m_peak, _, _ = b.aisle("map", "run", "--jobs", "16", ok=(0, 7))
            size = os.path.getsize(b.path("aisle.db")) / 2**20
        for what, took, peak in (("import", i_took, i_peak), ("map", m_took, m_peak)):
            each = took / count * 1e6
            base = first.setdefault(what, each)
            line(f"{what} {count:,} products", f"{took:.1f} s", f"{each:.0f} us each", f"{each / base:.2f}x",
                 f"aim: 1, of {counts[0]:,}'s; peak {peak:.0f} MiB" + (f", store {size:.0f} MiB" if what == "map" else ""))


if __name__ == "__main__":
    if sys.argv[1:2] == ["catalogue"]:
        make_catalogue(sys.argv[2], int(sys.argv[3]), images=False)
    elif sys.argv[1:2] == ["thresholds"]:
        thresholds([int(n) for n in sys.argv[2:]] or [22, 33, 44, 55])
    elif sys.argv[1:2] == ["growth"]:
        growth([int(n) for n in sys.argv[2:]] or [10000, 100000, 1000000])
    else:
        compare(int(sys.argv[1]) if sys.argv[1:] else 10000, int(sys.argv[2]) if sys.argv[2:] else 64)
