// The tables of control.db and how an older control.db becomes a newer one.
#pragma once

#include "host/base/status.h"
#include "host/store/sqlite/connection.h"

namespace concordat::store {

/// Brings the database to this program's version, one transaction a step. FailedPrecondition when it belongs
/// to a newer Concordat or to another program.
absl::Status MigrateControl(Connection& connection);

}  // namespace concordat::store
