#include "host/policy/cross_check.h"

#include <algorithm>
#include <map>

#include "fmt/format.h"
#include "fmt/ranges.h"
#include "host/policy/mapping.h"
#include "host/policy/protocol_check.h"
#include "host/policy/quality_policy_check.h"

namespace concordat::policy {
namespace {

// Reports each entry whose id another has already; `key` is where a document writes it.
template <typename Entry, typename IdOf>
void CheckIds(const std::vector<Entry>& entries, std::string_view what, std::string_view key, IdOf id_of,
              const PolicyFolder& folder, Issues& issues) {
  std::map<std::string, Place> first;
  for (const Entry& entry : entries) {
    const std::string id = id_of(entry);
    if (id.empty()) continue;
    const auto [at, is_new] = first.emplace(id, entry.place);
    if (is_new) continue;
    issues.Error(
        folder.DocumentAt(entry.place)[key].place(), "duplicate-id",
        fmt::format("there is a {} \"{}\" already", what, id),
        fmt::format("it stands in {}", at->second.source ? at->second.source->name : "another file"));
  }
}

class Checker {
 public:
  Checker(const PolicySet& set, const PolicyFolder& folder, Issues& issues)
      : set_(set), folder_(folder), issues_(issues) {
    for (const Partner& partner : set.partners) partner_names_.push_back(partner.id.str());
    for (const Contract& contract : set.contracts) contract_names_.push_back(contract.name);
  }

  void CheckUniqueness() {
    CheckIds(
        set_.partners, "partner", "id", [](const Partner& p) { return p.id.str(); }, folder_, issues_);
    CheckIds(
        set_.contracts, "contract", "name", [](const Contract& c) { return c.name; }, folder_, issues_);
    CheckIds(
        set_.contracts, "contract with the id", "id", [](const Contract& c) { return c.id; }, folder_,
        issues_);
    CheckIds(
        set_.feeds, "feed", "id", [](const Feed& f) { return f.id.str(); }, folder_, issues_);
    CheckIds(
        set_.templates, "template", "id", [](const AssessmentTemplate& t) { return t.id.str(); }, folder_,
        issues_);
    CheckIds(
        set_.protocols, "protocol of this version", "id",
        [](const SharingProtocol& p) { return p.id.str() + (p.version.empty() ? "" : " " + p.version); },
        folder_, issues_);
  }

  void CheckContractNames() {
    for (const Contract& contract : set_.contracts) {
      const Node node = folder_.DocumentAt(contract.place);
      if (contract.name.empty()) {
        issues_.Error(node.place(), "missing-key",
                      "a contract in a policies folder needs \"name\": its dataset's name",
                      "letters, digits and _, such as street_crime");
        continue;
      }
      const bool fit = std::all_of(contract.name.begin(), contract.name.end(), [](unsigned char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
      });
      if (!fit) {
        issues_.Error(node["name"].place(), "bad-name",
                      fmt::format("\"{}\" cannot be a dataset's name", contract.name),
                      "letters, digits and _ only");
      }
    }
  }

  void CheckPartnership() {
    const std::string& wanted = set_.partnership.confidence_template;
    if (wanted.empty() || set_.FindTemplate(TemplateId(wanted)) != nullptr) return;
    std::vector<std::string> known;
    for (const AssessmentTemplate& one : set_.templates) known.push_back(one.id.str());
    issues_.Error(folder_.DocumentAt(set_.partnership.place)["confidenceTemplate"].place(),
                  "unknown-template", fmt::format("there is no assessment template \"{}\"", wanted),
                  DidYouMean(wanted, known));
  }

  void CheckFeed(const Feed& feed) {
    const Node node = folder_.DocumentAt(feed.place);
    CheckPartner(feed.partner, node["partner"].place());
    CheckSameFile(feed, node["same_file_as"].place());
    const ContractObject* object = FindObject(feed, node["dataset"].place());
    if (object == nullptr || object->schema == nullptr) return;
    std::vector<std::string> fields;
    for (const data::Field& field : object->schema->fields) fields.push_back(field.name);
    for (const FieldMapping& mapping : MappingIn(feed).fields) {
      if (object->schema->Find(mapping.field)) continue;
      issues_.Error(mapping.place, "unknown-field",
                    fmt::format("the contract \"{}\" has no field \"{}\"", feed.contract, mapping.field),
                    DidYouMean(mapping.field, fields));
    }
  }

