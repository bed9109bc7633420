#!/usr/bin/env python3
"""The matcher as a filter, `aisle map suggest --jsonl < products > suggestions`, as engines that pipe lines run it.

A model is trained on one labelled set; its titles, over and over, are the products. Shown are the rows a second of one
process and of as many at once as `xargs -P` is told, up to the cores, over files of equal length, by the clock and of a
second of processor time; beside them what the machine gives programs at once that share nothing and hardly touch memory.
Then the peak memory for 10,000 and for 200,000 lines, and how much of the mapped model a process has to itself while
others share it. One line in a thousand is none: it is answered too, in its place. Needs real data (AISLE_DATA).
"""
import csv
import gzip
import itertools
import json
import os
import resource
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from common import AISLE, ROOT, line

SET = os.path.join(os.environ.get("AISLE_DATA", os.path.join(ROOT, "../shared/data")), "amazon_uk_toys_10k/dev.csv.gz")
FEW, MANY, SHARD = 10000, 200000, 20000
BROKEN, PARTLY = 1000, 7  # a broken line in so many; and then the exit code
csv.field_size_limit(1 << 30)


def write_lines(path, titles, count):
    with open(path, "w", encoding="utf-8") as f:
        for n, title in enumerate(itertools.islice(itertools.cycle(titles), count)):
            f.write("{no line\n" if n % BROKEN == 7 else
                    json.dumps({"id": str(n), "title": title}, ensure_ascii=False) + "\n")


def command(model):
    return [AISLE, "map", "suggest", "--model", model, "--jsonl", "--limit", "3"]


def peak_mb(model, products):
    with open(products, encoding="utf-8") as f:
        p = subprocess.Popen(command(model), stdin=f, stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(p.pid, 0)
        p.returncode = os.waitstatus_to_exitcode(status)
    if p.returncode != PARTLY:
        sys.exit(f"the filter ended with {p.returncode}")
    return usage.ru_maxrss / 1024


def processor_s():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def check_answers(path, shard):
    with open(path, encoding="utf-8") as f:
        rows = [json.loads(text) for text in f]
    for n, row in enumerate(rows):
        if ("error" not in row or row["line"] != n + 1) if n % BROKEN == 7 else row["id"] != str(n):
            sys.exit(f"shard {shard}: line {n + 1} was answered with {row}")
    if len(rows) != SHARD:
        sys.exit(f"shard {shard} has {len(rows)} answers")


def at_once(folder, model, processes, shards):
    """Rows a second of each process, by the clock and of processor time; every answer is looked at."""
    used, began = processor_s(), time.monotonic()
    subprocess.run(["xargs", "-P", str(processes), "-I{}", "sh", "-c",
                    " ".join(command(model)) + f" < {folder}/shard > {folder}/answers.{{}} || [ $? = {PARTLY} ]"],
                   check=True, text=True, input="".join(f"{n}\n" for n in range(shards)))
    took, used = time.monotonic() - began, processor_s() - used
    for n in range(shards):
        check_answers(f"{folder}/answers.{n}", n)
    return shards * SHARD / took / processes, shards * SHARD / used


def machine(processes):
    """How fast a loop goes beside others, of its speed alone."""
    def took(count):
        began = time.monotonic()
        loops = [subprocess.Popen([sys.executable, "-c", "for i in range(20000000): pass"]) for _ in range(count)]
        for p in loops:
            p.wait()
        return time.monotonic() - began

    return min(took(1) for _ in range(3)) / min(took(processes) for _ in range(3))


def of_model(pid, model):
    """Kilobytes of the model in this process's memory, and those that it has to itself."""
    there = own = 0
    with open(f"/proc/{pid}/smaps", encoding="utf-8") as f:
        inside = False
        for text in f:
            words = text.split()
            if "-" in words[0] and not words[0].endswith(":"):
                inside = text.rstrip().endswith(model)
            elif inside and words[0] == "Rss:":
                there += int(words[1])
            elif inside and words[0] in ("Private_Dirty:", "Anonymous:"):
                own += int(words[1])
    return there, own


def shared(folder, model):
    """Two processes that have answered a shard each and wait for more."""
    with open(f"{folder}/shard", "rb") as f:
        products = f.read()
    waiting = []
    for n in range(2):
        out = open(f"{folder}/waiting.{n}", "wb")  # pylint: disable=consider-using-with
        p = subprocess.Popen(command(model), stdin=subprocess.PIPE, stdout=out)
        p.stdin.write(products)
        p.stdin.flush()
        waiting.append(p)
    there, own = zip(*(of_model(p.pid, model) for p in waiting))
    for p in waiting:
        p.stdin.close()
        p.wait()
    return max(there), max(own)


def main():
    if not os.path.exists(SET):
        print(f"  left out: there is no {SET}")
        return
    with tempfile.TemporaryDirectory(prefix="aisle-bench-") as folder:
        model = os.path.join(folder, "model")
        with gzip.open(SET, "rt", encoding="utf-8", newline="") as f, \
                open(f"{folder}/train.csv", "w", encoding="utf-8", newline="") as out:
            rows = [(r["title"], r["category_path"]) for r in csv.DictReader(f) if r["title"] and r["category_path"]]
            csv.writer(out).writerows([("title", "category_path"), *rows])
        subprocess.run([AISLE, "model", "train", f"{folder}/train.csv", "--titles-only", "-o", model], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        titles = [title for title, _ in rows]
        for name, count in (("few", FEW), ("many", MANY), ("shard", SHARD)):
            write_lines(f"{folder}/{name}", titles, count)
        few, many = (peak_mb(model, f"{folder}/{name}") for name in ("few", "many"))
        line(f"filter: peak memory, {MANY:,} lines", f"{many:.1f} MiB", f"{FEW:,} lines: {few:.1f} MiB", f"{many / few:.2f}x",
             "aim: 1; the mapped model is in it")
        there, own = shared(folder, model)
        line("filter: of the model, a process's own", f"{own} kB", f"mapped and used: {there} kB", "", "aim: 0, all shared")
        first = None
        for processes in sorted({1, 2, os.cpu_count() or 1}):
            rate, own = max(at_once(folder, model, processes, 2 * processes) for _ in range(3))
            first = first or (rate, own)
            line(f"filter, {processes} at once: rows a second, each", f"{rate:.0f}/s", f"in all {rate * processes:.0f}/s",
                 f"{rate / first[0]:.2f}x", f"aim: 1, of one's; the machine gives a bare loop {machine(processes):.2f}")
            line(f"filter, {processes} at once: a second of processor time", f"{own:.0f}/s", "", f"{own / first[1]:.2f}x")


main()
