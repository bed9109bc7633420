"""The gateway's checks, in their order: one row a request. Each row but the first breaks what
its words say and everything that is checked later, so that the order is what is tested."""

import time

from foreign import Client, Sandbox, check, multipart, png, run, test

SHOPS = "/authorization/202309/shops"
CATEGORIES = "/product/202309/categories"
RECOMMEND = "/product/202309/categories/recommend"
UPLOAD = "/product/202309/images/upload"

PATH = "Invalid path. The specified path does not match any available endpoint."
METHOD = "Invalid method. The HTTP method used is not supported by this endpoint."
VERSION = "Invalid API version. The `version` value is invalid or unsupported."
APP_KEY = "Invalid credentials. Invalid `app_key` query parameter."
NEGATIVE = "Invalid timestamp. The value of the `timestamp` query parameter must not be lesser than 0."
EARLY = ("Invalid timestamp. The value of the `timestamp` query parameter must not be earlier than "
         "5 minutes before the current time.")
LATE = ("Invalid timestamp. The value of the `timestamp` query parameter must not exceed the current "
        "time by more than 30 seconds.")
NO_SIGN = "Missing credentials. The request does not include a required signature in the query."
SIGN = "Invalid credentials. The `sign` query parameter is invalid."
TOKEN = "Invalid credentials. The `x-tts-access-token` header is invalid."
NO_CIPHER = ("Missing identifier. The `shop_cipher` query parameter is required to identify the target "
             "shop.")
CIPHER = "Invalid identifier. The `shop_cipher` query parameter is invalid."
NOT_REQUIRED = ("Unexpected identifier. The `shop_cipher` query parameter is not required for this "
                "request.")
FORMAT = ("Invalid request format. The request body format must be `application/json` for structured "
          "data or `multipart/form-data` for binary files.")
NOT_MULTIPART = ("Invalid request format. The value of the `content-type` header must be "
                 "`multipart/form-data`.")
JSON = {"product_title": "Kaos Pria Polos"}
NOW = int(time.time())

BAD_TOKEN = {"token": "ROW_unknown"}
BAD_SIGN = {"sign_with": "another secret", **BAD_TOKEN}
BAD_TIME = {"timestamp": NOW - 1000, **BAD_SIGN}
BAD_KEY = {"query": {"app_key": "unknown"}, **BAD_TIME}

