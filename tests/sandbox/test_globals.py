"""Global products: asked for, made, published to markets, kept in step."""

import random

from foreign import Sandbox, check, run, test
from selling import Seller, bodies

SHIRTS = "744161"
GLOBALS = "/product/202309/global_products"
ABROAD = ("shop=Toko A|Ekspor|MY||cross", "shop=Toko B|Ekspor|PH||cross", "audit_ms=-1", "index_lag_ms=-1")


class Exporter(Seller):
    def ask(self, method, path, query=None, body=None):
        return self.call(method, path, query, body, cipher=False)

    def take(self, *args):
        answer = self.ask(*args)
        assert answer.code == 0, (args, answer)
        return answer.json["data"]


def shirt(seller, **more):
    facts = seller.facts()
    body = bodies.valid(random.Random(2), facts, SHIRTS)
    for key in ("save_mode", "brand_id", "is_cod_allowed", "external_product_id",
                "minimum_order_quantity", "video"):
        body.pop(key, None)
    body["skus"] = [{"seller_sku": f"G{i}", "price": {"amount": "9.50", "currency": "USD"},
                     "global_quantity": 5, "sales_attributes": [{"name": "Pack", "value_name": f"Set {i}"}]}
                    for i in range(2)]
    return {**body, **more}


@test
def a_seller_across_borders_may_and_others_may_not():
    with Sandbox() as sandbox:
        client = Exporter(sandbox)
        for method, path in (("GET", "/product/202309/global_categories"), ("GET", GLOBALS + "/1"),
                             ("GET", f"/product/202309/categories/{SHIRTS}/global_rules")):
            check(client.ask(method, path, {"category_version": "v2"}).code, 12019114, path)
    with Sandbox(*ABROAD) as sandbox:
        client = Exporter(sandbox)
        check(client.take("GET", "/seller/202309/permissions")["permissions"], ["MANAGE_GLOBAL_PRODUCT"])
        answer = client.call("GET", "/product/202309/global_categories", {"category_version": "v2"})
        check(answer.code, 36009004, "a cipher has no place here")
        check(client.create(shirt(client)).code, 12052701, "a local product is not theirs to make")


@test
def what_is_asked_is_answered_for_all_the_sellers_markets():
    with Sandbox(*ABROAD) as sandbox:
        client = Exporter(sandbox)
        v2 = {"category_version": "v2"}
        list_ = client.take("GET", "/product/202309/global_categories", v2)["categories"]
        check({s for c in list_ for s in c["permission_statuses"]}, {"AVAILABLE", "NON_MAIN_CATEGORY"})
        check([c["local_name"] for c in client.take("GET", "/product/202309/global_categories", {
            **v2, "keyword": "men's t-shirts"})["categories"]], ["Women's T-Shirts", "Men's T-Shirts"])
        check(client.ask("GET", "/product/202309/global_categories", {**v2, "locale": "pt-BR"}).code, 98001004)
        attributes = client.take("GET", f"/product/202309/categories/{SHIRTS}/global_attributes", v2)["attributes"]
        material = [a for a in attributes if a["name"] == "Material"][0]
        check((material["required_regions"], material["optional_regions"]), (["MY", "PH"], []))
        rules = client.take("GET", f"/product/202309/categories/{SHIRTS}/global_rules", v2)
        check((rules["manufacturer"]["is_required"], rules["manufacturer"]["optional_regions"]),
              (False, ["MY", "PH"]))
        path = "/product/202309/global_categories/recommend"
        found = client.take("POST", path, None, {"product_title": "Men's T-Shirts cotton plain black",
                                                 "category_version": "v2"})
        check(found["leaf_category_id"], SHIRTS)
        check("permission_statuses" in found["categories"][0], False)
        check(client.ask("POST", path, None, {"product_title": "Kaos – polos"}).code, 12052266)
        check(len(client.take("GET", "/logistics/202309/global_warehouses")["global_warehouses"]), 1)


