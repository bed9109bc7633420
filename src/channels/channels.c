#include "channels/channel.h"

#include "channels/memory/memory.h"
#include "channels/tiktok/tiktok.h"
#include "channels/tokopedia/tokopedia.h"

const struct channel_ops *const channel_drivers[] = {
    &tiktok_ops,
    &tokopedia_ops,
    &memory_builtin.ops,
    NULL,
};

enum aisle_status channel_find(struct str name, const struct channel_ops **out,
                               struct aisle_err *err)
{
    struct buf names = BUF_INIT(BUF_MAX_LINE);

    for (size_t i = 0; channel_drivers[i]; i++) {
        if (str_is(name, channel_drivers[i]->name)) {
            *out = channel_drivers[i];
            buf_clear(&names);
            return AISLE_OK;
        }
        buf_addf(&names, "%s%s", i ? ", " : "", channel_drivers[i]->name);
    }
    aisle_fail(err, AISLE_NOT_FOUND, "no channel %.*s; there are %.*s",
               STR_ARG(str_head(name, 60)), STR_ARG(buf_str(&names)));
    buf_clear(&names);
    return AISLE_NOT_FOUND;
}

enum aisle_status channel_check_url(const struct channel_ops *ops, struct str url,
                                    struct aisle_err *err)
{
    struct str host, path;
    bool https;

    if (str_empty(url))
        return AISLE_OK; /* its own host */
    if (!net_url_split(url, &https, &host, &path))
        return aisle_fail(err, AISLE_CONFIG,
                          "the address of channel %s is no http or https address",
                          ops->name);
    if (net_url_is_loopback(url))
        return AISLE_OK;
    if (!https)
        return aisle_fail(err, AISLE_CONFIG,
                          "keys of channel %s go over https only, but to this machine; "
                          "not to http://%.*s",
                          ops->name, STR_ARG(host));
    if (str_ends(host, ":443"))
        host.n -= strlen(":443");
    for (size_t i = 0; ops->hosts[i]; i++)
        if (str_eq_nocase(host, str_of(ops->hosts[i])))
            return AISLE_OK;
    return aisle_fail(err, AISLE_CONFIG,
                      "%.*s is no host of channel %s: keys go only to "
                      "its own, or to a stand-in on this machine",
                      STR_ARG(host), ops->name);
}
