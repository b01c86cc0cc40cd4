"""Person names in Indonesian and English news: finding, splitting, folding and matching them.

Owns: which words are titles, roles, bodies or places and which are a name
("Menteri Keuangan Sri Mulyani Indrawati" is a role and a name), when two ways
of writing mean one person, and who "Presiden" or "Retno" is within one article.
Does not know: statements, cue verbs or documents; it sees strings and offsets.

Rules only. The word lists are the general vocabulary of offices and bodies, and
the alias table holds a few public figures who are known under two names.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from qa.types import Span


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Words that stand before a name and say how to address its bearer, not who it is.
HONORIFICS = _words(
    "bapak pak ibu bu tuan nyonya nona mr mrs ms miss sir dame lord lady dr drs dra prof ir h hj kh"
    " kiai kyai ustaz ustad ustadz habib haji hajah sri-sultan gus-dur nyai tgb rev pastor romo"
    " inf kav czi pnb pol mas mbak bung kak profesor professor doktor almarhum almarhumah mendiang saudara saudari"
)

# The first word of an office. "Presiden", "Kepala Dinas Kesehatan", "Chief Executive".
ROLE_HEADS = _words(
    "presiden wapres capres cawapres raja ratu sultan pangeran putri paus kaisar"
    " menteri wamen wakil mantan bekas eks plt pj pjs penjabat pelaksana menko"
    " menlu menkeu mendag menhan menkes menag mendagri mensos mensesneg menperin menaker"
    " menakertrans mendikbud mendikbudristek menkominfo menkumham menhub menpan menristek"
    " mentan menpora menparekraf menparekaf kemenlu menseskab seskab menteri-menteri wamenlu"
    " wamenkeu wamenkes wamendag wamenag wamenhan menkopolhukam menkomarves menkop menkpp"
    " sekjen sesjen setjen sekretaris sekda sekkab sekprov sekum bendahara ketua ketum waketum"
    " direktur dirut dirjen direksi dekan rektor wakapolri kapolri kapolda kapolres kapolresta"
    " kapolsek kapuspen kapendam kabid kabag kasubdit kasat kasatreskrim kanit kadis kadiv"
    " kadivhumas kabareskrim kajari kajati jaksa hakim panglima komandan pangdam danrem dandim"
    " kasad ksad ksal ksau letkol kolonel jenderal letjen mayjen brigjen laksamana marsekal irjen"
    " komjen laksda laksdya laksma marsda marsma marsdya serma serka pangkogabwilhan kombes akbp kompol akp iptu ipda aiptu aipda bripka briptu mayor kapten letnan sersan"
    " komisaris inspektur brigadir ajun komisioner deputi asisten staf juru jubir pembicara"
    " gubernur wagub bupati wabup walikota wali camat lurah kades kepala koordinator manajer"
    " manager general senior vice vp president chairman chairwoman chairperson chair chief ceo cfo"
    " coo cto cmo founder co-founder cofounder pendiri pemilik pengurus pembina penasihat penasehat"
    " pengamat pengacara peneliti periset pakar ahli analis ekonom epidemiolog sosiolog dosen guru"
    " pemimpin pimpinan anggota legislator politikus politisi senator aktivis penulis sutradara"
    " aktor aktris penyanyi musisi artis pelatih pemain kapten atlet warga mahasiswa mahasiswi"
    " pelajar siswa pedagang petani nelayan sopir karyawan pegawai dokter perawat bidan relawan"
    " kuasa hukum duta dubes konsul diplomat utusan perwakilan representative head director"
    " minister secretary governor mayor ambassador spokesman spokeswoman spokesperson judge"
    " justice attorney king queen prince princess pope prime deputy former acting executive"
    " managing associate assistant officer commissioner commander captain colonel lieutenant"
    " sergeant coach analyst economist researcher scientist lawyer leader member founder owner"
    " premier chancellor congressman congresswoman representative rep sen gov partner"
    " tersangka terdakwa terpidana saksi korban putra putri anak istri suami adik kakak"
    " ayah tokoh inisiator penggagas penyelenggara pengelola pengusaha ketua-umum humas"
    " country corporate public relations communication communications sales marketing presdir"
    " product business regional creative cewek vokalis gitaris penyidik satgas jurnalis wartawan"
    " pemerhati praktisi konsultan psikolog psikiater arsitek insinyur kordinator kabareskrim"
    " pegiat penggiat penggerak pendamping pengajar penjual perajin pengrajin pendeta penyintas"
    " penambang peternak pekebun pengemudi apoteker ilmuwan sejarawan budayawan sastrawan"
    " midwife nurse teacher farmer fisherman engineer campaigner accountant activist doctor"
    " physician trader lecturer historian expert organiser organizer caseworker hydrologist"
    " geologist pastor principal headmaster"
    " seniman produser selebriti presenter komedian pelukis novelis kurator promotor desainer"
    " bos boss inspector corporal penyerang gelandang bek kiper striker winger pebalap pembalap petinju pegulat pelari perenang"
    " petenis pebulu-tangkis atlit pemeran pesinetron komika penyair desainer pegolf kanselir"
    " prosecutor midfielder defender goalkeeper forward skipper captain sprinter detective"
    " superintendent sheriff constable author novelist playwright composer conductor architect curator"
    " biologist chemist physicist astronomer epidemiologist virologist bishop archbishop cardinal rabbi"
    " actor actress singer musician filmmaker journalist reporter photographer undersecretary treasurer"
    " distributor retailer kadinkes kadisdik kabiro kapus kapusdatin kasubag kasi pjs plh sestama irjen itjen"
)

# Forenames by which few of their bearers are called.
_FORENAMES = _words(
    "muhammad mohammad mohamad mochamad mochammad moh muh ahmad achmad abdul andi raden putu"
    " gusti made nyoman ketut wayan ida siti sri nur dewi tri dwi eko teuku cut tengku"
    " maria antonius yohanes fransiskus san jean john mary robert"
)

# Words that belong to the rest of an office or to the name of a body.
BODY_WORDS = _words(
    "niaga komersial operasional operasi pemasaran kepatuhan perencanaan pengembangan produksi logistik"
    " polhukam umum agung muda madya utama besar negara negeri luar dalam bidang urusan pertahanan keamanan"
    " politik hukum ham keuangan kesehatan sosial agama pendidikan kebudayaan kebudayan riset"
    " teknologi perdagangan perindustrian industri perhubungan pertanian kehutanan lingkungan hidup"
    " kelautan perikanan energi sumber daya mineral tenaga kerja ketenagakerjaan transmigrasi"
    " pariwisata ekonomi kreatif pemuda olahraga komunikasi informatika informasi perekonomian"
    " koordinator kemaritiman investasi pembangunan manusia desa tertinggal perempuan perlindungan"
    " pemberdayaan anak koperasi ukm umkm pekerjaan perumahan rakyat agraria tata ruang sekretariat"
    " kabinet reformasi birokrasi aparatur badan usaha milik bumn kementerian departemen lembaga"
    " komisi komite komnas dewan majelis mahkamah konstitusi pengadilan kejaksaan kepolisian polri"
    " polda polres polresta polsek tni angkatan darat laut udara markas dinas direktorat biro bagian"
    " subbagian seksi divisi unit satuan pelaksana tugas gugus percepatan penanganan pusat daerah"
    " wilayah provinsi kabupaten kota kecamatan kelurahan dusun kampung rt rw fraksi partai"
    " organisasi asosiasi ikatan perhimpunan himpunan persatuan serikat aliansi koalisi forum"
    " gerakan yayasan institut institute universitas university fakultas sekolah tinggi politeknik"
    " akademi program studi jurusan laboratorium rumah sakit rsud rsup puskesmas bank pt cv tbk"
    " persero perusahaan grup group holding asuransi bursa efek otoritas jasa layanan publik"
    " pengawas pengawasan pemeriksa pencegahan pemberantasan korupsi pemilihan pemilu statistik"
    " meteorologi klimatologi geofisika penanggulangan bencana nasional internasional global asia"
    " indonesia republik ri amerika serikat jepang china tiongkok inggris perancis prancis jerman"
    " belanda australia malaysia singapura singapore thailand filipina vietnam india rusia korea"
    " selatan utara timur barat tengah tenggara barat-daya pbb asean uni eropa dunia world united"
    " nations union states state foreign affairs defense defence finance health education justice"
    " trade commerce industry energy labor labour interior treasury homeland security economic"
    " economics development management innovation ministry department office agency bureau council"
    " committee commission board association federation organization organisation foundation"
    " corporation company inc ltd corp center centre research studies institute technology"
    " information services service telecommunications postal modernization white house parliament"
    " congress senate party national international american british chinese japanese indonesian"
    " australian german french russian indian hubungan masyarakat masyarakatan operasional kemitraan"
    " logistik penelitian pengembangan kajian strategis strategi pelayanan penerangan penyakit"
    " pencegahan pengendalian menular langsung jenderal pertama tingkat kerja sama digital siber"
    " sipil kependudukan catatan pangan ketahanan ketertiban lalu lintas reserse kriminal khusus"
    " narkoba humas kantor cabang pembantu distrik pengurus pimpinan ulama masjid pesantren pondok"
    " gereja keuskupan muhammadiyah nahdlatul pbnu mui kadin apindo hipmi kpu bawaslu kpk dpr dpd"
    " mpr dprd bpk bi ojk lps bnpb bpbd bmkg bps bin bnn kontras icw ylki walhi lipi brin bppt"
    " bpom eksekutif legislatif yudikatif komersial perseroan pengadaan barang kebijakan fiskal"
    " pajak bea cukai anggaran perbendaharaan moneter makro mikro analisis perbankan pasar modal"
    " executive officer financial operating technical marketing tim peneliti ahli kedokteran teknik"
    " ilmu pemerintahan administrasi psikologi sains matematika biologi kimia fisika farmasi"
    " keperawatan guru besar pusat-pusat studi sejarah budaya sastra bahasa hubungan pelatihan"
    " ii iii iv vi vii viii ix xi xii xiii south north east west new york city of the and for"
    " kemendikbud kemenkes kemenkeu kemenlu kemensos kemenag kemenhub kemenperin kemendag kementan"
    " kemenkominfo kemenaker kemendagri kemenkumham bappenas bulog pertamina pln telkom garuda"
    " transportasi angkutan terminal bandara pelabuhan stasiun kereta api jalan tol infrastruktur"
    " wisata destinasi hotel restoran taman museum pengelolaan penyelenggaraan pengaduan advokasi"
    " komando armada resor sektor demokrasi demokrat gerindra golkar pdi perjuangan pdi-p nasdem pkb pks pan ppp hanura psi"
    " perindo berkarya gelora istana kepresidenan satgas covid-19 covid vaksin vaksinasi imunisasi"
    " eropa afrika arab saudi iran irak israel palestina turki mesir suriah taiwan hong kong myanmar"
    " kamboja laos brunei darussalam timor leste selandia baru kanada brasil argentina meksiko"
    " spanyol italia portugal ukraina swedia norwegia denmark finlandia swiss austria belgia"
    " bangsa-bangsa perserikatan perkumpulan persekutuan persaudaraan polandia pakistan bangladesh nepal sri-lanka kuwait qatar vatikan"
    " dan gempa bumi tsunami vulkanologi mitigasi geologi"
    " analyst economist consultant consultants intelligence solutions ventures capital securities"
    " sekuritas aset manajemen property properti consulting digital media news online indonesian"
    " bicara antar air perum perumda polisi pemasaran kepresidenan kepariwisataan metro nusantara"
    " komunitas paguyuban warga umat organda kemaritiman maritim perairan pantai wali murid orangtua"
)

# Places that follow an office ("Gubernur Jawa Tengah Ganjar Pranowo").
PLACE_WORDS = _words(
    "aceh sumatera sumatra medan riau kepulauan jambi bengkulu palembang lampung bangka belitung"
    " banten jakarta dki tangerang bekasi bogor depok bandung jawa cirebon sukabumi cianjur garut"
    " tasikmalaya karawang purwakarta subang semarang solo surakarta magelang yogyakarta diy sleman"
    " bantul progo kulon gunungkidul klaten boyolali kudus jepara demak pati rembang blora"
    " pekalongan tegal brebes purwokerto banyumas cilacap kebumen purworejo wonogiri sragen"
    " surabaya malang sidoarjo gresik kediri madiun blitar jember banyuwangi probolinggo pasuruan"
    " lamongan tuban bojonegoro madura bali denpasar badung lombok mataram nusa tenggara ntb ntt"
    " kupang flores kalimantan pontianak banjarmasin banjar palangkaraya samarinda balikpapan"
    " tarakan sulawesi makassar manado palu kendari gorontalo maluku ambon ternate papua jayapura"
    " sumut sumbar sumsel babel kepri jabar jateng jatim kalbar kalteng kalsel kaltim kaltara sulut"
    " sulteng sulsel sultra sulbar malut jabodetabek jaksel jakpus jaktim jakbar jakut"
    " merauke timika sorong manokwari padang pekanbaru batam tanjung pinang minangkabau minahasa"
    " washington london tokyo beijing moscow moskwa sydney canberra geneva jenewa paris berlin"
    " brussels seoul bangkok hanoi manila kuala lumpur delhi gaza dusseldorf wuhan hubei shanghai"
)

_NOT_NAMES = _words(
    "senin selasa rabu kamis jumat sabtu minggu januari februari maret april mei juni juli agustus"
    " september oktober november desember monday tuesday wednesday thursday friday saturday sunday"
    " january february march may june july august october december wib wita wit kompas antara reuters"
    " xinhua afp ap cnn detik tempo kumparan tribun liputan6 bbc kompas.com"
    " the a an this that these those it its he she they we i you his her their our my your in on at"
    " by to from with as but and or if when while after before since because although however"
    " meanwhile there here what who how why not no yes according"
    " ini itu dia ia mereka kami kita saya aku anda kamu beliau menurut selain sementara namun tetapi"
    " tapi dan atau jika kalau bila saat ketika sebab karena oleh untuk dengan dalam pada dari di ke"
    " kepada hal hari tahun bulan setelah sebelum sebelumnya sejak hingga sampai bahkan juga adapun"
    " sedangkan meski meskipun walau walaupun padahal apalagi selanjutnya kemudian lalu terkait"
    " mengenai tentang akibat akibatnya misalnya seperti sebagai salah secara semua seluruh sejumlah"
    " beberapa banyak para setiap tiap masing bagi agar supaya jadi maka sebaliknya justru"
    " seandainya andai andaikan"
    " demikian begitu oleh-karena lebih paling masih sudah telah akan belum tidak tak bukan jangan"
    " mari ayo silakan apa siapa bagaimana mengapa kapan di-mana pihak upaya langkah acara rapat"
    " pertemuan konferensi undang-undang peraturan perpres perppu ruu uu pasal virus pandemi"
    " pemerintah pemprov pemkot pemkab kebijakan presidensi protokol demo aksi"
    " says told adding added jelas tegas kata ujar ucap tutur ungkap"
    " belakangan sehari praktis terakhir pertama kedua ketiga keempat kelima terlebih berdasarkan melalui usai seusai hasil"
    " dukungan gugatan tudingan tuduhan kunjungan penampilan pasalnya gol satu dirinya tujuan ide gagasan sekarang kini nantinya nanti semoga ya"
)

# Words of offices, bodies or grammar that are given names as well: inside a name they do not end it.
_ALSO_NAMES = _words(
    "utama hari putri putra agung indah bagus raja ratu sultan timur satria bumi surya kartika"
    " budaya bin besar muda madya raya jaya a i duta setia mulia barat utara guru perjuangan wahana"
    " hakim nusantara mineral rahayu asia sari cahaya prince king tengah selatan bangsa rakyat laut may"
    " april juni juli agustus august june minggu sabtu kamis senin garuda gema solo malang banjar"
)

_PARTICLES = _words("bin binti ibn al el van der den von de da dos la le du bint ben abu")

# Public figures known under two names: folded form -> folded form kept.
_ALIASES: dict[str, str] = {
    "jokowi": "joko widodo",
    "sby": "susilo bambang yudhoyono",
    "ahok": "basuki tjahaja purnama",
    "gus dur": "abdurrahman wahid",
    "bj habibie": "bacharuddin jusuf habibie",
    "b j habibie": "bacharuddin jusuf habibie",
    "habibie": "bacharuddin jusuf habibie",
    "jk": "jusuf kalla",
    "m jusuf kalla": "jusuf kalla",
    "megawati": "megawati soekarnoputri",
    "megawati sukarnoputri": "megawati soekarnoputri",
    "prabowo": "prabowo subianto",
    "bung karno": "soekarno",
    "sukarno": "soekarno",
    "pak harto": "soeharto",
    "suharto": "soeharto",
    "gus mus": "ahmad mustofa bisri",
    "cak imin": "muhaimin iskandar",
    "ahy": "agus harimurti yudhoyono",
    "ibas": "edhie baskoro yudhoyono",
    "bamsoet": "bambang soesatyo",
    "zulhas": "zulkifli hasan",
    "hns": "hidayat nur wahid",
    "hnw": "hidayat nur wahid",
    "hrs": "rizieq shihab",
    "habib rizieq": "rizieq shihab",
    "rizieq": "rizieq shihab",
    "kang emil": "ridwan kamil",
    "gus yaqut": "yaqut cholil qoumas",
    "bu risma": "tri rismaharini",
    "risma": "tri rismaharini",
    "jack ma": "jack ma",
    "lbp": "luhut binsar pandjaitan",
    "luhut": "luhut binsar pandjaitan",
    "sri mulyani": "sri mulyani indrawati",
    "retno marsudi": "retno lestari priansari marsudi",
    "retno lp marsudi": "retno lestari priansari marsudi",
    "obama": "barack obama",
    "lee kuan yew": "lee kuan yew",
}

_OTHER_NAMES: dict[str, list[str]] = {}
for _alias, _name in _ALIASES.items():
    _OTHER_NAMES.setdefault(_name, []).append(_alias)

# Abbreviated offices, written out, so that "Menkominfo" finds its minister.
_ROLE_SHORT: dict[str, str] = {
    "menlu": "menteri luar negeri",
    "menkeu": "menteri keuangan",
    "mendag": "menteri perdagangan",
    "menhan": "menteri pertahanan",
    "menkes": "menteri kesehatan",
    "menag": "menteri agama",
    "mendagri": "menteri dalam negeri",
    "mensos": "menteri sosial",
    "mensesneg": "menteri sekretaris negara",
    "menperin": "menteri perindustrian",
    "menaker": "menteri tenaga kerja",
    "mendikbud": "menteri pendidikan dan kebudayaan",
    "menkominfo": "menteri komunikasi dan informatika",
    "menkumham": "menteri hukum dan ham",
    "menhub": "menteri perhubungan",
    "menristek": "menteri riset dan teknologi",
    "mentan": "menteri pertanian",
    "menpora": "menteri pemuda dan olahraga",
    "menko": "menteri koordinator",
    "sekda": "sekretaris daerah",
    "sekjen": "sekretaris-jenderal",
    "sesjen": "sekretaris-jenderal",
    "dirjen": "direktur-jenderal",
    "dirut": "direktur-utama",
    "ketum": "ketua-umum",
    "wapres": "wakil-presiden",
    "wagub": "wakil-gubernur",
    "wabup": "wakil-bupati",
    "presdir": "presiden-direktur",
    "kapolri": "kepala polri",
    "kapolda": "kepala polda",
    "kapolres": "kepala polres",
    "jubir": "juru bicara",
    "dubes": "duta besar",
    "walikota": "wali kota",
    "kadis": "kepala dinas",
    "kades": "kepala desa",
    "seskab": "sekretaris kabinet",
}
_ROLE_COMPOUND = {
    "kepala negara": "presiden",
    "head of state": "president",
    "sekretaris jenderal": "sekretaris-jenderal",
    "secretary general": "secretary-general",
    "direktur jenderal": "direktur-jenderal",
    "direktur utama": "direktur-utama",
    "presiden direktur": "presiden-direktur",
    "president director": "president-director",
    "vice president": "vice-president",
    "prime minister": "prime-minister",
    "ketua umum": "ketua-umum",
    "wakil presiden": "wakil-presiden",
    "wakil ketua": "wakil-ketua",
    "wakil gubernur": "wakil-gubernur",
    "wakil bupati": "wakil-bupati",
    "wakil menteri": "wakil-menteri",
    "wakil wali": "wakil-wali",
}

_APOSTROPHES = "'’‘`´ʼ"
_WORD = re.compile(rf"[^\W_](?:[\w&/.{_APOSTROPHES}-]*[^\W_])?", re.UNICODE)
_DEGREE = re.compile(
    r"^(?:SH|SE|ST|SIP|SPd|MM|MSi|MBA|PhD|MSc|MH|MA|MPd|SAg|SSos|SKM|SpPD"
    r"|[A-Z][A-Za-z]{0,3}\.[A-Za-z.]{1,5})$"
)
_BREAK = re.compile(r"[,;:()\[\]“”\"«»!?…/—–\n]")
_GLUE = re.compile(r"^[\s.\x01]*$")


@dataclass(frozen=True, slots=True)
class Mention:
    """A person named in a text: *span* covers the *name* alone, *role* is what stood before it."""

    span: Span
    name: str
    role: str | None


@dataclass(frozen=True, slots=True)
class Token:
    """A word with its place; ``folded`` is lower case without accents or apostrophes."""

    start: int
    end: int
    text: str
    folded: str


@lru_cache(maxsize=65536)
def _fold_word(word: str) -> str:
    plain = unicodedata.normalize("NFKD", word)
    kept = (c for c in plain if not unicodedata.combining(c) and c not in _APOSTROPHES)
    return "".join(kept).casefold().strip(".-/&")


def words(text: str, start: int = 0, end: int | None = None) -> list[Token]:
    """The words of ``text[start:end]`` with offsets into *text*."""
    stop = len(text) if end is None else end
    return [
        Token(m.start(), m.end(), m.group(), _fold_word(m.group()))
        for m in _WORD.finditer(text, start, stop)
    ]


def is_role_word(word: str) -> bool:
    """True when *word* can begin an office: "Menteri", "Ketua", "spokesman"."""
    return _fold_word(word) in ROLE_HEADS


def is_degree(phrase: str) -> bool:
    """True for what may follow a name after a comma: "SH", "Ph.D"."""
    found = phrase.split()
    return bool(found) and all(_DEGREE.match(word.strip(".,")) for word in found)


def is_place(phrase: str) -> bool:
    """True when every word of *phrase* is a known place or body: "Jakarta Selatan"."""
    found = words(phrase)
    known = PLACE_WORDS | BODY_WORDS
    return (
        bool(found)
        and all(t.folded in known for t in found)
        and any(t.folded in PLACE_WORDS for t in found)
    )


@lru_cache(maxsize=65536)
def fold(name: str) -> str:
    """*name* for matching: lower case, no accents, apostrophes, titles or offices, aliases joined.

    >>> fold("Presiden Jokowi"), fold("Ma’ruf Amin")
    ('joko widodo', 'maruf amin')
    """
    everything = [token.folded for token in words(name)]
    whole = " ".join(everything)
    if whole in _ALIASES:
        return _ALIASES[whole]
    kept = [
        token.folded
        for token in words(_strip_office(name))
        if token.folded and token.folded not in HONORIFICS
    ]
    folded = " ".join(kept) or whole
    return _ALIASES.get(folded, folded)


def also_called(folded: str) -> list[str]:
    """The other names, folded, by which the bearer of a folded name is known: "jokowi"."""
    return _OTHER_NAMES.get(folded, [])


def _strip_office(name: str) -> str:
    found = split_person(name)
    return found.name if found is not None else name


def names_person(name: str) -> bool:
    """True unless *name* is an office or a body alone: "Presiden", "Bank Dunia"."""
    found = split_person(name)
    # "Singaporean officials": what follows a name has no small letter.
    return found is not None and not any(map(str.islower, name[found.span.end :]))


def is_common_forename(word: str) -> bool:
    """True for a folded forename that tells nobody from the others: "muhammad", "sri"."""
    return word in _FORENAMES


def _initials_match(one: str, two: str) -> bool:
    return (
        one == two
        or (len(one) == 1 and two.startswith(one))
        or (len(two) == 1 and one.startswith(two))
    )


def same_person(one: str, two: str) -> bool:
    """True when *one* and *two*, read within one article, can name the same person.

    Equal after ``fold``; or all words of the shorter name stand in the longer in
    the same order ("Retno", "Retno Marsudi"); an initial stands for its word.
    Two different surnames never match: "Joko Widodo" is not "Joko Tjandra". An
    office or a body has no short form: "Presiden" is not "Presiden Prancis".
    """
    one, two = (name.title() if name.islower() else name for name in (one, two))
    first, second = fold(one).split(), fold(two).split()
    if not first or not second:
        return False
    if not (names_person(one) and names_person(two)):
        return first == second or bool(fold_role(one) == fold_role(two) != ())
    short, long = sorted((first, second), key=len)
    return subsumes(long, short)


def subsumes(long: Sequence[str], short: Sequence[str]) -> bool:
    """True when the folded words of *short* stand in *long* in order, initials for words.

    At least one word is whole in both: "S. Iswara" is not "Salim".
    """
    if list(short) == list(long):
        return True
    if not any(len(word) > 1 and word in long for word in short):
        return False
    remaining = iter(long)
    return all(any(_initials_match(word, other) for other in remaining) for word in short)


def _capitalised(token: Token) -> bool:
    return token.text[0].isupper()


def _acronym(token: Token) -> bool:
    letters = [c for c in token.text if c.isalpha()]
    return len(letters) > 1 and all(c.isupper() for c in letters)


_LONGEST_WORD = 30  # longer is no word
_DEED = re.compile(r"(?:ke|pe|pem|pen|peng|peny|per)[a-z]{3,}an$")


def is_deed(folded: str) -> bool:
    """True for what somebody does or is: "Keinginan X", "Pencarian X" are nobody's names."""
    return _DEED.match(folded) is not None and folded not in BODY_WORDS


