"""Images uploaded to the service: kept in a folder, or, where AISLE_TEST_S3 names one
(tests/private-s3), in a bucket that every machine reaches."""
import os
import struct
import time
import zlib

import service
from service import PNG, TARGET, case, chunk, wait
from world import eq, has, true

V1 = "/api/v1"
AT_S3 = "AISLE_TEST_S3" in os.environ
HAS_HELPER = os.path.exists(os.path.join(os.path.dirname(service.world.AISLE), "aisle-image"))


def other_host(s):
    """A service on the same store that shares no folder with the first."""
    return service.Service(s.w, "--objects",
                           os.environ["OBJECTS"] if AT_S3 else s.w.path("objects"))


def upload(client, seller="default"):
    answer = client.want(201, "POST", f"{V1}/images?seller={seller}", PNG, Content_Type="image/png")
    return answer.json()["id"]


@case("an image serves its own seller's products only")
def _(s):
    budi, olga = s.service.client("budi"), s.service.client("olga")
    mine = upload(budi)
    budi.get(f"{V1}/images/{mine}")
    olga.get(f"{V1}/images/{mine}", 404)
    olga.get(f"{V1}/images/{mine}?seller=default", 404)
    olga.want(404, "POST", f"{V1}/images?seller=default", PNG, Content_Type="image/png")
    path = f"{V1}/products/other/X-IMG"
    eq(olga.want(404, "PUT", path, {"title": "Punya orang", "image_id": mine}).json()["field"], "image_id")
    rows = f"id,title,category,image\nX-IMG,Punya orang,Rahasia,object:default/{mine}\n"
    eq(olga.want(200, "POST", f"{V1}/imports", rows, Content_Type="text/csv").json()["added"], 1)
    olga.get(path + "/image", 404)
    olga.want(204, "DELETE", path)
    hers = upload(olga, "other")
    budi.get(f"{V1}/images/{hers}", 404)
    budi.get(f"{V1}/images/{hers}?seller=other")


@case("a service elsewhere sends it to the marketplace")
def _(s):
    budi = s.service.client("budi")
    path = f"{V1}/products/default/FAR-1"
    with open(f"{service.world.OWN_DATA}/images/kaos-hitam.png", "rb") as f:
        kept = budi.want(201, "POST", f"{V1}/images", f.read(), Content_Type="image/png").json()
    budi.want(201, "PUT", path, {"title": "Kaos polos pria hitam", "image_id": kept["id"]})
    eq(budi.get(path).json()["image"], f"object:default/{kept['id']}")
    sandbox = s.w.sandboxes[-1]
    sandbox.fault()
    before = sandbox.calls()
    far = other_host(s)
    client = far.client("budi")
    eq(client.get(path + "/image").headers["Content-Type"], "image/png")
    job = wait(client, client.want(202, "POST", path + "/ask", {"target": TARGET}).json())
    eq(job["state"], "done", str(job))
    true(any("upload" in c["path"] for c in sandbox.log(before + 1)), "nothing was uploaded")
    eq(far.stop().code, 0)


@case("a run of the command sends it too")
def _(s):
    sandbox = s.w.sandboxes[-1]
    budi = s.service.client("budi")
    with open(f"{service.world.OWN_DATA}/images/kaos-hitam.png", "rb") as f:
        other = f.read() + b"\0"  # not equal to the one above, which was sent already
    kept = budi.want(201, "POST", f"{V1}/images", other, Content_Type="image/png").json()
    path = f"{V1}/products/default/FAR-2"
    budi.want(201, "PUT", path, {"title": "Kaos polos pria hitam besar", "image_id": kept["id"]})
    before = sandbox.calls()
    s.w.aisle("map", "run", "--target", "toko", "--policy", "guide")
    item = [r for r in s.w.rows("SELECT product_id, state FROM run_item") if r[0] == "FAR-2"]
    true(item and item[0][1] != "failed", str(item))
    true(any("upload" in c["path"] for c in sandbox.log(before + 1)), "nothing was uploaded")




def box(name, data):
    return struct.pack(">I4s", 8 + len(data), name) + data


