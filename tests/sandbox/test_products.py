"""Products: created, judged, audited, found, edited, taken off and put back."""

import copy
import random
import time

from foreign import Sandbox, check, png, run, test
from selling import PRODUCTS, Seller, bodies

SHIRTS, GOLD = "744161", "651045"
OTHER, THIRD = "Kaos Polos Katun Judul Yang Baru Sekali", "Kaos Polos Katun Judul Yang Ketiga Sudah"


def shirt(facts, seed=1, **more):
    body = bodies.valid(random.Random(seed), facts, SHIRTS)
    body.update({"save_mode": "LISTING", **more})
    return body


def plain(facts, **more):
    """A listing of one SKU without choices."""
    body = shirt(facts, **more)
    body["skus"] = body["skus"][:1]
    body["skus"][0].pop("sales_attributes", None)
    return body


def wait_for(what, seconds=120):
    end = time.time() + seconds
    while not what():
        assert time.time() < end, "it did not come about"
        time.sleep(0.02)


def on_sale(sandbox, **more):
    """A live product: (seller, its body, what Create said, edit, look)."""
    seller = Seller(sandbox)
    body = plain(seller.facts(), **more)
    made = seller.create(body).json["data"]
    sandbox.control("POST", "trigger?what=audit")

    def edit(method="PUT", **change):
        path = f"{PRODUCTS}/{made['product_id']}" + ("" if method == "PUT" else "/partial_edit")
        whole = {**body, "skus": [{**body["skus"][0], "id": made["skus"][0]["id"]}], **change}
        return seller.data(method, path, body=whole if method == "PUT" else change)

    def look(**query):
        data = seller.get(made["product_id"], **query).json["data"]
        return {**data, "prices": [s["price"]["sale_price"] for s in data["skus"]]}

    return seller, body, made, edit, look


@test
def a_listing_is_audited_and_goes_live_and_a_draft_stays_one():
    with Sandbox("audit_ms=1000000") as sandbox:
        seller = Seller(sandbox)
        facts = seller.facts()
        made = seller.create(shirt(facts)).json["data"]
        id = made["product_id"]
        check(len(id) == 19 and int(id) > 2 ** 53, True, "past what a double can hold")
        check(seller.status(id), ("PENDING", "AUDITING"))
        check(seller.get(id).json["data"]["product_status"], "INITIAL")
        sandbox.control("POST", "trigger?what=audit")
        check(seller.status(id), ("ACTIVATE", "APPROVED"))
        draft = seller.create(shirt(facts, save_mode="AS_DRAFT")).json["data"]["product_id"]
        check(seller.status(draft), ("DRAFT", "NONE"))
    with Sandbox("audit_ms=200") as sandbox:
        seller = Seller(sandbox)
        id = seller.create(shirt(seller.facts())).json["data"]["product_id"]
        wait_for(lambda: seller.status(id) == ("ACTIVATE", "APPROVED"))


@test
def what_was_sent_comes_back_with_ids_and_names():
    with Sandbox() as sandbox:
        seller = Seller(sandbox)
        facts = seller.facts()
        body = shirt(facts, brand_id=facts["brands"][0], external_product_id="p-1")
        stock = [{"warehouse_id": facts["sales"][0], "quantity": 3}]
        price = {"amount": "59000", "currency": "IDR"}
        body["skus"] = [{"seller_sku": f"S{i}", "price": price, "inventory": stock,
                         "sales_attributes": [{"id": "100000", "value_id": "1000000%d" % (i + 1)},
                                              {"name": "Paket", "value_name": "Isi dua"}]}
                        for i in range(2)]
        made = seller.create(body).json["data"]
        check([s["seller_sku"] for s in made["skus"]], ["S0", "S1"])
        package = [s["sales_attributes"][1] for s in made["skus"]]
        check(package[0], package[1], "the same name has the same fresh id")
        got = seller.get(made["product_id"], locale="en-US").json["data"]
        check(got["brand"]["name"], "Ronara")
        check([c["local_name"] for c in got["category_chains"]],
              ["Men's Fashion", "Men's Tops", "Men's T-Shirts"])
        check((got["external_product_id"], got["title"]), ("p-1", body["title"]))
        check(got["main_images"][0]["uri"], body["main_images"][0]["uri"])
        check(got["main_images"][0]["width"] >= 600, True)
        first = got["skus"][0]["sales_attributes"]
        check([(a["name"], a["value_name"]) for a in first], [("Color", "Black"), ("Paket", "Isi dua")])
        check(got["skus"][0]["price"]["sale_price"], "59000")
        check(got["skus"][0]["inventory"], stock)
        check("Material" in [a["name"] for a in got["product_attributes"]], True)


@test
def every_break_is_answered_with_its_code_and_draft_and_listing_are_judged_apart():
    with Sandbox("audit_ms=-1") as sandbox:
        seller = Seller(sandbox)
        facts = seller.facts()
        rng = random.Random(5)
        for _ in range(60):
            body = bodies.valid(rng, facts)
            answer = seller.create(body)
            check(answer.code, 0, (answer.json["message"], body))
        for one in bodies.BREAKS:
            body, _ = bodies.broken(rng, facts, one, most=1)
            answer = seller.create(body)
            check(answer.code, one.code, (one.name, answer.json["message"], body))
            check(answer.status, 400 if one.code in (36009004, 98001004) else 200)
        bare = shirt(facts)
        bare["product_attributes"] = []
        check(seller.create(bare).code, 12052104)
        check(seller.create(bare, save_mode="AS_DRAFT").code, 0)


