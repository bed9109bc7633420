#include "match/judge.h"

#include "base/mem.h"

#include <math.h>
#include <stdlib.h>

void judge_clear(struct judge *j)
{
    mem_free(j->answers);
    *j = (struct judge){0};
}

void judge_add_abstention(struct judge *j)
{
    j->rows++;
}

static bool has_room(struct judge *j)
{
    size_t cap = j->cap ? j->cap * 2 : 1024;
    struct judge_answer *answers;

    if (j->answered < j->cap)
        return true;
    answers = mem_realloc(j->answers, cap * sizeof *answers);
    if (!answers)
        return false;
    j->answers = answers;
    j->cap = cap;
    return true;
}

enum aisle_status judge_add(struct judge *j, double confidence, size_t place,
                            struct aisle_err *err)
{
    struct judge_bin *bin;

    if (!has_room(j))
        return aisle_nomem(err);
    confidence = fmax(0, fmin(1, confidence));
    bin = &j->bins[(int)fmin(JUDGE_BINS - 1, confidence * JUDGE_BINS)];
    bin->rows++;
    bin->right += place == 0;
    bin->confidence += confidence;
    j->in_1 += place < 1;
    j->in_3 += place < 3;
    j->in_10 += place < 10;
    j->answers[j->answered] =
        (struct judge_answer){(float)confidence, place == 0, (uint32_t)j->answered};
    j->answered++;
    j->rows++;
    j->sorted = false;
    return AISLE_OK;
}

double judge_ece(const struct judge *j)
{
    double apart = 0;

    for (int b = 0; b < JUDGE_BINS; b++)
        apart += fabs(j->bins[b].confidence - (double)j->bins[b].right);
    return j->answered ? apart / (double)j->answered : 0;
}

static int by_confidence(const void *a, const void *b)
{
    const struct judge_answer *x = a, *y = b;

    if (x->confidence != y->confidence)
        return x->confidence < y->confidence ? 1 : -1;
    return (x->at > y->at) - (x->at < y->at);
}

static void sort_answers(struct judge *j)
{
    if (!j->sorted && j->answered)
        qsort(j->answers, j->answered, sizeof *j->answers, by_confidence);
    j->sorted = true;
}

double judge_coverage(struct judge *j, double precision, double *at)
{
    uint64_t right = 0, taken = 0;

    sort_answers(j);
    for (uint64_t i = 0; i < j->answered; i++) {
        right += j->answers[i].right;
        if ((double)right >= precision * (double)(i + 1))
            taken = i + 1;
    }
    if (at)
        *at = taken ? (double)j->answers[taken - 1].confidence : 1;
    return j->rows ? (double)taken / (double)j->rows : 0;
}

/* ---- drawing ---- */

enum { SIDE = 320, LEFT = 70, TOP = 50, GAP = 110, POINTS = 200 };

static double x_of(int chart, double share)
{
    return LEFT + chart * (SIDE + GAP) + share * SIDE;
}

static double y_of(double share)
{
    return TOP + (1 - share) * SIDE;
}

static void draw_frame(struct buf *out, int chart, const char *title, const char *across,
                       const char *up, double most)
{
    buf_addf(out, "<text class='t' x='%.0f' y='%d'>%s</text>\n", x_of(chart, 0), TOP - 20,
             title);
    for (int i = 0; i <= 4; i++) {
        double at = i / 4.0;

        buf_addf(out, "<path class='g' d='M%.1f %.1fH%.1f'/>\n", x_of(chart, 0), y_of(at),
                 x_of(chart, 1));
        buf_addf(out, "<text class='e' x='%.1f' y='%.1f'>%.0f %%</text>\n",
                 x_of(chart, 0) - 6, y_of(at) + 4, 100 * at * most);
        buf_addf(out, "<text class='m' x='%.1f' y='%.1f'>%.0f %%</text>\n",
                 x_of(chart, at), y_of(0) + 18, 100 * at);
    }
    buf_addf(out, "<text class='m' x='%.1f' y='%.1f'>%s</text>\n", x_of(chart, 0.5),
             y_of(0) + 40, across);
    buf_addf(out,
             "<text class='m' transform='translate(%.1f %.1f) rotate(-90)'>%s</text>\n",
             x_of(chart, 0) - 48, y_of(0.5), up);
}

