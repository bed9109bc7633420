/* text.ts - every word the page shows, in both languages, and how numbers and times are
 * written in them. {x} is filled in by the caller; {x:product|products} is the one for 1,
 * else the other. */
import { signal } from '@preact/signals';
import { doings, failures, found, indonesianOf, mends, problems, reasoned, remedies, rules } from './told';

const table = {
  'app.overview': ['Overview', 'Ringkasan'],
  'app.review': ['Review', 'Tinjau'],
  'app.trees': ['Trees', 'Pohon'],
  'app.products': ['Products', 'Produk'],
  'app.jobs': ['Jobs', 'Pekerjaan'],
  'app.syncs': ['Syncs', 'Sinkronisasi'],
  'app.shops': ['Shops', 'Toko'],
  'app.people': ['People', 'Pengguna'],
  'app.history': ['History', 'Riwayat'],
  'app.target': ['Where', 'Tujuan'],
  'app.not-here': ['The address names {what}, which is not here or not for you. What you see is another.', 'Alamat ini menyebut {what}, yang tidak ada di sini atau bukan untuk Anda. Yang Anda lihat yang lain.'],
  'app.seller': ['Seller', 'Penjual'],
  'app.signout': ['Sign out', 'Keluar'],
  'app.theme': ['Light or dark', 'Terang atau gelap'],
  'app.language': ['Indonesia', 'English'],
  'app.skip': ['Skip to content', 'Langsung ke isi'],
  'app.loading': ['Loading…', 'Memuat…'],
  'app.retry': ['Try again', 'Coba lagi'],
  'app.more': ['Show more', 'Tampilkan lagi'],
  'app.close': ['Close', 'Tutup'],
  'app.cancel': ['Cancel', 'Batal'],
  'app.unreachable': ['The service cannot be reached. Nothing here is lost: try again in a moment.', 'Layanan tidak dapat dihubungi. Tidak ada yang hilang di sini: coba lagi sebentar.'],
  'app.away': ['The connection is lost. It is tried again by itself; what you typed stays.', 'Sambungan terputus. Akan dicoba lagi sendiri; ketikan Anda tetap ada.'],
  'app.request': ['request {id}', 'permintaan {id}'],
  'app.no-target': ['There is no place to list in yet. Connect a shop first.', 'Belum ada tujuan. Hubungkan toko dahulu.'],
  'app.look-only': ['You may look, not decide: ask an admin for the role mapper.', 'Anda hanya boleh melihat: minta peran mapper kepada admin.'],

  'sign.title': ['Sign in to Aisle', 'Masuk ke Aisle'],
  'sign.welcome': ['Welcome. Make the first admin', 'Selamat datang. Buat admin pertama'],
  'sign.user': ['Name', 'Nama'],
  'sign.password': ['Password', 'Kata sandi'],
  'sign.go': ['Sign in', 'Masuk'],
  'sign.make': ['Make and sign in', 'Buat dan masuk'],
  'sign.over': ['Your session is over. Sign in again.', 'Sesi Anda berakhir. Silakan masuk lagi.'],
  'sign.still': ['Not signed out.', 'Belum keluar.'],
  'sign.wrong': ['Name or password is wrong.', 'Nama atau kata sandi salah.'],
  'sign.slow': ['Too many tries. Wait a little, then try again.', 'Terlalu banyak percobaan. Tunggu sebentar, lalu coba lagi.'],

  'queue.needs': ['Needs decision', 'Perlu keputusan'],
  'queue.agreed': ['Agreed', 'Sepakat'],
  'queue.conflict': ['Conflict', 'Bertentangan'],
  'queue.broken': ['Broken by tree change', 'Rusak oleh perubahan'],
  'queue.none': ['No legal category', 'Tanpa kategori sah'],
  'queue.done': ['Done', 'Selesai'],
  'queue.all': ['Queues', 'Antrean'],
  'queue.settled': ['{n} of {all} {all:product|products} settled', '{n} dari {all} produk selesai'],
  'by.label': ['Decide by', 'Putuskan per'],
  'by.category': ['Seller category', 'Kategori penjual'],
  'by.product': ['Product', 'Produk'],
  'empty.needs': ['Nothing waits for a decision here.', 'Tidak ada yang menunggu keputusan di sini.'],
  'empty.agreed': ['Nothing is agreed and unapproved. A mapping run fills this queue.', 'Tidak ada yang sepakat dan belum disetujui. Jalankan pemetaan untuk mengisinya.'],
  'empty.conflict': ['No product differs from its seller category.', 'Tidak ada produk yang berbeda dari kategori penjualnya.'],
  'empty.broken': ['No mapping was broken by a change of the tree.', 'Tidak ada pemetaan yang rusak oleh perubahan pohon.'],
  'empty.none': ['Nothing was found to have no legal category.', 'Tidak ada yang dinyatakan tanpa kategori sah.'],
  'empty.done': ['Nothing is decided yet.', 'Belum ada yang diputuskan.'],
  'empty.next': ['Go on with: {queue} ({n})', 'Lanjut ke: {queue} ({n})'],

  'why.no-decision': ['no decision yet', 'belum ada keputusan'],
  'why.refused': ['the suggestion was refused', 'saran ditolak'],
  'why.proposed': ['proposed, not sure', 'diusulkan, belum yakin'],
  'why.gone': ['its category takes no products any more', 'kategorinya tidak menerima produk lagi'],

  'card.covers': ['covers {n} {n:product|products}', 'mencakup {n} produk'],
  'card.covers-open': ['covers {n} {n:product|products}, {open} open', 'mencakup {n} produk, {open} belum selesai'],
  'card.in': ['in {category}', 'di {category}'],
  'card.brand': ['Brand', 'Merek'],
  'card.price': ['Price', 'Harga'],
  'card.no-image': ['no image', 'tanpa gambar'],
  'card.words': ['deciding words', 'kata penentu'],
  'card.alike': ['approved alike: {what}', 'serupa yang disetujui: {what}'],
  'card.samples': ['Products in it', 'Produk di dalamnya'],
  'card.samples-open': ['Still open in it', 'Yang belum selesai di dalamnya'],
  'card.evidence': ['Evidence', 'Bukti'],
  'card.now': ['Now: {state}, by {who}', 'Kini: {state}, oleh {who}'],
  'card.was': ['Was: {path}', 'Dulu: {path}'],
  'card.of': ['{i} of {n}', '{i} dari {n}'],
  'cand.title': ['Candidates', 'Calon kategori'],
  'cand.none': ['No candidate. Search the tree (/) or say there is none (n).', 'Tanpa calon. Cari di pohon (/) atau nyatakan tidak ada (n).'],
  'cand.closed': ['takes no products of this shop', 'tidak menerima produk toko ini'],
  'conf.sure': ['Sure', 'Yakin'],
  'conf.likely': ['Likely', 'Mungkin'],
  'conf.unsure': ['Unsure', 'Ragu'],
  'conf.tip': ['of suggestions shown like this, about {n} of 100 are right', 'dari saran seperti ini, sekitar {n} dari 100 benar'],
  'by.local': ['our matcher', 'pencocok kami'],
  'by.marketplace': ['marketplace', 'lokapasar'],
  'by.rule': ['rule', 'aturan'],
  'by.person': ['person', 'orang'],
  'by.matcher': ['our matcher', 'pencocok kami'],
  'by.new child': ['new below it', 'baru di bawahnya'],
  'by.same id': ['same id', 'id sama'],
  'by.same name': ['same name', 'nama sama'],
  'state.proposed': ['proposed', 'diusulkan'],
  'state.accepted': ['accepted', 'diterima'],
  'state.rejected': ['rejected', 'ditolak'],
  'state.none': ['no category', 'tanpa kategori'],
  'state.cleared': ['taken back', 'dibatalkan'],

  'do.accept': ['Accept', 'Terima'],
  'do.reject': ['Reject', 'Tolak'],
  'do.skip': ['Skip', 'Lewati'],
  'do.undo': ['Undo', 'Urungkan'],
  'do.none': ['None fits', 'Tidak ada'],
  'do.rule': ['Make a rule', 'Jadikan aturan'],
  'do.also-rule': ['Also make it a rule', 'Jadikan juga aturan'],
  'do.all': ['Approve all here', 'Setujui semua di sini'],
  'do.keep': ['Keep theirs', 'Pertahankan'],
  'do.mine': ['Decide anyway', 'Tetap putuskan'],
  'do.anew': ['Choose anew', 'Pilih ulang'],
  'toast.accepted': ['{n} → {leaf}', '{n} → {leaf}'],
  'toast.rejected': ['Rejected: {leaf}', 'Ditolak: {leaf}'],
  'toast.none': ['No legal category: {title}', 'Tanpa kategori sah: {title}'],
  'toast.undone': ['Taken back: {title}', 'Diurungkan: {title}'],
  'toast.not-undone': ['Not taken back: {title}. {who} decided it meanwhile.', 'Tidak diurungkan: {title}. Sudah diputuskan oleh {who}.'],
  'toast.nothing': ['Nothing of this visit to undo. Older ones are under History.', 'Tidak ada yang dapat diurungkan di kunjungan ini. Yang lama ada di Riwayat.'],
  'toast.bulk': ['Approving: {n} of {all}', 'Menyetujui: {n} dari {all}'],
  'toast.undone-all': ['Taken back', 'Diurungkan'],
  'toast.all': ['Approved: {n}', 'Disetujui: {n}'],
  'toast.left': ['{n} {n:was|were} left alone: someone decided {n:it|them} meanwhile', '{n} dibiarkan: sudah diputuskan orang lain'],
  'toast.rule': ['Rule kept: {what}', 'Aturan disimpan: {what}'],
  'clash.title': ['Decided meanwhile by {who}', 'Sudah diputuskan oleh {who}'],
  'clash.what': ['{who} chose: {what}. Yours was not kept.', '{who} memilih: {what}. Pilihan Anda tidak disimpan.'],
  'clash.chose': ['{who} chose: {what}.', '{who} memilih: {what}.'],
  'clash.first': ['{who} decided this meanwhile. Say on the card whether that stands.', 'Sudah diputuskan oleh {who}. Pilih di kartu apakah itu tetap berlaku.'],
  'failed.title': ['Not kept', 'Tidak tersimpan'],
  'failed.session': ['Your session was over.', 'Sesi Anda tadi sudah berakhir.'],
  'failed.elsewhere': ['Somebody signed in anew in this browser: reload the page.', 'Ada yang masuk lagi di peramban ini: muat ulang halaman.'],
  'failed.file': ['The file was changed or moved after it was chosen: choose it again.', 'Berkas diubah atau dipindahkan setelah dipilih: pilih lagi.'],
  'failed.large': ['It is too large to be sent from here: send less at a time, or import it with the command aisle product import.', 'Terlalu besar untuk dikirim dari sini: kirim lebih sedikit, atau impor dengan perintah aisle product import.'],
  'failed.strange': ['Something between here and the service answered {n}. Try again; if it stays so, tell whoever runs the service.', 'Sesuatu di antara sini dan layanan menjawab {n}. Coba lagi; bila tetap begitu, beri tahu pengelola layanan.'],
  'failed.not_found': ['Not found:', 'Tidak ditemukan:'],
  'failed.invalid': ['Not valid:', 'Tidak sah:'],
  'failed.conflict': ['In conflict:', 'Bertentangan:'],
  'failed.config': ['Not set up:', 'Belum disiapkan:'],
  'failed.auth': ['The marketplace asks for a new sign-in:', 'Lokapasar meminta masuk lagi:'],
  'failed.busy': ['Not now, try again in a moment:', 'Belum bisa, coba lagi sebentar:'],
  'failed.forbidden': ['Not allowed:', 'Tidak diizinkan:'],
  'failed.refused': ['The marketplace refused:', 'Lokapasar menolak:'],
  'failed.garbled': ['The marketplace answered something unreadable:', 'Jawaban lokapasar tidak terbaca:'],
  'failed.limit': ['Too large:', 'Terlalu besar:'],
  'failed.stopped': ['Stopped:', 'Dihentikan:'],
  'all.ask': ['Approve {n} as shown?', 'Setujui {n} seperti yang terlihat?'],
  'all.more': ['and {n} more in this queue', 'dan {n} lagi di antrean ini'],
  'all.looking': ['Looking at the whole queue: {n} so far', 'Melihat seluruh antrean: {n} sejauh ini'],
  'all.without': ['{n} without an open candidate stay in the queue.', '{n} tanpa calon yang terbuka tetap di antrean.'],
  'all.rest': ['Of a longer queue the first {n} are taken in one go.', 'Dari antrean yang lebih panjang, {n} pertama diambil sekaligus.'],
  'all.go': ['Approve {n}', 'Setujui {n}'],
  'rule.ask': ['Make it a rule?', 'Jadikan aturan?'],
  'rule.words': ['Products whose title has these words', 'Produk yang judulnya memuat kata ini'],
  'rule.in': ['in {category}', 'di {category}'],
  'rule.to': ['belong in', 'masuk ke'],
  'rule.also-accept': ['and accept it here, too', 'dan terima juga di sini'],
  'rule.go': ['Keep the rule', 'Simpan aturan'],
  'help.title': ['Keys', 'Tombol'],
  'help.move': ['next, previous', 'berikut, sebelumnya'],
  'help.choose': ['accept that candidate', 'terima calon itu'],
  'help.search': ['search the tree', 'cari di pohon'],
  'help.tree': ['the tree in columns', 'pohon dalam kolom'],
  'help.queue': ['go to a queue, by number', 'ke antrean menurut nomor'],
  'help.help': ['these keys', 'tombol-tombol ini'],
  'help.esc': ['leave', 'tinggalkan'],

  'tree.search': ['Search categories: words, a path, an id', 'Cari kategori: kata, jalur, id'],
  'tree.nothing': ['No category for “{q}”. Try fewer letters or the other language.', 'Tidak ada kategori untuk “{q}”. Coba lebih sedikit huruf atau bahasa lain.'],
  'tree.begin': ['Open a category to see where it stands, who is mapped there, and what a listing in it must have.', 'Buka kategori untuk melihat letaknya, yang dipetakan ke sana, dan syarat tayang di dalamnya.'],
  'tree.leaf': ['leaf', 'daun'],
  'tree.title': ['Tree', 'Pohon'],
  'tree.none': ['No tree is kept for this target yet. Sync it under Jobs.', 'Belum ada pohon untuk tujuan ini. Sinkronkan di Pekerjaan.'],
  'tree.facts': ['{n} {n:category|categories}, {leaves} {leaves:leaf|leaves}, as of {at}', '{n} kategori, {leaves} daun, per {at}'],
  'tree.top': ['all of the tree', 'seluruh pohon'],
  'tree.column': ['Level {n}', 'Tingkat {n}'],
  'tree.pick': ['Choose this leaf', 'Pilih daun ini'],
  'tree.mapped': ['Mapped here', 'Dipetakan ke sini'],
  'tree.unmapped': ['Nothing is mapped here.', 'Belum ada yang dipetakan ke sini.'],
  'tree.id': ['Id', 'Id'],
  'tree.children': ['{n} below', '{n} di bawah'],

  'cat.way': ['The way down to it', 'Jalur menuju ke sini'],
  'cat.stands': ['In the tree', 'Dalam pohon'],
  'cat.provisional': ['recommended, not in the stored tree as yet', 'disarankan, belum ada di pohon tersimpan'],
  'cat.permission': ['For this shop', 'Untuk toko ini'],
  'cat.open': ['open', 'terbuka'],
  'cat.closed': ['closed', 'tertutup'],
  'cat.there': ['There', 'Ada'],
  'cat.since': ['since the sync of {at}', 'sejak sinkronisasi {at}'],
  'cat.since-first': ['since the first state kept, of {at}', 'sejak keadaan pertama yang disimpan, {at}'],
  'cat.many-seller-category': ['seller categories', 'kategori penjual'],
  'cat.many-product': ['products', 'produk'],
  'cat.many-rule': ['rules', 'aturan'],
  'cat.more': ['The first {n} are shown.', '{n} pertama yang ditampilkan.'],
  'cat.needs': ['What a listing here must have', 'Syarat tayang di sini'],
  'cat.unfetched': ['Not fetched yet: that happens by itself for leaves in use, and with a product\'s first check.', 'Belum diambil: terjadi sendiri untuk daun yang dipakai, dan pada pemeriksaan pertama sebuah produk.'],
  'cat.what': ['What', 'Apa'],
  'cat.must': ['Needed', 'Perlu'],
  'cat.kind': ['Kind', 'Jenis'],
  'cat.detail': ['More', 'Rincian'],
  'cat.sales': ['tells variants apart', 'pembeda varian'],
  'cat.attribute': ['attribute', 'atribut'],
  'cat.certificate': ['certificate', 'sertifikat'],
  'cat.image': ['image or template', 'gambar atau templat'],
  'cat.package': ['of the package', 'kemasan'],
  'cat.person': ['person', 'orang'],
  'cat.dimensions': ['Length, width and height', 'Panjang, lebar, dan tinggi'],
  'cat.manufacturer': ['Manufacturer', 'Produsen'],
  'cat.responsible': ['Responsible person', 'Penanggung jawab'],
  'cat.when': ['when {what}', 'bila {what}'],
  'cat.or': [' or ', ' atau '],
  'cat.values-more': ['and {n} more', 'dan {n} lagi'],
  'cat.multiple': ['several may be named', 'boleh beberapa'],
  'cat.own': ['or a value of one\'s own', 'atau nilai sendiri'],
  'cat.text': ['any text', 'teks apa pun'],
  'cat.number': ['a number', 'angka'],
  'cat.expires': ['with the day it ends', 'dengan tanggal berakhir'],
  'cat.cod': ['Paid on delivery where the buyer wants.', 'Bisa bayar di tempat.'],
  'cat.no-cod': ['Not paid on delivery.', 'Tidak bisa bayar di tempat.'],
  'cat.brand': ['A brand may be left out; which may be named, the shop\'s check says.', 'Merek boleh dikosongkan; yang boleh disebut dikatakan pemeriksaan toko.'],
  'cat.past': ['What became of it', 'Riwayatnya'],
  'must.must': ['always', 'selalu'],
  'must.when': ['depends', 'tergantung'],
  'must.may': ['optional', 'opsional'],
  'past.first': ['there in the first state kept', 'ada di keadaan pertama yang disimpan'],
  'past.added': ['appeared', 'muncul'],
  'past.removed': ['gone', 'hilang'],
  'past.renamed': ['from “{was}” to “{is}”', 'dari “{was}” menjadi “{is}”'],
  'past.moved': ['from {was} to {is}', 'dari {was} ke {is}'],
  'past.top': ['the top', 'puncak'],
  'past.leaf': ['takes products since', 'menerima produk sejak itu'],
  'past.parent': ['has categories below it since, and takes no products', 'punya kategori di bawahnya sejak itu, tidak menerima produk'],
  'past.permission': ['from {was} to {is}', 'dari {was} ke {is}'],

  'prod.new': ['New product', 'Produk baru'],
  'prod.none': ['No product here. Add one, or import a file.', 'Belum ada produk. Tambahkan, atau impor berkas.'],
  'prod.none-such': ['No product is like that. Take a filter away.', 'Tidak ada produk seperti itu. Lepaskan penyaring.'],
  'prod.find': ['Find: words, brand, number (SKU)', 'Cari: kata, merek, nomor (SKU)'],
  'prod.finding': ['Looking further…', 'Mencari terus…'],
  'prod.any': ['all', 'semua'],
  'prod.undecided': ['Undecided only', 'Belum diputuskan'],
  'prod.title': ['Title', 'Judul'],
  'prod.image': ['Main image', 'Gambar utama'],
  'prod.preview': ['The image as uploaded', 'Gambar yang diunggah'],
  'prod.looking': ['Looking at the image…', 'Memeriksa gambar…'],
  'prod.image-fine': ['fit to list', 'layak dipakai'],
  'prod.category': ['Your own category', 'Kategori Anda sendiri'],
  'prod.id': ['Your number (SKU)', 'Nomor Anda (SKU)'],
  'prod.id-hint': ['made up when left empty', 'dibuatkan bila kosong'],
  'prod.suggest': ['Save and ask the marketplace', 'Simpan dan tanya lokapasar'],
  'prod.asking': ['Asking the marketplace…', 'Menanyakan lokapasar…'],
  'prod.save': ['Save only', 'Simpan saja'],
  'prod.saved': ['Saved.', 'Tersimpan.'],
  'prod.leaf': ['Where it belongs', 'Tempatnya'],
  'prod.begin': ['Type a title: our matcher answers as you do.', 'Ketik judul: pencocok kami langsung menjawab.'],
  'prod.unasked': ['No answer of the marketplace is kept for it.', 'Tidak ada jawaban lokapasar yang tersimpan untuknya.'],
  'prod.refused': ['The marketplace named no category: {why}', 'Lokapasar tidak menyebut kategori: {why}'],
  'prod.lacking': ['not in the stored tree yet; kept until the next sync', 'belum ada di pohon tersimpan; disimpan sampai sinkronisasi berikut'],
  'prod.decide': ['Decision', 'Keputusan'],
  'prod.through': ['Through its own category “{what}”:', 'Lewat kategorinya sendiri “{what}”:'],
  'prod.again': ['Get it again; what you typed stays', 'Ambil lagi; ketikan Anda tetap ada'],
  'prod.chosen': ['Chosen:', 'Dipilih:'],
  'prod.approve': ['Approve', 'Setujui'],
  'prod.kept': ['Kept: {what}', 'Tersimpan: {what}'],
  'prod.open': ['Open to this shop, asked just now.', 'Terbuka untuk toko ini, baru ditanyakan.'],
  'prod.provisional': ['Recommended, and not in the stored tree as yet: kept until the next sync confirms it.', 'Disarankan, belum ada di pohon tersimpan: disimpan sampai sinkronisasi memastikannya.'],
  'prod.closed': ['Not saved: closed to this shop now ({why}).', 'Tidak disimpan: kini tertutup untuk toko ini ({why}).'],
  'level.error': ['Error:', 'Salah:'],
  'level.warning': ['Warning:', 'Peringatan:'],
  'level.tip': ['Tip:', 'Saran:'],
  'find.found': ['found {what}', 'ditemukan {what}'],
  'find.allowed': ['allowed {what}', 'boleh {what}'],
  'list.title': ['Listing', 'Penayangan'],
  'list.required': ['required', 'wajib'],
  'list.because': ['needed because {what}', 'perlu karena {what}'],
  'list.optional': ['What may be left out', 'Yang boleh dikosongkan'],
  'list.description': ['Description', 'Deskripsi'],
  'list.stock': ['Stock', 'Stok'],
  'list.weight': ['Weight, packed (g)', 'Berat kemasan (g)'],
  'list.length': ['Length (cm)', 'Panjang (cm)'],
  'list.width': ['Width (cm)', 'Lebar (cm)'],
  'list.height': ['Height (cm)', 'Tinggi (cm)'],
  'list.unasked': ['What this category demands is fetched by the first check.', 'Syarat kategori ini diambil saat pemeriksaan pertama.'],
  'list.stock-in': ['Stock, {where}', 'Stok, {where}'],
  'list.code': ['Code on the package', 'Kode pada kemasan'],
  'list.no-code': ['no GTIN, EAN, UPC or ISBN: not sent', 'bukan GTIN, EAN, UPC, atau ISBN: tidak dikirim'],
  'list.price-unclear': ['The price “{price}” could be two: write it without thousands, and say the currency', 'Harga “{price}” bisa dua arti: tulis tanpa pemisah ribuan, dan sebut mata uangnya'],
  'list.price-hint': ['of the variants ({n}) that name none', 'untuk varian ({n}) tanpa harga sendiri'],
  'listing.draft': ['draft', 'draf'],
  'listing.pending': ['in review', 'ditinjau'],
  'listing.live': ['live', 'tayang'],
  'listing.failed': ['refused', 'ditolak'],
  'listing.scheduled': ['to go live', 'akan tayang'],
  'listing.off': ['off sale', 'tidak dijual'],
  'listing.platform-off': ['taken off by the marketplace', 'diturunkan lokapasar'],
  'listing.frozen': ['frozen', 'dibekukan'],
  'listing.absent': ['not there', 'tidak ada'],
  'listing.deleted': ['deleted', 'dihapus'],
  'var.title': ['Variants', 'Varian'],
  'var.option': ['What tells them apart, {n}', 'Pembeda ke-{n}'],
  'var.values': ['Its values', 'Nilainya'],
  'var.values-hint': ['parted by commas', 'dipisah koma'],
  'var.known': ['Values of {name}', 'Nilai {name}'],
  'var.drop': ['Remove what tells them apart, {n}', 'Hapus pembeda ke-{n}'],
  'var.begin': ['Sold in several variants…', 'Dijual dalam beberapa varian…'],
  'var.another': ['Add another difference', 'Tambah pembeda'],
  'var.make': ['Make {n} {n:variant|variants}', 'Buat {n} varian'],
  'var.none': ['No variants', 'Tanpa varian'],
  'var.many': ['{n} would be too many: at most {most}', '{n} terlalu banyak: paling banyak {most}'],
  'var.twice': ['Two of them have the same name.', 'Dua pembeda bernama sama.'],
  'var.sku': ['SKU', 'SKU'],
  'var.image': ['Add', 'Tambah'],
  'var.remove': ['Remove variant {which}', 'Hapus varian {which}'],
  'file.busy': ['Uploading…', 'Mengunggah…'],
  'file.image': ['as uploaded', 'yang diunggah'],
  'file.open': ['Open', 'Buka'],
  'file.remove': ['Remove', 'Hapus'],
  'paper.images': ['Further images', 'Gambar lainnya'],
  'paper.images-hint': ['They follow the main one, which is chosen above with the title.', 'Mengikuti gambar utama, yang dipilih di atas bersama judul.'],
  'paper.size-chart': ['Size chart', 'Tabel ukuran'],
  'paper.size-chart-hint': ['An image of at least 1,024 pixels on its shorter side, or a template the shop has; the template goes before the image.', 'Gambar dengan sisi pendek minimal 1.024 piksel, atau templat milik toko; templat didahulukan.'],
  'paper.image': ['Upload an image', 'Unggah gambar'],
  'paper.other-image': ['Another image', 'Gambar lain'],
  'paper.template': ['or the id of a template', 'atau id templat'],
  'paper.video': ['Video', 'Video'],
  'paper.upload-video': ['Upload a video', 'Unggah video'],
  'paper.other-video': ['Another video', 'Video lain'],
  'paper.video-at': ['or its address', 'atau alamatnya'],
  'paper.video-hint': ['MP4 above all, up to 60 seconds; up to 20 MB here, up to 100 MB by an address.', 'Sebaiknya MP4, sampai 60 detik; sampai 20 MB di sini, sampai 100 MB lewat alamat.'],
  'paper.document': ['Upload a PDF or image', 'Unggah PDF atau gambar'],
  'paper.more': ['One more document', 'Dokumen lain'],
  'paper.until': ['Holds until', 'Berlaku sampai'],
  'list.check': ['Save and check', 'Simpan dan periksa'],
  'list.stale': ['Changed since its check: save and check it again before it goes out.', 'Berubah sejak diperiksa: simpan dan periksa lagi sebelum dikirim.'],
  'list.above': ['What was typed above, with the title, is not saved: save it there, then check again.', 'Yang diketik di atas, bersama judul, belum disimpan: simpan di sana, lalu periksa lagi.'],
  'list.draft': ['Save as draft', 'Simpan sebagai draf'],
  'list.publish': ['Publish', 'Tayangkan'],
  'list.busy': ['Under way…', 'Sedang berjalan…'],
  'list.state': ['At the marketplace', 'Di lokapasar'],
  'light.draft': ['Draft', 'Draf'],
  'light.listing': ['Listing', 'Tayang'],
  'light.errors': ['{n} {n:error|errors}', '{n} kesalahan'],
  'light.stale': ['changed since its check', 'berubah sejak diperiksa'],
  'light.unknown': ['not checked', 'belum diperiksa'],
  'outcome.created': ['created', 'dibuat'],
  'outcome.edited': ['edited', 'diubah'],
  'outcome.found': ['already there', 'sudah ada'],
  'outcome.same': ['unchanged', 'tidak berubah'],
  'outcome.ready': ['ready', 'siap'],
  'outcome.unmapped': ['no category yet', 'belum berkategori'],
  'outcome.wrong': ['wrong', 'salah'],
  'outcome.refused': ['refused', 'ditolak'],
  'outcome.later': ['later', 'nanti'],

  'over.waits': ['Where products stand', 'Keadaan produk'],
  'over.by-category': ['Settled by their category', 'Selesai lewat kategorinya'],
  'over.by': ['Mapped by whom', 'Dipetakan oleh'],
  'over.conflicts': ['{n} in conflict with their seller category, {more} in leaves not yet confirmed', '{n} bertentangan dengan kategori penjualnya, {more} di daun yang belum dipastikan'],
  'over.sure': ['How sure', 'Seberapa yakin'],
  'over.sure-tip': ['Decisions by confidence, in percent', 'Keputusan menurut keyakinan, dalam persen'],
  'over.calls': ['Calls', 'Panggilan'],
  'over.spared': ['of the calls one a product would take were spared, in the last 100 runs', 'dari panggilan per produk dapat dihemat, dalam 100 proses terakhir'],
  'over.made': ['made', 'dilakukan'],
  'over.uploads': ['images uploaded', 'gambar diunggah'],
  'over.recommends': ['recommendations', 'rekomendasi'],
  'over.saved': ['saved', 'dihemat'],
  'over.tree': ['The tree was looked at', 'Pohon terakhir diperiksa'],

  'sync.hurt': ['Mappings a change touched', 'Pemetaan yang terkena perubahan'],
  'sync.unhurt': ['No mapping is touched.', 'Tidak ada pemetaan yang terkena.'],
  'sync.affects': ['{n} {n:mapping is|mappings are} touched, {products} {products:product|products}', '{n} pemetaan terkena, {products} produk'],
  'sync.safe': ['Accept {n} safe ones', 'Terima {n} yang aman'],
  'sync.accept': ['Accept', 'Terima'],
  'sync.none': ['Nothing to propose: decide it under', 'Tidak ada usulan: putuskan di'],
  'sync.was': ['Was', 'Dulu'],
  'sync.is': ['Now', 'Kini'],
  'sync.what': ['Change', 'Perubahan'],
  'sync.differs': ['What changed', 'Yang berubah'],
  'sync.from': ['From', 'Dari'],
  'sync.to': ['To', 'Ke'],
  'sync.kinds': ['Show only', 'Tampilkan hanya'],
  'sync.one': ['There is one state of the tree so far: after the next change two can be compared.', 'Baru ada satu keadaan pohon: setelah perubahan berikut, dua dapat dibandingkan.'],
  'sync.same': ['The two are the same.', 'Keduanya sama.'],
  'sync.more': ['{n} more {n:is|are} not shown.', '{n} lagi tidak ditampilkan.'],
  'sync.norun': ['No sync is recorded. Start one under Jobs.', 'Belum ada sinkronisasi. Mulai di Pekerjaan.'],
  'diff.added': ['added', 'ditambah'],
  'diff.removed': ['removed', 'dihapus'],
  'diff.renamed': ['renamed', 'ganti nama'],
  'diff.moved': ['moved', 'dipindah'],
  'diff.leaf_to_parent': ['leaf to parent', 'daun jadi induk'],
  'diff.parent_to_leaf': ['parent to leaf', 'induk jadi daun'],
  'diff.permission': ['permission', 'izin'],
  'change.added': ['added', 'ditambah'],
  'change.removed': ['removed', 'dihapus'],
  'change.renamed': ['renamed', 'ganti nama'],
  'change.moved': ['moved', 'dipindah'],
  'change.leaf': ['leaf or parent', 'daun atau induk'],
  'change.permission': ['permission', 'izin'],
  'hurt.removed': ['its leaf was removed', 'daunnya dihapus'],
  'hurt.no longer a leaf': ['its leaf has categories below it now', 'daunnya kini punya kategori di bawahnya'],
  'hurt.moved': ['its leaf moved', 'daunnya dipindah'],
  'hurt.renamed': ['its leaf has another name now', 'daunnya ganti nama'],
  'hurt.closed to this shop': ['its leaf is closed to this shop', 'daunnya tertutup untuk toko ini'],
  'scope.product': ['product', 'produk'],
  'scope.rule': ['rule', 'aturan'],
  'scope.seller-category': ['seller category', 'kategori penjual'],

  'import.title': ['Import products', 'Impor produk'],
  'import.file': ['File: CSV, a shop system\'s export, or JSON Lines', 'Berkas: CSV, ekspor sistem toko, atau JSON Lines'],
  'import.currency': ['Currency of prices that name none', 'Mata uang untuk harga tanpa mata uang'],
  'import.columns': ['Which column is what', 'Kolom mana untuk apa'],
  'import.columns-hint': ['Most are known by their names. Say those that are not.', 'Kebanyakan dikenali dari namanya. Tentukan yang tidak.'],
  'import.found': ['by its name', 'menurut namanya'],
  'import.try': ['Try, keeping nothing', 'Coba, tanpa menyimpan'],
  'import.go': ['Import {n} {n:product|products}', 'Impor {n} produk'],
  'import.go-blind': ['Import', 'Impor'],
  'import.told': ['What is in the file', 'Isi berkas'],
  'import.tried': ['Nothing was kept yet', 'Belum ada yang disimpan'],
  'import.done': ['Imported', 'Diimpor'],
  'import.rows': ['rows', 'baris'],
  'import.products': ['products', 'produk'],
  'import.left-out': ['left out', 'dilewatkan'],
  'import.dropped': ['values not taken', 'nilai tidak diambil'],
  'import.added': ['added', 'ditambah'],
  'import.changed': ['changed', 'diubah'],
  'import.same': ['unchanged', 'tidak berubah'],
  'import.stays': ['What the file has no column for stays as it is: {what}', 'Yang tidak punya kolom di berkas tetap seperti adanya: {what}'],
  'import.problems': ['Problems', 'Masalah'],
  'import.line': ['Line', 'Baris'],
  'import.column': ['Column', 'Kolom'],
  'import.problem': ['What is wrong', 'Yang salah'],
  'import.row': ['The row', 'Barisnya'],
  'import.out': ['left out', 'dilewatkan'],
  'import.kept': ['taken', 'diambil'],
  'import.more': ['{n} more {n:problem is|problems are} not shown.', '{n} masalah lagi tidak ditampilkan.'],
  'mean.title': ['What your columns mean', 'Arti kolom Anda'],
  'mean.link': ['What columns mean', 'Arti kolom'],
  'mean.hint': ['What categories demand and no column of yours fills. Say once which column or value it is: it then holds for all products.', 'Yang diminta kategori dan tidak diisi kolom Anda. Katakan sekali kolom atau nilai mana itu: lalu berlaku untuk semua produk.'],
  'mean.all': ['Optional ones too', 'Yang opsional juga'],
  'mean.filled': ['{n} of {all} mapped {all:product|products} have all that is mandatory', '{n} dari {all} produk terpetakan sudah lengkap'],
  'mean.unmapped': ['{n} without a category', '{n} tanpa kategori'],
  'mean.unknown': ['Of {n} {n:product|products} it is not known yet what the category demands.', 'Untuk {n} produk, syarat kategorinya belum diketahui.'],
  'mean.fetch': ['Fetch it', 'Ambil'],
  'mean.none': ['Nothing is open: mapped products have what their category demands.', 'Tidak ada yang kurang: produk terpetakan memenuhi syarat kategorinya.'],
  'mean.no-product': ['No product has a category yet. That is decided first.', 'Belum ada produk yang berkategori. Putuskan itu dahulu.'],
  'mean.lack': ['{n} {n:product lacks|products lack} it', '{n} produk belum punya'],
  'mean.value': ['{column}: “{value}” means', '{column}: “{value}” berarti'],
  'mean.times': ['{n} {n:product|products}', '{n} produk'],
  'mean.values-more': ['and {n} more {n:value|values}', 'dan {n} nilai lagi'],
  'mean.column': ['It is in your column', 'Ada di kolom Anda'],
  'mean.always': ['or, in this category, always', 'atau, di kategori ini, selalu'],
  'mean.keep': ['Keep', 'Simpan'],
  'mean.kept': ['Kept: {n}', 'Tersimpan: {n}'],
  'mean.taught': ['What was said', 'Yang sudah dikatakan'],
  'mean.attribute': ['Attribute', 'Atribut'],
  'mean.said': ['Your value', 'Nilai Anda'],
  'mean.becomes': ['Means', 'Berarti'],
  'mean.where': ['In', 'Di'],
  'mean.who': ['By', 'Oleh'],
  'mean.no-column': ['none', 'tanpa'],
  'mean.any': ['any', 'apa pun'],
  'mean.as-is': ['as it is', 'apa adanya'],
  'mean.everywhere': ['every category', 'semua kategori'],
  'field.id': ['Number (SKU)', 'Nomor (SKU)'],
  'field.title': ['Title', 'Judul'],
  'field.description': ['Description', 'Deskripsi'],
  'field.brand': ['Brand', 'Merek'],
  'field.category': ['Your category', 'Kategori Anda'],
  'field.image': ['Image', 'Gambar'],
  'field.price': ['Price', 'Harga'],
  'field.attributes': ['Further columns', 'Kolom lainnya'],
  'field.currency': ['Currency', 'Mata uang'],

  'token.good': ['token good', 'token baik'],
  'token.stale': ['token ran out, renewed by the next call', 'token habis, diperbarui pada panggilan berikut'],
  'token.over': ['signed out', 'sudah keluar'],
  'token.none': ['no keys', 'tanpa kunci'],
  'token.sealed': ['keys cannot be opened here', 'kunci tidak dapat dibuka di sini'],
  'shop.channel': ['Marketplace', 'Lokapasar'],
  'shop.seller': ['Seller', 'Penjual'],
  'shop.remote': ['Its id there', 'Id di sana'],
  'shop.until': ['Token lasts until', 'Token berlaku sampai'],
  'shop.sign-in': ['Sign in again before', 'Masuk lagi sebelum'],
  'shop.stand-in': ['stand-in', 'tiruan'],
  'shop.mend': ['Its sign-in is over. An admin can renew it here, or with the command: aisle shop login {id}', 'Masa masuknya habis. Admin dapat memperbaruinya di sini, atau dengan perintah: aisle shop login {id}'],
  'shop.mend-here': ['Nothing can be asked or listed until its seller signs in again.', 'Tidak ada yang dapat ditanyakan atau ditayangkan sampai penjualnya masuk lagi.'],
  'shop.next': ['Connected. Its tree comes next:', 'Terhubung. Berikutnya pohonnya:'],
  'shop.login': ['Sign in to it', 'Masuk ke toko ini'],
  'shop.again': ['Sign in again', 'Masuk lagi'],
  'shop.test': ['Test its keys', 'Uji kuncinya'],
  'shop.opens': ['{id}: the marketplace knows its keys.', '{id}: lokapasar mengenali kuncinya.'],
  'shop.remove': ['Remove', 'Hapus'],
  'shop.sure': ['Remove {id} with its tokens? Products, decisions and trees stay.', 'Hapus {id} beserta tokennya? Produk, keputusan, dan pohon tetap ada.'],
  'shop.none': ['No shop is connected yet. Add the first one below.', 'Belum ada toko yang terhubung. Tambahkan yang pertama di bawah.'],
  'shop.none-ask': ['No shop is connected yet. An admin can add one.', 'Belum ada toko yang terhubung. Admin dapat menambahkannya.'],
  'shop.noapp': ['To add shops here, start the service with an app\'s key and secret in its environment; or use the command: aisle shop add.', 'Untuk menambah toko di sini, jalankan layanan dengan kunci dan rahasia aplikasi di lingkungannya; atau gunakan perintah: aisle shop add.'],
  'shop.add': ['Add a shop', 'Tambah toko'],
  'shop.word': ['A short word for it', 'Nama singkatnya'],
  'shop.add-go': ['Add', 'Tambah'],
  'shop.added': ['{id} was added.', '{id} ditambahkan.'],
  'shop.add-consent': ['Next its seller gives consent on the marketplace\'s own page.', 'Setelah itu penjualnya memberi izin di halaman lokapasar sendiri.'],
  'shop.add-secret': ['The app\'s secret opens it; nobody has to sign in.', 'Rahasia aplikasi membukanya; tidak perlu masuk.'],
  'shop.consent': ['Sign in to {id}', 'Masuk ke {id}'],
  'shop.consent-what': ['The marketplace asks the seller on a page of its own. Agree there, then come back: the shop is looked at again.', 'Lokapasar bertanya kepada penjual di halamannya sendiri. Setujui di sana, lalu kembali: toko akan diperiksa lagi.'],
  'shop.consent-until': ['The link is good once, in this browser, until {at}.', 'Tautan berlaku sekali, di peramban ini, sampai {at}.'],
  'shop.consent-go': ['Open the marketplace\'s page', 'Buka halaman lokapasar'],
  'shop.consent-done': ['I am back', 'Saya sudah kembali'],

  'people.users': ['Who may sign in', 'Yang boleh masuk'],
  'people.role': ['Role', 'Peran'],
  'people.role-of': ['Role of {who}', 'Peran {who}'],
  'people.add': ['Add', 'Tambah'],
  'people.added': ['{who} may sign in.', '{who} boleh masuk.'],
  'people.remove': ['Remove', 'Hapus'],
  'people.sure': ['Remove {who}, with sessions and tokens?', 'Hapus {who}, beserta sesi dan token?'],
  'people.tokens': ['Tokens for programs', 'Token untuk program'],
  'people.tokens-hint': ['A token has the rights of who makes it, and lasts 90 days.', 'Token memiliki hak pembuatnya dan berlaku 90 hari.'],
  'people.token-name': ['What it is for', 'Kegunaannya'],
  'people.make': ['Make a token', 'Buat token'],
  'people.once': ['Shown this once:', 'Hanya ditampilkan sekali:'],
  'people.until': ['until {at}', 'sampai {at}'],
  'people.ever': ['for ever', 'selamanya'],
  'people.since': ['Since', 'Sejak'],
  'people.used': ['used {at}', 'dipakai {at}'],
  'people.revoke': ['Revoke', 'Cabut'],
  'people.sure-revoke': ['Revoke the token “{what}”? Programs that use it are refused from then on.', 'Cabut token “{what}”? Program yang memakainya akan ditolak.'],
  'people.trail': ['Who changed what', 'Siapa mengubah apa'],
  'people.notoken': ['No token yet.', 'Belum ada token.'],
  'people.rules': ['A viewer looks, a mapper decides and edits, an admin also looks after people, shops and tokens.', 'Pelihat hanya melihat, pemeta memutuskan dan menyunting, admin juga mengurus pengguna, toko, dan token.'],
  'people.password-hint': ['at least 12 characters', 'minimal 12 karakter'],
  'trail.who': ['Who', 'Siapa'],
  'trail.what': ['What', 'Apa'],
  'trail.about': ['About', 'Tentang'],
  'trail.outcome': ['Outcome', 'Hasil'],
  'trail.done': ['done', 'berhasil'],
  'trail.refused': ['refused ({n})', 'ditolak ({n})'],
  'role.viewer': ['viewer', 'pelihat'],
  'role.mapper': ['mapper', 'pemeta'],
  'role.admin': ['admin', 'admin'],

  'jobs.sync': ['Sync the tree', 'Sinkronkan pohon'],
  'jobs.map': ['Map the catalogue', 'Petakan katalog'],
  'jobs.when': ['When', 'Kapan'],
  'jobs.what': ['What', 'Apa'],
  'jobs.state': ['State', 'Keadaan'],
  'jobs.result': ['What came of it', 'Hasilnya'],
  'count.total': ['products', 'produk'],
  'count.products': ['products', 'produk'],
  'count.done': ['done', 'selesai'],
  'count.mapped': ['mapped', 'dipetakan'],
  'count.refused': ['refused', 'ditolak'],
  'count.without_image': ['without an image', 'tanpa gambar'],
  'count.failed': ['failed', 'gagal'],
  'count.conflicts': ['in conflict', 'bertentangan'],
  'count.need_person': ['for a person', 'untuk orang'],
  'count.skipped': ['passed over', 'dilewati'],
  'count.by_local': ['by our matcher', 'oleh pencocok kami'],
  'count.by_marketplace': ['by the marketplace', 'oleh lokapasar'],
  'count.by_seller_category': ['by their category', 'oleh kategorinya'],
  'count.by_rule': ['by a rule', 'oleh aturan'],
  'count.calls': ['calls', 'panggilan'],
  'count.uploads': ['images uploaded', 'gambar diunggah'],
  'count.recommends': ['asked', 'ditanyakan'],
  'count.saved': ['calls saved', 'panggilan dihemat'],
  'jobs.none': ['Nothing is under way. Start a sync or a mapping run above.', 'Tidak ada yang berjalan. Mulai sinkronisasi atau pemetaan di atas.'],
  'jobs.none-now': ['Nothing is under way.', 'Tidak ada yang berjalan.'],
  'jobs.runs': ['Runs', 'Riwayat proses'],
  'jobs.stop': ['Stop', 'Hentikan'],
  'jobs.resume': ['Resume', 'Lanjutkan'],
  'jobs.rate': ['{n} a second', '{n} per detik'],
  'jobs.left': ['{n} s to go', 'sisa {n} dtk'],
  'jobs.norun': ['No run is recorded for this target.', 'Belum ada yang tercatat untuk tujuan ini.'],
  'kind.sync': ['sync', 'sinkronisasi'],
  'kind.map': ['mapping', 'pemetaan'],
  'kind.ask': ['question', 'pertanyaan'],
  'kind.leaf': ['permission', 'izin'],
  'kind.list': ['listing', 'penayangan'],
  'kind.shop': ['shop', 'toko'],
  'kind.tree': ['tree', 'pohon kategori'],
  'kind.brand': ['brands', 'merek'],
  'said.first': ['the first tree', 'pohon pertama'],
  'said.changed': ['the tree changed', 'pohon berubah'],
  'said.unchanged': ['the tree is as it was', 'pohon tetap'],
  'said.undone': ['undone', 'dibatalkan'],
  'said.held': ['held back: too much is gone', 'ditahan: terlalu banyak yang hilang'],
  'said.connected': ['connected', 'terhubung'],
  'said.open': ['open', 'terbuka'],
  'said.closed': ['closed', 'tertutup'],
  'said.ready': ['ready', 'siap'],
  'said.wrong': ['wrong', 'salah'],
  'said.refused': ['refused', 'ditolak'],
  'said.created': ['created', 'dibuat'],
  'said.edited': ['edited', 'diubah'],
  'run.under-way': ['under way', 'berjalan'],
  'run.done': ['done', 'selesai'],
  'run.interrupted': ['interrupted', 'terputus'],
  'run.stopped': ['stopped', 'dihentikan'],
  'run.budget': ['calls used up', 'kuota habis'],
  'run.failed': ['failed', 'gagal'],

  'work.title': ['Workers and limits', 'Pekerja dan batas'],
  'work.workers': ['workers', 'pekerja'],
  'work.busy': ['slots in use', 'slot terpakai'],
  'work.of': ['{n} of {all}', '{n} dari {all}'],
  'work.worker': ['Worker', 'Pekerja'],
  'work.failed': ['Failed', 'Kali gagal'],
  'work.lost': ['Lost', 'Hilang'],
  'work.doing': ['At work on', 'Mengerjakan'],
  'work.error': ['Last error', 'Kesalahan terakhir'],
  'work.calls': ['Calls', 'Panggilan'],
  'work.rate': ['A second / limit', 'Per detik / batas'],
  'work.throttled': ['Held back by the marketplace', 'Ditahan lokapasar'],
  'work.hint': ['Of all processes on this store, as of a moment ago. Left to workers by the command: aisle work add.', 'Dari semua proses pada penyimpanan ini, beberapa saat lalu. Diserahkan kepada pekerja dengan perintah: aisle work add.'],
  'task.waiting': ['Waiting', 'Menunggu'],
  'task.taken': ['Under way', 'Berjalan'],
  'task.done': ['Done', 'Selesai'],
  'task.dead': ['Given up', 'Gagal'],
  'shop.name': ['Shop', 'Toko'],
  'hist.none': ['Nothing was decided for this target yet.', 'Belum ada keputusan untuk tujuan ini.'],
  'hist.undo': ['Take back', 'Batalkan'],
  'hist.redo': ['Take the undo back', 'Batalkan pengurungan'],
  'hist.undone': ['{n} taken back', '{n} dibatalkan'],
  'hist.left': ['{n} left alone, decided later:', '{n} dibiarkan, diputuskan kemudian:'],
  'hist.isundo': ['undo', 'pengurungan'],
  'hist.run': ['mapping run', 'proses pemetaan'],
  'hist.show': ['Show', 'Lihat'],
} as const satisfies Record<string, readonly [string, string]>;

