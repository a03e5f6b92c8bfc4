// The tables of control.db and how an older control.db becomes a newer one.
#pragma once

#include <optional>

#include "host/base/status.h"
#include "host/store/sqlite/connection.h"

namespace concordat::store {

/// Brings the database to this program's version, one transaction a step. FailedPrecondition when it belongs
/// to a newer Concordat or to another program. A copy of an older database stays beside it, so that
/// UndoUpgrade (store/administration.h) can put it back. With `until` an older version is where it ends: for
/// tests of the steps after it.
absl::Status MigrateControl(Connection& connection, std::optional<int64_t> until = std::nullopt);

}  // namespace concordat::store
