"""The control endpoints: log, evolve, trigger, reset; and trees that are loaded."""

import csv
import gzip
import json
import os
import tempfile

from foreign import Client, Sandbox, Skip, Tokopedia, check, data_dir, own_data, png, run, test


@test
def without_the_control_token_nobody_gets_in():
    with Sandbox("control_token=t0p") as sandbox:
        check(sandbox.id["control_token"], "t0p")
        check(sandbox.control("GET", "status", token="x").status, 401)
        check(sandbox.control("GET", "status").status, 200)
        check(sandbox.control("GET", "nothing").status, 404)
        check(sandbox.control("DELETE", "status").status, 405)
        check(sandbox.control("POST", "trigger").status, 400)
        check(sandbox.control("POST", "trigger?what=rain").status, 404)
        check(sandbox.control("POST", "reset?what=rain").status, 404)
        check(len(sandbox.log()), 0, "none of this is in the log")


@test
def the_log_holds_every_call_as_it_was_and_no_secret():
    with tempfile.TemporaryDirectory() as folder, \
            Sandbox("log_file=" + os.path.join(folder, "log"), "truth=own") as sandbox:
        client = Client(sandbox)
        image = client.upload(png(300, 300)).json["data"]
        client.recommend("Kaos Pria Polos", images=[{"uri": image["uri"]}])
        client.categories(keyword="Kaos", locale="id-ID")
        client.call("GET", "/nowhere", sign_with="x")
        client.token_call("refresh", refresh_token=client.shop["refresh_token"], grant_type="refresh_token")
        log = sandbox.log()
        check([e["seq"] for e in log], [1, 2, 3, 4, 5])
        upload, recommend, categories, nowhere, refresh = log
        check((upload["path"], upload["uri"], upload["code"]),
              ("/product/202309/images/upload", image["uri"], "0"))
        check(len(upload["digest"]), 64)
        check((recommend["title"], recommend["image"]), ("Kaos Pria Polos", image["uri"]))
        check(bool(recommend["leaf"]), True)
        check((categories["query"]["keyword"], categories["keyword"], categories["shop"]),
              ("Kaos", "Kaos", client.shop["id"]))
        check((nowhere["status"], nowhere["code"]), (404, "36009009"))
        check((refresh["method"], refresh["status"]), ("GET", 200))
        text = json.dumps(log)
        for secret in (client.secret, client.token, client.shop["cipher"], client.shop["refresh_token"],
                       sandbox.id["control_token"]):
            check(secret in text, False)
        check("sign" in categories["query"], False)
        with open(os.path.join(folder, "log"), encoding="utf-8") as file:
            check([json.loads(line) for line in file], log, "the file says the same")
        check([e["seq"] for e in sandbox.log(4)], [4, 5])
        status = sandbox.control("GET", "status").json
        check(status["calls"], 5)
        check(status["paths"]["POST /product/202309/categories/recommend"], {"codes": {"0": 1}, "calls": 1})
        sandbox.control("POST", "reset?what=log")
        client.categories(keyword="zzz")
        check([e["seq"] for e in sandbox.log()], [6], "numbers go on")


@test
def revoking_takes_everything():
    with Sandbox("shops=2") as sandbox:
        check(sandbox.control("POST", "trigger?what=revoke").json, {"revoked": 4})
        client = Client(sandbox)
        check(client.categories().code, 36009004)
        check(client.token_call("refresh", refresh_token=client.shop["refresh_token"],
                                grant_type="refresh_token").code, 36004005)


def tree_of(client, version="v2", **more):
    data = client.categories(category_version=version, locale="en-US",
                             include_prohibited_categories="true", **more).json["data"]
    return {c["id"]: c for c in data["categories"]}


def read_edits():
    with open(own_data("evolve.json"), encoding="utf-8") as file:
        return json.load(file)


