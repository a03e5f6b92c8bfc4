// Which adapter reads a file that nobody has said anything about yet.
#pragma once

#include <string>

#include "host/flows/pipeline.h"

namespace concordat::cli {

/// The adapter called `wanted`; when that is empty the general one whose formats hold the file's ending
/// (of visits.XML.gz: xml), else the delimited one. Points into the catalogue. NotFound: `wanted` is not
/// installed, with the name that may be meant; Unavailable: not even delimited is.
absl::StatusOr<const adapters::Manifest*> ChooseAdapter(const adapters::Catalog& catalog,
                                                        const std::string& file, const std::string& wanted);

}  // namespace concordat::cli
