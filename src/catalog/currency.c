#include "catalog/currency.h"

/* ISO 4217, list one, as of January 2026: legal tender alone, so without metals, funds,
 * units of account and test codes; with ANG and BGN, which went in 2025 and 2026 and
 * which older files name. */
static const char known[] =
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD "
    "BTN BWP BYN BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB "
    "EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK "
    "JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA "
    "MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK "
    "PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN "
    "SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VES VND VUV WST "
    "XAF XCD XCG XOF XPF YER ZAR ZMW ZWG ";

/* Its exceptions to two decimals. */
static const struct {
    const char *code;
    int decimals;
} exponents[] = {
    {"BIF", 0}, {"CLP", 0}, {"DJF", 0}, {"GNF", 0}, {"ISK", 0}, {"JPY", 0},
    {"KMF", 0}, {"KRW", 0}, {"PYG", 0}, {"RWF", 0}, {"UGX", 0}, {"VND", 0},
    {"VUV", 0}, {"XAF", 0}, {"XOF", 0}, {"XPF", 0}, {"BHD", 3}, {"IQD", 3},
    {"JOD", 3}, {"KWD", 3}, {"LYD", 3}, {"OMR", 3}, {"TND", 3},
};

bool currency_is_known(struct str code)
{
    for (size_t at = 0; code.n == 3 && at + 3 < sizeof known; at += 4)
        if (memcmp(code.p, known + at, 3) == 0)
            return true;
    return false;
}

bool currency_parse(struct str text, char code[4])
{
    char upper[4] = "";

    if (text.n != 3)
        return false;
    for (size_t i = 0; i < 3; i++)
        upper[i] = text.p[i] >= 'a' && text.p[i] <= 'z' ? (char)(text.p[i] - 'a' + 'A')
                                                        : text.p[i];
    if (!currency_is_known(str_n(upper, 3)))
        return false;
    memcpy(code, upper, 4);
    return true;
}

int currency_decimals(const char *code)
{
    for (size_t i = 0; i < sizeof exponents / sizeof *exponents; i++)
        if (strcmp(code, exponents[i].code) == 0)
            return exponents[i].decimals;
    return 2;
}
