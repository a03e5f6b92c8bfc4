// Which submissions are in force, now or at a moment of the past.
#pragma once

#include <optional>
#include <vector>

#include "absl/time/time.h"
#include "host/store/store.h"

namespace concordat::flows {

/// Newest first, without their documents. `filter` as of the store, `current_only` and `brief` set here. With
/// `at`: what was in force just before that moment; what has been withdrawn since is left out, too.
absl::StatusOr<std::vector<store::Attempt>> InForce(const store::SubmissionStore& store,
                                                    store::SubmissionStore::Filter filter,
                                                    std::optional<absl::Time> at = std::nullopt);

}  // namespace concordat::flows
