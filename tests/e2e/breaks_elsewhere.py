"""breaks_elsewhere - what can be wrong beside the places of bodies.BREAKS: in other markets
and shops, in edits, in combined and global products, with images of other uses; and what the
marketplace takes with a warning. Each belongs to a scene (scenes.py) and changes an ask."""
import copy
import time

import bodies
import scenes
from bodies import Unfit, a_sku, attributes_of, need, rules_of


class Break(bodies.Break):
    def __init__(self, name, code, where, run, scene):
        super().__init__(name, code, where, run)
        self.scene = scene


BREAKS = []


def breaks(code, where, scene="home"):
    """run(ask, rng, facts)"""
    def keep(function):
        BREAKS.append(Break(function.__name__.replace("_", " "), code, where, function, scene))
        return function
    return keep


def simple(name, code, where, *path, scene="home"):
    change = bodies._set(*path)
    BREAKS.append(Break(name, code, where, lambda ask, rng, facts: change(ask.body, rng, facts), scene))


def of_skus(name, code, where, key, value, scene="home"):
    def run(ask, rng, facts):
        for sku in ask.body["skus"]:
            sku[key] = copy.deepcopy(value)
    BREAKS.append(Break(name, code, where, run, scene))


def of_a_sku(name, code, where, key, value, scene="home"):
    def run(ask, rng, facts):
        a_sku(ask.body, rng)[key] = copy.deepcopy(value)
    BREAKS.append(Break(name, code, where, run, scene))


def a_stock(ask, rng):
    sku = a_sku(ask.body, rng)
    need(sku.get("inventory"))
    return sku["inventory"][0]


# ---- the category, and how the shop stands to it ----

simple("a category of nothing", 12052025, "category", "category_id", "0")
simple("a category of too many digits", 12052025, "category", "category_id", "9" * 25)
simple("the older tree", 12052217, "category", "category_version", "v1")


@breaks(12052217, "category")
def no_version_which_is_the_older_tree(ask, rng, facts):
    del ask.body["category_version"]


def _moved(ask, rng, facts, leaf):
    fresh = bodies.valid(rng, facts, leaf)
    ask.body.clear()
    ask.body.update(fresh)


INVITED = bodies._with_permission("INVITE_ONLY")


@breaks(12052223, "schema")
def a_category_by_invitation(ask, rng, facts):
    _moved(ask, rng, facts, INVITED)


@breaks(12052227, "schema")
def a_category_closed_for_a_reason_of_its_own(ask, rng, facts):
    _moved(ask, rng, facts, facts["closed"])


@breaks(12052994, "platforms", "tiktok")
def tokopedia_without_having_joined_it(ask, rng, facts):
    ask.body["listing_platforms"] = ["TIKTOK_SHOP", "TOKOPEDIA"]


@breaks(12052995, "platforms", "tokopedia")
def tiktok_shop_without_having_joined_it(ask, rng, facts):
    if rng.random() < 0.5:
        ask.body["listing_platforms"] = ["TIKTOK_SHOP"]


@breaks(12052330, "platforms", "GB")
def tokopedia_in_britain(ask, rng, facts):
    ask.body["listing_platforms"] = ["TOKOPEDIA"]


def _state(code, name, scene):
    BREAKS.append(Break(name, code, "shop", lambda ask, rng, facts: need(
        ask.body.get("save_mode") != "AS_DRAFT"), scene))


_state(12052700, "a shop that is not active", "inactive")
_state(12052115, "a shop without a warehouse", "bare")
_state(12052535, "a shop that takes nothing back", "keeping")
_state(12052701, "a local product across borders", "cross")

# ---- brand ----

simple("a brand of nobody's", 12052026, "brand", "brand_id", "7099999999999999999")


def _brand(code, name, key):
    def run(ask, rng, facts):
        ask.body["brand_id"] = facts[key]
    BREAKS.append(Break(name, code, "brand", run, "home"))


_brand(12052201, "a brand for other categories", "brand_elsewhere")
_brand(12052208, "a protected brand", "t1_brand")

# ---- description: what is refused, and what was ----

simple("a description of nothing but tags", 12019006, "description", "description", "<p> </p><p></p>")
simple("tags seventy deep", 12052352, "description", "description",
       "<div>" * 70 + "Kaos" + "</div>" * 70)
TAGS = ((12052345, "a tag of its own", "<p>Kaos polos</p><div>Ukuran lengkap</div>"),
        (12052349, "a paragraph in a paragraph", "<p>Kaos polos <p>Ukuran lengkap</p></p>"),
        (12052349, "bold on its own", "<b>Kaos polos</b>"),
        (12052350, "a handler", '<p onclick="x()">Kaos polos</p>'),
        (12052350, "a style", '<p style="color:red">Kaos polos</p>'))
