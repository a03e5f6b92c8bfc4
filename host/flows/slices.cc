#include "host/flows/slices.h"

#include <algorithm>

namespace concordat::flows {
namespace {

std::shared_ptr<const data::TextColumn> SliceColumn(const data::TextColumn& column, size_t begin,
                                                    size_t end) {
  auto slice = std::make_shared<data::TextColumn>();
  slice->name = column.name;
  for (size_t row = begin; row < end; ++row) slice->Append(column.at(row));
  return slice;
}

// Moves those whose record is at most `last` to the end of `to`.
template <typename T>
void TakeUpTo(uint64_t last, size_t& next, std::vector<T>& from, std::vector<T>& to) {
  for (; next < from.size() && from[next].record <= last; ++next) to.push_back(std::move(from[next]));
}

}  // namespace

std::vector<adapters::AdapterBatch> SliceBatch(adapters::AdapterBatch batch, size_t rows) {
  std::vector<adapters::AdapterBatch> slices;
  const size_t all = batch.records.rows();
  if (rows == 0 || all <= rows) {
    slices.push_back(std::move(batch));
    return slices;
  }
  std::stable_sort(batch.findings.begin(), batch.findings.end(),
                   [](const auto& a, const auto& b) { return a.record < b.record; });
  size_t next_unreadable = 0;
  size_t next_finding = 0;
  for (size_t begin = 0; begin < all; begin += rows) {
    const size_t end = std::min(begin + rows, all);
    adapters::AdapterBatch slice;
    for (const auto& column : batch.records.columns)
      slice.records.columns.push_back(SliceColumn(*column, begin, end));
    const auto first = static_cast<std::ptrdiff_t>(begin);
    const auto last = static_cast<std::ptrdiff_t>(end);
    slice.records.records.assign(batch.records.records.begin() + first, batch.records.records.begin() + last);
    slice.records.lines.assign(batch.records.lines.begin() + first, batch.records.lines.begin() + last);
    const uint64_t up_to = end == all ? UINT64_MAX : slice.records.records.back();
    TakeUpTo(up_to, next_unreadable, batch.records.unreadable, slice.records.unreadable);
    TakeUpTo(up_to, next_finding, batch.findings, slice.findings);
    slices.push_back(std::move(slice));
  }
  return slices;
}

}  // namespace concordat::flows
