#include "host/sharing/materials.h"

#include "fmt/format.h"
#include "host/base/digest.h"
#include "host/base/encoding.h"
#include "host/data/parse.h"

namespace concordat::sharing {

std::string LookupName(const policy::FieldDuty& duty) {
  const policy::Lookup& via = duty.terms.via;
  return fmt::format("{}\n{}\n{}", via.table, via.key.empty() ? duty.field : via.key,
                     via.value.empty() ? duty.terms.to : via.value);
}

namespace {

PseudonymKey KeyOfStretch(const PseudonymKey& key, int64_t stretch) {
  return {fmt::format("{}.{}", key.id, stretch), HmacSha256(key.bytes, fmt::format("rotation {}", stretch))};
}

}  // namespace

PseudonymKey KeyInUse(const PseudonymKey& key, const std::optional<policy::Duration>& rotate, int64_t from,
                      int64_t today) {
  if (!rotate) return key;
  int64_t stretch = 0;
  for (int64_t end = rotate->AddTo(from); end <= today && end > from; end = rotate->AddTo(from)) {
    from = end;
    ++stretch;
  }
  return KeyOfStretch(key, stretch);
}

std::optional<PseudonymKey> KeyNamed(const PseudonymKey& key, std::string_view id) {
  if (id == key.id) return key;
  if (!id.starts_with(key.id) || id.size() <= key.id.size() || id[key.id.size()] != '.') return std::nullopt;
  const auto stretch = data::ParseInteger(id.substr(key.id.size() + 1));
  if (!stretch || *stretch < 0) return std::nullopt;
  return KeyOfStretch(key, *stretch);
}

// The two NUL bytes keep protocol, field and value apart: neither name can contain one.
std::string PseudonymOf(const PseudonymKey& key, const ProtocolId& protocol, std::string_view field,
                        std::string_view value) {
  std::string text = protocol.str();
  text.append(1, '\0').append(field).append(1, '\0').append(value);
  return HexEncode(HmacSha256(key.bytes, text));
}

}  // namespace concordat::sharing
