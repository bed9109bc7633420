/* near.c - Hyyro's bit-parallel edit distance with swaps ("A Bit-Vector Algorithm for
 * Computing Levenshtein and Damerau Edit Distances", 2003): a column of the table is two
 * words of bits, so a letter of the word costs a dozen instructions */
#include "match/near.h"

#include "base/text.h"

static uint64_t *places_of(struct near *n, uint32_t letter)
{
    if (letter < NEAR_PLAIN)
        return &n->plain[letter];
    for (uint32_t i = 0; i < n->other_count; i++)
        if (n->others[i] == letter)
            return &n->places[i];
    n->others[n->other_count] = letter;
    return &n->places[n->other_count++];
}

void near_prepare(struct near *n, struct str text)
{
    *n = (struct near){0};
    for (size_t at = 0; at < text.n && n->letters < NEAR_MAX_LETTERS;)
        *places_of(n, utf8_next(text, &at)) |= UINT64_C(1) << n->letters++;
}

static uint64_t find_places(const struct near *n, uint32_t letter)
{
    if (letter < NEAR_PLAIN)
        return n->plain[letter];
    for (uint32_t i = 0; i < n->other_count; i++)
        if (n->others[i] == letter)
            return n->places[i];
    return 0;
}

/* A column: the distances between each beginning of the text and the word so far, as
 * steps up and down. */
struct column {
    uint64_t up, down, same, before; /* before: places of the letter before */
    uint64_t last;                   /* the bit of the text's last letter */
    unsigned distance;               /* of the whole text */
};

static void add_letter(struct column *c, uint64_t places)
{
    uint64_t swapped = ((~c->same & places) << 1) & c->before;
    uint64_t same = (((places & c->up) + c->up) ^ c->up) | places | c->down | swapped;
    uint64_t right = c->down | ~(same | c->up), left = same & c->up;

    c->distance += (right & c->last) != 0;
    c->distance -= (left & c->last) != 0;
    right = right << 1 | 1;
    left <<= 1;
    c->up = left | ~(same | right);
    c->down = right & same;
    c->same = same;
    c->before = places;
}

unsigned near_distance(const struct near *n, struct str word, bool beginning,
                       unsigned most)
{
    struct column c = {.up = UINT64_MAX, .distance = n->letters};
    unsigned best = n->letters, enough = n->letters + most;
    size_t at = 0;

    if (n->letters == 0)
        return most + 1;
    c.last = UINT64_C(1) << (n->letters - 1);
    /* a letter brings the text one nearer at most, and of a word only so many count */
    for (unsigned left = enough; at < word.n && left > 0; left--) {
        uint32_t letter = (unsigned char)word.p[at] < NEAR_PLAIN
                              ? (unsigned char)word.p[at++]
                              : utf8_next(word, &at);

        add_letter(&c, find_places(n, letter));
        best = c.distance < best ? c.distance : best;
        if (c.distance > most + left && best > most)
            return most + 1;
    }
    if (!beginning)
        best = at < word.n ? most + 1 : c.distance;
    return best <= most ? best : most + 1;
}
