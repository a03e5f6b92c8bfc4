#include "host/policy/assessment_template.h"

#include <algorithm>
#include <set>

#include "fmt/format.h"
#include "host/base/digest.h"
#include "host/policy/assessment_check.h"
#include "host/policy/evidence_terms.h"
#include "host/policy/names.h"
#include "host/policy/reader.h"

namespace concordat::policy {
namespace {

const std::vector<std::string> kColours = {"red", "amber", "green"};

// Ids are what answers are filed under.
void CheckUnique(std::set<std::string>& seen, const Node& node, const std::string& id, std::string_view what,
                 Issues& issues) {
  if (id.empty() || seen.insert(id).second) return;
  issues.Error(node["id"].place(), "duplicate-id",
               fmt::format("the {} \"{}\" stands here already", what, id));
}

// One number for all, or a level for each category.
std::map<std::string, int> ReadTargets(Fields& fields, const std::string& key,
                                       const std::vector<ScaleLevel>& scale) {
  std::map<std::string, int> targets;
  if (!fields.Any(key).is_map()) {
    if (const auto level = ReadLevel(fields, key, scale)) targets["all"] = *level;
    return targets;
  }
  Fields entries(fields.Map(key), key, fields.issues());
  for (const Node::Member& member : entries.map().members()) {
    if (const auto level = ReadLevel(entries, member.key, scale)) targets[member.key] = *level;
  }
  return targets;
}

std::map<int, std::string> ReadAnchors(const Node& node, const std::vector<ScaleLevel>& scale,
                                       Issues& issues) {
  std::map<int, std::string> anchors;
  Fields fields(node, "anchors", issues);
  for (const Node::Member& member : node.members()) {
    const std::string text = fields.Text(member.key);
    const auto level = Node::Scalar(member.key, false).AsInteger();
    if (level && HasLevel(scale, *level)) {
      anchors[static_cast<int>(*level)] = text;
    } else {
      issues.Error(member.key_place, "unknown-level",
                   fmt::format("the scale has no level \"{}\"", member.key));
    }
  }
  return anchors;
}

// Levels that something cannot do without; 0 when it was reported.
int RequiredLevel(Fields& fields, const std::string& key, const std::vector<ScaleLevel>& scale) {
  if (fields.map().is_map() && !fields.Has(key)) {
    fields.Error("", "missing-key", fmt::format("the {} needs \"{}\", a level", fields.what(), key));
  }
  return ReadLevel(fields, key, scale).value_or(0);
}

std::optional<ItemCondition> ReadCondition(const Node& node, const std::vector<ScaleLevel>& scale,
                                           Issues& issues) {
  if (!node.present()) return std::nullopt;
  Fields fields(node, "asked_when", issues);
  ItemCondition condition;
  condition.place = node.place();
  condition.item = fields.Text("item");
  condition.at_least = RequiredLevel(fields, "at_least", scale);
  fields.Finish();
  return condition;
}

std::vector<std::string> ReadCharacteristics(Fields& fields) {
  std::vector<std::string> words = fields.Texts("characteristics");
  std::set<std::string> seen;
  for (size_t i = 0; i < words.size(); ++i) {
    if (seen.insert(words[i]).second) continue;
    fields.issues().Error(EntryOf(fields.map(), "characteristics", i).place(), "twice",
                          fmt::format("\"{}\" stands twice", words[i]));
  }
  return words;
}

AssessmentItem ReadItem(const Node& node, const std::vector<ScaleLevel>& scale, Issues& issues) {
  Fields fields(node, "item", issues);
  AssessmentItem item;
  item.place = node.place();
  item.id = fields.Text("id");
  item.question = fields.Text("question");
  item.guidance = fields.TextOr("guidance", "");
  item.why = fields.TextOr("why", "");
  item.characteristics = ReadCharacteristics(fields);
  item.clauses = fields.Texts("clauses");
  if (const std::string clause = fields.TextOr("clause", ""); !clause.empty()) item.clauses.push_back(clause);
  item.mandatory_for = ReadCategories(fields, "mandatory", true);
  item.applies_to = fields.Texts("applies_to");
  item.anchors = ReadAnchors(fields.Map("anchors"), scale, issues);
  item.targets = ReadTargets(fields, "target", scale);
  item.asked_when = ReadCondition(fields.Map("asked_when"), scale, issues);
  item.evidence = ReadEvidenceTerms(fields.Map("evidence"), scale, issues);
  fields.Finish();
  return item;
}

AssessmentTheme ReadTheme(const Node& node, const std::vector<ScaleLevel>& scale,
                          std::set<std::string>& item_ids, Issues& issues) {
  Fields fields(node, "theme", issues);
  AssessmentTheme theme;
  theme.id = fields.Text("id");
  theme.title = fields.Text("title");
  theme.description = fields.TextOr("description", "");
  theme.targets = ReadTargets(fields, "targets", scale);
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
    level.colour = entry.WordOr("colour", "", kColours);
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

Scoring ReadScoring(const Node& node, Issues& issues) {
  Fields fields(node, "scoring", issues);
  Scoring scoring;
  scoring.theme = fields.WordOr("theme", "capped_mean", {"capped_mean", "mean", "lowest", "none"});
  const std::string fallback = scoring.theme == "none" ? "none" : "lowest";
  scoring.organisation = fields.WordOr("organisation", fallback, {"lowest", "mean", "none", "status"});
  fields.Finish();
  return scoring;
}

LevelCap ReadCap(const Node& node, const std::vector<ScaleLevel>& scale, Issues& issues) {
  Fields fields(node, "cap", issues);
  LevelCap cap;
  cap.place = node.place();
  cap.item = fields.Text("item");
  cap.below = RequiredLevel(fields, "below", scale);
  cap.theme = fields.TextOr("theme", "");
  cap.at = RequiredLevel(fields, "at", scale);
  cap.why = fields.TextOr("why", "");
  fields.Finish();
  return cap;
}

AssessmentStatus ReadStatus(const Node& node, const std::vector<ScaleLevel>& scale, Issues& issues) {
  Fields fields(node, "status", issues);
  AssessmentStatus status;
  status.place = node.place();
  status.id = fields.Text("id");
  status.name = fields.Text("name");
  status.colour = fields.WordOr("colour", "", kColours);
  status.level = ReadLevel(fields, "level", scale);
  status.share = fields.ShareOr("share", 1);
  status.of = fields.WordOr("of", "mandatory", {"mandatory", "all"});
  status.needs_plan = fields.BoolOr("needs_plan", false);
  for (const std::string_view key : {"share", "of", "needs_plan"}) {
    if (!fields.Has(key) || fields.Has("level")) continue;
    fields.Error(key, "missing-key", fmt::format("\"{}\" of the status needs \"level\" beside it", key),
                 "name the level that the items must reach");
  }
  fields.Finish();
  return status;
}

void ReadThemes(Fields& fields, AssessmentTemplate& form) {
  std::set<std::string> theme_ids;
  std::set<std::string> item_ids;
  for (const Node& node : fields.Sequence("themes").items()) {
    form.themes.push_back(ReadTheme(node, form.scale, item_ids, fields.issues()));
    CheckUnique(theme_ids, node, form.themes.back().id, "theme", fields.issues());
  }
  if (fields.map().is_map() && form.themes.empty()) {
    fields.Error("themes", fields.Has("themes") ? "empty-value" : "missing-key",
                 "the template has no themes");
  }
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

const ScaleLevel* AssessmentTemplate::FindLevel(int level) const {
  const auto found = std::find_if(scale.begin(), scale.end(),
                                  [&](const ScaleLevel& candidate) { return candidate.level == level; });
  return found == scale.end() ? nullptr : &*found;
}

bool NamesCategory(const std::vector<std::string>& categories, std::string_view category) {
  return std::any_of(categories.begin(), categories.end(),
                     [&](const std::string& named) { return named == "all" || named == category; });
}

std::optional<int> TargetFor(const std::map<std::string, int>& targets, std::string_view category) {
  auto found = targets.find(std::string(category));
  if (found == targets.end()) found = targets.find("all");
  if (found == targets.end()) return std::nullopt;
  return found->second;
}

AssessmentTemplate ReadAssessmentTemplate(const Node& document, Issues& issues) {
  Fields fields(document, "template", issues);
  ReadHeader(fields, "AssessmentTemplate");
  AssessmentTemplate result;
  result.place = document.place();
  result.id = TemplateId(ReadId(fields, "id"));
  result.version = fields.Text("version");
  result.title = fields.Text("title");
  result.framework = fields.TextOr("framework", "");
  result.licence = fields.TextOr("licence", "");
  result.guidance = fields.TextOr("guidance", "");
  result.several_groups = fields.BoolOr("several_groups", false);
  result.characteristics = ReadCharacteristics(fields);
  result.scale = ReadScale(fields);
  result.scoring = ReadScoring(fields.Map("scoring"), issues);
  result.targets = ReadTargets(fields, "targets", result.scale);
  for (const Node& node : fields.Sequence("caps").items())
    result.caps.push_back(ReadCap(node, result.scale, issues));
  std::set<std::string> status_ids;
  for (const Node& node : fields.Sequence("statuses").items()) {
    result.statuses.push_back(ReadStatus(node, result.scale, issues));
    CheckUnique(status_ids, node, result.statuses.back().id, "status", issues);
  }
  result.evidence_max_age = ReadDuration(fields, "evidence_max_age").value_or(*ParseDuration("P24M"));
  ReadThemes(fields, result);
  fields.Finish();
  CheckAssessmentTemplate(result, document, issues);
  return result;
}

absl::StatusOr<AssessmentTemplate> ParseAssessmentTemplate(const std::string& name, const std::string& text) {
  Issues issues;
  const Node document = ReadYaml(std::make_shared<SourceText>(SourceText{name, text}), issues);
  AssessmentTemplate form;
  if (document.present()) form = ReadAssessmentTemplate(document, issues);
  issues.SortAndDeduplicate();
  for (const Issue& issue : issues.list()) {
    if (issue.severity != IssueSeverity::kError) continue;
    return absl::InvalidArgumentError(fmt::format("{}: {}", issue.place.str(), issue.message));
  }
  form.digest = DigestOf(json::Canonical(document.ToJson()));
  form.path = name;
  return form;
}

}  // namespace concordat::policy
