"""TikTok Shop's side: consent, tokens, shops, categories, recommendations, images."""

import csv
import json
import os
import time
import urllib.parse
import urllib.request

from foreign import Client, Sandbox, check, own_data, png, run, sign, test


def parse_return(location):
    return dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(location).query, keep_blank_values=True))


def approve(client, extra="", page="/open/authorize?service_id="):
    which = "service_id" if "service_id" in page else "app_key"
    return client.send("GET", f"{page}{client.sandbox.id[which]}&state=s%20t%26{extra}")


@test
def consent_shows_a_page_whose_links_lead_back_with_a_code():
    with Sandbox("redirect_url=http://127.0.0.1:9/back?x=1") as sandbox:
        client = Client(sandbox)
        for page in ("/open/authorize?service_id=", "/oauth/authorize?app_key="):
            answer = approve(client, page=page)
            check(answer.status, 200)
            check(answer.header("Content-Type"), "text/html; charset=utf-8")
            links = [part.split('"')[0].replace("&amp;", "&") for part in
                     answer.body.decode().split('href="')[1:]]
            check(len(links), 2)
            answer = client.send("GET", links[0])
            check(answer.status, 302)
            got = parse_return(answer.header("Location"))
            check(sorted(got), ["app_key", "code", "locale", "shop_region", "state", "x"])
            check((got["app_key"], got["state"], got["shop_region"]), (client.key, "s t&", "ID"))
            denied = parse_return(client.send("GET", links[1]).header("Location"))
            check((denied["code"], denied["error"], denied["state"]), ("null", "auth_denied", "s t&"))


@test
def consent_of_a_stranger_is_no_page_to_approve():
    with Sandbox() as sandbox:
        answer = Client(sandbox).send("GET", "/open/authorize?service_id=1&state=s&approve=1")
        check(answer.status, 400)


@test
def consent_can_be_given_at_once():
    with Sandbox("consent_at_once") as sandbox:
        client = Client(sandbox)
        answer = approve(client)
        check(answer.status, 302)
        location = answer.header("Location")
        check(location.startswith(sandbox.id["url"]), True, "no return address is set: a page of ours")
        page = client.send("GET", location[len(sandbox.id["url"]):])
        check(parse_return(location)["code"] in page.body.decode(), True)


@test
def a_code_buys_tokens_once_and_a_refresh_token_the_next_ones():
    with Sandbox() as sandbox:
        client = Client(sandbox)
        code = parse_return(approve(client, "&approve=1").header("Location"))["code"]
        answer = client.token_call("get", auth_code=code, grant_type="authorized_code")
        check((answer.status, answer.code, answer.json["message"]), (200, 0, "success"))
        data = answer.json["data"]
        now = time.time()
        check(abs(data["access_token_expire_in"] - now - 7 * 86400) < 60, True, "absolute, a week away")
        check(data["refresh_token_expire_in"] > data["access_token_expire_in"], True)
        check((data["user_type"], data["seller_base_region"]), (0, "ID"))
        check("seller.product.basic" in data["granted_scopes"], True)
        check(bool(data["open_id"] and data["seller_name"]), True)
        check(Client(sandbox, token=data["access_token"]).categories(keyword="zzz").code, 0)

        again = client.token_call("get", auth_code=code, grant_type="authorized_code")
        check((again.status, again.code, again.json["message"]), (200, 36004004, "Invalid auth code."))

        fresh = client.token_call("refresh", refresh_token=data["refresh_token"],
                                  grant_type="refresh_token").json["data"]
        check(len({data["access_token"], fresh["access_token"], data["refresh_token"],
                   fresh["refresh_token"]}), 4)
        old = client.token_call("refresh", refresh_token=data["refresh_token"],
                                grant_type="refresh_token")
        check((old.code, old.json["message"]), (36004005, "can not find related auth record"))
        check(Client(sandbox, token=data["access_token"]).categories(keyword="zzz").code, 0,
              "the old access token lives on")