# says, method, path, arguments, status, code, message
ROWS = [
    ("all is well", "GET", CATEGORIES, {}, 200, 0, "Success"),
    ("a path of nobody's", "GET", "/nowhere", BAD_KEY, 404, 36009009, PATH),
    ("a path that is not served", "GET", CATEGORIES + "/600001/tags", BAD_KEY, 404, 36009009, PATH),
    ("a path with a hole in it", "GET", CATEGORIES + "//rules", BAD_KEY, 404, 36009009, PATH),
    ("a slash too many", "GET", CATEGORIES + "/", BAD_KEY, 404, 36009009, PATH),
    ("a version that is none", "GET", "/product/v2/categories", BAD_KEY, 404, 36009009, PATH),
    ("another method, another version", "POST", "/product/202312/categories", BAD_KEY, 405, 36009010,
     METHOD),
    ("a GET of a POST", "GET", RECOMMEND, BAD_KEY, 405, 36009010, METHOD),
    ("another version", "GET", "/product/202312/categories", BAD_KEY, 400, 36009014, VERSION),
    ("another app_key", "GET", CATEGORIES, BAD_KEY, 400, 36009004, APP_KEY),
    ("no app_key", "GET", CATEGORIES, {"drop": ["app_key"], **BAD_TIME}, 400, 36009004, APP_KEY),
    ("a negative timestamp", "GET", CATEGORIES, {**BAD_SIGN, "timestamp": -1}, 400, 36009004, NEGATIVE),
    ("a timestamp of five minutes ago", "GET", CATEGORIES, {**BAD_SIGN, "timestamp": NOW - 400}, 400,
     36009004, EARLY),
    ("a timestamp of a minute from now", "GET", CATEGORIES, {**BAD_SIGN, "timestamp": NOW + 90}, 400,
     36009004, LATE),
    ("a timestamp in milliseconds", "GET", CATEGORIES, {**BAD_SIGN, "timestamp": NOW * 1000}, 400,
     36009004, LATE),
    ("no timestamp", "GET", CATEGORIES, {"drop": ["timestamp"], **BAD_SIGN}, 400, 36009004, EARLY),
    ("a timestamp in words", "GET", CATEGORIES, {**BAD_SIGN, "timestamp": "now"}, 400, 36009004, EARLY),
    ("four minutes ago is in time", "GET", CATEGORIES, {"timestamp": NOW - 240}, 200, 0, "Success"),
    ("no sign", "GET", CATEGORIES, {"drop": ["sign"], **BAD_TOKEN}, 400, 36009004, NO_SIGN),
    ("a sign under another secret", "GET", CATEGORIES, BAD_SIGN, 401, 106001, SIGN),
    ("a body that is not the signed one", "POST", RECOMMEND,
     {"body": JSON, "sign_body": b"{}", **BAD_TOKEN}, 401, 106001, SIGN),
    ("a multipart body that was signed", "POST", UPLOAD,
     {"body": b"--B--", "content_type": "multipart/form-data; boundary=B", "cipher": False,
      "query": {"sign": "0" * 64}, **BAD_TOKEN}, 401, 106001, SIGN),
    ("a GET with a body that was not signed", "GET", CATEGORIES, {"body": b"{}", "sign_body": b""}, 200,
     0, "Success"),
    ("a GET with a body that was signed", "GET", CATEGORIES, {"body": b"{}"}, 200, 0, "Success"),
    ("another token", "GET", CATEGORIES, {**BAD_TOKEN, "cipher": False}, 401, 36009004, TOKEN),
    ("no token", "GET", CATEGORIES, {"token": None, "cipher": False}, 401, 36009004, TOKEN),
    ("no cipher", "GET", CATEGORIES, {"cipher": False}, 400, 106013, NO_CIPHER),
    ("an empty cipher", "GET", CATEGORIES, {"cipher": False, "query": {"shop_cipher": ""}}, 400, 106013,
     NO_CIPHER),
    ("another cipher", "GET", CATEGORIES, {"cipher": "ROW_unknown"}, 400, 36009004, CIPHER),
    ("a cipher where none belongs: shops", "GET", SHOPS, {}, 400, 36009004, NOT_REQUIRED),
    ("a cipher where none belongs: seller", "GET", "/seller/202309/shops", {}, 400, 36009004,
     NOT_REQUIRED),
    ("a cipher where none belongs: upload", "POST", UPLOAD, {"body": b"{}"}, 400, 36009004,
     NOT_REQUIRED),
    ("a form where JSON belongs", "POST", RECOMMEND,
     {"body": b"product_title=Kaos", "content_type": "application/x-www-form-urlencoded"}, 400, 36009022,
     FORMAT),
    ("a content-type twice", "POST", RECOMMEND,
     {"body": JSON, "headers": [("Content-Type", "application/json")]}, 400, 36009022, FORMAT),
    ("two content-types joined", "POST", RECOMMEND,
     {"body": JSON, "content_type": "application/json, application/json"}, 400, 36009022, FORMAT),
    ("a content-type with a charset", "POST", RECOMMEND,
     {"body": JSON, "content_type": "Application/JSON; charset=utf-8"}, 200, 0, "Success"),
    ("JSON where a file belongs", "POST", UPLOAD, {"body": b"{}", "cipher": False}, 400, 36009023,
     NOT_MULTIPART),
    ("a body that is no JSON", "POST", RECOMMEND, {"body": b"{"}, 400, 36009022, FORMAT),
    ("a body that is no object", "POST", RECOMMEND, {"body": b"[]"}, 400, 36009022, FORMAT),
    ("no title", "POST", RECOMMEND, {"body": {}}, 400, 36009004,
     "ProductTitle is a required field and has not been provided."),
    ("no body", "POST", RECOMMEND, {}, 400, 36009004,
     "ProductTitle is a required field and has not been provided."),
    ("a title that is a number", "POST", RECOMMEND, {"body": {"product_title": 7}}, 400, 36009004,
     "param product_title type invalid. actual type:int64, expected type:string"),
    ("images that are no list", "POST", RECOMMEND, {"body": {**JSON, "images": {}}}, 400, 36009004,
     "param images type invalid. actual type:map, expected type:slice"),
    ("a flag that is none", "GET", CATEGORIES, {"query": {"include_prohibited_categories": "1"}}, 400,
     36009004, "param include_prohibited_categories type invalid. actual type:string, expected type:bool"),
    ("a locale of nobody's", "GET", CATEGORIES, {"query": {"locale": "xx-XX"}}, 200, 12019210,
     "publish param invalid"),
    ("a platform of nobody's", "GET", CATEGORIES, {"query": {"listing_platform": "SHOPEE"}}, 200,
     12019210, "publish param invalid"),
    ("a category version of nobody's", "GET", CATEGORIES, {"query": {"category_version": "v3"}}, 200,
     12052230, "Category version and categoryID are not matched."),
    ("a platform of nobody's in a body", "POST", RECOMMEND, {"body": {**JSON, "listing_platform": "X"}},
     400, 98001004, "Parameter listing_platform is invalid. Reason: unknown value. Expected: TIKTOK_SHOP, "
                    "TOKOPEDIA"),
    ("an empty title", "POST", RECOMMEND, {"body": {"product_title": "  "}}, 200, 12052261,
     "product name is empty"),
    ("a title of 256 letters", "POST", RECOMMEND, {"body": {"product_title": "ö" * 256}}, 200, 12052051,
     "The product name exceed max limit characters"),
    ("a Chinese title", "POST", RECOMMEND, {"body": {"product_title": "T恤 Kaos Pria"}}, 200, 12052262,
     "Chinese characters are not supported in product name"),
    ("a description too long", "POST", RECOMMEND, {"body": {**JSON, "description": "x" * 10001}}, 200,
     12052013, "The product description cannot exceed maximum characters"),
    ("a description of 31 images", "POST", RECOMMEND, {"body": {**JSON, "description": "<img>" * 31}},
     200, 12052056, "The num of image in description cannot exceed max limit"),
    ("an image that was never uploaded", "POST", RECOMMEND,
     {"body": {**JSON, "images": [{"uri": "tos/unknown"}]}}, 200, 12052722,
     "The image URI does not exist in TikTok Shop."),
    ("an image by its url", "POST", RECOMMEND,
     {"body": {**JSON, "images": [{"url": "http://x/y.png"}]}}, 200, 12052300,
     "product main image uri illegal"),
    ("ten images", "POST", RECOMMEND, {"body": {**JSON, "images": [{"uri": "x"}] * 10}}, 200, 12052306,
     "main product images count exceed limit"),
    ("a title of no known word", "POST", RECOMMEND, {"body": {"product_title": "zzz qqq"}}, 200,
     12019064, "No matching categories. Provide the full name of your product, edit its product "
               "properties, and try again."),
]