@test
def a_check_says_everything_at_once_under_code_0():
    with Sandbox() as sandbox:
        seller = Seller(sandbox)
        facts = seller.facts()

        def look(body):
            return seller.data("POST", PRODUCTS + "/listing_check", body=body)

        check(look(shirt(facts))["check_result"], "PASS")
        body = shirt(facts, title="", package_weight={"value": "0", "unit": "KILOGRAM"}, brand_id="71")
        body["skus"][0]["price"]["amount"] = "x"
        data = look(body)
        check((data["check_result"], [r["code"] for r in data["fail_reasons"]]),
              ("FAILED", [12052261, 12052073, 12052181]))
        check("Brand does not exist" in data["warnings"]["message"], True)
        check(seller.search().json["data"]["total_count"], 0, "nothing was made")


@test
def switches_turn_to_the_other_reading():
    with Sandbox("strict_html", "chinese_refused", "brand_refused", "short_urls", "audit_ms=-1") as sandbox:
        seller = Seller(sandbox)
        facts = seller.facts()
        check(seller.create(shirt(facts, description="<p>Adem</p><div>Kaos</div>")).code, 12052345)
        check(seller.create(shirt(facts, description="<b>Kaos adem</b>")).code, 12052349)
        check(seller.create(shirt(facts, description="<p><b>Kaos</b> adem</p>")).code, 0)
        check(seller.create(shirt(facts, description='<p onclick="x()">Kaos adem</p>')).code, 12052350)
        check(seller.create(shirt(facts, description="<p>纯棉 T恤</p>")).code, 12052346)
        check(seller.create(shirt(facts, brand_id="71")).code, 12052026)
        body = shirt(facts)
        body["skus"][0]["external_urls"] = ["https://example.com/" + "a" * 200]
        check(seller.create(body).code, 12052238)


@test
def a_brand_that_is_not_there_is_cleared_with_a_warning_and_others_are_refused():
    with Sandbox() as sandbox:
        seller = Seller(sandbox)
        facts = seller.facts()
        made = seller.create(shirt(facts, brand_id="123")).json["data"]
        check(made["warnings"][0]["message"].startswith("The [brand_id]:123 field is incorrect"), True)
        check("brand" in seller.get(made["product_id"]).json["data"], False)
        check(seller.create(shirt(facts, brand_id=facts["t1_brand"])).code, 12052208)
        check(seller.create(shirt(facts, brand_id=facts["brand_elsewhere"])).code, 12052201)
        check(seller.create(shirt(facts, brand_id=facts["expired_brand"])).code, 12052200)


@test
def images_and_files_must_have_been_uploaded():
    with Sandbox() as sandbox:
        seller = Seller(sandbox)
        facts = seller.facts()
        check(seller.create(shirt(facts, main_images=[{"uri": "tos-x/none"}])).code, 12052722)
        answer = seller.create(shirt(facts, main_images=[{"uri": facts["small_image"]}]))
        check((answer.code, facts["small_image"] in answer.json["message"]), (12052301, True))
        check(seller.create(shirt(facts, video={"id": "v1"})).code, 12052360)
        check(seller.create(shirt(facts, video={"id": facts["pdf"]})).code, 12052360)
        check(seller.create(shirt(facts, size_chart={"template": {"id": "1"}})).code, 12052128)
        check(seller.create(shirt(facts, size_chart={"template": {"id": facts["size_template"]}})).code, 0)
    with Sandbox("any_image") as sandbox:
        seller = Seller(sandbox)
        odd = seller.upload(b"hello this is no image", "MAIN_IMAGE").json["data"]["uri"]
        check(seller.create(shirt(seller.facts(), main_images=[{"uri": odd}])).code, 12052304)


@test
def files_are_told_by_name_and_first_bytes():
    with Sandbox() as sandbox:
        seller = Seller(sandbox)
        rows = [("a.pdf", b"%PDF-1.7", 0), ("a.pdf", b"%PDF-1.7", 0), ("klip.mp4", b"\0\0\0\x18ftypmp42", 0),
                ("a.pdf", b"<html>", 12038004), ("a.txt", b"text", 11050001), ("a.b.pdf", b"%PDF-", 11050001),
                ("a b.pdf", b"%PDF-", 11050001), ("-a.pdf", b"%PDF-", 11050001), ("pdf", b"%PDF-", 11050001),
                ("a.pdf", b"", 12038002), ("b.pdf", b"%PDF-" + b"x" * (20 << 20), 12038005)]
        ids = []
        for name, data, code in rows:
            answer = seller.upload_file(name, data)
            check(answer.code, code, name)
            ids.append(answer.json["data"] and answer.json["data"]["id"])
        check(ids[0], ids[1], "equal bytes have one id")


