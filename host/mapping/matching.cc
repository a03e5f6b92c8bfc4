#include "host/mapping/matching.h"

#include <algorithm>

#include "fmt/format.h"
#include "host/base/source.h"
#include "host/mapping/name_match.h"
#include "host/mapping/source_expression.h"

namespace concordat::mapping {

absl::Status WrongMapping(const policy::Feed& feed, std::string_view field, std::string_view why) {
  return absl::InvalidArgumentError(
      fmt::format("feed {}, mapping of field {}: {}", feed.id.str(), field, why));
}

namespace {

constexpr int kAbsent = -1;

// The names under which the source may have the field; none when it comes from elsewhere.
std::vector<std::string> WantedNames(const policy::Feed& feed, const std::string& field) {
  const policy::FieldMapping* mapping = policy::MappingIn(feed).Of(field);
  if (mapping == nullptr) return {field};
  if (!mapping->from.empty()) return mapping->from;
  return mapping->value || !mapping->fact.empty() || !mapping->expression.empty() || mapping->join
             ? std::vector<std::string>()
             : std::vector<std::string>{field};
}

absl::Status CheckMappedFieldsExist(const policy::Feed& feed, const data::Schema& schema) {
  std::vector<std::string> names;
  for (const data::Field& field : schema.fields) names.push_back(field.name);
  for (const policy::FieldMapping& mapping : policy::MappingIn(feed).fields) {
    if (schema.Find(mapping.field)) continue;
    return WrongMapping(
        feed, mapping.field,
        fmt::format("dataset {} has no such field; {}", schema.dataset, DidYouMean(mapping.field, names)));
  }
  return absl::OkStatus();
}

absl::StatusOr<int> FindSource(const policy::Feed& feed, const std::string& field,
                               const std::vector<std::string>& source_columns) {
  for (const std::string& name : WantedNames(feed, field)) {
    const std::vector<size_t> found = ColumnsNamed(name, source_columns);
    if (found.empty()) continue;
    if (found.size() == 1) return static_cast<int>(found[0]);
    const std::string& first = source_columns[found[0]];
    const std::string& second = source_columns[found[1]];
    const std::string_view mend = first == second ? "give the source's columns names of their own"
                                                  : "name the one that is meant under mapping";
    return WrongMapping(feed, field,
                        fmt::format("the source has two columns for it, {} (\"{}\") and {} (\"{}\"); {}",
                                    found[0] + 1, first, found[1] + 1, second, mend));
  }
  return kAbsent;
}

// Columns that fields take in other ways than whole.
std::vector<size_t> OtherwiseUsed(const policy::Feed& feed, const std::vector<std::string>& source_columns) {
  std::vector<size_t> used;
  const auto use = [&](const std::string& name) {
    for (const size_t place : ColumnsNamed(name, source_columns)) used.push_back(place);
  };
  for (const policy::FieldMapping& mapping : policy::MappingIn(feed).fields) {
    if (mapping.join) std::for_each(mapping.join->columns.begin(), mapping.join->columns.end(), use);
    if (mapping.expression.empty()) continue;
    const SourceExpression::Result compiled =
        SourceExpression::Compile(mapping.expression, /*condition=*/false);
    std::for_each(compiled.expression.columns().begin(), compiled.expression.columns().end(), use);
  }
  return used;
}

void NoteMissingParts(const policy::Feed& feed, const std::vector<std::string>& source_columns,
                      Matching& matching) {
  for (const policy::FieldMapping& mapping : policy::MappingIn(feed).fields) {
    if (!mapping.join) continue;
    for (const std::string& name : mapping.join->columns) {
      if (!ColumnsNamed(name, source_columns).empty()) continue;
      matching.hints.push_back(
          fmt::format("the file has no column \"{}\", a part of field {}", name, mapping.field));
    }
  }
}

void ListIgnoredColumns(const policy::Feed& feed, const std::vector<std::string>& source_columns,
                        Matching& matching) {
  const std::vector<size_t> others = OtherwiseUsed(feed, source_columns);
  for (size_t i = 0; i < source_columns.size(); ++i) {
    const auto& used = matching.source_of_field;
    if (std::find(used.begin(), used.end(), static_cast<int>(i)) != used.end()) continue;
    if (std::find(others.begin(), others.end(), i) != others.end()) continue;
    matching.ignored_columns.push_back(source_columns[i]);
  }
}

// A column that nobody wants beside a field that nobody brings, under nearly the same name: most likely a
// slip.
void HintAtNearMisses(Matching& matching) {
  std::vector<std::string> wanted;
  std::vector<size_t> absence;
  for (size_t i = 0; i < matching.absences.size(); ++i) {
    for (const std::string& name : matching.absences[i].wanted) {
      wanted.push_back(name);
      absence.push_back(i);
    }
  }
  for (const std::string& column : matching.ignored_columns) {
    const std::string near = LooksLike(column, wanted);
    if (near.empty()) continue;
    Absence& absent = matching.absences[absence[static_cast<size_t>(
        std::find(wanted.begin(), wanted.end(), near) - wanted.begin())]];
    if (absent.near.empty()) absent.near = column;
    matching.hints.push_back(fmt::format("column \"{}\" is not known: did you mean \"{}\" (field {})?",
                                         column, near, absent.field));
  }
}

}  // namespace

absl::StatusOr<Matching> Match(const policy::Feed& feed, const data::Schema& schema,
                               const std::vector<std::string>& source_columns) {
  RETURN_IF_ERROR(CheckMappedFieldsExist(feed, schema));
  Matching matching;
  for (const data::Field& field : schema.fields) {
    ASSIGN_OR_RETURN(const int source, FindSource(feed, field.name, source_columns));
    matching.source_of_field.push_back(source);
    std::vector<std::string> wanted = WantedNames(feed, field.name);
    if (source != kAbsent || wanted.empty()) continue;
    matching.absent_fields.push_back(field.name);
    matching.absences.push_back({field.name, std::move(wanted), ""});
  }
  ListIgnoredColumns(feed, source_columns, matching);
  HintAtNearMisses(matching);
  NoteMissingParts(feed, source_columns, matching);
  return matching;
}

}  // namespace concordat::mapping