@test
def the_tree_evolves_while_it_is_served():
    edits = read_edits()
    with Sandbox("truth=own") as sandbox:
        client = Client(sandbox)
        before, old_v1 = tree_of(client), client.categories(category_version="v1").json["data"]
        done = sandbox.control("POST", "evolve", edits).json
        for op in ("rename", "move", "add", "remove", "permission"):
            check(done[op], sum(e["op"] == op for e in edits), op)
        after = tree_of(client)
        removed = {e["id"] for e in edits if e["op"] == "remove"}
        added = {e["id"] for e in edits if e["op"] == "add"}
        check(set(before) - set(after), removed)
        check(set(after) - set(before), added)
        for edit in edits:
            now = after.get(edit["id"])
            if edit["op"] in ("rename", "add"):
                check(now["local_name"], edit["names"]["en-US"])
            if edit["op"] in ("move", "add"):
                check(now["parent_id"], edit["parent_id"])
                check(after[edit["parent_id"]]["is_leaf"], False)
            if edit["op"] in ("permission", "add"):
                check(now["permission_statuses"], [edit["permission"]])
        touched = {e["id"] for e in edits} | {e["parent_id"] for e in edits if "parent_id" in e}
        parents = {before[i]["parent_id"] for i in removed | touched if i in before}
        for one in set(before) & set(after) - touched - parents:
            check(after[one], before[one])
        check(client.categories(category_version="v1").json["data"], old_v1, "v1 stays as it is")
        answer = client.recommend("Ronara Kaos Pria Polos Lengan Pendek Katun Combed 30s Hitam S M L XL",
                                  category_version="v2")
        chain = answer.json["data"]["categories"]
        check("744161" in [c["id"] for c in chain], True, "a leaf of truth that grew children")
        check(chain[-1]["is_leaf"], True)
        sandbox.control("POST", "reset?what=tree")
        check(tree_of(client), before)


@test
def edits_are_done_all_or_none():
    good = {"op": "rename", "id": "832584", "names": {"en-US": "Other"}}
    rows = [
        ([good, {"op": "remove", "id": "1"}], "edit 2 cannot be done: there is no category 1"),
        ([good, {"op": "remove", "id": "636466"}], "something hangs under"),
        ([good, {"op": "move", "id": "832584", "parent_id": "636466"}], "it would hang under itself"),
        ([good, {"op": "move", "id": "636466", "parent_id": "1"}], "no such parent"),
        ([good, {"op": "add", "id": "832584", "parent_id": "0", "names": {"en-US": "x"}}],
         "there is already"),
        ([good, {"op": "add", "id": "1", "parent_id": "0"}], "no names"),
        ([good, {"op": "add", "parent_id": "0", "names": {"en-US": "x"}}],
         "edit 2 cannot be done: add needs the id of a category, as text"),
        ([good, {"op": "add", "id": 7, "parent_id": "0", "names": {"en-US": "x"}}], "add needs the id"),
        ([good, {"op": "rename", "names": {"en-US": "x"}}], "rename needs the id"),
        ([good, {"op": "permission", "id": "636466"}], "no permission"),
        ([good, {"op": "paint", "id": "636466"}], "no edit is called that"),
        ([good, {"op": "rename", "id": "832584", "version": "v9", "names": {}}], "no version"),
        ({}, "no array"),
    ]
    with Sandbox() as sandbox:
        client = Client(sandbox)
        before = tree_of(client)
        for edits, why in rows:
            answer = sandbox.control("POST", "evolve", edits)
            check(answer.status, 400, edits)
            check(why in answer.json["error"], True, answer)
            check(tree_of(client), before)
        check(sandbox.control("POST", "evolve", [good]).status, 200)
        check(tree_of(client)["832584"]["local_name"], "Other")


@test
def tokopedias_tree_evolves_too():
    with Sandbox("tokopedia_qps=1000") as sandbox:
        tokopedia = Tokopedia(sandbox)
        tokopedia.sign_in()
        tokopedia.categories()
        edit = {"op": "rename", "id": "1758", "version": "tokopedia", "names": {"id-ID": "Busana"}}
        check(sandbox.control("POST", "evolve", [edit]).status, 200)
        check(tokopedia.categories().json["data"]["categories"][0]["Name"], "Busana")


def save(folder, name, value):
    path = os.path.join(folder, name)
    with open(path, "w", encoding="utf-8") as file:
        json.dump(value, file)
    return path


def row(one, parent, name, leaf=True):
    return {"id": one, "parent_id": parent, "local_name": name, "is_leaf": leaf,
            "permission_statuses": ["AVAILABLE"]}


@test
def files_are_served_for_what_they_name():
    english = [row("1", "0", "Fashion", False), row("2", "1", "Shirts")]
    bahasa = [row("1", "0", "Busana", False), row("2", "1", "Kemeja")]
    newer = [row("1", "0", "Fashion", False), row("2", "1", "Shirts", False), row("3", "2", "Polos")]
    with tempfile.TemporaryDirectory() as folder:
        one = save(folder, "en.json", {"code": 0, "data": {"categories": english}})
        two = save(folder, "id.json", {"categories": bahasa})
        three = save(folder, "v2@home.json", newer)
        with Sandbox(f"tree={one}@en-US", f"tree={two}@id-ID", f"tree={three}@v2,en-US") as sandbox:
            client = Client(sandbox)
            check(client.categories(locale="en-US").json["data"]["categories"], english)
            check(client.categories(locale="id-ID").json["data"]["categories"], bahasa)
            check(client.categories(locale="en-US", category_version="v2").json["data"]["categories"], newer)
            names = [c["local_name"] for c in client.categories(
                locale="id-ID", category_version="v2").json["data"]["categories"]]
            check(names, ["Busana", "Kemeja", "Polos"], "names of another file, structure of the closest")
            check(client.recommend("Polos biru", category_version="v2").json["data"]["leaf_category_id"], "3")
            check(client.recommend("Polos biru").code, 12019064, "v1 has no such leaf")


