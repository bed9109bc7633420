/* model.h - what the commands about models have in common: labelled files, and a model
 * opened to be asked
 */
#ifndef CLI_COMMANDS_MODEL_H
#define CLI_COMMANDS_MODEL_H

#include "cli/commands/shared.h"
#include "feeds/labels.h"
#include "match/ask.h"
#include "store/models.h"

/* clang-format off */
#define OPTION_MODEL {.name = "model", .letter = 'm', .kind = OPTION_FILE, .argument = "FILE", \
     .help = "what model train wrote"}
#define OPTION_TITLE_COLUMN {.name = "title", .kind = OPTION_TEXT, .argument = "COLUMN", \
     .help = "which column is the title; else the usual names"}
#define OPTION_LABEL_COLUMN {.name = "label", .kind = OPTION_TEXT, .argument = "COLUMN", \
     .help = "which column is the category, a path or an id; else the usual names"}
#define OPTION_TITLES_ONLY {.name = "titles-only", .kind = OPTION_SWITCH, \
     .help = "pass over description, brand and seller category"}
/* clang-format on */

/* What a row says of its product, as far as the options want it. Borrowed as the row. */
struct product_text model_row_product(const struct cli *cli, const struct label_row *row);

/* A labelled file, begun to be read. model_file_close in any case, {0} before. */
struct model_file {
    struct cli *cli;
    FILE *stream;
    struct labels labels;
    struct str name;
    bool told_mended;
};
enum aisle_status model_file_open(struct cli *cli, struct str path, bool unlabelled,
                                  struct model_file *f, struct aisle_err *err);
/* As labels_next; warns once of letters that are no UTF-8. */
enum aisle_status model_file_next(struct model_file *f, struct label_row *row,
                                  struct aisle_err *err);
void model_file_close(struct model_file *f);

/* --model, opened; AISLE_INVALID when it was not said. asker_free, then model_close. */
enum aisle_status model_asker_open(struct cli *cli, struct model **m, struct asker **a,
                                   struct aisle_err *err);

/* What model train tells of the model it made. */
enum aisle_status model_put_trained(struct out *out, const struct trained_model *m,
                                    struct aisle_err *err);
/* The cells right, right_in_3 and ece; absent where no title could be held out. */
void model_put_measure(struct out *out, const struct trained_model *m);

/* As a worker trains: from what is decided and labelled for the target, kept for all who
 * share the store. */
enum aisle_status model_train_store(struct cli *cli, struct aisle_err *err);

/* What the model of --model says: of the title given, rows of the columns id, path,
 * confidence and reasons; without one, of a file of products on stdin, an object a line
 * in their order. */
enum aisle_status model_answer(struct cli *cli, const struct column *columns,
                               struct aisle_err *err);

#endif
