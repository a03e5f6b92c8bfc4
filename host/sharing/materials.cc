#include "host/sharing/materials.h"

#include "fmt/format.h"
#include "host/base/digest.h"

namespace concordat::sharing {

std::string LookupName(const policy::FieldDuty& duty) {
  const policy::Lookup& via = duty.terms.via;
  return fmt::format("{}\n{}\n{}", via.table, via.key.empty() ? duty.field : via.key,
                     via.value.empty() ? duty.terms.to : via.value);
}

PseudonymKey KeyInUse(const PseudonymKey& key, const std::optional<policy::Duration>& rotate, int64_t from,
                      int64_t today) {
  if (!rotate) return key;
  int64_t stretch = 0;
  for (int64_t end = rotate->AddTo(from); end <= today && end > from; end = rotate->AddTo(from)) {
    from = end;
    ++stretch;
  }
  return {fmt::format("{}.{}", key.id, stretch), HmacSha256(key.bytes, fmt::format("rotation {}", stretch))};
}

}  // namespace concordat::sharing