def hold(sandbox, rows):
    client = Client(sandbox)
    for says, method, path, arguments, status, code, message in rows:
        answer = client.call(method, path, **arguments)
        check((answer.status, answer.code, answer.json["message"]), (status, code, message), says)
        check(sorted(answer.json), ["code", "data", "message", "request_id"], says)
        check(answer.header("Content-Type"), "application/json; charset=utf-8", says)
        if code:
            check(answer.json["data"], None, says)


@test
def every_check_comes_in_its_turn():
    with Sandbox() as sandbox:
        hold(sandbox, ROWS)


@test
def an_expired_token_and_a_missing_scope_are_told_apart():
    with Sandbox("shop=A|one||seller.product.basic") as sandbox:
        client = Client(sandbox)
        answer = client.call("GET", SHOPS)  # without scope the cipher is not looked at
        check((answer.status, answer.code), (401, 105005))
        sandbox.control("POST", "trigger?what=expire-access")
        answer = client.call("GET", SHOPS)
        check((answer.status, answer.code), (401, 105002))
        check(answer.json["message"],
              "Expired credentials. The `access_token` or `x-tts-access-token` header has expired.")


@test
def the_live_wording_is_a_switch():
    with Sandbox("live_wording") as sandbox:
        answer = Client(sandbox).call("GET", CATEGORIES, query={"app_key": "unknown"})
        check(answer.json["message"],
              "Invalid credentials. Invalid 'app_key' query parameter. For more details: "
              "https://m.tiktok.shop/s/AIu6dbFhs2XW")
        answer = Client(sandbox).recommend("zzz qqq")
        check(answer.json["message"].endswith("try again."), True, "a business error keeps its words")


