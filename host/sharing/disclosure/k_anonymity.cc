#include "host/sharing/disclosure/k_anonymity.h"

#include <algorithm>
#include <limits>

namespace concordat::sharing {
namespace {

uint64_t HashOf(const uint32_t* code, size_t columns) {
  uint64_t hash = 0x9e3779b97f4a7c15;
  for (size_t i = 0; i < columns; ++i) {
    hash = (hash ^ code[i]) * 0xff51afd7ed558ccd;
    hash ^= hash >> 32;
  }
  return hash;
}

}  // namespace

EquivalenceClasses::EquivalenceClasses(size_t columns)
    : dictionaries_(columns), slots_(1024), code_(columns) {}

void EquivalenceClasses::Add(Tuple tuple) {
  if (tuple.size() != dictionaries_.size()) return;
  for (size_t i = 0; i < tuple.size(); ++i) {
    Dictionary& values = dictionaries_[i];
    auto found = values.find(tuple[i]);
    if (found == values.end()) found = values.emplace(tuple[i], static_cast<uint32_t>(values.size())).first;
    code_[i] = found->second;
  }
  uint64_t& slot = slots_[SlotOf(code_)];
  ++rows_;
  if (slot != 0) {
    ++sizes_[slot - 1];
    return;
  }
  codes_.insert(codes_.end(), code_.begin(), code_.end());
  sizes_.push_back(1);
  slot = sizes_.size();
  if (sizes_.size() * 2 > slots_.size()) Grow();
}

uint64_t EquivalenceClasses::SizeOf(Tuple tuple) const {
  if (!Encode(tuple)) return 0;
  const uint64_t slot = slots_[SlotOf(code_)];
  return slot == 0 ? 0 : sizes_[slot - 1];
}

uint64_t EquivalenceClasses::Smallest() const {
  return sizes_.empty() ? 0 : *std::min_element(sizes_.begin(), sizes_.end());
}

uint64_t EquivalenceClasses::RowsBelow(uint64_t k) const {
  uint64_t rows = 0;
  for (const uint64_t size : sizes_) rows += size < k ? size : 0;
  return rows;
}

bool EquivalenceClasses::Encode(Tuple tuple) const {
  if (tuple.size() != dictionaries_.size()) return false;
  for (size_t i = 0; i < tuple.size(); ++i) {
    const auto found = dictionaries_[i].find(tuple[i]);
    if (found == dictionaries_[i].end()) return false;
    code_[i] = found->second;
  }
  return true;
}

size_t EquivalenceClasses::SlotOf(const std::vector<uint32_t>& code) const {
  const size_t columns = code.size();
  size_t slot = HashOf(code.data(), columns) & (slots_.size() - 1);
  while (slots_[slot] != 0 &&
         !std::equal(code.begin(), code.end(), codes_.begin() + (slots_[slot] - 1) * columns)) {
    slot = (slot + 1) & (slots_.size() - 1);
  }
  return slot;
}

void EquivalenceClasses::Grow() {
  const size_t columns = dictionaries_.size();
  std::vector<uint64_t> slots(slots_.size() * 2);
  for (size_t i = 0; i < sizes_.size(); ++i) {
    size_t slot = HashOf(codes_.data() + i * columns, columns) & (slots.size() - 1);
    while (slots[slot] != 0) slot = (slot + 1) & (slots.size() - 1);
    slots[slot] = i + 1;
  }
  slots_ = std::move(slots);
}

}  // namespace concordat::sharing
