// Issues as `policy lint --json` prints them.
#pragma once

#include "host/base/json.h"
#include "host/base/source.h"

namespace concordat::policy {

/// [{file, line, column, severity, code, message, hint}] in the order of the list; line and column are 0 for
/// a file as a whole, hint may be "".
json::Value IssuesToJson(const Issues& issues);

}  // namespace concordat::policy
