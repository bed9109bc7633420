/* weights.h - the numbers of the matcher, all of them, and where each comes from
 *
 * One configuration for every tree and language. docs/design/matcher.md argues them.
 */
#ifndef MATCH_WEIGHTS_H
#define MATCH_WEIGHTS_H

/* Cold: how well a name's word counts as found. */
static const float COLD_EXACT = 1.0F;
static const float COLD_BARE = 0.6F;    /* the title has accents, the same without */
static const float COLD_PAIR = 1.0F;    /* "power bank" for "powerbank" */
static const float COLD_CONCEPT = 0.8F; /* through the lexicon */
static const float COLD_KIND = 0.2F; /* the same kind of goods: "nightdress", "pyjamas" */
/* One word of a phrase that was not found whole: "kaos" (t-shirt) of "kaos kaki"
 * (socks). */
static const float COLD_HALF_PHRASE = 0.8F;
/* Further words of a name that one word of the title stands for. */
static const float COLD_SAME_WORD = 0.5F;
static const float COLD_CODE = 0.8F; /* by kind of word in the title */
static const float COLD_NUMBER = 0.5F;
static const float COLD_AMOUNT = 0.3F;
/* Cold: a name half found is worth less than half. */
static const float COLD_PARTIAL = 0.35F;
/* Cold: an ancestor's name, for each level up. */
static const float COLD_DECAY = 0.35F;

/* Cold: what other texts than the title count for, and how much of a description. */
static const float COLD_SELLER_CATEGORY = 0.8F;
static const float COLD_DESCRIPTION = 0.3F;
enum { COLD_MAX_DESCRIPTION = 600 };

/* Cold: from scores to confidence. Near rivals share belief by their scores to this
 * power; how far the best is believed is a logistic regression over its share, how much
 * of its name was found, how much of the title it tells, and the size of the tree, fitted
 * to titles of eight labelled sets in three languages, each set counting alike. */
static const double COLD_SHARPNESS = 5.0;
static const double COLD_SURE_BASE = -2.96;
static const double COLD_SURE_SHARE = 1.53; /* of the log of its share */
static const double COLD_SURE_COVERED = 3.45;
static const double COLD_SURE_TOLD = 3.79;
static const double COLD_SURE_SIZE = 0.21; /* of the log of thousands of categories */
/* When the best is wrong, how often the right one is among the others. */
static const double COLD_SURE_OTHERS = 0.5;

/* How much each block of features counts: words, grams, parts, concepts, the seller's own
 * category, description, ends, kinds of goods. */
static const float BLOCK_WEIGHTS[] = {1.0F, 1.0F, 0.5F, 0.5F, 1.0F, 0.5F, 0.5F, 0.5F};
/* Titles are held out of so many trainings in turn, a part each, to measure confidence
 * by; of fewer when the parts so far have these many rows. */
enum { LINEAR_FOLDS = 4, LINEAR_MEASURED = 4000 };
/* How often a title counts at most that a shop repeats for every size. */
enum { CALIBRATE_COPIES = 20 };
/* Calibrate: how far sharpness and the two numbers of "none of these" go from the usual
 * where few rows say so; how firmly the straightening is drawn to the usual, and by how
 * much more the fewer rows there are; how many rows that could not be answered are heard
 * for each that could. */
static const double CALIBRATE_MAY[] = {0.15, 4, 2};
static const double CALIBRATE_DRAWN = 0.5, CALIBRATE_FEW = 400, CALIBRATE_ANSWERED = 10;
/* Calibrate: how many doubtful answers a leaf must have given before half of what they
 * say is believed; what is believed of a leaf at most. */
static const double CALIBRATE_FRESH = 1.0, CALIBRATE_TRUST = 2.0;
/* Linear: a feature that no more rows have learns through their pulls. */
enum { LINEAR_RARE = 12 };
/* Linear: numbers that features' own weights would take together, had each one for every
 * node. */
enum { LINEAR_OWN_BUDGET = 512 << 20 };
enum { LINEAR_EPOCHS = 5 };
static const float LINEAR_RATE = 1.7F; /* falling evenly to nothing */
static const float LINEAR_MARGIN = 8.0F;
static const float LINEAR_BIAS = 0.1F;
static const float LINEAR_ANCESTOR = 0.6F; /* an ancestor's say in a leaf's score */
static const float LINEAR_KIN = 0.4F;      /* of a word that other leaves' names have */
/* Linear: so many leaves share a word that is worth a node, and at most such a part of
 * all. */
enum { LINEAR_KIN_LEAST = 3 };
static const float LINEAR_KIN_MOST = 0.2F;
/* Linear: how much of the margin is taken back from a leaf where the same title stands.
 */
