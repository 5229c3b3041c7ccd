"""Who the demo merchant buys from: thirty suppliers, their terms and how they really deliver."""

from dataclasses import dataclass
from typing import Literal

Shutdown = Literal["", "china", "august", "diwali", "christmas", "tet"]


@dataclass(frozen=True, kw_only=True)
class Maker:
    """A supplier. The last three figures are hidden truth: the merchant only sees receipts."""

    code: str
    name: str
    country: str
    currency: str
    payment_days: int
    incoterm: str
    order_days: str  # parts separated by |, as the data contract writes them
    review_days: int
    minimum_value: float
    lead_days: float  # stated
    shutdown: Shutdown
    bias: float  # true mean over stated
    spread: float  # coefficient of variation of the common part
    tail: float  # chance that an order meets a long delay


def _maker(
    code: str,
    name: str,
    place: str,
    terms: str,
    order_days: str,
    figures: tuple[int, float, float],
    shutdown: Shutdown,
    truth: tuple[float, float, float],
) -> Maker:
    country, currency = place.split()
    payment, incoterm = terms.split()
    review, minimum, lead = figures
    bias, spread, tail = truth
    return Maker(
        code=code,
        name=name,
        country=country,
        currency=currency,
        payment_days=int(payment),
        incoterm=incoterm,
        order_days=order_days,
        review_days=review,
        minimum_value=minimum,
        lead_days=lead,
        shutdown=shutdown,
        bias=bias,
        spread=spread,
        tail=tail,
    )


