"""Webhooks: what is told, signed, sent again, lost, late and twice."""

import hashlib
import hmac
import http.server
import json
import os
import random
import socket
import threading
import time

from foreign import Sandbox, check, run, test
from selling import PRODUCTS, Seller, bodies

SHIRTS, OTHER_SHIRTS = "744161", "650689"


class Ear:
    """A server that keeps what it is sent; `answers` are the statuses of the first ones."""

    def __init__(self, *answers):
        ear = self
        self.heard, self.answers = [], list(answers)

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status = ear.answers.pop(0) if ear.answers else 200
                ear.heard.append((self.headers["Authorization"], body, status))
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

    def wait(self, count, seconds=120):
        end = time.time() + seconds
        while len(self.heard) < count:
            assert time.time() < end, (count, self.heard)
            time.sleep(0.02)
        return [json.loads(body) for _, body, status in self.heard if status == 200]


def sign(secret, key, body):
    """Webhooks overview: hex of HMAC-SHA256 under the secret over key and body."""
    return hmac.new(secret.encode(), key.encode() + body, hashlib.sha256).hexdigest()


def wait_for(what, seconds=120):
    end = time.time() + seconds
    while not what():
        assert time.time() < end, "it did not come about"
        time.sleep(0.02)


def hooks_of(sandbox, count):
    """Those in its log: an answer is noted only after it came, when here it is long heard."""
    log = []

    def there():
        log[:] = [line for line in sandbox.log() if line["method"] == "HOOK"]
        return len(log) >= count

    wait_for(there)
    return log


def listing(seller, **more):
    body = bodies.valid(random.Random(1), seller.facts(), SHIRTS)
    body.update({"save_mode": "LISTING", **more})
    return body


@test
def a_listing_is_told_of_from_its_making_to_its_being_live():
    with Ear() as ear, Sandbox("webhook=" + ear.url, "audit_ms=200") as sandbox:
        seller = Seller(sandbox)
        id = seller.create(listing(seller)).json["data"]["product_id"]
        told = ear.wait(5)
        check([t["type"] for t in told], [16, 5, 37, 5, 37])
        check(all(t["shop_id"] == seller.shop["id"] for t in told), True)
        check(len({t["tts_notification_id"] for t in told}), 5)
        check([t["data"].get("status") or t["data"].get("audit", {}).get("status") for t in told],
              [None, "PRODUCT_STATUS_CHANGED", "AUDITING", "PRODUCT_FIRST_PASS_REVIEW", "APPROVED"])
        for header, body, _ in ear.heard:
            check(f'"product_id":{id},'.encode() in body, True, "a number past 2^53, exact")
            check(header, sign(seller.secret, seller.key, body))
        log = hooks_of(sandbox, 5)
        check([(line["path"], line["status"]) for line in log][:2], [("/hook/16", 200), ("/hook/5", 200)])
        check(json.loads(log[0]["body"]), told[0])
        wait_for(lambda: sandbox.control("GET", "status").json["webhooks"]["delivered"] == 5)


@test
def an_edit_and_another_category_are_told_with_the_id_as_text():
    with Ear() as ear, Sandbox("webhook=" + ear.url, "audit_ms=-1", "upgrade_age_s=-1") as sandbox:
        seller = Seller(sandbox)
        id = seller.create(listing(seller)).json["data"]["product_id"]
        ear.wait(5)
        title = "Kaos Polos Katun Judul Yang Baru Sekali"
        seller.data("POST", f"{PRODUCTS}/{id}/partial_edit", body={"title": title})
        changed = [t for t in ear.wait(8) if t["type"] == 15][0]["data"]
        check((changed["product_id"], changed["change_source"], changed["changed_fields"]),
              (id, "OPEN_API", ["title"]))
        sandbox.control("POST", f"trigger?what=recategorize&product={id}&to={OTHER_SHIRTS}")
        moved = [t for t in ear.wait(9) if t["type"] == 18][0]["data"]
        check((moved["product_id"], moved["previous_category_id"], moved["current_category_id"]),
              (id, SHIRTS, OTHER_SHIRTS))


