"""The dial: each kind does what it says, repeats by the seed, and stands in the log."""

import http.client
import time

from foreign import Client, Sandbox, Tokopedia, check, png, run, test

TITLES = [f"Kaos Pria Polos nomor {n}" for n in range(60)]


@test
def each_kind_does_what_it_says():
    with Sandbox() as sandbox:
        client = Client(sandbox)

        sandbox.dial("429=1,retry-after=7")
        answer = client.categories()
        check((answer.status, answer.code, answer.header("Retry-After")), (429, 36009002, "7"))
        sandbox.dial("429=1,retry-after=-1")
        check(client.categories().header("Retry-After"), None)

        for status in (500, 502, 503):
            sandbox.dial(f"5xx=1,status={status}")
            answer = client.categories()
            check((answer.status, answer.code), (status, 36009003))
            sandbox.dial(f"5xx=1,status={status},html")
            answer = client.categories()
            check((answer.status, answer.header("Content-Type")), (status, "text/html"))
        sandbox.dial("5xx=1")
        check({client.categories(keyword=str(n)).status for n in range(30)}, {500, 502, 503})

        sandbox.dial("html=1")
        answer = client.categories()
        check((answer.status, answer.body[:15]), (200, b"<!DOCTYPE html>"))

        sandbox.dial("token-expired=1")
        answer = client.categories()
        check((answer.status, answer.code), (401, 105002))

        sandbox.dial()
        check(client.categories().code, 0)


