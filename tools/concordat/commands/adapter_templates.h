// The files of a new adapter's folder. Plain functions: the same layout gives the same bytes.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace concordat::cli {

/// What is known of the partner's file.
struct NewColumn {
  std::string name;
  std::vector<std::string> examples;  // made up, three of them: never cells of the partner's own
};

struct NewLayout {
  std::string name;    // of the adapter: lower-case letters, digits, _
  std::string source;  // the file that it was made from; empty: none
  char delimiter = ',';
  std::vector<NewColumn> columns;
  std::string feed;  // YAML of the feed; empty: there is none
};

/// Relative path -> content: CMakeLists.txt, adapter.cc, adapter.yaml, README.md, samples/*, and
/// NAME.feed.yaml.
std::vector<std::pair<std::string, std::string>> NewAdapterFiles(const NewLayout& layout);

}  // namespace concordat::cli
