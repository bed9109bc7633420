/* phone.h - phone numbers and e-mail addresses as a manufacturer's contact is written */
#ifndef LISTING_PHONE_H
#define LISTING_PHONE_H

#include "base/str.h"

enum phone_fault {
    PHONE_OK,
    PHONE_NO_PLUS,
    PHONE_NO_COUNTRY,   /* no such country code (ITU-T E.164) */
    PHONE_NO_SEPARATOR, /* neither " " nor "-" behind the country code */
    PHONE_NO_NUMBER,    /* too few or too many digits, or other signs */
};

/* "+62 812-3456-789": a plus, a country code, " " or "-", and a number of 4 to 12 digits,
 * 15 with the code. */
enum phone_fault phone_check(struct str s);
const char *phone_fault_words(enum phone_fault fault); /* static */

/* One "@", a dot-atom of at most 64 bytes before it and a domain name with a dot behind
 * it, 254 in all. */
bool email_valid(struct str s);

/* Digits of the country code a number begins with, 0 for none. */
size_t phone_country_length(struct str digits);

#endif
