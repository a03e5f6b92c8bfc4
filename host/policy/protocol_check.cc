#include "host/policy/protocol_check.h"

#include <algorithm>
#include <set>

#include "absl/time/clock.h"
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

  // Not a mistake of the document, but of whoever should have reviewed it.
  void WarnOfReview(int64_t today) {
    const Validity& validity = protocol_.validity;
    if (validity.review == 0 || today <= validity.review || today > validity.until) return;
    issues_.Warn(node_["validity"]["review"].place(), "review-past",
                 fmt::format("the review was due {} days ago", today - validity.review),
                 "review it, and agree on a version with a new review date");
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
    CheckPurpose(parent);
    CheckTerms(parent);
    if (parent.shares.empty()) return;  // a charter of principles leaves the shares to its children
    for (size_t i = 0; i < protocol_.shares.size(); ++i)
      CheckShareIsNarrower(protocol_.shares[i], node_["shares"].items()[i], parent);
  }

  void Widens(const Place& place, std::string message,
              std::string hint = "a child may only narrow its parent") {
    issues_.Error(place, "widens-parent", std::move(message), std::move(hint));
  }

  // A charter speaks of purposes in general; below it the purpose is fixed.
  void CheckPurpose(const SharingProtocol& parent) {
    if (parent.tier == 1 || parent.purpose_code == protocol_.purpose_code) return;
    Widens(node_["purpose"]["code"].place(),
           fmt::format("the purpose is {}, the parent's is {}", protocol_.purpose_code, parent.purpose_code));
  }

  void CheckTerms(const SharingProtocol& parent) {
    if (protocol_.emergency.allowed && !parent.emergency.allowed && parent.tier != 1)
      Widens(node_["emergency"].place(), "this allows an emergency that its parent does not");
    if (protocol_.emergency.allowed && parent.emergency.max && protocol_.emergency.max &&
        protocol_.emergency.max->Seconds() > parent.emergency.max->Seconds())
      Widens(node_["emergency"]["max"].place(), "an emergency lasts longer here than under the parent");
    if (parent.retention.recipient &&
        (!protocol_.retention.recipient ||
         protocol_.retention.recipient->Seconds() > parent.retention.recipient->Seconds())) {
      Widens(node_["retention"].present() ? node_["retention"].place() : protocol_.place,
             fmt::format("recipients may keep the data longer than the parent's {}",
                         parent.retention.recipient->text));
    }
    for (const Prohibition& forbidden : parent.prohibitions) {
      const bool kept = std::any_of(
          protocol_.prohibitions.begin(), protocol_.prohibitions.end(),
          [&](const Prohibition& own) { return own.action == forbidden.action && own.to == forbidden.to; });
      if (kept) continue;
      Widens(
          node_["prohibitions"].present() ? node_["prohibitions"].place() : protocol_.place,
          fmt::format("the parent forbids {} to {}, and this does not", forbidden.action, forbidden.to),
          fmt::format("repeat it: prohibitions: [{{action: {}, to: {}}}]", forbidden.action, forbidden.to));
    }
  }

  static bool Within(const std::vector<PartnerId>& some, const std::vector<PartnerId>& all) {
    return std::all_of(some.begin(), some.end(), [&](const PartnerId& one) {
      return std::find(all.begin(), all.end(), one) != all.end();
    });
  }

  // Some share of the parent gives at least as much of the dataset, from and to the same partners.
  void CheckShareIsNarrower(const Share& share, const Node& node, const SharingProtocol& parent) {
    const Share* closest = nullptr;
    for (const Share& candidate : parent.shares) {
      if (candidate.dataset == share.dataset && Within(share.from, candidate.from) &&
          Within(share.to, candidate.to))
        closest = &candidate;
    }
    if (closest == nullptr) {
      Widens(node.place(),
             fmt::format("the parent shares no {} between these partners", share.dataset.str()));
      return;
    }
    if (!closest->aggregate && !share.aggregate) CheckFieldsAreNarrower(share, *closest);
    if (share.aggregate) CheckFiguresAreOfSharedFields(*share.aggregate, *closest);
    if (closest->aggregate && !share.aggregate)
      Widens(node.place(), "the parent gives counts, and this gives records");
    if (closest->k_anonymity && !share.aggregate &&
        (!share.k_anonymity || share.k_anonymity->k < closest->k_anonymity->k))
      Widens(node.place(),
             fmt::format("the parent keeps k at {}, and this at less", closest->k_anonymity->k));
    CheckLevelIsKept(share, node, *closest);
    if (closest->small_counts &&
        (!share.small_counts || share.small_counts->threshold < closest->small_counts->threshold))
      Widens(node.place(), fmt::format("the parent suppresses counts below {}, and this does not",
                                       closest->small_counts->threshold));
  }

  // A level that givers must have may be raised and its age shortened, never lifted. Other conditions of
  // quality are not compared.
  void CheckLevelIsKept(const Share& share, const Node& node, const Share& parent) {
    if (!parent.quality || !parent.quality->assessment) return;
    const LevelCondition& above = *parent.quality->assessment;
    const std::string needed = fmt::format("level {} of {}", above.minimum, above.template_id);
    const std::string repeat =
        fmt::format("repeat it: quality: {{assessment: {{template: {}, minimum: {}{}}}}}", above.template_id,
                    above.minimum, above.max_age ? fmt::format(", max_age: {}", above.max_age->text) : "");
    const bool asked = share.quality && share.quality->assessment;
    const Place place = asked ? node["quality"]["assessment"].place() : node.place();
    if (!asked || share.quality->assessment->template_id != above.template_id)
      return Widens(place, fmt::format("the parent needs {} of those who give, and this does not", needed),
                    repeat);
    const LevelCondition& own = *share.quality->assessment;
    if (own.minimum < above.minimum)
      Widens(
          node["quality"]["assessment"]["minimum"].place(),
          fmt::format("the parent needs {} of those who give, and this only level {}", needed, own.minimum),
          repeat);
    if (above.max_age && (!own.max_age || own.max_age->Seconds() > above.max_age->Seconds()))
      Widens(own.max_age ? node["quality"]["assessment"]["max_age"].place() : place,
             fmt::format("the parent takes no assessment that is older than {}, and this does",
                         above.max_age->text),
             repeat);
    if (parent.quality->refuse && !share.quality->refuse)
      Widens(node["quality"]["on_fail"].place(),
             fmt::format("the parent refuses without {}, and this only says so", needed), "on_fail: refuse");
  }

  // What is counted by, summed or divided is among what the parent gives, in whatever form.
  void CheckFiguresAreOfSharedFields(const Aggregate& aggregate, const Share& parent) {
    const std::set<std::string> above = FieldsUsed(parent);
    for (const GroupKey& key : aggregate.by) CheckIsAmong(key.source.field, key.source.place, above);
    for (const AggregateMeasure& measure : aggregate.measures) {
      CheckIsAmong(measure.field, measure.place, above);
      CheckIsAmong(measure.denominator, measure.place, above);
    }
  }

  void CheckIsAmong(const std::string& field, const Place& place, const std::set<std::string>& above) {
    if (field.empty() || above.contains(field)) return;
    Widens(place, fmt::format("the parent does not share \"{}\"", field));
  }

  static std::set<std::string> FieldsUsed(const Share& share) {
    std::set<std::string> fields;
    for (const FieldDuty& duty : share.fields) fields.insert(duty.field);
    if (!share.aggregate) return fields;
    for (const GroupKey& key : share.aggregate->by) fields.insert(key.source.field);
    for (const AggregateMeasure& measure : share.aggregate->measures)
      fields.insert({measure.field, measure.denominator});
    return fields;
  }

  // A duty is as strong as the parent's when it is the same, or leaves nothing of the value.
  void CheckFieldsAreNarrower(const Share& share, const Share& parent) {
    for (const FieldDuty& duty : share.fields) {
      const auto above = std::find_if(parent.fields.begin(), parent.fields.end(),
                                      [&](const FieldDuty& other) { return other.field == duty.field; });
      if (above == parent.fields.end()) {
        Widens(duty.place, fmt::format("the parent does not share \"{}\"", duty.field));
      } else if (above->duty != "release" && above->duty != duty.duty && duty.duty != "redact") {
        Widens(duty.place, fmt::format("\"{}\" leaves as {} here, and as {} under the parent", duty.field,
                                       duty.duty, above->duty));
      } else if (above->duty == "generalise" && duty.duty == "generalise" &&
                 above->terms.to != duty.terms.to) {
        Widens(duty.place, fmt::format("\"{}\" leaves as its {} here, and as its {} under the parent",
                                       duty.field, duty.terms.to, above->terms.to));
      }
    }
  }

  // Fields classified special-category or criminal-offence need their own condition in law.
  void CheckLaw(const Share& share) {
    const auto [contract, object] = set_.FindDataset(share.dataset);
    if (object == nullptr) return;
    const Node contract_node = folder_.DocumentAt(contract->place);
    std::vector<FieldDuty> duties = share.fields;
    if (share.aggregate) {  // who is counted by a field of that kind works with it, too
      for (const GroupKey& key : share.aggregate->by) duties.push_back(key.source);
    }
    for (const FieldDuty& duty : duties) {
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

int64_t Today() { return absl::ToUnixSeconds(absl::Now()) / 86'400; }

}  // namespace

void CheckProtocol(const SharingProtocol& protocol, const PolicySet& set, const PolicyFolder& folder,
                   Issues& issues) {
  ProtocolChecker checker(protocol, set, folder, issues);
  checker.CheckParent();
  checker.WarnOfReview(Today());
  checker.CheckShares();
}

}  // namespace concordat::policy
