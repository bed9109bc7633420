"""What is left to workers, over REST, and how they are."""
import json
import re
import signal
from urllib.parse import quote

import service
from service import PASSWORD, TARGET, case, until
from world import eq, has, true

V1 = "/api/v1"
WORK = f"{V1}/work"
OTHER = "lain:v2:TIKTOK_SHOP"


class Scene(service.Scene):
    """And an admin of the other seller alone."""

    def build(self, *words):
        super().build(*words)
        self.w.sandboxes[-1].fault()
        self.w.ok("user", "add", "oscar", "--role", "admin", "--of-seller", "other", stdin=PASSWORD + "\n")
        return self


def add(client, kind, status=200, **more):
    if not more.get("all_shops"):
        more.setdefault("targets", [TARGET])
    return client.want(status, "POST", WORK, {"kind": kind, **more}).json()


def tasks(client, words=""):
    return client.get(f"{WORK}?limit=500{words}").json()["items"]


def drop_all(client):
    client.want(200, "POST", f"{WORK}/drop", {"all": True})


@case("work is left once, seen a page at a time, and taken off the list")
def _(s):
    ana = s.service.client("ana")
    first = add(ana, "sync")["items"]
    eq([(x["target"], x["kind"], x["added"], x["open"]) for x in first], [(TARGET, "sync", 1, 0)])
    eq([x["open"] for x in add(ana, "sync")["items"]], [1])
    eq([x["added"] for x in add(ana, "sync", urgent=True)["items"]], [1], "it became urgent")
    task, = tasks(ana)
    eq({k: task[k] for k in ("task", "seller", "shop", "kind", "state", "urgent", "attempts", "target")},
       {"task": f"sync/{TARGET}", "seller": "default", "shop": "toko", "kind": "sync", "state": "waiting",
        "urgent": True, "attempts": 0, "target": TARGET})
    for kind in ("requirements", "status", "webhooks", "token", "train"):
        add(ana, kind)
    add(ana, "publish", draft=True, fix=True, defaults={"shop": {"package_weight": {"value": "1", "unit": "KILOGRAM"}}})
    add(ana, "sync", targets=[OTHER])
    whole = tasks(ana)
    eq(len(whole), 8)
    items, after = [], ""
    for _ in range(20):
        page = ana.get(f"{WORK}?limit=3{after}").json()
        items += page["items"]
        if "next" not in page:
            break
        after = "&after=" + quote(page["next"])
    eq(items, whole)
    eq([x["shop"] for x in tasks(ana, "&shop=lain")], ["lain"])
    eq({x["kind"] for x in tasks(ana, "&kind=sync")}, {"sync"})
    eq(tasks(ana, "&state=dead"), [])
    eq(ana.want(200, "POST", f"{WORK}/drop", {"tasks": [f"sync/{TARGET}", "nothing"]}).json(), {"tasks": 1})
    ana.want(404, "POST", f"{WORK}/drop", {"tasks": [f"sync/{TARGET}"]})
    eq(ana.want(200, "POST", f"{WORK}/drop", {"all": True, "shop": "lain"}).json(), {"tasks": 1})
    eq(ana.want(200, "POST", f"{WORK}/drop", {"all": True}).json(), {"tasks": 6})
    eq(tasks(ana), [])
    trail = [(e["who"], e["what"]) for e in ana.get(f"{V1}/audit?what=work.&limit=2").json()["items"]]
    eq(trail, [("ana", "work.drop")] * 2)


@case("a map is cut into tasks, and the marketplaces' files of no machine are named from afar")
def _(s):
    ana = s.service.client("ana")
    for name, value in (("model", "/etc/passwd"), ("image_root", "/etc"), ("allow_private", True)):
        eq(add(ana, "map", status=400, **{name: value})["field"], name)
    done, = add(ana, "map", share=10, policy="guide", accept_at=0.98)["items"]
    true(done["added"] > 1 and done["products"] > 10, str(done))
    said = json.loads(s.w.rows("SELECT parameters FROM task WHERE id LIKE 'map/%'")[0][0])
    eq((said["policy"], said["image_root"], said["allow_private"], said.get("model")), ("guide", "", False, None))
    drop_all(ana)


