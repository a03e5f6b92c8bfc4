// The accepted rows of one sealed file as batches again.
#pragma once

#include <functional>
#include <memory>

#include "host/base/ids.h"
#include "host/base/status.h"
#include "host/data/batch.h"
#include "host/store/sqlite/attempt_seal.h"
#include "host/store/sqlite/connection.h"

namespace concordat::store {

/// All rows in record order, seen through `schema`: a field that the file does not have is missing
/// everywhere, and a field whose type has changed since is parsed as its new type. At most 8192 rows a batch.
/// `seal` as it was written with; DataLoss when a sealed cell does not open.
absl::Status ReadRecordsIn(Connection& file, const AttemptSeal* seal, const DatasetId& dataset,
                           const std::shared_ptr<const data::Schema>& schema,
                           const std::function<absl::Status(const data::Batch&)>& visit);

}  // namespace concordat::store
