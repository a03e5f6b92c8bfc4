// An attempt as a row of control.db: the one place that knows the order of its columns.
#pragma once

#include <string>
#include <vector>

#include "host/store/sqlite/connection.h"
#include "host/store/store.h"

namespace concordat::store {

/// `corrections` as they are to rest (the attempt's own are not read); `file` is the sealed name of its
/// records, empty when it has none.
absl::Status InsertAttempt(Connection& control, const Attempt& attempt, const std::string& state,
                           const std::string& corrections, const std::string& file);

/// "SELECT <all columns> FROM attempts " and `rest`; `brief`: its JSON documents are null.
std::string SelectAttempts(std::string_view rest, bool brief = false);
/// All rows of a query that SelectAttempts made.
absl::StatusOr<std::vector<Attempt>> ReadAttempts(Query& query);
/// The first row, if there is one.
absl::StatusOr<std::optional<Attempt>> ReadAttempt(Query& query);

}  // namespace concordat::store