def _known(token: Token) -> bool:
    """Not part of a name: a word of an office, a body, a place or the calendar."""
    folded = token.folded
    return (
        len(folded) > _LONGEST_WORD
        or is_deed(folded)
        or folded in ROLE_HEADS
        or folded in BODY_WORDS
        or folded in PLACE_WORDS
        or folded in _NOT_NAMES
        or any(c.isdigit() for c in folded)
    )


def _runs(text: str, tokens: Sequence[Token]) -> list[list[Token]]:
    """Maximal runs of capitalised words, with name particles inside, broken at punctuation."""
    runs: list[list[Token]] = []
    current: list[Token] = []
    for place, token in enumerate(tokens):
        if current:
            gap = text[current[-1].end : token.start]
            if _office_goes_on(current, gap, tokens, place):
                current.append(token)
                continue
            # "Dr. Siti" and "M. Nuh" go on over a full stop; "Galih. Tanpa" does not.
            abbreviated = len(current[-1].text) == 1 or current[-1].folded in HONORIFICS
            full_stop = "." in gap and not abbreviated
            broken = not _GLUE.match(gap) or full_stop or "\n" in gap or len(gap) > 50
            if broken:
                runs.append(current)
                current = []
        if _capitalised(token) or (current and token.folded in _PARTICLES):
            current.append(token)
        elif current:
            runs.append(current)
            current = []
    if current:
        runs.append(current)
    for run in runs:
        while run and not _capitalised(run[-1]):
            run.pop()
    return [run for run in runs if run]