@test
def backorder_needs_a_permission_that_nobody_has():
    with Sandbox() as sandbox:
        seller = Seller(sandbox)
        body = shirt(seller.facts())
        body["skus"][0]["inventory"][0]["backorder_quantity"] = 5
        check(seller.create(body).code, 12052309)


@test
def an_idempotency_key_that_comes_again_is_met_three_ways():
    for replay, codes, count in (("same", (0, 0), 1), ("error", (0, 12052910), 1), ("ignored", (0, 0), 2)):
        with Sandbox("replay=" + replay, "index_lag_ms=-1") as sandbox:
            seller = Seller(sandbox)
            body = shirt(seller.facts(), idempotency_key="k-1")
            first, again = seller.create(body), seller.create(body)
            check((first.code, again.code), codes, replay)
            check(seller.search().json["data"]["total_count"], count, replay)
            if replay == "same":
                check(again.json["data"]["product_id"], first.json["data"]["product_id"])
                check(again.json["data"]["skus"], first.json["data"]["skus"])


@test
def a_key_whose_product_was_refused_is_free():
    with Sandbox() as sandbox:
        seller = Seller(sandbox)
        body = shirt(seller.facts(), idempotency_key="k-1")
        check(seller.create(body, title="").code, 12052261)
        check(seller.create(body).code, 0)


@test
def the_index_lags_and_search_knows_its_filters_and_pages():
    with Sandbox("index_lag_ms=1000000", "audit_ms=-1") as sandbox:
        seller = Seller(sandbox)
        id = seller.create(shirt(seller.facts())).json["data"]["product_id"]
        check(seller.search().json["data"]["products"], [], "not yet")
        check(seller.get(id).code, 0, "Get Product knows at once")
    with Sandbox("index_lag_ms=200", "audit_ms=-1") as sandbox:
        seller = Seller(sandbox)
        facts = seller.facts()
        body = shirt(facts)
        body["skus"] = body["skus"][:1]
        body["skus"][0].pop("sales_attributes", None)
        body["skus"][0]["seller_sku"] = "CARI-1"
        id = seller.create(body).json["data"]["product_id"]
        wait_for(lambda: seller.search(seller_skus=["CARI-1"]).json["data"]["total_count"] == 1)
        for i in range(4):
            seller.create(shirt(facts, seed=i + 2, save_mode="AS_DRAFT"))
        wait_for(lambda: seller.search().json["data"]["total_count"] == 5)
        found = seller.search(seller_skus=["CARI-1"]).json["data"]["products"]
        check([p["id"] for p in found], [id])
        seen, token = [], ""
        while True:
            page = seller.search(size=2, token=token).json["data"]
            seen += [p["id"] for p in page["products"]]
            token = page["next_page_token"]
            if not token:
                break
        check((len(seen), len(set(seen)), seen[-1]), (5, 5, id), "newest first, each once")
        rows = [({"status": "DRAFT"}, 4), ({"status": "ACTIVATE"}, 1), ({"status": "ALL"}, 5),
                ({"category_version": "v1"}, 0), ({"category_version": "v2"}, 5),
                ({"audit_status": ["APPROVED"]}, 1), ({"create_time_le": 1}, 0),
                ({"sku_ids": ["1"]}, 0)]
        for wish, count in rows:
            check(seller.search(**wish).json["data"]["total_count"], count, wish)
        rows = [({"seller_skus": ["x"] * 11}, 12019027), ({"sku_ids": ["x"] * 11}, 12019087),
                ({"create_time_ge": 9, "create_time_le": 8}, 12019118),
                ({"update_time_ge": 9, "update_time_le": 8}, 12019119), ({"size": 0}, 12019109),
                ({"token": "x"}, 12019108), ({"status": "GONE"}, 98001004),
                ({"create_time_ge": "9"}, 36009004)]
        for wish, code in rows:
            check(seller.search(**wish).code, code, wish)
        text = seller.search(create_time_ge="9").json["message"]
        check(text, "param body.create_time_ge type invalid. actual type:string, expected type:int64")
        for version in ("202309", "202312"):
            check(seller.search(version).json["data"]["total_count"], 5, version)


@test
def an_audit_can_fail_and_can_wait():
    for word, status in (("audit_fails=1", ("FAILED", "FAILED")),
                         ("audit_waits=1", ("PENDING", "PRE_APPROVED"))):
        with Sandbox("audit_ms=-1", word) as sandbox:
            seller = Seller(sandbox)
            id = seller.create(shirt(seller.facts())).json["data"]["product_id"]
            check(seller.status(id), status)
            got = seller.get(id).json["data"]
            check("audit_failed_reasons" in got, word.startswith("audit_fails"))
            check(got["audit"]["pre_approved_reasons"],
                  ["KYC_PENDING"] if word.startswith("audit_waits") else [])


@test
def an_invite_only_leaf_is_taken_and_stays_pending():
    with Sandbox("audit_ms=-1") as sandbox:
        seller = Seller(sandbox)
        body = bodies.valid(random.Random(3), seller.facts(), GOLD)
        body["save_mode"] = "LISTING"
        id = seller.create(body).json["data"]["product_id"]
        check(seller.status(id), ("PENDING", "PRE_APPROVED"))
        check(seller.get(id).json["data"]["audit"]["pre_approved_reasons"],
              ["RESTRICTED_CATEGORY_PENDING"])