  // The other feed reads the file first, of the same partner and with the same adapter.
  void CheckSameFile(const Feed& feed, const Place& place) {
    if (feed.same_file_as.empty()) return;
    const Feed* first = set_.FindFeed(feed.same_file_as);
    if (first == nullptr) {
      if (folder_.incomplete.contains(DocumentKind::kFeed)) return;
      std::vector<std::string> known;
      for (const Feed& other : set_.feeds) known.push_back(other.id.str());
      issues_.Error(place, "unknown-feed", fmt::format("there is no feed \"{}\"", feed.same_file_as.str()),
                    DidYouMean(feed.same_file_as.str(), known));
    } else if (first->id == feed.id || !first->same_file_as.empty()) {
      issues_.Error(place, "bad-feed",
                    fmt::format("{} does not come first with its file", feed.same_file_as.str()),
                    "name the feed that the steward submits to");
    } else if (first->partner != feed.partner) {
      issues_.Error(place, "bad-feed",
                    fmt::format("{} is another partner's feed", feed.same_file_as.str()),
                    "one file comes from one partner");
    }
  }

  void CheckDataset(const DatasetId& dataset, const Place& place) {
    const std::string name = dataset.str().substr(0, dataset.str().find('/'));
    if (name.empty() || !CheckContract(name, place) || set_.FindContract(name) == nullptr) return;
    if (set_.FindDataset(dataset).second != nullptr) return;
    issues_.Error(place, "unknown-object",
                  fmt::format("\"{}\" does not name one object of the contract", dataset.str()),
                  ObjectHint(*set_.FindContract(name)));
  }

  // True unless it was reported.
  bool CheckContract(const std::string& name, const Place& place) {
    if (name.empty() || set_.FindContract(name) != nullptr ||
        folder_.incomplete.contains(DocumentKind::kContract)) {
      return true;
    }
    issues_.Error(place, "unknown-contract", fmt::format("there is no contract named \"{}\"", name),
                  DidYouMean(name, contract_names_));
    return false;
  }

  void CheckPartner(const PartnerId& partner, const Place& place) {
    if (partner.empty() || set_.FindPartner(partner) != nullptr) return;
    if (folder_.incomplete.contains(DocumentKind::kPartner)) return;
    issues_.Error(place, "unknown-partner", fmt::format("there is no partner \"{}\"", partner.str()),
                  DidYouMean(partner.str(), partner_names_));
  }

  void CheckProtocolNames(const SharingProtocol& protocol) {
    const Node document = folder_.DocumentAt(protocol.place);
    for (const Node& party : document["parties"].items()) {
      CheckPartner(PartnerId(party["partner"].text()), party["partner"].place());
    }
    for (const Node& share : document["shares"].items()) {
      CheckDataset(DatasetId(share["dataset"].text()), share["dataset"].place());
      CheckLevelCondition(share["quality"]["assessment"]);
    }
    for (const Node& test : document["tests"].items()) {
      if (folder_.paths.contains("tests/" + test.text())) continue;
      issues_.Error(test.place(), "missing-file", fmt::format("there is no tests/{}", test.text()),
                    "write the test, or take its name out");
    }
  }

  // A level that givers must have is one that their self-assessment can end with.
  void CheckLevelCondition(const Node& condition) {
    const std::string name(condition["template"].text());
    if (name.empty() || folder_.incomplete.contains(DocumentKind::kTemplate)) return;
    const AssessmentTemplate* form = set_.FindTemplate(TemplateId(name));
    if (form == nullptr) {
      std::vector<std::string> ids;
      for (const AssessmentTemplate& known : set_.templates) ids.push_back(known.id.str());
      issues_.Error(condition["template"].place(), "unknown-template",
                    fmt::format("there is no assessment template \"{}\"", name), DidYouMean(name, ids));
      return;
    }
    const std::string& drawn = form->scoring.organisation;
    if (drawn == "none" || drawn == "status") {
      issues_.Error(condition["template"].place(), "no-level",
                    fmt::format("{} draws no level of the whole, so nobody could ever meet this", name),
                    "name a template whose scoring.organisation is lowest or mean");
      return;
    }
    CheckIsOnScale(condition["minimum"], *form);
  }