# figures: review days, minimum order value, stated lead time; truth: bias, spread, long delays
MAKERS: tuple[Maker, ...] = (
    _maker("BRIGHTWAY", "Ningbo Brightway Lighting Co.", "CN EUR", "60 FOB", "mon",
           (7, 6000, 42), "china", (0.95, 0.16, 0.10)),
    _maker("KOLDING", "Kolding Lamper A/S", "DK EUR", "30 DAP", "mon|thu",
           (7, 1200, 12), "christmas", (0.91, 0.15, 0.03)),
    _maker("LUMERA", "Lumera Iluminación S.L.", "ES EUR", "45 DAP", "tue",
           (7, 1800, 16), "august", (1.05, 0.26, 0.06)),
    _maker("VOLTA", "Volta Light Sources B.V.", "NL EUR", "30 DAP", "mon|wed",
           (7, 600, 8), "", (0.89, 0.18, 0.03)),
    _maker("PORTOWOOD", "Porto Wood Móveis Lda", "PT EUR", "45 EXW", "wed",
           (7, 2500, 24), "august", (0.97, 0.22, 0.08)),
    _maker("POMORZE", "Pomorze Meble Sp. z o.o.", "PL EUR", "45 DAP", "tue",
           (7, 2000, 18), "christmas", (0.90, 0.18, 0.04)),
    _maker("FRIULI", "Friuli Sedie e Specchi S.r.l.", "IT EUR", "60 EXW", "mon",
           (7, 2500, 28), "august", (1.08, 0.28, 0.08)),
    _maker("CALDER", "Calder Valley Textiles Ltd", "GB GBP", "30 DAP", "mon|wed|fri",
           (7, 500, 7), "christmas", (0.91, 0.22, 0.03)),
    _maker("BRONTE", "Brontë Woollen Mill Ltd", "GB GBP", "30 DAP", "tue",
           (7, 900, 14), "christmas", (0.97, 0.24, 0.05)),
    _maker("JAIPUR", "Jaipur Block & Loom Exports", "IN EUR", "60 FOB", "1|15",
           (15, 4000, 49), "diwali", (0.97, 0.20, 0.10)),
    _maker("BHADOHI", "Bhadohi Carpet Guild", "IN EUR", "60 FOB", "1",
           (30, 5000, 56), "diwali", (1.05, 0.18, 0.10)),
    _maker("GUIMARAES", "Têxteis de Guimarães S.A.", "PT EUR", "45 DAP", "tue",
           (7, 1800, 18), "august", (0.91, 0.18, 0.04)),
    _maker("STOKE", "Stoke Fine Earthenware Ltd", "GB GBP", "30 DAP", "mon|thu",
           (7, 600, 10), "christmas", (0.93, 0.20, 0.04)),
    _maker("BARCELOS", "Cerâmica de Barcelos Lda", "PT EUR", "30 EXW", "wed",
           (7, 1500, 21), "august", (0.93, 0.20, 0.05)),
    _maker("BOHEMIA", "Bohemia Glassworks s.r.o.", "CZ EUR", "30 DAP", "mon",
           (7, 1200, 15), "christmas", (0.91, 0.16, 0.03)),
    _maker("AISNE", "Fonderie de l'Aisne S.A.S.", "FR EUR", "45 DAP", "thu",
           (7, 2200, 20), "august", (0.92, 0.22, 0.06)),
    _maker("ULSTER", "Ulster Paper & Linen Ltd", "GB GBP", "30 DAP", "mon|wed",
           (7, 350, 6), "christmas", (0.91, 0.20, 0.02)),
    _maker("PENNINE", "Pennine Candle Works Ltd", "GB GBP", "30 DAP", "tue|fri",
           (7, 1500, 9), "christmas", (0.92, 0.22, 0.04)),
    _maker("GRASSE", "Maison Grasse Parfums S.A.S.", "FR EUR", "45 DAP", "mon",
           (7, 1000, 16), "august", (0.93, 0.18, 0.04)),
    _maker("IMPRUNETA", "Terrecotte Impruneta S.r.l.", "IT EUR", "45 EXW", "wed",
           (7, 1500, 25), "august", (1.07, 0.26, 0.08)),
    _maker("ZWOLLE", "Zwolle Tuin & Decor B.V.", "NL EUR", "30 DAP", "mon|thu",
           (7, 800, 8), "", (0.91, 0.18, 0.03)),
    _maker("SHEFFIELD", "Sheffield Edge Tools Ltd", "GB GBP", "30 DAP", "fri",
           (7, 400, 8), "christmas", (0.91, 0.22, 0.03)),
    _maker("JEPARA", "Jepara Teak Indonesia PT", "ID EUR", "60 FOB", "1",
           (30, 6000, 63), "", (0.97, 0.18, 0.12)),
    _maker("SAIGONWEAVE", "Saigon Weave Co. Ltd", "VN EUR", "60 FOB", "1|15",
           (15, 4500, 45), "tet", (0.93, 0.16, 0.08)),
    _maker("HANZHOU", "Hangzhou Festive Crafts Co.", "CN EUR", "60 FOB", "1|15",
           (15, 5000, 48), "china", (0.95, 0.18, 0.10)),
    _maker("AIREDALE", "Airedale Homeware Wholesale Ltd", "GB GBP", "14 DAP", "",
           (7, 250, 3), "", (0.91, 0.25, 0.02)),
    _maker("HUMBER", "Humber Interiors Trade Ltd", "GB GBP", "30 DAP", "mon|thu",
           (7, 400, 5), "", (0.92, 0.25, 0.03)),
    _maker("ROTTERDAM", "Rotterdam Woonimport B.V.", "NL EUR", "30 DAP", "tue|fri",
           (7, 900, 7), "", (0.93, 0.20, 0.03)),
    _maker("LILLE", "Lille Arts de la Table S.A.S.", "FR EUR", "30 DAP", "wed",
           (7, 900, 9), "august", (0.92, 0.22, 0.04)),
    _maker("THAMES", "Thames Garden Supply Ltd", "GB GBP", "30 DAP", "mon|fri",
           (7, 350, 4), "", (0.93, 0.22, 0.02)),
)  # fmt: skip
MAKER_BY_CODE = {maker.code: maker for maker in MAKERS}
# Wholesalers who stock the same goods nearby: dearer and faster, the second source of some items.
SECOND_SOURCES = {
    "Lighting": "HUMBER",
    "Furniture": "ROTTERDAM",
    "Textiles": "AIREDALE",
    "Kitchen & Dining": "LILLE",
    "Home Fragrance": "AIREDALE",
    "Garden": "THAMES",
    "Decor": "ROTTERDAM",
    "Gifts & Seasonal": "HUMBER",
}
