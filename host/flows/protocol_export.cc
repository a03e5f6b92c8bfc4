#include "host/flows/protocol_export.h"

#include <algorithm>

#include "fmt/format.h"
#include "host/base/csv.h"
#include "host/flows/protocol_changes.h"
#include "host/flows/protocol_document.h"
#include "host/flows/protocol_facts.h"
#include "host/flows/protocol_page.h"
#include "host/flows/protocol_views.h"
#include "host/sharing/protocol_state.h"

namespace concordat::flows {
namespace {

std::string NameOf(const ExportSource& source, const std::string& partner) {
  const auto found = source.partner_names.find(partner);
  return found == source.partner_names.end() || found->second.empty() ? partner : found->second;
}

std::vector<std::string> NamesOf(const ExportSource& source, const std::vector<std::string>& partners) {
  std::vector<std::string> names;
  for (const std::string& partner : partners) names.push_back(NameOf(source, partner));
  return names;
}

std::vector<std::string> PartiesWithRole(const ExportSource& source, std::string_view role) {
  std::vector<std::string> partners;
  for (const json::Value& party : EntriesAt(source.document, "parties")) {
    if (TextAt(party, "role") == role) partners.push_back(TextAt(party, "partner"));
  }
  return partners;
}

// "P12M" as people say it; what is not so simple stays as it is written.
std::string DurationInWords(const std::string& duration) {
  if (duration.size() < 3 || duration[0] != 'P') return duration;
  const std::string number = duration.substr(1, duration.size() - 2);
  if (number.find_first_not_of("0123456789") != std::string::npos) return duration;
  const char unit = duration.back();
  const std::string_view word = unit == 'Y'   ? "year"
                                : unit == 'M' ? "month"
                                : unit == 'W' ? "week"
                                : unit == 'D' ? "day"
                                              : "";
  if (word.empty()) return duration;
  return fmt::format("{} {}{}", number, word, number == "1" ? "" : "s");
}

// A duty as the public reads it.
std::string PlainForm(const json::Value& form) {
  const std::string word = form.is_string() ? TextAt(form, "")
                           : form.is_object() && !form.get_object().empty()
                               ? MembersAt(form, "").front().first
                               : "";
  if (word == "release") return "as it is";
  if (word == "pseudonymise") return "replaced by a code that only the host can trace back";
  if (word == "mask") return "partly blacked out";
  if (word == "generalise") return "made coarser";
  if (word == "round") return "rounded";
  if (word == "redact") return "left out";
  return FormInWords(form);
}

std::string DatasetOf(const ExportSource& source, const json::Value& share) {
  const std::string id = TextAt(share, "dataset");
  const auto found = source.dataset_titles.find(id);
  return found == source.dataset_titles.end() || found->second.empty()
             ? id
             : fmt::format("{} ({})", id, found->second);
}

std::string FieldsOf(const json::Value& share, bool plain) {
  std::vector<std::string> fields;
  for (const auto& [name, form] : MembersAt(share, "fields"))
    fields.push_back(fmt::format("{} ({})", name, plain ? PlainForm(*form) : FormInWords(*form)));
  const json::Value& aggregate = ValueAt(share, "aggregate");
  if (!aggregate.is_null())
    fields.push_back(plain ? std::string("totals only, no records of single cases")
                           : "aggregate " + json::Canonical(aggregate));
  return JoinTexts(fields, ", ");
}

std::string FlowOf(const ExportSource& source, const json::Value& share) {
  return fmt::format("from {} to {}", JoinTexts(NamesOf(source, TextsAt(share, "from")), ", "),
                     JoinTexts(NamesOf(source, TextsAt(share, "to")), ", "));
}

std::string DpiaOf(const json::Value& document) {
  if (ValueAt(document, "lawfulness.dpia").is_null()) return "";
  return fmt::format("{} of {}: {}", TextAt(document, "lawfulness.dpia.ref"),
                     TextAt(document, "lawfulness.dpia.date"), TextAt(document, "lawfulness.dpia.outcome"));
}

std::string ProhibitionsOf(const json::Value& document) {
  std::vector<std::string> words;
  for (const json::Value& prohibition : EntriesAt(document, "prohibitions")) {
    std::string action = TextAt(prohibition, "action");
    std::replace(action.begin(), action.end(), '_', ' ');
    const std::string to = TextAt(prohibition, "to");
    words.push_back(to.empty() || to == "any" ? action : fmt::format("{} to {}", action, to));
  }
  return JoinTexts(words, ", ");
}

std::string QualityOf(const json::Value& share) {
  std::vector<std::string> words;
  for (const auto& [what, least] : MembersAt(share, "quality"))
    words.push_back(fmt::format("{} {}", what, TextAt(*least, "")));
  return JoinTexts(words, ", ");
}

/// Writes what is said under each heading and notes what is not.
class Checklist {
 public:
  explicit Checklist(const ExportSource& source)
      : source_(source),
        document_(source.document),
        page_(fmt::format("Data sharing checklist: {} {}", TextAt(document_, "title"),
                          TextAt(document_, "version"))) {
    page_.Paragraph(
        fmt::format("Protocol {} {}, {}. Headings of the ICO data sharing code of practice (2021).",
                    TextAt(document_, "id"), TextAt(document_, "version"), source_.digest));
    if (!source_.state.empty()) page_.Paragraph("State: " + source_.state);
    Purpose();
    Organisations();
    Data();
    Law();
    Rights();
    Governance();
    Review();
  }

