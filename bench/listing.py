#!/usr/bin/env python3
"""Bodies checked per second of processor time, both from JSON in memory, beside ajv with what a JSON Schema can say of the same limits.

1,000 bodies of one to six SKUs with descriptions of 500 to 3,000 characters; every second one has a fault that both can
see. Ours also judges what no schema says (tags, units that belong together, what repeats, check digits); how many of the
bodies are right must be the same for both.
"""
import json
import os
import random
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from common import ROOT, has_peer, line

PROGRAM = os.environ.get("BENCH_LISTING_BIN", os.path.join(ROOT, "build/bench/bench/bench_listing"))
SECONDS = os.environ.get("BENCH_SECONDS", "3")
WORDS = ("kaos polos pria wanita katun combed lengan pendek adem lembut nyaman dipakai sehari hari bahan tebal rapi "
         "jahitan kuat ukuran lengkap warna hitam putih merah biru anak dewasa olahraga kantor santai").split()


def some(rnd, count):
    return " ".join(rnd.choice(WORDS) for _ in range(count))


def make_body(rnd, n):
    paragraphs = "".join(f"<p>{some(rnd, rnd.randint(8, 30))}</p>" for _ in range(rnd.randint(8, 20)))
    return {
        "save_mode": "LISTING", "title": some(rnd, rnd.randint(8, 20)), "description": paragraphs,
        "category_id": "600001", "category_version": "v2", "brand_id": "7082427311584347905",
        "main_images": [{"uri": f"tos-maliva-i-o3syd03w52-us/{rnd.getrandbits(80):020x}"} for _ in range(rnd.randint(1, 9))],
        "skus": [{
            "seller_sku": f"K-{n}-{i}", "price": {"amount": str(rnd.randint(10, 900) * 1000), "currency": "IDR"},
            "inventory": [{"warehouse_id": "7068517275539719942", "quantity": rnd.randint(1, 500)}],
            "sales_attributes": [{"name": "Warna", "value_name": f"{rnd.choice(WORDS)} {i}"},
                                 {"id": "100000", "value_id": str(1729592969712207000 + i)}],
            "identifier_code": {"type": "EAN", "code": ean(n * 10 + i)},
        } for i in range(rnd.randint(1, 6))],
        "package_weight": {"value": f"{rnd.randint(1, 2999) / 1000}", "unit": "KILOGRAM"},
        "package_dimensions": {"length": "25", "width": "20", "height": "2.5", "unit": "CENTIMETER"},
        "product_attributes": [{"id": str(100000 + k), "values": [{"name": some(rnd, 2)}]} for k in range(rnd.randint(2, 8))],
        "is_cod_allowed": True, "listing_platforms": ["TIKTOK_SHOP"], "locale": "id-ID",
        "key_product_features": [some(rnd, 8)], "search_terms": ["kaos", "polos"],
    }


def ean(n):
    digits = f"{899000000000 + n:012d}"
    return digits + str(-sum(int(d) * (1, 3)[i % 2] for i, d in enumerate(digits)) % 10)


FAULTS = (
    lambda b: b.update(title="Kaos"), lambda b: b.update(title=b["title"] + " ==========="),
    lambda b: b.update(title=b["title"] + " \u7eaf\u68c9"), lambda b: b.update(description=b["description"] + "\U0001F525"),
    lambda b: b.pop("main_images"), lambda b: b["main_images"][0].update(uri="https://shop.example/1.jpg"),
    lambda b: b["skus"][0]["price"].update(currency="USD"), lambda b: b["skus"][0]["price"].update(amount="59.000,00"),
    lambda b: b["skus"][0]["inventory"][0].update(quantity=0), lambda b: b["skus"][0].update(seller_sku="K 1"),
    lambda b: b["package_weight"].update(unit="POUND"), lambda b: b["package_weight"].update(value="250 g"),
    lambda b: b["skus"][0]["identifier_code"].update(type="UPC"), lambda b: b.update(category_version="v1"),
    lambda b: b.update(search_terms=["k"] * 16), lambda b: b.update(category_id=600001),
)


def write_bodies(path):
    rnd = random.Random(5)
    with open(path, "w", encoding="utf-8") as f:
        for n in range(1000):
            body = make_body(rnd, n)
            if n % 2:
                FAULTS[n // 2 % len(FAULTS)](body)
            f.write(json.dumps(body, ensure_ascii=False) + "\n")
    return os.path.getsize(path) / 1000


def peers():
    """A folder with ajv in it, or None."""
    home = os.path.join(ROOT, "build/bench/peers")
    if not os.path.isdir(os.path.join(home, "node_modules", "ajv")):
        os.makedirs(home, exist_ok=True)
        got = subprocess.run(["npm", "install", "--no-save", "--no-audit", "--no-fund", "--prefix", home, "ajv@8.17.1"],
                             capture_output=True, text=True, check=False)
        if got.returncode:
            print("  left out: ajv, which npm did not bring", flush=True)
            return None
    return home


def main():
    with tempfile.TemporaryDirectory(prefix="aisle-bench-") as folder:
        path = os.path.join(folder, "bodies.jsonl")
        size = write_bodies(path)
        ours = json.loads(subprocess.run([PROGRAM, path, SECONDS], capture_output=True, text=True, check=True).stdout)
        print(f"  {ours['bodies']} bodies of {size:.0f} bytes on average, {ours['right']} of them right", flush=True)
        if not (has_peer("node", "ajv") and has_peer("npm", "ajv")):
            return
        home = peers()
        if not home:
            return
        program = os.path.join(os.path.dirname(os.path.abspath(__file__)), "listing.mjs")
        ajv = json.loads(subprocess.run(["node", program, home, path, SECONDS], capture_output=True, text=True,
                                        check=True).stdout)
        if ajv["right"] != ours["right"]:
            sys.exit(f"listing: {ours['right']} bodies are right for us and {ajv['right']} for ajv")
        line("check a listing, from JSON in memory", f"{ours['per_second']:,}/s", f"ajv {ajv['per_second']:,}/s",
             f"{ours['per_second'] / ajv['per_second']:.2f}x")


main()
