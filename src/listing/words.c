#include "listing/words.h"

#include "base/text.h"
#include "listing/cells.h"

static const struct {
    const char *key;
    enum column_role role;
} columns[] = {
    {"sku", COLUMN_SKU},
    {"variant sku", COLUMN_SKU},
    {"seller sku", COLUMN_SKU},
    {"sku varian", COLUMN_SKU},
    {"sku variasi", COLUMN_SKU},
    {"sku penjual", COLUMN_SKU},
    {"kode varian", COLUMN_SKU},
    {"kode variasi", COLUMN_SKU},
    {"price", COLUMN_PRICE},
    {"variant price", COLUMN_PRICE},
    {"harga", COLUMN_PRICE},
    {"harga jual", COLUMN_PRICE},
    {"harga normal", COLUMN_PRICE},
    {"harga varian", COLUMN_PRICE},
    {"harga variasi", COLUMN_PRICE},
    {"list price", COLUMN_LIST_PRICE},
    {"compare at price", COLUMN_LIST_PRICE},
    {"variant compare at price", COLUMN_LIST_PRICE},
    {"quantity", COLUMN_QUANTITY},
    {"qty", COLUMN_QUANTITY},
    {"stock", COLUMN_QUANTITY},
    {"stok", COLUMN_QUANTITY},
    {"stok varian", COLUMN_QUANTITY},
    {"stok variasi", COLUMN_QUANTITY},
    {"stok produk", COLUMN_QUANTITY},
    {"stok barang", COLUMN_QUANTITY},
    {"stok tersedia", COLUMN_QUANTITY},
    {"jumlah stok", COLUMN_QUANTITY},
    {"total stok", COLUMN_QUANTITY},
    {"kuantitas", COLUMN_QUANTITY},
    {"variant inventory qty", COLUMN_QUANTITY},
    {"barcode", COLUMN_BARCODE},
    {"variant barcode", COLUMN_BARCODE},
    {"gtin", COLUMN_BARCODE},
    {"ean", COLUMN_BARCODE},
    {"upc", COLUMN_BARCODE},
    {"isbn", COLUMN_BARCODE},
    {"kode batang", COLUMN_BARCODE},
    {"kode ean", COLUMN_BARCODE},
    {"barcode varian", COLUMN_BARCODE},
    {"barcode produk", COLUMN_BARCODE},
    {"combined skus", COLUMN_COMBINED},
    {"bundle of", COLUMN_COMBINED},
    {"image", COLUMN_IMAGE},
    {"variant image", COLUMN_IMAGE},
    {"image url", COLUMN_IMAGE},
    {"image link", COLUMN_IMAGE},
    {"image src", COLUMN_IMAGE},
    {"variant image url", COLUMN_IMAGE},
    {"sku image", COLUMN_IMAGE},
    {"photo", COLUMN_IMAGE},
    {"picture", COLUMN_IMAGE},
    {"gambar", COLUMN_IMAGE},
    {"gambar varian", COLUMN_IMAGE},
    {"gambar variasi", COLUMN_IMAGE},
    {"url gambar", COLUMN_IMAGE},
    {"foto", COLUMN_IMAGE},
    {"foto varian", COLUMN_IMAGE},
    {"foto variasi", COLUMN_IMAGE},
    {"grams", COLUMN_GRAMS},
    {"variant grams", COLUMN_GRAMS},
    {"weight g", COLUMN_GRAMS},
    {"weight gram", COLUMN_GRAMS},
    {"berat g", COLUMN_GRAMS},
    {"berat gram", COLUMN_GRAMS},
    {"berat gr", COLUMN_GRAMS},
    {"berat produk g", COLUMN_GRAMS},
    {"berat produk gr", COLUMN_GRAMS},
    {"berat produk gram", COLUMN_GRAMS},
    {"berat paket g", COLUMN_GRAMS},
    {"berat paket gr", COLUMN_GRAMS},
    {"berat paket gram", COLUMN_GRAMS},
    {"berat barang gram", COLUMN_GRAMS},
    {"weight", COLUMN_WEIGHT},
    {"weight kg", COLUMN_KILOGRAMS},
    {"berat", COLUMN_WEIGHT},
    {"berat kg", COLUMN_KILOGRAMS},
    {"berat produk", COLUMN_WEIGHT},
    {"berat produk kg", COLUMN_KILOGRAMS},
    {"berat paket", COLUMN_WEIGHT},
    {"berat paket kg", COLUMN_KILOGRAMS},
    {"berat barang", COLUMN_WEIGHT},
    {"weight unit", COLUMN_WEIGHT_UNIT},
    {"satuan berat", COLUMN_WEIGHT_UNIT},
    {"length", COLUMN_LENGTH},
    {"length cm", COLUMN_LENGTH},
    {"panjang", COLUMN_LENGTH},
    {"panjang cm", COLUMN_LENGTH},
    {"panjang paket", COLUMN_LENGTH},
    {"panjang paket cm", COLUMN_LENGTH},
    {"panjang produk", COLUMN_LENGTH},
    {"panjang produk cm", COLUMN_LENGTH},
    {"width", COLUMN_WIDTH},
    {"width cm", COLUMN_WIDTH},
    {"lebar", COLUMN_WIDTH},
    {"lebar cm", COLUMN_WIDTH},
    {"lebar paket", COLUMN_WIDTH},
    {"lebar paket cm", COLUMN_WIDTH},
    {"lebar produk", COLUMN_WIDTH},
    {"lebar produk cm", COLUMN_WIDTH},
    {"height", COLUMN_HEIGHT},
    {"height cm", COLUMN_HEIGHT},
    {"tinggi", COLUMN_HEIGHT},
    {"tinggi cm", COLUMN_HEIGHT},
    {"tinggi paket", COLUMN_HEIGHT},
    {"tinggi paket cm", COLUMN_HEIGHT},
    {"tinggi produk", COLUMN_HEIGHT},
    {"tinggi produk cm", COLUMN_HEIGHT},
    {"video", COLUMN_VIDEO},
    {"product video", COLUMN_VIDEO},
    {"size chart", COLUMN_SIZE_CHART},
    {"size chart image", COLUMN_SIZE_CHART},
    {"tabel ukuran", COLUMN_SIZE_CHART},
    {"panduan ukuran", COLUMN_SIZE_CHART},
    {"size chart template", COLUMN_SIZE_CHART_TEMPLATE},
    {"template tabel ukuran", COLUMN_SIZE_CHART_TEMPLATE},
};

