#!/usr/bin/env python3
"""The examples, run against a sandbox: examples.py SANDBOXD GET_CATEGORIES SYNC_AND_MAP
prints TAP."""
import csv, json, os, re, shutil, signal, subprocess, sys, tempfile, time, urllib.request

SANDBOXD, GET_CATEGORIES, SYNC_AND_MAP = sys.argv[1:]
DATA = os.path.join(os.environ["SOURCE_ROOT"], "src", "sandbox", "data")
results = []


def check(says, good, shown=""):
    results.append(good)
    print(f"{'ok' if good else 'not ok'} {len(results)} - {says}")
    if not good:
        print("# " + str(shown).replace("\n", "\n# "))


class Sandbox:
    def __init__(self, log):
        self.log = log
        self.process = subprocess.Popen([SANDBOXD, "seed=7", "log_file=" + log], text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.who = json.loads(self.process.stdout.readline())

    def keys(self):
        shop = self.who["shops"][0]
        return {"TIKTOK_APP_KEY": self.who["app_key"],
                "TIKTOK_APP_SECRET": self.who["app_secret"],
                "TIKTOK_APP_ACCESS_KEY": shop["access_token"],
                "TIKTOK_SHOP_CIPHER": shop["cipher"],
                "TIKTOK_API_URL": self.who["url"]}

    def tell(self, method, path, body=b""):
        request = urllib.request.Request(
            self.who["url"] + path, body, method=method,
            headers={"Authorization": "Bearer " + self.who["control_token"],
                     "Content-Type": "application/json"})
        urllib.request.urlopen(request).read()

    def calls(self, path=""):
        with open(self.log) as f:
            text = f.read()
        whole = text[:text.rfind("\n") + 1].splitlines()  # the last is being written
        return [call for call in map(json.loads, whole) if path in call["path"]]

    def stop(self):
        self.process.stdin.close()
        self.process.wait()


def run(environment, *command):
    """What a program said, with nothing in its environment but this and what sanitizers
    and the loader need."""
    kept = {k: v for k, v in os.environ.items()
            if k == "PATH" or k.endswith("SAN_OPTIONS") or k == "LD_LIBRARY_PATH"}
    return subprocess.run(command, env={**kept, **environment}, capture_output=True,
                          text=True, timeout=120)


# ---- get_categories ----

def kaos_of_the_tree():
    """The lines to expect, from the sandbox's own rows."""
    with open(os.path.join(DATA, "tree.tsv"), newline="") as f:
        rows = list(csv.DictReader(f, delimiter="\t", quoting=csv.QUOTE_NONE))
    rows = [r for r in rows
            if "v1" in r["versions"].split(",")
            and "TIKTOK_SHOP" in r["platforms"].split(",")]
    parents = {r["parent_id"] for r in rows}
    return [f'{r["id"]}\t{r["id-ID"]}\t{"" if r["parent_id"] == "0" else r["parent_id"]}\t'
            f'{"parent" if r["id"] in parents else "leaf"}'
            for r in rows if "kaos" in r["id-ID"].lower()]


def get_categories(sandbox):
    keys = sandbox.keys()
    said = run(keys, GET_CATEGORIES)
    wanted = kaos_of_the_tree()
    check("get_categories prints the categories with Kaos in their name",
          said.returncode == 0 and said.stderr == "" and len(wanted) > 3
          and said.stdout.splitlines() == wanted, said)
    asked = sandbox.calls("/categories")[-1]["query"]
    check("it asks what the guide's example asks",
          {k: asked.get(k) for k in ("locale", "keyword", "category_version",
                                     "listing_platform")} ==
          {"locale": "id-ID", "keyword": "Kaos", "category_version": "v1",
           "listing_platform": "TIKTOK_SHOP"}, asked)

    for variable, code, message in (
            ("TIKTOK_APP_SECRET", "106001", "Invalid credentials."),
            ("TIKTOK_APP_ACCESS_KEY", "36009004", "Invalid credentials."),
            ("TIKTOK_SHOP_CIPHER", None, "")):
        said = run({**keys, variable: "wrong"}, GET_CATEGORIES)
        call = sandbox.calls("/categories")[-1]
        lines = said.stderr.splitlines()
        check(f"with a wrong {variable} it tells the API's error, its code and request id",
              said.returncode == 1 and said.stdout == "" and len(lines) == 3
              and lines[0].startswith("TikTok API Error: " + message)
              and lines[1] == "Status Code: " + (code or str(call["code"]))
              and lines[2] == "Request Id: " + call["request_id"], said)

    before = len(sandbox.calls())
    for says, changed, line in (
            ("without an app key", {"TIKTOK_APP_KEY": ""}, "the app key is missing"),
            ("without a token", {"TIKTOK_APP_ACCESS_KEY": ""},
             "Get Categories: no access token, sign in first"),
            ("with keys that would go to a stranger",
             {"TIKTOK_API_URL": "https://shop.example"},
             "shop.example is no host of channel tiktok: keys go only to its own, or to a "
             "stand-in on this machine")):
        said = run({**keys, **changed}, GET_CATEGORIES)
        check(says + " it is another error, told in one line",
              said.returncode == 1 and said.stdout == ""
              and said.stderr == f"Unexpected error: {line}\n", said)
    check("and nobody is asked", len(sandbox.calls()) == before)


# ---- sync_and_map ----

def lines_that(pattern, said):
    return [m for m in (re.fullmatch(pattern, line) for line in said.stdout.splitlines())
            if m]


TREE = r"toko-a:v2:TIKTOK_SHOP: (\S+), (\d+) categories, (\d+) leaves"
FILE = r"\S+: (\d+) products: (\d+) new, (\d+) changed, (\d+) as they were"
ITEM = r"  (\S+)\t(mapped|refused|no-image|failed|needs-person|skipped)\t(\S*)\t.*"
RUN = (r"(r-\S+): (\d+) of (\d+) products had their turn: (\d+) mapped, (\d+) refused, "
       r"(\d+) for a person")
CALLS = r"(\d+) calls, (\d+) saved"


def the_only(pattern, said):
    found = lines_that(pattern, said)
    return found[0].groups() if len(found) == 1 else (None,) * 6


def first_run(sandbox, env, command):
    said = run(env, *command)
    check("sync_and_map ends well", said.returncode == 0, said)
    outcome, categories, leaves = the_only(TREE, said)
    check("it brings in the tree", outcome == "first" and int(leaves) > 500, said.stdout)
    products, new, changed, same = the_only(FILE, said)
    check("it brings in the catalogue", products and int(new) > 200, said.stdout)
    items = lines_that(ITEM, said)
    run_id, done, total, mapped, refused, person = the_only(RUN, said)
    check("every product has its turn and its line",
          done == total == new == str(len(items))
          and len({m.group(1) for m in items}) == len(items), said.stdout)
    check("the counts are those of the lines",
          all(sum(m.group(2) == state for m in items) == int(count or -1)
              for state, count in (("mapped", mapped), ("refused", refused),
                                   ("needs-person", person))), said.stdout)
    calls, saved = the_only(CALLS, said)
    asked = len(sandbox.calls("/recommend")) + len(sandbox.calls("/images/upload"))
    check("the calls are those the marketplace counted", calls == str(asked),
          f"{calls} told, {asked} counted")


def second_run(sandbox, env, command):
    before = sandbox.calls("/recommend")
    answered = {call["title"] for call in before if call.get("leaf")}
    said = run(env, *command)
    outcome, categories, leaves = the_only(TREE, said)
    products, new, changed, same = the_only(FILE, said)
    check("a second time the tree is unchanged and the products are as they were",
          said.returncode == 0 and outcome == "unchanged" and new == changed == "0", said)
    again = [call["title"] for call in sandbox.calls("/recommend")[len(before):]]
    check("and no question that was answered is put again",
          len(answered) > 200 and not answered.intersection(again), again)


def after_evolving(sandbox, env, command):
    with open(os.path.join(DATA, "evolve.json"), "rb") as f:
        sandbox.tell("POST", "/_sandbox/evolve", f.read())
    said = run(env, *command)
    outcome, categories, leaves = the_only(TREE, said)
    check("when the tree has changed it tells what changed",
          said.returncode == 0 and outcome == "changed"
          and lines_that(r"  renamed: .*Snacks & Nibbles", said)
          and lines_that(r"  added: .*", said) and lines_that(r"  removed: .*", said), said)
    check("and whose mappings it breaks",
          lines_that(r"  .* was mapped to .* > Men's T-Shirts \(no longer a leaf\); now "
                     r"perhaps .* > Men's T-Shirts > .*", said), said.stdout)


def interrupted(sandbox, env, command):
    """Ctrl-C after a few questions; the same line again goes on."""
    before = len(sandbox.calls("/recommend"))
    sandbox.tell("PUT", "/_sandbox/fault",
                 json.dumps([{"kind": "delay", "rate": 1, "ms": 200,
                              "path": "/recommend"}]).encode())
    program = subprocess.Popen(command, env={**os.environ, **env}, text=True,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    while len(sandbox.calls("/recommend")) < before + 3 and program.poll() is None:
        time.sleep(0.01)
    program.send_signal(signal.SIGINT)
    out, words = program.communicate(timeout=60)
    sandbox.tell("PUT", "/_sandbox/fault", b"[]")
    first = re.search(RUN, out)
    check("Ctrl-C stops it with a word",
          program.returncode == 1 and first and words.rstrip().endswith("(stopped)"),
          out[-500:] + words)
    said = run(env, *command)
    again = re.search(RUN, said.stdout)
    check("the same line goes on with the same run and ends it",
          said.returncode == 0 and first and again and first[1] == again[1]
          and int(first[2]) < int(again[2]) == int(again[3]), said)


def sync_and_map(sandbox, folder):
    env = {**sandbox.keys(), "AISLE_KEY": "5e" * 32}
    command = [SYNC_AND_MAP, os.path.join(folder, "one.db"),
               os.path.join(DATA, "catalogue.csv")]
    first_run(sandbox, env, command)
    second_run(sandbox, env, command)
    after_evolving(sandbox, env, command)
    command[1] = os.path.join(folder, "two.db")
    interrupted(sandbox, env, command)

    said = run({**env, "AISLE_KEY": ""}, SYNC_AND_MAP, os.path.join(folder, "three.db"),
               command[2])
    check("without a key for the store it says what is missing",
          said.returncode == 1 and said.stderr.rstrip().endswith("(config)"), said)
    said = run(env, SYNC_AND_MAP)
    check("without a store it says how it is used",
          said.returncode == 2 and said.stderr.startswith("usage: "), said)


def main():
    folder = tempfile.mkdtemp(prefix="aisle-examples-")
    sandbox = Sandbox(os.path.join(folder, "calls.jsonl"))
    try:
        get_categories(sandbox)
        sync_and_map(sandbox, folder)
    finally:
        sandbox.stop()
        shutil.rmtree(folder)
    print(f"1..{len(results)}")
    sys.exit(0 if all(results) else 1)


main()
