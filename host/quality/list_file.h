// List files of the policies folder: CSV of our own making, so read strictly (UTF-8, commas, a header line).
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "host/quality/judge.h"

namespace concordat::quality {

/// The columns under their header names. InvalidArgument names file, line and what
/// is wrong with it: a row whose cells do not fit the header, an empty line, a stray
/// quote, bytes that are not UTF-8, a header that is blank or names a column twice.
absl::StatusOr<std::shared_ptr<const ReferenceTable>> ReadListFile(std::string_view bytes,
                                                                   std::string_view name);

/// Index of the named column, or nothing.
std::optional<size_t> FindListColumn(const ReferenceTable& table, std::string_view column);
std::vector<std::string> ListColumns(const ReferenceTable& table);

}  // namespace concordat::quality
