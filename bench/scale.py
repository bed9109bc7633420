#!/usr/bin/env python3
"""scale - pieces of work a second, on SQLite and PostgreSQL, beside the same statements run raw by
pgbench (prepared, one transaction each, a connection each). Both wait for the disk at a commit."""
import glob
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
PROGRAM = os.path.join(HERE, "..", "build", "bench", "bench", "bench_scale")
AT = os.environ.get("AISLE_TEST_POSTGRES")
RAW = {
    "read": """\\set id random(0, 19999)
SELECT title, description, brand, seller_category_id, price_minor FROM product
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


def main():
    if not AT:
        script = os.path.join(HERE, "..", "tests", "private-postgres")
        os.execve(script, [script, sys.executable, os.path.abspath(__file__)],
                  {**os.environ, "SAFE": "1"})
    with tempfile.TemporaryDirectory() as folder:
        sqlite = ours(os.path.join(folder, "aisle.db"), "sqlite")
        subprocess.run(["psql", "-Xq", AT, "-c", "CREATE SCHEMA ours"], check=True)
        postgres = ours(AT + "?options=-csearch_path%3Dours", "postgresql")
        print(f"{'a second':<14}{'threads':>8}{'SQLite':>10}{'PostgreSQL':>12}{'raw':>10}{'of raw':>8}")
        for (what, threads), n in postgres.items():
            peer = raw(what, threads, folder) if what in RAW else 0
            print(f"{what:<14}{threads:>8}{sqlite[what, threads]:>10.0f}{n:>12.0f}"
                  + (f"{peer:>10.0f}{n / peer:>8.0%}" if peer else ""))


if __name__ == "__main__":
    main()