_JOINING = _words("dan and of for serta")


def _office_goes_on(
    current: Sequence[Token], gap: str, tokens: Sequence[Token], place: int
) -> bool:
    """True inside the list of an office: "Menteri Politik, Hukum, **dan** Keamanan Wiranto"."""
    if gap.strip() not in {"", ","} or "\n" in gap or len(gap) > 4:
        return False
    if not _body(current[-1]) and current[-1].folded not in _JOINING:
        return False
    token = tokens[place]
    if token.folded in _JOINING and not _capitalised(token):
        goes_on = place + 1 < len(tokens) and _body(tokens[place + 1])
    else:
        goes_on = "," in gap and _body(token)
    # Last, for a run can be as long as a table.
    return goes_on and any(one.folded in ROLE_HEADS for one in current)


def _body(token: Token) -> bool:
    return _capitalised(token) and token.folded in BODY_WORDS and token.folded not in ROLE_HEADS


_LONGEST_NAME = 5


def _name_part(run: Sequence[Token], after_role: bool) -> list[Token]:
    """The words of *run* that are the name: what follows the last word known to be something else.

    "Direktur Eksekutif Indikator Politik Indonesia Burhanuddin Muhtadi" ends in
    the name; an acronym ("DPR", "OJK") closes the body it belongs to, unless it is an alias (SBY).
    """
    begin = 0
    for place, token in enumerate(run):
        alias = token.folded in _ALIASES
        if token.folded in HONORIFICS and place + 1 < len(run):
            begin = place + 1
        elif place and _ROMAN.match(token.text) and run[place - 1].folded in _NUMBERED:
            begin = place + 1  # "Komisi V Galih Nugraha"
        elif begin < place and (token.folded in _ALSO_NAMES or len(token.text) == 1):
            continue
        elif (
            not alias
            and len(token.text) > 1
            and (
                _known(token)
                or (_acronym(token) and not _whole_name_in_capitals(run, place))
                or (token.folded.startswith(("kemen", "kapol", "ditjen", "dit-")) and after_role)
            )
        ):
            begin = place + 1
            if token.folded in _PLACE_HEADS_IN_RUN and not _is_mayor(run, place):
                two = "-".join(t.folded for t in run[place + 1 : place + 3]) in _TWO_WORDS
                begin = min(begin + 1 + two, len(run))
    name = list(run[begin:])
    while name and name[0].folded in _PARTICLES and not _capitalised(name[0]):
        name.pop(0)
    while name and _DEGREE.match(name[-1].text):
        name.pop()
    if len(name) > _LONGEST_NAME:
        name = name[-3:]
    return name