for _code, _name, _text in TAGS:
    simple(_name, _code, "description", "description", _text)
    simple(_name + ", then", _code, "description", "description", _text, scene="strict")
simple("Chinese in the description", 12052346, "description", "description", "<p>Kaos adem 凉快</p>")
simple("Chinese in the description, then", 12052346, "description", "description", "<p>Kaos adem 凉快</p>",
       scene="strict")


@breaks(12052324, "description")
def a_moving_picture_in_the_description(ask, rng, facts):
    bodies._images(ask.body, facts, '<img src="HOST/tos/a.gif" width="10" height="10">')


def _shown(code, name, key):
    def run(ask, rng, facts):
        ask.body["description"] = f'<p>Kaos adem</p><img src="{facts[key]["url"]}" width="10" height="10">'
    BREAKS.append(Break(name, code, "description", run, "loose"))


_shown(12052343, "a GIF in the description", "gif")
_shown(12052342, "a heavy image in the description", "heavy")

# ---- images of other uses ----


def _main(code, name, key, scene="home"):
    def run(ask, rng, facts):
        uri = facts[key] if isinstance(facts[key], str) else facts[key]["uri"]
        ask.body["main_images"][rng.randrange(len(ask.body["main_images"]))] = {"uri": uri}
    BREAKS.append(Break(name, code, "images", run, scene))


def _of_value(code, name, key, scene="home"):
    def run(ask, rng, facts):
        uri = facts[key] if isinstance(facts[key], str) else facts[key]["uri"]
        for i, sku in enumerate(ask.body["skus"]):
            sku["sales_attributes"] = [{"name": "Paket", "value_name": f"A {i}", "sku_img": {"uri": uri}}]
    BREAKS.append(Break(name, code, "skus", run, scene))


_main(12052301, "a main image that is too small", "small")
_main(12052302, "a main image that is too large", "large")
_main(12052305, "a main image that is too wide", "wide")
_main(12052304, "a GIF as main image", "gif", "loose")
_main(12052302, "a main image that is too heavy", "heavy", "loose")
_of_value(12052524, "an image of a value that is too wide", "wide")
_of_value(12052523, "a GIF of a value", "gif", "loose")
_of_value(12052521, "a heavy image of a value", "heavy", "loose")
simple("an image of nobody's", 12052722, "images", "main_images",
       [{"uri": "tos-aisle-i-sandbox-sg/00000000000000000000000000000000"}])


@breaks(12052522, "skus")
def an_image_of_a_value_without_a_uri(ask, rng, facts):
    for i, sku in enumerate(ask.body["skus"]):
        sku["sales_attributes"] = [{"name": "Paket", "value_name": f"A {i}", "sku_img": {}}]


@breaks(12052671, "size chart")
def a_size_chart_that_is_too_small(ask, rng, facts):
    ask.body["size_chart"] = {"image": {"uri": facts["images"][0]}}


simple("a size chart of nobody's", 12052128, "size chart", "size_chart",
       {"template": {"id": "7267563252536723999"}})

# ---- attributes ----


@breaks(12052183, "attributes")
def an_attribute_out_of_place(ask, rng, facts):
    body = ask.body
    for id, (attribute, required, conditions) in attributes_of(body["category_id"]).items():
        if (conditions and not required and attribute["type"] != "SALES_PROPERTY"
                and not any(bodies._chosen(body, c) for c in conditions)):
            body["product_attributes"].append({"id": id, "values": [bodies._value_for(rng, attribute)]})
            return
    raise Unfit


@breaks(12052245, "attributes")
def a_value_that_is_no_text(ask, rng, facts):
    given, _ = bodies._any_value(ask.body, customizable=True)
    given["values"] = [{"name": rng.choice(("Kain \ufffd", "Kain \ufdd0", "Kain \ue000"))}]


@breaks(12052245, "skus", "global")
def a_global_name_with_a_hyphen(ask, rng, facts):
    for i, sku in enumerate(ask.body["skus"]):
        sku["sales_attributes"] = [{"name": "Pack-size", "value_name": f"Set {i}"}]


@breaks(12052245, "skus", "global")
def a_global_value_with_an_accent(ask, rng, facts):
    for i, sku in enumerate(ask.body["skus"]):
        sku["sales_attributes"] = [{"name": "Pack", "value_name": f"Café {i}"}]


simple("a global weight in pounds", 12019011, "weight", "package_weight", "unit", "STONE", scene="global")
of_a_sku("a global price in rupiah", 12052084, "price", "price", {"amount": "90000", "currency": "IDR"},
         scene="global")

