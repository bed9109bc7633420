/* c_locale.h - numbers with a decimal point, wherever we run
 *
 * Whoever links us may have called setlocale, and then printf and strtod expect a comma,
 * or "٫". Between enter and leave this thread, and no other, is in the "C" locale.
 */
#ifndef BASE_C_LOCALE_H
#define BASE_C_LOCALE_H

#include <locale.h>

struct c_locale {
    locale_t ours, before;
};

static inline struct c_locale c_locale_enter(void)
{
    locale_t ours =
        newlocale(LC_ALL_MASK, "C", (locale_t)0); /* glibc keeps this one ready */

    return (struct c_locale){ours, uselocale(ours)};
}

static inline void c_locale_leave(struct c_locale l)
{
    uselocale(l.before);
    if (l.ours)
        freelocale(l.ours);
}

#endif
