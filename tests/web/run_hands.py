"""Hurried and clumsy hands in Debian's Chromium: hands.mjs says what is seen."""
import sys

import chromium

sys.exit(chromium.run("hands.mjs"))
