#include "host/mapping/matching.h"

#include <algorithm>

#include "fmt/format.h"
#include "host/base/source.h"
#include "host/mapping/name_match.h"

namespace concordat::mapping {

const policy::FieldMapping* MappingOf(const policy::Feed& feed, std::string_view field) {
  const auto found =
      std::find_if(feed.mapping.begin(), feed.mapping.end(),
                   [&](const policy::FieldMapping& mapping) { return mapping.field == field; });
  return found == feed.mapping.end() ? nullptr : &*found;
}

absl::Status WrongMapping(const policy::Feed& feed, std::string_view field, std::string_view why) {
  return absl::InvalidArgumentError(
      fmt::format("feed {}, mapping of field {}: {}", feed.id.str(), field, why));
}

namespace {

constexpr int kAbsent = -1;

// The name under which the source should have the field.
const std::string& WantedName(const policy::Feed& feed, const std::string& field) {
  const policy::FieldMapping* mapping = MappingOf(feed, field);
  return mapping != nullptr && !mapping->from.empty() ? mapping->from : field;
}

absl::Status CheckMappedFieldsExist(const policy::Feed& feed, const data::Schema& schema) {
  std::vector<std::string> names;
  for (const data::Field& field : schema.fields) names.push_back(field.name);
  for (const policy::FieldMapping& mapping : feed.mapping) {
    if (schema.Find(mapping.field)) continue;
    return WrongMapping(
        feed, mapping.field,
        fmt::format("dataset {} has no such field; {}", schema.dataset, DidYouMean(mapping.field, names)));
  }
  return absl::OkStatus();
}

absl::StatusOr<int> FindSource(const policy::Feed& feed, const std::string& field,
                               const std::vector<std::string>& source_columns) {
  const std::vector<size_t> found = ColumnsNamed(WantedName(feed, field), source_columns);
  if (found.empty()) return kAbsent;
  if (found.size() == 1) return static_cast<int>(found[0]);
  const std::string& first = source_columns[found[0]];
  const std::string& second = source_columns[found[1]];
  const std::string_view mend = first == second ? "give the source's columns names of their own"
                                                : "name the one that is meant under mapping";
  return WrongMapping(feed, field,
                      fmt::format("the source has two columns for it, {} (\"{}\") and {} (\"{}\"); {}",
                                  found[0] + 1, first, found[1] + 1, second, mend));
}

void ListIgnoredColumns(const std::vector<std::string>& source_columns, Matching& matching) {
  for (size_t i = 0; i < source_columns.size(); ++i) {
    const auto& used = matching.source_of_field;
    if (std::find(used.begin(), used.end(), static_cast<int>(i)) != used.end()) continue;
    matching.ignored_columns.push_back(source_columns[i]);
  }
}

// A column that nobody wants beside a field that nobody brings, under nearly the same name: most likely a
// slip.
void HintAtNearMisses(const policy::Feed& feed, Matching& matching) {
  std::vector<std::string> wanted;
  for (const std::string& field : matching.absent_fields)
    wanted.push_back(FoldedName(WantedName(feed, field)));
  for (const std::string& column : matching.ignored_columns) {
    const std::string near = Nearest(FoldedName(column), wanted);
    if (near.empty()) continue;
    const size_t index = static_cast<size_t>(std::find(wanted.begin(), wanted.end(), near) - wanted.begin());
    const std::string& field = matching.absent_fields[index];
    matching.hints.push_back(fmt::format("column \"{}\" is not known: did you mean \"{}\" (field {})?",
                                         column, WantedName(feed, field), field));
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
    if (source == kAbsent) matching.absent_fields.push_back(field.name);
  }
  ListIgnoredColumns(source_columns, matching);
  HintAtNearMisses(feed, matching);
  return matching;
}

}  // namespace concordat::mapping
