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

std::string AttemptSeal::SealText(std::string_view text, std::string_view place) const {
  return Seal(text_key_, text, place);
}

absl::StatusOr<std::string> AttemptSeal::OpenText(std::string_view sealed, std::string_view place) const {
  return OpenSealed(text_key_, sealed, place);
}

}  // namespace concordat::store