@test
def token_calls_say_what_is_wrong():
    with Sandbox() as sandbox:
        client = Client(sandbox)
        refresh = client.shop["refresh_token"]
        rows = [
            ("get", {"auth_code": "x", "grant_type": "authorized_code"}, 200, 36004004),
            ("get", {"auth_code": "x", "grant_type": "code"}, 400, 36009004),
            ("get", {"auth_code": "x", "grant_type": "authorized_code", "app_key": "x"}, 400, 36009004),
            ("get", {"auth_code": "x", "grant_type": "authorized_code", "app_secret": "x"}, 400, 36009004),
            ("refresh", {"refresh_token": "x", "grant_type": "refresh_token"}, 200, 36004005),
            ("refresh", {"refresh_token": refresh, "grant_type": "authorized_code"}, 400, 36009004),
            ("forget", {}, 404, 36009009),
        ]
        for which, query, status, code in rows:
            answer = client.token_call(which, **query)
            check((answer.status, answer.code), (status, code), (which, query))
        check(client.send("POST", "/api/v2/token/get", b"").status, 405)
        sandbox.control("POST", "trigger?what=expire-refresh")
        answer = client.token_call("refresh", refresh_token=refresh, grant_type="refresh_token")
        check((answer.code, answer.json["message"]), (36004001, "rt has expired"))


@test
def the_official_sdks_refresh_grant_and_the_old_token_are_switches():
    with Sandbox("any_grant", "old_refresh") as sandbox:
        client = Client(sandbox)
        for _ in range(2):
            answer = client.token_call("refresh", refresh_token=client.shop["refresh_token"],
                                       grant_type="authorized_code")
            check(answer.code, 0)


@test
def sellers_have_their_own_tokens_and_shops():
    with Sandbox("shop=A|one|ID|", "shop=B|two|TH|", "shop=C|one|MY|") as sandbox:
        check([s["name"] for s in sandbox.id["shops"]], ["A", "C", "B"])
        one, other = Client(sandbox, 0), Client(sandbox, 2)
        shops = one.call("GET", "/authorization/202309/shops", cipher=False).json["data"]["shops"]
        check([(s["name"], s["region"], s["seller_type"]) for s in shops],
              [("A", "ID", "LOCAL"), ("C", "MY", "LOCAL")])
        check(sorted(shops[0]), ["cipher", "code", "id", "name", "region", "seller_type"])
        check(shops[0]["id"].isdigit(), True)
        active = one.call("GET", "/seller/202309/shops", cipher=False).json["data"]["shops"]
        check([sorted(s) for s in active], [["id", "region"]] * 2)
        answer = other.call("GET", "/product/202309/categories", cipher=shops[0]["cipher"])
        check(answer.code, 36009004, "another seller's cipher")


def read_tree():
    with open(own_data("tree.tsv"), encoding="utf-8", newline="\n") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


@test
def the_whole_tree_comes_in_one_flat_list_per_version_platform_and_locale():
    rows = read_tree()
    with Sandbox() as sandbox:
        client = Client(sandbox)
        for version in ("v1", "v2"):
            for platform in ("TIKTOK_SHOP", "TOKOPEDIA"):
                for locale in ("en-US", "id-ID"):
                    mine = [r for r in rows if version in r["versions"].split(",")
                            and platform in r["platforms"].split(",") and r["permission"] != "PROHIBITED"]
                    parents = {r["parent_id"] for r in rows if version in r["versions"].split(",")
                               and platform in r["platforms"].split(",")}
                    got = client.categories(category_version=version, listing_platform=platform,
                                            locale=locale).json["data"]["categories"]
                    want = [{"id": r["id"], "parent_id": r["parent_id"], "local_name": r[locale],
                             "is_leaf": r["id"] not in parents, "permission_statuses": [r["permission"]]}
                            for r in mine]
                    check(got, want, (version, platform, locale))


@test
def defaults_are_the_documents():
    with Sandbox("shop=A||ID|", "shop=B||SG|") as sandbox:
        here, there = Client(sandbox, 0), Client(sandbox, 1)
        plain = here.categories().json["data"]
        check(plain, here.categories(category_version="v1", locale="id-ID",
                                     listing_platform="TIKTOK_SHOP").json["data"])
        check(there.categories().json["data"], here.categories(locale="en-US").json["data"])
        check(here.categories(locale="th-TH").json["data"], here.categories(locale="en-US").json["data"],
              "a locale without names of its own")


