"""What TikTok Shop asks of a listing: rules, attributes, brands, warehouses, prerequisites."""

import gzip
import json
import os
import tempfile

from foreign import Client, Sandbox, check, data_dir, run, test

SHIRTS, LIPSTICK_ROOT, FORMULA, CARDIGANS = "744161", "692929", "918030", "989831"
RULES = "/product/202309/categories/{}/rules"
ATTRIBUTES = "/product/202309/categories/{}/attributes"


def rules(client, leaf, **query):
    return client.call("GET", RULES.format(leaf), {"category_version": "v2", **query})


def attributes(client, leaf, **query):
    return client.call("GET", ATTRIBUTES.format(leaf), {"category_version": "v2", **query})


def named(answer):
    return {a["name"]: a for a in answer.json["data"]["attributes"]}


@test
def a_leaf_has_rules_of_its_own_and_of_what_is_above_it():
    with Sandbox() as sandbox:
        client = Client(sandbox)
        data = rules(client, SHIRTS).json["data"]
        check(data["size_chart"], {"is_required": False, "is_supported": True})
        check(data["cod"], {"is_supported": True})
        check(data["product_certifications"], [])
        check(data["allowed_special_product_types"], ["PRE_ORDER"])
        check(rules(client, "749934").json["data"]["size_chart"]["is_required"], True)


@test
def rules_and_attributes_say_what_is_wrong_with_a_category():
    with Sandbox() as sandbox:
        client = Client(sandbox)
        rows = [
            ("1", "v2", 12052023), ("abc", "v2", 12052023), ("832584", "v2", 12052024),
            (CARDIGANS, "v1", 12052230), (CARDIGANS, "v3", 12052230), ("688433", "v2", 12052220),
            ("651045", "v2", 0),
        ]
        for path in (RULES, ATTRIBUTES):
            for leaf, version, code in rows:
                answer = client.call("GET", path.format(leaf), {"category_version": version})
                check((answer.status, answer.code), (200, code), (path, leaf, version))
        check(rules(client, "1").json["message"], "Category does not exist")
        for ask in (rules, attributes):
            check(ask(client, SHIRTS, locale="xx-XX").code, 98001004)
            check(ask(client, SHIRTS, locale="th-TH").code, 0)
    with Sandbox("v2_required", "business_status=400") as sandbox:
        answer = Client(sandbox).call("GET", RULES.format(SHIRTS))
        check((answer.status, answer.code), (400, 12052217))


@test
def attributes_come_in_a_language_and_misspelt_unless_told_otherwise():
    with Sandbox() as sandbox:
        client = Client(sandbox)
        english = named(attributes(client, SHIRTS, locale="en-US"))
        check(english["Material"]["is_requried"], True)
        check("is_required" in english["Material"], False)
        check((english["Material"]["is_multiple_selection"], english["Material"]["is_customizable"]),
              (True, True))
        check(english["Color"]["type"], "SALES_PROPERTY")
        check("is_customizable" in english["Color"], False, "of product properties only")
        indonesian = named(attributes(client, SHIRTS))
        check(indonesian["Bahan"]["id"], english["Material"]["id"])
        check([v["name"] for v in indonesian["Bahan"]["values"]][:2], ["Katun", "Poliester"])
    with Sandbox("right_spelling") as sandbox:
        check(named(attributes(Client(sandbox), SHIRTS, locale="en-US"))["Material"]["is_required"], True)


@test
def an_attribute_may_depend_on_another_ones_value():
    with Sandbox() as sandbox:
        lamp = named(attributes(Client(sandbox), "887949", locale="en-US"))
        check(lamp["Warranty Type"]["is_requried"], True)
        check(lamp["Warranty Duration"]["is_requried"], False)
        condition = lamp["Warranty Duration"]["requirement_conditions"][0]
        check(condition["condition_type"], "VALUE_ID_MATCH")
        check(condition["attribute_id"], lamp["Warranty Type"]["id"])
        check(lamp["Power (W)"]["value_data_format"], "POSITIVE_INT_OR_DECIMAL")


