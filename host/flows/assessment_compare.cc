#include "host/flows/assessment_compare.h"

#include <algorithm>
#include <set>

#include "fmt/format.h"
#include "host/flows/assessment_report.h"
#include "host/flows/group_agreement.h"

namespace concordat::flows {
namespace {

using store::Assessment;

json::Value MemberOf(const json::Value& document, std::string_view member) {
  const json::Value* value = json::Find(document, member);
  return value == nullptr ? json::Value(nullptr) : *value;
}

const json::Array& ListIn(const json::Value& document, std::string_view member) {
  static const json::Array none;
  const json::Value* value = json::Find(document, member);
  return value == nullptr || !value->is_array() ? none : value->get_array();
}

/// One column: the document, and its themes and items by id.
struct Column {
  Assessment assessment;
  json::Value document;
  std::map<std::string, const json::Value*> themes;
  std::map<std::string, const json::Value*> items;
};

void Index(Column& column) {
  for (const json::Value& theme : ListIn(column.document, "themes")) {
    column.themes[json::TextOr(theme, "id", "")] = &theme;
    for (const json::Value& item : ListIn(theme, "items")) column.items[json::TextOr(item, "id", "")] = &item;
  }
}

// Its own reader, and whoever rated in the same round of groups.
absl::Status RequireComparable(const HostParts& host, const Caller& caller, const Assessment& assessment) {
  absl::Status reader = RequireReader(caller, assessment);
  if (reader.ok() || assessment.group.empty() || assessment.state == "open") return reader;
  ASSIGN_OR_RETURN(const bool sees, SeesRound(host, caller, assessment.template_id, assessment.cycle));
  return sees ? absl::OkStatus() : reader;
}

bool Wanted(const std::vector<std::string>& wanted, const std::string& value) {
  return wanted.empty() || std::find(wanted.begin(), wanted.end(), value) != wanted.end();
}

absl::StatusOr<std::vector<Assessment>> Chosen(const HostParts& host, const Caller& caller,
                                               const CompareRequest& request) {
  ASSIGN_OR_RETURN(const std::vector<Assessment> all, host.store->ListAssessments(std::nullopt));
  std::vector<Assessment> chosen;
  for (const std::string& id : request.assessments) {
    ASSIGN_OR_RETURN(Assessment assessment, host.store->GetAssessment(id));
    RETURN_IF_ERROR(RequireComparable(host, caller, assessment));
    chosen.push_back(std::move(assessment));
  }
  if (!request.assessments.empty()) return chosen;
  for (const Assessment& assessment : all) {
    const bool wanted = assessment.template_id == request.template_id &&
                        Wanted(request.cycles, assessment.cycle) &&
                        Wanted(request.partners, assessment.partner.str());
    if (wanted && RequireComparable(host, caller, assessment).ok()) chosen.push_back(assessment);
  }
  return chosen;
}

absl::Status RequireOneTemplate(const std::vector<Assessment>& chosen) {
  if (chosen.size() < 2) {
    return absl::InvalidArgumentError(fmt::format(
        "a comparison needs two assessments or more, and there {} you may see: name them, or a template",
        chosen.empty() ? "is none that" : "is one that"));
  }
  for (const Assessment& assessment : chosen) {
    if (assessment.template_id == chosen.front().template_id) continue;
    return absl::InvalidArgumentError(
        fmt::format("{} is of {} and {} of {}; compare assessments of one template", chosen.front().id,
                    chosen.front().template_id, assessment.id, assessment.template_id));
  }
  return absl::OkStatus();
}

// `member` of the entry that each column has for `id`; null where it has none.
json::Array Across(const std::vector<Column>& columns,
                   std::map<std::string, const json::Value*> Column::*index, const std::string& id,
                   std::string_view member) {
  json::Array values;
  for (const Column& column : columns) {
    const auto found = (column.*index).find(id);
    values.push_back(found == (column.*index).end() ? json::Value(nullptr)
                                                    : MemberOf(*found->second, member));
  }
  return values;
}

json::Array EvidenceLevels(const std::vector<Column>& columns, const std::string& id) {
  json::Array levels;
  for (const json::Value& evidence : Across(columns, &Column::items, id, "evidence"))
    levels.push_back(MemberOf(evidence, "level"));
  return levels;
}

bool Differ(const json::Array& levels) {
  return std::any_of(levels.begin(), levels.end(),
                     [&](const json::Value& level) { return level != levels.front(); });
}

// Of the newest column first, then what only others have.
std::vector<const json::Value*> Union(const std::vector<Column>& columns, bool of_items) {
  std::vector<const json::Value*> entries;
  std::set<std::string> seen;
  for (auto column = columns.rbegin(); column != columns.rend(); ++column) {
    for (const json::Value& theme : ListIn(column->document, "themes")) {
      if (!of_items && seen.insert(json::TextOr(theme, "id", "")).second) entries.push_back(&theme);
      for (const json::Value& item : ListIn(theme, "items"))
        if (of_items && seen.insert(json::TextOr(item, "id", "")).second) entries.push_back(&item);
    }
  }
  return entries;
}

json::Array ThemesJson(const std::vector<Column>& columns) {
  json::Array list;
  for (const json::Value* theme : Union(columns, false)) {
    const std::string id = json::TextOr(*theme, "id", "");
    list.push_back(json::Object{{"id", id},
                                {"title", MemberOf(*theme, "title")},
                                {"levels", Across(columns, &Column::themes, id, "level")}});
  }
  return list;
}

json::Array ItemsJson(const std::vector<Column>& columns) {
  std::map<std::string, std::string> theme_of;
  for (const Column& column : columns) {
    for (const json::Value& theme : ListIn(column.document, "themes"))
      for (const json::Value& item : ListIn(theme, "items"))
        theme_of[json::TextOr(item, "id", "")] = json::TextOr(theme, "id", "");
  }
  json::Array list;
  for (const json::Value* item : Union(columns, true)) {
    const std::string id = json::TextOr(*item, "id", "");
    json::Array levels = Across(columns, &Column::items, id, "standing");
    const bool changed = Differ(levels);
    list.push_back(json::Object{{"id", id},
                                {"question", MemberOf(*item, "question")},
                                {"theme", theme_of[id]},
                                {"levels", std::move(levels)},
                                {"evidence", EvidenceLevels(columns, id)},
                                {"assurance", Across(columns, &Column::items, id, "assurance")},
                                {"changed", changed}});
  }
  return list;
}

json::Object ColumnJson(const HostParts& host, const Assessment& assessment) {
  return {{"assessment", assessment.id},
          {"partner", assessment.partner.str()},
          {"partnerName", NameOf(host, assessment.partner)},
          {"group", assessment.group.empty() ? json::Value(nullptr) : json::Value(assessment.group)},
          {"cycle", assessment.cycle},
          {"version", assessment.template_version},
          {"state", assessment.state}};
}

absl::StatusOr<json::Value> AgreementOf(const HostParts& host, const Caller& caller,
                                        const std::vector<Assessment>& chosen) {
  const bool one_cycle = std::all_of(chosen.begin(), chosen.end(), [&](const Assessment& assessment) {
    return assessment.cycle == chosen.front().cycle && assessment.state != "open";
  });
  if (!one_cycle) return json::Value(nullptr);
  ASSIGN_OR_RETURN(const std::optional<GroupRound> round,
                   RoundOf(host, caller, chosen.front().template_id, chosen.front().cycle));
  return round && round->groups.size() == chosen.size() ? RoundJson(*round) : json::Value(nullptr);
}

}  // namespace

absl::StatusOr<json::Value> CompareAssessments(const HostParts& host, const Caller& caller,
                                               const CompareRequest& request) {
  ASSIGN_OR_RETURN(const std::vector<Assessment> chosen, Chosen(host, caller, request));
  RETURN_IF_ERROR(RequireOneTemplate(chosen));
  std::vector<Column> columns;
  json::Array heads, levels;
  for (const Assessment& assessment : chosen) {
    ASSIGN_OR_RETURN(const OpenedAssessment opened, OpenAssessment(host, assessment.id));
    ASSIGN_OR_RETURN(json::Object document, DocumentOf(host, opened));
    columns.push_back({assessment, json::Value(std::move(document)), {}, {}});
    heads.push_back(ColumnJson(host, assessment));
  }
  for (Column& column : columns) {
    Index(column);
    levels.push_back(MemberOf(column.document, "level"));
  }
  json::Object object{{"template", chosen.front().template_id},
                      {"columns", std::move(heads)},
                      {"themes", ThemesJson(columns)},
                      {"items", ItemsJson(columns)},
                      {"level", std::move(levels)}};
  ASSIGN_OR_RETURN(object["agreement"], AgreementOf(host, caller, chosen));
  return object;
}

}  // namespace concordat::flows
