#include "people/user.h"

static const char *const role_names[] = {"viewer", "mapper", "admin"};

const char *role_name(enum role role)
{
    return role_names[role];
}

bool role_parse(struct str name, enum role *out)
{
    for (int role = ROLE_VIEWER; role <= ROLE_ADMIN; role++)
        if (str_is(name, role_names[role])) {
            *out = (enum role)role;
            return true;
        }
    return false;
}

static bool is_alnum(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

enum aisle_status user_check_name(struct str name, struct aisle_err *err)
{
    bool good = name.n >= 1 && name.n <= USER_MAX_NAME && is_alnum(name.p[0]);

    for (size_t i = 0; good && i < name.n; i++)
        good = is_alnum(name.p[i]) || (name.p[i] != '\0' && strchr("._-@+", name.p[i]));
    if (good)
        return AISLE_OK;
    return aisle_fail(err, AISLE_INVALID,
                      "a user's name has 1 to %d letters, digits and . _ - @ +",
                      USER_MAX_NAME);
}
