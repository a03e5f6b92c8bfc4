#include "host/store/sqlite/attempt_seal.h"

#include "fmt/format.h"
#include "host/base/random.h"
#include "host/base/seal.h"

namespace concordat::store {

AttemptSeal::AttemptSeal(std::string key) : key_(std::move(key)), text_key_(DerivedKey(key_, "texts")) {}

std::shared_ptr<const AttemptSeal> AttemptSeal::New() {
  return std::make_shared<const AttemptSeal>(RandomBytes(kSealKeyBytes));
}

ColumnCipher AttemptSeal::ForColumn(std::string_view column) const {
  return ColumnCipher(DerivedKey(key_, fmt::format("column {}", column)));
}

ColumnCipher AttemptSeal::ForTable(std::string_view table) const {
  return ColumnCipher(DerivedKey(key_, fmt::format("table {}", table)));
}

std::string AttemptSeal::SealText(std::string_view text, std::string_view place) const {
  return Seal(text_key_, text, place);
}

absl::StatusOr<std::string> AttemptSeal::OpenText(std::string_view sealed, std::string_view place) const {
  return OpenSealed(text_key_, sealed, place);
}

TableSeal::TableSeal(const AttemptSeal& seal, std::string_view word, bool one_by_one)
    : seal_(seal), word_(word), one_by_one_(one_by_one), cipher_(seal.ForTable(word)) {}

const std::string& TableSeal::Seal(uint64_t key, std::string_view text) {
  cipher_.Seal(key, text, sealed_);
  return sealed_;
}

absl::StatusOr<std::string> TableSeal::Open(uint64_t key, std::string_view sealed) {
  if (one_by_one_) return seal_.OpenText(sealed, fmt::format("{} {}", word_, key));
  std::string text;
  if (cipher_.Open(key, sealed, text)) return text;
  return absl::DataLossError(
      fmt::format("the text of {} {} was changed, or is sealed with another key", word_, key));
}

}  // namespace concordat::store