@test
def prohibited_categories_come_when_asked_for():
    with Sandbox() as sandbox:
        client = Client(sandbox)
        less = client.categories(category_version="v2").json["data"]["categories"]
        more = client.categories(category_version="v2",
                                 include_prohibited_categories="true").json["data"]["categories"]
        extra = [c for c in more if c not in less]
        check(len(extra), sum(r["permission"] == "PROHIBITED" and "TIKTOK_SHOP" in r["platforms"]
                              for r in read_tree()))
        check({c["permission_statuses"][0] for c in extra}, {"PROHIBITED"})


@test
def a_keyword_finds_names_and_nothing_above_them():
    with Sandbox() as sandbox:
        client = Client(sandbox)
        whole = client.categories(category_version="v2").json["data"]["categories"]
        for keyword in ("Kaos", "kaos", "KAOS PRIA", "zzz", " "):
            got = client.categories(category_version="v2", keyword=keyword).json["data"]["categories"]
            want = [c for c in whole if keyword.strip().lower() in c["local_name"].lower()]
            check(got, want, keyword)
        check(len(client.categories(category_version="v2", keyword="kaos").json["data"]["categories"]) > 3,
              True)


@test
def the_seeds_spelling_and_absent_parents_are_switches():
    with Sandbox("plain_name", "rootless") as sandbox:
        got = Client(sandbox).categories().json["data"]["categories"]
        check({tuple(sorted(c)) for c in got},
              {("id", "is_leaf", "name", "permission_statuses"),
               ("id", "is_leaf", "name", "parent_id", "permission_statuses")})


@test
def v2_can_be_required():
    with Sandbox("v2_required") as sandbox:
        client = Client(sandbox)
        for query in ({}, {"category_version": "v1"}):
            answer = client.categories(**query)
            check((answer.status, answer.code), (200, 12052217))
        check(client.categories(category_version="v2").code, 0)
        check(client.recommend("Kaos Pria Polos").code, 12052217)
        check(client.recommend("Kaos Pria Polos", category_version="v2").code, 0)


def read_truth():
    with open(own_data("truth.tsv"), encoding="utf-8", newline="\n") as file:
        return [line.rstrip("\n").split("\t") for line in list(file)[1:]]


@test
def with_the_truth_recommend_is_right_and_shows_the_way_to_the_leaf():
    rows = {r["id"]: r for r in read_tree()}
    with Sandbox("truth=own") as sandbox:
        client = Client(sandbox)
        for title, leaf in read_truth():
            data = client.recommend(title, category_version="v2").json["data"]
            check(data["leaf_category_id"], leaf, title)
            chain = data["categories"]
            check([c["level"] for c in chain], list(range(1, len(chain) + 1)))
            check([c["is_leaf"] for c in chain], [False] * (len(chain) - 1) + [True])
            for above, below in zip(chain, chain[1:]):
                check(rows[below["id"]]["parent_id"], above["id"])
            check(chain[-1]["name"], rows[leaf]["id-ID"])
            check(chain[-1]["permission_statuses"], [rows[leaf]["permission"]])
        title, leaf = read_truth()[0]
        in_english = client.recommend(title, category_version="v2", locale="en-US").json["data"]
        check(in_english["categories"][-1]["name"], rows[leaf]["en-US"])


@test
def in_the_shallower_tree_the_truth_is_the_leaf_above():
    rows = {r["id"]: r for r in read_tree()}
    with Sandbox("truth=own") as sandbox:
        client = Client(sandbox)
        for title, leaf in read_truth()[:60]:
            while "v1" not in rows[leaf]["versions"]:
                leaf = rows[leaf]["parent_id"]
            check(client.recommend(title).json["data"]["leaf_category_id"], leaf, title)


@test
def without_the_truth_it_has_its_own_opinion_and_is_often_right():
    right = asked = 0
    with Sandbox() as sandbox:
        client = Client(sandbox)
        for title, leaf in read_truth():
            answer = client.recommend(title, category_version="v2")
            asked += 1
            right += answer.code == 0 and answer.json["data"]["leaf_category_id"] == leaf
    check(0.35 * asked < right < asked, True, f"{right} of {asked}")


