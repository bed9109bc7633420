#include "cli/exits.h"
#include "cli/help.h"
#include "cli/secrets.h"
#include "cli/settings.h"

#include <stdio.h>

static void exit_codes(size_t width, struct buf *out)
{
    buf_addz(out, "What the exit code says, for scripts and for cron.\n\n");
    for (const struct exit_name *e = exit_names; e->name; e++) {
        char left[32];

        snprintf(left, sizeof(left), "%3d  %s", (int)e->code, e->name);
        buf_pair(out, left, 18, e->means, width);
    }
    buf_addz(out, "\n");
    buf_wrapped(
        out,
        "5 is worth another try later; 8 and 130 leave a run that can be taken up "
        "again.",
        0, width);
}

static void environment(size_t width, struct buf *out)
{
    buf_addz(out, "Variables that are read.\n\nSETTINGS\n");
    for (const struct option *o = settings_table; o->name; o++) {
        struct str names = str_of(o->env), first = str_cut(&names, ' ');
        char left[64];

        snprintf(left, sizeof(left), "%.*s", STR_ARG(first));
        buf_pair(out, left, 24, o->help, width);
    }
    buf_addz(out, "\nSECRETS\n");
    for (const struct secret_variable *v = secret_variables; v->name; v++)
        buf_pair(out, v->name, 24, v->help, width);
    buf_addz(out, "\nOTHERS\n");
    buf_pair(out, "TIKTOK_API_URL", 24,
             "a stand-in for the marketplace on this machine, where --api-url is taken",
             width);
    buf_pair(out, "AISLE_CONFIG", 24, "the settings file to use; set but empty: none",
             width);
    buf_pair(out, "NO_COLOR", 24, "when set, no colour", width);
    buf_pair(out, "CREDENTIALS_DIRECTORY", 24,
             "as systemd sets it; aisle.key is looked for there", width);
    buf_pair(out, "XDG_CONFIG_HOME", 24, "where aisle/aisle.ini, the user file, is",
             width);
    buf_addz(out, "\n");
    buf_wrapped(
        out,
        "HTTPS_PROXY, CURL_CA_BUNDLE and SSL_CERT_FILE are heard where AISLE_PROXY "
        "and AISLE_CA_FILE are not set.",
        0, width);
}

static void formats(size_t width, struct buf *out)
{
    buf_wrapped(
        out,
        "Data goes to stdout, words to stderr. The form of data depends on who reads.", 0,
        width);
    buf_addz(out, "\n");
    buf_pair(out, "a terminal", 12,
             "an aligned table, fitted to its width; what finds no room in a "
             "line stands below it, by name",
             width);
    buf_pair(
        out, "a pipe", 12,
        "TSV without a heading: a line a row; tab, line ends and backslash in a value "
        "are \\t \\n \\r \\\\",
        width);
    buf_pair(
        out, "--json", 12,
        "one array of objects, or one object where there is one thing to tell; whole "
        "also where the command fails or is stopped, and nothing if it had no rows yet",
        width);
    buf_pair(out, "--jsonl", 12, "an object a line, each as soon as it is known", width);
    buf_pair(out, "--fields", 12,
             "which fields and in what order, for all of them; scripts should say it, as "
             "columns may be added",
             width);
    buf_addz(out, "\n");
    buf_wrapped(
        out,
        "Ids are strings, also where they look like numbers. Times are UTC, "
        "2026-11-21T20:58:56Z. What is not known is null in JSON, empty in TSV and - "
        "in a table. The fields of a command are listed in its help.\n\n"
        "Words on stderr become JSON lines with --log-format json.",
        0, width);
}

static void setting_line(struct buf *out, const struct option *o, size_t width)
{
    struct buf help = BUF_INIT(BUF_MAX_LINE);
    char left[40];

    snprintf(left, sizeof(left), "%s", o->name);
    for (char *p = left; *p; p++)
        *p = *p == '-' ? '_' : *p;
    option_help(o, &help);
    buf_pair(out, left, 12, buf_str(&help).p, width);
    buf_clear(&help);
}

static void settings(size_t width, struct buf *out)
{
    buf_wrapped(
        out,
        "A value comes from the nearest of: flag, environment, project file, user "
        "file, default. The project file is aisle.ini in the working folder or the "
        "nearest above it; the user file is $XDG_CONFIG_HOME/aisle/aisle.ini "
        "(~/.config/aisle/aisle.ini). A line is 'name = value'; # and ; begin a "
        "comment. Paths in a file are taken from that file's folder. An unknown "
        "name is an error, and a secret never belongs there.",
        0, width);
    buf_addz(out, "\n");
    for (const struct option *o = settings_table; o->name; o++)
        setting_line(out, o, width);
    buf_addz(out, "\nWhat is in force and why: aisle config list\n");
}

const struct topic topics[] = {
    {"exit-codes", "what the exit code says", exit_codes},
    {"environment", "variables that are read", environment},
    {"formats", "tables, TSV and JSON", formats},
    {"settings", "what can be set, and where", settings},
    {NULL, NULL, NULL},
};
