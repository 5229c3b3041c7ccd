"""What the demo merchant sells: product lines, each with its looks, prices, margin and season."""

from dataclasses import dataclass
from typing import Literal

Season = Literal[
    "flat", "winter", "cosy", "summer", "garden", "gifts", "christmas", "moving", "autumn"
]
Looks = tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class ProductLine:
    """A family of products that differ by look (oak, ash) and by collection (01, 02, ...)."""

    prefix: str
    noun: str
    category: str
    looks: Looks  # (code in the sku, word in the name)
    price: tuple[float, float]  # GBP without VAT, cheapest and dearest
    margin: float  # share of the price
    share: float  # weight of the line in the company's revenue
    season: Season
    litres: float
    kg: float
    makers: tuple[str, ...]  # supplier codes, taken in turn by look
    packs: tuple[int, ...]
    wholesale: bool = False
    shelf_life_days: int | None = None


def _line(
    code: str,
    category: str,
    looks: Looks,
    price: tuple[float, float],
    figures: tuple[float, float, float, float],
    season: Season,
    makers: str,
    packs: tuple[int, ...],
    *,
    wholesale: bool = False,
    shelf_life_days: int | None = None,
) -> ProductLine:
    prefix, noun = code.split(" ", 1)
    margin, share, litres, kg = figures
    return ProductLine(
        prefix=prefix,
        noun=noun,
        category=category,
        looks=looks,
        price=price,
        margin=margin,
        share=share,
        season=season,
        litres=litres,
        kg=kg,
        makers=tuple(makers.split()),
        packs=packs,
        wholesale=wholesale,
        shelf_life_days=shelf_life_days,
    )


_LAMPS: Looks = (
    ("OAK", "oak"),
    ("ASH", "ash"),
    ("BRASS", "brass"),
    ("RATTAN", "rattan"),
    ("CER", "ceramic"),
)
_METAL: Looks = (("BRASS", "brass"), ("BLK", "black"), ("OAK", "oak tripod"))
_SHADES: Looks = (("RATTAN", "rattan"), ("GLASS", "smoked glass"), ("LINEN", "linen"))
_BULBS: Looks = (("WARM", "warm white"), ("AMBER", "amber filament"), ("DIM", "dimmable"))
_WOODS: Looks = (("OAK", "oak"), ("WAL", "walnut"), ("PINE", "painted pine"))
_SEATS: Looks = (("OAK", "oak"), ("BOUCLE", "bouclé"), ("VEL", "velvet"))
_SOFT: Looks = (
    ("LIN", "washed linen"),
    ("VEL", "velvet"),
    ("WOOL", "wool"),
    ("COT", "cotton check"),
)
_THROWS: Looks = (("WOOL", "lambswool"), ("HER", "herringbone"), ("FAUX", "faux fur"))
_RUGS: Looks = (("JUTE", "jute"), ("WOOL", "wool"), ("KILIM", "kilim"))
_BATH: Looks = (("WHT", "white"), ("SAGE", "sage"), ("NAVY", "navy"))
_GLAZE: Looks = (
    ("CREAM", "cream"),
    ("SAGE", "sage"),
    ("INDIGO", "indigo"),
    ("SPECK", "speckled"),
)
_BOARDS: Looks = (("OAK", "oak"), ("ACA", "acacia"), ("MARB", "marble"))
_PANS: Looks = (("IRON", "cast-iron"), ("STEEL", "steel"))
_GLASS: Looks = (("RIB", "ribbed"), ("CLR", "clear"), ("AMB", "amber"))
_CLOTHS: Looks = (("STRIPE", "striped"), ("OLIVE", "olive"), ("CHK", "check"))
_SCENTS: Looks = (
    ("FIG", "fig"),
    ("CEDAR", "cedar"),
    ("ROSE", "wild rose"),
    ("SEA", "sea salt"),
)
_POTS: Looks = (("TERRA", "terracotta"), ("ZINC", "zinc"), ("STONE", "stone"))
_OUTDOOR: Looks = (("SOLAR", "solar"), ("COPPER", "copper"))
_TOOLS: Looks = (("ASH", "ash-handled"), ("STEEL", "stainless"))
_TEAK: Looks = (("TEAK", "teak"), ("ACA", "acacia"))
_VASES: Looks = (("GLASS", "glass"), ("STONE", "stoneware"), ("TERRA", "terracotta"))
_FRAMES: Looks = (("OAK", "oak"), ("BLK", "black"), ("GILT", "gilt"))
_WEAVES: Looks = (("SEAG", "seagrass"), ("ROPE", "cotton rope"), ("WIRE", "wire"))
_FESTIVE: Looks = (("GOLD", "gold"), ("RED", "red"), ("GRN", "forest green"))
_PAPER: Looks = (("HOLLY", "holly"), ("FLORA", "floral"), ("KRAFT", "kraft"))