@test
def caps_hold_listings_and_leave_drafts_alone():
    with Sandbox("daily_cap=2", "audit_ms=-1", "shops=2") as sandbox:
        seller = Seller(sandbox)
        facts = seller.facts()
        check([seller.create(shirt(facts)).code for _ in range(3)], [0, 0, 12052093])
        check(seller.create(shirt(facts, save_mode="AS_DRAFT")).code, 0)
        other = Seller(sandbox, 1)
        check(other.create(shirt(other.facts())).code, 0, "another shop has its own")
    with Sandbox("probation_cap=1", "audit_ms=-1") as sandbox:
        seller = Seller(sandbox)
        facts = seller.facts()
        one = seller.create(shirt(facts)).json["data"]["product_id"]
        check(seller.batch("deactivate", one).json["data"]["errors"], [])
        errors = seller.batch("activate", one).json["data"]["errors"]
        check([(e["code"], e["detail"]["product_id"]) for e in errors], [(12052093, one)])


@test
def a_shop_that_lacks_something_drafts_and_does_not_list():
    for word in ("RETURN_WAREHOUSE", "return_warehouse"):
        without(word)


def without(word):
    with Sandbox("missing=" + word) as sandbox:
        seller = Seller(sandbox)
        facts_seller = seller
        facts = dict(sales=[w["id"] for w in facts_seller.data(
            "GET", "/logistics/202309/warehouses")["warehouses"] if w["is_default"]],
            images=[seller.upload(png(600, 600 + i), "MAIN_IMAGE").json["data"]["uri"] for i in range(9)],
            image_host="https://p16-oec-sg.ibyteimg.com", brands=["7010000000000000001"], video="",
            pdf="", size_chart="")
        body = shirt(facts)
        body.pop("video", None)
        check(seller.create(body).code, 12052535)
        check(seller.create(body, save_mode="AS_DRAFT").code, 0)


@test
def products_go_round_their_states_and_errors_stand_under_code_0():
    with Sandbox("audit_ms=-1") as sandbox:
        seller = Seller(sandbox)
        facts = seller.facts()
        id = seller.create(shirt(facts)).json["data"]["product_id"]
        draft = seller.create(shirt(facts, save_mode="AS_DRAFT")).json["data"]["product_id"]

        def errors(verb, *ids):
            answer = seller.batch(verb, *ids)
            check(answer.code, 0)
            return [(e["code"], e["detail"]["product_id"]) for e in answer.json["data"]["errors"]]

        check(errors("deactivate", id, "17", draft), [(12052032, "17"), (12052901, draft)])
        check(seller.status(id)[0], "SELLER_DEACTIVATED")
        check(errors("activate", id), [])
        check(seller.status(id)[0], "ACTIVATE")
        check(errors("delete", id), [])
        check(seller.get(id).code, 12019150)
        check(errors("activate", id), [(12052901, id)])
        check(errors("recover", id), [])
        check(seller.status(id)[0], "SELLER_DEACTIVATED")
        check(errors("recover", draft), [(12052901, draft)])
        check(seller.batch("activate", *["1"] * 21).code, 12019120)
        check(seller.batch("activate").code, 12052030)
        check(seller.call("POST", PRODUCTS + "/activate", body={}).code, 36009004)


@test
def what_was_deleted_in_its_audit_goes_on_sale_by_nobodys_doing():
    with Sandbox("audit_ms=1000000") as sandbox:
        seller, body, made, edit, look = on_sale(sandbox)
        live, new = made["product_id"], seller.create(plain(seller.facts())).json["data"]["product_id"]
        edit(title=OTHER)
        seller.batch("delete", live, new)
        check(sandbox.control("POST", "trigger?what=audit").json, {"done": 0}, "nothing is in audit")
        seller.batch("recover", live, new)
        check(sandbox.control("POST", "trigger?what=audit").json, {"done": 0}, "nor is it again")
        check([seller.status(id) for id in (live, new)],
              [("SELLER_DEACTIVATED", "APPROVED"), ("SELLER_DEACTIVATED", "NONE")])
        check(look()["title"], body["title"], "what was in audit is gone")
        seller.batch("activate", live, new)
        check(seller.status(new), ("PENDING", "AUDITING"))
        sandbox.control("POST", "trigger?what=audit")
        check([seller.status(id)[0] for id in (live, new)], ["ACTIVATE", "ACTIVATE"])


@test
def what_is_put_on_sale_again_is_the_latest_version():
    with Sandbox("audit_ms=1000000") as sandbox:
        seller, body, made, edit, look = on_sale(sandbox)
        edit(title=OTHER)
        seller.batch("deactivate", made["product_id"])
        seller.batch("activate", made["product_id"])
        check((look()["title"], look()["status"]), (OTHER, "PENDING"))
        sandbox.control("POST", "trigger?what=audit")
        check((look()["title"], look()["status"]), (OTHER, "ACTIVATE"))


