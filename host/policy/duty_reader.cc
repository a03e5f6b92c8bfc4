#include "host/policy/duty_reader.h"

#include <algorithm>
#include <set>

#include "fmt/format.h"
#include "fmt/ranges.h"
#include "host/policy/names.h"

namespace concordat::policy {

const std::vector<std::string>& FieldDutyWords() {
  static const std::vector<std::string> kWords = {"release",    "mask",  "pseudonymise",
                                                  "generalise", "round", "redact"};
  return kWords;
}

namespace {

// Known by name from other tools, not built here: never ignored.
const std::vector<std::string> kLaterFieldDuties = {"truncate", "band", "hash", "encrypt", "perturb"};
const std::vector<std::string> kWholeDuties = {"k_anonymity", "small_counts", "differencing"};
const std::vector<std::string> kLaterWholeDuties = {"dominance", "p_percent", "l_diversity", "notification"};
// What generalise makes of a date, a number or a postcode without a table.
const std::vector<std::string> kDateForms = {"month", "quarter", "year", "financial_year"};
const std::vector<std::string> kPlaceForms = {"district", "sector", "area"};

bool Holds(const std::vector<std::string>& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

bool DutyIsBuilt(const std::string& duty, const Place& place, Issues& issues) {
  if (Holds(FieldDutyWords(), duty)) return true;
  if (Holds(kLaterFieldDuties, duty)) {
    issues.Error(
        place, "not-built-yet",
        fmt::format("the duty \"{}\" is known but not built yet, so the field cannot be shared under it",
                    duty),
        fmt::format("leave the field out, or use one of {}", fmt::join(FieldDutyWords(), ", ")));
  } else {
    issues.Error(place, "unknown-duty", fmt::format("there is no duty \"{}\" for a field", duty),
                 DidYouMean(duty, FieldDutyWords()));
  }
  return false;
}

int64_t CountOr(Fields& fields, std::string_view key, int64_t fallback, int64_t least) {
  const int64_t count = fields.Integer(key).value_or(fallback);
  if (count >= least) return count;
  fields.Error(key, "out-of-range", fmt::format("\"{}\" must be at least {}", key, least));
  return least;
}

// A table's name, or {table, key, value} when the columns are not named as one would guess.
Lookup ReadLookup(const Node& node, Issues& issues) {
  Lookup lookup;
  lookup.place = node.place();
  if (node.is_scalar()) {
    lookup.table = node.text();
    return lookup;
  }
  Fields fields(node, "via", issues);
  lookup.table = fields.Text("table");
  lookup.key = fields.TextOr("key", "");
  lookup.value = fields.TextOr("value", "");
  fields.Finish();
  return lookup;
}

void ReadPseudonymise(Fields& fields, DutyTerms& terms) {
  fields.WordOr("scope", "", {"protocol"});
  if (fields.map().is_map() && !fields.Has("scope")) {
    fields.Error("", "missing-key", "pseudonymise needs \"scope\"",
                 "write {pseudonymise: {scope: protocol}}");
  }
  terms.rotate = ReadDuration(fields, "rotate");
  if (terms.rotate && terms.rotate->Seconds() < 86'400)
    fields.Error("rotate", "out-of-range", "a key lives for a day at least", "rotate: P1Y");
}

void ReadGeneralise(Fields& fields, DutyTerms& terms) {
  terms.to = fields.Text("to");
  if (const Node via = fields.Any("via"); via.present()) terms.via = ReadLookup(via, fields.issues());
  const bool banded = terms.to == "age_band" || terms.to == "band";
  if (banded) {
    terms.width = CountOr(fields, "width", terms.to == "age_band" ? 5 : 0, 1);
  }
  if (terms.via.present() || banded || Holds(kDateForms, terms.to) || Holds(kPlaceForms, terms.to)) return;
  std::vector<std::string> all = kDateForms;
  all.insert(all.end(), kPlaceForms.begin(), kPlaceForms.end());
  all.insert(all.end(), {"age_band", "band"});
  fields.Error("to", "unknown-word", fmt::format("\"{}\" needs a table to look it up in", terms.to),
               fmt::format("add via: lsoa_to_ward, or write one of {}", fmt::join(all, ", ")));
}

void ReadMask(Fields& fields, DutyTerms& terms) {
  terms.keep_first = CountOr(fields, "keep_first", 0, 0);
  terms.keep_last = CountOr(fields, "keep_last", 0, 0);
  terms.with = fields.TextOr("with", "*");
}

void ReadRound(Fields& fields, DutyTerms& terms) {
  terms.base = fields.Number("to").value_or(0);
  if (terms.base <= 0)
    fields.Error("to", "out-of-range", "round needs the number to whose multiples it rounds",
                 "{round: {to: 10}}");
}

DutyTerms ReadTerms(const std::string& duty, const Node& node, Issues& issues) {
  Fields fields(node, duty, issues);
  DutyTerms terms;
  if (duty == "pseudonymise") ReadPseudonymise(fields, terms);
  if (duty == "generalise") ReadGeneralise(fields, terms);
  if (duty == "mask") ReadMask(fields, terms);
  if (duty == "round") ReadRound(fields, terms);
  if (duty == "redact") terms.text = fields.TextOr("text", "");
  fields.Finish();
  return terms;
}

const char* ExampleOf(const std::string& duty) {
  if (duty == "pseudonymise") return "write {pseudonymise: {scope: protocol}}";
  if (duty == "round") return "write {round: {to: 10}}";
  return "write {generalise: {to: month}}";
}

bool NeedsTerms(const std::string& duty) {
  return duty == "pseudonymise" || duty == "generalise" || duty == "round";
}

}  // namespace

std::optional<FieldDuty> ReadFieldDuty(const Node::Member& member, Issues& issues) {
  FieldDuty duty;
  duty.field = member.key;
  duty.place = member.key_place;
  const Node& value = member.value;
  if (value.is_scalar()) {
    duty.duty = value.text();
    if (!DutyIsBuilt(duty.duty, value.place(), issues)) return std::nullopt;
    if (!NeedsTerms(duty.duty)) return duty;
    issues.Error(value.place(), "missing-key", fmt::format("\"{}\" needs its settings", duty.duty),
                 ExampleOf(duty.duty));
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
  if (!DutyIsBuilt(duty.duty, written.key_place, issues)) return std::nullopt;
  if (duty.duty == "release") {
    issues.Error(written.key_place, "wrong-type", "release has no settings",
                 fmt::format("write {}: release", member.key));
    return std::nullopt;
  }
  duty.terms = ReadTerms(duty.duty, written.value, issues);
  return duty;
}

namespace {

// `ward` (a field, or a name under `via`) or {month: {generalise: {to: year}}}.
std::optional<GroupKey> ReadGroupKey(const Node& node, const Node& via, Issues& issues) {
  GroupKey key;
  if (node.is_map()) {
    if (node.members().size() != 1) {
      issues.Error(node.place(), "wrong-type", "a key is one field with its duty",
                   "{month: {generalise: {to: year}}}");
      return std::nullopt;
    }
    auto duty = ReadFieldDuty(node.members().front(), issues);
    if (!duty) return std::nullopt;
    key.name = duty->field;
    key.source = *std::move(duty);
    return key;
  }
  if (!node.is_scalar() || node.text().empty()) {
    issues.Error(node.place(), "wrong-type", "a key is the name of a field", "by: [ward, month]");
    return std::nullopt;
  }
  key.name = node.text();
  key.source = {key.name, "release", {}, node.place()};
  const Node table = via[key.name];
  if (!table.present()) return key;
  key.source.field.clear();
  key.source.duty = "generalise";
  key.source.terms.to = key.name;
  if (table.is_map()) {  // {field: lsoa_code, table: lsoa_to_ward, key: ..., value: ...}
    Fields fields(table, "via", issues);
    key.source.field = fields.TextOr("field", "");
    key.source.terms.via = {fields.Text("table"), fields.TextOr("key", ""), fields.TextOr("value", ""),
                            table.place()};
    fields.Finish();
  } else {
    key.source.terms.via = ReadLookup(table, issues);
  }
  return key;
}

void CheckVia(const Node& via, const Aggregate& aggregate, Issues& issues) {
  for (const Node::Member& member : via.members()) {
    const bool used = std::any_of(aggregate.by.begin(), aggregate.by.end(),
                                  [&](const GroupKey& key) { return key.name == member.key; });
    if (!used)
      issues.Error(member.key_place, "unused-key",
                   fmt::format("\"{}\" is not one of the keys in by", member.key),
                   fmt::format("add it to by, or take it out: by: [{}]", member.key));
  }
}

AggregateMeasure ReadMeasure(const Node::Member& member, Issues& issues) {
  AggregateMeasure measure;
  measure.name = member.key;
  measure.place = member.key_place;
  const Node& value = member.value;
  if (value.is_scalar()) {
    if (value.text() != "count")
      issues.Error(value.place(), "unknown-word",
                   fmt::format("there is no measure \"{}\" without a field", value.text()),
                   "count, {sum: FIELD}, {mean: FIELD} or {ratio: [FIELD, FIELD]}");
    return measure;
  }
  Fields fields(value, "measure", issues);
  if (fields.Has("sum") || fields.Has("mean")) {
    const bool sum = fields.Has("sum");
    measure.function = sum ? AggregateMeasure::Function::kSum : AggregateMeasure::Function::kMean;
    measure.field = fields.Text(sum ? "sum" : "mean");
  } else {
    measure.function = AggregateMeasure::Function::kRatio;
    const std::vector<std::string> parts = fields.Texts("ratio");
    if (parts.size() != 2) {
      fields.Error("ratio", "wrong-type", "a ratio of sums needs two fields",
                   "{ratio: [NUMERATOR, DENOMINATOR], per: 1000}");
    } else {
      measure.field = parts[0];
      measure.denominator = parts[1];
    }
    measure.per = fields.Number("per").value_or(1);
  }
  fields.Finish();
  return measure;
}

void CheckNames(const Aggregate& aggregate, Issues& issues) {
  std::set<std::string> names;
  for (const GroupKey& key : aggregate.by) {
    if (!names.insert(key.name).second)
      issues.Error(key.source.place, "twice", fmt::format("\"{}\" is a column twice", key.name));
  }
  for (const AggregateMeasure& measure : aggregate.measures) {
    if (!names.insert(measure.name).second)
      issues.Error(measure.place, "twice", fmt::format("\"{}\" is a column twice", measure.name));
  }
}

KAnonymityDuty ReadKAnonymity(const Node& node, Issues& issues) {
  Fields fields(node, "k_anonymity", issues);
  KAnonymityDuty duty;
  duty.place = node.place();
  duty.k = CountOr(fields, "k", 0, 2);
  duty.quasi_identifiers = RequiredTexts(fields, "quasi_identifiers");
  duty.max_suppressed = fields.ShareOr("max_suppressed", 0);
  fields.Finish();
  return duty;
}

SmallCountsDuty ReadSmallCounts(const Node& node, Issues& issues) {
  Fields fields(node, "small_counts", issues);
  SmallCountsDuty duty;
  duty.place = node.place();
  duty.threshold = CountOr(fields, "threshold", 10, 2);
  duty.zeros_disclosive =
      fields.WordOr("zeros", "disclosive", {"disclosive", "not_disclosive"}) == "disclosive";
  duty.secondary = fields.BoolOr("secondary", true);
  duty.round_to = CountOr(fields, "round_to", 0, 0);
  fields.Finish();
  return duty;
}

void ReadWholeDuty(const Node::Member& member, Share& share, Issues& issues) {
  if (member.key == "k_anonymity") {
    share.k_anonymity = ReadKAnonymity(member.value, issues);
  } else if (member.key == "small_counts") {
    share.small_counts = ReadSmallCounts(member.value, issues);
  } else if (member.key == "differencing") {
    Fields fields(member.value, "differencing", issues);
    share.differencing =
        DifferencingDuty{ReadDuration(fields, "window").value_or(Duration{}), member.key_place};
    if (!fields.Has("window"))
      fields.Error("", "missing-key", "differencing needs \"window\"", "window: P13M");
    fields.Finish();
  } else if (Holds(kLaterWholeDuties, member.key)) {
    issues.Error(member.key_place, "not-built-yet",
                 fmt::format("the duty \"{}\" is known but not built yet", member.key),
                 "leave the share out until its duties can be carried out");
  } else {
    issues.Error(member.key_place, "unknown-duty",
                 fmt::format("there is no duty \"{}\" for a share", member.key),
                 DidYouMean(member.key, kWholeDuties));
  }
}

}  // namespace

Aggregate ReadAggregate(const Node& node, Issues& issues) {
  Fields fields(node, "aggregate", issues);
  Aggregate aggregate;
  aggregate.place = node.place();
  const Node via = fields.Map("via");
  for (const Node& item : fields.Sequence("by").items()) {
    if (auto key = ReadGroupKey(item, via, issues)) aggregate.by.push_back(*std::move(key));
  }
  if (node.is_map() && !fields.Has("by"))
    fields.Error("", "missing-key", "the aggregate needs \"by\"", "by: [ward, month]");
  CheckVia(via, aggregate, issues);
  for (const Node::Member& member : fields.Map("measures").members())
    aggregate.measures.push_back(ReadMeasure(member, issues));
  if (node.is_map() && !fields.Has("measures"))
    fields.Error("", "missing-key", "the aggregate needs \"measures\"", "measures: {crimes: count}");
  aggregate.margins = fields.BoolOr("margins", false);
  CheckNames(aggregate, issues);
  fields.Finish();
  return aggregate;
}

void ReadWholeDuties(Fields& fields, Share& share) {
  std::set<std::string> seen;
  for (const Node& item : fields.Sequence("duties").items()) {
    if (!item.is_map() || item.members().size() != 1) {
      fields.issues().Error(item.place(), "wrong-type", "an entry is one duty with its settings",
                            "- {k_anonymity: {k: 5, quasi_identifiers: [ward, month]}}");
      continue;
    }
    const Node::Member& member = item.members().front();
    if (!seen.insert(member.key).second)
      fields.issues().Error(member.key_place, "twice",
                            fmt::format("the duty \"{}\" stands here twice", member.key));
    ReadWholeDuty(member, share, fields.issues());
  }
  if (share.small_counts && !share.aggregate)
    fields.issues().Error(share.small_counts->place, "wrong-duty",
                          "small counts can be suppressed only in an aggregate",
                          "write aggregate: {by: ..., measures: ...} instead of fields");
  if (share.differencing && !share.small_counts)
    fields.issues().Error(share.differencing->place, "wrong-duty",
                          "differencing compares suppressed counts, and nothing is suppressed here",
                          "add {small_counts: {threshold: 10}}, or take it out");
  if (share.k_anonymity && share.aggregate)
    fields.issues().Error(share.k_anonymity->place, "wrong-duty",
                          "k-anonymity is of records, not of an aggregate",
                          "use small_counts, or share records");
}

}  // namespace concordat::policy
