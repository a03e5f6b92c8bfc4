#include "host/flows/protocol_export.h"

#include "fmt/format.h"
#include "host/base/csv.h"
#include "host/flows/protocol_document.h"
#include "host/flows/protocol_facts.h"
#include "host/flows/protocol_page.h"
#include "host/flows/protocol_views.h"
#include "host/flows/protocol_words.h"
#include "host/sharing/protocol_state.h"

namespace concordat::flows {

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
                  DurationInWords(TextAt(document, "retention.recipient")), TextAt(document, "validity.from"),
                  TextAt(document, "validity.until"), TextAt(document, "validity.review"), contact,
                  JoinTexts(TextsAt(document, "areas"), ";"), source.partnership});
}

namespace {

Page PublicPageOf(const ExportSource& source) {
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
    if (const std::string totals = AggregateInWords(share); !totals.empty()) page.Bullet(totals);
    for (const std::string& protection : ProtectionsOf(share)) page.Bullet(protection);
    if (const std::string rows = TextAt(share, "rows"); !rows.empty())
      page.Bullet("only records where " + rows);
    if (const std::string when = TextAt(share, "when"); !when.empty()) page.Bullet("only when " + when);
  }
  page.Paragraph("Nothing that is not listed here is shared.");
  page.Heading("What the law says");
  page.Bullet("Lawful basis: " + JoinTexts(TextsAt(document, "lawfulness.bases"), ", "));
  const std::string gateways = JoinTexts(TextsAt(document, "lawfulness.gateways"), "; ");
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
  return page;
}

}  // namespace

std::string PublicPage(const ExportSource& source, bool html) {
  const Page page = PublicPageOf(source);
  return html ? page.Html() : page.Markdown();
}

std::string PublicPageText(const ExportSource& source) { return PublicPageOf(source).Text(); }

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
    source.signed_by.push_back(
        fmt::format("{}: {}, {}, {}", signature.partner.str(), signature.name, signature.post,
                    absl::FormatTime("%Y-%m-%d", signature.time, absl::UTCTimeZone())));
  }
  return ExportAs(source, as, html);
}

}  // namespace concordat::flows