@test
def a_product_is_taken_off_the_platforms_that_are_named():
    with Sandbox("audit_ms=1000000", "index_lag_ms=-1") as sandbox:
        seller, _, made, *_ = on_sale(sandbox, listing_platforms=["TIKTOK_SHOP", "TOKOPEDIA"])
        both = made["product_id"]
        one = seller.create(plain(seller.facts())).json["data"]["product_id"]
        sandbox.control("POST", "trigger?what=audit")

        def errors(verb, *ids, on):
            answer = seller.batch(verb, *ids, listing_platforms=on)
            check(answer.code, 0)
            return [(e["code"], e["detail"]["product_id"]) for e in answer.json["data"]["errors"]]

        def statuses(id=both):
            data = seller.get(id).json["data"]
            return [data["status"]] + [s["status"] for s in data["integrated_platform_statuses"]]

        def found(status, *on):
            return seller.search(status=status, listing_platforms=list(on)).json["data"]["total_count"]

        check(errors("deactivate", one, both, on=["TOKOPEDIA"]), [(12052330, one)])
        check((statuses(one), statuses()), (["ACTIVATE"], ["ACTIVATE", "SELLER_DEACTIVATED"]))
        check([found("ACTIVATE"), found("ACTIVATE", "TOKOPEDIA"), found("SELLER_DEACTIVATED", "TOKOPEDIA"),
               found("ACTIVATE", "TIKTOK_SHOP", "TOKOPEDIA"), found("ACTIVATE", "TIKTOK_SHOP")], [2, 0, 1, 0, 2])
        check(errors("activate", one, both, on=["TOKOPEDIA"]), [(12052330, one)])
        check(statuses(), ["ACTIVATE", "ACTIVATE"], "sold elsewhere, it was approved")
        check(errors("deactivate", both, on=["TIKTOK_SHOP"]), [])
        check(statuses(), ["SELLER_DEACTIVATED", "ACTIVATE"])
        check([found("ACTIVATE"), found("SELLER_DEACTIVATED")], [1, 1])
        check(errors("deactivate", both, on=[]), [])
        check(statuses(), ["SELLER_DEACTIVATED", "SELLER_DEACTIVATED"])
        check(errors("activate", both, on=["TOKOPEDIA"]), [])
        check(statuses(), ["SELLER_DEACTIVATED", "PENDING"])
        sandbox.control("POST", "trigger?what=audit")
        check(statuses(), ["SELLER_DEACTIVATED", "ACTIVATE"])
        check(seller.batch("deactivate", both, listing_platforms=["MARS"]).code, 98001004)


DAY_S = 24 * 3600


def sold_from(sandbox, days):
    return {"is_enabled_scheduled_sale": True, "schedule_sale_time": (sandbox.now_s() + days * DAY_S) * 1000}


@test
def a_scheduled_listing_is_sold_from_its_day_on():
    with Sandbox("audit_ms=-1", "index_lag_ms=-1") as sandbox:
        seller = Seller(sandbox)
        body = plain(seller.facts(), scheduled_sale=sold_from(sandbox, 3))
        made = seller.create(body).json["data"]
        id, sku = made["product_id"], made["skus"][0]["id"]
        part = f"{PRODUCTS}/{id}/partial_edit"
        check((seller.status(id), seller.get(id).json["data"]["product_status"]),
              (("SCHEDULED", "APPROVED"), "SCHEDULED"))
        check([seller.search(status=s).json["data"]["total_count"] for s in ("ALL", "ACTIVATE", "PENDING")], [1, 0, 0])
        check(seller.search(status="SCHEDULED").code, 98001004, "a status that cannot be searched for")
        check([e["code"] for e in seller.batch("deactivate", id).json["data"]["errors"]], [12052901])
        check(seller.call("POST", f"{PRODUCTS}/{id}/prices/update", body={
            "skus": [{"id": sku, "price": body["skus"][0]["price"]}]}).code, 12019113)
        seller.data("POST", part, body={"title": OTHER})
        check(seller.status(id), ("SCHEDULED", "APPROVED"), "an edit lets it stay so")
        sandbox.pass_time(2 * DAY_S)
        check(seller.status(id)[0], "SCHEDULED")
        sandbox.pass_time(DAY_S)
        check(seller.status(id)[0], "ACTIVATE")
        check(seller.call("POST", part, body={"title": THIRD}).code, 0, "its day is past, and was set in time")
        past = {**body["scheduled_sale"], "schedule_sale_time": (sandbox.now_s() - 60) * 1000}
        check(seller.call("POST", part, body={"scheduled_sale": past}).code, 12052604)


@test
def an_edit_moves_the_day_a_listing_is_sold_from():
    with Sandbox("audit_ms=1000000") as sandbox:
        seller = Seller(sandbox)
        body = plain(seller.facts(), scheduled_sale=sold_from(sandbox, 1))
        id = seller.create(body).json["data"]["product_id"]
        part = f"{PRODUCTS}/{id}/partial_edit"
        check(seller.status(id), ("PENDING", "AUDITING"), "it is audited before")
        sandbox.control("POST", "trigger?what=audit")
        check(seller.status(id), ("SCHEDULED", "APPROVED"))
        seller.data("POST", part, body={"scheduled_sale": sold_from(sandbox, 5)})
        check(seller.status(id), ("SCHEDULED", "AUDITING"))
        sandbox.control("POST", "trigger?what=audit")
        sandbox.pass_time(2 * DAY_S)
        check(seller.status(id)[0], "SCHEDULED")
        seller.data("POST", part, body={"scheduled_sale": {"is_enabled_scheduled_sale": False}})
        sandbox.control("POST", "trigger?what=audit")
        check(seller.status(id)[0], "ACTIVATE", "no day, no waiting")


