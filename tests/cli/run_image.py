"""image check, fix, push; and images mended on the way to a listing"""
import csv
import io
import json
import os
import shutil
import struct
import subprocess
import zlib

import market
import run

HAS_HELPER = os.path.exists(os.path.join(os.path.dirname(run.AISLE), "aisle-image"))
DEFAULTS = """{"shop": {"package_weight": {"value": "0.25", "unit": "KILOGRAM"},
 "skus": [{"inventory": [{"quantity": 10}]}]}}"""


def mends(case):
    """Skipped where it was built without libvips."""
    def play(t):
        if not HAS_HELPER:
            raise run.Skipped("built without libvips")
        case(t)
    return play


def bmp(width, height):
    row = b"\x20\x80\xf0" * width
    row += bytes(-len(row) % 4)
    size = 54 + len(row) * height
    return (b"BM" + struct.pack("<IIIIIIHHIIIIII", size, 0, 54, 40, width, height, 1, 24, 0, 0, 0, 0, 0, 0)
            + row * height)


def png(width, height, colour=b"\xf0\x80\x20", exif=None):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    rows = (b"\0" + colour * width) * height
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
            + (chunk(b"eXIf", exif) if exif else b"") + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def tiff(width, height):
    tags = [(256, 4, width), (257, 4, height), (258, 3, 8), (259, 3, 1), (262, 3, 1), (273, 4, 8),
            (277, 3, 1), (278, 4, height), (279, 4, width * height)]
    return (b"II*\0" + struct.pack("<I", 8 + width * height) + bytes([200]) * (width * height)
            + struct.pack("<H", len(tags)) + b"".join(struct.pack("<HHII", a, b, 1, c) for a, b, c in tags)
            + bytes(4))


def mp4(width, height, seconds):
    def box(kind, data):
        return struct.pack(">I", 8 + len(data)) + kind + data
    mvhd = box(b"mvhd", struct.pack(">IIIII", 0, 0, 0, 1000, seconds * 1000) + bytes(80))
    matrix = struct.pack(">9I", 65536, 0, 0, 0, 65536, 0, 0, 0, 1 << 30)
    tkhd = box(b"tkhd", bytes(40) + matrix + struct.pack(">II", width << 16, height << 16))
    return (box(b"ftyp", b"isom\0\0\2\0isommp41") + box(b"mdat", bytes(100))
            + box(b"moov", mvhd + box(b"trak", tkhd)))


def put(t, name, data):
    os.makedirs(os.path.dirname(t.path(name)), exist_ok=True)
    with open(t.path(name), "wb") as file:
        file.write(data)


def read(t, name):
    with open(t.path(name), "rb") as file:
        return file.read()


def folder(t):
    put(t, "in/good.png", png(400, 400))
    put(t, "in/large.bmp", bmp(4100, 1300))
    put(t, "in/scan.tif", tiff(500, 400))
    put(t, "in/small.png", png(299, 299))
    put(t, "in/torn.png", png(400, 400)[:-20])
    put(t, "in/page.jpg", b"<html>no such image</html>")
    put(t, "in/notes.txt", b"not an image, and not named like one")


@run.case("images are judged by their bytes, with code 6 when one is not right")
def _(t):
    folder(t)
    done = t.aisle("image", "check", "in", "--json")
    t.eq(done.code, 6, done.err)
    t.eq({r["image"]: r["verdict"] for r in done.json()},
         {"in/good.png": "right", "in/large.bmp": "mendable", "in/page.jpg": "wrong",
          "in/scan.tif": "mendable", "in/small.png": "wrong", "in/torn.png": "wrong"})
    whats = {r["image"]: r["what"] or "" for r in done.json()}
    t.has(whats["in/large.bmp"], "4100 x 1300", "sides of 300 to 4000", "made square")
    t.has(whats["in/page.jpg"], "an HTML page")
    t.has(whats["in/torn.png"], "cut short")
    t.has(done.err, "6 images: 1 right, 2 can be mended, 3 wrong")
    t.eq(t.aisle("image", "check", "in/good.png").code, 0)


@run.case("the use decides what is right")
def _(t):
    put(t, "a.png", png(400, 400))
    put(t, "b.png", png(150, 150))
    t.eq(t.aisle("image", "check", "a.png", "--use", "size-chart").code, 6)
    t.eq(t.aisle("image", "check", "b.png", "--use", "certificate").code, 0)
    t.eq(t.aisle("image", "check", "b.png").code, 6)
    t.has(t.aisle("image", "check", "a.png", "--market", "XX").err, "none we know")