_ROMAN = re.compile(r"[IVX]+$")
_NUMBERED = _words("komisi divisi wilayah korem kodam daop bab pansus panja deputi staf region")

# The word after one of these names a place or body, whatever it looks like ("Dusun Ngasem").
_PLACE_HEADS_IN_RUN = _words(
    "dusun desa kampung kelurahan kecamatan kabupaten kota terminal universitas pasar"
)

# Universities by two words, neither of which is the name of who speaks for them.
_TWO_WORDS = _words(
    "gadjah-mada sam-ratulangi syiah-kuala sebelas-maret jenderal-soedirman atma-jaya mercu-buana"
    " al-azhar sanata-dharma lambung-mangkurat bung-karno bung-hatta budi-luhur bina-nusantara"
    " prasetiya-mulya nusa-cendana halu-oleo ahmad-dahlan sunan-kalijaga maulana-malik"
    " sultan-agung bunda-mulia esa-unggul satya-wacana kristen-petra"
)


def _is_mayor(run: Sequence[Token], place: int) -> bool:
    return place > 0 and run[place].folded == "kota" and run[place - 1].folded == "wali"


def _whole_name_in_capitals(run: Sequence[Token], place: int) -> bool:
    """Initials such as "BJ" or "AM" at the head of a name are capitals but no body."""
    token = run[place]
    return len(token.text) == 2 and place + 1 < len(run) and not _known(token) and place == 0


