#include "host/policy/share_reader.h"

#include <algorithm>

#include "fmt/format.h"
#include "fmt/ranges.h"
#include "host/policy/duty_reader.h"
#include "host/policy/names.h"
#include "host/record/words.h"

namespace concordat::policy {
namespace {

bool Holds(const std::vector<std::string>& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

// `fields` of a share that gives records.
std::vector<FieldDuty> ReadFieldDuties(Fields& fields, bool aggregate) {
  std::vector<FieldDuty> duties;
  const Node map = fields.Map("fields");
  if (aggregate) {
    if (fields.Has("fields"))
      fields.Error("fields", "records-and-aggregate", "a share gives records or an aggregate, not both",
                   "split it into two shares");
    return duties;
  }
  if (fields.map().is_map() && map.members().empty()) {
    fields.Error("fields", fields.Has("fields") ? "too-few" : "missing-key", "the share releases no field",
                 "list at least one: month: release");
  }
  for (const Node::Member& member : map.members()) {
    if (auto duty = ReadFieldDuty(member, fields.issues())) duties.push_back(*std::move(duty));
  }
  return duties;
}

LevelCondition ReadLevelCondition(const Node& node, Issues& issues) {
  Fields fields(node, "assessment condition", issues);
  LevelCondition condition;
  condition.place = node.place();
  condition.template_id = ReadId(fields, "template");
  const auto minimum = fields.Integer("minimum");
  if (!minimum && !fields.Has("minimum"))
    fields.Error("", "missing-key", "the assessment condition needs \"minimum\"",
                 "the least level of the template's scale: minimum: 2");
  condition.minimum = static_cast<int>(minimum.value_or(0));
  condition.max_age = ReadDuration(fields, "max_age");
  fields.Finish();
  return condition;
}

QualityCondition ReadQuality(const Node& node, Issues& issues) {
  Fields fields(node, "quality condition", issues);
  QualityCondition condition;
  condition.place = node.place();
  std::vector<std::string> words = {"score"};
  for (size_t i = 0; i < record::kDimensionCount; ++i) {
    words.emplace_back(record::DimensionName(static_cast<record::Dimension>(i)));
  }
  for (const std::string& word : words) {
    const auto least = fields.Number(word);
    if (!least) continue;
    if (*least < 0 || *least > 100) fields.Error(word, "out-of-range", "a score lies between 0 and 100");
    condition.minimum.emplace_back(word, *least);
  }
  condition.max_age = ReadDuration(fields, "max_age");
  condition.rules_met = fields.Texts("rules_met");
  if (const Node assessment = fields.Map("assessment"); assessment.is_map())
    condition.assessment = ReadLevelCondition(assessment, issues);
  condition.refuse = fields.WordOr("on_fail", "refuse", {"refuse", "caveat"}) == "refuse";
  if (node.is_map() && !fields.Has("max_age") && !fields.Has("assessment") && condition.minimum.empty() &&
      condition.rules_met.empty()) {
    fields.Error("", "empty-value", "the quality condition asks for nothing",
                 "such as completeness: 98 or max_age: P45D");
  }
  fields.Finish();
  return condition;
}

// The partners of `from` or `to`, each a party that the protocol lets do so.
std::vector<PartnerId> ReadSide(Fields& fields, std::string_view key, const std::vector<Party>& parties,
                                bool gives) {
  std::vector<PartnerId> side;
  std::vector<std::string> allowed;
  for (const Party& party : parties) {
    if (gives ? party.gives : party.receives) allowed.push_back(party.partner.str());
  }
  const std::vector<std::string> names = RequiredTexts(fields, key);
  for (size_t i = 0; i < names.size(); ++i) {
    const Place place = EntryOf(fields.map(), key, i).place();
    const bool is_party = std::any_of(parties.begin(), parties.end(),
                                      [&](const Party& party) { return party.partner.str() == names[i]; });
    if (std::find(side.begin(), side.end(), PartnerId(names[i])) != side.end()) {
      fields.issues().Error(place, "twice", fmt::format("\"{}\" stands here twice", names[i]));
    } else if (!is_party) {
      fields.issues().Error(place, "not-a-party",
                            fmt::format("\"{}\" is no party of this protocol", names[i]),
                            DidYouMean(names[i], allowed));
    } else if (!Holds(allowed, names[i])) {
      fields.issues().Error(
          place, "not-a-party",
          fmt::format("\"{}\" does not {} under this protocol", names[i], gives ? "give" : "receive"),
          fmt::format("add {}: true to the party, or take it out here", gives ? "gives" : "receives"));
    }
    side.emplace_back(names[i]);
  }
  return side;
}

std::string ReadExpression(Fields& fields, std::string_view key, Place& place) {
  if (!fields.Has(key)) return fields.TextOr(key, "");
  place = fields.map()[key].place();
  return fields.Text(key);
}

void CheckSides(Fields& fields, const Share& share) {
  for (const PartnerId& partner : share.from) {
    if (std::find(share.to.begin(), share.to.end(), partner) == share.to.end()) continue;
    fields.Error("to", "same-party",
                 fmt::format("\"{}\" both gives and receives in this share", partner.str()),
                 "split the share by direction");
  }
}

}  // namespace

Share ReadShare(const Node& node, const std::vector<Party>& parties, Issues& issues) {
  Fields fields(node, "share", issues);
  Share share;
  share.place = node.place();
  share.id = ReadId(fields, "id");
  share.dataset = DatasetId(fields.Text("dataset"));
  share.from = ReadSide(fields, "from", parties, /*gives=*/true);
  share.to = ReadSide(fields, "to", parties, /*gives=*/false);
  CheckSides(fields, share);
  if (const Node aggregate = fields.Map("aggregate"); aggregate.present())
    share.aggregate = ReadAggregate(aggregate, issues);
  share.fields = ReadFieldDuties(fields, share.aggregate.has_value());
  share.rows = ReadExpression(fields, "rows", share.rows_place);
  share.when = ReadExpression(fields, "when", share.when_place);
  if (const Node quality = fields.Map("quality"); quality.present())
    share.quality = ReadQuality(quality, issues);
  ReadWholeDuties(fields, share);
  fields.Finish();
  return share;
}

}  // namespace concordat::policy