@run.case("one that is not there is told, and the others are looked at")
def _(t):
    put(t, "a.png", png(400, 400))
    done = t.aisle("image", "check", "nowhere.png", "a.png", "--json")
    t.eq((done.code, len(done.json())), (7, 1), done.err)
    t.has(done.err, "nowhere.png")
    t.eq(t.aisle("image", "check", "nowhere.png").code, 4)


@run.case("images are mended into another folder, once, and the originals stay")
@mends
def _(t):
    folder(t)
    before = {name: read(t, "in/" + name) for name in os.listdir(t.path("in"))}
    os.mkdir(t.path("out"))
    done = t.aisle("image", "fix", "in", "--output", "out", "--json")
    t.eq(done.code, 6, done.err)
    rows = {r["image"]: r for r in done.json()}
    t.eq([rows["in/large.bmp"][k] for k in ("verdict", "kind", "width", "height", "file")],
         ["mended", "JPEG", 4000, 4000, "out/large.jpg"])
    t.has(rows["in/large.bmp"]["what"], "4100 x 1300 to 4000 x 4000")
    t.has(rows["in/small.png"]["what"], "not enlarged")
    t.eq(sorted(os.listdir(t.path("out"))), ["large.jpg", "scan.jpg"])
    t.eq({name: read(t, "in/" + name) for name in os.listdir(t.path("in"))}, before)
    t.eq(t.aisle("image", "check", "out").code, 0)
    # kept from before: nothing that could mend is needed; nor has the folder to be there
    done = t.aisle("image", "fix", "in/large.bmp", "-o", "new/again/", env={"AISLE_IMAGE_HELPER": "/nowhere"})
    t.eq(done.code, 0, done.err)
    t.eq(read(t, "new/again/large.jpg"), read(t, "out/large.jpg"))
    done = t.aisle("image", "fix", "in/large.bmp", "-o", "in/large.bmp/x")
    t.eq(done.code, 1, done.err)
    t.has(done.err, "cannot make the folder in/large.bmp/x: Not a directory")


@run.case("a PNG that lies on its side by its tags is turned upright")
@mends
def _(t):
    put(t, "in/side.png", png(400, 300, exif=b"MM\0*\0\0\0\x08\0\1\1\x12\0\3\0\0\0\1\0\6\0\0\0\0\0\0"))
    t.has(t.aisle("image", "check", "in/side.png").out, "lies on its side")
    done = t.aisle("image", "fix", "in/side.png", "-o", "out", "--json")
    t.eq(done.code, 0, done.err)
    t.eq([done.json()[0][k] for k in ("verdict", "width", "height")], ["mended", 300, 400])
    t.has(done.json()[0]["what"], "turned upright")
    t.has(t.aisle("image", "check", "out/side.png").out, "right")


@run.case("what is there is not written over, and a dry run writes nothing")
@mends
def _(t):
    put(t, "in/scan.tif", tiff(400, 400))
    os.mkdir(t.path("out"))
    t.eq(t.aisle("image", "fix", "in", "-o", "out", "--dry-run").code, 0)
    t.eq(os.listdir(t.path("out")), [])
    put(t, "out/scan.jpg", b"mine")
    done = t.aisle("image", "fix", "in", "-o", "out")
    t.eq(done.code, 9, done.err)
    t.eq(read(t, "out/scan.jpg"), b"mine")
    t.eq(t.aisle("image", "fix", "in", "-o", "out", "--replace").code, 0)
    t.true(read(t, "out/scan.jpg").startswith(b"\xff\xd8"))
    t.eq(t.aisle("image", "fix", "in").code, 2, "needs --output")


@run.case("a kept image that was changed is mended again")
@mends
def _(t):
    put(t, "scan.tif", tiff(400, 400))
    os.mkdir(t.path("out"))
    t.eq(t.aisle("image", "fix", "scan.tif", "-o", "out").code, 0)
    for where, _, files in os.walk(t.path(".cache")):
        for name in files:
            if "-v1-" not in name:
                with open(os.path.join(where, name), "ab") as file:
                    file.write(b"more")
    t.eq(t.aisle("image", "fix", "scan.tif", "-o", "out", "--replace").code, 0)
    t.true(read(t, "out/scan.jpg").endswith(b"\xff\xd9"))


