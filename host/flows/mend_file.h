// The file of held-back records that a steward mends: the source's columns, then _record and _reasons (and
// _raw for records that could not be read).
#pragma once

#include <set>
#include <string>
#include <vector>

#include "host/adapters/manifest.h"
#include "host/adapters/session.h"
#include "host/flows/pipeline.h"
#include "host/store/store.h"

namespace concordat::flows {

inline constexpr std::string_view kRecordColumn = "_record";
inline constexpr std::string_view kReasonsColumn = "_reasons";
inline constexpr std::string_view kRawColumn = "_raw";

/// The header line of such a file, with its line end.
std::string MendFileHeader(const std::vector<std::string>& source_columns);
/// One record of it. Cells are as in the source: the file must come back unchanged where it was not mended,
/// so that cells which a spreadsheet could take for a formula are not marked here.
std::string MendFileLine(const store::QuarantinedRecord& record, size_t source_columns);

/// Reads a mended file through the delimited adapter; rows without any value are left out, as not mended.
/// InvalidArgument when it is no such file: no _record
/// column, a record number that is not one of `expected`, one number twice, a column that the source has not.
absl::StatusOr<adapters::CorrectionSet> ReadMendFile(const adapters::Manifest& delimited,
                                                     const std::string& worker,
                                                     const adapters::Limits& limits, const Source& file,
                                                     const std::vector<std::string>& source_columns,
                                                     const std::set<uint64_t>& expected);

/// Corrections as kept with an attempt, and back.
std::string CorrectionsToJson(const adapters::CorrectionSet& corrections);
absl::StatusOr<adapters::CorrectionSet> CorrectionsFromJson(std::string_view text);
/// `later` over `earlier`: the later word on a record counts.
adapters::CorrectionSet MergeCorrections(adapters::CorrectionSet earlier,
                                         const adapters::CorrectionSet& later);

}  // namespace concordat::flows
