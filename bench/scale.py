#!/usr/bin/env python3
"""scale - one store, many workers, many products

    scale.py store            pieces of work a second, on SQLite and PostgreSQL, beside the same statements
                              run raw by pgbench (prepared, one transaction each, a connection each)
    scale.py workers          1, 2 and 4 workers at one catalogue, on PostgreSQL; workers-sqlite: on SQLite
    scale.py million N...     so many products imported and mapped, on PostgreSQL

All of them without a word. Every commit waits for the disk."""
import collections
import contextlib
import glob
import json
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

import common
import map as catalogue

HERE = os.path.dirname(os.path.abspath(__file__))
PROGRAM = os.path.join(HERE, "..", "build", "bench", "bench", "bench_scale")
AT = os.environ.get("AISLE_TEST_POSTGRES")
RAW = {
    "read": """\\set id random(0, 19999)
SELECT product.seller_id, product.id, product.title, product.description, product.brand,
product.seller_category_id, product.image_id, (SELECT i.location FROM product_image i WHERE
i.seller_id = product.seller_id AND i.id = product.image_id), product.attributes, product.price_minor,
product.currency, product.created_at, product.updated_at, product.version FROM product
WHERE seller_id = 'acme' AND id = 'P-' || lpad(:id::text, 6, '0');
""",
    "claim": """\\set n random(1, 100)
INSERT INTO lease (name, owner, until) VALUES ('raw-' || :client_id || '-' || :n, 'me', 60)
ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, until = excluded.until
WHERE lease.owner = excluded.owner OR lease.until < 0;
""",
    "step": """\\set n random(1, 1000000000)
BEGIN;
SELECT owner FROM run WHERE id = 'r-' || (1600 + :client_id) FOR NO KEY UPDATE;
UPDATE run SET done = done + 1 WHERE id = 'r-' || (1600 + :client_id);
INSERT INTO answer VALUES ('acme', 'raw', 'q-' || :client_id || '-' || :n, '', 0, '', '', '', 0, 0)
ON CONFLICT (seller_id, target_id, question) DO UPDATE SET at = excluded.at;
INSERT INTO run_item VALUES ('raw', 'acme', 'K-' || :client_id || '-' || :n, 'mapped', '', 'none', '',
'', 0) ON CONFLICT (run_id, seller_id, product_id) DO UPDATE SET at = excluded.at;
UPDATE counter SET last = last + 1 WHERE name = 'decision' RETURNING last \\gset
SELECT seq, settled FROM mapping WHERE seller_id = 'acme' AND target_id = 'raw' AND scope = 'product'
AND key = 'K-' || :client_id || '-' || :n;
INSERT INTO decision VALUES ('acme', :last, 'raw', 'product', 'K-' || :client_id || '-' || :n,
'accepted', '600001', 'local', 0, 'aisle', '', 'b-1', '', 0, 0, 0, 0, 0);
INSERT INTO mapping VALUES ('acme', 'raw', 'product', 'K-' || :client_id || '-' || :n, '600001',
'accepted', 1, :last) ON CONFLICT (seller_id, target_id, scope, key) DO UPDATE SET seq = excluded.seq;
COMMIT;
""",
}


def ours(location, name):
    done = subprocess.run([PROGRAM, location, name], check=True, capture_output=True, text=True)
    return {(w, int(t)): float(n) for _, w, t, n in (line.split() for line in done.stdout.splitlines())}


def raw(what, clients, folder):
    path = os.path.join(folder, what + ".sql")
    with open(path, "w", encoding="utf-8") as file:
        file.write(RAW[what])
    pgbench = max(glob.glob("/usr/lib/postgresql/*/bin/pgbench"))
    done = subprocess.run([pgbench, "-n", "-M", "prepared", "-c", str(clients), "-j", "2", "-T", "2",
                           "-f", path, AT], capture_output=True, text=True, check=False,
                          env={**os.environ, "PGOPTIONS": "-csearch_path=ours"})
    for line in done.stdout.splitlines():
        if line.startswith("tps ="):
            return float(line.split()[2])
    raise SystemExit("pgbench: " + done.stderr[-500:])


def store_work(folder):
    sqlite = ours(os.path.join(folder, "aisle.db"), "sqlite")
    subprocess.run(["psql", "-Xq", AT, "-c", "CREATE SCHEMA ours"], check=True)
    postgres = ours(schema("ours"), "postgresql")
    print(f"{'a second':<14}{'threads':>8}{'SQLite':>10}{'PostgreSQL':>12}{'raw':>10}{'of raw':>8}")
    for (what, threads), n in postgres.items():
        peer = raw(what, threads, folder) if what in RAW else raw_copy() if what == "import-new" else 0
        print(f"{what:<14}{threads:>8}{sqlite[what, threads]:>10.0f}{n:>12.0f}"
              + (f"{peer:>10.0f}{n / peer:>8.0%}" if peer else ""), flush=True)