# ---- SKUs ----

of_a_sku("a seller SKU in Chinese", 12052554, "seller sku", "seller_sku", "红色-01")


@breaks(12052559, "skus")
def two_skus_without_attributes(ask, rng, facts):
    need(len(ask.body["skus"]) > 1)
    for sku in ask.body["skus"]:
        sku.pop("sales_attributes", None)


@breaks(12052237, "urls")
def an_address_that_climbs(ask, rng, facts):
    a_sku(ask.body, rng)["external_urls"] = [
        rng.choice(("https://example.com/a/../b", "https://example.com/a b", 'https://example.com/"a"'))]


@breaks(12052096, "stock")
def stock_without_a_warehouse(ask, rng, facts):
    a_stock(ask, rng).pop("warehouse_id")


def _stock(code, name, **stock):
    def run(ask, rng, facts):
        a_stock(ask, rng).update(stock)
    BREAKS.append(Break(name, code, "stock", run, "home"))


_stock(12052097, "a warehouse that is no number", warehouse_id="bandung")
_stock(12052490, "a handling time of no days", handling_time=0)


@breaks(12052403, "stock")
def a_warehouse_that_is_restricted(ask, rng, facts):
    a_stock(ask, rng)["warehouse_id"] = facts["restricted"]


of_skus("no pre-sale and yet how", 12019094, "pre-sale", "pre_sale",
        {"type": "NONE", "fulfillment_type": {"handling_duration_days": 7}})


@breaks(12052229, "pre-sale")
def ordered_ahead_and_not_for_sale(ask, rng, facts):
    for sku in ask.body["skus"]:
        sku["pre_sale"] = {"type": "PRE_ORDER", "fulfillment_type": {"handling_duration_days": 7}}
    ask.body["is_not_for_sale"] = True


# ---- things that are there and empty; words there are none of ----

for _key in ("package_dimensions", "manufacturer", "video", "size_chart"):
    simple(f"an empty {_key}", 12052487, {"package_dimensions": "size", "size_chart": "size chart"}.get(_key, _key),
           _key, {})
of_a_sku("an empty identifier_code", 12052487, "codes", "identifier_code", {})
of_a_sku("a source of a price there is none of", 12052910, "list price", "external_list_prices",
         [{"amount": "9", "currency": "IDR", "source": "OWN"}])
of_a_sku("a fee there is none of", 12052910, "fees", "fees",
         [{"type": "DEPOSIT", "amount": "1", "additional_attribute": "SINGLE_USE"}])
simple("a delivery option there is none of", 12052910, "delivery", "delivery_option_ids", ["1"])

# ---- papers and persons ----


@breaks(12052658, "papers")
def a_file_with_a_blank_in_its_id(ask, rng, facts):
    need(ask.body.get("certifications"))
    ask.body["certifications"][0]["files"] = [{"id": "my file", "name": "a.pdf", "format": "PDF"}]


simple("a manufacturer of nobody's", 12052284, "manufacturer ids", "manufacturer_ids", ["7020000000000000999"])
simple("a responsible person of nobody's", 12052289, "person ids", "responsible_person_ids",
       ["7030000000000000999"])


def _asked_for(name, code, where, key, *value):
    def run(ask, rng, facts):
        need(ask.body["save_mode"] == "LISTING")
        ask.body.pop(key)
        if value:
            ask.body[key] = copy.deepcopy(value[0])
    BREAKS.append(Break(name, code, where, run, "EU"))


_asked_for("no manufacturer in the EU", 12052282, "manufacturer ids", "manufacturer_ids")
_asked_for("no responsible person in the EU", 12052287, "person ids", "responsible_person_ids")
_asked_for("an empty list of responsible persons", 12052288, "person ids", "responsible_person_ids", [])

# ---- the EU ----

CODE = {"code": "8991234567895", "type": "EAN"}


def _further(code, name, codes, first=True, scene="DE"):
    def run(ask, rng, facts):
        sku = ask.body["skus"][0]
        sku.pop("identifier_code", None)
        if first:
            sku["identifier_code"] = dict(CODE)
        sku["extra_identifier_codes"] = codes
    BREAKS.append(Break(name, code, "codes", run, scene))