@test
def an_edit_of_a_live_product_waits_while_the_old_version_sells():
    with Sandbox("audit_ms=1000000") as sandbox:
        seller = Seller(sandbox)
        facts = seller.facts()
        body = shirt(facts)
        made = seller.create(body).json["data"]
        id = made["product_id"]
        path = f"/product/202509/products/{id}"
        sandbox.control("POST", "trigger?what=audit")
        check(seller.status(id)[0], "ACTIVATE")
        check(seller.get(id, return_under_review_version="true").code, 12052547)
        title = "Kaos Polos Katun Judul Yang Baru Sekali"
        edited = seller.data("POST", path + "/partial_edit", body={"title": title})
        check(edited["audit"]["status"], "AUDITING")
        check((seller.get(id).json["data"]["title"], seller.status(id)[0]), (body["title"], "ACTIVATE"))
        check(seller.get(id, return_under_review_version="true").json["data"]["title"], title)
        sandbox.control("POST", "trigger?what=audit")
        check(seller.get(id).json["data"]["title"], title)
        check(seller.get(id).json["data"]["description"], body["description"], "kept")
        check([s["id"] for s in seller.get(id).json["data"]["skus"]], [s["id"] for s in made["skus"]])


@test
def price_stock_and_what_is_switched_off_outlive_an_audit_however_it_ends():
    for outcome in ("live", "failed"):
        with Sandbox("audit_ms=1000000") as sandbox:
            seller, body, made, edit, see = on_sale(sandbox)
            id, sku = made["product_id"], made["skus"][0]["id"]
            edit("POST", title=OTHER)
            stock = [{**one, "quantity": 41} for one in body["skus"][0]["inventory"]]
            seller.data("POST", f"{PRODUCTS}/{id}/prices/update", body={
                "skus": [{"id": sku, "price": {"amount": "75000", "currency": "IDR"}}]})
            done = seller.data("POST", f"{PRODUCTS}/{id}/inventory/update", body={
                "skus": [{"id": sku, "inventory": stock}]})
            check(done["errors"], [])
            check(sandbox.control("POST", f"trigger?what=deactivate-sku&product={id}&to={sku}").json, {"done": 1})

            def look(**query):
                data = see(**query)
                one, = data["skus"]
                return data["title"], one["price"]["sale_price"], one["inventory"], one["status_info"]["status"]

            said = ("75000", stock, "DEACTIVATED")
            check(look(), (body["title"], *said), "at once")
            check(look(return_under_review_version="true"), (OTHER, *said), "in what is looked at as well")
            sandbox.control("POST", f"trigger?what=audit&to={outcome}")
            check(look(), (OTHER if outcome == "live" else body["title"], *said), outcome)
            bare = {k: v for k, v in body["skus"][0].items() if k not in ("price", "inventory")}
            edit(title=THIRD, skus=[{**bare, "id": sku}])
            sandbox.control("POST", "trigger?what=audit")
            check(look(), (THIRD, *said), "nor does an edit bring them back")


@test
def an_edit_takes_the_place_of_what_is_in_audit():
    with Sandbox("audit_ms=1000000") as sandbox:
        seller, body, made, edit, look = on_sale(sandbox)
        edit(title=OTHER)
        check(edit()["audit"]["status"], "AUDITING")
        sandbox.control("POST", "trigger?what=audit")
        check(look()["title"], body["title"], "put back while the other was looked at")
        edit(title=OTHER)
        seller.batch("deactivate", made["product_id"])
        edit(title=THIRD)
        check(look(return_under_review_version="true")["title"], THIRD)
        sandbox.control("POST", "trigger?what=audit")
        check((look()["title"], look()["status"]), (THIRD, "SELLER_DEACTIVATED"))


@test
def price_and_stock_of_an_edit_do_not_wait_for_what_is_in_audit():
    with Sandbox("audit_ms=1000000") as sandbox:
        _, body, made, edit, look = on_sale(sandbox)
        price = body["skus"][0]["price"]
        sku = {"id": made["skus"][0]["id"], **{k: v for k, v in body["skus"][0].items() if k != "inventory"}}
        edit("POST", title=OTHER)
        edit("POST", skus=[{**sku, "price": {**price, "amount": "81000"}}])
        check((look()["title"], look()["prices"]), (body["title"], ["81000"]))
        check(look(return_under_review_version="true")["title"], OTHER, "which goes on")
        edit("POST", title=THIRD, skus=[{**sku, "price": {**price, "amount": "82000"}}])
        check((look()["title"], look()["prices"]), (body["title"], ["82000"]), "nor for an audit of their own")
        sandbox.control("POST", "trigger?what=audit&to=failed")
        check((look()["title"], look()["prices"]), (body["title"], ["82000"]))