# "(PBB)" between an office and its holder; an age, "(50)", ends a name and stays.
_ASIDE = re.compile(r"\([^\W\d][^()\n]{0,40}\)")


def _hide_asides(text: str) -> str:
    """*text* with each aside turned to \\x01, same length, so that a run passes over it."""
    return _ASIDE.sub(lambda hit: "\x01" * len(hit.group()), text)


def _after_aside(plain: str, start: int) -> bool:
    """True when a hidden aside ends right before *start*: it closes the name of a body."""
    return plain[max(0, start - 3) : start].rstrip().endswith("\x01")


def people(text: str, start: int = 0, end: int | None = None) -> list[Mention]:
    """Person mentions of ``text[start:end]``, in order, by rules.

    Over-finds on purpose (a company reads like a person): callers decide by position.
    """
    stop = len(text) if end is None else end
    found: list[Mention] = []
    plain = _hide_asides(text)
    for run in _runs(plain, words(plain, start, stop)):
        has_role = any(t.folded in ROLE_HEADS for t in run)
        closed = max((i for i, t in enumerate(run) if _after_aside(plain, t.start)), default=0)
        name = _name_part(run[closed:], has_role)
        if not name:
            continue
        before = run[: run.index(name[0])]
        role = _role_of(before)
        if not before and len(name) > 1:  # "penyidik Bareskrim" is nobody's name
            role = _role_ahead(plain, name[0].start)
        owner = name[-1].text[-2:] in {"'s", "’s"}  # "Smith's main objection"
        span = Span(name[0].start, name[-1].end - 2 * owner)
        found.append(Mention(span, _clean(span.of(text)), role))
    return found


# "warga Simpang Mayang", "pemilik Kedai X": what follows is where, or what.
_OF_PLACES = _words(
    "warga anggota pemilik pengurus pegawai karyawan pengelola pendiri founder owner member pemain"
    " siswa mahasiswa pelajar dosen guru pedagang petani nelayan relawan wakil mantan perwakilan"
)
# Of an office, and none by themselves: "kuasa hukum", "peneliti senior".
_OF_OFFICES = _words(
    "hukum senior umum general executive corporate public communication communications sales marketing"
    " product business regional creative country acting deputy former mantan bekas eks associate"
    " assistant managing relations vice"
)
_QUALITIES = _words("muda senior kawakan ternama kondang legendaris veteran cantik tampan")
_BEFORE_NAME = re.compile(r"(?:[A-Z]?[a-z’'-]{2,}\s){0,2}(?P<head>[a-z-]{3,})\s$")


