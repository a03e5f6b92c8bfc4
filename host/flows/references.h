// Tables that rules and adapters look things up in: list files of the policies folder and datasets of the
// store.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "host/adapters/manifest.h"
#include "host/data/raw_batch.h"
#include "host/policy/policy_set.h"
#include "host/quality/judge.h"
#include "host/store/store.h"

namespace concordat::flows {

/// What the adapter's manifest asks for, ready to hand over. FailedPrecondition names what is not there.
absl::StatusOr<std::vector<std::pair<std::string, data::RawBatch>>> AdapterReferences(
    const adapters::Manifest& manifest, const policy::PolicySet& policies,
    const quality::RunContext& context);

/// The current records of a dataset as text columns, from the store; with `at` those that were current then.
absl::StatusOr<std::shared_ptr<const quality::ReferenceTable>> DatasetTable(
    const store::Store& store, const policy::PolicySet& policies, const DatasetId& dataset,
    std::optional<absl::Time> at = std::nullopt);

}  // namespace concordat::flows