export type Word = keyof typeof table;
export type Language = 'en' | 'id';

function remembered(): Language {
  const kept = localStorage.getItem('aisle.language');
  if (kept === 'en' || kept === 'id') return kept;
  return navigator.language.startsWith('id') ? 'id' : 'en';
}

export const language = signal<Language>(remembered());

export function setLanguage(to: Language): void {
  language.value = to;
  localStorage.setItem('aisle.language', to);
}

export function t(word: Word, fill: Record<string, string | number> = {}): string {
  const text = table[word][language.value === 'id' ? 1 : 0];
  return text.replace(/\{([a-z]+)(?::([^|}]*)\|([^}]*))?\}/g, (whole, name: string, one?: string, many?: string) => {
    const value = fill[name];
    if (value === undefined) return whole;
    if (one !== undefined) return (value === 1 ? one : many) ?? '';
    return typeof value === 'number' ? number(value) : value;
  });
}

/* ---- what the service says in English ---- */

/* Words that stay English on an Indonesian page stand between isolates (U+2068, U+2069), for
 * <Said> to mark. */
function english(words: string): string {
  return language.value === 'en' || !words ? words : `\u2068${words}\u2069`;
}

const lists = { failure: failures, problem: problems, remedy: remedies, mend: mends, doing: doings } as const;

