#!/usr/bin/env python3
"""Searching a tree as one types, in process, beside SQLite FTS5 and minisearch over the same names.

20,000 categories with names in three locales each: two halves of Shopify's taxonomy, one in English, Indonesian and
Vietnamese, one in German, Spanish and French. Typed: leaf names whole, begun, with a slip of the finger, without their
accents, as a path, parent before leaf, behind a brand that no category has; and every key on the way to a name. Wanted is the
leaf, among the first five; one of the very same name will do unless a path was typed. Recall is of the typed texts; times are
of these and of every key.
"""
import csv
import gzip
import json
import os
import random
import subprocess
import sys
import tempfile
import unicodedata

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from common import ROOT, has_peer, line

CATEGORIES = 20000
HALVES = (("en", "id-ID", "vi"), ("de", "es", "fr"))
EACH = int(os.environ.get("BENCH_SEARCH_EACH", "200"))  # queries of a kind
KINDS = ("name", "begun", "slip", "bare", "path", "above", "brand")
BRANDS = ("Samsung Galaxy", "Xiaomi Redmi", "Apple", "Wardah", "Unilever", "Eiger Adventure", "Nike", "Uniqlo", "Philips", "Bosch",
          "Garnier", "Hello Kitty", "Tupperware", "Black & Decker", "Nestlé", "The North Face", "Rucika", "3M", "Green Leaf", "Sony")
PROGRAM = os.environ.get("BENCH_SEARCH_BIN", os.path.join(ROOT, "build/bench/bench/bench_search"))
DATA = os.environ.get("AISLE_DATA") or os.path.join(ROOT, "../shared/data")


def read_tree(path):
    """(id, parent id, leaf, three names); the halves' ids wear a letter in front."""
    rows = []
    with gzip.open(path, "rt", encoding="utf-8", newline="") as f:
        table = list(csv.DictReader(f))
    for letter, locales in zip("ab", HALVES):
        for row in table:
            parent = row["id"].rpartition("-")[0]
            names = [row[l].rpartition(" > ")[2].replace("\t", " ") for l in locales]
            rows.append((letter + row["id"], letter + parent if parent else "", int(row["is_leaf"]), names))
    return rows[:CATEGORIES]


def slip(rnd, text):
    """One letter of one longer word wrong, gone, doubled or swapped with the next."""
    words = text.split(" ")
    long = [i for i, w in enumerate(words) if len(w) >= 5 and w.isalpha()]
    if not long:
        return None
    i = rnd.choice(long)
    w = words[i]
    at = rnd.randrange(1, len(w) - 1)
    words[i] = rnd.choice((w[:at] + rnd.choice("aeinrst") + w[at + 1:], w[:at] + w[at + 1:],
                           w[:at] + w[at] + w[at:], w[:at] + w[at + 1] + w[at] + w[at + 2:]))
    return None if words[i] == w else " ".join(words)


def bare(text):
    plain = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return None if plain == text else plain.replace("đ", "d").replace("Đ", "D")


def type_of(rnd, kind, name, above):
    if kind == "begun":
        return name[:max(3, len(name) * 3 // 5)]
    if kind == "slip":
        return slip(rnd, name)
    if kind == "bare":
        return bare(name)
    if kind == "path":
        return f"{above} > {name}" if above else None
    if kind == "brand":
        return f"{rnd.choice(BRANDS)} {name}"
    if kind == "above":
        return f"{above} {name}" if above else None
    return name


def make_queries(rows):
    rnd = random.Random(11)
    by_id = {r[0]: r for r in rows}
    leaves = [r for r in rows if r[2]]
    queries = []
    for kind in KINDS:
        count = 0
        while count < EACH:
            row, locale = rnd.choice(leaves), rnd.randrange(3)
            name, parent = row[3][locale], by_id.get(row[1])
            text = type_of(rnd, kind, name, parent[3][locale] if parent else "")
            if not text or len(name) < 4:
                continue
            same = [r[0] for r in rows if name in r[3]] if kind not in ("path", "above") else [row[0]]
            queries.append((kind, " ".join(same), text))
            count += 1
    for _ in range(EACH // 4):
        row, locale = rnd.choice(leaves), rnd.randrange(3)
        name = row[3][locale]
        queries += [("key", "", name[:n]) for n in range(1, len(name) + 1)]
    return queries


def peers(folder):
    """Where minisearch is, installed once."""
    home = os.path.join(ROOT, "build/bench/peers")
    if not os.path.isdir(os.path.join(home, "node_modules/minisearch")):
        os.makedirs(home, exist_ok=True)
        subprocess.run(["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", home, "minisearch@7"],
                       check=True, stdout=subprocess.DEVNULL)
    return home


def run(command):
    out = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    return [json.loads(l) for l in out.splitlines()]


def main():
    path = os.path.join(DATA, "shopify_taxonomy_2025-08/categories_all_locales.csv.gz")
    if not os.path.exists(path):
        print("search: no shopify_taxonomy_2025-08: set AISLE_DATA to where the real data is")
        return
    with tempfile.TemporaryDirectory(prefix="aisle-bench-") as folder:
        tree, typed = os.path.join(folder, "tree.tsv"), os.path.join(folder, "typed.tsv")
        rows = read_tree(path)
        with open(tree, "w", encoding="utf-8") as f:
            f.writelines("\t".join([r[0], r[1], str(r[2]), *r[3]]) + "\n" for r in rows)
        with open(typed, "w", encoding="utf-8") as f:
            f.writelines("\t".join(q) + "\n" for q in make_queries(rows))
        results = run([PROGRAM, tree, typed])
        if has_peer("node", "minisearch") and has_peer("npm", "minisearch"):
            results += run(["node", os.path.join(ROOT, "bench/search.mjs"), peers(folder), tree, typed])
    ours = results[0]
    names = [r["name"] for r in results]
    print(f"{len(rows)} categories in 3 locales, {ours['queries']} texts typed, in process")
    print(f"{'':<28}" + "".join(f"{n:>14}" for n in names))
    for what in ("build_ms", "p50_us", "p99_us", "most_us"):
        print(f"{what:<28}" + "".join(f"{r[what]:>14.1f}" for r in results))
    for kind in KINDS + ("all",):
        print(f"{'wanted in first 5: ' + kind:<28}" + "".join(f"{100 * r['recall'][kind]:>12.1f} %" for r in results))
    for peer in results[1:]:
        line(f"p99 beside {peer['name']}", f"{ours['p99_us'] / 1e3:.2f} ms", f"{peer['p99_us'] / 1e3:.2f} ms",
             f"{ours['p99_us'] / peer['p99_us']:.2f}x", "aim: under 1 ms")


if __name__ == "__main__":
    main()
