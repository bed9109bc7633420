/* private_postgres.h - a PostgreSQL for the tests of this program:
 * tests/private-postgres, or the one that AISLE_TEST_POSTGRES names; ends with the
 * program
 */
#ifndef TESTS_STORE_PRIVATE_POSTGRES_H
#define TESTS_STORE_PRIVATE_POSTGRES_H

#include <stdbool.h>
#include <stddef.h>

/* Its address, "postgresql://…", started when first asked for; NULL where there is none,
 * after a word on stdout that says why. */
const char *private_postgres(void);

/* Run an SQL text there, rows left alone. Fails the test when it fails. */
void private_postgres_run(const char *sql);

/* The address of an empty schema of its own, for one store. */
void private_postgres_location(char *out, size_t room);
/* The schema and all that is in it. */
void private_postgres_drop(const char *location);

#endif