export function ours(words: string, of: keyof typeof lists): string {
  return language.value === 'en' ? words : (indonesianOf(words, lists[of]) ?? english(words));
}

/* "title is empty (give every product a title)". */
export function problem(words: string): string {
  const [, what, remedy] = /^(.*) \((.*)\)$/s.exec(words) ?? [];
  return what && remedy ? `${ours(what, 'problem')} (${ours(remedy, 'remedy')})` : ours(words, 'problem');
}

/* What a finding says, found and would have, by its rule. */
export function wrong(f: { rule: string; what: string }): string {
  const entry = rules[f.rule];
  const text = language.value === 'en' ? undefined : typeof entry === 'string' ? entry : entry?.[f.what];
  if (!text) return english(f.what);
  return reasoned.includes(f.rule) ? `${text}: ${english(f.what)}` : text;
}

export function foundWords(words: string): string {
  return language.value === 'en' ? words : (indonesianOf(words, found) ?? words);
}

/* "Katun, Poliester": what has no phrase is the marketplace's own words. */
export function allowedWords(words: string): string {
  return language.value === 'en' ? words : (indonesianOf(words, mends) ?? words);
}

/* Why a request failed: in our words where they are known, else the kind of failure before
 * the service's own. */
export function failed(code: string, detail: string): string {
  const known = ours(detail, 'failure');
  const kind = `failed.${code}`;
  return language.value === 'en' || known !== english(detail) || !(kind in table) ? known : `${t(kind as Word)} ${known}`;
}

