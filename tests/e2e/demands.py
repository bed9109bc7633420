"""What the leaves of a whole marketplace demand: real rules of 1,873 leaves kept as they are,
and a second version of them told apart exactly. Skipped where the data is not there
(AISLE_DATA); attributes, which nobody published, are the sandbox's own."""
import collections
import gzip
import json
import random
import re

import world

LEAVES = 1873
CHUNK = 500  # leaves named at once
MADE_IN, INDONESIA = "100119", "10011901"  # what the sandbox asks of every leaf


def unpacked(w, name, *parts):
    with gzip.open(world.real_data("tiktok_tree_id", "raw", *parts)) as file:
        text = file.read()
    return w.write(name, text), json.loads(text)


def fetched(w, leaves):
    """Rows of tree requirements, and {(leaf, change, what): how often} as it told."""
    rows, told = [], collections.Counter()
    for at in range(0, len(leaves), CHUNK):
        done = w.ok("tree", "requirements", *leaves[at:at + CHUNK], "--json", timeout=600)
        rows += done.json()
        told.update(re.findall(r"(\d+): ([a-z]+(?:-[a-z]+)*) ([\w-]+)", done.err))
    return rows, told


class Evolution:
    """Edits for the sandbox, and what each of them is to be told as."""

    def __init__(self, rules, seed):
        self.rules, self.chance = rules, random.Random(seed)
        self.edits, self.expected = [], collections.Counter()
        self.spare = sorted(rules)
        self.chance.shuffle(self.spare)

    def leaves(self, count, fits=lambda rules: True):
        """So many that nothing was done to."""
        chosen = [leaf for leaf in self.spare if fits(self.rules[leaf]["rules"])][:count]
        assert len(chosen) == count
        self.spare = [leaf for leaf in self.spare if leaf not in set(chosen)]
        return chosen

    def told(self, leaf, change, what):
        self.expected[leaf, change, what] += 1

    def lay(self, leaf, rules):
        self.edits.append({"op": "rules", "id": leaf, "rules": rules})

    def flags(self):
        for leaf in self.leaves(40):
            allowed = not self.rules[leaf]["rules"]["cod"]["is_supported"]
            self.lay(leaf, {"cod": {"is_supported": allowed}})
            self.told(leaf, "allowed" if allowed else "no-longer-allowed", "cod")
        for rule, count in (("package_dimension", 20), ("manufacturer", 10), ("responsible_person", 10)):
            for leaf in self.leaves(count, lambda rules: not rules[rule]["is_required"]):
                self.lay(leaf, {rule: {"is_required": True}})
                self.told(leaf, "rule-demanded", rule)
        for leaf in self.leaves(20, lambda rules: not rules["size_chart"]["is_supported"]):
            self.lay(leaf, {"size_chart": {"is_supported": True, "is_required": True}})
            self.told(leaf, "rule-demanded", "size_chart")
            self.told(leaf, "allowed", "size_chart")

    def certificates(self):
        def has_some(rules):
            return any(not c["is_required"] for c in rules["product_certifications"])

        for leaf in self.leaves(15, has_some):
            list_ = json.loads(json.dumps(self.rules[leaf]["rules"]["product_certifications"]))
            one = next(c for c in list_ if not c["is_required"])
            one["is_required"] = True
            self.lay(leaf, {"product_certifications": list_})
            self.told(leaf, "certificate-demanded", one["id"])
        for leaf in self.leaves(10, has_some):
            list_ = self.rules[leaf]["rules"]["product_certifications"]
            self.lay(leaf, {"product_certifications": list_[1:]})
            self.told(leaf, "certificate-removed", list_[0]["id"])
        for leaf in self.leaves(10, has_some):
            list_ = json.loads(json.dumps(self.rules[leaf]["rules"]["product_certifications"]))
            list_[0]["document_details"] = "Foto sertifikat yang masih berlaku."
            self.lay(leaf, {"product_certifications": list_})
            self.told(leaf, "certificate-changed", list_[0]["id"])

    def attributes(self):
        new = {"id": "199001", "name": {"id-ID": "Nomor Izin", "en-US": "Licence Number"},
               "type": "PRODUCT_PROPERTY", "is_customizable": True, "values": []}
        for leaf in self.leaves(10):
            self.edits.append({"op": "attribute", "id": leaf, "attribute": new})
            self.told(leaf, "attribute-added", "199001")
        for leaf in self.leaves(10):
            self.edits.append({"op": "attribute", "id": leaf,
                               "attribute": {"id": MADE_IN, "is_required": True}})
            self.told(leaf, "became-mandatory", MADE_IN)
        gone = self.leaves(5)
        for leaf in gone:
            self.edits.append({"op": "drop-attribute", "id": leaf, "attribute_id": MADE_IN})
            self.told(leaf, "attribute-removed", MADE_IN)
        self.edits.append({"op": "drop-value", "attribute_id": MADE_IN, "value_id": INDONESIA})
        for leaf in set(self.rules) - set(gone):
            self.told(leaf, "value-removed", MADE_IN)