def raw_copy(count=20000):
    """Rows a second that psql's COPY brings into a table with the same indexes, one after the other in
    pieces of as many as ours."""
    psql = ["psql", "-Xq", schema("ours"), "-v", "ON_ERROR_STOP=1"]
    subprocess.run([*psql, "-c", "CREATE TABLE raw_product (LIKE product INCLUDING ALL)"], check=True)
    began = time.monotonic()
    with subprocess.Popen(psql, stdin=subprocess.PIPE, text=True) as p:
        for at in range(0, count, 1000):
            p.stdin.write("COPY raw_product FROM STDIN;\n")
            p.stdin.writelines(
                f"acme\tR-{n:06d}\tKaos Polos Katun Pria Lengan Pendek\tKatun adem, nyaman dipakai.\t\tC-{n % 300}"
                f"\timage-{n}\t\t4999900\tIDR\t1\t1\t1\n" for n in range(at, at + 1000))
            p.stdin.write("\\.\n")
    if p.returncode:
        raise SystemExit("psql: COPY failed")
    return count / (time.monotonic() - began)


# ---- workers, and a catalogue of any size ----

def schema(name):
    return f"{AT}?options=-csearch_path%3D{name}"


class OnServer:
    """A store of the bench's in a schema of its own; or in its file."""

    def __init__(self, b, name):
        self.b, self.name = b, name

    def __enter__(self):
        if self.name:
            subprocess.run(["psql", "-Xq", AT, "-c", f"CREATE SCHEMA {self.name}"], check=True)
            self.b.env["AISLE_STORE"] = schema(self.name)
            self.b.aisle("init")

    def __exit__(self, *_):
        if self.name:
            subprocess.run(["psql", "-Xq", AT, "-c", f"SET client_min_messages = warning; DROP SCHEMA {self.name} CASCADE"],
                           check=True)


