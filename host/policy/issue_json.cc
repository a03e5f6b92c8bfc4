#include "host/policy/issue_json.h"

namespace concordat::policy {

json::Value IssuesToJson(const Issues& issues) {
  json::Array list;
  list.reserve(issues.list().size());
  for (const Issue& issue : issues.list()) {
    json::Object object;
    object["file"] = issue.place.source ? issue.place.source->name : "";
    object["line"] = issue.place.line;
    object["column"] = issue.place.column;
    object["severity"] = issue.severity == IssueSeverity::kError ? "error" : "warning";
    object["code"] = issue.code;
    object["message"] = issue.message;
    object["hint"] = issue.hint;
    list.push_back(std::move(object));
  }
  return list;
}

}  // namespace concordat::policy
