// What a feed submitted before: the figures that rules about history compare with.
#pragma once

#include <optional>

#include "host/policy/policy_set.h"
#include "host/quality/judge.h"
#include "host/store/store.h"

namespace concordat::flows {

/// The submission in force of the feed whose period ends last before `period` begins; nothing when there is
/// none. With `at`: what was in force at that moment.
absl::StatusOr<std::optional<quality::PreviousSubmission>> PreviousSubmissionOf(
    const store::SubmissionStore& store, const policy::Partnership& partnership, const FeedId& feed,
    const policy::Period& period, std::optional<absl::Time> at = std::nullopt);

}  // namespace concordat::flows