  const std::vector<std::string>& gaps() const { return gaps_; }
  std::string Markdown() {
    page_.Heading("Gaps");
    if (gaps_.empty()) page_.Paragraph("None found.");
    for (const std::string& gap : gaps_) page_.Bullet(gap);
    return page_.Markdown();
  }

 private:
  void Say(const std::string& what, const std::string& text, const std::string& gap) {
    if (!text.empty()) return page_.Bullet(fmt::format("{}: {}", what, text));
    page_.Bullet(fmt::format("{}: not said", what));
    if (!gap.empty()) gaps_.push_back(gap);
  }

  void Purpose() {
    page_.Heading("Purpose, aims and benefits");
    Say("Purpose", fmt::format("{} ({})", TextAt(document_, "purpose.statement"),
                               TextAt(document_, "purpose.code")),
        "");
    Say("Benefits", TextAt(document_, "purpose.benefits"),
        "purpose.benefits: say what is better because the data is shared");
    Say("Necessity", TextAt(document_, "purpose.necessity"),
        "purpose.necessity: say why the aim cannot be met without this data");
  }

  void Organisations() {
    page_.Heading("Which organisations are involved");
    for (const json::Value& party : EntriesAt(document_, "parties")) {
      const std::string partner = TextAt(party, "partner");
      const bool gives = TextAt(party, "gives") == "true";
      const bool receives = TextAt(party, "receives") == "true";
      page_.Bullet(fmt::format("{}: {}, {}", NameOf(source_, partner), TextAt(party, "role"),
                               gives && receives ? "gives and receives" : (gives ? "gives" : "receives")));
      if (!source_.contacts.contains(partner))
        gaps_.push_back(fmt::format("partners/{}.yaml names no contact", partner));
    }
    page_.Heading("Controllers and joint controllers");
    const auto controllers = PartiesWithRole(source_, "controller");
    page_.Bullet(fmt::format("Controllers: {}", JoinTexts(NamesOf(source_, controllers), ", ")));
    const auto processors = PartiesWithRole(source_, "processor");
    if (!processors.empty()) {
      page_.Bullet(fmt::format("Processors: {}", JoinTexts(NamesOf(source_, processors), ", ")));
      gaps_.emplace_back("a processor is a party: name the contract under article 28 beside this agreement");
    }
  }

  void Data() {
    page_.Heading("Data items");
    const json::Array& shares = EntriesAt(document_, "shares");
    for (const json::Value& share : shares) {
      page_.Bullet(fmt::format("{}, {}: {}", DatasetOf(source_, share), FlowOf(source_, share),
                               FieldsOf(share, false)));
      if (QualityOf(share).empty())
        gaps_.push_back(fmt::format("shares.{}.quality: no quality is agreed for what is shared",
                                    TextAt(share, "id")));
    }
    if (shares.empty()) Say("Data items", "", "");
  }

