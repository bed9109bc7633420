"""Nobody answers any more: a run gives up, says how to go on, and loses nothing. Apart from
faults.py because it mostly waits between attempts."""
import world
from mapping import PRODUCTS, hold_decisions, run_words, scene, to_the_end
from until import until


@world.case("a marketplace that dies and comes back finds the run going on as if nothing was")
def _(w):
    _, sandbox = scene(w)
    words = run_words("thrifty")  # which needs no image here: those die with the sandbox
    w.ok(*words)
    undisturbed = w.decided()
    w.back("before.db")
    sandbox.fault(dict(kind="delay", rate=1, ms=1000, path="/recommend"))
    child = w.start(*words)
    until(lambda: w.rows("SELECT count(*) FROM run_item")[0][0] > 8, "nothing under way")
    sandbox.kill()
    first = w.finish(child)
    world.eq(first.code, 5, str(first))
    world.has(first.err, "aisle map run --resume ")
    sandbox.restart()
    to_the_end(w, words, "restarted")
    for what, those in w.decided().items():
        world.eq(those, undisturbed[what], what)


@world.case("when nothing gets through, a run stops soon and is complete once it does")
def _(w):
    if not world.LONG:
        world.skip("takes a minute of waiting: AISLE_LONG=1")
    goods, sandbox = scene(w)
    sandbox.fault(dict(kind="reset", rate=1, path="/recommend"))
    begun = sandbox.calls()
    done = w.ends(5, *run_words())
    world.has(done.err, "aisle map run --resume ")
    world.true(sandbox.calls() - begun < 2 * PRODUCTS, "asked for every product of a dead market")
    sandbox.fault()
    to_the_end(w, run_words(), "reset")
    hold_decisions(w, goods, sandbox.log(begun + 1), "reset")


if __name__ == "__main__":
    world.main()
