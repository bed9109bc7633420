/* names.c - what sellers and shop systems call the columns we know
 *
 * A row is a name as text_key leaves it; of two that a file has, the earlier counts.
 * Adding one needs no code: put it where it belongs among those of its field.
 */
#include "feeds/columns.h"

#include "base/text.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static const char *const field_names[FEED_FIELDS] = {
    [FEED_ID] = "id",
    [FEED_TITLE] = "title",
    [FEED_DESCRIPTION] = "description",
    [FEED_BRAND] = "brand",
    [FEED_CATEGORY] = "category",
    [FEED_CATEGORY_ID] = "category_id",
    [FEED_IMAGE] = "image",
    [FEED_PRICE] = "price",
    [FEED_CURRENCY] = "currency",
    [FEED_ATTRIBUTES] = "attributes",
    [FEED_SELLER] = "seller",
};

const char *feed_field_name(enum feed_field field)
{
    return (size_t)field < FEED_FIELDS ? field_names[field] : "none";
}

enum { SEVERAL = 1, PROMO = 2 };

static const struct {
    enum feed_field field;
    const char *key;
    unsigned is;
} names[] = {
    /* ours; English and Indonesian; other shop systems; other languages */
    {FEED_ID, "id", 0},
    {FEED_ID, "product id", 0},
    {FEED_ID, "productid", 0},
    {FEED_ID, "sku", 0},
    {FEED_ID, "seller sku", 0},
    {FEED_ID, "sku penjual", 0},
    {FEED_ID, "sku induk", 0},
    {FEED_ID, "kode sku", 0},
    {FEED_ID, "nomor sku", 0},
    {FEED_ID, "product sku", 0},
    {FEED_ID, "parent sku", 0},
    {FEED_ID, "id produk", 0},
    {FEED_ID, "kode produk", 0},
    {FEED_ID, "kode barang", 0},
    {FEED_ID, "kode", 0},
    {FEED_ID, "item id", 0},
    {FEED_ID, "item code", 0},
    {FEED_ID, "item sku", 0},
    {FEED_ID, "product code", 0},
    {FEED_ID, "article number", 0},
    {FEED_ID, "handle", 0},
    {FEED_ID, "merchant product id", 0},
    {FEED_ID, "offer id", 0},
    {FEED_ID, "variant sku", 0},
    {FEED_ID, "item number", 0},
    {FEED_ID, "custom label sku", 0},        /* eBay */
    {FEED_ID, "product code sku", 0},        /* BigCommerce */
    {FEED_ID, "product id non editable", 0}, /* Squarespace */
    {FEED_ID, "handleid", 0},                /* Wix */
    {FEED_ID, "reference", 0},
    {FEED_ID, "артикул", 0}, /* Russian */
    {FEED_ID, "ugs", 0},     /* French */
    {FEED_ID, "artikelnummer", 0},
    {FEED_ID, "codigo", 0},
    {FEED_ID, "referencia", 0},
    {FEED_ID, "ma san pham", 0}, /* Vietnamese */

    {FEED_TITLE, "title", 0},
    {FEED_TITLE, "name", 0},
    {FEED_TITLE, "product name", 0},
    {FEED_TITLE, "productname", 0},
    {FEED_TITLE, "product title", 0},
    {FEED_TITLE, "judul", 0},
    {FEED_TITLE, "judul produk", 0},
    {FEED_TITLE, "nama", 0},
    {FEED_TITLE, "nama produk", 0},
    {FEED_TITLE, "nama barang", 0},
    {FEED_TITLE, "item name", 0},
    {FEED_TITLE, "item title", 0},
    {FEED_TITLE, "listing title", 0},
    {FEED_TITLE, "имя", 0},
    {FEED_TITLE, "название", 0},
    {FEED_TITLE, "наименование", 0},
    {FEED_TITLE, "nombre", 0},
    {FEED_TITLE, "nome", 0},
    {FEED_TITLE, "nom", 0},
    {FEED_TITLE, "titre", 0},
    {FEED_TITLE, "titulo", 0},
    {FEED_TITLE, "titel", 0},
    {FEED_TITLE, "naam", 0},
    {FEED_TITLE, "nazwa", 0},
    {FEED_TITLE, "tytuł", 0},
    {FEED_TITLE, "isim", 0},
    {FEED_TITLE, "urun adı", 0},
    {FEED_TITLE, "ten", 0},
    {FEED_TITLE, "ten san pham", 0},

    {FEED_DESCRIPTION, "description", 0},
    {FEED_DESCRIPTION, "body html", 0},
    {FEED_DESCRIPTION, "product description", 0},
    {FEED_DESCRIPTION, "long description", 0},
    {FEED_DESCRIPTION, "deskripsi", 0},
    {FEED_DESCRIPTION, "deskripsi produk", 0},
    {FEED_DESCRIPTION, "keterangan", 0},
    {FEED_DESCRIPTION, "body", 0},
    {FEED_DESCRIPTION, "описание", 0},
    {FEED_DESCRIPTION, "descripcion", 0},
    {FEED_DESCRIPTION, "descricao", 0},
    {FEED_DESCRIPTION, "beschreibung", 0},
    {FEED_DESCRIPTION, "beschrijving", 0},
    {FEED_DESCRIPTION, "descrizione", 0},
    {FEED_DESCRIPTION, "opis", 0},
    {FEED_DESCRIPTION, "acıklama", 0},
    {FEED_DESCRIPTION, "mo ta", 0},
    {FEED_DESCRIPTION, "mo ta san pham", 0},
    {FEED_DESCRIPTION, "short description", 0},
    {FEED_DESCRIPTION, "deskripsi singkat", 0},
    {FEED_DESCRIPTION, "короткое описание", 0},
    {FEED_DESCRIPTION, "descripcion corta", 0},
    {FEED_DESCRIPTION, "descricao curta", 0},
    {FEED_DESCRIPTION, "kurzbeschreibung", 0},

    {FEED_BRAND, "brand", 0},
    {FEED_BRAND, "brand name", 0},
    {FEED_BRAND, "brands", 0},
    {FEED_BRAND, "merek", 0},
    {FEED_BRAND, "merk", 0},
    {FEED_BRAND, "vendor", 0},
    {FEED_BRAND, "manufacturer", 0},
    {FEED_BRAND, "produsen", 0},
    {FEED_BRAND, "бренд", 0},
    {FEED_BRAND, "бренды", 0},
    {FEED_BRAND, "marca", 0},
    {FEED_BRAND, "marque", 0},
    {FEED_BRAND, "marke", 0},
    {FEED_BRAND, "marka", 0},
    {FEED_BRAND, "thuong hieu", 0},

    {FEED_CATEGORY, "category", 0},
    {FEED_CATEGORY, "seller category", 0},
    {FEED_CATEGORY, "own category", 0},
    {FEED_CATEGORY, "product category", 0},
    {FEED_CATEGORY, "category path", 0},
    {FEED_CATEGORY, "category name", 0},
    {FEED_CATEGORY, "kategori", 0},
    {FEED_CATEGORY, "kategori produk", 0},
    {FEED_CATEGORY, "nama kategori", 0},
    {FEED_CATEGORY, "etalase", 0}, /* a Tokopedia shop's own shelves */
    {FEED_CATEGORY, "categories", SEVERAL},
    {FEED_CATEGORY, "categories x y z", SEVERAL}, /* PrestaShop */
    {FEED_CATEGORY, "product type", 0},           /* Google Merchant Center: own type */
    {FEED_CATEGORY, "type", 0}, /* Shopify; elsewhere it is simple, variable, … */
    {FEED_CATEGORY, "merchant category", 0},
    {FEED_CATEGORY, "collection", 0},
    {FEED_CATEGORY, "google product category", 0},
    {FEED_CATEGORY, "категории", SEVERAL},
    {FEED_CATEGORY, "категория", 0},
    {FEED_CATEGORY, "categorias", SEVERAL},
    {FEED_CATEGORY, "categoria", 0},
    {FEED_CATEGORY, "kategorien", SEVERAL},
    {FEED_CATEGORY, "kategorie", 0}, /* a plural in Polish, none in German */
    {FEED_CATEGORY, "categorieen", SEVERAL},
    {FEED_CATEGORY, "categorie", 0},
    {FEED_CATEGORY, "kategoriler", SEVERAL},
    {FEED_CATEGORY, "danh muc", 0},

    {FEED_CATEGORY_ID, "category id", 0},
    {FEED_CATEGORY_ID, "categoryid", 0},
    {FEED_CATEGORY_ID, "seller category id", 0},
    {FEED_CATEGORY_ID, "local category id", 0},
    {FEED_CATEGORY_ID, "localcategoryid", 0},
    {FEED_CATEGORY_ID, "id kategori", 0},

    {FEED_IMAGE, "image", 0},
    {FEED_IMAGE, "image url", 0},
    {FEED_IMAGE, "image link", 0},
    {FEED_IMAGE, "image src", 0},
    {FEED_IMAGE, "image location", 0},
    {FEED_IMAGE, "main image", 0},
    {FEED_IMAGE, "main image url", 0},
    {FEED_IMAGE, "images", SEVERAL},
    {FEED_IMAGE, "image urls", SEVERAL},
    {FEED_IMAGE, "image urls x y z", SEVERAL},
    {FEED_IMAGE, "product image", 0},
    {FEED_IMAGE, "product images", SEVERAL},
    {FEED_IMAGE, "gambar", SEVERAL},
    {FEED_IMAGE, "gambar utama", 0},
    {FEED_IMAGE, "gambar produk", SEVERAL},
    {FEED_IMAGE, "gambar 1", 0},
    {FEED_IMAGE, "url gambar", 0},
    {FEED_IMAGE, "link gambar", 0},
    {FEED_IMAGE, "foto", SEVERAL},
    {FEED_IMAGE, "foto produk", SEVERAL},
    {FEED_IMAGE, "foto produk 1", 0},
    {FEED_IMAGE, "photo", 0},
    {FEED_IMAGE, "photo url", 0},
    {FEED_IMAGE, "picture", 0},
    {FEED_IMAGE, "picture url", 0},
    {FEED_IMAGE, "base image", 0}, /* Magento */
    {FEED_IMAGE, "image 1", 0},
    {FEED_IMAGE, "image1", 0},
    {FEED_IMAGE, "main product image", 0},
    {FEED_IMAGE, "cover image", 0},
    {FEED_IMAGE, "foto sampul", 0},
    {FEED_IMAGE, "product image url", 0},
    {FEED_IMAGE, "productimageurl", 0},
    {FEED_IMAGE, "product image file 1", 0},
    {FEED_IMAGE, "hosted image urls", SEVERAL},
    {FEED_IMAGE, "merchant image url", 0}, /* Awin */
    {FEED_IMAGE, "variant image", 0},
    {FEED_IMAGE, "изображения", SEVERAL},
    {FEED_IMAGE, "изображение", 0},
    {FEED_IMAGE, "imagenes", SEVERAL},
    {FEED_IMAGE, "imagen", 0},
    {FEED_IMAGE, "imagens", SEVERAL},
    {FEED_IMAGE, "imagem", 0},
    {FEED_IMAGE, "bilder", SEVERAL},
    {FEED_IMAGE, "bild", 0},
    {FEED_IMAGE, "afbeeldingen", SEVERAL},
    {FEED_IMAGE, "obrazki", SEVERAL},
    {FEED_IMAGE, "gorseller", SEVERAL},
    {FEED_IMAGE, "hinh anh", SEVERAL},

    {FEED_PRICE, "price", 0},
    {FEED_PRICE, "regular price", 0},
    {FEED_PRICE, "variant price", 0},
    {FEED_PRICE, "harga", 0},
    {FEED_PRICE, "harga jual", 0},
    {FEED_PRICE, "harga produk", 0},
    {FEED_PRICE, "harga normal", 0},
    {FEED_PRICE, "harga reguler", 0},
    {FEED_PRICE, "price tax excl", 0},
    {FEED_PRICE, "price tax incl", 0},
    {FEED_PRICE, "retail price", 0},
    {FEED_PRICE, "retail price local currency", 0},
    {FEED_PRICE, "search price", 0}, /* Awin */
    {FEED_PRICE, "базовая цена", 0},
    {FEED_PRICE, "обычная цена", 0},
    {FEED_PRICE, "цена", 0},
    {FEED_PRICE, "precio normal", 0},
    {FEED_PRICE, "precio", 0},
    {FEED_PRICE, "preco", 0},
    {FEED_PRICE, "preis", 0},
    {FEED_PRICE, "regularer preis", 0},
    {FEED_PRICE, "tarif regulier", 0},
    {FEED_PRICE, "prix", 0},
    {FEED_PRICE, "prijs", 0},
    {FEED_PRICE, "reguliere prijs", 0},
    {FEED_PRICE, "cena", 0},
    {FEED_PRICE, "cena katalogowa", 0},
    {FEED_PRICE, "fiyat", 0},
    {FEED_PRICE, "normal fiyat", 0},
    {FEED_PRICE, "gia", 0},
    {FEED_PRICE, "gia ban", 0},
    {FEED_PRICE, "sale price", PROMO},
    {FEED_PRICE, "special price", PROMO}, /* Magento */
    {FEED_PRICE, "promo price", PROMO},
    {FEED_PRICE, "promotion price", PROMO},
    {FEED_PRICE, "promotional price", PROMO},
    {FEED_PRICE, "discount price", PROMO},
    {FEED_PRICE, "discounted price", PROMO},
    {FEED_PRICE, "harga promo", PROMO},
    {FEED_PRICE, "harga promosi", PROMO},
    {FEED_PRICE, "harga diskon", PROMO},
    {FEED_PRICE, "harga setelah diskon", PROMO},
    {FEED_PRICE, "harga spesial", PROMO},
    {FEED_PRICE, "harga obral", PROMO},
    {FEED_PRICE, "акционная цена", PROMO},
    {FEED_PRICE, "цена распродажи", PROMO},
    {FEED_PRICE, "precio rebajado", PROMO},
    {FEED_PRICE, "precio de oferta", PROMO},
    {FEED_PRICE, "preco promocional", PROMO},
    {FEED_PRICE, "angebotspreis", PROMO},
    {FEED_PRICE, "tarif promo", PROMO},
    {FEED_PRICE, "prezzo in offerta", PROMO},
    {FEED_PRICE, "actieprijs", PROMO},
    {FEED_PRICE, "cena promocyjna", PROMO},
    {FEED_PRICE, "indirimli satıs fiyatı", PROMO},
    {FEED_PRICE, "gia khuyen mai", PROMO},

    {FEED_CURRENCY, "currency", 0},
    {FEED_CURRENCY, "currency code", 0},
    {FEED_CURRENCY, "mata uang", 0},
    {FEED_CURRENCY, "valuta", 0},
    {FEED_CURRENCY, "валюта", 0},

    {FEED_ATTRIBUTES, "attributes", 0},
};

