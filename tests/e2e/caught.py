"""caught - workers put to sleep or killed in the middle of a task: not between two of them,
which would leave nothing to take over, and not while they write"""
import itertools
import os
import signal
import sqlite3
import time

import keep
import world


def is_writing(w):
    """Somebody keeps others from writing just now."""
    if keep.POSTGRES:
        return w.store.psql("SELECT count(*) FROM pg_stat_activity WHERE application_name = "
                            "'aisle' AND xact_start IS NOT NULL").strip() != "0"
    store = sqlite3.connect(w.path("aisle.db"), timeout=0.2, isolation_level=None)
    try:
        store.execute("BEGIN IMMEDIATE")
        store.execute("ROLLBACK")
        return False
    except sqlite3.OperationalError:
        return True
    finally:
        store.close()


def stop(child):
    """Until its last thread has stopped: the others go on for a while. Whether it did; else it
    has ended."""
    os.kill(child.pid, signal.SIGSTOP)
    how = os.waitid(os.P_PID, child.pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT)
    return how.si_code == os.CLD_STOPPED


def put_to_sleep(w, child):
    """Not while it writes: that would keep everybody else waiting, lease or no lease. Whether
    it sleeps; else it has ended."""
    while stop(child):
        if not is_writing(w):
            return True
        os.kill(child.pid, signal.SIGCONT)
        time.sleep(0.01)
    return False


def taken_by(w, child):
    return w.rows("SELECT count(*) FROM task WHERE state = 'taken' AND owner LIKE "
                  f"'%/{child.pid}/%'")[0][0]


def catch_one_at_work(w, children):
    """Asleep. The one that was caught, and the others."""
    end = time.monotonic() + 120
    for child in itertools.cycle(children):
        world.true(put_to_sleep(w, child), "a worker ended by itself")
        if taken_by(w, child):
            return child, [c for c in children if c is not child]
        os.kill(child.pid, signal.SIGCONT)
        world.true(time.monotonic() < end, "nobody is at work")


def kill_one_at_work(w, children):
    lost, others = catch_one_at_work(w, children)
    lost.kill()
    return lost, others
