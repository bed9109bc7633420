"""until - wait for what is to come true, and no longer"""
import time

import world


def until(true, says, seconds=120):
    end = time.monotonic() + seconds
    while not true():
        world.true(time.monotonic() < end, says)
        time.sleep(0.05)