def video(width, height, seconds):
    """The head of one, without a picture."""
    head = box(b"mvhd", struct.pack(">IIIII", 0, 0, 0, 1000, 1000 * seconds) + bytes(80))
    track = box(b"trak", box(b"tkhd", bytes(40) + struct.pack(">9I", 1 << 16, 0, 0, 0, 1 << 16, 0, 0, 0, 1 << 30) +
                             struct.pack(">II", width << 16, height << 16)))
    return box(b"ftyp", b"isom\0\0\0\0isom") + box(b"moov", head + track) + box(b"mdat", bytes(64))


MP4 = video(720, 1280, 20)
PDF = b"%PDF-1.4\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"


@case("a document goes along: kept for its seller, saved and not shown, and nothing but PDFs, images and videos")
def _(s):
    budi, olga = s.service.client("budi"), s.service.client("olga")
    kept = budi.want(201, "POST", f"{V1}/files", PDF, Content_Type="application/pdf").json()
    eq((kept["kind"], kept["location"]), ("PDF", f"object:default/{kept['id']}"))
    back = budi.get(f"{V1}/files/{kept['id']}")
    eq((back.headers["Content-Type"], back.headers["Content-Disposition"]), ("application/pdf", "attachment"))
    eq(back.body.encode(), PDF)
    olga.get(f"{V1}/files/{kept['id']}", 404)
    budi.get(f"{V1}/images/{kept['id']}", 404)
    eq(budi.want(201, "POST", f"{V1}/files", PNG, Content_Type="image/png").json()["kind"], "PNG")
    film = budi.want(201, "POST", f"{V1}/files", MP4, Content_Type="video/mp4").json()
    eq((film["kind"], film["width"], film["height"], film["bytes"]), ("MP4", 720, 1280, len(MP4)))
    eq(budi.get(f"{V1}/files/{film['id']}").headers["Content-Type"], "video/mp4")
    for junk in (b"<html>", b"", MP4[:40]):
        true(budi.ask("POST", f"{V1}/files", junk, Content_Type="application/pdf").status in (400, 413, 422), str(junk))


@case("what comes over the network names no file of the machine, in whichever column")
def _(s):
    budi = s.service.client("budi")
    path = f"{V1}/products/default/LOC-1"
    for attributes in ({"Size chart": "/etc/passwd"}, {"Certificate SNI": "https://a.test/b.pdf|file:///etc/x.pdf"},
                       {"images": ["../x.png"]}, {"variants": [{"SKU": "A", "Image": "C.png"}]}, {"Video": "a.mp4"}):
        answer = budi.ask("PUT", path, {"title": "Kaos", "attributes": attributes})
        eq((answer.status, answer.json().get("field")), (422, "attributes"), str(attributes))
    here = {"Size chart": "charts/a.png", "Bahan": "/"}
    s.w.write("charts.csv", "id,title,Size chart,Bahan\nLOC-1,Kaos,charts/a.png,/\n")
    s.w.ok("product", "import", "charts.csv")
    eq(budi.get(path).json()["attributes"], here)
    budi.want(200, "PUT", path, {"attributes": {**here, "Video": "https://a.test/b.mp4"}})
    for word in ("/etc/passwd", "charts/a.pn", "a.png"):  # said in a column of no file before
        budi.want(200, "PUT", path, {"attributes": {**here, "Catatan": word}})
        eq(budi.want(422, "PUT", path, {"attributes": {**here, "Size chart": word}}).json()["field"], "attributes")
    rows = ("id,title,image,Size chart\nLOC-2,Kaos,,/etc/passwd\nLOC-3,Kaos,file:///etc/passwd,https://a.test/c.png\n"
            "LOC-4,Kaos,../rahasia.png,\nLOC-5,Kaos,,a/../../rahasia.png\n"
            "LOC-6,Kaos,https://a.test/a.png | /etc/passwd,\nLOC-7,Kaos,https://a.test/a.png | ../rahasia.png,\n")
    told = budi.want(200, "POST", f"{V1}/imports", rows, Content_Type="text/csv").json()
    eq((told["products"], told["left_out"], [p["line"] for p in told["problems"]]), (1, 5, [2, 4, 5, 6, 7]))
    has(told["problems"][1]["what"], "leads out of the folder of images")
    eq(budi.get(f"{V1}/products/default/LOC-3").json()["image"], None)
    for gone in ("LOC-1", "LOC-3"):
        budi.want(204, "DELETE", f"{V1}/products/default/{gone}")


