"""completions, asked of the shells themselves"""
import os
import re
import shutil

import run

# A line as it is typed, and what may come in the place of its last word.
ROWS = [
    ("aisle tr", "tree"),
    ("aisle tree s", "sync show search"),
    ("aisle tree sync --acc", "--accept-shrink"),
    ("aisle map run --policy ", "thrifty guide"),
    ("aisle map -q run --po", "--policy"),
    ("aisle help exit", "exit-codes"),
    ("aisle help map r", "run review reject rules"),
    ("aisle completion z", "zsh"),
    ("aisle --store x.db ma", "map"),
    ("aisle -t toko map --limit 5 ap", "approve"),
    ("aisle --store=x.db -t toko:v2 tr", "tree"),
    ("aisle --store tree map ap", "approve"),
    ("aisle work add s", "sync status"),
    ("aisle work add map f", "field"),
    ("aisle map rules --target t pro", "propose"),
    ("aisle map rules import fi", "field"),
    ("aisle map list --store fi", "field"),
    ("aisle user role dewi m", "mapper"),
]
LINES = [line for line, _ in ROWS]


def script(t, shell, name):
    """The completion as a file; and the one file there is to offer."""
    os.mkdir(t.path("completions"))
    os.mkdir(t.path("here"))
    t.write("here/field", "")
    return t.write("completions/" + name, t.aisle("completion", shell).out)


def run_in(t, shell, *words):
    if not shutil.which(shell):
        t.skip(f"there is no {shell} here")
    done = run.subprocess.run([shell, *words], capture_output=True, text=True, check=False,
                              env={**t.env, "TERM": "xterm"}, cwd=t.path("here"),
                              timeout=120)
    t.eq(done.stderr, "")
    t.eq(done.returncode, 0)
    return done.stdout.splitlines()


def offered(t, answers):
    """Lines of words, each set beside its row."""
    t.eq(len(answers), len(ROWS), answers)
    for (line, want), got in zip(ROWS, answers):
        t.eq(sorted(got.split()), sorted(want.split()), line)


@run.case("bash completes nouns, verbs, options, choices and files")
def _(t):
    asked = "".join(
        "complete_line " + " ".join("'%s'" % word for line_word in line.split(" ")
                                    for word in re.split("([=:])", line_word)) + "\n"
        for line in LINES)
    t.eq(asked.count("'=' 'x.db'"), 1)  # as bash parts words
    path = script(t, "bash", "aisle")
    offered(t, run_in(t, "bash", "-c", f"source '{path}'" + """
complete_line() {
    COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=()
    _aisle
    echo "${COMPREPLY[*]}"
}
""" + asked))


@run.case("zsh does, too")
def _(t):
    path = script(t, "zsh", "_aisle")
    offered(t, run_in(t, "zsh", "-f", os.path.join(os.path.dirname(__file__), "complete.zsh"),
                      os.path.dirname(path), *LINES))


@run.case("fish does, too")
def _(t):
    path = script(t, "fish", "aisle.fish")
    asked = "".join(f"echo (complete -C '{line}' | string split -f 1 \\t)\n"
                    for line in LINES)
    offered(t, run_in(t, "fish", "--no-config", "-c", f"source '{path}'\n{asked}"))


@run.case("a shell we have no completion for is told which there are")
def _(t):
    done = t.aisle("completion", "tcsh")
    t.eq(done.code, 4)
    t.has(done.err, "bash, zsh and fish")


run.main()
