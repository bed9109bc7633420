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

checks = [
    ("every code has fixtures or a reason", codes - cases - unknown),
    ("no code has both", cases & unknown),
    ("the page lists all fixtures", cases - known),
    ("the page claims none without fixtures", (known - cases) & codes),
    ("every tip has fixtures", given ^ tips),
    ("the page lists all tips", {tip for tip in tips if f"`{tip}`" not in page}),
]
print(f"1..{len(checks)}")
for i, (says, wrong) in enumerate(checks, 1):
    print(f"{'not ok' if wrong else 'ok'} {i} - {says}")
    if wrong:
        print("#", " ".join(sorted(wrong)))
