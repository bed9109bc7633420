#include "listing/judge.h"

static const struct listing_certificate *find_certificate(const struct listing_draft *d,
                                                          struct str id)
{
    for (size_t i = 0; i < d->certificate_count; i++)
        if (str_eq(d->certificates[i].id, id))
            return &d->certificates[i];
    return NULL;
}

static void judge_expiration(struct judge *j, const struct place *at,
                             const struct listing_certificate *c,
                             const struct required_certificate *known)
{
    const struct listing_int *date = &c->expiration_date;

    if (!date->said) {
        if (known && known->expiration_required && j->to_list)
            judge_error(j, at, "certificate-date", "12052385",
                        SAID(.what = STR_LIT("until when the certificate holds is "
                                             "missing"),
                             .allowed = STR_LIT("a time to come"),
                             .fix = judge_naming(
                                 j, "say until when it holds:", known->name, known->id),
                             .about = ABOUT(known)));
        return;
    }
    if (date->n <= 0 || (j->now && date->n <= j->now))
        judge_error(j, at, "certificate-date", "12052385",
                    SAID(.what = STR_LIT("the certificate has expired"),
                         .found = judge_number(j, date->n)));
}

/* Upload Product File 202309 takes so much of a PDF. */
enum { PDF_BYTES_MAX = 20 * 1024 * 1024 };

static void judge_file(struct judge *j, const struct place *at,
                       const struct listing_file *f)
{
    if (!is_file_id(f->id) && !(f->location.n && !f->id.n))
        judge_error(j, FIELD(at, "id"), "certificate-file", "12052658",
                    SAID(.what = STR_LIT("a file is named by something that is no "
                                         "id of an upload"),
                         .found = judge_quote(j, f->id),
                         .fix = STR_LIT("upload it first")));
    if ((f->format.n && !str_eq_nocase(f->format, STR_LIT("PDF"))) ||
        (f->looked && f->facts.kind != FILE_PDF))
        judge_error(j, FIELD(at, "format"), "certificate-format", "12052658",
                    SAID(.what = STR_LIT("a certificate's file must be a PDF"),
                         .found = f->looked ? str_of(file_kind_name(f->facts.kind))
                                            : judge_quote(j, f->format),
                         .allowed = STR_LIT("PDF")));
    if (f->looked && f->facts.bytes > PDF_BYTES_MAX)
        judge_error(j, at, "certificate-heavy", "12038005",
                    SAID(.what = STR_LIT("a certificate's file is too large"),
                         .found = judge_number(j, (int64_t)f->facts.bytes),
                         .allowed = findings_fmt(j->out, "%d bytes", PDF_BYTES_MAX),
                         .fix = STR_LIT("compress it")));
}

static void judge_documents(struct judge *j, const struct place *at,
                            const struct listing_certificate *c)
{
    size_t most = j->limits->certificates_max;

    if (c->images.count + c->file_count > most)
        judge_error(
            j, at, "certificate-documents", "12052657",
            SAID(.what = STR_LIT("a certificate has too many documents"),
                 .found = judge_number(j, (int64_t)(c->images.count + c->file_count)),
                 .allowed = judge_range(j, 1, (int64_t)most)));
    if (c->images.count + c->file_count == 0 && j->to_list)
        judge_error(j, at, "certificate-empty", "12052105",
                    SAID(.what = STR_LIT("a certificate without a document"),
                         .found = c->id, .fix = STR_LIT("add its image or PDF")));
    for (size_t i = 0; i < c->images.count; i++)
        judge_image(j, ITEM(FIELD(at, "images"), i), &c->images.rows[i], USE_CERTIFICATE);
    for (size_t i = 0; i < c->file_count; i++)
        judge_file(j, ITEM(FIELD(at, "files"), i), &c->files[i]);
}

static void judge_certificate(struct judge *j, const struct place *at, size_t i)
{
    const struct listing_certificate *c = &j->draft->certificates[i];
    const struct required_certificate *known =
        j->need && c->id.n ? requirement_certificate(j->need, c->id) : NULL;

    if (find_certificate(j->draft, c->id) != c)
        judge_error(j, FIELD(at, "id"), "certificate-twice", "12052656",
                    SAID(.what = STR_LIT("a certificate is there twice"), .found = c->id,
                         .fix = STR_LIT("put its documents into one")));
    if (!c->id.n || (j->need && j->need->rules_known && !known))
        judge_error(j, FIELD(at, "id"), "certificate-unknown", "12052655",
                    SAID(.what = STR_LIT("the category knows no such certificate"),
                         .found = judge_quote(j, c->id), .fix = STR_LIT("leave it out"),
                         .mend = MEND_DROP));
    judge_documents(j, at, c);
    judge_expiration(j, FIELD(at, "expiration_date"), c, known);
}

void judge_certificates(struct judge *j)
{
    const struct place *at = FIELD(NULL, "certifications");
    const struct listing_draft *d = j->draft;

    if (d->certificate_count > j->limits->certificates_max)
        judge_error(j, at, "certificates-many", "12052657",
                    SAID(.what = STR_LIT("there are too many certificates"),
                         .found = judge_number(j, (int64_t)d->certificate_count),
                         .allowed = judge_range(j, 0, j->limits->certificates_max)));
    for (size_t i = 0; i < d->certificate_count; i++)
        judge_certificate(j, ITEM(at, i), i);
    if (!j->to_list || !j->need || (j->partial && !d->certificates))
        return;
    for (size_t i = 0; i < j->need->certificate_count; i++) {
        const struct required_certificate *c = &j->need->certificates[i];

        if (find_certificate(d, c->id) || !(c->required || conditions_hold(j, &c->when)))
            continue;
        judge_error(j, at, "certificate-missing", "12052105",
                    SAID(.what = STR_LIT("a certificate is missing"),
                         .allowed = c->details.n ? judge_quote(j, c->details)
                                                 : STR_LIT("an image or a PDF"),
                         .fix = judge_naming(j, "add", c->name, c->id),
                         .about = ABOUT(c)));
    }
}
