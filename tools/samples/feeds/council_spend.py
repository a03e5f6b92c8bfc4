"""County council: payments of January to March 2026; Windows-1252, a title above the header, pound signs."""

import datetime

from extract import Extract, clear, cut_off, edit, put, stray_cell
from place import column

COLUMNS = [
    "Body name", "Service label", "Expenditure category", "Detailed expenditure type", "Date paid",
    "Transaction number", "Net amount", "Capital or revenue", "Supplier name",
]  # fmt: skip
ABOVE = ["Derwent County Council: payments over £250,,,,,,,,", "January to March 2026,,,,,,,,", ""]
SERVICES = ["Adult Social Care", "Children's Services", "Highways", "Libraries", "Public Health", "Waste"]
DETAILS = ["Agency Staff", "Equipment", "Fees", "Materials", "Printing", "Rents", "Software", "Vehicle Hire"]
FIRST = ["Brook", "Crag", "Dale", "Fell", "Moss", "Peak", "Tor", "Weir"]
SECOND = ["Builders", "Care", "Fleet", "Foods", "IT", "Print"]
RECORDS = 2500


def pounds(pence):
    """As the ledger prints it: £1,234.50, and (£12.00) for money that came back."""
    text = f"£{abs(pence) // 100:,}.{abs(pence) % 100:02d}"
    return f"({text})" if pence < 0 else text


def supplier_name(rng):
    return f"{rng.choice(FIRST)} {rng.choice(SECOND)} {rng.choice(['Ltd', 'plc', 'LLP'])}"


def build():
    extract = Extract(
        "county-council-spend", "2025/26-Q4", "2026-04-20T09:00:00Z", "council_spend.csv", COLUMNS
    )
    rng = extract.random
    categories = column("spend_categories.csv", "category")
    amounts = rng.sample(range(25_000, 9_000_000), RECORDS)  # no payment looks like another
    for number, pence in enumerate(amounts):
        paid = datetime.date(2026, 1, 1) + datetime.timedelta(days=rng.randrange(90))
        category = rng.choice(categories)
        private = rng.random() < 0.08
        extract.add(
            "Derwent County Council",
            rng.choice(SERVICES),
            category,
            rng.choice(DETAILS),
            paid.strftime("%d-%b-%y"),
            f"26{paid.month:02d}-{number + 1:05d}",
            pounds(-pence if rng.random() < 0.02 else pence),
            "C" if category == "Capital" else "R",
            "REDACTED PERSONAL DATA" if private else supplier_name(rng),
        )
    plant(extract)
    extract.write_as(newline="\r\n", encoding="windows-1252", above=ABOVE, blank_rows=6)
    return extract


def plant(extract):
    extract.plant(
        14,
        ["net_amount_type", "net_amount_range", "amount_in_pence"],
        put("Net amount", "£12,34.50", "n/a", "£1.234,50", "approx. £900"),
    )
    extract.plant(6, ["amount_in_pence"], put("Net amount", "£1,204.335", "£77.5001"))
    extract.plant(3, ["net_amount_range"], put("Net amount", "£71,000,000.00", "(£60,000,000.00)"))
    extract.plant(9, ["net_amount_required"], clear("Net amount"))
    extract.plant(
        25,
        ["paid_in_period"],
        edit("Date paid", lambda text: text[:3] + "Apr-26" if text[:2] < "31" else "30-Apr-26"),
    )
    extract.plant(5, ["paid_on_type", "paid_in_period"], put("Date paid", "2026-02-11", "30-Feb-26"))
    extract.plant(11, ["supplier_required"], clear("Supplier name"))
    extract.plant(8, ["capital_or_revenue_known"], put("Capital or revenue", "Revenue", "r"))
    extract.plant(
        10, ["transaction_ref_format"], edit("Transaction number", lambda text: text.replace("-", ""))
    )
    extract.plant_copies(16, ["transaction_once"], ["Transaction number"])
    # Warnings.
    extract.warn(
        12, ["category_known"], put("Expenditure category", "Supplies & Services", "Third party payments")
    )
    extract.warn(7, ["supplier_without_blanks"], edit("Supplier name", lambda text: text + " "))
    extract.warn(5, ["amount_not_nil"], put("Net amount", "£0.00"))
    extract.warn(6, ["supplier_in_full"], put("Supplier name", "Peak", "Tor"))
    extract.plant_copies(
        19,
        ["paid_once"],
        ["Date paid", "Supplier name", "Net amount", "Detailed expenditure type"],
        held_back=False,
    )
    extract.plant_unreadable(2, cut_off)
    extract.plant_unreadable(1, stray_cell)
