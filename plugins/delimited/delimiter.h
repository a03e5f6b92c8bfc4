// Finds out what separates the cells of a file.
#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "plugins/delimited/sample.h"

namespace concordat::delimited {

/// The one of , ; tab | that cuts most rows into the same number of cells; a comma when none does. `cut`
/// gives the first rows of `text` as one delimiter cuts them.
char DetectDelimiter(const std::function<std::vector<SampleRow>(char)>& cut, std::string_view text);

/// Excel's own first line: "sep=;". The delimiter it names, or 0.
char SeparatorLine(std::string_view text);

}  // namespace concordat::delimited
