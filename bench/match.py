#!/usr/bin/env python3
"""Titles to leaves, taught and untaught, beside fastText and TF-IDF + linear SVM on the same rows, in one run.

    script/bench match                 everything: some 10 minutes on two idle cores, most of it the peers' training
    bench/match.py amazon_uk_toys_10k  some of the sets alone
    BENCH_PEERS=0 script/bench match   ours alone: two minutes

One title in five is held out by its hash, so that equal titles stay together, and a product is asked about once;
near-duplicates (a size, a colour) do fall on both sides, for all three alike, and their share is printed: titles of
which a training title has four words of five. Both peers and we get the titles alone; all are timed as whole
processes, training with two threads. After the sets come names alone (tokopedia_products_1k; Indonesian names asked
of shopify_taxonomy's English tree), what approvals teach, one approval among 100,000 and a model of all rows there
are; at the end what was aimed at, line by line. The search box is script/bench search, the matcher as a filter
script/bench filter. Needs real data (AISLE_DATA), the Debian packages fasttext and python3-sklearn.
"""
import csv
import gzip
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import unicodedata

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from common import has_peer, line

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BUILD = os.path.join(ROOT, "build/bench")
AISLE = os.environ.get("AISLE_BIN", os.path.join(BUILD, "aisle"))
DATA = os.environ.get("AISLE_DATA", os.path.join(ROOT, "../shared/data"))
SETS = ["mwpd_gpc_16k", "flipkart_20k", "vn_products_1971leaf", "amazon_in_11k", "amazon_uk_toys_10k"]
FIELDS = ["id", "title", "category_path", "seller_category", "description"]
CURVE = [0, 50, 200, 1000, 5000]
BINS = 15
TOKEN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|\w+|[^\w\s]")
csv.field_size_limit(1 << 30)


# ---- rows ----

def is_valid(title):
    return hashlib.sha256(("valid|" + title.lower()).encode()).digest()[0] < 0x33


def split(name):
    parts = ([], [])
    with gzip.open(os.path.join(DATA, name, "dev.csv.gz"), "rt", encoding="utf-8", newline="") as f:
        for row in csv.DictReader(f):
            if row["title"] and row["category_path"]:
                parts[is_valid(row["title"])].append({k: row.get(k) or "" for k in FIELDS})
    return parts


def write_rows(path, rows):
    with open(path, "w", encoding="utf-8", newline="") as f:
        writer = csv.DictWriter(f, FIELDS)
        writer.writeheader()
        writer.writerows(rows)


