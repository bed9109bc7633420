"""What marketplaces really answered and files sellers really have. Skipped where the data
is not there (AISLE_DATA)."""
import collections
import csv
import gzip
import json
import os
import re

import world

# a blank line and a TAB before the mark hid the header from whoever counted
COUNTED_OTHERWISE = {"dorechi_ru_tab_bom.csv": 9,
                     # rows, seven of them variations
                     "official_sample_products.csv": 18, "official_sample_products_override.csv": 18}
DAYS = ("get_categories_2026-06-02", "get_categories_2026-06-18_L1-L3")


def unpacked(w, name, *parts):
    with gzip.open(world.real_data(*parts)) as file:
        return w.write(name, file.read())


def rows_of(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def true_changes():
    """As the table of the two days tells: {id: {what: (old, new)}}."""
    changes = collections.defaultdict(dict)
    for row in rows_of(world.real_data("tiktok_tree_id", "diff_06-02_to_06-18.csv")):
        changes[row["id"]][row["change"]] = (row["old"], row["new"])
    return dict(changes)


def nodes(path):
    with open(path, encoding="utf-8") as file:
        answer = json.load(file)
    return {c["id"]: c for c in answer.get("data", answer)["categories"]}


def told_changes(diff, then, now):
    """What tree diff tells, in that table's words; moved as well, which it has none of."""
    told = collections.defaultdict(dict)
    for row in diff:
        old, new = then.get(row["id"], {}), now.get(row["id"], {})
        for change in row["change"].split(","):
            if change == "added":
                told[row["id"]]["added"] = ("", new["local_name"])
            elif change == "removed":
                told[row["id"]]["removed"] = (old["local_name"], "")
            elif change == "renamed":
                told[row["id"]]["changed:local_name"] = (old["local_name"], new["local_name"])
            elif change in ("leaf-to-parent", "parent-to-leaf"):
                was = "True" if change == "leaf-to-parent" else "False"
                told[row["id"]]["changed:is_leaf"] = (was, "False" if was == "True" else "True")
            else:
                told[row["id"]][change] = (row.get("was"), row.get("is"))
    return dict(told)


@world.case("two days of TikTok Shop Indonesia differ as they really did")
def _(w):
    files = [unpacked(w, f"day{n}.json", "tiktok_tree_id", "raw", f"{day}.json.gz")
             for n, day in enumerate(DAYS)]
    then, now = nodes(files[0]), nodes(files[1])
    sandbox = w.sandbox("--tree", files[0])
    w.connect()
    first = w.ok("tree", "sync", "toko", "--locale", "id-ID", "--json").json()[0]
    world.eq((first["outcome"], first["categories"], first["leaves"]), ("first", 2161, 1908))
    sandbox.stop(for_now=True)
    sandbox.words = ["--tree", files[1]]
    sandbox.restart()
    # 37 of 1,908 leaves are gone: within what may shrink
    second = w.ok("tree", "sync", "toko", "--json").json()[0]
    world.eq((second["outcome"], second["categories"], second["leaves"]),
             ("changed", 2162, 1873))
    diff = w.ok("tree", "diff", "--target", "toko", "--json").json()
    world.eq(told_changes(diff, then, now), true_changes(), "changes")
    again = w.ok("tree", "sync", "toko", "--exit-code", "--json").json()[0]
    world.eq(again["outcome"], "unchanged")


@world.case("the tree that was served is the tree that is kept, stray spaces and all")
def _(w):
    file = unpacked(w, "day.json", "tiktok_tree_id", "raw", f"{DAYS[0]}.json.gz")
    w.sandbox("--tree", file)
    w.connect()
    w.ok("tree", "sync", "toko", "--locale", "id-ID")
    kept = [(row[0], row[1] or "0", row[2], row[3]) for row in  # a root's is kept as none
            w.rows("SELECT id, parent_id, local_name, is_leaf FROM category_now")]
    served = [(c["id"], c["parent_id"], c["local_name"], int(c["is_leaf"]))
              for c in nodes(file).values()]
    world.eq(sorted(kept), sorted(served), "rows")


@world.case("the whole tree of Tokopedia comes through its own endpoint")
def _(w):
    file = unpacked(w, "tokopedia.json", "tokopedia_tree", "raw", "category.json.gz")
    with open(file, encoding="utf-8") as text:
        tree = json.load(text)
    served = {}

    def walk(list_, parent):
        for node in list_:
            children = node.get("children") or []
            served[str(node["id"])] = (str(parent), node["name"], int(not children))
            walk(children, node["id"])
    walk(tree, 0)
    world.eq((len(served), sum(leaf for _, _, leaf in served.values())), (3222, 2831), "the file")

    sandbox = w.sandbox("--tokopedia-tree", file)
    w.connect()
    w.ok("shop", "add", "tokped", "--channel", "tokopedia", "--remote-id",
         sandbox.id["TOKOPEDIA_FS_ID"], "--api-url", sandbox.id["AISLE_SANDBOX_URL"],
         "--secrets", sandbox.env_file)
    done = w.ok("tree", "sync", "tokped", "--json").json()[0]
    world.eq((done["outcome"], done["categories"], done["leaves"]), ("first", 3222, 2831))
    kept = {row[0]: (row[1] or "0", row[2], row[3]) for row in
            w.rows("SELECT id, parent_id, local_name, is_leaf FROM category_now")}
    world.eq(kept, served, "rows")
    again = w.ok("tree", "sync", "tokped", "--json").json()[0]
    world.eq(again["outcome"], "unchanged")


def imported(w, *words):
    """What product import tells of a file: its row, and the lines it named."""
    done = w.aisle("product", "import", *words, "--json")
    world.true(done.code in (0, 6, 7), str(done))
    lines = [int(n) for n in re.findall(r":(\d+): ", done.err)]
    row = done.json()
    row = row[0] if isinstance(row, list) else row
    if row["left_out"]:
        world.true(lines, f"rows were left out and no line is named: {done}")
    return done, row


def manifest(*kinds):
    path = world.real_data("seller_exports", "MANIFEST.csv")
    return [row for row in rows_of(path) if row["kind"] in kinds
            and os.path.exists(os.path.join(os.path.dirname(path), row["kind"], row["file"]))]


@world.case("every Shopify and WooCommerce export gives the products it holds, and no more twice")
def _(w):
    w.ok("init")
    wrong = []
    rows = manifest("shopify", "woocommerce")
    world.true(len(rows) >= 15, f"only {len(rows)} files")
    for number, row in enumerate(rows):
        path = world.real_data("seller_exports", row["kind"], row["file"])
        words = (path, "--seller", f"s{number}")
        _, first = imported(w, *words)
        _, again = imported(w, *words)
        kept = w.rows("SELECT count(*) FROM product WHERE seller_id = ?", f"s{number}")[0][0]
        want = COUNTED_OTHERWISE.get(row["file"], int(row["products"]))
        if (kept + first["left_out"] != want and kept != want) or first["added"] != kept:
            wrong.append(f"{row['file']}: {want} products, {kept} kept: {first}")
        if (again["added"], again["changed"]) != (0, 0):
            wrong.append(f"{row['file']}: changed by its second import: {again}")
    world.eq(wrong, [], "files")


def in_latin_1(rows):
    """In order, with question marks for letters that the other encodings lack."""
    return sorted(tuple(re.sub("[^\x00-\xff]", "?", v) if isinstance(v, str) else v
                        for v in row) for row in rows)


@world.case("the same file in another encoding and dress is the same catalogue")
def _(w):
    w.ok("init")
    for name, dressed in (("babyheaven_es.csv", "babyheaven_es.cp1252_semicolon_crlf.csv"),
                          ("trendnow_pt-BR.csv", "trendnow_pt-BR.latin1_comma.csv")):
        imported(w, world.real_data("seller_exports", "shopify", name), "--seller", "plain")
        imported(w, world.real_data("seller_exports", "derived", dressed), "--seller", "dressed")
    plain, dressed = (w.rows("SELECT id, title, seller_category_id, price_minor FROM product "
                             "WHERE seller_id = ?", seller) for seller in ("plain", "dressed"))
    world.true(len(plain) > 250, f"only {len(plain)} products")
    world.eq(in_latin_1(dressed), in_latin_1(plain), "products")


@world.case("a CSV of another kind is read when its columns are named")
def _(w):
    w.ok("init")
    for kind, name, columns in (
            ("gmc", "bilali_awin.csv", "title=description,description=title"),
            ("magento", "sample_gear_watches.csv", "id=sku,title=name,category=activity"),
            ("magento", "sample_gear_bags.csv", "id=sku,title=name"),
            ("prestashop", "products_import.csv", "title=Name*,brand=Manufacturer")):
        path = world.real_data("seller_exports", kind, name)
        want = next(int(r["rows"]) for r in manifest(kind) if r["file"] == name)
        done, row = imported(w, path, "--seller", name.split(".")[0], "--map", columns)
        world.eq(row["products"] + row["left_out"], want, f"{name}: {done}")
        world.true(row["products"] > 0, str(done))
        _, again = imported(w, path, "--seller", name.split(".")[0], "--map", columns)
        world.eq((again["added"], again["changed"]), (0, 0), name)
    path = world.real_data("seller_exports", "magento", "sample_gear_bags.csv")
    done = w.ends(6, "product", "import", path, "--map", "title=naam")
    world.has(done.err, "naam")


@world.case("a feed in XML is refused with a word, and nothing is kept")
def _(w):
    w.ok("init")
    for name in ("airfeel_en.xml", "polza_ru.yml", "opispot_es_rss_bom_cdata.xml"):
        done = w.ends(6, "product", "import", world.real_data("seller_exports", "gmc", name))
        world.has(done.err, "XML")
    world.eq(w.rows("SELECT count(*) FROM product"), [(0,)], "products")


if __name__ == "__main__":
    world.main()
