// Batches cut into smaller ones.
#pragma once

#include <vector>

#include "host/adapters/session.h"

namespace concordat::flows {

/// `batch` as batches of at most `rows` records each, in order; unreadable records and findings go with the
/// slice that their record numbers belong to. 0: as it is.
std::vector<adapters::AdapterBatch> SliceBatch(adapters::AdapterBatch batch, size_t rows);

}  // namespace concordat::flows
