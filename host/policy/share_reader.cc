#include "host/policy/share_reader.h"

#include <algorithm>

#include "fmt/format.h"
#include "fmt/ranges.h"
#include "host/policy/names.h"
#include "host/record/words.h"

namespace concordat::policy {
namespace {

// Duties on single fields: those the host can carry out, and those that it knows by name only.
const std::vector<std::string> kFieldDuties = {"release", "pseudonymise"};
const std::vector<std::string> kLaterFieldDuties = {"generalise", "mask", "round", "truncate",
                                                    "band",       "hash", "redact"};

std::vector<std::string> AllFieldDuties() {
  std::vector<std::string> all = kFieldDuties;
  all.insert(all.end(), kLaterFieldDuties.begin(), kLaterFieldDuties.end());
  return all;
}

bool Holds(const std::vector<std::string>& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

// True when the host can carry the duty out; reports it otherwise.
bool DutyIsBuilt(const std::string& duty, const Place& place, Issues& issues) {
  if (Holds(kFieldDuties, duty)) return true;
  if (Holds(kLaterFieldDuties, duty)) {
    issues.Error(
        place, "not-built-yet",
        fmt::format("the duty \"{}\" is known but not built yet, so the field cannot be shared under it",
                    duty),
        "leave the field out, or pseudonymise it: {pseudonymise: {scope: protocol}}");
  } else {
    issues.Error(place, "unknown-duty", fmt::format("there is no duty \"{}\" for a field", duty),
                 DidYouMean(duty, AllFieldDuties()));
  }
  return false;
}

void CheckPseudonymise(const Node& settings, Issues& issues) {
  Fields fields(settings, "pseudonymise", issues);
  const std::string scope = fields.WordOr("scope", "", {"protocol"});
  if (settings.is_map() && !fields.Has("scope")) {
    fields.Error("", "missing-key", "pseudonymise needs \"scope\"",
                 "write {pseudonymise: {scope: protocol}}");
  }
  fields.Finish();
}

// `month: release` or `crime_id: {pseudonymise: {scope: protocol}}`.
std::optional<FieldDuty> ReadFieldDuty(const Node::Member& member, Issues& issues) {
  FieldDuty duty;
  duty.field = member.key;
  duty.place = member.key_place;
  const Node& value = member.value;
  if (value.is_scalar()) {
    duty.duty = value.text();
    if (!DutyIsBuilt(duty.duty, value.place(), issues)) return std::nullopt;
    if (duty.duty == "release") return duty;
    issues.Error(value.place(), "missing-key", fmt::format("\"{}\" needs its settings", duty.duty),
                 "write {pseudonymise: {scope: protocol}}");
    return std::nullopt;
  }
  if (!value.is_map() || value.members().size() != 1) {
    issues.Error(
        value.place(), "wrong-type", fmt::format("\"{}\" needs exactly one duty", member.key),
        "write release, or {pseudonymise: {scope: protocol}}; leave a field out that must not be released");
    return std::nullopt;
  }
  const Node::Member& written = value.members().front();
  duty.duty = written.key;
  duty.with = written.value;
  if (!DutyIsBuilt(duty.duty, written.key_place, issues)) return std::nullopt;
  if (duty.duty == "release") {
    issues.Error(written.key_place, "wrong-type", "release has no settings",
                 fmt::format("write {}: release", member.key));
    return std::nullopt;
  }
  CheckPseudonymise(duty.with, issues);
  return duty;
}

std::vector<FieldDuty> ReadFieldDuties(Fields& fields) {
  std::vector<FieldDuty> duties;
  const Node map = fields.Map("fields");
  if (fields.map().is_map() && !map.present() && !fields.Has("fields") && !fields.Has("aggregate")) {
    fields.Error("", "missing-key", "the share needs \"fields\"", "what is not listed is never released");
  }
  if (map.is_map() && map.members().empty()) {
    fields.Error("fields", "empty-value", "the share releases no field", "list at least one: month: release");
  }
  for (const Node::Member& member : map.members()) {
    if (auto duty = ReadFieldDuty(member, fields.issues())) duties.push_back(*std::move(duty));
  }
  return duties;
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
  condition.refuse = fields.WordOr("on_fail", "refuse", {"refuse", "caveat"}) == "refuse";
  if (node.is_map() && !fields.Has("max_age") && condition.minimum.empty()) {
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
  share.fields = ReadFieldDuties(fields);
  share.rows = ReadExpression(fields, "rows", share.rows_place);
  share.when = ReadExpression(fields, "when", share.when_place);
  if (const Node quality = fields.Map("quality"); quality.present())
    share.quality = ReadQuality(quality, issues);
  fields.NotBuiltYet("aggregate",
                     "share records of the fields that may leave as they are, or leave the share out");
  fields.NotBuiltYet("duties", "leave the share out until its duties can be carried out");
  fields.Finish();
  return share;
}

}  // namespace concordat::policy