/* Words the service sends: what is not in the table is shown as it came. */
export function told(group: string, word: string): string {
  const key = `${group}.${word}`;
  return key in table ? t(key as Word) : english(word);
}

/* How a job or a run ended: a word, or why it failed. */
export function toldResult(text: string): string {
  return `said.${text}` in table ? told('said', text) : ours(text, 'failure');
}

export function locale(): string {
  return language.value === 'id' ? 'id-ID' : 'en-US';
}

export function number(n: number): string {
  return new Intl.NumberFormat(locale()).format(n);
}

/* A number that was not counted to its end: "10,000+". */
export function atLeast(n: number, more: boolean): string {
  return number(n) + (more ? '+' : '');
}

const LINE = 70;

/* A title, as far as it fits into a word said at the bottom. */
export function short(title: string): string {
  const letters = [...title];
  return letters.length > LINE ? `${letters.slice(0, LINE - 1).join('').trimEnd()}…` : title;
}

/* Small numbers with one digit behind the point, larger ones without. */
export function decimal(n: number): string {
  return new Intl.NumberFormat(locale(), { maximumFractionDigits: n < 10 ? 1 : 0 }).format(n);
}

export function percent(share: number): string {
  return new Intl.NumberFormat(locale(), { style: 'percent', maximumFractionDigits: 0 }).format(share);
}

