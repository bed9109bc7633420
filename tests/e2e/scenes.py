"""scenes - where a body is judged: a market, a state of the shop, a call, a reading of the
rules; and what has to be there first (products to edit and to combine, images of all sizes).
Bodies that are right in each, from bodies.valid; what breaks them is in breaks_elsewhere.py.
"""
import copy
import struct

import bodies
from foreign import png
from selling import PRODUCTS, Seller

# currency, the dearest that is taken (0: nobody says), which of its own a body may say
MARKETS = {
    "ID": ("IDR", 0, "cod minimum"), "MY": ("MYR", 0, "cod minimum"), "US": ("USD", 7600, ""),
    "GB": ("GBP", 5600, ""), "DE": ("EUR", 6300, ""), "FR": ("EUR", 6300, ""), "MX": ("MXN", 50000, ""),
    "BR": ("BRL", 10000, ""), "JP": ("JPY", 0, ""), "SG": ("SGD", 0, "minimum"),
}
CLOSED = bodies.LEAVES[3]
# Every special kind of product in every leaf; and one leaf closed for a reason of its own.
OPENED = [{"op": "rules", "id": row["id"], "rules": {
    "allowed_special_product_types": ["CUSTOM", "MADE_TO_ORDER", "PRE_ORDER"]}}
    for row in bodies.ROWS.values() if row["parent_id"] == "0" and "v2" in row["versions"]]
WITH_CLOSED = OPENED + [{"op": "permission", "id": CLOSED, "permission": "ON_HOLD"}]
PEOPLE = [{"op": "rules", "id": row["id"], "rules": {"manufacturer": {"is_required": True},
                                                    "responsible_person": {"is_required": True}}}
          for row in bodies.ROWS.values() if row["parent_id"] == "0" and "v2" in row["versions"]]
MAKERS = ["7020000000000000001", "7020000000000000002"]
PERSONS = ["7030000000000000001", "7030000000000000002"]


class World:
    """A sandbox with its settings, its shops by scene, and how it differs from its data."""

    def __init__(self, name, *settings, edits=(), people=False):
        self.name, self.settings, self.edits, self.people = name, settings, edits, people


HOME = World("home", "audit_ms=-1", "v2_required",
             *(f"shop=Toko {market}|Toko {market}|{market}" for market in MARKETS),
             "shop=Ekspor|Ekspor|MY||cross", "shop=Hanya Tokopedia|Satu|ID|||TOKOPEDIA",
             "shop=Hanya TikTok|Dua|ID|||TIKTOK_SHOP", edits=WITH_CLOSED)
SHOPS = [*MARKETS, "cross", "tokopedia", "tiktok"]
EU = World("EU", "audit_ms=-1", "shop=Laden|Laden|DE", edits=OPENED + PEOPLE, people=True)
LOOSE = World("loose", "audit_ms=-1", "any_image")
STRICT = World("strict", "audit_ms=-1", "strict_html", "short_urls", "old_sku_limits", "small_images")
INACTIVE = World("inactive", "missing=SHOP_STATUS")
BARE = World("bare", "missing=PICKUP_WAREHOUSE")
KEEPING = World("keeping", "missing=RETURN_WAREHOUSE")


class Scene:
    def __init__(self, name, world=HOME, shop=0, market="ID", call="create", profile="current"):
        self.name, self.world, self.shop, self.market = name, world, shop, market
        self.call, self.profile = call, profile


def _shop(name):
    return SHOPS.index(name)


SCENES = {s.name: s for s in (
    Scene("home"), Scene("edit", call="edit"), Scene("partial_edit", call="partial_edit"),
    Scene("combined"), Scene("cross", shop=_shop("cross"), market="MY"),
    Scene("global", shop=_shop("cross"), market="MY", call="global"),
    Scene("tokopedia", shop=_shop("tokopedia")), Scene("tiktok", shop=_shop("tiktok")),
    *(Scene(market, shop=_shop(market), market=market) for market in MARKETS if market != "ID"),
    Scene("EU", EU, market="DE"), Scene("loose", LOOSE), Scene("strict", STRICT, profile="202309"),
    Scene("inactive", INACTIVE), Scene("bare", BARE), Scene("keeping", KEEPING))}