@test
def an_edit_that_moves_a_product_is_told_of_when_it_takes_effect():
    with Ear() as ear, Sandbox("webhook=" + ear.url, "audit_ms=1000000") as sandbox:
        seller = Seller(sandbox)
        id = seller.create(listing(seller)).json["data"]["product_id"]
        sandbox.control("POST", "trigger?what=audit")
        path = f"{PRODUCTS}/{id}/partial_edit"
        seller.data("POST", path, body={"category_id": OTHER_SHIRTS})
        check([t["type"] for t in ear.wait(7)], [16, 5, 37, 5, 37, 15, 37], "not before its audit")
        sandbox.control("POST", "trigger?what=audit&to=failed")
        check([t["type"] for t in ear.wait(8)][7:], [37], "nor when it fails")
        seller.data("POST", path, body={"category_id": OTHER_SHIRTS})
        sandbox.control("POST", "trigger?what=audit")
        told = ear.wait(12)[8:]
        check([t["type"] for t in told], [15, 37, 18, 37])
        check({k: told[2]["data"][k] for k in ("product_id", "previous_category_id", "current_category_id")},
              {"product_id": id, "previous_category_id": SHIRTS, "current_category_id": OTHER_SHIRTS})


@test
def a_product_that_is_moved_while_an_edit_is_looked_at_stays_there():
    with Ear() as ear, Sandbox("webhook=" + ear.url, "audit_ms=1000000") as sandbox:
        seller = Seller(sandbox)
        id = seller.create(listing(seller)).json["data"]["product_id"]
        sandbox.control("POST", "trigger?what=audit")
        seller.data("POST", f"{PRODUCTS}/{id}/partial_edit", body={"title": "Kaos Polos Katun Judul Yang Baru Sekali"})
        sandbox.control("POST", f"trigger?what=recategorize&product={id}&to={OTHER_SHIRTS}")
        sandbox.control("POST", "trigger?what=audit")
        check([t["type"] for t in ear.wait(9)][7:], [18, 37], "moved once")
        check(seller.get(id).json["data"]["category_chains"][-1]["id"], OTHER_SHIRTS)


@test
def what_is_taken_off_one_platform_is_told_of():
    with Ear() as ear, Sandbox("webhook=" + ear.url, "audit_ms=-1") as sandbox:
        seller = Seller(sandbox)
        body = listing(seller, listing_platforms=["TIKTOK_SHOP", "TOKOPEDIA"])
        id = seller.create(body).json["data"]["product_id"]
        for verb in ("deactivate", "deactivate", "activate"):
            seller.batch(verb, id, listing_platforms=["TOKOPEDIA"])
        seller.batch("delete", id)
        told = ear.wait(8)
        check([t["type"] for t in told], [16, 5, 37, 5, 37, 5, 5, 5], "once for each that changed something")


@test
def a_sale_that_begins_on_its_day_is_told_of():
    with Ear() as ear, Sandbox("webhook=" + ear.url, "audit_ms=-1") as sandbox:
        seller = Seller(sandbox)
        day = {"is_enabled_scheduled_sale": True, "schedule_sale_time": (sandbox.now_s() + 3600) * 1000}
        seller.create(listing(seller, scheduled_sale=day))
        told = ear.wait(5)
        check([t["data"].get("status") for t in told],
              [None, "PRODUCT_STATUS_CHANGED", None, "PRODUCT_FIRST_PASS_REVIEW", None])
        sandbox.pass_time(3600)
        began = ear.wait(6)[5]
        check((began["type"], began["data"]["status"]), (5, "PRODUCT_STATUS_CHANGED"))


@test
def the_upgrade_task_takes_products_of_v1_to_v2():
    with Ear() as ear, Sandbox("webhook=" + ear.url, "audit_ms=-1", "upgrade_age_s=-1",
                               "index_lag_ms=-1") as sandbox:
        seller = Seller(sandbox)
        made = {}
        for leaf in (SHIRTS, "638103"):  # the second has children in v2
            body = listing(seller, category_version="v1", category_id=leaf)
            answer = seller.create(body)
            made[answer.json["data"]["product_id"]] = leaf
        check(seller.search(category_version="v1").json["data"]["total_count"], 2)
        ear.wait(10)
        answer = seller.call("POST", "/product/202407/products/category_upgrade_task")
        check((answer.code, answer.json["data"]), (0, {}))
        check(seller.search(category_version="v1").json["data"]["total_count"], 0)
        moved = {t["data"]["product_id"]: t["data"] for t in ear.wait(11) if t["type"] == 18}
        check(len(moved), 1, "an id that stays is no change")
        (id, data), = moved.items()
        check((made[id], data["previous_category_id"], data["current_category_id"]),
              ("638103", "638103", "915102"))
    with Sandbox("audit_ms=-1", "index_lag_ms=-1") as sandbox:
        seller = Seller(sandbox)
        seller.create(listing(seller, category_version="v1"))
        seller.data("POST", "/product/202407/products/category_upgrade_task")
        check(seller.search(category_version="v1").json["data"]["total_count"], 1,
              "not live for a day yet")