def heic(t, name, width, height):
    """By a real encoder; skipped where there is none."""
    put(t, "photo.png", png(width, height))
    for words in (["heif-enc", t.path("photo.png"), "-o", t.path(name)],
                  ["vips", "heifsave", t.path("photo.png"), t.path(name), "--compression", "hevc"]):
        if shutil.which(words[0]) and subprocess.run(words, capture_output=True, check=False).returncode == 0:
            return
    raise run.Skipped("neither heif-enc nor vips writes HEIC here")


@run.case("a photograph as telephones take it is read, judged, and made a JPEG where it has to be")
@mends
def _(t):
    os.mkdir(t.path("in"))
    heic(t, "in/phone.heic", 1000, 800)
    heic(t, "in/large.heic", 4400, 3600)
    checked = t.aisle("image", "check", "in", "--fields", "verdict,kind,width,height").rows()
    t.eq(checked, [["mendable", "HEIC", "4400", "3600"], ["right", "HEIC", "1000", "800"]])
    os.mkdir(t.path("out"))
    done = t.aisle("image", "fix", "in", "-o", "out", "--fields", "verdict,kind,width,height")
    t.eq(done.rows(), [["mended", "JPEG", "4000", "3272"], ["right", "HEIC", "1000", "800"]], done.err)
    t.true(read(t, "out/large.jpg").startswith(b"\xff\xd8"))
    with open(t.path("in/phone.heic"), "rb") as file:
        whole = file.read()
    put(t, "in/torn.heic", whole[:len(whole) // 2])
    torn = t.aisle("image", "check", "in/torn.heic", "--fields", "verdict")
    t.eq((torn.code, torn.rows()), (6, [["wrong"]]), torn.err)


@run.case("that a first image does not stand on white is a tip, and no more")
@mends
def _(t):
    put(t, "in/orange.png", png(400, 400))
    put(t, "in/white.png", png(400, 400, b"\xff\xff\xff"))
    done = t.aisle("image", "check", "in", "--fields", "verdict,what,errors,warnings")
    t.eq(done.code, 0, done.err)
    t.eq([[r[0], "white background" in r[1], *r[2:]] for r in done.rows()],
         [["right", True, "0", "0"], ["right", False, "0", "0"]])
    other = t.aisle("image", "check", "in", "--use", "description", "--fields", "what")
    t.eq([r[0] for r in other.rows()], ["", ""], "only a first image is to stand on white")


@run.case("many images are told in the order they were named")
@mends
def _(t):
    for n in range(9):
        put(t, f"in/{n}.png" if n % 3 else f"in/{n}.tif", png(400 + n, 400) if n % 3 else tiff(400 + n, 400))
    os.mkdir(t.path("out"))
    done = t.aisle("image", "fix", "in", "-o", "out", "--fields", "width,verdict")
    t.eq(done.rows(), [[str(400 + n), "right" if n % 3 else "mended"] for n in range(9)], done.err)


@run.case("without what mends, it says so")
def _(t):
    put(t, "scan.tif", tiff(400, 400))
    os.mkdir(t.path("out"))
    done = t.aisle("image", "fix", "scan.tif", "-o", "out", env={"AISLE_IMAGE_HELPER": "/nowhere/aisle-image"})
    t.eq(done.code, 3, done.err)
    t.has(done.err, "images cannot be mended: there is no /nowhere/aisle-image")
    t.eq(t.aisle("image", "check", "scan.tif").code, 6, "judging needs nobody")


@run.case("in a tree that was moved, what mends is found beside the program and in the tree's own folder")
@mends
def _(t):
    libexec = os.environ["LIBEXEC"]
    if os.path.isabs(libexec):
        t.skip("installed outside its prefix")
    for folder in ("moved/bin", "moved/" + libexec):
        os.makedirs(t.path(folder))
    helper = t.path("moved", libexec, "aisle-image")
    shutil.copy(run.AISLE, t.path("moved/bin"))
    shutil.copy(os.path.join(os.path.dirname(run.AISLE), "aisle-image"), helper)
    put(t, "scan.tif", tiff(400, 400))

    def images():
        done = subprocess.run([t.path("moved/bin/aisle"), "doctor", "--json"], env=t.env, cwd=t.folder,
                              capture_output=True, text=True, check=False)
        return next(row["text"] for row in json.loads(done.stdout) if row["check"] == "images")

    t.has(images(), helper)
    if os.getuid() == 0:  # what another laid there is not run
        os.chown(helper, 65534, 65534)
        t.lacks(images(), helper)
    beside = t.path("moved/bin/aisle-image")
    os.rename(helper, beside)
    os.chown(beside, os.getuid(), os.getgid())
    t.has(images(), beside)


@run.case("images are brought to a shop once, and what would be refused is not")
def _(t):
    sandbox = market.synced(t)
    put(t, "a.png", png(400, 400))
    put(t, "b.png", png(200, 200))
    done = t.aisle("image", "push", "a.png", "b.png", "--json")
    t.eq(done.code, 6, done.err)
    rows = done.json()
    t.eq([r["verdict"] for r in rows], ["pushed", "wrong"])
    t.true(rows[0]["uri"])
    again = t.aisle("image", "push", "a.png", "--fields", "verdict,uri")
    t.eq((again.code, again.rows()), (0, [["there", rows[0]["uri"]]]), again.err)
    other = t.aisle("image", "push", "a.png", "--use", "certificate", "--fields", "verdict")
    t.eq(other.rows(), [["pushed"]], other.err)
    t.eq(len(sandbox.calls("/images/upload")), 2)


@run.case("pushed with --fix it is the mended one that is sent")
@mends
def _(t):
    sandbox = market.synced(t)
    put(t, "scan.tif", tiff(500, 400))
    done = t.aisle("image", "push", "scan.tif", "--fix", "--json")
    t.eq(done.code, 0, done.err)
    t.eq((done.json()[0]["kind"], done.json()[0]["what"]), ("JPEG", "TIFF to JPEG"))
    t.eq(len(sandbox.calls("/images/upload")), 1)


@run.case("listing publish --fix mends images on their way, and says what it did")
@mends
def _(t):
    market.synced(t)
    put(t, "in/scan.tif", tiff(500, 400))
    put(t, "in/small.png", png(200, 200))
    t.write("goods.csv", "sku,title,description,category,price,currency,Bahan,image\n" + "".join(
        f"{sku},Kaos polos pria katun combed {sku} adem,Kaos katun combed yang adem dan nyaman dipakai,"
        f"Kaos,59000,IDR,Katun,{t.path('in', image)}\n" for sku, image in (("K-1", "scan.tif"), ("K-2", "small.png"))))
    t.write("defaults.json", DEFAULTS)
    t.eq(t.aisle("product", "import", "goods.csv").code, 0)
    done = t.aisle("map", "approve", "Kaos", "--seller-category", "--category", "744161")
    t.eq(done.code, 0, done.err)
    words = ("listing", "publish", "--defaults", "defaults.json", "--search-lag", "1s", "--json")
    done = t.aisle(*words)
    t.eq((done.code, {r["outcome"] for r in done.json()}), (6, {"wrong"}), done.err)
    t.has(done.err, "image is of a format that is not taken")
    done = t.aisle(*words, "--fix", "--fields", "product,outcome,mended")
    t.eq(done.code, 6, done.err)
    t.eq({r["product"]: (r["outcome"], r["mended"]) for r in done.json()},
         {"K-1": ("created", 1), "K-2": ("wrong", 0)}, done.err)
    t.has(done.err, "K-1: mended images[0]: TIFF to JPEG", "not enlarged")
    done = t.aisle(*words, "--fix", "--fields", "product,outcome")
    t.eq({r["product"]: r["outcome"] for r in done.json()}, {"K-1": "same", "K-2": "wrong"}, done.err)


@run.case("a worker mends what it lists where it was asked to, and else sends nothing")
@mends
def _(t):
    sandbox = market.synced(t)
    papers(t, {"image": "@scan.tif"})
    put(t, "in/scan.tif", tiff(500, 400))
    for words, sent in (((), 0), (("--fix",), 1)):
        done = t.aisle("work", "add", "publish", "--defaults", "defaults.json", *words)
        t.eq(done.code, 0, done.err)
        done = t.aisle("worker", "--until-empty")
        t.eq(done.code, 0, done.err)
        t.eq(len(sandbox.calls("/images/upload")), sent, done.err)


PAPERS = ["sku", "title", "description", "category", "price", "currency", "Bahan", "image", "Video", "Size chart",
          "Certificate SNI", "Certificate SNI expires"]
PDF = b"%PDF-1.4\nsertifikat\n%%EOF\n"


def papers(t, *rows):
    """Products with what goes along; each row is over what a good one has."""
    put(t, "in/a.png", png(400, 400))
    put(t, "in/chart.png", png(1100, 1100))
    put(t, "in/v.mp4", mp4(720, 720, 15))
    put(t, "in/sni.pdf", PDF)
    put(t, "in/sni.png", png(500, 500))
    out = io.StringIO()
    file = csv.DictWriter(out, PAPERS)
    file.writeheader()
    for n, row in enumerate(rows):
        file.writerow({"sku": f"P-{n}", "title": f"Kaos polos pria katun combed nomor {n} adem", "category": "Kaos",
                       "description": "Kaos katun combed yang adem dan nyaman dipakai", "price": "59000",
                       "currency": "IDR", "Bahan": "Katun", "image": t.path("in", "a.png"),
                       **{k: v.replace("@", t.path("in") + "/") for k, v in row.items()}})
    t.write("goods.csv", out.getvalue())
    t.write("defaults.json", DEFAULTS)
    t.eq(t.aisle("product", "import", "goods.csv").code, 0)
    for shelf, leaf in (("Kaos", "744161"), ("Mainan", "884752")):
        t.aisle("map", "approve", shelf, "--seller-category", "--category", leaf)


def publish(t, *words):
    return t.aisle("listing", "publish", "--defaults", "defaults.json", "--search-lag", "1s", "--json", *words)


def outcomes(done):
    return {r["product"]: r["outcome"] for r in done.json()}


TOY = {"category": "Mainan", "Certificate SNI": "@sni.pdf | @sni.png", "Certificate SNI expires": "2099-12-31"}


@run.case("video, size chart and certificates go along, each uploaded once")
def _(t):
    sandbox = market.synced(t)
    papers(t, {"Video": "@v.mp4", "Size chart": "@chart.png"}, {"Video": "@v.mp4", "Size chart": "@chart.png"}, TOY)
    t.write("defaults.json", DEFAULTS.replace('"skus"', '"product_attributes": [{"id": "100118", "values": '
                                              '[{"id": "10011801"}]}], "skus"'))
    done = publish(t)
    t.eq((done.code, set(outcomes(done).values())), (0, {"created"}), done.err)
    t.eq(len(sandbox.calls("/files/upload")), 2, "the video and the PDF")
    t.eq(len(sandbox.calls("/images/upload")), 3, "main image, size chart, the certificate's image")
    t.eq(set(outcomes(publish(t)).values()), {"same"})
    t.eq(len(sandbox.calls("/upload")), 5, "a second run sends nothing")


@run.case("what goes along is judged before anything is sent")
def _(t):
    sandbox = market.synced(t)
    papers(t, {"Video": "@wide.mp4"}, {"Video": "@a.png"}, {"Size chart": "@a.png"},
           {**TOY, "Certificate SNI expires": "2001-01-01"}, {**TOY, "Certificate SNI": "@fake.pdf"},
           {"Video": "@nowhere.mp4"}, {"Video": "@long.mp4"})
    put(t, "in/wide.mp4", mp4(1920, 400, 15))
    put(t, "in/long.mp4", mp4(640, 480, 61))
    put(t, "in/fake.pdf", b"no PDF at all")
    done = publish(t, "--dry-run")
    t.eq(outcomes(done), {**{f"P-{n}": "wrong" for n in range(6)}, "P-6": "ready"}, done.err)
    t.has(done.err, "too wide or too tall", "9:16 to 16:9", "the video is of a format that is not taken",
          "size_chart.image: image is too small", "the certificate has expired", "not an image we know",
          "nowhere.mp4")
    t.eq(sandbox.calls("/upload"), [])
    found = t.aisle("listing", "check", "P-6", "--remote", "--json").out
    t.has(found, "should not be over 60 seconds", "720p", "square video")


@run.case("a size chart's template goes before an image, which is not sent then")
def _(t):
    sandbox = market.synced(t)
    PAPERS.append("Size chart template")
    papers(t, {"Size chart": "@chart.png", "Size chart template": "7267563252536723206"},
           {"Size chart template": "123"})
    done = publish(t)
    t.eq(outcomes(done), {"P-0": "created", "P-1": "refused"}, done.err)
    t.eq(len(sandbox.calls("/images/upload")), 1)


run.main()