@test
def brands_come_in_pages_with_every_state_there_is():
    with Sandbox() as sandbox:
        client = Client(sandbox)

        def brands(**query):
            return client.call("GET", "/product/202309/brands", {"page_size": "100", **query})

        whole = brands(category_id=SHIRTS, category_version="v2").json["data"]
        check(whole["total_count"], len(whole["brands"]))
        states = {(b["authorized_status"], b["is_t1_brand"], b.get("brand_status"))
                  for b in whole["brands"]}
        check(states, {("AUTHORIZED", False, "AVAILABLE"), ("AUTHORIZED", False, "UNAVAILABLE"),
                       ("AUTHORIZED", True, "AVAILABLE"), ("UNAUTHORIEZD", True, None),
                       ("UNAUTHORIEZD", False, None)})
        seen, token = [], ""
        while True:
            page = brands(page_size="7", **({"page_token": token} if token else {})).json["data"]
            seen += [b["id"] for b in page["brands"]]
            token = page["next_page_token"]
            if not token:
                break
            check("=" in token and "/" in token, True, "a token that must be escaped")
        check(seen, [b["id"] for b in whole["brands"]])
        check([b["name"] for b in brands(brand_name="rON").json["data"]["brands"]], ["Ronara"])
        check(all(b["authorized_status"] == "AUTHORIZED"
                  for b in brands(is_authorized="1").json["data"]["brands"]), True)
        rows = [({"page_size": "0"}, 12019109), ({"page_size": "101"}, 12019109),
                ({"page_token": "7/x"}, 12019108), ({"category_id": "1"}, 12052023),
                ({"page_size": ""}, 36009004)]
        for query, code in rows:
            check(brands(**query).code, code, query)


@test
def a_seller_makes_brands_of_its_own():
    with Sandbox("shops=2") as sandbox:
        one, other = Client(sandbox, 0), Client(sandbox, 1)

        def make(client, name):
            return client.call("POST", "/product/202309/brands", body={"name": name}, cipher=False)

        def find(client):
            return client.call("GET", "/product/202309/brands",
                               {"page_size": "9", "brand_name": "Toko Kecil"}).json["data"]["brands"]

        made = make(one, "Toko Kecil").json["data"]["id"]
        check([b["id"] for b in find(one)], [made])
        check(find(other), [])
        for name, code in (("a", 98001004), ("x" * 31, 98001004), ("小店", 98001004), ("", 36009004)):
            check(make(one, name).code, code, name)
        for body, message in (({}, "Name is a required field"),
                              ({"name": 7}, "param body.name type invalid. actual type:int64, expected")):
            answer = one.call("POST", "/product/202309/brands", body=body, cipher=False)
            check((answer.code, answer.json["message"].startswith(message)), (36009004, True), answer)
        codes = [make(one, f"Merek {i}").code for i in range(50)]
        check((codes[48], codes[49]), (0, 12052109), "fifty a day")


@test
def a_shop_has_warehouses_of_every_kind():
    with Sandbox("shops=2") as sandbox:
        client = Client(sandbox)
        list_ = client.call("GET", "/logistics/202309/warehouses").json["data"]["warehouses"]
        check(sorted((w["type"], w["effect_status"], w["is_default"]) for w in list_),
              [("RETURN_WAREHOUSE", "ENABLED", False), ("SALES_WAREHOUSE", "DISABLED", False),
               ("SALES_WAREHOUSE", "ENABLED", False), ("SALES_WAREHOUSE", "ENABLED", True),
               ("SALES_WAREHOUSE", "RESTRICTED", False)])
        check("distict" in list_[0]["address"], True, "as the wire spells it")
        check(len({w["id"] for w in list_}), 5)
        path = "/logistics/202309/warehouses/{}/delivery_options"
        options = client.call("GET", path.format(list_[0]["id"])).json["data"]["delivery_options"]
        check(len(options), 2)
        other = Client(sandbox, 1).call("GET", path.format(list_[0]["id"]))
        check(other.code, 12052097, "another shop's")


@test
def warehouses_stand_in_their_shops_region():
    regions = "BR DE ES FR GB ID IE IT JP MX MY PH SG TH US VN".split()
    with Sandbox(*(f"shop=Toko {r}|Toko {r}|{r}" for r in regions)) as sandbox:
        seen = set()
        for shop, region in enumerate(regions):
            list_ = Client(sandbox, shop).call("GET", "/logistics/202309/warehouses").json["data"]["warehouses"]
            check({w["name"].startswith("Gudang") for w in list_[:2]}, {region == "ID"}, region)
            address = list_[0]["address"]
            check(all(w["address"] == address for w in list_), True)
            check((address["region"], address["region_code"]), (region, region))
            check(all(address.values()), True, address)
            for part in ("address_line1", "distict", "city", "postal_code"):
                check(address[part] in address["full_address"], True, address)
            seen.add((address["city"], address["postal_code"], address["phone_number"]))
        check(len(seen), len(regions), "no two in one place")


@test
def what_a_shop_may_lack_has_a_name():
    for missing in ("FOO", "RETURN_WAREHOUSE,FOO", "RETURN WAREHOUSE"):
        try:
            Sandbox("missing=" + missing)
            raise AssertionError(missing + " was taken")
        except RuntimeError:
            pass
    with Sandbox("missing=return_warehouse,") as sandbox:
        list_ = Client(sandbox).call("GET", "/logistics/202309/warehouses").json["data"]["warehouses"]
        check({w["type"] for w in list_}, {"SALES_WAREHOUSE"}, "in any case of its letters")


