#include "host/policy/assessment_template.h"

#include <algorithm>
#include <array>
#include <set>

#include "fmt/format.h"
#include "host/policy/names.h"
#include "host/record/words.h"

namespace concordat::policy {
namespace {

// What can be measured, and whether it is a rate (0..1) or a score (0..100).
struct MeasureKind {
  std::string_view name;
  bool is_rate;
  bool has_dimension;
};
constexpr std::array kMeasures = {
    MeasureKind{"dimension_score", false, true},
    MeasureKind{"dataset_score", false, false},
    MeasureKind{"first_time_pass_rate", true, false},
    MeasureKind{"on_time_rate", true, false},
};

std::vector<std::string> MeasureNames() {
  std::vector<std::string> names;
  for (const MeasureKind& kind : kMeasures) names.emplace_back(kind.name);
  return names;
}

const MeasureKind* FindMeasure(std::string_view name) {
  const auto found =
      std::find_if(kMeasures.begin(), kMeasures.end(), [&](const auto& kind) { return kind.name == name; });
  return found == kMeasures.end() ? nullptr : found;
}

std::vector<std::string> DimensionWords() {
  std::vector<std::string> words;
  for (size_t i = 0; i < record::kDimensionCount; ++i) {
    words.emplace_back(record::DimensionName(static_cast<record::Dimension>(i)));
  }
  return words;
}

bool HasLevel(const std::vector<ScaleLevel>& scale, int level) {
  return std::any_of(scale.begin(), scale.end(),
                     [&](const ScaleLevel& known) { return known.level == level; });
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
    if (!level || !HasLevel(scale, static_cast<int>(*level))) {
      issues.Error(member.key_place, "unknown-level",
                   fmt::format("the scale has no level \"{}\"", member.key));
    } else if (least) {
      levels[static_cast<int>(*level)] = *least;
    }
  }
  CheckLevelsRise(node, levels, issues);
  return levels;
}

Measure ReadMeasure(const Node& node, const std::vector<ScaleLevel>& scale, Issues& issues) {
  Fields fields(node, "evidence", issues);
  Measure measure;
  measure.place = node.place();
  measure.measure = fields.Text("measure");
  const MeasureKind* kind = FindMeasure(measure.measure);
  if (kind == nullptr && !measure.measure.empty()) {
    fields.Error("measure", "unknown-measure",
                 fmt::format("nothing called \"{}\" is measured", measure.measure),
                 DidYouMean(measure.measure, MeasureNames()));
  }
  measure.dataset = fields.TextOr("dataset", "");
  const std::string dimension = fields.WordOr("dimension", "", DimensionWords());
  measure.dimension = dimension;
  if (kind != nullptr && kind->has_dimension != fields.Has("dimension")) {
    fields.Error(
        "dimension", kind->has_dimension ? "missing-key" : "unexpected-key",
        fmt::format("{} {} \"dimension\"", kind->name, kind->has_dimension ? "needs" : "has no"),
        kind->has_dimension ? "such as dimension: conformity" : "remove it, or measure dimension_score");
  }
  measure.window = ReadDuration(fields, "window").value_or(*ParseDuration("P12M"));
  const Node levels = fields.Map("levels");
  if (node.is_map() && levels.members().empty()) {
    fields.Error("levels", fields.Has("levels") ? "empty-value" : "missing-key",
                 "the evidence needs \"levels\": from which value on each level is supported",
                 "{2: 70%, 3: 90%}");
  }
  if (kind != nullptr) measure.levels = ReadLevels(levels, kind->is_rate, scale, issues);
  fields.Finish();
  return measure;
}

AssessmentItem ReadItem(const Node& node, const std::vector<ScaleLevel>& scale, Issues& issues) {
  Fields fields(node, "item", issues);
  AssessmentItem item;
  item.place = node.place();
  item.id = fields.Text("id");
  item.question = fields.Text("question");
  item.guidance = fields.TextOr("guidance", "");
  item.mandatory = fields.BoolOr("mandatory", true);
  if (const Node evidence = fields.Map("evidence"); evidence.present())
    item.evidence = ReadMeasure(evidence, scale, issues);
  fields.Finish();
  return item;
}

// Ids of items are what answers are filed under, so they must be unique in the whole template.
void CheckUnique(std::set<std::string>& seen, const Node& node, const std::string& id, std::string_view what,
                 Issues& issues) {
  if (id.empty() || seen.insert(id).second) return;
  issues.Error(node["id"].place(), "duplicate-id",
               fmt::format("the {} \"{}\" stands here already", what, id));
}

AssessmentTheme ReadTheme(const Node& node, const std::vector<ScaleLevel>& scale,
                          std::set<std::string>& item_ids, Issues& issues) {
  Fields fields(node, "theme", issues);
  AssessmentTheme theme;
  theme.id = fields.Text("id");
  theme.title = fields.Text("title");
  for (const Node& item_node : fields.Sequence("items").items()) {
    theme.items.push_back(ReadItem(item_node, scale, issues));
    CheckUnique(item_ids, item_node, theme.items.back().id, "item", issues);
  }
  if (node.is_map() && theme.items.empty()) {
    fields.Error("items", fields.Has("items") ? "empty-value" : "missing-key", "the theme has no items");
  }
  fields.Finish();
  return theme;
}

std::vector<ScaleLevel> ReadScale(Fields& fields) {
  std::vector<ScaleLevel> scale;
  for (const Node& node : fields.Sequence("scale").items()) {
    Fields entry(node, "level", fields.issues());
    ScaleLevel level;
    const auto number = entry.Integer("level");
    if (node.is_map() && !entry.Has("level"))
      entry.Error("", "missing-key", "the level needs \"level\", its number");
    level.name = entry.Text("name");
    level.description = entry.TextOr("description", "");
    entry.Finish();
    if (!number) continue;
    level.level = static_cast<int>(*number);
    if (*number < 0 || *number > 100) {
      entry.Error("level", "out-of-range", "a level is a number from 0 to 100");
    } else if (!scale.empty() && level.level <= scale.back().level) {
      entry.Error("level", "levels-not-rising", "levels must rise from one entry to the next");
    }
    scale.push_back(std::move(level));
  }
  if (fields.map().is_map() && scale.size() < 2) {
    fields.Error("scale", fields.Has("scale") ? "too-few" : "missing-key",
                 "a scale needs at least two levels",
                 "[{level: 1, name: below minimum}, {level: 2, name: at minimum}]");
  }
  return scale;
}

}  // namespace

const AssessmentItem* AssessmentTemplate::FindItem(std::string_view item) const {
  for (const AssessmentTheme& theme : themes) {
    for (const AssessmentItem& candidate : theme.items) {
      if (candidate.id == item) return &candidate;
    }
  }
  return nullptr;
}

AssessmentTemplate ReadAssessmentTemplate(const Node& document, Issues& issues) {
  Fields fields(document, "template", issues);
  ReadHeader(fields, "AssessmentTemplate");
  AssessmentTemplate result;
  result.place = document.place();
  result.id = TemplateId(ReadId(fields, "id"));
  result.version = fields.Text("version");
  result.title = fields.Text("title");
  result.scale = ReadScale(fields);
  std::set<std::string> theme_ids;
  std::set<std::string> item_ids;
  for (const Node& node : fields.Sequence("themes").items()) {
    result.themes.push_back(ReadTheme(node, result.scale, item_ids, issues));
    CheckUnique(theme_ids, node, result.themes.back().id, "theme", issues);
  }
  if (document.is_map() && result.themes.empty()) {
    fields.Error("themes", fields.Has("themes") ? "empty-value" : "missing-key",
                 "the template has no themes");
  }
  fields.Finish();
  return result;
}

}  // namespace concordat::policy
