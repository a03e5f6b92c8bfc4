#include "host/policy/protocol_check.h"

#include <algorithm>
#include <set>

#include "fmt/format.h"

namespace concordat::policy {
namespace {

// An ODCS classification that is a word of the law rather than a level.
std::string ClassificationOf(const Node& contract, const std::string& object, std::string_view field) {
  for (const Node& candidate : contract["schema"].items()) {
    if (candidate["name"].text() != object) continue;
    for (const Node& property : candidate["properties"].items()) {
      if (property["name"].text() == field) return property["classification"].text();
    }
  }
  return "";
}

class ProtocolChecker {
 public:
  ProtocolChecker(const SharingProtocol& protocol, const PolicySet& set, const PolicyFolder& folder,
                  Issues& issues)
      : protocol_(protocol),
        set_(set),
        folder_(folder),
        issues_(issues),
        node_(folder.DocumentAt(protocol.place)) {}

  void CheckParent() {
    if (protocol_.parent.empty()) return;
    const Place place = node_["parent"].place();
    const SharingProtocol* parent = Parent(protocol_);
    if (parent == nullptr) {
      if (!folder_.incomplete.contains(DocumentKind::kProtocol)) ReportUnknownParent(place);
      return;
    }
    if (HasLoop()) {
      issues_.Error(place, "parent-loop", "following the parents leads back to this protocol");
      return;
    }
    if (parent->tier >= protocol_.tier) {
      issues_.Error(node_["tier"].present() ? node_["tier"].place() : place, "bad-tier",
                    fmt::format("the parent is of tier {}, so this must be of a higher one", parent->tier));
    }
    CheckNarrower(*parent);
  }

  void CheckShares() {
    for (size_t i = 0; i < protocol_.shares.size(); ++i) {
      const Node share_node = node_["shares"].items()[i];
      CheckLaw(protocol_.shares[i]);
      WarnOfMissingFeeds(protocol_.shares[i], share_node);
    }
  }

 private:
  const SharingProtocol* Parent(const SharingProtocol& of) const {
    const auto versions = set_.FindProtocol(ProtocolId(of.parent));
    return versions.empty() ? nullptr : versions.front();
  }

  void ReportUnknownParent(const Place& place) {
    std::vector<std::string> ids;
    for (const SharingProtocol& other : set_.protocols) {
      if (other.id != protocol_.id) ids.push_back(other.id.str());
    }
    issues_.Error(place, "unknown-parent", fmt::format("there is no protocol \"{}\"", protocol_.parent),
                  DidYouMean(protocol_.parent, ids));
  }

  bool HasLoop() const {
    const SharingProtocol* at = Parent(protocol_);
    for (size_t steps = 0; at != nullptr && steps <= set_.protocols.size(); ++steps) {
      if (at->id == protocol_.id) return true;
      at = at->parent.empty() ? nullptr : Parent(*at);
    }
    return at != nullptr;
  }

  // A child may only narrow its parent: parties and validity are compared; shares are each protocol's own.
  void CheckNarrower(const SharingProtocol& parent) {
    for (const Node& party : node_["parties"].items()) {
      const Node name = party["partner"];
      const bool known = std::any_of(parent.parties.begin(), parent.parties.end(),
                                     [&](const Party& other) { return other.partner.str() == name.text(); });
      if (known || !name.is_scalar()) continue;
      issues_.Error(name.place(), "widens-parent",
                    fmt::format("\"{}\" is no party of the parent \"{}\"", name.text(), parent.id.str()),
                    "a child may only narrow its parent: let them join it first");
    }
    if (protocol_.validity.from < parent.validity.from && node_["validity"]["from"].present()) {
      issues_.Error(node_["validity"]["from"].place(), "widens-parent", "this begins before its parent does");
    }
    if (protocol_.validity.until > parent.validity.until && node_["validity"]["until"].present()) {
      issues_.Error(node_["validity"]["until"].place(), "widens-parent", "this lasts longer than its parent");
    }
  }

  // Fields classified special-category or criminal-offence need their own condition in law.
  void CheckLaw(const Share& share) {
    const auto [contract, object] = set_.FindDataset(share.dataset);
    if (object == nullptr) return;
    const Node contract_node = folder_.DocumentAt(contract->place);
    for (const FieldDuty& duty : share.fields) {
      const std::string classification = ClassificationOf(contract_node, object->name, duty.field);
      if (classification == "special-category" && protocol_.special_category.empty()) {
        ReportLaw(duty, classification, "special_category", "the conditions of article 9: [art9.2.g]");
      } else if (classification == "criminal-offence" && protocol_.criminal_offence.empty()) {
        ReportLaw(duty, classification, "criminal_offence", "the condition in law: [dpa2018.sch1.p10]");
      }
    }
  }

  void ReportLaw(const FieldDuty& duty, const std::string& classification, std::string_view key,
                 std::string_view what) {
    issues_.Error(
        duty.place, "law-missing",
        fmt::format("\"{}\" is classified {}, but lawfulness.{} is empty", duty.field, classification, key),
        fmt::format("name {}, or leave the field out", what));
  }

  void WarnOfMissingFeeds(const Share& share, const Node& share_node) {
    if (folder_.incomplete.contains(DocumentKind::kFeed) || set_.FindDataset(share.dataset).second == nullptr)
      return;
    for (const Node& from : share_node["from"].items()) {
      const bool supplied = std::any_of(set_.feeds.begin(), set_.feeds.end(), [&](const Feed& feed) {
        return feed.partner.str() == from.text() && feed.dataset() == share.dataset;
      });
      if (supplied || set_.FindPartner(PartnerId(from.text())) == nullptr) continue;
      issues_.Warn(from.place(), "no-feed",
                   fmt::format("\"{}\" has no feed of {}, so nothing of theirs can be shared", from.text(),
                               share.dataset.str()),
                   "add a feed under feeds/");
    }
  }

  const SharingProtocol& protocol_;
  const PolicySet& set_;
  const PolicyFolder& folder_;
  Issues& issues_;
  const Node node_;
};

}  // namespace

void CheckProtocol(const SharingProtocol& protocol, const PolicySet& set, const PolicyFolder& folder,
                   Issues& issues) {
  ProtocolChecker checker(protocol, set, folder, issues);
  checker.CheckParent();
  checker.CheckShares();
}

}  // namespace concordat::policy