def _role_ahead(text: str, start: int) -> str | None:
    """A role in small letters right before a name: "transport minister David A."."""
    hit = _BEFORE_NAME.search(text, max(0, start - 40), start)
    if hit is not None and hit["head"] in _QUALITIES:  # "sutradara muda Bening P."
        hit = _BEFORE_NAME.search(text, max(0, start - 40), hit.start("head"))
    if hit is None or hit["head"] not in ROLE_HEADS - _OF_PLACES - _OF_OFFICES:
        return None
    return hit["head"]


def _role_of(before: Sequence[Token]) -> str | None:
    for place, token in enumerate(before):
        if token.folded in ROLE_HEADS:
            return " ".join(t.text for t in before[place:] if t.folded not in HONORIFICS)
    return None


def _clean(name: str) -> str:
    return re.sub(r"[\s\x01]+", " ", name).strip()


@lru_cache(maxsize=16384)
def split_person(phrase: str) -> Mention | None:
    """The person a noun phrase names, if it names one: role and name apart.

    Takes "Ketua Komisi I DPR Meutya Hafid" and "pemilik warung, Siti Aminah (50)".
    Parts after a preposition ("di Jakarta") name places and are passed over.
    """
    offset = 0
    role: str | None = None
    phrase = _hide_asides(phrase[:600])
    for piece in _BREAK.split(phrase):
        at = phrase.find(piece, offset)
        offset = at + len(piece)
        cut = _before_preposition(piece)
        found = [m for m in people(cut) if not _is_place_segment(cut)]
        if found:
            chosen = found[0]
            follower = _bare_name_after(phrase, offset)
            plain_office = cut.lstrip()[:1].islower()  # "kata pemilik Kedai X, Budi Santoso"
            alone = " " not in chosen.name
            of_body = any(t.folded in _BODY_HEADS for t in words(cut[: chosen.span.start]))
            if follower is not None and (alone or plain_office or of_body) and role_phrase(cut):
                # "kata Camat X, Budi Santoso": X looked like a name until its bearer came.
                return Mention(follower, follower.of(phrase), role_phrase(cut))
            span = Span(at + chosen.span.start, at + chosen.span.end)
            lead = role_phrase(cut[: chosen.span.start]) or role
            return Mention(span, chosen.name, chosen.role or lead)
        role = role or role_phrase(cut)
    return None


_BARE_NAME = re.compile(
    r"\s*,\s*((?:[A-Z][\w’'.-]*\s){1,4}[A-Z][\w’'-]*)(?=\s*(?:[,.(]|$|\s[a-z]))"
)


def _bare_name_after(phrase: str, offset: int) -> Span | None:
    """A name of two words or more, and nothing else, right after a comma at *offset*."""
    for _ in range(3):
        hit = _BARE_NAME.match(phrase, offset)
        if hit is None:
            return None
        known = [_known(token) for token in words(hit.group(1))]
        if not any(known):
            return Span(hit.start(1), hit.end(1))
        if not all(known):
            return None
        offset = hit.end(1)  # ", Jakarta Utara, Galih N."
    return None


_PREPOSITION = re.compile(
    r"\b(?:di|dari|ke|pada|dalam|kepada|yang|saat|ketika|melalui|untuk|dengan|oleh|tentang|soal"
    r"|usai|seusai|sambil|seraya|terkait|mengenai|seperti|lewat|sebelum|setelah|kala|sebagaimana"
    r"|in|at|on|to|from|during|after|before|who|which|while|when|as|about)\b"
)


def _before_preposition(piece: str) -> str:
    """*piece* up to its first preposition; one that leads the piece is left for the caller."""
    hit = _PREPOSITION.search(piece)
    if hit is None:
        return piece
    return piece[: hit.start()]


def _is_place_segment(piece: str) -> bool:
    first = _WORD.search(piece)
    return first is not None and _fold_word(first.group()) in _PLACE_HEADS


_PLACE_HEADS = _words(
    "kabupaten kota kecamatan kelurahan desa provinsi kampung dusun jalan daerah wilayah pulau"
    " gedung hotel istana universitas fakultas fraksi partai yayasan"
)


def role_phrase(phrase: str) -> str | None:
    """*phrase* from its first role word on, when it has one."""
    for token in words(phrase):
        if token.folded in ROLE_HEADS:
            return _clean(phrase[token.start :].strip(" ,.;:"))
    return None


@lru_cache(maxsize=16384)
def fold_role(role: str) -> tuple[str, ...]:
    """A role for matching: written out, lower case, without "itu", "RI" and the like.

    >>> fold_role("Menlu"), fold_role("Sekretaris Jenderal PBB")
    (('menteri', 'luar', 'negeri'), ('sekretaris-jenderal', 'pbb'))
    >>> fold_role("Sekjen itu"), fold_role("Sekjen ITU")  # of the telecommunication union
    (('sekretaris-jenderal',), ('sekretaris-jenderal', 'itu'))
    """
    spoken = words(role)
    headline = len(spoken) > 1 and role.isupper()  # "PRESIDEN ITU"
    text = " ".join(
        t.text
        if t.text in _BODIES_LIKE_FILLERS and not headline
        else _ROLE_SHORT.get(t.folded, t.folded)
        for t in spoken
    )
    for written, joined in _ROLE_COMPOUND.items():
        if written in text:
            text = re.sub(rf"\b{written}\b", joined, text)
    return tuple(word.lower() for word in text.split() if word not in _ROLE_FILLERS)


# The words that begin the name of a body, so that what stands before is an office in it.
_BODY_HEADS = _words(
    "kementerian kementrian departemen dinas badan lembaga komisi komite dewan majelis mahkamah"
    " pengadilan kejaksaan kepolisian polda polres polresta polsek kodam kodim markas universitas"
    " institut fakultas sekolah politeknik akademi yayasan pt cv bank rumah rsud puskesmas pusat"
    " asosiasi ikatan perhimpunan himpunan persatuan serikat aliansi koalisi forum gerakan fraksi"
    " partai satgas gugus satuan tim kantor otoritas bursa bandara pelabuhan stasiun komunitas"
    " paguyuban organisasi perusahaan perkumpulan perserikatan persekutuan persaudaraan program laboratorium balai museum masjid gereja pesantren"
    " sekretariat kedutaan istana kelompok panitia balai divisi ministry department agency bureau"
    " council committee commission board association federation institute university college"
    " hospital bank party united"
)


def names_body(phrase: str) -> bool:
    """True for the name of a body alone: "Lembaga Riset Upah Sagita", and no office in it."""
    found = words(phrase)
    return (
        bool(found)
        and found[0].folded in _BODY_HEADS
        and all(_capitalised(token) or token.folded in _JOINING for token in found)
        and not any(token.folded in ROLE_HEADS for token in found)
    )