  void Law() {
    page_.Heading("Lawful basis");
    Say("UK GDPR article 6", JoinTexts(TextsAt(document_, "lawfulness.bases"), ", "),
        "lawfulness.bases: name the lawful basis");
    Say("Legal power", JoinTexts(TextsAt(document_, "lawfulness.gateways"), ", "),
        "lawfulness.gateways: name the power to share");
    page_.Heading("Special category, sensitive and criminal offence data");
    Say("Special category condition", JoinTexts(TextsAt(document_, "lawfulness.special_category"), ", "), "");
    Say("Criminal offence condition", JoinTexts(TextsAt(document_, "lawfulness.criminal_offence"), ", "), "");
  }

  void Rights() {
    page_.Heading("Access and individual rights");
    page_.Bullet(
        "The host keeps a signed receipt of every release and refusal, so that each party can say who received "
        "what, when and why");
    Say("Who answers requests", JoinTexts(ContactsOf(PartiesWithRole(source_, "controller")), "; "),
        "nobody is named who answers requests of the people the data is about");
  }

  std::vector<std::string> ContactsOf(const std::vector<std::string>& partners) const {
    std::vector<std::string> contacts;
    for (const std::string& partner : partners) {
      const auto found = source_.contacts.find(partner);
      if (found != source_.contacts.end())
        contacts.push_back(fmt::format("{}: {}", NameOf(source_, partner), found->second));
    }
    return contacts;
  }

  void Governance() {
    page_.Heading("Information governance arrangements");
    Say("Data protection impact assessment", DpiaOf(document_),
        "lawfulness.dpia: no impact assessment is named");
    for (const json::Value& share : EntriesAt(document_, "shares")) {
      const std::string quality = QualityOf(share);
      if (!quality.empty())
        page_.Bullet(fmt::format("Quality of {}: {}", TextAt(share, "id"), quality));
    }
    Say("Kept by recipients for", DurationInWords(TextAt(document_, "retention.recipient")),
        "retention.recipient: say how long recipients keep the data");
    Say("Proof of deletion", TextAt(document_, "retention.evidence"),
        "retention.evidence: say how deletion is proved");
    Say("Not allowed", ProhibitionsOf(document_), "prohibitions: say what recipients must not do");
    page_.Heading("Further details");
    page_.Bullet("Sent over mutually authenticated TLS 1.3 by the partnership's host");
    Say("Tests before it takes effect", JoinTexts(TextsAt(document_, "tests"), ", "),
        "tests: no test shows that the protocol does what it says");
    Say("Signed by", JoinTexts(source_.signed_by, "; "), "");
  }

  void Review() {
    page_.Heading("Regular review");
    Say("In force", fmt::format("{} to {}", TextAt(document_, "validity.from"),
                                TextAt(document_, "validity.until")),
        "");
    Say("Review by", TextAt(document_, "validity.review"), "validity.review: no review date");
    Say("Grace after it", DurationInWords(TextAt(document_, "validity.grace")),
        "validity.grace: say how long an overdue review may last");
  }

