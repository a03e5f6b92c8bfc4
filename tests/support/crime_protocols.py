"""A small partnership in which crimes are shared in every way: streamed, staged (k-anonymity) and as a table (small counts)."""
import re

AREAS = [f"E0109900{number}" for number in range(1, 6)]
SMALL_FEED = "constabulary-small-crime"

# What all ways to share have in common.
DOCUMENT = """apiVersion: concordat/v1
kind: SharingProtocol
id: {id}
version: 1.0.0
title: For the fault matrix
tier: 2
parties:
  - {{partner: constabulary, gives: true, role: controller}}
  - {{partner: county-council, receives: true, role: controller}}
purpose: {{code: "dpv:PublicSafety", statement: To be tried, benefits: None, necessity: None}}
lawfulness:
  bases: [art6.1.e]
  special_category: []
  criminal_offence: [dpa2018.sch1.p10]
  gateways: ["Crime and Disorder Act 1998 s.115"]
  dpia: {{ref: DPIA-041, date: 2026-02-01, outcome: accepted}}
validity: {{from: 2026-04-01, until: 2028-03-31, review: 2027-03-31, grace: P30D, on_overdue: suspend}}
shares:
  - id: share
    dataset: {dataset}
    from: [constabulary]
    to: [county-council]
{share}
signatures: all_controllers
"""
RECORDS = """    fields:
      crime_id: {pseudonymise: {scope: protocol}}
      month: release
      crime_type: release
      lsoa_code: release"""
STAGED = """    fields:
      crime_id: {pseudonymise: {scope: protocol}}
      month: release
      lsoa_code: {generalise: {to: ward, via: area_lookup}}
    duties: [{k_anonymity: {k: 5, quasi_identifiers: [lsoa_code, month], max_suppressed: 2%}}]"""
TABLE = """    aggregate: {by: [ward, month], via: {ward: {field: lsoa_code, table: area_lookup}}, measures: {crimes: count}}
    duties: [{small_counts: {threshold: 10}}]"""


def crime(number, area):
    force = "Derwent Constabulary"
    kind = ("Burglary", "Robbery", "Drugs")[number % 3]
    return f"{number:064x},2026-05,{force},{force},-1.374912,53.10328,On or near High Street,{area},Derwent 001A,{kind},Under investigation,"



def add_small_crime(policies):
    """A second dataset and feed like street_crime's, named small_crime."""
    for kind, name in (("contracts", "street_crime.odcs.yaml"), ("feeds", "constabulary-street-crime.yaml")):
        text = (policies / kind / name).read_text()
        text = text.replace("street_crime", "small_crime").replace("street-crime", "small-crime")
        text = re.sub(r"^id: ([0-9a-f-]+)[0-9a-f]{4}$", r"id: \g<1>fa17", text, flags=re.M)
        (policies / kind / name.replace("street_crime", "small_crime").replace("street-crime", "small-crime")).write_text(text)


def add_protocols(policies, protocols):
    """`protocols`: id -> (dataset, the share's text)."""
    for protocol, (dataset, share) in protocols.items():
        (policies / "protocols" / f"{protocol}.yaml").write_text(DOCUMENT.format(id=protocol, dataset=dataset, share=share))


def sign_all(host, protocols):
    for protocol in protocols:
        for delegate in ("constabulary-delegate-dana", "county-council-delegate-drew"):
            host.as_(delegate, "protocol", "sign", protocol, "--name", "A", "--post", "B", "--authority", "C", check=0)


def submit_areas(host, folder):
    """The lookup from small areas to wards, as its supplier sends it; the file stays in `folder` as areas.csv."""
    areas = (host.policies / "lists" / "areas.csv").read_text().split("\n", 1)[1]
    (folder / "areas.csv").write_text("LSOA11CD,LSOA11NM,WD19CD,WD19NM,LAD19CD,LAD19NM\n" + areas)
    host.as_("county-council-steward-sam", "submit", folder / "areas.csv", "--feed", "county-council-area-lookup", "--period", "2026", check=0)


def stages_of(receipts):
    """How every transfer that began among these receipts ended: receipt of its beginning -> stage, empty while it has no end."""
    begun = {receipt["id"]: "" for receipt in receipts if receipt["subject"].get("stage") == "begun"}
    for receipt in receipts:
        if receipt["subject"].get("begun") in begun:
            begun[receipt["subject"]["begun"]] = receipt["subject"]["stage"]
    return begun