@case("for every shop there is, within what one may see")
def _(s):
    ana, oscar = s.service.client("ana"), s.service.client("oscar")
    eq(sorted(x["target"] for x in add(ana, "sync", all_shops=True)["items"]), sorted([OTHER, TARGET]))
    drop_all(ana)
    eq([x["target"] for x in add(oscar, "sync", all_shops=True)["items"]], [OTHER])
    drop_all(ana)


@case("what was given up is told with its reason, counted wherever errors are, and tried again")
def _(s):
    ana, oscar = s.service.client("ana"), s.service.client("oscar")
    unsynced = "toko:v1:TIKTOK_SHOP"
    add(ana, "map", targets=[unsynced])
    ana.want(404, "POST", f"{WORK}/retry", {"tasks": [f"map/{unsynced}"]})
    worker = s.w.start("worker", "--train-every", "0", pipes=True)  # models are another case's
    until(lambda: tasks(ana, "&state=dead&kind=map"), "not given up")
    dead, = tasks(ana, "&state=dead&kind=map")
    has(dead["text"], "is not here yet: sync it first")
    until(lambda: [w for w in ana.get(f"{V1}/top").json()["workers"] if w["failed"]], "no worker tells of it")
    top = ana.get(f"{V1}/top").json()
    has(top["workers"][0]["last_error"], "is not here yet")
    ours, = [x for x in top["shops"] if x["shop"] == "toko"]
    true(ours["dead"] >= 1, str(ours))
    true(top["limits"] and top["at"], str(top))
    text = s.service.client("vera").get("/metrics").body
    has(text, f'aisle_worker_tasks_total{{worker="{top["workers"][0]["worker"]}",end="failed"}} ',
        'aisle_tasks{seller="default",shop="toko",state="dead"} ',
        "aisle_calls_throttled_total{shop=")
    hold_prometheus(text)
    theirs = oscar.get(f"{V1}/top").json()
    eq([theirs[k] for k in ("workers", "limits")], [[], []])
    eq([x["shop"] for x in theirs["shops"] if x["seller"] != "other"], [])
    true("aisle_worker_tasks_total" not in oscar.get("/metrics").body, "another seller's worker")
    worker.send_signal(signal.SIGTERM)
    eq(s.w.finish(worker).code in (0, 130), True)
    again = ana.want(200, "POST", f"{WORK}/retry", {"tasks": [dead["task"]], "shop": "toko"}).json()
    eq(again, {"tasks": 1})
    eq([x["state"] for x in tasks(ana) if x["task"] == dead["task"]], ["waiting"])
    drop_all(ana)
    eq(ana.want(200, "POST", f"{WORK}/retry", {"all": True}).json(), {"tasks": 0})


def hold_prometheus(text):
    """Each metric is in one piece, its type told before, and no sample comes twice."""
    typed, ended, last, samples = set(), set(), None, set()
    for line in text.splitlines():
        if line.startswith("# TYPE "):
            name = line.split()[2]
            true(name not in typed, f"two types: {line}")
            typed.add(name)
        if line.startswith("#"):
            continue
        sample = line.rsplit(" ", 1)[0]
        true(sample not in samples, f"twice: {line}")
        samples.add(sample)
        name = re.sub(r"_(bucket|sum|count)$", "", sample.split("{")[0])
        true(name in typed, f"no type: {line}")
        if name != last:
            true(name not in ended, f"in two pieces: {line}")
            ended.add(last)
            last = name


@case("a model that workers trained is told of, with what was decided since")
def _(s):
    ana, oscar = s.service.client("ana"), s.service.client("oscar")
    leaf = ana.get(f"{V1}/trees/{TARGET}/search?q=botol").json()["items"][0]["id"]

    def accept(numbers):
        rows = "".join(f"T-{n:03},Botol minum zarvina {n}\n" for n in numbers)
        ana.want(200, "POST", f"{V1}/imports", "id,title\n" + rows, Content_Type="text/csv")
        ana.want(200, "POST", f"{V1}/decisions", {"target": TARGET, "decisions": [
            {"seller": "default", "scope": "product", "key": f"T-{n:03}", "state": "accepted", "category": leaf}
            for n in numbers]})

    eq(ana.get(f"{V1}/models").json(), {"items": [], "service": None})
    accept(range(60))
    add(ana, "train")
    s.w.ok("worker", "--until-empty")
    model, = ana.get(f"{V1}/models?seller=default").json()["items"]
    eq((model["seller"], model["target"], model["newer"]), ("default", TARGET, 0))
    true(model["products"] >= 60 and model["last_decision"] > 0, str(model))
    accept(range(60, 63))
    eq(s.service.client("vera").get(f"{V1}/models").json()["items"][0]["newer"], 3)
    eq(oscar.get(f"{V1}/models").json()["items"], [])
    oscar.get(f"{V1}/models?seller=default", 404)
    drop_all(ana)