# ---- what a shop has ----

def gif(width, height):
    return (b"GIF89a" + struct.pack("<HH", width, height) + b"\x80\0\0\0\0\0\xff\xff\xff"
            b",\0\0\0\0" + struct.pack("<HH", width, height) + b"\0\x02\x02\x44\x01\0;")


def heavy_png(width, height):
    """Grey, and not compressed."""
    import zlib

    def chunk(kind, data):
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    rows = (b"\0" + b"\x80" * width) * height
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(rows, 0)) + chunk(b"IEND", b""))


class Uploads:
    """What was uploaded, as our store would remember it."""

    def __init__(self, seller):
        self.seller, self.rows = seller, []

    def keep(self, uri, kind, width, height, size):
        self.rows.append({"uri": uri, "kind": kind, "width": width, "height": height, "bytes": size})

    def put(self, data, use, kind, width, height):
        data_ = self.seller.upload(data, use).json["data"]
        self.keep(data_["uri"], kind, width, height, len(data))
        self.keep(data_["url"], kind, width, height, len(data))
        return data_

    def png(self, data, use):
        width, height = struct.unpack(">II", data[16:24])
        return self.put(data, use, "PNG", width, height)["uri"]


def settle(seller, scene):
    """(facts, uploads) of a shop for its scenes."""
    uploads = Uploads(seller)
    facts = bodies.facts_of(
        lambda method, path, query, body: seller.data(method, path, query, body), uploads.png,
        lambda name, data: seller.upload_file(name, data).json["data"]["id"], png)
    facts["market"], facts["people"] = scene.market, scene.world.people
    facts["closed"] = CLOSED if scene.world is HOME else None
    facts["small"] = facts["small_image"]
    facts["wide"] = uploads.png(png(900, 400), "DESCRIPTION_IMAGE")
    facts["large"] = uploads.png(png(4100, 3200), "DESCRIPTION_IMAGE")
    if scene.world is LOOSE:
        facts["gif"] = uploads.put(gif(600, 600), "MAIN_IMAGE", "GIF", 600, 600)
        facts["heavy"] = uploads.put(heavy_png(3700, 3000), "MAIN_IMAGE", "PNG", 3700, 3000)
    return facts, uploads


# ---- bodies that are right ----

def _amount(rng, market):
    currency, most, _ = MARKETS[market]
    top = min(most or 900, 900)
    if currency == "IDR":
        return str(rng.randint(10, 900) * 1000)
    return str(rng.randint(5, top)) if rng.random() < 0.7 or currency in ("JPY",) else f"{rng.randint(5, top)}.50"


def _translate(body, rng, facts):
    """From Indonesia to another market."""
    market = facts["market"]
    currency, _, says = MARKETS[market]
    for sku in body["skus"]:
        sku["price"] = {"amount": _amount(rng, market), "currency": currency}
    if "cod" not in says:
        body.pop("is_cod_allowed", None)
    if "minimum" not in says:
        body.pop("minimum_order_quantity", None)
    if market == "US":
        _americanize(body, rng, facts)
    if market in ("BR", "MX", "JP") and rng.random() < 0.4:
        body["package_weight"] = {"value": str(rng.randint(1, 20000)), "unit": "GRAM"}
    if market == "JP" and rng.random() < 0.5:
        body["title"] += " 半袖Tシャツ"
    if facts["people"]:
        body["manufacturer_ids"], body["responsible_person_ids"] = MAKERS[:1], PERSONS[:rng.choice((1, 2))]
    if market == "DE" and rng.random() < 0.3:
        _fee(body, rng)
    if market in ("DE", "FR") and rng.random() < 0.3:
        body["skus"][0]["sku_unit_count"] = rng.choice(("0.01", "12", "99999.9999"))


