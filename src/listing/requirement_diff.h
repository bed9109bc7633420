/* requirement_diff.h - what a leaf demands now that it did not, and the other way round
 *
 * A value to be shown before anyone acts on it, as taxonomy/diff.h is for the tree.
 */
#ifndef LISTING_REQUIREMENT_DIFF_H
#define LISTING_REQUIREMENT_DIFF_H

#include "listing/requirement.h"

enum requirement_change {
    REQUIREMENT_ATTRIBUTE_ADDED,
    REQUIREMENT_ATTRIBUTE_REMOVED,
    REQUIREMENT_ATTRIBUTE_RENAMED,
    REQUIREMENT_BECAME_MANDATORY,   /* an attribute */
    REQUIREMENT_BECAME_OPTIONAL,    /* an attribute */
    REQUIREMENT_ATTRIBUTE_KIND,     /* sales, custom, multiple or number */
    REQUIREMENT_CONDITIONS_CHANGED, /* of an attribute or a certificate */
    REQUIREMENT_VALUE_ADDED,
    REQUIREMENT_VALUE_REMOVED,
    REQUIREMENT_VALUE_RENAMED,
    REQUIREMENT_CERTIFICATE_ADDED, /* may be asked for */
    REQUIREMENT_CERTIFICATE_REMOVED,
    REQUIREMENT_CERTIFICATE_DEMANDED, /* became required, or new and required */
    REQUIREMENT_CERTIFICATE_RELAXED,  /* is no longer required */
    REQUIREMENT_CERTIFICATE_CHANGED,  /* name, details, expiration date */
    REQUIREMENT_RULE_DEMANDED, /* size_chart, package_dimension, epr, manufacturer, … */
    REQUIREMENT_RULE_RELAXED,
    REQUIREMENT_ALLOWED, /* cod, size_chart, a special type: may be used now */
    REQUIREMENT_NO_LONGER_ALLOWED,
};

const char *requirement_change_name(enum requirement_change change); /* "value-removed" */

struct requirement_diff {
    enum requirement_change change;
    bool breaks;         /* a listing that was right may be wrong now */
    struct str id;       /* of attribute or certificate; the rule's word for a rule */
    struct str name;     /* for people; may be empty */
    struct str value_id; /* where it is about a value */
    struct str was, is;  /* for people; may be empty */
};

/* Borrowed until it returns; anything but AISLE_OK ends the walk and comes back. */
typedef enum aisle_status requirement_diff_fn(void *ctx, const struct requirement_diff *d,
                                              struct aisle_err *err);

/* Walk both in step and call fn once for each difference: rules first, then certificates,
 * then attributes with their values, by id. What one of the two does not know
 * (rules_known, attributes_known) is no difference; names are compared only within one
 * locale. */
enum aisle_status requirement_diff(const struct requirement *was,
                                   const struct requirement *is, requirement_diff_fn *fn,
                                   void *ctx, struct aisle_err *err);

#endif
