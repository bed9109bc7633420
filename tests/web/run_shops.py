"""A service with nothing in it yet, and its first shop, in Debian's Chromium: shops.mjs says
what is seen."""
import sys

import chromium

sys.exit(chromium.run("shops.mjs", chromium.Empty()))