def _fee(body, rng):
    for sku in body["skus"]:
        kind = rng.choice(("SINGLE_USE", "REUSABLE", "NOT_APPLICABLE"))
        sku["fees"] = [{"type": "PFAND", "additional_attribute": kind}]
        if kind != "NOT_APPLICABLE":
            sku["fees"][0]["amount"] = "0.25"


def _americanize(body, rng, facts):
    if rng.random() < 0.5:
        body["package_weight"] = {"value": f"{rng.randint(1, 40)}.{rng.randint(1, 9)}", "unit": "POUND"}
        if "package_dimensions" in body:
            body["package_dimensions"]["unit"] = "INCH"
    for sku in body["skus"]:
        if rng.random() < 0.3:
            sku["list_price"] = {"amount": str(int(float(sku["price"]["amount"])) + 100), "currency": "USD"}
        for attribute in sku.get("sales_attributes", []):
            if "sku_img" in attribute:
                attribute["supplementary_sku_images"] = [{"uri": u} for u in rng.sample(facts["images"], 2)]


def valid(scene, rng, facts, leaf=None):
    while leaf is None or leaf == facts["closed"]:
        leaf = rng.choice(bodies.LEAVES)
    body = bodies.valid(rng, facts, leaf)
    if scene.market != "ID":
        _translate(body, rng, facts)
    return body


def valid_combined(scene, rng, facts):
    """One or two SKUs, each of two products that are on sale."""
    one, two = facts["live"][0], facts["live"][1]
    body = valid(scene, rng, facts, one["category_id"])
    for key in ("minimum_order_quantity", "brand_id", "is_cod_allowed"):
        body.pop(key, None)
    body["primary_combined_product_id"] = one["id"]
    body["skus"] = []
    for i in range(rng.choice((1, 2))):
        body["skus"].append({
            "seller_sku": f"PAKET-{rng.randint(1000, 999999)}-{i}",
            "price": {"amount": "9000", "currency": "IDR"},
            "inventory": [{"warehouse_id": facts["sales"][0], "quantity": rng.randint(1, 99)}],
            "combined_skus": [
                {"product_id": one["id"], "sku_id": one["skus"][0]["id"], "sku_count": i + 1},
                {"product_id": two["id"], "sku_id": two["skus"][0]["id"], "sku_count": 1}]})
    if len(body["skus"]) > 1:
        for i, sku in enumerate(body["skus"]):
            sku["sales_attributes"] = [{"name": "Paket", "value_name": f"Isi {i}"}]
    return body


def valid_global(scene, rng, facts):
    body = valid(scene, rng, facts)
    for key in ("save_mode", "brand_id", "is_cod_allowed", "external_product_id", "minimum_order_quantity",
                "video"):
        body.pop(key, None)
    count = rng.choice((1, 2, 3))
    body["skus"] = [{"seller_sku": f"G{rng.randint(1, 99999)}-{i}", "global_quantity": rng.randint(1, 99),
                     "price": {"amount": f"{rng.randint(1, 900)}.50", "currency": rng.choice(("USD", "EUR"))},
                     **({"sales_attributes": [{"name": "Pack", "value_name": f"Set {i}"}]} if count > 1 else {})}
                    for i in range(count)]
    return body


# ---- what is sent ----

class Ask:
    """A call that is about to be made: which, of what product, with what body."""

    def __init__(self, call, body, product=None):
        self.call, self.body, self.product = call, body, product
        self.product_id = product["id"] if product else ""

    def send(self, seller):
        if self.call == "create":
            return seller.call("POST", PRODUCTS, body=self.body)
        if self.call == "global":
            return seller.call("POST", "/product/202309/global_products", body=self.body, cipher=False)
        path = f"/product/202509/products/{self.product_id}"
        if self.call == "edit":
            return seller.call("PUT", path, body=self.body)
        return seller.call("POST", path + "/partial_edit", body=self.body)


