#include "host/quality/mask.h"

#include "host/quality/rule.h"

namespace concordat::quality {
namespace {

void ReplaceAll(std::string& text, std::string_view from, std::string_view to) {
  for (size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
}

record::Finding WithoutAdapterTexts(record::Finding finding, const data::Schema& schema) {
  for (auto& [column, value] : finding.values) {
    const std::optional<size_t> field = schema.Find(column);
    // A column that is no field of the contract may be the source of a confidential one.
    if (!field || IsConfidential(schema.fields[*field])) value = kHidden;
  }
  finding.message = "the record breaks the adapter's rule " + finding.rule;
  finding.mend.clear();
  return finding;
}

}  // namespace

record::Finding Masked(const record::Finding& finding, const data::Schema& schema) {
  if (!data::AnyConfidential(schema)) return finding;
  if (finding.from_adapter) return WithoutAdapterTexts(finding, schema);
  record::Finding masked = finding;
  for (auto& [column, value] : masked.values) {
    const std::optional<size_t> field = schema.Find(column);
    if (field && !IsConfidential(schema.fields[*field])) continue;
    // Messages of the host's rules show a value only as Shown() writes it.
    ReplaceAll(masked.message, Shown(value), kHidden);
    ReplaceAll(masked.mend, Shown(value), kHidden);
    value = kHidden;
    // The nearest value of a list tells nearly the value itself.
    if (masked.mend.starts_with("did you mean")) masked.mend.clear();
  }
  return masked;
}

}  // namespace concordat::quality
