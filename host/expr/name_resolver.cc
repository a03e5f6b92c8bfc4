#include "host/expr/name_resolver.h"

#include <algorithm>

#include "fmt/format.h"
#include "host/base/source.h"
#include "host/expr/names.h"

namespace concordat::expr {
namespace {

Checked Attribute(const Node& node, const std::vector<std::string>& path, Type type) {
  Checked checked = MakeChecked(CheckedKind::kAttribute, type, node.offset);
  checked.name = path[0];
  for (size_t i = 1; i < path.size(); ++i) checked.name += "." + path[i];
  return checked;
}

}  // namespace

std::vector<std::string> PathOf(const Node& node) {
  if (node.kind == NodeKind::kIdent) return {node.name};
  if (node.kind != NodeKind::kSelect || node.optional) return {};
  std::vector<std::string> path = PathOf(*node.children[0]);
  if (!path.empty()) path.push_back(node.name);
  return path;
}

Checked NameResolver::Resolve(const Node& node, const std::vector<std::string>& path) {
  if (path[0] == "record" && scope_.record != nullptr) return Field(node, path);
  if (path[0] == "request" && !scope_.request.empty()) return RequestAttribute(node, path);
  if (path[0] == "quality" && scope_.quality) return Quality(node, path);
  return UnknownName(node, path[0]);
}

void NameResolver::Error(size_t offset, std::string message, std::string hint) {
  issues_.push_back({offset, std::move(message), std::move(hint)});
}

Checked NameResolver::UnknownName(const Node& node, const std::string& name) {
  std::vector<std::string> roots;
  if (scope_.record != nullptr) roots.push_back("record");
  if (!scope_.request.empty()) roots.push_back("request");
  if (scope_.quality) roots.push_back("quality");
  std::string hint = DidYouMean(name, roots);
  if (scope_.record != nullptr && scope_.record->Find(name))
    hint = fmt::format("did you mean record.{}?", name);
  if (std::find(scope_.request.begin(), scope_.request.end(), name) != scope_.request.end()) {
    hint = fmt::format("did you mean request.{}?", name);
  }
  Error(node.offset, fmt::format("\"{}\" is not known here", name), std::move(hint));
  return UnknownAt(node.offset);
}

Checked NameResolver::Field(const Node& node, const std::vector<std::string>& path) {
  if (path.size() != 2) {
    Error(node.offset,
          path.size() == 1 ? "record is no value by itself" : fmt::format("record.{} has no parts", path[1]),
          "write record.<field>");
    return UnknownAt(node.offset);
  }
  const auto index = scope_.record->Find(path[1]);
  if (!index) {
    std::vector<std::string> names;
    for (const data::Field& field : scope_.record->fields) names.push_back(field.name);
    // A file's own columns are no dataset.
    if (scope_.record->dataset.empty())
      Error(node.offset,
            fmt::format("record.{} is not known here: there are only the file's own columns", path[1]),
            "write source[\"Column\"]");
    else
      Error(node.offset, fmt::format("dataset {} has no field \"{}\"", scope_.record->dataset, path[1]),
            DidYouMean(path[1], names));
    return UnknownAt(node.offset);
  }
  Checked checked = MakeChecked(CheckedKind::kField, TypeOf(scope_.record->fields[*index].type), node.offset);
  checked.field = *index;
  checked.name = "record." + path[1];
  return checked;
}

Checked NameResolver::RequestAttribute(const Node& node, const std::vector<std::string>& path) {
  const auto& known = scope_.request;
  if (path.size() > 1 && std::find(known.begin(), known.end(), path[1]) == known.end()) {
    Error(node.offset, fmt::format("a request has no \"{}\"", path[1]), DidYouMean(path[1], known));
    return UnknownAt(node.offset);
  }
  const bool open = path.size() > 1 && path[1] == "attributes";
  if (path.size() != (open ? 3 : 2)) {
    Error(node.offset,
          open ? "name one of the request's attributes" : "this is not an attribute of a request",
          open ? "write request.attributes.<name>" : "write request.<name>");
    return UnknownAt(node.offset);
  }
  return Attribute(node, path, open ? Type::kAny : RequestType(path[1]));
}

Checked NameResolver::Quality(const Node& node, const std::vector<std::string>& path) {
  const auto& known = QualityNames();
  if (path.size() != 2 || std::find(known.begin(), known.end(), path[1]) == known.end()) {
    Error(node.offset, fmt::format("quality has no \"{}\"", path.size() > 1 ? path.back() : ""),
          path.size() > 1 ? DidYouMean(path.back(), known) : "write quality.<dimension> or quality.score");
    return UnknownAt(node.offset);
  }
  return Attribute(node, path, Type::kDouble);
}

}  // namespace concordat::expr
