"""Every code is either among the fixtures or in docs/listing-codes.md with a reason; TAP."""
import glob
import os
import re

root = os.environ["SOURCE_ROOT"]
here = os.path.join(root, "tests", "listing")
with open(os.path.join(here, "codes.txt"), encoding="utf-8") as f:
    codes = set(f.read().split())
with open(os.path.join(root, "docs", "listing-codes.md"), encoding="utf-8") as f:
    page = f.read()
known, unknown = page.split("## Not known offline")
known = set(re.findall(r"\b\d{8}\b", known))
unknown = set(re.findall(r"\b\d{8}\b", unknown))
cases = {name[:-5] for name in os.listdir(os.path.join(here, "cases"))}
tips = {name for name in cases if not name.isdigit()}
cases -= tips
given = set()
for name in glob.glob(os.path.join(root, "src", "listing", "*.c")):
    with open(name, encoding="utf-8") as f:
        given |= set(re.findall(r'judge_tip\(\s*j,\s*[^;]*?"([a-z]+(?:-[a-z]+)+)"', f.read()))

# The codes of these calls as the marketplace's pages list them, where that file is at hand.
reference = os.path.join(os.environ.get("AISLE_DATA", os.path.join(root, "..", "shared", "data")),
                         "..", "reference", "tiktok-error-codes.tsv")
CALLS = set("C E P K U".split())  # create, edit, partial edit, check, category rules
paged = None
if os.path.exists(reference):
    with open(reference, encoding="utf-8") as f:
        rows = [line.rstrip("\n").split("\t") for line in f if not line.startswith("#")]
    paged = {row[0] for row in rows if len(row) > 2 and CALLS & set(row[2].split())}

checks = [
    ("every code of the calls' own pages is known", None if paged is None else paged - codes),
    ("every code has fixtures or a reason", codes - cases - unknown),
    ("no code has both", cases & unknown),
    ("the page lists all fixtures", cases - known),
    ("the page claims none without fixtures", (known - cases) & codes),
    ("every tip has fixtures", given ^ tips),
    ("the page lists all tips", {tip for tip in tips if f"`{tip}`" not in page}),
]
print(f"1..{len(checks)}")
for i, (says, wrong) in enumerate(checks, 1):
    if wrong is None:
        print(f"ok {i} - {says} # SKIP the pages' codes are not at hand")
        continue
    print(f"{'not ok' if wrong else 'ok'} {i} - {says}")
    if wrong:
        print("#", " ".join(sorted(wrong)))