  const ExportSource& source_;
  const json::Value& document_;
  Page page_;
  std::vector<std::string> gaps_;
};

std::string PurposeIri(const std::string& code) {
  constexpr std::string_view kPrefix = "dpv:";
  if (code.starts_with(kPrefix)) return "https://w3id.org/dpv#" + code.substr(kPrefix.size());
  return "urn:concordat:purpose:" + code;
}

std::string PartnerIri(const std::string& partner) { return "urn:concordat:partner:" + partner; }

json::Object Constraint(std::string_view left, std::string_view comparison, json::Value right) {
  return {{"leftOperand", json::Value(boost::json::string(left))},
          {"operator", json::Value(boost::json::string(comparison))},
          {"rightOperand", std::move(right)}};
}

json::Object Typed(const std::string& value, std::string_view type) {
  return {{"@value", value}, {"@type", json::Value(boost::json::string(type))}};
}

json::Array ConstraintsOf(const json::Value& document, const json::Value& share) {
  json::Array list;
  list.push_back(Constraint("purpose", "eq",
                            json::Object{{"@id", PurposeIri(TextAt(document, "purpose.code"))}}));
  const std::string from = TextAt(document, "validity.from");
  const std::string until = TextAt(document, "validity.until");
  if (!from.empty()) list.push_back(Constraint("dateTime", "gteq", Typed(from, "xsd:date")));
  if (!until.empty()) list.push_back(Constraint("dateTime", "lteq", Typed(until, "xsd:date")));
  json::Array fields;
  for (const auto& member : MembersAt(share, "fields")) fields.emplace_back(member.first);
  if (!fields.empty()) list.push_back(Constraint("urn:concordat:term:field", "isAnyOf", std::move(fields)));
  for (const std::string_view key : {"rows", "when"}) {
    const std::string text = TextAt(share, key);
    if (!text.empty())
      list.push_back(Constraint(fmt::format("urn:concordat:term:{}", key), "eq", json::Value(text)));
  }
  for (const auto& [what, least] : MembersAt(share, "quality")) {
    if (least->is_number())
      list.push_back(Constraint("urn:concordat:quality:" + what, "gteq", *least));
  }
  return list;
}

json::Array DutiesOf(const json::Value& document, const json::Value& share) {
  json::Array list;
  for (const auto& [field, form] : MembersAt(share, "fields")) {
    const std::string word =
        form->is_object() && !form->get_object().empty() ? MembersAt(*form, "").front().first : TextAt(*form, "");
    if (word == "release") continue;
    list.push_back(json::Object{
        {"action", "urn:concordat:action:" + word},
        {"target", fmt::format("urn:concordat:field:{}:{}", TextAt(share, "dataset"), field)}});
  }
  if (!ValueAt(share, "aggregate").is_null())
    list.push_back(json::Object{{"action", "aggregate"}, {"target", "urn:concordat:dataset:" + TextAt(share, "dataset")}});
  const std::string keep = TextAt(document, "retention.recipient");
  if (!keep.empty()) {
    list.push_back(json::Object{
        {"action", "delete"},
        {"constraint", json::Array{Constraint("elapsedTime", "lteq", Typed(keep, "xsd:duration"))}}});
  }
  return list;
}

}  // namespace

absl::StatusOr<ExportSource> ExportSourceOf(const policy::PolicySet& set,
                                            const policy::SharingProtocol& protocol) {
  ExportSource source;
  const auto text = set.canonical.find(protocol.path);
  if (text == set.canonical.end())
    return absl::InternalError(fmt::format("the text of {} is not at hand", protocol.path));
  ASSIGN_OR_RETURN(source.document, json::Parse(text->second));
  source.digest = protocol.digest;
  source.partnership = set.partnership.name;
  for (const policy::Partner& partner : set.partners) {
    source.partner_names[partner.id.str()] = partner.name;
    if (partner.contacts.empty()) continue;
    const policy::Contact& contact = partner.contacts.front();
    source.contacts[partner.id.str()] =
        contact.email.empty() ? contact.post : fmt::format("{}, {}", contact.post, contact.email);
  }
  for (const policy::Share& share : protocol.shares) {
    const policy::Contract* contract = set.FindDataset(share.dataset).first;
    if (contract != nullptr) source.dataset_titles[share.dataset.str()] = contract->title;
  }
  return source;
}

std::string IcoChecklist(const ExportSource& source) { return Checklist(source).Markdown(); }
std::vector<std::string> IcoGaps(const ExportSource& source) { return Checklist(source).gaps(); }

std::string RegisterRow(const ExportSource& source) {
  const json::Value& document = source.document;
  const auto controllers = PartiesWithRole(source, "controller");
  const auto processors = PartiesWithRole(source, "processor");
  std::vector<std::string> disclosed;
  for (const json::Value& share : EntriesAt(document, "shares"))
    disclosed.push_back(fmt::format("{}: {}", TextAt(share, "dataset"), FieldsOf(share, true)));
  std::string contact;
  for (const std::string& controller : controllers) {
    const auto found = source.contacts.find(controller);
    if (contact.empty() && found != source.contacts.end()) contact = found->second;
  }
  const std::string id = fmt::format("{}@{}", TextAt(document, "id"), TextAt(document, "version"));
  // The columns of the public register of information sharing agreements.
  return CsvLine({"id", "name", "purpose", "information-sharing-benefits", "legal-power-disclosure",
                  "disclosed-information", "controllers", "controller-names", "information-sharing-method",
                  "processors", "processor-names", "retention-period", "start-date", "end-date",
                  "review-date", "contact", "areas", "area-names"}) +
         CsvLine({id, TextAt(document, "title"), TextAt(document, "purpose.statement"),
                  TextAt(document, "purpose.benefits"),
                  JoinTexts(TextsAt(document, "lawfulness.gateways"), ";"), JoinTexts(disclosed, "; "),
                  JoinTexts(controllers, ";"), JoinTexts(NamesOf(source, controllers), ";"),
                  "through the partnership's host, over mutually authenticated TLS 1.3",
                  JoinTexts(processors, ";"), JoinTexts(NamesOf(source, processors), ";"),
                  DurationInWords(TextAt(document, "retention.recipient")),
                  TextAt(document, "validity.from"), TextAt(document, "validity.until"),
                  TextAt(document, "validity.review"), contact, JoinTexts(TextsAt(document, "areas"), ";"),
                  source.partnership});
}

std::string PublicPage(const ExportSource& source, bool html) {
  const json::Value& document = source.document;
  Page page(TextAt(document, "title"));
  std::vector<std::string> parties;
  for (const json::Value& party : EntriesAt(document, "parties")) parties.push_back(TextAt(party, "partner"));
  page.Paragraph(fmt::format("An agreement on sharing information between {}. {} {}, valid from {} to {}.",
                             JoinTexts(NamesOf(source, parties), ", "), TextAt(document, "id"),
                             TextAt(document, "version"), TextAt(document, "validity.from"),
                             TextAt(document, "validity.until")));
  if (!source.state.empty()) page.Paragraph("State: " + source.state + ".");
  page.Heading("Why");
  page.Paragraph(TextAt(document, "purpose.statement"));
  if (const std::string benefits = TextAt(document, "purpose.benefits"); !benefits.empty())
    page.Paragraph("What it is good for: " + benefits);
  if (const std::string necessity = TextAt(document, "purpose.necessity"); !necessity.empty())
    page.Paragraph("Why it is needed: " + necessity);
  page.Heading("What is shared");
  for (const json::Value& share : EntriesAt(document, "shares")) {
    page.Paragraph(fmt::format("{}, {}:", DatasetOf(source, share), FlowOf(source, share)));
    for (const auto& [field, form] : MembersAt(share, "fields"))
      page.Bullet(fmt::format("{}: {}", field, PlainForm(*form)));
    if (!ValueAt(share, "aggregate").is_null()) page.Bullet("totals only, no records of single cases");
    if (const std::string rows = TextAt(share, "rows"); !rows.empty())
      page.Bullet("only records where " + rows);
    if (const std::string when = TextAt(share, "when"); !when.empty())
      page.Bullet("only when " + when);
  }
  page.Paragraph("Nothing that is not listed here is shared.");
  page.Heading("What the law says");
  page.Bullet("Lawful basis: " + JoinTexts(TextsAt(document, "lawfulness.bases"), ", "));
  const std::string gateways = JoinTexts(TextsAt(document, "lawfulness.gateways"), ", ");
  if (!gateways.empty()) page.Bullet("Legal power: " + gateways);
  if (const std::string dpia = DpiaOf(document); !dpia.empty()) page.Bullet("Impact assessment " + dpia);
  page.Heading("What recipients must do");
  const std::string keep = DurationInWords(TextAt(document, "retention.recipient"));
  if (!keep.empty()) page.Bullet(fmt::format("Delete what they received after {}", keep));
  const std::string forbidden = ProhibitionsOf(document);
  if (!forbidden.empty()) page.Bullet("Not allowed: " + forbidden);
  page.Bullet("Use it for this purpose and for no other");
  page.Heading("Review");
  page.Paragraph("The parties review this agreement by " + TextAt(document, "validity.review") + ".");
  page.Heading("Whom to ask");
  for (const std::string& party : parties) {
    const auto contact = source.contacts.find(party);
    if (contact != source.contacts.end())
      page.Bullet(fmt::format("{}: {}", NameOf(source, party), contact->second));
  }
  return html ? page.Html() : page.Markdown();
}

json::Value Odrl(const ExportSource& source) {
  const json::Value& document = source.document;
  json::Array permissions;
  json::Array prohibitions;
  for (const json::Value& share : EntriesAt(document, "shares")) {
    const std::string target = "urn:concordat:dataset:" + TextAt(share, "dataset");
    for (const std::string& from : TextsAt(share, "from")) {
      for (const std::string& to : TextsAt(share, "to")) {
        const std::string uid = fmt::format("urn:concordat:share:{}:{}:{}:{}:{}", TextAt(document, "id"),
                                            TextAt(document, "version"), TextAt(share, "id"), from, to);
        permissions.push_back(json::Object{{"uid", uid},
                                           {"assigner", PartnerIri(from)},
                                           {"assignee", PartnerIri(to)},
                                           {"target", target},
                                           {"action", "use"},
                                           {"constraint", ConstraintsOf(document, share)},
                                           {"duty", DutiesOf(document, share)}});
        for (const json::Value& prohibition : EntriesAt(document, "prohibitions")) {
          const std::string action = TextAt(prohibition, "action");
          prohibitions.push_back(
              json::Object{{"assigner", PartnerIri(from)},
                           {"assignee", PartnerIri(to)},
                           {"target", target},
                           {"action", action == "onward_sharing" ? std::string("distribute")
                                                                 : "urn:concordat:action:" + action}});
        }
      }
    }
  }
  json::Object policy{{"@context", "http://www.w3.org/ns/odrl.jsonld"},
                      {"@type", source.in_force ? "Agreement" : "Offer"},
                      {"uid", fmt::format("urn:concordat:protocol:{}:{}", TextAt(document, "id"),
                                          TextAt(document, "version"))},
                      {"profile", "urn:concordat:odrl-profile:1"},
                      {"conflict", "prohibit"},
                      {"permission", std::move(permissions)}};
  if (!prohibitions.empty()) policy["prohibition"] = std::move(prohibitions);
  policy["urn:concordat:term:digest"] = source.digest;
  return policy;
}

absl::StatusOr<std::string> ExportAs(const ExportSource& source, std::string_view as, bool html) {
  if (html && as != "public")
    return absl::InvalidArgumentError("only the page for the public is written as HTML: --as public --html");
  if (as == "ico") return IcoChecklist(source);
  if (as == "dea") return RegisterRow(source);
  if (as == "public") return PublicPage(source, html);
  if (as == "odrl") return json::Pretty(Odrl(source));
  return absl::InvalidArgumentError(
      fmt::format("there is no export \"{}\"; there are ico, dea, public and odrl", as));
}

absl::StatusOr<std::string> ExportOnHost(const HostParts& host, const ProtocolId& id,
                                         const std::string& version, std::string_view as, bool html) {
  const std::shared_ptr<const LoadedPolicies> policies = host.policies->Get();
  ASSIGN_OR_RETURN(const policy::SharingProtocol* protocol, FindVersion(*policies->set, id, version));
  ASSIGN_OR_RETURN(const sharing::Facts facts, FactsOfAgreement(host, *policies, id));
  const auto life = sharing::LifeOf(*policies->set, id, facts, host.clock->Now());
  const sharing::VersionState* chosen = nullptr;
  for (const sharing::VersionState& candidate : life) {
    const bool meant = version.empty() ? candidate.state.in_force : candidate.protocol == protocol;
    if (meant && chosen == nullptr) chosen = &candidate;
  }
  if (chosen == nullptr) chosen = &life.front();
  ASSIGN_OR_RETURN(ExportSource source, ExportSourceOf(*policies->set, *chosen->protocol));
  source.in_force = chosen->state.in_force;
  source.state = chosen->state.explanation;
  for (const sharing::Signature& signature : facts.signatures) {
    if (signature.revoked || signature.digest != chosen->protocol->digest) continue;
    source.signed_by.push_back(fmt::format(
        "{}: {}, {}, {}", signature.partner.str(), signature.name, signature.post,
        absl::FormatTime("%Y-%m-%d", signature.time, absl::UTCTimeZone())));
  }
  return ExportAs(source, as, html);
}

}  // namespace concordat::flows