@test
def what_is_not_taken_comes_again_word_for_word():
    with Ear(500, 404) as ear, Sandbox("webhook=" + ear.url, "audit_ms=100000", "retry_ms=60") as sandbox:
        seller = Seller(sandbox)
        seller.create(listing(seller, save_mode="AS_DRAFT"))
        ear.wait(3)
        check([status for _, _, status in ear.heard], [500, 404, 200])
        check(len({(header, body) for header, body, _ in ear.heard}), 1)
    with Ear(*[500] * 9) as ear, Sandbox("webhook=" + ear.url, "retry_ms=30") as sandbox:
        Seller(sandbox).create(listing(Seller(sandbox), save_mode="AS_DRAFT"))
        wait_for(lambda: sandbox.control("GET", "status").json["webhooks"]["given_up"])
        check(len(ear.heard), 5, "once and four times more")


@test
def the_dial_loses_delays_and_doubles_webhooks():
    with Ear() as ear, Sandbox("webhook=" + ear.url, "audit_ms=100000",
                               "fault=hook-late=1,ms=400,path=/hook/16",
                               "fault=hook-twice=1,path=/hook/37",
                               "fault=hook-lost=1,path=/hook/5") as sandbox:
        seller = Seller(sandbox)
        seller.create(listing(seller))
        check([t["type"] for t in ear.wait(3)], [37, 37, 16])
        check(len({t["tts_notification_id"] for t in ear.wait(3)}), 2)
        faults = [line.get("fault") for line in hooks_of(sandbox, 4)]
        check(sorted(f or "" for f in faults), ["", "hook-late", "hook-lost", "hook-twice"])


HOOKS = "/event/202309/webhooks"


def subscribe(seller, name, address):
    return seller.call("PUT", HOOKS, body={"event_type": name, "address": address})


@test
def shops_subscribe_by_name():
    with Ear() as ear, Sandbox("audit_ms=100000") as sandbox:
        seller = Seller(sandbox)
        seller.create(listing(seller, save_mode="AS_DRAFT"))
        rows = [("PRODUCT_CREATION", ear.url, 0), ("PRODUCT_STATUS_CHANGE", ear.url, 0),
                ("RAIN", ear.url, 98001004), ("PRODUCT_CREATION", "", 98001004),
                ("PRODUCT_CREATION", "somewhere", 98001004),
                ("PRODUCT_CREATION", "ftp://127.0.0.1/", 98001004),
                ("PRODUCT_CREATION", "https://example.com/" + "x" * 236, 98001004)]
        for name, address, code in rows:
            check(subscribe(seller, name, address).code, code, (name, address))
        check("PACKAGE_UPDATE" in subscribe(seller, "RAIN", ear.url).json["message"], True, "names them")
        seller.data("DELETE", HOOKS, body={"event_type": "PRODUCT_STATUS_CHANGE"})
        seller.data("DELETE", HOOKS, body={"event_type": "PRODUCT_STATUS_CHANGE"})
        list_ = seller.data("GET", HOOKS)
        check((list_["total_count"], [(w["event_type"], w["address"]) for w in list_["webhooks"]]),
              (1, [("PRODUCT_CREATION", ear.url)]))
        seller.create(listing(seller))
        check([t["type"] for t in ear.wait(1)], [16])
        time.sleep(0.2)
        check(len(ear.heard), 1)


