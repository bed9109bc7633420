"""The old Tokopedia API's side."""

import csv
import re

from foreign import Sandbox, Tokopedia, check, own_data, run, test

FREE = "tokopedia_qps=1000000"


def read_tree():
    with open(own_data("tokopedia.tsv"), encoding="utf-8", newline="\n") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def nested(rows, parent="0", key="Name"):
    nodes = []
    for row in rows:
        if row["parent_id"] == parent:
            node = {key: row["name"], "id": row["id"]}
            children = nested(rows, row["id"], key)
            if children:
                node["child"] = children
            nodes.append(node)
    return nodes


@test
def a_token_is_the_same_until_it_expires():
    with Sandbox() as sandbox:
        tokopedia = Tokopedia(sandbox)
        answer = tokopedia.sign_in()
        check(answer.status, 200)
        check(sorted(answer.json), ["access_token", "event_code", "expires_in", "last_login_type", "sq_check",
                                    "token_type"])
        check((answer.json["token_type"], answer.json["sq_check"]), ("Bearer", False))
        check(2591000 < answer.json["expires_in"] <= 2592000, True)
        first = tokopedia.token
        check(tokopedia.sign_in().json["access_token"], first)
        form = tokopedia.sign_in("/token", b"grant_type=client_credentials")
        check(form.json["access_token"], first, "the form one client sent live")
        sandbox.control("POST", "trigger?what=expire-tokopedia")
        check(tokopedia.categories(token=first).status, 401)
        check(tokopedia.sign_in().json["access_token"] != first, True)
        check(tokopedia.categories().status, 200)


@test
def a_stranger_gets_no_token():
    with Sandbox() as sandbox:
        tokopedia = Tokopedia(sandbox)
        rows = [
            ({"authorization": tokopedia.basic(secret="x")}, 401, "invalid_client"),
            ({"authorization": tokopedia.basic(client_id="x")}, 401, "invalid_client"),
            ({"authorization": "Basic ???"}, 401, "invalid_client"),
            ({"authorization": "Bearer x"}, 401, "invalid_client"),
            ({"target": "/token"}, 400, "unsupported_grant_type"),
            ({"target": "/token?grant_type=password"}, 400, "unsupported_grant_type"),
        ]
        for arguments, status, error in rows:
            answer = tokopedia.sign_in(**arguments)
            check((answer.status, answer.json["error"]), (status, error), arguments)
        check(tokopedia.sign_in(method="GET").status, 405)


@test
def a_bad_token_meets_nginx():
    with Sandbox(FREE) as sandbox:
        tokopedia = Tokopedia(sandbox)
        tokopedia.sign_in()
        for token in ("x", "", tokopedia.token + "x"):
            answer = tokopedia.categories(token=token or " ")
            check(answer.status, 401)
            check(answer.header("Content-Type"), "text/html")
            body = re.sub(r"\s+", "", answer.body.decode())
            check(body, "<html><head><title>401AuthorizationRequired</title></head><bodybgcolor=\"white\">"
                        "<center><h1>401AuthorizationRequired</h1></center><hr><center>nginx</center>"
                        "</body></html>")


@test
def the_whole_tree_comes_nested():
    rows = read_tree()
    with Sandbox(FREE) as sandbox:
        tokopedia = Tokopedia(sandbox)
        tokopedia.sign_in()
        for keyword in (None, "", " "):
            answer = tokopedia.categories(keyword)
            check(answer.json["data"]["categories"], nested(rows))
            header = answer.json["header"]
            check((header["messages"], header["reason"], header["error_code"]), ("", "", 0))
            check(isinstance(header["process_time"], float), True)


@test
def the_key_and_the_leaves_are_switches():
    rows = read_tree()
    for settings, key, leaf in ((("lower_name",), "name", "absent"), (("child_null",), "Name", None),
                                (("child_empty",), "Name", [])):
        with Sandbox(FREE, *settings) as sandbox:
            tokopedia = Tokopedia(sandbox)
            tokopedia.sign_in()
            got = tokopedia.categories().json["data"]["categories"]
            check(got[0][key], rows[0]["name"])

            def leaves(nodes):
                for node in nodes:
                    if node.get("child"):
                        yield from leaves(node["child"])
                    else:
                        yield node.get("child", "absent")

            check(all(x == leaf for x in leaves(got)), True, settings)


@test
def a_keyword_finds_leaves_with_their_way_and_the_first_part_a_slug():
    with Sandbox(FREE) as sandbox:
        tokopedia = Tokopedia(sandbox)
        tokopedia.sign_in()
        answer = tokopedia.categories("tas anak")
        check(answer.json["header"]["messages"], "Successfully Retrieve Category")
        got = answer.json["data"]["categories"]
        check({(c["Name"], c["id"]) for c in got},
              {("fashion-anak / Tas Anak / Tas Backpack Anak", "1979"),
               ("fashion-anak / Tas Anak / Tas Selempang Anak", "1978"),
               ("fashion-anak / Tas Anak / Tas Koper Anak", "1980")})
        check({tuple(sorted(c)) for c in got}, {("Name", "id")})
        check(tokopedia.categories("zzz").json["data"]["categories"], [])
        check(tokopedia.categories("Kaos Polos Pria").json["data"]["categories"] != [], True)


@test
def an_fs_id_that_is_not_ours_is_refused():
    with Sandbox(FREE) as sandbox:
        tokopedia = Tokopedia(sandbox)
        tokopedia.sign_in()
        answer = tokopedia.categories(fs_id="abc")
        check((answer.status, answer.json["header"]["error_code"], answer.json["data"]),
              (400, "PRD_DLV_002", None))
        answer = tokopedia.categories(fs_id="7")
        check((answer.status, answer.json["header"]["error_code"]), (403, "RBAC_MDLW_001"))


@test
def five_requests_a_second_are_allowed_and_the_headers_say_how_many_are_left():
    with Sandbox() as sandbox:
        tokopedia = Tokopedia(sandbox)
        tokopedia.sign_in()
        answer = tokopedia.categories("zzz")
        check(answer.header("X-Ratelimit-Limit"), "5 req/s (burst 5)")
        check(answer.header("X-Ratelimit-Remaining"), "4")
        check(answer.header("X-Ratelimit-Reset-After"), "-0.000000")
        check(answer.header("X-Ratelimit-Full-Reset-After"), "0.200000")
    with Sandbox("tokopedia_qps=0.001") as sandbox:
        tokopedia = Tokopedia(sandbox)
        tokopedia.sign_in()
        answers = [tokopedia.categories("zzz") for _ in range(3)]
        check([a.status for a in answers], [200, 429, 429])
        check(answers[0].header("X-Ratelimit-Limit"), "0.001 req/s (burst 1)")
        check(answers[1].header("X-Ratelimit-Remaining"), "0")
        check(800 < float(answers[1].header("X-Ratelimit-Reset-After")) <= 1000, True)


run()