@test
def a_body_can_be_cut_short():
    with Sandbox() as sandbox:
        client = Client(sandbox)
        whole = client.categories().body
        sandbox.dial("cut=1")
        try:
            client.categories()
            raise AssertionError("it came whole")
        except http.client.IncompleteRead as cut:
            check(len(cut.partial), len(whole) // 2)
            check(cut.partial[:100], whole[:100])
            check(cut.expected, len(whole) - len(whole) // 2)


@test
def a_connection_can_be_reset():
    with Sandbox("fault=reset=1") as sandbox:
        try:
            Client(sandbox).categories()
            raise AssertionError("it came whole")
        except ConnectionResetError:
            pass


@test
def a_delay_and_a_slow_body_take_their_time_and_arrive_whole():
    with Sandbox() as sandbox:
        client = Client(sandbox)
        want = client.categories().json["data"]
        for fault in ("delay=1,ms=300", "slow=1,ms=300"):
            sandbox.dial(fault)
            start = time.monotonic()
            got = client.categories().json["data"]
            check(time.monotonic() - start > 0.25, True, fault)
            check(got, want)


@test
def an_answer_can_be_the_one_before():
    with Sandbox("truth=own") as sandbox:
        client = Client(sandbox)
        sandbox.dial("duplicate=0", "duplicate=1,path=/recommend")
        first = client.recommend("Kaos Pria Polos")
        second = client.recommend("Sepatu Sneakers Pria")
        check(second.body, first.body, "the very same, request id and all")
        log = sandbox.log()
        check((log[1]["fault"], log[1]["title"]), ("duplicate", "Sepatu Sneakers Pria"))
        check(log[1]["leaf"], log[0]["leaf"])
        check(log[1]["request_id"], log[0]["request_id"])
        check(client.upload(png(300, 300)).code, 0, "another path is not touched")


@test
def a_fault_can_be_for_one_path_only():
    with Sandbox("fault=5xx=1,path=/recommend") as sandbox:
        client = Client(sandbox)
        check(client.categories().status, 200)
        check(client.recommend("Kaos Pria Polos").status >= 500, True)


@test
def tokopedia_has_them_in_its_own_form():
    with Sandbox("tokopedia_qps=1000000") as sandbox:
        tokopedia = Tokopedia(sandbox)
        tokopedia.sign_in()
        sandbox.dial("429=1")
        answer = tokopedia.categories()
        check((answer.status, answer.json["data"], answer.header("Retry-After")), (429, None, "1"))
        sandbox.dial("token-expired=1")
        answer = tokopedia.categories()
        check((answer.status, answer.header("Content-Type")), (401, "text/html"))
        check(tokopedia.sign_in().status, 200, "signing in again is not what fails")
        sandbox.dial("5xx=1,status=500")
        check(tokopedia.categories().json["header"]["error_code"], "PRD_API_005")


def statuses(sandbox, titles):
    client, seen = Client(sandbox), {}
    for title in titles:
        seen[title] = []
        for _ in range(4):
            try:
                seen[title].append(client.recommend(title).status)
            except (http.client.HTTPException, ConnectionError) as failure:
                seen[title].append(type(failure).__name__)
    return seen


@test
def the_same_questions_meet_the_same_faults_in_whatever_order():
    dial = ["fault=5xx=0.2", "fault=cut=0.2", "fault=429=0.2", "seed=3"]
    with Sandbox(*dial) as sandbox:
        once = statuses(sandbox, TITLES)
        sandbox.control("POST", "reset?what=counts")
        check(statuses(sandbox, TITLES[::-1]), once, "counted anew")
        check(statuses(sandbox, TITLES) != once, True, "asked again it is another chance")
    with Sandbox(*dial) as sandbox:
        check(statuses(sandbox, TITLES), once, "another run")
    flat = [s for four in once.values() for s in four]
    check(0.1 < flat.count("IncompleteRead") / len(flat) < 0.3, True)
    check(any(len(set(four)) > 1 for four in once.values()), True, "a repeat may help")


@test
def the_log_says_what_was_done_to_each_call():
    with Sandbox("fault=5xx=0.3", "fault=delay=0.3,ms=5", "fault=wrong=0.3", "truth=own") as sandbox:
        client = Client(sandbox)
        answers = [client.recommend(t) for t in TITLES]
        log = sandbox.log()
        check([e["status"] for e in log], [a.status for a in answers])
        kinds = {e.get("fault", "") for e in log}
        check({"", "5xx", "delay", "wrong", "wrong+delay", "5xx+delay"} <= kinds, True, kinds)
        for entry in log:
            check(entry.get("delay_ms", 0), 5 if "delay" in entry.get("fault", "") else 0)


@test
def a_dial_that_makes_no_sense_is_refused_and_the_old_one_stays():
    with Sandbox("fault=html=1") as sandbox:
        before = sandbox.control("GET", "fault").json
        check([(f["kind"], f["rate"]) for f in before], [("html", 1)])
        for bad in (["rain=1"], ["cut=2"], ["cut"], ["cut=1,colour=red"], [{"kind": "cut", "rate": 7}], {},
                    [{"rate": 1}], [7], ["cut=1"] * 40, ["5xx=1,status=404"]):
            answer = sandbox.control("PUT", "fault", bad)
            check(answer.status, 400, bad)
            check(bool(answer.json["error"]), True)
        for bad, why in (({"kind": "cut", "rate": "x"}, "rate of a fault is a number"),
                         ({"kind": "cut"}, "cut needs a rate from 0 to 1"),
                         ({"kind": "cut", "rate": True}, "rate of a fault is a number"),
                         ({"kind": 5, "rate": 1}, "kind of a fault is a word"),
                         ({"kind": "cut", "rate": 1, "colour": "red"}, "a fault has no colour"),
                         ({"kind": "429", "rate": 1, "retry-after": 2}, "a fault has no retry-after"),
                         ({"kind": "5xx", "rate": 1, "status": 99}, "it is from 500 to 599"),
                         ({"kind": "5xx", "rate": 1, "status": "503"}, "status of a fault is a whole number"),
                         ({"kind": "delay", "rate": 1, "ms": 1 << 40}, "it is from 0 to 600000"),
                         ({"kind": "cut", "rate": 1, "status": 503}, "it is of 5xx"),
                         ({"kind": "cut", "rate": 1, "html": True}, "it is of 5xx"),
                         ({"kind": "5xx", "rate": 1, "html": "yes"}, "true or false")):
            answer = sandbox.control("PUT", "fault", [bad])
            check((answer.status, why in answer.json["error"]), (400, True), answer)
        check(sandbox.control("GET", "fault").json, before)
        check(sandbox.control("PUT", "fault", before).json, before, "what is shown can be set again")


run()
