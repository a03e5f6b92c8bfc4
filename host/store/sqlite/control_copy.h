// Copies of control.db: for backups, and before an upgrade of its schema so that it can be undone.
#pragma once

#include <cstdint>
#include <string>

#include "host/base/status.h"
#include "host/store/sqlite/connection.h"

namespace concordat::store {

/// The database as it is at one moment, into the new file `path` (mode 0600, synced), through SQLite's online
/// backup: others go on reading and writing. AlreadyExists when `path` is there.
absl::Status CopyDatabase(const Connection& from, const std::string& path);

/// Before control.db at `path` is brought from `version` to a newer one: a copy of it beside it,
/// control.db.before-step-<version + 1>, in place of earlier ones.
absl::Status KeepBeforeUpgrade(const Connection& control, const std::string& path, int64_t version);
/// Once it is upgraded: how the tables stood then, so that UndoUpgrade can tell whether something was stored
/// since.
absl::Status NoteUpgraded(Connection& control, const std::string& path, int64_t version_before);
/// Removes the copies: the upgrade cannot be undone any more. Erasing calls it, for a copy holds the keys
/// that erasing destroys.
absl::Status ForgetUpgrades(const std::string& path);

}  // namespace concordat::store