def cpu_of(pid):
    """Seconds of CPU a process took, and its children that it has waited for (proc(5), stat)."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as f:
            fields = f.read().rpartition(")")[2].split()
    except FileNotFoundError:
        return 0
    return sum(int(n) for n in fields[11:15]) / os.sysconf("SC_CLK_TCK")


def server_cpu():
    """The same of the server and all it runs; 0 where it is not ours."""
    folder = os.environ.get("AISLE_TEST_POSTGRES_DIR")
    if not folder:
        return 0
    with open(os.path.join(folder, "data/postmaster.pid"), encoding="utf-8") as f:
        top = int(f.readline())
    with open(f"/proc/{top}/task/{top}/children", encoding="utf-8") as f:
        return cpu_of(top) + sum(map(cpu_of, f.read().split()))  # one that ends meanwhile is its parent's


def ask(sql):
    done = subprocess.run(["psql", "-XAtq", AT, "-c", sql], check=True, capture_output=True, text=True)
    return done.stdout.splitlines()


class Account:
    """Who used the processors, how often the server committed and waited for its disk, and what its
    sessions were seen waiting for, of 10 looks a second."""
    SERVER = "SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()"
    DISK = "SELECT wal_sync FROM pg_stat_wal"
    LOOK = ("SELECT coalesce(wait_event, 'running') FROM pg_stat_activity WHERE state <> 'idle' "
            "AND state <> 'idle in transaction' AND pid <> pg_backend_pid() UNION ALL "
            "SELECT 'idle in transaction' FROM pg_stat_activity WHERE state = 'idle in transaction'")

    def __init__(self, b, on_server):
        self.b, self.on_server, self.looker = b, on_server, None

    def __enter__(self):
        self.sandbox = cpu_of(self.b.sandbox.pid)
        if self.on_server:
            self.server, (self.commits,), (self.syncs,) = server_cpu(), ask(self.SERVER), ask(self.DISK)
            self.out = tempfile.TemporaryFile("w+")
            self.looker = subprocess.Popen(["psql", "-XAtq", AT], stdin=subprocess.PIPE, text=True, stdout=self.out)
            self.looker.stdin.write(self.LOOK + " \\watch 0.1\n")
            self.looker.stdin.flush()
        return self

    def __exit__(self, *_):
        if self.looker:
            self.looker.terminate()
            self.looker.wait()

    def told(self, count, workers_cpu):
        """One line for so many products."""
        parts = [f"CPU ms a product: workers {1000 * workers_cpu / count:.2f}",
                 f"sandbox {1000 * (cpu_of(self.b.sandbox.pid) - self.sandbox) / count:.2f}"]
        if not self.on_server:
            return ", ".join(parts)
        time.sleep(1)  # until idle sessions have told their counts
        commits, syncs = int(ask(self.SERVER)[0]) - int(self.commits), int(ask(self.DISK)[0]) - int(self.syncs)
        self.out.seek(0)
        seen = collections.Counter(line for line in self.out.read().splitlines() if line and "\t" not in line and "every" not in line)
        parts.append(f"PostgreSQL {1000 * (server_cpu() - self.server) / count:.2f}")
        most = ", ".join(f"{what} {n / max(1, sum(seen.values())):.0%}" for what, n in seen.most_common(6))
        return (", ".join(parts) + f"; {commits / count:.2f} commits and {syncs / count:.2f} waits for the disk a product"
                f"\n    sessions: {most}")


def open_tasks(b):
    """By a plain question: a command each time would be a measurable part of the work."""
    sql = "SELECT count(*) FROM task WHERE state IN ('waiting', 'taken')"
    if b.env.get("AISLE_STORE", "").startswith("postgresql:"):
        done = subprocess.run(["psql", "-XAtq", b.env["AISLE_STORE"], "-c", sql], check=True, capture_output=True, text=True)
        return int(done.stdout)
    with contextlib.closing(sqlite3.connect(f"file:{b.path('aisle.db')}?mode=ro", uri=True, timeout=10)) as store:
        return store.execute(sql).fetchone()[0]


def wall_of(b, workers, jobs):
    """Seconds until nothing waits and nobody is at anything, and the workers' CPU. What comes round by the
    clock is left out: looking at what leaves demand would take longer than to map onto them."""
    began = time.monotonic()
    no_rounds = [word for what in ("sync", "requirements", "status", "train") for word in (f"--{what}-every", "0")]
    crew = [subprocess.Popen([common.AISLE, "worker", "--slots", "2", "--jobs", str(jobs), "-q", *no_rounds],
                             cwd=b.dir, env=b.env, stdout=subprocess.DEVNULL) for _ in range(workers)]
    while open_tasks(b):
        time.sleep(0.25)
    took = time.monotonic() - began
    cpu = sum(cpu_of(one.pid) for one in crew)
    for one in crew:
        one.send_signal(signal.SIGTERM)
    ended = [one.wait() for one in crew]
    if any(code not in (0, 130, 143) for code in ended):
        raise SystemExit(f"a worker ended with {ended}")
    return took, cpu


def workers_work(kind, count=5000, jobs=2):
    """Every product is asked about (the guide's policy), images are few and shared: what there is to do is
    to wait for answers, of which each worker has 2 x jobs under way."""
    print(f"{count} products on {kind}, 50 ms answers, {2 * jobs} calls under way a worker")
    one = 0
    for workers in (1, 2, 4):
        with common.Bench() as b:
            rows, _ = catalogue.make_catalogue(b.dir, count, images=False)
            os.makedirs(b.path("images"), exist_ok=True)
            with open(b.path("images/0.png"), "wb") as f:
                f.write(catalogue.png(0))
            with open(b.path("catalogue.csv"), "w", encoding="utf-8") as f:
                f.write("sku,title,category,image\n")
                f.writelines(f"{r[0]},{r[1]},{r[2]},images/0.png\n" for r in rows)
            b.start_sandbox("--truth", b.path("truth.tsv"), "--fault", "delay=1,ms=50")
            with OnServer(b, f"workers_{workers}" if kind == "PostgreSQL" else None):
                catalogue.connect(b)
                b.aisle("work", "add", "map", "--policy", "guide", "--share", "40", "--image-root", b.dir)
                with Account(b, kind == "PostgreSQL") as account:
                    took, cpu = wall_of(b, workers, jobs)
                told = account.told(count, cpu)
                done = len(catalogue.mappings(b))
        one = one or took
        common.line(f"{workers} workers on {kind}", f"{count / took:.0f} products/s", f"{took:.1f} s", f"{one / took:.2f}x",
                    ("aim of 4: 3.5x; " if workers == 4 else "") + f"{done} mapped")
        print("    " + told, flush=True)


def million_work(counts):
    """Imported, imported again, mapped; each process's own peak, the server's is its settings'."""
    print("on PostgreSQL: import, the same again, map; answers at once")
    for count in counts:
        with common.Bench() as b:
            subprocess.run([sys.executable, os.path.join(HERE, "map.py"), "catalogue", b.dir, str(count)], check=True)
            b.start_sandbox("--truth", b.path("truth.tsv"))
            with OnServer(b, f"million_{count}"):
                b.aisle("shop", "add", "toko", "--api-url", b.keys["TIKTOK_API_URL"])
                b.aisle("tree", "sync", "toko", "--locale", "id-ID,en-US")
                for what, words in (("import", ("product", "import", "catalogue.csv")),
                                    ("import again", ("product", "import", "catalogue.csv")),
                                    ("map", ("map", "run", "--jobs", "16"))):
                    took, peak, _, _ = b.aisle(*words, ok=(0, 7))
                    common.line(f"{what} {count:,} products", f"{took:.1f} s", f"{count / took:,.0f} a second", "",
                                f"peak {peak:.0f} MiB")


def main():
    if not AT:
        script = os.path.join(HERE, "..", "tests", "private-postgres")
        os.execve(script, [script, sys.executable, os.path.abspath(__file__), *sys.argv[1:]],
                  {**os.environ, "SAFE": "1"})
    what = sys.argv[1:] or ["store", "workers", "workers-sqlite", "million", "1000000"]
    if "store" in what:
        with tempfile.TemporaryDirectory() as folder:
            store_work(folder)
    for word, kind in (("workers", "PostgreSQL"), ("workers-sqlite", "SQLite")):
        if word in what:
            workers_work(kind)
    if "million" in what:
        million_work([int(n) for n in what if n.isdigit()])


if __name__ == "__main__":
    main()