/* "nama varian 1", "Warna" beside "pilihan varian 1", "Merah". */
static const struct {
    const char *before;
    enum column_role role;
} numbered[] = {
    {"nama varian ", COLUMN_OPTION_NAME},     {"nama variasi ", COLUMN_OPTION_NAME},
    {"nama opsi ", COLUMN_OPTION_NAME},       {"tipe varian ", COLUMN_OPTION_NAME},
    {"tipe variasi ", COLUMN_OPTION_NAME},    {"nilai varian ", COLUMN_OPTION_VALUE},
    {"nilai variasi ", COLUMN_OPTION_VALUE},  {"nilai opsi ", COLUMN_OPTION_VALUE},
    {"pilihan varian ", COLUMN_OPTION_VALUE}, {"pilihan variasi ", COLUMN_OPTION_VALUE},
};

static enum column_role option_role(struct str key, unsigned *number)
{
    char last = key.n ? key.p[key.n - 1] : '0';

    for (size_t i = 0; i < sizeof numbered / sizeof *numbered; i++)
        if (last >= '1' && last <= '3' &&
            str_is(str_head(key, key.n - 1), numbered[i].before)) {
            *number = (unsigned)(last - '0');
            return numbered[i].role;
        }
    return COLUMN_NONE;
}

enum column_role column_role_of(struct str key, unsigned *number)
{
    *number = 0;
    if (str_starts(key, "option") && key.n > 8 && key.p[6] >= '1' && key.p[6] <= '3') {
        *number = (unsigned)(key.p[6] - '0');
        if (str_is(str_skip(key, 7), " name"))
            return COLUMN_OPTION_NAME;
        if (str_is(str_skip(key, 7), " value"))
            return COLUMN_OPTION_VALUE;
    }
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        if (str_is(key, columns[i].key))
            return columns[i].role;
    return option_role(key, number);
}