LIGHTING, FURNITURE, TEXTILES = "Lighting", "Furniture", "Textiles"
KITCHEN, SCENT, GARDEN = "Kitchen & Dining", "Home Fragrance", "Garden"
DECOR, GIFTS = "Decor", "Gifts & Seasonal"

# figures: margin, revenue share, litres, kilograms of one unit
LINES: tuple[ProductLine, ...] = (
    _line("LAMP table lamp", f"{LIGHTING}/Table Lamps", _LAMPS, (44, 89), (0.56, 12, 14, 2.2),
          "winter", "KOLDING BRIGHTWAY LUMERA", (6, 12, 24), wholesale=True),
    _line("FLOOR floor lamp", f"{LIGHTING}/Floor Lamps", _METAL, (95, 185), (0.53, 6, 60, 6.5),
          "winter", "BRIGHTWAY LUMERA", (2, 4)),
    _line("PEND pendant light", f"{LIGHTING}/Pendants", _SHADES, (39, 119), (0.55, 5, 22, 1.8),
          "winter", "BRIGHTWAY SAIGONWEAVE", (4, 6)),
    _line("BULB LED bulb", f"{LIGHTING}/Bulbs", _BULBS, (5.5, 12.99), (0.48, 2.5, 0.4, 0.06),
          "winter", "VOLTA", (24, 48), wholesale=True),
    _line("STOOL stool", f"{FURNITURE}/Stools", _WOODS, (59, 99), (0.47, 4, 45, 5),
          "moving", "PORTOWOOD POMORZE", (2, 4)),
    _line("SIDE side table", f"{FURNITURE}/Side Tables", _WOODS, (89, 179), (0.46, 5, 70, 9),
          "moving", "PORTOWOOD POMORZE", (1, 2)),
    _line("CHAIR dining chair", f"{FURNITURE}/Chairs", _SEATS, (119, 229), (0.45, 6, 120, 8),
          "moving", "POMORZE FRIULI", (2,)),
    _line("SHELF wall shelf", f"{FURNITURE}/Shelving", _WOODS, (35, 79), (0.48, 3, 12, 3.5),
          "moving", "POMORZE PORTOWOOD", (4, 6), wholesale=True),
    _line("CUSH cushion", f"{TEXTILES}/Cushions", _SOFT, (19.5, 39.5), (0.58, 6, 9, 0.6),
          "autumn", "CALDER JAIPUR GUIMARAES", (6, 12), wholesale=True),
    _line("THROW throw", f"{TEXTILES}/Throws", _THROWS, (35, 89), (0.56, 5, 8, 1.1),
          "cosy", "BRONTE JAIPUR", (4, 8)),
    _line("RUG rug", f"{TEXTILES}/Rugs", _RUGS, (79, 229), (0.51, 5, 35, 7),
          "autumn", "BHADOHI", (1, 2)),
    _line("TOWEL bath towel", f"{TEXTILES}/Towels", _BATH, (14.5, 26), (0.55, 3.5, 4, 0.6),
          "summer", "GUIMARAES", (12, 24), wholesale=True),
    _line("DUVET duvet set", f"{TEXTILES}/Bedding", _BATH, (65, 129), (0.54, 5, 10, 2.1),
          "moving", "GUIMARAES", (4, 6)),
    _line("MUG mug", f"{KITCHEN}/Mugs", _GLAZE, (8.5, 14.5), (0.6, 4, 1.2, 0.35),
          "gifts", "STOKE BARCELOS", (12, 24, 36), wholesale=True),
    _line("BOWL bowl", f"{KITCHEN}/Bowls & Plates", _GLAZE, (9.5, 18.5), (0.58, 3, 2, 0.5),
          "flat", "STOKE BARCELOS", (12, 24), wholesale=True),
    _line("PLATE dinner plate", f"{KITCHEN}/Bowls & Plates", _GLAZE, (10.5, 19.5),
          (0.57, 3, 2, 0.7), "flat", "BARCELOS STOKE", (12, 24), wholesale=True),
    _line("TUMB tumbler", f"{KITCHEN}/Glassware", _GLASS, (6.5, 12), (0.59, 2.5, 0.8, 0.3),
          "summer", "BOHEMIA", (24, 36), wholesale=True),
    _line("BOARD serving board", f"{KITCHEN}/Boards", _BOARDS, (22, 49), (0.53, 2.5, 3, 1.4),
          "gifts", "POMORZE SAIGONWEAVE", (6, 12)),
    _line("PAN casserole", f"{KITCHEN}/Cookware", _PANS, (69, 149), (0.46, 3.5, 9, 4.8),
          "cosy", "AISNE", (2, 4)),
    _line("CLOTH tea towel", f"{KITCHEN}/Linen", _CLOTHS, (7.5, 12.5), (0.6, 1.5, 0.4, 0.1),
          "flat", "JAIPUR ULSTER", (12, 24), wholesale=True),
    _line("CANDLE candle", f"{SCENT}/Candles", _SCENTS, (14, 32), (0.63, 6, 1, 0.55),
          "cosy", "PENNINE", (6, 12), wholesale=True, shelf_life_days=720),
    _line("DIFF reed diffuser", f"{SCENT}/Diffusers", _SCENTS, (22, 38), (0.62, 3.5, 1.2, 0.4),
          "gifts", "PENNINE GRASSE", (6, 12), shelf_life_days=720),
    _line("SOAP hand wash", f"{SCENT}/Bath & Body", _SCENTS, (9.5, 16), (0.6, 2, 0.7, 0.55),
          "flat", "GRASSE", (12,), wholesale=True, shelf_life_days=540),
    _line("POT planter", f"{GARDEN}/Planters", _POTS, (16, 59), (0.52, 4, 16, 5),
          "garden", "IMPRUNETA ZWOLLE", (4, 6, 12)),
    _line("GLOW festoon light", f"{GARDEN}/Outdoor Lighting", _OUTDOOR, (24, 49),
          (0.54, 2.5, 3, 0.9), "garden", "VOLTA BRIGHTWAY", (6, 12)),
    _line("TOOL hand fork", f"{GARDEN}/Tools", _TOOLS, (12, 24), (0.52, 1.5, 1, 0.5),
          "garden", "SHEFFIELD", (6, 12), wholesale=True),
    _line("BENCH garden bench", f"{GARDEN}/Furniture", _TEAK, (179, 349), (0.43, 3.5, 240, 22),
          "garden", "JEPARA", (1,)),
    _line("VASE vase", f"{DECOR}/Vases", _VASES, (18, 55), (0.57, 3.5, 5, 1.3),
          "flat", "BOHEMIA BARCELOS", (4, 6), wholesale=True),
    _line("MIRROR mirror", f"{DECOR}/Mirrors", _FRAMES, (69, 189), (0.5, 4, 40, 7),
          "moving", "FRIULI", (1, 2)),
    _line("FRAME photo frame", f"{DECOR}/Frames", _FRAMES, (11, 29), (0.57, 2, 2, 0.5),
          "gifts", "POMORZE HANZHOU", (6, 12), wholesale=True),
    _line("CLOCK wall clock", f"{DECOR}/Clocks", _FRAMES, (29, 69), (0.54, 2, 8, 1.4),
          "gifts", "HANZHOU", (4, 6)),
    _line("BASKET storage basket", f"{DECOR}/Storage", _WEAVES, (18, 45), (0.55, 3.5, 28, 1.2),
          "moving", "SAIGONWEAVE", (4, 8)),
    _line("BAUBLE bauble set", f"{GIFTS}/Christmas", _FESTIVE, (12, 24), (0.62, 3, 3, 0.4),
          "christmas", "HANZHOU", (12, 24), wholesale=True),
    _line("WREATH door wreath", f"{GIFTS}/Christmas", _FESTIVE, (24, 49), (0.56, 2, 14, 0.8),
          "christmas", "HANZHOU ZWOLLE", (4, 6)),
    _line("WRAP gift wrap", f"{GIFTS}/Cards & Wrap", _PAPER, (3.5, 6.5), (0.63, 1.2, 0.5, 0.15),
          "gifts", "ULSTER", (24, 48), wholesale=True),
    _line("NOTE notebook", f"{GIFTS}/Stationery", _PAPER, (8, 16), (0.59, 1.5, 0.6, 0.3),
          "gifts", "ULSTER", (12, 24)),
)  # fmt: skip