@test
def an_edit_may_name_skus_of_what_is_in_audit_and_of_what_is_on_sale():
    with Sandbox("audit_ms=1000000") as sandbox:
        seller, body, made, edit, look = on_sale(sandbox)
        one = body["skus"][0]
        one.pop("seller_sku", None)
        two = [{**one, "id": made["skus"][0]["id"], "sales_attributes": [{"name": "Paket", "value_name": "Isi 1"}]},
               {**one, "sales_attributes": [{"name": "Paket", "value_name": "Isi 2"}]}]
        skus = edit(skus=two)["skus"]
        again = [{**sku, "id": told["id"], "sales_attributes": told["sales_attributes"]}
                 for sku, told in zip(two, skus)]
        named = edit(skus=two[:1] + [{**two[1], "id": skus[1]["id"]}], title=OTHER)["skus"]
        check(named, skus, "known names keep their ids")
        check([s["id"] for s in edit(skus=again, title=THIRD)["skus"]], [s["id"] for s in skus])
        stock = [{**row, "quantity": 77} for row in one["inventory"]]
        done = seller.data("POST", f"{PRODUCTS}/{made['product_id']}/inventory/update", body={
            "skus": [{"id": skus[1]["id"], "inventory": stock}]})
        check(done["errors"], [])
        check(look(return_under_review_version="true")["skus"][1]["inventory"], stock)
        edit(skus=again[1:])
        back = edit(skus=[two[0], {**two[1], "id": skus[1]["id"]}])["skus"]
        check([s["id"] for s in back], [s["id"] for s in skus], "also one that the version before dropped")
        sandbox.control("POST", "trigger?what=audit")
        check([s["id"] for s in look()["skus"]], [s["id"] for s in skus])
        check(seller.call("PUT", f"{PRODUCTS}/{made['product_id']}", body={
            **body, "skus": [{**two[0], "id": "17"}]}).code, 12052557)


@test
def an_edit_that_is_approved_but_has_to_wait_is_not_lost():
    with Sandbox("audit_ms=1000000") as sandbox:
        _, body, _, edit, look = on_sale(sandbox)
        edit(title=OTHER)
        sandbox.control("POST", "trigger?what=audit&to=pre-approved")
        check((look()["title"], look()["audit"]["status"]), (body["title"], "PRE_APPROVED"))
        sandbox.control("POST", "trigger?what=audit")
        check((look()["title"], look()["audit"]["status"]), (OTHER, "APPROVED"))


@test
def edit_blanks_and_drops_what_it_leaves_out_and_keeps_price_and_stock():
    with Sandbox("audit_ms=-1") as sandbox:
        seller = Seller(sandbox)
        facts = seller.facts()
        body = shirt(facts, external_product_id="p-1")
        stock = [{"warehouse_id": facts["sales"][0], "quantity": 3}]
        body["skus"] = [{"seller_sku": f"S{i}", "price": {"amount": str(1000 + i), "currency": "IDR"},
                         "inventory": stock, "sales_attributes": [{"name": "Paket", "value_name": f"Isi {i}"}]}
                        for i in range(3)]
        made = seller.create(body).json["data"]
        id, skus = made["product_id"], made["skus"]
        next_ = copy.deepcopy(body)
        next_.pop("external_product_id")
        next_["skus"] = [{"id": skus[0]["id"], "seller_sku": "S0-baru",
                          "sales_attributes": [{"name": "Paket", "value_name": "Isi 0"}]},
                         {**body["skus"][2], "seller_sku": "S9",
                          "sales_attributes": [{"name": "Paket", "value_name": "Isi 9"}]}]
        answer = seller.data("PUT", f"/product/202509/products/{id}", body=next_)
        check(answer["skus"][0]["sales_attributes"], skus[0]["sales_attributes"], "known names keep ids")
        got = seller.get(id).json["data"]
        check("external_product_id" in got, False)
        check([s["seller_sku"] for s in got["skus"]], ["S0-baru", "S9"])
        check(got["skus"][0]["price"]["sale_price"], "1000")
        check(got["skus"][0]["inventory"], stock)
        check(got["skus"][1]["id"] in [s["id"] for s in skus], False)
        part = f"/product/202309/products/{id}/partial_edit"
        rows = [({"skus": [{"id": "1"}]}, 12052557), ({"title": ""}, 12052261), ({"title": 7}, 36009004),
                ({"save_mode": "AS_DRAFT"}, 12052488)]
        for change, code in rows:
            check(seller.call("POST", part, body=change).code, code, change)
        check(seller.call("PUT", "/product/202309/products/17", body=body).code, 12052031)


@test
def a_draft_becomes_a_listing_by_an_edit():
    with Sandbox("audit_ms=-1") as sandbox:
        seller = Seller(sandbox)
        facts = seller.facts()
        body = shirt(facts, product_attributes=[])
        id = seller.create(body, save_mode="AS_DRAFT").json["data"]["product_id"]
        path = f"{PRODUCTS}/{id}/partial_edit"
        check(seller.call("POST", path, body={"save_mode": "LISTING"}).code, 12052104)
        check(seller.call("POST", path, body={"save_mode": "AS_DRAFT", "title": body["title"] + " Dua"}).code, 0)
        check(seller.status(id)[0], "DRAFT")
        check(seller.call("POST", path, body={"product_attributes": shirt(facts)["product_attributes"]}).code, 0)
        check(seller.status(id), ("ACTIVATE", "APPROVED"))