/* What stands before a number where every picture has a column of its own. */
static const char *const pictures[] = {
    "image",
    "images",
    "image url",
    "image link",
    "image src",
    "img",
    "product image",
    "product images",
    "product image url",
    "product image file",
    "main image",
    "additional image",
    "additional image url",
    "additional image link",
    "item image",
    "photo",
    "photo url",
    "picture",
    "picture url",
    "gambar",
    "gambar produk",
    "gambar tambahan",
    "url gambar",
    "link gambar",
    "foto",
    "foto produk",
    "foto tambahan",
    "url foto",
    "link foto",
};

static struct str without(struct str key, const char *tail)
{
    return str_ends(key, tail) ? str_head(key, key.n - strlen(tail)) : key;
}

unsigned feed_picture_number(struct str key)
{
    struct str name = without(without(without(key, " url"), " link"), " src");
    size_t n = name.n;
    int64_t number;

    while (n > 0 && name.p[n - 1] >= '0' && name.p[n - 1] <= '9')
        n--;
    if (!parse_i64(str_skip(name, n), 1, FEED_MOST_PICTURES, &number))
        return 0;
    name = text_trim(str_head(name, n));
    for (size_t i = 0; i < COUNT(pictures); i++)
        if (str_is(name, pictures[i]))
            return (unsigned)number;
    return 0;
}

struct feed_name feed_name_of(struct str key)
{
    for (size_t i = 0; i < COUNT(names); i++)
        if (str_is(key, names[i].key))
            return (struct feed_name){names[i].field, (unsigned)i,
                                      (names[i].is & SEVERAL) != 0,
                                      (names[i].is & PROMO) != 0};
    if (feed_picture_number(key) == 1)
        return (struct feed_name){.field = FEED_IMAGE, .rank = COUNT(names)};
    return (struct feed_name){.field = FEED_FIELDS};
}

const char *feed_known_name(size_t i)
{
    return i < COUNT(names) ? names[i].key : NULL;
}
