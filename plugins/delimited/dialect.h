// How a delimited file separates its cells, and how that is found out.
#pragma once

#include <string>
#include <string_view>

namespace concordat::delimited {

struct Dialect {
  char delimiter = ',';
  char quote = '"';
  bool quoting = true;  // false: quotes are ordinary characters
};

/// Looks at the rows of `sample` (the file's beginning; `whole`: it is all there is) for the delimiter, one of
/// , ; tab |, that cuts most of them into the same number of cells. A comma when none does.
char DetectDelimiter(std::string_view sample, bool whole, const Dialect& quoting);

/// Excel's own first line: "sep=;". The delimiter it names, or 0.
char SeparatorLine(std::string_view sample);

}  // namespace concordat::delimited
