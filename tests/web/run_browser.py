"""The page in Debian's Chromium: page.mjs says what is seen."""
import sys

import chromium

sys.exit(chromium.run("page.mjs"))