@test
def a_version_no_file_names_is_empty():
    with tempfile.TemporaryDirectory() as folder:
        path = save(folder, "a.json", [row("1", "0", "Fashion")])
        with Sandbox(f"tree={path}@v2") as sandbox:
            answer = Client(sandbox).categories(category_version="v1")
            check((answer.code, answer.json["data"]["categories"]), (0, []))


@test
def files_that_are_no_trees_are_refused_by_name():
    with tempfile.TemporaryDirectory() as folder:
        for name, text in (("a.json", "{"), ("b.json", "{}"), ("c.json", "[{}]"), ("absent.json", None)):
            path = os.path.join(folder, name)
            if text is not None:
                with open(path, "w", encoding="utf-8") as file:
                    file.write(text)
            try:
                Sandbox("tree=" + path)
                raise AssertionError(name + " was taken")
            except RuntimeError:
                pass


@test
def a_truth_file_makes_it_right():
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "truth.tsv")
        with open(path, "w", encoding="utf-8") as file:
            file.write("title\tleaf_id\nSesuatu yang lain\t868770\n")
        with Sandbox("truth=" + path) as sandbox:
            answer = Client(sandbox).recommend("sesuatu  YANG lain", category_version="v2")
            check(answer.json["data"]["leaf_category_id"], "868770")


def unzip(folder, name):
    path = data_dir("tiktok_tree_id", "raw", name)
    out = os.path.join(folder, name[:-3])
    with gzip.open(path, "rb") as packed, open(out, "wb") as file:
        file.write(packed.read())
    return out


@test
def real_answers_are_served_as_they_were():
    with tempfile.TemporaryDirectory() as folder:
        for name in ("get_categories_2026-06-02.json.gz", "get_categories_2026-06-18_L1-L3.json.gz"):
            path = unzip(folder, name)
            with open(path, encoding="utf-8") as file:
                real = json.load(file)
            real = real.get("data", real)["categories"]
            with Sandbox(f"tree={path}@id-ID") as sandbox:
                client = Client(sandbox)
                for query in ({}, {"category_version": "v2", "locale": "id-ID"}, {"locale": "en-US"}):
                    got = client.categories(**query).json["data"]["categories"]
                    check(got == real, True, f"{name} {query}")


@test
def the_real_tokopedia_tree_is_served_whole():
    path = data_dir("tokopedia_tree", "raw", "category.json.gz")
    with tempfile.TemporaryDirectory() as folder, gzip.open(path, "rb") as packed:
        text = packed.read()
        out = os.path.join(folder, "category.json")
        with open(out, "wb") as file:
            file.write(text)
        with Sandbox("tokopedia_tree=" + out) as sandbox:
            tokopedia = Tokopedia(sandbox)
            tokopedia.sign_in()
            got = tokopedia.categories().json["data"]["categories"]

            def plain(nodes):
                return [(str(n["id"]), n.get("name", n.get("Name")),
                         plain(n.get("children") or n.get("child") or [])) for n in nodes]

            check(plain(got) == plain(json.loads(text)), True)
            crumb = tokopedia.categories("cover kipas angin").json["data"]["categories"][0]
            check(crumb, {"Name": "rumah-tangga / Dekorasi / Cover Kipas Angin", "id": "3741"})


@test
def real_photos_are_judged():
    bad = {"4001x1000.jpg": 12038014, "bad_crc.png": 12038004, "extreme_ratio_2000x100.jpg": 12038014,
           "header_claims_65535x65535.jpg": None, "html_error_page.jpg": 12038015,
           "only_20_bytes.jpg": None, "over_4000px_6000x4000_small_bytes.jpg": 12038014,
           "over_4000px_wide_4096x2304.jpg": 12038014, "over_5MB_4096x4096_progressive.jpg": 12038014,
           "too_small_299px_wide.jpg": 12038014, "truncated_half.jpg": 12038004, "valid.gif": 12038015,
           "zero_bytes.jpg": 12038002}
    with Sandbox() as sandbox:
        client = Client(sandbox)
        for folder in ("photos", "edge"):
            path = data_dir("product_images", folder)
            for name in sorted(os.listdir(path)):
                with open(os.path.join(path, name), "rb") as file:
                    code = client.upload(file.read(), "MAIN_IMAGE", name).code
                want = bad.get(name, 0)
                check(code != 0 if want is None else code == want, True, f"{name} {code}")


run()