# ---- mended ----

def tiff(width, height):
    """One gray strip."""
    tags = [(256, 4, width), (257, 4, height), (258, 3, 8), (259, 3, 1), (262, 3, 1), (273, 4, 8), (277, 3, 1),
            (278, 4, height), (279, 4, width * height)]
    rows = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in tags)
    return (b"II*\0" + struct.pack("<I", 8 + width * height) + bytes(range(256)) * (width * height // 256)
            + bytes(width * height % 256) + struct.pack("<H", len(tags)) + rows + bytes(4))


def black_png(width, height):
    """A few kilobytes that unfold to three bytes a pixel."""
    pack = zlib.compressobj(9)
    row = bytes(1 + width * 3)
    packed = b"".join(pack.compress(row) for _ in range(height)) + pack.flush()
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
            + chunk(b"IDAT", packed) + chunk(b"IEND", b""))


def memory(s):
    """Of the service, in MiB: the most it had so far."""
    with open(f"/proc/{s.service.child.pid}/status", encoding="ascii") as f:
        return next(int(line.split()[1]) // 1024 for line in f if line.startswith("VmHWM:"))


def kept(client, image, query=""):
    return client.want(201, "POST", f"{V1}/images{query}", image, Content_Type="image/png").json()


@case("an image that would be refused is mended where that is asked for, and kept as it then is")
def _(s):
    budi = s.service.client("budi")
    came = kept(budi, tiff(420, 400))
    eq([came["kind"], came["mended"], came["unmended"]], ["TIFF", None, None])
    eq([f["rule"] for f in came["findings"]], ["image-format"])
    small = kept(budi, PNG, "?fix=true")
    eq([f["rule"] for f in small["findings"]], ["image-small"])
    has(small["unmended"], "not enlarged")
    mended = kept(budi, tiff(420, 400), "?fix=true")
    if not HAS_HELPER:
        has(mended["unmended"], "aisle-image")
        return
    eq([mended["kind"], mended["width"], mended["height"], mended["findings"]], ["JPEG", 420, 400, []])
    has(mended["mended"], "TIFF to JPEG")
    eq(budi.get(f"{V1}/images/{mended['id']}").headers["Content-Type"], "image/jpeg")
    right = kept(budi, black_png(600, 600), "?fix=true")
    eq([right["kind"], right["mended"], right["unmended"]], ["PNG", None, None])


@case("an image that unfolds to far more than it weighs costs its own process, and the service nothing")
def _(s):
    budi = s.service.client("budi")
    if not HAS_HELPER:
        return
    image = black_png(9990, 9990)
    true(len(image) < 1000000, str(len(image)))
    before = memory(s)
    mended = kept(budi, image, "?fix=true")
    has(mended["mended"], "9990 x 9990 to 4000 x 4000")
    more = kept(budi, black_png(12000, 9000), "?fix=true")
    has(more["unmended"], "over 100 million pixels: not decoded")
    true(memory(s) - before < 100, f"{before} MiB became {memory(s)}")
    eq(kept(budi, tiff(420, 400), "?fix=true")["kind"], "JPEG")


@case("a product is listed with its images mended")
def _(s):
    budi = s.service.client("budi")
    if not HAS_HELPER:
        return
    s.w.sandboxes[-1].fault()
    image = kept(budi, tiff(640, 600))
    path = f"{V1}/products/default/FIX-1"
    budi.want(201, "PUT", path, {"title": "Kaos polos pria hitam lengan pendek", "image_id": image["id"]})
    budi.want(200, "PUT", f"{V1}/mappings/{TARGET}/default/product/FIX-1", {"state": "accepted", "category": "744161"})

    def rules(more):
        job = wait(budi, budi.want(202, "POST", path + "/list", {"target": TARGET, "act": "check", **more}).json())
        eq(job["state"], "done", str(job))
        return [f["rule"] for f in job["result"]["draft"]["findings"]]

    true("image-format" in rules({}), str(rules({})))
    true("image-format" not in rules({"fix": True}), str(rules({"fix": True})))


@case("images no product names are pruned once they are old, and those of a seller who left")
def _(s):
    budi = s.service.client("budi")
    used, unused, inside = upload(budi), upload(budi), upload(budi)
    gone = upload(budi, "left")
    path = f"{V1}/products/default/PRU-1"
    budi.want(201, "PUT", path, {"title": "Kaos", "image_id": used,
                                 "attributes": {"images": f"object:default/{inside}"}})
    time.sleep(3.2)  # an object store may round its times up
    fresh = upload(budi)
    dry = s.w.ok("db", "prune", "--images", "1s", "--dry-run", "--json").json()
    budi.get(f"{V1}/images/{unused}")
    done = s.w.ok("db", "prune", "--images", "1s", "--json").json()
    eq(done["images"], dry["images"])
    true(done["images"] >= 2, str(done))
    budi.get(f"{V1}/images/{unused}", 404)
    budi.get(f"{V1}/images/{gone}?seller=left", 404)
    for kept in (used, inside, fresh):
        budi.get(f"{V1}/images/{kept}")
    eq(s.w.ok("db", "prune", "--images", "1s", "--json").json()["runs"], 0)
    budi.want(204, "DELETE", path)


@case("an object store that refuses the key is a failure with words in the log and no secret")
def _(s):
    if not AT_S3:
        return
    far = service.Service(s.w, env={"AISLE_S3_SECRET": "wrong-secret-wrong"})
    client = far.client("budi")
    answer = client.want(500, "POST", f"{V1}/images", PNG, Content_Type="image/png")
    true("wrong-secret" not in answer.body, answer.body)
    client.get(f"{V1}/products/default/FAR-1/image", 500)
    done = far.stop()
    has(done.err, "SignatureDoesNotMatch")
    true("wrong-secret" not in done.err, "the secret is in the log")


@case("settings that cannot reach an object store are refused at the start")
def _(s):
    for env, words in (({"AISLE_OBJECTS": "s3://bucket"}, "objects_endpoint"),
                       ({"AISLE_OBJECTS": "s3://bucket", "AISLE_OBJECTS_ENDPOINT":
                         "https://s3.example", "AISLE_S3_KEY_ID": "", "AISLE_S3_SECRET": ""},
                        "AISLE_S3_KEY_ID"),
                       ({"AISLE_OBJECTS": "s3://bucket", "AISLE_OBJECTS_ENDPOINT":
                         "http://s3.example", "AISLE_S3_KEY_ID": "a", "AISLE_S3_SECRET": "b"},
                        "https://")):
        env = {"AISLE_OBJECTS_ENDPOINT": "", **env}
        has(s.w.ends(3, "serve", "--listen", "127.0.0.1:0", env=env).err, words)
    loose = s.w.write("loose.s3", "id\nsecret\n", 0o644)
    env = {"AISLE_OBJECTS": "s3://bucket", "AISLE_OBJECTS_ENDPOINT": "https://s3.example",
           "AISLE_S3_KEY_ID": "", "AISLE_OBJECTS_KEY_FILE": loose}
    has(s.w.ends(3, "serve", "--listen", "127.0.0.1:0", env=env).err, "others may read it")


def settings(w):
    """Of the whole scene; its own prefix, so that a bucket can be used again."""
    if not AT_S3:
        return
    os.environ["OBJECTS"] = f"s3://{os.environ['AISLE_TEST_S3_BUCKET']}/{os.path.basename(w.folder)}"
    secret = os.environ["AISLE_TEST_S3_SECRET"]
    w.secrets.add(secret)
    w.env.update(AISLE_OBJECTS=os.environ["OBJECTS"],
                 AISLE_OBJECTS_ENDPOINT=os.environ["AISLE_TEST_S3"],
                 AISLE_S3_KEY_ID=os.environ["AISLE_TEST_S3_KEY_ID"], AISLE_S3_SECRET=secret)


service.main(before=settings)
