/* version.c - the version at run time. AISLE_VERSION comes from meson.build too: a header
 * that says another one does not compile without a warning. */
#include "aisle/version.h"

const char *aisle_version(void)
{
    return AISLE_VERSION;
}

int aisle_version_number(void)
{
    return AISLE_VERSION_NUMBER;
}
