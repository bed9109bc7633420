"""The listing form in Debian's Chromium: listing.mjs says what is seen."""
import sys

import chromium

sys.exit(chromium.run("listing.mjs"))
