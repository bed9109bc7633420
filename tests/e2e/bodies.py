"""bodies - Create Product bodies for the sandbox's own tree, valid ones, and broken in one
to three places by named breaks; the same for the same seed. Python's own library only.

    for body, breaks in bodies.generate(7, 300, facts):
        codes = [b.code for b in breaks]      # none: a valid one

`facts` is what the shop has: see facts_of. Run as a program it prints JSON lines:

    bodies.py --seed 7 --count 5 --facts facts.json
"""
import copy
import csv
import json
import os
import random
import sys

DATA = os.path.join(os.environ.get("SOURCE_ROOT") or
                    os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."),
                    "src", "sandbox", "data")
WORDS = ("Kaos Polos Katun Lengan Pendek Nyaman Dipakai Harian Bahan Adem Warna Tidak Luntur "
         "Jahitan Rapi Ukuran Lengkap Cocok Untuk Pria Wanita Dewasa Remaja Model Terbaru").split()


# ---- the sandbox's own tree and what it asks for ----

def _load():
    rows = {}
    with open(os.path.join(DATA, "tree.tsv"), encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            rows[row["id"]] = row
    with open(os.path.join(DATA, "requirements.json"), encoding="utf-8") as file:
        return rows, json.load(file)


ROWS, REQUIREMENTS = _load()


def chain_of(leaf):
    chain = []
    while leaf in ROWS:
        chain.insert(0, leaf)
        leaf = ROWS[leaf]["parent_id"]
    return chain


def attributes_of(leaf):
    """id -> (attribute, required, conditions), as a leaf of v2 has them."""
    found = {}
    for at in ["*"] + chain_of(leaf):
        category = REQUIREMENTS["categories"].get(at, {})
        for gone in category.get("without", []):
            found.pop(gone, None)
        for use in category.get("attributes", []):
            found[use["id"]] = (REQUIREMENTS["attributes"][use["id"]], use.get("is_required", False),
                                use.get("requirement_conditions", []))
    return found


def _merge(into, rules):
    for key, value in rules.items():
        if isinstance(value, dict) and isinstance(into.get(key), dict):
            _merge(into[key], value)
        else:
            into[key] = copy.deepcopy(value)


def rules_of(leaf):
    rules = {}
    for at in ["*"] + chain_of(leaf):
        _merge(rules, REQUIREMENTS["categories"].get(at, {}).get("rules", {}))
    return rules


def _leaves():
    v2 = [r for r in ROWS.values() if "v2" in r["versions"].split(",")]
    parents = {r["parent_id"] for r in v2}
    return [r["id"] for r in v2 if r["id"] not in parents and r["permission"] == "AVAILABLE"
            and "TIKTOK_SHOP" in r["platforms"].split(",")
            and all(ROWS[up]["permission"] == "AVAILABLE" for up in chain_of(r["id"]))]


LEAVES = _leaves()
PARENT = next(r["id"] for r in ROWS.values() if r["parent_id"] == "0")
V1_ONLY = next(r["id"] for r in ROWS.values() if r["versions"] == "v1")
TOKOPEDIA_ONLY = next(r["id"] for r in ROWS.values() if r["platforms"] == "TOKOPEDIA"
                      and r["permission"] == "AVAILABLE" and "v2" in r["versions"]
                      and r["id"] not in {x["parent_id"] for x in ROWS.values()})


def _with_permission(permission):
    parents = {r["parent_id"] for r in ROWS.values()}
    return next(r["id"] for r in ROWS.values() if r["permission"] == permission
                and r["id"] not in parents and "TIKTOK_SHOP" in r["platforms"]
                and "v2" in r["versions"])


NOWHERE = "7000000000000000008"


def facts_of(call, upload, upload_file, image):
    """What a shop has, asked through call(method, path, query, body) -> data of the answer,
    upload(bytes, use_case) -> uri, upload_file(name, bytes) -> id; image(width, height) are
    a PNG's bytes."""
    warehouses = call("GET", "/logistics/202309/warehouses", {}, None)["warehouses"]

    def warehouse(**wanted):
        return [w["id"] for w in warehouses if all(w[k] == v for k, v in wanted.items())]

    brands = call("GET", "/product/202309/brands", {"page_size": "100"}, None)["brands"]
    names = {b["name"]: b["id"] for b in brands}
    main = [upload(image(600 + i, 600 + i), "MAIN_IMAGE") for i in range(9)]
    return {
        "sales": warehouse(type="SALES_WAREHOUSE", effect_status="ENABLED"),
        "return": next(iter(warehouse(type="RETURN_WAREHOUSE")), NOWHERE),
        "off": next(iter(warehouse(effect_status="DISABLED")), NOWHERE),
        "restricted": next(iter(warehouse(effect_status="RESTRICTED")), NOWHERE),
        "images": main,
        "small_image": upload(image(120, 130), "DESCRIPTION_IMAGE"),
        "size_chart": upload(image(1100, 1100), "SIZE_CHART_IMAGE"),
        "pdf": upload_file("sertifikat.pdf", b"%PDF-1.4 sertifikat"),
        "video": upload_file("klip.mp4", b"\0\0\0\x18ftypmp42 klip"),
        "brands": [names["Ronara"], names["Bening"]],
        "t1_brand": names["Kencana Royale"],
        "brand_elsewhere": names["Rimba Jaya"],
        "expired_brand": names["Rimba Lama"],
        "image_host": "https://p16-oec-sg.ibyteimg.com",
        "size_template": "7267563252536723205",
        "now_s": 0,
    }


# ---- a valid body ----

def _title(rng):
    words = rng.sample(WORDS, rng.randint(6, 10))
    return " ".join(words)[:200].rstrip() + f" {rng.randint(100, 999)}"


def _description(rng, facts):
    parts = [f"<p>{' '.join(rng.sample(WORDS, 8))}.</p>" for _ in range(rng.randint(1, 4))]
    if rng.random() < 0.4:
        parts.append("<ul>" + "".join(f"<li>{rng.choice(WORDS)}</li>" for _ in range(3)) + "</ul>")
    if rng.random() < 0.4:
        parts.append(f'<p><img src="{facts["image_host"]}/tos/a.jpeg" width="{rng.randint(100, 900)}"'
                     f' height="{rng.randint(100, 900)}" /></p>')
    if rng.random() < 0.3:
        parts.append("<p><strong>Catatan</strong> simpan di tempat kering</p>")
    return "".join(parts)


def _value_for(rng, attribute):
    if attribute["values"]:
        return {"id": rng.choice(attribute["values"])["id"]}
    if attribute.get("value_data_format"):
        return {"name": str(rng.randint(1, 500))}
    return {"name": rng.choice(WORDS) + str(rng.randint(1, 99))}


def _chosen(body, condition):
    return any(a["id"] == condition["attribute_id"]
               and any(v.get("id") == condition["attribute_value_id"] for v in a["values"])
               for a in body["product_attributes"])


def _attributes(rng, leaf, body):
    body["product_attributes"] = []
    asked = attributes_of(leaf)
    for needed in (True, False):  # conditions look at what is there
        for id, (attribute, required, conditions) in asked.items():
            if attribute["type"] == "SALES_PROPERTY" or required != needed:
                continue
            met = any(_chosen(body, c) for c in conditions)
            if not required and not met and (conditions or rng.random() < 0.6):
                continue
            values = [_value_for(rng, attribute)]
            body["product_attributes"].append({"id": id, "values": values})
    # what was added may have met another condition
    for id, (attribute, required, conditions) in asked.items():
        if attribute["type"] == "SALES_PROPERTY" or any(a["id"] == id for a in body["product_attributes"]):
            continue
        if any(_chosen(body, c) for c in conditions):
            body["product_attributes"].append({"id": id, "values": [_value_for(rng, attribute)]})


def _certifications(body, rules, facts):
    list_ = []
    for rule in rules.get("product_certifications", []):
        if rule["is_required"] or any(_chosen(body, c) for c in rule.get("requirement_conditions", [])):
            one = {"id": rule["id"], "images": [{"uri": facts["images"][0]}],
                   "files": [{"id": facts["pdf"], "name": "sertifikat.pdf", "format": "PDF"}]}
            if rule["expiration_date"]["is_required"]:
                one["expiration_date"] = 2000000000
            list_.append(one)
    if list_:
        body["certifications"] = list_


def _skus(rng, leaf, facts):
    asked = attributes_of(leaf)
    color = asked["100000"][0]
    count = rng.choice((1, 1, 2, 3, 4))
    skus = []
    for i in range(count):
        sku = {"seller_sku": f"SKU-{rng.randint(1000, 999999)}-{i}",
               "price": {"amount": str(rng.randint(10, 900) * 1000), "currency": "IDR"},
               "inventory": [{"warehouse_id": w, "quantity": rng.randint(1, 999)}
                             for w in facts["sales"][:rng.choice((1, 1, 2))]]}
        if count > 1:
            sku["sales_attributes"] = [{"id": "100000", "value_id": color["values"][i]["id"]}]
            if "100007" in asked and count == 2:
                sku["sales_attributes"].append({"id": "100007",
                                                "value_id": asked["100007"][0]["values"][i]["id"]})
            if count == 3:
                sku["sales_attributes"].append({"name": "Paket", "value_name": f"Isi {i + 1}"})
            if rng.random() < 0.3:
                sku["sales_attributes"][0]["sku_img"] = {"uri": facts["images"][i]}
        if rng.random() < 0.3:
            sku["identifier_code"] = {"code": "899" + "".join(str(rng.randint(0, 9)) for _ in range(9)),
                                      "type": "EAN"}
            sku["identifier_code"]["code"] += _check_digit(sku["identifier_code"]["code"])
        if rng.random() < 0.2:
            sku["external_sku_id"] = f"erp-{rng.randint(1, 10**9)}-{i}"
        skus.append(sku)
    return skus


def _check_digit(digits):
    total = sum(int(d) * (3 if (len(digits) - i) % 2 else 1) for i, d in enumerate(digits))
    return str(-total % 10)


def valid(rng, facts, leaf=None):
    leaf = leaf or rng.choice(LEAVES)
    rules = rules_of(leaf)
    body = {"save_mode": "LISTING", "category_version": "v2", "category_id": leaf, "title": _title(rng),
            "description": _description(rng, facts),
            "main_images": [{"uri": u} for u in rng.sample(facts["images"], rng.randint(1, 9))],
            "package_weight": {"value": f"{rng.randint(1, 20)}.{rng.randint(1, 999):03}",
                               "unit": "KILOGRAM"}}
    if rules["package_dimension"]["is_required"] or rng.random() < 0.5:
        body["package_dimensions"] = {k: str(rng.randint(1, 90)) for k in ("length", "width", "height")}
        body["package_dimensions"]["unit"] = "CENTIMETER"
    _attributes(rng, leaf, body)
    _certifications(body, rules, facts)
    body["skus"] = _skus(rng, leaf, facts)
    if rules["size_chart"]["is_required"]:
        body["size_chart"] = {"image": {"uri": facts["size_chart"]}}
    if rng.random() < 0.4:
        body["brand_id"] = rng.choice(facts["brands"])
    if rules["cod"]["is_supported"] and rng.random() < 0.4:
        body["is_cod_allowed"] = True
    if rng.random() < 0.2:
        body["video"] = {"id": facts["video"]}
    if rng.random() < 0.3:
        body["external_product_id"] = f"p-{rng.randint(1, 10**9)}"
    if rng.random() < 0.15:
        body["minimum_order_quantity"] = rng.randint(1, 20)
    if rng.random() < 0.15:
        body["save_mode"] = "AS_DRAFT"
    return body


# ---- breaks ----

class Break:
    """A place broken in one way: `code` is what is then wrong. `where` keeps two breaks
    off the same place."""

    def __init__(self, name, code, where, run):
        self.name, self.code, self.where, self.run = name, code, where, run

    def __repr__(self):
        return f"{self.name} ({self.code})"


BREAKS = []


def breaks(code, where):
    def keep(function):
        BREAKS.append(Break(function.__name__.replace("_", " "), code, where, function))
        return function
    return keep


class Unfit(Exception):
    """This body cannot be broken so."""


def need(condition):
    if not condition:
        raise Unfit


def a_sku(body, rng):
    return rng.choice(body["skus"])


def _set(*path):
    """A break that puts a value somewhere: _set("title", "x")."""
    def run(body, rng, facts):
        at = body
        for key in path[:-2]:
            at = at[key]
        at[path[-2]] = path[-1]
    return run


def simple(name, code, where, *path):
    BREAKS.append(Break(name, code, where, _set(*path)))


# the request itself
for key in ("title", "description", "category_id", "main_images", "skus", "package_weight"):
    def _gone(body, rng, facts, key=key):
        del body[key]
    BREAKS.append(Break(f"no {key}", 36009004, "schema", _gone))
simple("no sku at all", 36009004, "schema", "skus", [])
simple("a title that is a number", 36009004, "schema", "title", 7)
simple("images that are no list", 36009004, "schema", "main_images", "a")
simple("a weight that is a number", 36009004, "schema", "package_weight", "value", 1.5)
simple("a weight without a value", 36009004, "schema", "package_weight", {"unit": "KILOGRAM"})
simple("a save mode of nobody's", 98001004, "choices", "save_mode", "PUBLISH")
simple("a key that is too long", 98001004, "choices", "idempotency_key", "k" * 129)
simple("a platform of nobody's", 98001004, "choices", "listing_platforms", ["SHOPEE"])
simple("a locale of nobody's", 98001004, "choices", "locale", "xx-XX")
simple("too many features", 98001004, "choices", "key_product_features", ["a"] * 6)
simple("too many search terms", 98001004, "choices", "search_terms", ["a"] * 16)

# category
simple("a category that is no number", 12052002, "category", "category_id", "kaos")
simple("a category there is none of", 12052023, "category", "category_id", "999999999")
simple("a category of the other version", 12052230, "category", "category_id", V1_ONLY)
simple("a version there is none of", 12052230, "category", "category_version", "v9")
simple("a category with others under it", 12052024, "category", "category_id", PARENT)
simple("a prohibited category", 12052220, "category", "category_id", _with_permission("PROHIBITED"))
simple("a category off the main one", 12052225, "category", "category_id",
       _with_permission("NON_MAIN_CATEGORY"))
simple("a category of another platform", 12052330, "category", "category_id", TOKOPEDIA_ONLY)

# title
simple("an empty title", 12052261, "title", "title", "  ")
simple("a title too long", 12052051, "title", "title", " ".join(["Kaos"] * 60))
simple("a title too short", 98001004, "title", "title", "Kaos")
simple("a title in Chinese", 12052262, "title", "title", "Kaos Polos Katun Lengan Pendek 纯棉 T恤 Pria")
for what, text in (("an escape", "&nbsp;"), ("an emoji", "\U0001F455"), ("a control", "\x07"),
                   ("ten in a row", "=========="),):
    simple("a title with " + what, 12052931, "title", "title", f"Kaos Polos Katun Lengan Pendek {text} Pria")
simple("a title of signs", 12052931, "title", "title", "-+*/ " * 6 + "!?")

# description
simple("an empty description", 12052015, "description", "description", " ")
simple("a description too long", 12052013, "description", "description", "<p>" + "kaos adem " * 1001 + "</p>")
simple("an emoji in the description", 12052932, "description", "description", "<p>Kaos \U0001F455 adem</p>")
simple("a row of signs in the description", 12052932, "description", "description",
       "<p>Kaos ========== adem</p>")
simple("an open tag", 12052344, "description", "description", "<p>Kaos adem")
simple("tags across each other", 12052344, "description", "description", "<p><b>Kaos</p></b>")
simple("a tag without an end", 12052344, "description", "description", "<p>Kaos</p><p")


def _images(body, facts, text):
    body["description"] = "<p>Kaos adem</p>" + text.replace("HOST", facts["image_host"])


for name, code, text in (
        ("an image without a source", 12052348, '<img width="10" height="10">'),
        ("an image without sides", 12052348, '<img src="HOST/a.jpeg">'),
        ("an image too wide", 12052341, '<img src="HOST/a.jpeg" width="4001" height="10">'),
        ("an image from elsewhere", 12052340,
         '<img src="https://example.com/a.jpeg" width="10" height="10">'),
        ("thirty-one images", 12052056, '<img src="HOST/a.jpeg" width="10" height="10">' * 31)):
    def _image(body, rng, facts, text=text):
        _images(body, facts, text)
    BREAKS.append(Break(name, code, "description", _image))


# main images
simple("no main image", 12052028, "images", "main_images", [])
simple("an image's address", 12052300, "images", "main_images", [{"uri": "https://example.com/a.png"}])
simple("an image without a name", 12052300, "images", "main_images", [{"uri": ""}])


@breaks(12052306, "images")
def ten_main_images(body, rng, facts):
    body["main_images"] = [{"uri": u} for u in facts["images"] + facts["images"][:1]]


# brand
simple("a brand that is no number", 12019013, "brand", "brand_id", "Ronara")


# attributes
def _attribute(id, *values):
    return {"id": id, "values": list(values)}


def _any_value(body, customizable=None, multiple=None, values=None):
    """The first attribute given whose definition is so."""
    asked = attributes_of(body.get("category_id", ""))
    for given in body.get("product_attributes", []):
        attribute = asked.get(given["id"], (None,))[0]
        if attribute is None or not given["values"]:
            continue
        if ((customizable is None or attribute["is_customizable"] == customizable)
                and (multiple is None or attribute["is_multiple_selection"] == multiple)
                and (values is None or bool(attribute["values"]) == values)):
            return given, attribute
    raise Unfit


@breaks(12052104, "attributes")
def a_mandatory_attribute_left_out(body, rng, facts):
    need(body["save_mode"] == "LISTING")
    asked = attributes_of(body["category_id"])
    must = [id for id, (a, required, _) in asked.items() if required and a["type"] != "SALES_PROPERTY"]
    need(must)
    gone = rng.choice(must)
    body["product_attributes"] = [a for a in body["product_attributes"] if a["id"] != gone]


@breaks(12052182, "attributes")
def an_attribute_that_depends_left_out(body, rng, facts):
    need(body["save_mode"] == "LISTING")
    asked = attributes_of(body["category_id"])
    for id, (_, required, conditions) in asked.items():
        if not required and any(_chosen(body, c) for c in conditions):
            body["product_attributes"] = [a for a in body["product_attributes"] if a["id"] != id]
            return
    raise Unfit


@breaks(12052254, "attributes")
def an_attribute_twice(body, rng, facts):
    need(body["product_attributes"])
    body["product_attributes"].append(copy.deepcopy(body["product_attributes"][0]))


@breaks(12052241, "attributes")
def an_attribute_without_an_id(body, rng, facts):
    body["product_attributes"].append({"id": "", "values": [{"name": "x"}]})


@breaks(12052240, "attributes")
def an_attribute_of_nobodys(body, rng, facts):
    body["product_attributes"].append(_attribute("99999901", {"name": "Kain"}))


@breaks(12052248, "attributes")
def an_attribute_without_values(body, rng, facts):
    need(body["product_attributes"])
    body["product_attributes"][0]["values"] = []


@breaks(12052246, "attributes")
def two_values_where_one_may_be(body, rng, facts):
    given, attribute = _any_value(body, multiple=False, values=True)
    given["values"] = [{"id": v["id"]} for v in attribute["values"][:2]]


@breaks(12052247, "attributes")
def a_value_of_ones_own_where_none_may_be(body, rng, facts):
    given, _ = _any_value(body, customizable=False)
    given["values"] = [{"name": "Buatan Sendiri"}]


@breaks(12052529, "attributes")
def a_value_of_nobodys(body, rng, facts):
    given, _ = _any_value(body, values=True)
    given["values"] = [{"id": "999999999"}]


@breaks(12052253, "attributes")
def a_value_id_twice(body, rng, facts):
    given, attribute = _any_value(body, multiple=True, values=True)
    given["values"] = [{"id": attribute["values"][0]["id"]}] * 2


@breaks(12052251, "attributes")
def a_value_name_twice(body, rng, facts):
    given, _ = _any_value(body, multiple=True, customizable=True)
    given["values"] = [{"name": "Kain Khusus"}, {"name": "Kain Khusus"}]


@breaks(12052249, "attributes")
def a_value_name_too_long(body, rng, facts):
    given, _ = _any_value(body, customizable=True)
    given["values"] = [{"name": "kain " * 401}]


@breaks(12052250, "attributes")
def a_value_name_in_chinese(body, rng, facts):
    given, _ = _any_value(body, customizable=True)
    given["values"] = [{"name": "纯棉"}]


@breaks(12052935, "attributes")
def a_value_name_with_an_emoji(body, rng, facts):
    given, _ = _any_value(body, customizable=True)
    given["values"] = [{"name": "Kain \U0001F455"}]


@breaks(12052256, "attributes")
def a_value_that_must_be_a_number(body, rng, facts):
    asked = attributes_of(body["category_id"])
    need("100110" in asked)
    body["product_attributes"] = [a for a in body["product_attributes"] if a["id"] != "100110"]
    body["product_attributes"].append(_attribute("100110", {"name": "banyak"}))


# SKUs
@breaks(12052050, "skus")
def a_hundred_and_one_skus(body, rng, facts):
    one = copy.deepcopy(body["skus"][0])
    one.pop("identifier_code", None)
    one.pop("external_sku_id", None)
    body["skus"] = []
    for i in range(101):
        sku = copy.deepcopy(one)
        sku["seller_sku"] = f"S{i}"
        sku["sales_attributes"] = [{"name": "Nomor", "value_name": f"No {i}"}]
        body["skus"].append(sku)


@breaks(12052054, "seller sku")
def a_seller_sku_too_long(body, rng, facts):
    a_sku(body, rng)["seller_sku"] = "S" * 51


@breaks(12019059, "seller sku")
def a_seller_sku_with_a_blank(body, rng, facts):
    a_sku(body, rng)["seller_sku"] = "SKU 1"


def _several(body):
    need(len(body["skus"]) > 1 and body["skus"][0].get("sales_attributes"))


@breaks(12052525, "skus")
def four_sales_attributes(body, rng, facts):
    for i, sku in enumerate(body["skus"]):
        sku["sales_attributes"] = [{"name": f"Sifat {k}", "value_name": f"V {i}"} for k in range(4)]


@breaks(12052527, "skus")
def a_sales_attribute_of_nobodys(body, rng, facts):
    for i, sku in enumerate(body["skus"]):
        sku["sales_attributes"] = [{"id": "99999902", "value_name": f"V {i}"}]


@breaks(12052241, "skus")
def a_sales_attribute_without_a_name(body, rng, facts):
    for i, sku in enumerate(body["skus"]):
        sku["sales_attributes"] = [{"name": "", "value_name": f"V {i}"}]


def _named(code, name, attribute, value):
    def run(body, rng, facts):
        for i, sku in enumerate(body["skus"]):
            sku["sales_attributes"] = [{"name": attribute, "value_name": value.format(i)}]
    BREAKS.append(Break(name, code, "skus", run))


_named(12052242, "a sales attribute's name too long", "N" * 15 + "ama panjang", "V {}")
_named(12052243, "a sales attribute's name in Chinese", "颜色", "V {}")
_named(12052933, "a sales attribute's name with an emoji", "Warna \U0001F455", "V {}")
_named(12052248, "a sales attribute without a value", "Paket", "")
_named(12052249, "a sales value too long", "Paket", "nilai " * 10 + "{}")
_named(12052250, "a sales value in Chinese", "Paket", "红色 {}")
_named(12052934, "a sales value with an escape", "Paket", "Isi &amp; {}")


@breaks(12052529, "skus")
def a_sales_value_of_nobodys(body, rng, facts):
    for i, sku in enumerate(body["skus"]):
        sku["sales_attributes"] = [{"id": "100000", "value_id": f"99999{i}"}]


@breaks(12052550, "skus")
def skus_with_different_attributes(body, rng, facts):
    _several(body)
    body["skus"][-1]["sales_attributes"] = [{"name": "Lain", "value_name": "Sendiri"}]


@breaks(12052560, "skus")
def the_same_combination_twice(body, rng, facts):
    _several(body)
    body["skus"][1]["sales_attributes"] = copy.deepcopy(body["skus"][0]["sales_attributes"])


@breaks(12052244, "skus")
def a_sales_attributes_name_twice(body, rng, facts):
    for i, sku in enumerate(body["skus"]):
        sku["sales_attributes"] = [{"name": "Paket", "value_name": f"A {i}"},
                                   {"name": "Paket", "value_name": f"B {i}"}]


@breaks(12052528, "skus")
def images_on_two_attributes(body, rng, facts):
    for i, sku in enumerate(body["skus"]):
        sku["sales_attributes"] = [
            {"name": "Paket", "value_name": f"A {i}", "sku_img": {"uri": facts["images"][0]}},
            {"name": "Jenis", "value_name": f"B {i}", "sku_img": {"uri": facts["images"][1]}}]


@breaks(12052520, "skus")
def a_sku_image_that_is_an_address(body, rng, facts):
    for i, sku in enumerate(body["skus"]):
        sku["sales_attributes"] = [{"name": "Paket", "value_name": f"A {i}",
                                    "sku_img": {"uri": "https://example.com/a.png"}}]


@breaks(12052357, "skus")
def more_images_without_the_first(body, rng, facts):
    for i, sku in enumerate(body["skus"]):
        sku["sales_attributes"] = [{"name": "Paket", "value_name": f"A {i}",
                                    "supplementary_sku_images": [{"uri": facts["images"][0]}]}]


@breaks(12052356, "skus")
def nine_more_images(body, rng, facts):
    for i, sku in enumerate(body["skus"]):
        sku["sales_attributes"] = [{"name": "Paket", "value_name": f"A {i}",
                                    "sku_img": {"uri": facts["images"][0]},
                                    "supplementary_sku_images": [{"uri": u} for u in facts["images"]]}]


# prices
@breaks(12052571, "price")
def no_price(body, rng, facts):
    a_sku(body, rng).pop("price", None)


def _price(code, name, **price):
    def run(body, rng, facts):
        sku = a_sku(body, rng)
        sku["price"] = {**sku.get("price", {}), **price}
    BREAKS.append(Break(name, code, "price", run))


_price(12052073, "an empty amount", amount="")
_price(12052084, "another market's currency", currency="USD")
_price(12052073, "a price of nothing", amount="0")
_price(12052073, "a price below nothing", amount="-5000")
_price(12052073, "a price in words", amount="lima ribu")
_price(12052092, "a sale price in words", sale_price="murah")
_price(12052424, "an empty sale price", sale_price="")


@breaks(12052376, "list price")
def a_list_price_outside_the_us(body, rng, facts):
    a_sku(body, rng)["list_price"] = {"amount": "100000", "currency": "IDR"}


# stock
@breaks(12052486, "stock")
def no_stock(body, rng, facts):
    a_sku(body, rng)["inventory"] = []


def _stock(code, name, **stock):
    def run(body, rng, facts):
        sku = a_sku(body, rng)
        need(sku.get("inventory"))
        sku["inventory"][0].update(stock)
    BREAKS.append(Break(name, code, "stock", run))


_stock(12052055, "too many in stock", quantity=100000)
_stock(12052055, "none in stock", quantity=0)


@breaks(12052555, "stock")
def a_warehouse_twice(body, rng, facts):
    sku = a_sku(body, rng)
    sku["inventory"] = [{"warehouse_id": facts["sales"][0], "quantity": 1}] * 2


@breaks(12052530, "stock")
def a_warehouse_of_nobodys(body, rng, facts):
    a_sku(body, rng)["inventory"] = [{"warehouse_id": "7000000000000000009", "quantity": 1}]


@breaks(12052532, "stock")
def the_warehouse_for_returns(body, rng, facts):
    a_sku(body, rng)["inventory"] = [{"warehouse_id": facts["return"], "quantity": 1}]


@breaks(12052531, "stock")
def a_warehouse_that_is_off(body, rng, facts):
    a_sku(body, rng)["inventory"] = [{"warehouse_id": facts["off"], "quantity": 1}]


# codes
def _code(code, name, value, kind):
    def run(body, rng, facts):
        a_sku(body, rng)["identifier_code"] = {"code": value, "type": kind}
    BREAKS.append(Break(name, code, "codes", run))


_code(12052591, "a GTIN too short", "12345", "GTIN")
_code(12052591, "letters in an EAN", "12345678901AB", "EAN")
_code(12052598, "an X inside of an ISBN", "12345X789X", "ISBN")
_code(12052600, "a code without a type", "8991234567890", "")


@breaks(12052592, "codes")
def a_code_twice(body, rng, facts):
    need(len(body["skus"]) > 1)
    for sku in body["skus"]:
        sku["identifier_code"] = {"code": "8991234567895", "type": "EAN"}


@breaks(12052291, "codes")
def extra_codes_outside_the_eu(body, rng, facts):
    a_sku(body, rng)["extra_identifier_codes"] = ["8991234567895"]


@breaks(12052996, "external")
def an_external_sku_id_twice(body, rng, facts):
    need(len(body["skus"]) > 1)
    for sku in body["skus"]:
        sku["external_sku_id"] = "erp-1"


@breaks(12052369, "external")
def an_external_sku_id_too_long(body, rng, facts):
    a_sku(body, rng)["external_sku_id"] = "e" * 1000


simple("an external id too long", 12052369, "external", "external_product_id", "e" * 1000)


def _url(code, name, url):
    def run(body, rng, facts):
        a_sku(body, rng)["external_urls"] = [url]
    BREAKS.append(Break(name, code, "urls", run))


_url(12052238, "an address too long", "https://example.com/" + "a" * 500)
_url(12052235, "no address", "example")
_url(12052236, "an unsafe address", "ftp://example.com/a")


@breaks(12052497, "fees")
def a_pfand_fee_outside_germany(body, rng, facts):
    a_sku(body, rng)["fees"] = [{"type": "PFAND", "amount": "1", "additional_attribute": "SINGLE_USE"}]


# pre-sale
def _pre_sale(code, name, pre_sale, all_skus=True):
    def run(body, rng, facts):
        need("PRE_ORDER" in rules_of(body["category_id"]).get("allowed_special_product_types", []))
        for sku in body["skus"] if all_skus else body["skus"][:1]:
            sku["pre_sale"] = copy.deepcopy(pre_sale)
        need(all_skus or len(body["skus"]) > 1)
    BREAKS.append(Break(name, code, "pre-sale", run))


_pre_sale(12019096, "a pre-sale without a type", {"fulfillment_type": {"handling_duration_days": 7}})
_pre_sale(12019095, "a pre-sale without its time", {"type": "PRE_ORDER"})
_pre_sale(12019098, "a pre-sale of no days", {"type": "PRE_ORDER",
                                             "fulfillment_type": {"handling_duration_days": 0}})
_pre_sale(12052712, "a pre-sale of too many days", {"type": "PRE_ORDER",
                                                   "fulfillment_type": {"handling_duration_days": 31}})
_pre_sale(12019099, "made to order outside the US", {"type": "MADE_TO_ORDER",
                                                    "fulfillment_type": {"handling_duration_days": 7}})
_pre_sale(12019100, "one SKU in pre-sale", {"type": "PRE_ORDER",
                                           "fulfillment_type": {"handling_duration_days": 7}}, False)

# parcel
simple("a weight in pounds", 12019061, "weight", "package_weight", "unit", "POUND")
simple("a weight in grams", 12052916, "weight", "package_weight", "unit", "GRAM")
simple("a weight in stones", 12019011, "weight", "package_weight", "unit", "STONE")
simple("a weight in words", 12052006, "weight", "package_weight", "value", "berat")
simple("a weight of four decimals", 12052006, "weight", "package_weight", "value", "1.2345")
simple("a weight of nothing", 12052181, "weight", "package_weight", "value", "0")


def _size(code, name, **size):
    def run(body, rng, facts):
        body["package_dimensions"] = {"length": "10", "width": "11", "height": "12",
                                      "unit": "CENTIMETER", **size}
    BREAKS.append(Break(name, code, "size", run))


_size(12052003, "a height in words", height="tinggi")
_size(12052004, "a width below nothing", width="-1")
_size(12052116, "a width of nothing", width="0")
_size(12052005, "a length below nothing", length="-3")
_size(12019061, "sides in inches", unit="INCH")
_size(12052005, "an empty length", length="")


@breaks(12019012, "size")
def a_side_left_out(body, rng, facts):
    body["package_dimensions"] = {"length": "10", "width": "11", "unit": "CENTIMETER"}



@breaks(12019012, "size")
def no_sides_where_they_are_asked_for(body, rng, facts):
    need(body["save_mode"] == "LISTING")
    need(rules_of(body["category_id"])["package_dimension"]["is_required"])
    body.pop("package_dimensions", None)


# papers
@breaks(12052105, "papers")
def a_certificate_left_out(body, rng, facts):
    need(body["save_mode"] == "LISTING" and body.get("certifications"))
    body["certifications"] = []


@breaks(12052655, "papers")
def a_certificate_of_nobodys(body, rng, facts):
    body.setdefault("certifications", []).append({"id": "7999999999999999999",
                                                  "images": [{"uri": facts["images"][0]}]})


@breaks(12052656, "papers")
def a_certificate_twice(body, rng, facts):
    need(body.get("certifications"))
    body["certifications"].append(copy.deepcopy(body["certifications"][0]))


@breaks(12052657, "papers")
def eleven_papers(body, rng, facts):
    need(body.get("certifications"))
    body["certifications"][0]["images"] = [{"uri": facts["images"][0]}] * 11


@breaks(12052650, "papers")
def a_certificates_image_that_is_an_address(body, rng, facts):
    need(body.get("certifications"))
    body["certifications"][0]["images"] = [{"uri": "https://example.com/a.png"}]


@breaks(12052385, "papers")
def a_certificate_that_has_ended(body, rng, facts):
    need(body.get("certifications"))
    body["certifications"][0]["expiration_date"] = 1000000000


@breaks(12052673, "size chart")
def no_size_chart_where_one_is_asked_for(body, rng, facts):
    need(body["save_mode"] == "LISTING")
    need(rules_of(body["category_id"])["size_chart"]["is_required"])
    body.pop("size_chart", None)


simple("a size chart that is an address", 12052670, "size chart", "size_chart",
       {"image": {"uri": "https://example.com/a.png"}})


# the rest
@breaks(12052222, "cod")
def cash_on_delivery_where_it_is_not(body, rng, facts):
    need(not rules_of(body["category_id"])["cod"]["is_supported"])
    body["is_cod_allowed"] = True


simple("too many to order at least", 12052706, "order", "minimum_order_quantity", 21)
simple("second hand on TikTok Shop", 12052316, "second hand", "is_pre_owned", True)
simple("a day to be listed in the past", 12052604, "schedule", "scheduled_sale",
       {"is_enabled_scheduled_sale": True, "schedule_sale_time": 1000000000000})
simple("a day to be listed too far away", 12052604, "schedule", "scheduled_sale",
       {"is_enabled_scheduled_sale": True, "schedule_sale_time": 4000000000000})
MAKER = {"name": "Ronara", "address": "Jalan Contoh 7", "phone_number": "+62 8123456789",
         "email": "halo@example.com"}
for name, member, value in (("a phone without a plus", "phone_number", "628123456789"),
                            ("a phone in one piece", "phone_number", "+628123456789"),
                            ("no phone", "phone_number", ""), ("no address", "address", ""),
                            ("an e-mail without a host", "email", "halo@")):
    simple("a manufacturer with " + name, 12052216, "manufacturer", "manufacturer", {**MAKER, member: value})


@breaks(12052295, "manufacturer ids")
def a_manufacturer_twice(body, rng, facts):
    body["manufacturer_ids"] = ["7020000000000000001"] * 2


@breaks(12052296, "person ids")
def a_responsible_person_twice(body, rng, facts):
    body["responsible_person_ids"] = ["7030000000000000001"] * 2


@breaks(12052863, "combined")
def a_combined_product_with_a_plain_sku(body, rng, facts):
    body.pop("minimum_order_quantity", None)
    body["primary_combined_product_id"] = "1729000000000000001"


# Breaks whose place lies within another's.
INSIDE = {"skus": {"seller sku", "price", "stock", "codes", "external", "urls", "fees", "pre-sale",
                   "list price", "combined"},
          "category": {"attributes", "papers", "size", "size chart", "cod", "skus", "pre-sale",
                       "second hand"},
          "size": {"weight"}, "choices": {"attributes", "papers", "size chart", "size", "second hand"},
          "order": {"combined"}}


def _clash(one, other):
    return (one.where == other.where or "schema" in (one.where, other.where)
            or other.where in INSIDE.get(one.where, ()) or one.where in INSIDE.get(other.where, ()))


def broken(rng, facts, first, most=3):
    """A valid body broken by `first`, and perhaps by others elsewhere; (body, breaks)."""
    for _ in range(4000):
        body = valid(rng, facts)
        try:
            first.run(body, rng, facts)
            break
        except Unfit:
            continue
    else:
        raise AssertionError(f"no body can be broken by {first}")
    done = [first]
    while len(done) < most and rng.random() < 0.5:
        other = rng.choice(BREAKS)
        if any(_clash(other, b) for b in done):
            continue
        try:
            tried = copy.deepcopy(body)
            other.run(tried, rng, facts)
        except (Unfit, KeyError, TypeError, IndexError):
            continue
        body = tried
        done.append(other)
    return body, done


def generate(seed, count, facts, share_valid=0.25):
    """Bodies in turn: valid ones, and broken ones so that every break comes equally often."""
    rng = random.Random(seed)
    order = []
    for _ in range(count):
        if rng.random() < share_valid:
            yield valid(rng, facts), []
            continue
        if not order:
            order = BREAKS[:]
            rng.shuffle(order)
        yield broken(rng, facts, order.pop())


def main():
    import argparse
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=10)
    parser.add_argument("--facts", required=True, help="a JSON file, as facts_of makes it")
    args = parser.parse_args()
    with open(args.facts, encoding="utf-8") as file:
        facts = json.load(file)
    for body, done in generate(args.seed, args.count, facts):
        json.dump({"breaks": [b.name for b in done], "codes": [b.code for b in done], "body": body},
                  sys.stdout, ensure_ascii=False)
        print()


if __name__ == "__main__":
    main()