@test
def business_errors_may_come_with_400():
    with Sandbox("business_400") as sandbox:
        check(Client(sandbox).recommend("zzz qqq").status, 400)


@test
def an_address_that_is_not_on_the_list_is_refused_after_the_app_key():
    with Sandbox("allow_ips=10.0.0.1, 10.0.0.2") as sandbox:
        client = Client(sandbox)
        check(client.call("GET", CATEGORIES, query={"app_key": "x"}).code, 36009004)
        answer = client.call("GET", CATEGORIES, timestamp=1)
        check((answer.status, answer.code), (403, 36009033))
    with Sandbox("allow_ips=10.0.0.1, 127.0.0.1") as sandbox:
        check(Client(sandbox).categories().code, 0)


@test
def an_empty_object_may_be_left_out_of_the_signature_by_a_switch():
    for settings, want in (((), 106001), (("empty_body_loose",), 36009004)):
        with Sandbox(*settings) as sandbox:
            answer = Client(sandbox).call("POST", RECOMMEND, body=b"{}", sign_body=b"")
            check(answer.code, want, settings)
            check(Client(sandbox).call("POST", RECOMMEND, body=b"{}").code, 36009004, "signed as sent")


@test
def a_cipher_where_none_belongs_may_be_overlooked_by_a_switch():
    with Sandbox("loose_cipher") as sandbox:
        check(Client(sandbox).call("GET", SHOPS).code, 0)


@test
def requests_over_the_rate_are_throttled_per_shop():
    with Sandbox("qps=0.001", "shops=2") as sandbox:
        one, two = Client(sandbox, 0), Client(sandbox, 1)
        answers = [one.categories(keyword="zzz") for _ in range(5)]
        check([a.status for a in answers], [200, 429, 429, 429, 429])
        check(answers[1].code, 36009002)
        check(800 < int(answers[1].header("Retry-After")) <= 1000, True)
        check(two.categories(keyword="zzz").status, 200, "another shop")


@test
def request_ids_are_34_characters_and_begin_with_the_time():
    with Sandbox() as sandbox:
        client = Client(sandbox)
        ids = [client.categories(keyword="zzz").json["request_id"] for _ in range(5)]
        check(len(set(ids)), 5)
        for one in ids:
            check(len(one), 34)
            check(abs(time.mktime(time.strptime(one[:14], "%Y%m%d%H%M%S")) - time.timezone - time.time())
                  < 100, True, one)
            check(all(c in "0123456789ABCDEF" for c in one[14:]), True, one)


@test
def header_names_and_parameter_order_do_not_matter():
    with Sandbox() as sandbox:
        client = Client(sandbox)
        answer = client.call("GET", CATEGORIES, {"version": "202309", "shop_id": "1", "zz": "ä b+c=&"},
                             token=None, headers=[("X-TTS-Access-Token", client.token)])
        check(answer.code, 0)


@test
def a_body_over_every_limit_is_refused_in_the_gateways_words():
    with Sandbox() as sandbox:
        content_type, body = multipart([("data", "a.png", png(300, 300) + b"\0" * (25 << 20))])
        answer = Client(sandbox).call("POST", UPLOAD, body=body, cipher=False, content_type=content_type)
        check(answer.code, 36009021)


run()