def ends_body(before: str) -> bool:
    """True if the name that follows the text *before* is the end of a body's: "Pusat Studi |"."""
    last = before.split()[-1:]
    return bool(last) and last[0][:1].isupper() and _fold_word(last[0]) in BODY_WORDS


_NO_BODIES = _words("ri as ii iii iv vi vii viii ix pm ceo cfo coo cto cmo vp")


def split_office(office: str) -> tuple[str, str | None]:
    """An office as written, cut into the role and the body it is held in, both as written.

    >>> split_office("Kepala Dinas Kesehatan Kota Semarang")
    ('Kepala', 'Dinas Kesehatan Kota Semarang')
    >>> split_office("Menteri Luar Negeri RI")
    ('Menteri Luar Negeri RI', None)
    """
    office = office.strip()
    found = words(office)
    for place, token in enumerate(found[1:], start=1):
        before = found[place - 1].folded
        unknown = _capitalised(token) and not _known(token) and token.folded not in HONORIFICS
        body = (
            token.folded in _BODY_HEADS
            or token.folded.startswith("kemen")
            or (token.folded == "pengurus" and _capitalised(token))
            or (_acronym(token) and token.folded not in _NO_BODIES)
            or unknown
            or (before in {"of", "at", "for"} and _capitalised(token))
        )
        if not body or before == "antar":
            continue
        if before in {"kota", "kabupaten", "provinsi", "desa", "kecamatan", "kelurahan", "dusun"}:
            return office, None  # "Lurah", "Wali Kota": the place is part of the office
        role = _BETWEEN.sub("", office[: token.start])
        return (role, office[token.start :]) if role else (office, None)
    return office, None


_BETWEEN = re.compile(r"(?:[\s,(]|(?<!\w)(?:pada|di|dari|untuk|of|at|for|from|the|with|bidang))+$")

_BODIES_LIKE_FILLERS = frozenset({"ITU"})
_ROLE_FILLERS = _words("itu ini tersebut ri indonesia the a an dan and of pak bapak ibu")


_OFFICE_THEN_NAME = re.compile(r"\s*,\s+")
_NAME_THEN_OFFICE = re.compile(r"\s*(?:\(\d{1,3}\)\s*)?,\s+(?=[a-z])")
_APPOSITION_ENDS = re.compile(
    r"\s*(?:\(\d{1,3}\)\s*)?(?:[.”\"]|$|,\s+(?!(?:dan|serta|and|atau|or)\b)[a-z])"
)
# "Kapten Chelsea, Gary C. telah …": nobody lists a captain and another person like that.
_PREDICATE = re.compile(
    r"\s+(?:telah|sudah|akan|me[a-z]{4,}|ber[a-z]{3,}|said|says|has|had|was|is)\b"
)
_LONGEST_OFFICE = 120  # characters


def with_appositions(text: str, mentions: Sequence[Mention]) -> list[Mention]:
    """*mentions* of *text* in order, each office beside a name given to its bearer.

    What is left of a body is no person: in "Ketua Himpunan Toko Sagita, **Galih Nugraha**, …"
    and in "**Galih Nugraha**, analis Pusat Studi Sagita, …" only one is.
    """
    kept: list[Mention] = []
    for mention in mentions:
        before = kept[-1] if kept else None
        if before is not None and before.role is None and mention.role is not None:
            gap = text[before.span.end : mention.span.start][:_LONGEST_OFFICE]
            hit = _NAME_THEN_OFFICE.match(gap)
            plain = hit is not None and not set(',.;:\n“”"') & set(gap[hit.end() :])
            if hit is not None and plain and " " in before.name and _closed(text, mention):
                role = role_phrase(gap[hit.end() :] + mention.name)
                if role is not None and gap[hit.end() :].startswith(role.split()[0]):
                    kept[-1] = Mention(before.span, before.name, role)
                    continue
        if before is not None and before.role is not None and mention.role is None:
            gap = text[before.span.end : mention.span.start]
            if (
                len(gap) < 4
                and _OFFICE_THEN_NAME.fullmatch(gap)
                and (" " in mention.name or names_body(before.name))
                and (
                    _APPOSITION_ENDS.match(text, mention.span.end)
                    or (" " not in before.name and _PREDICATE.match(text, mention.span.end))
                )
                and not any(_known(token) for token in words(mention.name))
            ):
                kept[-1] = Mention(mention.span, mention.name, f"{before.role} {before.name}")
                continue
        kept.append(mention)
    return kept


def _closed(text: str, mention: Mention) -> bool:
    """True when the part between commas ends with *mention*."""
    return text[mention.span.end : mention.span.end + 2].lstrip()[:1] in {",", ".", ""}


# Who manages or heads always does so of something, and "Manajer X Y Z" says no "of".
_OF_SOMETHING = _words("manajer bos manager boss")
# Who plays for a team is seldom called by four names: "Kapten Elang Laut Ricky W.".
_OF_A_TEAM = _words(
    "pelatih kapten kiper bek gelandang striker penyerang winger pemain coach captain"
)


def without_bodies(
    mentions: Sequence[Mention], bodies: frozenset[str], spoken: Iterable[str] = ()
) -> list[Mention]:
    """*mentions* without the body that stands between an office and the name.

    In "Pelatih **Persada Biru** Galih Nugraha" the words are a club's: where the article uses
    them as such (*bodies*), or where another name with an office begins with them ("Kapten
    **Persada Biru** Ali Nadir"). Of three words right after "Manajer" the last two are the name,
    unless one before them is used alone beside a cue (*spoken*).
    """
    alone = {_fold_word(name) for name in spoken}
    shared = _shared_beginnings(mentions)
    kept = []
    for mention in mentions:
        parts = mention.name.split()
        cut = 0
        if mention.role is not None and len(parts) > 2:
            beginnings = [(k, " ".join(parts[:k])) for k in range(len(parts) - 2, 0, -1)]
            found = (
                k
                for k, words_ in beginnings
                if (words_ in bodies or words_ in shared)
                and alone.isdisjoint(map(_fold_word, parts[:k]))
            )
            cut = next(found, 0)
            plain = parts[0].casefold() not in _FORENAMES and not _PARTICLES & set(parts)
            plain = plain and alone.isdisjoint(map(_fold_word, parts[:-1]))
            role = _fold_word(mention.role)
            clubs = role in _OF_SOMETHING or (role in _OF_A_TEAM and len(parts) == 4)
            if not cut and plain and clubs:
                cut = len(parts) - 2
        if cut:
            name = " ".join(parts[cut:])
            start = mention.span.end - len(name)
            role = " ".join([mention.role or "", *parts[:cut]])
            mention = Mention(Span(max(mention.span.start, start), mention.span.end), name, role)
        kept.append(mention)
    return kept