# Names of collections; the number in the sku is the place in this list.
COLLECTIONS: tuple[str, ...] = (
    "Malham", "Ilkley", "Whitby", "Hebden", "Skipton", "Helmsley", "Settle", "Ripon", "Haworth",
    "Pickering", "Grassington", "Masham", "Thirsk", "Beverley", "Staithes", "Richmond", "Selby",
    "Otley", "Bolton", "Wetherby", "Knaresborough", "Hawes", "Leyburn", "Kilnsey", "Bedale",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class GiftSet:
    """A bundle: sold as one sku, drawn from its components."""

    sku: str
    name: str
    components: tuple[tuple[str, int], ...]
    price: float
    daily: float  # sets sold on an average day, web and stores together


GIFT_SETS: tuple[GiftSet, ...] = (
    GiftSet(sku="SET-COSY-01", name="Cosy night gift set",
            components=(("CANDLE-FIG-01", 1), ("MUG-CREAM-01", 2)), price=39.50, daily=2.2),
    GiftSet(sku="SET-TEA-01", name="Tea for four",
            components=(("MUG-SAGE-01", 4), ("CLOTH-STRIPE-01", 1)), price=45.00, daily=1.4),
    GiftSet(sku="SET-BATH-01", name="Bath time gift set",
            components=(("TOWEL-WHT-01", 2), ("SOAP-FIG-01", 1)), price=49.50, daily=1.1),
    GiftSet(sku="SET-GROW-01", name="Windowsill gardener",
            components=(("POT-TERRA-01", 2), ("TOOL-ASH-01", 1)), price=55.00, daily=0.9),
    GiftSet(sku="SET-DINE-01", name="Dinner for two",
            components=(("PLATE-CREAM-01", 2), ("BOWL-CREAM-01", 2), ("TUMB-RIB-01", 2)),
            price=69.00, daily=0.8),
    GiftSet(sku="SET-SCENT-01", name="Fig fragrance pair",
            components=(("CANDLE-FIG-01", 1), ("DIFF-FIG-01", 1)), price=49.50, daily=1.3),
    GiftSet(sku="SET-READ-01", name="Reading corner",
            components=(("LAMP-ASH-01", 1), ("CUSH-LIN-01", 1)), price=79.00, daily=0.5),
    GiftSet(sku="SET-WRAP-01", name="Gift wrap trio",
            components=(("WRAP-HOLLY-01", 1), ("WRAP-FLORA-01", 1), ("WRAP-KRAFT-01", 1)),
            price=12.50, daily=2.6),
)  # fmt: skip
# Items that stories and documents speak of, with how well they sell beside others of their line;
# they exist in the smallest company too.
FEATURED = {"LAMP-OAK-01": 11.0, "LAMP-ASH-02": 4.0, "LAMP-ASH-01": 3.0, "LAMP-OAK-02": 2.0}