const spans = [['day', 86400], ['hour', 3600], ['minute', 60]] as const;

/* "3 hours ago", "in 5 days". */
export function ago(at: string): string {
  const seconds = (new Date(at).getTime() - Date.now()) / 1000;
  const [unit, length] = spans.find(([, n]) => Math.abs(seconds) >= n) ?? (['minute', 60] as const);
  return new Intl.RelativeTimeFormat(locale(), { numeric: 'auto' }).format(Math.trunc(seconds / length), unit);
}

export function when(at: string | null): string {
  if (!at) return '';
  return new Intl.DateTimeFormat(locale(), { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(at));
}

/* ISO 4217's exceptions to two decimals, as src/catalog/price.c has them. How many a language
 * shows is another matter: rupiah are kept in hundredths and shown without. */
const noDecimals = new Set('BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF'.split(' '));
const threeDecimals = new Set('BHD IQD JOD KWD LYD OMR TND'.split(' '));

export function fractions(currency: string): number {
  return noDecimals.has(currency) ? 0 : threeDecimals.has(currency) ? 3 : 2;
}

/* What somebody wrote as a price, in the currency's own units: "150.000" rupiah are as many
 * thousands, as an import reads them. Not a number where it is none, or could be two. */
export function amountOf(written: string, currency: string): number {
  const text = written.trim();
  const whole = currency === 'IDR' || fractions(currency) === 0;
  const thousands = fractions(currency) < 3 && /^[1-9]\d{0,2}(?:[.,]\d{3})+$/.test(text);
  if (thousands) return whole ? Number(text.replace(/[.,]/g, '')) : NaN;
  return Number(text.replace(',', '.'));
}

export function money(minor: number, currency: string): string {
  const amount = minor / 10 ** fractions(currency);
  try {
    return new Intl.NumberFormat(locale(), { style: 'currency', currency }).format(amount);
  } catch {
    return `${number(amount)} ${currency}`;
  }
}
