#include "host/policy/sharing_protocol.h"

#include <algorithm>
#include <set>

#include "fmt/format.h"
#include "host/policy/names.h"
#include "host/policy/share_reader.h"

namespace concordat::policy {
namespace {

// UK GDPR article 6(1)(a) to (f).
const std::vector<std::string> kLawfulBases = {"art6.1.a", "art6.1.b", "art6.1.c",
                                               "art6.1.d", "art6.1.e", "art6.1.f"};
constexpr std::string_view kRecognisedInterest = "recognised_legitimate_interest";
// UK GDPR annex 1, as the Data (Use and Access) Act 2025 put it in.
const std::vector<std::string> kRecognisedConditions = {"public_task_request", "national_security",
                                                        "emergency", "crime", "safeguarding"};

Party ReadParty(const Node& node, Issues& issues) {
  Fields fields(node, "party", issues);
  Party party;
  party.place = node.place();
  party.partner = PartnerId(fields.Text("partner"));
  party.gives = fields.BoolOr("gives", false);
  party.receives = fields.BoolOr("receives", false);
  party.role = fields.WordOr("role", "", {"controller", "processor"});
  if (node.is_map() && !fields.Has("role")) {
    fields.Error("", "missing-key", "the party needs \"role\"", "controller or processor");
  }
  if (node.is_map() && !fields.Has("gives") && !fields.Has("receives")) {
    fields.Error("", "missing-key", fmt::format("\"{}\" neither gives nor receives", party.partner.str()),
                 "write gives: true, receives: true or both");
  }
  fields.Finish();
  return party;
}

void ReadParties(Fields& fields, SharingProtocol& protocol) {
  const Node list = fields.Sequence("parties");
  std::set<PartnerId> seen;
  bool any_controller = false;
  for (const Node& node : list.items()) {
    Party party = ReadParty(node, fields.issues());
    any_controller |= party.role == "controller";
    if (!party.partner.empty() && !seen.insert(party.partner).second) {
      fields.issues().Error(node["partner"].place(), "twice",
                            fmt::format("\"{}\" is a party twice", party.partner.str()),
                            "write its directions in one entry");
    }
    protocol.parties.push_back(std::move(party));
  }
  if (!fields.map().is_map()) return;
  if (protocol.parties.size() < 2) {
    fields.Error("parties", fields.Has("parties") ? "too-few" : "missing-key",
                 "a protocol needs at least two parties");
  } else if (!any_controller) {
    fields.Error("parties", "no-controller", "no party is a controller, so nobody could sign",
                 "write role: controller at the parties that decide why the data is used");
  }
}

void ReadPurpose(Fields& fields, SharingProtocol& protocol) {
  const Node node = fields.Map("purpose");
  if (!node.present()) {
    if (fields.map().is_map() && !fields.Has("purpose")) {
      fields.Error("", "missing-key", "the protocol needs \"purpose\"",
                   "{code: \"dpv:PublicSafety\", statement: what for}");
    }
    return;
  }
  Fields purpose(node, "purpose", fields.issues());
  protocol.purpose_code = purpose.Text("code");
  if (protocol.purpose_code.find_first_of(" \t\n") != std::string::npos) {
    purpose.Error("code", "bad-id", "a purpose code has no blanks", "such as \"dpv:PublicSafety\"");
  }
  protocol.purpose_statement = purpose.Text("statement");
  protocol.purpose_benefits = purpose.TextOr("benefits", "");
  protocol.purpose_necessity = purpose.TextOr("necessity", "");
  purpose.Finish();
}

void CheckBasis(const std::string& basis, const Place& place, Issues& issues) {
  if (std::find(kLawfulBases.begin(), kLawfulBases.end(), basis) != kLawfulBases.end()) return;
  std::vector<std::string> interests;
  for (const std::string& condition : kRecognisedConditions) {
    interests.push_back(fmt::format("{}.{}", kRecognisedInterest, condition));
  }
  if (std::find(interests.begin(), interests.end(), basis) != interests.end()) return;
  if (basis.starts_with(kRecognisedInterest)) {
    issues.Error(place, "bad-basis", fmt::format("\"{}\" needs one of the conditions the law lists", basis),
                 DidYouMean(basis, interests));
    return;
  }
  issues.Error(place, "bad-basis", fmt::format("\"{}\" is no lawful basis", basis),
               DidYouMean(basis, kLawfulBases));
}

void ReadDpia(const Node& node, Issues& issues) {
  if (!node.present()) return;
  Fields fields(node, "dpia", issues);
  fields.Text("ref");
  ReadDate(fields, "date");
  fields.WordOr("outcome", "", {"accepted", "accepted_with_actions", "rejected"});
  if (node["outcome"].text() == "rejected") {
    fields.Error("outcome", "dpia-rejected", "a rejected assessment cannot carry an agreement",
                 "agree what must change, then record the new assessment");
  }
  fields.Finish();
}

void ReadLawfulness(Fields& fields, SharingProtocol& protocol) {
  const Node node = fields.Map("lawfulness");
  if (!node.present()) {
    if (fields.map().is_map() && !fields.Has("lawfulness")) {
      fields.Error("", "missing-key", "the protocol needs \"lawfulness\"", "{bases: [art6.1.e]}");
    }
    return;
  }
  Fields lawfulness(node, "lawfulness", fields.issues());
  protocol.bases = RequiredTexts(lawfulness, "bases");
  for (size_t i = 0; i < protocol.bases.size(); ++i) {
    CheckBasis(protocol.bases[i], EntryOf(node, "bases", i).place(), fields.issues());
  }
  protocol.special_category = lawfulness.Texts("special_category");
  protocol.criminal_offence = lawfulness.Texts("criminal_offence");
  protocol.gateways = lawfulness.Texts("gateways");
  ReadDpia(lawfulness.Map("dpia"), fields.issues());
  lawfulness.Finish();
}

void ReadValidity(Fields& fields, SharingProtocol& protocol) {
  const Node node = fields.Map("validity");
  if (!node.present()) {
    if (fields.map().is_map() && !fields.Has("validity")) {
      fields.Error("", "missing-key", "the protocol needs \"validity\"",
                   "{from: 2026-04-01, until: 2028-03-31, review: 2027-03-31}");
    }
    return;
  }
  Fields validity(node, "validity", fields.issues());
  const auto from = ReadDate(validity, "from");
  const auto until = ReadDate(validity, "until");
  const auto review = ReadDate(validity, "review");
  for (const std::string_view key : {"from", "until", "review"}) {
    if (!validity.Has(key)) validity.Error("", "missing-key", fmt::format("the validity needs \"{}\"", key));
  }
  if (from && until && *until < *from)
    validity.Error("until", "dates-reversed", "\"until\" lies before \"from\"");
  if (from && review && *review < *from)
    validity.Error("review", "dates-reversed", "\"review\" lies before \"from\"");
  if (until && review && *review > *until) {
    validity.Warn("review", "review-after-end",
                  "the review falls after the protocol's end, so it never happens");
  }
  protocol.validity.from = from.value_or(0);
  protocol.validity.until = until.value_or(0);
  protocol.validity.review = review.value_or(0);
  protocol.validity.grace = ReadDuration(validity, "grace").value_or(Duration{});
  protocol.validity.on_overdue = validity.WordOr("on_overdue", "suspend", {"suspend", "warn"});
  validity.Finish();
}

void ReadShares(Fields& fields, SharingProtocol& protocol) {
  const Node list = fields.Sequence("shares");
  std::set<std::string> ids;
  for (const Node& node : list.items()) {
    Share share = ReadShare(node, protocol.parties, fields.issues());
    if (!share.id.empty() && !ids.insert(share.id).second) {
      fields.issues().Error(node["id"].place(), "duplicate-id",
                            fmt::format("a share \"{}\" stands here already", share.id));
    }
    protocol.shares.push_back(std::move(share));
  }
  // A charter (tier 1) may agree on principles alone; a protocol of another tier without shares permits
  // nothing.
  if (fields.map().is_map() && protocol.shares.empty() && protocol.tier != 1) {
    fields.Error("shares", fields.Has("shares") ? "too-few" : "missing-key", "the protocol shares nothing",
                 "add a share, or make it a charter (tier: 1)");
  }
}

// What the recipients promise. The host shows it; it cannot act on it inside their systems.
void ReadProhibitions(Fields& fields, SharingProtocol& protocol) {
  for (const Node& node : fields.Sequence("prohibitions").items()) {
    Fields prohibition(node, "prohibition", fields.issues());
    const std::string action = prohibition.Text("action");
    protocol.prohibitions.push_back({action, prohibition.TextOr("to", "any")});
    prohibition.Finish();
  }
}

void ReadRetention(Fields& fields, Retention& terms) {
  const Node node = fields.Map("retention");
  if (!node.present()) return;
  Fields retention(node, "retention", fields.issues());
  terms.recipient = ReadDuration(retention, "recipient");
  terms.evidence = retention.WordOr("evidence", "", {"deletion_certificate"});
  if (!terms.evidence.empty() && !retention.Has("recipient")) {
    retention.Error("evidence", "missing-key", "a deletion certificate is owed, but not by when",
                    "add recipient: P12M");
  }
  retention.Finish();
}

void ReadEmergency(Fields& fields, EmergencyTerms& terms) {
  const Node node = fields.Map("emergency");
  if (!node.present()) return;
  Fields emergency(node, "emergency", fields.issues());
  terms.allowed = emergency.BoolOr("allowed", false);
  terms.roles = emergency.Texts("roles");
  terms.max = ReadDuration(emergency, "max");
  if (terms.allowed && terms.roles.empty()) {
    emergency.Error("roles", "missing-key", "an emergency needs the roles that may call it",
                    "roles: [delegate]");
  }
  if (terms.allowed && !terms.max) {
    emergency.Error("max", "missing-key", "an emergency needs its longest time", "max: P3D");
  }
  emergency.Finish();
}

// How open partners are with each other is for all of them to agree, so it stands in a charter.
void ReadOpenness(Fields& fields, SharingProtocol& protocol) {
  const Node node = fields.Map("openness");
  if (!node.present()) return;
  if (protocol.tier != 1) {
    fields.Error("openness", "unexpected-key",
                 "only a charter (tier: 1) says how open partners are with each other",
                 "move it into the charter");
  }
  Fields openness(node, "openness", fields.issues());
  protocol.openness.names_assessments =
      openness.WordOr("assessments", "anonymous", {"anonymous", "named"}) == "named";
  openness.Finish();
}

void ReadTier(Fields& fields, SharingProtocol& protocol) {
  const int64_t tier = fields.Integer("tier").value_or(2);
  if (tier < 1 || tier > 3) {
    fields.Error("tier", "out-of-range", "a tier is 1 (charter), 2 (for a purpose) or 3 (operational)");
    return;
  }
  protocol.tier = static_cast<int>(tier);
}

void ReadVersion(Fields& fields, SharingProtocol& protocol) {
  protocol.version = fields.Text("version");
  if (protocol.version.empty() || IsSemanticVersion(protocol.version)) return;
  fields.Error("version", "bad-version", fmt::format("\"{}\" is not a version", protocol.version),
               "three numbers: 3.1.0");
}

}  // namespace

SharingProtocol ReadSharingProtocol(const Node& document, Issues& issues) {
  Fields fields(document, "protocol", issues);
  ReadHeader(fields, "SharingProtocol");
  SharingProtocol protocol;
  protocol.place = document.place();
  protocol.id = ProtocolId(ReadId(fields, "id"));
  ReadVersion(fields, protocol);
  protocol.title = fields.Text("title");
  ReadTier(fields, protocol);
  protocol.parent = fields.TextOr("parent", "");
  ReadParties(fields, protocol);
  ReadPurpose(fields, protocol);
  ReadLawfulness(fields, protocol);
  ReadValidity(fields, protocol);
  ReadShares(fields, protocol);
  ReadProhibitions(fields, protocol);
  ReadEmergency(fields, protocol.emergency);
  ReadRetention(fields, protocol.retention);
  ReadOpenness(fields, protocol);
  protocol.signatures = fields.WordOr("signatures", "all_controllers", {"all_controllers", "each"});
  protocol.tests = fields.Texts("tests");
  fields.Finish();
  return protocol;
}

}  // namespace concordat::policy