@test
def a_subscription_says_what_is_missing_or_of_another_type():
    with Sandbox() as sandbox:
        seller = Seller(sandbox)
        rows = [
            ("PUT", {"address": "http://127.0.0.1/"}, "EventType is a required field"),
            ("PUT", {"event_type": "PACKAGE_UPDATE"}, "Address is a required field"),
            ("PUT", {"event_type": 4, "address": "http://127.0.0.1/"},
             "param body.event_type type invalid. actual type:int64, expected type:string"),
            ("DELETE", {}, "EventType is a required field"),
            ("DELETE", {"event_type": ["PACKAGE_UPDATE"]}, "param body.event_type type invalid"),
        ]
        for method, body, message in rows:
            answer = seller.call(method, HOOKS, body=body)
            check((answer.status, answer.code), (400, 36009004), body)
            check(answer.json["message"].startswith(message), True, answer)


@test
def any_event_and_address_is_taken_and_what_is_not_sent_is_said_once():
    with Ear() as ear, Sandbox("audit_ms=100000") as sandbox:
        seller = Seller(sandbox)
        page = {"address": "https://partner.tiktokshop.com", "event_type": "PACKAGE_UPDATE"}
        check(seller.call("PUT", HOOKS, body=page).code, 0, "the page's own sample")
        rows = [("PRODUCT_CREATION", "https://example.com/" + "x" * 235),
                ("PRODUCT_STATUS_CHANGE", ear.url), ("INVOICE_STATUS_CHANGE", ear.url),
                ("NEW_MESSAGE_LISTENER", ear.url)]
        for name, address in rows:
            check(subscribe(seller, name, address).code, 0, name)
            check(subscribe(seller, name, address).code, 0, "again")
        list_ = seller.data("GET", HOOKS)
        check([(w["event_type"], w["address"]) for w in list_["webhooks"]],
              [("PACKAGE_UPDATE", page["address"]), *rows])
        seller.create(listing(seller))
        log = [line for line in hooks_of(sandbox, 5) if line.get("fault") == "not-sent"]
        check([(line["path"], line["uri"]) for line in log],
              [("/hook/4", page["address"]), ("/hook/16", rows[0][1]),
               ("/hook/INVOICE_STATUS_CHANGE", ear.url), ("/hook/NEW_MESSAGE_LISTENER", ear.url)])
        check(log[0]["shop"], seller.shop["id"])
        check([t["type"] for t in ear.wait(1)], [5])
        hooks = sandbox.control("GET", "status").json["webhooks"]
        check((hooks["made"], hooks["given_up"], hooks["waiting"]), (1, 0, 0), "nobody else is called")
        seller.data("DELETE", HOOKS, body={"event_type": "INVOICE_STATUS_CHANGE"})
        check([w["event_type"] for w in seller.data("GET", HOOKS)["webhooks"]].count("NEW_MESSAGE_LISTENER"), 1)
    with Ear() as ear, Sandbox("webhook=" + ear.url) as sandbox:
        seller = Seller(sandbox)
        subscribe(seller, "PRODUCT_CREATION", "https://example.com/")
        check([line for line in sandbox.log() if line["method"] == "HOOK"], [], "it goes where all go")


@test
def a_receiver_that_hangs_holds_up_only_what_is_for_it():
    with socket.create_server(("127.0.0.1", 0)) as deaf, Ear() as ear, \
            Sandbox("audit_ms=200", "hook_timeout_ms=1000000000") as sandbox:
        seller = Seller(sandbox)
        address = f"http://127.0.0.1:{deaf.getsockname()[1]}/"
        for name, where in (("PRODUCT_CREATION", address), ("PRODUCT_AUDIT_STATUS_CHANGE", address),
                            ("PRODUCT_STATUS_CHANGE", ear.url)):
            seller.data("PUT", "/event/202309/webhooks", body={"event_type": name, "address": where})
        seller.create(listing(seller))
        told = [t["data"]["status"] for t in ear.wait(2)]
        check(told, ["PRODUCT_STATUS_CHANGED", "PRODUCT_FIRST_PASS_REVIEW"], "audits end by themselves, too")

        def counts():
            said = sandbox.control("GET", "status").json["webhooks"]
            return said["made"], said["delivered"], said["waiting"]

        wait_for(lambda: counts() == (5, 2, 2))  # and one that hangs
        sandbox.control("POST", "reset?what=products")
        check(counts(), (0, 0, 0))


