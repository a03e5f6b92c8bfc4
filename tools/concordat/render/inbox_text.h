// Inboxes as a terminal shows them.
#pragma once

#include <string>

#include "host/base/json.h"

namespace concordat::cli {

/// From the JSON of CatalogService.ListInboxes: a line a folder, then what waits, what failed and what is
/// misplaced.
std::string InboxText(const json::Value& inboxes);

}  // namespace concordat::cli