@test
def price_and_stock_change_at_once():
    with Sandbox("audit_ms=-1") as sandbox:
        seller = Seller(sandbox)
        facts = seller.facts()
        body = shirt(facts)
        body["skus"] = body["skus"][:1]
        body["skus"][0].pop("sales_attributes", None)
        body["skus"][0]["inventory"] = [{"warehouse_id": w, "quantity": 2} for w in facts["sales"]]
        made = seller.create(body).json["data"]
        id, sku = made["product_id"], made["skus"][0]["id"]

        def price(amount, currency="IDR", sku=sku):
            return seller.call("POST", f"{PRODUCTS}/{id}/prices/update", body={
                "skus": [{"id": sku, "price": {"amount": amount, "currency": currency}}]}).code

        rows = [("75000", "IDR", sku, 0), ("x", "IDR", sku, 12052012), ("5", "USD", sku, 12052084),
                ("5", "IDR", "1", 12052557)]
        for amount, currency, which, code in rows:
            check(price(amount, currency, which), code, (amount, currency))
        check(seller.get(id).json["data"]["skus"][0]["price"]["sale_price"], "75000")

        def stock(*rows, sku=sku):
            return seller.data("POST", f"{PRODUCTS}/{id}/inventory/update", body={"skus": [{
                "id": sku, "inventory": [{"warehouse_id": w, "quantity": q} for w, q in rows]}]})["errors"]

        one, two = facts["sales"]
        check(stock((one, 7), (two, 8)), [])
        check([e["code"] for e in stock((one, 7))], [12052037], "a warehouse left out")
        error = stock((one, 7), ("70", 8))[0]
        check((error["code"], error["detail"]["extra_errors"][0]["warehouse_id"]), (12052097, "70"))
        check([e["code"] for e in stock((one, 100000), (two, 1))], [12019024])
        check([e["code"] for e in stock((one, 1), (two, 1), sku="5")], [12052557])
        found = seller.data("POST", "/product/202309/inventory/search", body={"product_ids": [id]})
        check(found["inventory"][0]["skus"][0]["total_available_quantity"], 15)
        seller.batch("deactivate", id)
        check(price("80000"), 12019113)


@test
def combined_products_are_made_of_live_ones():
    with Sandbox("audit_ms=-1") as sandbox:
        seller = Seller(sandbox)
        facts = seller.facts()
        parts = []
        for i in range(2):
            body = shirt(facts, seed=i)
            body["skus"] = body["skus"][:1]
            body["skus"][0].pop("sales_attributes", None)
            body["skus"][0]["price"]["amount"] = "50000"
            body.pop("minimum_order_quantity", None)
            parts.append(seller.create(body).json["data"])
        main, other = ({"product_id": p["product_id"], "sku_id": p["skus"][0]["id"], "sku_count": 1}
                       for p in parts)

        def combine(*list_, amount="90000", main=main["product_id"]):
            made = copy.deepcopy(body)
            made["primary_combined_product_id"] = main
            made["skus"][0]["price"]["amount"] = amount
            made["skus"][0]["combined_skus"] = list(list_)
            return seller.create(made).code

        rows = [((main, other), {}, 0), ((main,), {}, 12052859), ((main, other), {"amount": "100001"}, 12052861),
                ((main, {**other, "product_id": "1"}), {}, 12052835),
                ((main, {**other, "sku_id": "1"}), {}, 12052844), ((main, main), {}, 12052840),
                ((main, {**other, "sku_count": 0}), {}, 12052832), ((main, other), {"main": "1"}, 12052842)]
        for list_, more, code in rows:
            check(combine(*list_, **more), code, (list_, more))
        seller.batch("deactivate", parts[1]["product_id"])
        check(combine(main, other), 12052845)


@test
def a_shop_sees_its_own_products_only():
    with Sandbox("shops=2", "audit_ms=-1", "index_lag_ms=-1") as sandbox:
        one, other = Seller(sandbox, 0), Seller(sandbox, 1)
        id = one.create(shirt(one.facts())).json["data"]["product_id"]
        check(other.get(id).code, 12019150)
        check(other.search().json["data"]["total_count"], 0)
        check(other.batch("delete", id).json["data"]["errors"][0]["code"], 12052032)


@test
def what_is_cut_off_was_still_done_and_what_is_refused_was_not():
    with Sandbox("index_lag_ms=-1") as sandbox:
        seller = Seller(sandbox)
        body = shirt(seller.facts())
        sandbox.dial("cut=1,path=/202309/products")
        try:
            seller.create(body)
            raise AssertionError("it was not cut")
        except Exception as failure:  # noqa: BLE001 - whichever way it is cut
            check("was not cut" in str(failure), False)
        for word, status in (("5xx=1,status=503,html", 503), ("429=1", 429), ("html=1", 200)):
            sandbox.dial(word)
            check(seller.create(body).status, status, word)
        sandbox.dial()
        check(seller.search().json["data"]["total_count"], 1)
        sandbox.control("POST", "reset?what=products")
        check(seller.search().json["data"]["total_count"], 0)


run()