@case("label sets are told of and removed, by those whose they are")
def _(s):
    ana, vera, oscar = (s.service.client(who) for who in ("ana", "vera", "oscar"))
    leaf = ana.get(f"{V1}/trees/{TARGET}/search?q=botol").json()["items"][0]["id"]
    s.w.write("old.csv", f"title,category\nbotol satu,{leaf}\nbotol dua,{leaf}\n")
    s.w.ok("label", "import", s.w.path("old.csv"), "--name", "old", "--target", TARGET)
    one, = vera.get(f"{V1}/labels").json()["items"]
    eq((one["name"], one["seller"], one["target"], one["rows"]), ("old", "default", TARGET, 2))
    eq(oscar.get(f"{V1}/labels").json()["items"], [])
    oscar.get(f"{V1}/labels?seller=default", 404)
    path = f"{V1}/labels/{TARGET}/old"
    vera.want(403, "DELETE", path)
    oscar.want(404, "DELETE", path)
    ana.want(204, "DELETE", path)
    ana.want(404, "DELETE", path)
    eq(vera.get(f"{V1}/labels").json()["items"], [])
    trail = ana.get(f"{V1}/audit?what=label.&limit=20").json()["items"]
    eq([(e["what"], e["seller"], e["about"]) for e in trail if e["outcome"] == 204],
       [("label.remove", "default", "old")])
    eq([(e["what"], e["about"]) for e in trail if e["by"] == "command"], [("label.import", "old")])


@case("what makes no sense is refused with its field")
def _(s):
    ana = s.service.client("ana")
    for body, field in (({}, "kind"), ({"kind": "sing", "targets": [TARGET]}, "kind"), ({"kind": "sync"}, "targets"),
                        ({"kind": "sync", "targets": [TARGET], "all_shops": True}, "targets"),
                        ({"kind": "sync", "targets": [5]}, "targets"),
                        ({"kind": "map", "targets": [TARGET], "policy": "best"}, "policy"),
                        ({"kind": "map", "targets": [TARGET], "accept_at": 2}, "accept_at"),
                        ({"kind": "map", "targets": [TARGET], "share": -1}, "share"),
                        ({"kind": "publish", "targets": [TARGET], "defaults": "x"}, "defaults")):
        eq(ana.want(400, "POST", WORK, body).json()["field"], field)
    add(ana, "sync", status=404, targets=["nobody"])
    for body in ({}, {"tasks": []}, {"tasks": [5]}, {"tasks": ["x"], "all": True}):
        for what in ("retry", "drop"):
            eq(ana.want(400, "POST", f"{WORK}/{what}", body).json()["field"], "tasks")
    for words in ("state=lost", "kind=sing", "after=x"):
        eq(ana.get(f"{WORK}?{words}", 400).json()["field"], words.split("=")[0])
    eq(tasks(ana), [])


@case("only admins see and change it, and an admin of one seller only its own")
def _(s):
    ana, oscar = s.service.client("ana"), s.service.client("oscar")
    add(ana, "sync")
    add(ana, "sync", targets=[OTHER])
    for name in ("budi", "vera"):
        other = s.service.client(name)
        other.get(WORK, 403)
        add(other, "sync", status=403)
        for what in ("retry", "drop"):
            other.want(403, "POST", f"{WORK}/{what}", {"all": True})
    eq([x["shop"] for x in tasks(oscar)], ["lain"])
    oscar.get(f"{WORK}?seller=default", 404)
    add(oscar, "sync", status=404)
    oscar.want(404, "POST", f"{WORK}/drop", {"tasks": [f"sync/{TARGET}"]})
    oscar.want(404, "POST", f"{WORK}/drop", {"all": True, "seller": "default"})
    eq(oscar.want(200, "POST", f"{WORK}/drop", {"all": True}).json(), {"tasks": 1})
    eq([x["shop"] for x in tasks(ana)], ["toko"])
    drop_all(ana)


service.main(scene=Scene)
