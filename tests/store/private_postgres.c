#include "store/private_postgres.h"

#include "check.h"

#include <fcntl.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static struct {
    bool asked;
    char address[256]; /* "" for none */
    pid_t child;
    int hold; /* closed, it ends the server */
} server;

static void end_server(void)
{
    close(server.hold);
    waitpid(server.child, NULL, 0);
}

/* The script lives as long as its stdin, and so not longer than we do. */
static void start_server(void)
{
    const char *root = getenv("SOURCE_ROOT");
    int to[2], from[2];
    FILE *f;
    char path[512];

    snprintf(path, sizeof path, "%s/tests/private-postgres", root ? root : ".");
    assert_int_equal(pipe2(to, O_CLOEXEC), 0);
    assert_int_equal(pipe2(from, O_CLOEXEC), 0);
    server.child = fork();
    assert_true(server.child >= 0);
    if (server.child == 0) {
        dup2(to[0], STDIN_FILENO);
        dup2(from[1], STDOUT_FILENO);
        execl("/bin/sh", "sh", path, (char *)NULL);
        _exit(127);
    }
    close(to[0]);
    close(from[1]);
    server.hold = to[1];
    f = fdopen(from[0], "re");
    assert_non_null(f);
    if (fscanf(f, "%200s", server.address) != 1)
        server.address[0] = '\0';
    fclose(f);
    atexit(end_server);
}

const char *private_postgres(void)
{
    const char *given = getenv("AISLE_TEST_POSTGRES");

    if (!server.asked) {
        server.asked = true;
        if (given)
            snprintf(server.address, sizeof server.address, "%s", given);
        else
            start_server();
        if (!server.address[0])
            printf("# left out: there is no PostgreSQL here (postgresql-15)\n");
    }
    return server.address[0] ? server.address : NULL;
}

/* Where sessions that were ended have not gone yet, there may be no place for one more.
 */
static PGconn *connect_patiently(const char *address)
{
    PGconn *pg = PQconnectdb(address);

    for (int tries = 0; PQstatus(pg) != CONNECTION_OK && tries < 1000; tries++) {
        usleep(100 * 1000);
        PQreset(pg);
    }
    return pg;
}

void private_postgres_run(const char *sql)
{
    PGconn *pg = connect_patiently(private_postgres());
    PGresult *result = PQexec(pg, sql);
    ExecStatusType status = PQresultStatus(result);

    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
        fail_msg("%s: %s", sql, PQerrorMessage(pg));
    PQclear(result);
    PQfinish(pg);
}

/* Other programs may use the same server. */
void private_postgres_location(char *out, size_t room)
{
    static unsigned count;
    char sql[128];

    count++;
    snprintf(sql, sizeof sql, "CREATE SCHEMA t%ld_%u", (long)getpid(), count);
    private_postgres_run(sql);
    snprintf(out, room, "%s?options=-csearch_path%%3Dt%ld_%u", private_postgres(),
             (long)getpid(), count);
}

void private_postgres_drop(const char *location)
{
    const char *name = strstr(location, "%3D");
    char sql[256];

    assert_non_null(name);
    snprintf(sql, sizeof sql, "SET client_min_messages = error; DROP SCHEMA %s CASCADE",
             name + 3);
    private_postgres_run(sql);
}