def as_kept(w):
    """{leaf: rules, in the words of the file} of what the store has now."""
    kept = {}
    for leaf, body in w.rows("SELECT category_id, body FROM requirement ORDER BY category_id, seq"):
        rules = json.loads(body)["rules"]
        kept[leaf] = (
            bool(rules.get("cod_supported")), bool(rules.get("size_chart_supported")),
            bool(rules.get("size_chart_required")), bool(rules.get("package_dimension_required")),
            sorted((c["id"], c["name"], bool(c.get("required")), len(c.get("when", [])))
                   for c in rules.get("certificates", [])))
    return kept


def as_served(rules):
    return (rules["cod"]["is_supported"], rules["size_chart"]["is_supported"],
            rules["size_chart"]["is_required"], rules["package_dimension"]["is_required"],
            sorted((c["id"], c["name"], c["is_required"], len(c.get("requirement_conditions", [])))
                   for c in rules["product_certifications"]))


@world.case("the rules of 1,873 real leaves are kept, and what evolves is told exactly")
def _(w):
    tree, _ = unpacked(w, "tree.json", "get_categories_2026-06-18_L1-L3.json.gz")
    file, real = unpacked(w, "rules.json", "category_rules_2026-06-18.json.gz")
    rules = real["rules"]
    sandbox = w.sandbox("--tree", tree, "--rules", file)
    w.connect()
    synced = w.ok("tree", "sync", "toko", "--locale", "id-ID", "--json").json()[0]
    world.eq((synced["leaves"], len(rules)), (LEAVES, LEAVES))
    leaves = sorted(rules)
    rows, told = fetched(w, leaves)
    world.eq((len(rows), all(row["first"] for row in rows), told), (LEAVES, True, {}), "the first time")
    world.eq(as_kept(w), {leaf: as_served(rules[leaf]["rules"]) for leaf in leaves})
    rows, told = fetched(w, leaves)
    world.eq((sum(row["changes"] for row in rows), told), (0, {}), "the same again")

    evolution = Evolution(rules, seed=7)
    evolution.flags()
    evolution.certificates()
    evolution.attributes()
    w.write("edits.json", json.dumps(evolution.edits))
    w.ok("sandbox", "evolve", "edits.json", "--env-file", sandbox.env_file)
    rows, told = fetched(w, leaves)
    world.eq(told - evolution.expected, {}, "told and not done")
    world.eq(evolution.expected - told, {}, "done and not told")
    world.eq(sum(row["changes"] for row in rows), sum(evolution.expected.values()))
    world.eq(w.rows("SELECT count(*) FROM requirement"), [(2 * LEAVES,)], "both versions are kept")


if __name__ == "__main__":
    world.main()
