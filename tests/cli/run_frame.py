"""help, version, completion, wrong words: what works before anything is set up"""
import run


@run.case("without a word it tells what it is for")
def _(t):
    done = t.aisle()
    t.eq(done.code, 0)
    t.has(done.out, "finds the marketplace category", "COMMANDS", "aisle help TOPIC")
    t.eq(done.err, "")


@run.case("help of a command begins with examples")
def _(t):
    done = t.aisle("tree", "sync", "--help")
    t.eq(done.code, 0)
    t.true(done.out.index("EXAMPLES") < done.out.index("USAGE") < done.out.index("OPTIONS"))
    t.eq(t.aisle("help", "tree", "sync").out, done.out)
    t.eq(t.aisle("tree", "sync", "-h").out, done.out)


@run.case("help of a noun lists its verbs")
def _(t):
    t.has(t.aisle("help", "tree").out, "VERBS", "sync", "diff")
    t.eq(t.aisle("tree", "--help").out, t.aisle("help", "tree").out)


@run.case("every topic has a text, and an unknown one is told")
def _(t):
    for topic in ("exit-codes", "environment", "formats", "settings"):
        t.eq(t.aisle("help", topic).code, 0, topic)
    t.has(t.aisle("help", "environment").out, "  AISLE_STORE ", "  AISLE_USER ",
          "  AISLE_PROXY ", "  AISLE_CA_FILE ")
    done = t.aisle("help", "exit-code")
    t.eq(done.code, 4)
    t.has(done.err, "did you mean 'exit-codes'?")


@run.case("the exit codes of the topic are those the program ends with")
def _(t):
    text = t.aisle("help", "exit-codes").out
    for code, name in ((0, "ok"), (2, "usage"), (4, "not-found"), (10, "different"),
                       (130, "interrupted")):
        t.has(text, f"{code}  {name}")
    t.eq(t.aisle("version").code, 0)
    t.eq(t.aisle("versoin").code, 2)
    t.eq(t.aisle("help", "nothing").code, 4)


@run.case("a wrong word gets a suggestion and a way to help, on stderr, with code 2")
def _(t):
    done = t.aisle("tree", "snyc")
    t.eq(done.code, 2)
    t.eq(done.out, "")
    t.eq(done.err, "aisle: 'tree' has no verb 'snyc', did you mean 'sync'?\n"
                   "try: aisle help tree\n")
    t.has(t.aisle("tree", "sync", "--dryrun").err, "did you mean 'dry-run'?",
          "try: aisle help tree sync")


@run.case("help, version and completion read no settings and open no store")
def _(t):
    t.write("aisle.ini", "nonsense = 1\n")
    t.eq(t.aisle("config", "list").code, 3)
    for words in (["help"], ["help", "settings"], ["version"], ["completion", "bash"],
                  ["tree", "sync", "--help"]):
        t.eq(t.aisle(*words).code, 0, words)
    t.true(not any(name.endswith(".db") for name in __import__("os").listdir(t.folder)))


@run.case("the version is the one that was built")
def _(t):
    t.true(t.aisle("version").out.startswith("aisle "))


@run.case("--version is told without a command; other options alone are no way to the front page")
def _(t):
    for word in ("--version", "-V"):
        done = t.aisle(word)
        t.eq((done.code, done.out), (0, t.aisle("version").out))
    for words in (["--nonsense"], ["--store"], ["--store", "x.db"], ["-q"]):
        done = t.aisle(*words)
        t.eq((done.code, done.out), (2, ""), words)
        t.has(done.err, f"{words[0]} wants a command", "try: aisle help")


@run.case("a reader that goes away early is no failure")
def _(t):
    done = t.shell('set -o pipefail; "$AISLE" help | head -1')
    t.eq((done.code, done.err), (0, ""))


@run.case("a full disk is told")
def _(t):
    done = t.shell('"$AISLE" help > /dev/full')
    t.eq(done.code, 1)
    t.has(done.err, "cannot write the output")


run.main()