static const float LINEAR_TWIN = 0.5F;
/* Linear: in a tree of more nodes a rival has to be nearer to be pushed. */
enum { LINEAR_WIDE = 2048 };
static const float LINEAR_NEGLIGIBLE_WIDE = 0.02F;
/* Linear: a row whose leaf is pushed by less rests for a round. */
static const float LINEAR_SETTLED = 0.1F;
/* Linear: the share of a row's features that one visit hears. */
static const float LINEAR_HEARD = 0.9F;
/* Linear: how much of what no row has belongs to the length of a title's block. */
static const float LINEAR_UNKNOWN = 0.5F;
/* Linear: a rival's share below which it is not pushed; scores so far below are none. */
static const float LINEAR_NEGLIGIBLE = 0.003F;
static const float LINEAR_FLOOR = -12.0F;

/* Memory one training may take. */
#define LINEAR_MAX_MEMORY ((size_t)8 << 30)
/* Model: a weight that moves a score by less is not written. */
static const float MODEL_SLIGHT = 0.3F;
/* Model: what a look-alike has in common with the product, at least. */
static const float MODEL_ALIKE = 0.3F;

/* Decide: odds that each word on a product adds to its leaf. Those of approvals were
 * fitted (a conditional logit, every set and number of approvals counting alike) to
 * training titles of five labelled sets, with 20 to 5,000 others approved and no model.
 * "mature" are those that grow with the number of approvals. */
static const double DECIDE_MATURE = 1.3;   /* at most */
static const double DECIDE_LEAST = 1e-4;   /* belief in a leaf nothing speaks for */
static const double DECIDE_ALIKE = 0.6;    /* beyond it is nearly the same product */
static const double DECIDE_SAME = 4.0;     /* not fitted: one shall do for its twin */
static const double DECIDE_UNLIKE = 0.005; /* votes of nobody, among look-alikes' */
/* The same product but for a colour: more than so much of the words is equal. It counts
 * where approvals are few, in which what all say seems to tell nothing, and no more from
 * so much maturity (400). Not fitted; set so that no learning curve falls. */
static const double DECIDE_COPIED = 0.5, DECIDE_COPY = 7, DECIDE_COPIES_MATURE = 0.87;
/* … and for a twin beside a model that was told otherwise: not fitted either. On rows of
 * two labelled sets held out, 200 and 1,000 approvals over a model of 300 and 2,000 rows
 * cost nothing with it; weighed as without a model they took up to ten of a hundred. */
static const double DECIDE_SAME_TAUGHT = 12;
static const double DECIDE_BASE_MATURE = 0.019; /* belief, as it is heard */
static const double DECIDE_LEAST_MATURE = 0.174;
static const double DECIDE_TOLD = 20.3; /* what its name tells of the title */
static const double DECIDE_TOLD_MATURE = -13.7;
static const double DECIDE_LIKENESS = 1.69;
static const double DECIDE_VOTES = 5.48;
static const double DECIDE_VOTES_YOUNG = 0.51;  /* however few there are */
static const double DECIDE_VOTES_NAMED = -0.50; /* by how sure a name is */
static const double DECIDE_VOTES_ALIKE = -5.44;
static const double DECIDE_SHELF = 1.94;
static const double DECIDE_NONE_ALIKE = -3.08; /* none of these */
static const double DECIDE_NONE_MATURE = 1.92;
/* Decide: likelihood ratios, not fitted. An advisor right nine times in ten that else
 * names one of a few near rivals. */
static const double DECIDE_MARKETPLACE = 4.0;
static const double DECIDE_MARKETPLACE_IMAGE = 4.9;
static const double DECIDE_SELLER_CATEGORY = 3.0;
static const double DECIDE_NAMED = 0.1;  /* of the belief left to others */
static const double DECIDE_RIVALS = 2.3; /* the log of so many */
static const double DECIDE_RULE_UNKNOWN = 0.95, DECIDE_RULE_MOST = 0.999;

/* Search: how well a typed word counts as found. */
static const float SEARCH_PREFIX = 0.80F; /* at its first letter; 1 when complete */
static const float SEARCH_PAIR = 0.95F;
static const float SEARCH_HALF_PHRASE = 0.95F;
static const float SEARCH_BARE = 0.95F;
static const float SEARCH_CONCEPT = 0.60F;
static const float SEARCH_TYPO = 0.70F;
static const float SEARCH_TYPOS = 0.50F;
/* Search: a word in more places is only looked for where the others were found. */
enum { SEARCH_COMMON = 3000 };
/* Search: a word found in the parent's name instead, for each level up. */
static const float SEARCH_ABOVE = 0.70F;
/* Search: what else makes a row better: words in its own name, a name that says nothing
 * more than was typed, a name that begins so. */
static const float SEARCH_OWN = 0.30F;
static const float SEARCH_COVER = 0.40F;
static const float SEARCH_FIRST = 0.05F;
/* Search: where no row has all the words, what one counts that no name has but for a
 * slip. */
static const float SEARCH_SLIPPED = 0.25F;

#endif