  void CheckIsOnScale(const Node& minimum, const AssessmentTemplate& form) {
    std::vector<std::string> levels;
    for (const ScaleLevel& level : form.scale) {
      if (std::to_string(level.level) == minimum.text()) return;
      levels.push_back(fmt::format("{} ({})", level.level, level.name));
    }
    if (!minimum.is_scalar() || levels.empty()) return;
    issues_.Error(minimum.place(), "unknown-level",
                  fmt::format("{} is no level of {}", minimum.text(), form.id.str()),
                  fmt::format("its levels are {}", fmt::join(levels, ", ")));
  }

  void CheckTemplate(const AssessmentTemplate& assessment) {
    const Node document = folder_.DocumentAt(assessment.place);
    CheckTargetCategories(document["targets"]);
    for (const Node& theme : document["themes"].items()) {
      CheckTargetCategories(theme["targets"]);
      for (const Node& item : theme["items"].items()) CheckTemplateItem(item);
    }
  }

 private:
  void CheckTemplateItem(const Node& item) {
    const Node evidence = item["evidence"];
    CheckDataset(DatasetId(evidence["dataset"].text()), evidence["dataset"].place());
    for (const Node& measure : evidence["measures"].items()) {
      CheckDataset(DatasetId(measure["dataset"].text()), measure["dataset"].place());
    }
    CheckTargetCategories(item["target"]);
    for (const Node& list : {item["mandatory"], item["applies_to"], evidence["required"]}) {
      for (const Node& category : list.items()) CheckCategory(category.text(), category.place());
    }
  }

  void CheckTargetCategories(const Node& targets) {
    for (const Node::Member& member : targets.members()) CheckCategory(member.key, member.key_place);
  }

  // A warning, because a template may be written before its partners join.
  void CheckCategory(const std::string& category, const Place& place) {
    if (category == "all" || folder_.incomplete.contains(DocumentKind::kPartner)) return;
    std::vector<std::string> known = {"all"};
    for (const Partner& partner : set_.partners) {
      if (partner.category == category) return;
      if (std::find(known.begin(), known.end(), partner.category) == known.end())
        known.push_back(partner.category);
    }
    issues_.Warn(place, "unknown-category", fmt::format("no partner has the category \"{}\"", category),
                 DidYouMean(category, known));
  }

  static std::string ObjectHint(const Contract& contract) {
    std::string hint = "write";
    for (const ContractObject& object : contract.objects) {
      hint += fmt::format("{} {}/{}", hint == "write" ? "" : " or", contract.name, object.name);
    }
    return contract.objects.empty() ? "the contract has no objects" : hint;
  }

  const ContractObject* FindObject(const Feed& feed, const Place& place) {
    if (!CheckContract(feed.contract, place)) return nullptr;
    const Contract* contract = set_.FindContract(feed.contract);
    if (contract == nullptr) return nullptr;
    const ContractObject* object = set_.FindDataset(feed.dataset()).second;
    if (object == nullptr) {
      issues_.Error(place, "unknown-object",
                    feed.object.empty()
                        ? fmt::format("the contract \"{}\" has not exactly one object", feed.contract)
                        : fmt::format("the contract \"{}\" has no object \"{}\"", feed.contract, feed.object),
                    ObjectHint(*contract));
    }
    return object;
  }

  const PolicySet& set_;
  const PolicyFolder& folder_;
  Issues& issues_;
  std::vector<std::string> partner_names_;
  std::vector<std::string> contract_names_;
};

}  // namespace

void CrossCheck(const PolicySet& set, const PolicyFolder& folder, Issues& issues) {
  Checker checker(set, folder, issues);
  checker.CheckUniqueness();
  checker.CheckContractNames();
  for (const Feed& feed : set.feeds) checker.CheckFeed(feed);
  for (const SharingProtocol& protocol : set.protocols) {
    checker.CheckProtocolNames(protocol);
    CheckProtocol(protocol, set, folder, issues);
  }
  for (const AssessmentTemplate& assessment : set.templates) checker.CheckTemplate(assessment);
  checker.CheckPartnership();
  CheckQualityPolicy(set, folder, issues);
  for (const PolicyTest& test : set.tests) {
    for (const RuleTest& rule : test.rules) checker.CheckContract(rule.contract, rule.place);
  }
}

}  // namespace concordat::policy