@test
def prerequisites_come_in_two_shapes_and_can_be_missing():
    with Sandbox("missing=RETURN_WAREHOUSE,bank_account") as sandbox:
        client = Client(sandbox)
        new = client.call("GET", "/product/202312/prerequisites").json["data"]["check_results"]
        check([r["check_item"] for r in new if r["is_failed"]], ["RETURN_WAREHOUSE", "BANk_ACCOUNT"])
        old = client.call("GET", "/product/202309/prerequisites").json["data"]["shop"]
        check((old["logistics"]["return_warehouse"], old["status"]), ("FAILED", "PASS"))
        check(client.call("GET", "/product/202401/prerequisites").code, 36009014)


@test
def size_charts_are_found_by_id_and_word():
    with Sandbox() as sandbox:
        client = Client(sandbox)

        def search(**body):
            return client.call("POST", "/product/202407/sizecharts/search", {"page_size": "2"},
                               body, cipher=False).json["data"]

        first = search()
        check((len(first["size_chart"]), first["total_count"]), (2, 3))
        check([s["template_name"] for s in search(keyword="Sepatu")["size_chart"]], ["Sepatu 36-44"])
        check(len(search(ids=[first["size_chart"][1]["template_id"]])["size_chart"]), 1)
        check(client.call("POST", "/product/202407/sizecharts/search", {"page_size": "2"}, {"ids": "7"},
                          cipher=False).code, 36009004)


@test
def rules_and_attributes_evolve_all_or_none():
    with Sandbox() as sandbox:
        client = Client(sandbox)
        before = attributes(client, SHIRTS).body
        edits = [
            {"op": "rules", "id": SHIRTS, "rules": {"size_chart": {"is_required": True}}},
            {"op": "attribute", "id": SHIRTS,
             "attribute": {"id": "100555", "name": {"en-US": "Fit", "id-ID": "Potongan"},
                           "is_required": True, "values": [{"id": "1", "name": {"en-US": "Slim"}}]}},
            {"op": "drop-attribute", "id": SHIRTS, "attribute_id": "100104"},
            {"op": "drop-value", "attribute_id": "100101", "value_id": "10010101"},
            {"op": "rename", "id": SHIRTS, "names": {"en-US": "Tees", "id-ID": "Kaos"}},
        ]
        bad = sandbox.control("POST", "evolve", edits + [{"op": "drop-value", "attribute_id": "1",
                                                          "value_id": "1"}])
        check(bad.status, 400)
        check(attributes(client, SHIRTS).json["data"], json.loads(before)["data"])
        done = sandbox.control("POST", "evolve", edits).json
        check((done["rules"], done["attribute"], done["rename"]), (1, 1, 1))
        check(rules(client, SHIRTS).json["data"]["size_chart"],
              {"is_required": True, "is_supported": True})
        now = named(attributes(client, SHIRTS, locale="en-US"))
        check(now["Fit"]["is_requried"], True)
        check("Season" in now, False)
        check("Cotton" in [v["name"] for v in now["Material"]["values"]], False)
        other = named(attributes(client, "650689", locale="en-US"))
        check(("Fit" in other, "Season" in other), (False, True), "the neighbour is as it was")
        sandbox.control("POST", "reset?what=tree")
        check(attributes(client, SHIRTS).json["data"], json.loads(before)["data"])


@test
def real_rules_take_the_place_of_our_own():
    packed = data_dir("tiktok_tree_id", "raw", "category_rules_2026-06-18.json.gz")
    tree = data_dir("tiktok_tree_id", "raw", "get_categories_2026-06-18_L1-L3.json.gz")
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for source in (packed, tree):
            paths.append(os.path.join(folder, os.path.basename(source)[:-3]))
            with open(paths[-1], "wb") as out:
                out.write(gzip.open(source).read())
        real = json.load(open(paths[0]))["rules"]
        with Sandbox("rules=" + paths[0], f"tree={paths[1]}@v2,id-ID") as sandbox:
            client = Client(sandbox)
            for leaf in list(real)[:: 60]:
                got = rules(client, leaf).json["data"]
                check(got, real[leaf]["rules"], leaf)
            check(len(attributes(client, list(real)[0]).json["data"]["attributes"]) > 0, True)


@test
def rules_that_are_none_are_told_by_name():
    import subprocess
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        file.write("[1]")
        file.flush()
        done = subprocess.run([os.environ["SANDBOXD"], "rules=" + file.name], capture_output=True,
                              stdin=subprocess.DEVNULL)
        check(done.returncode, 1)
        check(file.name in done.stderr.decode(), True, done.stderr)


run()