_further(12052292, "eleven further codes", ["8991234567895"] * 11)
_further(12052293, "further codes alone", ["8991234567895"], first=False, scene="FR")
_further(12052294, "a further code of five digits", ["12345"])
of_a_sku("a unit count of nothing", 12052574, "units", "sku_unit_count", "0", scene="FR")
of_a_sku("a unit count in words", 12052574, "units", "sku_unit_count", "satu", scene="DE")
of_skus("Pfand without packaging", 12052495, "fees", "fees", [{"type": "PFAND", "amount": "0.25"}], scene="DE")
of_skus("Pfand in a packaging there is none of", 12052495, "fees", "fees",
        [{"type": "PFAND", "amount": "0.25", "additional_attribute": "BOX"}], scene="DE")
of_skus("an amount without Pfand", 12052498, "fees", "fees",
        [{"type": "PFAND", "amount": "0.25", "additional_attribute": "NOT_APPLICABLE"}], scene="DE")


@breaks(12052543, "fees", "DE")
def pfand_on_a_combined_product(ask, rng, facts):
    for sku in ask.body["skus"]:
        sku["fees"] = [{"type": "PFAND", "amount": "0.25", "additional_attribute": "SINGLE_USE"}]
        sku["combined_skus"] = [{"product_id": "1729000000000000001", "sku_id": "1729000000000000002",
                                 "sku_count": 2}]


for _market in ("DE", "GB", "JP", "BR"):
    simple("a least quantity in " + _market, 12052707, "order", "minimum_order_quantity", 2, scene=_market)

# ---- the US, and ceilings elsewhere ----


def _ahead(code, name, kind, **how):
    def run(ask, rng, facts):
        for sku in ask.body["skus"]:
            sku["pre_sale"] = {"type": kind, "fulfillment_type": {
                key: value() if callable(value) else value for key, value in how.items()}}
    BREAKS.append(Break(name, code, "pre-sale", run, "US"))


_ahead(12019097, "a release on no date", "PRE_ORDER", release_date=0)
_ahead(12052269, "a release too soon", "PRE_ORDER", release_date=lambda: int(time.time()) + 86400)
_ahead(12052269, "a release too far away", "PRE_ORDER", release_date=lambda: int(time.time()) + 80 * 86400)
_ahead(12052275, "made to order in fifteen days", "MADE_TO_ORDER", handling_duration_days=15)
_ahead(12052275, "made to measure in a month and more", "CUSTOM", handling_duration_days=31)
of_a_sku("a list price in words", 12052375, "list price", "list_price", {"amount": "much", "currency": "USD"},
         scene="US")
of_a_sku("a list price above the most", 12052383, "list price", "list_price",
         {"amount": "7601", "currency": "USD"}, scene="US")


def _too_dear(market):
    currency, most, _ = scenes.MARKETS[market]
    of_a_sku("a price above the most in " + market, 12052570, "price", "price",
             {"amount": str(most + 1), "currency": currency}, scene=market)


for _market in ("US", "GB", "DE", "BR", "MX"):
    _too_dear(_market)


@breaks(12052915, "weight", "US")
def pounds_and_centimetres(ask, rng, facts):
    ask.body["package_weight"] = {"value": "2.5", "unit": "POUND"}
    ask.body["package_dimensions"] = {"length": "10", "width": "11", "height": "12", "unit": "CENTIMETER"}


@breaks(12019011, "weight", "MX")
def a_parcel_too_heavy(ask, rng, facts):
    ask.body["package_weight"] = {"value": "30001", "unit": "GRAM"}


# ---- edits ----


@breaks(12052030, "product", "edit")
def an_edit_of_no_product(ask, rng, facts):
    ask.product_id = "%20"


@breaks(12052031, "product", "edit")
def an_edit_of_something_else(ask, rng, facts):
    ask.product_id = "kaos"


@breaks(12019019, "skus", "edit")
def a_sales_attribute_that_describes(ask, rng, facts):
    asked = attributes_of(ask.product["category_id"])
    id, attribute = next((id, a) for id, (a, _, _) in asked.items()
                         if a["type"] != "SALES_PROPERTY" and len(a["values"]) >= len(ask.body["skus"]))
    for sku, value in zip(ask.body["skus"], attribute["values"]):
        sku["sales_attributes"] = [{"id": id, "value_id": value["id"]}]


@breaks(12052037, "stock", "edit")
def an_edit_of_stock_without_a_warehouse(ask, rng, facts):
    a_stock(ask, rng).pop("warehouse_id")


@breaks(12052553, "skus", "edit")
def the_same_sku_twice(ask, rng, facts):
    need(len(ask.body["skus"]) > 1)
    ask.body["skus"][1]["id"] = ask.body["skus"][0]["id"]


@breaks(12052557, "skus", "edit")
def a_sku_of_another_product(ask, rng, facts):
    a_sku(ask.body, rng)["id"] = facts["stranger"]["skus"][0]["id"]