/* A dot for each bin that has rows, the larger the more it has. */
static void draw_reliability(const struct judge *j, struct buf *out)
{
    draw_frame(out, 0, "Reliability", "confidence", "right", 1);
    buf_addf(out, "<path class='d' d='M%.1f %.1fL%.1f %.1f'/>\n", x_of(0, 0), y_of(0),
             x_of(0, 1), y_of(1));
    buf_addz(out, "<path class='l' d='");
    for (int pass = 0; pass < 2; pass++) {
        char step = 'M';

        for (int b = 0; b < JUDGE_BINS; b++) {
            const struct judge_bin *bin = &j->bins[b];
            double n = (double)bin->rows;

            if (bin->rows == 0)
                continue;
            if (pass == 0)
                buf_addf(out, "%c%.1f %.1f", step, x_of(0, bin->confidence / n),
                         y_of((double)bin->right / n));
            else
                buf_addf(out, "<circle class='p' cx='%.1f' cy='%.1f' r='%.1f'/>\n",
                         x_of(0, bin->confidence / n), y_of((double)bin->right / n),
                         2 + 12 * sqrt(n / (double)j->answered));
            step = 'L';
        }
        buf_addz(out, pass == 0 ? "'/>\n" : "");
    }
}

static double wrong_at(const struct judge *j, uint64_t taken)
{
    uint64_t wrong = 0;

    for (uint64_t i = 0; i < taken; i++)
        wrong += !j->answers[i].right;
    return taken ? (double)wrong / (double)taken : 0;
}

/* The end of a scale whose quarters are round, for what is there to fit. */
static double scale_for(double share)
{
    static const double ends[] = {0.04, 0.08, 0.2, 0.4, 0.6, 0.8};

    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (share <= ends[i])
            return ends[i];
    return 1;
}

/* The share that is wrong of what is accepted, from the surest on. */
static void draw_risk(const struct judge *j, struct buf *out)
{
    double most = scale_for(wrong_at(j, j->answered));
    uint64_t wrong = 0, step = j->answered / POINTS + 1;
    char move = 'M';

    draw_frame(out, 1, "Risk and coverage", "accepted unseen", "wrong of these", most);
    buf_addz(out, "<path class='l' d='");
    for (uint64_t i = 0; i < j->answered; i++) {
        wrong += !j->answers[i].right;
        if (i % step != step - 1 && i + 1 != j->answered)
            continue;
        buf_addf(out, "%c%.1f %.1f", move, x_of(1, (double)(i + 1) / (double)j->rows),
                 y_of(fmin(1, (double)wrong / (double)(i + 1) / most)));
        move = 'L';
    }
    buf_addz(out, "'/>\n");
}

void judge_draw(struct judge *j, struct buf *out)
{
    sort_answers(j);
    buf_addf(out,
             "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 %d %d' "
             "font-family='sans-serif' font-size='12'>\n",
             2 * LEFT + 2 * SIDE + GAP - 40, TOP + SIDE + 60);
    buf_addz(
        out,
        "<style>\n"
        ".b{fill:#fff}text{fill:#333}.t{font-size:15px}.m{text-anchor:middle}"
        ".e{text-anchor:end}\n"
        ".g{stroke:#888;stroke-opacity:.4}.d{stroke:#888;stroke-dasharray:4 4}\n"
        ".l{stroke:#06c;stroke-width:2;fill:none}"
        ".p{fill:#06c;fill-opacity:.5}\n"
        "@media(prefers-color-scheme:dark){.b{fill:#161616}text{fill:#ddd}.l{stroke:#6bf}"
        ".p{fill:#6bf}}\n"
        "</style>\n<rect class='b' width='100%' height='100%'/>\n");
    draw_reliability(j, out);
    draw_risk(j, out);
    buf_addz(out, "</svg>\n");
}
