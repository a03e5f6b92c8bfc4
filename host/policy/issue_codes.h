// The closed list of codes that issues of this layer bear; policies/README.md shows it to authors.
#pragma once

#include <string_view>
#include <vector>

namespace concordat::policy {

struct IssueCode {
  std::string_view code;
  std::string_view meaning;
};

/// Grouped: the form of a file, the keys and values of a document, data contracts, several policies together.
const std::vector<IssueCode>& IssueCodes();

}  // namespace concordat::policy