def _shared_beginnings(mentions: Sequence[Mention]) -> set[str]:
    """Two words or more with which the names of several people with an office begin."""
    rests: dict[str, set[str]] = {}
    for mention in mentions:
        parts = mention.name.split()
        for k in range(2, len(parts)) if mention.role is not None else ():
            rests.setdefault(" ".join(parts[:k]), set()).add(parts[k])
    return {words_ for words_, found in rests.items() if len(found) > 1}


_LEAST_SHORT = 4  # letters of a name cut short


class Cast:
    """The people of one article, in order of appearance; resolves short names and roles.

    *spoken* holds names that the article uses on their own beside a cue ("kata Galih"). They
    trim what the word lists could not: "Sinar Raya Galih Nugraha" is Galih Nugraha; *cut* holds
    names from which ``without_bodies`` took one, and what is left of them.
    """

    def __init__(
        self,
        mentions: Iterable[Mention],
        spoken: Iterable[str] = (),
        cut: Mapping[str, str] | None = None,
    ) -> None:
        self._cut = cut or {}
        self._short = {_fold_word(name) for name in spoken if len(name.split()) == 1}
        self.mentions: list[Mention] = [
            self._trim(mention) for mention in sorted(mentions, key=lambda m: m.span)
        ]
        self._full: dict[str, str] = {}
        self._names: dict[str, list[str]] = {}  # each way to write a name: its folded words
        self._holding: dict[str, list[str]] = {}  # the names that hold a word, in order
        for mention in self.mentions:
            if mention.name not in self._names:
                self._names[mention.name] = plain = _plain(mention.name)
                for word in set(plain):
                    self._holding.setdefault(word, []).append(mention.name)
        self._folded: dict[str, list[str]] | None = None
        self._held: dict[tuple[str, ...], _Held] = {}  # by whole role, and by its first word
        self._roles: dict[tuple[str, str], list[_Held]] = {}  # by first word and any word
        self._index_roles()

    def _trim(self, mention: Mention) -> Mention:
        parts = mention.name.split()
        if mention.role is None or len(parts) < 3:
            return mention
        used = [i for i, part in enumerate(parts[:-1]) if _fold_word(part) in self._short]
        if not used or used[-1] == 0:
            return mention
        first = used[-1]
        # "Mohammad Galih N." is called Galih, and still is Mohammad; so with initials.
        while first and (parts[first - 1].casefold() in _FORENAMES or len(parts[first - 1]) < 3):
            first -= 1
        name = " ".join(parts[first:])
        start = mention.span.end - len(name)
        role = " ".join([mention.role, *parts[:first]]) if first else mention.role
        return Mention(Span(max(mention.span.start, start), mention.span.end), name, role)

    def trimmed(self, name: str) -> str:
        """*name* without the end of an office that the word lists left on it."""
        return self._trim(Mention(Span(0, len(name)), name, "")).name

    def full_name(self, name: str) -> str:
        """The longest way this article writes the person whom it also calls *name*.

        Only names that hold every word of *name* count; of two such people ("Joko Widodo",
        "Joko Tjandra" for "Joko") the one introduced first is taken.
        """
        if name not in self._full:
            self._full[name] = self._longest(self.trimmed(self._cut.get(name, name)))
        return self._full[name]

    def _longest(self, name: str) -> str:
        folded = set(_plain(name))
        best, size = name, len(_plain(name))
        # Every candidate holds each word of the name: those that hold the rarest are enough.
        holding = [self._holding.get(word, []) for word in folded]
        for other in min(holding, key=len) if holding else self._names:
            plain = self._names[other]
            if len(plain) > size and folded <= set(plain):
                best, size, folded = other, len(plain), set(plain)
        if best != name or size > 1:
            return best
        if self._folded is None:
            self._folded = {}
            for other in self._names:
                self._folded.setdefault(fold(other), []).append(other)
        known = self._folded.get(fold(name), [])
        best = max([name, *known], key=lambda n: len(_plain(n)))
        return best if best != name else self._begun(name) or name

    def _begun(self, name: str) -> str | None:
        """Whom the article introduces with an office, and calls by half a word: "Sandi", Sandiaga.

        None if there is nobody, or more than one.
        """
        (part,) = _plain(name) or ("",)
        if len(part) < _LEAST_SHORT:
            return None
        whole = {
            mention.name
            for mention in self.mentions
            if mention.role is not None
            and any(w.startswith(part) and len(w) > len(part) + 1 for w in _plain(mention.name))
        }
        longest = max((one for one in whole if " " in one), key=len, default=None)
        if longest is None or any(not same_person(one, longest) for one in whole):
            return None
        return longest

    def _index_roles(self) -> None:
        for mention in self.mentions:
            role = fold_role(mention.role or "")
            if not role:
                continue
            if role not in self._held:
                self._held[role] = held = _Held(frozenset(role) | _initialisms(role))
                for word in held.words:
                    self._roles.setdefault((role[0], word), []).append(held)
            self._held[role].add(mention)
            self._held.setdefault((role[0], ""), _Held(frozenset())).add(mention)

    def by_role(self, role: str, before: int) -> str | None:
        """The last person introduced with *role* before the offset *before*.

        For one word ("Presiden") somebody whose whole role it is goes before
        somebody whose role only begins with it ("Presiden Prancis").
        """
        wanted = fold_role(role)
        if not wanted:
            return None
        if len(wanted) == 1:
            exact = self._held.get(wanted)
            found = exact.last(before) if exact is not None else None
            if found is None and (any_of := self._held.get((wanted[0], ""))) is not None:
                found = any_of.last(before)
        else:
            buckets = [self._roles.get((wanted[0], word), []) for word in wanted]
            last = (
                held.last(before) for held in min(buckets, key=len) if held.words.issuperset(wanted)
            )
            found = max((hit for hit in last if hit is not None), default=None)
        return self.full_name(found[1]) if found is not None else None


_LONGEST_INITIALISM = 6


def _initialisms(role: Sequence[str]) -> frozenset[str]:
    """The letters of each run of words: "mpr" of a role in the Majelis Permusyawaratan Rakyat."""
    found = set()
    for start in range(1, len(role)):
        for end in range(start + 3, min(len(role), start + _LONGEST_INITIALISM) + 1):
            found.add("".join(word[0] for word in role[start:end]))
    return frozenset(found)


@dataclass(slots=True)
class _Held:
    """Who was introduced with one role, in order."""

    words: frozenset[str]
    starts: list[int] = field(default_factory=list)
    names: list[str] = field(default_factory=list)

    def add(self, mention: Mention) -> None:
        self.starts.append(mention.span.start)
        self.names.append(mention.name)

    def last(self, before: int) -> tuple[int, str] | None:
        """The offset and name of the last one introduced before the offset *before*."""
        place = bisect_left(self.starts, before)
        return (self.starts[place - 1], self.names[place - 1]) if place else None


@lru_cache(maxsize=65536)
def _plain(name: str) -> list[str]:
    return [t.folded for t in words(name)]