unsigned column_sense(struct str key)
{
    unsigned number;
    enum column_role role = column_role_of(key, &number);

    switch (role) {
    case COLUMN_GRAMS:
    case COLUMN_KILOGRAMS:
    case COLUMN_WEIGHT:
        return COLUMN_KILOGRAMS;
    case COLUMN_QUANTITY:
    case COLUMN_COMBINED:
    case COLUMN_LENGTH:
    case COLUMN_WIDTH:
    case COLUMN_HEIGHT:
    case COLUMN_VIDEO:
    case COLUMN_SIZE_CHART:
    case COLUMN_SIZE_CHART_TEMPLATE:
        return role;
    default: /* codes of several kinds, and what is no column of a product's */
        return 0;
    }
}

bool column_lacks_unit(struct str key, struct str value)
{
    unsigned number;

    return column_role_of(key, &number) == COLUMN_WEIGHT && cell_lacks_unit(value);
}

struct str words_warehouse(struct str key)
{
    static const char *const before[] = {"quantity ", "qty ", "stock ", "stok "};

    for (size_t i = 0; i < sizeof before / sizeof *before; i++)
        if (str_starts(key, before[i]))
            return str_skip(key, strlen(before[i]));
    return STR_LIT("");
}

/* One row, words for one thing. */
static const char *const synonyms[][8] = {
    {"material", "bahan", "fabric", "kain"},
    {"color", "colour", "warna"},
    {"size", "ukuran"},
    {"pattern", "pola", "motif", "corak"},
    {"gender", "jenis kelamin"},
    {"style", "gaya", "model"},
    {"season", "musim"},
    {"brand", "merek", "merk"},
    {"capacity", "kapasitas", "volume"},
    {"origin", "country of origin", "asal", "negara asal"},
    {"warranty", "garansi", "warranty period", "masa garansi"},
    {"age", "age group", "usia", "umur"},
    {"flavor", "flavour", "rasa"},
    {"sleeve length", "panjang lengan"},
    {"collar", "neckline", "kerah"},
    {"shape", "bentuk"},
    {"power", "daya"},
    {"voltage", "tegangan"},
    {"features", "feature", "fitur"},
    {"red", "merah"},
    {"blue", "biru"},
    {"green", "hijau"},
    {"yellow", "kuning"},
    {"black", "hitam"},
    {"white", "putih"},
    {"gray", "grey", "abu abu", "abu"},
    {"brown", "coklat", "cokelat"},
    {"pink", "merah muda"},
    {"purple", "ungu"},
    {"orange", "oranye", "jingga"},
    {"cotton", "katun"},
    {"polyester", "poliester"},
    {"leather", "kulit"},
    {"wood", "kayu"},
    {"metal", "logam"},
    {"iron", "besi"},
    {"plastic", "plastik"},
    {"glass", "kaca"},
    {"rubber", "karet"},
    {"paper", "kertas"},
    {"silk", "sutra"},
    {"wool", "wol"},
    {"men", "man", "male", "pria", "laki laki"},
    {"women", "woman", "female", "wanita", "perempuan"},
    {"kids", "children", "anak", "anak anak"},
    {"plain", "solid", "polos"},
    {"stripes", "striped", "garis", "garis garis"},
    {"floral", "bunga"},
    {"yes", "ya"},
    {"no", "tidak"},
    {"none", "without", "tidak ada", "tanpa"},
};
enum { ROW = 8 };

static bool in_row(const char *const row[ROW], struct str key)
{
    for (size_t i = 0; i < ROW && row[i]; i++)
        if (str_is(key, row[i]))
            return true;
    return false;
}

bool words_same(struct str key, struct str other)
{
    if (str_eq(key, other))
        return true;
    for (size_t i = 0; i < sizeof synonyms / sizeof *synonyms; i++)
        if (in_row(synonyms[i], key) && in_row(synonyms[i], other))
            return true;
    return false;
}

struct str words_key(struct str s, struct arena *arena)
{
    struct buf key = BUF_INIT(BUF_MAX_LINE);
    struct str kept = {0};

    text_key(s, &key);
    if (!key.failed)
        kept = arena_str(arena, buf_str(&key));
    buf_clear(&key);
    return kept;
}