def ask(scene, rng, facts):
    """One that is right."""
    if scene.name == "combined":
        return Ask("create", valid_combined(scene, rng, facts))
    if scene.call == "global":
        return Ask("global", valid_global(scene, rng, facts))
    if scene.call == "create":
        return Ask("create", valid(scene, rng, facts))
    product = rng.choice(facts["edited"])
    body = copy.deepcopy(product["body"])
    for key in ("save_mode", "idempotency_key"):
        body.pop(key, None)
    fresh = valid(scene, rng, facts, product["category_id"])
    body["title"], body["description"] = fresh["title"], fresh["description"]
    body["main_images"] = fresh["main_images"]
    for sku, known in zip(body["skus"], product["skus"]):
        sku["id"] = known["id"]
        sku["price"]["amount"] = _amount(rng, scene.market)
        if rng.random() < 0.3:
            sku.pop("inventory")
    if scene.call == "partial_edit":
        body = {key: value for key, value in body.items() if rng.random() < 0.6} or {"title": body["title"]}
    return Ask(scene.call, body, product)


# ---- what is there before ----

def make(seller, body):
    data = seller.create(body).json
    assert data["code"] == 0, (data, body)
    return {"id": data["data"]["product_id"], "skus": data["data"]["skus"], "body": body,
            "category_id": body["category_id"], "brand_id": body.get("brand_id", ""), "status": "ACTIVATE"}


def top_of(leaf):
    return bodies.chain_of(leaf)[0]


def stock_up(sandbox, seller, scene, rng, facts):
    """Products on sale to edit and to combine, one of another top category, one that is a
    draft, one with a SKU that is switched off."""
    def one(leaf, **more):
        body = {**valid(scene, rng, facts, leaf), "save_mode": "LISTING", **more}
        body.pop("brand_id", None)
        return make(seller, body)

    if scene.world is not HOME or scene.market != "ID" or scene.shop != 0:
        return
    home = rng.choice([leaf for leaf in bodies.LEAVES if leaf != CLOSED])
    other = next(leaf for leaf in bodies.LEAVES if top_of(leaf) != top_of(home) and leaf != CLOSED)
    sibling = next(leaf for leaf in bodies.LEAVES if top_of(leaf) == top_of(home) and leaf not in (home, CLOSED))
    facts["live"] = [one(home), one(home), one(sibling)]
    facts["stranger"] = one(other)
    facts["draft"] = one(home, save_mode="AS_DRAFT")
    facts["draft"]["status"] = "DRAFT"
    facts["off_sku"] = one(home)
    off = facts["off_sku"]["skus"][0]
    off["deactivated"] = True
    answer = sandbox.control("POST", f"trigger?what=deactivate-sku&product={facts['off_sku']['id']}&to={off['id']}")
    assert answer.status == 200, answer
    facts["edited"] = []
    while len(facts["edited"]) < 6:
        product = one(rng.choice([leaf for leaf in bodies.LEAVES if leaf != CLOSED]))
        if len(product["skus"]) > 1 or len(facts["edited"]) > 3:
            facts["edited"].append(product)


def products_of(facts):
    """As our store would have them for the check."""
    rows = [*facts.get("live", []), *facts.get("edited", [])]
    rows += [facts[key] for key in ("stranger", "draft", "off_sku") if key in facts]
    return [{"id": p["id"], "category_id": p["category_id"], "top_category_id": top_of(p["category_id"]),
             "brand_id": p["brand_id"], "status": p["status"],
             "skus": [{"id": sku["id"], "deactivated": sku.get("deactivated", False),
                       "price_minor": round(float(given["price"]["amount"]) * 100)}
                      for sku, given in zip(p["skus"], p["body"]["skus"])]} for p in rows]
