// Which thing a record is about: records with the same texts in some fields have the same number.
#pragma once

#include <optional>
#include <vector>

#include "host/quality/kinds/key_rule.h"

namespace concordat::quality {

/// Numbers entities 0, 1, 2 ... as they come; 23 to 46 bytes an entity (key_table.h). One thread.
class EntityIndex {
 public:
  explicit EntityIndex(std::vector<size_t> fields) : fields_(std::move(fields)) {}

  /// The numbers of a batch's records; nothing for one with an empty part of its key.
  class OfBatch {
   public:
    OfBatch(EntityIndex& index, const data::Batch& batch)
        : index_(index), batch_(batch), keys_(ReadKeys(batch, index.fields_)) {}
    std::optional<size_t> At(size_t row) {
      for (const size_t field : index_.fields_) {
        if (!batch_.columns[field].present(row)) return std::nullopt;
      }
      return index_.NumberOf(keys_.At(row));
    }

   private:
    EntityIndex& index_;
    const data::Batch& batch_;
    KeyReader keys_;
  };

 private:
  size_t NumberOf(std::string_view key) {
    bool is_new = false;
    KeyTable::Slot& slot = table_.Insert(hash_(key), is_new);
    if (is_new) slot.mark = static_cast<uint32_t>(count_++);
    return slot.mark;
  }

  const std::vector<size_t> fields_;
  const KeyHasher hash_;
  KeyTable table_;
  size_t count_ = 0;
};

/// What a run remembers of each entity, grown as entities come.
template <typename T>
T& OfEntity(std::vector<T>& all, size_t entity) {
  if (entity >= all.size()) all.resize(entity + 1);
  return all[entity];
}

/// The entity of a record as messages show it: `person "17"`.
inline std::string EntityShown(const data::Batch& batch, const std::vector<size_t>& fields, size_t row) {
  return KeyShown(batch, fields, row);
}

}  // namespace concordat::quality
