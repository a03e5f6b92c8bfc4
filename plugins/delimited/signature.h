// Tells what a file is when it is no delimited text at all.
#pragma once

#include <optional>
#include <string>

#include "plugins/delimited/source.h"

namespace concordat::delimited {

/// What to tell the steward when the file is a workbook, an archive, a document, a picture ...; nothing when
/// it may be delimited text (also when the system could not read: the reader will meet that again).
std::optional<std::string> ForeignFormat(Source& source);

}  // namespace concordat::delimited
