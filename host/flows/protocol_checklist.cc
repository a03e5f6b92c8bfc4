// The checklist of the ICO data sharing code over one protocol.
#include "fmt/format.h"
#include "host/flows/protocol_document.h"
#include "host/flows/protocol_export.h"
#include "host/flows/protocol_page.h"
#include "host/flows/protocol_words.h"

namespace concordat::flows {
namespace {

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
    Say("Purpose",
        fmt::format("{} ({})", TextAt(document_, "purpose.statement"), TextAt(document_, "purpose.code")),
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
      if (const auto protections = ProtectionsOf(share); !protections.empty())
        page_.Bullet(fmt::format("Protection in {}: {}", TextAt(share, "id"), JoinTexts(protections, "; ")));
      if (QualityOf(share).empty())
        gaps_.push_back(
            fmt::format("shares.{}.quality: no quality is agreed for what is shared", TextAt(share, "id")));
    }
    if (shares.empty()) Say("Data items", "", "");
  }

  void Law() {
    page_.Heading("Lawful basis");
    Say("UK GDPR article 6", JoinTexts(TextsAt(document_, "lawfulness.bases"), ", "),
        "lawfulness.bases: name the lawful basis");
    Say("Legal power", JoinTexts(TextsAt(document_, "lawfulness.gateways"), "; "),
        "lawfulness.gateways: name the power to share");
    page_.Heading("Special category, sensitive and criminal offence data");
    Say("Special category condition", JoinTexts(TextsAt(document_, "lawfulness.special_category"), ", "), "");
    Say("Criminal offence condition", JoinTexts(TextsAt(document_, "lawfulness.criminal_offence"), ", "), "");
  }

  void Rights() {
    page_.Heading("Access and individual rights");
    page_.Bullet(
        "The host keeps a signed receipt of every release and refusal, so that each party can say who "
        "received "
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
      if (!quality.empty()) page_.Bullet(fmt::format("Quality of {}: {}", TextAt(share, "id"), quality));
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
    Say("In force",
        fmt::format("{} to {}", TextAt(document_, "validity.from"), TextAt(document_, "validity.until")), "");
    Say("Review by", TextAt(document_, "validity.review"), "validity.review: no review date");
    Say("Grace after it", DurationInWords(TextAt(document_, "validity.grace")),
        "validity.grace: say how long an overdue review may last");
  }

  const ExportSource& source_;
  const json::Value& document_;
  Page page_;
  std::vector<std::string> gaps_;
};

}  // namespace

std::string IcoChecklist(const ExportSource& source) { return Checklist(source).Markdown(); }
std::vector<std::string> IcoGaps(const ExportSource& source) { return Checklist(source).gaps(); }

}  // namespace concordat::flows
