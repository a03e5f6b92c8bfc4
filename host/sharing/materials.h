// What duties work with besides the data: keys and tables, gathered by the flow before anything is read.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "host/policy/sharing_protocol.h"

namespace concordat::sharing {

/// A secret that the host keeps for one protocol; 32 bytes.
struct PseudonymKey {
  std::string id;  // shown in the receipt
  std::string bytes;
};

/// Values of one column by those of another, of a lookup dataset or list file.
struct LookupTable {
  struct TextHash {
    using is_transparent = void;
    size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  std::unordered_map<std::string, std::string, TextHash, std::equal_to<>> values;
};

/// Under which name a lookup stands among the materials: table, key and value column.
std::string LookupName(const policy::FieldDuty& duty);

struct Materials {
  std::optional<PseudonymKey> key;                                    // nothing: the host has none
  std::map<std::string, std::shared_ptr<const LookupTable>> lookups;  // by LookupName
  int year_start_month = 4;                                           // of the partnership's financial year
  int year_start_day = 1;
};

/// The key that is in use at `now`: with `rotate`, the protocol's own key leads to one for each stretch of
/// time since `from` (days since 1970-01-01), by HMAC over its number, and the id says which.
PseudonymKey KeyInUse(const PseudonymKey& key, const std::optional<policy::Duration>& rotate, int64_t from,
                      int64_t today);

/// The key that an id from a receipt means; nothing when it is none of this protocol's.
std::optional<PseudonymKey> KeyNamed(const PseudonymKey& key, std::string_view id);

/// A value's pseudonym: 64 hexadecimal digits (see duties/pseudonymise.cc).
std::string PseudonymOf(const PseudonymKey& key, const ProtocolId& protocol, std::string_view field,
                        std::string_view value);

}  // namespace concordat::sharing