@breaks(12019060, "size", "partial_edit")
def inches_in_a_partial_edit(ask, rng, facts):
    ask.body["package_dimensions"] = {"length": "10", "width": "11", "height": "12", "unit": "INCH"}


@breaks(12052558, "skus", "partial_edit")
def a_hundred_and_one_skus_in_a_partial_edit(ask, rng, facts):
    one = copy.deepcopy(ask.product["body"]["skus"][0])
    for key in ("identifier_code", "external_sku_id"):
        one.pop(key, None)
    ask.body["skus"] = [{**one, "seller_sku": f"S{i}",
                         "sales_attributes": [{"name": "Nomor", "value_name": f"No {i}"}]} for i in range(101)]


@breaks(12052572, "price", "partial_edit")
def a_sale_price_in_words_in_a_partial_edit(ask, rng, facts):
    sku = a_sku(ask.body, rng)
    sku["price"]["sale_price"] = "murah"


simple("no SKU in a partial edit", 12052902, "skus", "skus", [], scene="partial_edit")

# ---- combined products ----


def a_part(ask, rng):
    sku = a_sku(ask.body, rng)
    return sku, rng.choice(sku["combined_skus"])


simple("combined and not for sale", 12052228, "gift", "is_not_for_sale", True, scene="combined")
simple("combined with a least quantity", 12052848, "order", "minimum_order_quantity", 2, scene="combined")


@breaks(12052832, "part", "combined")
def none_of_a_part(ask, rng, facts):
    a_part(ask, rng)[1]["sku_count"] = 0


@breaks(12052835, "part", "combined")
def a_part_that_is_not_there(ask, rng, facts):
    a_part(ask, rng)[1]["product_id"] = "1729000000000000009"


@breaks(12052836, "schema", "combined")
def another_category_than_the_main_part(ask, rng, facts):
    leaf = facts["live"][2]["category_id"]
    fresh = bodies.valid(rng, facts, leaf)
    for key in ("minimum_order_quantity", "brand_id", "is_cod_allowed"):
        fresh.pop(key, None)
    for key in ("skus", "primary_combined_product_id"):
        fresh[key] = ask.body[key]
    ask.body.clear()
    ask.body.update(fresh)


def _with_part(ask, product):
    for i, sku in enumerate(ask.body["skus"]):
        sku["combined_skus"][1] = {"product_id": product["id"], "sku_id": product["skus"][0]["id"],
                                   "sku_count": 1 + i}


@breaks(12052838, "part", "combined")
def a_part_of_another_top_category(ask, rng, facts):
    _with_part(ask, facts["stranger"])


@breaks(12052845, "part", "combined")
def a_part_that_is_a_draft(ask, rng, facts):
    _with_part(ask, facts["draft"])


@breaks(12052864, "part", "combined")
def a_part_that_is_switched_off(ask, rng, facts):
    _with_part(ask, facts["off_sku"])


@breaks(12052840, "part", "combined")
def a_part_twice(ask, rng, facts):
    sku, part = a_part(ask, rng)
    sku["combined_skus"].append(dict(part))


@breaks(12052841, "part", "combined")
def two_made_of_the_same(ask, rng, facts):
    need(len(ask.body["skus"]) > 1)
    ask.body["skus"][1]["combined_skus"] = copy.deepcopy(ask.body["skus"][0]["combined_skus"])


@breaks(12052842, "part", "combined")
def no_main_part(ask, rng, facts):
    ask.body["primary_combined_product_id"] = facts["live"][2]["id"]


@breaks(12052844, "part", "combined")
def a_part_of_another_product(ask, rng, facts):
    a_part(ask, rng)[1]["sku_id"] = facts["live"][2]["skus"][0]["id"]


@breaks(12052851, "stock", "combined")
def a_combined_sku_that_lies_nowhere(ask, rng, facts):
    a_stock(ask, rng).pop("warehouse_id")


@breaks(12052859, "part", "combined")
def one_of_one_part(ask, rng, facts):
    sku = a_sku(ask.body, rng)
    sku["combined_skus"] = [{**sku["combined_skus"][0], "sku_count": 1}]


@breaks(12052861, "price", "combined")
def dearer_than_its_parts(ask, rng, facts):
    a_sku(ask.body, rng)["price"]["amount"] = "999999999"


@breaks(12052862, "brand", "combined")
def a_brand_of_none_of_its_parts(ask, rng, facts):
    ask.body["brand_id"] = facts["brands"][0]


@breaks(12052863, "part", "combined")
def a_sku_that_is_not_combined(ask, rng, facts):
    a_sku(ask.body, rng).pop("combined_skus")