def timed(words, stdin=None, stdout=None):
    """Wall seconds of a whole process."""
    began = time.monotonic()
    subprocess.run(words, stdin=stdin, stdout=stdout or subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    return time.monotonic() - began


def asked(words, answers, stdin=os.devnull):
    """The best of three, for these are short."""
    best = float("inf")
    for _ in range(3):
        with open(stdin, encoding="utf-8") as f, open(answers, "w", encoding="utf-8") as out:
            best = min(best, timed(words, f, out))
    return best


# ---- what came of it ----

def judge(rows, answers):
    """Right among the first and the first three, ECE, and the share acceptable at 98 % precision.

    A product, that is an id, counts once: with its last label, where it has several."""
    products = {row["id"]: (row["category_path"], got) for row, got in zip(rows, answers)}
    bins = [[0, 0.0, 0] for _ in range(BINS)]
    in_1 = in_3 = 0
    sure = []
    for label, got in products.values():
        paths = [path for path, _ in got]
        right = paths[:1] == [label]
        in_1 += right
        in_3 += label in paths[:3]
        if got:
            b = bins[min(BINS - 1, int(got[0][1] * BINS))]
            b[0] += 1
            b[1] += got[0][1]
            b[2] += right
            sure.append((got[0][1], right))
    sure.sort(key=lambda s: -s[0])
    good = cover = 0
    for n, (_, right) in enumerate(sure, 1):
        good += right
        if good >= 0.98 * n:
            cover = n
    ece = sum(abs(b[1] - b[2]) for b in bins) / max(1, len(sure))
    return {"top1": in_1 / len(products), "top3": in_3 / len(products), "ece": ece, "cover98": cover / len(products)}


def ours(folder, train, valid, more=False):
    model, answers = os.path.join(folder, "m"), os.path.join(folder, "answers")
    write_rows(os.path.join(folder, "train.csv"), train)
    write_rows(os.path.join(folder, "valid.csv"), valid)
    flags = [] if more else ["--titles-only"]
    learn = timed([AISLE, "model", "train", os.path.join(folder, "train.csv"), "--out", model, *flags])
    ask = asked([AISLE, "map", "suggest", "--model", model, "--jsonl", "--limit", "3", *flags], answers,
                os.path.join(folder, "valid.csv"))
    with open(answers, encoding="utf-8") as f:
        got = [[(s["category_path"], s["confidence"]) for s in json.loads(line)["suggestions"]] for line in f]
    return judge(valid, got) | {"train": learn, "rate": len(valid) / ask, "mb": os.path.getsize(model) / 1e6}


# ---- the peers ----

def tokens(title):
    return " ".join(TOKEN.findall(unicodedata.normalize("NFKC", title).lower()))


def fasttext(folder, train, valid):
    names = {}
    for part, rows in (("t", train), ("v", valid)):
        with open(os.path.join(folder, part), "w", encoding="utf-8") as f:
            for row in rows:
                label = names.setdefault(row["category_path"], f"__label__{len(names)}")
                f.write(f"{label} {tokens(row['title'])}\n")
    paths = {label: path for path, label in names.items()}
    model, out = os.path.join(folder, "ft"), os.path.join(folder, "ft.out")
    learn = timed(["fasttext", "supervised", "-input", os.path.join(folder, "t"), "-output", model, "-wordNgrams", "2",
                   "-epoch", "50", "-lr", "1.0", "-dim", "100", "-bucket", "500000", "-thread", "2", "-verbose", "0"])
    ask = asked(["fasttext", "predict-prob", model + ".bin", os.path.join(folder, "v"), "3"], out)
    with open(out, encoding="utf-8") as f:
        got = [[(paths[w[i]], min(1.0, float(w[i + 1]))) for i in range(0, len(w) - 1, 2)]
               for w in (line.split() for line in f)]
    return judge(valid, got) | {"train": learn, "rate": len(valid) / ask}


SVM = """
import json, sys, time
import numpy as np
from scipy.sparse import hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC
began = time.time()
tx, ty, vx = json.load(sys.stdin)
words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, token_pattern=r"\\S+")
grams = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, max_features=400000)
seen = hstack([words.fit_transform(tx), grams.fit_transform(tx)]).tocsr()
svm = LinearSVC(C=1.0, max_iter=200).fit(seen, np.array(ty))
learnt = time.time()
scores = svm.decision_function(hstack([words.transform(vx), grams.transform(vx)]).tocsr())
top = svm.classes_[np.argsort(-scores, 1)[:, :3]]
json.dump([learnt - began, time.time() - learnt, top.tolist()], sys.stdout)
"""


def svm(_, train, valid):
    asked = json.dumps([[tokens(r["title"]) for r in train], [r["category_path"] for r in train],
                        [tokens(r["title"]) for r in valid]])
    done = subprocess.run(["/usr/bin/python3", "-c", SVM], input=asked, capture_output=True, text=True, check=True)
    learn, ask, top = json.loads(done.stdout)
    return judge(valid, [[(path, 0.0) for path in row] for row in top]) | {"train": learn, "rate": len(valid) / ask}


# ---- the page ----

def show(name, who, r, note=""):
    sure = f"{r['ece']:6.3f} {r['cover98']:8.3f}" if "ece" in r and who != "TF-IDF + SVM" else " " * 15
    print(f"{name:<22} {who:<13} {r['top1']:6.3f} {r['top3']:6.3f} {sure} {r['train']:8.2f} s {r['rate']:8.0f}/s  {note}",
          flush=True)


def compare(name, mine, peers):
    """Lines of ours beside the better peer at each figure, and fastText's speed."""
    gain = {}
    for k, what in (("top1", "right"), ("top3", "right among three")):
        who = max(peers, key=lambda p: peers[p][k])
        gain[k] = mine[k] - peers[who][k]
        line(f"{name}: {what}", f"{mine[k]:.3f}", f"{who} {peers[who][k]:.3f}", f"{gain[k]:+.3f}")
    ft = peers.get("fastText")
    if ft:
        line(f"{name}: learning", f"{mine['train']:.2f} s", f"fastText {ft['train']:.1f} s",
             f"{ft['train'] / mine['train']:.0f}x")
        line(f"{name}: answering", f"{mine['rate']:.0f}/s", f"fastText {ft['rate']:.0f}/s",
             f"{mine['rate'] / ft['rate']:.1f}x")
        gain |= {"learning": ft["train"] / mine["train"], "answering": mine["rate"] / ft["rate"]}
    return gain


def write_pairs(path, rows):
    with open(path, "w", encoding="utf-8") as f:
        for row in rows:
            f.write(f"{row['category_path']}\t{' '.join(row['title'].split())}\n")


def learn(*words):
    """What bench_learn prints, cut at spaces, line by line."""
    done = subprocess.run([os.path.join(BUILD, "bench/bench_learn"), *map(str, words)], capture_output=True, text=True,
                          check=True)
    return [line.split() for line in done.stdout.splitlines()]


def curve(folder, train, valid):
    """Titles approved one by one, never trained; before the first, the leaves' names are all there is."""
    by_hash = sorted(train, key=lambda r: hashlib.sha256(("curve|" + r["title"]).encode()).digest())
    write_pairs(os.path.join(folder, "t.tsv"), by_hash)
    write_pairs(os.path.join(folder, "v.tsv"), valid)
    found = learn("curve", os.path.join(folder, "t.tsv"), os.path.join(folder, "v.tsv"), *CURVE)
    print(f"{'':22} top1 after so many approvals: " + ", ".join(f"{n}: {float(top):.3f}" for n, top in found), flush=True)


def near_duplicates(train, valid):
    words = [frozenset(tokens(r["title"]).split()) for r in train]
    holders = {}
    for i, w in enumerate(words):
        for word in w:
            holders.setdefault(word, []).append(i)
    near = 0
    for row in valid:
        mine = frozenset(tokens(row["title"]).split())
        rare = sorted((w for w in mine if w in holders), key=lambda w: len(holders[w]))[:1 + len(mine) // 5]
        near += any(len(mine & words[i]) >= 0.8 * len(mine | words[i]) for w in rare for i in holders[w])
    return near / len(valid)


def measure(name, peer_of):
    """What was gained over the better peer; None without one."""
    train, valid = split(name)
    with tempfile.TemporaryDirectory(prefix="aisle-bench-") as folder:
        mine = ours(folder, train, valid)
        peers = {who: run(folder, train, valid) for who, run in peer_of.items()}
        show(name, "aisle", mine, f"{mine['mb']:.1f} MB")
        for who, peer in peers.items():
            show("", who, peer)
        if any(r["seller_category"] or r["description"] for r in train):
            more = ours(folder, train, valid, more=True)
            print(f"{'':22} with seller category and description: top1 {more['top1']:.3f} ({more['top1'] - mine['top1']:+.3f}), "
                  f"top3 {more['top3']:.3f} ({more['top3'] - mine['top3']:+.3f}), ECE {more['ece']:.3f}", flush=True)
        curve(folder, train, valid)
        print(f"{'':22} near-duplicates: {near_duplicates(train, valid):.1%} of the titles held out", flush=True)
    gain = compare(name, mine, peers) if peers else {}
    return gain | {"ece": mine["ece"], "cover98": mine["cover98"], "name": name}


def peers_here():
    peers = {}
    if os.environ.get("BENCH_PEERS") == "0":
        return peers
    if has_peer("fasttext", "fastText"):
        peers["fastText"] = fasttext
    if subprocess.run(["/usr/bin/python3", "-c", "import sklearn"], stderr=subprocess.DEVNULL, check=False).returncode:
        print("  left out: TF-IDF + SVM, since there is no python3-sklearn here (script/bootstrap --bench)", flush=True)
    else:
        peers["TF-IDF + SVM"] = svm
    return peers


def run_cold(name, what, tree, rows, closed=0):
    done = subprocess.run([os.path.join(BUILD, "bench/bench_cold"), tree, rows, str(closed)], capture_output=True, text=True,
                          check=True)
    print(f"{name:<22} {what}: {done.stdout.strip()}", flush=True)


def cold():
    """The names of 2,831 leaves, and titles nobody ever labelled."""
    with tempfile.TemporaryDirectory(prefix="aisle-bench-") as folder:
        tree, rows = os.path.join(folder, "tree"), os.path.join(folder, "rows")
        leaves = {}
        with gzip.open(os.path.join(DATA, "tokopedia_tree/nodes_category_json.csv.gz"), "rt", encoding="utf-8") as f, \
                open(tree, "w", encoding="utf-8") as out:
            for r in csv.DictReader(f):
                parent = "" if r["parent_id"] == "0" else r["parent_id"]
                out.write(f"{r['id']}\t{parent}\t{' '.join(r['name'].split())}\t{r['is_leaf']}\n")
                if r["is_leaf"] == "1":
                    leaves[r["path"]] = r["id"]
        with gzip.open(os.path.join(DATA, "tokopedia_products_1k/dev.csv.gz"), "rt", encoding="utf-8") as f, \
                open(rows, "w", encoding="utf-8") as out:
            for r in csv.DictReader(f):
                found = r["category_id"] or leaves.get(r["category_path"])
                if found:
                    out.write(f"{found}\t{' '.join(r['title'].split())}\n")
        run_cold("tokopedia_products_1k", "names alone", tree, rows)


def across():
    """Indonesian names of leaves asked of the English tree, without and with its Indonesian names."""
    with gzip.open(os.path.join(DATA, "shopify_taxonomy_2025-08/categories_all_locales.csv.gz"), "rt",
                   encoding="utf-8", newline="") as f:
        nodes = list(csv.DictReader(f))
    ids = {n["en"]: n["id"] for n in nodes}
    with tempfile.TemporaryDirectory(prefix="aisle-bench-") as folder:
        rows = os.path.join(folder, "rows")
        with open(rows, "w", encoding="utf-8") as out:
            out.writelines(f"{n['id']}\t{n['id-ID'].split(' > ')[-1]}\n" for n in nodes if n["is_leaf"] == "1")
        for what, both, closed in (("Indonesian names, English tree", False, 0),
                                   ("the same, a third of the leaves closed", False, 33),
                                   ("the same with both locales", True, 0)):
            tree = os.path.join(folder, "tree")
            with open(tree, "w", encoding="utf-8") as out:
                for n in nodes:
                    parent, _, name = n["en"].rpartition(" > ")
                    other = "\t" + n["id-ID"].split(" > ")[-1] if both else ""
                    out.write(f"{n['id']}\t{ids.get(parent, '')}\t{name}\t{n['is_leaf']}{other}\n")
            run_cold("shopify_taxonomy", what, tree, rows, closed)


# ---- many rows ----

def everything():
    """All labelled titles there are, as one tree."""
    for name in [*SETS, "tiki_vn_56k"]:
        path = os.path.join(DATA, name, "dev.csv.gz")
        if os.path.exists(path):
            with gzip.open(path, "rt", encoding="utf-8", newline="") as f:
                for row in csv.DictReader(f):
                    if row["title"] and row["category_path"]:
                        yield {"id": row.get("id") or "", "title": row["title"], "category_path": f"{name} > {row['category_path']}"}


def large():
    median, most, own_median, own_most = learn("approve", 100000, 5000)[0]
    line("one approval more, of 100,000 in 5,000 leaves", f"{float(median):.0f} us", f"99 %: {float(most):.0f} us", "",
         "aim: 1000 us")
    line("the same, processor time alone", f"{float(own_median):.0f} us", f"99 %: {float(own_most):.0f} us", "", "aim: 1000 us")
    with tempfile.TemporaryDirectory(prefix="aisle-bench-") as folder:
        rows, model = os.path.join(folder, "all.csv"), os.path.join(folder, "m")
        everyone = list(everything())
        with open(rows, "w", encoding="utf-8", newline="") as f:
            writer = csv.DictWriter(f, ["id", "title", "category_path"])
            writer.writeheader()
            writer.writerows(everyone)
        took = timed([AISLE, "model", "train", rows, "--out", model])
        leaves = len({r["category_path"] for r in everyone})
        line(f"a model of {len(everyone):,} rows, {leaves:,} leaves", f"{took:.0f} s", "", "")
        line("its size, for 100,000 rows", f"{os.path.getsize(model) / len(everyone) / 10:.1f} MB", "", "", "aim: 64 MB")
        ready, whole = map(float, learn("ready", model)[0])
        line("ready (the library)", f"{ready:.2f} ms", "", "", "aim: 5 ms")
        line("ready, read through for damage (the command)", f"{whole:.1f} ms", "", "", "aim: 5 ms")


def in_all(found):
    """The sets together, each figure beside what was aimed at."""
    def mean(k):
        return sum(f[k] for f in found) / len(found)

    def least(k):
        return min(found, key=lambda f: f[k])

    n = f"{len(found)} sets"
    for k, what in (("top1", "right"), ("top3", "right among three")) if "top1" in found[0] else ():
        low = least(k)
        line(f"{n}: {what}, over the better peer", f"{mean(k):+.4f}", f"{low['name']} {low[k]:+.4f}", "", "aim: +0.02, +0 on each")
    worst = max(found, key=lambda f: f["ece"])
    line(f"{n}: calibration error", f"{mean('ece'):.3f}", f"{worst['name']} {worst['ece']:.3f}", "", "aim: 0.03 on each")
    low = least("cover98")
    line(f"{n}: acceptable unseen at 98 %", f"{mean('cover98'):.3f}", f"{low['name']} {low['cover98']:.3f}", "")
    for k, aim in (("learning", 10), ("answering", 2)) if "learning" in found[0] else ():
        low = least(k)
        line(f"{n}: {k}, beside fastText", "", f"{low['name']} {low[k]:.1f}x", f"{mean(k):.1f}x", f"aim: {aim}x")


def main():
    names = sys.argv[1:] or SETS
    peers = peers_here()
    print(f"{'':36} {'top1':>6} {'top3':>6} {'ECE':>6} {'cover98':>8} {'train':>10} {'rows':>10}")
    gains = []
    for name in names:
        if os.path.exists(os.path.join(DATA, name, "dev.csv.gz")):
            gains.append(measure(name, peers))
        else:
            print(f"{name}: not in {DATA}, passed over")
    if not sys.argv[1:]:
        for name, run in (("tokopedia_products_1k", cold), ("shopify_taxonomy_2025-08", across)):
            if os.path.exists(os.path.join(DATA, name)):
                run()
            else:
                print(f"{name}: not in {DATA}, passed over")
        large()
    if gains:
        in_all(gains)


if __name__ == "__main__":
    main()
