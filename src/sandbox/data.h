/* data.h - the sandbox's own files, built into the program (data/README.md) */
#ifndef SANDBOX_DATA_H
#define SANDBOX_DATA_H

#include "base/str.h"

extern const char sandbox_tree_tsv[], sandbox_tokopedia_tsv[], sandbox_truth_tsv[],
    sandbox_brands_tsv[], sandbox_requirements_json[];
extern const size_t sandbox_tree_tsv_len, sandbox_tokopedia_tsv_len,
    sandbox_truth_tsv_len, sandbox_brands_tsv_len, sandbox_requirements_json_len;

/* SANDBOX_DATA(tree) is tree.tsv's text. */
#define SANDBOX_DATA(name) str_n(sandbox_##name##_tsv, sandbox_##name##_tsv_len)

#endif
