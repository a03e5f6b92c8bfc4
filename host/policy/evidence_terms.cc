#include "host/policy/evidence_terms.h"

#include <algorithm>
#include <array>
#include <set>

#include "fmt/format.h"
#include "host/policy/names.h"
#include "host/record/words.h"

namespace concordat::policy {
namespace {

std::vector<std::string> MeasureNames() {
  std::vector<std::string> names;
  for (const MeasureWord& word : MeasureWords()) names.emplace_back(word.name);
  return names;
}

std::vector<std::string> DimensionWords() {
  std::vector<std::string> words;
  for (size_t i = 0; i < record::kDimensionCount; ++i) {
    words.emplace_back(record::DimensionName(static_cast<record::Dimension>(i)));
  }
  return words;
}

// A rate is written 70% or 0.7, a score as a plain number.
std::optional<double> ReadLeast(Fields& fields, const std::string& key, bool is_rate) {
  if (is_rate) return fields.Share(key);
  const auto least = fields.Number(key);
  if (least && (*least < 0 || *least > 100)) {
    fields.Error(key, "out-of-range", "a score lies between 0 and 100");
    return std::nullopt;
  }
  return least;
}

// A higher level must ask for more, or it could be supported where a lower one is not.
void CheckLevelsRise(const Node& node, const std::map<int, double>& levels, Issues& issues) {
  for (auto next = levels.begin(); next != levels.end(); ++next) {
    if (next == levels.begin() || next->second > std::prev(next)->second) continue;
    issues.Error(node[std::to_string(next->first)].place(), "levels-not-rising",
                 fmt::format("level {} asks for no more than level {}", next->first, std::prev(next)->first),
                 "each level needs a higher value than the one below it");
  }
}

std::map<int, double> ReadLevels(const Node& node, bool is_rate, const std::vector<ScaleLevel>& scale,
                                 Issues& issues) {
  std::map<int, double> levels;
  Fields fields(node, "levels", issues);
  for (const Node::Member& member : node.members()) {
    const auto level = Node::Scalar(member.key, false).AsInteger();
    const auto least = ReadLeast(fields, member.key, is_rate);
    if (!level || !HasLevel(scale, *level)) {
      issues.Error(member.key_place, "unknown-level",
                   fmt::format("the scale has no level \"{}\"", member.key));
    } else if (least) {
      levels[static_cast<int>(*level)] = *least;
    }
  }
  CheckLevelsRise(node, levels, issues);
  return levels;
}

// A key that some measures have and others do not.
void CheckFits(Fields& fields, const MeasureWord& word, const std::string& key, bool may, std::string hint) {
  if (may || !fields.Has(key)) return;
  fields.Error(key, "unexpected-key", fmt::format("{} has no \"{}\"", word.name, key), std::move(hint));
}

// The least length of a stretch: a shorter one would be hundreds of lines in a report.
constexpr double kSecondsPerDay = 86'400;

void ReadTimes(Fields& fields, Measure& measure) {
  const auto window = ReadDuration(fields, "window");
  measure.window = window.value_or(*ParseDuration("P12M"));
  measure.per = ReadDuration(fields, "per");
  if (measure.window.Seconds() <= 0) {
    fields.Error("window", "bad-duration", "a window must have a length", "such as window: P12M");
  }
  if (!measure.per) return;
  if (measure.per->Seconds() < kSecondsPerDay) {
    fields.Error("per", "bad-duration", "a stretch must be a day at least", "such as per: P3M");
  } else if (measure.per->Seconds() > measure.window.Seconds() + kSecondsPerDay) {
    fields.Error("per", "bad-duration",
                 fmt::format("a stretch of {} is longer than the window of {}", measure.per->text,
                             measure.window.text),
                 "make the window longer, or leave out \"per\"");
  }
}

const std::vector<std::string_view> kMeasureKeys = {"measure", "dataset", "dimension",
                                                    "window",  "per",     "levels"};

Measure ReadMeasure(Fields& fields, const std::vector<ScaleLevel>& scale) {
  Measure measure;
  measure.place = fields.map().place();
  measure.measure = fields.Text("measure");
  const MeasureWord* word = FindMeasureWord(measure.measure);
  if (word == nullptr && !measure.measure.empty()) {
    fields.Error("measure", "unknown-measure",
                 fmt::format("nothing called \"{}\" is measured", measure.measure),
                 DidYouMean(measure.measure, MeasureNames()));
  }
  measure.dataset = fields.TextOr("dataset", "");
  measure.dimension = fields.WordOr("dimension", "", DimensionWords());
  if (word != nullptr && word->has_dimension && !fields.Has("dimension")) {
    fields.Error("", "missing-key", fmt::format("{} needs \"dimension\"", word->name),
                 "such as dimension: conformity");
  }
  ReadTimes(fields, measure);
  if (word != nullptr) {
    CheckFits(fields, *word, "dimension", word->has_dimension, "remove it, or measure dimension_score");
    CheckFits(fields, *word, "dataset", word->of_dataset, "it is not drawn from datasets; remove it");
    CheckFits(fields, *word, "per", word->has_stretches, "it describes the present; remove it");
  }
  const Node levels = fields.Map("levels");
  if (fields.map().is_map() && levels.members().empty()) {
    fields.Error("levels", fields.Has("levels") ? "empty-value" : "missing-key",
                 "the evidence needs \"levels\": from which value on each level is supported",
                 "{2: 70%, 3: 90%}");
  }
  if (word != nullptr) measure.levels = ReadLevels(levels, word->is_rate, scale, fields.issues());
  return measure;
}

std::vector<std::string> ReadAccepts(Fields& fields) {
  const std::vector<std::string> kinds = {"document", "attestation", "link"};
  if (!fields.Has("accepts")) return kinds;
  std::vector<std::string> accepts = fields.Texts("accepts");
  for (size_t i = 0; i < accepts.size(); ++i) {
    if (std::find(kinds.begin(), kinds.end(), accepts[i]) != kinds.end()) continue;
    fields.issues().Error(EntryOf(fields.map(), "accepts", i).place(), "unknown-word",
                          fmt::format("\"{}\" is no kind of evidence that can be attached", accepts[i]),
                          DidYouMean(accepts[i], kinds));
  }
  return accepts;
}

}  // namespace

const std::vector<MeasureWord>& MeasureWords() {
  static constexpr std::string_view kOne = "accepted submission that now stands";
  static constexpr std::string_view kMany = "accepted submissions that now stand";
  static const std::vector<MeasureWord> kWords = {
      {"dimension_score", false, true, true, true, "", kOne, kMany},
      {"dataset_score", false, false, true, true, "overall score", kOne, kMany},
      {"first_time_pass_rate", true, false, true, true, "share of first attempts with nothing to mend",
       "first attempt", "first attempts"},
      {"on_time_rate", true, false, true, true, "share of periods received on time", "period that was due",
       "periods that were due"},
      {"periods_received_rate", true, false, true, true, "share of due periods received at all",
       "period that was due", "periods that were due"},
      {"critical_rules_enforced", true, false, true, true, "share of critical rules enforced",
       "critical rule in the newest submission of each feed",
       "critical rules in the newest submission of each feed"},
      {"no_open_breach", true, false, true, true, "share of submissions without an open breach", kOne, kMany},
      {"protocols_in_force", true, false, false, false, "share of used protocols that are in force",
       "protocol used", "protocols used"},
      {"audit_verified", true, false, false, false, "audit log verified", "look at the whole log",
       "looks at the whole log"},
      {"restore_tested", true, false, false, true, "share of trial restores that succeeded", "trial restore",
       "trial restores"},
      {"due_items_met", true, false, false, true, "share of due obligations and actions closed in time",
       "obligation or action that was due", "obligations and actions that were due"},
      {"signed_off_rate", true, false, true, true, "share of submissions signed off", kOne, kMany},
  };
  return kWords;
}

const MeasureWord* FindMeasureWord(std::string_view name) {
  const auto& words = MeasureWords();
  const auto found =
      std::find_if(words.begin(), words.end(), [&](const MeasureWord& word) { return word.name == name; });
  return found == words.end() ? nullptr : &*found;
}

bool HasLevel(const std::vector<ScaleLevel>& scale, int64_t level) {
  return std::any_of(scale.begin(), scale.end(),
                     [&](const ScaleLevel& known) { return known.level == level; });
}

std::optional<int> ReadLevel(Fields& fields, const std::string& key, const std::vector<ScaleLevel>& scale) {
  const auto level = fields.Integer(key);
  if (!level) return std::nullopt;
  if (HasLevel(scale, *level)) return static_cast<int>(*level);
  fields.Error(key, "unknown-level", fmt::format("the scale has no level {}", *level));
  return std::nullopt;
}

std::vector<std::string> ReadCategories(Fields& fields, const std::string& key, bool fallback) {
  const Node node = fields.Any(key);
  if (node.is_sequence()) {
    if (node.items().empty()) {
      fields.Error(key, "empty-value", fmt::format("\"{}\" lists no partner category", key),
                   "name some, or write true or false");
    }
    return fields.Texts(key);
  }
  // BoolOr reports words that only look like booleans.
  static const std::set<std::string> kOddWords = {"yes", "no", "on", "off", "y", "n", "true", "false"};
  if (node.is_scalar() && !node.AsBool() && IsId(node.text()) && !kOddWords.contains(node.text())) {
    fields.Error(key, "wrong-type", fmt::format("\"{}\" must be true, false or a list", key),
                 fmt::format("write [{}]", node.text()));
    return {};
  }
  if (fields.BoolOr(key, fallback)) return {"all"};
  return {};
}

EvidenceTerms ReadEvidenceTerms(const Node& node, const std::vector<ScaleLevel>& scale, Issues& issues) {
  EvidenceTerms terms;
  Fields fields(node, "evidence", issues);
  terms.declared = node.present();
  const bool measured_here = std::any_of(kMeasureKeys.begin(), kMeasureKeys.end(),
                                         [&](std::string_view key) { return fields.Has(key); });
  if (measured_here) terms.measures.push_back(ReadMeasure(fields, scale));
  for (const Node& entry : fields.Sequence("measures").items()) {
    Fields measure(entry, "measure", issues);
    terms.measures.push_back(ReadMeasure(measure, scale));
    measure.Finish();
  }
  terms.accepts = ReadAccepts(fields);
  terms.required_for = ReadCategories(fields, "required", false);
  terms.max_age = ReadDuration(fields, "max_age");
  if (terms.accepts.empty() && !terms.required_for.empty()) {
    fields.Error("required", "unexpected-key", "evidence is required, but nothing may be attached",
                 "list what is accepted, such as accepts: [document]");
  }
  if (!measured_here) {
    // Known also where none stands, so that a mistyped one is told from them.
    for (const std::string_view key : kMeasureKeys) fields.Any(key);
  }
  if (node.is_map() && node.members().empty()) {
    issues.Error(node.place(), "empty-value", "the evidence says nothing",
                 "name a measure, or accepts: [document, attestation, link]");
  }
  fields.Finish();
  return terms;
}

}  // namespace concordat::policy
