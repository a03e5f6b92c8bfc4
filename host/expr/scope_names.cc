#include "host/expr/scope_names.h"

#include <algorithm>

#include "fmt/format.h"
#include "host/expr/name_resolver.h"

namespace concordat::expr {

std::optional<Term> TypeNamed(const std::vector<std::string>& path, size_t offset, size_t& used) {
  constexpr std::string_view kTypes[] = {"bool",
                                         "bytes",
                                         "double",
                                         "google.protobuf.Duration",
                                         "google.protobuf.Timestamp",
                                         "int",
                                         "list",
                                         "map",
                                         "null_type",
                                         "optional_type",
                                         "string",
                                         "type",
                                         "uint"};
  std::string name;
  for (size_t i = 0; i < path.size() && i < 3; ++i) {
    name += (i == 0 ? "" : ".") + path[i];
    if (std::find(std::begin(kTypes), std::end(kTypes), name) == std::end(kTypes)) continue;
    Term term;
    term.type = Type::kType;
    term.offset = offset;
    term.constant = {TypeName{name}};
    used = i + 1;
    return term;
  }
  return std::nullopt;
}

std::optional<Term> ScopeNames::Resolve(const Node& node, const std::vector<std::string>& path, bool,
                                        size_t& used) {
  if (auto type = TypeNamed(path, node.offset, used)) return type;
  used = path.size();
  const Checked checked = NameResolver(scope_, issues_).Resolve(node, path);
  Term term;
  term.kind = checked.kind == CheckedKind::kField ? TermKind::kField : TermKind::kAttribute;
  term.type = checked.type;
  term.offset = node.offset;
  term.index = checked.field;
  term.name = checked.name;
  term.status = absl::NotFoundError(fmt::format("{} has no value", checked.name));
  return term;
}

const data::Field* ScopeNames::FieldOf(const Term& term) const {
  return term.kind == TermKind::kField ? &scope_.record->fields[term.index] : nullptr;
}

}  // namespace concordat::expr