@test
def refusing_and_erring_are_rates_decided_by_the_title():
    truth = read_truth()
    with Sandbox("truth=own", "fault=refuse=0.5", "fault=wrong=0.2", "seed=5") as sandbox:
        client = Client(sandbox)
        first = [client.recommend(t, category_version="v2") for t, _ in truth]
        again = [client.recommend(t, category_version="v2") for t, _ in reversed(truth)][::-1]
        check([a.json["data"] for a in first], [a.json["data"] for a in again], "asked twice, in any order")
        refused = sum(a.code == 12019064 for a in first)
        check(0.4 < refused / len(first) < 0.6, True, refused)
        answered = [(a, leaf) for a, (_, leaf) in zip(first, truth) if a.code == 0]
        wrong = sum(a.json["data"]["leaf_category_id"] != leaf for a, leaf in answered)
        check(0.1 < wrong / len(answered) < 0.3, True, wrong)
        check({a.json["data"]["categories"][-1]["is_leaf"] for a, _ in answered}, {True})
        log = sandbox.log()
        for entry, answer in zip(log, first):
            check(entry.get("leaf"), (answer.json["data"] or {}).get("leaf_category_id"))
            check(entry.get("fault") == "refuse", answer.code == 12019064)


@test
def another_seed_decides_otherwise():
    titles = [t for t, _ in read_truth()[:80]]
    seen = []
    for seed in ("1", "1", "2"):
        with Sandbox("fault=refuse=0.5", "seed=" + seed) as sandbox:
            client = Client(sandbox)
            seen.append([client.recommend(t).code for t in titles])
    check(seen[0], seen[1])
    check(seen[0] != seen[2], True)


@test
def an_image_can_be_required():
    with Sandbox("image_required") as sandbox:
        client = Client(sandbox)
        answer = client.recommend("Kaos Pria Polos")
        check((answer.status, answer.code, answer.json["message"]),
              (200, 12019009, "product image list is invalid"))
        uri = client.upload(png(300, 300)).json["data"]["uri"]
        check(client.recommend("Kaos Pria Polos", images=[{"uri": uri}]).code, 0)


@test
def a_category_outside_the_shops_main_one_is_told_so():
    rows = [r for r in read_tree() if r["permission"] == "NON_MAIN_CATEGORY" and "TIKTOK" in r["platforms"]]
    with Sandbox() as sandbox:
        codes = {Client(sandbox).recommend(r["id-ID"], category_version="v2").code for r in rows}
        check(12052912 in codes, True)


@test
def images_are_looked_at():
    small = png(299, 400)
    # says, use case, bytes, code, message's part
    rows = [
        ("a good one", None, png(300, 300), 0, "Success"),
        ("the largest side", None, png(300, 4000), 0, "Success"),
        ("too small for a main image", "MAIN_IMAGE", small, 12038014, "300 x 300 to 4000 x 4000"),
        ("and without a use case", None, small, 12038014, "300 x 300 to 4000 x 4000"),
        ("but not for an attribute", "ATTRIBUTE_IMAGE", small, 0, "Success"),
        ("too small for anything", "DESCRIPTION_IMAGE", png(99, 300), 12038014, "100 x 100 to 20000 x"),
        ("too large for a main image", "MAIN_IMAGE", png(4001, 300), 12038014, "4000 x 4000"),
        ("but not for a description", "DESCRIPTION_IMAGE", png(4001, 300), 0, "Success"),
        ("a size chart", "SIZE_CHART_IMAGE", png(1024, 1500), 0, "Success"),
        ("a size chart one cannot read", "SIZE_CHART_IMAGE", png(1023, 1500), 12038014, "1024 x 1024"),
        ("a use case of nobody's", "BANNER", png(300, 300), 11050001, "invalid param"),
        ("nothing", None, b"", 12038002, "Invalid upload file"),
        ("a page", None, b"<html><body>Not found</body></html>", 12038015, "Supported formats: JPG, JPEG"),
        ("a kind that is not taken", None, b"GIF89a" + bytes([44, 1, 44, 1, 0, 0, 0]) + b"\x3b", 12038015,
         "PNG, WEBP, HEIC, BMP"),
        ("half of one", None, png(400, 400)[:-20], 12038004, "not supported."),
        ("more than ten megabytes", None, png(300, 300) + b"\0" * (10 << 20), 12038005, "maximum allowed"),
    ]
    with Sandbox() as sandbox:
        client = Client(sandbox)
        for says, use_case, data, code, message in rows:
            answer = client.upload(data, use_case)
            check((answer.status, answer.code), (200, code), says)
            check(message in answer.json["message"], True, answer)


