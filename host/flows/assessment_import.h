// A file of answers into an open assessment: all of it or nothing.
#pragma once

#include <string>

#include "host/flows/opened_assessment.h"

namespace concordat::flows {

struct ImportRequest {
  std::string assessment;
  std::string name;  // of the file, for messages
  std::string text;
  std::string format;  // yaml | csv
  bool dry_run = false;
};

/// {imported, changed: [item ids], issues: [{file, line, column, severity, code, message, hint}],
/// moreIssues}: the first 500 issues and how many more there are. With a mistake anywhere nothing is
/// imported; what stands already changes nothing, and empty values change nothing.
absl::StatusOr<json::Value> ImportAnswers(const HostParts& host, const Caller& caller,
                                          const ImportRequest& request);

}  // namespace concordat::flows
