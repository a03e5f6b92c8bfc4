// Where the header stands, if there is one, and what the columns are called.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "plugins/delimited/layout.h"
#include "plugins/delimited/sample.h"

namespace concordat::delimited {

struct HeaderPlace {
  std::optional<size_t> header;  // which row of the sample; none: the file has no header
  size_t first = 0;  // the row of the sample after which (or, without a header, at which) records begin
};

/// Conservative: a file is without header only when its first full row looks like the rows below it, number
/// for number and date for date. What stands above a header has fewer cells filled than the table, or is text
/// where it has numbers.
HeaderPlace FindHeader(const std::vector<SampleRow>& rows);

/// The columns that `header` (empty: there is none) and the rows from `first` on make. Notes say what was
/// changed: blank names, names that stand twice, columns at the end with neither name nor value.
Layout MakeLayout(const std::vector<std::string>& header, const std::vector<SampleRow>& rows, size_t first,
                  std::vector<std::string>& notes);

}  // namespace concordat::delimited
