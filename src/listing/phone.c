#include "listing/phone.h"

/* ITU-T E.164's assigned country codes, as of its list of 2016 and the amendments since.
 * A code of two digits is listed once; of three where only some behind two digits are. */
static const char *const countries[] = {
    "1",   "7",   "20",  "211", "212", "213", "216", "218", "220", "221", "222", "223",
    "224", "225", "226", "227", "228", "229", "230", "231", "232", "233", "234", "235",
    "236", "237", "238", "239", "240", "241", "242", "243", "244", "245", "246", "247",
    "248", "249", "250", "251", "252", "253", "254", "255", "256", "257", "258", "260",
    "261", "262", "263", "264", "265", "266", "267", "268", "269", "27",  "290", "291",
    "297", "298", "299", "30",  "31",  "32",  "33",  "34",  "350", "351", "352", "353",
    "354", "355", "356", "357", "358", "359", "36",  "370", "371", "372", "373", "374",
    "375", "376", "377", "378", "379", "380", "381", "382", "383", "385", "386", "387",
    "389", "39",  "40",  "41",  "420", "421", "423", "43",  "44",  "45",  "46",  "47",
    "48",  "49",  "500", "501", "502", "503", "504", "505", "506", "507", "508", "509",
    "51",  "52",  "53",  "54",  "55",  "56",  "57",  "58",  "590", "591", "592", "593",
    "594", "595", "596", "597", "598", "599", "60",  "61",  "62",  "63",  "64",  "65",
    "66",  "670", "672", "673", "674", "675", "676", "677", "678", "679", "680", "681",
    "682", "683", "685", "686", "687", "688", "689", "690", "691", "692", "800", "808",
    "81",  "82",  "84",  "850", "852", "853", "855", "856", "86",  "870", "878", "880",
    "881", "882", "883", "886", "888", "90",  "91",  "92",  "93",  "94",  "95",  "960",
    "961", "962", "963", "964", "965", "966", "967", "968", "970", "971", "972", "973",
    "974", "975", "976", "977", "979", "98",  "992", "993", "994", "995", "996", "998",
};

/* No code is the beginning of another. */
size_t phone_country_length(struct str digits)
{
    for (size_t i = 0; i < sizeof countries / sizeof *countries; i++)
        if (str_starts(digits, countries[i]))
            return strlen(countries[i]);
    return 0;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

enum phone_fault phone_check(struct str s)
{
    size_t code, digits = 0;
    struct str local;

    if (!str_starts(s, "+"))
        return PHONE_NO_PLUS;
    s = str_skip(s, 1);
    code = phone_country_length(s);
    if (code == 0)
        return PHONE_NO_COUNTRY;
    if (s.n <= code || (s.p[code] != ' ' && s.p[code] != '-'))
        return PHONE_NO_SEPARATOR;
    local = str_skip(s, code + 1);
    for (size_t i = 0; i < local.n; i++) {
        if (!is_digit(local.p[i]) && !strchr(" -().", local.p[i]))
            return PHONE_NO_NUMBER;
        digits += is_digit(local.p[i]);
    }
    return digits < 4 || code + digits > 15 ? PHONE_NO_NUMBER : PHONE_OK;
}

const char *phone_fault_words(enum phone_fault fault)
{
    switch (fault) {
    case PHONE_NO_PLUS:
        return "phone number does not begin with +";
    case PHONE_NO_COUNTRY:
        return "phone number has no country code";
    case PHONE_NO_SEPARATOR:
        return "phone number has no space or - behind its country code";
    case PHONE_NO_NUMBER:
        return "phone number has too few, too many or no digits";
    case PHONE_OK:
        break;
    }
    return "phone number is right";
}

/* ---- e-mail ---- */

static bool is_letter_or_digit(char c)
{
    return is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

/* RFC 5321's dot-string. */
static bool local_valid(struct str s)
{
    if (s.n == 0 || s.n > 64 || s.p[0] == '.' || s.p[s.n - 1] == '.')
        return false;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '.'
                ? s.p[i - 1] == '.'
                : !is_letter_or_digit(s.p[i]) && !strchr("!#$%&'*+/=?^_`{|}~-", s.p[i]))
            return false;
        if (!s.p[i])
            return false;
    }
    return true;
}

static bool label_valid(struct str s)
{
    if (s.n == 0 || s.n > 63 || s.p[0] == '-' || s.p[s.n - 1] == '-')
        return false;
    for (size_t i = 0; i < s.n; i++)
        if (!is_letter_or_digit(s.p[i]) && s.p[i] != '-')
            return false;
    return true;
}

bool email_valid(struct str s)
{
    size_t at = str_find_char(s, '@'), labels = 0;
    struct str domain = str_skip(s, at + 1), label = {0};

    if (at == s.n || s.n > 254 || !local_valid(str_head(s, at)) || domain.n == 0 ||
        domain.p[domain.n - 1] == '.')
        return false;
    while (domain.n) {
        label = str_cut(&domain, '.');
        if (!label_valid(label))
            return false;
        labels++;
    }
    /* a last label of digits is no domain but an address */
    return labels >= 2 && label.n >= 2 && !is_digit(label.p[0]);
}