@test
def things_happen_to_products_when_triggered():
    with Ear() as ear, Sandbox("webhook=" + ear.url, "audit_ms=1000000") as sandbox:
        seller = Seller(sandbox)
        ids = [seller.create(listing(seller)).json["data"]["product_id"] for _ in range(3)]

        def trigger(what, **more):
            query = "".join(f"&{k}={v}" for k, v in more.items())
            return sandbox.control("POST", f"trigger?what={what}{query}")

        check(trigger("audit", product=ids[0], to="failed").json, {"done": 1})
        check(trigger("audit", product=ids[1], to="pre-approved").json, {"done": 1})
        check(trigger("audit").json, {"done": 2}, "what waits is let through too")
        check([seller.status(id)[0] for id in ids], ["FAILED", "ACTIVATE", "ACTIVATE"])
        check(trigger("suspend", product=ids[1]).json, {"done": 1})
        check(trigger("suspend", product=ids[2], to="freeze").json, {"done": 1})
        check(seller.status(ids[1])[0], "PLATFORM_DEACTIVATED")
        check(seller.get(ids[2]).code, 12019150)
        count = len(ear.wait(9))
        for type_ in (5, 15, 16, 18, 37):
            check(trigger("webhook", product=ids[0], type=type_).json, {"done": 1})
        wait_for(lambda: sorted(t["type"] for t in ear.wait(count))[-1:] == [37] and len(ear.heard) >= 21)
        seller.create(listing(seller))
        trigger("audit")
        made = sandbox.control("GET", "status").json["webhooks"]["made"]
        rows = [("webhook", {"product": ids[0], "type": 6}, 400, "5, 15, 16, 18 or 37"),
                ("webhook", {"product": "1", "type": 5}, 404, "no product 1"),
                ("webhook", {"type": 5}, 400, "needs a product"),
                ("webhook", {"product": ids[0], "type": 5, "to": "rain"}, 400, "goes to nothing"),
                ("recategorize", {"product": ids[0]}, 400, "a leaf's id"),
                ("recategorize", {"product": ids[0], "to": "99"}, 404, "has no category 99"),
                ("recategorize", {"product": ids[0], "to": "832584"}, 400, "832584 is no leaf"),
                ("recategorize", {"to": SHIRTS}, 400, "needs a product"),
                ("deactivate-sku", {"product": ids[0], "to": "99"}, 404, "no SKU 99"),
                ("deactivate-sku", {"product": ids[0], "to": "red"}, 400, "one of its SKUs"),
                ("audit", {"to": "rain"}, 400, "live, failed or pre-approved"),
                ("audit", {"product": "1"}, 404, "no product 1"),
                ("suspend", {"to": "frozen"}, 400, "freeze"), ("suspend", {"to": "live"}, 400, "freeze"),
                ("suspend", {"type": 5}, 400, "only a webhook"),
                ("rain", {}, 404, "deactivate-sku")]
        for what, more, status, word in rows:
            answer = trigger(what, **more)
            check((answer.status, word in answer.json["error"]), (status, True), (what, more, answer))
        check(sandbox.control("GET", "status").json["webhooks"]["made"], made, "nothing happened")
        check(trigger("suspend").json, {"done": 1})


@test
def a_webhook_is_triggered_where_somebody_is_to_be_told():
    with Ear() as ear, Sandbox("audit_ms=1000000") as sandbox:
        seller = Seller(sandbox)
        id = seller.create(listing(seller)).json["data"]["product_id"]

        def send():
            answer = sandbox.control("POST", f"trigger?what=webhook&product={id}&type=18")
            return answer.status, answer.json.get("done")

        check(send(), (404, None))
        subscribe(seller, "PRODUCT_CATEGORY_CHANGE", "https://example.com/")
        check(send(), (404, None), "nor at an address that is never called")
        subscribe(seller, "PRODUCT_CATEGORY_CHANGE", ear.url)
        check(send(), (200, 1))
        check([t["type"] for t in ear.wait(1)], [18])


@test
def the_reading_here_makes_the_known_signatures():
    path = os.path.join(os.environ.get("SOURCE_ROOT", "."), "tests", "channels", "webhooks.json")
    rows = [row for row in json.load(open(path, encoding="utf-8")) if "authorization" in row]
    check(len(rows) >= 5, True)
    for row in rows:
        check(sign(row["app_secret"], row["app_key"], row["body"].encode()), row["authorization"],
              row["says"])


run()