@test
def by_a_switch_whatever_is_uploaded_is_taken():
    with Sandbox("any_image") as sandbox:
        client = Client(sandbox)
        rows = [
            ("far too small", png(10, 20), (10, 20)),
            ("half of one", png(400, 400)[:-20], (400, 400)),
            ("no image at all", b"hello this is no image", (0, 0)),
            ("a page", b"<html><body>Not found</body></html>", (0, 0)),
        ]
        for says, data, sides in rows:
            answer = client.upload(data, "MAIN_IMAGE")
            check((answer.status, answer.code), (200, 0), says)
            got = answer.json["data"]
            check((got["width"], got["height"]), sides, says)
            fetched = client.send("GET", got["url"][got["url"].index("/_cdn/"):])
            check((fetched.status, fetched.body), (200, data), says)
        check(client.upload(b"").code, 12038002, "but for nothing at all")


@test
def an_upload_without_a_file_is_refused():
    with Sandbox() as sandbox:
        client = Client(sandbox)
        check(client.upload(png(300, 300), part="file").code, 12038002)
        check(client.upload(png(300, 300), file_name=None).code, 12038002, "no filename")
        answer = client.call("POST", "/product/202309/images/upload", body=b"--B\r\ncut", cipher=False,
                             content_type="multipart/form-data; boundary=B")
        check(answer.code, 12038002)


@test
def five_megabytes_is_an_older_limit():
    with Sandbox("small_images") as sandbox:
        check(Client(sandbox).upload(png(300, 300) + b"\0" * (5 << 20)).code, 12038005)


@test
def equal_bytes_have_one_uri_and_can_be_fetched():
    with Sandbox("image_memory=4000") as sandbox:
        client = Client(sandbox)
        one, two = png(300, 300, 1), png(300, 300, 2)
        data = client.upload(one, "MAIN_IMAGE").json["data"]
        check(sorted(data), ["height", "uri", "url", "use_case", "width"])
        check((data["width"], data["height"], data["use_case"]), (300, 300, "MAIN_IMAGE"))
        check(client.upload(one, "ATTRIBUTE_IMAGE", "b.jpg").json["data"]["uri"], data["uri"])
        check(client.upload(two).json["data"]["uri"] != data["uri"], True)
        with urllib.request.urlopen(data["url"]) as fetched:
            check(fetched.read(), one)
            check(fetched.headers["Content-Type"], "image/png")
        for shade in range(3, 30):
            client.upload(png(300, 300, shade))
        check(client.send("GET", data["url"][len(sandbox.id["url"]):]).status, 404, "it made way")
        check(client.recommend("Kaos Pria Polos", images=[{"uri": data["uri"]}]).code, 0, "but is known")


@test
def a_main_image_far_from_square_is_made_square():
    with Sandbox() as sandbox:
        client = Client(sandbox)
        for width, height, use_case, want in ((300, 400, "MAIN_IMAGE", (300, 400)),
                                              (300, 401, "MAIN_IMAGE", (401, 401)),
                                              (801, 600, "ATTRIBUTE_IMAGE", (801, 801)),
                                              (900, 300, "DESCRIPTION_IMAGE", (900, 300))):
            data = client.upload(png(width, height), use_case).json["data"]
            check((data["width"], data["height"]), want)


@test
def the_catalogues_own_pictures_are_good_and_bad_as_they_say():
    bad = {"narrow-299.png": 12038014, "truncated.png": 12038004, "html-page.jpg": 12038015,
           "zero-bytes.png": 12038002, "banner-2000x100.png": 12038014}
    with Sandbox() as sandbox:
        client = Client(sandbox)
        folder = own_data("images")
        names = sorted(os.listdir(folder))
        check(len(names) > 50, True)
        for name in names:
            with open(os.path.join(folder, name), "rb") as file:
                check(client.upload(file.read(), "MAIN_IMAGE", name).code, bad.get(name, 0), name)


@test
def every_signature_known_is_made_by_this_client_too():
    path = os.path.join(os.environ["SOURCE_ROOT"], "tests", "channels", "signatures.json")
    with open(path, encoding="utf-8") as file:
        rows = json.load(file)
    check(len(rows) >= 24, True)
    for row in rows:
        check(sign(row["secret"], row["path"], row["query"], (row.get("body") or "").encode(),
                   row.get("content_type", "")), row["sign"], row["says"])


run()