@test
def a_global_product_is_made_published_and_kept_in_step():
    with Sandbox(*ABROAD) as sandbox:
        client = Exporter(sandbox)
        body = shirt(client)
        made = client.take("POST", GLOBALS, None, body)
        id, skus = made["global_product_id"], [s["id"] for s in made["global_skus"]]
        check(client.take("GET", f"{GLOBALS}/{id}")["title"], body["title"])
        warehouse = client.facts()["sales"][0]

        def target(region, currency, **more):
            return {"region": region, "skus": [
                {"related_global_sku_id": s, "price": {"amount": "45.00", "currency": currency},
                 "inventory": {"quantity": 3, "warehouse_id": warehouse}, **more} for s in skus]}

        done = client.take("POST", f"{GLOBALS}/{id}/publish", None, {"publish_target": [
            target("MY", "MYR"), target("PH", "MYR"), target("SG", "SGD")]})
        check([(r["region"], r["status"], [f["message"] for f in r["fail_reasons"]])
               for r in done["publish_result"]],
              [("MY", "SUCCESS", []),
               ("PH", "FAILED", ["The provided currency is not available for this shop/region."]),
               ("SG", "FAILED", ["seller id not exist"])])
        local = done["products"][0]
        check([s["related_global_sku_id"] for s in local["skus"]], skus)
        again = client.take("POST", f"{GLOBALS}/{id}/publish", None, {"publish_target": [target("MY", "MYR")]})
        check(again["publish_result"][0]["status"], "FAILED", "once a market")

        got = client.get(local["id"]).json["data"]
        check((got["status"], got["title"]), ("ACTIVATE", body["title"]))
        check(got["global_product_association"]["global_product_id"], id)
        check(got["global_product_association"]["sku_mappings"][0],
              {"global_sku_id": skus[0], "local_sku_id": local["skus"][0]["id"]})

        edited = client.take("PUT", f"{GLOBALS}/{id}", None, {**body, "title": body["title"] + " Baru"})
        check([r["region"] for r in edited["publish_results"]], ["MY"])
        check(client.get(local["id"]).json["data"]["title"], body["title"] + " Baru")
        client.batch("deactivate", local["id"])
        client.take("PUT", f"{GLOBALS}/{id}", None, {**body, "title": body["title"] + " Lagi"})
        got = client.get(local["id"]).json["data"]
        check((got["title"], got["status"]), (body["title"] + " Lagi", "SELLER_DEACTIVATED"), "and stays off sale")
        check(client.take("POST", "/product/202312/global_products/search", {"page_size": "5"},
                          {"status": "PUBLISHED"})["total_count"], 1)
        check(client.take("DELETE", GLOBALS, None, {"global_product_ids": [id, "1"]})["errors"][0]["code"],
              12052032)
        check(client.ask("GET", f"{GLOBALS}/{id}").code, 12052260)


@test
def a_global_product_is_judged_by_its_own_limits():
    with Sandbox(*ABROAD) as sandbox:
        client = Exporter(sandbox)

        def change(**sku):
            body = shirt(client)
            body["skus"][0].update(sku)
            return client.ask("POST", GLOBALS, None, body).code

        rows = [({}, 0), ({"price": {"amount": "9", "currency": "MYR"}}, 12052084),
                ({"price": {"amount": "9", "currency": "EUR"}}, 0),
                ({"price": {"amount": "100000000", "currency": "USD"}}, 12052570),
                ({"global_quantity": 0}, 12052055), ({"global_quantity": "5"}, 36009004),
                ({"inventory": [{"global_warehouse_id": "1", "quantity": 1}]}, 12052097),
                ({"sales_attributes": [{"name": "Pack!", "value_name": "Set 9"}]}, 12052550)]
        for sku, code in rows:
            check(change(**sku), code, sku)
        for more, code in (({"title": ""}, 12052261), ({"package_weight": {"value": "1", "unit": "POUND"}}, 12019011),
                           ({"source_locale": "id-ID"}, 98001004)):
            check(client.ask("POST", GLOBALS, None, shirt(client, **more)).code, code, more)
        made = client.take("POST", GLOBALS, None, shirt(client))
        path = f"{GLOBALS}/{made['global_product_id']}/inventory/update"
        warehouse = client.take("GET", "/logistics/202309/global_warehouses")["global_warehouses"][0]["id"]
        stock = [{"global_warehouse_id": warehouse, "quantity": 8}]
        check(client.ask("POST", path, None, {"global_skus": [
            {"id": made["global_skus"][0]["id"], "inventory": stock}]}).code, 0)
        check(client.take("GET", f"{GLOBALS}/{made['global_product_id']}")["skus"][0]["inventory"], stock)
        check(client.ask("POST", path, None, {"global_skus": [{"id": "1", "inventory": stock}]}).code, 12052557)


run()
