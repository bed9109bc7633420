#!/usr/bin/env python3
"""What `--accept-at` takes unseen, held against what was right.

In each round other rows are approved; the cut is measured on these as a map run measures it, and put to up to 3,000 rows
that nobody decided. On catalogues of our own (bench/map.py's, other seeds) and, where AISLE_DATA is there, on labelled
sets. A round falls short when fewer are right than was promised, and clearly so when chance (one in a hundred) does not
explain it.

    accept.py [ROUNDS]     default 6
"""
import csv
import gzip
import io
import itertools
import math
import os
import random
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import map as catalogue
from common import ROOT

PROGRAM = os.environ.get("BENCH_ACCEPT", os.path.join(ROOT, "build/bench/bench/bench_accept"))
DATA = os.environ.get("AISLE_DATA", os.path.join(ROOT, "../shared/data"))
SETS = ["mwpd_gpc_16k", "flipkart_20k", "vn_products_1971leaf", "amazon_in_11k", "amazon_uk_toys_10k"]
SHARES = (0.9, 0.95, 0.98)
APPROVED = (300, 2000)
BANDS = ("no seller category", "3 to 9 approved in it", "10 to 29 approved in it", "30 and more approved in it")
WITH_CATEGORIES = ("our own", "mwpd_gpc_16k")
csv.field_size_limit(1 << 30)


def written(rows):
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["id", "title", "category_path", "seller_category"])
    writer.writerows(rows)
    return out.getvalue().encode()


def own(seed, count):
    """A catalogue with its truth, as labelled rows."""
    paths = {leaf: f"{parent} > {name}" for leaf, name, _, parent in catalogue.leaves()}
    with tempfile.TemporaryDirectory() as folder:
        rows, truth = catalogue.make_catalogue(folder, count, images=False, seed=seed)
    return written([r[0], r[1], paths[truth[r[1]]], r[2]] for r in rows)


def labelled(name):
    with gzip.open(os.path.join(DATA, name, "dev.csv.gz"), "rt", encoding="utf-8", newline="") as f:
        return written([r["id"], r["title"], r["category_path"], r.get("seller_category") or ""]
                       for r in csv.DictReader(f) if r["title"] and r["category_path"])


def so_few(right, n, share):
    """How probable it is that of n no more are right, when that share is."""
    return sum(math.exp(math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1) + k * math.log(share) +
                        (n - k) * math.log(1 - share)) for k in range(right + 1))


def judge(text, share, approved, rounds, how):
    """(rounds that took any, that fell short, clearly, asked, accepted, right), and accepted and right of each band"""
    out = subprocess.run([PROGRAM, str(share), str(approved), str(rounds), *how], input=text, stdout=subprocess.PIPE, check=True)
    seen = [[float(word) for word in row.split()] for row in out.stdout.decode().splitlines()]
    took = [(int(row[4]), int(row[5])) for row in seen if row[4]]
    bands = [int(sum(row[i] for row in seen)) for i in range(6, 6 + 2 * len(BANDS))]
    return [len(took), sum(right < share * n for n, right in took),
            sum(right < share * n and so_few(right, n, share) < 0.01 for n, right in took),
            int(sum(row[1] for row in seen)), sum(n for n, _ in took), sum(right for _, right in took)] + bands


def show_bands(share, found):
    for name, accepted, right in zip(BANDS, found[6::2], found[7::2]):
        if accepted:
            short = " SHORT" if right < share * accepted and so_few(right, accepted, share) < 0.01 else ""
            print(f"    {name:<34} {accepted:>7} accepted, {right / accepted:7.2%} right{short}")


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 6
    sets = [("our own, seed 22", own(22, 10000)), ("our own, seed 33", own(33, 10000))]
    sets += [(name, labelled(name)) for name in SETS if os.path.isdir(os.path.join(DATA, name))]
    for share, how in itertools.product(SHARES, ((), ("uneven",))):
        all_of = [0] * (6 + 2 * len(BANDS))
        for name, text in sets:
            if how and not name.startswith(WITH_CATEGORIES):
                continue
            for approved in APPROVED:
                found = judge(text, share, approved, rounds, how)
                all_of = [a + b for a, b in zip(all_of, found)]
                took, short, clearly, asked, accepted, right = found[:6]
                print(f"  {share:.2f} {name:<22} {approved:>5} approved{' unevenly' * bool(how)}: {accepted / asked:6.1%} "
                      f"accepted, {right / accepted if accepted else 1:6.2%} right, {short} of {took} rounds short, "
                      f"{clearly} clearly", flush=True)
        took, short, clearly, asked, accepted, right = all_of[:6]
        print(f"{share:.2f} in all{', approved unevenly' * bool(how)}: {accepted / asked:.1%} accepted, "
              f"{right / max(1, accepted):.2%} right, {short} of {took} rounds short, {clearly} clearly")
        show_bands(share, all_of)


main()
